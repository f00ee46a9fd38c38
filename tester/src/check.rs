//! The check of one text: what is built and tested, and what follows from it.

use std::collections::BTreeSet;
use std::path::Path;

use mupac_ir::{StandIn, Unit};

use crate::bench::{Bench, Full};
use crate::building::{Built, accompany, build, refused_original, refused_text};
use crate::course;
use crate::coverage;
use crate::evidence::{Evidence, Tested, Untested};
use crate::form::stands_for;
use crate::glue::{self, Glue};
use crate::gpu;
use crate::isolation::{Allowance, Scratch};
use crate::launches;
use crate::options::{CheckOptions, Unlaunched};
use crate::outcome::{Failure, Outcome, TesterError, Verified};
use crate::outline;
use crate::scale::constants_in_words;
use crate::sources::{ORIGINAL, source_folder, write_candidate, write_headers, write_source};
use crate::toolchain::{Original, Refused, Toolchain};
use crate::verdicts::Verdicts;
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
    if unit.stand_ins.is_empty() {
        return spent(checked(unit, None, options, verdicts));
    }
    let mut tested = Vec::new();
    for (number, stand_in) in (0..).zip(&unit.stand_ins) {
        let share = (number, unit.stand_ins.len() as u32);
        let options = options.allowed(|allowance| allowance.part(share));
        tested.push((stand_in, by_stand_in(unit, stand_in, &options, verdicts)?));
    }
    Ok(joined(unit, tested))
}

