//! Values as a base and a constant added to it: what of bounds and subscripts can be compared without a solver.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Var};

use crate::build;

/// A value and a constant added to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    pub(crate) base: Option<Handle<Expr>>,
    pub(crate) offset: i128,
}

impl Sum {
    /// Reads an integer expression that does not wrap.
    pub(crate) fn of(function: &Function, expr: Handle<Expr>) -> Self {
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

    /// Returns the variable whose value a constant is added to.
    pub(crate) fn var(self, function: &Function) -> Option<Handle<Var>> {
        let ExprKind::Load(place) = &function.exprs[self.base?].kind else {
            return None;
        };
        place.path.is_empty().then_some(place.var)
    }

    pub(crate) fn plus(self, offset: i128) -> Option<Self> {
        let offset = self.offset.checked_add(offset)?;
        Some(Self { offset, ..self })
    }

    /// Returns the sum with another one, or their difference, where one of them is a constant or what is taken away is there.
    pub(crate) fn with(self, other: Self, is_sum: bool, function: &Function) -> Option<Self> {
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
    pub(crate) fn has_base_of(self, other: Self, function: &Function) -> bool {
        match (self.base, other.base) {
            (None, None) => true,
            (Some(a), Some(b)) => is_same_expr(function, a, function, b),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Appends it as an `i64` expression.
    pub(crate) fn build(self, function: &mut Function) -> Handle<Expr> {
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
