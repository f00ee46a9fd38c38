//! Divides distances in bytes by the size of an element, where nothing is left over or a guard can see to that.
//!
//! Distances count modulo 2⁶⁴, as addresses do, and so may all arithmetic of that width; signed arithmetic of less equals
//! the integer. Unsigned arithmetic of less wraps earlier, and a quotient of what it yields is not that of its operands.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Scalar};

use super::walk::Walk;
use crate::facts::Test;
use crate::{build, symbol};

/// The kind of the conditions that make a distance in bytes a whole number of elements.
const ALIGNMENT: &str = "alignment";

impl Walk<'_> {
    /// Returns the quotient of an integer by a constant of which it is a multiple, under the tests that are noted.
    pub(super) fn quotient(&mut self, expr: Handle<Expr>, divisor: i128) -> Option<Handle<Expr>> {
        let node = self.function.exprs[expr].clone();
        let scalar = node.ty.scalar()?;
        if !counts_with_addresses(scalar) {
            return None;
        }
        if let Some(constant) = build::constant(&self.function, expr) {
            let is_whole = constant % divisor == 0;
            return is_whole.then(|| build::int(&mut self.function, constant / divisor, scalar));
        }
        let known = self.tests.len();
        if let Some(quotient) = self.structured(&node.kind, scalar, divisor) {
            return Some(quotient);
        }
        self.tests.truncate(known);
        self.is_fixed(expr)
            .then(|| self.tested(expr, scalar, divisor))?
    }

    fn structured(
        &mut self,
        kind: &ExprKind,
        scalar: Scalar,
        divisor: i128,
    ) -> Option<Handle<Expr>> {
        match kind {
            ExprKind::Cast(inner) => {
                let from = self.function.exprs[*inner].ty.scalar()?;
                let is_kept = from.fits_in(scalar) || scalar.bits() == 64;
                let inner = is_kept.then(|| self.quotient(*inner, divisor))??;
                Some(self.converted(inner, scalar))
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => {
                let (a, b) = (self.quotient(*a, divisor)?, self.quotient(*b, divisor)?);
                Some(build::binary(&mut self.function, *op, a, b))
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) => {
                let is_constant = build::constant(&self.function, *b).is_some();
                let first = if is_constant || !self.is_fixed(*a) {
                    *b
                } else {
                    *a
                };
                for factor in [first, if first == *a { *b } else { *a }] {
                    if let Some(quotient) = self.quotient(factor, divisor) {
                        let (a, b) = if factor == *a {
                            (quotient, *b)
                        } else {
                            (*a, quotient)
                        };
                        return Some(build::binary(&mut self.function, BinaryOp::Multiply, a, b));
                    }
                }
                None
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns an integer converted to a type of 64 bits or one that holds it, without the way through another type of
    /// 64 bits.
    fn converted(&mut self, expr: Handle<Expr>, scalar: Scalar) -> Handle<Expr> {
        let ExprKind::Cast(inner) = self.function.exprs[expr].kind else {
            return build::convert(&mut self.function, expr, scalar);
        };
        let through = self.function.exprs[expr].ty.scalar();
        let is_signed = self.function.exprs[inner].ty.scalar();
        let is_wide = scalar.bits() == 64 && through.is_some_and(|through| through.bits() == 64);
        if is_wide && is_signed.is_some_and(Scalar::is_signed) {
            return build::convert(&mut self.function, inner, scalar);
        }
        build::convert(&mut self.function, expr, scalar)
    }

    /// Returns the quotient of a value that the region does not change, and has it tested that nothing is left over.
    fn tested(
        &mut self,
        expr: Handle<Expr>,
        scalar: Scalar,
        divisor: i128,
    ) -> Option<Handle<Expr>> {
        let mut divisors = Vec::new();
        let is_fixed = &mut |var| !self.changed.contains(&var);
        symbol::bounds(&self.function, expr, is_fixed, &mut divisors)?;
        if !divisors.is_empty() {
            return None;
        }
        let function = &mut self.function;
        let value = symbol::widened(function, expr);
        let ty = if scalar.is_signed() {
            Scalar::I64
        } else {
            scalar
        };
        let value = build::convert(function, value, ty);
        let by = build::int(function, divisor, ty);
        let rest = build::binary(function, BinaryOp::Remainder, value, by);
        let zero = build::int(function, 0, ty);
        let test = Test {
            kind: ALIGNMENT,
            condition: build::binary(function, BinaryOp::Equal, rest, zero),
        };
        let is_same =
            |other: &Test| is_same_expr(function, other.condition, function, test.condition);
        if !self.tests.iter().any(is_same) {
            self.tests.push(test);
        }
        let by = build::int(&mut self.function, divisor, scalar);
        Some(build::binary(
            &mut self.function,
            BinaryOp::Divide,
            expr,
            by,
        ))
    }
}

fn counts_with_addresses(scalar: Scalar) -> bool {
    !scalar.is_float() && (scalar.is_signed() || scalar == Scalar::U64)
}
