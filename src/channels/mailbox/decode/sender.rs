//! Who sent a mail, and how sure that is.

use chrono::{DateTime, Utc};

use super::auth_results::{Finding, finding};
use super::headers::Headers;
use crate::channels::email::{Purpose, ReplyTokens, Verified};
use crate::domain::inbound::{Answered, Identity};

/// What is known of the sender.
#[derive(Debug)]
pub(super) struct Sender {
    /// The one address in `From`, in lower case; empty when there is not exactly one.
    pub(super) address: String,
    /// The delivery whose reply token came back from the right address.
    pub(super) delivery: Option<i64>,
    /// Whether the sender is who the address says.
    pub(super) identity: Identity,
}

/// Reads `From`, the reply token and what our server found out.
pub(super) fn sender(
    headers: &Headers<'_>,
    tokens: Option<&ReplyTokens>,
    authserv_id: Option<&str>,
    now: DateTime<Utc>,
) -> Sender {
    let Some(address) = author(headers) else {
        return Sender {
            address: String::new(),
            delivery: None,
            identity: doubtful("it names not exactly one author"),
        };
    };
    let verified = tokens.and_then(|tokens| reply_token(headers, tokens, &address, now));
    let found = match (
        authserv_id,
        headers.first("authentication-results"),
        domain(&address),
    ) {
        (Some(id), Some(header), Some(domain)) => finding(header, id, domain),
        _ => Finding::Unknown,
    };
    let identity = match (found, verified) {
        (Finding::Failed, _) => doubtful("the owner of the author's domain disowns it (DMARC)"),
        (Finding::Passed, _) | (_, Some(Verified { expired: false, .. })) => Identity::Proven,
        (_, Some(Verified { expired: true, .. })) => doubtful("its reply address has expired"),
        (_, None) if tokens.is_some_and(|tokens| carries_token(headers, tokens)) => {
            doubtful("its reply address was made for another sender")
        }
        (_, None) => doubtful(
            "it has no reply address of ours, and our server does not vouch for its author",
        ),
    };
    Sender {
        address,
        delivery: verified.map(|verified| verified.delivery),
        identity,
    }
}

/// The one author: one `From` with one address. `Sender`, `Reply-To` and names prove nothing.
fn author(headers: &Headers<'_>) -> Option<String> {
    let mut addresses = headers.addresses("from");
    let address = addresses.next()?;
    let is_one = headers.count("from") == 1 && addresses.next().is_none();
    // What cannot be read as one address may hide another.
    let signs = headers
        .first("from")
        .map_or(0, |raw| without_names(raw).matches('@').count());
    (is_one && signs == 1).then_some(address)
}

/// A field without what stands in quotes and comments.
fn without_names(raw: &str) -> String {
    let mut out = String::new();
    let (mut is_quoted, mut depth) = (false, 0_usize);
    let mut letters = raw.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => drop(letters.next()),
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            _ if is_quoted || depth > 0 => {}
            c => out.push(c),
        }
    }
    out
}

/// Where a token may stand, in the order in which it is looked for: the envelope knows best.
const RECIPIENTS: [&str; 5] = ["delivered-to", "x-original-to", "envelope-to", "to", "cc"];

/// Every address that the mail went to, best known first.
pub(super) fn recipients<'a>(headers: &'a Headers<'_>) -> impl Iterator<Item = String> + 'a {
    const MOST: usize = 50;
    RECIPIENTS
        .into_iter()
        .flat_map(|name| {
            let from_envelope = headers.all(name).filter_map(super::headers::normal);
            from_envelope.chain(headers.addresses(name))
        })
        .take(MOST)
}

/// The first token that is ours and was made for this sender; one that still holds is taken before one that expired.
fn reply_token(
    headers: &Headers<'_>,
    tokens: &ReplyTokens,
    sender: &str,
    now: DateTime<Utc>,
) -> Option<Verified> {
    let mut found: Vec<Verified> = recipients(headers)
        .filter_map(|address| tokens.verify(Purpose::Reply, &address, sender, now))
        .collect();
    found.sort_by_key(|verified| verified.expired);
    found.first().copied()
}

fn carries_token(headers: &Headers<'_>, tokens: &ReplyTokens) -> bool {
    recipients(headers).any(|address| tokens.is_below(&address))
}

/// Which mail of ours it answers: the token, then what the mail program says (RFC 5322, 3.6.4). An id of our own domain
/// is taken before another.
pub(super) fn answered(
    headers: &Headers<'_>,
    delivery: Option<i64>,
    domain: Option<&str>,
) -> Option<Answered> {
    if let Some(delivery) = delivery {
        return Some(Answered::Delivery(delivery));
    }
    let in_reply_to = headers.message_ids("in-reply-to");
    let references = headers.message_ids("references");
    let is_ours = |id: &&String| {
        domain.is_some_and(|domain| id.to_lowercase().ends_with(&format!("@{domain}>")))
    };
    in_reply_to
        .iter()
        .find(is_ours)
        .or_else(|| references.iter().rfind(is_ours))
        .or_else(|| in_reply_to.first())
        .or_else(|| references.last())
        .map(|id| Answered::MessageId(id.clone()))
}

fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

/// An identity in doubt.
pub(super) fn doubtful(reason: &str) -> Identity {
    Identity::Doubtful {
        reason: reason.to_owned(),
    }
}
