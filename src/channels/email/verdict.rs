//! From a failed step to an outcome.
//!
//! The rule: an address dies only when the relay says, of this recipient, that it does not exist or takes no mail, in a
//! code or in words that say so: a bare 550 is no proof. And it is asked twice ([`Belief`]).
//! Every other refusal concerns us (login, sender, relay rules, content, size) and is worth another attempt after an
//! operator has looked. A break is `Unknown` only after the message was written in full.
//!
//! Reasons hold the step and the codes, never the relay's words: those repeat the address.

use std::error::Error as _;
use std::fmt;

use super::recipients::Belief;
use crate::domain::delivery::Outcome;

/// The step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, encrypting, greeting.
    Connect,
    /// Logging in.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// The DATA command.
    Data,
    /// Writing the message.
    Body,
    /// The answer to the written message.
    Accept,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "opening the session",
            Self::Login => "logging in (check the user name and password of the mail channel)",
            Self::Sender => "naming ourselves as the sender",
            Self::Recipient => "naming the recipient",
            Self::Data => "announcing the message",
            Self::Body => "writing the message",
            Self::Accept => "waiting for the answer to the message",
        })
    }
}

/// What went wrong in that step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The relay said no.
    Refused(Refusal),
    /// The connection broke or could not be made, or the relay does not speak SMTP.
    Broken(String),
    /// The step's deadline passed.
    TimedOut,
    /// The address is not ASCII and the relay takes only such (RFC 6531).
    NeedsSmtpUtf8,
}

/// A negative reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Reply code (RFC 5321, 4.2).
    code: u16,
    /// Enhanced status code (RFC 3463).
    status: Option<(u8, u16, u16)>,
    /// Its words say that there is no such mailbox, and nothing of rules for senders.
    names_nobody: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match self.status {
            Some((class, subject, detail)) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    pub(super) cause: Cause,
}

impl Cause {
    /// What lettre's error tells.
    pub(super) fn of(error: &lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => Self::Refused(Refusal::parse(code.into(), &words_of(error))),
            // lettre may quote what it could not parse, and that may hold an address.
            None if error.is_response() => {
                Self::Broken("the connection closed or the answer was not SMTP".into())
            }
            None => Self::Broken(error.to_string()),
        }
    }
}

impl Refusal {
    /// What a reply's code and words tell.
    pub(super) fn parse(code: u16, words: &str) -> Self {
        const RULES: [&str; 11] = [
            "relay",
            "auth",
            "spf",
            "dkim",
            "dmarc",
            "block",
            "black",
            "spam",
            "policy",
            "denied",
            "reputation",
        ];
        const NOBODY: [&str; 5] = ["no such", "unknown", "not exist", "n't exist", "not found"];
        let words = words.to_lowercase();
        let speak_of = |any: &[&str]| any.iter().any(|word| words.contains(word));
        Self {
            code,
            status: words.split_whitespace().next().and_then(parse_status),
            names_nobody: speak_of(&NOBODY) && !speak_of(&RULES),
        }
    }

    /// Whether it says that the recipient does not exist or takes no mail.
    fn condemns_recipient(self, stage: Stage) -> bool {
        match (self.status, stage) {
            // 5.1.7 and 5.1.8 are about the sender; 5.2.2 is a full mailbox, 5.2.3 a long message.
            (Some((5, 1, 7 | 8)), _) => false,
            (Some((5, 1, _) | (5, 2, 0 | 1)), Stage::Recipient | Stage::Data | Stage::Accept) => {
                true
            }
            (Some((5, 6, 7)), Stage::Recipient) => true,
            (Some(_), _) => false,
            // The bare codes stand for rules of the relay as often as for a mailbox (RFC 5321, 4.2.2).
            (None, Stage::Recipient) => matches!(self.code, 550 | 551 | 553) && self.names_nobody,
            (None, _) => false,
        }
    }
}

impl Failure {
    /// Whether a kept connection turned out to be closed before the mail had begun.
    pub(super) fn is_stale_connection(&self) -> bool {
        let gone = match &self.cause {
            Cause::Broken(_) => true,
            Cause::Refused(refusal) => refusal.code == 421,
            Cause::TimedOut | Cause::NeedsSmtpUtf8 => false,
        };
        gone && self.stage == Stage::Sender
    }

    /// Whether the relay does not let us in: it refused our login, or wants one.
    pub(super) fn refuses_us(&self) -> bool {
        match (&self.cause, self.stage) {
            (Cause::Refused(_), Stage::Login) => true,
            (Cause::Refused(refusal), Stage::Connect | Stage::Sender) => {
                matches!(refusal.code, 530 | 534 | 535 | 538)
            }
            _ => false,
        }
    }

    /// Whether the relay says that the recipient does not exist.
    pub(super) fn condemns_recipient(&self) -> bool {
        match &self.cause {
            Cause::Refused(refusal) => refusal.condemns_recipient(self.stage),
            Cause::NeedsSmtpUtf8 | Cause::Broken(_) | Cause::TimedOut => false,
        }
    }

    /// Whether no session came about: the next mail would fail alike.
    pub(super) fn is_before_any_mail(&self) -> bool {
        matches!(self.stage, Stage::Connect | Stage::Login)
    }

    /// Whether the relay goes on listening: it said no, and not good-bye.
    pub(super) fn leaves_connection_usable(&self) -> bool {
        match &self.cause {
            Cause::Refused(refusal) => refusal.code != 421,
            Cause::NeedsSmtpUtf8 => true,
            Cause::Broken(_) | Cause::TimedOut => false,
        }
    }
}

