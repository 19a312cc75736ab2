//! Several plan folders as one installation: a plan is loaded once, and a contact is one person wherever it stands.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::domain::directory::Contact;
use crate::domain::ids::{ContactId, PlanId};
use crate::files::{Folder, Loaded, Problem, Problems};

/// What the folders read so far have brought.
#[derive(Debug, Default)]
pub(super) struct Merged {
    plans: BTreeMap<PlanId, PathBuf>,
    contacts: BTreeMap<ContactId, (Contact, PathBuf)>,
}

impl Merged {
    /// Adds the plan and the contacts of one folder; notes what contradicts an earlier one.
    pub(super) fn add(
        &mut self,
        folder: &Folder,
        plan: &PlanId,
        contacts: Vec<Contact>,
        problems: &mut Problems,
    ) {
        let place = place_of(folder);
        if let Some(earlier) = self.plans.insert(plan.clone(), place.clone()) {
            problems.errors.push(Problem {
                file: place.join("plan.toml"),
                line: 1,
                key: "plan.id".to_owned(),
                problem: format!(
                    "“{plan}” is also the id of {}",
                    earlier.join("plan.toml").display()
                ),
                remedy: "give each plan an id of its own, or name the folder once in `plans`"
                    .to_owned(),
            });
        }
        for contact in contacts {
            match self.contacts.get(&contact.id) {
                Some((same, _)) if *same == contact => {}
                Some((_, earlier)) => problems.errors.push(Problem {
                    file: place.join("contacts.toml"),
                    line: 1,
                    key: format!("contact[{}]", contact.id),
                    problem: format!(
                        "is not the same there and in {}",
                        earlier.join("contacts.toml").display()
                    ),
                    remedy: "write the same in both files if it is one person, or give the other another id"
                        .to_owned(),
                }),
                None => {
                    self.contacts.insert(contact.id.clone(), (contact, place.clone()));
                }
            }
        }
    }

    /// Every contact once.
    pub(super) fn into_contacts(self) -> Vec<Contact> {
        self.contacts
            .into_values()
            .map(|(contact, _)| contact)
            .collect()
    }
}

/// What several plans, each without a fault of its own, say of one another.
pub fn contradictions<'a>(plans: impl IntoIterator<Item = (&'a Folder, &'a Loaded)>) -> Problems {
    let (mut merged, mut problems) = (Merged::default(), Problems::default());
    for (folder, plan) in plans {
        merged.add(folder, &plan.plan.id, plan.contacts.clone(), &mut problems);
    }
    problems
}

fn place_of(folder: &Folder) -> PathBuf {
    match folder {
        Folder::Disk(path) => path.clone(),
        Folder::BuiltIn { name, .. } => PathBuf::from(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::Role;

    fn contact(id: &str, title: &str) -> Contact {
        Contact {
            id: id.into(),
            agency: "SNV".into(),
            role: Role::Officer,
            title: title.to_owned(),
            channels: Vec::new(),
        }
    }

    fn added(second_plan: &str, second_title: &str) -> (Vec<Contact>, Vec<String>) {
        let (mut merged, mut problems) = (Merged::default(), Problems::default());
        let folder = |name: &str| Folder::Disk(PathBuf::from(name));
        let first = vec![contact("snv.officer", "A")];
        merged.add(&folder("one"), &"p1".into(), first, &mut problems);
        let second = vec![contact("snv.officer", second_title)];
        merged.add(&folder("two"), &second_plan.into(), second, &mut problems);
        let told = problems.errors.iter().map(ToString::to_string).collect();
        (merged.into_contacts(), told)
    }

    #[test]
    fn a_contact_of_two_plans_is_one_person() {
        let (contacts, told) = added("p2", "A");
        assert_eq!(contacts, [contact("snv.officer", "A")]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn a_contact_that_differs_between_folders_is_named_with_both() {
        let (_, told) = added("p2", "B");
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with("two/contacts.toml:1: contact[snv.officer]: "),
            "{told:?}"
        );
        assert!(told[0].contains("one/contacts.toml"), "{told:?}");
    }

    #[test]
    fn one_plan_in_two_folders_is_named_with_both() {
        let (_, told) = added("p1", "A");
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with("two/plan.toml:1: plan.id: “p1” is also the id of one/plan.toml"),
            "{told:?}"
        );
    }
}
