//! Operands and contexts: where a conversion of the IR need not be written because C performs it.

use super::CText;
use super::constant;
use super::precedence::{Precedence, Rendered};
use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind};
use crate::types::{Scalar, Type};

impl CText<'_> {
    /// Returns text whose type in C is the expression's own.
    pub(super) fn exact(&self, handle: Handle<Expr>) -> Rendered {
        let natural = self.natural(handle);
        let ty = &self.function.exprs[handle].ty;
        if natural.ty == *ty || natural.scalar().is_none() {
            natural
        } else {
            self.cast(&natural, ty)
        }
    }

    /// Returns text of some other arithmetic type whose conversion to the expression's type gives its value: the
    /// operand of a cast, a plain constant, a built-in index. `None` where there is none.
    pub(super) fn loose(&self, handle: Handle<Expr>) -> Option<Rendered> {
        let expr = &self.function.exprs[handle];
        let ty = expr.ty.scalar()?;
        match &expr.kind {
            ExprKind::Cast(inner) => {
                let inner = self.exact(*inner);
                inner.scalar().is_some().then_some(inner)
            }
            ExprKind::Int(value) if expr.spelling.is_none() && ty != Scalar::I32 => {
                let (least, most) = Scalar::I32.integer_range()?;
                let is_plain = least < *value && *value <= most;
                is_plain.then(|| constant::integer(*value, Scalar::I32))
            }
            ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => Some(self.natural(handle)),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..) => None,
        }
    }

    /// Returns the two operands of an operator that C applies in type `ty` after its usual arithmetic conversions, with
    /// as few casts as give that type.
    ///
    /// With `keep_sign_changes`, a conversion that may change the sign stays written, as `-Wsign-compare` asks.
    pub(super) fn operands(
        &self,
        left: Handle<Expr>,
        right: Handle<Expr>,
        ty: &Type,
        keep_sign_changes: bool,
    ) -> (Rendered, Rendered) {
        let exact = (self.exact(left), self.exact(right));
        let Some(ty) = ty.scalar() else {
            return exact;
        };
        let admit = |handle: Handle<Expr>| {
            self.loose(handle)
                .filter(|loose| !(keep_sign_changes && self.changes_sign(handle, loose, ty)))
        };
        let is_right_type = |a: &Rendered, b: &Rendered| match (a.scalar(), b.scalar()) {
            (Some(a), Some(b)) => a.usual(b) == ty,
            _ => false,
        };
        let (loose_left, loose_right) = (admit(left), admit(right));
        let choices = [
            (loose_left.as_ref(), loose_right.as_ref()),
            (None, loose_right.as_ref()),
            (loose_left.as_ref(), None),
        ];
        for (a, b) in choices {
            if a.is_none() && b.is_none() {
                continue;
            }
            let (a, b) = (a.unwrap_or(&exact.0), b.unwrap_or(&exact.1));
            if is_right_type(a, b) {
                return (a.clone(), b.clone());
            }
        }
        exact
    }

    /// Returns the two operands of a comparison: without the casts where both values are the same before them and C
    /// compares in a type that holds both.
    pub(super) fn compared_operands(
        &self,
        left: Handle<Expr>,
        right: Handle<Expr>,
        ty: &Type,
    ) -> (Rendered, Rendered) {
        if ty.scalar().is_some_and(|ty| !ty.is_float()) {
            let (a, b) = (self.same_value(left), self.same_value(right));
            if let (Some(from), Some(to)) = (a.scalar(), b.scalar()) {
                let common = from.usual(to);
                if self.has_value_in(left, from, common) && self.has_value_in(right, to, common) {
                    return (a, b);
                }
            }
        }
        self.operands(left, right, ty, true)
    }

    /// Returns whether a type holds the value of an integer that was printed in type `ty`: it holds the whole type, or
    /// the constant.
    pub(super) fn has_value_in(&self, handle: Handle<Expr>, ty: Scalar, common: Scalar) -> bool {
        if let ExprKind::Int(value) = self.function.exprs[handle].kind {
            let range = common.integer_range();
            return range.is_some_and(|(least, most)| least <= value && value <= most);
        }
        ty.fits_in(common)
    }

    fn changes_sign(&self, handle: Handle<Expr>, loose: &Rendered, ty: Scalar) -> bool {
        let is_constant = matches!(self.function.exprs[handle].kind, ExprKind::Int(_));
        let from = loose.scalar().map(Scalar::promoted);
        !is_constant && !ty.is_signed() && from.is_some_and(Scalar::is_signed)
    }

    /// Returns the operand of an operator that C applies to one operand after promotion.
    pub(super) fn promoted_operand(&self, handle: Handle<Expr>) -> Rendered {
        let ty = self.function.exprs[handle].ty.scalar();
        self.loose(handle)
            .filter(|loose| loose.scalar().map(Scalar::promoted) == ty)
            .unwrap_or_else(|| self.exact(handle))
    }

    /// Returns text for a context that converts to the expression's type.
    pub(super) fn convertible(&self, handle: Handle<Expr>) -> Rendered {
        if let Some(modular) = self.modular(handle) {
            return modular;
        }
        let expr = &self.function.exprs[handle];
        if let ExprKind::Cast(inner) = expr.kind {
            let is_lossy_constant = match (&self.function.exprs[inner].kind, expr.ty.scalar()) {
                (ExprKind::Int(value), Some(to)) => to
                    .integer_range()
                    .is_some_and(|(least, most)| *value < least || *value > most),
                (ExprKind::Float(_), Some(to)) => !to.is_float(),
                _ => false,
            };
            let rendered = self.exact(inner);
            if !is_lossy_constant && rendered.scalar().is_some() && expr.ty.scalar().is_some() {
                return rendered;
            }
        }
        let is_integer = |ty: Scalar| ty.integer_range().is_some();
        if matches!(expr.kind, ExprKind::Select { .. }) && expr.ty.scalar().is_some_and(is_integer)
        {
            return self.same_value(handle);
        }
        let is_plain_constant = matches!(expr.kind, ExprKind::Int(_));
        if is_plain_constant && let Some(loose) = self.loose(handle) {
            return loose;
        }
        self.natural(handle)
    }

    /// Returns text for a context that accepts any integer type of the same value: a subscript, a pointer's offset, a
    /// shift count.
    pub(super) fn same_value(&self, handle: Handle<Expr>) -> Rendered {
        let expr = &self.function.exprs[handle];
        match expr.kind {
            ExprKind::Cast(inner) => {
                let types = self.function.exprs[inner].ty.scalar().zip(expr.ty.scalar());
                if types.is_some_and(|(from, to)| from.fits_in(to)) {
                    self.same_value(inner)
                } else {
                    self.exact(handle)
                }
            }
            ExprKind::Int(_) | ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => {
                self.loose(handle).unwrap_or_else(|| self.exact(handle))
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let (then, otherwise) = (self.same_value(then), self.same_value(otherwise));
                let types = then.scalar().zip(otherwise.scalar());
                // C converts both to one type, which must hold the values of either.
                let is_held = types.is_some_and(|(a, b)| {
                    let both = a.usual(b);
                    a.fits_in(both) && b.fits_in(both)
                });
                if is_held {
                    self.either(condition, &then, &otherwise, &expr.ty)
                } else {
                    self.exact(handle)
                }
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Call(..) => self.exact(handle),
        }
    }

    /// Returns text that is zero exactly where the value is.
    pub(super) fn truth(&self, handle: Handle<Expr>) -> Rendered {
        let expr = &self.function.exprs[handle];
        if let ExprKind::Cast(inner) = expr.kind
            && let (Some(from), Some(to)) =
                (self.function.exprs[inner].ty.scalar(), expr.ty.scalar())
            && (to == Scalar::Bool || (!from.is_float() && from.bits() <= to.bits()) || from == to)
        {
            return self.truth(inner);
        }
        let rendered = self.exact(handle);
        let looks_like_a_slip = matches!(
            expr.kind,
            ExprKind::Binary(BinaryOp::Multiply | BinaryOp::ShiftLeft, ..)
        );
        if looks_like_a_slip {
            // `-Wint-in-bool-context` takes these for `&&` and `<`.
            let zero = constant::integer(0, Scalar::I32);
            return super::precedence::binary(
                "!=",
                Precedence::Equality,
                &rendered,
                &zero,
                Scalar::I32,
            );
        }
        rendered
    }

    /// Returns text for an `int` value that is a sum of products with a built-in index in it, computed in `unsigned`.
    ///
    /// Sum, difference and product are the same modulo 2³² in both types, so converting the result back to
    /// `int` gives the value wherever `int` arithmetic has one.
    fn modular(&self, handle: Handle<Expr>) -> Option<Rendered> {
        let rendered = self.modular_term(handle)?;
        (rendered.scalar() == Some(Scalar::U32)).then_some(rendered)
    }

    fn modular_term(&self, handle: Handle<Expr>) -> Option<Rendered> {
        let expr = &self.function.exprs[handle];
        if expr.ty.scalar() != Some(Scalar::I32) {
            return None;
        }
        match expr.kind {
            ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => Some(self.natural(handle)),
            ExprKind::Binary(
                op @ (BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply),
                left,
                right,
            ) => {
                let (left, right) = (self.modular_term(left)?, self.modular_term(right)?);
                let ty = left.scalar()?.usual(right.scalar()?);
                let (token, precedence) = super::precedence::token(op)?;
                if op == BinaryOp::Add && right.precedence == precedence {
                    // Sums modulo 2³² need no particular order.
                    let text = format!("{} + {}", left.at(precedence), right.text);
                    return Some(Rendered::new(text, precedence, ty));
                }
                Some(super::precedence::binary(
                    token, precedence, &left, &right, ty,
                ))
            }
            ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..) => Some(self.promoted_operand(handle)),
        }
    }

    /// Returns a written conversion.
    pub(super) fn cast(&self, operand: &Rendered, ty: &Type) -> Rendered {
        let text = format!(
            "({}){}",
            self.declare(ty, "", false),
            operand.at(Precedence::Unary)
        );
        Rendered::new(text, Precedence::Unary, ty.clone())
    }
}
