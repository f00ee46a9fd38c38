//! Builds and runs of the calls of programs, with the file that stays C where there is one.

use std::time::Duration;

use mupac_ir::generate::{Case, Harness, Outcome, harness, read_outcomes};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{self, Executable, Execution, Executor, Invocation, Language, Part};

/// With its induction variable pass, gcc 12.2 miscompiles some overlapping loops, so that pass is not the judge
/// (`ir/tests/agree_gcc.rs`).
/// It also takes `0 - x` for `-x` where `x` was an integer, and so loses the sign of a zero, unless told that rounding
/// may change.
const C_FLAGS: &[&str] = &["-fno-ivopts", "-fno-strict-aliasing", "-frounding-math"];

/// For the text that says what sketches mean: what is not defined must not pass for an answer.
const SANITIZED_FLAGS: &[&str] = &[
    "-O0",
    "-fno-strict-aliasing",
    "-frounding-math",
    "-fsanitize=address,undefined,float-cast-overflow",
    "-fno-sanitize-recover=all",
];

/// The longest that one run of one file may take.
const LIMIT: Duration = Duration::from_mins(1);

/// The compilers, for texts and for what sketches mean.
pub(crate) struct Executors {
    pub(super) plain: Executor,
    /// Links what sanitizers need.
    sanitizing: Executor,
}

/// Returns executors whose compilers are the default ones.
pub(crate) fn executors() -> Executors {
    let sanitizing = CheckOptions {
        link_arguments: vec!["-fsanitize=address,undefined".to_owned()],
        ..CheckOptions::default()
    };
    Executors {
        plain: Executor::new(&CheckOptions::default()).unwrap(),
        sanitizing: Executor::new(&sanitizing).unwrap(),
    }
}

/// Builds the programs of a harness as they are.
pub(super) fn original(executor: &Executor, harness: &Harness) -> Result<Executable, String> {
    built(executor, harness, C_FLAGS)
}

/// Returns what calls leave behind under sanitizers; the inner error is what these say, or another end that is none, the
/// outer one says why there is no program.
pub(super) fn under_sanitizers(
    executors: &Executors,
    cases: &[Case],
) -> Result<Result<Vec<Vec<Outcome>>, String>, String> {
    let harness = harness(cases);
    let executor = &executors.sanitizing;
    let program = built(executor, &harness, SANITIZED_FLAGS)?;
    let outcomes = outcomes(
        executor,
        &program,
        cases,
        &harness,
        execute::Order::Ascending,
    );
    Ok(outcomes.map(|(_, outcomes)| outcomes))
}

/// Builds the text of a harness, in C, with its second file.
fn built(executor: &Executor, harness: &Harness, flags: &[&str]) -> Result<Executable, String> {
    let own = Part {
        language: Language::C,
        text: &harness.source(),
        flags,
    };
    linked_by(executor, own, harness, flags)
}

/// Builds a text together with the second file of a harness, which stays C.
pub(super) fn linked(
    executor: &Executor,
    own: Part<'_>,
    harness: &Harness,
) -> Result<Executable, String> {
    linked_by(executor, own, harness, C_FLAGS)
}

fn linked_by(
    executor: &Executor,
    own: Part<'_>,
    harness: &Harness,
    flags: &[&str],
) -> Result<Executable, String> {
    let other = Part {
        language: Language::C,
        text: &harness.other,
        flags,
    };
    let parts = [own, other];
    let count = if harness.other.is_empty() { 1 } else { 2 };
    executor
        .build(&parts[..count])
        .map_err(|error| error.to_string())?
}

/// Runs a program and reads what its calls left behind.
pub(super) fn outcomes(
    executor: &Executor,
    program: &Executable,
    cases: &[Case],
    harness: &Harness,
    order: execute::Order,
) -> Result<(Execution, Vec<Vec<Outcome>>), String> {
    let invocation = Invocation {
        stdin: &harness.stdin,
        order,
        limit: LIMIT,
    };
    let execution = executor
        .run(program, invocation)
        .map_err(|error| error.to_string())?;
    if let Some(trouble) = &execution.trouble {
        return Err(trouble.clone());
    }
    let text = String::from_utf8_lossy(&execution.stdout);
    let outcomes = read_outcomes(cases, &text).ok_or("its output is not all there")?;
    Ok((execution, outcomes))
}
