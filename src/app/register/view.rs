//! A line of the register, and an agency, as documents name them.

use crate::app::compose::named;
use crate::app::setup::{Charge, Setup};
use crate::domain::directory::{Agency, Level};
use crate::domain::history::{Refusal, Standing as Stands, Uncounted};
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::{Pending, Standing, State};
use crate::domain::plan::MilestoneKind;
use crate::domain::register::{Ground, Line};
use crate::messages::{LetterAgency, RegisterGround, RegisterLine};

/// A line that stands on these documents.
pub(super) fn line(charge: &Charge, line: &Line<'_>, grounds: &[Ground]) -> RegisterLine {
    let owed = line.obligation;
    let (id, title) = named(charge, &owed.milestone);
    let said = line.stands.said.as_ref();
    let stood = line.stands.stood;
    let pending = stood.pending.filter(|_| stood.state == State::Open);
    let mut shown = RegisterLine {
        id,
        place: charge.place_of(&owed.milestone),
        title,
        agency: charge.agency_name(&owed.agency),
        word: word(line).to_owned(),
        due_on: line.stands.due_on,
        original_due_on: line.first_due_on,
        plan_due_on: line.plan_due_on,
        grounds: grounds.iter().map(|one| ground(charge, one)).collect(),
        done_on: stood.done_on,
        days_late: line.days_late,
        documents: line.stands.documents.clone(),
        quote: said.map(|said| said.quote.clone()).unwrap_or_default(),
        said_on: said.map(|said| said.on),
        takes_back: said.and_then(|said| said.takes_back),
        returned: said
            .and_then(|said| said.returned.clone())
            .filter(|_| stood.state == State::Open),
        refused_on: line.stands.refused.as_ref().map(|refusal| refusal.on),
        refused_by: refused_by(line.stands.refused.as_ref()),
        pending: pending.map_or("", Pending::as_str).to_owned(),
        until: line
            .stands
            .asked
            .as_ref()
            .and_then(|asked| asked.day)
            .filter(|_| pending == Some(Pending::Extension)),
        asked_by: line.asked_by,
        ..RegisterLine::default()
    };
    if shown.is_extended() {
        shown.extended_by = line.stands.moved_by.clone().unwrap_or_default();
    }
    if let Some((task, milestone)) = charge.find(&owed.milestone) {
        shown.content.clone_from(&task.content);
        shown.label.clone_from(&milestone.label);
        shown.written.clone_from(&milestone.written);
        shown.product.clone_from(&task.product);
        shown.deadline.clone_from(&task.deadline);
        shown.coordinate.clone_from(&task.coordinate);
    }
    shown
}

/// The document of a refusal, where there is one.
fn refused_by(refusal: Option<&Refusal>) -> String {
    let document = refusal.and_then(|one| one.document.clone());
    document.unwrap_or_default()
}

fn ground(charge: &Charge, ground: &Ground) -> RegisterGround {
    RegisterGround {
        kind: ground.kind.as_str().to_owned(),
        document: ground.document.clone(),
        signed_on: ground.signed_on,
        agency: charge.agency_names(&ground.counterparts),
    }
}

/// The key of the official word of a line.
fn word(line: &Line<'_>) -> &'static str {
    official_word(line.word, &line.stands, line.obligation.kind)
}

/// The key of one of the official words, or of what stands where none of them fits.
pub(in crate::app) fn official_word(
    standing: Option<Standing>,
    stands: &Stands,
    kind: MilestoneKind,
) -> &'static str {
    if let Some(word) = standing {
        return Standing::as_str(word);
    }
    let is_done = stands.stood.state == State::Done;
    match stands.uncounted(kind, true) {
        Some(Uncounted::Suspended) => "suspended",
        Some(Uncounted::Transferred | Uncounted::Ungiven | Uncounted::Ahead) => "transferred",
        Some(Uncounted::Cancelled | Uncounted::Gone) => "cancelled",
        Some(Uncounted::Continuous) if is_done => "continuous-done",
        Some(Uncounted::Continuous) => "continuous",
        Some(Uncounted::Asleep) if !is_done => "event",
        Some(Uncounted::Asleep) | None => "done",
    }
}

/// An agency as its letters and those to it name it.
pub(in crate::app) fn letter_agency(
    setup: &Setup,
    charge: &Charge,
    code: &AgencyCode,
) -> LetterAgency {
    let short_of = |name: &str| setup.messages.short_name(name).to_owned();
    let place_of = |name: &str, short: &str| {
        let rest = name.strip_prefix(short).unwrap_or(name).trim();
        if rest.is_empty() { name } else { rest }.to_owned()
    };
    let issuer = &charge.plan.issuer;
    let name_of = |code| setup.messages.abbreviated(&charge.agency_name(code));
    let issuer_name = name_of(issuer);
    let name = name_of(code);
    let short = short_of(&name);
    let found = charge.directory.find(code);
    let is_provincial = found.is_none_or(|agency| agency.level == Level::Province);
    let place = if code == issuer || !is_provincial {
        place_of(&name, &short)
    } else {
        place_of(&issuer_name, &short_of(&issuer_name))
    };
    // A partner that belongs to no group of the province may have its superior elsewhere: whoever signs knows.
    let is_under_issuer = |agency: &Agency| !agency.groups.is_empty();
    let superior = if code != issuer && is_provincial && found.is_some_and(is_under_issuer) {
        issuer_name
    } else {
        String::new()
    };
    LetterAgency {
        sign: sign(&short, code),
        name,
        short,
        place,
        superior,
    }
}

/// The sign of an agency in the numbers of documents: an abbreviation that its name begins with, or else its code.
fn sign(short: &str, code: &AgencyCode) -> String {
    let first = short.split(' ').next().unwrap_or_default();
    let is_abbreviation = first.chars().count() > 1 && first.chars().all(char::is_uppercase);
    if is_abbreviation {
        first.to_owned()
    } else {
        code.to_string()
    }
}
