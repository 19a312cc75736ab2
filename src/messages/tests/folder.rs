//! Which files are in use, and what is said of those that will not do.

use super::*;

fn load_with(files: &[(&str, &str)]) -> Result<Messages, Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Messages::load(Some(dir.path())).map_err(|error| {
        let prefix = format!("{}/", dir.path().display());
        error
            .problems
            .iter()
            .map(|problem| problem.to_string().replace(&prefix, ""))
            .collect()
    })
}

#[test]
fn a_folder_overrides_single_files() {
    let messages = load_with(&[(
        "vi/brief/email.subject.j2",
        "{{ reader.agency }}: nhắc việc",
    )])
    .unwrap();
    assert_eq!(messages.check(), []);
    let rendered = messages
        .render_brief(&sample("officer-two-due"), Channel::Email, Limit::Free)
        .unwrap();
    assert_eq!(rendered.subject.as_deref(), Some("Sở Tư pháp: nhắc việc"));
    assert!(rendered.text.starts_with("Sở Tư pháp: 2 việc đến hạn 31/3"));
}

#[test]
fn every_bad_file_is_named_with_its_line() {
    let problems = load_with(&[("vi/brief/chat.text.j2", "x")]).unwrap_err();
    assert_eq!(
        problems,
        [
            "vi/brief/chat.text.j2: no message uses this file; remove it or rename it; the nearest known file is vi/brief/chat.txt.j2"
        ]
    );
    let problems = load_with(&[
        ("vi/brief/chat.txt.j2", "a\n{% if %}"),
        ("vi/words.toml", "weekday = []\n"),
    ])
    .unwrap_err();
    assert!(
        problems
            .iter()
            .any(|line| line.starts_with("vi/brief/chat.txt.j2:2: syntax error")),
        "{problems:#?}"
    );
    assert!(
        problems.iter().any(
            |line| line.starts_with("vi/words.toml: key \"agency\" is missing")
                || line.starts_with("vi/words.toml:1: key \"agency\" is missing")
        ),
        "{problems:#?}"
    );
    assert!(
        Messages::load(Some(Path::new("/nowhere")))
            .unwrap_err()
            .to_string()
            .contains("/nowhere")
    );
}

#[test]
fn a_name_that_no_brief_has_is_found_even_where_no_sample_leads() {
    let wrong = "{{ reader.agency }}\n{% if headline.count > 999 %}{{ redaer }}{% endif %}";
    let problems = load_with(&[("vi/brief/chat.txt.j2", wrong)])
        .unwrap()
        .check();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].line, problems[0].problem.as_str()),
        (Some(2), "unknown name \"redaer\"")
    );

    let problems = load_with(&[("vi/brief/chat.txt.j2", "a\n{{ reader.nam }}")])
        .unwrap()
        .check();
    assert!(
        problems
            .iter()
            .any(|problem| problem.line == Some(2) && problem.problem.contains("undefined")),
        "{problems:?}"
    );
}

#[test]
fn every_file_of_the_repository_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages");
    let mut folders = vec![root.clone()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("vi/lexicon") {
                // What replies are read with is embedded where it is read: `files::Folder::lexicon`.
            } else if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(
                    path.strip_prefix(&root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    let embedded: BTreeSet<String> = files::EMBEDDED
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(found, embedded);
}
