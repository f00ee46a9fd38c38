//! Arrays that a caller may pass twice, as in `add(x, y, x)`.
//!
//! A kernel may read a snapshot from before the region where no element is read under one name after it was written under
//! the other: no flow dependence, taking both for one array.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::variables;
use mupac_ir::{Function, Handle, Stmt, Type, Var};

use super::alias::Pair;
use super::delinearise::Shape;
use super::dependence;
use super::scan::Scan;
use crate::facts::{Footprint, Inspected};
use crate::{isl, region};

/// Returns those of some pairs of arrays, one of each written, that may begin with the same element.
pub(crate) fn may_be_same(
    (scan, statements): (&Scan<'_>, &[Stmt]),
    (shapes, context): (&BTreeMap<Handle<Var>, Shape>, &isl::Set),
    (footprints, pairs, inspections): (&[Footprint], &[Pair], &[Inspected]),
) -> Result<Vec<Pair>, isl::Error> {
    if pairs.is_empty() || !inspections.is_empty() {
        return Ok(Vec::new());
    }
    let (mut is_ordered, mut ends) = (true, BTreeSet::new());
    region::each(statements, &mut |stmt| {
        // In which order such a loop does what it does is not modelled.
        is_ordered &= !matches!(stmt, Stmt::While(_));
        // The end is evaluated before every iteration, and recorded once.
        if let Stmt::For(each) = stmt {
            ends.extend(variables(scan.function, each.end));
        }
    });
    if !is_ordered {
        return Ok(Vec::new());
    }
    let footprint = |var| footprints.iter().find(|each| each.array == var);
    let mut flows = dependence::Flows::new(scan, shapes, context);
    let mut found = Vec::new();
    for &(a, b) in pairs {
        let (Some(first), Some(second)) = (footprint(a), footprint(b)) else {
            continue;
        };
        let are_plain = [first, second].iter().all(|each| is_plain(each));
        let is_one_written = first.is_written != second.is_written;
        let have_one_form =
            have_one_element(scan.function, a, b) && has_one_shape(shapes.get(&a), shapes.get(&b));
        let (written, read) = if first.is_written { (a, b) } else { (b, a) };
        if !are_plain || !is_one_written || !have_one_form || ends.contains(&read) {
            continue;
        }
        let flow = match flows.exist(written, read) {
            // A call in place then runs on the host, and nothing else.
            Err(isl::Error::SolverLimit) => true,
            flow => flow?,
        };
        if !flow {
            found.push((a, b));
        }
    }
    Ok(found)
}

/// Returns whether an array is one range of memory, all of which is known before.
fn is_plain(footprint: &Footprint) -> bool {
    !footprint.is_joined && !footprint.is_inspected && !footprint.is_reduced
}

/// Returns whether two pointers lead to elements of one type, so that equal subscripts mean equal bytes.
fn have_one_element(function: &Function, a: Handle<Var>, b: Handle<Var>) -> bool {
    let [a, b] = [a, b].map(|var| &function.vars[var].ty);
    let are_pointers = [a, b].iter().all(|ty| matches!(ty, Type::Pointer { .. }));
    are_pointers && a.element() == b.element()
}

/// Returns whether equal elements of two arrays have equal subscripts.
fn has_one_shape(a: Option<&Shape>, b: Option<&Shape>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is_ordered && b.is_ordered && a.strides == b.strides,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
