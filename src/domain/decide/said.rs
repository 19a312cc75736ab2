//! What a message says of which task.

use crate::domain::reply::{Beside, Intent, Understanding};

/// What is said of one task.
pub(super) struct Said {
    /// What the sender calls it; `None` where it is not named.
    pub(super) named: Option<String>,
    pub(super) intent: Intent,
    pub(super) beside: Beside,
    /// Whether it is given to a person, and not to another unit.
    pub(super) to_a_person: bool,
}

/// What is said of which task: the parts where they differ, otherwise the intent for each reference, or for none.
pub(super) fn said_of_tasks(understood: &Understanding) -> Vec<Said> {
    let said: Vec<(Option<String>, Intent)> = if !understood.parts.is_empty() {
        let parts = understood.parts.iter();
        parts.map(|part| (part.task.clone(), part.intent)).collect()
    } else if understood.refs.is_empty() {
        vec![(None, understood.intent)]
    } else {
        let refs = understood.refs.iter();
        refs.map(|named| (Some(named.clone()), understood.intent))
            .collect()
    };
    said.into_iter()
        .map(|(named, intent)| Said {
            beside: beside(understood, named.as_ref(), intent),
            named,
            intent,
            to_a_person: understood.details.to_a_person,
        })
        .collect()
}

/// What is told beside the intent of one task; where the reader did not tell them apart, the day and the document belong
/// to the statement that decided: a plain "xong" beside it has none.
fn beside(understood: &Understanding, named: Option<&String>, intent: Intent) -> Beside {
    let of_tasks = &understood.details.of_tasks;
    if !of_tasks.is_empty() {
        let own = of_tasks.iter().find(|(task, _)| task.as_ref() == named);
        return own.map(|(_, beside)| beside.clone()).unwrap_or_default();
    }
    let own = intent == understood.intent;
    Beside {
        percent: understood.percent.filter(|_| own),
        date: understood.date.filter(|_| own),
        document: understood.doc.clone().filter(|_| own),
        periods: understood.details.periods.clone(),
    }
}
