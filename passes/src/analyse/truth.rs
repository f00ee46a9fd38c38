//! What is known of conditions: for which iterations one may hold, and for which it may fail.

use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Handle, UnaryOp};

use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};
use crate::build;

/// What is known of a condition.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    /// Holds wherever the condition may.
    pub(super) holds: Formula,
    /// Holds wherever the condition may fail.
    pub(super) fails: Formula,
    /// Whether both say exactly that.
    pub(super) is_exact: bool,
}

impl Truth {
    fn exact(holds: Formula) -> Option<Self> {
        Some(Self {
            fails: holds.negated()?,
            is_exact: holds.is_exact(),
            holds,
        })
    }

    fn unknown() -> Self {
        Self {
            holds: Formula::Constant(true),
            fails: Formula::Constant(true),
            is_exact: false,
        }
    }

    fn not(self) -> Self {
        Self {
            holds: self.fails,
            fails: self.holds,
            is_exact: self.is_exact,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            holds: self.holds.and(other.holds),
            fails: self.fails.or(other.fails),
            is_exact: self.is_exact && other.is_exact,
        }
    }
}

impl Scan<'_> {
    /// Returns what is known of a condition at this point.
    pub(super) fn condition(&mut self, expr: Handle<Expr>) -> Truth {
        self.exact_condition(expr).unwrap_or_else(Truth::unknown)
    }

    fn exact_condition(&mut self, expr: Handle<Expr>) -> Option<Truth> {
        let function = self.function;
        match &function.exprs[expr].kind {
            ExprKind::Binary(BinaryOp::And, a, b) => {
                Some(self.condition(*a).and(self.condition(*b)))
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                let neither = self.condition(*a).not().and(self.condition(*b).not());
                Some(neither.not())
            }
            ExprKind::Unary(UnaryOp::Not, a) => Some(self.condition(*a).not()),
            ExprKind::Binary(op, a, b) if op.is_truth() => {
                if let Some(truth) = self.below_unsigned(*op, *a, *b) {
                    return Some(truth);
                }
                let (a, b) = (self.affine(*a)?, self.affine(*b)?);
                Truth::exact(comparison(*op, &a, &b)?)
            }
            ExprKind::Cast(a) if function.exprs[*a].kind.is_truth() => Some(self.condition(*a)),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {
                let value = self.affine(expr)?;
                Truth::exact(Formula::Compare(value, Sign::NotZero))
            }
        }
    }

    /// Returns what is known of `(unsigned)a < b`, which is `a >= 0 && a < b` for a signed `a` of that width and a constant `b`
    /// that its type has too.
    fn below_unsigned(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Option<Truth> {
        let function = self.function;
        let (cast, bound, op) = match Comparison::of(op)? {
            Comparison::Less | Comparison::LessEqual => (a, b, op),
            Comparison::Greater => (b, a, BinaryOp::Less),
            Comparison::GreaterEqual => (b, a, BinaryOp::LessEqual),
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        let ExprKind::Cast(inner) = function.exprs[cast].kind else {
            return None;
        };
        let unsigned = function.exprs[cast].ty.scalar()?;
        let signed = function.exprs[inner].ty.scalar()?;
        let is_wrapped = signed.is_signed() && !unsigned.is_signed();
        let (_, greatest) = signed.integer_range()?;
        let bound = build::constant(function, bound).filter(|bound| *bound <= greatest)?;
        if !is_wrapped || signed.bits() != unsigned.bits() {
            return None;
        }
        let value = self.affine(inner)?;
        let least = Formula::at_most(&Affine::constant(0), &value)?;
        Truth::exact(least.and(comparison(op, &value, &Affine::constant(bound))?))
    }
}

/// Returns the formula of a comparison of two forms; `None` for other operators.
fn comparison(op: BinaryOp, a: &Affine, b: &Affine) -> Option<Formula> {
    match Comparison::of(op)? {
        Comparison::Less => Formula::below(a, b),
        Comparison::LessEqual => Formula::at_most(a, b),
        Comparison::Greater => Formula::below(b, a),
        Comparison::GreaterEqual => Formula::at_most(b, a),
        Comparison::Equal => Some(Formula::Compare(a.minus(b)?, Sign::Zero)),
        Comparison::NotEqual => Some(Formula::Compare(a.minus(b)?, Sign::NotZero)),
    }
}
