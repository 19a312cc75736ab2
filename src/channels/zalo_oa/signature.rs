//! The signature of a push: `X-ZEvent-Signature: mac=<hex>`, a plain SHA-256 of application, raw body, timestamp and secret,
//! one after the other. Not an HMAC.
//!
//! The sources disagree on three of the four parts: which secret (the one shown on the webhook page of the account, or
//! the application's), which timestamp (the body's or a header's), and whose number (the application's or the account's).
//! So the readings that may be right are configured; the one that matched is logged, to be pinned.

use reqwest::header::HeaderMap;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::webhook::ZaloOaSecrets;
use crate::channels::compare::is_same;
use crate::channels::lenient;
use secrecy::ExposeSecret;

pub(super) const SIGNATURE: &str = "x-zevent-signature";
const TIMESTAMP: &str = "x-zevent-timestamp";

/// Which secret is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The "OA Secret Key" of the webhook page.
    Account,
    /// The application's.
    Application,
}

/// Which timestamp is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampKind {
    /// `timestamp` of the body.
    Body,
    /// The header `X-ZEvent-Timestamp`.
    Header,
}

/// Whose number is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// The application's.
    Application,
    /// The account's.
    Account,
}

/// One reading of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which secret.
    pub secret: SecretKind,
    /// Which timestamp.
    pub stamp: StampKind,
    /// Whose number.
    pub subject: SubjectKind,
}

impl Candidate {
    /// Every reading, the documented one first.
    pub const ALL: [Self; 8] = {
        use SecretKind as S;
        use StampKind as T;
        use SubjectKind as N;
        [
            Self::new(S::Account, T::Body, N::Application),
            Self::new(S::Application, T::Body, N::Application),
            Self::new(S::Account, T::Header, N::Application),
            Self::new(S::Application, T::Header, N::Application),
            Self::new(S::Account, T::Body, N::Account),
            Self::new(S::Application, T::Body, N::Account),
            Self::new(S::Account, T::Header, N::Account),
            Self::new(S::Application, T::Header, N::Account),
        ]
    };

    const fn new(secret: SecretKind, stamp: StampKind, subject: SubjectKind) -> Self {
        Self {
            secret,
            stamp,
            subject,
        }
    }

    /// The word used in the configuration: secret, timestamp, number.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        use SecretKind as S;
        use StampKind as T;
        use SubjectKind as N;
        match (self.secret, self.stamp, self.subject) {
            (S::Account, T::Body, N::Application) => "oa_secret+body+app_id",
            (S::Application, T::Body, N::Application) => "app_secret+body+app_id",
            (S::Account, T::Header, N::Application) => "oa_secret+header+app_id",
            (S::Application, T::Header, N::Application) => "app_secret+header+app_id",
            (S::Account, T::Body, N::Account) => "oa_secret+body+oa_id",
            (S::Application, T::Body, N::Account) => "app_secret+body+oa_id",
            (S::Account, T::Header, N::Account) => "oa_secret+header+oa_id",
            (S::Application, T::Header, N::Account) => "app_secret+header+oa_id",
        }
    }
}

/// The candidate by which the push is signed; `None` when there is no signature, or it is none of them.
pub(super) fn matching(
    candidates: &[Candidate],
    secrets: &ZaloOaSecrets,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Candidate> {
    let given = headers.get(SIGNATURE)?.to_str().ok()?.trim();
    let given = given
        .strip_prefix("mac=")
        .unwrap_or(given)
        .to_ascii_lowercase();
    let in_body = stamp_of(body);
    let in_header = headers
        .get(TIMESTAMP)
        .and_then(|stamp| stamp.to_str().ok())
        .map(str::trim);
    // Every candidate is computed and compared, so that the time does not tell which of them came close.
    candidates.iter().fold(None, |found, candidate| {
        let stamp = match candidate.stamp {
            StampKind::Body => in_body.as_deref(),
            StampKind::Header => in_header,
        };
        let secret = match candidate.secret {
            SecretKind::Account => secrets.oa_secret.as_ref(),
            SecretKind::Application => Some(&secrets.app_secret),
        };
        let subject = match candidate.subject {
            SubjectKind::Application => &secrets.app_id,
            SubjectKind::Account => &secrets.oa_id,
        };
        let (Some(stamp), Some(secret)) = (stamp, secret) else {
            return found;
        };
        let wanted = signature(subject, body, stamp, secret.expose_secret());
        let same = is_same(given.as_bytes(), wanted.as_bytes());
        found.or(same.then_some(*candidate))
    })
}

/// The hexadecimal digits that sign a push.
fn signature(subject: &str, body: &[u8], stamp: &str, secret: &str) -> String {
    let hash = Sha256::new()
        .chain_update(subject)
        .chain_update(body)
        .chain_update(stamp)
        .chain_update(secret)
        .finalize();
    lenient::hex(&hash)
}

/// The timestamp in the body, which is part of what is signed: the one field that is read before the signature is
/// checked, and used for nothing else.
fn stamp_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Stamped {
        timestamp: serde_json::Value,
    }
    let stamped: Stamped = serde_json::from_slice(body).ok()?;
    lenient::text(&stamped.timestamp)
}
