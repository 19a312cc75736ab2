//! The words of the workbook that `dondoc export` writes.

/// What `[export]` of `words.toml` holds: sheets, headings, and the words of states and kinds.
pub(super) const KEYS: [&str; 84] = [
    "sheet-obligations",
    "sheet-ledger",
    "sheet-decisions",
    "sheet-attachments",
    "sheet-messages",
    "sheet-replies",
    "cut",
    "number",
    "milestone",
    "content",
    "deadline",
    "agency",
    "original-due",
    "due",
    "due-before",
    "due-after",
    "done",
    "state",
    "place",
    "at",
    "actor",
    "decider",
    "kind",
    "words",
    "document",
    "hash",
    "file",
    "bytes",
    "sha256",
    "to",
    "from",
    "channel",
    "subject",
    "text",
    "tries",
    "reason",
    "withheld",
    "system",
    "operator",
    "unknown",
    "event-done",
    "event-progress",
    "event-blocked",
    "event-extension-asked",
    "event-reassignment-asked",
    "event-snoozed",
    "event-evidence",
    "event-undone",
    "event-reopened",
    "event-linked",
    "event-extended",
    "event-extension-refused",
    "event-accepted",
    "event-returned",
    "event-decision-revoked",
    "event-due-amended",
    "event-suspended",
    "event-resumed",
    "event-cancelled",
    "event-begun",
    "event-transferred",
    "event-received",
    "event-joined",
    "event-added",
    "event-amendment-revoked",
    "event-unlinked",
    "event-unbound",
    "event-erased",
    "event-away",
    "event-back",
    "message-brief",
    "message-receipt",
    "message-digest",
    "message-notice",
    "delivery-queued",
    "delivery-leased",
    "delivery-sent",
    "delivery-failed",
    "delivery-unknown",
    "delivery-cancelled",
    "reply-new",
    "reply-settled",
    "reply-held",
    "reply-parked",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amendment::Kind;
    use crate::domain::resolution::DECISIONS;

    #[test]
    fn whatever_a_document_or_the_monitor_does_has_a_word() {
        let amended = Kind::ALL.map(Kind::as_str).into_iter();
        for kind in amended.chain(DECISIONS) {
            assert!(KEYS.contains(&format!("event-{kind}").as_str()), "{kind}");
        }
    }
}
