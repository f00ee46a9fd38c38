//! The greedy choice after loops are mapped: what a thread does, and where the values live that it reads.
//!
//! A move that pays only together with another one, such as the chunks of a loop whose reads are then shared, is taken
//! for the sake of the second: the choice looks two moves ahead where the first makes the second possible. Chunks whose
//! reads of one array are shared may pay only when those of another are shared as well, so there it looks three ahead.

use std::collections::BTreeMap;

use mupac_ir::{Handle, Move, Var};
use mupac_passes::{Device, Draft, Offer, Phase, steps};

use crate::greedy::{LEAST_GAIN, Rated, Walk};
use crate::oracle::{Oracle, OracleError};

impl<A: Fn(&Draft) -> bool> Walk<'_, A> {
    /// Returns a draft that the oracle prefers to all that one or two more moves lead to.
    ///
    /// **Errors**: the oracle fails.
    pub(crate) fn refined(&mut self, mut best: Rated<Draft>) -> Result<Rated<Draft>, OracleError> {
        let mut phase = Phase::Work;
        while let Some((next, later)) = self.refinement(&best, phase)? {
            (best, phase) = (next, later);
        }
        Ok(best)
    }

    /// Returns the best draft one or two moves on, if it is better, and the phase that the choice has come to.
    fn refinement(
        &mut self,
        at: &Rated<Draft>,
        phase: Phase,
    ) -> Result<Option<(Rated<Draft>, Phase)>, OracleError> {
        let most = at.time.log2_seconds - LEAST_GAIN;
        let successors = self.successors(at, most, phase)?;
        let drafts: Vec<&Draft> = successors.iter().map(|each| &each.draft).collect();
        let evaluations = self.oracle.evaluate(&drafts)?;
        let mut rated: Vec<Rated<Successor>> = successors
            .into_iter()
            .zip(evaluations)
            .map(|(what, time)| Rated { what, time })
            .filter(|each| each.time.log2_seconds <= most)
            .collect();
        // Of two that are as fast, the one of fewer moves, then the one that is offered first.
        rated.sort_by(|a, b| {
            let moves = |each: &Rated<Successor>| each.what.draft.trajectory().moves.len();
            let order = a.time.log2_seconds.total_cmp(&b.time.log2_seconds);
            order.then_with(|| moves(a).cmp(&moves(b)))
        });
        let mut rated = rated.into_iter();
        let found = rated.find(|each| (self.may_enter)(&each.what.draft));
        Ok(found.map(|each| {
            let next = Rated {
                what: each.what.draft,
                time: each.time,
            };
            (next, each.what.phase)
        }))
    }

    /// Returns the drafts one or two moves on, or three, that may come below `most`.
    fn successors(
        &mut self,
        at: &Rated<Draft>,
        most: f64,
        phase: Phase,
    ) -> Result<Vec<Successor>, OracleError> {
        let device = self.device;
        let mut worth = Worth {
            oracle: self.oracle,
            at,
            most,
            known: BTreeMap::new(),
        };
        let offers = at.what.offers(device);
        let known: Vec<&Move> = offers.iter().map(|offer| &offer.step).collect();
        let mut successors = Vec::new();
        for offer in offers.iter().filter(|offer| offer.phase >= phase) {
            if !worth.has(offer)? {
                continue;
            }
            let Ok(draft) = at.what.after(&offer.step, device) else {
                continue;
            };
            let prepares = steps::only_prepares(offer);
            let seconds = draft.offers(device);
            for (at, second) in seconds.iter().enumerate() {
                let is_new = second.phase >= offer.phase && !known.contains(&&second.step);
                if !is_new || !worth.has(second)? {
                    continue;
                }
                let Ok(draft) = draft.after(&second.step, device) else {
                    continue;
                };
                let phase = second.phase;
                if prepares {
                    for third in relieving(&draft, second, &seconds[..=at], device) {
                        let draft = draft.after(&third, device);
                        successors.extend(draft.ok().map(|draft| Successor { draft, phase }));
                    }
                }
                successors.push(Successor { draft, phase });
            }
            if !prepares {
                successors.push(Successor {
                    draft,
                    phase: offer.phase,
                });
            }
        }
        Ok(successors)
    }
}

/// Returns the moves that do to another array what one does, in the same place, but for those that were tried before it.
fn relieving(draft: &Draft, one: &Offer, before: &[Offer], device: &Device) -> Vec<Move> {
    let offers = draft.offers(device).into_iter();
    let alike = offers.filter(|offer| {
        let (other, step) = (&offer.step, &one.step);
        let is_alike = other.step == step.step && other.target == step.target;
        is_alike && offer.relieves.is_some() && before.iter().all(|tried| tried.step != *other)
    });
    alike.map(|offer| offer.step).collect()
}

/// A draft one or two moves on, or three.
struct Successor {
    draft: Draft,
    /// Of the last move.
    phase: Phase,
}

/// What moves can be worth at most that only make the reads of one array cheaper.
struct Worth<'a> {
    oracle: &'a mut dyn Oracle,
    at: &'a Rated<Draft>,
    most: f64,
    known: BTreeMap<Handle<Var>, bool>,
}

impl Worth<'_> {
    /// Returns whether a move may be good enough; making it takes longer than asking.
    fn has(&mut self, offer: &Offer) -> Result<bool, OracleError> {
        let Some(array) = offer.relieves else {
            return Ok(true);
        };
        if let Some(known) = self.known.get(&array) {
            return Ok(*known);
        }
        // What is in vain for all arrays together is so for each.
        let has = self.at.time.bound_log2_seconds <= self.most
            && self.oracle.bound(&self.at.what, array)? <= self.most;
        self.known.insert(array, has);
        Ok(has)
    }
}
