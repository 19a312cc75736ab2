//! The smaller methods: `getMe`, `setMyCommands`, `answerCallbackQuery`, `editMessageReplyMarkup`, `getFile` and the file itself.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::Response;
use serde_json::{Value, json};

use super::{BOT, FakeTelegram, Fault, Inner, NAME, START, error, refusal, result};

/// What Telegram hands to a bot at most.
const LARGEST: u64 = 20 * 1024 * 1024;

/// A file on the server.
pub(super) struct Kept {
    path: String,
    bytes: Bytes,
    /// What `getFile` says of its size.
    size: Option<u64>,
}

impl FakeTelegram {
    /// Keeps a file under that id and path.
    pub(crate) fn keep(&self, id: &str, path: &str, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        let size = Some(bytes.len() as u64);
        self.keep_as(id, path, bytes, size);
    }

    /// Keeps a file of which the server says another size, or none.
    pub(crate) fn keep_as(&self, id: &str, path: &str, bytes: Bytes, size: Option<u64>) {
        let kept = Kept {
            path: path.to_owned(),
            bytes,
            size,
        };
        self.state.files.lock().unwrap().insert(id.to_owned(), kept);
    }

    /// The commands that the bot offers.
    pub(crate) fn commands(&self) -> Value {
        self.state.commands.lock().unwrap().clone()
    }

    /// Whether the buttons of that message were taken away.
    pub(crate) fn is_bare(&self, chat: i64, message: i64) -> bool {
        let bare = self.state.bare.lock().unwrap();
        bare.contains(&(chat.to_string(), message))
    }

    /// Whether the phone was told that its tap was received.
    pub(crate) fn is_answered(&self, tap: &str) -> bool {
        self.state.taps.lock().unwrap()[tap].1
    }
}

pub(super) fn get_me(state: &Inner, request: &Value) -> Response<Body> {
    state.check("getMe", request, |_, _| false);
    result(&json!({
        "id": BOT,
        "is_bot": true,
        "first_name": "Đôn đốc",
        "username": NAME,
        "can_join_groups": true,
        "can_read_all_group_messages": false,
        "can_do_more_in_2027": true,
    }))
}

pub(super) fn set_my_commands(state: &Inner, request: &Value) -> Response<Body> {
    let is_command = |one: &Value| {
        one["command"].as_str().is_some_and(|command| {
            (1..=32).contains(&command.len())
                && command
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }) && one["description"]
            .as_str()
            .is_some_and(|words| (3..=256).contains(&words.chars().count()))
    };
    state.check("setMyCommands", request, |name, value| {
        let commands = value.as_array();
        name == "commands" && commands.is_some_and(|all| all.iter().all(is_command))
    });
    *state.commands.lock().unwrap() = request["commands"].clone();
    result(&json!(true))
}

pub(super) fn answer_callback_query(state: &Inner, request: &Value) -> Response<Body> {
    state.check("answerCallbackQuery", request, |name, value| {
        name == "callback_query_id" && value.is_string()
    });
    let id = request["callback_query_id"].as_str().unwrap_or_default();
    let now = state.now();
    let mut taps = state.taps.lock().unwrap();
    match taps.get_mut(id) {
        Some((born, answered)) if *born + 150 > now => {
            *answered = true;
            result(&json!(true))
        }
        _ => error(
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            json!(null),
        ),
    }
}

/// Takes the buttons of a message away: the only thing that is asked of this method here.
pub(super) fn edit_message_reply_markup(state: &Inner, request: &Value) -> Response<Body> {
    state.check(
        "editMessageReplyMarkup",
        request,
        |name, value| match name {
            "chat_id" => value
                .as_str()
                .is_some_and(|chat| chat.parse::<i64>().is_ok()),
            "message_id" => value.is_i64(),
            _ => false,
        },
    );
    let chat = request["chat_id"].as_str().unwrap_or_default().to_owned();
    let message = request["message_id"].as_i64().unwrap_or_default();
    if state.bare.lock().unwrap().insert((chat, message)) {
        result(&json!({ "message_id": message, "date": START }))
    } else {
        error(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
            json!(null),
        )
    }
}

pub(super) fn get_file(state: &Inner, request: &Value) -> Response<Body> {
    state.check("getFile", request, |name, value| {
        name == "file_id" && value.is_string()
    });
    let id = request["file_id"].as_str().unwrap_or_default();
    let files = state.files.lock().unwrap();
    let Some(file) = files.get(id) else {
        return error(
            400,
            "Bad Request: wrong file_id or the file is temporarily unavailable",
            json!(null),
        );
    };
    if file.size.is_some_and(|size| size > LARGEST) {
        return error(400, "Bad Request: file is too big", json!(null));
    }
    let mut described =
        json!({ "file_id": id, "file_unique_id": "AgAD", "file_path": file.path, "later": 1 });
    if let Some(size) = file.size {
        described["file_size"] = size.into();
    }
    result(&described)
}

pub(super) async fn download(
    Shared(state): Shared<Arc<Inner>>,
    Path((bot, path)): Path<(String, String)>,
) -> Response<Body> {
    state.count("file");
    if let Some(refused) = refusal(&bot) {
        return refused;
    }
    let fault = state.take_fault("file");
    if let Some(answer) = fault.as_ref().and_then(Fault::instead) {
        return answer;
    }
    let bytes = {
        let files = state.files.lock().unwrap();
        let file = files.values().find(|file| file.path == path);
        file.map(|file| file.bytes.clone())
    };
    let answer = match bytes {
        Some(bytes) => Response::new(Body::from(bytes)),
        None => error(404, "Not Found", json!(null)),
    };
    match fault {
        Some(fault) => fault.after(answer).await,
        None => answer,
    }
}
