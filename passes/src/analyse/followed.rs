//! Which locals decide where a region goes and what it touches: what stands in subscripts, bounds and conditions, and what
//! these are computed from in integers.
//!
//! The value of any other local is data. Of `s = i * 2654435761u` it is not worth a condition on sizes that it does not wrap
//! where `s` is only turned into a random number.
//!
//! **Source**: Weiser, “Program Slicing”, ICSE 1981.

use std::collections::BTreeSet;

use mupac_ir::structure::{each, each_expression, each_operand, indices, visit};
use mupac_ir::{Expr, ExprKind, Function, Handle, Scalar, Stmt, Var};

use crate::region;

/// Returns the variables of which some statements follow the integers.
pub(super) fn followed(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    each(statements, &mut |stmt| {
        let is_decision = matches!(stmt, Stmt::For(_) | Stmt::If(_) | Stmt::While(_));
        let target = region::target(stmt).into_iter();
        for index in target.flat_map(indices) {
            add(function, index, &mut found);
        }
        each_expression(stmt, &mut |expr| {
            if is_decision {
                add(function, expr, &mut found);
            }
            add_decisions(function, expr, &mut found);
        });
    });
    while add_sources(function, statements, &mut found) {}
    found
}

/// Returns the variables that subscripts of some statements are computed from in integers.
pub(super) fn subscripted(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    each(statements, &mut |stmt| {
        let target = region::target(stmt).into_iter();
        for index in target.flat_map(indices) {
            add(function, index, &mut found);
        }
        each_expression(stmt, &mut |expr| add_subscripts(function, expr, &mut found));
    });
    while add_sources(function, statements, &mut found) {}
    found
}

/// Adds what subscripts inside of an expression name.
fn add_subscripts(function: &Function, expr: Handle<Expr>, found: &mut BTreeSet<Handle<Var>>) {
    visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
            indices(place).for_each(|index| add(function, index, found));
        }
    });
}

/// Adds what subscripts and choices inside of an expression name.
fn add_decisions(function: &Function, expr: Handle<Expr>, found: &mut BTreeSet<Handle<Var>>) {
    visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
            indices(place).for_each(|index| add(function, index, found));
        } else if let ExprKind::Select { condition, .. } = &node.kind {
            add(function, *condition, found);
        }
    });
}

/// Adds what followed variables are computed from; returns whether there was any more.
fn add_sources(
    function: &Function,
    statements: &[Stmt],
    found: &mut BTreeSet<Handle<Var>>,
) -> bool {
    let known = found.len();
    each(statements, &mut |stmt| {
        let given = if let Stmt::Let(var, value) = stmt {
            Some((*var, *value))
        } else if let Stmt::Compute(compute) = stmt {
            Some((compute.target.var, compute.value))
        } else {
            None
        };
        if let Some((var, value)) = given
            && found.contains(&var)
        {
            add(function, value, found);
        }
    });
    found.len() > known
}

/// Adds the variables of an expression, but for what stands inside of numbers that are no integers.
fn add(function: &Function, expr: Handle<Expr>, found: &mut BTreeSet<Handle<Var>>) {
    let node = &function.exprs[expr];
    if node.ty.scalar().is_some_and(Scalar::is_float) {
        return;
    }
    if let ExprKind::Load(place) = &node.kind {
        found.insert(place.var);
    }
    each_operand(&node.kind, &mut |operand| add(function, operand, found));
}
