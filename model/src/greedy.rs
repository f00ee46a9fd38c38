//! The greedy choice: phase by phase, one move at a time or two where the first makes the second possible, each the best
//! of its kind, until none helps.
//!
//! At first only moves that shape loops are tried; which loop goes to which axis follows from their order, by the
//! default bindings, so an interchange is what brings another loop to `thread.x`.
//! States between the region as written and a complete mapping cannot run, so each one is judged by what the default
//! bindings would make of it.
//! From the best shapes the choice goes on to the work of a thread and to memory (`refine`), since another
//! shape may be the best once arrays are shared.

use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Mapping, Refusal, Stmt};
use mupac_passes::{Device, Draft, Phase, State, steps};

use crate::bindings;
use crate::oracle::{Evaluation, Oracle, OracleError};

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
    pub(crate) time: Evaluation,
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
    let default = completion(start, device).map_err(ChoiceError::NoMapping)?;
    if !oracle.has_opinion() {
        return judged(default);
    }
    let opened = Draft::opened(start);
    let opened = opened.map_err(|refusal| ChoiceError::NoMapping(Box::new(refusal)))?;
    let mut at = opened.brought_out().into_owned();
    let mut chosen = legal(&at, default, oracle, device)?;
    while let Some((next, better)) = freed(&at, &chosen, oracle, device) {
        (at, chosen) = (next, better);
    }
    Ok(chosen.what)
}

