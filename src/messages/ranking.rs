//! A ranking in words: the whole of it, the rules it was counted by, and the arithmetic of one agency.

use serde::Serialize;

use super::engine::{Messages, value};
use super::problem::RenderError;
use super::ranking_context::{RankingAgency, RankingContext};
use super::text::settle;

/// An agency beside the ranking that it is part of.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    ranking: &'a RankingContext,
    agency: &'a RankingAgency,
    /// Hundredths gained, and the most points that could be had.
    gained: u64,
    most: u32,
}

impl Messages {
    /// The subject of a ranking, and the whole of it in plain text.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is printed.
    pub fn render_ranking(
        &self,
        context: &RankingContext,
    ) -> Result<(String, String), RenderError> {
        let view = value(&context.cleaned());
        let subject = settle(&self.render("ranking/email.subject.j2", &view)?).replace('\n', " ");
        Ok((
            subject,
            settle(&self.render("ranking/email.txt.j2", &view)?),
        ))
    }

    /// The arithmetic of one agency in words.
    ///
    /// # Errors
    /// As [`Messages::render_ranking`].
    pub fn render_arithmetic(
        &self,
        context: &RankingContext,
        agency: &RankingAgency,
    ) -> Result<String, RenderError> {
        let clean = context.cleaned();
        let view = value(&Explained {
            agency: clean.find(&agency.code).unwrap_or(agency),
            gained: agency.parts.iter().map(|part| part.hundredths).sum(),
            most: agency.parts.iter().map(|part| part.most).sum(),
            ranking: &clean,
        });
        Ok(settle(&self.render("ranking/explain.txt.j2", &view)?))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::{assert_well_written, snapshot};
    use super::*;

    #[test]
    fn every_sample_of_a_ranking_reads_well() {
        let messages = Messages::load(None).unwrap();
        let mut shown = String::new();
        for (name, context) in &messages.rankings {
            let (subject, text) = messages.render_ranking(context).unwrap();
            assert_well_written(&format!("{name} subject"), &subject);
            assert_well_written(&format!("{name} text"), &text);
            let _ = write!(shown, "##### {name}\nSubject: {subject}\n\n{text}\n\n");
            let ranked = context.tables.iter().flat_map(|table| &table.agencies);
            for agency in ranked.chain(&context.nothing_due) {
                let text = messages.render_arithmetic(context, agency).unwrap();
                assert_well_written(&format!("{name} {}", agency.code), &text);
                let _ = write!(shown, "=== {}\n{text}\n\n", agency.code);
            }
        }
        snapshot("rankings", &shown);
    }
}