/// Returns that nothing is said of the whole where time was spent.
fn spent(result: Result<Outcome, TesterError>) -> Result<Outcome, TesterError> {
    match result {
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
    if !stands_for(stand_in, unit) {
        let why = "one call takes too long for a test, and the smaller program has another form";
        return Ok(Outcome::NotTested(why.to_owned()));
    }
    let smaller = options.smaller(&stand_in.scaling, &unit.source);
    let full = Full {
        unit,
        stand_in,
        options,
    };
    let constants = constants_in_words(&stand_in.scaling.constants);
    let outcome = spent(checked(&stand_in.unit, Some(full), &smaller, verdicts))?;
    Ok(match outcome {
        Outcome::Verified(verified) => {
            let mut evidence = *verified.evidence;
            evidence.smaller.push(stand_in.scaling.constants.clone());
            if options.gpu.is_some() {
                let why = "the GPU: one call takes too long for a recorded test";
                evidence.untested.insert(Untested::text(why));
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
    })
}

/// Returns what stand-ins say together of the text whose functions each has some of.
fn joined(unit: &Unit, tested: Vec<(&StandIn, Outcome)>) -> Outcome {
    let (mut evidence, mut failures, mut reasons) = (Evidence::default(), Vec::new(), Vec::new());
    let mut left: BTreeSet<&String> = unit.kernels.iter().collect();
    let mut is_any = false;
    for (stand_in, outcome) in tested {
        match outcome {
            Outcome::Verified(verified) => {
                is_any = true;
                evidence.join(*verified.evidence);
            }
            // Of its kernels the failures tell.
            Outcome::Failed(wrong) => failures.extend(wrong),
            Outcome::NotTested(why) => {
                reasons.push(why);
                continue;
            }
        }
        left.retain(|kernel| !stand_in.unit.kernels.contains(kernel));
    }
    let why = if reasons.is_empty() {
        "no smaller program has it".to_owned()
    } else {
        reasons.join("; ")
    };
    if !is_any && failures.is_empty() {
        return Outcome::NotTested(why);
    }
    failures.extend(
        left.into_iter()
            .map(|kernel| Failure::not_launched(kernel, &why)),
    );
    if failures.is_empty() {
        Outcome::Verified(Verified::new(unit.clone(), evidence, None))
    } else {
        Outcome::Failed(failures)
    }
}

/// Tests a text, which may stand in for another one.
pub(crate) fn checked(
    unit: &Unit,
    full: Option<Full<'_>>,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Outcome, TesterError> {
    let glue = glue::glue(unit, &|function| verdicts.number(function));
    let scratch = Scratch::new("mupac-check-", options.keep_temporaries)
        .map_err(TesterError::io("make a temporary folder"))?;
    let toolchain = Toolchain::prepare(options, source_folder(unit), scratch.path())?;
    if let Some(full) = full {
        write_headers(scratch.path(), &full.stand_in.scaling.headers)?;
    }
    let outcome = match nothing_to_run(unit, &glue, options) {
        Some(why) => match outlined(unit, &glue, options, verdicts)? {
            Ok(outcome) => outcome,
            Err(more) => {
                let all = [why]
                    .into_iter()
                    .chain(more.iter().map(ToString::to_string));
                let why = all.collect::<Vec<String>>().join("; ");
                only_built(unit, &glue, (&toolchain, scratch.path()), why)?
            }
        },
        None => on_cpu(
            (unit, full),
            options,
            verdicts,
            &glue,
            (&toolchain, scratch.path()),
        )?,
    };
    let mut outcome = match (outcome, &options.gpu) {
        (Outcome::Verified(verified), Some(gpu)) if !unit.kernels.is_empty() => gpu::check(
            verified,
            gpu,
            &options.allowed(Allowance::lavish),
            scratch.path(),
        )?,
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
    let mut programs = match build(unit, glue, &probed, toolchain, scratch)? {
        Built::Programs(programs) => programs,
        Built::Not(outcome) => return Ok(outcome),
    };
    let accompanied = accompany(&mut programs, unit, options, toolchain)?;
    if !programs.has_main && glue.callees.is_empty() {
        return Ok(Outcome::NotTested(NOTHING.to_owned()));
    }
    let bench = Bench {
        programs: &programs,
        probed: &probed,
        options,
        toolchain: accompanied.as_ref().unwrap_or(toolchain),
        scratch,
        unit,
        full,
    };
    course::run((unit, glue), verdicts, toolchain, &bench)
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
    let text = match launches::rewrite_for_check(&unit.cuda) {
        Ok(text) => text,
        Err(message) => return Ok(Err(message)),
    };
    let parts = (text.as_str(), unit.c_part.as_ref());
    let source = write_candidate(
        scratch,
        "candidate",
        parts,
        (&glue.definitions.emitted, glue),
    )?;
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
    let shown = ("", unit.source.name.as_str(), unit.source.text());
    let original = write_source(scratch, ORIGINAL, shown, ("", glue))?;
    let program = scratch.join("plain");
    Ok(
        match toolchain.build_original(&original, &program, Original::Plain)? {
            Ok(_) => refused_text(message),
            Err(Refused(message)) => Outcome::NotTested(refused_original(&message)),
        },
    )
}

/// Tests the regions of a text by themselves, of which nothing else can be run; the inner error is why nothing comes of that.
fn outlined(
    unit: &Unit,
    glue: &Glue,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Result<Outcome, BTreeSet<Untested>>, TesterError> {
    let mut evidence = course::outlined(unit, &Evidence::default(), options, verdicts)?;
    if evidence.tests == 0 {
        return Ok(Err(evidence.untested));
    }
    evidence.untested.extend(course::untestable(unit, glue));
    let never = course::never_launched(unit, &evidence.launches, &evidence.untested);
    if !never.is_empty() && options.unlaunched == Unlaunched::Fails {
        return Ok(Ok(Outcome::Failed(never)));
    }
    evidence.untested_kernels = never.into_iter().filter_map(|each| each.kernel).collect();
    let verified = Verified::new(unit.clone(), evidence, None);
    Ok(Ok(Outcome::Verified(verified)))
}

/// Why there is nothing to run.
const NOTHING: &str = "there is neither main nor a function with a kernel";

/// Why there is nothing to run, if so.
fn nothing_to_run(unit: &Unit, glue: &Glue, options: &CheckOptions) -> Option<String> {
    let has_main = unit.has_main || options.companions.are_wanted(unit, &BTreeSet::new());
    if has_main || !glue.callees.is_empty() {
        return None;
    }
    Some(match glue.untestable.first() {
        Some((function, why)) => match outline::tested(unit, function) {
            // It is told of by name.
            Tested::Region(_) => why.clone(),
            what @ (Tested::Text | Tested::Function(_)) => {
                format!("{what} cannot be called: {why}")
            }
        },
        None => NOTHING.to_owned(),
    })
}
