//! The words that files use for the enums of the domain.

use super::toml::Word;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Level, Role};
use crate::domain::ladder::Audience;
use crate::domain::plan::{Acceptance, Before, MilestoneKind};
use crate::domain::reply::{Intent, Sense};
use crate::domain::resolution::Decides;

impl Word for Level {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("province", Self::Province),
        ("district", Self::District),
        ("commune", Self::Commune),
    ];
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("head", Self::Head),
        ("deputy", Self::Deputy),
        ("officer", Self::Officer),
    ];
}

impl Word for Channel {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("email", Self::Email),
        ("telegram", Self::Telegram),
        ("zalo_bot", Self::ZaloBot),
        ("zalo_oa", Self::ZaloOa),
        ("console", Self::Console),
    ];
}

impl Word for Before {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("exclusive", Self::Exclusive),
        ("inclusive", Self::Inclusive),
    ];
}

impl Word for Acceptance {
    const WORDS: &'static [(&'static str, Self)] =
        &[("trust", Self::Trust), ("confirm", Self::Confirm)];
}

impl Word for Decides {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("monitor", Self::Monitor),
        ("monitor-head", Self::MonitorHead),
        ("leader", Self::Leader),
    ];
}

impl Word for MilestoneKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("due", Self::Due),
        ("continuous", Self::Continuous),
        ("event", Self::Event),
    ];
}

impl Word for Audience {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("officer", Self::Officer),
        ("head", Self::Head),
        ("monitor", Self::Monitor),
        ("leader", Self::Leader),
    ];
}

impl Word for Intent {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("undo", Self::Undo),
        ("extension", Self::Extension),
        ("blocked", Self::Blocked),
        ("reassign", Self::Reassign),
        ("snooze", Self::Snooze),
        ("progress", Self::Progress),
        ("done", Self::Done),
        ("ask", Self::Ask),
        ("ack", Self::Ack),
        ("unknown", Self::Unknown),
    ];
}

impl Word for Sense {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("not-done", Self::NotDone),
        ("doubt", Self::Doubt),
        ("aside", Self::Aside),
        ("question", Self::Asks),
        ("question-of-all", Self::AsksOfAll),
        ("question-of-late", Self::AsksOfLate),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_the_database_and_json_use_the_same_words() {
        assert!(
            Channel::WORDS
                .iter()
                .all(|(word, channel)| channel.as_str() == *word)
        );
        assert_eq!(Channel::WORDS.len(), Channel::ALL.len());
        assert!(
            Role::WORDS
                .iter()
                .all(|(word, role)| role.as_str() == *word)
        );
        assert!(
            Audience::WORDS
                .iter()
                .all(|(word, audience)| audience.as_str() == *word)
        );
        assert_eq!(Audience::WORDS.len(), Audience::ALL.len());
        assert!(
            MilestoneKind::WORDS
                .iter()
                .all(|(word, kind)| kind.as_str() == *word)
        );
    }
}
