//! `agencies.toml`: agencies and the groups they belong to.

use super::nearest::did_you_mean;
use super::problem::Problems;
use super::source::Source;
use super::toml::{Document, Field, Table};
use super::unique::Unique;
use crate::domain::directory::{Agency, AgencyGroup, Directory, Level, name_key};
use crate::domain::ids::AgencyCode;

/// The agencies of a province, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agencies {
    /// The agencies.
    pub list: Vec<Agency>,
    /// The groups.
    pub groups: Vec<AgencyGroup>,
    /// Whether the file could be read to its end: only then is a name that is not here an unknown name.
    pub whole: bool,
}

impl Agencies {
    /// Reads the file.
    pub(crate) fn read(source: &Source, problems: &mut Problems) -> Self {
        let document = Document::parse(source);
        let mut reader = AgencyReader::new();
        let mut root = document.root();
        let groups = root
            .tables("group")
            .into_iter()
            .filter_map(|table| reader.group(table))
            .collect();
        let agencies = root.tables("agency");
        if agencies.is_empty() && document.is_whole() {
            let place = root.place();
            document.error(place.problem(
                "the file lists no agency",
                "add [[agency]] with code, name and level",
            ));
        }
        let mut listed = Self {
            groups,
            whole: document.is_whole(),
            ..Self::default()
        };
        for table in agencies {
            listed.list.extend(reader.agency(table, &listed.groups));
        }
        root.finish();
        problems.extend(reader.problems);
        problems.extend(document.into_problems());
        listed
    }

    /// The agency of that code.
    pub(crate) fn find(&self, code: &str) -> Option<&Agency> {
        self.list.iter().find(|agency| agency.code.as_str() == code)
    }

    /// The codes of a group's members; `None` when there is no such group.
    pub(crate) fn members(&self, group: &str) -> Option<Vec<AgencyCode>> {
        self.groups.iter().find(|known| known.code == group)?;
        let members = self
            .list
            .iter()
            .filter(|agency| agency.groups.iter().any(|code| code == group));
        Some(members.map(|agency| agency.code.clone()).collect())
    }

    /// Every code of an agency.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|agency| agency.code.as_str())
    }

    /// Every name of an agency or group.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let agencies = self
            .list
            .iter()
            .flat_map(|agency| agency.aliases.iter().chain([&agency.name]));
        let groups = self
            .groups
            .iter()
            .flat_map(|group| group.aliases.iter().chain([&group.name]));
        agencies.chain(groups).map(String::as_str)
    }

    /// The code of a field, or `None` and the problem that there is no such agency.
    pub(crate) fn known(
        &self,
        code: &Field<String>,
        problems: &mut Problems,
    ) -> Option<AgencyCode> {
        if self.whole && self.find(code).is_none() {
            let remedy = did_you_mean(code, self.codes(), "add the agency to agencies.toml");
            problems.errors.push(
                code.at
                    .problem(format!("there is no agency “{}”", code.value), remedy),
            );
            return None;
        }
        Some(AgencyCode::new(code.value.clone()))
    }

    /// The alias table of these agencies.
    pub(crate) fn directory(&self) -> Directory {
        Directory::new(self.list.clone(), self.groups.clone())
    }
}

/// Reads entries and remembers which names are taken.
struct AgencyReader {
    codes: Unique<String>,
    group_codes: Unique<String>,
    names: Unique<Vec<String>>,
    problems: Problems,
}

impl AgencyReader {
    fn new() -> Self {
        Self {
            codes: Unique::new("the agency"),
            group_codes: Unique::new("the group"),
            names: Unique::new("the name"),
            problems: Problems::default(),
        }
    }

    fn group(&mut self, mut table: Table<'_>) -> Option<AgencyGroup> {
        let code = table.text("code");
        if let Some(code) = &code {
            table.call(code);
            self.problems
                .errors
                .extend(self.group_codes.add(code.value.clone(), code, &code.at));
        }
        let (name, aliases) = self.names(&mut table);
        table.finish();
        Some(AgencyGroup {
            code: code?.value,
            name,
            aliases,
        })
    }

    fn agency(&mut self, mut table: Table<'_>, groups: &[AgencyGroup]) -> Option<Agency> {
        let code = table.text("code");
        if let Some(code) = &code {
            table.call(code);
            self.problems
                .errors
                .extend(self.codes.add(code.value.clone(), code, &code.at));
            if code.contains(char::is_whitespace) {
                self.problems.errors.push(code.at.problem(
                    "a code has no spaces",
                    "write it as in document numbers: SNV",
                ));
            }
        }
        let (name, aliases) = self.names(&mut table);
        let level: Option<Field<Level>> = table.required("level");
        let member_of: Vec<Field<String>> = table.list("groups").unwrap_or_default();
        for code in &member_of {
            if !groups.iter().any(|group| group.code == code.value) {
                let known = groups.iter().map(|group| group.code.as_str());
                let remedy = did_you_mean(code, known, "add a [[group]] of that code");
                self.problems.errors.push(
                    code.at
                        .problem(format!("there is no group “{}”", code.value), remedy),
                );
            }
        }
        table.finish();
        Some(Agency {
            code: AgencyCode::new(code?.value),
            name,
            aliases,
            level: level.map_or(Level::Province, |level| level.value),
            groups: member_of.into_iter().map(|code| code.value).collect(),
        })
    }

    /// Name and aliases; two spellings of one name in one entry are welcome, one name in two entries is not.
    fn names(&mut self, table: &mut Table<'_>) -> (String, Vec<String>) {
        let name = table.text("name");
        let aliases: Vec<Field<String>> = table.list("aliases").unwrap_or_default();
        let mut own: Vec<Vec<String>> = Vec::new();
        for alias in name.iter().chain(&aliases) {
            let key = name_key(alias);
            if key.is_empty() {
                self.problems.errors.push(
                    alias
                        .at
                        .problem("the name has no letters", "write a name, or remove it"),
                );
            } else if !own.contains(&key) {
                self.problems
                    .errors
                    .extend(self.names.add(key.clone(), alias, &alias.at));
                own.push(key);
            }
        }
        (
            name.map(|name| name.value).unwrap_or_default(),
            aliases.into_iter().map(|alias| alias.value).collect(),
        )
    }
}
