//! From plans to trajectories: in which kind of nest each move was made.

use mupac_ir::hash::text_hash;
use mupac_ir::{Refusal, Trajectory};
use mupac_passes::{Device, Draft, State};

use super::{Made, Record, SCHEMA, Source};
use crate::search::Plan;
use crate::signature::{Signature, nest_of, role};

/// Returns the moves of a trajectory, each with the nest that it was made in; moves of loops that stand in no nest are
/// left out.
///
/// **Errors**: the first move that does not fit.
pub fn trace(
    start: &State,
    trajectory: &Trajectory,
    device: &Device,
) -> Result<Vec<Made>, Refusal> {
    let mut draft: Draft = (**start).clone();
    let mut moves = Vec::new();
    for each in &trajectory.moves {
        if let Some((number, nest)) = nest_of(&draft, &each.target)
            && let Some(role) = role(nest, each)
        {
            moves.push(Made {
                text: each.to_string(),
                role,
                nest: Signature::of(&draft, nest),
                number,
            });
        }
        draft = draft.after(each, device)?;
    }
    Ok(moves)
}

/// Returns the trajectories of the plans of one region that a search found, best first, against the default bindings.
///
/// **Units**: `default` is the binary logarithm of the seconds by the default bindings.
///
/// **Errors**: a plan that does not fit the region.
pub fn records(
    start: &State,
    plans: &[Plan],
    default: f64,
    device: &Device,
) -> Result<Vec<Record>, Refusal> {
    let times = plans.iter().map(|plan| plan.log2_seconds);
    let best = times.fold(default, f64::min);
    let source = &start.workload().module.source;
    plans
        .iter()
        .map(|plan| {
            Ok(Record {
                schema: SCHEMA,
                program: source.name.clone(),
                text: text_hash(source.text()),
                region: start.region().name.clone(),
                hardware: device.name.clone(),
                source: Source::Estimated,
                gain: thousandths(default - plan.log2_seconds),
                regret: thousandths(best - plan.log2_seconds),
                failure: None,
                moves: trace(start, &plan.trajectory, device)?,
            })
        })
        .collect()
}

/// Rounds to a thousandth, so that lines do not depend on the last digits of the mathematical library.
fn thousandths(value: f64) -> f64 {
    // Adding 0 makes a negative zero positive.
    (value * 1000.0).round() / 1000.0 + 0.0
}
