//! Scalars and structures that every iteration writes before it reads them, and whose last value nobody reads: each
//! iteration may have its own.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, Module, Reason, Refusal, Stmt, Var};

use super::fetch::InMemory;
use super::layout::Layout;
use super::liveness::{escapes, is_live_after, is_part_live_after, is_read_first};
use super::names::shown;
use super::part::Part;
use super::pointers::Resolved;
use super::scan::Scan;
use crate::facts::BlockStep;
use crate::normalise::Made;
use crate::{build, region};

/// Where the statements of a region stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position<'a> {
    pub(crate) path: &'a [BlockStep],
    pub(crate) at: usize,
    pub(crate) statements: &'a [Stmt],
    /// What may be taken for granted of expressions made by normalising.
    pub(crate) made: &'a Made,
    /// The pointers that were followed, if any.
    pub(crate) resolved: Option<&'a Resolved>,
    /// Values in memory that have a variable each.
    pub(crate) fetched: &'a [InMemory],
}

impl Position<'_> {
    /// Returns where the last statement stands in its block.
    pub(crate) fn last(&self) -> usize {
        self.at + self.statements.len().saturating_sub(1)
    }
}

/// Returns, for each variable that iterations have their own copy of, the number of counted loops around the block
/// that the copy belongs to.
pub(crate) fn private(scan: &Scan<'_>, position: Position<'_>) -> BTreeMap<Handle<Var>, usize> {
    let mut private = scan.declared.clone();
    for var in scan.written.keys() {
        if private.contains_key(var) {
            continue;
        }
        let Some(parts) = temporary(scan.module, scan.function, *var) else {
            continue;
        };
        if !is_left(scan.function, position.path, position.last(), &parts)
            && let Some(depth) = own_depth(scan.function, position.statements, &parts, 0)
        {
            private.insert(*var, depth);
        }
    }
    private
}

/// Returns the variables that iterations could have their own copies of if nobody else could see them, with the number of
/// counted loops as [`private`] has it.
pub(crate) fn shared(
    scan: &Scan<'_>,
    position: Position<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
) -> BTreeMap<Handle<Var>, usize> {
    let is_read = |var: &Handle<Var>| {
        let mut accesses = scan.accesses.iter();
        accesses.any(|access| access.var == *var && !access.is_write)
    };
    let written = (scan.written.keys()).filter(|var| !private.contains_key(var) && is_read(var));
    let depth = |var: &Handle<Var>| {
        let parts = Part::all(scan.module, scan.function, *var)?;
        Some((
            *var,
            own_depth(scan.function, position.statements, &parts, 0)?,
        ))
    };
    written.filter_map(depth).collect()
}

/// Returns the parts of a scalar or structure that only the function's own statements reach.
pub(crate) fn temporary(
    module: &Module,
    function: &Function,
    var: Handle<Var>,
) -> Option<Vec<Part>> {
    Part::all(module, function, var).filter(|_| !escapes(function, var))
}

/// Returns whether some part may be read after the statement at `position` of the block at `path`.
pub(crate) fn is_left(
    function: &Function,
    path: &[BlockStep],
    position: usize,
    parts: &[Part],
) -> bool {
    let mut parts = parts.iter();
    parts.any(|part| is_part_live_after(function, path, position, part))
}

/// Returns whether every use of a variable lies in the body of some counted loop that writes each of its parts before it
/// reads it.
pub(crate) fn is_own_of_iterations(
    function: &Function,
    statements: &[Stmt],
    parts: &[Part],
) -> bool {
    own_depth(function, statements, parts, 0).is_some()
}

/// Returns around how many loops each copy of a variable belongs, if every use lies in the body of some counted loop that
/// writes each of its parts before it reads it; of several such loops side by side, the fewest.
fn own_depth(
    function: &Function,
    statements: &[Stmt],
    parts: &[Part],
    around: usize,
) -> Option<usize> {
    let var = parts.first()?.var;
    let mut least: Option<usize> = None;
    for stmt in statements
        .iter()
        .filter(|stmt| region::names(function, stmt, var))
    {
        let Stmt::For(each) = stmt else { return None };
        if region::expressions(stmt)
            .iter()
            .any(|bound| build::variables(function, *bound).contains(&var))
        {
            return None;
        }
        let depth = own_depth(function, &each.body, parts, around + 1)
            .or_else(|| (!is_read_first(function, &each.body, parts)).then_some(around + 1))?;
        least = Some(least.map_or(depth, |least| least.min(depth)));
    }
    least
}

/// Returns the iterators declared outside the loops of a region that may be read after it.
pub(crate) fn iterators_left_behind(
    scan: &Scan<'_>,
    position: Position<'_>,
) -> BTreeSet<Handle<Var>> {
    let loops = region::loops(position.statements).into_iter();
    let outside: BTreeSet<_> = loops
        .filter(|each| !each.declares_iterator)
        .map(|each| each.iterator)
        .collect();
    let is_read =
        |var: &Handle<Var>| is_live_after(scan.function, position.path, position.last(), *var);
    outside.into_iter().filter(is_read).collect()
}

/// Returns the obstacles that iterators declared outside the loops of a nest are, in a region laid out as some statements:
/// their last values may not be needed.
pub(crate) fn needed_iterators(
    scan: &Scan<'_>,
    position: Position<'_>,
    layout: &Layout,
    laid_out: &[Stmt],
) -> Vec<Refusal> {
    let kept = region::loops(laid_out).into_iter();
    let of_nests = kept.filter(|each| layout.is_in_nest(laid_out, &each.name));
    let written = region::loops(position.statements).into_iter();
    let gone = written.filter(|each| region::find(laid_out, &each.name).is_none());
    of_nests
        .chain(gone)
        .filter(|each| {
            !each.declares_iterator
                && (region::is_named_outside_its_loops(
                    scan.function,
                    position.statements,
                    each.iterator,
                ) || is_live_after(
                    scan.function,
                    position.path,
                    position.last(),
                    each.iterator,
                ))
        })
        .map(|each| {
            let name = shown(&scan.function.vars[each.iterator]);
            let construct = format!("reading {name} after the loop that counts with it");
            Refusal::new(Reason::Unsupported { construct }, each.header_span)
        })
        .collect()
}
