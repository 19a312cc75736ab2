//! What the sender wrote, without what they quote, sign with, or forward.
//!
//! Every mail of ours carries a marker line on top, so a reply usually ends there. Where it is gone, the lines by which
//! mail programs introduce a quotation are looked for, in Vietnamese and English. An answer below or between quoted
//! lines is kept. What these lines look like is known to the reader of replies, which meets them in chats as well.

use crate::domain::reply::{attribution, begins_quotation};

/// The words of our marker, "reply above this line", whatever stands around them.
const MARKER: [&str; 6] = ["trả", "lời", "phía", "trên", "dòng", "này"];

/// How long a quoted line is that may have been broken: what follows it at once is its own tail.
const FULL_LINE: usize = 60;

/// The sender's own words.
pub(super) fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut own: Vec<&str> = Vec::new();
    let mut broken_quote = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let plain = line.trim();
        if is_quoted(plain) {
            broken_quote = plain.chars().count() >= FULL_LINE;
            // "On … wrote:" goes with what it introduces.
            at += 1;
            continue;
        }
        if broken_quote && !plain.is_empty() {
            at += 1;
            continue;
        }
        broken_quote = false;
        if let Some(length) = attribution(&lines[at..]) {
            // Quoted lines follow: the sender may go on below them. Otherwise nothing tells where the quotation ends.
            let next = lines[at + length..]
                .iter()
                .find(|line| !line.trim().is_empty());
            if next.is_some_and(|next| is_quoted(next.trim())) {
                at += length;
                continue;
            }
            break;
        }
        if is_marker(plain) || is_signature(line) || begins_quotation(&lines[at..]) {
            break;
        }
        if is_of_a_phone(plain) {
            at += 1;
            continue;
        }
        own.push(line);
        at += 1;
    }
    tidy(&own)
}

/// Without empty lines around, and at most one between.
fn tidy(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for line in lines {
        if line.trim().is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        gap = false;
    }
    out
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>') || line.starts_with("|>")
}

/// Our marker, also behind the marks of a quotation.
fn is_marker(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    words == MARKER
}

/// The dashes above a signature (RFC 3676, 4.3), with or without their space.
fn is_signature(line: &str) -> bool {
    matches!(line, "--" | "-- ") || line == "\u{2014}"
}

