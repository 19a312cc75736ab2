//! The words of a "Cơ quan chủ trì" cell -> agencies, by the alias table alone.
//!
//! Plans shorten lists: "Các Sở: Nội vụ, Tài chính", "Sở Nội vụ, Tài chính", "UBND các huyện: Đại Lộc, Núi Thành". A
//! bare name stands for the agency that the words before the list make of it, "Sở Tài chính", and only if the table has
//! exactly one such.

use super::{Directory, Named, UnknownAgency};
use crate::domain::ids::AgencyCode;
use crate::domain::spelling::{Word, words};

/// "các", as it is compared.
const EACH: &str = "cac\u{301}";

/// How many words a plural may have before its colon: "UBND các huyện, thị xã, thành phố:".
const LONGEST_HEAD: usize = 12;

/// What may stand before a bare name, each as the keys of its words, with its spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prefix {
    keys: Vec<String>,
    text: String,
}

impl Prefix {
    fn of(words: &[&Word<'_>]) -> Self {
        let texts: Vec<&str> = words.iter().map(|word| word.text).collect();
        Self {
            keys: words.iter().map(|word| word.key.clone()).collect(),
            text: texts.join(" "),
        }
    }
}

/// Reads the cell from left to right.
struct Reading<'a> {
    directory: &'a Directory,
    cell: &'a str,
    words: Vec<Word<'a>>,
    prefixes: Vec<Prefix>,
    found: Vec<AgencyCode>,
    unknown: Vec<Vec<&'a str>>,
    /// What was meant by each unknown run, as far as the words before it tell.
    meant: Vec<String>,
}

pub(super) fn agencies(
    directory: &Directory,
    cell: &str,
) -> Result<Vec<AgencyCode>, Vec<UnknownAgency>> {
    let mut reading = Reading {
        directory,
        cell,
        words: words(cell),
        prefixes: Vec::new(),
        found: Vec::new(),
        unknown: Vec::new(),
        meant: Vec::new(),
    };
    reading.read();
    if reading.unknown.is_empty() {
        return Ok(reading.found);
    }
    let runs = reading.unknown.into_iter().zip(reading.meant);
    Err(runs
        .map(|(run, prefix)| {
            let words = run.join(" ");
            let meant = format!("{prefix} {words}").trim_start().to_owned();
            UnknownAgency { words, meant }
        })
        .collect())
}

impl<'a> Reading<'a> {
    fn read(&mut self) {
        let mut at = 0;
        let mut in_unknown = false;
        while at < self.words.len() {
            if let Some((prefixes, next)) = self.head(at) {
                (self.prefixes, at, in_unknown) = (prefixes, next, false);
            } else if let Some((length, codes)) = self.named(at) {
                for code in codes {
                    if !self.found.contains(&code) {
                        self.found.push(code);
                    }
                }
                (at, in_unknown) = (at + length, false);
            } else if !in_unknown && matches!(self.words[at].key.as_str(), "va\u{300}" | "&") {
                at += 1;
            } else {
                let word = &self.words[at];
                match self.unknown.last_mut() {
                    Some(run) if in_unknown && !word.after_break => run.push(word.text),
                    _ => {
                        self.unknown.push(vec![word.text]);
                        let prefix = self.prefixes.first();
                        self.meant
                            .push(prefix.map(|one| one.text.clone()).unwrap_or_default());
                    }
                }
                (at, in_unknown) = (at + 1, true);
            }
        }
    }

    /// The agencies named at a word: by a name of their own, or by a bare one behind what came before.
    fn named(&mut self, at: usize) -> Option<(usize, Vec<AgencyCode>)> {
        let rest = &self.words[at..];
        match self.directory.longest_name(&[], rest) {
            Some((length, Named::Agency(code))) => {
                let name: Vec<&Word<'_>> = rest[..length].iter().collect();
                self.prefixes = (1..length).map(|end| Prefix::of(&name[..end])).collect();
                Some((length, vec![code.clone()]))
            }
            Some((length, Named::Group(members))) => {
                self.prefixes.clear();
                Some((length, members.clone()))
            }
            None => self.bare(&self.prefixes, at),
        }
    }

    /// The one agency that a bare name is, behind one of these prefixes; none when two would fit.
    fn bare(&self, prefixes: &[Prefix], at: usize) -> Option<(usize, Vec<AgencyCode>)> {
        let mut best: Option<(usize, Vec<AgencyCode>)> = None;
        for prefix in prefixes {
            let found = self.directory.longest_name(&prefix.keys, &self.words[at..]);
            let Some((length, Named::Agency(code))) = found else {
                continue;
            };
            match &mut best {
                Some((longest, codes)) if *longest == length => {
                    if !codes.contains(code) {
                        codes.push(code.clone());
                    }
                }
                Some((longest, _)) if *longest > length => {}
                _ => best = Some((length, vec![code.clone()])),
            }
        }
        best.filter(|(_, codes)| codes.len() == 1)
    }

