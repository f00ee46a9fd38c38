//! What the original does whenever it runs: that of which runs differ is no test.

use std::collections::BTreeSet;

use super::{Expected, Known};
use crate::isolation::Ending;
use crate::observation::Observation;

/// Returns what two runs of the original and one under sanitizers agree on; `memory` is the most that each may hold. Where it
/// is lenient, the latter went on where signed numbers overflowed.
pub(super) fn expected(
    all: [&Observation; 3],
    memory: &str,
    is_lenient: bool,
) -> Result<Expected, String> {
    let [first, _, sanitized] = all;
    if all
        .iter()
        .any(|run| run.finished.ending == Ending::TimedOut)
    {
        return Err("the original program does not end in time".to_owned());
    }
    if all
        .iter()
        .any(|run| run.finished.ending == Ending::OutOfMemory)
    {
        return Err(format!("the original program takes more than {memory}"));
    }
    if all.iter().any(|run| run.finished.is_cut) {
        return Err("the program prints more than is compared".to_owned());
    }
    let overflow = overflow(sanitized).filter(|_| is_lenient);
    if let Some(report) = sanitizer_report(sanitized).filter(|_| overflow.is_none()) {
        return Err(format!(
            "the original program has undefined behaviour: {report}"
        ));
    }
    if all
        .iter()
        .any(|run| run.finished.ending != first.finished.ending)
    {
        return Err("the original program ends differently from run to run".to_owned());
    }
    if all.iter().any(|run| run.files != first.files) {
        return Err("the original program writes other files from run to run".to_owned());
    }
    let masked = differing_lines(all.map(|run| run.finished.stdout.as_slice()))
        .ok_or("the original program prints another number of lines from run to run")?;
    let lines = first.finished.stdout.split(|&byte| byte == b'\n').count();
    if masked.len() * 10 > lines {
        return Err(
            "more than a tenth of what the original program prints differs from run to run"
                .to_owned(),
        );
    }
    Ok(Expected {
        ending: first.finished.ending,
        stdout: first.finished.stdout.clone(),
        masked,
        files: first.files.clone(),
        wall: first.finished.wall,
        reached: first.results.reached.clone(),
        overflow,
        known: Known::default(),
    })
}

/// Returns the first line of a sanitizer's report.
fn sanitizer_report(run: &Observation) -> Option<String> {
    reports(run).into_iter().next()
}

/// Returns the first report, where all are of signed numbers that overflow, or lose bits to a shift, and all compilers
/// make the same of that.
pub(super) fn overflow(run: &Observation) -> Option<String> {
    let is_overflow = |line: &String| {
        let words = ["signed integer overflow", "left shift of", "negation of"];
        let known = words.iter().any(|words| line.contains(words));
        // How far a shift goes that is too far differs between machines.
        known && !line.contains("shift exponent")
    };
    let reports = reports(run);
    let are_all = !reports.is_empty() && reports.iter().all(is_overflow);
    reports.into_iter().next().filter(|_| are_all)
}

fn reports(run: &Observation) -> Vec<String> {
    let text = String::from_utf8_lossy(&run.finished.stderr);
    let is_report =
        |line: &&str| line.contains("runtime error:") || line.contains("ERROR: AddressSanitizer");
    text.lines().filter(is_report).map(str::to_owned).collect()
}

/// Returns the lines in which outputs differ, `None` where they have different numbers of lines.
pub(super) fn differing_lines(outputs: [&[u8]; 3]) -> Option<BTreeSet<usize>> {
    let [first, rest @ ..] =
        outputs.map(|output| output.split(|&byte| byte == b'\n').collect::<Vec<_>>());
    let mut differing = BTreeSet::new();
    for other in rest {
        if other.len() != first.len() {
            return None;
        }
        let pairs = first.iter().zip(&other).enumerate();
        differing.extend(pairs.filter(|(_, (a, b))| a != b).map(|(index, _)| index));
    }
    Some(differing)
}
