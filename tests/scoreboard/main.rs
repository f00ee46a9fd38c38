//! Scoreboards over suites that others wrote: how much is translated, how much of it runs on a kernel, what is wrong.
//!
//! `cargo test --release --test scoreboard -- [typed] [babeltower] [polybench] [plans] [tsvc] [field] [files] [adequacy] [steps] [estimates] [--only NAME]… [--resume]`
//!
//! `--write FOLDER` writes the C files of `babeltower` that mupac would see instead, for a bundle.
//!
//! Suites are found through `MUPAC_DATA`, `MUPAC_POLYBENCH`, `MUPAC_TSVC` and `MUPAC_FIELD` (`tests/scoreboard/README.md`); one whose
//! variable is unset says so and counts for nothing.
//! Each file goes through the command line as a user's would, checks included, with a threshold of 0; what it wrote is
//! then built again and compared with the original by means of this program's own.
//! What was measured on GPUs stands apart, last.
//! Tables go to standard output, every row to `out/scoreboard.json`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

mod adequacy;
#[path = "../registers/assembler.rs"]
mod assembler;
mod babeltower;
mod estimates;
mod field;
mod files;
mod measured;
mod plans;
mod polybench;
mod prepared;
mod steps;
mod tool;
mod tsvc;
mod typed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A suite: its name, the variable that says where it is, and what scores it.
struct Suite {
    name: &'static str,
    /// `None`: it is part of this project.
    variable: Option<&'static str>,
    score: fn(&Path, &Request) -> Value,
}

/// What to score of a suite.
#[derive(Default)]
pub(crate) struct Request {
    /// Rows by name; empty: all.
    only: Vec<String>,
    /// Whether what an earlier run has measured counts.
    pub(crate) is_resumed: bool,
}

impl Request {
    /// Returns whether a row is to be scored.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

/// Returns the folder of results, which is made if there is none.
pub(crate) fn out_folder() -> PathBuf {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    std::fs::create_dir_all(&out).unwrap();
    out
}

const SUITES: [Suite; 10] = [
    Suite {
        name: "typed",
        variable: None,
        score: typed::score,
    },
    Suite {
        name: "babeltower",
        variable: Some("MUPAC_DATA"),
        score: babeltower::score,
    },
    Suite {
        name: "polybench",
        variable: Some("MUPAC_POLYBENCH"),
        score: polybench::score,
    },
    Suite {
        name: "plans",
        variable: Some("MUPAC_POLYBENCH"),
        score: plans::score,
    },
    Suite {
        name: "tsvc",
        variable: Some("MUPAC_TSVC"),
        score: tsvc::score,
    },
    Suite {
        name: "field",
        variable: Some("MUPAC_FIELD"),
        score: field::score,
    },
    Suite {
        name: "files",
        variable: Some("MUPAC_FIELD"),
        score: files::score,
    },
    Suite {
        name: "adequacy",
        variable: Some("MUPAC_DATA"),
        score: adequacy::score,
    },
    Suite {
        name: "steps",
        variable: None,
        score: steps::score,
    },
    Suite {
        name: "estimates",
        variable: None,
        score: estimates::score,
    },
];

fn main() {
    let mut wanted = Vec::new();
    let (mut request, mut write) = (Request::default(), None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => request.only.extend(words.next()),
            "--resume" => request.is_resumed = true,
            "--write" => write = words.next(),
            _ if SUITES.iter().any(|suite| suite.name == word) => wanted.push(word),
            _ => {
                println!(
                    "usage: scoreboard [typed] [babeltower] [polybench] [plans] [tsvc] [field] [files] [adequacy] [steps] [estimates] [--only NAME]… [--resume] | --write FOLDER"
                );
                std::process::exit(2);
            }
        }
    }
    if let Some(folder) = write {
        match std::env::var_os("MUPAC_DATA") {
            None => println!("not written: MUPAC_DATA is not set"),
            Some(data) => babeltower::write(Path::new(&data), Path::new(&folder)),
        }
        return;
    }
    let mut results = BTreeMap::new();
    for suite in &SUITES {
        if !wanted.is_empty() && !wanted.iter().any(|name| name == suite.name) {
            continue;
        }
        println!("== {} ==", suite.name);
        let folder = match suite.variable {
            None => Ok(PathBuf::from(env!("CARGO_MANIFEST_DIR"))),
            Some(variable) => std::env::var_os(variable)
                .map(PathBuf::from)
                .ok_or(variable),
        };
        match folder {
            Err(variable) => println!("not run: {variable} is not set\n"),
            Ok(folder) => {
                results.insert(suite.name, (suite.score)(&folder, &request));
                println!();
            }
        }
    }
    measured::print();
    let text = serde_json::to_string_pretty(&results).unwrap();
    std::fs::write(out_folder().join("scoreboard.json"), text).unwrap();
}
