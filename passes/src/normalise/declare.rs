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

use mupac_ir::{Block, Function, Handle, Stmt, Type, Var};

use super::own::fresh;
use super::{is_modelled, substitute};
use crate::analyse::{is_live_after, is_own_of_iterations, is_plain_local};
use crate::facts::BlockStep;
use crate::region;

/// Returns the function with every scalar declared in the loops of some statements that write it before they read it, if
/// all of its uses there are in such loops and nobody reads it afterwards; the same function where there is none.
pub(crate) fn declare(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    let last = range.end.saturating_sub(1);
    let own: Vec<Handle<Var>> = assigned(statements)
        .into_iter()
        .filter(|var| {
            matches!(function.vars[*var].ty, Type::Scalar(_))
                && is_plain_local(&function.vars[*var])
                && is_own_of_iterations(function, statements, *var)
                && !is_live_after(function, path, last, *var)
        })
        .collect();
    if own.is_empty() || !is_modelled(statements) {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    for var in own {
        place(&mut function, &mut statements, var);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
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

/// Declares a variable in the innermost loops each of whose iterations uses one of its own, under a name for each.
fn place(function: &mut Function, statements: &mut Block, var: Handle<Var>) {
    for stmt in statements {
        if !region::names(function, stmt, var) {
            continue;
        }
        let Stmt::For(each) = stmt else { continue };
        if is_own_of_iterations(function, &each.body, var) {
            place(function, &mut each.body, var);
        } else {
            let own = fresh(function, var);
            let names = BTreeMap::from([(var, own)]);
            substitute::rename(function, &mut each.body, &names);
            let span = function.vars[var].span;
            each.body.insert(0, Stmt::Declare(own, span));
        }
    }
}
