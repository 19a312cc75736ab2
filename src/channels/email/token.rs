//! Reply addresses that prove themselves: `bot+<token>@domain`.
//!
//! A token names a delivery, the hour until which it is good, and a MAC over both and the address that the mail went
//! to. It is of no use to anybody who writes from another address, and a guessed one has a chance of 1 in 2^80. Some
//! systems fold the case of a local part, so it is base32 in lower case (RFC 4648), and the whole local part stays within
//! the 64 characters of RFC 5321, 4.5.3.1.1.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{Encoding, Specification};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::sync::LazyLock;

/// Bytes of a token: what it is for, the delivery (48 bits), the hour of its end, the MAC.
const LENGTH: usize = 1 + 6 + 4 + MAC;
const MAC: usize = 10;
/// Longest local part (RFC 5321).
const LOCAL_PART: usize = 64;

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification
        .encoding()
        .expect("the alphabet has 32 symbols")
});

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// In `Reply-To`: whoever sends it back from the right address is who the mail went to.
    Reply,
    /// In the envelope: where relays report that they could not deliver. It says nothing about a sender.
    Return,
}

/// What a token says that is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The delivery that carried it.
    pub delivery: i64,
    /// Whether its time has passed: it still names the delivery, and proves nothing any more.
    pub expired: bool,
}

/// Makes and checks reply addresses.
#[derive(Clone)]
pub struct ReplyTokens {
    local: String,
    domain: String,
    key: SecretString,
    lifetime: TimeDelta,
}

/// Why reply addresses cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The address has no room, or is none.
    #[error(
        "the reply address must be name@domain in ASCII without a plus sign, its name at most 29 characters long"
    )]
    Address,
}

impl fmt::Debug for ReplyTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTokens")
            .field("address", &self.address())
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

impl ReplyTokens {
    /// Tokens below `address`, signed by `key`, good for `lifetime`.
    ///
    /// # Errors
    /// When the address has no room for a token.
    pub fn new(address: &str, key: SecretString, lifetime: TimeDelta) -> Result<Self, TokenError> {
        let (local, domain) = address.rsplit_once('@').ok_or(TokenError::Address)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let token = BASE32.encode_len(LENGTH);
        if local.is_empty()
            || domain.is_empty()
            || local.len() + 1 + token > LOCAL_PART
            || !local.chars().chain(domain.chars()).all(fits)
        {
            return Err(TokenError::Address);
        }
        Ok(Self {
            local: local.to_ascii_lowercase(),
            domain: domain.to_ascii_lowercase(),
            key,
            lifetime,
        })
    }

    /// The address without a token.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The address that stands for this delivery to `recipient`; `None` when the number has no room in a token.
    #[must_use]
    pub fn sign(
        &self,
        purpose: Purpose,
        delivery: i64,
        recipient: &str,
        now: DateTime<Utc>,
    ) -> Option<String> {
        let number = u64::try_from(delivery).ok().filter(|id| *id < 1 << 48)?;
        let hour = u32::try_from((now + self.lifetime).timestamp() / 3600).ok()?;
        let mut token = vec![purpose.byte()];
        token.extend_from_slice(&number.to_be_bytes()[2..]);
        token.extend_from_slice(&hour.to_be_bytes());
        let mac = self.mac(&token, purpose, recipient).finalize().into_bytes();
        token.extend_from_slice(&mac[..MAC]);
        Some(format!(
            "{}+{}@{}",
            self.local,
            BASE32.encode(&token),
            self.domain
        ))
    }

    /// What the token in `address` says, if it is ours, was made for this purpose and, for a reply, for a mail to
    /// `sender`.
    #[must_use]
    pub fn verify(
        &self,
        purpose: Purpose,
        address: &str,
        sender: &str,
        now: DateTime<Utc>,
    ) -> Option<Verified> {
        let address = address.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@')?;
        let text = local.strip_prefix(self.local.as_str())?.strip_prefix('+')?;
        if domain != self.domain {
            return None;
        }
        let token = BASE32.decode(text.as_bytes()).ok()?;
        if token.len() != LENGTH || token[0] != purpose.byte() {
            return None;
        }
        let (said, mac) = token.split_at(LENGTH - MAC);
        // In constant time: the answer must not tell how much of a guess was right.
        self.mac(said, purpose, sender)
            .verify_truncated_left(mac)
            .ok()?;
        let number = said[1..7].iter().fold(0_i64, |n, b| n << 8 | i64::from(*b));
        let hour = said[7..].iter().fold(0_i64, |n, b| n << 8 | i64::from(*b));
        Some(Verified {
            delivery: number,
            expired: now.timestamp() / 3600 > hour,
        })
    }