/// The outcome of an attempt whose recipient the relay refused.
pub(super) fn outcome_of_recipient(failure: &Failure, belief: Belief) -> Outcome {
    let outcome = outcome_of(failure);
    let words = outcome.reason().unwrap_or_default();
    let reason = match belief {
        Belief::Gone => return outcome,
        Belief::AskAgain => {
            format!("{words}; the address is asked once more before that is believed")
        }
        Belief::RefusesAll => format!(
            "{words}; it refuses several recipients in a row and takes none: no address is given up, look at the relay"
        ),
    };
    Outcome::Retry {
        after: None,
        reason,
    }
}

/// The outcome of a failed attempt, taking the relay at its word.
pub(super) fn outcome_of(failure: &Failure) -> Outcome {
    let stage = failure.stage;
    let reason = match &failure.cause {
        Cause::Refused(refusal) => format!("the mail relay refused, {stage}: {refusal}"),
        Cause::Broken(why) => format!("the mail relay was lost, {stage}: {why}"),
        Cause::TimedOut => format!("the mail relay did not answer in time, {stage}"),
        Cause::NeedsSmtpUtf8 => {
            "the address is not ASCII and the mail relay does not offer SMTPUTF8".into()
        }
    };
    match &failure.cause {
        Cause::Refused(_) if failure.condemns_recipient() => Outcome::Rejected { reason },
        Cause::NeedsSmtpUtf8 => Outcome::Rejected { reason },
        Cause::Broken(_) | Cause::TimedOut if stage == Stage::Accept => Outcome::Unknown { reason },
        Cause::Refused(_) | Cause::Broken(_) | Cause::TimedOut => Outcome::Retry {
            after: None,
            reason,
        },
    }
}

fn words_of(error: &lettre::transport::smtp::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// `5.1.1` as three numbers.
fn parse_status(word: &str) -> Option<(u8, u16, u16)> {
    let mut numbers = word.split('.');
    let status = (
        numbers.next()?.parse().ok()?,
        numbers.next()?.parse().ok()?,
        numbers.next()?.parse().ok()?,
    );
    numbers.next().is_none().then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(stage: Stage, code: u16, words: &str) -> Outcome {
        outcome_of(&Failure {
            stage,
            cause: Cause::Refused(Refusal::parse(code, words)),
        })
    }

    #[test]
    fn a_recipient_that_does_not_exist_is_rejected() {
        for (stage, code, words) in [
            (Stage::Recipient, 550, "5.1.1 <a@b.example>: user unknown"),
            (Stage::Recipient, 550, "No such user here"),
            (Stage::Recipient, 553, "user does not exist"),
            (
                Stage::Recipient,
                556,
                "5.1.10 recipient domain has a null MX",
            ),
            (Stage::Recipient, 550, "5.2.1 mailbox disabled"),
            (Stage::Accept, 554, "5.1.1 user unknown"),
        ] {
            assert!(
                matches!(refused(stage, code, words), Outcome::Rejected { .. }),
                "{code} {words}"
            );
        }
    }

    #[test]
    fn a_refusal_that_concerns_us_leaves_the_address_alive() {
        for (stage, code, words) in [
            (Stage::Connect, 554, "5.7.1 your address is on a blocklist"),
            (Stage::Login, 535, "5.7.8 authentication failed"),
            (Stage::Sender, 530, "5.7.0 authentication required"),
            (Stage::Sender, 550, "5.1.8 sender domain does not exist"),
            (Stage::Recipient, 550, "5.7.1 relaying denied"),
            (Stage::Recipient, 550, "relay not permitted"),
            (Stage::Recipient, 550, ""),
            (Stage::Recipient, 550, "Administrative prohibition"),
            (Stage::Recipient, 550, "5.4.1 recipient address rejected"),
            (Stage::Recipient, 550, "unknown client denied"),
            (Stage::Recipient, 553, "mailbox name not allowed"),
            (Stage::Recipient, 554, "transaction failed"),
            (Stage::Recipient, 552, "5.2.2 mailbox full"),
            (Stage::Recipient, 503, "bad sequence"),
            (Stage::Accept, 554, "5.7.1 message looks like spam"),
            (Stage::Accept, 550, "no such user"),
            (Stage::Recipient, 450, "4.2.0 greylisted"),
            (Stage::Recipient, 421, "4.3.2 closing"),
        ] {
            assert!(
                matches!(
                    refused(stage, code, words),
                    Outcome::Retry { after: None, .. }
                ),
                "{code} {words}"
            );
        }
    }

    #[test]
    fn only_a_break_after_the_message_was_written_is_unknown() {
        for cause in [Cause::TimedOut, Cause::Broken("reset".into())] {
            for stage in [
                Stage::Connect,
                Stage::Login,
                Stage::Sender,
                Stage::Recipient,
                Stage::Data,
                Stage::Body,
            ] {
                let outcome = outcome_of(&Failure {
                    stage,
                    cause: cause.clone(),
                });
                assert!(matches!(outcome, Outcome::Retry { .. }), "{stage:?}");
            }
            let outcome = outcome_of(&Failure {
                stage: Stage::Accept,
                cause,
            });
            assert!(matches!(outcome, Outcome::Unknown { .. }));
        }
    }

    #[test]
    fn a_reason_tells_step_and_codes_and_not_the_address_the_relay_repeats() {
        let Outcome::Rejected { reason } = refused(
            Stage::Recipient,
            550,
            "5.1.1 <an@snv.example>: user unknown",
        ) else {
            panic!("not rejected")
        };
        assert_eq!(
            reason,
            "the mail relay refused, naming the recipient: 550 5.1.1"
        );
    }
}
