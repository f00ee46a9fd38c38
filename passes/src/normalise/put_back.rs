//! Structures of which a copy is worked on and put back: of `t = s; t.count++; s = t;`, which is what `s = with(s, x)` becomes, the
//! statements work on `s` itself.
//!
//! That is the same where nothing names `s` in between, nothing leaves the stretch, and nobody reads the copy elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, ExprKind, Function, Handle, Stmt, Var};

use super::members::whole;
use super::substitute;
use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the function with such structures themselves in place of their copies, in the loops of some statements; the same function
/// where there is none.
pub(super) fn work_on_itself(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    let mut copies = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        copies.extend(region::blocks(stmt).flat_map(|block| own_copies(function, block)));
    });
    if copies.is_empty() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    let mut gone = BTreeSet::new();
    for block in statements.iter_mut().flat_map(region::blocks_mut) {
        rewrite(&mut function, block, &copies, &mut gone);
    }
    for block in statements.iter_mut().flat_map(region::blocks_mut) {
        drop_declarations(block, &gone);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

fn rewrite(
    function: &mut Function,
    block: &mut Block,
    copies: &BTreeSet<Handle<Var>>,
    gone: &mut BTreeSet<Handle<Var>>,
) {
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        rewrite(function, inner, copies, gone);
    }
    let mut at = 0;
    while at < block.len() {
        let from = copied(function, &block[at]);
        let from = from.filter(|(copy, _)| copies.contains(copy));
        let end = from.and_then(|pair| end_of(function, block, at, pair));
        if let Some(((copy, of), end)) = from.zip(end) {
            let names = BTreeMap::from([(copy, of)]);
            substitute::rename(function, &mut block[at + 1..end], &names);
            block.remove(end);
            block.remove(at);
            gone.insert(copy);
        } else {
            at += 1;
        }
    }
}

fn drop_declarations(block: &mut Block, gone: &BTreeSet<Handle<Var>>) {
    block.retain(|stmt| !matches!(stmt, Stmt::Declare(var, _) if gone.contains(var)));
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        drop_declarations(inner, gone);
    }
}

/// Returns the copies of a block that are put back, and that nobody else names.
fn own_copies(function: &Function, block: &[Stmt]) -> Vec<Handle<Var>> {
    let copy = |(at, stmt): (usize, &Stmt)| {
        let pair = copied(function, stmt)?;
        let end = end_of(function, block, at, pair)?;
        let inside = region::mentions(function, &block[at..=end], pair.0);
        (region::mentions(function, &function.body, pair.0) == inside).then_some(pair.0)
    };
    block.iter().enumerate().filter_map(copy).collect()
}

/// Returns the structure that a statement assigns, and the one that this is a copy of: both variables that no pointer leads to.
fn copied(function: &Function, stmt: &Stmt) -> Option<(Handle<Var>, Handle<Var>)> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let (place, of) = (&compute.target, whole(function, compute)?);
    let is_whole = place.path.is_empty() && place.var != of;
    (is_whole && function.vars[place.var].is_plain_local()).then_some((place.var, of))
}

/// Returns where a copy that is made at a place is put back, if nothing in between is in the way.
fn end_of(
    function: &Function,
    block: &[Stmt],
    at: usize,
    (copy, of): (Handle<Var>, Handle<Var>),
) -> Option<usize> {
    let behind = &block[at + 1..];
    let length = behind
        .iter()
        .position(|stmt| region::names(function, stmt, of))?;
    let is_back = copied(function, &behind[length]) == Some((of, copy));
    let within = &behind[..length];
    let leaves = |stmt: &Stmt| match stmt {
        Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Call(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => true,
        Stmt::Declare(var, _) => *var == of || *var == copy,
        Stmt::Compute(_) | Stmt::Let(..) | Stmt::For(_) | Stmt::If(_) | Stmt::While(_) => false,
    };
    let mut is_closed = is_back;
    region::each(within, &mut |stmt| {
        is_closed &= !leaves(stmt);
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                is_closed &= !matches!(&node.kind, ExprKind::Address(place) if place.var == copy);
            });
        }
    });
    is_closed.then_some(at + 1 + length)
}
