//! What follows from a failed check: which regions move on to their next candidate, what a report needs, and which of
//! the plan's moves are to blame.

use std::collections::BTreeSet;
use std::path::PathBuf;

use mupac_ir::{Function, Handle, Plan, Reason, RegionPlan, Unit, plan_text};
use mupac_model::greedy::ChoiceError;
use mupac_tester::{Failure, FailureKind, Repro, TesterError};

use crate::candidates::{Candidates, Target};
use crate::culprit::{Culprit, Setting};
use crate::plan_file;

/// A failed check and what was dropped because of it.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// What was seen.
    pub failure: Failure,
    /// The regions that moved on to their next candidate.
    pub regions: Vec<String>,
    /// What it comes from.
    pub cause: Cause,
    /// Where original, text, plan and failure were kept for a report.
    pub kept: Option<PathBuf>,
    /// The moves that the failure needs; `None` where no single region fails.
    pub culprit: Option<Culprit>,
}

/// What a failed check comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A bug of mupac.
    Bug,
    /// The same, unless the program lets last digits of a sum decide what it prints besides.
    BugUnlessSumDecides,
    /// An order of additions that the user allows.
    Order,
}

impl Dropped {
    pub(crate) fn without_regions(failure: Failure, plan: &Plan) -> Self {
        Self {
            cause: cause(&failure, plan),
            failure,
            regions: Vec::new(),
            kept: None,
            culprit: None,
        }
    }
}

/// What is kept of a plan that failed: the folder, and the moves to blame.
#[derive(Debug, Default)]
pub(crate) struct Case {
    kept: Option<PathBuf>,
    culprits: Vec<Culprit>,
}

impl Case {
    /// Looks for the culprits and keeps what a report needs.
    pub(crate) fn of(
        unit: &Unit,
        failures: &[Failure],
        plan: &Plan,
        setting: Setting<'_>,
    ) -> Result<Self, TesterError> {
        let culprits = setting.culprits(plan, failures)?;
        let smallest = culprits.iter();
        let smallest = smallest.map(|each| (each.region.as_str(), &each.smallest));
        let repro = Repro {
            unit,
            failures,
            plan: &plan_file::print(plan),
            smallest: &plan_text::print(smallest),
            culprits: &culprits.iter().map(ToString::to_string).collect::<Vec<_>>(),
            options: setting.options,
            check: setting.check,
        };
        Ok(Self {
            kept: repro.keep(),
            culprits,
        })
    }

    /// Adds to every failure that is a bug what belongs to it.
    pub(crate) fn add_to(&self, dropped: &mut [Dropped], plan: &Plan) {
        for each in dropped
            .iter_mut()
            .filter(|each| is_bug(&each.failure, plan))
        {
            let region = only_region(&each.failure, plan);
            each.kept.clone_from(&self.kept);
            let mut culprits = self.culprits.iter();
            each.culprit = culprits
                .find(|culprit| region == Some(culprit.region.as_str()))
                .cloned();
        }
    }
}

/// Moves every region that a failure names to its next candidate, once, and says which these were.
///
/// A failure that names none may come from any of them, so all move.
/// A kernel that no test launches has no better candidate: its region keeps the original text.
pub(crate) fn demote(
    candidates: &mut [Candidates],
    plan: &Plan,
    failures: Vec<Failure>,
    target: &Target,
) -> Result<Vec<Dropped>, ChoiceError> {
    let mut dropped = Vec::new();
    for failure in failures {
        let named = regions_of(&failure, plan);
        dropped.push((Dropped::without_regions(failure, plan), named));
    }
    for each in candidates.iter_mut().filter(|each| each.has_kernels()) {
        let mut seen: Option<Failure> = None;
        for (drop, named) in &mut dropped {
            if named.is_empty() || named.contains(&each.name()) {
                drop.regions.push(each.name().to_owned());
                let is_worse = seen.as_ref().is_none_or(|seen| !seen.kind.is_bug());
                if is_worse {
                    seen = Some(drop.failure.clone());
                }
            }
        }
        match seen {
            Some(failure) if failure.kind.is_bug() => {
                let what = failure.to_string();
                each.advance(Some(Reason::CheckFailed { what }), target)?;
            }
            Some(failure) => each.retire(Reason::NotTested {
                why: failure.message,
            }),
            None => {}
        }
    }
    Ok(dropped.into_iter().map(|(drop, _)| drop).collect())
}

/// Returns the functions that did something else than the original when they were called: their kernels need not be what is
/// wrong, so they are tested without them too.
pub(crate) fn suspected(plan: &Plan, dropped: &[Dropped]) -> BTreeSet<Handle<Function>> {
    let is_seen = |each: &&Dropped| {
        each.failure.function.is_some()
            && each.failure.kind.is_bug()
            && each.failure.kind != FailureKind::Compile
    };
    let named: BTreeSet<&String> = dropped
        .iter()
        .filter(is_seen)
        .flat_map(|each| &each.regions)
        .collect();
    let regions = plan.regions.iter();
    let regions = regions.filter(|region| named.contains(&region.name));
    regions.map(|region| region.of).collect()
}

/// Returns whether a failure shows that mupac is wrong.
///
/// A kernel that no test launches is merely untested, and the order of a sum is the user's to allow.
pub(crate) fn is_bug(failure: &Failure, plan: &Plan) -> bool {
    failure.kind.is_bug() && cause(failure, plan) != Cause::Order
}

/// Returns what a failure comes from.
///
/// That a kernel adds up in another order explains other last digits where nobody knows how far they may be off, and
/// nothing else for sure.
fn cause(failure: &Failure, plan: &Plan) -> Cause {
    let is_there = |region: &RegionPlan| {
        let mut kernels = region.kernels.iter();
        failure
            .kernel
            .as_ref()
            .is_none_or(|name| kernels.any(|(_, kernel)| kernel.name == *name))
    };
    let mut regions = plan.regions.iter();
    let is_of_program = failure.function.is_none() && failure.kind == FailureKind::Value;
    let is_reordered =
        is_of_program && regions.any(|each| is_there(each) && each.reordered().next().is_some());
    match (is_reordered, failure.is_rounding) {
        (false, _) => Cause::Bug,
        (true, false) => Cause::BugUnlessSumDecides,
        (true, true) => Cause::Order,
    }
}

/// Returns the names of the regions that a failure comes from: by its kernel, else by its function, else those that
/// may change what the whole program prints because they add up in another order.
pub(crate) fn regions_of<'a>(failure: &Failure, plan: &'a Plan) -> Vec<&'a str> {
    plan.regions
        .iter()
        .filter(|region| match (&failure.kernel, &failure.function) {
            (Some(name), _) => region
                .kernels
                .iter()
                .any(|(_, kernel)| kernel.name == *name),
            (None, Some(function)) => *function == region.function.name,
            (None, None) => {
                failure.kind == FailureKind::Value && region.reordered().next().is_some()
            }
        })
        .map(|region| region.name.as_str())
        .collect()
}

/// Returns the name of the region that a failure comes from, where it can be no other: one that names none comes from
/// any of them.
pub(crate) fn only_region<'a>(failure: &Failure, plan: &'a Plan) -> Option<&'a str> {
    let named = regions_of(failure, plan);
    match (named.as_slice(), plan.regions.as_slice()) {
        ([only], _) => Some(only),
        ([], [only]) => Some(&only.name),
        ([] | [_, _, ..], _) => None,
    }
}
