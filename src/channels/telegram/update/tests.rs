mod any_json;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::inbound::File;

const OWN: Own<'static> = Own {
    id: 4353,
    name: Some("dondoc_bot"),
};
const WOMAN: i64 = 71_234_567_890;
const GROUP: i64 = -1_001_234_567_890;

/// A message of a woman to the bot alone, with these fields over the usual ones.
fn private(fields: Value) -> Value {
    let message = json!({
        "message_id": 77,
        "from": { "id": WOMAN, "is_bot": false, "first_name": "Hoa" },
        "chat": { "id": WOMAN, "type": "private" },
        "date": 1_584_318_600,
    });
    with(message, fields)
}

/// The same in a group.
fn group(fields: Value) -> Value {
    let chat = json!({ "chat": { "id": GROUP, "type": "supergroup", "title": "Sở Nội vụ" } });
    with(with(private(json!({})), chat), fields)
}

fn with(mut value: Value, fields: Value) -> Value {
    for (key, field) in fields.as_object().unwrap() {
        value[key] = field.clone();
    }
    value
}

fn read_as(kind: &str, value: Value) -> Option<Inbound> {
    read(&json!({ "update_id": 815, kind: value }), OWN).unwrap()
}

fn content(message: Value) -> Option<Content> {
    read_as("message", message).map(|inbound| inbound.content)
}

/// The words of a message; `None` when it is not for us.
fn words(message: Value) -> Option<String> {
    match content(message)? {
        Content::Text { text, .. } => Some(text),
        other => panic!("{other:?}"),
    }
}

fn from_bot() -> Value {
    json!({ "message_id": 12, "from": { "id": 4353, "is_bot": true }, "text": "Kính gửi" })
}

#[test]
fn a_message_says_who_wrote_what_when_and_which_of_ours_it_answers() {
    let message =
        private(json!({ "text": "II.2 xong", "reply_to_message": from_bot(), "new": [1] }));
    assert_eq!(
        read_as("message", message).unwrap(),
        Inbound {
            channel: Channel::Telegram,
            external_id: "4353:815:77".into(),
            from: WOMAN.to_string(),
            place: Place::Private,
            sent_at: DateTime::from_timestamp(1_584_318_600, 0),
            identity: Identity::Proven,
            content: Content::Text {
                text: "II.2 xong".into(),
                answers: Some(Answered::Provider("12".into())),
                edited: false,
                files: vec![],
            },
        }
    );
}

#[test]
fn a_reply_to_somebody_else_answers_nothing_of_ours() {
    let other = json!({ "message_id": 12, "from": { "id": 99 }, "text": "…" });
    let topic = with(
        from_bot(),
        json!({ "forum_topic_created": { "name": "CCHC" } }),
    );
    for replied in [other, topic, json!(null), json!(3)] {
        let message = private(json!({ "text": "xong", "reply_to_message": replied }));
        assert!(matches!(
            content(message),
            Some(Content::Text { answers: None, .. })
        ));
    }
}

#[test]
fn an_edited_message_is_a_new_one_written_when_it_was_edited() {
    let edited = private(json!({ "text": "II.3 xong", "edit_date": 1_584_318_700 }));
    let inbound = read_as("edited_message", edited).unwrap();
    assert!(matches!(
        &inbound.content,
        Content::Text { text, edited: true, .. } if text == "II.3 xong"
    ));
    assert_eq!(inbound.sent_at, DateTime::from_timestamp(1_584_318_700, 0));
    let moving = private(json!({ "location": { "latitude": 15.6, "longitude": 108.5 } }));
    assert_eq!(read_as("edited_message", moving), None);
}

#[test]
fn files_are_named_by_their_ids_and_their_names_are_harmless() {
    let document = json!({
        "file_id": "BQAC", "file_name": "../KH 12\u{202e}.pdf", "mime_type": "application/pdf", "file_size": 40_000,
    });
    let message = private(json!({ "document": document, "caption": "KH 12 đây" }));
    let Some(Content::Text { text, files, .. }) = content(message) else {
        panic!()
    };
    assert_eq!(text, "KH 12 đây");
    let file = File {
        id: "BQAC".into(),
        name: Some("KH 12.pdf".into()),
        media_type: Some("application/pdf".into()),
        size: Some(40_000),
        sha256: None,
        album: None,
    };
    assert_eq!(files, [file]);
}

#[test]
fn of_a_photo_the_largest_size_is_kept_wherever_it_stands() {
    let size = |id: &str, side: u64| json!({ "file_id": id, "width": side, "height": side, "file_size": side });
    let photo = json!([size("s", 90), size("l", 1280), size("m", 320)]);
    let Some(Content::Text { text, files, .. }) = content(private(json!({ "photo": photo })))
    else {
        panic!()
    };
    assert_eq!((text.as_str(), files[0].id.as_str()), ("", "l"));
    assert_eq!(files.len(), 1);
}

