//! `contacts.toml`: who is reached, in which role, on which channels.

use super::agencies::Agencies;
use super::problem::{Problem, Problems};
use super::source::Source;
use super::toml::{Document, Field, FromNode, Node, Table, Wrong};
use super::unique::Unique;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::ContactId;

/// Reads the contacts of a file.
pub(crate) fn read(source: &Source, agencies: &Agencies, problems: &mut Problems) -> Vec<Contact> {
    let document = Document::parse(source);
    let mut ids = Unique::new("the contact");
    let mut found = Problems::default();
    let mut root = document.root();
    let mut contacts = Vec::new();
    for table in root.tables("contact") {
        contacts.extend(contact(table, agencies, &mut ids, &mut found));
    }
    root.finish();
    problems.extend(found);
    problems.extend(document.into_problems());
    contacts
}

fn contact(
    mut table: Table<'_>,
    agencies: &Agencies,
    ids: &mut Unique<String>,
    problems: &mut Problems,
) -> Option<Contact> {
    let id = table.text("id");
    if let Some(id) = &id {
        table.call(id);
        problems
            .errors
            .extend(ids.add(id.value.clone(), id, &id.at));
        if id.contains(char::is_whitespace) {
            problems.errors.push(
                id.at
                    .problem("an id has no spaces", "write for example snv.head"),
            );
        }
    }
    let agency = table
        .text("agency")
        .and_then(|code| agencies.known(&code, problems));
    let role: Option<Field<Role>> = table.required("role");
    let title = table.text("title");
    let channels = channels(&mut table, id.as_deref(), problems);
    table.finish();
    Some(Contact {
        id: ContactId::new(id?.value),
        agency: agency?,
        role: role?.value,
        title: title?.value,
        channels,
    })
}

/// The channels in order of preference, each with the address that stands under its own name.
fn channels(
    table: &mut Table<'_>,
    id: Option<&String>,
    problems: &mut Problems,
) -> Vec<(Channel, String)> {
    let at = table.place_of_key("channels");
    let order: Option<Vec<Field<Channel>>> = table.list("channels");
    let addresses: Vec<(Channel, Option<Field<Address>>)> = Channel::ALL
        .into_iter()
        .map(|channel| (channel, table.optional(channel.as_str())))
        .collect();
    if order.as_ref().map_or(!table.has("channels"), Vec::is_empty) {
        let remedy = "write the order in which to try them: channels = [\"email\"]";
        problems
            .errors
            .push(at.problem("the contact has no channel", remedy));
    }
    let mut seen = Unique::new("the channel");
    let mut found = Vec::new();
    for channel in order.unwrap_or_default() {
        problems
            .errors
            .extend(seen.add(channel.value, channel.as_str(), &channel.at));
        let given = addresses.iter().find(|(other, _)| *other == channel.value);
        match given.and_then(|(_, address)| address.as_ref()) {
            Some(address) => {
                problems
                    .errors
                    .extend(wrong_address(channel.value, address));
                found.push((channel.value, address.0.clone()));
            }
            // The console is one place for everybody; the id tells the messages apart.
            None if channel.value == Channel::Console => {
                found.extend(id.map(|id| (Channel::Console, id.clone())));
            }
            None => {
                let word = channel.as_str();
                let problem = format!("the channel {word} is listed without an address");
                let remedy = format!("add {word} = \"…\" to the contact, or take it off the list");
                problems.errors.push(channel.at.problem(problem, remedy));
            }
        }
    }
    found
}

/// An address as it stands in the file; a chat id may be a number.
struct Address(String);

impl FromNode for Address {
    fn example() -> String {
        "\"name@province.example\"".to_owned()
    }

    fn from_node(node: &Node) -> Result<Self, Wrong> {
        let text = i64::from_node(node).map(|number| number.to_string());
        text.or_else(|_| String::from_node(node))
            .map(|text| Self(text.trim().to_owned()))
    }
}

fn wrong_address(channel: Channel, address: &Field<Address>) -> Option<Problem> {
    let text = address.0.as_str();
    let (fits, what, remedy) = match channel {
        Channel::Email => (
            text.parse::<lettre::Address>().is_ok(),
            "a mail address",
            "write for example noivu@province.example",
        ),
        Channel::Telegram => (
            text.parse::<i64>().is_ok(),
            "a Telegram chat id",
            "write the number of the chat; a name like @noivu cannot be written to",
        ),
        _ => (
            !text.is_empty(),
            "an address",
            "write the address, or take the channel off the list",
        ),
    };
    (!fits).then(|| {
        address
            .at
            .problem(format!("“{text}” is not {what}"), remedy)
    })
}
