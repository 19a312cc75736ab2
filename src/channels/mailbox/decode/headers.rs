//! The header fields of a mail, top to bottom, as text whatever bytes they hold.

use mail_parser::{Address, HeaderValue, Message};

/// The fields of a mail. None is skipped: a field of ours that somebody made unreadable must not let the next one pass
/// for it.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    fields: Vec<Field<'a>>,
}

#[derive(Debug)]
struct Field<'a> {
    name: String,
    raw: String,
    value: &'a HeaderValue<'a>,
}

impl<'a> Headers<'a> {
    pub(super) fn of(message: &'a Message<'a>) -> Self {
        let fields = message.headers().iter().map(|header| {
            let range = header.offset_start() as usize..header.offset_end() as usize;
            let raw = message.raw_message.get(range).unwrap_or_default();
            Field {
                name: header.name().to_ascii_lowercase(),
                raw: String::from_utf8_lossy(raw).trim().to_owned(),
                value: header.value(),
            }
        });
        Self {
            fields: fields.collect(),
        }
    }

    /// The raw values of a field, topmost first. `name` is in lower case.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.named(name).map(|field| field.raw.as_str())
    }

    /// The topmost raw value.
    pub(super) fn first<'s>(&'s self, name: &'s str) -> Option<&'s str> {
        self.named(name).map(|field| field.raw.as_str()).next()
    }

    /// Every address in a field, in lower case, without names; those that are none are left out.
    pub(super) fn addresses<'s>(&'s self, name: &'s str) -> impl Iterator<Item = String> + 's {
        self.named(name)
            .filter_map(|field| field.value.as_address())
            .flat_map(Address::iter)
            .filter_map(|address| address.address())
            .filter_map(normal)
    }

    /// How many fields of that name there are.
    pub(super) fn count(&self, name: &str) -> usize {
        self.named(name).count()
    }

    /// The Message-IDs in a field, in order, with their angle brackets.
    pub(super) fn message_ids(&self, name: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for raw in self.all(name) {
            let mut rest = raw;
            while let Some((_, after)) = rest.split_once('<') {
                let Some((id, after)) = after.split_once('>') else {
                    break;
                };
                let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
                if id.contains('@') && id.len() <= 250 && !id.contains(char::is_control) {
                    ids.push(format!("<{id}>"));
                }
                rest = after;
            }
        }
        ids
    }

    fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |field| field.name == name)
    }
}

/// An address in lower case; `None` when it is none.
pub(super) fn normal(address: &str) -> Option<String> {
    let address = address.trim().trim_matches(['<', '>']).to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let is_whole = !local.is_empty()
        && !domain.is_empty()
        && address.len() <= 254
        && !address.contains(|c: char| {
            c.is_whitespace() || c.is_control() || "<>,;\"@".contains(c) && c != '@'
        })
        && !local.contains('@');
    is_whole.then_some(address)
}
