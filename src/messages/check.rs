//! Checks of the loaded messages: every template renders every sample, and reads only names that exist.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::engine::{Messages, template_name, value};
use super::limit::Limit;
use super::notice::{NoticeContext, NoticeKind};
use super::problem::Problem;
use super::register_context::RegisterContext;
use super::render::Rendered;
use super::view::Frame;
use crate::domain::delivery::Channel;

impl Messages {
    /// Every problem that shows when the templates run, each once; empty when all is well.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut problems: BTreeSet<Problem> = self.unknown_variables().into_iter().collect();
        for sample in &self.samples.briefs {
            for channel in Channel::ALL {
                match self.render_brief(&sample.brief, channel, Limit::of(channel)) {
                    Ok(rendered) => {
                        problems.extend(self.oddity(&sample.name, &rendered, channel));
                    }
                    Err(error) => {
                        problems.insert(error.0);
                    }
                }
            }
        }
        for context in self.samples.receipts.values() {
            for channel in Channel::ALL {
                if let Err(error) = self.render_receipt(context, channel) {
                    problems.insert(error.0);
                }
            }
        }
        for context in self.samples.decisions.values() {
            for channel in [Channel::Email, Channel::Telegram] {
                if let Err(error) = self.render_decision(context, channel) {
                    problems.insert(error.0);
                }
            }
        }
        for context in self.samples.absences.values() {
            for channel in Channel::ALL {
                if let Err(error) = self.render_absence(context, channel) {
                    problems.insert(error.0);
                }
            }
        }
        for context in self.samples.dockets.values() {
            for channel in Channel::ALL {
                if let Err(error) = self.render_docket(context, channel) {
                    problems.insert(error.0);
                }
            }
        }
        for context in self.samples.digests.values() {
            for channel in [Channel::Email, Channel::Telegram] {
                if let Err(error) = self.render_digest(context.clone(), channel) {
                    problems.insert(error.0);
                }
            }
        }
        for context in self.samples.rankings.values() {
            let agencies = context.tables.iter().flat_map(|table| &table.agencies);
            let arithmetic = agencies.map(|one| self.render_arithmetic(context, one).err());
            let whole = self.render_ranking(context).err();
            let book = self.ranking_workbook(context, DateTime::UNIX_EPOCH).err();
            let letter = self.ranking_letter(context, DateTime::UNIX_EPOCH).err();
            let found = arithmetic.chain([whole, book, letter]).flatten();
            problems.extend(found.map(|error| error.0));
        }
        for context in self.samples.letters.values() {
            if let Err(error) = self.render_letter(context, DateTime::UNIX_EPOCH) {
                problems.insert(error.0);
            }
        }
        if let Err(error) = self.render_register(&RegisterContext::example(), DateTime::UNIX_EPOCH)
        {
            problems.insert(error.0);
        }
        for kind in NoticeKind::ALL {
            if let Err(error) = self.render_notice(&NoticeContext::of(kind), Channel::Telegram) {
                problems.insert(error.0);
            }
        }
        problems.into_iter().collect()
    }

    /// Names that no brief has, in branches that no sample takes too.
    fn unknown_variables(&self) -> Vec<Problem> {
        let Some(sample) = self.samples.briefs.first() else {
            let shown = &self.files[super::files::SAMPLES].shown;
            return vec![Problem::of_file(shown, "holds no sample", "add one")];
        };
        let frame = Frame::new(&sample.brief, &self.words);
        let view = value(&frame.view(0));
        let mut known: Vec<String> = view
            .try_iter()
            .into_iter()
            .flatten()
            .map(|key| key.to_string())
            .collect();
        known.extend(["few", "in_full", "most", "reply", "roomy", "say"].map(str::to_owned));
        let mut problems = Vec::new();
        for (path, file) in &self.files {
            // A receipt and a notice read no more than their samples show; those are all rendered.
            let unknown = template_name(path)
                .filter(|template| template.starts_with("brief/"))
                .map(|template| self.unknown_names(template, &known));
            for name in unknown.unwrap_or_default() {
                if file.text.contains(&format!("macro {name}(")) {
                    continue;
                }
                let line = file
                    .text
                    .lines()
                    .position(|line| line.contains(&name))
                    .map(|at| at + 1);
                let remedy = format!("use one of {}", known.join(", "));
                problems.push(
                    Problem::of_file(&file.shown, format!("unknown name {name:?}"), remedy)
                        .at_line(line),
                );
            }
        }
        problems
    }

    fn oddity(&self, sample: &str, rendered: &Rendered, channel: Channel) -> Option<Problem> {
        let is_without = |part: Option<&str>| part.is_some_and(|text| text.trim().is_empty());
        let template = if is_without(rendered.subject.as_deref()) {
            "vi/brief/email.subject.j2"
        } else if !is_without(Some(&rendered.text)) {
            return None;
        } else if channel == Channel::Email {
            "vi/brief/email.txt.j2"
        } else {
            "vi/brief/chat.txt.j2"
        };
        let shown = self
            .files
            .get(template)
            .map_or(template, |file| file.shown.as_str());
        let what = format!("sample {sample:?} gives an empty text");
        Some(Problem::of_file(shown, what, "let it say something"))
    }
}
