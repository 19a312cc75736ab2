//! A message of a contact: understood, decided, recorded, answered.

use chrono::{DateTime, TimeDelta, Utc};

use super::code::is_written_as_code;
use super::desk::{Desk, Outcome, done};
use super::edit::Edited;
use super::receipt::Facts;
use super::situation::Background;
use crate::app::AppError;
use crate::app::requests::days_asked;
use crate::clock::local;
use crate::domain::decide::{
    Decision, Question, Reading, Situation, correct, decide_choice, hear, under_named_plan,
};
use crate::domain::directory::Contact;
use crate::domain::ids::ObligationId;
use crate::domain::inbound::{Content, Place};
use crate::messages::{NoticeContext, NoticeKind};
use crate::store::inbox::Received;
use crate::store::questions::{self, Asked, Matter};
use crate::store::{Tx, groups, obligations};

/// How long a question waits for its answer.
pub(super) const QUESTION_HOURS: i64 = 24;

/// What becomes of an edit that changes nothing: nobody is answered twice.
const SAYS_THE_SAME: &str = "an edit that says the same";

/// The command that binds a group to the agency of whoever sends it.
const BIND_GROUP: &str = "/nhom";

impl Desk {
    pub(super) async fn talk(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        if let Place::Group { chat } = &received.inbound.place
            && let Some(outcome) = self.in_group(tx, received, contact, chat, now).await?
        {
            return Ok(outcome);
        }
        if let Content::Text { text, .. } = &received.inbound.content
            && is_written_as_code(text)
        {
            // Whether it is a code that somebody waits for is told to nobody; in a group, nobody's name either.
            tracing::warn!(contact = %contact.id, inbox = %received.id, "a contact sent what looks like a code: refused");
            let notice = match received.inbound.place {
                Place::Private => self.introduce(NoticeKind::LinkedAlready, contact),
                Place::Group { .. } => NoticeContext::of(NoticeKind::CodeRefused),
            };
            self.say(tx, received, Some(&contact.id), &notice, Vec::new(), now)
                .await?;
            return Ok(done("a code sent from a chat that is bound already"));
        }
        let answered = match &received.inbound.content {
            Content::Text { answers, .. } | Content::Button { answers, .. } => answers.as_ref(),
            _ => None,
        };
        let background = self
            .background(tx, received, contact, answered, now)
            .await?;
        let edited = self.edited(tx, received, contact, &background, now).await?;
        if edited.as_ref().is_some_and(|edited| edited.is_same) {
            return Ok(done(SAYS_THE_SAME));
        }
        let album = self.goes_on_with_an_album(tx, received, contact, &background, now);
        if Box::pin(album).await? {
            return Ok(done("the rest of an album, answered with its first file"));
        }
        // Boxed: it would make the future of every message large.
        let heard = self.hear_decision(tx, received, contact, &background, now);
        if let Some(outcome) = Box::pin(heard).await? {
            return Ok(outcome);
        }
        let absence = self.hear_of_absence(tx, received, contact, &background, now);
        if let Some(outcome) = Box::pin(absence).await? {
            return Ok(outcome);
        }
        let decision = match edited {
            Some(edited) => match self.decide_again(received, &background, &edited) {
                Some(decided) => decided,
                None => return Ok(done(SAYS_THE_SAME)),
            },
            None => self.decide(received, &background),
        };
        self.carry_out(tx, received, contact, &background, decision, now)
            .await
    }

