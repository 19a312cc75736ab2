//! The reader: text and day -> what was understood.

use chrono::NaiveDate;

use super::clauses::{Clause, clauses};
use super::clean::clean;
use super::completion::Completion;
use super::dates::{Mention, mentions};
use super::evidence::{Evidence, Findings, Strength};
use super::features::features;
use super::fields::{Named, own_document, percent, tasks};
use super::grammar::{Match, Pattern, Sense, matches};
use super::intent::{Intent, Part, Understanding};
use super::lexer::tokens;
use super::lexicon::{Classes, Lexicon};
use super::model::{Model, best, hash, probabilities};
use super::parts::groups;
use super::roles::Role;
use super::select;
use super::view::View;

/// Reads replies. It is built once from the lexicon and reads any number of texts.
#[derive(Clone, Debug)]
pub struct Reader {
    lexicon: Lexicon,
    names: Vec<String>,
    patterns: Vec<Pattern>,
    model: Model,
}

/// How much the rules weigh against the model, by how much they found.
const SAID: f32 = 0.5;
const HINTED: f32 = 0.25;

/// With less than this probability of "done" by the model alone, it is not sure.
const LEAST_THROUGHOUT: f32 = 0.6;

/// The same where only the end of the text is plain.
const LEAST_AT_THE_END: f32 = 0.9;

/// Any of these in the clause that says "done", or in a later one, makes it unsure.
const RISKS: Classes = Role::Not.bit()
    | Role::Hedge.bit()
    | Role::If.bit()
    | Role::Wait.bit()
    | Role::Still.bit()
    | Role::Only.bit()
    | Role::Draft.bit()
    | Role::Piece.bit()
    | Role::QuestionMark.bit();

/// Any of these anywhere.
const GRAVE: Classes = Role::QuestionMark.bit() | Role::If.bit() | Role::Private.bit();

/// One clause and what was found in it, for whoever wants to know why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The words.
    pub words: String,
    /// What was found in them.
    pub found: Vec<String>,
}

/// What the rules alone find in a text, for training the model and measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The intent that wins.
    pub intent: Intent,
    /// 0 nothing was found, 1 a hint, 2 it is said.
    pub firmness: u8,
    /// How plainly "done" is said, if it is.
    pub plainness: Plainness,
}

struct Read {
    view: View,
    clauses: Vec<Clause>,
    matches: Vec<Match>,
    dates: Vec<Mention>,
    named: Vec<Named>,
    cut: bool,
}

impl Reader {
    /// A reader of these words, patterns and weights.
    pub fn new(lexicon: Lexicon, patterns: Vec<Pattern>, model: Model) -> Self {
        let names = lexicon.class_names().map(str::to_owned).collect();
        Self {
            lexicon,
            names,
            patterns,
            model,
        }
    }

    /// What is understood of a reply that was sent on a day.
    pub fn understand(&self, text: &str, sent: NaiveDate) -> Understanding {
        let read = self.read(text, sent);
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let mut whole = self.judge(&read, &findings, &evidence);
        let percent = percent(&read.view);
        if percent == Some(100) && whole.intent == Intent::Progress {
            whole.sure = false;
        }
        let parts = parts(&read, &findings);
        let mut deciding: Vec<Clause> = read.clauses.clone();
        if let Some((parts, clauses)) = parts {
            let first = parts.iter().map(|part| part.intent).min();
            // What the message says as a whole is said of the task that decides, or it is not sure.
            whole.sure &= first == Some(whole.intent);
            whole.intent = first.unwrap_or(whole.intent);
            whole.parts = parts;
            deciding = clauses;
        }
        whole.refs = read.named.iter().map(|named| named.task.clone()).collect();
        whole.percent = percent.filter(|_| whole.intent != Intent::Ask);
        whole.date = select::date(whole.intent, &read.view, &deciding, &read.dates, sent);
        whole.doc = match whole.intent {
            Intent::Ask | Intent::Unknown => None,
            _ => own_document(&read.view),
        };
        whole.sure &= !read.cut;
        whole
    }

    /// Clause by clause, what was found in a text.
    pub fn reasons(&self, text: &str, sent: NaiveDate) -> Vec<Reason> {
        let cleaned = clean(text, |line| self.lexicon.ends_own_words(line));
        let read = self.read(text, sent);
        let findings = read.findings(sent);
        let each = read.clauses.iter().map(|clause| {
            let evidence = findings.evidence(std::slice::from_ref(clause));
            let mut found: Vec<String> = Intent::ALL
                .into_iter()
                .filter(|intent| evidence.strength(*intent) > Strength::None)
                .map(|intent| match evidence.strength(intent) {
                    Strength::Said => intent.as_str().to_owned(),
                    _ => format!("perhaps {}", intent.as_str()),
                })
                .collect();
            found.extend(
                evidence
                    .completions
                    .iter()
                    .map(|(state, _)| format!("{state:?}")),
            );
            found.extend(
                read.matches
                    .iter()
                    .filter(|found| (clause.start..clause.end).contains(&found.start))
                    .map(|found| format!("{:?} by pattern {}", found.sense, found.pattern)),
            );
            let hits = read.view.hits_in(clause.start..clause.end);
            let hits: Vec<String> = hits
                .map(|hit| {
                    format!(
                        "{}[{}]",
                        self.names[usize::from(hit.class.0)],
                        words(&read.view, hit.start, hit.end)
                    )
                })
                .collect();
            found.push(hits.join(" "));
            let (from, to) = (
                read.view.tokens[clause.start].start,
                read.view.tokens[clause.end - 1].end,
            );
            Reason {
                words: cleaned.text[from..to].to_owned(),
                found,
            }
        });
        each.collect()
    }

