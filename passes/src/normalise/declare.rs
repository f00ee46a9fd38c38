//! Variables that the function declares and iterations use for themselves: each loop gets one of its own, declared where
//! its lifetime starts.
//!
//! C of 1989 declares at the top of the function what belongs to one iteration. Declared there, it can be split, become an
//! array, or move with the loop, like everything that the program declares in a loop.
//!
//! **Source**: Padua, Wolfe, “Advanced Compiler Optimizations for Supercomputers”, CACM 29(12), 1986 (privatisation).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Function, Handle, LoopName, Module, Stmt, Var};

use super::own::fresh;
use super::{is_modelled, substitute};
use crate::analyse::{Part, is_left, is_own_of_iterations, temporary};
use crate::facts::BlockStep;
use crate::region;

/// Returns the function with every scalar and structure declared in the loops of some statements that write it before they
/// read it and after which nobody reads it; the same function where there is none.
pub(super) fn declare(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    if !is_modelled(statements) {
        return Arc::clone(function);
    }
    let mut own = Vec::new();
    for var in assigned(statements) {
        let Some(parts) = temporary(module, function, var) else {
            continue;
        };
        let mut loops = BTreeSet::new();
        find(function, path, range, &parts, &mut loops);
        if !loops.is_empty() {
            own.push((var, loops));
        }
    }
    if own.is_empty() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    for (var, loops) in own {
        place(&mut function, &mut statements, var, &loops);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

/// Finds the innermost loops each of whose iterations uses a variable of its own.
fn find(
    function: &Function,
    path: &[BlockStep],
    range: &Range<usize>,
    parts: &[Part],
    found: &mut BTreeSet<LoopName>,
) {
    for (at, stmt) in range.clone().zip(region::statements(function, path, range)) {
        let Stmt::For(each) = stmt else { continue };
        let is_own = is_own_of_iterations(function, std::slice::from_ref(stmt), parts);
        let is_inner = is_own_of_iterations(function, &each.body, parts);
        if is_own && !is_inner && !is_left(function, path, at, parts) {
            found.insert(each.name.clone());
        } else {
            let inside = [path, &[BlockStep::Body(at)]].concat();
            find(function, &inside, &(0..each.body.len()), parts, found);
        }
    }
}

/// Returns the variables that statements assign and neither declare nor count with.
fn assigned(statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let (mut assigned, mut others) = (BTreeSet::new(), BTreeSet::new());
    region::each(statements, &mut |stmt| match stmt {
        Stmt::Compute(compute) => {
            assigned.insert(compute.target.var);
        }
        Stmt::Declare(var, _) | Stmt::Let(var, _) => {
            others.insert(*var);
        }
        Stmt::For(each) => {
            others.insert(each.iterator);
        }
        Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    assigned.retain(|var| !others.contains(var));
    assigned
}

/// Declares a variable in loops, under a name for each.
fn place(
    function: &mut Function,
    statements: &mut Block,
    var: Handle<Var>,
    loops: &BTreeSet<LoopName>,
) {
    for stmt in statements {
        let Stmt::For(each) = stmt else { continue };
        if loops.contains(&each.name) {
            let own = fresh(function, var);
            let names = BTreeMap::from([(var, own)]);
            substitute::rename(function, &mut each.body, &names);
            let span = function.vars[var].span;
            each.body.insert(0, Stmt::Declare(own, span));
        } else {
            place(function, &mut each.body, var, loops);
        }
    }
}
