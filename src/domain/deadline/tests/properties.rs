//! What holds for every text.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{calendar, context, day, dues, read};
use crate::domain::deadline::{Draft, parse_row};
use crate::domain::plan::MilestoneKind;

/// Pieces that plans are made of, to be strung together without sense.
const FRAGMENTS: &[&str] = &[
    "Quý",
    "I",
    "IV",
    "/2020",
    "tháng",
    "12",
    "năm",
    "2021",
    "trước",
    "ngày",
    "15/9",
    "31",
    "đến",
    "hết",
    "từ",
    "và",
    ",",
    ";",
    ". ",
    "- ",
    "\n",
    "(",
    ")",
    "hằng",
    "định kỳ",
    "6 tháng",
    "thường xuyên",
    "sau khi",
    "ban hành",
    "báo cáo",
    "chậm nhất",
    "30 ngày",
    "kể từ",
    "cuối",
    "đầu",
    "của",
    "quý sau",
    "nếu có",
    "theo kế hoạch",
    "16h",
    "thứ Sáu",
    "hằng tuần",
    "2922/QĐ-UBND",
    "100%",
    "lần",
    "hoặc",
    "/",
    ":",
    "0",
    "không",
    "tạm dừng",
    "năm sau",
    "theo chỉ đạo",
    "tại cuộc họp",
    "được thông qua",
    "phát sinh",
    "hoàn thành",
    "02 ngày",
    "nửa",
    "T",
];

fn is_sound(drafts: &[Draft]) -> bool {
    drafts.iter().all(|draft| {
        (draft.kind == MilestoneKind::Due) == draft.due_on.is_some()
            && !draft.rule.is_empty()
            && draft
                .due_on
                .is_none_or(|due| draft.opens_on.is_some_and(|opens| opens <= due))
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", year in any::<i32>()) {
        let calendar = calendar();
        let _ = parse_row(&text, &text, &context(&calendar, year, None));
    }

    #[test]
    fn no_string_of_fragments_makes_it_panic_or_give_an_unsound_draft(
        pieces in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..14),
        glue in prop::sample::select(vec!["", " "]),
    ) {
        let calendar = calendar();
        let context = context(&calendar, 2020, Some(day("2019-12-31")));
        let text = pieces.join(glue);
        if let Ok(drafts) = parse_row(&text, &text, &context) {
            prop_assert!(!drafts.is_empty());
            prop_assert!(is_sound(&drafts), "{text:?} {drafts:#?}");
        }
    }

    #[test]
    fn a_date_is_the_same_in_every_writing(month in 1_u32..=12, number in 1_u32..=28) {
        let due = NaiveDate::from_ymd_opt(2020, month, number).expect("a date");
        for text in [
            format!("{number}/{month}/2020"),
            format!("chậm nhất ngày {number:02}/{month:02}"),
            format!("đến hết ngày {number}-{month}-2020"),
            format!("Hạn cuối: {number}.{month}.2020"),
            format!("Ngày {number} tháng {month} năm 2020"),
            format!("trước 16h ngày {number}/{month}"),
        ] {
            prop_assert_eq!(dues(&read(&text)), due.to_string(), "{}", text);
        }
    }
}
