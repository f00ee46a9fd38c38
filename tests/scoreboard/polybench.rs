//! PolyBench/C: each program as one file, at two sizes, whole arrays compared.
//!
//! A program and the suite's own support become one translation unit, since a call into another file is opaque.
//! Arrays are printed to the standard output, so that mupac's own check compares them too.

use std::path::{Path, PathBuf};

use mupac_tester::execute::{Language, Order, Part};
use serde_json::{Value, json};

use crate::{Request, tool};

/// Sizes, by the macros that choose them.
const SIZES: [&str; 2] = ["MINI", "SMALL"];

/// What became of a program at one size.
struct Outcome {
    /// `equal`, `bound` where only the bound on rounding makes it so, `wrong` or `refused`.
    verdict: &'static str,
    why: String,
    kernels: usize,
    parallel: usize,
    loops: usize,
    launches: u64,
    /// Bytes copied to the device and back, and how many had to be, in mupac's own check.
    copied: Copied,
}

/// Bytes that a run copies in both directions together.
#[derive(Clone, Copy, Default)]
struct Copied {
    all: u64,
    needed: u64,
}

impl Copied {
    fn of(report: &Value) -> Self {
        let copies = &report["check"]["copies"];
        let sum = |keys: [&str; 2]| {
            keys.map(|key| copies[key].as_u64().unwrap_or(0))
                .iter()
                .sum()
        };
        Self {
            all: sum(["bytes_in", "bytes_out"]),
            needed: sum(["needed_in", "needed_out"]),
        }
    }
}

impl Outcome {
    fn without_output(verdict: &'static str, why: String) -> Self {
        Self {
            verdict,
            why,
            kernels: 0,
            parallel: 0,
            loops: 0,
            launches: 0,
            copied: Copied::default(),
        }
    }
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let mut rows = Vec::new();
    let (mut equal, mut bound, mut wrong) = (0, 0, 0);
    println!(
        "{:<16} {:<6} {:<8} {:>7} {:>8} {:>5} {:>8} {:>9} {:>9}",
        "program",
        "size",
        "output",
        "kernels",
        "parallel",
        "loops",
        "launches",
        "copied B",
        "needed B"
    );
    for path in programs(folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !request.wants(&name) {
            continue;
        }
        let outcomes = SIZES.map(|size| outcome(folder, &path, size));
        let launch = outcomes
            .iter()
            .all(|outcome| outcome.kernels > 0 && outcome.launches > 0);
        let is_all = |verdicts: &[&str]| {
            let mut outcomes = outcomes.iter();
            launch && outcomes.all(|outcome| verdicts.contains(&outcome.verdict))
        };
        equal += usize::from(is_all(&["equal"]));
        bound += usize::from(is_all(&["equal", "bound"]) && !is_all(&["equal"]));
        for (size, outcome) in SIZES.iter().zip(&outcomes) {
            wrong += usize::from(outcome.verdict == "wrong");
            println!(
                "{name:<16} {size:<6} {:<8} {:>7} {:>8} {:>5} {:>8} {:>9} {:>9} {}",
                outcome.verdict,
                outcome.kernels,
                outcome.parallel,
                outcome.loops,
                outcome.launches,
                outcome.copied.all,
                outcome.copied.needed,
                outcome.why
            );
            rows.push(json!({
                "program": name, "size": size, "output": outcome.verdict, "why": outcome.why,
                "kernels": outcome.kernels, "parallel": outcome.parallel, "loops": outcome.loops,
                "launches": outcome.launches,
                "copied_bytes": outcome.copied.all, "needed_bytes": outcome.copied.needed,
            }));
        }
    }
    println!(
        "{equal} programs launch a kernel and print equal output at both sizes, {bound} equal output within the bound; \
         {wrong} wrong"
    );
    json!(rows)
}

/// Returns the programs in the suite's own order.
pub(crate) fn programs(folder: &Path) -> Vec<PathBuf> {
    let list = std::fs::read_to_string(folder.join("utilities/benchmark_list")).unwrap();
    let names = list.lines().filter(|line| !line.trim().is_empty());
    names.map(|name| folder.join(name.trim())).collect()
}

fn outcome(folder: &Path, program: &Path, size: &str) -> Outcome {
    let support = std::fs::read_to_string(folder.join("utilities/polybench.c")).unwrap();
    let redirected = "#include <stdio.h>\n#undef stderr\n#define stderr stdout\n";
    let text = redirected.to_owned() + &support + &std::fs::read_to_string(program).unwrap();
    let options = [
        format!("-I{}", folder.join("utilities").display()),
        format!("-I{}", program.parent().unwrap().display()),
        format!("-D{size}_DATASET"),
        "-DPOLYBENCH_DUMP_ARRAYS".to_owned(),
    ];
    let translated = match tool::translate(&text, &options) {
        Ok(translated) => translated,
        Err(why) => return Outcome::without_output("refused", why),
    };
    let (parallel, loops) = translated.loops("parallel");
    let (verdict, why, launches) = match launches(&text, &translated.cuda, &options) {
        Ok((0, _)) => ("equal", translated.first_reason(), 0),
        Ok((launches, true)) => ("equal", String::new(), launches),
        Ok((launches, false)) if translated.is_within_bound() => ("bound", String::new(), launches),
        Ok((launches, false)) => ("wrong", "the printed arrays differ".to_owned(), launches),
        Err(why) => ("wrong", why, 0),
    };
    Outcome {
        verdict,
        why,
        kernels: translated.kernels(),
        parallel,
        loops,
        launches,
        copied: Copied::of(&translated.report),
    }
}

/// Returns how many kernels the output launches, and whether it prints the same in every order, byte for byte.
fn launches(original: &str, candidate: &str, options: &[String]) -> Result<(u64, bool), String> {
    let executor = tool::executor(options);
    let build = |language, text, flags| {
        let part = Part {
            language,
            text,
            flags,
        };
        tool::build(&executor, &[part])
    };
    let original = build(Language::C, original, &[])?;
    let candidate = build(Language::Cuda, candidate, &["-DMUPAC_CPU_THRESHOLD=0"])?;
    let expected = tool::run(&executor, &original, "", Order::Ascending)?;
    let (mut launches, mut is_equal) = (0, true);
    for order in Order::all(0) {
        let got = tool::run(&executor, &candidate, "", order)
            .map_err(|what| format!("{order:?}: {what}"))?;
        is_equal &= (&got.stdout, &got.stderr) == (&expected.stdout, &expected.stderr);
        launches = got.launches.values().sum();
    }
    Ok((launches, is_equal))
}
