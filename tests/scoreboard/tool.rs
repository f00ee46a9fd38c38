//! Runs mupac as a user does, and texts on the tester's runtime.

use std::process::Command;
use std::time::Duration;

use mupac_tester::CheckOptions;
use mupac_tester::execute::{Executable, Execution, Executor, Invocation, Order, Part};
use serde_json::Value;

/// The longest that one run of one program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// What mupac made of a file.
pub(crate) struct Translated {
    pub(crate) cuda: String,
    pub(crate) report: Value,
}

/// Translates a file in a folder of its own; the error is what mupac said first.
pub(crate) fn translate(text: &str, options: &[String]) -> Result<Translated, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("input.c"), text).unwrap();
    let is_checked = !options.iter().any(|option| option == "--check=off");
    let output = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(folder.path())
        .args(["input.c", "-o", "output.cu", "--report", "report.json"])
        .args(["--cpu-threshold", "0", "--message-format", "short", "-q"])
        .args(is_checked.then_some("--strict-check"))
        .args(options)
        .output()
        .unwrap();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        let first: String = said
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect();
        return Err(format!("exit code {code:?}: {first}"));
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    Ok(Translated {
        cuda: read("output.cu"),
        report: serde_json::from_str(&read("report.json")).unwrap(),
    })
}

impl Translated {
    /// Returns how many loops have this verdict, of how many.
    pub(crate) fn loops(&self, verdict: &str) -> (usize, usize) {
        let loops = self.report["loops"].as_array().unwrap();
        let having = loops.iter().filter(|each| each["verdict"] == verdict);
        (having.count(), loops.len())
    }

    /// Returns whether mupac's check found the program's output equal only within a bound on rounding.
    pub(crate) fn is_within_bound(&self) -> bool {
        let output = &self.report["check"]["output"];
        output == "within-bound" || output == "within-spread"
    }

    /// Returns how many kernels the text holds.
    pub(crate) fn kernels(&self) -> usize {
        let regions = self.report["regions"].as_array().unwrap();
        let kernels = regions.iter().map(|region| &region["kernels"]);
        kernels
            .map(|kernels| kernels.as_array().unwrap().len())
            .sum()
    }

    /// Returns the first reason that keeps a loop from being parallel.
    pub(crate) fn first_reason(&self) -> String {
        let loops = self.report["loops"].as_array().unwrap();
        let mut reasons = loops
            .iter()
            .flat_map(|each| each["reasons"].as_array().unwrap());
        reasons.next().map_or_else(
            || "no reason given".to_owned(),
            |reason| {
                let word = |key: &str| reason[key].as_str().unwrap_or_default().to_owned();
                format!("{} {}: {}", word("code"), word("name"), word("message"))
            },
        )
    }
}

/// Returns an executor that hands the compilers these options.
pub(crate) fn executor(options: &[String]) -> Executor {
    Executor::new(&CheckOptions {
        compile_arguments: options.to_vec(),
        ..CheckOptions::default()
    })
    .unwrap()
}

/// Builds a program; the error is a compiler's first complaint.
pub(crate) fn build(executor: &Executor, parts: &[Part<'_>]) -> Result<Executable, String> {
    executor.build(parts).unwrap()
}

/// Runs a program; the error says what went wrong.
pub(crate) fn run(
    executor: &Executor,
    program: &Executable,
    stdin: &str,
    order: Order,
) -> Result<Execution, String> {
    let invocation = Invocation {
        stdin: stdin.as_bytes(),
        order,
        limit: LIMIT,
    };
    let execution = executor.run(program, invocation).unwrap();
    match &execution.trouble {
        None => Ok(execution),
        Some(trouble) => Err(trouble.clone()),
    }
}
