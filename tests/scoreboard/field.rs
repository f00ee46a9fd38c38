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
    /// How often each byte is copied that is, or has to be where that is more, in the check's run; `None` where no run of the
    /// whole program was seen.
    copies: Option<f64>,
    /// Kernels launched in the profile's run, else in the check's.
    launches: Option<u64>,
    /// What the translation takes, then translation, check and profile together.
    seconds: [f64; 2],
    /// How many times as fast it is predicted to be.
    gain: f64,
    /// What holds it back most, or why there is nothing else to say.
    why: String,
}

impl Row {
    /// Returns whether the translation is worth it.
    fn is_worth_it(&self) -> bool {
        let copies = self.copies.is_some_and(|times| times <= 3.0);
        self.is_right && self.share >= 0.9 && copies && self.gain > 1.0
    }

    fn show(&self, name: &str) {
        let copies = self.copies.map(|times| format!("{times:.1}"));
        let launches = self.launches.map(|count| count.to_string());
        let [copies, launches] = [copies, launches].map(|cell| cell.unwrap_or("-".to_owned()));
        println!(
            "{name:<20} {:<5} {:>5.0}% {copies:>7} {launches:>9} {:>7.0} {:>7.0} {:>7.1}  {}",
            if self.is_right { "yes" } else { "no" },
            self.share * 100.0,
            self.seconds[0],
            self.seconds[1],
            self.gain,
            self.why
        );
    }

    fn entry(&self, report: &Value) -> Value {
        json!({
            "is_worth_it": self.is_worth_it(),
            "share": self.share,
            "seconds": self.seconds,
            "worth": report["worth"],
            "check": report["check"],
        })
    }
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let programs: Vec<Program> = serde_json::from_str(include_str!("field.json")).unwrap();
    println!(
        "{:<20} {:<5} {:>6} {:>7} {:>9} {:>7} {:>7} {:>7}  held back by",
        "program", "right", "share", "copies", "launches", "transl.", "all s", "gain"
    );
    let (mut rows, mut worth_it) = (BTreeMap::new(), 0);
    for program in programs.iter().filter(|each| request.wants(&each.name)) {
        let entry = match run(program, folder) {
            Err(why) => {
                println!("{:<20} {why}", program.name);
                json!({ "why": why })
            }
            Ok((report, seconds)) => {
                let row = row(&report, seconds);
                row.show(&program.name);
                worth_it += usize::from(row.is_worth_it());
                row.entry(&report)
            }
        };
        rows.insert(program.name.clone(), entry);
    }
    println!("{worth_it} of {} are worth it", rows.len());
    json!(rows)
}

fn row(report: &Value, seconds: [f64; 2]) -> Row {
    let check = &report["check"];
    let status = check["status"].as_str().unwrap_or_default();
    let worth: Option<Worth> = serde_json::from_value(report["worth"].clone()).ok();
    let (copies, launches) = in_check(&check["copies"]);
    let profiled = worth.as_ref().and_then(|each| each.launches);
    Row {
        is_right: status.starts_with("pass") && check["output"].is_string(),
        share: worth
            .as_ref()
            .filter(|each| each.is_measured)
            .map_or(0.0, |each| each.share),
        copies,
        launches: profiled.or(launches),
        seconds,
        gain: worth.as_ref().map_or(0.0, |each| each.gains()[1]),
        why: worth
            .and_then(|each| each.hindrance)
            .map_or(String::new(), |each| each.what),
    }
}

/// Returns how often the check's run copies each byte that had to be copied, where what changes in between has to go again,
/// and how many kernels it launches.
fn in_check(copied: &Value) -> (Option<f64>, Option<u64>) {
    let number = |key: &str| copied[key].as_f64().unwrap_or(0.0);
    let sum = |keys: [&str; 2]| keys.map(number).iter().sum::<f64>();
    let needed = sum(["needed_in", "needed_out"]).max(sum(["distinct_in", "distinct_out"]));
    let each_byte = copied
        .is_object()
        .then(|| sum(["bytes_in", "bytes_out"]) / needed.max(1.0));
    (each_byte, copied["launches"].as_u64())
}

/// Translates a program's files as one, and says how long that took, without the rest and with it; the error says what failed.
fn run(program: &Program, field: &Path) -> Result<(Value, [f64; 2]), String> {
    let copy = Prepared::of(
        field,
        &program.repository,
        &program.prepare,
        &program.folder,
    )?;
    let unchecked = translated(program, &copy, &["--check=off"])?;
    let report = ["--report", "mupac-report.json", "--profile"];
    let all = translated(program, &copy, &report)?;
    let report = fs::read_to_string(copy.folder.join("mupac-report.json")).unwrap();
    Ok((serde_json::from_str(&report).unwrap(), [unchecked, all]))
}

/// Runs mupac on a program's files, and returns how many seconds that took.
fn translated(program: &Program, copy: &Prepared, how: &[&str]) -> Result<f64, String> {
    let files = program
        .files
        .iter()
        .map(|name| match name.strip_prefix("FIELD/") {
            Some(name) => prepared::own_folder().join(name),
            None => name.into(),
        });
    let is_profiled = how.contains(&"--profile");
    let options = copy.options(&program.options).into_iter();
    let options = options.filter(|each| is_profiled || !each.starts_with("--profile"));
    let started = Instant::now();
    let ran = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(&copy.folder)
        .args(files)
        .args(["-o", "mupac-output.cu", "--message-format", "short", "-q"])
        .args(how)
        .args(options)
        .output()
        .unwrap();
    if ran.status.success() {
        return Ok(started.elapsed().as_secs_f64());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let first = said.lines().next().unwrap_or_default();
    let first: String = first.chars().take(160).collect();
    Err(format!("not translated: {first}"))
}