    /// A plural that introduces bare names: what stands before each of them, and where they begin.
    fn head(&self, at: usize) -> Option<(Vec<Prefix>, usize)> {
        let near = self.words.len().min(at + LONGEST_HEAD);
        let each = (at..near)
            .take_while(|index| *index == at || !self.words[*index].after_break)
            .find(|index| self.words[*index].key == EACH)?;
        let base: Vec<&Word<'_>> = self.words[at..each].iter().collect();
        // "UBND các huyện, thị xã: …": each part between commas is one prefix.
        let colon = (each + 1..near).find(|index| self.before(*index).contains(':'));
        if let Some(end) = colon.filter(|end| {
            (each + 1..*end).all(|index| !self.before(index).contains([';', '.', '\n']))
        }) {
            let mut prefixes: Vec<Vec<&Word<'_>>> = Vec::new();
            for word in &self.words[each + 1..end] {
                match prefixes.last_mut() {
                    Some(prefix) if !word.after_break => prefix.push(word),
                    _ => prefixes.push([&base[..], &[word]].concat()),
                }
            }
            let prefixes = prefixes.iter().map(|prefix| Prefix::of(prefix)).collect();
            return Some((prefixes, end));
        }
        // "các Sở Nội vụ, Tài chính": the words up to the first name that they complete.
        (each + 2..self.words.len().min(each + 4))
            .take_while(|index| !self.words[*index].after_break)
            .find_map(|names| {
                let prefix = [
                    &base[..],
                    &self.words[each + 1..names].iter().collect::<Vec<_>>(),
                ]
                .concat();
                let prefixes = vec![Prefix::of(&prefix)];
                self.bare(&prefixes, names)?;
                Some((prefixes, names))
            })
    }

    /// What stands between a word and the one before.
    fn before(&self, index: usize) -> &'a str {
        let start = |word: &Word<'_>| word.text.as_ptr() as usize - self.cell.as_ptr() as usize;
        let from = index.checked_sub(1).map_or(0, |before| {
            start(&self.words[before]) + self.words[before].text.len()
        });
        &self.cell[from..start(&self.words[index])]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Agency, AgencyGroup, Level};
    use super::*;

    fn directory() -> Directory {
        let agency = |code: &str, name: &str| Agency {
            code: code.into(),
            name: name.into(),
            aliases: Vec::new(),
            level: Level::Province,
            groups: vec!["so".to_owned()],
        };
        let group = |code: &str, name: &str| AgencyGroup {
            code: code.into(),
            name: name.into(),
            aliases: Vec::new(),
        };
        Directory::new(
            vec![
                agency("UBND", "UBND tỉnh"),
                agency("SNV", "Sở Nội vụ"),
                agency("STC", "Sở Tài chính"),
                agency("STP", "Sở Tư pháp"),
                agency("SVH", "Sở Văn hóa, Thể thao và Du lịch"),
                agency("BDT", "Ban Dân tộc"),
                agency("TTR", "Thanh tra tỉnh"),
                agency("DAILOC", "UBND huyện Đại Lộc"),
                agency("NUITHANH", "UBND huyện Núi Thành"),
                agency("HOIAN", "UBND thành phố Hội An"),
                agency("TAYHUYEN", "UBND huyện Tây"),
                agency("TAYTX", "UBND thị xã Tây"),
            ],
            vec![
                group("so", "Các Sở, Ban, ngành"),
                group("cap", "UBND các huyện, thị xã, thành phố"),
                group("moi", "Các Sở"),
            ],
        )
    }

    fn read(cell: &str) -> Result<String, Vec<String>> {
        let codes = |found: Vec<AgencyCode>| {
            let codes: Vec<String> = found.iter().map(ToString::to_string).collect();
            codes.join(" ")
        };
        let said = |one: UnknownAgency| format!("{} ({})", one.words, one.meant);
        agencies(&directory(), cell)
            .map(codes)
            .map_err(|unknown| unknown.into_iter().map(said).collect())
    }

    #[test]
    fn a_bare_name_stands_for_the_agency_that_the_words_before_the_list_make_of_it() {
        for (cell, codes) in [
            ("Các Sở: Nội vụ, Tài chính, Tư pháp", "SNV STC STP"),
            ("các sở Nội vụ, Tài chính và Tư pháp", "SNV STC STP"),
            ("Sở Nội vụ, Tài chính; Ban Dân tộc", "SNV STC BDT"),
            ("Sở Nội vụ, các Sở: Tài chính, Tư pháp", "SNV STC STP"),
            ("Các Sở: Văn hóa, Thể thao và Du lịch, Nội vụ", "SVH SNV"),
            (
                "Các Sở: Nội vụ, Sở Tài chính, Thanh tra tỉnh",
                "SNV STC TTR",
            ),
            ("UBND các huyện: Đại Lộc, Núi Thành", "DAILOC NUITHANH"),
            ("UBND huyện Đại Lộc, Núi Thành", "DAILOC NUITHANH"),
            ("UBND các huyện Đại Lộc, Núi Thành", "DAILOC NUITHANH"),
            (
                "UBND các huyện, thị xã, thành phố: Hội An, Núi Thành",
                "HOIAN NUITHANH",
            ),
            ("Các Sở, Ban, ngành: Nội vụ, Dân tộc", "SNV BDT"),
            ("Các cơ quan: Sở Nội vụ, Sở Tư pháp", "SNV STP"),
        ] {
            assert_eq!(read(cell).as_deref(), Ok(codes), "{cell}");
        }
    }

    #[test]
    fn a_plural_without_names_is_the_group() {
        let whole = read("Các Sở, Ban, ngành; Thanh tra tỉnh").unwrap();
        assert_eq!(whole.split(' ').count(), 12, "{whole}");
    }

    #[test]
    fn what_fits_nothing_or_two_is_unknown_and_says_what_was_meant() {
        for (cell, unknown) in [
            (
                "Các Sở: Nội vụ, Ngoại thương",
                "Ngoại thương (Sở Ngoại thương)",
            ),
            ("Sở Nội vụ, Ngoại thương", "Ngoại thương (Sở Ngoại thương)"),
            (
                "UBND các huyện: Đại Lộc, Đông Giang",
                "Đông Giang (UBND huyện Đông Giang)",
            ),
            ("UBND các huyện, thị xã: Tây", "Tây (UBND huyện Tây)"),
            ("Tài chính", "Tài chính (Tài chính)"),
        ] {
            assert_eq!(read(cell), Err(vec![unknown.to_owned()]), "{cell}");
        }
    }
}
