//! What the sender wrote, without what they quote, sign with, or forward.
//!
//! Every mail of ours carries a marker line on top, so a reply usually ends there. Where it is gone, the lines by which
//! mail programs introduce a quotation are looked for, in Vietnamese and English. An answer below or between quoted
//! lines is kept.

/// The words of our marker, "reply above this line", whatever stands around them.
const MARKER: [&str; 6] = ["trả", "lời", "phía", "trên", "dòng", "này"];

/// How long a quoted line is that may have been broken: what follows it at once is its own tail.
const FULL_LINE: usize = 60;

/// Names of header lines that Outlook puts above what it quotes: the sender, and what comes with it.
const FROM: [&str; 3] = ["từ", "from", "người gửi"];
const BESIDE: [&str; 12] = [
    "đã gửi",
    "ngày gửi",
    "ngày",
    "gửi lúc",
    "sent",
    "date",
    "đến",
    "tới",
    "người nhận",
    "to",
    "chủ đề",
    "subject",
];

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
        if is_marker(plain)
            || is_signature(line)
            || is_divider(plain)
            || is_header_block(&lines[at..])
        {
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

/// "-----Original Message-----", "---------- Forwarded message ---------", and the long line of Outlook.
fn is_divider(line: &str) -> bool {
    let is_rule = line.chars().count() >= 20 && line.chars().all(|c| matches!(c, '_' | '-'));
    let lower = line.to_lowercase();
    let named = [
        "original message",
        "forwarded message",
        "thư gốc",
        "thư ban đầu",
        "thư đã chuyển tiếp",
        "tin nhắn gốc",
        "begin forwarded message",
    ];
    let inner = lower.trim_matches(|c: char| c == '-' || c == '_' || c == ':' || c.is_whitespace());
    is_rule || lower.starts_with(['-', '_', 'b']) && named.contains(&inner)
}

/// How many lines introduce a quotation here: "Vào … đã viết:", "On … wrote:", on one line or broken over two or three.
fn attribution(lines: &[&str]) -> Option<usize> {
    const LINES: usize = 3;
    const LONGEST: usize = 300;
    let first = lines.first()?.trim().to_lowercase();
    let opens = ["vào ", "on ", "ngày ", "lúc ", "trong thư ", "tại ", "le "];
    let by_name =
        first.ends_with("đã viết:") || first.ends_with("wrote:") || first.ends_with("viết:");
    if !opens.iter().any(|open| first.starts_with(open)) {
        // "Nguyễn Văn An <an@…> đã viết:" alone.
        return (by_name && first.contains('@')).then_some(1);
    }
    let mut whole = String::new();
    for (index, line) in lines.iter().take(LINES).enumerate() {
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            return None;
        }
        whole.push_str(&line);
        if whole.len() > LONGEST {
            return None;
        }
        if ["đã viết:", "wrote:", "đã ghi:", "viết:"]
            .iter()
            .any(|end| whole.ends_with(end))
            && whole.contains(|c: char| c.is_ascii_digit() || c == '@')
        {
            return Some(index + 1);
        }
        whole.push(' ');
    }
    None
}

/// The lines above a mail that Outlook quotes: the sender and, within the next ones, two more.
fn is_header_block(lines: &[&str]) -> bool {
    let names = |line: &str| -> Option<String> {
        let line = line.trim().trim_matches('*');
        let (name, rest) = line.split_once(':')?;
        (!rest.trim().is_empty() || line.ends_with(':'))
            .then(|| name.trim().trim_matches('*').to_lowercase())
    };
    let is_from = |line: &&str| names(line).is_some_and(|name| FROM.contains(&name.as_str()));
    if !lines.first().is_some_and(is_from) {
        return false;
    }
    let beside = lines
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .take(5)
        .filter(|line| names(line).is_some_and(|name| BESIDE.contains(&name.as_str())))
        .count();
    beside >= 2
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
