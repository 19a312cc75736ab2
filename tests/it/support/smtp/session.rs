//! One session of the fake relay: the state machine of RFC 5321.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Fault, Mail, Protection, State, Verb};

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
        greeted: false,
        logged_in: false,
        from: None,
        to: Vec::new(),
    };
    if session
        .answer(Verb::Greeting, "220 fake.example ESMTP")
        .await?
        != Next::Normal
    {
        return Ok(());
    }
    while let Some(line) = session.line().await? {
        if !session.command(&line).await? {
            break;
        }
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Next {
    Normal,
    Refused,
    Close,
}

struct Session<'a> {
    wire: BufReader<Box<dyn Wire>>,
    state: &'a State,
    encrypted: bool,
    greeted: bool,
    logged_in: bool,
    from: Option<From>,
    to: Vec<String>,
}

/// What MAIL said.
struct From {
    address: String,
    eight_bit: bool,
}

impl Session<'_> {
    /// Answers one command; `false` ends the session.
    async fn command(&mut self, line: &str) -> io::Result<bool> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let next = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => self.ehlo(rest).await?,
            "STARTTLS" => return self.starttls().await,
            "AUTH" => self.auth(rest).await?,
            "MAIL" => self.mail(rest).await?,
            "RCPT" => self.rcpt(rest).await?,
            "DATA" => self.data().await?,
            "NOOP" => self.answer(Verb::Noop, "250 2.0.0 OK").await?,
            "RSET" => {
                (self.from, self.to) = (None, Vec::new());
                self.answer(Verb::Rset, "250 2.0.0 OK").await?
            }
            "QUIT" => {
                self.write("221 2.0.0 Bye").await?;
                Next::Close
            }
            _ => {
                self.violation(format!("unknown command {line:?}"), "500 5.5.2 unknown")
                    .await?
            }
        };
        Ok(next != Next::Close)
    }

    async fn ehlo(&mut self, name: &str) -> io::Result<Next> {
        if name.is_empty() {
            return self
                .violation("EHLO without a name".into(), "501 5.5.4 name")
                .await;
        }
        let mut features = vec!["fake.example", "PIPELINING", "8BITMIME", "SIZE 10485760"];
        if matches!(self.state.options.protection, Protection::StartTls(_)) && !self.encrypted {
            features.push("STARTTLS");
        }
        if self.state.options.login.is_some() {
            features.push("AUTH PLAIN LOGIN");
        }
        if self.state.options.smtputf8 {
            features.push("SMTPUTF8");
        }
        let last = features.len() - 1;
        let lines: Vec<String> = features
            .iter()
            .enumerate()
            .map(|(i, feature)| format!("250{}{feature}", if i == last { ' ' } else { '-' }))
            .collect();
        self.greeted = true;
        self.answer(Verb::Ehlo, &lines.join("\r\n")).await
    }

    async fn starttls(&mut self) -> io::Result<bool> {
        let Protection::StartTls(acceptor) = &self.state.options.protection else {
            self.violation("STARTTLS that was not offered".into(), "502 5.5.1 no")
                .await?;
            return Ok(true);
        };
        match self.answer(Verb::StartTls, "220 2.0.0 go ahead").await? {
            Next::Normal => {}
            next => return Ok(next != Next::Close),
        }
        if !self.wire.buffer().is_empty() {
            self.state
                .violations
                .lock()
                .unwrap()
                .push("text in the clear behind STARTTLS".into());
        }
        // A stand-in for the moment of the exchange: the wire moves into the TLS stream.
        let plain = std::mem::replace(
            &mut self.wire,
            BufReader::new(Box::new(tokio::io::join(
                tokio::io::empty(),
                tokio::io::sink(),
            ))),
        );
        let tls = acceptor.accept(plain.into_inner()).await?;
        self.wire = BufReader::new(Box::new(tls));
        (self.encrypted, self.greeted) = (true, false);
        Ok(true)
    }

    async fn auth(&mut self, rest: &str) -> io::Result<Next> {
        if self.is_exposed() {
            return self
                .violation("a password in the clear".into(), "538 5.7.11 encrypt")
                .await;
        }
        let right = self
            .state
            .options
            .login
            .is_some_and(|login| rest == format!("PLAIN {login}"));
        self.logged_in = right;
        self.answer(
            Verb::Auth,
            if right {
                "235 2.7.0 welcome"
            } else {
                "535 5.7.8 bad credentials"
            },
        )
        .await
    }

    async fn mail(&mut self, rest: &str) -> io::Result<Next> {
        if self.is_exposed() || !self.greeted || self.from.is_some() {
            return self
                .violation(format!("MAIL {rest:?} out of order"), "503 5.5.1 order")
                .await;
        }
        if self.state.options.login.is_some() && !self.logged_in {
            self.write("530 5.7.0 log in first").await?;
            return Ok(Next::Refused);
        }
        let Some((from, options)) = path(rest, "FROM:") else {
            return self
                .violation(format!("MAIL {rest:?}"), "501 5.5.4 syntax")
                .await;
        };
        let announced = options == "SMTPUTF8 BODY=8BITMIME" && self.state.options.smtputf8;
        if !(options.is_empty() || announced) {
            return self
                .violation(format!("MAIL option {options:?}"), "555 5.5.4 option")
                .await;
        }
        let next = self.answer(Verb::Mail, "250 2.1.0 OK").await?;
        if next == Next::Normal {
            self.from = Some(From {
                address: from.to_owned(),
                eight_bit: !options.is_empty(),
            });
        }
        Ok(next)
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<Next> {
        let Some((to, "")) = path(rest, "TO:") else {
            return self
                .violation(format!("RCPT {rest:?}"), "501 5.5.4 syntax")
                .await;
        };
        if self.from.is_none() {
            return self
                .violation("RCPT before MAIL".into(), "503 5.5.1 order")
                .await;
        }
        let next = self.answer(Verb::Rcpt, "250 2.1.5 OK").await?;
        if next == Next::Normal {
            self.to.push(to.to_owned());
        }
        Ok(next)
    }

    async fn data(&mut self) -> io::Result<Next> {
        if self.to.is_empty() {
            return self
                .violation("DATA without a recipient".into(), "503 5.5.1 order")
                .await;
        }
        match self.answer(Verb::Data, "354 go on").await? {
            Next::Normal => {}
            next => return Ok(next),
        }
        let Some(raw) = self.body().await? else {
            return Ok(Next::Close);
        };
        let mail = Mail {
            from: self.from.take().unwrap().address,
            to: std::mem::take(&mut self.to),
            raw,
            encrypted: self.encrypted,
        };
        let fault = self.state.next(Verb::Body);
        if matches!(
            fault,
            None | Some(Fault::Cut | Fault::Silence | Fault::Late(_))
        ) {
            self.state.mails.lock().unwrap().push(mail);
        }
        self.meet(fault, "250 2.0.0 Ok: queued as 4F2A9").await
    }

    /// The message up to the lonely dot, dots unstuffed; `None` if the client closed before.
    async fn body(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut raw = Vec::new();
        loop {
            let Some(line) = self.line().await? else {
                return Ok(None);
            };
            if line == "." {
                return Ok(Some(raw));
            }
            if !line.is_ascii() && !self.from.as_ref().is_some_and(|from| from.eight_bit) {
                self.state
                    .violations
                    .lock()
                    .unwrap()
                    .push("8-bit bytes without BODY=8BITMIME".into());
            }
            raw.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            raw.extend_from_slice(b"\r\n");
        }
    }

    /// One line without its end; `None` at the end of the connection.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        self.wire.read_until(b'\n', &mut bytes).await?;
        if !bytes.ends_with(b"\n") {
            return Ok(None);
        }
        let text = String::from_utf8(bytes).unwrap_or_default();
        match text.strip_suffix("\r\n") {
            Some(line) if line.len() <= 998 && !line.contains(['\r', '\0']) => {
                Ok(Some(line.to_owned()))
            }
            _ => {
                self.state
                    .violations
                    .lock()
                    .unwrap()
                    .push(format!("not a line of SMTP: {text:?}"));
                Ok(None)
            }
        }
    }

    /// Answers as normal, or as scripted.
    async fn answer(&mut self, verb: Verb, normal: &str) -> io::Result<Next> {
        let fault = self.state.next(verb);
        self.meet(fault, normal).await
    }

    async fn meet(&mut self, fault: Option<Fault>, normal: &str) -> io::Result<Next> {
        if let Some(Fault::Late(by)) = fault {
            tokio::time::sleep(by).await;
        }
        match fault {
            None | Some(Fault::Late(_)) => {
                self.write(normal).await?;
                Ok(if normal.starts_with(['4', '5']) {
                    Next::Refused
                } else {
                    Next::Normal
                })
            }
            Some(Fault::Reply(line)) => {
                self.write(line).await?;
                Ok(if line.starts_with(['4', '5']) {
                    Next::Refused
                } else {
                    Next::Normal
                })
            }
            Some(Fault::Goodbye(line)) => {
                self.write(line).await?;
                Ok(Next::Close)
            }
            Some(Fault::Cut | Fault::CutUntaken) => Ok(Next::Close),
            Some(Fault::Silence | Fault::SilenceUntaken) => {
                let mut ignored = Vec::new();
                self.wire.read_to_end(&mut ignored).await?;
                Ok(Next::Close)
            }
        }
    }

    async fn violation(&mut self, what: String, reply: &str) -> io::Result<Next> {
        self.state.violations.lock().unwrap().push(what);
        self.write(reply).await?;
        Ok(Next::Refused)
    }

    async fn write(&mut self, line: &str) -> io::Result<()> {
        self.wire
            .write_all(format!("{line}\r\n").as_bytes())
            .await?;
        self.wire.flush().await
    }

    /// TLS is offered and was not taken up.
    fn is_exposed(&self) -> bool {
        !self.encrypted && !matches!(self.state.options.protection, Protection::Plain)
    }
}

/// `FROM:<a@b> OPTION` as address and option.
fn path<'a>(rest: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let (address, options) = rest
        .strip_prefix(prefix)?
        .strip_prefix('<')?
        .split_once('>')?;
    (!address.contains(['<', ' '])).then_some((address, options.trim_start()))
}
