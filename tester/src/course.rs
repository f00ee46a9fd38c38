//! In which order a text is tested: every function with a few inputs, the program, then as much more as there is time for.
//!
//! What was tested once when time is spent passes; what was not is untested.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use mupac_ir::Unit;

use crate::bench::Bench;
use crate::evidence::{Evidence, Tested, Untested};
use crate::function::Series;
use crate::glue::{Callee, Glue};
use crate::isolation::Allowance;
use crate::mutation::{self, Suite};
use crate::options::{CheckOptions, Unlaunched};
use crate::outcome::{Failure, Outcome, TesterError, Verified};
use crate::outline;
use crate::parts::Parts;
use crate::program;
use crate::recording;
use crate::sample;
use crate::toolchain::Toolchain;
use crate::verdicts::{Passed, Subject, Verdicts};

/// So many of the functions that could not be tested are named with every kernel that was launched in no test.
const MOST_REASONS: usize = 4;

/// The function that a program begins with.
const MAIN: &str = "main";

/// What is known of a function while the others are tested.
enum State<'a> {
    /// It passed earlier.
    Known(Box<Passed>),
    Begun(Box<(Subject, Series<'a>)>),
    Failed(Box<Failure>),
}

/// Tests a text with what was built of it.
pub(crate) fn run(
    (unit, glue): (&Unit, &Glue),
    verdicts: &Verdicts,
    toolchain: &Toolchain,
    bench: &Bench<'_>,
) -> Result<Outcome, TesterError> {
    let mut evidence = Evidence::default();
    evidence.untested.extend(untestable(unit, glue));
    // However long building took, there is time for the first tests of all.
    let options = bench.options.allowed(Allowance::with_half);
    let first = Bench {
        options: &options,
        ..*bench
    };
    let begun = begun(&first, unit, glue, verdicts)?;
    let (mut failures, mut suite) = (Vec::new(), Suite::default());
    let (of_program, failure_of_program) = program_tested(&first, &mut suite)?;
    for (callee, tested) in glue.callees.iter().zip(begun) {
        let passed = match tested {
            State::Known(passed) => Ok(*passed),
            State::Failed(failure) => Err(failure),
            State::Begun(begun) => {
                let (subject, series) = *begun;
                let passed = series.end(bench, &evidence.reached)?;
                if let Ok(passed) = &passed
                    && (passed.evidence.tests > 0 || !bench.options.is_spent())
                {
                    verdicts.note(subject, passed, bench.probed);
                }
                passed
            }
        };
        match passed {
            Ok(passed) => passed.add_to(callee.number, &mut evidence, &mut suite),
            Err(failure) if let Some(region) = outline::of_function(unit, &callee.name) => {
                evidence.untested.insert(Untested {
                    what: Tested::Region(region.region.clone()),
                    why: failure.message,
                });
            }
            Err(failure) => failures.push(*failure),
        }
    }
    evidence.add(of_program);
    failures.extend(failure_of_program);
    if !failures.is_empty() {
        return Ok(Outcome::Failed(failures));
    }
    concluded((unit, glue), (toolchain, verdicts), bench, &suite, evidence)
}

/// Runs the program, where there is one, and says what is wrong with it.
fn program_tested(
    bench: &Bench<'_>,
    suite: &mut Suite,
) -> Result<(Evidence, Option<Failure>), TesterError> {
    let mut evidence = Evidence::default();
    if !bench.programs.has_main {
        return Ok((evidence, None));
    }
    let stdin = stdin(bench);
    fs::write(&stdin, &bench.options.test_stdin)
        .map_err(TesterError::io("write the standard input"))?;
    let progress = &bench.options.progress;
    progress.say(|| "running the program".to_owned());
    match program::test(bench, &stdin, &mut evidence)? {
        program::Verdict::Pass(expected) => suite.program = Some(*expected),
        program::Verdict::Fail(failure) => return Ok((evidence, Some(*failure))),
        program::Verdict::NotTested(why) => {
            let what = Tested::Function(MAIN.to_owned());
            evidence.untested.insert(Untested { what, why });
        }
    }
    Ok((evidence, None))
}

/// The file with the program's standard input.
fn stdin(bench: &Bench<'_>) -> PathBuf {
    bench.scratch.join("stdin")
}

/// Makes the first tests of every function that is not known, at last of those for which inputs are hard to find.
fn begun<'a>(
    bench: &Bench<'_>,
    unit: &Unit,
    glue: &'a Glue,
    verdicts: &Verdicts,
) -> Result<Vec<State<'a>>, TesterError> {
    let whole = unit.whole();
    let parts = Parts::of(&whole);
    let begin = |(callee, caller): (&'a Callee, &String)| {
        let region = outline::of_function(unit, &callee.name);
        let definition = region.map_or("", |region| &region.definitions.emitted);
        let subject = Subject::new(callee, &[definition, caller], &parts);
        if let Some(passed) = verdicts.of(&subject, bench.probed) {
            return Ok(State::Known(Box::new(passed)));
        }
        let mut series = Series::new(bench, callee);
        Ok(match series.begin(bench)? {
            Some(failure) => State::Failed(failure),
            None => State::Begun(Box::new((subject, series))),
        })
    };
    let all = glue.callees.iter().zip(&glue.callers).map(begin);
    let mut all: Vec<State<'a>> = all.collect::<Result<_, _>>()?;
    for tested in &mut all {
        if let State::Begun(begun) = tested
            && let Some(failure) = begun.1.insist(bench)?
        {
            *tested = State::Failed(failure);
        }
    }
    Ok(all)
}

