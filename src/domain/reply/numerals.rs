//! What begins with a number or a Roman numeral: document numbers, dates, per cents, hours, tasks; and addresses.
//!
//! Each function looks at the beginning of a text and gives what stands there with its length in bytes.

use super::lexicon::Signs;
use super::token::{Kind, Numeric};

/// Groups of tasks, from the first on.
pub(super) const ROMANS: [&str; 12] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
];

/// A number, a per cent, a date or an hour.
pub(super) fn numeric(rest: &str, dated: bool) -> (Kind, usize) {
    let digits = digits(rest);
    let value = value(&rest[..digits]);
    let after = &rest[digits..];
    if let Some(length) = percent_sign(after) {
        return (Kind::Percent(value), digits + length);
    }
    if let Some((numeric, length)) = day(rest, dated) {
        return (Kind::Day(numeric), length);
    }
    if let Some(length) = hour(rest, digits, value) {
        return (Kind::Hour, length);
    }
    if let Some((value, length)) = grouped(rest, digits) {
        return (Kind::Number(value), length);
    }
    // "85,5%"
    if after.starts_with([',', '.']) {
        let more = self::digits(&after[1..]);
        if more > 0
            && let Some(length) = percent_sign(&after[1 + more..])
        {
            return (Kind::Percent(value), digits + 1 + more + length);
        }
    }
    (Kind::Number(value), digits)
}

fn percent_sign(after: &str) -> Option<usize> {
    let space = usize::from(after.starts_with(' '));
    after[space..]
        .starts_with(['%', '％'])
        .then(|| space + after[space..].chars().next().map_or(0, char::len_utf8))
}

/// "4.200" is four thousand two hundred.
fn grouped(rest: &str, first: usize) -> Option<(u32, usize)> {
    let mut at = first;
    let mut groups = 0;
    while rest[at..].starts_with('.') && digits(&rest[at + 1..]) == 3 {
        at += 4;
        groups += 1;
    }
    (groups > 0 && first <= 3 && groups <= 2).then(|| (value(&rest[..at].replace('.', "")), at))
}

fn day(rest: &str, dated: bool) -> Option<(Numeric, usize)> {
    let first = digits(rest);
    let separator = rest[first..]
        .chars()
        .next()
        .filter(|c| "/-.".contains(*c))?;
    let second = digits(&rest[first + 1..]);
    let mut length = first + 1 + second;
    if !(1..=2).contains(&first) || !(1..=2).contains(&second) {
        return None;
    }
    let (day, month) = (value(&rest[..first]), value(&rest[first + 1..length]));
    let mut year = None;
    if rest[length..].starts_with(separator) || rest[length..].starts_with(['/', '-', '.']) {
        let third = digits(&rest[length + 1..]);
        let written = &rest[length + 1..length + 1 + third];
        year = match third {
            4 => Some(value(written)),
            2 => Some(2000 + value(written)),
            _ => None,
        };
        if year.is_some() {
            length += 1 + third;
        } else if third > 0 {
            return None;
        }
    }
    let possible = (1..=31).contains(&day) && (1..=12).contains(&month);
    let closed = !rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '%');
    let plausible = separator != '.' || year.is_some() || dated;
    let year = year.and_then(|year| i32::try_from(year).ok());
    (possible && closed && plausible).then_some((Numeric { day, month, year }, length))
}

fn hour(rest: &str, digits: usize, value: u32) -> Option<usize> {
    let after = &rest[digits..];
    if value > 24 || digits > 2 {
        return None;
    }
    let unit = after.chars().next().filter(|c| "hHgG:".contains(*c))?;
    let minutes = self::digits(&after[1..]);
    let length = digits + 1 + minutes.min(2);
    let closed = !rest[length..].starts_with(char::is_alphanumeric);
    (closed && (unit != ':' || minutes == 2)).then_some(length)
}

/// A task: "II.2", "ii-2", "II2", "II,2", "VII 12", "IV.1b", "IV.1.B", "II.2/KH", in normal form.
pub(super) fn task(rest: &str) -> Option<(String, usize)> {
    let letters = run(rest, |c| matches!(c, 'I' | 'V' | 'X' | 'i' | 'v' | 'x'));
    if letters == 0 {
        return None;
    }
    let upper = rest[..letters].to_ascii_uppercase();
    let roman = ROMANS.iter().find(|roman| **roman == upper)?;
    let after = &rest[letters..];
    let comma = usize::from(after.starts_with(','));
    let separator = comma.max(run(after, |c| matches!(c, '.' | '-' | ' ' | '_')));
    let joined = &after[..separator];
    let number = &after[separator..];
    let digits = digits(number);
    let is_upper = rest.starts_with(char::is_uppercase);
    let fits = match joined {
        "" => is_upper || letters > 1 || rest.starts_with(['i', 'v']),
        "." | ". " | "-" | "_" => true,
        // The comma beside the point on the keys of a telephone; "I, 3 việc" has a space.
        "," => is_upper,
        " " if !is_upper => letters > 1 && upper != "VI" && upper != "XI",
        " " => is_upper && letters > 1 || is_upper && letters == 1 && rest.starts_with('V'),
        " ." | " . " | " - " => is_upper,
        _ => false,
    };
    if !fits || !(1..=2).contains(&digits) || value(&number[..digits]) == 0 {
        return None;
    }
    let mut length = letters + separator + digits;
    let mut name = format!("{roman}.{}", value(&number[..digits]));
    let tail = &rest[length..];
    // A sub-item: "1b", "1.b", and "1.B" of whoever writes in capitals.
    let dot = usize::from(tail.starts_with('.'));
    if let Some(letter) = tail[dot..]
        .chars()
        .next()
        .map(|c| c.to_ascii_lowercase())
        .filter(|c| ('a'..='h').contains(c))
        && !tail[dot + 1..].starts_with(char::is_alphanumeric)
    {
        name = format!("{name}.{letter}");
        length += dot + 1;
    } else if tail.starts_with(|c: char| c.is_alphanumeric() || c == '%')
        || tail
            .strip_prefix('.')
            .is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit()))
    {
        // "v2.1.0" is a version.
        return None;
    }
    if rest.starts_with('v') && letters == 1 && joined.is_empty() && tail.starts_with('.') {
        return None;
    }
    if rest[length..].starts_with('/') {
        let kind = &rest[length + 1..];
        let letters = run(kind, char::is_alphanumeric);
        let closed = !kind[letters..].starts_with(['/', '-']);
        if kind.starts_with(|c: char| c.is_ascii_digit()) {
            // "III 15/4" is a date after a numeral; "II.2/1" is the first milestone.
            if joined.trim().is_empty() || letters > 1 || !closed {
                return None;
            }
        }
        if closed && (1..=4).contains(&letters) {
            name = format!("{name}/{}", kind[..letters].to_uppercase());
            length += 1 + letters;
        }
    }
    Some((name, length))
}

