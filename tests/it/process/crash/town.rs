//! The files of a province all of whose agencies owe the same tasks until the end of the year, and of which nobody is
//! reminded: whatever leaves is an answer.

use std::fmt::Write as _;
use std::net::SocketAddr;

use chrono::Datelike;
use dondoc::clock::Clock;

use super::people::{Person, TASKS};
use super::providers::Providers;
use crate::process::province::{Province, mail_by};
use crate::support::{imap, telegram, zalo_bot, zalo_oa};

/// The name by which the province's mail server vouches for authors.
pub(super) const VOUCHES: &str = "mx.province.example";

/// Writes the files. The daemon serves webhooks at `listen`.
pub(super) async fn town(
    people: &[Person],
    database: &str,
    providers: &Providers,
    listen: SocketAddr,
) -> Province {
    let channels = format!(
        "{}\n{}",
        mail_by(providers.relay.address),
        sections(providers, listen)
    );
    let province = Province::new(people.len(), database, &channels).await;
    for (file, secret) in [
        ("telegram", telegram::TOKEN),
        ("zalo-bot", zalo_bot::TOKEN),
        ("zalo-app", zalo_oa::APP_SECRET),
        ("zalo-oa", zalo_oa::OA_SECRET),
        ("zalo-refresh", zalo_oa::FIRST_REFRESH),
        ("imap", imap::LOGIN.1),
    ] {
        province.write(file, secret);
    }
    province.write("plan/plan.toml", &plan(people.len()));
    province.write("plan/contacts.toml", &contacts(people));
    // On the 29th of February, if at all.
    province.write(
        "schedules/jobs.toml",
        "brief = \"0 0 0 29 2 *\"\ndigest = \"0 0 8 * * Mon\"\n",
    );
    province
}

fn sections(providers: &Providers, listen: SocketAddr) -> String {
    let Providers {
        telegram,
        bot,
        oa,
        mailbox,
        ..
    } = providers;
    format!(
        "[imap]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nuser = \"{}\"\npassword_file = \"imap\"\n\
         authserv_id = \"{VOUCHES}\"\n\n\
         [telegram]\ntoken_file = \"telegram\"\napi_url = \"http://{}\"\n\n\
         [zalo_bot]\ntoken_file = \"zalo-bot\"\napi_url = \"http://{}\"\n\n\
         [zalo_oa]\napp_id = \"{}\"\napp_secret_file = \"zalo-app\"\noa_id = \"{}\"\noa_secret_file = \"zalo-oa\"\n\
         refresh_token_file = \"zalo-refresh\"\nsignature = [\"oa_secret+body+app_id\"]\n\
         api_url = \"http://{}\"\noauth_url = \"http://{}\"\n\n\
         [web]\nlisten = \"{listen}\"\n",
        mailbox.address.port(),
        imap::LOGIN.0,
        telegram.address,
        bot.address,
        zalo_oa::APP_ID,
        zalo_oa::OA_ID,
        oa.address,
        oa.address,
    )
}

fn plan(agencies: usize) -> String {
    let year = Clock::System.today().year();
    let leads: Vec<String> = (1..=agencies).map(|n| format!("\"A{n}\"")).collect();
    let mut plan = format!(
        "[plan]\nid = \"p\"\nnumber = \"12/QĐ-UBND\"\ntitle = \"Kế hoạch cải cách hành chính năm {year}\"\n\
         issued_on = \"{}-12-20\"\nyear = {year}\nissuer = \"UBND\"\nmonitor = \"SNV\"\n\n\
         [[group]]\nid = \"I\"\ntitle = \"THỂ CHẾ\"\n",
        year - 1
    );
    for task in 1..=TASKS {
        write!(
            plan,
            "\n[[task]]\nid = \"I.{task}\"\ncontent = \"Xây dựng kế hoạch rà soát văn bản, phần {task}.\"\n\
             product = \"Kế hoạch\"\ndeadline = \"31/12/{year}\"\nlead = \"Các Sở\"\nleads = [{}]\ncoordinate = \"\"\n",
            leads.join(", ")
        )
        .unwrap();
    }
    plan
}

fn contacts(people: &[Person]) -> String {
    let mut contacts = String::new();
    for person in people {
        let (n, channel, address) = (person.0, person.channel().as_str(), person.address());
        write!(
            contacts,
            "[[contact]]\nid = \"a{n}.officer\"\nagency = \"A{n}\"\nrole = \"officer\"\n\
             title = \"Chuyên viên Sở số {n}\"\nchannels = [\"{channel}\"]\n{channel} = \"{address}\"\n\n"
        )
        .unwrap();
    }
    contacts
}
