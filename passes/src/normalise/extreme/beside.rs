//! Searches beside something else: `for (i …) { p += a[i]; if (a[i] > top) { top = a[i]; best = i; } }` is two loops, of which one only
//! searches.
//!
//! Both compute what they need of an iteration. A loop that writes nothing but scalars may be cut so wherever neither part looks at
//! what the other one keeps.
//!
//! **Source**: Allen, Kennedy, “Automatic Translation of FORTRAN Programs to Vector Form”, TOPLAS 9(4), 1987 (loop distribution).

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::declarations;
use mupac_ir::{Block, Function, Handle, Loop, Stmt, StmtId, Var};

use super::search::Search;
use crate::analyse::may_leave;
use crate::contributed::needed;
use crate::normalise::{fresh, is_modelled, modified, substitute};
use crate::numbering::Numbering;
use crate::{build, region};

/// Returns a loop that only searches, and one that does the rest; `None` where a loop does not search beside something else.
pub(super) fn apart(
    function: &mut Function,
    numbering: &mut Numbering,
    each: &Loop,
) -> Option<(Loop, Loop)> {
    let changed = modified(&each.body);
    let is_plain = is_modelled(&each.body)
        && !may_leave(&each.body)
        && region::has_fixed_bounds(function, each, &changed)
        && writes_scalars(function, &each.body);
    is_plain.then_some(())?;
    let found = each.body.iter().enumerate().find_map(|(at, stmt)| {
        let kept = kept(function, each, stmt)?;
        let mut others = each.body.iter().enumerate();
        let is_alone = !others.any(|(other, stmt)| {
            let mut vars = kept.iter();
            other != at && vars.any(|(_, var)| region::names(function, stmt, *var))
        });
        is_alone.then_some((at, kept))
    });
    let (at, kept) = found?;
    let (seeds, vars): (BTreeSet<StmtId>, BTreeSet<Handle<Var>>) = kept.into_iter().unzip();
    let own = needed(function, &each.body, &seeds, (&vars, &BTreeSet::new()))?;
    let mut rest = each.body.clone();
    rest.remove(at);
    // What an iteration has from the one before cannot be computed twice.
    let is_own = |block: &Block, kept: &BTreeSet<Handle<Var>>| {
        let declared = declarations(block);
        let mut set = modified(block).into_iter();
        set.all(|var| declared.contains(&var) || kept.contains(&var))
    };
    (is_own(&own, &vars) && !is_own(&rest, &BTreeSet::new())).then_some(())?;
    let iterator = fresh(function, each.iterator);
    let names = BTreeMap::from([(each.iterator, iterator)]);
    let search = Loop {
        body: again(function, numbering, own, (&seeds, names)),
        iterator,
        declares_iterator: true,
        ..each.clone()
    };
    let mut others = each.clone();
    others.body = rest;
    others.name.0.push_str(".rest");
    Some((search, others))
}

/// Returns what a statement keeps of the iteration that is found, if it may be one that searches: each assignment with its variable.
fn kept(function: &Function, each: &Loop, stmt: &Stmt) -> Option<BTreeSet<(StmtId, Handle<Var>)>> {
    if let Some(search) = Search::compared(function, stmt) {
        let kept = search.others.iter().chain([&search.best]);
        return Some(kept.map(|each| (each.id, each.target.var)).collect());
    }
    // `if (a[i] > a[best]) best = i;`
    let Stmt::If(branch) = stmt else {
        return None;
    };
    let ([Stmt::Compute(place)], []) = (branch.then.as_slice(), branch.otherwise.as_slice()) else {
        return None;
    };
    let is_place = build::read(function, place.value) == Some(each.iterator)
        && build::names(function, branch.condition, place.target.var);
    is_place.then(|| BTreeSet::from([(place.id, place.target.var)]))
}

/// Returns whether statements assign whole scalars of the function alone.
fn writes_scalars(function: &Function, statements: &[Stmt]) -> bool {
    let mut are_scalars = true;
    region::each(statements, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            are_scalars &= place.path.is_empty() && function.vars[place.var].is_plain_local();
        }
    });
    are_scalars
}

/// Returns statements with variables and numbers of their own, but for what some of them keep.
fn again(
    function: &mut Function,
    numbering: &mut Numbering,
    mut statements: Block,
    (seeds, mut names): (&BTreeSet<StmtId>, BTreeMap<Handle<Var>, Handle<Var>>),
) -> Block {
    let declared = declarations(&statements).into_iter();
    names.extend(declared.map(|var| (var, fresh(function, var))));
    substitute::rename(function, &mut statements, &names);
    renumber(numbering, &mut statements, seeds);
    statements
}

fn renumber(numbering: &mut Numbering, block: &mut Block, seeds: &BTreeSet<StmtId>) {
    for stmt in block {
        match stmt {
            Stmt::For(each) => each.name.0.push_str(".best"),
            Stmt::Compute(compute) if !seeds.contains(&compute.id) => {
                compute.id = numbering.next();
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        for inner in region::blocks_mut(stmt) {
            renumber(numbering, inner, seeds);
        }
    }
}
