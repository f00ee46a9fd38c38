//! Where a search looks first.

use mupac_passes::{Draft, Offer};

use crate::oracle::OracleError;

/// Divides the attention of a search.
///
/// A guide decides only what is looked at early: every offer is looked at in the end, if the budget lasts.
pub trait Guide {
    /// Returns which share of the attention each offer of a draft deserves: one share an offer, none negative, 1 in all.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn shares(&mut self, draft: &Draft, offers: &[Offer]) -> Result<Vec<f64>, OracleError>;

    /// Returns how much faster than the draft, completed by the default bindings, its successors may become, or `None`
    /// without an opinion.
    ///
    /// **Units**: binary logarithm of the factor.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn promise(&mut self, _draft: &Draft) -> Result<Option<f64>, OracleError> {
        Ok(None)
    }
}

/// Gives every offer the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Even;

impl Guide for Even {
    fn shares(&mut self, _draft: &Draft, offers: &[Offer]) -> Result<Vec<f64>, OracleError> {
        Ok(vec![1.0 / offers.len().max(1) as f64; offers.len()])
    }
}
