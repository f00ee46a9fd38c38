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

/// What a guide says of a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Which share of the attention each choice deserves: one share a choice, none negative, 1 in all.
    pub shares: Vec<f64>,
    /// How much faster than the draft, completed by the default bindings, its successors may become, at least 0; 0
    /// without an opinion.
    ///
    /// **Units**: binary logarithm of the factor.
    pub promise: f64,
}

impl Advice {
    /// Returns advice without a promise.
    pub fn of(shares: Vec<f64>) -> Self {
        Self {
            shares,
            promise: 0.0,
        }
    }
}

/// Divides the attention of a search.
///
/// A guide decides only what is looked at early: every choice is looked at in the end, if the budget lasts.
pub trait Guide {
    /// Returns what it says of a draft and its choices.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError>;

    /// Returns whether it promises anything; where not, a search asks it only about states that it goes beyond.
    fn promises(&self) -> bool {
        false
    }

    /// Returns sequences of choices that a search is to make before all others, from the draft that it begins with.
    ///
    /// **Errors**: the guide cannot read the draft.
    fn proposals(&mut self, _draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        Ok(Vec::new())
    }
}

impl<G: Guide + ?Sized> Guide for Box<G> {
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        (**self).advice(draft, choices)
    }

    fn promises(&self) -> bool {
        (**self).promises()
    }

    fn proposals(&mut self, draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        (**self).proposals(draft)
    }
}

/// Gives every choice the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Even;

impl Guide for Even {
    fn advice(&mut self, _draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        let even = 1.0 / choices.len().max(1) as f64;
        Ok(Advice::of(vec![even; choices.len()]))
    }
}
