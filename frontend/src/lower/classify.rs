//! `isnan`, `isinf`, `isfinite` and `signbit`: macros of the C library that ask what kind of number one is.
//!
//! They become comparisons.
//! C promises no more than that their value is other than zero where they hold; the compilers' value is 1, and that of
//! `isinf` has the sign of the infinity.
//!
//! **Source**: C17 7.12.3; GCC manual, “Other Built-in Functions Provided by GCC”; isinf(3).

use clang_sys as k;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Scalar};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::{Lowered, unsupported, walk};

/// What the macro `isinf` of the C library calls, in C and in C++.
pub(crate) const SIGN_OF_INFINITY: &str = "__builtin_isinf_sign";

/// What is asked of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    IsNan,
    /// The sign of an infinity, 0 for all other numbers.
    SignOfInfinity,
    IsInfinite,
    IsFinite,
    IsNegative,
}

impl Question {
    /// Returns what a call asks.
    pub(crate) fn of(call: Cursor<'_>) -> Option<Self> {
        if call.kind() != k::CXCursor_CallExpr {
            return None;
        }
        let callee = walk::peel(*call.children().first()?);
        match callee.spelling().as_str() {
            "__builtin_isnan" => Some(Self::IsNan),
            SIGN_OF_INFINITY => Some(Self::SignOfInfinity),
            "__builtin_isinf" => Some(Self::IsInfinite),
            "__builtin_isfinite" => Some(Self::IsFinite),
            "__builtin_signbit" | "__builtin_signbitf" => Some(Self::IsNegative),
            _ => None,
        }
    }
}

impl<'u> Body<'_, 'u> {
    /// Lowers a call that asks a question.
    pub(super) fn classified(
        &mut self,
        call: Cursor<'u>,
        question: Question,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(call);
        let children = call.children();
        let refuse = || unsupported("a call of this kind", at);
        let argument = *children.get(1).ok_or_else(refuse)?;
        let value = self.value(argument)?;
        let ty = self.type_of(value).scalar();
        let ty = ty.filter(|ty| ty.is_float()).ok_or_else(refuse)?;
        Ok(match question {
            Question::IsNan => self.compared(BinaryOp::NotEqual, value, value),
            Question::SignOfInfinity => {
                let infinity = self.float(f64::INFINITY, ty);
                let negative = self.float(f64::NEG_INFINITY, ty);
                let above = self.compared(BinaryOp::Equal, value, infinity);
                let below = self.compared(BinaryOp::Equal, value, negative);
                let sign = ExprKind::Binary(BinaryOp::Subtract, above, below);
                self.function.expr(sign, Scalar::I32)
            }
            Question::IsInfinite => self.by_size(BinaryOp::Equal, value, ty),
            Question::IsFinite => self.by_size(BinaryOp::Less, value, ty),
            Question::IsNegative => {
                let one = self.float(1.0, ty);
                let signed = self.library("copysign", vec![one, value], ty);
                let zero = self.float(0.0, ty);
                self.compared(BinaryOp::Less, signed, zero)
            }
        })
    }

    /// Compares the absolute value of a number with infinity.
    fn by_size(&mut self, op: BinaryOp, value: Handle<Expr>, ty: Scalar) -> Handle<Expr> {
        let size = self.library("fabs", vec![value], ty);
        let infinity = self.float(f64::INFINITY, ty);
        self.compared(op, size, infinity)
    }

    /// Applies an operator whose result is a truth value.
    pub(super) fn compared(
        &mut self,
        op: BinaryOp,
        a: Handle<Expr>,
        b: Handle<Expr>,
    ) -> Handle<Expr> {
        self.function.expr(ExprKind::Binary(op, a, b), Scalar::I32)
    }

    fn float(&mut self, value: f64, ty: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Float(value), ty)
    }

    /// Calls the function of the C library that has a name for each type.
    fn library(&mut self, name: &str, arguments: Vec<Handle<Expr>>, ty: Scalar) -> Handle<Expr> {
        let suffix = if ty == Scalar::F32 { "f" } else { "" };
        let call = ExprKind::Call(format!("{name}{suffix}"), arguments);
        self.function.expr(call, ty)
    }
}
