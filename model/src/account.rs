//! What each move of a chosen trajectory was good for, in the opinion of the analytic estimate.

use mupac_ir::Trajectory;
use mupac_passes::{Device, State};

use crate::Analytic;
use crate::analytic::{Estimate, Resource};
use crate::greedy::completed;

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

/// What a trajectory was good for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// By move; `None` where the move only completes the mapping by the default bindings, or nothing is known.
    pub moves: Vec<Option<Effect>>,
    /// All moves together, against the default bindings alone.
    pub whole: Option<Effect>,
}

/// Returns the effects of the moves of a trajectory.
///
/// As in the greedy choice, a state between is worth what the default bindings complete it to; from where they
/// complete it to the end of the trajectory, nothing was chosen any more.
pub fn effects(start: &State, trajectory: &Trajectory, device: &Device) -> Effects {
    let analytic = Analytic::default();
    let mut effects = Effects::default();
    let Ok(default) = completed(start, device) else {
        return effects;
    };
    let first = analytic.estimate(&default);
    let mut is_chosen = default.trajectory() != trajectory;
    let (mut at, mut before) = (Some(start.clone()), first);
    for each in &trajectory.moves {
        at = at.and_then(|state| state.after(each, device).ok());
        let complete = at.as_ref().filter(|_| is_chosen);
        let complete = complete.and_then(|state| completed(state, device).ok());
        effects.moves.push(complete.map(|complete| {
            is_chosen = complete.trajectory() != trajectory;
            let after = analytic.estimate(&complete);
            effect(&std::mem::replace(&mut before, after), &after)
        }));
    }
    effects.whole = at.map(|last| effect(&first, &analytic.estimate(&last)));
    effects
}

fn effect(before: &Estimate, after: &Estimate) -> Effect {
    Effect {
        log2_gain: (before.seconds() / after.seconds()).log2(),
        bottleneck: after.bottleneck(),
    }
}
