//! The network as a guide of the search.

use mupac_passes::{Device, Draft};

use super::encode::rows;
use super::session::Network;
use crate::analytic::{Analytic, Hardware};
use crate::oracle::OracleError;
use crate::search::{Advice, Choice, Guide};

/// How much of the attention the network divides; what is left is the same for all choices, so that none is overlooked.
///
/// Chosen on the families that validate (`model/train/families.txt`): with more a search follows the network too far where
/// it errs.
const TRUST: f64 = 0.5;

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
        let even = 1.0 / choices.len().max(1) as f64;
        let mixed = |share: f64| TRUST * share + (1.0 - TRUST) * even;
        Ok(Advice {
            shares: softmax(&logits).into_iter().map(mixed).collect(),
            promise: Some(promise),
        })
    }

    fn promises(&self) -> bool {
        true
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}
