//! Where the words of another mail begin: the lines by which mail programs introduce what they quote or forward, in
//! Vietnamese and English.
//!
//! One rule for all ways in: a mail program's words may be copied into a chat as well.

/// How many lines are looked at for a heading of a mail.
const HEADING: usize = 6;
/// So many named lines make a heading.
const LEAST_NAMED: usize = 3;
/// "Vào … đã viết:" is broken over so many lines at most, of so many bytes together.
const LINES: usize = 3;
const LONGEST: usize = 300;

/// Names of the lines above a mail: whose it is.
const FROM: [&str; 5] = ["từ", "from", "người gửi", "tu", "nguoi gui"];
/// The other ones.
const BESIDE: [&str; 33] = [
    "đã gửi",
    "gửi",
    "ngày gửi",
    "ngày",
    "gửi lúc",
    "thời gian",
    "sent",
    "date",
    "đến",
    "tới",
    "người nhận",
    "gửi đến",
    "gửi tới",
    "to",
    "cc",
    "bcc",
    "đồng gửi",
    "chủ đề",
    "tiêu đề",
    "subject",
    "quan trọng",
    "mức độ quan trọng",
    "importance",
    "tệp đính kèm",
    "attachments",
    "da gui",
    "gui",
    "ngay",
    "den",
    "toi",
    "nguoi nhan",
    "chu de",
    "tieu de",
];

/// Those that say when or what about: one of them right below whose mail it is makes a heading of two lines. "Từ: …" and
/// "Đến: …" alone may be a period.
const WHEN_OR_WHAT: [&str; 14] = [
    "đã gửi",
    "gửi",
    "ngày gửi",
    "ngày",
    "gửi lúc",
    "sent",
    "date",
    "chủ đề",
    "tiêu đề",
    "subject",
    "da gui",
    "ngay",
    "chu de",
    "tieu de",
];

/// How an introduction ends.
const WROTE: [&str; 6] = [
    "đã viết:",
    "wrote:",
    "đã ghi:",
    "viết:",
    "da viet:",
    "viet:",
];

/// Whether the first of these lines, with those after it, introduces another mail.
pub fn begins_quotation(lines: &[&str]) -> bool {
    lines.first().is_some_and(|line| is_divider(line.trim()))
        || is_heading(lines)
        || attribution(lines).is_some()
}

/// "-----Original Message-----", "---------- Forwarded message ---------", and the long line of Outlook.
fn is_divider(line: &str) -> bool {
    let named = [
        "original message",
        "forwarded message",
        "thư gốc",
        "thư ban đầu",
        "thư đã chuyển tiếp",
        "tin nhắn gốc",
        "begin forwarded message",
    ];
    if !line.starts_with(['-', '_', 'b', 'B']) {
        return false;
    }
    let is_rule = line.len() >= 20 && line.chars().all(|c| matches!(c, '_' | '-'));
    let lower = line.to_lowercase();
    let inner = lower.trim_matches(|c: char| c == '-' || c == '_' || c == ':' || c.is_whitespace());
    is_rule || named.contains(&inner)
}

/// How many lines introduce a quotation here: "Vào … đã viết:", "On … wrote:", on one line or broken over two or three.
pub fn attribution(lines: &[&str]) -> Option<usize> {
    let opens = ["vào ", "on ", "ngày ", "lúc ", "trong thư ", "tại ", "le "];
    let ends = |text: &str| WROTE.iter().any(|end| text.ends_with(end));
    let mut whole = lines.first()?.trim().to_lowercase();
    if !opens.iter().any(|open| whole.starts_with(open)) {
        // "Nguyễn Văn An <an@…> đã viết:" alone.
        return (ends(&whole) && whole.contains('@')).then_some(1);
    }
    for length in 1..=LINES {
        if whole.len() > LONGEST {
            return None;
        }
        // A day alone may be that of the sender's own words, broken before "Anh Nam viết:".
        let is_dated = length == 1 && whole.contains(|c: char| c.is_ascii_digit());
        if ends(&whole) && (is_dated || whole.contains('@') || names_hour(&whole)) {
            return Some(length);
        }
        let next = lines.get(length)?.trim();
        if next.is_empty() {
            return None;
        }
        whole.push(' ');
        whole.push_str(&next.to_lowercase());
    }
    None
}

/// The lines above a mail that is quoted: whose it is, or when to the minute, and others like it, right below one another.
fn is_heading(lines: &[&str]) -> bool {
    let mut named: Vec<String> = Vec::new();
    let mut is_of_mail = false;
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    for line in filled.take(HEADING) {
        let Some((name, value)) = heading_line(line) else {
            break;
        };
        is_of_mail |= FROM.contains(&name.as_str()) || names_hour(value);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    let is_short = matches!(named.as_slice(), [from, beside, ..]
        if FROM.contains(&from.as_str()) && WHEN_OR_WHAT.contains(&beside.as_str()));
    is_of_mail && (named.len() >= LEAST_NAMED || is_short)
}

/// "Đã gửi: Thứ Ba, …", "*Từ:* …": the name of such a line, and what it says.
fn heading_line(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim().trim_start_matches('*').split_once(':')?;
    if name.len() > 40 {
        return None;
    }
    let name = name.trim().trim_matches('*').to_lowercase();
    let known = FROM.contains(&name.as_str()) || BESIDE.contains(&name.as_str());
    known.then_some((name, value))
}

/// "07:30", "7:30 SA".
fn names_hour(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|four| {
        four[0].is_ascii_digit()
            && four[1] == b':'
            && four[2].is_ascii_digit()
            && four[3].is_ascii_digit()
    })
}