/// Returns what tests that found nothing wrong say.
fn concluded(
    (unit, glue): (&Unit, &Glue),
    (toolchain, verdicts): (&Toolchain, &Verdicts),
    bench: &Bench<'_>,
    suite: &Suite,
    mut evidence: Evidence,
) -> Result<Outcome, TesterError> {
    let outlined = outlined(unit, &evidence, bench.options, verdicts)?;
    let mut launched = evidence.launches.clone();
    launched.extend(outlined.launches.clone());
    if evidence.tests + outlined.tests == 0 && !evidence.ran_program {
        let why = &evidence.untested | &outlined.untested;
        let why: Vec<String> = why.iter().map(ToString::to_string).collect();
        return Ok(Outcome::NotTested(why.join("; ")));
    }
    let has_tests = !evidence.reached.is_empty();
    // Of functions that no test reached, regions were tested by themselves.
    let apart = if outlined.tests > 0 {
        bench.probed.untouched(&evidence.reached)
    } else {
        BTreeSet::new()
    };
    evidence.coverage = has_tests.then(|| bench.probed.coverage(&evidence.reached, &apart));
    let never = never_launched(unit, &launched, &(&evidence.untested | &outlined.untested));
    if never.is_empty() {
        let options = bench.options.allowed(Allowance::with_half);
        let at_full_size = Bench {
            options: &options,
            ..*bench
        };
        let wrong = sample::test(&at_full_size, &glue.callees, suite, &mut evidence)?;
        if !wrong.is_empty() {
            return Ok(Outcome::Failed(wrong));
        }
    } else if bench.options.unlaunched == Unlaunched::Fails {
        return Ok(Outcome::Failed(never));
    }
    evidence.untested_kernels = never.into_iter().filter_map(|each| each.kernel).collect();
    mutation::measure(bench, &glue.callees, &stdin(bench), suite, &mut evidence)?;
    let recording = if bench.options.is_recorded || bench.options.gpu.is_some() {
        let options = bench.options.allowed(Allowance::lavish);
        let bench = Bench {
            options: &options,
            ..*bench
        };
        Some(recording::record(&bench, toolchain, glue, suite)?)
    } else {
        None
    };
    evidence.join(outlined);
    let verified = Verified::new(unit.clone(), evidence, recording);
    Ok(Outcome::Verified(verified))
}

/// Tests the regions by themselves whose kernels ran in no test, and returns what that shows.
pub(crate) fn outlined(
    unit: &Unit,
    evidence: &Evidence,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Evidence, TesterError> {
    let left = unit.kernels.iter();
    let left = left.filter(|kernel| !evidence.launches.contains_key(*kernel));
    let left: BTreeSet<String> = left.cloned().collect();
    outline::test(unit, &left, options, verdicts)
}

/// Returns the functions for which no inputs can be made.
pub(crate) fn untestable(unit: &Unit, glue: &Glue) -> impl Iterator<Item = Untested> {
    let untestable = glue.untestable.iter();
    untestable.map(|(function, why)| Untested {
        what: outline::tested(unit, function),
        why: why.clone(),
    })
}

/// Returns the kernels that ran in no test, and says what could not be tested of their functions; where nothing is said of
/// these, of the file.
pub(crate) fn never_launched(
    unit: &Unit,
    launched: &BTreeMap<String, u64>,
    untested: &BTreeSet<Untested>,
) -> Vec<Failure> {
    let is_left = |kernel: &&String| launched.get(*kernel).copied().unwrap_or(0) == 0;
    let never = unit.kernels.iter().filter(is_left);
    let told = never.map(|kernel| {
        let own = untested.iter().filter(|each| is_about(unit, each, kernel));
        let own: Vec<&Untested> = own.collect();
        let reasons = if own.is_empty() {
            untested.iter().collect()
        } else {
            own
        };
        Failure::not_launched(kernel, &why_never(&reasons))
    });
    told.collect()
}

/// Returns whether something that was not tested has a kernel in it.
fn is_about(unit: &Unit, untested: &Untested, kernel: &String) -> bool {
    match &untested.what {
        Tested::Text => false,
        Tested::Function(name) => unit.functions.get(kernel) == Some(name),
        Tested::Region(name) => {
            let mut regions = unit.outlined.iter();
            regions.any(|region| region.region == *name && region.kernels.contains(kernel))
        }
    }
}

fn why_never(reasons: &[&Untested]) -> String {
    let (named, others) = reasons.split_at(reasons.len().min(MOST_REASONS));
    let others = match others.len() {
        0 => String::new(),
        count => format!("; and {count} more"),
    };
    if named.is_empty() {
        return "it was launched in no test".to_owned();
    }
    let named: Vec<String> = named.iter().map(ToString::to_string).collect();
    format!("it was launched in no test ({}{others})", named.join("; "))
}
