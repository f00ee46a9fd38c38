//! Runs a whole program: original and candidate with the same arguments and standard input.
//!
//! Exit code, standard output and the files left in the working folder must be the same, byte for byte, except for the
//! lines in which two runs of the original differ (clocks, addresses).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::evidence::Evidence;
use crate::function::{Bench, intrinsic_fault, only_kernel};
use crate::isolation::Ending;
use crate::observation::{Observation, Order, Run};
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::parallel;

/// How much longer executing CUDA on the CPU may take than the original does.
const SLOWDOWN: u32 = 400;
/// What any run may take besides.
const STARTUP: Duration = Duration::from_secs(5);

/// What running the program said.
pub(crate) enum Verdict {
    Pass,
    Fail(Failure),
    /// The program says nothing about the text, and why.
    NotTested(String),
}

/// What the original does, however often it runs.
struct Expected {
    ending: Ending,
    stdout: Vec<u8>,
    /// Lines of the standard output that differ between runs, from 0.
    masked: BTreeSet<usize>,
    files: Vec<(String, Vec<u8>)>,
    wall: Duration,
}

/// Runs original and candidate; `stdin` is the file with the standard input.
pub(crate) fn test(
    bench: &Bench<'_>,
    stdin: &Path,
    evidence: &mut Evidence,
) -> Result<Verdict, TesterError> {
    let runner = Runner { bench, stdin };
    let expected = match runner.expected()? {
        Ok(expected) => expected,
        Err(why) => return Ok(Verdict::NotTested(why)),
    };
    let programs = bench.programs;
    let mut jobs: Vec<(&Path, Order, &str)> = Order::all(bench.options.seed)
        .iter()
        .map(|&order| (programs.candidate.as_path(), order, "0"))
        .collect();
    jobs.extend(
        programs
            .candidate_default
            .iter()
            .map(|program| (program.as_path(), Order::Ascending, "default")),
    );
    let patience = STARTUP + expected.wall * SLOWDOWN;
    let limit = patience.min(bench.options.program_limit);
    let observations = parallel::map(&jobs, |(program, order, _)| {
        runner.run(program, *order, limit)
    });
    for ((_, order, threshold), observed) in jobs.iter().zip(observations) {
        let observed = observed?;
        if observed.finished.ending == Ending::TimedOut && patience > limit {
            let seconds = limit.as_secs();
            return Ok(Verdict::NotTested(format!(
                "the program takes more than {seconds} s when CUDA runs on the CPU"
            )));
        }
        if let Some((kind, kernel, message)) = judge(&expected, &observed, *order) {
            let replay = format!("program order={} threshold={threshold}", order.word());
            let kernel = kernel.or_else(|| only_kernel(&observed));
            return Ok(Verdict::Fail(Failure {
                kind,
                function: None,
                kernel,
                message,
                replay,
            }));
        }
        if *order == Order::Ascending && *threshold == "0" {
            evidence.add_launches(&observed.report.launches);
        }
    }
    evidence.ran_program = true;
    evidence.masked_lines = expected.masked.len();
    Ok(Verdict::Pass)
}

struct Runner<'a> {
    bench: &'a Bench<'a>,
    stdin: &'a Path,
}

impl Runner<'_> {
    fn run(
        &self,
        program: &Path,
        order: Order,
        limit: Duration,
    ) -> Result<Observation, TesterError> {
        Run {
            program,
            test: None,
            order,
            arguments: &self.bench.options.test_argv,
            stdin: Some(self.stdin),
            limit,
            scratch: self.bench.scratch,
            is_kept: self.bench.options.keep_temporaries,
            is_dry: false,
        }
        .observe()
    }

    /// Runs the original three times, once under the sanitizers; in words why it decides nothing.
    fn expected(&self) -> Result<Result<Expected, String>, TesterError> {
        let programs = self.bench.programs;
        let jobs = [&programs.plain, &programs.plain, &programs.sanitized];
        let limit = self.bench.options.program_limit;
        let mut runs = Vec::new();
        for run in parallel::map(&jobs, |program| self.run(program, Order::Ascending, limit)) {
            runs.push(run?);
        }
        let [first, second, sanitized] = runs.as_slice() else {
            return Ok(Err("the original did not run".to_owned()));
        };
        Ok(expected(first, second, sanitized))
    }
}

fn expected(
    first: &Observation,
    second: &Observation,
    sanitized: &Observation,
) -> Result<Expected, String> {
    let all = [first, second, sanitized];
    if all
        .iter()
        .any(|run| run.finished.ending == Ending::TimedOut)
    {
        return Err("the original program does not end in time".to_owned());
    }
    if all.iter().any(|run| run.finished.is_cut) {
        return Err("the program prints more than is compared".to_owned());
    }
    if let Some(report) = sanitizer_report(sanitized) {
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
    })
}

/// The first line of a sanitizer's report.
fn sanitizer_report(run: &Observation) -> Option<String> {
    let text = String::from_utf8_lossy(&run.finished.stderr);
    text.lines()
        .find(|line| line.contains("runtime error:") || line.contains("ERROR: AddressSanitizer"))
        .map(str::to_owned)
}

/// Returns the lines in which outputs differ, `None` where they have different numbers of lines.
fn differing_lines(outputs: [&[u8]; 3]) -> Option<BTreeSet<usize>> {
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

type Fault = (FailureKind, Option<String>, String);

fn judge(expected: &Expected, observed: &Observation, order: Order) -> Option<Fault> {
    if let Some(fault) = intrinsic_fault(observed) {
        return Some((fault.kind, fault.kernel, fault.message));
    }
    // The ascending order came first and passed.
    let differs = if order == Order::Ascending {
        FailureKind::Value
    } else {
        FailureKind::Nondeterministic
    };
    if observed.finished.ending != expected.ending {
        let message = format!(
            "it ends with {:?}, the original with {:?}",
            observed.finished.ending, expected.ending
        );
        let kind = if matches!(observed.finished.ending, Ending::Signal(_)) {
            FailureKind::Crash
        } else {
            differs
        };
        return Some((kind, None, message));
    }
    if let Some(message) = output_differs(expected, &observed.finished.stdout) {
        return Some((differs, None, message));
    }
    if observed.files != expected.files {
        return Some((
            differs,
            None,
            "the files it writes differ from the original's".to_owned(),
        ));
    }
    None
}

fn output_differs(expected: &Expected, stdout: &[u8]) -> Option<String> {
    let lines = |bytes: &[u8]| {
        bytes
            .split(|&byte| byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
    };
    let (wanted, got) = (lines(&expected.stdout), lines(stdout));
    let mut pairs = wanted.iter().zip(&got).enumerate();
    if let Some((index, (a, b))) =
        pairs.find(|(index, (a, b))| a != b && !expected.masked.contains(index))
    {
        let show = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        return Some(format!(
            "line {} of its output is `{}`, the original prints `{}`",
            index + 1,
            show(b),
            show(a)
        ));
    }
    (wanted.len() != got.len()).then(|| {
        format!(
            "it prints {} lines, the original {}",
            got.len() - 1,
            wanted.len() - 1
        )
    })
}
