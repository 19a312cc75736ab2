//! Spelling of single words: what two writings of one Vietnamese word have in common.

use crate::domain::spelling;
pub(super) use crate::domain::spelling::plain;

/// One spelling per word: lower case, the tone at the end, a final "y" after a consonant written "i" ("kỳ", "kì").
pub(super) fn exact(word: &str) -> String {
    let mut spelt = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        spelling::key(word)
    };
    let stem_end = spelt.find(is_mark).unwrap_or(spelt.len());
    let stem = &spelt.as_bytes()[..stem_end];
    if let [.., before, b'y'] = stem
        && !b"aeiouy".contains(before)
    {
        spelt.replace_range(stem_end - 1..stem_end, "i");
    }
    spelt
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "g", "h",
    "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "đ", "",
];

const RIMES: &str = " a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem \
    ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi \
    om on ong oong ooc op ot u ua uan uang uanh uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot \
    uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem yen yet yeu yt ynh ";

/// Whether a spelling without diacritics has the form of a Vietnamese syllable.
pub(super) fn is_syllable(plain: &str) -> bool {
    plain.len() <= 7
        && plain.bytes().all(|letter| letter.is_ascii_lowercase())
        && ONSETS.iter().any(|onset| {
            plain.strip_prefix(onset).is_some_and(|rime| {
                !rime.is_empty()
                    && RIMES
                        .match_indices(rime)
                        .any(|(at, _)| is_whole(at, rime.len()))
            })
        })
}

fn is_whole(at: usize, length: usize) -> bool {
    let bytes = RIMES.as_bytes();
    bytes[at - 1] == b' ' && bytes[at + length] == b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_word_have_one_spelling() {
        assert_eq!(exact("Ký"), exact("kí"));
        assert_eq!(exact("hoà"), exact("hòa"));
        assert_eq!(exact("quý"), exact("quý"));
        assert_ne!(exact("hạn"), exact("hàn"));
        assert_eq!(plain(&exact("Đường")), "duong");
    }

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in [
            "hoan", "thanh", "nghieng", "quyet", "giup", "xong", "ky", "y", "uy",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        // Some letters of other scripts decompose into a space and a mark.
        for word in [
            "", " ", " i", "a ", "thogn", "hoanf", "xomg", "done", "bcsct", "scan",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
