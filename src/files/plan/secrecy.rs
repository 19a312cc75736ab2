//! Nothing marked Mật, Tối mật or Tuyệt mật enters (DESIGN rule 16).
//!
//! What counts is a marking, not the word: "không bao gồm văn bản có nội dung mật" is an ordinary sentence.

use crate::domain::spelling::{Word, key, words};
use crate::files::problem::Problem;
use crate::files::toml::{Field, Table};

/// The degrees of secrecy, longest first.
const DEGREES: [&[&str]; 3] = [&["tuyệt", "mật"], &["tối", "mật"], &["mật"]];

/// What stands at the end of the number of a classified document, spaces removed, in capitals.
const NUMBER_MARKS: [&str; 6] = ["(M)", "(TM)", "(TUM)", "(MẬT)", "(TỐIMẬT)", "(TUYỆTMẬT)"];

const REMEDY: &str = "state secrets must not be in this program: take this out of the file and follow it up on paper";

/// A problem if the table has a key that gives it a degree of secrecy.
pub(super) fn of_table(table: &mut Table<'_>) -> Option<Problem> {
    let degree = table.optional_text("secrecy")?;
    if starts_with_degree(&words(&degree)).is_some() {
        return Some(marked(&degree, &degree));
    }
    let remedy = "remove the key: a plan that may be in this program has no degree of secrecy";
    Some(degree.at.problem(
        format!("“{}” is not a degree of secrecy", degree.value),
        remedy,
    ))
}

/// A problem if the number is that of a classified document: `12/QĐ-UBND(M)`.
pub(super) fn of_number(number: &Field<String>) -> Option<Problem> {
    let compact: String = number.split_whitespace().collect::<String>().to_uppercase();
    let mark = NUMBER_MARKS.iter().find(|mark| compact.ends_with(*mark))?;
    Some(marked(number, mark))
}

/// A problem if the text carries a marking.
pub(super) fn of_text(text: &Field<String>) -> Option<Problem> {
    text.lines()
        .find_map(marking)
        .map(|marking| marked(text, marking))
}

fn marked(field: &Field<String>, marking: &str) -> Problem {
    field
        .at
        .problem(format!("this is marked “{marking}”"), REMEDY)
}

/// The marking of a line: a line of its own, the head of a line in capitals, in brackets, or after "Độ mật:".
fn marking(line: &str) -> Option<&str> {
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
        let inside = &line[at + 1..];
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
        let label = words(&line[..at]);
        let ends = label.len() >= 2 && is(&label[label.len() - 2..], &["độ", "mật"]);
        let degree = &line[at + 1..];
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
