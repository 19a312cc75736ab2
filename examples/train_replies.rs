//! Trains the linear model of the reader of replies on labelled replies.
//!
//! ```text
//! cargo run --release --example train_replies -- tests/data/replies_learnt_*.jsonl \
//!     --also tests/data/replies_{own_0?,near_dones_0?}.jsonl > messages/vi/lexicon/weights.tsv
//! cargo run --release --example train_replies -- --folds 5 tests/data/replies_learnt_*.jsonl \
//!     --also tests/data/replies_{own_0?,near_dones_0?}.jsonl
//! ```
//! The files that are called `held_out` are never among them: they measure.
//!
//! Multinomial logistic regression with an L2 penalty, by `AdaGrad`, in a fixed order: the same files give the same
//! weights. With `--folds` it writes no weights but the share of intents found in parts that were held out, and how many
//! a "done" would be sure of there by each threshold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::{env, fs};

use anyhow::Context as _;
use chrono::NaiveDate;
use dondoc::domain::reply::{Intent, Reader, Ruling};
use dondoc::files::{Folder, load_reader};
use unicode_normalization::UnicodeNormalization as _;

const ROUNDS: usize = 40;
const RATE: f32 = 0.04;
const PENALTY: f32 = 0.001;
/// A feature of fewer texts says nothing about others.
const LEAST: usize = 3;
/// Weights below this, in hundredths, are left out.
const FAINT: f32 = 8.0;

struct Sample {
    features: Vec<usize>,
    intent: usize,
    ruled: Ruling,
    /// Learnt from, never measured: a text without its diacritics, or one of the files after `--also`.
    extra: bool,
    /// Which text it is a form of.
    text: usize,
    reply: String,
}

struct Data {
    names: Vec<String>,
    samples: Vec<Sample>,
}

fn main() -> anyhow::Result<()> {
    let mut files: Vec<String> = env::args().skip(1).collect();
    let folds = match files.iter().position(|argument| argument == "--folds") {
        Some(at) => {
            files.remove(at);
            Some(files.remove(at).parse::<usize>()?)
        }
        None => None,
    };
    let also = match files.iter().position(|argument| argument == "--also") {
        Some(at) => {
            let also = files.split_off(at);
            also[1..].to_vec()
        }
        None => Vec::new(),
    };
    let reader = load_reader(&Folder::Disk("messages/vi/lexicon".into()))
        .or_else(|_| load_reader(&Folder::lexicon()))
        .context("cannot read the lexicon")?;
    let data = read(&reader, &files, &also)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match folds {
        Some(folds) => cross_validate(&data, folds, &mut out)?,
        None => write_weights(&data, &mut out)?,
    }
    Ok(out.flush()?)
}

struct Raw {
    features: Vec<String>,
    intent: usize,
    ruled: Ruling,
    extra: bool,
    text: usize,
    reply: String,
}

fn read(reader: &Reader, files: &[String], also: &[String]) -> anyhow::Result<Data> {
    let mut raw = Vec::new();
    let named = files.iter().map(|file| (file, false));
    for (file, extra) in named.chain(also.iter().map(|file| (file, true))) {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            read_row(reader, line, extra, &mut raw)?;
        }
    }
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for feature in raw.iter().flat_map(|sample| &sample.features) {
        *counts.entry(feature).or_default() += 1;
    }
    let names: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count >= LEAST)
        .map(|(name, _)| name.clone())
        .collect();
    let index = |name: &String| names.binary_search(name).ok();
    let samples = raw
        .iter()
        .map(|sample| Sample {
            features: sample.features.iter().filter_map(index).collect(),
            intent: sample.intent,
            ruled: sample.ruled,
            extra: sample.extra,
            text: sample.text,
            reply: sample.reply.clone(),
        })
        .collect();
    Ok(Data { names, samples })
}

/// A labelled text, and the same as it looks without diacritics.
fn read_row(reader: &Reader, line: &str, extra: bool, raw: &mut Vec<Raw>) -> anyhow::Result<()> {
    let sent = NaiveDate::from_ymd_opt(2020, 3, 10).context("a day of the calendar")?;
    let row: serde_json::Value = serde_json::from_str(line)?;
    let reply = row["text"].as_str().context("a row without text")?;
    let label = row["intent"].as_str().context("a row without intent")?;
    let intent = Intent::ALL
        .iter()
        .position(|intent| intent.as_str() == label)
        .with_context(|| format!("no intent is called {label}"))?;
    let bare: String = reply
        .nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            c => c,
        })
        .collect();
    let text = raw.len();
    let mut push = |form: &str, extra: bool| {
        let mut features = reader.features(form, sent);
        features.sort();
        features.dedup();
        raw.push(Raw {
            features,
            intent,
            ruled: reader.ruled(form, sent),
            extra,
            text,
            reply: form.to_owned(),
        });
    };
    push(reply, extra);
    if bare != reply {
        push(&bare, true);
    }
    Ok(())
}

type Row = [f32; 10];

