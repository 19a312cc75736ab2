//! Whether every reply was applied once and answered.

use std::collections::{BTreeMap, HashMap};

use dondoc::domain::inbound::Content;
use dondoc::store::deliveries::{Delivery, DeliveryState};

use super::people::Reply;
use super::providers::{Providers, Taken};
use super::record::{Name, Record};

/// What a chat message starts with whose first copy may have arrived.
const MARK: &str = "↻ ";

/// How many complaints of one sort are told.
const TOLD: usize = 6;

/// What is wrong.
#[derive(Debug, Default)]
pub(super) struct Judge {
    broken: BTreeMap<&'static str, Vec<String>>,
    /// Answers of which more than one copy arrived.
    pub(super) copies: usize,
    /// Attempts whose process died.
    pub(super) cut: usize,
}

impl Judge {
    /// Notes that something is wrong.
    pub(super) fn complain(&mut self, sort: &'static str, what: impl Into<String>) {
        self.broken.entry(sort).or_default().push(what.into());
    }

    pub(super) fn is_content(&self) -> bool {
        self.broken.is_empty()
    }

    /// The first complaints of each sort.
    pub(super) fn complaints(&self) -> String {
        let told = self.broken.iter().map(|(sort, all)| {
            let some = all[..all.len().min(TOLD)].join("\n  ");
            format!("{sort}, {} times:\n  {some}\n", all.len())
        });
        told.collect()
    }

    /// Each reply stands in the inbox once, as it was written, and is dealt with.
    pub(super) fn received(&mut self, written: &[Reply], providers: &Providers, record: &Record) {
        let mut rows: HashMap<usize, usize> = HashMap::new();
        for row in &record.inbox {
            let inbound = row.inbound();
            let number = providers.number_of(inbound.channel, &row.external_id);
            let Some(reply) = number.and_then(|number| written.get(number - 1)) else {
                self.complain("written by nobody", format!("{row:?}"));
                continue;
            };
            *rows.entry(reply.number).or_default() += 1;
            let Content::Text { text, .. } = &inbound.content else {
                self.complain("without words", format!("{row:?}"));
                continue;
            };
            let from = (reply.from.channel(), reply.from.address());
            if (inbound.channel, &inbound.from) != (from.0, &from.1) || *text != reply.text {
                self.complain("not as written", format!("{reply:?} is {inbound:?}"));
            }
            if row.state != "settled" {
                self.complain("not dealt with", format!("{:?}: {row:?}", row.outcome));
            }
        }
        for reply in written {
            let times = rows.get(&reply.number).copied().unwrap_or_default();
            if times != 1 {
                let by = reply.from.channel().as_str();
                let sort = if times == 0 { "lost" } else { "stored twice" };
                self.complain(sort, format!("by {by}: {reply:?}"));
            }
        }
    }

    /// Whatever follows from the replies is what follows from them where nobody is killed.
    pub(super) fn applied(&mut self, record: &Record, undisturbed: &Record) {
        for stray in &record.strays {
            self.complain("from no reply", stray);
        }
        let words = |all: &BTreeMap<Name, Delivery>| -> BTreeMap<Name, String> {
            let text = |one: &Delivery| format!("{} {:?}", one.message.body, one.message.contact);
            all.iter().map(|(k, v)| (k.clone(), text(v))).collect()
        };
        self.same("other changes", &record.changes, &undisturbed.changes);
        self.same("another standing", &record.standing, &undisturbed.standing);
        let (ours, theirs) = (words(&record.answers), words(&undisturbed.answers));
        self.same("another answer", &ours, &theirs);
    }

    fn same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
        &mut self,
        sort: &'static str,
        ours: &BTreeMap<K, V>,
        undisturbed: &BTreeMap<K, V>,
    ) {
        let keys: std::collections::BTreeSet<&K> = ours.keys().chain(undisturbed.keys()).collect();
        for key in keys {
            let (one, other) = (ours.get(key), undisturbed.get(key));
            if one != other {
                let what = format!("{key:?}: {one:?}, and undisturbed {other:?}");
                self.complain(sort, what);
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
                self.complain("not answered", format!("{row:?}"));
                continue;
            };
            let message = &answer.message;
            if (message.channel, message.address.as_str()) != (inbound.channel, inbound.answer_to())
            {
                self.complain("answered elsewhere", format!("{answer:?}"));
            }
            if answer.state != DeliveryState::Sent {
                self.complain("not sent", format!("{answer:?}"));
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
                            None => self.complain("not arrived", format!("{answer:?}")),
                        }
                    }
                    Some("unknown") => cut.push((answer, again)),
                    _ => self.complain("failed attempts", format!("{attempt:?} of {answer:?}")),
                }
            }
            if noted != 1 {
                self.complain("not sent by one attempt", format!("{noted}: {answer:?}"));
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
        for one in arrived.into_values().flatten() {
            self.complain("sent by no attempt", format!("{one:?}"));
        }
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
