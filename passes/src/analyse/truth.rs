//! What is known of conditions: for which iterations one may hold, and for which it may fail.

use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Handle, UnaryOp};

use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};

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
