//! The greedy choice: one move at a time, each the best of its kind, until none helps.
//!
//! Only moves that shape the loops are tried; which loop goes to which axis follows from their order, by the default
//! bindings, so an interchange is what brings another loop to `thread.x`.
//! States between the region as written and a complete mapping cannot run, so each one is judged by what the default
//! bindings would make of it.
//! The choice finds what single moves lead to; two moves that only pay together it misses.

use mupac_ir::Refusal;
use mupac_passes::{Device, State};

use crate::bindings;
use crate::oracle::{Oracle, OracleError};

/// Gains below 7 % are within what an estimate can be wrong by, and no reason to leave the default bindings.
///
/// **Units**: binary logarithm of the factor.
const LEAST_GAIN: f64 = 0.1;

/// Why no mapping was chosen.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChoiceError {
    /// Not even the default bindings fit the region.
    #[error("{}", .0.reason)]
    NoMapping(Box<Refusal>),
    /// The oracle has no opinion.
    #[error(transparent)]
    Oracle(#[from] OracleError),
}

/// Returns a complete state that `oracle` prefers to every state one move away on the same path.
///
/// Ties go to the move that is offered first, so the choice depends on nothing but its arguments.
///
/// **Errors**: the default bindings do not fit, or the oracle fails.
pub fn greedy(
    start: &State,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<State, ChoiceError> {
    let mut best = completed(start, device).map_err(ChoiceError::NoMapping)?;
    if !oracle.has_opinion() {
        return Ok(best);
    }
    let mut cost = oracle
        .evaluate(&[&best])?
        .first()
        .map_or(f64::INFINITY, |evaluation| evaluation.log2_seconds);
    let mut at = start.clone();
    while let Some(step) = best_step(&at, oracle, device)? {
        if step.log2_seconds > cost - LEAST_GAIN {
            break;
        }
        (at, best, cost) = (step.state, step.completed, step.log2_seconds);
    }
    Ok(best)
}

/// A successor with what the default bindings make of it.
struct Step {
    state: State,
    completed: State,
    log2_seconds: f64,
}

fn best_step(
    at: &State,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Option<Step>, OracleError> {
    // A move that the judge refuses, or that leaves nothing to complete, is no successor.
    let successors: Vec<(State, State)> = at
        .moves(device)
        .iter()
        .filter(|each| each.step != bindings::STEP)
        .filter_map(|each| at.after(each, device).ok())
        .filter_map(|state| {
            completed(&state, device)
                .ok()
                .map(|completed| (state, completed))
        })
        .collect();
    let complete: Vec<&State> = successors.iter().map(|(_, completed)| completed).collect();
    let evaluations = oracle.evaluate(&complete)?;
    let mut best: Option<Step> = None;
    for ((state, completed), evaluation) in successors.into_iter().zip(evaluations) {
        if best
            .as_ref()
            .is_none_or(|best| evaluation.log2_seconds < best.log2_seconds)
        {
            best = Some(Step {
                state,
                completed,
                log2_seconds: evaluation.log2_seconds,
            });
        }
    }
    Ok(best)
}

/// Returns the state itself if it can be lowered, else what the default bindings make of it.
pub(crate) fn completed(state: &State, device: &Device) -> Result<State, Box<Refusal>> {
    if state.is_complete() {
        return Ok(state.clone());
    }
    state
        .replay(&bindings::default(state), device)
        .map_err(Box::new)
}
