//! How good the checks are: whether tests notice mistakes, reach the original's lines and outcomes, and are valid.
//!
//! Each example and each clean function of the `BabelTower` set is translated with all mistakes that a thorough check
//! makes; what the report says of them is put together here.
//!
//! A run over everything takes the better part of an hour, so every row is written as it comes
//! (`out/adequacy.jsonl`), and `--resume` measures only what is not there yet.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use crate::{Request, babeltower, out_folder, tool};

/// Where rows are kept, in the folder of results.
const ROWS: &str = "adequacy.jsonl";

/// What the report of one file says.
#[derive(Default)]
struct Adequacy {
    tests: u64,
    dropped: u64,
    killed: usize,
    made: usize,
    survivors: Vec<String>,
    equivalent: Vec<String>,
    /// Shares of lines and of outcomes; `None` where nothing was measured.
    lines: Option<f64>,
    outcomes: Option<f64>,
    missed: Vec<String>,
    seconds: f64,
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let rows = out_folder().join(ROWS);
    let mut known = BTreeMap::new();
    if request.is_resumed {
        known = read(&rows);
    } else {
        std::fs::write(&rows, "").unwrap();
    }
    let mut measured = Vec::new();
    println!(
        "{:<16} {:>8} {:>6} {:>8} {:>6} {:>6} {:>6} {:>7}",
        "file", "noticed", "same", "lines", "outc.", "tests", "valid", "seconds"
    );
    for (name, text) in files(folder) {
        if !request.wants(&name) {
            continue;
        }
        let row = known.remove(&name).unwrap_or_else(|| {
            let row = row(&name, &text);
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&rows)
                .unwrap();
            writeln!(file, "{row}").unwrap();
            row
        });
        let found = Adequacy::of(&row);
        match row["why"].as_str() {
            Some(why) => println!("{name:<16} {why}"),
            None if found.made == 0 => println!("{name:<16} no kernel"),
            None => {
                found.print(&name);
                measured.push((found, row));
            }
        }
    }
    let (measured, rows): (Vec<Adequacy>, Vec<Value>) = measured.into_iter().unzip();
    print_totals(&measured);
    json!(rows)
}

/// Returns the rows of an earlier run, by name.
fn read(path: &Path) -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let rows = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    rows.map(|row: Value| (row["name"].as_str().unwrap().to_owned(), row))
        .collect()
}

/// Returns the examples and the clean functions, by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    paths.sort();
    let mut files: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.extend(babeltower::clean_texts(folder));
    files
}

/// Translates a file and returns what its report says of the tests; with `why`: there is no report.
fn row(name: &str, text: &str) -> Value {
    let start = Instant::now();
    let translated = tool::translate(text, &["--check-level=thorough".to_owned()]);
    let seconds = start.elapsed().as_secs_f64();
    match translated {
        Err(why) => json!({"name": name, "why": why, "seconds": seconds}),
        Ok(translated) => {
            json!({"name": name, "check": translated.report["check"], "seconds": seconds})
        }
    }
}

impl Adequacy {
    fn of(row: &Value) -> Self {
        let check = &row["check"];
        let words = |value: &Value| -> Vec<String> {
            let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let all = all.iter().filter_map(Value::as_str);
            all.map(str::to_owned).collect()
        };
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let mutants = &check["mutants"];
        Self {
            tests: number(&check["tests"]),
            dropped: number(&check["dropped"]),
            killed: number(&mutants["killed"]) as usize,
            made: number(&mutants["total"]) as usize,
            survivors: words(&mutants["survivors"]),
            equivalent: words(&mutants["equivalent"]),
            lines: check["line_coverage"].as_f64(),
            outcomes: check["branch_coverage"].as_f64(),
            missed: words(&check["missed"]),
            seconds: row["seconds"].as_f64().unwrap_or(0.0),
        }
    }

    fn score(&self) -> f64 {
        self.killed as f64 / self.made as f64
    }

    fn print(&self, name: &str) {
        let percent = |share: Option<f64>| {
            share.map_or("-".to_owned(), |share| format!("{:.1}", 100.0 * share))
        };
        let all = self.tests + self.dropped;
        let valid = (all > 0).then(|| self.tests as f64 / all as f64);
        println!(
            "{name:<16} {:>8} {:>6} {:>8} {:>6} {:>6} {:>6} {:>7.1}",
            format!("{}/{}", self.killed, self.made),
            self.equivalent.len(),
            percent(self.lines),
            percent(self.outcomes),
            self.tests,
            percent(valid),
            self.seconds
        );
        for each in &self.survivors {
            println!("    survived: {each}");
        }
        for each in &self.equivalent {
            println!("    the same: {each}");
        }
        for each in &self.missed {
            println!("    missed: {each}");
        }
    }
}

fn print_totals(all: &[Adequacy]) {
    let mean = |shares: Vec<f64>| shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    let sum = |count: &dyn Fn(&Adequacy) -> usize| all.iter().map(count).sum::<usize>();
    let (made, killed) = (sum(&|each| each.made), sum(&|each| each.killed));
    let equivalent = sum(&|each| each.equivalent.len());
    let tests: u64 = all.iter().map(|each| each.tests).sum();
    let inputs: u64 = all.iter().map(|each| each.tests + each.dropped).sum();
    println!(
        "{} files; mistakes noticed {killed} of {made}, mean {:.4}; proved the same {equivalent} ({:.1} %)",
        all.len(),
        mean(all.iter().map(Adequacy::score).collect()),
        100.0 * equivalent as f64 / (made + equivalent).max(1) as f64
    );
    println!(
        "lines reached {:.1} %, outcomes {:.1} % (means); valid inputs {:.1} % of {inputs}",
        100.0 * mean(all.iter().filter_map(|each| each.lines).collect()),
        100.0 * mean(all.iter().filter_map(|each| each.outcomes).collect()),
        100.0 * tests as f64 / inputs.max(1) as f64
    );
}
