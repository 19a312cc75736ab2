//! Numbers and places of tasks that were shown in a list, or told in a brief: "1 xong, 2 nhắc lại thứ Hai", "việc cuối chưa".

use super::reading::Reading;
use super::situation::Situation;
use crate::domain::reply::{Intent, Understanding};

impl Reading<'_> {
    /// "1 xong, 2 nhắc lại thứ Hai" below a list with numbers. Where none was shown, nobody knows what the number is of.
    pub(super) fn as_numbers(
        &self,
        text: &str,
        mut understood: Understanding,
        situation: &Situation<'_>,
    ) -> Understanding {
        let shown = situation.numbered.len();
        if !understood.refs.is_empty() {
            return understood;
        }
        if let Some((called, lines)) = self.terse.enumerated(text, shown) {
            let mut heard = self.understand(&called, situation);
            if !heard.refs.is_empty() {
                // Of fewer lines than tasks nobody knows whether they are the first ones.
                heard.sure &= lines == shown;
                return heard;
            }
        }
        if let Some(heard) = self.as_places(text, &understood, situation) {
            return heard;
        }
        let called = self
            .terse
            .counted(text, shown)
            .filter(|_| situation.shows_numbers);
        if let Some(called) = called {
            let mut heard = self.understand(&called, situation);
            // "2 phát hành rồi 78/KH": the number of a document is another one, and which it belongs to is asked.
            let keeps_document = heard.doc == understood.doc;
            if !heard.refs.is_empty() && heard.intent != Intent::Unknown && keeps_document {
                // A number that is called a task makes nothing surer than it was.
                heard.sure &= understood.sure && understood.doc.is_none();
                return heard;
            }
        }
        if understood.doc.is_some() {
            return understood;
        }
        let is_told = understood.date.is_some() || understood.percent.is_some();
        if understood.intent == Intent::Done && !is_told && self.terse.begins_with_number(text) {
            understood.sure = false;
        }
        understood
    }

    /// "Hai việc đầu xong, việc cuối chưa" below a list, or to a brief. Where no numbers were shown, whether they were counted alike
    /// is asked.
    fn as_places(
        &self,
        text: &str,
        understood: &Understanding,
        situation: &Situation<'_>,
    ) -> Option<Understanding> {
        let called = self.terse.placed(text, situation.numbered.len())?;
        let mut heard = self.understand(&called, situation);
        if heard.refs.is_empty() || heard.intent == Intent::Unknown {
            return None;
        }
        heard.sure &= situation.shows_numbers && understood.intent != Intent::Ask;
        Some(heard)
    }
}
