//! A smaller program, translated by the moves of a plan, and which functions it stands for.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Plan, StandIn, Unit};
use mupac_tester::{Pace, constants_in_words, other_forms};

use super::again::{apart, owners};
use super::smaller::Tried;
use super::{MAIN, Planned, StandIns, limit};

/// Why a smaller program is no stand-in for a function: it is no smaller than what it stands for, as far as time goes.
const TOO_LONG: &str = "it still takes too long";

/// Why it is none for a function that reads otherwise in it.
const OTHER_FORM: &str = "its kernels have another form";

/// A smaller program that was translated.
pub(super) struct Made {
    pub(super) tried: Tried,
    /// How long a run of it takes.
    pub(super) pace: Pace,
    plan: Plan,
    /// Its text, without mistakes.
    unit: Unit,
    /// The functions that it does not stand for, each with the reason.
    pub(super) left: BTreeMap<String, String>,
}

impl Made {
    /// Translates a smaller program by the moves of a plan.
    ///
    /// **Errors**: why it stands for no function at all.
    pub(super) fn of(
        stand_ins: &StandIns<'_>,
        (planned, unit): (Planned<'_>, &Unit),
        (tried, pace): (Tried, Pace),
    ) -> Result<Self, String> {
        let mut left = BTreeMap::new();
        for function in &tried.left {
            left.insert(function.clone(), TOO_LONG.to_owned());
        }
        // A program of which only functions can be tested is better than none.
        if left.remove(MAIN).is_some() && !tests_functions(unit) {
            return Err(tried.without(TOO_LONG));
        }
        let (choices, refused) = stand_ins.choices(planned, &tried.read);
        for (function, why) in refused {
            left.entry(function).or_insert(why);
        }
        let workload = tried.read.workload(stand_ins.target);
        let plan = stand_ins.target.plan(workload, &choices);
        let smaller = Planned {
            workload,
            choices: &choices,
            plan: &plan,
            ..planned
        };
        let own = smaller.emitted();
        let known = left.keys().cloned().collect();
        let others = other_forms(unit, &own, &owners(planned.plan), &known);
        let Some(others) = others else {
            return Err(tried.without(OTHER_FORM));
        };
        left.extend(others.into_iter().map(|name| (name, OTHER_FORM.to_owned())));
        Ok(Self {
            tried,
            pace,
            plan,
            unit: own,
            left,
        })
    }

    /// Returns it as a stand-in for all functions that it stands for but those that are `tested` already.
    pub(super) fn stand_in(&self, planned: Planned<'_>, tested: &BTreeSet<String>) -> StandIn {
        let is_left = |name: &str| self.left.contains_key(name) || tested.contains(name);
        let mut unit = self.unit.clone();
        limit(&mut unit, &self.plan, planned.check, is_left);
        let owners = owners(planned.plan);
        let others = owners.iter().filter(|(_, owner)| is_left(owner));
        StandIn {
            unit,
            others: others.map(|(name, _)| (*name).to_owned()).collect(),
            scaling: self.tried.scaled.scaling.clone(),
            apart: apart(planned.plan),
        }
    }
}

impl Tried {
    /// Says why the smaller program is no stand-in for something.
    pub(super) fn without(&self, why: &str) -> String {
        let constants = constants_in_words(&self.scaled.scaling.constants);
        format!("with smaller constants ({constants}): {why}")
    }
}

/// Returns whether tests call functions of a unit by themselves.
fn tests_functions(unit: &Unit) -> bool {
    let mut entries = unit.entries.iter();
    entries.any(|entry| entry.function.name != MAIN)
}
