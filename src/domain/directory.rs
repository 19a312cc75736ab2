//! Agencies, groups of agencies and contacts; a "Cơ quan chủ trì" cell -> agencies.
//!
//! Agencies are matched by their alias table, never by a prefix or a pattern of codes (DESIGN rule 10).

mod cell;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::delivery::Channel;
use super::ids::{AgencyCode, ContactId};
use super::spelling::{Word, key, plain, words};

/// Level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Cấp tỉnh.
    Province,
    /// Cấp huyện.
    District,
    /// Cấp xã.
    Commune,
}

/// One body that can lead or co-ordinate a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Code used in document numbers: `SNV`.
    pub code: AgencyCode,
    /// Official name.
    pub name: String,
    /// Other ways plans write it.
    pub aliases: Vec<String>,
    /// Level of government.
    pub level: Level,
    /// Codes of the groups it belongs to.
    pub groups: Vec<String>,
}

impl Agency {
    /// Everything that it is called: its name, its aliases, its code.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().map(String::as_str);
        aliases.chain([self.name.as_str(), self.code.as_str()])
    }
}

/// A group that plans name as a whole: "Các Sở, Ban, ngành".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyGroup {
    /// Code: `so-ban-nganh`.
    pub code: String,
    /// Name as plans write it.
    pub name: String,
    /// Other ways plans write it.
    pub aliases: Vec<String>,
}

/// What a contact is in the agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Head of the agency.
    Head,
    /// Deputy who stands in for the head.
    Deputy,
    /// Officer in charge of reform matters.
    Officer,
}

impl Role {
    /// The word used in files, in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Deputy => "deputy",
            Self::Officer => "officer",
        }
    }
}

/// A person, by office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Slug: `snv.head`.
    pub id: ContactId,
    /// Where the person works.
    pub agency: AgencyCode,
    /// In which role.
    pub role: Role,
    /// How the person is addressed: `Giám đốc Sở Nội vụ`.
    pub title: String,
    /// Channels in order of preference, each with its address.
    pub channels: Vec<(Channel, String)>,
}

/// Words of a cell that name no agency or group we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{words}” names no agency or group")]
pub struct UnknownAgency {
    /// The words as written.
    pub words: String,
    /// With what stands before the list they are in: "Sở Ngoại thương".
    pub meant: String,
}

#[derive(Clone, Debug)]
enum Named {
    Agency(AgencyCode),
    Group(Vec<AgencyCode>),
}

/// The agencies of a province with their alias table.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    agencies: BTreeMap<AgencyCode, Agency>,
    order: Vec<AgencyCode>,
    groups: Vec<AgencyGroup>,
    names: HashMap<Vec<String>, Named>,
    longest: usize,
}

impl Directory {
    /// Builds the alias table. Whoever loads the files has made sure that codes and aliases are unique.
    #[must_use]
    pub fn new(agencies: Vec<Agency>, groups: Vec<AgencyGroup>) -> Self {
        let mut directory = Self::default();
        for group in groups {
            let members = members(agencies.iter(), &group.code);
            for name in group.aliases.iter().chain([&group.name]) {
                directory.insert(name, Named::Group(members.clone()));
            }
            directory.groups.push(group);
        }
        for agency in agencies {
            for name in agency.aliases.iter().chain([&agency.name]) {
                directory.insert(name, Named::Agency(agency.code.clone()));
            }
            directory.order.push(agency.code.clone());
            directory.agencies.insert(agency.code.clone(), agency);
        }
        directory
    }

    fn insert(&mut self, name: &str, named: Named) {
        let keys = name_key(name);
        self.longest = self.longest.max(keys.len());
        self.names.insert(keys, named);
    }

    /// The agency of that code.
    #[must_use]
    pub fn find(&self, code: &AgencyCode) -> Option<&Agency> {
        self.agencies.get(code)
    }

    /// Every agency, in the order of the file.
    pub fn agencies(&self) -> impl Iterator<Item = &Agency> {
        self.order.iter().filter_map(|code| self.agencies.get(code))
    }

    /// Every group, in the order of the file.
    #[must_use]
    pub fn groups(&self) -> &[AgencyGroup] {
        &self.groups
    }

    /// The members of the group of that code.
    #[must_use]
    pub fn members_of(&self, code: &str) -> Option<Vec<AgencyCode>> {
        let is_known = self.groups.iter().any(|group| group.code == code);
        is_known.then(|| members(self.agencies(), code))
    }

    /// The agencies that a cell names, groups expanded, each once, in order of mention.
    ///
    /// The longest name wins at each word, so "Sở Văn hóa, Thể thao và Du lịch" is one agency and
    /// "UBND cấp huyện, cấp xã" two groups. Lists of bare names are read too: "Các Sở: Nội vụ, Tài chính".
    ///
    /// # Errors
    /// Every run of words that names nothing.
    pub fn agencies_of_cell(&self, cell: &str) -> Result<Vec<AgencyCode>, Vec<UnknownAgency>> {
        cell::agencies(self, cell)
    }

