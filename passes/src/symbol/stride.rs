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

    /// Returns how much of a constant each stride takes, of those that are constants and the longest first. Where a subscript
    /// moves by less, by `least`, that is what is nearest, so that what lies on either side of an element is its neighbour:
    /// `3 * i + 2` is the third of a row, and `280 * i + j + 279` lies in the next one.
    pub(crate) fn shares(strides: &[Self], constant: i128, least: i128) -> Vec<i128> {
        let mut left = constant;
        let share = |stride: &Self| {
            if !stride.symbol.factors().is_empty() {
                return 0;
            }
            let half = if least < stride.factor {
                stride.factor / 2
            } else {
                0
            };
            let share = (left + half).div_euclid(stride.factor);
            left -= share * stride.factor;
            share
        };
        strides.iter().map(share).collect()
    }
}
