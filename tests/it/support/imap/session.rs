//! One session of the fake server: the states of RFC 3501, 3.

use std::io;
use std::time::Duration;

use chrono::NaiveDate;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Fault, Folder, LOGIN, Mail, Protection, State, Verb};

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Serves one connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, state: &State) -> io::Result<()> {
    let (wire, encrypted): (Box<dyn Wire>, bool) = match &state.options.protection {
        Protection::Wrapper(acceptor) => (Box::new(acceptor.accept(stream).await?), true),
        Protection::Plain | Protection::StartTls(_) => (Box::new(stream), false),
    };
    let mut session = Session {
        wire: BufReader::new(wire),
        state,
        encrypted,
        logged_in: false,
        folder: None,
    };
    if session.faulted(Verb::Greeting, "*").await? {
        return Ok(());
    }
    session
        .write("* OK [CAPABILITY IMAP4rev1 LOGIN-REFERRALS ID ENABLE] ready")
        .await?;
    while let Some(line) = session.line().await? {
        if !session.command(&line).await? {
            break;
        }
    }
    Ok(())
}

struct Session<'a> {
    wire: BufReader<Box<dyn Wire>>,
    state: &'a State,
    encrypted: bool,
    logged_in: bool,
    /// The folder as the client has been told of it.
    folder: Option<Folder>,
}

