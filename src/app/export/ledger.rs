//! The ledger, with what of it is a decision and what came with it as a file. Each chain is walked on the way.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::error::ExportError;
use super::folder::{Lines, Written};
use super::manifest::Chain;
use super::{Writing, written};
use crate::app::verify::ended;
use crate::domain::chain::walk::{Found, Sealed, Walk};
use crate::domain::chain::{Hash, Line};
use crate::domain::inbound::File;
use crate::domain::resolution::DECISIONS;
use crate::store::plans::LoadedPlan;
use crate::store::{chain, erasures};

/// The three files.
struct Files {
    ledger: Lines,
    decisions: Lines,
    attachments: Lines,
}

/// A line of the ledger with all that is hashed, and the hash.
#[derive(Serialize)]
struct Entry<'a> {
    event: i64,
    plan: &'a str,
    obligation: Option<i64>,
    task: Option<&'a str>,
    milestone: Option<i64>,
    agency: Option<&'a str>,
    at: Option<String>,
    at_micros: i64,
    actor: &'a str,
    kind: &'a str,
    /// The text that is stored, letter for letter, as long as it is JSON.
    payload: Option<&'a RawValue>,
    source: Option<&'a str>,
    place: i64,
    previous: String,
    hash: String,
    /// Whether it has lost the words of a person: then the hash is that of what once stood there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
}

impl Writing<'_> {
    /// Writes the lines within the scope; the names of the obligations are those of the day.
    pub(super) async fn ledger(
        &mut self,
        plans: &[LoadedPlan],
    ) -> Result<(Vec<Written>, Vec<Chain>), ExportError> {
        let mut files = Files {
            ledger: self.folder.lines("ledger.jsonl")?,
            decisions: self.folder.lines("decisions.jsonl")?,
            attachments: self.folder.lines("attachments.jsonl")?,
        };
        let mut chains = Vec::new();
        for plan in plans {
            let wanted = self.scope.plan.as_ref();
            if wanted.is_none_or(|wanted| *wanted == plan.id) {
                chains.push(self.chain(plan, &mut files).await?);
            }
        }
        let Files {
            ledger,
            decisions,
            attachments,
        } = files;
        Ok((
            vec![ledger.end()?, decisions.end()?, attachments.end()?],
            chains,
        ))
    }

    async fn chain(&mut self, plan: &LoadedPlan, files: &mut Files) -> Result<Chain, ExportError> {
        let erased = erasures::list_lines(&mut self.tx, &plan.id).await?;
        let mut walk = Walk::new(plan.id.as_str().to_owned(), None).with_erased(erased);
        let mut broken = None;
        let (mut after, mut previous, mut exported) = (0, Hash::NOTHING, 0);
        loop {
            let page = chain::list(&mut self.tx, &plan.id, after).await?;
            let Some(last) = page.last() else { break };
            after = last.place;
            for sealed in &page {
                let erased_before = walk.erased();
                if broken.is_none() {
                    broken = walk.step(sealed).err();
                }
                let is_erased = walk.erased() > erased_before;
                exported += u64::from(self.entry(sealed, previous, is_erased, files)?);
                previous = sealed.hash.unwrap_or(Hash::NOTHING);
            }
        }
        if broken.is_none() {
            broken = ended(&mut self.tx, &plan.id, &walk).await?;
        }
        Ok(Chain {
            plan: plan.id.clone(),
            number: plan.number.clone(),
            title: plan.title.clone(),
            head: walk.head(),
            broken,
            exported,
        })
    }

    /// Writes a line if it lies within the scope; says whether it did.
    fn entry(
        &mut self,
        sealed: &Sealed,
        previous: Hash,
        is_erased: bool,
        files: &mut Files,
    ) -> Result<bool, ExportError> {
        let (Found::Line(line), Some(hash)) = (&sealed.line, sealed.hash) else {
            return Ok(false);
        };
        if !self.scope.has(line.about.as_ref()) {
            return Ok(false);
        }
        let about = line.about.as_ref();
        let entry = Entry {
            event: line.event,
            plan: &line.plan,
            obligation: about.map(|about| about.obligation),
            task: about.map(|about| about.task.as_str()),
            milestone: about.map(|about| about.milestone),
            agency: about.map(|about| about.agency.as_str()),
            at: instant(line),
            at_micros: line.at,
            actor: &line.actor,
            kind: &line.kind,
            payload: serde_json::from_str(&line.payload).ok(),
            source: line.source.as_deref(),
            place: sealed.place,
            previous: previous.to_string(),
            hash: hash.to_string(),
            erased: is_erased,
        };
        let payload: Value = serde_json::from_str(&line.payload).unwrap_or_default();
        files.ledger.line(&entry)?;
        self.sheets.event(line, &payload, sealed.place, &hash);
        if DECISIONS.contains(&line.kind.as_str()) || payload["amended"].is_object() {
            files.decisions.line(&decision(line, &payload))?;
            self.sheets.decision(line, &payload);
        }
        let sent = payload.get("files").cloned().unwrap_or_default();
        let sent: Vec<File> = serde_json::from_value(sent).unwrap_or_default();
        for (mut file, place) in sent.into_iter().zip(1..) {
            let id = format!("{}.{place}", line.event);
            let fetched = || self.known.get(&file.id).cloned();
            file.sha256 = file.sha256.take().or_else(fetched);
            self.unfetched += u64::from(file.sha256.is_none());
            let later = self.later.get(&file.id).map_or(&[][..], Vec::as_slice);
            files
                .attachments
                .line(&attachment(line, &id, &file, later))?;
            self.sheets.attachment(line, &payload, &id, &file, later);
        }
        Ok(true)
    }
}

fn instant(line: &Line) -> Option<String> {
    chrono::DateTime::from_timestamp_micros(line.at).map(written)
}

fn decision(line: &Line, payload: &Value) -> Value {
    let about = line.about.as_ref();
    json!({
        "event": line.event,
        "at": instant(line),
        "milestone": about.map(|about| format!("{}/{}", about.task, about.milestone)),
        "agency": about.map(|about| &about.agency),
        "kind": line.kind,
        "by": line.actor,
        "resolved": payload["resolved"],
        "revokes": payload["revokes"],
        "was_due_on": payload["was_due_on"],
        "amended": payload["amended"],
        "other_agency": payload["counterpart"],
        "fate": payload["fate"],
        "reason": payload["reason"],
        "document": payload["document"],
    })
}

/// Dondoc keeps no files: the hash is known where the bytes came through its hands, by mail or when they were fetched; `later`
/// are those that it had when it was fetched again.
fn attachment(line: &Line, id: &str, file: &File, later: &[String]) -> Value {
    let about = line.about.as_ref();
    json!({
        "file": id,
        "event": line.event,
        "at": instant(line),
        "milestone": about.map(|about| format!("{}/{}", about.task, about.milestone)),
        "agency": about.map(|about| &about.agency),
        "actor": line.actor,
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.size,
        "sha256": file.sha256,
        "sha256_later": later,
        "never_fetched": file.sha256.is_none(),
    })
}
