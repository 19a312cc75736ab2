//! Whose a milestone is where one cell gives several agencies different days: "Các sở: trước 15/5; UBND cấp xã: trước 15/4".

use crate::domain::deadline::Draft;
use crate::domain::directory::{Directory, Level};
use crate::domain::ids::AgencyCode;

/// What stands before the agencies that are meant.
const FOR: [&str; 6] = [
    "riêng đối với",
    "đối với",
    "riêng",
    "dành cho",
    "cho",
    "tại",
];

/// Levels by the words of a label that means all of one.
const LEVELS: [(Level, &[&str]); 3] = [
    (
        Level::Province,
        &[
            "cấp tỉnh",
            "các sở",
            "sở",
            "các sở, ngành",
            "sở, ngành",
            "các sở, ban, ngành",
            "sở, ban, ngành",
            "các cơ quan cấp tỉnh",
        ],
    ),
    (
        Level::District,
        &[
            "cấp huyện",
            "các huyện",
            "huyện",
            "các huyện, thị xã, thành phố",
            "huyện, thị xã, thành phố",
            "ubnd cấp huyện",
            "ubnd các huyện",
            "ubnd huyện",
        ],
    ),
    (
        Level::Commune,
        &[
            "cấp xã",
            "các xã",
            "xã",
            "các xã, phường, thị trấn",
            "xã, phường, thị trấn",
            "các xã, phường",
            "ubnd cấp xã",
            "ubnd các xã",
            "ubnd xã",
        ],
    ),
];

/// What means those that the other milestones do not name.
const OTHERS: [&str; 8] = [
    "các cơ quan, đơn vị khác",
    "các đơn vị khác",
    "các cơ quan khác",
    "các cơ quan, đơn vị còn lại",
    "các đơn vị còn lại",
    "các cơ quan còn lại",
    "còn lại",
    "cơ quan, đơn vị khác",
];

/// The drafts with whose each is.
pub(super) struct Owned {
    /// Nobody named: of all who lead the row.
    pub drafts: Vec<(Draft, Vec<AgencyCode>)>,
    /// The label of the first that names nobody who leads the row, and was left out.
    pub nobody: Option<String>,
    /// The label of the first that is everybody's beside what is some agencies' alone: it may be a name that is not known.
    pub everybody: Option<String>,
}

/// Divides the drafts of a row among those who lead it. A label that names some of them is no title of the work and goes.
pub(super) fn divide(drafts: Vec<Draft>, leads: &[AgencyCode], directory: &Directory) -> Owned {
    let named: Vec<Option<Vec<AgencyCode>>> = drafts
        .iter()
        .map(|draft| named(&draft.label, directory))
        .collect();
    let is_divided = leads.len() > 1 && drafts.len() > 1 && named.iter().any(Option::is_some);
    if !is_divided {
        let drafts = drafts.into_iter().map(|draft| (draft, Vec::new()));
        return Owned {
            drafts: drafts.collect(),
            nobody: None,
            everybody: None,
        };
    }
    let claimed: Vec<AgencyCode> = named.iter().flatten().flatten().cloned().collect();
    let mut owned = Owned {
        drafts: Vec::new(),
        nobody: None,
        everybody: None,
    };
    let first = named.iter().position(Option::is_some);
    for (at, (mut draft, named)) in drafts.into_iter().zip(named).enumerate() {
        let label = plain(&draft.label);
        // "Trước 15/9, riêng cấp xã trước 01/9": what comes first without a name is that of the others.
        let of_others = OTHERS.contains(&label.as_str())
            || (label.is_empty() && first.is_some_and(|first| at < first));
        let owners: Vec<AgencyCode> = match named {
            Some(named) => leads
                .iter()
                .filter(|one| named.contains(one))
                .cloned()
                .collect(),
            None if of_others => leads
                .iter()
                .filter(|one| !claimed.contains(one))
                .cloned()
                .collect(),
            // It is about something else: everybody's.
            None => {
                owned.everybody.get_or_insert_with(|| draft.label.clone());
                owned.drafts.push((draft, Vec::new()));
                continue;
            }
        };
        if owners.is_empty() {
            owned.nobody.get_or_insert(draft.label);
            continue;
        }
        draft.label = String::new();
        owned.drafts.push((draft, owners));
    }
    owned
}

