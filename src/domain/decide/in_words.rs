//! Several tasks in one message, each called by words of its content: "kế hoạch rà soát chờ ký, báo cáo quý I nộp rồi".

use super::content::by_content;
use super::situation::{Owed, Situation};
use crate::domain::reply::{Intent, Reader};

/// A text of more pieces is no report of a few tasks, and is not looked through for each of them.
const MOST_PIECES: usize = 40;

/// The text with the name of each task before what is said of it, so that it is read like one that names them; nothing where
/// its words do not call two tasks at least.
pub(super) fn with_names(text: &str, reader: &Reader, situation: &Situation<'_>) -> Option<String> {
    if pieces(text).nth(MOST_PIECES).is_some() {
        return None;
    }
    let owed = situation.owed.iter();
    let open: Vec<&Owed> = owed.filter(|owed| owed.is_open()).collect();
    let mut written = String::with_capacity(text.len() + 16);
    let mut called = Vec::new();
    for piece in pieces(text) {
        let tells = || {
            let understood = reader.understand(piece, situation.today);
            understood.intent != Intent::Unknown
        };
        if let Some(one) = by_content(piece, &open).filter(|_| tells()) {
            let milestone = &one.obligation.milestone;
            written.extend([" ", &milestone.to_string(), " "]);
            called.push(milestone);
        }
        written.push_str(piece);
    }
    called.sort_unstable();
    called.dedup();
    (called.len() > 1).then_some(written)
}

/// The stretches of a text up to a mark of punctuation, with it. A point or a comma within a number is none.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let ends = |(at, c): &(usize, char)| {
            let after = rest[at + c.len_utf8()..].chars().next();
            matches!(c, '\n' | ';')
                || matches!(c, ',' | '.') && after.is_none_or(char::is_whitespace)
        };
        let end = rest.char_indices().find(ends);
        let end = end.map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_pieces() {
        for text in [
            "",
            "một",
            "một, hai. ba\nbốn; 1,5 và 2.3",
            "xong.",
            ",,\n\n",
        ] {
            assert_eq!(pieces(text).collect::<String>(), text);
        }
        let found: Vec<&str> = pieces("số 1.5, hai.ba; bốn").collect();
        assert_eq!(found, ["số 1.5,", " hai.ba;", " bốn"]);
    }
}
