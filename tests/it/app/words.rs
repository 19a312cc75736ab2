//! Templates that pass every check and fail for one person.

use std::collections::BTreeSet;
use std::fs;

use dondoc::app::deliver::Halt;
use dondoc::app::inspect::list_parked;
use dondoc::app::open::{self, Loaded};
use dondoc::channels::Sender;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::Contact;

use super::stage::{Stage, loaded, to};
use crate::channels::email::sender;
use crate::support::db::on_both_databases;
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const STP: &str = "cchc.stp@quangnam.example";

/// The plan of Quảng Nam with a template that cannot word what the officer of STP must hear.
fn spoiled(template: &str) -> Loaded {
    spoiled_of("brief", template)
}

/// The same, of that kind of message: nobody of that title can be told.
fn spoiled_of(kind: &str, template: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let messages = folder.path().join(format!("messages/vi/{kind}"));
    fs::create_dir_all(&messages).unwrap();
    let text = fs::read_to_string(format!("messages/vi/{kind}/{template}")).unwrap();
    let fault = "{% if reader.title == \"Chuyên viên mới\" %}{{ reader.nobody.knows }}{% endif %}";
    fs::write(messages.join(template), format!("{text}{fault}")).unwrap();
    let config = folder.path().join("dondoc.toml");
    fs::write(&config, "messages = \"messages\"\n").unwrap();
    open::load(Some(&config)).unwrap()
}

/// The contacts of the seeds, one of them with a title that no sample has.
fn people() -> Vec<Contact> {
    people_with("stp.officer")
}

fn people_with(new: &str) -> Vec<Contact> {
    let mut contacts = loaded().contacts;
    let officer = contacts.iter_mut().find(|one| one.id.as_str() == new);
    "Chuyên viên mới".clone_into(&mut officer.unwrap().title);
    contacts
}

/// Loads templates that work, as after SIGHUP; gives how many briefs found their words.
async fn mend(stage: &mut Stage) -> u64 {
    stage.daemon.deliverer.setup = loaded().setup;
    stage.daemon.unpark().await.unwrap()
}

async fn parked(stage: &Stage) -> Vec<String> {
    let found = list_parked(&stage.daemon.deliverer.db).await.unwrap();
    found
        .iter()
        .map(|one| format!("{} {}: {}", one.contact, one.day, one.reason))
        .collect()
}

on_both_databases! {
    async fn the_brief_of_one_person_waits_and_the_others_go_out(test: TestDb) {
        let loaded = spoiled("email.txt.j2");
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", people(), loaded).await;
        let mails = stage.round_at("2020-03-31T07:30:00").await;
        assert!(mails.len() > 40 && to(&mails, STP).is_empty(), "{}", mails.len());
        let [waiting] = parked(&stage).await.try_into().unwrap();
        assert!(waiting.starts_with("stp.officer 2020-03-31: "), "{waiting}");
        assert!(waiting.contains("messages/vi/brief/email.txt.j2:"), "{waiting}");
        assert!(stage.round_at("2020-03-31T07:30:01").await.is_empty());
        assert_eq!(stage.daemon.unpark().await.unwrap(), 0, "the same templates give no words");
        assert_eq!(parked(&stage).await.len(), 1);

        assert_eq!(mend(&mut stage).await, 1);
        let mails = stage.round_at("2020-03-31T09:00:00").await;
        assert_eq!((mails.len(), to(&mails, STP).len()), (1, 1));
        assert!(mails[0].text.contains("II.2/1"), "{}", mails[0].text);
        assert_eq!(mend(&mut stage).await, 0);
        assert!(stage.round_at("2020-03-31T09:00:01").await.is_empty());
        assert!(parked(&stage).await.is_empty());
    }

    async fn what_had_no_words_on_its_day_is_told_in_the_next_brief(test: TestDb) {
        let loaded = spoiled("email.txt.j2");
        let mut stage = Stage::with(test, "2020-03-24T07:30:00", people(), loaded).await;
        stage.round_at("2020-03-24T07:30:00").await;
        assert_eq!(parked(&stage).await.len(), 1);
        // No rung falls on the 25th.
        stage.round_at("2020-03-25T07:30:00").await;
        let [waiting] = parked(&stage).await.try_into().unwrap();
        assert!(waiting.starts_with("stp.officer 2020-03-25: "), "{waiting}");
        assert_eq!(mend(&mut stage).await, 1);
        let mails = stage.round_at("2020-03-25T10:00:00").await;
        assert_eq!((mails.len(), to(&mails, STP).len()), (1, 1));
    }

    async fn a_brief_that_cannot_be_worded_anew_waits_alone(test: TestDb) {
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", people(), loaded()).await;
        let planned = stage.plan("2020-03-31").await;
        stage.done("II.2", 1, "STP", "2020-03-30").await; // its brief is worded anew before it leaves
        stage.daemon.deliverer.setup = spoiled("email.txt.j2").setup;
        stage.deliver().await;
        let mails = stage.mail.take();
        assert!(to(&mails, STP).is_empty());
        let told: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(told.len(), planned.briefs - 1);
        assert_eq!(parked(&stage).await.len(), 1);

        assert_eq!(mend(&mut stage).await, 1);
        stage.deliver().await;
        let mails = stage.mail.take();
        assert_eq!((mails.len(), to(&mails, STP).len()), (1, 1));
        assert!(!mails[0].text.contains("\nII.2/1 "), "{}", mails[0].text);
        stage.deliver().await;
        assert!(stage.mail.take().is_empty());
    }

    async fn a_brief_that_has_no_words_on_the_next_channel_waits_and_the_address_is_dead(test: TestDb) {
        let loaded = spoiled("chat.txt.j2");
        let mut officer = people().into_iter().find(|one| one.id.as_str() == "stp.officer").unwrap();
        officer.channels.push((Channel::Telegram, "4242".to_owned()));
        let mut stage = Stage::with(test, "2020-03-31T07:30:00", vec![officer], loaded).await;
        let relay = FakeSmtp::start().await;
        for _ in 0..2 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
        }
        stage.mail_by(Sender::Email(sender(&relay)));
        for time in ["07:30:00", "07:31:00", "07:31:01"] {
            stage.set_time(&format!("2020-03-31T{time}"));
            stage.daemon.round(&Halt::never()).await.unwrap();
        }
        assert!(stage.chat.take().is_empty());
        assert_eq!(parked(&stage).await.len(), 1);
        assert_eq!(mend(&mut stage).await, 1);
        stage.daemon.round(&Halt::never()).await.unwrap();
        let chats = stage.chat.take();
        assert_eq!((chats.len(), relay.sessions()), (1, 1));
    }

    async fn a_digest_that_has_no_words_for_one_reader_is_told_by_the_shipped_ones(test: TestDb) {
        let loaded = spoiled_of("digest", "email.txt.j2");
        let stage = Stage::with(test, "2020-03-16T07:30:00", people_with("snv.officer"), loaded).await;
        let left = stage.digests("2020-03-16T07:30:00").await;
        let officer = to(&left, "cchc.snv@quangnam.example");
        assert_eq!(officer.len(), 1, "{left:#?}");
        assert!(officer[0].text.contains("Kính gửi"), "{}", officer[0].text);
        assert!(left.len() > 1, "and the others by theirs");
        assert_eq!(stage.digests("2020-03-16T07:31:00").await, [], "once");
    }
}
