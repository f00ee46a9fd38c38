//! Which part of each array a region touches, and what of it must be copied.
//!
//! A copy may read only what the original certainly can: the elements of a declared array, and for a pointer what
//! lies between two elements that the original certainly touches, since one object holds both.

use std::collections::BTreeMap;

use mupac_ir::{Extent, Handle, Reason, Refusal, Type, Var};

use super::access::{Access, Step};
use super::domain;
use super::layout::Layout;
use super::names::shown;
use super::scan::Scan;
use crate::facts::Footprint;
use crate::isl;

/// Why no footprint could be made.
pub(crate) enum Failure {
    /// The solver gave up.
    Solver(isl::Error),
    /// A reason to show.
    Refused(Refusal),
}

impl From<isl::Error> for Failure {
    fn from(error: isl::Error) -> Self {
        Self::Solver(error)
    }
}

/// Returns the footprint of every array that is neither private nor the host's, where `context` holds.
pub(crate) fn footprints(
    scan: &Scan<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
    layout: &Layout,
    context: &isl::Set,
) -> Result<Vec<Footprint>, Failure> {
    let mut by_var: BTreeMap<Handle<Var>, Vec<&Access>> = BTreeMap::new();
    for access in &scan.accesses {
        let is_elsewhere =
            private.contains_key(&access.var) || layout.assigned.contains(&access.var);
        if !access.is_control && !is_elsewhere {
            by_var.entry(access.var).or_default().push(access);
        }
    }
    by_var
        .into_iter()
        .map(|(array, accesses)| footprint(scan, array, &accesses, context))
        .collect()
}

fn footprint(
    scan: &Scan<'_>,
    array: Handle<Var>,
    accesses: &[&Access],
    context: &isl::Set,
) -> Result<Footprint, Failure> {
    let is_written = accesses.iter().any(|access| access.is_write);
    let is_read = accesses.iter().any(|access| !access.is_write);
    let certain = union(
        scan,
        accesses.iter().filter(|access| access.is_certain),
        context,
    )?;
    let reach = match certain {
        Some(certain) => Some(hull(&certain)?),
        None => None,
    };
    let touched = union(scan, accesses.iter(), context)?;
    let declared = declared_range(scan, array, context)?;
    let touched = match (touched, declared, reach) {
        // What lies outside a declared array is never touched.
        (Some(touched), Some(declared), _) => touched.intersect(&declared)?,
        (None, Some(declared), _) => declared,
        (Some(touched), None, Some(reach)) if touched.is_subset(&reach)? => touched,
        (_, None, _) => return Err(unknown(scan, array, accesses)),
    };
    let touched = touched.coalesce()?;
    if !hull(&touched)?.is_bounded()? {
        return Err(unknown(scan, array, accesses));
    }
    let is_overwritten =
        is_written && !is_read && is_overwritten(scan, array, accesses, &touched, context)?;
    Ok(Footprint {
        array,
        touched,
        is_written,
        is_read,
        is_overwritten,
    })
}

/// Returns the first subscripts of accesses; `None` where one of them is not affine, or there are none.
pub(crate) fn union<'a, 'b: 'a>(
    scan: &Scan<'_>,
    accesses: impl Iterator<Item = &'a &'b Access>,
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let mut all: Option<isl::Set> = None;
    let mut seen: Vec<&Access> = Vec::new();
    for access in accesses {
        if access.first().is_none() {
            return Ok(None);
        }
        if seen.iter().any(|other| is_same_range(scan, other, access)) {
            continue;
        }
        seen.push(access);
        let map = domain::element_map(&scan.isl, &scan.sites, access, 0, 1)?;
        let part = map.range()?.intersect_params(context)?;
        all = Some(match all {
            Some(all) => all.union(&part)?,
            None => part,
        });
    }
    all.map(|all| all.coalesce()).transpose()
}

/// Returns whether two accesses have one first subscript for the same instances.
fn is_same_range(scan: &Scan<'_>, a: &Access, b: &Access) -> bool {
    let (site, other) = (&scan.sites[a.site], &scan.sites[b.site]);
    a.first() == b.first()
        && a.domain == b.domain
        && site.iterators == other.iterators
        && site.domain == other.domain
}

/// Returns everything between two elements of a one-dimensional set.
pub(crate) fn hull(set: &isl::Set) -> Result<isl::Set, isl::Error> {
    let above = isl::Map::parse(set.context(), "{ [a] -> [x] : x >= a }")?;
    let below = isl::Map::parse(set.context(), "{ [a] -> [x] : x <= a }")?;
    set.apply(&above)?.intersect(&set.apply(&below)?)
}

/// Returns the subscripts of a declared array of known length.
fn declared_range(
    scan: &Scan<'_>,
    array: Handle<Var>,
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let Type::Array {
        length: Extent::Fixed(length),
        ..
    } = scan.function.vars[array].ty
    else {
        return Ok(None);
    };
    isl::Set::parse(&scan.isl, &format!("{{ [x] : 0 <= x < {length} }}"))?
        .intersect_params(context)
        .map(Some)
}

/// Returns whether certain writes cover every element of every row that is copied.
fn is_overwritten(
    scan: &Scan<'_>,
    array: Handle<Var>,
    accesses: &[&Access],
    touched: &isl::Set,
    context: &isl::Set,
) -> Result<bool, isl::Error> {
    let Some(lengths) = row_lengths(&scan.function.vars[array].ty) else {
        return Ok(false);
    };
    let dimensions = lengths.len() + 1;
    let mut missing = hull(touched)?;
    for length in &lengths {
        let position = missing.dimensions()?;
        let row = isl::Set::parse(&scan.isl, &format!("{{ [y] : 0 <= y < {length} }}"))?;
        missing = flat_product(&missing, &row, position)?;
    }
    for access in accesses {
        let is_whole = access.steps.len() == dimensions
            && access
                .steps
                .iter()
                .all(|step| matches!(step, Step::Index(Some(_))));
        if access.is_write && access.is_certain && is_whole {
            let map = domain::element_map(&scan.isl, &scan.sites, access, 0, dimensions)?;
            missing = missing.subtract(&map.range()?.intersect_params(context)?)?;
        }
    }
    missing.is_empty()
}

/// Returns the tuples of `a`, which has `position` dimensions, each followed by one of `b`.
fn flat_product(a: &isl::Set, b: &isl::Set, position: usize) -> Result<isl::Set, isl::Error> {
    let wide = a.insert_dims(position, 1)?;
    let rows = b.insert_dims(0, position)?;
    wide.intersect(&rows)
}

/// Returns the lengths of the dimensions below the first; `None` where one is not known or elements have parts.
fn row_lengths(ty: &Type) -> Option<Vec<u64>> {
    let mut lengths = Vec::new();
    let mut inner = ty.element()?;
    loop {
        match inner {
            Type::Scalar(_) => return Some(lengths),
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => {
                lengths.push(*length);
                inner = of;
            }
            Type::Array {
                length: Extent::Variable(_) | Extent::Unknown,
                ..
            }
            | Type::Void
            | Type::Pointer { .. }
            | Type::Record(_)
            | Type::Opaque(_) => return None,
        }
    }
}

fn unknown(scan: &Scan<'_>, array: Handle<Var>, accesses: &[&Access]) -> Failure {
    let culprit = accesses
        .iter()
        .find(|access| access.first().is_none())
        .or_else(|| accesses.iter().find(|access| !access.is_certain))
        .or(accesses.first());
    let at = culprit.map(|access| access.span).unwrap_or_default();
    let array = shown(&scan.function.vars[array]);
    Failure::Refused(Refusal::new(Reason::UnknownExtent { array }, at))
}
