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
        match stmt {
            Stmt::For(each) => {
                add(function, each.start, &mut found);
                add(function, each.end, &mut found);
            }
            Stmt::If(branch) => add(function, branch.condition, &mut found),
            Stmt::While(each) => add(function, each.condition, &mut found),
            Stmt::Let(..)
            | Stmt::Declare(..)
            | Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        if let Some(place) = region::target(stmt) {
            indices(place).for_each(|index| add(function, index, &mut found));
        }
        each_expression(stmt, &mut |expr| {
            add_decisions(function, expr, &mut found);
        });
    });
    while add_sources(function, statements, &mut found) {}
    found
}

/// Adds what subscripts and choices inside of an expression name.
fn add_decisions(function: &Function, expr: Handle<Expr>, found: &mut BTreeSet<Handle<Var>>) {
    visit(function, expr, &mut |_, node| match &node.kind {
        ExprKind::Load(place) | ExprKind::Address(place) => {
            indices(place).for_each(|index| add(function, index, found));
        }
        ExprKind::Select { condition, .. } => add(function, *condition, found),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
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
        let (var, value) = match stmt {
            Stmt::Let(var, value) => (*var, *value),
            Stmt::Compute(compute) => (compute.target.var, compute.value),
            Stmt::Declare(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => return,
        };
        if found.contains(&var) {
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
