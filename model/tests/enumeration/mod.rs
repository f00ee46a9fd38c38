//! Looks at every complete plan of a region, without any search.

use std::collections::{BTreeSet, VecDeque};

use mupac_ir::Trajectory;
use mupac_model::{Analytic, Oracle};
use mupac_passes::{Device, Draft, Phase, State, StateKey};

/// The best of all complete plans of a region.
#[derive(Clone, Debug)]
pub(crate) struct Optimum {
    /// **Units**: binary logarithm of seconds.
    pub(crate) log2_seconds: f64,
    /// The moves that make it.
    pub(crate) trajectory: Trajectory,
    /// How many states the region has in all.
    pub(crate) states: usize,
}

/// Returns the best of all complete plans that the judge accepts; `None` where there are none, or more than `most` states.
pub(crate) fn optimum(start: &State, most: usize) -> Option<Optimum> {
    let device = Device::default();
    let opened = start.opened().ok()?;
    let mut seen: BTreeSet<(StateKey, Phase)> = BTreeSet::new();
    let mut left = VecDeque::from([(opened.brought_out().into_owned(), Phase::Region)]);
    let mut complete = Vec::new();
    while let Some((draft, phase)) = left.pop_front() {
        if !seen.insert((draft.key(), phase)) {
            continue;
        }
        if seen.len() > most {
            return None;
        }
        for offer in draft.offers(&device) {
            if offer.phase >= phase
                && let Ok(next) = draft.after(&offer.step, &device)
            {
                left.push_back((next.brought_out().into_owned(), offer.phase));
            }
        }
        if draft.is_complete() {
            complete.push((seconds(&draft)?, draft));
        }
    }
    complete.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let best = |(log2_seconds, draft): (f64, Draft)| {
        let trajectory = draft.trajectory().clone();
        draft.judged().is_ok().then_some(Optimum {
            log2_seconds,
            trajectory,
            states: seen.len(),
        })
    };
    complete.into_iter().find_map(best)
}

fn seconds(draft: &Draft) -> Option<f64> {
    let evaluations = Analytic::default().evaluate(&[draft]).ok()?;
    evaluations
        .first()
        .map(|evaluation| evaluation.log2_seconds)
}
