//! Pointers that a region takes for pointers to elements of another type, as variables: of `((float *)b->data)[i] = 0`
//! remains `d[i] = 0`, where `d` is what the host makes of `b->data`.
//!
//! A person writes the same: `float *d = (float *)b->data;` before the loop.

use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{expressions_mut, is_same_place, is_same_type};
use mupac_ir::{Expr, ExprKind, Function, Handle, Loop, Module, Place, Span, Stmt, Type, Var};

use super::safe::Entered;
use super::{InMemory, in_memory, needed};
use crate::facts::BlockStep;
use crate::normalise::modified;
use crate::{build, region};

/// A pointer that statements make of another one, the same in every iteration.
struct Cast<'a> {
    /// Where that one lies.
    place: Place,
    /// The pointer made of it.
    value: Handle<Expr>,
    /// The loops that have to run for it to be there.
    loops: Vec<&'a Loop>,
}

/// Returns the function with one variable for each such pointer; `None` where there is none.
pub(super) fn hoisted(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let casts = found(module, function, path, range);
    if casts.is_empty() {
        return None;
    }
    let mut own = (**function).clone();
    let mut values = Vec::new();
    let mut made = Vec::new();
    for cast in &casts {
        let needs = needed(module, &mut own, &cast.loops, &mut values);
        let mut value = in_memory(module, &mut own, cast.place.clone());
        own.vars[value.fetched.variable].ty = own.exprs[cast.value].ty.clone();
        value.fetched.value = cast.value;
        value.needs = needs;
        made.push((cast.place.clone(), value.fetched.variable));
        values.push(value);
    }
    let mut statements = region::take(&mut own, path, range);
    replace(&mut own, &mut statements, &made);
    region::put(&mut own, path, range.start, statements);
    Some((Arc::new(own), values))
}

/// Returns such pointers, each once.
fn found<'a>(
    module: &'a Module,
    function: &'a Function,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Vec<Cast<'a>> {
    let statements = region::statements(function, path, range);
    let all = casts(function, statements);
    if all.is_empty() {
        return Vec::new();
    }
    let ahead = region::statements(function, path, &(0..range.start));
    let entered = Entered::new(module, function, statements).after(ahead);
    let changed = modified(statements);
    let is_fixed =
        |place: &Place| entered.is_kept(place, &changed) && entered.is_there(place, &changed);
    let ty = |value: Handle<Expr>| &function.exprs[value].ty;
    let mut found: Vec<Cast<'a>> = Vec::new();
    for (place, value) in all.into_iter().filter(|(place, _)| is_fixed(place)) {
        let is_same = |known: &&mut Cast<'a>| {
            is_same_place(function, &known.place, function, place)
                && is_to_same(function, ty(known.value), ty(value))
        };
        let known = found.iter_mut().find(is_same);
        match known {
            Some(_) if matches!(ty(value), Type::Pointer { is_const: true, .. }) => {}
            Some(known) => known.value = value,
            None => found.push(Cast {
                loops: entered.needs(place).unwrap_or(&[]).to_vec(),
                place: place.clone(),
                value,
            }),
        }
    }
    found
}

/// Returns all pointers that statements make by a change of type, with where those lie that they are made of. What the first
/// statements set before any loop is a variable of theirs already.
fn casts<'a>(function: &'a Function, statements: &[Stmt]) -> Vec<(&'a Place, Handle<Expr>)> {
    let mut found = Vec::new();
    for block in statements.iter().flat_map(region::blocks) {
        region::each(block, &mut |stmt| {
            for expr in region::expressions(stmt) {
                build::visit(function, expr, &mut |expr, node| {
                    found.extend(source(function, node).map(|place| (place, expr)));
                });
            }
        });
    }
    found
}

/// Returns where the pointer lies that another one is made of by a change of type; `None` where a value is something else.
fn source<'a>(function: &'a Function, value: &Expr) -> Option<&'a Place> {
    let ExprKind::Cast(mut inner) = value.kind else {
        return None;
    };
    let element = value.ty.element()?;
    let is_sized = !matches!(element, Type::Void | Type::Opaque(_) | Type::Pointer { .. });
    while let ExprKind::Cast(next) = function.exprs[inner].kind {
        inner = next;
    }
    let from = function.exprs[inner].ty.element()?;
    let ExprKind::Load(place) = &function.exprs[inner].kind else {
        return None;
    };
    let is_other = !is_same_type(function, element, function, from);
    (is_sized && is_other).then_some(place)
}

/// Returns whether two types are of pointers to elements of one type.
fn is_to_same(function: &Function, a: &Type, b: &Type) -> bool {
    let both = a.element().zip(b.element());
    both.is_some_and(|(a, b)| is_same_type(function, a, function, b))
}

/// Puts variables, which stand behind the places that they are made of, where statements make these pointers.
fn replace(function: &mut Function, statements: &mut [Stmt], made: &[(Place, Handle<Var>)]) {
    for stmt in statements {
        for expr in expressions_mut(stmt) {
            *expr = replaced(function, *expr, made);
        }
        for block in region::blocks_mut(stmt) {
            replace(function, block, made);
        }
    }
}

fn replaced(
    function: &mut Function,
    expr: Handle<Expr>,
    made: &[(Place, Handle<Var>)],
) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let place = source(function, node)?;
        let is_known = |(known, variable): &&(Place, Handle<Var>)| {
            let ty = &function.vars[*variable].ty;
            is_same_place(function, known, function, place) && is_to_same(function, ty, &node.ty)
        };
        let (_, variable) = *made.iter().find(is_known)?;
        let ty = function.vars[variable].ty.clone();
        let is_whole = ty == node.ty;
        let load = ExprKind::Load(Place::var(variable));
        let load = said_at(function, Expr::new(load, ty), node.span);
        if is_whole {
            return Some(load);
        }
        let cast = Expr::new(ExprKind::Cast(load), node.ty.clone());
        Some(said_at(function, cast, node.span))
    })
}

fn said_at(function: &mut Function, mut node: Expr, span: Span) -> Handle<Expr> {
    node.span = span;
    function.exprs.push(node)
}
