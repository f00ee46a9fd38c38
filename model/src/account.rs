//! What each move of a chosen trajectory was good for, in the opinion of the analytic estimate.

use mupac_ir::Trajectory;
use mupac_passes::{Device, Draft, State};

use crate::Analytic;
use crate::analytic::{Estimate, Resource};
use crate::greedy::completion;

/// What one or several moves were good for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// How much faster the region became.
    ///
    /// **Units**: binary logarithm of the factor; positive is faster.
    pub log2_gain: f64,
    /// What most of the time is spent on afterwards.
    pub bottleneck: Resource,
}

/// What one run of a region takes, at typical sizes where they are not known.
///
/// **Units**: seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// The kernels, with their launches.
    pub kernels: f64,
    /// What the host looks at before, such as subscripts in memory.
    pub inspections: f64,
    /// What the host looks at before the first run alone: later ones know it.
    pub first_inspections: f64,
    /// Copies of all that the region touches.
    pub copies: f64,
    /// One core of the host, without kernels.
    pub host: f64,
}

/// Two predictions are not told apart below this factor.
///
/// **Source**: assumed; of 20 programs of `PolyBench` whose gain was predicted and measured on 2026-11-26, 14 were predicted
/// to a factor of 2.
const NEAR: f64 = 1.25;

impl Times {
    /// Returns whether kernels are worth their copies, or come so near that nobody can tell.
    pub fn is_worthwhile(&self) -> bool {
        self.on_device() + self.copies < NEAR * self.host
    }

    /// Returns what the kernels take with all that belongs to them but copies.
    pub fn on_device(&self) -> f64 {
        self.kernels + self.inspections
    }
}

/// What a trajectory was good for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// By move; `None` where the move only completes the mapping by the default bindings, or nothing is known.
    pub moves: Vec<Option<Effect>>,
    /// All moves together, against the default bindings alone.
    pub whole: Option<Effect>,
    /// What one run of the region takes; `None` where it has no default mapping.
    pub times: Option<Times>,
}

/// Returns the effects of the moves of a trajectory.
///
/// As in the greedy choice, a state between is worth what the default bindings complete it to.
pub fn effects(
    start: &State,
    trajectory: &Trajectory,
    analytic: &Analytic,
    device: &Device,
) -> Effects {
    let mut effects = Effects::default();
    let Ok(default) = completion(start, device) else {
        return effects;
    };
    let first = analytic.estimate(&default);
    let (mut at, mut before) = (Some(Draft::clone(start)), first);
    // Moves up to this one are what the default bindings make of those before.
    let mut completing = leading(&default, trajectory);
    for (number, each) in trajectory.moves.iter().enumerate() {
        at = at.and_then(|draft| draft.after(each, device).ok());
        if number < completing {
            effects.moves.push(None);
            continue;
        }
        let complete = at.as_ref().and_then(|draft| completion(draft, device).ok());
        effects.moves.push(complete.map(|complete| {
            completing = leading(&complete, trajectory);
            let after = analytic.estimate(&complete);
            effect(&std::mem::replace(&mut before, after), &after)
        }));
    }
    let Some(last) = at else {
        return effects;
    };
    let after = analytic.estimate(&last);
    let [host, copies] = analytic.without_kernels(&last);
    let inspections = analytic.inspections(&last);
    effects.whole = Some(effect(&first, &after));
    effects.times = Some(Times {
        kernels: after.seconds() - inspections,
        inspections,
        first_inspections: 0.0,
        copies,
        host,
    });
    effects
}

/// Returns how many moves a trajectory begins with that led to a draft; 0 where it does not begin with them.
fn leading(draft: &Draft, trajectory: &Trajectory) -> usize {
    let moves = &draft.trajectory().moves;
    if trajectory.moves.starts_with(moves) {
        moves.len()
    } else {
        0
    }
}

fn effect(before: &Estimate, after: &Estimate) -> Effect {
    Effect {
        log2_gain: (before.seconds() / after.seconds()).log2(),
        bottleneck: after.bottleneck(),
    }
}
