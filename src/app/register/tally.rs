//! The lines of a register counted by agency, by task and by field of the plan.

use std::collections::BTreeMap;

use super::letter::Desk;
use crate::app::compose::named;
use crate::domain::ids::MilestoneId;
use crate::domain::register::{Counts, Line};
use crate::messages::{LetterTally, LetterTask};

impl Desk<'_> {
    /// The agencies of these lines, which stand agency by agency.
    pub(super) fn by_agency(&self, lines: &[&Line<'_>]) -> Vec<LetterTally> {
        lines
            .chunk_by(|one, next| one.obligation.agency == next.obligation.agency)
            .map(|of_one| LetterTally {
                name: self.charge.agency_name(&of_one[0].obligation.agency),
                counts: Counts::of(of_one.iter().copied()).into(),
            })
            .filter(|one| one.counts.total > 0)
            .collect()
    }

    /// The tasks of these lines in the order of the plan, with the first `most` of the lines.
    pub(super) fn by_task(&self, lines: &[&Line<'_>], most: usize) -> Vec<LetterTask> {
        let mut found: BTreeMap<((usize, u16), &MilestoneId), LetterTask> = BTreeMap::new();
        for (number, line) in lines.iter().enumerate() {
            let milestone = &line.obligation.milestone;
            let place = self.charge.place_of(milestone);
            let task = found.entry((place, milestone)).or_insert_with(|| {
                let (id, title) = named(self.charge, milestone);
                LetterTask {
                    id,
                    title,
                    agencies: 0,
                    lines: Vec::new(),
                }
            });
            task.agencies += 1;
            if number < most {
                task.lines.push(self.row(line));
            }
        }
        found.into_values().collect()
    }

    /// The groups of the plan's appendix; what the decision itself asks of everybody (`IV.1.b`) stands last, without a name.
    pub(super) fn by_field(&self, lines: &[&Line<'_>]) -> Vec<LetterTally> {
        let group_of = |line: &Line<'_>| {
            let task = line.obligation.milestone.task.as_str();
            let row = task.split_once('.').filter(|(_, row)| !row.contains('.'));
            row.map(|(group, _)| group.to_owned())
        };
        let tally = |name: String, group: Option<&str>| {
            let own = lines
                .iter()
                .filter(|line| group_of(line).as_deref() == group);
            LetterTally {
                name,
                counts: Counts::of(own.copied()).into(),
            }
        };
        let groups = self.charge.plan.groups.iter().map(|group| {
            let name = format!("{}. {}", group.id, sentence(&group.title));
            tally(name, Some(&group.id))
        });
        groups
            .chain([tally(String::new(), None)])
            .filter(|one| one.counts.total > 0)
            .collect()
    }
}

/// A title in capitals as a line of a table: `CẢI CÁCH THỂ CHẾ` is "Cải cách thể chế".
fn sentence(title: &str) -> String {
    let lower = title.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    first.map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
