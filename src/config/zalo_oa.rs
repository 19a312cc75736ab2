//! `[zalo_oa]`: a Zalo Official Account.

use url::Url;

use super::channels::url;
use super::load::Paths;
use super::secret::{SecretKeys, SecretSource};
use super::zalo_bot::ZaloTimeouts;
use crate::files::toml::{Field, Place, Table, Word};

/// A Zalo Official Account, and the application that it has admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZaloOa {
    /// Where the section stands, for what shows only when it is used.
    pub(crate) at: Place,
    /// Number of the application.
    pub app_id: String,
    /// The application's secret.
    pub app_secret: SecretSource,
    /// Number of the account.
    pub oa_id: String,
    /// The refresh token that the consent of an administrator gave; needed once.
    pub refresh_token: Option<SecretSource>,
    /// The secret shown on the webhook page.
    pub oa_secret: Option<SecretSource>,
    /// What pushes may be signed by; empty: every reading.
    pub signature: Vec<Signature>,
    /// Where messages are sent.
    pub api_url: Url,
    /// Where tokens are refreshed.
    pub oauth_url: Url,
    /// How long a call may take.
    pub timeouts: ZaloTimeouts,
}

/// One reading of what a push is signed by: `oa_secret+body+app_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(
    /// The word as it is written.
    pub &'static str,
);

impl Word for Signature {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("oa_secret+body+app_id", Self("oa_secret+body+app_id")),
        ("app_secret+body+app_id", Self("app_secret+body+app_id")),
        ("oa_secret+header+app_id", Self("oa_secret+header+app_id")),
        ("app_secret+header+app_id", Self("app_secret+header+app_id")),
        ("oa_secret+body+oa_id", Self("oa_secret+body+oa_id")),
        ("app_secret+body+oa_id", Self("app_secret+body+oa_id")),
        ("oa_secret+header+oa_id", Self("oa_secret+header+oa_id")),
        ("app_secret+header+oa_id", Self("app_secret+header+oa_id")),
    ];
}

impl ZaloOa {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Option<Self> {
        let at = table.place();
        let app_id = id(table.text("app_id"), paths);
        let oa_id = id(table.text("oa_id"), paths);
        let mut secret =
            |variable, file| SecretSource::read(&mut table, &SecretKeys { variable, file }, paths);
        let app_secret = secret("app_secret_env", "app_secret_file");
        let refresh_token = secret("refresh_token_env", "refresh_token_file");
        let oa_secret = secret("oa_secret_env", "oa_secret_file");
        let signature: Option<Vec<Field<Signature>>> = table.list("signature");
        let api_url = url(
            table.optional_text("api_url"),
            "https://openapi.zalo.me",
            paths,
        );
        let oauth_url = url(
            table.optional_text("oauth_url"),
            "https://oauth.zaloapp.com",
            paths,
        );
        let timeouts = ZaloTimeouts::read(&mut table);
        table.finish();
        if app_secret.is_none() {
            let remedy =
                "add app_secret_env = \"DONDOC_ZALO_APP_SECRET\" or app_secret_file = \"…\"";
            paths.error(at.problem("the application has no secret", remedy));
        }
        Some(Self {
            at,
            app_id: app_id?,
            app_secret: app_secret?,
            oa_id: oa_id?,
            refresh_token,
            oa_secret,
            signature: signature
                .unwrap_or_default()
                .into_iter()
                .map(|word| word.value)
                .collect(),
            api_url: api_url?,
            oauth_url: oauth_url?,
            timeouts,
        })
    }
}

fn id(text: Option<Field<String>>, paths: &Paths<'_>) -> Option<String> {
    let text = text?;
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        let remedy = "write the digits that Zalo shows, in quotes: \"4318657068771012646\"";
        paths.error(text.at.problem("this is not a number of Zalo", remedy));
        return None;
    }
    Some(text.value)
}
