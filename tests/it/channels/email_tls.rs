//! That mail and password cross the network encrypted, to the relay we meant.

use dondoc::channels::email::{Credentials, EmailConfig, EmailSender, Security};
use dondoc::domain::delivery::Outcome;

use super::brief;
use super::email::{config, is_sent};
use crate::support::smtp::{FakeSmtp, Fault, Options, Protection, Verb};
use crate::support::tls::Authority;

/// `\0bot\0secret` in base64.
pub(crate) const LOGIN: &str = "AGJvdABzZWNyZXQ=";

fn secure(relay: &FakeSmtp, security: Security, ca_pem: &str) -> EmailConfig {
    EmailConfig {
        host: "localhost".into(),
        security,
        root_ca_pem: Some(ca_pem.into()),
        credentials: Some(Credentials {
            username: "bot".into(),
            password: "secret".to_owned().into(),
        }),
        ..config(relay)
    }
}

async fn relay(protection: Protection) -> FakeSmtp {
    FakeSmtp::start_with(Options {
        protection,
        login: Some(LOGIN),
        ..Options::default()
    })
    .await
}

async fn send(config: EmailConfig) -> Outcome {
    EmailSender::new(config)
        .unwrap()
        .send(&brief("snv@quangnam.example"))
        .await
}

#[tokio::test]
async fn mail_goes_out_by_starttls_after_a_login() {
    let authority = Authority::vouching_for("localhost");
    let relay = relay(Protection::StartTls(authority.acceptor.clone())).await;
    assert!(is_sent(
        &send(secure(&relay, Security::Starttls, &authority.ca_pem)).await
    ));
    assert!(relay.take()[0].encrypted);
}

#[tokio::test]
async fn mail_goes_out_by_tls_from_the_first_byte() {
    let authority = Authority::vouching_for("localhost");
    let relay = relay(Protection::Wrapper(authority.acceptor.clone())).await;
    assert!(is_sent(
        &send(secure(&relay, Security::Tls, &authority.ca_pem)).await
    ));
    assert!(relay.take()[0].encrypted);
}

#[tokio::test]
async fn a_relay_with_a_certificate_of_another_authority_gets_nothing() {
    let (authority, stranger) = (
        Authority::vouching_for("localhost"),
        Authority::vouching_for("localhost"),
    );
    for (protection, security) in [
        (
            Protection::StartTls(stranger.acceptor.clone()),
            Security::Starttls,
        ),
        (
            Protection::Wrapper(stranger.acceptor.clone()),
            Security::Tls,
        ),
    ] {
        let relay = relay(protection).await;
        let outcome = send(secure(&relay, security, &authority.ca_pem)).await;
        assert!(
            matches!(&outcome, Outcome::Retry { reason, .. } if reason.contains("certificate")),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_relay_with_a_certificate_for_another_name_gets_nothing() {
    let authority = Authority::vouching_for("mail.elsewhere.example");
    let relay = relay(Protection::StartTls(authority.acceptor.clone())).await;
    let outcome = send(secure(&relay, Security::Starttls, &authority.ca_pem)).await;
    assert!(
        matches!(&outcome, Outcome::Retry { reason, .. } if reason.contains("certificate")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_relay_that_offers_no_starttls_gets_nothing() {
    let authority = Authority::vouching_for("localhost");
    let relay = relay(Protection::Plain).await;
    let outcome = send(secure(&relay, Security::Starttls, &authority.ca_pem)).await;
    assert!(
        matches!(&outcome, Outcome::Retry { reason, .. } if reason.contains("STARTTLS")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_relay_that_refuses_starttls_gets_nothing() {
    let authority = Authority::vouching_for("localhost");
    let relay = relay(Protection::StartTls(authority.acceptor.clone())).await;
    relay.fault(Verb::StartTls, Fault::Reply("454 4.7.0 TLS not available"));
    let outcome = send(secure(&relay, Security::Starttls, &authority.ca_pem)).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_wrong_password_is_our_fault_and_not_the_address() {
    let authority = Authority::vouching_for("localhost");
    let relay = relay(Protection::StartTls(authority.acceptor.clone())).await;
    let mut config = secure(&relay, Security::Starttls, &authority.ca_pem);
    config.credentials = Some(Credentials {
        username: "bot".into(),
        password: "wrong-4353".to_owned().into(),
    });
    let Outcome::Retry {
        after: None,
        reason,
    } = send(config).await
    else {
        panic!("not a retry")
    };
    assert!(
        reason.contains("535 5.7.8") && reason.contains("password of the mail channel"),
        "{reason}"
    );
    assert!(!reason.contains("wrong-4353"));
}
