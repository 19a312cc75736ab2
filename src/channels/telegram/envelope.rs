//! The envelope of every answer of the Bot API.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// `{"ok":true,"result":…}` or `{"ok":false,"error_code":…,"description":…,"parameters":…}`; what else it holds is new.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    pub(super) ok: bool,
    /// Unread: one update that nobody understands must not take the others with it.
    result: Option<Box<RawValue>>,
    pub(super) error_code: Option<u16>,
    pub(super) description: Option<String>,
    pub(super) parameters: Option<Parameters>,
}

/// What a failure says besides its text.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Parameters {
    /// Seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) migrate_to_chat_id: Option<i64>,
}

impl Envelope {
    /// `None` when it is not the API that answers.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// The result; null when there is none, or none that can be read.
    pub(super) fn value(&self) -> Value {
        self.result
            .as_ref()
            .and_then(|result| serde_json::from_str(result.get()).ok())
            .unwrap_or_default()
    }

    /// The items of a result that is a list, each still unread.
    pub(super) fn items(&self) -> Option<Vec<Box<RawValue>>> {
        serde_json::from_str(self.result.as_ref()?.get()).ok()
    }
}
