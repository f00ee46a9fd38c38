//! Values of unchanging variables that the host can compute before a region.

use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Function, Handle, Scalar, UnaryOp, Var};

use crate::build;

/// Returns whether the host can compute an expression of unchanging variables wherever divisors are positive: no value
/// on the way leaves 64 bits, and nothing but variables is read.
///
/// Divisors are added to `divisors`.
pub(crate) fn is_evaluable(
    function: &Function,
    expr: Handle<Expr>,
    is_unchanged: &mut dyn FnMut(Handle<Var>) -> bool,
    divisors: &mut Vec<Handle<Expr>>,
) -> bool {
    bounds(function, expr, is_unchanged, divisors)
        .is_some_and(|(low, high)| i128::from(i64::MIN) <= low && high <= i128::from(i64::MAX))
}

/// Returns the bounds of a value computed in 64 bits, or `None` where it cannot be; [`widened`] computes it, signed
/// operators in `i64` and unsigned ones in their own type.
pub(crate) fn bounds(
    function: &Function,
    expr: Handle<Expr>,
    is_unchanged: &mut dyn FnMut(Handle<Var>) -> bool,
    divisors: &mut Vec<Handle<Expr>>,
) -> Option<(i128, i128)> {
    let node = &function.exprs[expr];
    let scalar = node.ty.scalar()?;
    let (low, high) = scalar.integer_range()?;
    match &node.kind {
        ExprKind::Int(value) => Some((*value, *value)),
        ExprKind::Load(place) if place.path.is_empty() && is_unchanged(place.var) => {
            Some((low, high))
        }
        ExprKind::Cast(a) => {
            let (least, greatest) = bounds(function, *a, is_unchanged, divisors)?;
            let is_kept = low <= least && greatest <= high;
            Some(if is_kept {
                (least, greatest)
            } else {
                (low, high)
            })
        }
        ExprKind::Unary(UnaryOp::BitNot, a) => {
            bounds(function, *a, is_unchanged, divisors).map(|_| (low, high))
        }
        ExprKind::Unary(UnaryOp::Negate, a) => {
            let (least, greatest) = bounds(function, *a, is_unchanged, divisors)?;
            let ends = (greatest.checked_neg()?, least.checked_neg()?);
            computed(scalar, ends)
        }
        ExprKind::Binary(op, a, b) => {
            let a = (*a, bounds(function, *a, is_unchanged, divisors)?);
            let b = (*b, bounds(function, *b, is_unchanged, divisors)?);
            of_operands(function, (*op, scalar), a, b, divisors)
        }
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => {
            let (op, a, b) = compared(function, *condition)?;
            let mut ends = |expr| bounds(function, expr, is_unchanged, divisors);
            // What is compared has to be computed, too.
            let [a_ends, b_ends, otherwise] = [ends(a)?, ends(b)?, ends(*otherwise)?];
            let next = next_to(function, *then, (op, a)).and_then(|by| between(by, a_ends, b_ends));
            let then = match next {
                Some(then) => then,
                None => ends(*then)?,
            };
            Some((then.0.min(otherwise.0), then.1.max(otherwise.1)))
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(UnaryOp::Not, _)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Returns the step of 1 that leads from a value toward the one that it is compared with, if that is what is chosen then: of
/// `a < b ? a + 1 : c`, which no type is too small for.
fn next_to(
    function: &Function,
    then: Handle<Expr>,
    (op, a): (BinaryOp, Handle<Expr>),
) -> Option<i128> {
    let ExprKind::Binary(sum, from, by) = function.exprs[then].kind else {
        return None;
    };
    let by = build::constant(function, by).filter(|_| from == a)?;
    let by = match (sum == BinaryOp::Add, sum == BinaryOp::Subtract) {
        (true, _) => by,
        (_, true) => -by,
        (false, false) => return None,
    };
    let is_toward = match Comparison::of(op)? {
        Comparison::Less => by == 1,
        Comparison::Greater => by == -1,
        Comparison::LessEqual
        | Comparison::GreaterEqual
        | Comparison::Equal
        | Comparison::NotEqual => false,
    };
    is_toward.then_some(by)
}

/// Returns the bounds of a value one step toward another one, from which it differs.
fn between(by: i128, a: (i128, i128), b: (i128, i128)) -> Option<(i128, i128)> {
    let (low, high) = (a.0.checked_add(by)?, a.1.checked_add(by)?);
    Some(if by > 0 {
        (low, high.min(b.1))
    } else {
        (low.max(b.0), high)
    })
}

/// A value, and its bounds.
type Bounded = (Handle<Expr>, (i128, i128));

/// Returns the bounds of an operator's value, of a type, by those of its operands.
fn of_operands(
    function: &Function,
    (op, scalar): (BinaryOp, Scalar),
    (_, a_ends): Bounded,
    (b, b_ends): Bounded,
    divisors: &mut Vec<Handle<Expr>>,
) -> Option<(i128, i128)> {
    let (low, high) = scalar.integer_range()?;
    let ends = match op {
        BinaryOp::Add => (
            a_ends.0.checked_add(b_ends.0)?,
            a_ends.1.checked_add(b_ends.1)?,
        ),
        BinaryOp::Subtract => (
            a_ends.0.checked_sub(b_ends.1)?,
            a_ends.1.checked_sub(b_ends.0)?,
        ),
        BinaryOp::Multiply => {
            let ends = [
                a_ends.0.checked_mul(b_ends.0)?,
                a_ends.0.checked_mul(b_ends.1)?,
                a_ends.1.checked_mul(b_ends.0)?,
                a_ends.1.checked_mul(b_ends.1)?,
            ];
            (*ends.iter().min()?, *ends.iter().max()?)
        }
        BinaryOp::Divide | BinaryOp::Remainder => {
            divisors.push(b);
            let constant = build::constant(function, b).filter(|divisor| *divisor > 0);
            if let Some(divisor) = constant.filter(|_| a_ends.0 >= 0) {
                let greatest = if op == BinaryOp::Divide {
                    a_ends.1 / divisor
                } else {
                    divisor - 1
                };
                return Some((0, greatest));
            }
            let far = a_ends.0.checked_abs()?.max(a_ends.1.checked_abs()?);
            (-far, far)
        }
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => (low, high),
        BinaryOp::Min => (a_ends.0.min(b_ends.0), a_ends.1.min(b_ends.1)),
        BinaryOp::Max => (a_ends.0.max(b_ends.0), a_ends.1.max(b_ends.1)),
        BinaryOp::FloorDivide | BinaryOp::CeilDivide => {
            divisors.push(b);
            let far = a_ends.0.checked_abs()?.max(a_ends.1.checked_abs()?);
            (-far, far)
        }
        BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference => return None,
    };
    computed(scalar, ends)
}

/// Returns the sides of a comparison of two integers that 64 bits hold, and how they are compared.
fn compared(
    function: &Function,
    condition: Handle<Expr>,
) -> Option<(BinaryOp, Handle<Expr>, Handle<Expr>)> {
    let ExprKind::Binary(op, a, b) = function.exprs[condition].kind else {
        return None;
    };
    let holds = |side: Handle<Expr>| {
        let own = function.exprs[side].ty.scalar();
        own.is_some_and(|own| own.integer_range().is_some() && own != Scalar::U64)
    };
    let is_comparison = Comparison::of(op).is_some();
    (is_comparison && holds(a) && holds(b)).then_some((op, a, b))
}

/// Returns the bounds of the result of an operator that lies between two integers: as they are where 64 bits hold them
/// or, unsigned, the type does; all of an unsigned type where it wraps.
fn computed(scalar: Scalar, ends: (i128, i128)) -> Option<(i128, i128)> {
    let (low, high) = scalar.integer_range()?;
    if scalar.is_signed() {
        let fits = i128::from(i64::MIN) <= ends.0 && ends.1 <= i128::from(i64::MAX);
        return fits.then_some(ends);
    }
    Some(if low <= ends.0 && ends.1 <= high {
        ends
    } else {
        (low, high)
    })
}

/// Appends an expression with its signed arithmetic done in `i64`, where it cannot overflow; it has the same value
/// wherever the original has one.
pub(crate) fn widened(function: &mut Function, expr: Handle<Expr>) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let Some(scalar) = node.ty.scalar() else {
        return expr;
    };
    let ty = if scalar.is_signed() {
        Scalar::I64
    } else {
        scalar
    };
    match node.kind {
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (widened(function, a), widened(function, b));
            let (a, b) = (
                build::convert(function, a, ty),
                build::convert(function, b, ty),
            );
            function.expr(ExprKind::Binary(op, a, b), ty)
        }
        ExprKind::Unary(op, a) => {
            let a = widened(function, a);
            let a = build::convert(function, a, ty);
            function.expr(ExprKind::Unary(op, a), ty)
        }
        ExprKind::Cast(a) => {
            let a = widened(function, a);
            build::convert(function, a, scalar)
        }
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => {
            let Some((op, a, b)) = compared(function, condition) else {
                return expr;
            };
            let [a, b, then, otherwise] = [a, b, then, otherwise].map(|operand| {
                let operand = widened(function, operand);
                build::convert(function, operand, Scalar::I64)
            });
            let condition = function.expr(ExprKind::Binary(op, a, b), Scalar::I32);
            let kind = ExprKind::Select {
                condition,
                then,
                otherwise,
            };
            let chosen = function.expr(kind, Scalar::I64);
            build::convert(function, chosen, ty)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => expr,
    }
}
