//! Integer values as sums of named terms: what an expression is worth at a point of the tree.

use std::collections::BTreeMap;
use std::fmt;

use crate::affine::write_sum;

/// Least and greatest value, both possible bounds included.
pub(crate) type Interval = (i128, i128);

/// `constant + Σ coefficient · term`, in unbounded integers.
///
/// A term is a name of isl's text form: a time dimension `t0`, a parameter `v3`, or a whole `floor((…)/8)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Linear {
    pub(crate) constant: i128,
    pub(crate) terms: BTreeMap<String, i128>,
}

impl Linear {
    /// Returns a constant.
    pub(crate) fn constant(constant: i128) -> Self {
        Self {
            constant,
            terms: BTreeMap::new(),
        }
    }

    /// Returns one term.
    pub(crate) fn term(name: impl Into<String>) -> Self {
        Self {
            constant: 0,
            terms: BTreeMap::from([(name.into(), 1)]),
        }
    }

    /// Returns the constant, if nothing else is in it.
    pub(crate) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Returns the sum, or `None` where a coefficient leaves 128 bits.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant)?;
        for (term, coefficient) in &other.terms {
            let entry = sum.terms.entry(term.clone()).or_default();
            *entry = entry.checked_add(*coefficient)?;
            if *entry == 0 {
                sum.terms.remove(term);
            }
        }
        Some(sum)
    }

    /// Returns the product with a constant, or `None` where a coefficient leaves 128 bits.
    pub(crate) fn times(&self, factor: i128) -> Option<Self> {
        if factor == 0 {
            return Some(Self::default());
        }
        let terms = self
            .terms
            .iter()
            .map(|(term, coefficient)| Some((term.clone(), coefficient.checked_mul(factor)?)))
            .collect::<Option<_>>()?;
        Some(Self {
            constant: self.constant.checked_mul(factor)?,
            terms,
        })
    }

    /// Returns the difference, or `None` where a coefficient leaves 128 bits.
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(-1)?)
    }

    /// Returns the bounds that follow from those of the terms, or `None` if a term has none.
    pub(crate) fn interval(&self, ranges: &BTreeMap<String, Interval>) -> Option<Interval> {
        let mut bounds = (self.constant, self.constant);
        for (term, coefficient) in &self.terms {
            let (low, high) = ranges.get(term)?;
            let (a, b) = (
                low.checked_mul(*coefficient)?,
                high.checked_mul(*coefficient)?,
            );
            bounds.0 = bounds.0.checked_add(a.min(b))?;
            bounds.1 = bounds.1.checked_add(a.max(b))?;
        }
        Some(bounds)
    }
}

impl fmt::Display for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = self.terms.iter();
        let terms = terms.map(|(term, coefficient)| (term, *coefficient));
        write_sum(f, terms, self.constant)
    }
}