impl Session<'_> {
    /// Answers one command; `false` ends the session.
    async fn command(&mut self, line: &str) -> io::Result<bool> {
        let Some((tag, command)) = line.split_once(' ') else {
            return self.violation(line, "BAD what").await;
        };
        let is_secret = command.to_ascii_uppercase().starts_with("LOGIN ");
        let shown = if is_secret { "LOGIN" } else { command };
        self.state
            .commands
            .send_modify(|heard| heard.push(shown.to_owned()));
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        match (
            verb.to_ascii_uppercase().as_str(),
            self.logged_in,
            self.folder.is_some(),
        ) {
            ("CAPABILITY", _, _) if rest.is_empty() => {
                let idle = if self.state.options.idle && self.logged_in {
                    " IDLE"
                } else {
                    ""
                };
                let tls = matches!(self.state.options.protection, Protection::StartTls(_))
                    && !self.encrypted;
                let tls = if tls { " STARTTLS LOGINDISABLED" } else { "" };
                self.write(&format!("* CAPABILITY IMAP4rev1{idle}{tls}"))
                    .await?;
                self.done(tag).await
            }
            ("NOOP", _, _) if rest.is_empty() => {
                self.news().await?;
                self.done(tag).await
            }
            ("LOGOUT", _, _) if rest.is_empty() => {
                self.write("* BYE see you").await?;
                self.done(tag).await?;
                Ok(false)
            }
            ("STARTTLS", false, _) if rest.is_empty() => self.starttls(tag).await,
            ("LOGIN", false, _) => self.login(tag, rest).await,
            ("EXAMINE", true, _) => self.examine(tag, rest).await,
            ("UID", true, true) => self.uid(tag, rest).await,
            ("IDLE", true, true) if rest.is_empty() && self.state.options.idle => {
                self.idle(tag).await
            }
            _ => self.violation(shown, &format!("{tag} BAD not here")).await,
        }
    }

    async fn starttls(&mut self, tag: &str) -> io::Result<bool> {
        let Protection::StartTls(acceptor) = &self.state.options.protection else {
            self.write(&format!("{tag} BAD not offered")).await?;
            return Ok(true);
        };
        if self.faulted(Verb::StartTls, tag).await? {
            return Ok(true);
        }
        self.done(tag).await?;
        let plain = std::mem::replace(
            &mut self.wire,
            BufReader::new(Box::new(tokio::io::join(
                tokio::io::empty(),
                tokio::io::sink(),
            ))),
        );
        if !plain.buffer().is_empty() {
            self.state
                .violation("text in the clear behind STARTTLS".into());
        }
        let tls = acceptor.accept(plain.into_inner()).await?;
        self.wire = BufReader::new(Box::new(tls));
        self.encrypted = true;
        Ok(true)
    }

    async fn login(&mut self, tag: &str, rest: &str) -> io::Result<bool> {
        if !self.encrypted && !matches!(self.state.options.protection, Protection::Plain) {
            return self
                .violation("a password in the clear", &format!("{tag} BAD encrypt"))
                .await;
        }
        if self.faulted(Verb::Login, tag).await? {
            return Ok(true);
        }
        let (user, password) = LOGIN;
        if rest == format!("\"{user}\" \"{password}\"") {
            self.logged_in = true;
            self.done(tag).await
        } else {
            let no = "NO [AUTHENTICATIONFAILED] Authentication failed.";
            self.write(&format!("{tag} {no}")).await?;
            Ok(true)
        }
    }

    async fn examine(&mut self, tag: &str, rest: &str) -> io::Result<bool> {
        if self.faulted(Verb::Examine, tag).await? {
            return Ok(true);
        }
        if rest.trim_matches('"') != "INBOX" {
            self.write(&format!("{tag} NO [NONEXISTENT] no such folder"))
                .await?;
            return Ok(true);
        }
        let folder = self.state.folder.borrow().clone();
        let lines = [
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)".to_owned(),
            "* OK [PERMANENTFLAGS ()] Read-only mailbox.".to_owned(),
            format!("* {} EXISTS", folder.mails.len()),
            "* 0 RECENT".to_owned(),
            format!("* OK [UIDVALIDITY {}] UIDs valid", folder.validity),
            format!("* OK [UIDNEXT {}] Predicted next UID", folder.next),
            format!("{tag} OK [READ-ONLY] Examine completed"),
        ];
        self.write(&lines.join("\r\n")).await?;
        self.folder = Some(folder);
        Ok(true)
    }

    async fn uid(&mut self, tag: &str, rest: &str) -> io::Result<bool> {
        self.news().await?;
        if let Some(day) = rest.strip_prefix("SEARCH SINCE ") {
            return self.search(tag, day).await;
        }
        let Some((set, what)) = rest
            .strip_prefix("FETCH ")
            .and_then(|rest| rest.split_once(' '))
        else {
            return self.violation(rest, &format!("{tag} BAD UID")).await;
        };
        let mails = self.folder.as_ref().unwrap().mails.clone();
        let chosen = choose(&mails, set);
        if what == "(UID RFC822.SIZE INTERNALDATE)" {
            if self.faulted(Verb::List, tag).await? {
                return Ok(true);
            }
            for (number, mail) in chosen {
                let date = mail.arrived_at.format("%d-%b-%Y %H:%M:%S +0000");
                let (uid, size) = (mail.uid, mail.size);
                self.write(&format!(
                    "* {number} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"{date}\")"
                ))
                .await?;
            }
            return self.done(tag).await;
        }
        let limit = what
            .strip_prefix("(UID BODY.PEEK[]<0.")
            .and_then(|rest| rest.strip_suffix(">)"))
            .map(|limit| limit.parse::<usize>().unwrap());
        if limit.is_none() && what != "(UID BODY.PEEK[])" {
            return self.violation(what, &format!("{tag} BAD what")).await;
        }
        if self.faulted(Verb::Fetch, tag).await? {
            return Ok(true);
        }
        for (number, mail) in chosen {
            let end = limit.unwrap_or(usize::MAX).min(mail.raw.len());
            if limit.is_none() && mail.size > mail.raw.len() {
                self.state
                    .violation("a huge mail is read as a whole".into());
            }
            let section = if limit.is_some() {
                "BODY[]<0>"
            } else {
                "BODY[]"
            };
            // A change of a flag, as another client makes it, comes in between.
            let text = format!(
                "* {number} FETCH (FLAGS (\\Seen))\r\n* {number} FETCH (UID {} {section} {{{end}}}\r\n",
                mail.uid
            );
            self.wire.write_all(text.as_bytes()).await?;
            self.wire.write_all(&mail.raw[..end]).await?;
            self.write(")").await?;
        }
        self.done(tag).await
    }

    async fn search(&mut self, tag: &str, day: &str) -> io::Result<bool> {
        if self.faulted(Verb::Search, tag).await? {
            return Ok(true);
        }
        let Ok(day) = NaiveDate::parse_from_str(day, "%d-%b-%Y") else {
            return self.violation(day, &format!("{tag} BAD date")).await;
        };
        let mails = &self.folder.as_ref().unwrap().mails;
        let found: Vec<String> = mails
            .iter()
            .filter(|mail| mail.arrived_at.date_naive() >= day)
            .map(|mail| mail.uid.to_string())
            .collect();
        let found = format!("* SEARCH {}", found.join(" "));
        self.write(found.trim_end()).await?;
        self.done(tag).await
    }

    async fn idle(&mut self, tag: &str) -> io::Result<bool> {
        let mut folder = self.state.folder.subscribe();
        self.write("+ idling").await?;
        // A line that has half arrived when something else happens is not lost.
        let mut begun = Vec::new();
        match self.state.next(Verb::Idle) {
            Some(Fault::Cut) => return Ok(false),
            Some(Fault::Silence) => {
                self.wire.read_to_end(&mut Vec::new()).await?;
                return Ok(false);
            }
            Some(Fault::KeepAlive) => {
                let mut ticks = tokio::time::interval(Duration::from_millis(5));
                loop {
                    tokio::select! {
                        _ = ticks.tick() => self.write("* OK Still here").await?,
                        line = rest_of_line(&mut self.wire, &mut begun) => {
                            return self.end_of_idle(tag, line?).await;
                        }
                    }
                }
            }
            Some(Fault::Reply(text)) => self.write(text).await?,
            None => {}
        }
        loop {
            self.news().await?;
            tokio::select! {
                changed = folder.changed() => changed.map_err(io::Error::other)?,
                line = rest_of_line(&mut self.wire, &mut begun) => {
                    return self.end_of_idle(tag, line?).await;
                }
            }
        }
    }

    async fn end_of_idle(&mut self, tag: &str, line: Option<String>) -> io::Result<bool> {
        match line.as_deref() {
            None => Ok(false),
            Some("DONE") if self.faulted(Verb::Done, tag).await? => Ok(false),
            Some("DONE") => self.done(tag).await,
            Some(other) => {
                self.violation(other, &format!("{tag} BAD Expected DONE."))
                    .await
            }
        }
    }

    /// Tells what has changed in the folder since the client last heard.
    async fn news(&mut self) -> io::Result<()> {
        let now = self.state.folder.borrow().clone();
        let Some(told) = &mut self.folder else {
            return Ok(());
        };
        // A folder with new numbers is another folder: this session keeps what it had (RFC 3501, 2.3.1.1).
        if now.validity != told.validity {
            return Ok(());
        }
        let mut lines = Vec::new();
        for (index, mail) in told.mails.iter().enumerate().rev() {
            if !now.mails.iter().any(|kept| kept.uid == mail.uid) {
                lines.push(format!("* {} EXPUNGE", index + 1));
            }
        }
        if now.next != told.next {
            lines.push(format!("* {} EXISTS", now.mails.len()));
        }
        *told = now;
        for line in lines {
            self.write(&line).await?;
        }
        Ok(())
    }

    /// Whether the fault of this command happened instead of its answer. A cut shows as the end of the next line.
    async fn faulted(&mut self, verb: Verb, tag: &str) -> io::Result<bool> {
        match self.state.next(verb) {
            None => Ok(false),
            Some(Fault::Reply(text)) => {
                self.write(&format!("{tag} {text}")).await?;
                Ok(true)
            }
            Some(Fault::Silence | Fault::KeepAlive) => {
                self.wire.read_to_end(&mut Vec::new()).await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Some(Fault::Cut) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    async fn done(&mut self, tag: &str) -> io::Result<bool> {
        self.write(&format!("{tag} OK done")).await?;
        Ok(true)
    }

    async fn violation(&mut self, what: &str, reply: &str) -> io::Result<bool> {
        self.state.violation(what.to_owned());
        self.write(reply).await?;
        Ok(true)
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        line(&mut self.wire).await
    }

    async fn write(&mut self, line: &str) -> io::Result<()> {
        self.wire
            .write_all(format!("{line}\r\n").as_bytes())
            .await?;
        self.wire.flush().await
    }
}

/// One line without its end; `None` at the end of the connection.
async fn line(wire: &mut BufReader<Box<dyn Wire>>) -> io::Result<Option<String>> {
    rest_of_line(wire, &mut Vec::new()).await
}

/// The same, with what has arrived of it already; a wait that is given up leaves there what came.
async fn rest_of_line(
    wire: &mut BufReader<Box<dyn Wire>>,
    begun: &mut Vec<u8>,
) -> io::Result<Option<String>> {
    wire.read_until(b'\n', begun).await?;
    let text = String::from_utf8(std::mem::take(begun)).map_err(io::Error::other)?;
    Ok(text.strip_suffix("\r\n").map(str::to_owned))
}

/// The mails of a set, with their sequence numbers. `*` is the last mail, and `9:*` holds it even when its number is
/// lower (RFC 3501, 6.4.8).
fn choose(mails: &[Mail], set: &str) -> Vec<(usize, Mail)> {
    let last = mails.last().map_or(0, |mail| mail.uid);
    let number = |text: &str| {
        if text == "*" {
            last
        } else {
            text.parse().unwrap()
        }
    };
    let (from, to) = set.split_once(':').unwrap_or((set, set));
    let (from, to) = (number(from), number(to));
    let (low, high) = (from.min(to), from.max(to));
    mails
        .iter()
        .enumerate()
        .filter(|(_, mail)| (low..=high).contains(&mail.uid))
        .map(|(index, mail)| (index + 1, mail.clone()))
        .collect()
}
