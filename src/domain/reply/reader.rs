//! The reader: text and day -> what was understood.

use chrono::{Datelike as _, NaiveDate};

use super::bygone::is_long_past;
use super::clauses::{Clause, clauses};
use super::clean::clean;
use super::closing::closing;
use super::completion::Completion;
use super::dates::{Mention, mentions};
use super::details::{Details, details, ended};
use super::doubts::Plainness;
use super::evidence::{Evidence, Findings, Strength};
use super::features::features;
use super::fields::{Named, percent, percents, tasks};
use super::grammar::{Match, Pattern, matches};
use super::hashing::hash;
use super::impossible::names_no_day;
use super::intent::{Intent, Understanding};
use super::just_now::take_just_now;
use super::left_out::left_out;
use super::lexer::tokens;
use super::lexicon::Lexicon;
use super::markers::without_markers;
use super::model::{Model, best, probabilities};
use super::overdue::late_but_there;
use super::papers::own_document;
use super::parts::{Group, groups, is_told_of, parts, says_nothing, without_story};
use super::plainness::{plainness, told_apart};
use super::questions::{is_asked, is_asked_of_plan, mark_questions};
use super::roles::Role;
use super::says::{Says, take_answer};
use super::select;
use super::topic::without_topics;
use super::view::View;
use super::weekdays::contradicts_weekday;
use super::weighed::{Weighed, are_sure_apart, doubt, parts_apart};
use super::writer::{Writer, is_told_of_another};

/// Reads replies. It is built once from the lexicon and reads any number of texts.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) lexicon: Lexicon,
    pub(super) names: Vec<String>,
    patterns: Vec<Pattern>,
    model: Model,
}

/// How much the rules weigh against the model, by how much they found.
const SAID: f32 = 0.5;
const HINTED: f32 = 0.25;
/// How much they do where each word is accounted for.
const TOLD: f32 = 1.5;
/// And where the model has seen next to nothing: people report more than they ask.
const ASKED_OF_PLAN: f32 = 4.0;

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

/// A text with all that was found in it.
pub(super) struct Read {
    text: String,
    pub view: View,
    pub clauses: Vec<Clause>,
    pub matches: Vec<Match>,
    pub dates: Vec<Mention>,
    pub named: Vec<Named>,
    pub percents: Vec<(u8, usize)>,
    /// What it says to a question, where it says nothing else.
    pub says: Option<Says>,
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

    /// What is understood of a reply that was sent on a day by nobody knows whom.
    pub fn understand(&self, text: &str, sent: NaiveDate) -> Understanding {
        self.understand_from(text, sent, &Writer::default())
    }

    /// What is understood of a reply that was sent on a day by somebody of a known unit: what "Sở Nội vụ" has issued is
    /// done when Sở Nội vụ says so.
    pub fn understand_from(&self, text: &str, sent: NaiveDate, writer: &Writer) -> Understanding {
        let read = self.read(text, sent, writer);
        if let Some(after) = self.on_second_thought(&read, sent, writer) {
            return after;
        }
        let whole = self.understand_read(&read, sent, writer);
        // What is told last stands before the thanks: they make nothing done.
        let says_done = whole.intent == Intent::Done
            || whole.parts.iter().any(|part| part.intent == Intent::Done);
        let before = closing(&read.view, &read.clauses).filter(|_| says_done);
        let before =
            before.map(|end| self.understand_from(read.text[..end].trim_end(), sent, writer));
        match before {
            Some(plain)
                if !plain.sure || plain.intent != whole.intent || plain.parts != whole.parts =>
            {
                plain
            }
            _ => whole,
        }
    }