/// "Sent from my iPhone", "Đã gửi từ iPhone của tôi": nobody wrote it.
fn is_of_a_phone(line: &str) -> bool {
    let lower = line.to_lowercase();
    let starts = [
        "sent from my ",
        "sent from mail",
        "sent from outlook",
        "get outlook for ",
        "được gửi từ ",
        "đã gửi từ ",
        "gửi từ ",
    ];
    let things = [
        "iphone",
        "ipad",
        "outlook",
        "điện thoại",
        "samsung",
        "galaxy",
        "android",
        "mail",
        "thiết bị",
        "ios",
        "phone",
    ];
    lower.chars().count() <= 60
        && starts.iter().any(|start| lower.starts_with(start))
        && things.iter().any(|thing| lower.contains(thing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example in a brief of ours, which must never come back as somebody's words.
    const TRAP: &str = "“II.9 xong, KH 12/KH-SNV”";

    #[track_caller]
    fn leaves(text: &str, own: &str) {
        assert_eq!(own_words(text), own, "{text}");
    }

    #[test]
    fn our_marker_ends_the_reply() {
        for marker in [
            "— Trả lời phía trên dòng này —",
            "- Trả lời phía trên dòng này -",
            "*— TRẢ LỜI PHÍA TRÊN DÒNG NÀY —*",
        ] {
            leaves(
                &format!("II.2 chưa xong\n\n{marker}\n\n{TRAP}"),
                "II.2 chưa xong",
            );
        }
        leaves(
            "Anh trả lời phía trên dòng này giúp",
            "Anh trả lời phía trên dòng này giúp",
        );
    }

    #[test]
    fn what_mail_programs_write_above_a_quotation_ends_the_reply() {
        for above in [
            "Vào Th 2, 16 thg 3, 2020 vào lúc 07:30 Đôn đốc <bot@noivu.example> đã viết:",
            "Vào Th 2, 16 thg 3, 2020 vào lúc 07:30 Đôn đốc CCHC tỉnh Quảng Nam <\nbot+mfrggzdfmztwq2lk@noivu.example> đã viết:",
            "Vào 07:30 Thứ 2, 16 thg 3, 2020\nĐôn đốc\n<bot@noivu.example> đã viết:",
            "On Mon, Mar 16, 2020 at 7:30 AM Đôn đốc <bot@noivu.example> wrote:",
            "On Mon, Mar 16, 2020 at 7:30 AM Đôn đốc <bot+mfrggzdf@noivu.example>\nwrote:",
            "Ngày 16/03/2020 07:30, Đôn đốc viết:",
            "Đôn đốc <bot@noivu.example> đã viết:",
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "________________________________",
            "Từ: Đôn đốc <bot@noivu.example>\nĐã gửi: Thứ Hai, 16 Tháng Ba 2020 7:30 SA\nĐến: An\nChủ đề: Sở Nội vụ",
            "From: Đôn đốc <bot@noivu.example>\nSent: Monday, March 16, 2020 7:30 AM\nTo: An\nSubject: Sở Nội vụ",
            "*From:* Đôn đốc\n*Date:* 16/3\n*To:* An",
            "Từ: Đôn đốc\nGửi: 16 tháng 3 năm 2020 07:30\nĐến: An\nCc: Bình\nTiêu đề: Sở Nội vụ",
            "Gửi: Thứ Hai, 16/3/2020 07:30\nĐến: An\nTiêu đề: Sở Nội vụ",
            "-- \nNguyễn Văn An\nSở Nội vụ",
            "--\nNguyễn Văn An",
        ] {
            leaves(
                &format!("II.2 chưa xong\n\n{above}\n\n{TRAP}"),
                "II.2 chưa xong",
            );
        }
    }

    #[test]
    fn quoted_lines_are_dropped_and_an_answer_below_or_between_them_is_kept() {
        leaves(
            &format!(
                "On Mon, Mar 16, 2020 at 7:30 AM bot <b@c> wrote:\n> {TRAP}\n> x\n\nII.2 chưa xong"
            ),
            "II.2 chưa xong",
        );
        leaves(
            &format!("Chào bot\n> II.2 Kế hoạch\nchưa xong\n> {TRAP}\n\nII.3 đang làm"),
            "Chào bot\nchưa xong\n\nII.3 đang làm",
        );
        leaves(&format!("> {TRAP}\n>> {TRAP}"), "");
    }

    #[test]
    fn the_tail_of_a_quoted_line_that_was_broken_is_not_an_answer() {
        let long = "> Trả lời ngay thư này, ví dụ: “II.9 trình ký”, “II.9 xin gia hạn đến 17/02 vì”, “II.9 ";
        leaves(
            &format!("II.2 chưa\n\n{long}\nxong, KH 12/KH-SNV ngày 14/01”\n> Trân trọng"),
            "II.2 chưa",
        );
    }

    #[test]
    fn lines_that_only_look_alike_are_kept() {
        for text in [
            "Vào tuần sau tôi sẽ viết:\nbáo cáo II.2",
            "Từ: tuần sau mới làm được",
            "Ngày 12/3 đã trình ký",
            "On hold: chờ STC",
            "II.2 - chưa xong",
            "From: nay đến 15/4 sẽ xong",
            "Gửi từ hôm qua rồi ạ",
            "Ngày: 16/3\nĐến: hết quý\nTình trạng: đang làm",
            "Vào ngày 16/3 em nộp rồi\nAnh Nam viết:\nbáo cáo II.2",
        ] {
            leaves(text, text);
        }
    }

    #[test]
    fn what_a_phone_adds_is_nobodys_words() {
        leaves("II.2 xong\n\nĐã gửi từ iPhone của tôi", "II.2 xong");
        leaves("II.2 xong\n\nSent from my Galaxy", "II.2 xong");
    }

    proptest! {
        #[test]
        fn nothing_is_added(text in "\\PC{0,120}") {
            let own = own_words(&text);
            prop_assert!(own.len() <= text.len());
        }

        #[test]
        fn what_stands_below_the_marker_is_never_kept(above in "[a-zđạ0-9. \n]{0,80}", below in "[a-z \n]{0,80}") {
            let own = own_words(&format!("{above}\n— Trả lời phía trên dòng này —\n{below}ZZZ"));
            prop_assert!(!own.contains("ZZZ"));
        }
    }
}
