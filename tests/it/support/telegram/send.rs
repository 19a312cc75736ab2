//! `sendMessage`.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use super::{BOT, Delivered, Fault, Inner, NAME, error, result};

pub(super) async fn send_message(state: &Inner, request: &Value) -> Response<Body> {
    check_fields(state, request);
    let (Some(chat), Some(text)) = (request["chat_id"].as_i64(), request["text"].as_str()) else {
        return error(400, "Bad Request: message text is empty", json!(null));
    };
    let scripted = state.take_fault(&chat.to_string());
    let fault = scripted.or_else(|| state.weather.at(chat));
    if matches!(fault, Some(Fault::SilenceBeforeAccept)) {
        return std::future::pending().await;
    }
    if let Some(answer) = fault.as_ref().and_then(Fault::instead) {
        return answer;
    }
    if !state.chats.lock().unwrap().contains(&chat) {
        return error(400, "Bad Request: chat not found", json!(null));
    }
    if text.len() > 32_768 {
        return error(400, "Bad Request: text is too long", json!(null));
    }
    if text.chars().count() > 4096 {
        return error(400, "Bad Request: message is too long", json!(null));
    }
    if text.trim().is_empty() {
        return error(400, "Bad Request: text must be non-empty", json!(null));
    }
    if !buttons(request).all(|data| (1..=64).contains(&data.len())) {
        return error(400, "Bad Request: BUTTON_DATA_INVALID", json!(null));
    }
    let message_id = match fault {
        Some(Fault::Swallowed) => 1,
        _ => state.deliver(chat, text, request),
    };
    let kind = if chat < 0 { "supergroup" } else { "private" };
    let sent = json!({
        "message_id": message_id,
        "from": { "id": BOT, "is_bot": true, "first_name": "Đôn đốc", "username": NAME, "can_do_more_in_2027": true },
        "chat": { "id": chat, "type": kind, "shade_of_a_later_api": [1, 2] },
        "date": state.now(),
        "text": text,
        "a_field_of_a_later_api": { "kind": "unheard_of" },
    });
    let answer = result(&sent);
    match fault {
        Some(fault) => fault.after(answer).await,
        None => answer,
    }
}

fn buttons(request: &Value) -> impl Iterator<Item = &str> {
    let rows = request["reply_markup"]["inline_keyboard"].as_array();
    let rows = rows.into_iter().flatten().filter_map(Value::as_array);
    rows.flatten()
        .map(|button| button["callback_data"].as_str().unwrap_or_default())
}

/// Every field must be one of the Bot API's, and of the right shape.
fn check_fields(state: &Inner, request: &Value) {
    state.check("sendMessage", request, |name, value| match name {
        "chat_id" => value.is_i64() || value.is_string(),
        "text" => value.is_string(),
        "link_preview_options" => value == &json!({ "is_disabled": true }),
        "reply_markup" => is_inline_keyboard(value),
        _ => false,
    });
    if request["link_preview_options"].is_null() {
        state.violation("the link preview is not off".into());
    }
}

/// Rows of one button each, which have a label and data and nothing else.
fn is_inline_keyboard(value: &Value) -> bool {
    let is_button = |button: &Value| {
        button.as_object().is_some_and(|button| {
            button.len() == 2 && button["text"].is_string() && button["callback_data"].is_string()
        })
    };
    let rows = value["inline_keyboard"].as_array();
    rows.is_some_and(|rows| {
        !rows.is_empty()
            && rows.iter().all(|row| {
                row.as_array()
                    .is_some_and(|row| row.len() == 1 && is_button(&row[0]))
            })
    })
}

impl Inner {
    fn deliver(&self, chat: i64, text: &str, request: &Value) -> i64 {
        let sends = self.calls.lock().unwrap()["sendmessage"];
        let message_id = 1000 + i64::try_from(sends).unwrap();
        let delivered = Delivered {
            chat,
            text: text.to_owned(),
            request: request.clone(),
            message_id,
        };
        self.delivered.lock().unwrap().push(delivered);
        message_id
    }
}
