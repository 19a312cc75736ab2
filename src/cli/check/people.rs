//! Who would hear nothing: a monitor without an officer, agencies without a head, and people whose channels are not configured.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::config::Config;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::AgencyCode;
use crate::files::{Folder, Loaded, Problem};

/// How many are named.
const NAMED: usize = 5;

/// Warnings about the people of a plan.
pub(super) fn unheard_people(config: &Config, folder: &Folder, loaded: &Loaded) -> Vec<Problem> {
    with_channels(&configured(config), folder, loaded)
}

fn with_channels(configured: &[Channel], folder: &Folder, loaded: &Loaded) -> Vec<Problem> {
    let file = match folder {
        Folder::Disk(path) => path.join("contacts.toml"),
        Folder::BuiltIn { .. } => PathBuf::from("contacts.toml"),
    };
    let warning = |problem: String, remedy: &str| Problem {
        file: file.clone(),
        line: 1,
        key: "contact".to_owned(),
        problem,
        remedy: remedy.to_owned(),
    };
    let mut found = Vec::new();
    let monitor = &loaded.plan.monitor;
    let watches = |one: &Contact| one.agency == *monitor && one.role == Role::Officer;
    if !loaded.contacts.iter().any(watches) {
        found.push(warning(
            format!(
                "{monitor} monitors the plan and has no officer: nobody hears daily of what is late"
            ),
            "add a [[contact]] of that agency with role = \"officer\"",
        ));
    }
    let headed = |code: &&AgencyCode| {
        let mut own = loaded.contacts.iter().filter(|one| one.agency == **code);
        own.any(|one| one.role != Role::Officer)
    };
    let has_contacts = |code: &&AgencyCode| loaded.contacts.iter().any(|one| one.agency == **code);
    let leads = loaded.plan.tasks.iter().flat_map(|task| &task.agencies);
    let leads: BTreeSet<&AgencyCode> = leads.collect();
    // Of whom nobody is known at all is said where the plan is read.
    let headless = leads
        .into_iter()
        .filter(has_contacts)
        .filter(|code| !headed(code));
    let headless: Vec<&str> = headless.map(AgencyCode::as_str).collect();
    if !headless.is_empty() {
        found.push(warning(
            format!(
                "of those who lead tasks, neither head nor deputy has {}: what is for a head goes to whoever is above",
                some(&headless)
            ),
            "add a [[contact]] of each with role = \"head\"",
        ));
    }
    let reached = |one: &&Contact| {
        let mut channels = one.channels.iter();
        one.channels.is_empty() || channels.any(|(channel, _)| configured.contains(channel))
    };
    let silent: Vec<&str> = loaded
        .contacts
        .iter()
        .filter(|one| !reached(one))
        .map(|one| one.id.as_str())
        .collect();
    // Without any channel nothing leaves at all, and `dondoc run` says so.
    if !configured.is_empty() && !silent.is_empty() {
        found.push(warning(
            format!(
                "no channel of {} is configured: nothing reaches them",
                some(&silent)
            ),
            "configure their channel in dondoc.toml, or give them one that is configured",
        ));
    }
    found
}

/// The first of these names, and how many more there are.
fn some(names: &[&str]) -> String {
    let named = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} others"),
    }
}

/// The channels by which something can leave.
fn configured(config: &Config) -> Vec<Channel> {
    let all = [
        (config.email.is_some(), Channel::Email),
        (config.telegram.is_some(), Channel::Telegram),
        (config.zalo_bot.is_some(), Channel::ZaloBot),
        (config.zalo_oa.is_some(), Channel::ZaloOa),
    ];
    if config.console.enabled {
        return Channel::ALL.to_vec();
    }
    let all = all.into_iter();
    all.filter_map(|(is, channel)| is.then_some(channel))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::files::load_plan;

    fn told(channels: &[Channel], edit: impl FnOnce(&mut Vec<Contact>)) -> Vec<String> {
        let folder = &Config::default().plans[0];
        let mut loaded = load_plan(folder, &Calendar::default()).unwrap();
        edit(&mut loaded.contacts);
        let found = with_channels(channels, folder, &loaded);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_monitor_without_an_officer_and_people_without_a_channel_are_told() {
        assert_eq!(told(&[], |_| ()), [""; 0], "nothing is configured yet");
        assert_eq!(told(&Channel::ALL, |_| ()), [""; 0]);
        let without = told(&[], |people| {
            people.retain(|one| one.agency.as_str() != "SNV");
        });
        let expected = "SNV monitors the plan and has no officer";
        assert!(without[0].contains(expected), "{without:?}");
        let headless = told(&[], |people| {
            people.retain(|one| one.id.as_str() != "sxd.head");
        });
        let expected = "of those who lead tasks, neither head nor deputy has SXD:";
        assert!(
            headless.len() == 1 && headless[0].contains(expected),
            "{headless:?}"
        );
        let mute = told(&[Channel::Telegram], |people| {
            for one in people {
                one.channels = vec![(Channel::Email, "a@x.example".to_owned())];
            }
        });
        let expected = "others is configured: nothing reaches them";
        assert!(mute[0].contains(expected), "{mute:?}");
    }
}
