//! Degrees of secrecy that a text is marked with (Law on Protection of State Secrets 29/2018/QH14, article 8): nothing marked Mật,
//! Tối mật or Tuyệt mật enters (DESIGN rule 16).
//!
//! What counts is a marking, not the word: "không bao gồm văn bản có nội dung mật" is an ordinary sentence.

use super::spelling::{Word, key, words};

/// The degrees of secrecy, longest first.
const DEGREES: [&[&str]; 3] = [&["tuyệt", "mật"], &["tối", "mật"], &["mật"]];

/// What stands at the end of the number of a classified document, spaces removed, in capitals.
const NUMBER_MARKS: [&str; 6] = ["(M)", "(TM)", "(TUM)", "(MẬT)", "(TỐIMẬT)", "(TUYỆTMẬT)"];

/// The marking that a text carries.
#[must_use]
pub fn marking(text: &str) -> Option<&str> {
    text.lines().find_map(marking_of_line)
}

/// The marking of a message: that of a text, or of the number of a document in it.
#[must_use]
pub fn marking_of_message(text: &str) -> Option<&str> {
    marking(text).or_else(|| spoken(text)).or_else(|| {
        text.match_indices('(').find_map(|(at, _)| {
            let mark = beginning(&text[at..]);
            let mark = &mark[..=mark.find(')')?];
            let number = ending(&text[..at]).split_whitespace().next_back()?;
            let is_number =
                number.contains('/') && number.starts_with(|c: char| c.is_ascii_digit());
            (is_number && mark_of_number(mark).is_some()).then_some(mark)
        })
    })
}

/// "Tuyệt mật", "đóng dấu Mật", "độ mật": said of a document in a sentence. In a plan such words may be an ordinary sentence; in a
/// message nobody needs them.
fn spoken(text: &str) -> Option<&str> {
    let secret = key("mật");
    let marks = ["tuyệt", "tối", "dấu", "độ"].map(key);
    let more = ["khẩu", "thiết", "độ", "mã"].map(key);
    let found = words(text);
    let mut pairs = found.windows(2).zip(1..);
    pairs.find_map(|(pair, at)| {
        let says = pair[1].key == secret && !pair[1].after_break && marks.contains(&pair[0].key);
        // "Mức độ mật thiết", "độ mật khẩu" are words of more.
        let next = found.get(at + 1).filter(|next| !next.after_break);
        let is_part = next.is_some_and(|next| more.contains(&next.key));
        (says && !is_part).then_some(pair[1].text)
    })
}

/// A mark is no longer than this; a message of a megabyte is not looked through once for each of its brackets.
const LONGEST_MARK: usize = 64;

/// As much of the beginning of a text as a mark may take.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_MARK)]
}

/// The same of its end.
fn ending(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST_MARK))..]
}

/// The mark at the end of the number of a classified document: `12/QĐ-UBND(M)`.
#[must_use]
pub fn mark_of_number(number: &str) -> Option<&'static str> {
    let compact: String = number.split_whitespace().collect::<String>().to_uppercase();
    NUMBER_MARKS
        .into_iter()
        .find(|mark| compact.ends_with(mark))
}

/// Whether the words begin with a degree of secrecy.
#[must_use]
pub fn is_degree(text: &str) -> bool {
    starts_with_degree(&words(text)).is_some()
}

/// The marking of a line: a line of its own, the head of a line in capitals, in brackets, or after "Độ mật:".
fn marking_of_line(line: &str) -> Option<&str> {
    let found = words(line);
    let alone = starts_with_degree(&found).is_some_and(|length| length == found.len());
    if alone {
        return Some(line.trim());
    }
    let heads = starts_with_degree(&found).filter(|length| {
        let capital = found[..*length]
            .iter()
            .all(|word| word.text.chars().all(|c| !c.is_lowercase()));
        capital && found.get(*length).is_some_and(|next| next.after_break)
    });
    if let Some(length) = heads {
        return Some(found[length - 1].text);
    }
    bracketed(line).or_else(|| labelled(line))
}