    fn understand_read(&self, read: &Read, sent: NaiveDate, writer: &Writer) -> Understanding {
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let whole = self.judge(read, &findings, &evidence);
        let mut whole = late_but_there(whole, read, &evidence, sent);
        // What is asked of another task casts no doubt on the one that is finished.
        let asks = matches!(whole.intent, Intent::Done | Intent::Ask | Intent::Ack);
        if let Some(told) = told_apart(&findings, &read.named).filter(|_| asks) {
            let (alone, _) = self.alone(read, &told, sent, writer);
            if alone.intent == Intent::Done && alone.sure {
                whole = alone;
            }
        }
        let percent = percent(&read.view, &read.percents);
        if percent == Some(100) && whole.intent == Intent::Progress {
            whole.sure = false;
        }
        let groups = groups(&read.view, &read.clauses, &read.named);
        let groups = without_story(read, &findings, groups);
        let weighed = self.weighed(read, &groups, sent, writer);
        let parts = parts(&findings, &groups).or_else(|| parts_apart(&weighed));
        let mut deciding: Vec<Clause> = read.clauses.clone();
        if let Some((parts, clauses)) = parts {
            let first = parts.iter().map(|part| part.intent).min();
            // What the message says as a whole is said of the task that decides, or each is sure by its own words.
            whole.sure &= first == Some(whole.intent);
            whole.sure |= are_sure_apart(&weighed, &parts);
            whole.intent = first.unwrap_or(whole.intent);
            whole.parts = parts;
            deciding = clauses;
        }
        let tells = matches!(
            whole.intent,
            Intent::Done | Intent::Progress | Intent::Ack | Intent::Unknown
        );
        if whole.parts.is_empty()
            && let Some(parts) = left_out(read).filter(|_| tells)
        {
            // Of the rest nobody knows which it is.
            whole.sure &=
                whole.intent == Intent::Progress && parts.iter().all(|part| part.task.is_some());
            whole.intent = Intent::Progress;
            whole.parts = parts;
        }
        whole.refs = read.named.iter().map(|named| named.task.clone()).collect();
        whole.percent = percent.filter(|_| whole.intent != Intent::Ask);
        whole.date = select::date(whole.intent, &read.view, &deciding, &read.dates, sent);
        whole.doc = match whole.intent {
            Intent::Ask | Intent::Unknown => None,
            _ => own_document(&read.view),
        };
        whole.details = details(read, &groups, &whole, sent);
        whole.sure &= !read.cut;
        // Nobody knows which of the two days is meant.
        whole.sure &= !read
            .dates
            .iter()
            .any(|date| contradicts_weekday(&read.view, date));
        let says_done = whole.intent == Intent::Done
            || whole.parts.iter().any(|part| part.intent == Intent::Done);
        let cites =
            read.view.classes_in(0..read.view.len()).has(Role::Document) && whole.doc.is_none();
        let long_past = whole
            .date
            .is_some_and(|day| !cites && is_long_past(day, sent));
        let by_another = is_told_of_another(&read.view, &read.clauses, &evidence);
        let no_day = names_no_day(&read.view, sent.year());
        whole.sure &= !(says_done && (no_day || long_past || by_another));
        // "Bên huyện Thăng Bình xong rồi đó", "nhầm II.2 của Hội An": whose task it is, of which that is said, nobody knows.
        let tells_own = read.view.classes_in(0..read.view.len()).has(Role::Own);
        let of_another = match whole.intent {
            Intent::Progress => by_another && !tells_own,
            Intent::Undo => !read.view.others.is_empty() && !tells_own,
            _ => false,
        };
        whole.sure &= !of_another;
        whole.details.of_another = of_another;
        let mut told = evidence.completions.iter();
        let is_finished = told.any(|(state, _)| matches!(state, Completion::Finished(_)));
        whole.details.ended = ended(&read.view, is_finished);
        if whole.sure {
            doubt(&mut whole, &weighed);
        }
        whole
    }

    /// What a message that tells of several tasks says of each, as if nothing stood beside it.
    fn weighed(
        &self,
        read: &Read,
        groups: &[Group],
        sent: NaiveDate,
        writer: &Writer,
    ) -> Vec<Weighed> {
        if groups.len() < 2 || groups.iter().all(|group| group.tasks.is_empty()) {
            return Vec::new();
        }
        let weighed = groups.iter().map(|group| {
            let (alone, strength) = self.alone(read, &group.clauses, sent, writer);
            Weighed {
                group: group.clone(),
                intent: alone.intent,
                sure: alone.sure,
                strength,
                is_bare: says_nothing(&read.view, group) && !is_told_of(&read.view, group),
            }
        });
        weighed.collect()
    }

    /// What some of the clauses say where nothing stands beside them, and how much the rules find in it.
    fn alone(
        &self,
        read: &Read,
        clauses: &[Clause],
        sent: NaiveDate,
        writer: &Writer,
    ) -> (Understanding, Strength) {
        let alone = self.read(&read.words_of(clauses), sent, writer);
        let findings = alone.findings(sent);
        let evidence = findings.evidence(&alone.clauses);
        let understood = self.judge(&alone, &findings, &evidence);
        (understood, evidence.ruling().1)
    }

