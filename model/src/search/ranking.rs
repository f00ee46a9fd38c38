//! The plans that a search found, best first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use mupac_ir::Trajectory;
use mupac_passes::{Device, State, StateKey};

use crate::greedy::LEAST_GAIN;

/// How many plans are kept, beside those that the judge refuses.
const KEPT: usize = 8;

/// How many plans the judge sees at most.
const MOST_JUDGED: usize = 3 * KEPT;

/// A complete plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The moves from the region as written.
    pub trajectory: Trajectory,
    /// What they make.
    pub key: StateKey,
    /// What the oracle says.
    pub log2_seconds: f64,
}

/// Distinct complete plans, best first, of which not all need be legal.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// The best last.
    plans: Vec<Plan>,
    /// How many simulations found them.
    pub simulations: usize,
}

impl Ranking {
    /// Ranks plans, in the order in which they were found.
    ///
    /// Among plans that differ by less than an estimate can tell, the one with the fewest moves comes first; of equals
    /// the one that was found first.
    pub fn new(found: impl IntoIterator<Item = Plan>, simulations: usize) -> Self {
        let mut distinct: BTreeMap<StateKey, usize> = BTreeMap::new();
        let mut left: Vec<Plan> = Vec::new();
        for plan in found {
            let next = left.len();
            match *distinct.entry(plan.key).or_insert(next) {
                at if at == next => left.push(plan),
                // Another way to the same place, perhaps a shorter one.
                at if moves(&plan) < moves(&left[at]) => left[at] = plan,
                _ => {}
            }
        }
        let mut plans = Vec::new();
        while let Some(best) = best(left.iter()).filter(|_| plans.len() < MOST_JUDGED) {
            plans.push(left.remove(best));
        }
        plans.reverse();
        Self { plans, simulations }
    }

    /// Returns the best plan that is left and that the judge accepts.
    pub fn next_legal(&mut self, start: &State, device: &Device) -> Option<State> {
        while let Some(plan) = self.plans.pop() {
            if let Ok(state) = start.replay(&plan.trajectory, device) {
                return Some(state);
            }
        }
        None
    }

    /// Returns the plans that are left, best first.
    pub fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.plans.iter().rev()
    }
}

fn moves(plan: &Plan) -> usize {
    plan.trajectory.moves.len()
}

/// Returns the position of the best of some plans.
pub(super) fn best<'a>(plans: impl Iterator<Item = &'a Plan> + Clone) -> Option<usize> {
    let times = plans.clone().map(|plan| plan.log2_seconds);
    let fastest = times.min_by(f64::total_cmp)?;
    plans
        .enumerate()
        .filter(|(_, plan)| plan.log2_seconds <= fastest + LEAST_GAIN)
        .min_by(|(_, a), (_, b)| by_moves_and_time(a, b))
        .map(|(position, _)| position)
}

fn by_moves_and_time(a: &Plan, b: &Plan) -> Ordering {
    let by_time = || a.log2_seconds.total_cmp(&b.log2_seconds);
    moves(a).cmp(&moves(b)).then_with(by_time)
}
