//! Where a search looks first.

use mupac_ir::Move;
use mupac_passes::{Draft, Phase};

use crate::oracle::OracleError;

/// What a search may do next with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// One move, or those that the default bindings complete the draft by, which are made together.
    pub moves: Vec<Move>,
    /// The phase that the search is in afterwards.
    pub phase: Phase,
}

impl Choice {
    /// Returns the move, where there is but one.
    pub fn single(&self) -> Option<&Move> {
        match self.moves.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Divides the attention of a search.
///
/// A guide decides only what is looked at early: every choice is looked at in the end, if the budget lasts.
pub trait Guide {
    /// Returns which share of the attention each choice of a draft deserves: one share a choice, none negative, 1 in all.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn shares(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Vec<f64>, OracleError>;

    /// Returns how much faster than the draft, completed by the default bindings, its successors may become, or `None`
    /// without an opinion.
    ///
    /// **Units**: binary logarithm of the factor.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn promise(&mut self, _draft: &Draft) -> Result<Option<f64>, OracleError> {
        Ok(None)
    }

    /// Returns sequences of choices that a search is to make before all others, from the draft that it begins with.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn proposals(&mut self, _draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        Ok(Vec::new())
    }
}

impl<G: Guide + ?Sized> Guide for Box<G> {
    fn shares(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Vec<f64>, OracleError> {
        (**self).shares(draft, choices)
    }

    fn promise(&mut self, draft: &Draft) -> Result<Option<f64>, OracleError> {
        (**self).promise(draft)
    }

    fn proposals(&mut self, draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        (**self).proposals(draft)
    }
}

/// Gives every choice the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Even;

impl Guide for Even {
    fn shares(&mut self, _draft: &Draft, choices: &[Choice]) -> Result<Vec<f64>, OracleError> {
        Ok(vec![1.0 / choices.len().max(1) as f64; choices.len()])
    }
}
