//! Pointers to rows that have a name: of `double *row = a[i]; … row[j]` remains `… a[i][j]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{expressions_mut, is_same_type};
use mupac_ir::{Block, Expr, ExprKind, Function, Handle, Place, Projection, Stmt, Type, Var};

use crate::analyse::liveness::is_live_after;
use crate::facts::BlockStep;
use crate::normalise::modified;
use crate::{build, region};

/// Returns the function without the variables that only stand for a pointer in memory while a region runs; `None` where
/// there is none.
///
/// What lies in memory may then be read later than the variable was set: whoever follows it shows that nothing changes it.
pub(super) fn substituted(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Arc<Function>> {
    let statements = region::statements(function, path, range);
    let last = range.end.saturating_sub(1);
    let mut set = BTreeMap::<Handle<Var>, usize>::new();
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt).filter(|place| place.path.is_empty());
        if let Some(target) = target {
            *set.entry(target.var).or_default() += 1;
        }
    });
    let is_name = |var: &Handle<Var>| {
        let declared = &function.vars[*var];
        matches!(declared.ty, Type::Pointer { .. })
            && declared.is_plain_local()
            && set.get(var) == Some(&1)
            && !is_live_after(function, path, last, *var)
    };
    let names: Vec<Handle<Var>> = set.keys().copied().filter(is_name).collect();
    let mut own: Option<Function> = None;
    for var in names {
        let known = own.as_ref().unwrap_or(function);
        let statements = region::statements(known, path, range);
        // The statements of the region keep their number.
        let is_inside = statements
            .iter()
            .all(|stmt| assigned(known, stmt, var).is_none());
        if is_inside && is_only_name(known, statements, var) {
            let mut new = known.clone();
            let mut statements = region::take(&mut new, path, range);
            in_blocks(&mut new, &mut statements, var);
            region::put(&mut new, path, range.start, statements);
            own = Some(new);
        }
    }
    own.map(Arc::new)
}

/// Returns the place whose pointer a statement gives a variable.
fn assigned<'a>(function: &'a Function, stmt: &Stmt, var: Handle<Var>) -> Option<&'a Place> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let is_set = compute.target.var == var && compute.target.path.is_empty();
    let mut value = &function.exprs[compute.value];
    // To a pointer to constants of the same type.
    if let ExprKind::Cast(inner) = value.kind {
        let inner = &function.exprs[inner];
        let pointed = value.ty.element().zip(inner.ty.element());
        let is_same = pointed.is_some_and(|(a, b)| is_same_type(function, a, function, b));
        value = if is_same { inner } else { value };
    }
    let ExprKind::Load(place) = &value.kind else {
        return None;
    };
    (is_set && !place.path.is_empty()).then_some(place)
}

/// Returns whether a variable stands for one place wherever statements name it: between the assignment and the end of its
/// block nothing changes what the place is named by.
fn is_only_name(function: &Function, statements: &[Stmt], var: Handle<Var>) -> bool {
    let mut is_only = false;
    let mut see = |block: &[Stmt]| {
        for (at, stmt) in block.iter().enumerate() {
            if let Some(place) = assigned(function, stmt, var) {
                let rest = &block[at + 1..];
                let changed = modified(rest);
                let mut names = build::indices(place)
                    .flat_map(|index| build::variables(function, index))
                    .chain([place.var]);
                let is_fixed = build::indices(place)
                    .all(|index| build::is_of_variables(function, index, &|_| true));
                let is_same = !names.any(|name| {
                    is_assigned(rest, name) || changed_scalar(function, &changed, name)
                });
                let all = mentions(function, statements, var);
                is_only = is_fixed && is_same && all == mentions(function, rest, var) + 1;
            }
        }
    };
    see(statements);
    region::each(statements, &mut |stmt| {
        region::blocks(stmt).for_each(|block| see(block));
    });
    is_only
}

/// Returns whether statements change a variable that is no array.
fn changed_scalar(function: &Function, changed: &BTreeSet<Handle<Var>>, var: Handle<Var>) -> bool {
    matches!(function.vars[var].ty, Type::Scalar(_)) && changed.contains(&var)
}

fn is_assigned(statements: &[Stmt], var: Handle<Var>) -> bool {
    let mut found = false;
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt);
        found |= target.is_some_and(|place| place.var == var && place.path.is_empty());
    });
    found
}

/// Returns how often statements name a variable.
fn mentions(function: &Function, statements: &[Stmt], var: Handle<Var>) -> usize {
    let mut count = 0;
    region::each(statements, &mut |stmt| {
        let mut see = |expr: Handle<Expr>| {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    count += usize::from(place.var == var);
                }
            });
        };
        region::expressions(stmt).into_iter().for_each(&mut see);
        if let Some(target) = region::target(stmt) {
            count += usize::from(target.var == var);
        }
    });
    count
}

/// Puts the place into the blocks in which a variable stands for it.
fn in_blocks(function: &mut Function, block: &mut Block, var: Handle<Var>) {
    let at = block
        .iter()
        .position(|stmt| assigned(function, stmt, var).is_some());
    if let Some(at) = at {
        let place = assigned(function, &block[at], var).cloned();
        let rest: Block = block.drain(at..).skip(1).collect();
        if let Some(place) = place {
            let mut rest = rest;
            replace(function, &mut rest, var, &place);
            block.extend(rest);
        }
    }
    block.retain(|stmt| !matches!(stmt, Stmt::Declare(declared, _) if *declared == var));
    for stmt in block {
        for inner in region::blocks_mut(stmt) {
            in_blocks(function, inner, var);
        }
    }
}

fn replace(function: &mut Function, statements: &mut [Stmt], var: Handle<Var>, by: &Place) {
    for stmt in statements {
        for expr in expressions_mut(stmt) {
            *expr = value(function, *expr, var, by);
        }
        if let Stmt::Compute(compute) = stmt
            && let Some(place) = longer(function, &compute.target, var, by)
        {
            compute.target = place;
        }
        for block in region::blocks_mut(stmt) {
            replace(function, block, var, by);
        }
    }
}

fn value(
    function: &mut Function,
    expr: Handle<Expr>,
    var: Handle<Var>,
    by: &Place,
) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let mut node = node.clone();
        let (ExprKind::Load(place) | ExprKind::Address(place)) = &mut node.kind else {
            return None;
        };
        *place = longer(function, place, var, by)?;
        Some(function.exprs.push(node))
    })
}

/// Returns a place that starts from a variable as one that starts from what it stands for.
fn longer(function: &mut Function, place: &Place, var: Handle<Var>, by: &Place) -> Option<Place> {
    if place.var != var {
        return None;
    }
    let rest = place.path.iter().map(|step| match step {
        Projection::Index(index) => Projection::Index(value(function, *index, var, by)),
        Projection::Field(_) => *step,
    });
    let path = by.path.iter().copied().chain(rest).collect();
    Some(Place { var: by.var, path })
}
