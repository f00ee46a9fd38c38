//! Regions as functions of their own: where no test of the user's functions, or of the program, launched a kernel, its region
//! is called by itself.
//!
//! The function around may take what nobody can make up, read files, or call what another file defines; of all this the
//! region takes the values of some variables.
//! What lies between regions, and how values come into these variables, such tests do not show.
//! A region may rely on what the text before it makes sure of, so one that differs by itself says nothing against the text:
//! its kernels count as untested.

use std::collections::BTreeSet;

use mupac_ir::{Definitions, Mistake, Outlined, Unit};

use crate::check::{checked, compile};
use crate::evidence::{Evidence, Tested, Untested};
use crate::isolation::Allowance;
use crate::launches;
use crate::options::{CheckOptions, Unlaunched};
use crate::outcome::{Outcome, TesterError};
use crate::verdicts::Verdicts;

/// Returns what callers need that call regions, of which the entries are those of the unit.
pub(crate) fn definitions(unit: &Unit) -> Definitions {
    let mut all = Definitions::default();
    for entry in &unit.entries {
        let Some(region) = of_function(unit, &entry.function.name) else {
            continue;
        };
        let rewritten = |text: &str| launches::rewrite(text).unwrap_or_default();
        let own = &region.definitions;
        all.original.push_str(&own.original);
        all.emitted.push_str(&rewritten(&own.emitted));
        all.with_mistakes.push_str(&rewritten(&own.with_mistakes));
    }
    all
}

/// Returns the region that is a function of this name.
pub(crate) fn of_function<'u>(unit: &'u Unit, name: &str) -> Option<&'u Outlined> {
    let mut all = unit.outlined.iter();
    all.find(|each| each.function.name == name)
}

/// Returns whether a mistake counts where some kernels were launched: those of a region whose kernels other tests launch are
/// theirs.
pub(crate) fn counts(unit: &Unit, evidence: &Evidence, mistake: &Mistake) -> bool {
    let is_launched = |kernel: &String| evidence.launches.contains_key(kernel);
    let mut regions = unit.outlined.iter();
    match regions.find(|region| holds(region, mistake)) {
        Some(region) => region.kernels.iter().any(is_launched),
        None => !is_separate(unit),
    }
}

/// Returns whether a mistake is made in a region.
pub(crate) fn holds(region: &Outlined, mistake: &Mistake) -> bool {
    region.region == mistake.place || region.kernels.contains(&mistake.place)
}

/// Returns whether a unit has regions to call and no functions of the user's.
fn is_separate(unit: &Unit) -> bool {
    let mut entries = unit.entries.iter();
    entries.any(|entry| of_function(unit, &entry.function.name).is_some())
}

/// Returns what tests of a function are about: it may be a region's.
pub(crate) fn tested(unit: &Unit, function: &str) -> Tested {
    match of_function(unit, function) {
        Some(region) => Tested::Region(region.region.clone()),
        None => Tested::Function(function.to_owned()),
    }
}

/// Calls the regions of some kernels by themselves, and returns what that shows.
pub(crate) fn test(
    unit: &Unit,
    kernels: &BTreeSet<String>,
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Evidence, TesterError> {
    let launches_one = |each: &&Outlined| {
        let emitted = &each.definitions.emitted;
        let is_defined = !emitted.is_empty() && launches::rewrite(emitted).is_ok();
        is_defined && each.kernels.iter().any(|kernel| kernels.contains(kernel))
    };
    let regions: Vec<Outlined> = unit.outlined.iter().filter(launches_one).cloned().collect();
    if regions.is_empty() || is_separate(unit) {
        return Ok(Evidence::default());
    }
    let mut compile_arguments = options.compile_arguments.clone();
    // Elements of enumerations are numbers in the declarations of parameters.
    compile_arguments.push("-fpermissive".to_owned());
    let options = CheckOptions {
        compile_arguments,
        is_recorded: false,
        gpu: None,
        unlaunched: Unlaunched::Stays,
        keep_temporaries: false,
        ..options.allowed(Allowance::with_half)
    };
    let progress = &options.progress;
    progress.say(|| "testing loops by themselves".to_owned());
    by_themselves(unit, &regions, &options, verdicts)
}

/// Tests regions in one program, or, where a compiler refuses that, half of them at a time: the text of one may need what
/// stands in its function.
fn by_themselves(
    unit: &Unit,
    regions: &[Outlined],
    options: &CheckOptions,
    verdicts: &Verdicts,
) -> Result<Evidence, TesterError> {
    let kernels = regions.iter().flat_map(|each| each.kernels.clone());
    let separate = Unit {
        entries: regions.iter().map(|each| each.entry.clone()).collect(),
        kernels: kernels.collect(),
        outlined: regions.to_vec(),
        has_main: false,
        stand_ins: Vec::new(),
        ..unit.clone()
    };
    let outcome = match checked(&separate, None, options, verdicts) {
        Err(TesterError::Exhausted { what }) => Outcome::NotTested(what),
        outcome => outcome?,
    };
    match outcome {
        Outcome::Verified(verified) => Ok(told(*verified.evidence, regions)),
        Outcome::NotTested(why) if regions.len() == 1 || options.is_spent() => {
            Ok(untested(regions, why))
        }
        Outcome::Failed(_) | Outcome::NotTested(_) => {
            let refused = compile(&separate, options)?.err();
            match (refused, outcome) {
                (Some(_), _) if regions.len() > 1 => {
                    let (first, second) = regions.split_at(regions.len() / 2);
                    let mut evidence = by_themselves(unit, first, options, verdicts)?;
                    evidence.join(by_themselves(unit, second, options, verdicts)?);
                    Ok(evidence)
                }
                (Some(message), _) => Ok(untested(regions, message)),
                (None, Outcome::NotTested(why)) => Ok(untested(regions, why)),
                (None, Outcome::Failed(_) | Outcome::Verified(_)) => Ok(Evidence::default()),
            }
        }
    }
}

/// Returns that no region was tested, and why: of one alone it is known that it is at fault.
fn untested(regions: &[Outlined], why: String) -> Evidence {
    let untested = match regions {
        [region] => Untested {
            what: Tested::Region(region.region.clone()),
            why,
        },
        _ => Untested::text(why),
    };
    Evidence {
        untested: BTreeSet::from([untested]),
        ..Evidence::default()
    }
}

/// Returns what tests of regions showed, as part of what is known of the whole text.
fn told(mut evidence: Evidence, regions: &[Outlined]) -> Evidence {
    let tested = regions.iter().filter(|each| {
        let mut own = each.kernels.iter();
        own.any(|kernel| evidence.launches.contains_key(kernel))
    });
    evidence.outlined = tested.map(|each| each.region.clone()).collect();
    // Which kernels are left is for the whole to say.
    evidence.untested_kernels.clear();
    evidence
}
