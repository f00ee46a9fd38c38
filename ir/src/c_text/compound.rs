//! Compound assignment: `y[i] += v` where the value is exactly the target's own value, changed.

use super::CText;
use super::precedence::{Rendered, token};
use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Place};
use crate::structure::is_same_place;
use crate::types::Scalar;

impl CText<'_> {
    /// Returns the operator and the right side of a compound assignment that stores the same value, if there is one.
    ///
    /// `x op= v` computes `x op v` after the usual arithmetic conversions and converts the result to the type of `x`,
    /// so the value may be that operation, or a conversion of it to the type of the target.
    pub(super) fn compound(&self, target: &Place, value: Handle<Expr>) -> Option<(String, String)> {
        let exprs = &self.function.exprs;
        let target_ty = &exprs[value].ty;
        let operation = self.inside_cast(value);
        let ExprKind::Binary(op, left, right) = exprs[operation].kind else {
            return None;
        };
        let token = compound_token(op)?;
        let loaded = self.inside_cast(left);
        let ExprKind::Load(place) = &exprs[loaded].kind else {
            return None;
        };
        if exprs[loaded].ty != *target_ty
            || !is_same_place(self.function, place, self.function, target)
        {
            return None;
        }
        let right = match (target_ty.scalar(), exprs[left].ty.scalar()) {
            (Some(target), Some(operands)) => {
                let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
                self.right_side(target, operands, right, is_shift)?
            }
            (None, None) => self.same_value(right),
            (Some(_), None) | (None, Some(_)) => return None,
        };
        Some((token, right.text))
    }

    pub(super) fn inside_cast(&self, handle: Handle<Expr>) -> Handle<Expr> {
        if let ExprKind::Cast(inner) = self.function.exprs[handle].kind {
            inner
        } else {
            handle
        }
    }

    /// Returns the right operand, such that C applies the operator in type `operands`.
    fn right_side(
        &self,
        target: Scalar,
        operands: Scalar,
        right: Handle<Expr>,
        is_shift: bool,
    ) -> Option<Rendered> {
        if is_shift {
            return (target.promoted() == operands).then(|| self.same_value(right));
        }
        self.loose(right)
            .into_iter()
            .chain([self.exact(right)])
            .find(|each| each.scalar().is_some_and(|ty| target.usual(ty) == operands))
    }
}

/// Returns the operator of a compound assignment, `None` for those that C has none for.
///
/// **Source**: C17 6.5.16 §1.
fn compound_token(op: BinaryOp) -> Option<String> {
    let (token, _) = token(op)?;
    let is_compound = !op.is_truth() && op != BinaryOp::Difference;
    is_compound.then(|| format!("{token}="))
}