    /// The names of the features of a text, for training the model.
    pub fn features(&self, text: &str, sent: NaiveDate) -> Vec<String> {
        let read = self.read(text, sent, &Writer::default());
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let plainness = plainness(&findings, &evidence, &read.named);
        let mut names = Vec::new();
        let mut push = |parts: &[&str]| names.push(parts.concat());
        features(&findings, &self.names, &evidence, plainness, &mut push);
        names
    }

    /// What the rules alone find.
    pub fn ruled(&self, text: &str, sent: NaiveDate) -> Ruling {
        let read = self.read(text, sent, &Writer::default());
        let findings = read.findings(sent);
        let evidence = findings.evidence(&read.clauses);
        let (intent, strength) = evidence.ruling();
        Ruling {
            intent,
            firmness: strength as u8,
            plainness: plainness(&findings, &evidence, &read.named),
        }
    }

    pub(super) fn read(&self, text: &str, sent: NaiveDate, writer: &Writer) -> Read {
        let cleaned = clean(text, |line| self.lexicon.ends_own_words(line));
        let mut view = View::new(tokens(&cleaned.text, &self.lexicon), &self.lexicon);
        let says = take_answer(&mut view);
        writer.claim(&mut view);
        let dates = mentions(&view, sent);
        take_just_now(&mut view, &dates, sent);
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
        view.keep_names(named.iter().map(|named| named.start..named.end));
        let clauses = clauses(&view, &cleaned.text, &dates);
        let mut clauses = without_markers(&view, &cleaned.text, clauses, &named);
        let matches = without_topics(matches(&self.patterns, &view, &clauses), &view, &clauses);
        mark_questions(&mut clauses, &matches);

        view.forget_classes(self.lexicon.passing());
        let percents = percents(&view);
        let read = Read {
            text: cleaned.text,
            percents,
            view,
            clauses,
            matches,
            dates,
            named,
            says,
            cut: cleaned.cut,
        };
        read.without_asides(sent)
    }

    /// Rules first; the model where they hint or find nothing. Only structure makes a "done" sure.
    fn judge(&self, read: &Read, findings: &Findings<'_>, evidence: &Evidence) -> Understanding {
        let (ruled, strength) = evidence.ruling();
        let plainness = plainness(findings, evidence, &read.named);
        let mut hashes = Vec::with_capacity(256);
        let mut push = |parts: &[&str]| hashes.push(hash(parts));
        features(findings, &self.names, evidence, plainness, &mut push);
        hashes.sort_unstable();
        hashes.dedup();
        let mut scores = self.model.scores(&hashes);
        let opinion = probabilities(scores);
        scores[ruled.index()] += match strength {
            Strength::Said if plainness == Plainness::Told => TOLD,
            Strength::Said if ruled == Intent::Ask && is_asked_of_plan(findings, evidence) => {
                ASKED_OF_PLAN
            }
            Strength::Said if ruled == Intent::Ask && is_asked(findings, evidence) => TOLD,
            Strength::Said => SAID,
            Strength::Hint => HINTED,
            Strength::None => 0.0,
        };
        let intent = best(&scores);
        let agreed = probabilities(scores)[intent.index()];
        let sure = match intent {
            Intent::Done => {
                let least = plainness.least_probability();
                least.is_some_and(|least| opinion[Intent::Done.index()] >= least)
            }
            // There is nothing to act on.
            Intent::Unknown => false,
            // What is said in so many words needs no second witness: a wish that was misread is taken back with a word.
            _ if strength == Strength::Said && ruled == intent => agreed >= 0.5 && !evidence.doubt,
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
            details: Details::default(),
        }
    }
}

impl Read {
    /// The words of some of the clauses, as a text of their own.
    pub(super) fn words_of(&self, clauses: &[Clause]) -> String {
        let tokens = &self.view.tokens;
        let words = clauses.iter().filter_map(|clause| {
            let (first, last) = (&tokens[clause.start], &tokens[clause.end - 1]);
            self.text.get(first.start..last.end)
        });
        words.collect::<Vec<_>>().join(". ")
    }

    pub(super) fn findings(&self, sent: NaiveDate) -> Findings<'_> {
        Findings {
            view: &self.view,
            clauses: &self.clauses,
            matches: &self.matches,
            dates: &self.dates,
            percents: &self.percents,
            sent,
        }
    }
}
