//! Mails that no person wrote (RFC 3834): they change nothing and are never answered.

use super::headers::Headers;

/// How a mail shows that a machine sent it; `None` when nothing does. `own` are our own addresses.
pub(super) fn reason(
    headers: &Headers<'_>,
    own: &[String],
    domain: Option<&str>,
) -> Option<String> {
    if headers
        .addresses("from")
        .any(|address| own.contains(&without_extension(&address)))
    {
        return said("a mail of our own: a loop");
    }
    if is_own_id(headers, domain) {
        return said("a Message-ID of our own: a loop");
    }
    if let Some(value) = headers
        .all("auto-submitted")
        .map(first_word)
        .find(|word| word != "no")
    {
        return Some(format!("Auto-Submitted: {value}"));
    }
    let precedence = headers.all("precedence").map(first_word);
    if let Some(value) = { precedence }.find(|word| {
        matches!(
            word.as_str(),
            "bulk" | "junk" | "list" | "auto_reply" | "auto-reply"
        )
    }) {
        return Some(format!("Precedence: {value}"));
    }
    for name in [
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply-from",
        "x-mail-autoreply",
    ] {
        if headers
            .first(name)
            .is_some_and(|value| !value.eq_ignore_ascii_case("no"))
        {
            return Some(format!("{name} is set"));
        }
    }
    if headers.first("list-id").is_some() {
        return said("it came by a mailing list (List-Id)");
    }
    if headers
        .first("return-path")
        .is_some_and(|path| path == "<>")
    {
        return said("it wants no answer (null Return-Path)");
    }
    if headers.addresses("from").any(|address| is_mailer(&address)) {
        return said("a mail system wrote it");
    }
    if headers
        .first("content-type")
        .is_some_and(|kind| kind.to_lowercase().starts_with("multipart/report"))
    {
        return said("a report of a mail program");
    }
    None
}

/// Whether its subject is that of an out-of-office mail that says so nowhere else.
pub(super) fn is_absence(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    [
        "automatic reply",
        "auto reply",
        "autoreply",
        "out of office",
        "trả lời tự động",
        "tự động trả lời",
    ]
    .iter()
    .any(|start| subject.starts_with(start))
}

/// MAILER-DAEMON and postmaster.
pub(super) fn is_mailer(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    matches!(
        local,
        "mailer-daemon"
            | "postmaster"
            | "mailerdaemon"
            | "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e"
    )
}

/// Our own mails are called after what they are.
fn is_own_id(headers: &Headers<'_>, domain: Option<&str>) -> bool {
    const KINDS: [&str; 6] = [
        "<brief.",
        "<answer.",
        "<digest.",
        "<decision.",
        "<linked.",
        "<summary.",
    ];
    headers.message_ids("message-id").iter().any(|id| {
        KINDS.iter().any(|kind| id.starts_with(kind))
            && domain.is_some_and(|domain| id.to_lowercase().ends_with(&format!("@{domain}>")))
    })
}

/// `bot@domain` for `bot+token@domain`.
pub(super) fn without_extension(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}@{domain}", local.split('+').next().unwrap_or(local))
        }
        None => address.to_owned(),
    }
}

fn first_word(value: &str) -> String {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '('))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

fn said(reason: &str) -> Option<String> {
    Some(reason.to_owned())
}
