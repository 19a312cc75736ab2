//! What stands before and behind the words that something is done, and says nothing of it.

use super::super::Intent;
use super::understand;

fn is_surely_done(text: &str) -> bool {
    let found = understand(text);
    found.intent == Intent::Done && found.sure
}

#[test]
fn then_behind_a_name_alone_is_no_condition() {
    for text in ["II.2/1 thì xong", "II.2/1 thì xong rồi"] {
        assert!(is_surely_done(text), "{text}");
    }
    assert_eq!(understand("kế hoạch thì xong").intent, Intent::Done);
    for text in [
        "có kế hoạch thì xong",
        "ký xong kế hoạch thì xong",
        "mai II.2 thì xong",
        "thêm báo cáo thì xong",
        "II.9, II.10 thì mới xong II.9",
    ] {
        assert!(!is_surely_done(text), "{text}");
    }
}

#[test]
fn what_was_reckoned_or_shown_to_a_superior_is_a_step() {
    for text in [
        "II.2/1 tính xong rồi",
        "II.2/1 rà xong rồi",
        "II.2/1 gửi file cho sếp rồi",
        "II.2/1 UBND tỉnh gửi rồi",
    ] {
        assert!(!is_surely_done(text), "{text}");
    }
    assert!(is_surely_done("II.2/1 rà xong, ban hành rồi"));
}

#[test]
fn thanks_at_the_end_say_nothing_of_the_work() {
    for text in [
        "II.2/1: sếp phó ký rồi, còn sếp trưởng.",
        "Báo cáo quý I: đã ký, chờ phát hành",
        "II.2/1 đã ký, chờ phát hành\nIV.1.a/1 đã ký, chờ phát hành",
        "II.2/1 đã ban hành số 5/KH-UBND",
    ] {
        for thanks in ["\nCảm ơn anh chị!", ". Em cảm ơn ạ", "\nTrân trọng."] {
            let thanked = format!("{text}{thanks}");
            assert_eq!(is_surely_done(&thanked), is_surely_done(text), "{thanked}");
        }
    }
    // A line of a list is as it was before them.
    for thanks in ["\nCảm ơn anh chị!", "\nTrân trọng."] {
        let list = "II.2/1 đã ký, chờ phát hành\nIV.1.a/1 đã ký, chờ phát hành";
        let thanked = understand(&format!("{list}{thanks}"));
        let is_done = |part: &crate::domain::reply::Part| part.intent == Intent::Done;
        assert!(!thanked.parts.iter().any(is_done), "{thanks}: {thanked:?}");
    }
    assert_eq!(understand("Em cảm ơn ạ!").intent, Intent::Ack);
}
