//! Arrays that a caller may pass twice, as in `add(x, y, x)`: kernels write one and read the other from a copy of its own.
//!
//! Reading what was there before the region is right where the program reads nothing of the one that it wrote in the other
//! before: no flow of values from a write of the one to a read of the other, if both begin with the same element.

use std::collections::BTreeMap;

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
    let mut repeats = false;
    // The order of what such a loop does is not modelled.
    region::each(statements, &mut |stmt| repeats |= matches!(stmt, Stmt::While(_)));
    if repeats || !inspections.is_empty() {
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
        let have_one_form = have_one_element(scan.function, a, b)
            && has_one_shape(shapes.get(&a), shapes.get(&b));
        if !are_plain || !is_one_written || !have_one_form {
            continue;
        }
        let (written, read) = if first.is_written { (a, b) } else { (b, a) };
        if !flows.reach(written, read)? {
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
