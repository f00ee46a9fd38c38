//! Values that stay as they are between two places of the text.

use std::collections::BTreeSet;

use mupac_ir::{
    Compute, Expr, ExprKind, Function, Handle, Place, Projection, Scalar, Stmt, Type, Var,
};

use super::{Counting, Position, changed};
use crate::facts::BlockStep;
use crate::{build, region};

impl Counting<'_> {
    /// Returns what a variable was last given before a statement, in its block or before the branch that this is, where that is
    /// a sum of plain variables that have not changed since.
    pub(super) fn defined(&self, var: Handle<Var>, position: Position<'_>) -> Option<Handle<Expr>> {
        let function = self.written;
        if !function.vars[var].is_plain_local() {
            return None;
        }
        let mut since = BTreeSet::new();
        let (mut path, mut before) = (position.path, position.at);
        loop {
            let block = region::block(&function.body, path)?;
            for stmt in block.get(..before)?.iter().rev() {
                let changed = changed(function, std::slice::from_ref(stmt));
                if let Stmt::Compute(compute) = stmt
                    && compute.target == Place::var(var)
                {
                    since.insert(var);
                    let is_kept = is_fixed(function, compute.value, &since);
                    return is_kept.then_some(compute.value);
                }
                if changed.contains(&var) {
                    return None;
                }
                since.extend(changed);
            }
            let (BlockStep::Then(at) | BlockStep::Otherwise(at), outer) = path.split_last()? else {
                return None;
            };
            (path, before) = (outer, *at);
        }
    }
}

/// Returns whether an expression has the same value wherever none but some variables change: it reads no memory.
pub(super) fn is_fixed(
    function: &Function,
    expr: Handle<Expr>,
    changed: &BTreeSet<Handle<Var>>,
) -> bool {
    let mut is_fixed = true;
    build::visit(function, expr, &mut |_, node| match &node.kind {
        ExprKind::Load(place) => {
            let var = &function.vars[place.var];
            is_fixed &= is_member(place) && !changed.contains(&place.var) && var.is_plain_local();
        }
        ExprKind::Address(place) => {
            let is_pointer = matches!(function.vars[place.var].ty, Type::Pointer { .. });
            let is_kept = !is_pointer || !changed.contains(&place.var);
            is_fixed &= is_kept && reads_no_memory(function, place);
        }
        ExprKind::Text(_) | ExprKind::Call(..) => is_fixed = false,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
    });
    is_fixed
}

/// Returns whether a place is a variable or a member of one.
pub(super) fn is_member(place: &Place) -> bool {
    let mut steps = place.path.iter();
    steps.all(|step| matches!(step, Projection::Field(_)))
}

/// Returns whether a value lies in memory, at a place that is found by values that stay as they are where none but some variables
/// change; whoever reads it before a loop shows that the loop leaves it alone.
pub(super) fn is_found_in_memory(
    function: &Function,
    value: Handle<Expr>,
    changed: &BTreeSet<Handle<Var>>,
) -> bool {
    let ExprKind::Load(place) = &function.exprs[peeled(function, value)].kind else {
        return false;
    };
    !place.path.is_empty()
        && !changed.contains(&place.var)
        && build::indices(place).all(|index| is_fixed(function, index, changed))
}

/// Returns whether statements leave a value in memory as it is: what they store is of types that no object of its type is accessed
/// by, and they call nothing.
///
/// **Source**: C17 6.5 §7.
pub(super) fn is_left_alone(function: &Function, value: Handle<Expr>, body: &[Stmt]) -> bool {
    let kept = &function.exprs[peeled(function, value)].ty;
    let mut is_left_alone = true;
    region::each(body, &mut |stmt| {
        if let Stmt::Compute(Compute { target, value, .. }) = stmt {
            let is_own = target.path.is_empty() && function.vars[target.var].is_plain_local();
            is_left_alone &= is_own || is_of_other(&function.exprs[*value].ty, kept);
        }
        is_left_alone &= !matches!(stmt, Stmt::Call(_) | Stmt::Verbatim(..));
    });
    is_left_alone
}

/// Returns whether storing a number changes no object of another type.
fn is_of_other(stored: &Type, kept: &Type) -> bool {
    let Type::Scalar(stored) = stored else {
        return false;
    };
    let is_same_size = kept.scalar().is_some_and(|kept| {
        kept.size_bytes() == stored.size_bytes() && kept.is_float() == stored.is_float()
    });
    stored.size_bytes() > 1 && !is_same_size
}

/// Returns whether a place is found without a look at memory: in an array, or behind a pointer that only its function changes.
fn reads_no_memory(function: &Function, place: &Place) -> bool {
    let var = &function.vars[place.var];
    if let Type::Pointer { .. } = var.ty {
        return place.path.len() == 1 && var.is_plain_local();
    }
    let (mut ty, mut dimensions) = (&var.ty, 0);
    while let Type::Array { of, .. } = ty {
        (ty, dimensions) = (of, dimensions + 1);
    }
    place.path.len() <= dimensions
}

/// Returns an expression without the conversions that keep all values of what they convert.
pub(super) fn peeled(function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
    let node = &function.exprs[expr];
    let ExprKind::Cast(inner) = node.kind else {
        return expr;
    };
    let from: Option<Scalar> = function.exprs[inner].ty.scalar();
    let is_kept = match (from, node.ty.scalar()) {
        (Some(from), Some(to)) => from.fits_in(to),
        // The same elements, but for qualifiers.
        (None, None) => function.exprs[inner].ty.element() == node.ty.element(),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if is_kept {
        peeled(function, inner)
    } else {
        expr
    }
}
