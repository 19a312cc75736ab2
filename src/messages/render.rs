//! Brief -> text for one channel, never longer than the channel takes.

use super::context::BriefContext;
use super::engine::{Messages, value};
use super::limit::Limit;
use super::problem::RenderError;
use super::text::{nfc, settle};
use super::view::Frame;
use crate::domain::delivery::Channel;

/// A message as it leaves: NFC, no trailing spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, for mail.
    pub subject: Option<String>,
    /// Plain text.
    pub text: String,
    /// HTML, for mail.
    pub html: Option<String>,
}

impl Messages {
    /// Renders a brief for a channel.
    ///
    /// When the text exceeds `limit`, the least urgent items are left out and counted; an item is never cut.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_brief(
        &self,
        context: &BriefContext,
        channel: Channel,
        limit: Limit,
    ) -> Result<Rendered, RenderError> {
        let frame = Frame::new(context, &self.words);
        match channel {
            Channel::Email => self.render_mail(&frame),
            Channel::Telegram | Channel::ZaloBot | Channel::ZaloOa | Channel::Console => {
                let text = self.render_within(&frame, limit)?;
                Ok(Rendered {
                    subject: None,
                    text,
                    html: None,
                })
            }
        }
    }

    fn render_mail(&self, frame: &Frame<'_>) -> Result<Rendered, RenderError> {
        let view = value(&frame.view(frame.blocks.len()));
        let subject = settle(&self.render("brief/email.subject.j2", &view)?).replace('\n', " ");
        let text = settle(&self.render("brief/email.txt.j2", &view)?);
        let html = nfc(self.render("brief/email.html.j2", &view)?);
        Ok(Rendered {
            subject: Some(subject),
            text,
            html: Some(html),
        })
    }

    /// The chat text with as many blocks as fit: all, or as many as bisecting finds.
    fn render_within(&self, frame: &Frame<'_>, limit: Limit) -> Result<String, RenderError> {
        let chat = |shown: usize| {
            let view = value(&frame.view(shown));
            self.render("brief/chat.txt.j2", &view)
                .map(|text| settle(&text))
        };
        let all = chat(frame.blocks.len())?;
        if limit.admits(&all) {
            return Ok(all);
        }
        let (mut fits, mut exceeds) = (0, frame.blocks.len());
        let mut best = chat(0)?;
        while exceeds - fits > 1 {
            let middle = fits.midpoint(exceeds);
            let text = chat(middle)?;
            if limit.admits(&text) {
                (fits, best) = (middle, text);
            } else {
                exceeds = middle;
            }
        }
        Ok(whole_lines(best, limit))
    }
}

/// The first lines that fit: for a limit that not even the frame of a brief keeps.
fn whole_lines(mut text: String, limit: Limit) -> String {
    while !limit.admits(&text) {
        match text.rfind('\n') {
            Some(end) => text.truncate(text[..end].trim_end().len()),
            None => {
                text.pop();
            }
        }
    }
    text
}
