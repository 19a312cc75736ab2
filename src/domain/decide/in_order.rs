//! "II.2/1, IV.1.a/1 xong, số 11, 12": the numbers behind the tasks are those of their documents, in the same order.

use super::choose::{Chosen, Hints, by_name};
use super::reading::Reading;
use super::situation::{Owed, Situation};
use crate::domain::reply::{Beside, Intent, Understanding};

impl Reading<'_> {
    /// The same with each task given its own number, and no number taken for a task. Where there are more or fewer numbers than
    /// documents, none is given: they are asked for.
    pub(super) fn with_numbers_in_order(
        &self,
        text: &str,
        mut understood: Understanding,
        situation: &Situation<'_>,
    ) -> Understanding {
        let is_number = |named: &String| named.starts_with('#');
        let tasks = understood.refs.iter().take_while(|named| !is_number(named));
        let (tasks, behind) = understood.refs.split_at(tasks.count());
        let numbers = self.terse.numbers_at_end(text);
        let are_these = behind.len() == numbers.len()
            && behind
                .iter()
                .zip(&numbers)
                .all(|(named, number)| *named == format!("#{number}"));
        let is_done = understood.intent == Intent::Done && understood.parts.is_empty();
        if !is_done || tasks.len() < 2 || numbers.is_empty() || !are_these {
            return understood;
        }
        let tasks = tasks.to_vec();
        let called: Vec<Option<&Owed>> = tasks
            .iter()
            .map(
                |named| match by_name(named, Hints::of(Intent::Done), situation) {
                    Chosen::One(owed) => Some(owed),
                    Chosen::Perhaps(_) | Chosen::OneOf(_) | Chosen::Nothing => None,
                },
            )
            .collect();
        let wants_one = |owed: Option<&Owed>| owed.is_some_and(|owed| owed.is_document);
        let each_has_one = numbers.len() == tasks.len();
        let documents_have = numbers.len() == called.iter().filter(|one| wants_one(**one)).count();
        let mut left = numbers.iter();
        let mut of_tasks = Vec::new();
        for (named, owed) in tasks.iter().zip(&called) {
            let mut own = told_of(&understood, named);
            let wants = wants_one(*owed);
            let number = match (each_has_one, documents_have) {
                (true, _) => left.next().filter(|_| wants),
                (false, true) if wants => left.next(),
                _ => None,
            };
            if let (Some(number), Some(owed)) = (number, owed) {
                let given = self.given(&number.to_string(), &understood, owed, situation);
                own.document = given.and_then(|given| given.document);
            }
            of_tasks.push((Some(named.clone()), own));
        }
        understood.details.of_tasks = of_tasks;
        understood.refs = tasks;
        understood
    }
}

/// What is told of a task, without a document.
fn told_of(understood: &Understanding, named: &String) -> Beside {
    let mut of_tasks = understood.details.of_tasks.iter();
    let own = of_tasks.find(|(task, _)| task.as_ref() == Some(named));
    let told = own.map(|(_, beside)| beside.clone());
    let told = told.unwrap_or_else(|| Beside {
        percent: understood.percent,
        date: understood.date,
        document: None,
        periods: understood.details.periods.clone(),
    });
    Beside {
        document: None,
        date: told.date.or(understood.date),
        ..told
    }
}
