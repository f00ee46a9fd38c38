//! What a search asks of the oracle and the guide, no plan twice.

use std::collections::BTreeMap;

use mupac_passes::{Device, Draft, Phase, StateKey};

use super::choices::choices;
use super::graph::{Edge, Identity, Seen};
use super::guide::Guide;
use super::ranking::Plan;
use crate::greedy::completion;
use crate::oracle::{Oracle, OracleError};

/// Asks the oracle and the guide.
pub(super) struct Advisers<'a> {
    oracle: &'a mut dyn Oracle,
    pub(super) guide: &'a mut dyn Guide,
    /// The time of the first complete plan, against which all others are held.
    first: Option<f64>,
    /// The times of all plans that the oracle was asked about, which different states may be completed to.
    times: BTreeMap<StateKey, f64>,
}

impl<'a> Advisers<'a> {
    pub(super) fn new(oracle: &'a mut dyn Oracle, guide: &'a mut dyn Guide) -> Self {
        Self {
            oracle,
            guide,
            first: None,
            times: BTreeMap::new(),
        }
    }

    /// Returns what a search sees of a draft at once: also what comes next, where the guide makes promises.
    pub(super) fn seen(
        &mut self,
        draft: &Draft,
        (key, phase): Identity,
        device: &Device,
    ) -> Result<Seen, OracleError> {
        let plan = self.plan(draft, key, device)?;
        let Some(known) = &plan else {
            return Ok(Seen {
                plan: None,
                worth: 0.0,
                edges: None,
            });
        };
        let mut worth = *self.first.get_or_insert(known.log2_seconds) - known.log2_seconds;
        let mut edges = None;
        if self.guide.promises() {
            let (found, promise) = self.edges(draft, phase, plan.as_ref(), device)?;
            edges = Some(found);
            worth += promise;
        }
        Ok(Seen { plan, worth, edges })
    }

    /// Returns the plan that the default bindings make of a draft; `None` where they do not fit.
    fn plan(
        &mut self,
        draft: &Draft,
        key: StateKey,
        device: &Device,
    ) -> Result<Option<Plan>, OracleError> {
        let Ok(complete) = completion(draft, device) else {
            return Ok(None);
        };
        let trajectory = complete.trajectory().clone();
        let key = if trajectory == *draft.trajectory() {
            key
        } else {
            complete.key()
        };
        let time = self.time(&complete, key)?;
        Ok(time.map(|log2_seconds| Plan {
            trajectory,
            key,
            log2_seconds,
        }))
    }

    fn time(&mut self, complete: &Draft, key: StateKey) -> Result<Option<f64>, OracleError> {
        if let Some(known) = self.times.get(&key) {
            return Ok(Some(*known));
        }
        let evaluations = self.oracle.evaluate(&[complete])?;
        let time = evaluations
            .first()
            .map(|evaluation| evaluation.log2_seconds);
        self.times.extend(time.map(|time| (key, time)));
        Ok(time)
    }

    /// Returns the edges from a draft, and how much they promise.
    pub(super) fn edges(
        &mut self,
        draft: &Draft,
        phase: Phase,
        plan: Option<&Plan>,
        device: &Device,
    ) -> Result<(Vec<Edge>, f64), OracleError> {
        let complete = plan.map(|plan| &plan.trajectory);
        let choices = choices(draft, phase, complete, device);
        let advice = self.guide.advice(draft, &choices)?;
        let edges = choices.into_iter().zip(advice.shares);
        let edges = edges.map(|(choice, share)| Edge::new(choice, share));
        Ok((edges.collect(), advice.promise))
    }
}
