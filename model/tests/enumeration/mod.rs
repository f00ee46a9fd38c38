//! Looks at every complete plan of a region, without any search.

use std::collections::{BTreeSet, VecDeque};

use mupac_model::{Analytic, Oracle};
use mupac_passes::{Device, Draft, Phase, State, StateKey};

/// Returns the least time of all complete plans that the judge accepts; `None` where there are none, or more than `most`
/// states.
///
/// **Units**: binary logarithm of seconds.
pub(crate) fn least_log2_seconds(start: &State, most: usize) -> Option<f64> {
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
    let mut complete = complete.into_iter();
    complete.find_map(|(time, draft): (f64, Draft)| draft.judged().is_ok().then_some(time))
}

fn seconds(draft: &Draft) -> Option<f64> {
    let evaluations = Analytic::default().evaluate(&[draft]).ok()?;
    evaluations
        .first()
        .map(|evaluation| evaluation.log2_seconds)
}