#[test]
fn what_cannot_be_read_is_an_empty_text_so_that_it_is_answered() {
    for (key, value) in [
        ("sticker", json!({ "file_id": "x", "emoji": "👍" })),
        ("voice", json!({ "file_id": "x", "duration": 3 })),
        ("location", json!({ "latitude": 15.6, "longitude": 108.5 })),
        ("animation", json!({ "file_id": "x" })),
        ("hologram_of_2027", json!({ "file_id": "x" })),
    ] {
        let message = private(json!({ key: value, "document": null }));
        assert_eq!(words(message).as_deref(), Some(""), "{key}");
    }
    let picture = json!({ "animation": { "file_id": "x" }, "document": { "file_id": "x" } });
    assert!(matches!(
        content(private(picture)),
        Some(Content::Text { files, .. }) if files.is_empty()
    ));
}

#[test]
fn what_telegram_itself_writes_is_nothing() {
    for key in [
        "pinned_message",
        "new_chat_title",
        "group_chat_created",
        "write_access_allowed",
    ] {
        assert_eq!(content(private(json!({ key: { "x": 1 } }))), None, "{key}");
    }
}

#[test]
fn a_start_with_a_code_passes_as_it_is() {
    let start = private(json!({ "text": "/start Ab3-x_9" }));
    assert_eq!(words(start).as_deref(), Some("/start Ab3-x_9"));
}

#[test]
fn the_words_of_another_are_no_statement_of_the_sender_and_a_forwarded_file_is_evidence() {
    let forms = [
        json!({ "forward_origin": { "type": "user" } }),
        json!({ "forward_sender_name": "Anh Nam", "forward_date": 1_584_000_000 }),
        json!({ "via_bot": { "id": 5, "is_bot": true } }),
    ];
    for form in forms {
        let text = with(private(json!({ "text": "bên STP xong rồi" })), form.clone());
        assert_eq!(words(text).as_deref(), Some(""), "{form}");
        let file = private(json!({ "document": { "file_id": "BQAC" }, "caption": "xong" }));
        assert!(matches!(
            content(with(file, form.clone())),
            Some(Content::Text { text, files, .. }) if text.is_empty() && files.len() == 1
        ));
        let command = with(group(json!({ "text": "/xong@dondoc_bot II.2" })), form);
        assert_eq!(content(command), None);
    }
}

#[test]
fn a_bot_and_a_nameless_administrator_make_no_statement() {
    for fields in [
        json!({ "from": { "id": 8, "is_bot": true } }),
        json!({ "sender_chat": { "id": GROUP, "type": "supergroup" } }),
    ] {
        let message = with(group(json!({ "text": "/xong II.2" })), fields);
        assert!(matches!(content(message), Some(Content::Automatic { .. })));
    }
}

#[test]
fn in_a_group_only_what_is_meant_for_us_counts() {
    let said = |text: &str| words(group(json!({ "text": text })));
    assert_eq!(said("II.2 xong"), None);
    assert_eq!(said("chị @dondoc_bot ơi"), None, "no entity, no mention");
    assert_eq!(said("/ xong"), None);
    assert_eq!(said("/viec@other_bot"), None);
    assert_eq!(said("/xong@dondoc_bot_2 II.2"), None);
    assert_eq!(said("/viec").as_deref(), Some("/viec"));
    assert_eq!(
        said("/xong@Dondoc_Bot II.2").as_deref(),
        Some("/xong@Dondoc_Bot II.2")
    );
    let reply = |text: &str| {
        words(group(
            json!({ "text": text, "reply_to_message": from_bot() }),
        ))
    };
    assert_eq!(reply("II.2 xong").as_deref(), Some("II.2 xong"));
    assert_eq!(reply("/viec@other_bot"), None);
}

#[test]
fn a_mention_is_found_in_the_units_of_telegram_and_taken_out() {
    let mention = |offset: u64, length: u64| json!([{ "type": "mention", "offset": offset, "length": length }]);
    // The first sign is two UTF-16 units and four bytes.
    let text = "🙏 @Dondoc_bot II.2 xong";
    let named = |entities: Value| words(group(json!({ "text": text, "entities": entities })));
    assert_eq!(named(mention(3, 11)).as_deref(), Some("🙏  II.2 xong"));
    for entities in [
        mention(2, 11),
        mention(1, 13),
        mention(3, 5000),
        mention(u64::MAX, 2),
        mention(3, u64::MAX),
        json!([{ "type": "mention", "offset": -3, "length": 11 }]),
        json!("mention"),
    ] {
        assert_eq!(named(entities.clone()), None, "{entities}");
    }
    let person =
        json!([{ "type": "text_mention", "offset": 3, "length": 11, "user": { "id": 4353 } }]);
    assert_eq!(named(person).as_deref(), Some("🙏  II.2 xong"));
    let caption = json!({
        "photo": [{ "file_id": "p" }], "caption": "@dondoc_bot KH 12", "caption_entities": mention(0, 11),
    });
    assert_eq!(words(group(caption)).as_deref(), Some("KH 12"));
}

