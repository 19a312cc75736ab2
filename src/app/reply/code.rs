//! A code by which a chat is bound to a contact: how it is made, read, and stored as a hash.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// For how many days a code can be used.
pub const CODE_DAYS: i64 = 7;

/// Letters and digits that nobody confuses (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;
/// After so many symbols stands a hyphen.
const GROUP: usize = 4;
/// The first symbols of the alphabet are digits.
const DIGITS: u64 = 10;

/// How often a code is hashed: some milliseconds, which nobody notices who sends one, and months for whoever has the key too
/// and tries all codes.
const ROUNDS: u32 = 1 << 13;

/// A code of 60 random bits, 5 in each symbol: `K7M2-9QXD-4ABC`. It always has a digit, which tells it from a word.
#[must_use]
pub fn new_code(random: u64) -> String {
    let mut symbols: Vec<u64> = (0..LENGTH)
        .map(|place| random >> (5 * place) & 31)
        .collect();
    if symbols.iter().all(|symbol| *symbol >= DIGITS)
        && let Some(last) = symbols.last_mut()
    {
        *last %= DIGITS;
    }
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for (place, symbol) in symbols.into_iter().enumerate() {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        let index = usize::try_from(symbol).unwrap_or(0);
        code.push(char::from(ALPHABET[index]));
    }
    code
}

/// The code that a message consists of, without its hyphens; `/start CODE` of a deep link counts.
pub(super) fn parse_code(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("/start").unwrap_or(text);
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let valid = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    // Twelve letters may be words.
    (valid && code.bytes().any(|byte| byte.is_ascii_digit())).then_some(code)
}

/// The code that a message consists of, or the only one that stands in it: "mã của tôi là K7M2-9QXD-4ABC".
pub(super) fn find_code(text: &str) -> Option<String> {
    let is_edge = |c: char| ".,:;!?()[]“”\"'".contains(c);
    let within = || {
        let words = text
            .split_whitespace()
            .map(|word| word.trim_matches(is_edge));
        let mut codes = words.filter(|word| is_printed(word)).filter_map(parse_code);
        codes.next().filter(|_| codes.next().is_none())
    };
    parse_code(text).or_else(within)
}

/// Whether a word is a code as it is printed, with its hyphens or without them: letters and digits, in no way a number.
fn is_printed(word: &str) -> bool {
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    let is_grouped = groups == [GROUP; LENGTH / GROUP] || groups == [LENGTH];
    is_grouped && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a message consists of a code as it is printed, in one piece: whoever has something to report may write twelve such
/// letters apart ("15 thang 3 2020").
pub(super) fn is_written_as_code(text: &str) -> bool {
    let text = text.trim();
    let code = text.strip_prefix("/start").unwrap_or(text).trim();
    let has_one = || {
        let words = code.split_whitespace().filter(|word| word.contains('-'));
        words.into_iter().any(|word| find_code(word).is_some())
    };
    !code.contains(char::is_whitespace) && is_code(code) || has_one()
}

/// Whether a message consists of what looks like a code.
#[must_use]
pub fn is_code(text: &str) -> bool {
    parse_code(text).is_some()
}

/// The hash under which a code is stored: an HMAC by the key of the installation (RFC 2104), so that nobody who reads the
/// database alone can try codes. It is hashed again and again, so that whoever has the key as well cannot try all of them
/// before those that are open have expired.
#[must_use]
pub fn hash_of(code: &str, key: &SecretString) -> String {
    let code: String = code.chars().filter(|c| *c != '-').collect();
    let mut mac = keyed(key);
    mac.update(b"dondoc link code 1\0");
    mac.update(code.as_bytes());
    let first = mac.finalize().into_bytes();
    let digest = (1..ROUNDS).fold(first, |digest, _| Sha256::digest(digest));
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn keyed(key: &SecretString) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.expose_secret().as_bytes()).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = new_code(0x9a3f_007c_1534_2b61);
        assert_eq!(code.len(), LENGTH + 2);
        let plain = code.replace('-', "");
        for typed in [
            code.clone(),
            plain.clone(),
            code.to_lowercase(),
            format!(" {code}\n"),
            format!("/start {plain}"),
        ] {
            assert_eq!(
                parse_code(&typed).as_deref(),
                Some(plain.as_str()),
                "{typed:?}"
            );
        }
        for said in [
            format!("mã của tôi là {code}"),
            format!("Dạ em gửi mã: {plain}."),
        ] {
            assert_eq!(
                find_code(&said).as_deref(),
                Some(plain.as_str()),
                "{said:?}"
            );
        }
        for said in [
            "báo cáo 2020-2021-2022 ạ",
            "em gửi 123456789012",
            &format!("{code} {code}"),
        ] {
            assert_eq!(find_code(said), None, "{said:?}");
        }
        let key = "a key of the province".into();
        assert_eq!(hash_of(&code, &key), hash_of(&plain, &key));
    }

    #[test]
    fn a_code_has_another_hash_under_another_key() {
        let [ours, other] = ["a key of the province", "a key of somebody"].map(SecretString::from);
        assert_eq!(
            hash_of("K7M29QXD4ABC", &ours),
            hash_of("K7M29QXD4ABC", &ours)
        );
        assert_ne!(
            hash_of("K7M29QXD4ABC", &ours),
            hash_of("K7M29QXD4ABC", &other)
        );
        assert_ne!(
            hash_of("K7M29QXD4ABC", &ours),
            hash_of("K7M29QXD4ABD", &ours)
        );
    }

    #[test]
    fn words_and_document_numbers_are_no_codes() {
        for text in [
            "II.2 xong",
            "12/KH-SNV",
            "hoanthan",
            "nayrahetchwa",
            "K7M2-9QXD",
            "đã xong",
            "",
            "1234567890123",
        ] {
            assert_eq!(parse_code(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_apart_is_no_code_of_somebody_we_know() {
        assert!(is_code("15 thang 3 2020"));
        assert!(!is_written_as_code("15 thang 3 2020"));
        for code in ["K7M2-9QXD-4ABC", " k7m29qxd4abc ", "/start K7M29QXD4ABC"] {
            assert!(is_written_as_code(code), "{code}");
        }
    }

    #[test]
    fn other_bits_give_another_code() {
        assert_ne!(new_code(0), new_code(1));
        assert_ne!(new_code(0), new_code(1 << 59));
        assert_eq!(new_code(0), "0000-0000-0000");
    }

    #[test]
    fn every_code_is_one() {
        // Thirty-one in every place: no digit among the random ones.
        assert_eq!(new_code(u64::MAX), "ZZZZ-ZZZZ-ZZZ1");
        for random in [u64::MAX, 0x5294_a529_4a52_94a5, 0x0fff_ffff_ffff_fffe] {
            let code = new_code(random);
            assert!(parse_code(&code).is_some(), "{code}");
        }
    }
}
