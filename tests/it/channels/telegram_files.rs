//! Files that people sent by Telegram, fetched on demand.

use dondoc::channels::telegram::{FILE_LIMIT, FileError, TelegramError, TelegramFiles};

use super::telegram::config;
use crate::support::telegram::{FakeTelegram, Fault};

fn files(api: &FakeTelegram) -> TelegramFiles {
    TelegramFiles::new(&config(api)).unwrap()
}

async fn fetch(api: &FakeTelegram, id: &str) -> (Result<u64, FileError>, Vec<u8>) {
    let mut into = Vec::new();
    (files(api).fetch(id, &mut into).await, into)
}

#[tokio::test]
async fn a_file_is_written_to_where_it_is_wanted() {
    let api = FakeTelegram::start(&[]).await;
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    api.keep("BQAC", "documents/file_12.pdf", bytes.clone());
    let (size, written) = fetch(&api, "BQAC").await;
    assert_eq!(size.unwrap(), 300_000);
    assert!(written == bytes);
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_before_and_while_it_comes() {
    let api = FakeTelegram::start(&[]).await;
    api.keep_as("told", "documents/a", "x".into(), Some(FILE_LIMIT + 1));
    let beyond = usize::try_from(FILE_LIMIT).unwrap() + 1;
    api.keep_as("untold", "documents/b", vec![0; beyond].into(), None);
    api.keep_as("lied", "documents/c", vec![0; beyond].into(), Some(3));
    for id in ["told", "untold", "lied"] {
        let (size, written) = fetch(&api, id).await;
        assert!(matches!(size, Err(FileError::TooBig)), "{id}: {size:?}");
        assert!(written.len() as u64 <= FILE_LIMIT);
    }
    api.keep_as("most", "documents/d", vec![0; beyond - 1].into(), None);
    assert_eq!(fetch(&api, "most").await.0.unwrap(), FILE_LIMIT);
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_not_asked_for() {
    let api = FakeTelegram::start(&[]).await;
    for path in [
        "../bot4353:x/getMe",
        "/etc/passwd",
        "a/../../b",
        "http://elsewhere.example/",
    ] {
        api.keep("BQAC", path, "x");
        let before = api.calls();
        let (size, _) = fetch(&api, "BQAC").await;
        assert!(matches!(size, Err(FileError::Path)), "{path}: {size:?}");
        assert_eq!(api.calls(), before + 1, "only getFile");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_or_cut_says_so() {
    let api = FakeTelegram::start(&[]).await;
    let (unknown, _) = fetch(&api, "BQAC").await;
    assert!(matches!(
        unknown,
        Err(FileError::Telegram(TelegramError::Denied(_)))
    ));
    api.keep("BQAC", "documents/file_12.pdf", vec![7; 100_000]);
    for fault in [
        Fault::CutInAnswer,
        Fault::CutAfterAccept,
        Fault::Foreign(502, "<html>"),
        Fault::Error(404, "Not Found"),
    ] {
        api.fault_of("file", fault.clone());
        let (size, _) = fetch(&api, "BQAC").await;
        let Err(FileError::Telegram(error @ TelegramError::Later { .. })) = size else {
            panic!("{fault:?}: {size:?}")
        };
        let shown = format!("{error:?} {error}");
        assert!(
            !shown.contains("fake-Token") && !shown.contains("http://"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_the_callers_to_know() {
    let api = FakeTelegram::start(&[]).await;
    api.keep("BQAC", "documents/file_12.pdf", vec![7; 100_000]);
    let mut small = [0_u8; 10];
    let mut into = std::io::Cursor::new(&mut small[..]);
    let size = files(&api).fetch("BQAC", &mut into).await;
    assert!(matches!(size, Err(FileError::Write(_))), "{size:?}");
}
