//! Variables of iterations that nobody reads any more, since what named them is written in other words.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{declarations, extents, variables};
use mupac_ir::{Block, Function, Handle, Stmt, Type, Var};

use crate::facts::BlockStep;
use crate::region;

/// Returns the function without the numbers and pointers that loops of some statements declare and nobody reads; the same function where
/// there is none.
pub(super) fn drop_unread(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    if unread_of_loops(function, region::statements(function, path, range)).is_empty() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    drop_each(&function, &mut statements, unread_of_loops);
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

/// Drops the numbers and pointers that a kernel declares and nobody reads in it, such as the values that variables have after the
/// loops, which the host works out by itself.
pub(crate) fn drop_unread_in_kernel(function: &Function, body: &mut Block) {
    drop_each(function, body, |function, body| {
        unread(function, body, declarations(body))
    });
}

/// Drops what `unread` finds until it finds none: one may be read by the value of another alone.
fn drop_each(
    function: &Function,
    statements: &mut Block,
    unread: fn(&Function, &[Stmt]) -> BTreeSet<Handle<Var>>,
) {
    let mut found = unread(function, statements);
    while !found.is_empty() {
        drop_all(statements, &found);
        found = unread(function, statements);
    }
}

/// Returns the numbers and pointers that the loops of statements declare and only assign.
fn unread_of_loops(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let bodies = statements.iter().flat_map(region::blocks);
    let declared = bodies.flat_map(|body| declarations(body)).collect();
    unread(function, statements, declared)
}

/// Returns those of the numbers and pointers `found` that statements only assign.
fn unread(
    function: &Function,
    statements: &[Stmt],
    mut found: BTreeSet<Handle<Var>>,
) -> BTreeSet<Handle<Var>> {
    found.retain(|var| {
        let var = &function.vars[*var];
        let is_value = matches!(var.ty, Type::Scalar(_) | Type::Pointer { .. });
        is_value && !var.is_volatile && !var.is_address_taken
    });
    region::each(statements, &mut |stmt| {
        let mut read: Vec<_> = region::expressions(stmt);
        if let Stmt::Declare(var, _) = stmt {
            read.extend(extents(&function.vars[*var].ty));
        }
        for expr in read {
            for var in variables(function, expr) {
                found.remove(&var);
            }
        }
        match stmt {
            // What a pointer leads to is more than the pointer.
            Stmt::Compute(compute) if !compute.target.path.is_empty() => {
                found.remove(&compute.target.var);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {}
            Stmt::For(each) => {
                found.remove(&each.iterator);
            }
            Stmt::Let(var, _) => {
                found.remove(var);
            }
            Stmt::Call(call) => {
                if let Some(target) = &call.target {
                    found.remove(&target.var);
                }
            }
            Stmt::Verbatim(text, _) => {
                found.retain(|var| !function.vars[*var].is_reached_by(*text));
            }
        }
    });
    found
}

fn drop_all(block: &mut Block, unread: &BTreeSet<Handle<Var>>) {
    block.retain(|stmt| {
        let is_set = region::target(stmt).is_some_and(|place| unread.contains(&place.var));
        let is_declared = matches!(stmt, Stmt::Declare(var, _) if unread.contains(var));
        !is_set && !is_declared
    });
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        drop_all(inner, unread);
    }
    block.retain(|stmt| {
        !matches!(stmt, Stmt::If(branch) if branch.then.is_empty() && branch.otherwise.is_empty())
    });
}