    /// What stands against taking a "done" of this text as sure.
    pub fn doubts(&self, text: &str, sent: NaiveDate) -> Vec<String> {
        let read = self.read(text, sent);
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let mut doubts: Vec<String> = Vec::new();
        if !matches!(
            evidence.completions.last(),
            Some((Completion::Finished(_), _))
        ) {
            doubts.push(format!("completion {:?}", evidence.completions));
        }
        for intent in Intent::ALL {
            if evidence.strength(intent) == Strength::Said
                && !evidence.is_overcome(intent)
                && !matches!(intent, Intent::Done | Intent::Ack | Intent::Unknown)
            {
                doubts.push(format!("said {}", intent.as_str()));
            }
        }
        for found in read
            .matches
            .iter()
            .filter(|found| found.sense == Sense::NotDone)
        {
            doubts.push(format!("not done by pattern {}", found.pattern));
        }
        for clause in &read.clauses {
            for hit in read.view.hits_in(clause.start..clause.end) {
                if hit.class.bit() & RISKS != 0 {
                    doubts.push(format!(
                        "{}[{}]",
                        self.names[usize::from(hit.class.0)],
                        words(&read.view, hit.start, hit.end)
                    ));
                }
            }
        }
        doubts
    }

    /// The names of the features of a text, for training the model.
    pub fn features(&self, text: &str, sent: NaiveDate) -> Vec<String> {
        let read = self.read(text, sent);
        let evidence = read.findings(sent).evidence(&read.clauses);
        let mut names = Vec::new();
        features(&read.view, &self.names, &evidence, &mut |parts| {
            names.push(parts.concat());
        });
        names
    }

    /// What the rules alone find.
    pub fn ruled(&self, text: &str, sent: NaiveDate) -> Ruling {
        let read = self.read(text, sent);
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let (intent, strength) = evidence.ruling();
        Ruling {
            intent,
            firmness: strength as u8,
            plainness: plainness(&findings, &evidence, &read.named),
        }
    }

    fn read(&self, text: &str, sent: NaiveDate) -> Read {
        let cleaned = clean(text, |line| self.lexicon.ends_own_words(line));
        let mut view = View::new(tokens(&cleaned.text, &self.lexicon), &self.lexicon);
        let dates = mentions(&view, sent);
        let named = tasks(&view);
        let dated = dates
            .iter()
            .map(|mention| (Role::Date, mention.start, mention.end));
        let tasked = named
            .iter()
            .filter(|named| named.end - named.start > 1)
            .map(|named| (Role::Task, named.start, named.end));
        let added: Vec<_> = dated.chain(tasked).collect();
        view.add(added.into_iter());
        let clauses = clauses(&view, &cleaned.text);
        let matches = matches(&self.patterns, &view, &clauses);
        Read {
            view,
            clauses,
            matches,
            dates,
            named,
            cut: cleaned.cut,
        }
    }

    /// Rules first; the model where they hint or find nothing. Only structure makes a "done" sure.
    fn judge(&self, read: &Read, findings: &Findings<'_>, evidence: &Evidence) -> Understanding {
        let (ruled, strength) = evidence.ruling();
        let mut hashes = Vec::with_capacity(128);
        features(&read.view, &self.names, evidence, &mut |parts| {
            hashes.push(hash(parts));
        });
        hashes.sort_unstable();
        hashes.dedup();
        let mut scores = self.model.scores(&hashes);
        let opinion = probabilities(scores);
        scores[ruled.index()] += match strength {
            Strength::Said => SAID,
            Strength::Hint => HINTED,
            Strength::None => 0.0,
        };
        let intent = best(&scores);
        let agreed = probabilities(scores)[intent.index()];
        let sure = match intent {
            Intent::Done => match plainness(findings, evidence, &read.named) {
                Plainness::Throughout => opinion[Intent::Done.index()] >= LEAST_THROUGHOUT,
                Plainness::AtTheEnd => opinion[Intent::Done.index()] >= LEAST_AT_THE_END,
                Plainness::No => false,
            },
            _ => agreed >= 0.8 && !evidence.doubt,
        };
        Understanding {
            intent,
            sure,
            refs: Vec::new(),
            percent: None,
            date: None,
            doc: None,
            parts: Vec::new(),
        }
    }
}

