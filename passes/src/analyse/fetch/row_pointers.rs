//! Pointers to rows and their elements that have a name: of `double *row = a[i]; … row[j]` remains `… a[i][j]`, of
//! `pixel *p = &a[i][j]; … p->r` remains `… a[i][j].r`, and of
//! `double *row = all ? a : b; row[j] = x;` remains `if (all) a[j] = x; else b[j] = x;`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Compute, Expr, Function, Handle, Module, Stmt, Type, Var};

use super::meaning::Meaning;
use crate::analyse::liveness::is_live_after;
use crate::facts::BlockStep;
use crate::normalise::modified;
use crate::numbering::Numbering;
use crate::{build, region};

/// Returns the function without the variables that only stand for a pointer in memory while a region runs; `None` where
/// there is none.
///
/// What lies in memory may then be read later than the variable was set: whoever follows it shows that nothing changes it.
pub(super) fn substituted(
    module: &Module,
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
            .all(|stmt| assigned((module, known), stmt, var).is_none());
        if is_inside && is_only_name((module, known), statements, var) {
            let mut new = known.clone();
            let mut numbering = Numbering::after(&[&new.body]);
            let mut statements = region::take(&mut new, path, range);
            in_blocks(module, (&mut new, &mut numbering), &mut statements, var);
            region::put(&mut new, path, range.start, statements);
            own = Some(new);
        }
    }
    own.map(Arc::new)
}

/// Returns what a statement makes a variable stand for.
fn assigned<'a>(
    (module, function): (&Module, &Function),
    stmt: &'a Stmt,
    var: Handle<Var>,
) -> Option<(&'a Compute, Meaning)> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let is_set = compute.target.var == var && compute.target.path.is_empty();
    let meaning = is_set.then(|| Meaning::of(function, compute.value))??;
    meaning
        .is_found_in_memory_or_chosen(module, function)
        .then_some((compute, meaning))
}

/// Returns whether a variable stands for one place wherever statements name it: between the assignment and the end of its
/// block nothing changes what the place is named by.
fn is_only_name(
    (module, function): (&Module, &Function),
    statements: &[Stmt],
    var: Handle<Var>,
) -> bool {
    let mut is_only = false;
    let mut see = |block: &[Stmt]| {
        for (at, stmt) in block.iter().enumerate() {
            if let Some((_, meaning)) = assigned((module, function), stmt, var) {
                let rest = &block[at + 1..];
                let changed = modified(rest);
                let is_fixed = meaning
                    .indices()
                    .into_iter()
                    .all(|index| build::is_of_variables(function, index, &|_| true));
                let mut names = meaning.variables(function).into_iter();
                let is_same = !names.any(|name| {
                    is_assigned(function, rest, name) || changed_scalar(function, &changed, name)
                });
                let all = region::mentions(function, statements, var);
                is_only = is_fixed && is_same && all == region::mentions(function, rest, var) + 1;
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

/// Returns whether statements set a variable, or a member where it is a structure: pointers in those of a region's own are
/// followed as variables are.
fn is_assigned(function: &Function, statements: &[Stmt], var: Handle<Var>) -> bool {
    let is_structure = matches!(function.vars[var].ty, Type::Record(_));
    let mut found = false;
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt).filter(|place| place.var == var);
        found |= target.is_some_and(|place| place.path.is_empty() || is_structure);
    });
    found
}

/// Puts what a variable stands for into the blocks in which it does.
fn in_blocks(
    module: &Module,
    (function, numbering): (&mut Function, &mut Numbering),
    block: &mut Block,
    var: Handle<Var>,
) {
    let mut found = block.iter().enumerate();
    let found = found.find_map(|(at, stmt)| {
        let (set, meaning) = assigned((module, function), stmt, var)?;
        Some((at, set.clone(), meaning))
    });
    if let Some((at, set, mut meaning)) = found {
        let mut rest: Block = block.drain(at..).skip(1).collect();
        let changed = modified(&rest);
        let is_fixed = |function: &Function, condition: Handle<Expr>| {
            build::is_of_variables(function, condition, &|var| {
                function.vars[var].is_plain_local() && !changed.contains(&var)
            })
        };
        block.extend(meaning.noted((function, numbering), (&set, None), &is_fixed));
        meaning.replace((function, numbering), &mut rest, var);
        block.extend(rest);
    }
    block.retain(|stmt| !matches!(stmt, Stmt::Declare(declared, _) if *declared == var));
    for stmt in block {
        for inner in region::blocks_mut(stmt) {
            in_blocks(module, (function, numbering), inner, var);
        }
    }
}
