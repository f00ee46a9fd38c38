//! Between which values a subscript lies while loops run.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, ExprKind, Function, Handle, Loop, Scalar, Var};

use crate::along::{self, Direction};
use crate::build;

type Expr = Handle<mupac_ir::Expr>;

/// A loop that counts, and what its counter lies between, ends included, if it runs at all.
pub(super) struct Counted {
    pub(super) counter: Handle<Var>,
    pub(super) low: Expr,
    pub(super) high: Expr,
    /// What is not negative if the loop runs.
    lengths: Vec<Expr>,
}

impl Counted {
    /// Returns what a loop counts; `None` where a part of its way is outside of what its counter can hold.
    ///
    /// `leaves`: whether it may be left before the counter comes to its end. Only then may that be a number that the counter
    /// never comes to.
    pub(super) fn of(function: &mut Function, each: &Loop, leaves: bool) -> Option<Self> {
        let own = function.vars[each.iterator].ty.scalar()?;
        let end = function.exprs[each.end].ty.scalar()?;
        if leaves && end != own {
            return None;
        }
        let last = along::last(function, each)?;
        let (low, high) = if each.step > 0 {
            (each.start, last)
        } else {
            (last, each.start)
        };
        let lengths = lengths(function, each, leaves);
        Some(Self {
            counter: each.iterator,
            low,
            high,
            lengths,
        })
    }
}

/// Returns what is beyond a start that is not negative, or goes down to an end that is none.
fn lengths(function: &Function, each: &Loop, leaves: bool) -> Vec<Expr> {
    let (from, to, most) = if each.step > 0 {
        (each.start, each.end, 1)
    } else {
        (each.end, each.start, 0)
    };
    let least = if each.step > 0 { 0 } else { -1 };
    let is_signed = |ty: Scalar| ty.is_signed() || ty.bits() < 64;
    let ty = function.exprs[to].ty.scalar();
    let is_length = build::constant(function, from).is_some_and(|from| from >= least)
        && ty.is_some_and(|ty| !leaves || is_signed(ty));
    let (rest, beyond) = along::offset(function, to);
    if !is_length || beyond > most {
        return Vec::new();
    }
    let mut found = vec![rest];
    while let Some(inner) = found.last().and_then(|of| kept_from(function, *of, leaves)) {
        found.push(inner);
    }
    found
}

/// Returns what is converted, if its value is the same where the loop that goes there runs.
fn kept_from(function: &Function, expr: Expr, leaves: bool) -> Option<Expr> {
    let ExprKind::Cast(inner) = function.exprs[expr].kind else {
        return None;
    };
    let (from, to) = (
        function.exprs[inner].ty.scalar()?,
        function.exprs[expr].ty.scalar()?,
    );
    let is_endless_else = to.bits() == 64 && !leaves;
    let is_same = from.bits() < to.bits() && (to.is_signed() || !from.is_signed());
    let is_number = !from.is_float() && from.bits() <= to.bits();
    (is_number && (is_same || is_endless_else)).then_some(inner)
}

/// Returns the least and the greatest value of a subscript, if it is known which way it goes with each of the loops around it,
/// outermost first.
pub(super) fn ends(
    function: &mut Function,
    subscript: Expr,
    around: &[Counted],
) -> Option<(Expr, Expr)> {
    let low = end(function, subscript, around, Direction::Down)?;
    let high = end(function, subscript, around, Direction::Up)?;
    Some((low, high))
}

fn end(
    function: &mut Function,
    subscript: Expr,
    around: &[Counted],
    towards: Direction,
) -> Option<Expr> {
    let mut found = subscript;
    for each in around.iter().rev() {
        let sign = |factor: Expr| is_negative(function, factor, around);
        let value = match along::direction(function, found, each.counter, &sign)? {
            Direction::Still => continue,
            way if way == towards => each.high,
            Direction::Up | Direction::Down => each.low,
        };
        found = along::at(function, found, each.counter, value);
    }
    Some(found)
}

/// Returns whether a factor is negative where some loops run.
fn is_negative(function: &Function, factor: Expr, around: &[Counted]) -> Option<bool> {
    if let Some(value) = build::constant(function, factor) {
        return (value.abs() <= i128::from(i32::MAX)).then_some(value < 0);
    }
    let mut lengths = around.iter().flat_map(|each| &each.lengths);
    if lengths.any(|length| is_same_expr(function, *length, function, factor)) {
        return Some(false);
    }
    let node = &function.exprs[factor];
    let ty = node.ty.scalar()?;
    match node.kind {
        ExprKind::Cast(inner) => {
            let from = function.exprs[inner].ty.scalar()?;
            let is_natural = !from.is_signed() && !from.is_float() && from.bits() < ty.bits();
            if is_natural {
                return Some(false);
            }
            along::is_kept(from, ty).then(|| is_negative(function, inner, around))?
        }
        ExprKind::Binary(BinaryOp::Multiply, a, b) if along::is_kept(ty, ty) => {
            let a = is_negative(function, a, around)?;
            Some(a != is_negative(function, b, around)?)
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