/// How plainly a text says "done".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plainness {
    /// Something stands against it.
    No,
    /// Nothing does from the last word that it is finished; what was told before may be a story that is over.
    AtTheEnd,
    /// Nothing does in the whole text.
    Throughout,
}

fn plainness(findings: &Findings<'_>, evidence: &Evidence, named: &[Named]) -> Plainness {
    let finished = |(state, place): &(Completion, usize)| {
        matches!(state, Completion::Finished(_)).then_some(*place)
    };
    let (first, last) = match evidence.completions.last() {
        Some((Completion::Finished(_), last)) => (
            evidence
                .completions
                .iter()
                .find_map(finished)
                .unwrap_or(*last),
            *last,
        ),
        // "II.3 ✅": said without a verb.
        None if evidence.strength(Intent::Done) == Strength::Said => (0, 0),
        _ => return Plainness::No,
    };
    // Of several tasks, each must be said to be finished.
    let each = groups(findings.view, findings.clauses, named)
        .iter()
        .filter(|group| !group.tasks.is_empty())
        .all(|group| {
            let (intent, strength) = findings.evidence(&group.clauses).ruling();
            intent == Intent::Done && strength == Strength::Said
        });
    if !each || evidence.doubt || !is_clean_from(findings, last) {
        return Plainness::No;
    }
    let classes = |clause: &Clause| findings.view.classes_in(clause.start..clause.end);
    let grave = findings
        .clauses
        .iter()
        .any(|clause| classes(clause) & GRAVE != 0);
    let others = Intent::ALL
        .into_iter()
        .filter(|intent| !matches!(intent, Intent::Done | Intent::Ack | Intent::Unknown))
        .any(|intent| evidence.strength(intent) == Strength::Said && !evidence.is_overcome(intent));
    let open = evidence.completions.iter().any(|(state, _)| {
        matches!(
            state,
            Completion::Forecast(_) | Completion::Asked | Completion::Supposed
        )
    });
    if open {
        return Plainness::No;
    }
    if grave || others || !is_clean_from(findings, first) {
        return Plainness::AtTheEnd;
    }
    Plainness::Throughout
}

/// Whether nothing from a clause on denies, narrows, asks or puts off.
fn is_clean_from(findings: &Findings<'_>, from: usize) -> bool {
    let put_off = findings
        .dates
        .iter()
        .any(|date| date.start >= from && date.past.is_none() && date.first >= findings.sent);
    let cancelled = findings
        .matches
        .iter()
        .any(|found| found.sense == Sense::NotDone && found.end > from);
    let risky = findings.clauses.iter().any(|clause| {
        let classes = findings.view.classes_in(clause.start..clause.end);
        clause.start >= from && (clause.asked || classes & (RISKS | GRAVE) != 0)
    });
    !put_off && !cancelled && !risky
}

impl Read {
    fn findings(&self, sent: NaiveDate) -> Findings<'_> {
        Findings {
            view: &self.view,
            clauses: &self.clauses,
            matches: &self.matches,
            dates: &self.dates,
            sent,
        }
    }
}

/// One entry per task when the message says different things of them, and the clauses that decide.
fn parts(read: &Read, findings: &Findings<'_>) -> Option<(Vec<Part>, Vec<Clause>)> {
    let groups = groups(&read.view, &read.clauses, &read.named);
    let ruled: Vec<_> = groups
        .iter()
        .map(|group| (group, findings.evidence(&group.clauses).ruling()))
        .filter(|(_, (intent, strength))| {
            *strength == Strength::Said && !matches!(intent, Intent::Ack | Intent::Unknown)
        })
        .collect();
    let named = ruled
        .iter()
        .filter(|(group, _)| !group.tasks.is_empty())
        .count();
    let (_, (first, _)) = ruled.first()?;
    if named == 0 || ruled.len() < 2 || ruled.iter().all(|(_, (intent, _))| intent == first) {
        return None;
    }
    let parts = ruled
        .iter()
        .flat_map(|(group, (intent, _))| {
            let tasks: Vec<Option<String>> = if group.tasks.is_empty() {
                vec![None]
            } else {
                group.tasks.iter().cloned().map(Some).collect()
            };
            tasks.into_iter().map(|task| Part {
                task,
                intent: *intent,
            })
        })
        .collect();
    let deciding = ruled.iter().min_by_key(|(_, (intent, _))| *intent)?;
    Some((parts, deciding.0.clauses.clone()))
}

fn words(view: &View, start: usize, end: usize) -> String {
    let words: Vec<&str> = view.tokens[start..end]
        .iter()
        .map(|token| token.exact.as_str())
        .collect();
    words.join(" ")
}
