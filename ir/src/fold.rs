//! Integer constants.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::function::Function;

/// Returns the value of an integer constant, also behind conversions that keep it.
pub fn constant(function: &Function, expr: Handle<Expr>) -> Option<i128> {
    let expr = &function.exprs[expr];
    let (low, high) = expr.ty.scalar()?.integer_range()?;
    let value = match &expr.kind {
        ExprKind::Int(value) => *value,
        ExprKind::Cast(inner) => constant(function, *inner)?,
        ExprKind::Unary(UnaryOp::Negate, inner) => constant(function, *inner)?.checked_neg()?,
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (constant(function, *a)?, constant(function, *b)?);
            fold(*op, a, b)?
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return None,
    };
    (low..=high).contains(&value).then_some(value)
}

/// Computes an operator on constants; `None` where C gives no value or the operator is none of arithmetic and comparison.
pub fn fold(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        BinaryOp::Remainder => a.checked_rem(b),
        BinaryOp::Min => Some(a.min(b)),
        BinaryOp::Max => Some(a.max(b)),
        BinaryOp::FloorDivide => (b > 0).then(|| a.div_euclid(b)),
        BinaryOp::CeilDivide => (b > 0).then(|| -(-a).div_euclid(b)),
        BinaryOp::Less => Some(i128::from(a < b)),
        BinaryOp::LessEqual => Some(i128::from(a <= b)),
        BinaryOp::Greater => Some(i128::from(a > b)),
        BinaryOp::GreaterEqual => Some(i128::from(a >= b)),
        BinaryOp::Equal => Some(i128::from(a == b)),
        BinaryOp::NotEqual => Some(i128::from(a != b)),
        BinaryOp::ShiftLeft => a.checked_mul(power(a, b)?),
        BinaryOp::ShiftRight => a.checked_div(power(a, b)?),
        BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference => None,
    }
}

/// Returns by what a shift multiplies or divides a number that is not negative; no type has more than 64 bits.
fn power(shifted: i128, by: i128) -> Option<i128> {
    let is_defined = shifted >= 0 && (0..64).contains(&by);
    is_defined.then(|| 1_i128 << by)
}
