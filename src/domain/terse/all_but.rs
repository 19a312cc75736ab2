//! "Xong cả rồi trừ II.2", "trừ báo cáo quý I, còn lại xong hết": all are finished but those that are named.

use super::words::{Is, Sense, Terse, Unit};

/// What is said of all, and what it is not said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excepted<'t> {
    /// What is said of all others, without the words for them; `None` where that was said before.
    pub of_all: Option<String>,
    /// The words for what is left out.
    pub but: &'t str,
}

impl Terse {
    /// What is said of all, of a text that leaves out the tasks `refs`; `None` where it does not, or says more of them.
    #[must_use]
    pub fn all_but<'t>(&self, text: &'t str, refs: &[String]) -> Option<&'t str> {
        let units = self.units(text, &[Sense::Except, Sense::All, Sense::Filler]);
        let except = units
            .iter()
            .position(|unit| unit.is_one_of(&[Sense::Except]))?;
        let is_named = |unit: &Unit<'_>| refs.iter().any(|one| one.eq_ignore_ascii_case(unit.text));
        let (of_all, but) = (&units[..except], &units[except + 1..]);
        let left_out = but.iter().filter(|unit| is_named(unit)).count();
        let says_all = of_all.iter().any(|unit| unit.is_one_of(&[Sense::All]));
        let is_plain = left_out > 0
            && left_out == refs.len()
            && says_all
            && but
                .iter()
                .all(|unit| is_named(unit) || unit.is_one_of(&[Sense::Filler]))
            && of_all
                .iter()
                .all(|unit| matches!(unit.is, Is::Word(_) | Is::Other));
        is_plain.then(|| text[..units[except].start].trim_end_matches([' ', ',', ';', '.']))
    }

    /// What is left out in a few words: "xong hết trừ báo cáo quý", "trừ báo cáo quý, còn lại xong", "trừ cái báo cáo quý".
    #[must_use]
    pub fn excepted<'t>(&self, text: &'t str) -> Option<Excepted<'t>> {
        const MOST_WORDS: usize = 8;
        const ENDS: [char; 4] = [',', ';', '.', '\n'];
        let senses = [
            Sense::Except,
            Sense::ExceptEnd,
            Sense::ExceptOut,
            Sense::Rest,
            Sense::All,
            Sense::Filler,
        ];
        let units = self.units(text, &senses);
        let except = units
            .iter()
            .position(|unit| unit.is_one_of(&[Sense::Except]))?;
        let from = units[except].start;
        let (before, behind) = (&text[..from], &text[from + units[except].text.len()..]);
        let says_nothing = units[..except]
            .iter()
            .all(|unit| unit.is_one_of(&[Sense::Filler]));
        let over = units[except + 1..]
            .iter()
            .find(|unit| unit.is_one_of(&[Sense::ExceptEnd, Sense::ExceptOut]));
        let (but, of_all) = match (behind.trim().split_once(ENDS), over) {
            (Some((but, rest)), _) => (but, Some(rest.trim()).filter(|rest| !rest.is_empty())),
            // "Trừ kế hoạch ra là xong hết".
            (None, Some(over)) if says_nothing => {
                let but = &text[from + units[except].text.len()..over.start];
                (but, Some(text[over.start + over.text.len()..].trim()))
            }
            (None, _) => (behind, None),
        };
        let of_all = match of_all {
            // "Xong hết trừ báo cáo, mai nộp" says more than this.
            Some(_) if !says_nothing => return None,
            None if !says_nothing => Some(before.trim_end_matches([' ', ',', ';', '.'])),
            rest => rest,
        };
        let is_short = (1..=MOST_WORDS).contains(&but.split_whitespace().count());
        // "Riêng kế hoạch thì xong rồi" leaves nothing out: what is said behind it is said of all where words for all stand there.
        let is_out = over.is_some_and(|unit| unit.is_one_of(&[Sense::ExceptOut]));
        let of_all = match of_all {
            Some(words) => match self.without_words_for_all(words) {
                None if says_nothing && !is_out => return None,
                None => Some(words.to_owned()),
                said => said,
            },
            None => None,
        };
        let but = but.trim();
        is_short.then_some(Excepted { of_all, but })
    }

    /// What is left out by a few words that say nothing else: "trừ kế hoạch", "ngoài 2 ra".
    #[must_use]
    pub fn left_out<'t>(&self, text: &'t str) -> Option<&'t str> {
        let units = self.units(
            text,
            &[
                Sense::Except,
                Sense::ExceptEnd,
                Sense::ExceptOut,
                Sense::All,
                Sense::Filler,
            ],
        );
        let except = units
            .iter()
            .position(|unit| unit.is_one_of(&[Sense::Except]))?;
        let (before, behind) = (&units[..except], &units[except + 1..]);
        let says_nothing = before
            .iter()
            .all(|unit| unit.is_one_of(&[Sense::Filler, Sense::All]) || self.count(unit).is_some());
        let end = behind
            .iter()
            .find(|unit| unit.is_one_of(&[Sense::ExceptEnd, Sense::ExceptOut]));
        let end = end.map_or(text.len(), |unit| unit.start);
        let from = units[except].start + units[except].text.len();
        let but = text.get(from..end)?.trim();
        (says_nothing && !but.is_empty()).then_some(but)
    }

    /// The words of a text that neither join names nor stand beside them without meaning anything.
    #[must_use]
    pub fn beside_names<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let senses = [
            Sense::Except,
            Sense::NotThis,
            Sense::NotYet,
            Sense::And,
            Sense::All,
            Sense::Item,
            Sense::Number,
            Sense::Filler,
        ];
        let units = self.units(text, &senses);
        let may_join = |unit: &&Unit<'_>| {
            unit.is_one_of(&senses[3..])
                || matches!(unit.is, Is::Digits(_))
                || self.count(unit).is_some()
        };
        units
            .iter()
            .filter(|unit| !may_join(unit))
            .map(|unit| unit.text)
            .collect()
    }

    /// Whether words begin with one behind which stands what is left: "còn tự thanh tra".
    #[must_use]
    pub fn leads_to_what_is_left(&self, text: &str) -> bool {
        let units = self.units(text, &[Sense::Remains]);
        units
            .first()
            .is_some_and(|unit| unit.is_one_of(&[Sense::Remains]))
    }

    /// Where a few words speak of all that is left: "hai cái kia xong", "còn lại chưa".
    #[must_use]
    pub fn rest_from(&self, text: &str) -> Option<usize> {
        let units = self.units(text, &[Sense::Left]);
        let rest = units.iter().find(|unit| unit.is_one_of(&[Sense::Left]))?;
        Some(rest.start)
    }

    /// "xong hai cái kia rồi" -> "xong rồi": what is said of all that is left. What leads to it says nothing of it: "ba cái tới hạn thì
    /// hai cái kia xong".
    #[must_use]
    pub fn said_of_rest(&self, text: &str) -> String {
        let units = self.units(text, &[Sense::Left, Sense::ExceptEnd, Sense::ExceptOut]);
        let Some(place) = units.iter().position(|unit| unit.is_one_of(&[Sense::Left])) else {
            return text.to_owned();
        };
        let rest = &units[place];
        let led_to = place > 0 && units[place - 1].is_one_of(&[Sense::ExceptEnd, Sense::ExceptOut]);
        let before = if led_to { "" } else { &text[..rest.start] };
        format!("{before}{}", &text[rest.start + rest.text.len()..])
    }

    /// "Mấy cái kia xong rồi" -> "xong rồi"; `None` where nothing stands for all.
    fn without_words_for_all(&self, words: &str) -> Option<String> {
        let units = self.units(words, &[Sense::Rest, Sense::All]);
        let mut said = words.to_owned();
        for unit in units.iter().rev() {
            if matches!(unit.is, Is::Word(_)) {
                said.replace_range(unit.start..unit.start + unit.text.len(), "");
            }
        }
        (said != words).then_some(said)
    }
}