    /// A group counts only for the agency it was bound to, and only bound contacts of that agency count in it.
    async fn in_group(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        chat: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Outcome>, AppError> {
        let channel = received.inbound.channel;
        let bound = groups::find_agency(tx, channel, chat).await?;
        let wants_binding = matches!(&received.inbound.content,
            Content::Text { text, .. } if text.trim().split('@').next() == Some(BIND_GROUP));
        match bound {
            Some(agency) if agency == contact.agency => Ok(None),
            Some(_) => Ok(Some(done("a group of another agency"))),
            None if wants_binding => {
                groups::bind(tx, channel, chat, &contact.agency, now).await?;
                let notice = self.introduce(NoticeKind::Group, contact);
                self.say(tx, received, Some(&contact.id), &notice, Vec::new(), now)
                    .await?;
                Ok(Some(done(format!("a group bound to {}", contact.agency))))
            }
            None => Ok(Some(done("a group that is not bound"))),
        }
    }

    pub(super) fn decide(&self, received: &Received, background: &Background) -> Decision {
        let situation = background.situation();
        match &received.inbound.content {
            Content::Button { token, .. } => decide_button(token, background, &situation),
            Content::Text { text, files, .. } => {
                let with_files = Situation { files, ..situation };
                self.decide_text(text, background, &with_files)
            }
            _ => Decision::default(),
        }
    }

    /// What follows from the words of an edited message, in the place of what followed from the earlier ones.
    fn decide_again(
        &self,
        received: &Received,
        background: &Background,
        edited: &Edited,
    ) -> Option<Decision> {
        let Content::Text { text, files, .. } = &received.inbound.content else {
            return None;
        };
        let situation = Situation {
            files,
            ..background.situation()
        };
        let read = |as_if: &Situation<'_>| self.decide_text(text, background, as_if);
        let mut decision = correct(&edited.earlier, edited.written_on, &situation, read)?;
        decision.forgets = edited.raised_question;
        Some(decision)
    }

    fn decide_text(
        &self,
        text: &str,
        background: &Background,
        situation: &Situation<'_>,
    ) -> Decision {
        let asked_at = background.asked.as_ref().map(|asked| asked.asked_at);
        let reading = Reading {
            reader: &self.setup.reader,
            terse: &self.setup.terse,
            writer: &background.writer,
            asked_today: asked_at.is_some_and(|at| local(at).date() == background.today),
        };
        let of_plan = under_named_plan(text, situation.owed);
        let owed = of_plan.as_deref().unwrap_or(situation.owed);
        hear(text, &reading, &Situation { owed, ..*situation })
    }

    pub(super) async fn carry_out(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        background: &Background,
        decision: Decision,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        let channel = received.inbound.channel;
        let text = match (&decision.quote, &received.inbound.content) {
            (Some(quote), _) => quote.as_str(),
            (None, Content::Text { text, .. }) => text.as_str(),
            _ => "",
        };
        let changes = &decision.changes;
        self.apply(tx, received, contact, background, changes, text, now)
            .await?;
        self.keep_files(tx, received, contact, background, &decision, now)
            .await?;
        let waiting = waits_after(&decision, background);
        let token = token_of(waiting.as_ref(), received, background);
        if let Some(question) = waiting {
            let asked = Asked {
                token: token.clone(),
                matter: Matter::Report(Question {
                    token: token.clone(),
                    ..question
                }),
                asked_at: now,
            };
            let until = now + TimeDelta::hours(QUESTION_HOURS);
            questions::ask(tx, &contact.id, channel, &asked, until).await?;
        } else if decision.forgets {
            questions::forget(tx, &contact.id, channel).await?;
        }
        let changed: Vec<ObligationId> = decision
            .changes
            .iter()
            .map(|change| change.obligation)
            .collect();
        let changed = obligations::find(tx, &changed).await?;
        let facts = Facts {
            contact,
            background,
            asked: days_asked(tx, changed.iter()).await?,
            now: &changed,
            token: &token,
            in_group: received.inbound.place != Place::Private,
        };
        let answer = self.render_answer(&decision.answer, &facts, channel)?;
        let to = Some(&contact.id);
        if decision.changes.is_empty() {
            self.answer(tx, received, to, answer, now).await?;
        } else {
            self.answer_always(tx, received, to, answer, now).await?;
        }
        Ok(done(summary(&decision)))
    }
}

/// The question that waits from now on, with the list that numbers go on to mean; `None` where nothing new does.
fn waits_after(decision: &Decision, background: &Background) -> Option<Question> {
    let answer = &decision.answer;
    let asked = background.asked.as_ref();
    let before = asked.and_then(Asked::report);
    // A brief that came since has numbers of its own.
    let still_counts = asked.is_some_and(|asked| {
        let briefed_since = background.briefed_at.is_some_and(|at| at > asked.asked_at);
        local(asked.asked_at).date() == background.today && !briefed_since
    });
    let still_listed = before
        .filter(|_| still_counts)
        .map(|question| &question.listed)
        .filter(|listed| !listed.is_empty());
    let listed = if answer.listed.is_empty() {
        still_listed.cloned().unwrap_or_default()
    } else {
        answer.listed.clone()
    };
    let is_shown_now = !answer.listed.is_empty();
    let with_list = |question: &Question| {
        let is_after = is_shown_now && !question.options.is_empty();
        let below_list = !listed.is_empty() && (is_after || question.below_list);
        Question {
            listed: listed.clone(),
            below_list,
            ..question.clone()
        }
    };
    match &answer.question {
        Some(question) => Some(with_list(question)),
        None if listed.is_empty() => None,
        // What was asked is still asked; numbers mean the list that was shown last.
        None if is_shown_now => match before.filter(|_| !decision.forgets) {
            Some(question) => Some(with_list(question)),
            None => Some(Question::listing(listed)),
        },
        None if decision.forgets => Some(Question::listing(listed)),
        None => None,
    }
}

/// What buttons carry: of a question that is put once more the same, so that those of before still count.
fn token_of(waiting: Option<&Question>, received: &Received, background: &Background) -> String {
    if let Some(put_before) = waiting.filter(|question| !question.token.is_empty()) {
        return put_before.token.clone();
    }
    let asked = background.asked.as_ref();
    let same = asked.filter(|asked| {
        let before = asked.report().zip(waiting);
        before.is_some_and(|(before, now)| now.is_again(before))
    });
    same.map_or_else(|| format!("q{}", received.id), |asked| asked.token.clone())
}

/// A button belongs to one question, the one that waits or one behind it; when it waits no more, as a day has passed or it was
/// answered, it says nothing.
fn decide_button(token: &str, background: &Background, situation: &Situation<'_>) -> Decision {
    let asked = background.asked.as_ref();
    let tapped = asked.and_then(|asked| {
        let (token, number) = token.rsplit_once('.')?;
        let number: usize = number.parse().ok()?;
        let waiting = asked.report()?;
        if token == asked.token {
            return Some((waiting.clone(), number));
        }
        let place = waiting.then.iter().position(|one| one.token == token)?;
        Some((waiting.with_first(place)?, number))
    });
    let (question, number) = tapped.unzip();
    let of_this_question = Situation {
        asked: question.as_ref(),
        ..*situation
    };
    decide_choice(number.unwrap_or(0), &of_this_question)
}

/// What became of a message, for the operator: no words of the person.
fn summary(decision: &Decision) -> String {
    let mut said: Vec<String> = decision
        .changes
        .iter()
        .map(|change| {
            format!(
                "{} of obligation {}",
                change.what.as_str(),
                change.obligation
            )
        })
        .collect();
    let answer = &decision.answer;
    said.extend(
        answer
            .refused
            .iter()
            .map(|refused| format!("refused: {:?}", refused.why)),
    );
    said.extend(
        answer
            .question
            .iter()
            .map(|question| format!("asked: {:?}", question.kind)),
    );
    said.extend(answer.note.map(|note| format!("{note:?}")));
    if said.is_empty() {
        "told what was asked".to_owned()
    } else {
        said.join("; ")
    }
}
