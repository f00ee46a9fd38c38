//! The check of one text: builds, tests, and what follows from them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mupac_ir::parallel;
use mupac_ir::{StandIn, Unit};

use crate::bench::{Bench, Full, Programs};
use crate::coverage::{self, Probed};
use crate::evidence::Evidence;
use crate::function;
use crate::glue::{self, Glue};
use crate::gpu;
use crate::isolation::Scratch;
use crate::launches;
use crate::mutation::{self, Suite};
use crate::options::{CheckOptions, Unlaunched};
use crate::outcome::{Failure, FailureKind, Outcome, TesterError, Verified};
use crate::parts::Parts;
use crate::program;
use crate::recording;
use crate::sample;
use crate::scale::{constants_in_words, is_stand_in};
use crate::sources::{source_folder, write_headers, write_source};
use crate::toolchain::{MUTANT_FLAGS, Original, Refused, Toolchain, contracted};
use crate::verdicts::{Subject, Verdicts};
use crate::vouch::vouch;

/// Tests a text against its original; `verdicts` holds what earlier checks with this original and these options found out,
/// and what this one does.
///
/// **Errors**: the machine is at fault (a compiler is missing, a folder cannot be made); nothing is known of the text.
pub fn check(
    unit: &Unit,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Outcome, TesterError> {
    let result = match &unit.stand_in {
        None => checked(unit, None, options, verdicts),
        Some(stand_in) => by_stand_in(unit, stand_in, options, verdicts),
    };
    match result {
        // What is known so far is no verdict on the whole.
        Err(TesterError::Exhausted { what }) => Ok(Outcome::NotTested(what)),
        result => result,
    }
}

/// Tests a smaller program of the same form in the place of one that takes too long.
fn by_stand_in(
    unit: &Unit,
    stand_in: &StandIn,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Outcome, TesterError> {
    if !is_stand_in(unit, &stand_in.unit) {
        let why = "one call takes too long for a test, and the smaller program has another form";
        return Ok(Outcome::NotTested(why.to_owned()));
    }
    // What is recorded is called elsewhere with the text itself.
    let smaller = CheckOptions {
        is_recorded: false,
        gpu: None,
        compile_arguments: stand_in.arguments.clone(),
        ..options.clone()
    };
    let full = Full {
        unit,
        arguments: &options.compile_arguments,
    };
    let constants = constants_in_words(&stand_in.constants);
    Ok(
        match checked(&stand_in.unit, Some(full), &smaller, verdicts)? {
            Outcome::Verified(verified) => {
                let mut evidence = *verified.evidence;
                evidence.smaller.clone_from(&stand_in.constants);
                if options.gpu.is_some() {
                    let why = "the GPU: one call takes too long for a recorded test";
                    evidence.untested.insert(why.to_owned());
                }
                Outcome::Verified(Verified::new(unit.clone(), evidence, None))
            }
            Outcome::Failed(failures) => {
                let told = failures.into_iter().map(|failure| Failure {
                    message: format!("{} (with smaller constants: {constants})", failure.message),
                    ..failure
                });
                Outcome::Failed(told.collect())
            }
            Outcome::NotTested(why) => {
                Outcome::NotTested(format!("{why} (with smaller constants: {constants})"))
            }
        },
    )
}

/// Tests a text, which may stand in for another one.
fn checked(
    unit: &Unit,
    full: Option<Full<'_>>,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Outcome, TesterError> {
    let glue = glue::glue(unit, &|function| verdicts.number(function));
    let scratch = Scratch::new("mupac-check-", options.keep_temporaries)
        .map_err(TesterError::io("make a temporary folder"))?;
    let toolchain = Toolchain::prepare(options, source_folder(unit), scratch.path())?;
    if let Some(stand_in) = full.and_then(|full| full.unit.stand_in.as_ref()) {
        write_headers(scratch.path(), &stand_in.headers)?;
    }
    let outcome = match nothing_to_run(unit, &glue) {
        Some(why) => only_built(unit, &glue, (&toolchain, scratch.path()), why)?,
        None => on_cpu(
            (unit, full),
            options,
            verdicts,
            &glue,
            (&toolchain, scratch.path()),
        )?,
    };
    let mut outcome = match (outcome, &options.gpu) {
        (Outcome::Verified(verified), Some(gpu)) if !unit.kernels.is_empty() => {
            gpu::check(verified, gpu, options, scratch.path())?
        }
        (outcome @ Outcome::Verified(_), Some(_) | None) => outcome,
        // A text is blamed only where the machine is not.
        (outcome @ (Outcome::Failed(_) | Outcome::NotTested(_)), Some(_) | None) => {
            if !toolchain.is_whole() {
                return Err(TesterError::Damaged);
            }
            verdicts.vouched(|| vouch(&toolchain, scratch.path()))?;
            outcome
        }
    };
    if let (Outcome::Verified(verified), true) = (&mut outcome, options.keep_temporaries) {
        verified.evidence.folder = Some(scratch.path().to_owned());
    }
    Ok(outcome)
}

/// Builds and tests a text on this machine's processor.
fn on_cpu(
    (unit, full): (&Unit, Option<Full<'_>>),
    options: &CheckOptions,
    verdicts: &Verdicts,
    glue: &Glue,
    (toolchain, scratch): (&Toolchain, &Path),
) -> Result<Outcome, TesterError> {
    let probed = coverage::probed(unit);
    let progress = &options.progress;
    progress.say(|| "compiling the original and the translation".to_owned());
    let programs = match build(unit, glue, &probed, toolchain, scratch)? {
        Built::Programs(programs) => programs,
        Built::Not(outcome) => return Ok(outcome),
    };
    let bench = Bench {
        programs: &programs,
        probed: &probed,
        options,
        scratch,
        unit,
        full,
    };
    run(unit, glue, verdicts, toolchain, &bench)
}

/// Compiles a text as [`check`] does, and nothing else; the inner error is the compiler's first complaint.
///
/// **Errors**: the machine is at fault (a compiler is missing, a folder cannot be made).
pub fn compile(unit: &Unit, options: &CheckOptions) -> Result<Result<(), String>, TesterError> {
    let verdicts = Verdicts::default();
    let glue = glue::glue(unit, &|function| verdicts.number(function));
    let scratch =
        Scratch::new("mupac-check-", false).map_err(TesterError::io("make a temporary folder"))?;
    let toolchain = Toolchain::prepare(options, source_folder(unit), scratch.path())?;
    compiled(unit, &glue, (&toolchain, scratch.path()))
}

fn compiled(
    unit: &Unit,
    glue: &Glue,
    (toolchain, scratch): (&Toolchain, &Path),
) -> Result<Result<(), String>, TesterError> {
    let text = match launches::rewrite(&unit.cuda) {
        Ok(text) => text,
        Err(message) => return Ok(Err(message)),
    };
    let shown = ("", "candidate.cu", text.as_str());
    let source = write_source(scratch, "candidate.cu", shown, glue)?;
    let built = toolchain.build_candidate(&source, &scratch.join("candidate"), &[])?;
    Ok(built.map_err(|Refused(message)| message))
}

/// Builds a text of which nothing can be run, for `why`: where the compiler takes the original, it has to take the text.
fn only_built(
    unit: &Unit,
    glue: &Glue,
    (toolchain, scratch): (&Toolchain, &Path),
    why: String,
) -> Result<Outcome, TesterError> {
    let Err(message) = compiled(unit, glue, (toolchain, scratch))? else {
        return Ok(Outcome::NotTested(why));
    };
    let shown = ("", unit.source.name.as_str(), unit.source.text.as_str());
    let original = write_source(scratch, "original.c", shown, glue)?;
    let program = scratch.join("plain");
    Ok(
        match toolchain.build_original(&original, &program, Original::Plain)? {
            Ok(_) => refused_text(message),
            Err(Refused(message)) => Outcome::NotTested(refused_original(&message)),
        },
    )
}

fn refused_original(message: &str) -> String {
    format!("the C compiler refuses the original: {message}")
}

/// Why there is nothing to run, if so.
fn nothing_to_run(unit: &Unit, glue: &Glue) -> Option<String> {
    if unit.has_main || !glue.callees.is_empty() {
        return None;
    }
    Some(match glue.untestable.first() {
        Some((function, why)) => format!("{function} cannot be called: {why}"),
        None => "there is neither main nor a function with a kernel".to_owned(),
    })
}

/// What a text with probes calls.
const PROBES: &str = "void mupac_test_enter(int);\n\
                      int mupac_test_trip(int, int);\n\
                      int mupac_test_branch(int, int);\n";

enum Built {
    Programs(Programs),
    /// A compiler refused; what follows from that.
    Not(Outcome),
}

/// One program to build.
enum Job {
    Original(Original),
    Candidate(&'static [&'static str]),
    /// The candidate with mistakes.
    Mutants,
}

fn build(
    unit: &Unit,
    glue: &Glue,
    probed: &Probed,
    toolchain: &Toolchain,
    scratch: &Path,
) -> Result<Built, TesterError> {
    let text = match launches::rewrite(&unit.cuda) {
        Ok(text) => text,
        Err(message) => return Ok(Built::Not(refused_text(message))),
    };
    let name = unit.source.name.as_str();
    let original = write_source(scratch, "original.c", ("", name, &unit.source.text), glue)?;
    let traced = match &probed.text {
        Some(text) => write_source(scratch, "probed.c", (PROBES, name, text), glue)?,
        None => original.clone(),
    };
    let candidate = write_source(scratch, "candidate.cu", ("", "candidate.cu", &text), glue)?;
    let program = |name: &str| scratch.join(name);
    let mut jobs = vec![
        (Job::Candidate(&[]), program("candidate")),
        (Job::Original(Original::Sanitized), program("sanitized")),
        (Job::Original(Original::Plain), program("plain")),
    ];
    let may_contract = unit
        .relaxed
        .as_ref()
        .is_some_and(|relaxed| relaxed.may_contract);
    let contracted = contracted().filter(|_| may_contract);
    if let Some(flags) = contracted {
        jobs.push((Job::Candidate(flags), program("candidate-contracted")));
    }
    let mutants = match &unit.mutation {
        Some(mutation) => launches::rewrite(&mutation.cuda).ok(),
        None => None,
    };
    let mutants = match &mutants {
        Some(text) => Some(write_source(
            scratch,
            "mutants.cu",
            ("", "mutants.cu", text),
            glue,
        )?),
        None => None,
    };
    if mutants.is_some() {
        jobs.push((Job::Mutants, program("mutants")));
    }
    let built = parallel::map(&jobs, |(job, output)| match job {
        Job::Original(how @ Original::Sanitized) => {
            toolchain.build_original(&original, output, *how)
        }
        Job::Original(how @ Original::Plain) => {
            let built = toolchain.build_original(&traced, output, *how)?;
            // Where a probe does not fit, the original goes without.
            match built {
                Err(_) if traced != original => toolchain.build_original(&original, output, *how),
                Ok(_) | Err(_) => Ok(built),
            }
        }
        Job::Mutants => match &mutants {
            Some(text) => toolchain
                .build_candidate(text, output, MUTANT_FLAGS)
                .map(nothing_missing),
            None => Ok(Ok(BTreeSet::new())),
        },
        Job::Original(how @ Original::Fast) => toolchain.build_original(&original, output, *how),
        Job::Candidate(defines) => toolchain
            .build_candidate(&candidate, output, defines)
            .map(nothing_missing),
    });
    let (mut refusals, mut has_mutants) = (Vec::new(), mutants.is_some());
    let mut missing = BTreeSet::new();
    for ((job, _), result) in jobs.iter().zip(built) {
        match (result?, job) {
            (Ok(names), _) => missing.extend(names),
            // Some mistake may be no C++; then there is nothing to learn from the others either.
            (Err(_), Job::Mutants) => has_mutants = false,
            (Err(Refused(message)), Job::Original(_)) => refusals.push((true, message)),
            (Err(Refused(message)), Job::Candidate(_)) => refusals.push((false, message)),
        }
    }
    if let Some((_, message)) = refusals.iter().find(|(is_original, _)| *is_original) {
        return Ok(Built::Not(Outcome::NotTested(refused_original(message))));
    }
    if let Some((_, message)) = refusals.pop() {
        return Ok(Built::Not(refused_text(message)));
    }
    Ok(Built::Programs(Programs {
        plain: program("plain"),
        sanitized: program("sanitized"),
        candidate: program("candidate"),
        has_kernels: !unit.kernels.is_empty(),
        candidate_contracted: contracted.map(|_| program("candidate-contracted")),
        mutants: has_mutants.then(|| program("mutants")),
        missing,
    }))
}

/// What a text calls, its original calls as well.
fn nothing_missing(built: Result<(), Refused>) -> Result<BTreeSet<String>, Refused> {
    built.map(|()| BTreeSet::new())
}

fn refused_text(message: String) -> Outcome {
    Outcome::Failed(vec![Failure {
        kind: FailureKind::Compile,
        function: None,
        kernel: None,
        message,
        replay: String::new(),
        counterexample: None,
        origin: None,
        is_rounding: false,
    }])
}

fn run(
    unit: &Unit,
    glue: &Glue,
    verdicts: &Verdicts,
    toolchain: &Toolchain,
    bench: &Bench<'_>,
) -> Result<Outcome, TesterError> {
    let mut evidence = Evidence::default();
    evidence.untested.extend(
        glue.untestable
            .iter()
            .map(|(function, why)| format!("{function}: {why}")),
    );
    let (mut failures, mut suite) = (Vec::new(), Suite::default());
    let parts = Parts::of(&unit.cuda);
    for (callee, caller) in glue.callees.iter().zip(&glue.callers) {
        let subject = Subject::new(callee, caller, &parts);
        let passed = match verdicts.of(&subject, bench.probed) {
            Some(passed) => passed,
            None => match function::test(bench, callee, &evidence.reached)? {
                Ok(passed) => {
                    verdicts.note(subject, &passed, bench.probed);
                    passed
                }
                Err(failure) => {
                    failures.push(*failure);
                    continue;
                }
            },
        };
        passed.add_to(callee.number, &mut evidence, &mut suite);
    }
    let stdin = bench.scratch.join("stdin");
    if unit.has_main {
        fs::write(&stdin, &bench.options.test_stdin)
            .map_err(TesterError::io("write the standard input"))?;
        let progress = &bench.options.progress;
        progress.say(|| "running the program".to_owned());
        match program::test(bench, &stdin, &mut evidence)? {
            program::Verdict::Pass(expected) => suite.program = Some(*expected),
            program::Verdict::Fail(failure) => failures.push(*failure),
            program::Verdict::NotTested(why) => {
                evidence.untested.insert(format!("main: {why}"));
            }
        }
    }
    if !failures.is_empty() {
        return Ok(Outcome::Failed(failures));
    }
    let has_tests = !evidence.reached.is_empty();
    evidence.coverage = has_tests.then(|| bench.probed.coverage(&evidence.reached));
    if evidence.tests == 0 && !evidence.ran_program {
        let why: Vec<String> = evidence.untested.into_iter().collect();
        return Ok(Outcome::NotTested(why.join("; ")));
    }
    let never: Vec<Failure> = unit
        .kernels
        .iter()
        .filter(|kernel| {
            evidence
                .launches
                .get(*kernel)
                .is_none_or(|&count| count == 0)
        })
        .map(|kernel| Failure {
            kind: FailureKind::NotLaunched,
            function: None,
            kernel: Some(kernel.clone()),
            message: never_launched(&evidence),
            replay: String::new(),
            counterexample: None,
            origin: None,
            is_rounding: false,
        })
        .collect();
    if never.is_empty() {
        let wrong = sample::test(bench, &glue.callees, &suite, &mut evidence)?;
        if !wrong.is_empty() {
            return Ok(Outcome::Failed(wrong));
        }
    }
    if never.is_empty() || bench.options.unlaunched == Unlaunched::Stays {
        evidence.untested_kernels = never.into_iter().filter_map(|each| each.kernel).collect();
        match mutation::measure(bench, &glue.callees, &stdin, &suite, &mut evidence) {
            // How sharp the tests are is not known then, but all of them passed.
            Ok(()) | Err(TesterError::Exhausted { .. }) => {}
            Err(error) => return Err(error),
        }
        let recording = if bench.options.is_recorded || bench.options.gpu.is_some() {
            Some(recording::record(bench, toolchain, glue, &suite)?)
        } else {
            None
        };
        let verified = Verified::new(unit.clone(), evidence, recording);
        Ok(Outcome::Verified(verified))
    } else {
        Ok(Outcome::Failed(never))
    }
}

/// Says that a kernel ran in no test, and what of the file could not be tested.
fn never_launched(evidence: &Evidence) -> String {
    let reasons: Vec<&str> = evidence.untested.iter().map(String::as_str).collect();
    if reasons.is_empty() {
        return "it was launched in no test".to_owned();
    }
    format!("it was launched in no test ({})", reasons.join("; "))
}