/// `(Mật)`, `[TỐI MẬT]`.
fn bracketed(line: &str) -> Option<&str> {
    line.match_indices(['(', '[']).find_map(|(at, _)| {
        let inside = beginning(&line[at + 1..]);
        let inside = inside[..inside.find([')', ']'])?].trim();
        let found = words(inside);
        let whole = starts_with_degree(&found)? == found.len();
        // "(mật)" may be an ordinary word; "(tuyệt mật)" is none.
        let capital = inside.chars().next().is_some_and(char::is_uppercase);
        (whole && (capital || found.len() > 1)).then_some(inside)
    })
}

/// `Độ mật: Tối mật`.
fn labelled(line: &str) -> Option<&str> {
    line.match_indices(':').find_map(|(at, _)| {
        let label = words(ending(&line[..at]));
        let ends = label.len() >= 2 && is(&label[label.len() - 2..], &["độ", "mật"]);
        let degree = beginning(&line[at + 1..]);
        (ends && starts_with_degree(&words(degree)).is_some()).then(|| degree.trim())
    })
}

/// How many words at the beginning name a degree of secrecy.
fn starts_with_degree(found: &[Word<'_>]) -> Option<usize> {
    let degree = DEGREES
        .iter()
        .find(|degree| found.len() >= degree.len() && is(&found[..degree.len()], degree))?;
    Some(degree.len())
}

fn is(found: &[Word<'_>], wanted: &[&str]) -> bool {
    found.len() == wanted.len()
        && found
            .iter()
            .zip(wanted)
            .all(|(word, wanted)| word.key == key(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marking_is_found_wherever_it_is_stamped() {
        for text in [
            "MẬT",
            " Tối mật ",
            "(TUYỆT MẬT)",
            "Phương án (tuyệt mật)",
            "Phương án [tối mật] của tỉnh",
            "MẬT - Xây dựng phương án",
            "TỐI MẬT: Xây dựng phương án",
            "Phương án phòng thủ (Mật)",
            "Phương án [TỐI MẬT] của tỉnh",
            "Độ mật: Mật",
            "Phương án. Độ mật : tuyệt mật.",
        ] {
            assert!(marking(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_message_may_name_a_classified_number() {
        for text in [
            "II.2/1 xong, số 5/KH-SXD (Mật)",
            "đã ký 12/KH-UBND(M) hôm qua",
            "gửi rồi, 7/BC-UBND (TM)",
            "IV.1.a/1 tuyệt mật",
            "văn bản này đóng dấu Mật nên gửi trực tiếp",
            "tài liệu tối mật",
            "có độ mật",
        ] {
            assert!(marking_of_message(text).is_some(), "{text}");
        }
        for text in [
            "II.2/1 xong (Minh báo)",
            "việc 2 (m) xong",
            "số 5/KH-SXD (bản giấy)",
            "mật độ, mật khẩu",
            "đổi độ mật khẩu",
            "tôi mật báo",
        ] {
            assert_eq!(marking_of_message(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_message_is_looked_through_once() {
        // Ten thousand million steps if each bracket were followed to the end.
        for sign in ["(", ":", "độ mật khẩu ", "a/b ("] {
            assert_eq!(marking_of_message(&sign.repeat(200_000)), None, "{sign}");
        }
        let stamped = format!("{} (Mật)", "việc ".repeat(100_000));
        assert_eq!(marking_of_message(&stamped), Some("Mật"));
    }

    #[test]
    fn the_word_in_a_sentence_is_no_marking() {
        for text in [
            "không bao gồm văn bản có nội dung mật",
            "Số hóa hồ sơ (trừ hồ sơ mật)",
            "Danh mục bí mật nhà nước độ Mật, Tối mật",
            "văn bản mật: không gửi qua mạng",
            "Mật ong và sản phẩm OCOP",
            "Mật độ dân số",
            "bảo mật; an toàn thông tin (bảo mật)",
            "tài liệu (mật) gửi theo đường công văn",
            "",
        ] {
            assert_eq!(marking(text), None, "{text}");
        }
    }
}
