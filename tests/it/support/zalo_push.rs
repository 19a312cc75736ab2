//! What a Zalo Official Account pushes, signed over the raw bytes as the real one signs.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use super::zalo_oa::{APP_ID, OA_ID};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Headers and body of a push, signed with this number, timestamp and secret.
pub(crate) fn signed(body: &str, number: &str, stamp: &str, secret: &str) -> HeaderMap {
    let hash = Sha256::digest(format!("{number}{body}{stamp}{secret}"));
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-zevent-signature",
        format!("mac={}", hex(&hash)).parse().unwrap(),
    );
    headers.insert("x-zevent-timestamp", "1584318609999".parse().unwrap());
    headers.insert("num_retry", "1".parse().unwrap());
    headers
}

/// The event of a text. The blanks are as they come: who writes the JSON anew gets another signature.
pub(crate) fn text_event(user: &str, msg_id: &str, text: &str) -> String {
    format!(
        r#"{{"app_id" :"{APP_ID}","sender":{{"id":"{user}"}},"user_id_by_app":"77","recipient":{{"id":"{OA_ID}"}},"event_name":"user_send_text",
  "message":{{"text":{text:?},"msg_id":"{msg_id}"}},"timestamp":"1584318600123","later":{{}}}}"#
    )
}
