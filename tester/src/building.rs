//! Builds the programs of a check: the original in two ways, the text under test, and the text with mistakes.

use std::collections::BTreeSet;
use std::path::Path;

use mupac_ir::{Unit, parallel};

use crate::bench::Programs;
use crate::coverage::Probed;
use crate::glue::Glue;
use crate::launches;
use crate::options::CheckOptions;
use crate::outcome::{Failure, FailureKind, Outcome, TesterError};
use crate::sources::{ORIGINAL, write_candidate, write_source};
use crate::toolchain::{MUTANT_FLAGS, Original, Refused, Toolchain, contracted};

/// What a text with probes calls.
const PROBES: &str = "void mupac_test_enter(int);\n\
                      int mupac_test_trip(int, int);\n\
                      int mupac_test_branch(int, int);\n";

/// What came of building.
pub(crate) enum Built {
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

/// Where there is no kernel, no two threads meet, and nobody has to see every access.
const UNWATCHED: &[&str] = &["-fno-sanitize=thread"];

/// Builds the original, the text, and the text with mistakes.
pub(crate) fn build(
    unit: &Unit,
    glue: &Glue,
    probed: &Probed,
    toolchain: &Toolchain,
    scratch: &Path,
) -> Result<Built, TesterError> {
    let text = match launches::rewrite_for_check(&unit.cuda) {
        Ok(text) => text,
        Err(message) => return Ok(Built::Not(refused_text(message))),
    };
    let name = unit.source.name.as_str();
    let of_original = (&*glue.definitions.original, glue);
    let shown = ("", name, unit.source.text());
    let original = write_source(scratch, ORIGINAL, shown, of_original)?;
    let traced = match &probed.text {
        Some(text) => write_source(scratch, "probed.c", (PROBES, name, text), of_original)?,
        None => original.clone(),
    };
    let parts = (text.as_str(), unit.c_part.as_ref());
    let candidate = write_candidate(
        scratch,
        "candidate",
        parts,
        (&glue.definitions.emitted, glue),
    )?;
    let program = |name: &str| scratch.join(name);
    let has_kernels = !unit.kernels.is_empty();
    let flags = if has_kernels { &[][..] } else { UNWATCHED };
    let mut jobs = vec![
        (Job::Candidate(flags), program("candidate")),
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
        Some(mutation) => launches::rewrite_for_check(&mutation.cuda).ok(),
        None => None,
    };
    let c_part = (unit.mutation.as_ref()).and_then(|mutation| mutation.c_part.as_ref());
    let mutants = match &mutants {
        Some(text) => {
            let own = (&*glue.definitions.with_mistakes, glue);
            Some(write_candidate(scratch, "mutants", (text, c_part), own)?)
        }
        None => None,
    };
    if mutants.is_some() {
        jobs.push((Job::Mutants, program("mutants")));
    }
    let built = parallel::map(&jobs, |(job, output)| match job {
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
        Job::Original(how) => toolchain.build_original(&original, output, *how),
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
        has_kernels,
        candidate_contracted: contracted.map(|_| program("candidate-contracted")),
        mutants: has_mutants.then(|| program("mutants")),
        missing,
        has_main: unit.has_main,
    }))
}

/// Links the programs once more with the other files of the command line, where these have to do with the text, and
/// returns the compilers that do so for others.
pub(crate) fn accompany(
    programs: &mut Programs,
    unit: &Unit,
    options: &CheckOptions,
    toolchain: &Toolchain,
) -> Result<Option<Toolchain>, TesterError> {
    if !options.companions.are_wanted(unit, &programs.missing) {
        return Ok(None);
    }
    let progress = &options.progress;
    progress.say(|| "compiling the other files".to_owned());
    let ways = [Original::Plain, Original::Sanitized];
    let Some(accompanied) = toolchain.accompanied(&options.companions, &ways)? else {
        return Ok(None);
    };
    if let Some(missing) = linked(programs, &accompanied)? {
        programs.missing = missing;
        // The text has none, so another file has.
        programs.has_main |= !programs.missing.remove("main");
        Ok(Some(accompanied))
    } else {
        // What does not fit together is no program.
        linked(programs, toolchain)?;
        Ok(None)
    }
}

/// Links objects to programs; returns the names that originals miss, `None` where some do not fit together.
fn linked(
    programs: &Programs,
    toolchain: &Toolchain,
) -> Result<Option<BTreeSet<String>>, TesterError> {
    let candidates = [
        Some(&programs.candidate),
        programs.candidate_contracted.as_ref(),
        programs.mutants.as_ref(),
    ];
    let candidates = candidates.into_iter().flatten();
    let originals = [
        (&programs.plain, Some(Original::Plain)),
        (&programs.sanitized, Some(Original::Sanitized)),
    ];
    let all = originals.into_iter();
    let all: Vec<_> = all.chain(candidates.map(|each| (each, None))).collect();
    let linked = parallel::map(&all, |(program, how)| {
        if let Some(how) = how {
            return toolchain.link_original(program, *how);
        }
        let object = program.with_extension("o");
        let linked = toolchain.link(&[object], program, true)?;
        Ok(linked.map(|()| BTreeSet::new()))
    });
    let mut missing = BTreeSet::new();
    for names in linked {
        match names? {
            Ok(names) => missing.extend(names),
            Err(Refused(_)) => return Ok(None),
        }
    }
    Ok(Some(missing))
}

/// What a text calls, its original calls as well.
fn nothing_missing(built: Result<(), Refused>) -> Result<BTreeSet<String>, Refused> {
    built.map(|()| BTreeSet::new())
}

/// Says that a compiler refuses a text.
pub(crate) fn refused_text(message: String) -> Outcome {
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

/// Says that a compiler refuses the original.
pub(crate) fn refused_original(message: &str) -> String {
    format!("the C compiler refuses the original: {message}")
}
