//! Values as a multiple of a base and a constant added to it: what of bounds and subscripts can be compared without a solver.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Var};

use crate::build;

/// A value times a constant and another one added to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    pub(crate) base: Option<Handle<Expr>>,
    /// Not 0; 1 where there is no base.
    pub(crate) factor: i128,
    pub(crate) offset: i128,
}

impl Sum {
    /// Reads an integer expression that does not wrap.
    pub(crate) fn of(function: &Function, expr: Handle<Expr>) -> Self {
        let node = &function.exprs[expr];
        let other = Self::whole(expr);
        if let ExprKind::Int(offset) = node.kind {
            return Self::constant(offset);
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
        let is_signed = node.ty.scalar().is_some_and(Scalar::is_signed);
        if let ExprKind::Binary(BinaryOp::Multiply, a, b) = node.kind
            && is_signed
        {
            let factor = |a, b| Some((a, build::constant(function, b)?));
            let product = factor(a, b).or_else(|| factor(b, a));
            let product = product.and_then(|(a, by)| Self::of(function, a).times(by));
            return product.unwrap_or(other);
        }
        let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) = node.kind else {
            return other;
        };
        let Some(number) = build::constant(function, b).filter(|_| is_signed) else {
            return other;
        };
        let number = if op == BinaryOp::Add { number } else { -number };
        Self::of(function, a).plus(number).unwrap_or(other)
    }

    /// Returns the value of an expression.
    pub(crate) fn whole(expr: Handle<Expr>) -> Self {
        Self {
            base: Some(expr),
            factor: 1,
            offset: 0,
        }
    }

    pub(crate) fn constant(offset: i128) -> Self {
        Self {
            base: None,
            factor: 1,
            offset,
        }
    }

    /// Returns the product with a constant.
    pub(crate) fn times(self, by: i128) -> Option<Self> {
        let offset = self.offset.checked_mul(by)?;
        if by == 0 || self.base.is_none() {
            return Some(Self::constant(offset));
        }
        let factor = self.factor.checked_mul(by)?;
        Some(Self {
            factor,
            offset,
            ..self
        })
    }

    /// Returns the variable whose value a constant is added to.
    pub(crate) fn var(self, function: &Function) -> Option<Handle<Var>> {
        if self.factor != 1 {
            return None;
        }
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
            (Some(_), Some(_), false) if self.has_base_of(other, function) => {
                Some(Self::constant(self.offset.checked_sub(other.offset)?))
            }
            (None, Some(_), false) | (Some(_), Some(_), _) => None,
        }
    }

    /// Returns whether two sums differ by a constant.
    pub(crate) fn has_base_of(self, other: Self, function: &Function) -> bool {
        match (self.base, other.base) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                self.factor == other.factor && is_same_expr(function, a, function, b)
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Appends it as an `i64` expression.
    pub(crate) fn build(self, function: &mut Function) -> Handle<Expr> {
        let offset = build::int(function, self.offset.abs(), Scalar::I64);
        let Some(base) = self.base else {
            return build::int(function, self.offset, Scalar::I64);
        };
        let mut base = build::convert(function, base, Scalar::I64);
        if self.factor != 1 {
            let factor = build::int(function, self.factor, Scalar::I64);
            base = build::binary(function, BinaryOp::Multiply, factor, base);
        }
        let op = if self.offset < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, base, offset)
    }
}
