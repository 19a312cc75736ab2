//! Whatever arrives, nothing panics.

use super::*;

/// Any JSON, with the keys and words that the reader looks for.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        "[a-z@/ ]{0,12}",
        ".{0,12}",
        prop::sample::select(vec![
            "private",
            "group",
            "supergroup",
            "mention",
            "text_mention",
            "@dondoc_bot 🙏",
            "kicked",
            "restricted",
            "/viec@dondoc_bot",
            "/viec@",
            "../a\\b",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0_u64..20).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "id",
        "type",
        "text",
        "caption",
        "entities",
        "caption_entities",
        "offset",
        "length",
        "user",
        "date",
        "edit_date",
        "message_id",
        "reply_to_message",
        "document",
        "photo",
        "file_id",
        "file_name",
        "mime_type",
        "file_size",
        "width",
        "height",
        "data",
        "old_chat_member",
        "new_chat_member",
        "status",
        "is_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forward_origin",
        "sender_chat",
        "is_bot",
    ]);
    leaf.prop_recursive(5, 96, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..8).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_panic(json in any_json(), number in any::<i64>()) {
        let _ = read(&json, OWN);
        let _ = read(&json, Own { name: None, ..OWN });
        for kind in ["message", "edited_message", "callback_query", "my_chat_member"] {
            let read = read(&json!({ "update_id": number, kind: json }), OWN);
            prop_assert!(read.is_ok(), "with a name nothing has to wait");
        }
    }

    #[test]
    fn no_field_of_a_message_makes_the_reader_panic_or_its_name_change(json in any_json(), in_group: bool) {
        let fields = if json.is_object() { json } else { json!({}) };
        let message = if in_group { group(fields) } else { private(fields) };
        let once = read_as("message", message.clone());
        prop_assert_eq!(&once, &read_as("message", message));
        if let Some(inbound) = once {
            prop_assert!(inbound.external_id.starts_with("4353:815:"));
        }
    }

    #[test]
    fn places_of_a_text_are_on_the_edges_of_letters(text in ".{0,20}", offset in 0_u64..24, length in 0_u64..24) {
        let entities = json!([{ "type": "mention", "offset": offset, "length": length }]);
        let _ = content(group(json!({ "text": text, "entities": entities })));
    }
}
