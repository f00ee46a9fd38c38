//! The greedy choice: one move at a time, each the best of its kind, until none helps.
//!
//! Only moves that shape the loops are tried; which loop goes to which axis follows from their order, by the default
//! bindings, so an interchange is what brings another loop to `thread.x`.
//! States between the region as written and a complete mapping cannot run, so each one is judged by what the default
//! bindings would make of it.
//! The choice finds what single moves lead to; two moves that only pay together it misses.

use mupac_ir::Refusal;
use mupac_passes::{Device, Draft, Phase, State};

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
    while let Some(step) = best_step(&at, cost - LEAST_GAIN, oracle, device)? {
        (at, best, cost) = (step.state, step.completed, step.log2_seconds);
    }
    Ok(best)
}

/// A successor with what the default bindings make of it.
struct Step<S> {
    state: S,
    completed: S,
    log2_seconds: f64,
}

/// Returns the best successor that takes at most so long.
///
/// The judge is slower than the estimates, so drafts come before it best first, and the first that it accepts, with
/// what completes it, is the one.
fn best_step(
    at: &State,
    most_log2_seconds: f64,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Option<Step<State>>, OracleError> {
    let successors: Vec<(Draft, Draft)> = at
        .offers(device)
        .iter()
        .filter(|offer| offer.phase <= Phase::Loop)
        .filter_map(|offer| {
            let each = &offer.step;
            let draft = Draft::after(at, each, device).ok()?;
            let completed = completion(&draft, device).ok()?;
            Some((draft, completed))
        })
        .collect();
    let complete: Vec<&Draft> = successors.iter().map(|(_, completed)| completed).collect();
    let evaluations = oracle.evaluate(&complete)?;
    let mut steps: Vec<Step<Draft>> = successors
        .into_iter()
        .zip(evaluations)
        .map(|((state, completed), evaluation)| Step {
            state,
            completed,
            log2_seconds: evaluation.log2_seconds,
        })
        .filter(|step| step.log2_seconds <= most_log2_seconds)
        .collect();
    // A stable order, so that ties go to the move that is offered first.
    steps.sort_by(|a, b| a.log2_seconds.total_cmp(&b.log2_seconds));
    Ok(steps.into_iter().find_map(|step| {
        Some(Step {
            state: step.state.judged().ok()?,
            completed: step.completed.judged().ok()?,
            log2_seconds: step.log2_seconds,
        })
    }))
}

/// Returns the state itself if it can be lowered, else what the default bindings make of it.
pub(crate) fn completed(state: &State, device: &Device) -> Result<State, Box<Refusal>> {
    if state.is_complete() {
        return Ok(state.clone());
    }
    completion(state, device).and_then(|draft| draft.judged().map_err(Box::new))
}

/// Returns the draft itself if it can be lowered, else what the default bindings make of it.
fn completion(draft: &Draft, device: &Device) -> Result<Draft, Box<Refusal>> {
    if draft.is_complete() {
        return Ok(draft.clone());
    }
    draft
        .replay(&bindings::default(draft), device)
        .map_err(Box::new)
}