    /// The agency that the first of these keys of words name, by the longest of its names or by its code, and how many words
    /// that takes. With `unmarked` the words were written without diacritics; then a name counts that only one agency has.
    #[must_use]
    pub fn agency_at(&self, keys: &[String], unmarked: bool) -> Option<(usize, &AgencyCode)> {
        let most = self.longest.min(keys.len());
        (1..=most).rev().find_map(|length| {
            let called = &keys[..length];
            let code = match self.names.get(called) {
                Some(Named::Agency(code)) => Some(code),
                Some(Named::Group(_)) => None,
                None => self
                    .by_code(called)
                    .or_else(|| unmarked.then(|| self.by_plain_name(called)).flatten()),
            };
            Some((length, code?))
        })
    }

    fn by_code(&self, called: &[String]) -> Option<&AgencyCode> {
        let [called] = called else { return None };
        self.order.iter().find(|code| key(code.as_str()) == *called)
    }

    fn by_plain_name(&self, called: &[String]) -> Option<&AgencyCode> {
        let is_called = |name: &[String]| {
            name.len() == called.len() && name.iter().zip(called).all(|(one, is)| plain(one) == *is)
        };
        let mut found = self.names.iter().filter(|(name, _)| is_called(name));
        let mut code = None;
        found
            .all(|(_, named)| match (named, code) {
                (Named::Agency(one), None) => {
                    code = Some(one);
                    true
                }
                (Named::Agency(one), Some(known)) => one == known,
                (Named::Group(_), _) => false,
            })
            .then_some(code)
            .flatten()
    }

    /// The longest name that `before`, the keys of words that stand elsewhere, and the first of `words` make.
    fn longest_name(&self, before: &[String], words: &[Word<'_>]) -> Option<(usize, &Named)> {
        let room = self.longest.saturating_sub(before.len());
        let mut keys: Vec<String> = before.to_vec();
        keys.extend(words.iter().take(room).map(|word| word.key.clone()));
        (before.len() + 1..=keys.len()).rev().find_map(|length| {
            let named = self.names.get(&keys[..length])?;
            Some((length - before.len(), named))
        })
    }
}

/// Those of `agencies` that are in the group of that code.
fn members<'a>(agencies: impl Iterator<Item = &'a Agency>, code: &str) -> Vec<AgencyCode> {
    let of_group = agencies.filter(|agency| agency.groups.iter().any(|group| group == code));
    of_group.map(|agency| agency.code.clone()).collect()
}

/// The key under which a name is looked up: the keys of its words, punctuation dropped. Two names with one key are
/// the same name.
#[must_use]
pub fn name_key(name: &str) -> Vec<String> {
    words(name).into_iter().map(|word| word.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let agency = |code: &str, name: &str, aliases: &[&str], groups: &[&str]| Agency {
            code: code.into(),
            name: name.into(),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            level: Level::Province,
            groups: groups.iter().map(|group| (*group).into()).collect(),
        };
        let group = |code: &str, name: &str, aliases: &[&str]| AgencyGroup {
            code: code.into(),
            name: name.into(),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
        };
        Directory::new(
            vec![
                agency("SNV", "Sở Nội vụ", &[], &["so"]),
                agency("STP", "Sở Tư pháp", &[], &["so"]),
                agency("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", &[], &["so"]),
                agency("TAMKY", "UBND thành phố Tam Kỳ", &[], &["huyen"]),
            ],
            vec![
                group("so", "Các Sở, Ban, ngành", &["Sở, Ban, ngành"]),
                group(
                    "huyen",
                    "UBND các huyện, thị xã, thành phố",
                    &["UBND cấp huyện"],
                ),
                group("xa", "UBND cấp xã", &["cấp xã"]),
            ],
        )
    }

    fn codes(cell: &str) -> Vec<String> {
        let found = directory().agencies_of_cell(cell).expect("known names");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_group_is_every_member_once() {
        assert_eq!(
            codes("Các Sở, Ban, ngành; UBND các huyện, thị xã, thành phố"),
            ["SNV", "STP", "SVHTTDL", "TAMKY"]
        );
        assert_eq!(
            codes("Sở Nội vụ, Sở, Ban, ngành và Sở Tư pháp"),
            ["SNV", "STP", "SVHTTDL"]
        );
    }

    #[test]
    fn a_group_is_known_by_its_code_as_well() {
        let members = |code: &str| directory().members_of(code);
        assert_eq!(members("huyen"), Some(vec!["TAMKY".into()]));
        assert_eq!(members("xa"), Some(Vec::new()));
        assert_eq!(members("Các Sở"), None);
    }

    #[test]
    fn a_comma_inside_a_name_does_not_split_it() {
        assert_eq!(
            codes("Sở Văn hóa Thể thao và Du lịch, SỞ NỘI VỤ"),
            ["SVHTTDL", "SNV"]
        );
    }

    #[test]
    fn a_group_without_members_names_nobody() {
        assert_eq!(codes("UBND cấp huyện, cấp xã"), ["TAMKY"]);
    }

    #[test]
    fn unknown_words_are_reported_run_by_run() {
        let unknown = directory()
            .agencies_of_cell("Sở Nội vụ, Sở Ngoại thương; Hội Nông dân tỉnh")
            .expect_err("two unknown names");
        let runs: Vec<&str> = unknown.iter().map(|one| one.words.as_str()).collect();
        assert_eq!(runs, ["Sở Ngoại thương", "Hội Nông dân tỉnh"]);
    }
}
