//! `dondoc contact link`: a code by which a person binds a chat.

use std::io::Write;

use clap::Args;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde_json::json;

use super::config_file::ConfigFile;
use super::exit::{Exit, WrongInput};
use super::open::{block_on, load};
use crate::app::ended::refuse_contact_of_ended;
use crate::app::inspect;
use crate::app::open::Loaded;
use crate::clock::{Clock, local};
use crate::domain::delivery::Channel;

/// Print a single-use code by which the person binds a chat of theirs, valid for 7 days
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  dondoc contact link stp.officer --channel telegram --bot dondoc_bot\n\nHand the code over through the document system or in person. Whoever sends it first is asked whether they are that person. A newer code ends the older ones. No code takes the place of a chat that is bound: for another phone or another account, `dondoc contact unlink stp.officer --channel telegram` first."
)]
pub struct LinkArgs {
    /// Short name of the contact
    id: String,
    /// Only for this channel: telegram, `zalo_bot` or `zalo_oa`
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Name of the Telegram bot, for a link and a QR code: the NAME of t.me/NAME [default: the configured bot's own]
    #[arg(long, value_name = "NAME")]
    bot: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Runs the command.
pub fn run(args: &LinkArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let channel = args.channel.as_deref().map(chat_channel).transpose()?;
    if let Some(bot) = &args.bot
        && !(bot.len() >= 5 && bot.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    {
        let why = "a bot's name has at least five letters, digits and underscores, without @";
        return Err(WrongInput(format!("--bot {bot}: {why}")).into());
    }
    let loaded = load(&args.config)?;
    let wanted = channel.map_or_else(|| chats_of(&loaded), |channel| vec![channel]);
    let (issued, bound, bot) = block_on(async {
        let db = loaded.open_db().await?;
        let contact = args.id.as_str().into();
        refuse_contact_of_ended(&db, &contact).await?;
        let bound = inspect::refuse_bound(&db, &contact, &wanted).await?;
        let issued = inspect::issue_code(
            &db,
            &loaded.setup.key,
            &contact,
            channel,
            fresh_bits(),
            Clock::System.now(),
        )
        .await?;
        db.close().await;
        let is_for_telegram = channel.is_none_or(|channel| channel == Channel::Telegram)
            && !bound.contains(&Channel::Telegram);
        let bot = match &args.bot {
            _ if issued.is_none() || !is_for_telegram => None,
            Some(bot) => Some(bot.clone()),
            None => own_name(&loaded).await,
        };
        anyhow::Ok((issued, bound, bot))
    })?;
    let Some(issued) = issued else {
        return Err(WrongInput(format!(
            "there is no contact {}: see `dondoc contact list`",
            args.id
        ))
        .into());
    };
    let link = bot.map(|bot| format!("https://t.me/{bot}?start={}", issued.code.replace('-', "")));
    let expires = local(issued.expires_at);
    if args.json {
        let value = json!({
            "contact": args.id,
            "code": issued.code,
            "channel": channel.map(Channel::as_str),
            "expires_at": issued.expires_at,
            "link": link,
        });
        writeln!(out, "{value}")?;
        return Ok(Exit::Fine);
    }
    writeln!(out, "code for {}: {}", args.id, issued.code)?;
    writeln!(
        out,
        "valid once, until {}; the person sends it to the bot and confirms",
        expires.format("%Y-%m-%d %H:%M")
    )?;
    for channel in bound.iter().map(|channel| channel.as_str()) {
        writeln!(
            out,
            "not on {channel}, where {} is bound: `dondoc contact unlink {} --channel {channel}` ends that",
            args.id, args.id
        )?;
    }
    if let Some(link) = link {
        writeln!(out, "{link}")?;
        let picture = QrCode::new(&link)?
            .render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build();
        writeln!(out, "{picture}")?;
    }
    Ok(Exit::Fine)
}

/// What the configured bot is called. The code is good without: whoever cannot ask Telegram just gets no link.
async fn own_name(loaded: &Loaded) -> Option<String> {
    let why = match loaded.telegram_profile() {
        Ok(None) => return None,
        Ok(Some(profile)) => match profile.user_name().await {
            Ok(name) => return Some(name),
            Err(error) => error.to_string(),
        },
        Err(problem) => problem.to_string(),
    };
    // Nothing is left to be done when even this cannot be written.
    let _ = writeln!(
        std::io::stderr(),
        "dondoc: no link, for the bot does not say its name: {why}; name it by --bot"
    );
    None
}

/// The chats that are set up, or all that could be while none is.
fn chats_of(loaded: &Loaded) -> Vec<Channel> {
    let set_up = loaded.origin().channels;
    let chats: Vec<Channel> = set_up.into_iter().filter(|one| one.is_chat()).collect();
    if chats.is_empty() {
        let all = Channel::ALL.into_iter();
        all.filter(|channel| channel.is_chat()).collect()
    } else {
        chats
    }
}

fn chat_channel(word: &str) -> Result<Channel, WrongInput> {
    match Channel::find(word) {
        Some(channel @ (Channel::Telegram | Channel::ZaloBot | Channel::ZaloOa)) => Ok(channel),
        _ => Err(WrongInput(format!(
            "--channel {word}: a chat is linked on telegram, zalo_bot or zalo_oa"
        ))),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a code must not be one that a seed could repeat"
)]
fn fresh_bits() -> u64 {
    rand::random()
}
