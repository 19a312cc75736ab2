//! Files that people sent, fetched when somebody asks for them.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::call::Bot;
use super::config::{TelegramConfig, TelegramConfigError};
use super::failure::{TelegramError, later, success};
use crate::channels::http::call_error;

/// The largest file that the Bot API hands to a bot, in bytes.
pub const FILE_LIMIT: u64 = 20 * 1024 * 1024;

/// How long a whole file may take.
const LONGEST: Duration = Duration::from_mins(5);

/// Why a file was not fetched. What was written until then is incomplete.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is larger than bots may have.
    #[error("the file is larger than the 20 MB that Telegram hands to a bot")]
    TooBig,
    /// Telegram names a place that is no place of a file. It is not asked for.
    #[error("Telegram names a path that no file of its can have")]
    Path,
    /// Telegram does not hand it over.
    #[error(transparent)]
    Telegram(#[from] TelegramError),
    /// It cannot be written where it should go.
    #[error("writing a file from Telegram")]
    Write(#[from] std::io::Error),
}

/// Fetches files of one bot.
#[derive(Debug)]
pub struct TelegramFiles {
    bot: Bot,
}

impl TelegramFiles {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// What in the configuration cannot work.
    pub fn new(config: &TelegramConfig) -> Result<Self, TelegramConfigError> {
        config.validate()?;
        Ok(Self {
            bot: Bot::new(config)?,
        })
    }

    /// Writes the file of that id into `into`, piece by piece, and tells how many bytes it has. Where it goes is the
    /// caller's choice; nothing that the sender or the server names becomes a path.
    ///
    /// # Errors
    /// Why it is not there, or not whole.
    pub async fn fetch<W: AsyncWrite + Unpin>(
        &self,
        id: &str,
        into: &mut W,
    ) -> Result<u64, FileError> {
        let file = match success(self.bot.post("getFile", &json!({ "file_id": id })).await) {
            Ok(answer) => answer.value(),
            Err(TelegramError::Denied(why)) if why.contains("file is too big") => {
                return Err(FileError::TooBig);
            }
            Err(error) => return Err(error.into()),
        };
        if file["file_size"]
            .as_u64()
            .is_some_and(|size| size > FILE_LIMIT)
        {
            return Err(FileError::TooBig);
        }
        let path = file["file_path"].as_str().and_then(segments);
        let path = path.ok_or(FileError::Path)?;
        let mut response = self
            .bot
            .fetch(&path, LONGEST)
            .await
            .map_err(TelegramError::from)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(later(format!("no file but HTTP {}", response.status().as_u16())).into());
        }
        let mut written = 0;
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| TelegramError::from(call_error(error)))?
        {
            written += piece.len() as u64;
            if written > FILE_LIMIT {
                return Err(FileError::TooBig);
            }
            into.write_all(&piece).await?;
        }
        into.flush().await?;
        Ok(written)
    }
}

/// The segments of a path such as `documents/file_12.pdf`; `None` when one of them could lead anywhere else.
fn segments(path: &str) -> Option<Vec<&str>> {
    let fits = |segment: &str| {
        !segment.is_empty()
            && segment != "."
            && !segment.contains("..")
            && segment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    let segments: Vec<&str> = path.split('/').collect();
    (segments.len() <= 8 && segments.iter().all(|segment| fits(segment))).then_some(segments)
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn only_a_plain_path_below_the_bot_is_asked_for() {
        assert_eq!(
            segments("documents/file_12.pdf"),
            Some(vec!["documents", "file_12.pdf"])
        );
        assert_eq!(segments("file"), Some(vec!["file"]));
        for path in [
            "",
            "/etc/passwd",
            "../bot1:x/getMe",
            "a/../../b",
            "a//b",
            "a/./b",
            "..",
            "a/..%2f",
            "a\\..\\b",
            "a b",
            "a?x=1",
            "a#b",
            "http://elsewhere.example/a",
            "/var/lib/telegram-bot-api/1/documents/a",
        ] {
            assert_eq!(segments(path), None, "{path:?}");
        }
    }
}
