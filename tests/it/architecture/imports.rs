//! Which module may name which.

use std::collections::BTreeSet;

use super::source::{Source, group, starts_with};
use super::token::Token;

/// The arrows of the design: a layer, and the layers that it may name. Each may name itself.
const ARROWS: [(&str, &[&str]); 13] = [
    ("main", &["cli"]),
    ("lib", &[]),
    (
        "cli",
        &[
            "app",
            "clock",
            "config",
            "documents",
            "domain",
            "files",
            "messages",
            "web",
        ],
    ),
    ("web", &["app"]),
    ("config", &["domain", "files"]),
    (
        "app",
        &[
            "channels",
            "clock",
            "config",
            "documents",
            "domain",
            "files",
            "messages",
            "store",
        ],
    ),
    ("channels", &["domain"]),
    ("clock", &["domain"]),
    ("files", &["domain"]),
    ("documents", &[]),
    ("messages", &["domain", "documents"]),
    ("store", &["domain"]),
    ("domain", &[]),
];

/// The crates that the domain may use.
const PURE: [&str; 5] = [
    "chrono",
    "serde",
    "sha2",
    "thiserror",
    "unicode_normalization",
];

/// What the domain may not name although it belongs to an allowed crate.
const IMPURE: [&str; 11] = [
    "chrono::Local",
    "chrono::Utc::now",
    "Utc::now",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// The arrows of a file that the design does not allow.
pub(super) fn arrows(source: &Source) -> Vec<String> {
    let from = source.layer();
    let Some((_, allowed)) = ARROWS.iter().find(|(layer, _)| *layer == from) else {
        return vec![source.complain(
            1,
            "this layer is not in the design: give it a row in ARROWS",
        )];
    };
    let module = source.module();
    paths(&source.code)
        .into_iter()
        .filter_map(|(path, line)| Some((layer_named(&path, &module)?, line)))
        .filter(|(to, _)| to != from && !allowed.contains(&to.as_str()))
        .map(|(to, line)| source.complain(line, &format!("{from} must not import {to}")))
        .collect()
}

/// What a file of the domain names that a pure core must not.
pub(super) fn impurities(source: &Source, dependencies: &BTreeSet<String>) -> Vec<String> {
    if source.layer() != "domain" {
        return Vec::new();
    }
    let forbidden = |path: &str, first: &str| {
        dependencies.contains(first) && !PURE.contains(&first)
            || IMPURE.iter().any(|impure| {
                path.strip_prefix(impure)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
    };
    let named = paths(&source.code).into_iter().filter_map(|(path, line)| {
        let whole = path.join("::");
        forbidden(&whole, &path[0])
            .then(|| source.complain(line, &format!("the domain must not use {whole}")))
    });
    let waiting = source
        .code
        .iter()
        .filter(|token| token.is_word("async") || token.is_word("await"));
    named
        .chain(waiting.map(|token| source.complain(token.line, "the domain is not async")))
        .collect()
}

/// The names under which the dependencies of a manifest are used in code.
pub(super) fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end().ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| inside) {
            names.insert(name.trim().replace('-', "_"));
        }
    }
    names
}

/// The layer that a path leads into, if it leads to the root of this crate.
fn layer_named(path: &[String], module: &[&str]) -> Option<String> {
    let climbed = path.iter().take_while(|part| *part == "super").count();
    let rest = match path[0].as_str() {
        "crate" | "dondoc" => &path[1..],
        "super" if climbed >= module.len() => &path[climbed..],
        _ => return None,
    };
    // Below the root stand other things too, such as a macro: only a layer, or all of them, is an arrow.
    rest.first()
        .filter(|name| {
            ARROWS
                .iter()
                .any(|(layer, _)| layer == name || *name == "*")
        })
        .cloned()
}

