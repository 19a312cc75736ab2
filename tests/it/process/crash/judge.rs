//! Whether every reply was applied once and answered.

use std::collections::{BTreeMap, HashMap};

use dondoc::domain::inbound::Content;
use dondoc::store::deliveries::{Delivery, DeliveryState};

use super::people::Reply;
use super::providers::{Providers, Taken};
use super::record::{Name, Record};

/// What a chat message starts with whose first copy may have arrived.
const MARK: &str = "↻ ";

/// What is wrong.
#[derive(Debug, Default)]
pub(super) struct Judge {
    pub(super) broken: Vec<String>,
    /// Answers of which more than one copy arrived.
    pub(super) copies: usize,
    /// Attempts whose process died.
    pub(super) cut: usize,
}

impl Judge {
    /// Each reply stands in the inbox once, as it was written, and is dealt with.
    pub(super) fn received(&mut self, written: &[Reply], providers: &Providers, record: &Record) {
        let mut rows: HashMap<usize, usize> = HashMap::new();
        for row in &record.inbox {
            let inbound = row.inbound();
            let number = providers.number_of(inbound.channel, &row.external_id);
            let Some(reply) = number.and_then(|number| written.get(number - 1)) else {
                self.broken.push(format!("nobody wrote {row:?}"));
                continue;
            };
            *rows.entry(reply.number).or_default() += 1;
            let Content::Text { text, .. } = &inbound.content else {
                self.broken.push(format!("no words: {row:?}"));
                continue;
            };
            let from = (reply.from.channel(), reply.from.address());
            if (inbound.channel, &inbound.from) != (from.0, &from.1) || *text != reply.text {
                self.broken.push(format!("{reply:?} became {inbound:?}"));
            }
            if row.state != "settled" {
                self.broken
                    .push(format!("not dealt with, {:?}: {row:?}", row.outcome));
            }
        }
        for reply in written {
            let times = rows.get(&reply.number).copied().unwrap_or_default();
            if times != 1 {
                let by = reply.from.channel().as_str();
                let complaint = format!("in the inbox {times} times, by {by}: {reply:?}");
                self.broken.push(complaint);
            }
        }
    }

    /// Whatever follows from the replies is what follows from them where nobody is killed.
    pub(super) fn applied(&mut self, record: &Record, undisturbed: &Record) {
        self.broken.extend(record.strays.iter().cloned());
        let words = |all: &BTreeMap<Name, Delivery>| -> BTreeMap<Name, String> {
            let text = |one: &Delivery| format!("{} {:?}", one.message.body, one.message.contact);
            all.iter().map(|(k, v)| (k.clone(), text(v))).collect()
        };
        self.same("changes", &record.changes, &undisturbed.changes);
        self.same("standing", &record.standing, &undisturbed.standing);
        let (ours, theirs) = (words(&record.answers), words(&undisturbed.answers));
        self.same("answer", &ours, &theirs);
    }

    fn same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
        &mut self,
        what: &str,
        ours: &BTreeMap<K, V>,
        undisturbed: &BTreeMap<K, V>,
    ) {
        let keys: std::collections::BTreeSet<&K> = ours.keys().chain(undisturbed.keys()).collect();
        for key in keys {
            let (one, other) = (ours.get(key), undisturbed.get(key));
            if one != other {
                self.broken.push(format!(
                    "{what} of {key:?}: {one:?}, and undisturbed {other:?}"
                ));
            }
        }
    }

    /// Every reply was answered where it was written, and twice only where the sender died between request and note.
    pub(super) fn answered(&mut self, record: &Record, taken: Vec<Taken>) {
        let mut arrived: HashMap<(String, String), Vec<Taken>> = HashMap::new();
        for one in taken {
            let key = (one.channel.as_str().to_owned(), one.to.clone());
            arrived.entry(key).or_default().push(one);
        }
        let mut attempts: HashMap<i64, Vec<_>> = HashMap::new();
        for attempt in &record.attempts {
            attempts.entry(attempt.delivery).or_default().push(attempt);
        }
        // First the copies that were noted, then those of attempts without an end.
        let mut cut = Vec::new();
        for row in &record.inbox {
            let inbound = row.inbound();
            let Some(answer) = record.answers.get(&row.name()) else {
                self.broken.push(format!("no answer: {row:?}"));
                continue;
            };
            let message = &answer.message;
            if (message.channel, message.address.as_str()) != (inbound.channel, inbound.answer_to())
            {
                self.broken.push(format!("answered elsewhere: {answer:?}"));
            }
            if answer.state != DeliveryState::Sent {
                self.broken.push(format!("not sent: {answer:?}"));
            }
            let place = (message.channel.as_str().to_owned(), message.address.clone());
            let there = arrived.entry(place).or_default();
            let tried = attempts.remove(&answer.id.0).unwrap_or_default();
            let mut noted = 0;
            for attempt in tried {
                let again = attempt.number > 1;
                match attempt.outcome.as_deref() {
                    Some("sent") => {
                        noted += 1;
                        let id = attempt.provider_id.as_deref().unwrap_or_default();
                        let copy = there
                            .iter()
                            .position(|one| is_copy(one, answer, again, Some(id)));
                        match copy {
                            Some(at) => drop(there.remove(at)),
                            None => self.broken.push(format!("never arrived: {answer:?}")),
                        }
                    }
                    Some("unknown") => cut.push((answer, again)),
                    _ => self.broken.push(format!("{attempt:?} of {answer:?}")),
                }
            }
            if noted != 1 {
                self.broken
                    .push(format!("{noted} attempts sent {answer:?}"));
            }
        }
        self.cut = cut.len();
        for (answer, again) in cut {
            let message = &answer.message;
            let place = (message.channel.as_str().to_owned(), message.address.clone());
            let there = arrived.entry(place).or_default();
            let copy = there
                .iter()
                .position(|one| is_copy(one, answer, again, None));
            if let Some(at) = copy {
                there.remove(at);
                self.copies += 1;
            }
        }
        let rest = arrived.into_values().flatten();
        self.broken
            .extend(rest.map(|one| format!("sent, and by no attempt: {one:?}")));
    }
}

/// Whether this is a copy of the answer: a chat's second one is marked, a mail's has the Message-ID of the first.
fn is_copy(taken: &Taken, answer: &Delivery, again: bool, provider_id: Option<&str>) -> bool {
    let message = &answer.message;
    if taken.text.is_empty() {
        return taken.id == message.message_id;
    }
    let text = if again {
        taken.text.strip_prefix(MARK)
    } else {
        Some(taken.text.as_str())
    };
    text == Some(message.body.as_str()) && provider_id.is_none_or(|id| taken.id == id)
}
