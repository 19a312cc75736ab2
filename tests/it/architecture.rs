//! The shape of `src/`: imports go one way, the core stays pure, files stay short, and words for people stay in
//! `messages/`.
//!
//! The checks read source text as tokens, so comments and strings never raise an alarm, and code of tests is set
//! aside. Each check is itself tried on a snippet that offends against it.

mod checks;
mod imports;
mod source;
mod token;

use std::fs;
use std::path::{Path, PathBuf};

use source::Source;

/// The files of `src/`, with paths relative to it, in order.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    assert!(
        paths.len() > 10,
        "only {} files found below src/",
        paths.len()
    );
    paths
        .iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .expect("it was found below the root");
            let text = fs::read_to_string(path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Source::new(name.to_str().expect("file names are ASCII"), &text)
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src/ can be listed") {
        let path = entry.expect("src/ can be listed").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

#[track_caller]
fn assert_clean(check: impl Fn(&Source) -> Vec<String>) {
    let offences: Vec<String> = sources().iter().flat_map(check).collect();
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn imports_go_one_way() {
    assert_clean(imports::arrows);
}

#[test]
fn the_domain_imports_only_pure_crates() {
    let dependencies = imports::dependencies(include_str!("../../Cargo.toml"));
    assert!(dependencies.contains("tokio"), "{dependencies:?}");
    assert_clean(|source| imports::impurities(source, &dependencies));
}

#[test]
fn a_file_has_at_most_400_lines_without_its_tests() {
    assert_clean(checks::length);
}

#[test]
fn only_test_modules_are_compiled_for_tests() {
    assert_clean(checks::conditional_code);
}

#[test]
fn no_vietnamese_sentence_stands_in_the_source() {
    assert_clean(checks::sentences);
}