/// Returns the draft after a move that frees a loop, and the choice from there on, where that is better than what is chosen; of
/// several the best.
///
/// What such a move costs shows at once, what it gains only with the shapes of loops and the work of threads.
fn freed(
    at: &Draft,
    chosen: &Rated<State>,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Option<(Draft, Rated<State>)> {
    let mut found: Option<(Draft, Rated<State>)> = None;
    let mut most = chosen.time.log2_seconds - LEAST_GAIN;
    let offers = at.offers(device).into_iter();
    for offer in offers.filter(|offer| steps::frees_a_loop(&offer.step)) {
        let next = at.after(&offer.step, device).ok();
        let next = next.map(|next| next.brought_out().into_owned());
        let other = next.and_then(|next| {
            let default = completion(&next, device).ok()?;
            let other = legal(&next, default, oracle, device).ok()?;
            Some((next, other))
        });
        if let Some((next, other)) = other
            && other.time.log2_seconds < most
        {
            most = other.time.log2_seconds;
            found = Some((next, other));
        }
    }
    found
}

/// Returns the choice that begins with a draft, which the default bindings complete so.
///
/// The judge takes longer than the estimates and accepts most drafts, so it is asked for the chosen one alone; only where it
/// refuses that, or the way led to what has no estimate, does the choice start over and ask at every move.
fn legal(
    at: &Draft,
    default: Draft,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Rated<State>, ChoiceError> {
    let chosen = Walk::new(oracle, device, |_| true).from(at.clone(), default.clone());
    if let Ok(chosen) = chosen
        && let Ok(what) = chosen.what.judged()
    {
        let time = chosen.time;
        return Ok(Rated { what, time });
    }
    let what = judged(default)?;
    let is_legal = |draft: &Draft| draft.clone().judged().is_ok();
    let mut walk = Walk::new(oracle, device, is_legal);
    let chosen = walk.from(at.clone(), Draft::clone(&what))?;
    let time = chosen.time;
    if let Ok(what) = chosen.what.judged() {
        return Ok(Rated { what, time });
    }
    let time = walk.rated(Draft::clone(&what))?.time;
    Ok(Rated { what, time })
}

fn judged(draft: Draft) -> Result<State, ChoiceError> {
    let state = draft.judged();
    state.map_err(|refusal| ChoiceError::NoMapping(Box::new(refusal)))
}

/// The way from a region as written to a mapping.
pub(crate) struct Walk<'a, A> {
    pub(crate) oracle: &'a mut dyn Oracle,
    pub(crate) device: &'a Device,
    /// Whether the walk may go to a draft.
    pub(crate) may_enter: A,
}

impl<'a, A: Fn(&Draft) -> bool> Walk<'a, A> {
    fn new(oracle: &'a mut dyn Oracle, device: &'a Device, may_enter: A) -> Self {
        Self {
            oracle,
            device,
            may_enter,
        }
    }

    /// Returns where the walk ends that begins with a draft, which the default bindings complete so.
    fn from(&mut self, mut at: Draft, default: Draft) -> Result<Rated<Draft>, OracleError> {
        let mut best = self.rated(default)?;
        let mut passed = Vec::new();
        while let Some(step) =
            self.best_step(&at, best.time.log2_seconds - LEAST_GAIN, &mut passed)?
        {
            at = step.draft;
            let left = std::mem::replace(&mut best, step.completed);
            passed.push(left);
        }
        let mut chosen = self.refined(best)?;
        for other in self.promising(passed, chosen.time.log2_seconds - LEAST_GAIN)? {
            if other.least < chosen.time.log2_seconds - LEAST_GAIN
                && (self.may_enter)(&other.shape.what)
            {
                let other = self.refined(other.shape)?;
                if other.time.log2_seconds < chosen.time.log2_seconds - LEAST_GAIN {
                    chosen = other;
                }
            }
        }
        Ok(chosen)
    }

    fn rated(&mut self, what: Draft) -> Result<Rated<Draft>, OracleError> {
        let evaluations = self.oracle.evaluate(&[&what])?;
        let time = evaluations.first().copied().unwrap_or(Evaluation {
            log2_seconds: f64::INFINITY,
            bound_log2_seconds: f64::INFINITY,
        });
        Ok(Rated { what, time })
    }

    /// Returns of the shapes that were passed those that could come below so much, the most promising first.
    fn promising(
        &mut self,
        mut passed: Vec<Rated<Draft>>,
        most_log2_seconds: f64,
    ) -> Result<Vec<Promising>, OracleError> {
        let seconds = |shape: &Rated<Draft>| shape.time.log2_seconds;
        passed.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        passed.dedup_by(|a, b| (seconds(a) - seconds(b)).abs() <= f64::EPSILON);
        let mut found = Vec::new();
        for shape in passed {
            let least = self.least(&shape, most_log2_seconds)?;
            if least < most_log2_seconds {
                found.push(Promising { shape, least });
            }
        }
        found.sort_by(|a, b| a.least.total_cmp(&b.least));
        found.truncate(SHAPES - 1);
        Ok(found)
    }

    /// Returns what a shape could come to if reads of one array took nothing, or with one way to carry out updates; only what
    /// is below `most` is exact.
    fn least(&mut self, shape: &Rated<Draft>, most_log2_seconds: f64) -> Result<f64, OracleError> {
        let offers = shape.what.offers(self.device);
        let idioms = offers.iter().filter(|offer| offer.phase == Phase::Idiom);
        let made = idioms.filter_map(|offer| shape.what.after(&offer.step, self.device).ok());
        let made: Vec<Draft> = made.collect();
        let evaluations = self.oracle.evaluate(&made.iter().collect::<Vec<_>>())?;
        let seconds = evaluations.iter().map(|each| each.log2_seconds);
        let mut least = seconds.fold(f64::INFINITY, f64::min);
        // What is in vain for all arrays together is so for each.
        if shape.time.bound_log2_seconds < most_log2_seconds {
            let arrays: BTreeSet<_> = offers.iter().filter_map(|offer| offer.relieves).collect();
            for array in arrays {
                least = least.min(self.oracle.bound(&shape.what, array)?);
            }
        }
        Ok(least)
    }

    /// Returns the best successor that takes at most so long; the others join those `passed` by.
    fn best_step(
        &mut self,
        at: &Draft,
        most_log2_seconds: f64,
        passed: &mut Vec<Rated<Draft>>,
    ) -> Result<Option<Step>, OracleError> {
        let device = self.device;
        let successors: Vec<(Draft, Draft)> = at
            .offers(device)
            .iter()
            .filter(|offer| offer.phase <= Phase::Loop && !steps::frees_a_loop(&offer.step))
            .filter_map(|offer| {
                let draft = at.after(&offer.step, device).ok()?;
                let draft = draft.brought_out().into_owned();
                let completed = completion(&draft, device).ok()?;
                fills_a_warp(&completed, device).then_some((draft, completed))
            })
            .collect();
        let complete: Vec<&Draft> = successors.iter().map(|(_, completed)| completed).collect();
        let evaluations = self.oracle.evaluate(&complete)?;
        let mut steps: Vec<Step> = successors
            .into_iter()
            .zip(evaluations)
            .map(|((draft, what), time)| Step {
                draft,
                completed: Rated { what, time },
            })
            .collect();
        // A stable order, so that ties go to the move that is offered first.
        steps.sort_by(|a, b| {
            let seconds = |step: &Step| step.completed.time.log2_seconds;
            seconds(a).total_cmp(&seconds(b))
        });
        let mut found = None;
        for step in steps {
            let is_wanted =
                found.is_none() && step.completed.time.log2_seconds <= most_log2_seconds;
            if is_wanted && (self.may_enter)(&step.draft) && (self.may_enter)(&step.completed.what)
            {
                found = Some(step);
            } else {
                passed.push(step.completed);
            }
        }
        Ok(found)
    }
}

/// A shape that was passed by.
struct Promising {
    shape: Rated<Draft>,
    /// What it could come to.
    ///
    /// **Units**: binary logarithm of seconds.
    least: f64,
}

/// A successor with what the default bindings make of it.
struct Step {
    draft: Draft,
    completed: Rated<Draft>,
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

/// Returns the draft itself if it can be lowered, else what the default bindings make of it.
///
/// **Errors**: the default bindings do not fit.
pub fn completion(draft: &Draft, device: &Device) -> Result<Draft, Box<Refusal>> {
    if draft.is_complete() {
        return Ok(draft.clone());
    }
    draft
        .replay(&bindings::default(draft), device)
        .map_err(Box::new)
}
