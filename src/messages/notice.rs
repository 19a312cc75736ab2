//! What is said once, outside any task: to strangers, and while a chat is being linked.

use serde::{Deserialize, Serialize};

use super::engine::{Messages, value};
use super::problem::RenderError;
use super::receipt::has_buttons;
use super::text::{one_line, settle};
use crate::domain::delivery::Channel;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// To somebody who is no contact: nothing that a stranger could use.
    Stranger,
    /// A code that is wrong, used or expired: all three read the same.
    CodeRefused,
    /// To a chat that is linked, whatever code it sends: whose it is.
    LinkedAlready,
    /// Whether the sender of a code is who it was made for.
    Confirm,
    /// To the other addresses of a contact: a chat was linked.
    LinkedElsewhere,
    /// The sender said no.
    NotLinked,
    /// A group was bound to an agency.
    Group,
    /// More came within an hour than anybody writes.
    TooMany,
    /// To somebody whose message is marked as a state secret: nothing of it is kept.
    Secret,
    /// The button that confirms.
    Yes,
    /// The button that does not.
    No,
}

impl NoticeKind {
    /// Each of them.
    pub const ALL: [Self; 11] = [
        Self::Stranger,
        Self::CodeRefused,
        Self::LinkedAlready,
        Self::Confirm,
        Self::LinkedElsewhere,
        Self::NotLinked,
        Self::Group,
        Self::TooMany,
        Self::Secret,
        Self::Yes,
        Self::No,
    ];
}

/// All that a notice can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeContext {
    /// What.
    pub kind: NoticeKind,
    /// Title of the contact; empty for a stranger.
    pub title: String,
    /// Name of the agency; empty for a stranger.
    pub agency: String,
}

#[derive(Serialize)]
struct View<'a> {
    kind: NoticeKind,
    title: &'a str,
    agency: &'a str,
    buttons: bool,
}

impl NoticeContext {
    /// A notice that names nobody.
    #[must_use]
    pub fn of(kind: NoticeKind) -> Self {
        Self {
            kind,
            title: String::new(),
            agency: String::new(),
        }
    }
}

impl Messages {
    /// Renders a notice for a channel.
    ///
    /// # Errors
    /// A template reads what does not exist; [`Messages::check`] finds that before anything is sent.
    pub fn render_notice(
        &self,
        context: &NoticeContext,
        channel: Channel,
    ) -> Result<String, RenderError> {
        let view = View {
            kind: context.kind,
            title: &one_line(&context.title),
            agency: &one_line(&context.agency),
            buttons: has_buttons(channel),
        };
        self.render("notice/chat.txt.j2", &value(&view))
            .map(|text| settle(&text))
    }
}
