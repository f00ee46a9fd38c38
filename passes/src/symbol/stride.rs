//! Distances between neighbours along a subscript.

use std::collections::BTreeMap;

use mupac_ir::{Handle, Var};

use super::{Factor, Symbol};
use crate::affine::{Affine, Atom};

/// How far two neighbours along one subscript lie apart: a constant times a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stride {
    /// Positive.
    pub factor: i128,
    /// Not negative wherever the conditions of a region hold.
    pub symbol: Symbol,
}

impl Stride {
    /// Returns the stride of neighbours.
    pub fn one() -> Self {
        Self {
            factor: 1,
            symbol: Symbol::default(),
        }
    }

    /// Returns the variable that it is.
    pub(crate) fn var(&self) -> Option<Handle<Var>> {
        match self.symbol.factors() {
            [Factor::Var(var)] if self.factor == 1 => Some(*var),
            _ => None,
        }
    }

    /// Returns the value for given variables; `None` where one is missing or 128 bits do not hold it.
    pub(crate) fn evaluate(&self, values: &BTreeMap<Symbol, i128>) -> Option<i128> {
        let mut factors = self.symbol.factors().iter();
        factors.try_fold(self.factor, |product, factor| {
            product.checked_mul(*values.get(&Symbol::from(*factor))?)
        })
    }

    /// Returns how many elements of one stride make one of this, if that is a whole number.
    pub(crate) fn divided_by(&self, inner: &Self) -> Option<Affine> {
        let symbol = self.symbol.divided_by(&inner.symbol)?;
        if self.factor % inner.factor != 0 {
            return None;
        }
        let value = if symbol.factors().is_empty() {
            Affine::constant(1)
        } else {
            Affine::atom(Atom::Symbol(symbol))
        };
        value.times(self.factor / inner.factor)
    }
}
