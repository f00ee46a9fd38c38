//! Which outcomes of a loop some input may have.

use mupac_ir::fold::constant;
use mupac_ir::structure::{each, is_same_expr};
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Loop, Stmt, Storage, Var};

use super::{NO_TRIP, ONE_TRIP, TRIPS};

/// Returns the outcomes that a counted loop inside of others may have: one where its bounds are constants; at least one
/// iteration where the loops around it show that.
pub(super) fn trips(function: &Function, around: &[&Loop], each: &Loop) -> u8 {
    let all = NO_TRIP | ONE_TRIP | TRIPS;
    let (Some(start), Some(end)) = (constant(function, each.start), constant(function, each.end))
    else {
        return if runs(function, around, each) {
            all & !NO_TRIP
        } else {
            all
        };
    };
    let step = i128::from(each.step);
    let distance = if step > 0 { end - start } else { start - end };
    match distance {
        ..=0 => NO_TRIP,
        _ if distance <= step.abs() => ONE_TRIP,
        _ => TRIPS,
    }
}

/// Returns whether a loop runs whenever the loops around it do: it counts as one of them does, by numbers that nothing
/// changes, or up to a number that is greater than its start because an iterator is not less than its own start.
fn runs(function: &Function, around: &[&Loop], each: &Loop) -> bool {
    let same = |a, b| is_same_expr(function, a, function, b);
    let counts_alike = |outer: &&&Loop| {
        same(outer.start, each.start) && same(outer.end, each.end) && outer.step == each.step
    };
    let is_fixed = || is_fixed(function, each.start) && is_fixed(function, each.end);
    if around.iter().any(|outer| counts_alike(&outer)) && is_fixed() {
        return true;
    }
    let start = constant(function, each.start);
    let end = least(function, around, each.end);
    each.step > 0 && start.zip(end).is_some_and(|(start, end)| start < end)
}

/// Returns a number that an integer expression is not below; `None` where none is known.
fn least(function: &Function, around: &[&Loop], handle: Handle<Expr>) -> Option<i128> {
    if let Some(value) = constant(function, handle) {
        return Some(value);
    }
    let expr = function.exprs.get(handle)?;
    let value = match &expr.kind {
        ExprKind::Load(place) if place.path.is_empty() => {
            let mut around = around.iter();
            let counting = around.find(|each| each.iterator == place.var && each.step > 0)?;
            constant(function, counting.start)?
        }
        // A conversion to a type that may not hold the value is left alone by what follows.
        ExprKind::Cast(inner) => {
            let (from, to) = (function.exprs.get(*inner)?.ty.scalar()?, expr.ty.scalar()?);
            let value = least(function, around, *inner)?;
            from.fits_in(to).then_some(value)?
        }
        ExprKind::Binary(BinaryOp::Add, a, b) if expr.ty.scalar()?.is_signed() => {
            least(function, around, *a)?.checked_add(least(function, around, *b)?)?
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
        | ExprKind::ThreadIndex(_) => return None,
    };
    let (_, most) = expr.ty.scalar()?.integer_range()?;
    (value <= most).then_some(value)
}

/// Returns whether an expression is made of constants and of parameters that nothing changes.
fn is_fixed(function: &Function, handle: Handle<Expr>) -> bool {
    let Some(expr) = function.exprs.get(handle) else {
        return false;
    };
    match &expr.kind {
        ExprKind::Int(_) => true,
        ExprKind::Load(place) => place.path.is_empty() && is_unchanged(function, place.var),
        ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => is_fixed(function, *inner),
        ExprKind::Binary(_, a, b) => is_fixed(function, *a) && is_fixed(function, *b),
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

fn is_unchanged(function: &Function, var: Handle<Var>) -> bool {
    let is_parameter = function.vars[var].storage == Storage::Parameter;
    let mut exprs = function.exprs.iter();
    let is_pointed_to =
        exprs.any(|(_, expr)| matches!(&expr.kind, ExprKind::Address(place) if place.var == var));
    let mut is_assigned = false;
    each(&function.body, &mut |stmt| {
        is_assigned |= match stmt {
            Stmt::Compute(compute) => compute.target.var == var,
            Stmt::For(each) => each.iterator == var,
            Stmt::Call(call) => call.target.as_ref().is_some_and(|place| place.var == var),
            Stmt::Verbatim(..) => true,
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => false,
        };
    });
    is_parameter && !is_pointed_to && !is_assigned
}
