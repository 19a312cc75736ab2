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
        for (name, context) in &messages.samples.rankings {
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

    #[test]
    fn whose_days_of_the_period_are_still_to_come_has_something_due_in_it() {
        let messages = Messages::load(None).unwrap();
        let mut context = messages.samples.rankings["quarter"].clone();
        context.nothing_due[0].standing.open_on_time = 11;
        let name = context.nothing_due[0].name.clone();
        let (_, text) = messages.render_ranking(&context).unwrap();
        let told = format!("CHƯA CÓ ĐIỂM (các việc trong kỳ chưa đến hạn)\n{name} (11 việc)\n");
        assert!(text.contains(&told), "{text}");
        let explained = messages
            .render_arithmetic(&context, &context.nothing_due[0])
            .unwrap();
        assert!(
            explained.contains("Chưa có điểm: 11 việc trong kỳ chưa đến hạn."),
            "{explained}"
        );
        let book = messages
            .ranking_workbook(&context, chrono::DateTime::UNIX_EPOCH)
            .unwrap();
        let letter = messages
            .ranking_letter(&context, chrono::DateTime::UNIX_EPOCH)
            .unwrap();
        let (book, letter) = (format!("{book:?}"), format!("{letter:?}"));
        assert!(
            book.contains("Chưa tính điểm: việc trong kỳ chưa đến hạn"),
            "{book}"
        );
        let told = "Chưa tính điểm 1 cơ quan vì các nhiệm vụ trong kỳ chưa đến hạn.";
        assert!(letter.contains(told), "{letter}");
        for text in [text, explained, book, letter] {
            assert!(
                !text.to_lowercase().contains("đến hạn trong kỳ nên"),
                "{text}"
            );
            assert!(!text.contains("KHÔNG CÓ VIỆC ĐẾN HẠN TRONG KỲ"), "{text}");
        }
    }
}
