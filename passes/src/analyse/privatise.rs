//! Scalars that every iteration writes before it reads them, and whose last value nobody reads: each iteration may
//! have its own.

use std::collections::BTreeMap;

use mupac_ir::{Handle, LoopName, Reason, Refusal, Stmt, Type, Var};

use super::layout::Layout;
use super::liveness::{First, first_use, is_live_after};
use super::names::{is_plain_local, shown};
use super::scan::Scan;
use crate::facts::BlockStep;
use crate::region;

/// Where the statements of a region stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position<'a> {
    pub(crate) path: &'a [BlockStep],
    pub(crate) at: usize,
    pub(crate) statements: &'a [Stmt],
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
        let is_candidate = matches!(scan.function.vars[*var].ty, Type::Scalar(_))
            && is_plain_local(&scan.function.vars[*var])
            && !private.contains_key(var)
            && !is_live_after(scan.function, position.path, position.last(), *var);
        if is_candidate && let Some(depth) = own_depth(scan, position.statements, *var) {
            private.insert(*var, depth);
        }
    }
    private
}

/// Returns how many loops share the innermost body in which every access of a scalar lies and a write comes first.
fn own_depth(scan: &Scan<'_>, statements: &[Stmt], var: Handle<Var>) -> Option<usize> {
    let mut common: Option<Vec<LoopName>> = None;
    for access in scan.accesses.iter().filter(|access| access.var == var) {
        let names = scan.sites[access.site]
            .loops
            .iter()
            .map(|(name, _)| name.clone());
        common = Some(match common {
            Some(known) => known
                .into_iter()
                .zip(names)
                .take_while(|(a, b)| a == b)
                .map(|(name, _)| name)
                .collect(),
            None => names.collect(),
        });
    }
    let common = common?;
    (1..=common.len()).rev().find(|depth| {
        region::find(statements, &common[depth - 1])
            .is_some_and(|each| first_use(scan.function, &each.body, var) != First::Read)
    })
}

/// Returns the obstacles that iterators declared outside the loops of a nest are: their last values may not be needed.
pub(crate) fn needed_iterators(
    scan: &Scan<'_>,
    position: Position<'_>,
    layout: &Layout,
) -> Vec<Refusal> {
    region::loops(position.statements)
        .into_iter()
        .filter(|each| {
            !each.declares_iterator
                && layout.is_in_nest(position.statements, &each.name)
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
