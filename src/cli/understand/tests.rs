use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::reply::Reader;

static READER: LazyLock<Reader> = LazyLock::new(|| load_reader(&Folder::lexicon()).unwrap());

fn answers(input: &[u8]) -> (Exit, Vec<serde_json::Value>) {
    let mut out = Vec::new();
    let sent = "2020-03-10".parse().unwrap();
    let exit = lines::understand(&READER, sent, &Writer::default(), input, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let values = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (exit, values.collect())
}

#[test]
fn each_line_is_answered_in_order_and_a_wrong_one_is_named() {
    let input = "{\"text\":\"II.2 xong rồi\",\"id\":7}\nno json\n{\"sent\":\"2020-03-10\"}\n\n{\"text\":\"mai nhắc lại em nhé\",\"sent\":\"2020-06-01\"}";
    let (exit, found) = answers(input.as_bytes());
    assert_eq!(exit, Exit::WrongInput);
    assert_eq!(found.len(), 5, "a line of input, a line of output");
    assert_eq!(found[0]["intent"], "done");
    assert_eq!(found[0]["refs"], serde_json::json!(["II.2"]));
    assert!(found[1]["error"].as_str().unwrap().contains("line 2"));
    assert!(found[2]["error"].as_str().unwrap().contains("line 3"));
    assert!(found[3]["error"].as_str().unwrap().contains("line 4"));
    assert_eq!(found[4]["intent"], "snooze");
    assert_eq!(found[4]["date"], "2020-06-02");
}

#[test]
fn what_is_absent_is_null_and_parts_are_only_there_when_tasks_differ() {
    let input =
        "{\"text\":\"Dạ vâng ạ\"}\n{\"text\":\"I.9 đã nộp rồi, I.10 xin gia hạn đến 1/4\"}\n";
    let (exit, found) = answers(input.as_bytes());
    assert_eq!(exit, Exit::Fine);
    let keys: Vec<&String> = found[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["intent", "sure", "refs", "percent", "date", "doc"]);
    assert!(found[0]["date"].is_null() && found[0]["doc"].is_null());
    assert_eq!(
        found[1]["parts"],
        serde_json::json!([{"ref": "I.9", "intent": "done"}, {"ref": "I.10", "intent": "extension"}])
    );
}

#[test]
fn a_reply_is_explained_clause_by_clause() {
    let mut out = Vec::new();
    let args = UnderstandArgs {
        sent: Some("2020-03-10".parse().unwrap()),
        json: false,
        agency: None,
        text: vec!["II.2 xong rồi, số 12/KH-SNV ngày 6/3".to_owned()],
        config: ConfigFile::default(),
    };
    assert_eq!(run(&args, &mut out).unwrap(), Exit::Fine);
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("done, sure; tasks II.2; date 2020-03-06 Fri; document 12/KH-SNV"),
        "{text}"
    );
}

#[test]
fn an_agency_speaks_of_itself_by_its_name_and_an_unknown_one_is_refused() {
    let mut args = UnderstandArgs {
        sent: Some("2020-03-10".parse().unwrap()),
        json: true,
        agency: Some("SNV".to_owned()),
        text: vec!["Sở Nội vụ đã ban hành kế hoạch".to_owned()],
        config: ConfigFile::default(),
    };
    let mut out = Vec::new();
    assert_eq!(run(&args, &mut out).unwrap(), Exit::Fine);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(r#""intent":"done","sure":true"#), "{text}");
    args.agency = Some("SNVX".to_owned());
    let refused = run(&args, &mut Vec::new()).unwrap_err();
    assert!(refused.is::<WrongInput>(), "{refused}");
}

proptest! {
    #[test]
    fn any_bytes_are_answered_line_by_line(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..6)) {
        let input = lines.join(&b'\n');
        let expected = input.split_inclusive(|byte| *byte == b'\n').count();
        let (_, found) = answers(&input);
        prop_assert_eq!(found.len(), expected);
    }
}