#[test]
fn until_our_name_is_known_only_what_needs_it_waits() {
    let nameless = Own { name: None, ..OWN };
    let on = |message: Value| read(&json!({ "update_id": 1, "message": message }), nameless);
    assert!(matches!(
        on(private(json!({ "text": "xong" }))),
        Ok(Some(_))
    ));
    assert!(matches!(on(group(json!({ "text": "/viec" }))), Ok(Some(_))));
    assert_eq!(on(group(json!({ "text": "xong" }))), Ok(None));
    assert_eq!(
        on(group(json!({ "text": "/viec@dondoc_bot" }))),
        Err(NameNeeded)
    );
}

#[test]
fn a_tap_brings_its_token_even_from_a_message_that_cannot_be_shown() {
    let tap = |message: Value| {
        let tap = json!({ "id": "4382bfdwdsb", "from": { "id": WOMAN }, "data": "q1:2", "message": message });
        read_as("callback_query", tap).unwrap()
    };
    let shown = json!({ "message_id": 12, "date": 1, "chat": { "id": GROUP, "type": "group" } });
    let old = with(shown.clone(), json!({ "date": 0 }));
    for message in [shown, old] {
        let inbound = tap(message);
        assert_eq!(inbound.answer_to(), GROUP.to_string());
        assert_eq!((inbound.from, inbound.sent_at), (WOMAN.to_string(), None));
        assert_eq!(
            inbound.content,
            Content::Button {
                token: "q1:2".into(),
                tap: "4382bfdwdsb".into(),
                answers: Some(Answered::Provider("12".into())),
            }
        );
    }
    assert_eq!(tap(json!(null)).place, Place::Private);
}

#[test]
fn being_blocked_closes_an_address_and_being_let_in_opens_it() {
    let change = |chat: Value, old: Value, new: Value| {
        let change = json!({
            "chat": chat, "from": { "id": WOMAN }, "date": 1_584_318_600, "old_chat_member": old, "new_chat_member": new,
        });
        read_as("my_chat_member", change)
    };
    let status = |status: &str| json!({ "status": status, "user": { "id": 4353 } });
    let muted = json!({ "status": "restricted", "is_member": true, "can_send_messages": false });
    let woman = json!({ "id": WOMAN, "type": "private" });
    let room = json!({ "id": GROUP, "type": "supergroup" });
    let is_closed = |inbound: &Inbound| matches!(inbound.content, Content::Closed { .. });

    let blocked = change(woman.clone(), status("member"), status("kicked")).unwrap();
    assert!(is_closed(&blocked) && blocked.place == Place::Private);
    let back = change(woman, status("kicked"), status("member")).unwrap();
    assert_eq!(back.content, Content::Opened);
    for gone in [status("left"), status("kicked"), muted.clone()] {
        let closed = change(room.clone(), status("member"), gone).unwrap();
        assert!(is_closed(&closed), "{closed:?}");
        assert_eq!(closed.answer_to(), GROUP.to_string());
    }
    let added = change(room.clone(), status("left"), status("administrator")).unwrap();
    assert_eq!(added.content, Content::Opened);
    let unmuted = change(room.clone(), muted, status("member")).unwrap();
    assert_eq!(unmuted.content, Content::Opened);
    assert_eq!(
        change(room.clone(), status("member"), status("administrator")),
        None
    );
    assert_eq!(
        change(room.clone(), status("member"), status("banished_in_2027")),
        None
    );
    let channel = json!({ "id": -100_777, "type": "channel" });
    assert_eq!(
        change(channel, status("left"), status("administrator")),
        None
    );
}

#[test]
fn both_notices_of_a_group_that_moved_say_the_same() {
    let moved = |chat: i64, fields: Value| {
        let chat = json!({ "chat": { "id": chat, "type": "group" } });
        read_as("message", with(group(fields), chat)).unwrap()
    };
    for inbound in [
        moved(-4353, json!({ "migrate_to_chat_id": GROUP })),
        moved(
            GROUP,
            json!({ "migrate_from_chat_id": -4353, "sender_chat": { "id": GROUP } }),
        ),
    ] {
        assert_eq!(inbound.answer_to(), "-4353");
        let to = GROUP.to_string();
        assert_eq!(inbound.content, Content::Moved { to });
    }
}

#[test]
fn a_kind_that_nobody_knows_and_a_channel_are_nothing() {
    assert_eq!(read_as("managed_hologram", json!({ "x": 1 })), None);
    assert_eq!(
        read_as("channel_post", private(json!({ "text": "x" }))),
        None
    );
    let channel = json!({ "text": "/viec", "chat": { "id": -100_777, "type": "channel" } });
    assert_eq!(content(private(channel)), None);
    assert_eq!(
        read(&json!({ "message": private(json!({ "text": "x" })) }), OWN),
        Ok(None)
    );
}

#[test]
fn a_command_to_another_bot_is_not_for_us_in_a_chat_of_two_either() {
    let said = |text: &str| words(private(json!({ "text": text })));
    assert_eq!(said("/xong@other_bot II.2"), None);
    for ours in [
        "/xong@Dondoc_Bot II.2",
        "/xong II.2",
        "II.2 xong, hỏi @other_bot",
    ] {
        assert_eq!(said(ours).as_deref(), Some(ours));
    }
}
