//! Brief -> text for one channel, never longer than the channel takes.

use minijinja::Value;

use super::context::BriefContext;
use super::engine::{Messages, value};
use super::limit::Limit;
use super::problem::RenderError;
use super::text::settle;
use super::view::Frame;
use crate::domain::delivery::Channel;

/// A message as it leaves: NFC, no trailing spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, for mail.
    pub subject: Option<String>,
    /// Plain text.
    pub text: String,
    /// HTML, for mail, unless it is left out ([`Messages::keep_plain`]).
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

    /// The templates of one kind of message: the mail with its subject and, where the kind has one, its HTML; or the chat.
    pub(super) fn render_kind(
        &self,
        kind: &str,
        view: &Value,
        channel: Channel,
    ) -> Result<Rendered, RenderError> {
        let part = |name: &str| self.render(&format!("{kind}/{name}.j2"), view);
        if channel != Channel::Email {
            return Ok(Rendered {
                subject: None,
                text: whole_lines(settle(&part("chat.txt")?), Limit::of(channel)),
                html: None,
            });
        }
        let html = if self.html && self.has(&format!("{kind}/email.html.j2")) {
            Some(settle(&part("email.html")?).replace("\n\n", "\n"))
        } else {
            None
        };
        Ok(Rendered {
            subject: Some(settle(&part("email.subject")?).replace('\n', " ")),
            text: settle(&part("email.txt")?),
            html,
        })
    }

    fn render_mail(&self, frame: &Frame<'_>) -> Result<Rendered, RenderError> {
        let view = value(&frame.view(frame.blocks.len()));
        let subject = settle(&self.render("brief/email.subject.j2", &view)?).replace('\n', " ");
        let text = settle(&self.render("brief/email.txt.j2", &view)?);
        let html = if self.html {
            let html = self.render("brief/email.html.j2", &view)?;
            Some(settle(&html).replace("\n\n", "\n"))
        } else {
            None
        };
        Ok(Rendered {
            subject: Some(subject),
            text,
            html,
        })
    }

    /// The chat text with as many blocks as fit.
    ///
    /// The number is guessed from the sizes known so far, as if all blocks were of one size; every second guess halves
    /// what is left, so that odd sizes cannot make it slow.
    fn render_within(&self, frame: &Frame<'_>, limit: Limit) -> Result<String, RenderError> {
        let chat = |shown: usize| {
            let view = value(&frame.view(shown));
            self.render("brief/chat.txt.j2", &view)
                .map(|text| settle(&text))
        };
        let all = chat(frame.blocks.len())?;
        let Some(max) = limit.max().filter(|max| limit.size(&all) > *max) else {
            return Ok(all);
        };
        let mut best = chat(0)?;
        let (mut fits, mut fits_size) = (0, limit.size(&best));
        let (mut exceeds, mut exceeds_size) = (frame.blocks.len(), limit.size(&all));
        let mut halve = false;
        while exceeds - fits > 1 {
            let guess = if halve || exceeds_size <= fits_size {
                fits.midpoint(exceeds)
            } else {
                fits + max.saturating_sub(fits_size) * (exceeds - fits) / (exceeds_size - fits_size)
            };
            let shown = guess.clamp(fits + 1, exceeds - 1);
            let text = chat(shown)?;
            let size = limit.size(&text);
            if size <= max {
                (fits, fits_size, best) = (shown, size, text);
            } else {
                (exceeds, exceeds_size) = (shown, size);
            }
            halve = !halve;
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
