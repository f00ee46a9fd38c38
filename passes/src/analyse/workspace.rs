//! Small arrays that every iteration fills before it reads them, and that nobody reads after the region: each iteration
//! may have its own, in the thread that runs it.
//!
//! An element that an iteration reads must be one that certain writes of the same iteration have filled before; isl
//! compares the two.
//!
//! **Source**: Tu, Padua, “Automatic Array Privatization”, LCPC 1993.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, LoopName, Refusal, Storage, Type, Var};

use super::access::{Access, Step};
use super::privatise::Position;
use super::scan::Scan;
use super::{domain, filled, liveness};
use crate::isl;

/// An array of more bytes than this is no temporary of a thread: it would leave registers for memory.
const MOST_BYTES: u64 = 1024;

/// Returns, for each array that iterations may have their own copy of, the number of counted loops around the block
/// that the copy belongs to.
pub(super) fn arrays(
    scan: &Scan<'_>,
    position: Position<'_>,
    context: &isl::Set,
) -> Result<BTreeMap<Handle<Var>, usize>, isl::Error> {
    let is_own = |var: Handle<Var>| {
        let declared = &scan.function.vars[var];
        declared.storage == Storage::Local
            && declared.is_plain_local()
            && !liveness::is_array_live_after(scan.function, position, var)
    };
    filled_by_iterations(scan, context, is_own)
}

/// Returns those of some arrays that no loop is parallel for, since something else orders each of the loops around: while the
/// host runs these, what is inside of them can share the array out.
pub(super) fn useless(
    scan: &Scan<'_>,
    arrays: &BTreeMap<Handle<Var>, usize>,
    carried: &BTreeMap<LoopName, Vec<Refusal>>,
) -> BTreeSet<Handle<Var>> {
    let is_useless = |(var, depth): &(&Handle<Var>, &usize)| {
        let access = scan.accesses.iter().find(|access| access.var == **var);
        let loops = access.map(|access| &scan.sites[access.site].loops[..**depth]);
        loops.is_some_and(|loops| loops.iter().all(|(name, _)| carried.contains_key(name)))
    };
    let useless = arrays.iter().filter(is_useless);
    useless.map(|(var, _)| *var).collect()
}

/// Returns the arrays that iterations could have their own copies of if nobody else could see them, with the number of
/// counted loops as [`arrays`] has it.
pub(super) fn shared(
    scan: &Scan<'_>,
    context: &isl::Set,
    private: &BTreeMap<Handle<Var>, usize>,
) -> Result<BTreeMap<Handle<Var>, usize>, isl::Error> {
    filled_by_iterations(scan, context, |var| !private.contains_key(&var))
}

/// Returns, for each array of some that iterations fill before they read it, around how many counted loops they do.
fn filled_by_iterations(
    scan: &Scan<'_>,
    context: &isl::Set,
    is_asked: impl Fn(Handle<Var>) -> bool,
) -> Result<BTreeMap<Handle<Var>, usize>, isl::Error> {
    let mut found = BTreeMap::new();
    for var in scan.written.keys() {
        let declared_outside = !scan.declared.contains_key(var) && is_asked(*var);
        let asked = declared_outside.then(|| dimensions(scan.function, *var));
        let Some(dimensions) = asked.flatten() else {
            continue;
        };
        let accesses: Vec<&Access> = scan
            .accesses
            .iter()
            .filter(|access| access.var == *var)
            .collect();
        let is_plain = accesses.iter().all(|access| is_element(access, dimensions));
        if is_plain && let Some(depth) = depth(scan, &accesses, dimensions, context)? {
            found.insert(*var, depth);
        }
    }
    Ok(found)
}

/// Returns how many subscripts lead to an element of a small array of numbers.
pub(super) fn dimensions(function: &Function, var: Handle<Var>) -> Option<usize> {
    let extents = filled::extents(function, var)?;
    let mut ty = &function.vars[var].ty;
    while let Type::Array { of, .. } = ty {
        ty = of;
    }
    let mut bytes = ty.scalar()?.size_bytes();
    for extent in &extents {
        bytes = bytes.checked_mul(*extent)?;
    }
    (bytes <= MOST_BYTES).then_some(extents.len())
}

fn is_element(access: &Access, dimensions: usize) -> bool {
    access.steps.len() == dimensions
        && access.reduction.is_none()
        && access
            .steps
            .iter()
            .all(|step| matches!(step, Step::Index(Some(_))))
}

/// Returns the greatest number of loops around all accesses whose iterations each fill what they read.
fn depth(
    scan: &Scan<'_>,
    accesses: &[&Access],
    dimensions: usize,
    context: &isl::Set,
) -> Result<Option<usize>, isl::Error> {
    let Some((first, others)) = accesses.split_first() else {
        return Ok(None);
    };
    let first = &scan.sites[first.site];
    let common = others
        .iter()
        .map(|access| scan.sites[access.site].common_loops(first))
        .fold(first.loops.len(), usize::min);
    for depth in (1..=common).rev() {
        if is_filled(scan, accesses, dimensions, depth, context)? {
            return Ok(Some(depth));
        }
    }
    Ok(None)
}

/// Returns whether every element that is read was certainly written before in the same iterations of the `depth`
/// outermost loops.
fn is_filled(
    scan: &Scan<'_>,
    accesses: &[&Access],
    dimensions: usize,
    depth: usize,
    context: &isl::Set,
) -> Result<bool, isl::Error> {
    let elements = |access: &Access| {
        domain::element_map(&scan.isl, &scan.sites, access, 0, dimensions)?
            .intersect_params(context)
    };
    for read in accesses.iter().filter(|access| !access.is_write) {
        let mut early = elements(read)?;
        for write in accesses.iter().filter(|access| access.is_write) {
            let (source, sink) = (&scan.sites[write.site], &scan.sites[read.site]);
            let before = domain::before(&scan.isl, source, sink)?;
            if let Some(before) = before.filter(|_| write.is_certain && write.is_exact(dimensions))
            {
                let same = domain::equal(&scan.isl, source, sink, depth)?;
                let filled = before.intersect(&same)?.reverse()?;
                early = early.subtract(&filled.apply_range(&elements(write)?)?)?;
            }
        }
        if !early.is_empty()? {
            return Ok(false);
        }
    }
    Ok(true)
}
