//! Public programs as their users run them: what share of the work runs on the device, what is copied, what that is worth.
//!
//! `field.json` says of each program where it is found, what is done before (`prepare` is run by a shell in a copy of the
//! repository), and with which arguments it is checked and timed. Options are the default ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use mupac::worth::Worth;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Request;
use crate::prepared::{self, Prepared};

/// A program.
#[derive(Debug, Deserialize)]
struct Program {
    name: String,
    /// `owner/name`, the folder below the one that the variable names.
    repository: String,
    /// What is done in a copy of the repository before.
    #[serde(default)]
    prepare: String,
    /// Where the files lie in it, and the options' paths start.
    #[serde(default)]
    folder: String,
    /// The files that the program is made of; those of `FIELD/` lie beside `field.json`.
    files: Vec<String>,
    /// Those of the command line; `@/` stands for the folder.
    #[serde(default)]
    options: Vec<String>,
}

/// What became of a program.
struct Row {
    /// Whether the check passed with the whole program's output equal.
    is_right: bool,
    /// The share of the time on one core that kernels take over.
    share: f64,
    /// How often each byte is copied that is, or has to be where that is more; `None` where the program was not seen at its own size.
    copies: Option<f64>,
    seconds: f64,
    /// How many times as fast it is predicted to be.
    gain: f64,
    /// What holds it back most, or why there is nothing else to say.
    why: String,
}

impl Row {
    /// Returns whether the translation is worth it.
    fn is_worth_it(&self) -> bool {
        let copies = self.copies.is_none_or(|times| times <= 3.0);
        self.is_right && self.share >= 0.9 && copies && self.gain > 1.0
    }
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let programs: Vec<Program> = serde_json::from_str(include_str!("field.json")).unwrap();
    println!(
        "{:<20} {:<5} {:>6} {:>7} {:>7} {:>7}  held back by",
        "program", "right", "share", "copies", "s", "gain"
    );
    let (mut rows, mut worth_it) = (BTreeMap::new(), 0);
    for program in programs.iter().filter(|each| request.wants(&each.name)) {
        let started = Instant::now();
        match run(program, folder) {
            Err(why) => {
                println!("{:<20} {why}", program.name);
                rows.insert(program.name.clone(), json!({ "why": why }));
            }
            Ok(report) => {
                let row = row(&report, started.elapsed().as_secs_f64());
                let copies = row
                    .copies
                    .map_or("-".to_owned(), |times| format!("{times:.1}"));
                println!(
                    "{:<20} {:<5} {:>5.0}% {copies:>7} {:>7.0} {:>7.1}  {}",
                    program.name,
                    if row.is_right { "yes" } else { "no" },
                    row.share * 100.0,
                    row.seconds,
                    row.gain,
                    row.why
                );
                worth_it += usize::from(row.is_worth_it());
                rows.insert(
                    program.name.clone(),
                    json!({
                        "is_worth_it": row.is_worth_it(),
                        "share": row.share,
                        "seconds": row.seconds,
                        "worth": report["worth"],
                        "check": report["check"],
                    }),
                );
            }
        }
    }
    println!("{worth_it} of {} are worth it", rows.len());
    json!(rows)
}

fn row(report: &Value, seconds: f64) -> Row {
    let check = &report["check"];
    let number = |value: &Value| value.as_f64().unwrap_or(0.0);
    let copied = &check["copies"];
    let sum = |keys: [&str; 2]| keys.map(|key| number(&copied[key])).iter().sum::<f64>();
    let is_full_size = check["smaller_constants"].is_null() && !copied.is_null();
    // What changes in between has to be copied again.
    let needed = sum(["needed_in", "needed_out"]).max(sum(["distinct_in", "distinct_out"]));
    let status = check["status"].as_str().unwrap_or_default();
    let worth: Option<Worth> = serde_json::from_value(report["worth"].clone()).ok();
    Row {
        is_right: status.starts_with("pass") && check["output"].is_string(),
        share: worth
            .as_ref()
            .filter(|each| each.is_measured)
            .map_or(0.0, |each| each.share),
        copies: (is_full_size && needed > 0.0).then(|| sum(["bytes_in", "bytes_out"]) / needed),
        seconds,
        gain: worth.as_ref().map_or(0.0, |each| each.gains()[1]),
        why: worth
            .and_then(|each| each.hindrance)
            .map_or(String::new(), |each| each.what),
    }
}

/// Translates a program's files as one; the error says what failed.
fn run(program: &Program, field: &Path) -> Result<Value, String> {
    let copy = Prepared::of(
        field,
        &program.repository,
        &program.prepare,
        &program.folder,
    )?;
    let files = program
        .files
        .iter()
        .map(|name| match name.strip_prefix("FIELD/") {
            Some(name) => prepared::own_folder().join(name),
            None => name.into(),
        });
    let translated = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(&copy.folder)
        .args(files)
        .args(["-o", "mupac-output.cu", "--report", "mupac-report.json"])
        .args(["--profile", "--message-format", "short", "-q"])
        .args(copy.options(&program.options))
        .output()
        .unwrap();
    if !translated.status.success() {
        let said = String::from_utf8_lossy(&translated.stderr);
        let first: String = said
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(160)
            .collect();
        return Err(format!("not translated: {first}"));
    }
    let report = fs::read_to_string(copy.folder.join("mupac-report.json")).unwrap();
    Ok(serde_json::from_str(&report).unwrap())
}