    /// Whether an address is ours with something behind a plus sign, be it a token or not.
    #[must_use]
    pub fn is_below(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        address.rsplit_once('@').is_some_and(|(local, domain)| {
            domain == self.domain
                && local
                    .strip_prefix(self.local.as_str())
                    .is_some_and(|rest| rest.starts_with('+'))
        })
    }

    fn mac(&self, said: &[u8], purpose: Purpose, recipient: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(b"dondoc reply address 1\0");
        mac.update(said);
        if purpose == Purpose::Reply {
            mac.update(recipient.trim().to_lowercase().as_bytes());
        }
        mac
    }
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Reply => 0,
            Self::Return => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens() -> ReplyTokens {
        tokens_of("a key of the province")
    }

    fn tokens_of(key: &str) -> ReplyTokens {
        let key = SecretString::from(key.to_owned());
        ReplyTokens::new("bot@noivu.example", key, TimeDelta::days(60)).unwrap()
    }

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(18_000 + day)
    }

    fn signed(recipient: &str) -> String {
        tokens()
            .sign(Purpose::Reply, 4353, recipient, day(0))
            .unwrap()
    }

    #[test]
    fn a_token_names_its_delivery_to_the_address_it_was_made_for_until_it_expires() {
        let address = signed("An@SNV.example");
        let verify = |now| tokens().verify(Purpose::Reply, &address, "an@snv.example", now);
        for (now, expired) in [(day(0), false), (day(59), false), (day(61), true)] {
            let expected = Verified {
                delivery: 4353,
                expired,
            };
            assert_eq!(verify(now), Some(expected), "{now}");
        }
    }

    #[test]
    fn a_token_survives_a_system_that_folds_case_and_fits_a_local_part() {
        let address = signed("an@snv.example");
        assert_eq!(address, address.to_lowercase());
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
        let shouted = address.to_uppercase();
        assert!(
            tokens()
                .verify(Purpose::Reply, &shouted, "an@snv.example", day(1))
                .is_some()
        );
    }

    #[test]
    fn a_token_proves_nothing_for_another_address_purpose_key_or_mailbox() {
        let address = signed("an@snv.example");
        let verify = |tokens: &ReplyTokens, purpose, sender| {
            tokens.verify(purpose, &address, sender, day(1))
        };
        assert!(verify(&tokens(), Purpose::Reply, "an@snv.example").is_some());
        assert_eq!(verify(&tokens(), Purpose::Reply, "binh@snv.example"), None);
        assert_eq!(verify(&tokens(), Purpose::Return, "an@snv.example"), None);
        let other = tokens_of("a key of another province");
        assert_eq!(verify(&other, Purpose::Reply, "an@snv.example"), None);
        let elsewhere = address.replace("noivu", "noivu2");
        let found = tokens().verify(Purpose::Reply, &elsewhere, "an@snv.example", day(1));
        assert_eq!(found, None);
    }

    #[test]
    fn a_token_with_any_letter_changed_proves_nothing() {
        let address = signed("an@snv.example");
        let (start, end) = (address.find('+').unwrap() + 1, address.find('@').unwrap());
        for at in start..end {
            let mut forged = address.clone().into_bytes();
            forged[at] = if forged[at] == b'a' { b'b' } else { b'a' };
            let forged = String::from_utf8(forged).unwrap();
            let found = tokens().verify(Purpose::Reply, &forged, "an@snv.example", day(1));
            assert_eq!(found, None, "{forged}");
        }
    }

    #[test]
    fn an_address_without_room_is_refused() {
        let new = |address: &str| {
            let key = "0123456789abcdef".to_owned();
            ReplyTokens::new(address, key.into(), TimeDelta::days(1)).map(drop)
        };
        assert_eq!(new("bot@noivu.example"), Ok(()));
        let long = "x".repeat(30);
        for address in ["bot", "@b.example", "bot+x@b.example", "bót@b.example"] {
            assert_eq!(new(address), Err(TokenError::Address), "{address}");
        }
        assert_eq!(new(&format!("{long}@b.example")), Err(TokenError::Address));
        assert_eq!(new(&format!("{}@b.example", &long[1..])), Ok(()));
    }

    #[test]
    fn the_key_is_in_no_debug_output() {
        assert!(!format!("{:?}", tokens()).contains("province"));
    }

    proptest! {
        #[test]
        fn no_address_breaks_it_or_verifies(address in "\\PC{0,80}", sender in "\\PC{0,20}") {
            prop_assert_eq!(tokens().verify(Purpose::Reply, &address, &sender, day(0)), None);
        }
    }
}