/// The agencies that a label names, and nothing else.
fn named(label: &str, directory: &Directory) -> Option<Vec<AgencyCode>> {
    let label = plain(label);
    let level = LEVELS
        .iter()
        .find(|(_, words)| words.contains(&label.as_str()));
    if let Some((level, _)) = level {
        let of_level = directory.agencies().filter(|agency| agency.level == *level);
        return Some(of_level.map(|agency| agency.code.clone()).collect());
    }
    let found = directory.agencies_of_cell(&label).ok()?;
    (!label.is_empty()).then_some(found)
}

/// A label in small letters, without what stands before the agencies.
fn plain(label: &str) -> String {
    let label = label.trim().trim_end_matches(':').to_lowercase();
    let rest = FOR
        .iter()
        .find_map(|word| label.strip_prefix(&format!("{word} ")));
    rest.unwrap_or(&label).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::Agency;
    use crate::domain::plan::MilestoneKind;

    fn directory() -> Directory {
        let agency = |code: &str, name: &str, level| Agency {
            code: AgencyCode::new(code),
            name: name.to_owned(),
            aliases: Vec::new(),
            level,
            groups: Vec::new(),
        };
        Directory::new(
            vec![
                agency("SNV", "Sở Nội vụ", Level::Province),
                agency("STP", "Sở Tư pháp", Level::Province),
                agency("HOIAN", "UBND thành phố Hội An", Level::District),
                agency("XA1", "UBND xã Một", Level::Commune),
            ],
            Vec::new(),
        )
    }

    fn divided(labels: &[&str]) -> (Vec<String>, Option<String>) {
        let leads = ["SNV", "STP", "HOIAN"].map(AgencyCode::new);
        let draft = |label: &&str| Draft {
            kind: MilestoneKind::Due,
            label: (*label).to_owned(),
            written: String::new(),
            opens_on: None,
            due_on: None,
            rule: String::new(),
        };
        let owned = divide(labels.iter().map(draft).collect(), &leads, &directory());
        let shown = |(draft, owners): &(Draft, Vec<AgencyCode>)| {
            let owners: Vec<&str> = owners.iter().map(AgencyCode::as_str).collect();
            format!("{}[{}]", draft.label, owners.join(" "))
        };
        (owned.drafts.iter().map(shown).collect(), owned.nobody)
    }

    #[test]
    fn a_label_that_names_agencies_says_whose_it_is() {
        let shown = |labels: &[&str]| divided(labels).0;
        assert_eq!(
            shown(&["Các sở", "UBND cấp huyện"]),
            ["[SNV STP]", "[HOIAN]"]
        );
        assert_eq!(
            shown(&["đối với cấp huyện", "đối với cấp tỉnh"]),
            ["[HOIAN]", "[SNV STP]"]
        );
        assert_eq!(
            shown(&["Sở Tư pháp", "các đơn vị còn lại"]),
            ["[STP]", "[SNV HOIAN]"]
        );
        assert_eq!(shown(&["", "cấp huyện"]), ["[SNV STP]", "[HOIAN]"]);
    }

    #[test]
    fn a_label_of_work_leaves_it_to_everybody() {
        let (shown, nobody) = divided(&["Ban hành Kế hoạch", "Báo cáo"]);
        assert_eq!(
            (shown, nobody),
            (
                vec!["Ban hành Kế hoạch[]".to_owned(), "Báo cáo[]".to_owned()],
                None
            )
        );
        let (shown, _) = divided(&["Các sở", "Báo cáo"]);
        assert_eq!(shown, ["[SNV STP]", "Báo cáo[]"]);
        assert_eq!(divided(&["Các sở"]).0, ["Các sở[]"], "one day for all");
    }

    #[test]
    fn what_names_nobody_who_leads_the_row_is_left_out_and_said() {
        let (shown, nobody) = divided(&["Các sở", "UBND cấp xã"]);
        assert_eq!(
            (shown, nobody.as_deref()),
            (vec!["[SNV STP]".to_owned()], Some("UBND cấp xã"))
        );
    }
}