fn train<'a>(width: usize, samples: impl Iterator<Item = &'a Sample> + Clone) -> Vec<Row> {
    let mut weights = vec![[0.0_f32; 10]; width];
    let mut squares = vec![[1e-6_f32; 10]; width];
    for _ in 0..ROUNDS {
        for sample in samples.clone() {
            let chances = softmax(scores(&weights, sample));
            for feature in &sample.features {
                for class in 0..10 {
                    let wanted = if class == sample.intent { 1.0 } else { 0.0 };
                    let slope = chances[class] - wanted + PENALTY * weights[*feature][class];
                    squares[*feature][class] += slope * slope;
                    weights[*feature][class] -= RATE * slope / squares[*feature][class].sqrt();
                }
            }
        }
    }
    weights
}

fn scores(weights: &[Row], sample: &Sample) -> Row {
    let mut sums = [0.0; 10];
    for feature in &sample.features {
        for (sum, weight) in sums.iter_mut().zip(weights[*feature]) {
            *sum += weight;
        }
    }
    sums
}

fn softmax(scores: Row) -> Row {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    let exponents = scores.map(|score| (score - highest).exp());
    let sum: f32 = exponents.iter().sum();
    exponents.map(|exponent| exponent / sum)
}

fn best(scores: Row) -> usize {
    (0..10)
        .max_by(|one, other| scores[*one].total_cmp(&scores[*other]))
        .unwrap_or_default()
}

fn write_weights(data: &Data, out: &mut impl Write) -> anyhow::Result<()> {
    let weights = train(data.names.len(), data.samples.iter());
    for (name, row) in data.names.iter().zip(weights) {
        let told: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(intent, weight)| (intent, (weight * 100.0).round()))
            .filter(|(_, weight)| weight.abs() >= FAINT)
            .map(|(intent, weight)| format!("{intent}:{weight:.0}"))
            .collect();
        if !told.is_empty() {
            writeln!(out, "{name}\t{}", told.join(" "))?;
        }
    }
    Ok(())
}

fn cross_validate(data: &Data, folds: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let mut right = BTreeMap::new();
    let mut sure: BTreeMap<String, usize> = BTreeMap::new();
    let mut measured = 0;
    let measured_texts: BTreeSet<usize> = data
        .samples
        .iter()
        .filter(|sample| !sample.extra)
        .map(|sample| sample.text)
        .collect();
    for fold in 0..folds {
        let held_out =
            |sample: &Sample| sample.text % folds == fold && measured_texts.contains(&sample.text);
        let training = data.samples.iter().filter(|sample| !held_out(sample));
        let weights = train(data.names.len(), training);
        for sample in data
            .samples
            .iter()
            .filter(|sample| held_out(sample) && !sample.extra)
        {
            measured += 1;
            let alone = scores(&weights, sample);
            let ruled = position(sample.ruled.intent);
            let done = position(Intent::Done);
            let chance = softmax(alone)[done];
            tally(sample, chance, sample.intent == done, &mut sure, out)?;
            *right.entry("rules".to_owned()).or_insert(0) += usize::from(ruled == sample.intent);
            *right.entry("model".to_owned()).or_insert(0) +=
                usize::from(best(alone) == sample.intent);
            for said in [0.25, 0.5, 1.0, 1.5, 2.0, 3.0_f32] {
                let mut both = alone;
                both[ruled] += [0.0, said / 2.0, said][usize::from(sample.ruled.firmness)];
                *right
                    .entry(format!("model and {said} for what rules say"))
                    .or_insert(0) += usize::from(best(both) == sample.intent);
            }
        }
    }
    for (name, count) in right {
        writeln!(out, "{:>6.1} %  {name}", share(count, measured))?;
    }
    for (name, count) in sure {
        writeln!(out, "{count:>6}    done: {name}")?;
    }
    Ok(())
}

/// Counts whether a "done" would be sure by each threshold, and by the one that the reader has.
fn tally(
    sample: &Sample,
    chance: f32,
    is_done: bool,
    sure: &mut BTreeMap<String, usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let plainness = sample.ruled.plainness;
    let mut count = |name: String| *sure.entry(name).or_insert(0) += 1;
    if is_done {
        count("true".to_owned());
        count(format!("{plainness:?}, all"));
    }
    let Some(own) = plainness.least_probability() else {
        return Ok(());
    };
    if !is_done && chance >= 0.3 {
        let reply = &sample.reply;
        writeln!(out, "a wrong done, {chance:.2} {plainness:?}: {reply}")?;
    }
    let outcome = if is_done { "right" } else { "WRONG" };
    if chance >= own {
        count(format!("as the reader decides: {outcome}"));
    }
    for least in [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95_f32] {
        if chance >= least {
            count(format!("{plainness:?} from {least}: {outcome}"));
        }
    }
    Ok(())
}

fn position(wanted: Intent) -> usize {
    Intent::ALL
        .iter()
        .position(|intent| *intent == wanted)
        .unwrap_or_default()
}

fn share(part: usize, whole: usize) -> f64 {
    let (part, whole) = (u32::try_from(part), u32::try_from(whole));
    f64::from(part.unwrap_or(0)) * 100.0 / f64::from(whole.unwrap_or(1))
}
