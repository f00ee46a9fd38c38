//! What the original does whenever it runs: that of which runs differ is no test.

use super::{Expected, Known};
use crate::isolation::Ending;
use crate::masks::Masks;
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
    let reports = reports(sanitized);
    let mut grave = reports
        .iter()
        .filter(|report| !(is_lenient && is_overflow(report)));
    if let Some(report) = grave.next() {
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
    let masked = Masks::of(&all.map(|run| run.finished.stdout.as_slice()))
        .ok_or("the original program prints another number of lines from run to run")?;
    if masked.hide_lines(&first.finished.stdout) {
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
        launches_what_pays: false,
        reached: first.results.reached.clone(),
        overflow: reports.into_iter().next(),
        known: Known::default(),
    })
}

/// Returns whether a run under sanitizers did what C leaves undefined, and what no compiler defines.
pub(crate) fn is_undefined(run: &Observation) -> bool {
    reports(run).iter().any(|report| !is_overflow(report))
}

/// Returns whether nothing but signed numbers that overflow ended a run.
pub(super) fn ends_by_overflow(run: &Observation) -> bool {
    let reports = reports(run);
    !reports.is_empty() && reports.iter().all(|report| is_overflow(report))
}

/// Returns whether a report is of a signed number that overflows, or loses bits to a shift: all compilers make the same of
/// that.
fn is_overflow(report: &str) -> bool {
    let words = ["signed integer overflow", "left shift of", "negation of"];
    words.iter().any(|words| report.contains(words))
}

/// Returns the first line of every report of a sanitizer.
fn reports(run: &Observation) -> Vec<String> {
    let text = String::from_utf8_lossy(&run.finished.stderr);
    let is_report =
        |line: &&str| line.contains("runtime error:") || line.contains("ERROR: AddressSanitizer");
    text.lines().filter(is_report).map(str::to_owned).collect()
}
