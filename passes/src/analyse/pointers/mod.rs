//! Pointers that a region computes, as subscripts of the arrays they lead into: of `row = a + i * n; row[j] = 0`
//! remains `a[i * n + j] = 0`, of `*p++ = 0` in a loop over `i` remains `p[i] = 0`.
//!
//! A pointer is followed from its assignments to its uses, in the order of the text. It is an object and a sum of
//! offsets; where that sum is not the same wherever the pointer is used, it is kept in an integer of its own.
//! One that is read behind the region is given there what it has come to, if the region moves it by a sum that is known.
//! Of a pointer that something else is done with, every use stays, and the walk over the region says what is wrong.
//!
//! **Source**: van Engelen, Gallivan, “An Efficient Algorithm for Pointer-to-Array Access Conversion for Compiling and
//! Optimizing DSP Applications”, IWIA 2001; Franke, O'Boyle, “Array Recovery and High-Level Transformations for DSP
//! Applications”, ACM TECS 2(2), 2003.

mod advance;
mod aims;
mod chosen;
mod exact;
mod last;
mod members;
mod rewrite;
mod value;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Expr, Function, Handle, Module, Stmt, Type, Var};

use super::liveness::is_live_after;
use super::privatise::Position;
use crate::facts::Test;
use crate::region;
use walk::Walk;

/// A region without the pointers that it computes.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// The function with the region rewritten; handles of the original mean the same in it.
    pub(crate) function: Arc<Function>,
    /// How many statements the region has.
    pub(crate) count: usize,
    /// What must hold before the region, or a subscript means another element than the pointer did.
    pub(crate) requirements: Vec<Requirement>,
    /// What must hold as well.
    pub(crate) tests: Vec<Test>,
    /// What pointers that are read behind the region are there.
    pub(crate) last_values: Vec<(Handle<Var>, Handle<Expr>)>,
}

/// A condition over variables that the region does not change.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    /// For the report: `loop-runs`.
    pub(crate) kind: &'static str,
    pub(crate) condition: Handle<Expr>,
    /// What the region does where it does not hold, in words.
    pub(crate) otherwise: &'static str,
}

/// Replaces the pointers that the statements at `position` assign; `None` where there is none.
pub(crate) fn resolve(
    module: &Module,
    function: &Function,
    position: Position<'_>,
) -> Option<Resolved> {
    if let Some((mut own, block)) = members::split(module, function, position.statements) {
        let range = position.at..position.at + position.statements.len();
        region::take(&mut own, position.path, &range);
        let range = region::put(&mut own, position.path, position.at, block);
        let statements = region::statements(&own, position.path, &range);
        let split = Position {
            statements,
            ..position
        };
        return known(module, &own, split);
    }
    known(module, function, position)
}

/// The same of variables alone.
fn known(module: &Module, function: &Function, position: Position<'_>) -> Option<Resolved> {
    let candidates = candidates(function, position.statements)?;
    let (resolved, kept) = followed(module, function, position, &candidates);
    let (first, statements) = match &resolved {
        Some(resolved) => {
            let range = position.at..position.at + resolved.count;
            let statements = region::statements(&resolved.function, position.path, &range);
            (&*resolved.function, statements)
        }
        None => (function, position.statements),
    };
    let is_own =
        |var: &&Handle<Var>| !is_live_after(function, position.path, position.last(), **var);
    let own: BTreeSet<Handle<Var>> = kept.iter().filter(is_own).copied().collect();
    let Some((mut chosen, block)) = chosen::rewritten(first, statements, &own) else {
        return resolved;
    };
    let range = position.at..position.at + statements.len();
    region::take(&mut chosen, position.path, &range);
    let range = region::put(&mut chosen, position.path, position.at, block);
    let function = Arc::new(chosen);
    let mut rest = rest(module, &function, position, &range).unwrap_or_else(|| Resolved {
        function: function.clone(),
        count: range.len(),
        requirements: Vec::new(),
        tests: Vec::new(),
        last_values: Vec::new(),
    });
    if let Some(resolved) = resolved {
        rest.requirements.splice(0..0, resolved.requirements);
        rest.tests.splice(0..0, resolved.tests);
        rest.last_values.splice(0..0, resolved.last_values);
    }
    Some(rest)
}

/// Replaces the pointers that are known where others are chosen.
fn rest(
    module: &Module,
    function: &Function,
    position: Position<'_>,
    range: &Range<usize>,
) -> Option<Resolved> {
    let statements = region::statements(function, position.path, range);
    let position = Position {
        statements,
        ..position
    };
    let candidates = candidates(function, statements)?;
    followed(module, function, position, &candidates).0
}

/// Replaces pointers whose values are known wherever they are used; returns the others, too.
fn followed(
    module: &Module,
    function: &Function,
    position: Position<'_>,
    candidates: &BTreeSet<Handle<Var>>,
) -> (Option<Resolved>, BTreeSet<Handle<Var>>) {
    let is_needed =
        |var: &&Handle<Var>| is_live_after(function, position.path, position.last(), **var);
    let needed: BTreeSet<Handle<Var>> = candidates.iter().filter(is_needed).copied().collect();
    let mut kept = BTreeSet::new();
    while kept.len() < candidates.len() {
        let known = kept.len();
        let walk = Walk::new(module, function, candidates, kept, position.statements);
        let (mut walk, statements) = walk.run(position.statements);
        let last_values = walk.last_values(&needed, position.fetched, &statements);
        if walk.kept.len() > known {
            kept = walk.kept;
            continue;
        }
        let kept = walk.kept.clone();
        return (Some(walk.finish(position, statements, last_values)), kept);
    }
    (None, kept)
}

/// Returns the pointers that statements assign; `None` where there are none, or where text may name any of them.
fn candidates(function: &Function, statements: &[Stmt]) -> Option<BTreeSet<Handle<Var>>> {
    let mut found = BTreeSet::new();
    let mut has_text = false;
    region::each(statements, &mut |stmt| {
        has_text |= matches!(stmt, Stmt::Verbatim(..));
        if let Some(place) = region::target(stmt)
            && place.path.is_empty()
            && matches!(function.vars[place.var].ty, Type::Pointer { .. })
            && function.vars[place.var].is_plain_local()
        {
            found.insert(place.var);
        }
    });
    (!has_text && !found.is_empty()).then_some(found)
}
