//! Keystrokes that an input method should have turned into letters: Telex ("hoanf thanhf") and VNI ("ha5n").

use super::spell::{exact, is_syllable, plain};

const TONES: [(char, char, char); 5] = [
    ('s', '1', '\u{301}'),
    ('f', '2', '\u{300}'),
    ('r', '3', '\u{309}'),
    ('x', '4', '\u{303}'),
    ('j', '5', '\u{323}'),
];

/// The word that was meant, in exact spelling, if these lower-case letters are keystrokes.
pub(super) fn decode(word: &str) -> Option<String> {
    if word.chars().count() > 10 || !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let with_digits = word.contains(|c: char| c.is_ascii_digit());
    let decoded = if with_digits { vni(word) } else { telex(word) };
    decoded.filter(|found| *found != word && is_syllable(&plain(found)))
}

fn telex(word: &str) -> Option<String> {
    let mut letters = Letters::default();
    let mut keys = 0;
    let mut vowel_seen = false;
    for c in word.chars() {
        let before = letters.base.last().copied();
        let tone = TONES.iter().find(|(key, _, _)| *key == c);
        let is_key = match (c, before) {
            ('d', Some('d')) if letters.base.len() == 1 => letters.replace_last('d', "đ"),
            ('d', _) if vowel_seen && letters.base.first() == Some(&'d') => {
                letters.replace_first("đ")
            }
            ('a' | 'e' | 'o', _) if vowel_seen && letters.hat(c) => true,
            ('w', _) => letters.horn(),
            _ => match tone {
                Some((_, _, mark)) if vowel_seen && letters.tone.is_none() => {
                    letters.tone = Some(*mark);
                    true
                }
                _ => false,
            },
        };
        if is_key {
            keys += 1;
        } else {
            letters.push(c);
        }
        vowel_seen |= "aeiouy".contains(plain(&exact(&c.to_string())).as_str());
    }
    (keys > 0).then(|| letters.spelt())
}

fn vni(word: &str) -> Option<String> {
    let mut letters = Letters::default();
    for c in word.chars() {
        let done = match c {
            '6' => ['a', 'e', 'o'].iter().any(|vowel| letters.hat(*vowel)),
            '7' => letters.horn(),
            '8' => letters.breve(),
            '9' => letters.replace_first("đ"),
            c => match TONES.iter().find(|(_, key, _)| *key == c) {
                Some((_, _, mark)) => {
                    letters.tone = Some(*mark);
                    true
                }
                None if c.is_ascii_digit() => return None,
                None => {
                    letters.push(c);
                    true
                }
            },
        };
        if !done {
            return None;
        }
    }
    Some(letters.spelt())
}

/// The letters typed so far: the plain ones, and what each is to be written as.
#[derive(Default)]
struct Letters {
    base: Vec<char>,
    written: Vec<String>,
    tone: Option<char>,
}

impl Letters {
    fn push(&mut self, c: char) {
        self.base.push(c);
        self.written.push(c.to_string());
    }

    fn replace_last(&mut self, base: char, written: &str) -> bool {
        let Some(last) = self.base.len().checked_sub(1) else {
            return false;
        };
        self.replace(last, base, written)
    }

    fn replace_first(&mut self, written: &str) -> bool {
        self.replace(0, 'd', written)
    }

    fn replace(&mut self, at: usize, base: char, written: &str) -> bool {
        if self.base.get(at) != Some(&base) || self.written[at].chars().count() > 1 {
            return false;
        }
        written.clone_into(&mut self.written[at]);
        true
    }

    /// "aa", "ee", "oo", or the digit 6.
    fn hat(&mut self, vowel: char) -> bool {
        let last = self.base.iter().rposition(|c| *c == vowel);
        last.is_some_and(|at| self.replace(at, vowel, &format!("{vowel}\u{302}")))
    }

    fn breve(&mut self) -> bool {
        let last = self.base.iter().rposition(|c| *c == 'a');
        last.is_some_and(|at| self.replace(at, 'a', "a\u{306}"))
    }

    /// The key w, or the digit 7: "uo" gives "ươ", otherwise the last of u, o, a that can take it.
    fn horn(&mut self) -> bool {
        let pair = self.base.windows(2).position(|pair| pair == ['u', 'o']);
        if let Some(at) = pair
            && !(at == 1 && self.base[0] == 'q')
        {
            self.replace(at, 'u', "u\u{31b}");
            return self.replace(at + 1, 'o', "o\u{31b}");
        }
        let last = self.base.iter().rposition(|c| matches!(c, 'u' | 'o'));
        match last {
            Some(at) if !(at == 1 && self.base[0] == 'q') => {
                let vowel = self.base[at];
                self.replace(at, vowel, &format!("{vowel}\u{31b}"))
            }
            _ => self.breve(),
        }
    }

    fn spelt(self) -> String {
        let mut word: String = self.written.concat();
        // A word that has its tone already ("hoạchj") keeps it.
        if !TONES.iter().any(|(_, _, mark)| word.contains(*mark)) {
            word.extend(self.tone);
        }
        exact(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telex_becomes_letters() {
        for (keys, word) in [
            ("hoanf", "hoàn"),
            ("rooif", "rồi"),
            ("nhieemj", "nhiệm"),
            ("khoong", "không"),
            ("dduwowcj", "được"),
            ("chuaw", "chưa"),
            ("bij", "bị"),
            ("huyeenj", "huyện"),
            ("nhânj", "nhận"),
            ("tuwf", "từ"),
            ("ddax", "đã"),
        ] {
            assert_eq!(decode(keys), Some(exact(word)), "{keys}");
        }
    }

    #[test]
    fn vni_becomes_letters() {
        for (keys, word) in [
            ("ha5n", "hạn"),
            ("the6m", "thêm"),
            ("tua62n", "tuần"),
            ("d9a4", "đã"),
            ("d9u7o7c5", "được"),
        ] {
            assert_eq!(decode(keys), Some(exact(word)), "{keys}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for word in ["xong", "done", "ii2", "t2", "zalo", "vb", "m1"] {
            assert_eq!(decode(word), None, "{word}");
        }
    }
}
