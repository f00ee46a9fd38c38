//! Numbers that comparisons keep within limits, as `v < n ? v : n - 1`.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Handle, Var};

use super::Courses;
use super::course::{Course, Way};
use crate::build;

/// What a number is apart from a constant that is added to it.
#[derive(Clone, Copy)]
pub(super) enum Base {
    Nothing,
    Variable(Handle<Var>),
    Value(Handle<Expr>),
}

impl Courses<'_> {
    /// Returns where a number goes that is kept where a condition holds, or where it fails, and is a limit elsewhere:
    /// `v < n ? v : n - 1`.
    pub(super) fn limited(
        &self,
        (condition, holds): (Handle<Expr>, bool),
        ((base, constant), course): ((Base, i128), Course),
        limit: Handle<Expr>,
    ) -> Option<Course> {
        let ExprKind::Binary(op, a, b) = self.function.exprs[condition].kind else {
            return None;
        };
        let ty = self.function.exprs[a].ty.scalar()?;
        let wraps = ty.is_float() || !ty.is_signed();
        let limit_course = self.of(limit).filter(|limit| limit.way == Way::Same)?;
        let mut comparison = Comparison::of(op).filter(|_| !wraps)?;
        if !holds {
            comparison = comparison.opposite();
        }
        let (mut compared, mut end) = (self.offset(a), self.offset(b));
        if !self.is_base(compared.0, base) {
            (compared, end) = (end, compared);
            comparison = comparison.mirrored();
        }
        let (limit_base, limit_constant) = self.offset(limit);
        if !self.is_base(compared.0, base) || !self.is_base(end.0, limit_base) {
            return None;
        }
        // The last one that is kept, apart from the base of the limit.
        let last = end.1 - compared.1 + constant;
        let is_beyond = match comparison {
            Comparison::Less => limit_constant >= last - 1,
            Comparison::LessEqual => limit_constant >= last,
            Comparison::Greater => limit_constant <= last + 1,
            Comparison::GreaterEqual => limit_constant <= last,
            Comparison::Equal | Comparison::NotEqual => false,
        };
        is_beyond.then(|| Course {
            most: course.most.max(limit_course.most),
            ..course
        })
    }

    /// Returns a number as a constant added to something.
    pub(super) fn offset(&self, expr: Handle<Expr>) -> (Base, i128) {
        let number = |expr| build::constant(self.function, expr);
        if let Some(constant) = number(expr) {
            return (Base::Nothing, constant);
        }
        if let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) =
            self.function.exprs[expr].kind
        {
            if let Some(constant) = number(b) {
                let (base, before) = self.offset(a);
                let sign = if op == BinaryOp::Add { 1 } else { -1 };
                return (base, before + sign * constant);
            }
            if let Some(constant) = number(a).filter(|_| op == BinaryOp::Add) {
                let (base, before) = self.offset(b);
                return (base, before + constant);
            }
        }
        let base = match build::loaded(self.function, expr) {
            Some(var) => Base::Variable(var),
            None => Base::Value(expr),
        };
        (base, 0)
    }

    fn is_base(&self, base: Base, other: Base) -> bool {
        match (base, other) {
            (Base::Nothing, Base::Nothing) => true,
            (Base::Variable(a), Base::Variable(b)) => a == b,
            (Base::Value(a), Base::Value(b)) => is_same_expr(self.function, a, self.function, b),
            (Base::Nothing | Base::Variable(_) | Base::Value(_), _) => false,
        }
    }
}
