//! The plan of a file, made again for a smaller one by the same moves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use mupac_ir::{
    Function, Memory, Plan, Reason, Refusal, RegionPlan, Span, Stmt, Storage, Trajectory,
};
use mupac_passes::{Choice, State};

use super::smaller::{Again, Smaller};
use super::{Planned, StandIns};
use crate::candidates::Target;

/// Why a smaller program is none where it has no such region.
const OTHER_LOOPS: &str = "its loops are others";

impl StandIns<'_> {
    /// Returns the same choice for every region of the smaller file, which has the name of the region there, and why functions
    /// have regions that have no such plan there.
    pub(super) fn choices(
        &self,
        planned: Planned<'_>,
        smaller: &Smaller,
    ) -> (Vec<Choice>, BTreeMap<String, String>) {
        let mut refused = BTreeMap::new();
        let regions = &smaller.workload(self.target).regions;
        let numbers = regions.iter().enumerate();
        let numbers: BTreeMap<&str, usize> = numbers
            .map(|(number, region)| (region.name.as_str(), number))
            .collect();
        let unplanned = regions.iter().map(|each| unplanned(each.span));
        let mut choices: Vec<Choice> = unplanned.collect();
        for choice in planned.choices {
            let Choice::Kernel(chosen) = choice else {
                continue;
            };
            let mut regions = planned.plan.regions.iter();
            let settled = regions.find(|each| each.name == chosen.name);
            let number = numbers.get(chosen.name.as_str()).copied();
            let again = match number {
                Some(number) => self.again(settled.unwrap_or(chosen), smaller, number),
                None => Err(OTHER_LOOPS.to_owned()),
            };
            match (number.and_then(|number| choices.get_mut(number)), again) {
                (Some(own), Ok(again)) => *own = Choice::Kernel(Box::new(again)),
                (_, again) => {
                    let why = again.err().unwrap_or_default();
                    let function = chosen.function.name.clone();
                    refused.entry(function).or_insert(why);
                }
            }
        }
        (choices, refused)
    }

    /// Returns the plan of a region by the moves of another one, with its thresholds; it is made once for the same moves.
    fn again(&self, chosen: &RegionPlan, smaller: &Smaller, number: usize) -> Again {
        let known = || smaller.again.lock().unwrap_or_else(PoisonError::into_inner);
        let known_of = |(moves, again): &(Trajectory, Again)| {
            (*moves == chosen.trajectory).then(|| again.clone())
        };
        let before = known().get(&chosen.name).and_then(known_of);
        let mut again = before.unwrap_or_else(|| {
            let again = self.again_now(chosen, smaller, number);
            let made = (chosen.trajectory.clone(), again.clone());
            known().insert(chosen.name.clone(), made);
            again
        })?;
        again.set_thresholds(&chosen.thresholds());
        Ok(again)
    }

    fn again_now(&self, chosen: &RegionPlan, smaller: &Smaller, number: usize) -> Again {
        let Target {
            settings, device, ..
        } = self.target;
        let refused = |refusal: Refusal| refusal.reason.to_string();
        let workload = Arc::clone(smaller.workload(self.target));
        let start = State::new(workload, number).ok_or(OTHER_LOOPS)?;
        let state = start.replay(&chosen.trajectory, device).map_err(refused)?;
        state.finish(settings, device).map_err(refused)
    }
}

/// Returns the choice for a region that has no kernel in the plan.
fn unplanned(at: Span) -> Choice {
    let reason = Reason::UserChoice {
        option: "the plan".to_owned(),
    };
    Choice::Original(Refusal::new(reason, at))
}

/// Returns to which function each definition belongs that a plan changes.
pub(super) fn owners(plan: &Plan) -> BTreeMap<&str, &str> {
    let mut owners = BTreeMap::new();
    for region in &plan.regions {
        let function = region.function.name.as_str();
        let kernels = region
            .kernels
            .iter()
            .map(|(_, kernel)| kernel.name.as_str());
        owners.extend(kernels.chain([function]).map(|name| (name, function)));
    }
    owners
}

/// Returns the functions of which one region does all that others see, without a value that many blocks join.
pub(super) fn apart(plan: &Plan) -> BTreeSet<String> {
    let is_apart = |region: &&RegionPlan| {
        let is_own = |other: &&RegionPlan| other.of == region.of;
        let function = &plan.module.functions[region.of];
        matches!(region.memory, Memory::Explicit | Memory::System)
            && region.reductions.iter().next().is_none()
            && region.split_sums.is_empty()
            && plan.regions.iter().filter(is_own).count() == 1
            && function
                .body
                .iter()
                .all(|each| is_of(region, each) || is_hidden(function, each))
    };
    let found = plan.regions.iter().filter(is_apart);
    found.map(|region| region.function.name.clone()).collect()
}

fn is_of(region: &RegionPlan, statement: &Stmt) -> bool {
    let (own, all) = (statement.span(), region.replaces);
    own.start >= all.start && own.end <= all.end
}

/// Returns whether a statement only sets variables that end with the function.
fn is_hidden(function: &Function, statement: &Stmt) -> bool {
    match statement {
        Stmt::Declare(..) | Stmt::Let(..) | Stmt::Return(..) => true,
        Stmt::Compute(compute) => {
            let var = &function.vars[compute.target.var];
            compute.target.path.is_empty()
                && matches!(var.storage, Storage::Local | Storage::Parameter)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}
