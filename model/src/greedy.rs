//! The greedy choice: phase by phase, one move at a time or two where the first makes the second possible, each the best
//! of its kind, until none helps.
//!
//! At first only moves that shape loops are tried; which loop goes to which axis follows from their order, by the
//! default bindings, so an interchange is what brings another loop to `thread.x`.
//! States between the region as written and a complete mapping cannot run, so each one is judged by what the default
//! bindings would make of it.
//! From the best shapes the choice goes on to the work of a thread and to memory (`refine`), since another
//! shape may be the best once arrays are shared.

use std::borrow::Cow;
use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Mapping, Refusal, Stmt};
use mupac_passes::{Device, Draft, Phase, State};

use crate::bindings;
use crate::oracle::{Oracle, OracleError};
use crate::refine::refined;

/// Gains below 7 % are within what an estimate can be wrong by, and no reason to leave the default bindings.
///
/// **Units**: binary logarithm of the factor.
pub(crate) const LEAST_GAIN: f64 = 0.1;

/// Shapes from which the choice goes on.
const SHAPES: usize = 3;

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

/// Something with its time.
#[derive(Clone, Debug)]
pub(crate) struct Rated<T> {
    pub(crate) what: T,
    pub(crate) log2_seconds: f64,
}

/// Returns a complete state that `oracle` prefers to every state a move away on the same path.
///
/// Ties go to the move that is offered first, so the choice depends on nothing but its arguments.
///
/// **Errors**: the default bindings do not fit, or the oracle fails.
pub fn greedy(
    start: &State,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<State, ChoiceError> {
    let default = completed(start, device).map_err(ChoiceError::NoMapping)?;
    if !oracle.has_opinion() {
        return Ok(default);
    }
    let log2_seconds = oracle
        .evaluate(&[&default])?
        .first()
        .map_or(f64::INFINITY, |evaluation| evaluation.log2_seconds);
    let mut best = Rated {
        what: default,
        log2_seconds,
    };
    let opened = start.opened().and_then(|opened| brought_out(&opened));
    let mut at = opened.map_err(|refusal| ChoiceError::NoMapping(Box::new(refusal)))?;
    let mut passed = Vec::new();
    while let Some(step) = best_step(
        &at,
        best.log2_seconds - LEAST_GAIN,
        oracle,
        device,
        &mut passed,
    )? {
        at = step.state;
        passed.push(Rated {
            what: Draft::clone(&best.what),
            log2_seconds: best.log2_seconds,
        });
        best = Rated {
            what: step.completed,
            log2_seconds: step.log2_seconds,
        };
    }
    let mut chosen = refined(best, oracle, device)?;
    for (other, least) in promising(passed, oracle, device)? {
        let is_better = |log2_seconds: f64| log2_seconds < chosen.log2_seconds - LEAST_GAIN;
        let Some(what) = is_better(least).then(|| other.what.judged().ok()).flatten() else {
            continue;
        };
        let log2_seconds = other.log2_seconds;
        let other = refined(Rated { what, log2_seconds }, oracle, device)?;
        if is_better(other.log2_seconds) {
            chosen = other;
        }
    }
    Ok(chosen.what)
}

/// Returns a state with parallel loops outside of the sequential ones right around them.
fn brought_out(state: &State) -> Result<State, Refusal> {
    match state.brought_out() {
        Cow::Borrowed(_) => Ok(state.clone()),
        Cow::Owned(draft) => draft.judged(),
    }
}

/// Returns of the shapes that were passed by those that could become fastest, with what they could come to if one array
/// took nothing to read, or with one way to carry out updates.
fn promising(
    mut passed: Vec<Rated<Draft>>,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Vec<(Rated<Draft>, f64)>, OracleError> {
    passed.sort_by(|a, b| a.log2_seconds.total_cmp(&b.log2_seconds));
    passed.dedup_by(|a, b| (a.log2_seconds - b.log2_seconds).abs() <= f64::EPSILON);
    let mut rated = Vec::new();
    for each in passed {
        let offers = each.what.offers(device);
        let arrays: BTreeSet<_> = offers.iter().filter_map(|offer| offer.relieves).collect();
        let mut least = f64::INFINITY;
        for array in arrays {
            least = least.min(oracle.bound(&each.what, array)?.log2_seconds);
        }
        let idioms = offers.iter().filter(|offer| offer.phase == Phase::Idiom);
        let made = idioms.filter_map(|offer| each.what.after(&offer.step, device).ok());
        let made: Vec<Draft> = made.collect();
        for evaluation in oracle.evaluate(&made.iter().collect::<Vec<_>>())? {
            least = least.min(evaluation.log2_seconds);
        }
        rated.push((each, least));
    }
    rated.sort_by(|a, b| a.1.total_cmp(&b.1));
    rated.truncate(SHAPES - 1);
    Ok(rated)
}

/// A successor with what the default bindings make of it.
struct Step<S> {
    state: S,
    completed: S,
    log2_seconds: f64,
}

/// Returns the best successor that takes at most so long; the others join those `passed` by.
///
/// The judge is slower than the estimates, so drafts come before it best first, and the first that it accepts, with
/// what completes it, is the one.
fn best_step(
    at: &State,
    most_log2_seconds: f64,
    oracle: &mut dyn Oracle,
    device: &Device,
    passed: &mut Vec<Rated<Draft>>,
) -> Result<Option<Step<State>>, OracleError> {
    let successors: Vec<(Draft, Draft)> = at
        .offers(device)
        .iter()
        .filter(|offer| offer.phase <= Phase::Loop)
        .filter_map(|offer| {
            let draft = Draft::after(at, &offer.step, device).ok()?;
            let draft = draft.brought_out().into_owned();
            let completed = completion(&draft, device).ok()?;
            fills_a_warp(&completed, device).then_some((draft, completed))
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
        .collect();
    // A stable order, so that ties go to the move that is offered first.
    steps.sort_by(|a, b| a.log2_seconds.total_cmp(&b.log2_seconds));
    let mut found = None;
    for step in steps {
        let is_wanted = found.is_none() && step.log2_seconds <= most_log2_seconds;
        let judged = is_wanted.then(|| {
            step.state
                .judged()
                .ok()
                .zip(step.completed.clone().judged().ok())
        });
        match judged.flatten() {
            Some((state, completed)) => {
                found = Some(Step {
                    state,
                    completed,
                    log2_seconds: step.log2_seconds,
                });
            }
            None => passed.push(Rated {
                what: step.completed,
                log2_seconds: step.log2_seconds,
            }),
        }
    }
    Ok(found)
}

/// Returns whether every block has as many threads as execute together; with fewer, lanes would idle whatever the sizes.
fn fills_a_warp(complete: &Draft, device: &Device) -> bool {
    let of_nest = |nest: &[Stmt]| {
        let mut threads = 1;
        mupac_ir::structure::each(nest, &mut |stmt| {
            if let Stmt::For(each) = stmt
                && matches!(each.mapping, Mapping::Thread(_))
                && let ExprKind::Int(count) = complete.function().exprs[each.end].kind
            {
                threads *= count;
            }
        });
        threads >= i128::from(device.warp)
    };
    complete.nests().into_iter().all(of_nest)
}

/// Returns the state itself if it can be lowered, else what the default bindings make of it.
pub(crate) fn completed(state: &State, device: &Device) -> Result<State, Box<Refusal>> {
    if state.is_complete() {
        return Ok(state.clone());
    }
    completion(state, device).and_then(|draft| draft.judged().map_err(Box::new))
}

/// Returns the draft itself if it can be lowered, else what the default bindings make of it.
pub(crate) fn completion(draft: &Draft, device: &Device) -> Result<Draft, Box<Refusal>> {
    if draft.is_complete() {
        return Ok(draft.clone());
    }
    draft
        .replay(&bindings::default(draft), device)
        .map_err(Box::new)
}
