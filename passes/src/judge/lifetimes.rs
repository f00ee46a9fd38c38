//! Every use of a local stays inside the lifetime it had, and in the thread that has it.

use std::collections::BTreeSet;

use mupac_ir::{Function, Handle, Refusal, Stmt, Var};

use super::illegal;
use super::time::{Copy, Key, Times, Unit, span};
use super::walk::{Dimension, Kind};
use crate::facts::Facts;
use crate::{build, region};

/// Checks every local that the region declares, apart from those that arrays hold.
///
/// That the declaration itself runs once for each original iteration is known from coverage; so a use inside the
/// loops around it, after it, sees the copy of its own iteration.
/// What threads of a kernel write that does not declare it, each writes to a variable of its own: no other thread finds it
/// there, nor the host, nor the next kernel.
///
/// **Errors**: `illegal-step`, naming the variable.
pub(crate) fn check(
    facts: &Facts,
    function: &Function,
    times: &Times<'_>,
    expanded: &BTreeSet<Handle<Var>>,
) -> Result<(), Refusal> {
    for (key, declaration) in &times.units {
        let Key::Declare(var) = key else { continue };
        if expanded.contains(var) {
            continue;
        }
        for unit in times.units.values() {
            if !mentions(function, unit.kind, *var) {
                continue;
            }
            for copy in &unit.copies {
                if !is_alive(declaration, copy) {
                    let name = &function.vars[*var].name;
                    let why = format!("the rewrite moves a use of {name} out of its lifetime");
                    return Err(illegal(why, span(unit.kind)));
                }
                if writes(facts, unit.kind, *var) && is_shared_out(declaration, copy) {
                    let name = &function.vars[*var].name;
                    let why =
                        format!("threads would write {name}, which is declared outside of them");
                    return Err(illegal(why, span(unit.kind)));
                }
            }
        }
    }
    Ok(())
}

fn is_alive(declaration: &Unit<'_>, used: &Copy) -> bool {
    declaration
        .copies
        .iter()
        .any(|copy| copy.position < used.position && enclose(&copy.dimensions, &used.dimensions))
}

/// Returns whether loops around a use, but not around the declaration, give each thread its own iterations.
fn is_shared_out(declaration: &Unit<'_>, used: &Copy) -> bool {
    declaration.copies.iter().any(|copy| {
        let mut inside = used.dimensions.iter().skip(copy.dimensions.len());
        inside.any(|each| each.mapping.is_parallel())
    })
}

/// Returns whether a statement may write a variable other than as a part of a sum of many threads.
fn writes(facts: &Facts, kind: Kind<'_>, var: Handle<Var>) -> bool {
    let mut reductions = facts.reductions.iter();
    if reductions.any(|each| each.target.var == var) {
        return false;
    }
    match kind {
        Kind::Compute(compute) | Kind::Copy(compute) => compute.target.var == var,
        Kind::Opaque(statements) => {
            let is_written = |stmt: &Stmt| {
                let is_counted = matches!(stmt, Stmt::For(each) if each.iterator == var);
                let is_target = region::target(stmt).is_some_and(|target| target.var == var);
                is_counted || is_target || matches!(stmt, Stmt::Verbatim(..))
            };
            region::first(statements, &mut |stmt| is_written(stmt).then_some(())).is_some()
        }
        Kind::Declare(_) | Kind::Share(_) | Kind::Expand(_) | Kind::Barrier => false,
    }
}

/// Returns whether the loops around one point of a tree are also around another.
pub(crate) fn enclose(outer: &[Dimension], inner: &[Dimension]) -> bool {
    outer.len() <= inner.len() && outer.iter().zip(inner).all(|(a, b)| a.node == b.node)
}

/// Returns whether a statement names a variable, other than by declaring it.
pub(crate) fn mentions(function: &Function, kind: Kind<'_>, var: Handle<Var>) -> bool {
    match kind {
        Kind::Declare(_) | Kind::Share(_) | Kind::Expand(_) | Kind::Barrier => false,
        Kind::Compute(compute) | Kind::Copy(compute) => {
            compute.target.var == var
                || build::indices(&compute.target)
                    .chain([compute.value])
                    .any(|expr| build::variables(function, expr).contains(&var))
        }
        Kind::Opaque(statements) => {
            let mut statements = statements.iter();
            statements.any(|stmt| region::names(function, stmt, var))
        }
    }
}
