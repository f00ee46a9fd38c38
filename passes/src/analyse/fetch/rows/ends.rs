//! The least and the greatest row, as sums.

use mupac_ir::{BinaryOp, Expr, Function, Handle};

use crate::build;
use crate::sum::Sum;

/// The rows of a table that a region reaches, or the planes.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) first: Ends,
    pub(super) end: Ends,
}

impl Level {
    /// Returns whether anything says which ones these are.
    pub(super) fn is_known(&self) -> bool {
        !self.first.all.is_empty() && !self.end.all.is_empty()
    }

    pub(super) fn is_certain(&self) -> bool {
        self.first.are_certain() && self.end.are_certain()
    }

    /// Returns whether a range lies inside, as far as that can be told without a solver.
    pub(super) fn has(&self, function: &Function, (low, high): (Sum, Sum)) -> bool {
        let mut firsts = self.first.all.iter();
        let mut ends = self.end.all.iter();
        firsts.any(|(known, _)| known.has_base_of(low, function) && known.offset <= low.offset)
            && ends
                .any(|(known, _)| known.has_base_of(high, function) && known.offset >= high.offset)
    }

    /// Appends the first one and the end, as `i64`.
    pub(super) fn build(&self, function: &mut Function) -> Option<[Handle<Expr>; 2]> {
        let first = self.first.build(function, BinaryOp::Min)?;
        Some([first, self.end.build(function, BinaryOp::Max)?])
    }
}

/// The least or the greatest of some numbers.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// Each base once, and whether the region certainly comes to this end.
    all: Vec<(Sum, bool)>,
}

impl Ends {
    pub(super) fn add(
        &mut self,
        function: &Function,
        sum: Sum,
        is_certain: bool,
        choose: fn(i128, i128) -> i128,
    ) {
        let Some((known, was_certain)) =
            (self.all.iter_mut()).find(|(known, _)| known.has_base_of(sum, function))
        else {
            self.all.push((sum, is_certain));
            return;
        };
        let chosen = choose(known.offset, sum.offset);
        let own = sum.offset == chosen && is_certain;
        *was_certain = (known.offset == chosen && *was_certain) || own;
        known.offset = chosen;
    }

    /// Returns the one number, if there is one.
    pub(super) fn only(&self) -> Option<Sum> {
        match self.all.as_slice() {
            [(sum, _)] => Some(*sum),
            _ => None,
        }
    }

    /// Returns how much greater another end is, where both are constants.
    pub(super) fn distance_to(&self, end: &Self) -> Option<i128> {
        let constant = |ends: &Self| match ends.all.as_slice() {
            [(sum, _)] if sum.base.is_none() => Some(sum.offset),
            _ => None,
        };
        constant(end)?.checked_sub(constant(self)?)
    }

    fn are_certain(&self) -> bool {
        self.all.iter().all(|(_, is_certain)| *is_certain)
    }

    fn build(&self, function: &mut Function, op: BinaryOp) -> Option<Handle<Expr>> {
        let built: Vec<_> = self
            .all
            .iter()
            .map(|(sum, _)| sum.build(function))
            .collect();
        built
            .into_iter()
            .reduce(|a, b| build::binary(function, op, a, b))
    }
}
