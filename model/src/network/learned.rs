//! The network as a guide of the search.

use std::collections::BTreeMap;

use mupac_passes::{Device, Draft};

use super::encode::rows;
use super::session::Network;
use crate::analytic::{Analytic, Hardware};
use crate::oracle::OracleError;
use crate::search::{Advice, Choice, Guide};

/// How much of the attention the network divides; what is left is the same for all steps, so that none is overlooked.
///
/// Chosen on the families that validate (`model/train/families.txt`): with more a search follows the network too far where
/// it errs.
const TRUST: f64 = 0.7;

/// Asks a network which choices lead to fast plans.
#[derive(Clone, Debug)]
pub struct Learned<'a> {
    network: &'a Network,
    analytic: Analytic,
    device: Device,
}

impl<'a> Learned<'a> {
    /// Returns a guide for a device.
    pub fn new(network: &'a Network, device: &Device) -> Self {
        Self {
            network,
            analytic: Analytic::new(Hardware::of(device)),
            device: device.clone(),
        }
    }
}

impl Guide for Learned<'_> {
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        let mut logits = vec![0.0; choices.len()];
        let mut promise = 0.0_f64;
        for row in rows(draft, choices, &self.analytic, &self.device) {
            let opinion = self.network.opinion(&row)?;
            let told = opinion.logits.into_iter().zip(opinion.gains);
            for (position, (logit, gain)) in row.positions.iter().zip(told) {
                logits[*position] = f64::from(logit);
                promise = promise.max(f64::from(gain));
            }
        }
        let shares = softmax(&logits).into_iter().zip(even_by_step(choices));
        let mixed = |(share, even): (f64, f64)| TRUST * share + (1.0 - TRUST) * even;
        Ok(Advice {
            shares: shares.map(mixed).collect(),
            promise,
        })
    }

    fn promises(&self) -> bool {
        true
    }
}

/// Returns shares that are the same for all steps, and for all choices of a step.
///
/// Most steps are offered for every loop and many sizes, some once for the region: such a choice is no worse for being the
/// only one.
fn even_by_step(choices: &[Choice]) -> Vec<f64> {
    let step = |choice: &Choice| choice.single().map(|only| only.step.clone());
    let steps: Vec<Option<String>> = choices.iter().map(step).collect();
    let mut counts: BTreeMap<&Option<String>, f64> = BTreeMap::new();
    for step in &steps {
        *counts.entry(step).or_default() += 1.0;
    }
    let of_step = 1.0 / counts.len() as f64;
    let count = |step| counts.get(step).copied().unwrap_or(1.0);
    steps.iter().map(|step| of_step / count(step)).collect()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}
