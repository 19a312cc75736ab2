//! Receives by webhook: what Zalo pushes for the account. It wants an answer within two seconds, and otherwise pushes again
//! after 30 s, 5 min, 15 min, 30 min and an hour.

use std::sync::Mutex;
use std::sync::PoisonError;

use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde_json::Value;

use super::config::{ZaloOaConfigError, is_id};
use super::event::decode;
use super::signature::{Candidate, SIGNATURE, SecretKind, matching};
use crate::channels::lenient;
use crate::channels::webhook::Refusal;
use crate::domain::inbound::Inbound;

/// What a signature may be made of.
#[derive(Clone, Debug)]
pub struct ZaloOaSecrets {
    /// Number of the application.
    pub app_id: String,
    /// Number of the account.
    pub oa_id: String,
    /// The application's secret.
    pub app_secret: SecretString,
    /// The "OA Secret Key" of the webhook page.
    pub oa_secret: Option<SecretString>,
}

/// Takes what Zalo pushes for one account.
#[derive(Debug)]
pub struct ZaloOaWebhook {
    secrets: ZaloOaSecrets,
    candidates: Vec<Candidate>,
    /// The candidate by which the last push was signed.
    matched: Mutex<Option<Candidate>>,
}

impl ZaloOaWebhook {
    /// Takes what is signed by one of `candidates`.
    ///
    /// # Errors
    /// That an id is none, or that no candidate can be computed from the secrets.
    pub fn new(
        secrets: ZaloOaSecrets,
        candidates: Vec<Candidate>,
    ) -> Result<Self, ZaloOaConfigError> {
        for (key, id) in [("app_id", &secrets.app_id), ("oa_id", &secrets.oa_id)] {
            if !is_id(id) {
                return Err(ZaloOaConfigError::Id { key });
            }
        }
        let can_be_computed =
            |one: &Candidate| one.secret == SecretKind::Application || secrets.oa_secret.is_some();
        if !candidates.iter().any(can_be_computed) {
            return Err(ZaloOaConfigError::Signature);
        }
        Ok(Self {
            secrets,
            candidates,
            matched: Mutex::default(),
        })
    }

    /// Whether it is for this account, as far as it says for which: the secret of an application signs for all of them.
    fn is_ours(&self, event: &Value) -> bool {
        let name = event["event_name"].as_str().unwrap_or_default();
        // In a group the recipient is the group, and of what the account itself sends it is the person.
        let is_private = name.starts_with("user_send_") && !name.starts_with("user_send_group_");
        let recipient = Some(&event["recipient"]["id"]).filter(|_| is_private);
        [recipient, Some(&event["oa_id"])]
            .into_iter()
            .flatten()
            .filter_map(lenient::text)
            .all(|id| id == self.secrets.oa_id)
    }

    /// Whether a push is signed at all, by whatever.
    pub(in crate::channels) fn is_signed(headers: &HeaderMap) -> bool {
        headers.contains_key(SIGNATURE)
    }

    /// Checks the signature over the bytes as they came, then reads them. The unsigned probe of the console, `{}`, gives
    /// nothing.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn accept(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        if is_probe(body) {
            return Ok(Vec::new());
        }
        let candidate = matching(&self.candidates, &self.secrets, headers, body).ok_or(
            Refusal::NotAuthentic("X-ZEvent-Signature is missing or wrong"),
        )?;
        self.note(candidate);
        let event: Value =
            serde_json::from_slice(body).map_err(|_| Refusal::NotUnderstood("not JSON".into()))?;
        if !self.is_ours(&event) {
            tracing::warn!("an event for another Official Account of the application is left out");
            return Ok(Vec::new());
        }
        decode(&event, body)
            .map(|inbound| inbound.into_iter().collect())
            .map_err(|why| Refusal::NotUnderstood(why.into()))
    }

    /// Tells the operator how pushes are signed, when that is learnt and when it changes.
    fn note(&self, candidate: Candidate) {
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        if *matched != Some(candidate) {
            *matched = Some(candidate);
            let word = candidate.as_str();
            if self.candidates == [candidate] {
                tracing::debug!("pushes of the Zalo Official Account are signed as configured");
            } else {
                tracing::info!(
                    "pushes of the Zalo Official Account are signed by {word}: pin it with signature = [\"{word}\"]"
                );
            }
        }
    }
}

/// Nothing, or an empty object.
fn is_probe(body: &[u8]) -> bool {
    let body: Vec<u8> = body
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .take(3)
        .collect();
    body.is_empty() || body == b"{}"
}
