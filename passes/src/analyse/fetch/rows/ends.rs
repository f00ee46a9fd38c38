//! The least and the greatest row, as sums.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar};

use crate::build;

/// A value and a constant added to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) base: Option<Handle<Expr>>,
    pub(super) offset: i128,
}

impl Sum {
    /// Reads an integer expression that does not wrap.
    pub(super) fn of(function: &Function, expr: Handle<Expr>) -> Self {
        let node = &function.exprs[expr];
        let other = Self {
            base: Some(expr),
            offset: 0,
        };
        if let ExprKind::Int(offset) = node.kind {
            return Self { base: None, offset };
        }
        if let ExprKind::Cast(inner) = node.kind {
            let from = function.exprs[inner].ty.scalar();
            let is_kept = from
                .zip(node.ty.scalar())
                .is_some_and(|(from, to)| from.fits_in(to));
            return if is_kept {
                Self::of(function, inner)
            } else {
                other
            };
        }
        let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) = node.kind else {
            return other;
        };
        let is_signed = node.ty.scalar().is_some_and(Scalar::is_signed);
        let Some(number) = build::constant(function, b).filter(|_| is_signed) else {
            return other;
        };
        let number = if op == BinaryOp::Add { number } else { -number };
        Self::of(function, a).plus(number).unwrap_or(other)
    }

    pub(super) fn plus(self, offset: i128) -> Option<Self> {
        let offset = self.offset.checked_add(offset)?;
        Some(Self { offset, ..self })
    }

    /// Returns the sum with another one, or their difference, where one of them is a constant or what is taken away is there.
    pub(super) fn with(self, other: Self, is_sum: bool, function: &Function) -> Option<Self> {
        match (self.base, other.base, is_sum) {
            (_, None, true) => self.plus(other.offset),
            (_, None, false) => self.plus(other.offset.checked_neg()?),
            (None, Some(_), true) => other.plus(self.offset),
            (Some(a), Some(b), false) if is_same_expr(function, a, function, b) => Some(Self {
                base: None,
                offset: self.offset.checked_sub(other.offset)?,
            }),
            (None, Some(_), false) | (Some(_), Some(_), _) => None,
        }
    }

    /// Returns whether two sums differ by a constant.
    pub(super) fn has_base_of(self, other: Self, function: &Function) -> bool {
        match (self.base, other.base) {
            (None, None) => true,
            (Some(a), Some(b)) => is_same_expr(function, a, function, b),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    fn build(self, function: &mut Function) -> Handle<Expr> {
        let offset = build::int(function, self.offset.abs(), Scalar::I64);
        let Some(base) = self.base else {
            return build::int(function, self.offset, Scalar::I64);
        };
        let base = build::convert(function, base, Scalar::I64);
        let op = if self.offset < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, base, offset)
    }
}

/// The rows of a table that a region reaches, or the planes.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) first: Ends,
    pub(super) end: Ends,
}

impl Level {
    pub(super) fn is_certain(&self) -> bool {
        self.first.are_certain() && self.end.are_certain()
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