/// Every path with `::` and every `use` of a single name, groups taken apart, with their lines.
fn paths(tokens: &[Token]) -> Vec<(Vec<String>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is_word("use") {
            at += 1 + tree(&tokens[at + 1..], &[], &mut found);
        } else if tokens[at].word().is_some() && starts_with(&tokens[at + 1..], &[":", ":"]) {
            at += tree(&tokens[at..], &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one path or `use` tree, adds what it names, and returns its number of tokens.
fn tree(tokens: &[Token], prefix: &[String], found: &mut Vec<(Vec<String>, usize)>) -> usize {
    let mut path = prefix.to_vec();
    let mut at = 0;
    while starts_with(&tokens[at..], &[":", ":"]) {
        at += 2;
    }
    while let Some(token) = tokens.get(at) {
        if token.is_mark('{') {
            let end = at + group(&tokens[at..]);
            at += 1;
            while at + 1 < end {
                at += tree(&tokens[at..end - 1], &path, found).max(1);
            }
            return end;
        }
        let glob = token.is_mark('*').then_some("*");
        let Some(part) = token.word().or(glob) else {
            break;
        };
        path.push(part.to_owned());
        at += 1;
        if !starts_with(&tokens[at..], &[":", ":"]) {
            break;
        }
        at += 2;
    }
    if path.len() > prefix.len() {
        found.push((path, tokens[at - 1].line));
    }
    let renamed = tokens.get(at).is_some_and(|token| token.is_word("as"));
    at + if renamed { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        arrows(&Source::new(path, text))
    }

    fn impure(text: &str) -> Vec<String> {
        let dependencies = dependencies(include_str!("../../../Cargo.toml"));
        impurities(&Source::new("domain/plan.rs", text), &dependencies)
    }

    #[test]
    fn a_forbidden_arrow_is_found_however_it_is_written() {
        for (path, text, arrow) in [
            (
                "store/briefs.rs",
                "use crate::messages::Text;",
                "store must not import messages",
            ),
            (
                "store/briefs.rs",
                "use crate::{domain::Plan, messages::Text};",
                "store must not import messages",
            ),
            (
                "store/briefs.rs",
                "use crate::{domain::{Plan, Task}, channels};",
                "store must not import channels",
            ),
            (
                "store/briefs.rs",
                "use {std::fmt, crate::messages};",
                "store must not import messages",
            ),
            (
                "store/mod.rs",
                "use super::messages::Text;",
                "store must not import messages",
            ),
            (
                "store/briefs.rs",
                "use super::super::messages::Text;",
                "store must not import messages",
            ),
            (
                "store/briefs.rs",
                "use super::{Db, super::channels::X};",
                "store must not import channels",
            ),
            (
                "clock.rs",
                "use super::store::Db;",
                "clock must not import store",
            ),
            (
                "messages/mod.rs",
                "fn f() -> crate::store::Db { g() }",
                "messages must not import store",
            ),
            (
                "messages/mod.rs",
                "pub(crate) use crate::store as s;",
                "messages must not import store",
            ),
            (
                "channels/email.rs",
                "macro_rules! m { () => { $crate::app::run() } }",
                "channels must not import app",
            ),
            (
                "domain/plan.rs",
                "use crate::files::Problem;",
                "domain must not import files",
            ),
            ("app/plan.rs", "use crate::cli;", "app must not import cli"),
            (
                "web/health.rs",
                "use crate::store::Db;",
                "web must not import store",
            ),
            (
                "main.rs",
                "use dondoc::app::run;",
                "main must not import app",
            ),
        ] {
            let found = complaints(path, text);
            assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
            assert!(found[0].ends_with(arrow), "{found:?}");
        }
    }

    #[test]
    fn every_forbidden_arrow_of_a_group_is_named_with_its_line() {
        let found = complaints(
            "store/mod.rs",
            "use crate::{\n    channels::A,\n    domain::B,\n    messages::{C, D},\n};",
        );
        assert_eq!(
            found,
            [
                "src/store/mod.rs:2: store must not import channels",
                "src/store/mod.rs:4: store must not import messages",
                "src/store/mod.rs:4: store must not import messages",
            ]
        );
    }

    #[test]
    fn allowed_arrows_comments_strings_and_tests_raise_no_alarm() {
        for (path, text) in [
            (
                "store/briefs.rs",
                "use crate::domain::{Plan, ids::PlanId}; use crate::store::Db; use super::Db;",
            ),
            (
                "store/briefs.rs",
                "use super::messages::Row; // the store's own table of messages",
            ),
            (
                "store/mod.rs",
                "// use crate::app;\n/* crate::web::x */ const A: &str = \"crate::cli::x\";",
            ),
            (
                "store/mod.rs",
                "#[cfg(test)]\nmod tests {\n    use crate::messages::Text;\n}",
            ),
            (
                "store/mod.rs",
                "pub(crate) fn f(a: A) { a::b::<C>(); D { e } }",
            ),
            (
                "store/mod.rs",
                "pub(crate) use with_db; crate::on_either!(x);",
            ),
            (
                "app/plan.rs",
                "use crate::{channels, clock, domain, files, messages, store};",
            ),
            (
                "cli/check.rs",
                "use crate::{app, config, files::load, messages};",
            ),
            ("main.rs", "fn main() { dondoc::cli::run() }"),
        ] {
            assert_eq!(complaints(path, text), [""; 0], "{path}: {text}");
        }
    }

    #[test]
    fn an_unknown_layer_is_named() {
        assert_eq!(complaints("utils.rs", "").len(), 1);
    }

    #[test]
    fn an_impure_core_is_found() {
        for text in [
            "use tokio::sync::Mutex;",
            "use sqlx;",
            "use {std::fmt, rand::Rng};",
            "#[derive(sqlx::Type)] struct A;",
            "fn f() -> reqwest::Client { g() }",
            "use chrono::{Datelike, Local};",
            "use chrono::Utc; fn f() { Utc::now(); }",
            "fn f() { chrono::Utc::now(); }",
            "use std::time::{Duration, SystemTime};",
            "fn f() { std::fs::read(\"x\"); }",
            "async fn f() {}",
        ] {
            assert_eq!(impure(text).len(), 1, "{text}: {:?}", impure(text));
        }
    }

    #[test]
    fn a_pure_core_raises_no_alarm() {
        for text in [
            "use std::{collections::BTreeMap, fmt, time::Duration};",
            "use chrono::{DateTime, NaiveDate, Utc}; use serde::{Deserialize, Serialize};",
            "use unicode_normalization::UnicodeNormalization; #[derive(thiserror::Error)] enum E {}",
            "use Audience::{Head, Leader}; mod cells; use cells::Cell; use self::cells::*;",
            "fn f(url: u8, cron: u8) { let tracing = url + cron; }",
        ] {
            assert_eq!(impure(text), [""; 0], "{text}");
        }
    }
}