/// A document number: "12/KH-SNV", "03/qd-snn", "47-KH/BCĐ", in standard form.
pub(super) fn document(rest: &str, signs: &Signs) -> Option<(String, usize)> {
    let digits = digits(rest);
    if digits > 6 {
        return None;
    }
    let mut at = digits;
    if let Some(letter) = rest[at..].chars().next().filter(char::is_ascii_alphabetic) {
        at += letter.len_utf8();
    }
    at += run(&rest[at..], |c| c == ' ').min(1);
    let mut number = rest[..at].trim_end().to_uppercase();
    let separator = match rest[at..].chars().next()? {
        c if "/-".contains(c) => c,
        // "604 QĐ-UBND": the stroke is left out.
        _ if rest[..at].ends_with(' ') && names_document(&rest[at..], signs) => {
            at -= 1;
            '/'
        }
        _ => return None,
    };
    at += 1;
    if self::digits(&rest[at..]) == 4 && rest[at + 4..].starts_with(['/', '-']) {
        number = format!("{number}/{}", &rest[at..at + 4]);
        at += 5;
    }
    at += run(&rest[at..], |c| c == ' ').min(1);
    let spaced = rest[..at].contains(' ');
    let first = segment(&rest[at..])?;
    let kind = &rest[at..at + first];
    let sign = signs.canonical(kind);
    let is_upper = kind.chars().all(|c| c.is_uppercase() || c == '&');
    if sign.is_none() && (!is_upper || kind.chars().count() < 2 || spaced || separator == '-') {
        return None;
    }
    let mut name = format!("{number}{separator}{}", sign.unwrap_or(kind));
    at += first;
    let mut bodies = 0;
    while rest[at..].starts_with(['-', '/', ' ']) && bodies < 4 {
        let gap = run(&rest[at..], |c| c == ' ');
        let after = &rest[at + gap..];
        let Some(joint) = after.chars().next().filter(|c| "-/".contains(*c)) else {
            break;
        };
        let wrapped = run(&after[1..], |c| c == ' ');
        let Some(length) = segment(&after[1 + wrapped..]) else {
            break;
        };
        let body = &after[1 + wrapped..1 + wrapped + length];
        if (gap > 0 || wrapped > 0) && !body.starts_with(char::is_uppercase) {
            break;
        }
        let upper = body.to_uppercase();
        name = format!("{name}{joint}{}", signs.canonical(body).unwrap_or(&upper));
        at += gap + 1 + wrapped + length;
        bodies += 1;
    }
    // "3/xã" and "2-tb" are no numbers of documents; a lone sign must at least be written in capitals.
    (bodies > 0 || is_upper || separator == '/').then_some((name, at))
}

/// "QĐ-UBND": a sign and a body.
fn names_document(rest: &str, signs: &Signs) -> bool {
    segment(rest).is_some_and(|length| {
        let sign = &rest[..length];
        signs.canonical(sign).is_some()
            && sign.chars().all(char::is_uppercase)
            && rest[length..].starts_with('-')
            && segment(&rest[length + 1..]).is_some()
    })
}

/// One part of a document number: letters, Đ and & among them, that end where a word ends.
fn segment(rest: &str) -> Option<usize> {
    let length = run(rest, |c| c.is_alphanumeric() || c == '&');
    let part = &rest[..length];
    let letters = part
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, 'Đ' | 'đ' | '&' | 'Ư' | 'Ơ'));
    let starts = part.starts_with(char::is_alphabetic);
    (starts && letters && length <= 14).then_some(length)
}

/// An address on the web or of a mailbox.
pub(super) fn link(rest: &str) -> Option<usize> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = run(rest, |c| !matches!(c, ' ' | '\n' | ',' | ';' | ')' | '"'));
    let word = rest[..length].trim_end_matches(['.', '!', '?', ':']);
    let is_address = ["http://", "https://", "www."]
        .iter()
        .any(|start| word.starts_with(start));
    let dot = word.rfind('.');
    let has_domain = dot.is_some_and(|dot| {
        let last = &word[dot + 1..];
        [
            "vn", "com", "net", "org", "me", "docx", "pdf", "xlsx", "doc", "xls", "jpg", "zip",
        ]
        .contains(&last)
            || word.contains(".vn/")
            || word.contains(".com/")
    });
    (is_address || has_domain).then_some(word.len())
}

fn digits(text: &str) -> usize {
    run(text, |c| c.is_ascii_digit())
}

fn value(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

fn run(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}
