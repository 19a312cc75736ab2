//! What a few words say to a question.

use super::super::Says;
use super::understand;

#[test]
fn a_few_words_answer_a_question_and_more_are_a_message_of_their_own() {
    let cases: [(Option<Says>, &[&str]); 4] = [
        (
            Some(Says::Yes),
            &[
                "đúng",
                "đúng rồi em",
                "dạ đúng ạ",
                "phải rồi nhé",
                "chính xác",
                "dung roi",
                "Đúng.",
                "vâng",
                "dạ",
                "ok em",
                "👍",
            ],
        ),
        (
            Some(Says::No),
            &[
                "không",
                "không phải",
                "sai rồi em ơi",
                "giữ nguyên",
                "cứ để vậy nha",
                "dạ không ạ",
                "ko",
                "thôi khỏi",
            ],
        ),
        (
            Some(Says::NoNumber),
            &[
                "chưa có số",
                "dạ chưa có số ạ",
                "văn bản chưa có số",
                "số để sau",
                "chưa lấy số văn bản",
                "có số báo sau",
            ],
        ),
        (
            None,
            &[
                "",
                "đúng không?",
                "để em xem lại",
                "ok để em xem",
                "cảm ơn em",
                "đúng rồi, II.2 xong",
                "không phải việc của bên em",
                "chưa có số liệu",
                "chưa có số thu của các xã",
                "xong rồi",
                "đúng, không",
                "giữ nguyên hạn cũ đến 15/4",
            ],
        ),
    ];
    for (says, texts) in cases {
        for text in texts {
            assert_eq!(understand(text).details.says, says, "{text}");
        }
    }
}

#[test]
fn work_is_given_to_a_person_or_is_that_of_another_unit() {
    for (to_a_person, text) in [
        (true, "đồng chí Lan phụ trách II.2/1"),
        (true, "giao chị Lan làm II.2"),
        (false, "II.2 không phải việc của Sở"),
        (false, "II.2 là việc của bên Tài chính"),
        (false, "nhắn nhầm người rồi, II.2 chị Lan phụ trách"),
        (false, "II.2 thuộc Ban Dân tộc"),
        (false, "giao huyện Thăng Bình làm II.2"),
        (false, "II.2 do Thanh tra tỉnh chủ trì"),
        (false, "II.2 xong rồi"),
    ] {
        assert_eq!(understand(text).details.to_a_person, to_a_person, "{text}");
    }
}
