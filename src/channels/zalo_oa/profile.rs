//! Who the account is.

use secrecy::SecretString;

use super::account::Account;
use super::config::{ZaloOaConfig, ZaloOaConfigError};
use super::verdict::{Verdict, verdict_on};
use crate::channels::lenient;
use crate::domain::delivery::Outcome;

/// The profile of one Official Account. Asking for it spends no refresh token.
#[derive(Debug)]
pub struct ZaloOaProfile {
    account: Account,
}

impl ZaloOaProfile {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: &ZaloOaConfig) -> Result<Self, ZaloOaConfigError> {
        let (account, _) = Account::new(config)?;
        Ok(Self { account })
    }

    /// The name of the account (`getoa`), asked for with this access token.
    ///
    /// # Errors
    /// Why Zalo does not say.
    pub async fn name(&self, access: &SecretString) -> Result<String, String> {
        let answer = self.account.get(&["v2.0", "oa", "getoa"], access).await;
        match verdict_on(&answer) {
            Verdict::Final(Outcome::Sent { .. }) => {
                let body = answer.map(|answer| answer.body).unwrap_or_default();
                let value: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                Ok(lenient::text(&value["data"]["name"]).unwrap_or_default())
            }
            Verdict::Token(why) => Err(format!("Zalo does not accept the access token: {why}")),
            Verdict::Hold(hold) => Err(hold.reason),
            Verdict::Final(outcome) => Err(outcome.reason().unwrap_or_default().to_owned()),
        }
    }
}
