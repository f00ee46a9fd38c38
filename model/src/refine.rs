//! The greedy choice after loops are mapped: what a thread does, and where the values live that it reads.
//!
//! A move that pays only together with another one, such as the chunks of a loop whose reads are then shared, is taken
//! for the sake of the second: the choice looks two moves ahead where the first makes the second possible, and no
//! further.

use std::collections::BTreeMap;

use mupac_ir::{Handle, Move, Var};
use mupac_passes::{Device, Draft, Offer, Phase, State};

use crate::greedy::{LEAST_GAIN, Rated};
use crate::oracle::{Oracle, OracleError};

/// Returns a state that `oracle` prefers to all that one or two more moves lead to.
///
/// **Errors**: the oracle fails.
pub(crate) fn refined(
    mut best: Rated<State>,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Rated<State>, OracleError> {
    let mut phase = Phase::Work;
    while let Some((next, later)) = step(&best, phase, oracle, device)? {
        (best, phase) = (next, later);
    }
    Ok(best)
}

/// A draft one or two moves on.
struct Successor {
    draft: Draft,
    /// Of the last move.
    phase: Phase,
}

/// Returns the best state one or two moves on, if it is better, and the phase that the choice has come to.
fn step(
    at: &Rated<State>,
    phase: Phase,
    oracle: &mut dyn Oracle,
    device: &Device,
) -> Result<Option<(Rated<State>, Phase)>, OracleError> {
    let most = at.log2_seconds - LEAST_GAIN;
    let mut worth = Worth {
        at: &at.what,
        most,
        known: BTreeMap::new(),
    };
    let offers = at.what.offers(device);
    let known: Vec<&Move> = offers.iter().map(|offer| &offer.step).collect();
    let mut successors = Vec::new();
    for offer in offers.iter().filter(|offer| offer.phase >= phase) {
        if !worth.has(offer, oracle)? {
            continue;
        }
        let Ok(draft) = Draft::after(&at.what, &offer.step, device) else {
            continue;
        };
        for second in draft.offers(device) {
            let is_new = second.phase >= offer.phase && !known.contains(&&second.step);
            if is_new
                && worth.has(&second, oracle)?
                && let Ok(draft) = draft.after(&second.step, device)
            {
                successors.push(Successor {
                    draft,
                    phase: second.phase,
                });
            }
        }
        successors.push(Successor {
            draft,
            phase: offer.phase,
        });
    }
    let drafts: Vec<&Draft> = successors.iter().map(|each| &each.draft).collect();
    let evaluations = oracle.evaluate(&drafts)?;
    let mut rated: Vec<Rated<Successor>> = successors
        .into_iter()
        .zip(evaluations)
        .map(|(what, evaluation)| Rated {
            what,
            log2_seconds: evaluation.log2_seconds,
        })
        .filter(|each| each.log2_seconds <= most)
        .collect();
    // Of two that are as fast, the one of fewer moves, then the one that is offered first.
    rated.sort_by(|a, b| {
        let moves = |each: &Rated<Successor>| each.what.draft.trajectory().moves.len();
        let order = a.log2_seconds.total_cmp(&b.log2_seconds);
        order.then_with(|| moves(a).cmp(&moves(b)))
    });
    Ok(rated.into_iter().find_map(|each| {
        let state = Rated {
            what: each.what.draft.judged().ok()?,
            log2_seconds: each.log2_seconds,
        };
        Some((state, each.what.phase))
    }))
}

/// What moves can be worth at most that only make the reads of one array cheaper.
struct Worth<'a> {
    at: &'a Draft,
    most: f64,
    known: BTreeMap<Handle<Var>, bool>,
}

impl Worth<'_> {
    /// Returns whether a move may be good enough; making it takes longer than asking.
    fn has(&mut self, offer: &Offer, oracle: &mut dyn Oracle) -> Result<bool, OracleError> {
        let Some(array) = offer.relieves else {
            return Ok(true);
        };
        if let Some(known) = self.known.get(&array) {
            return Ok(*known);
        }
        let bound = oracle.bound(self.at, array)?;
        let has = bound.log2_seconds <= self.most;
        self.known.insert(array, has);
        Ok(has)
    }
}
