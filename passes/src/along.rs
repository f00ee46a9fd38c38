//! How integers move with the counter of a loop, and between which values.

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Loop, Place, Scalar, Var};

use crate::build;

/// Which way an integer moves while a counter goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// It does not move.
    Still,
    /// It never goes down.
    Up,
    /// It never goes up.
    Down,
}

impl Direction {
    fn opposite(self) -> Self {
        match self {
            Self::Still => Self::Still,
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// Returns how a sum moves; `None` where its parts pull apart.
    fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Still, moving) | (moving, Self::Still) => Some(moving),
            (a, b) => (a == b).then_some(a),
        }
    }
}

/// Returns which way an integer moves while a counter goes up, all else staying as it is, as long as it stays within
/// [`mupac_ir::inspection::FARTHEST`]; `None` where that is not known.
///
/// `is_negative` says of a factor whether it is: `None` if that is not known, and `Some(false)` of 0 too.
/// Signed numbers do not overflow, and 64 bits that wrap around come from farther away; 32 bits without a sign may wrap within.
pub(crate) fn direction(
    function: &Function,
    expr: Handle<Expr>,
    counter: Handle<Var>,
    is_negative: &dyn Fn(Handle<Expr>) -> Option<bool>,
) -> Option<Direction> {
    if !build::names(function, expr, counter) {
        return Some(Direction::Still);
    }
    let node = &function.exprs[expr];
    let ty = node.ty.scalar().filter(|ty| !ty.is_float())?;
    let moves = |operand| direction(function, operand, counter, is_negative);
    match node.kind {
        ExprKind::Load(_) => is_counter(node, counter).then_some(Direction::Up),
        ExprKind::Cast(inner) => {
            let from = function.exprs[inner].ty.scalar()?;
            is_kept(from, ty).then(|| moves(inner))?
        }
        ExprKind::Binary(BinaryOp::Add, a, b) if is_kept(ty, ty) => moves(a)?.with(moves(b)?),
        ExprKind::Binary(BinaryOp::Subtract, a, b) if is_kept(ty, ty) => {
            moves(a)?.with(moves(b)?.opposite())
        }
        ExprKind::Binary(BinaryOp::Multiply, a, b) if is_kept(ty, ty) => {
            let (moving, factor) = match (moves(a)?, moves(b)?) {
                (Direction::Still, moving) => (moving, a),
                (moving, Direction::Still) => (moving, b),
                (_, _) => return None,
            };
            if is_negative(factor)? {
                Some(moving.opposite())
            } else {
                Some(moving)
            }
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Returns whether a number that moves still does so in another type, or in sums of that type.
pub(crate) fn is_kept(from: Scalar, to: Scalar) -> bool {
    let is_wider = from.bits() < to.bits() && (to.is_signed() || !from.is_signed());
    to.bits() == 64 || is_wider || from == to && to.is_signed()
}

/// Returns the value of the counter next to the end of a loop: that of the last iteration where it counts in steps of one, and
/// otherwise one that the counter does not go beyond.
pub(crate) fn last(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let counter = function.vars[each.iterator].ty.scalar()?;
    let last = before(function, each.end, each.step.signum())?;
    if let ExprKind::Cast(inner) = function.exprs[last].kind
        && function.exprs[inner].ty.scalar() == Some(counter)
    {
        return Some(inner);
    }
    Some(build::convert(function, last, counter))
}

/// Returns an integer less a constant, as short as the source says it: `n` for `(n + 1) - 1`.
pub(crate) fn before(function: &mut Function, expr: Handle<Expr>, by: i64) -> Option<Handle<Expr>> {
    let (rest, beyond) = offset(function, expr);
    let beyond = beyond - i128::from(by);
    let ty = function.exprs[rest].ty.scalar()?;
    let (op, beyond) = if beyond < 0 {
        (BinaryOp::Subtract, -beyond)
    } else {
        (BinaryOp::Add, beyond)
    };
    let (_, most) = ty.integer_range()?;
    if beyond > most {
        return None;
    }
    let beyond = build::int(function, beyond, ty);
    Some(build::binary(function, op, rest, beyond))
}

/// Returns an integer as another and a constant that is added to it, both of one type.
pub(crate) fn offset(function: &Function, expr: Handle<Expr>) -> (Handle<Expr>, i128) {
    let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) =
        function.exprs[expr].kind
    else {
        return (expr, 0);
    };
    let Some(by) = build::constant(function, b) else {
        return (expr, 0);
    };
    let (rest, beyond) = offset(function, a);
    let by = if op == BinaryOp::Add { by } else { -by };
    (rest, beyond + by)
}

/// Returns an integer for a value of the counter; a sum with 0 is the other summand, and a product with it is 0.
pub(crate) fn at(
    function: &mut Function,
    expr: Handle<Expr>,
    counter: Handle<Var>,
    value: Handle<Expr>,
) -> Handle<Expr> {
    if is_counter(&function.exprs[expr], counter) {
        return value;
    }
    if !build::names(function, expr, counter) {
        return expr;
    }
    let node = function.exprs[expr].clone();
    let inside = |function: &mut Function, operand| at(function, operand, counter, value);
    match node.kind {
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (inside(function, a), inside(function, b));
            let whole = build::binary(function, op, a, b);
            before(function, whole, 0).unwrap_or(whole)
        }
        ExprKind::Cast(inner) => {
            let inner = inside(function, inner);
            match node.ty.scalar() {
                Some(ty) => build::convert(function, inner, ty),
                None => function.expr(ExprKind::Cast(inner), node.ty),
            }
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => build::replaced(function, expr, &mut |_, node| {
            is_counter(node, counter).then_some(value)
        }),
    }
}

fn is_counter(node: &Expr, counter: Handle<Var>) -> bool {
    matches!(&node.kind, ExprKind::Load(Place { var, path }) if *var == counter && path.is_empty())
}
