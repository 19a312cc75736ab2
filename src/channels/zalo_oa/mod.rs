//! Zalo by an Official Account (`openapi.zalo.me`).
//!
//! - Messages go out by `POST /v3.0/oa/message/cs`; the older `transaction` and `promotion` were shut down in March 2026.
//!   Errors come with HTTP 200. There are no buttons in what we send: the text says what to answer.
//! - Within seven days of a person's last interaction the account may write ([`Window`](crate::domain::window::Window));
//!   after that a message is refused, and the address lives on.
//! - The access token lives 25 hours; the refresh token is for a single use. Losing it silences the account until an
//!   administrator of it consents again, so it is spent under a claim and the new pair stored before it is used
//!   ([`TokenKeeper`]).
//! - What comes in is pushed, signed by a plain SHA-256 over the raw bytes.
//!
//! The address of a person is the user id; that of a group is `group:` and its id.

mod access;
mod account;
mod config;
mod event;
mod oauth;
mod profile;
mod sender;
mod signature;
mod tokens;
mod verdict;
mod webhook;

pub use access::REFRESH_AFTER;
pub use config::{ZaloOaConfig, ZaloOaConfigError, ZaloOaTimeouts};
pub use profile::ZaloOaProfile;
pub use sender::ZaloOaSender;
pub use signature::{Candidate, SecretKind, StampKind, SubjectKind};
pub use tokens::{Consent, KeepError, Keeping, Pair, TokenKeeper, Tokens};
pub use webhook::{ZaloOaSecrets, ZaloOaWebhook};
