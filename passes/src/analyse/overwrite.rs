//! Which arrays a region overwrites before it reads them, so that they need not be copied to the device.

use mupac_ir::Type;

use super::access::{Access, Step};
use super::domain;
use super::footprint::hull;
use super::rows;
use super::scan::Scan;
use crate::affine::Affine;
use crate::facts::Footprint;
use crate::isl;

/// Returns whether certain writes cover every element of every row that is copied.
///
/// The region must not read an element before such a write either: what is then copied in would never be seen.
pub(crate) fn is_overwritten(
    scan: &Scan<'_>,
    footprint: &Footprint,
    accesses: &[&Access],
    context: &isl::Set,
) -> Result<bool, isl::Error> {
    let Some(lengths) = row_lengths(scan, &scan.function.vars[footprint.array].ty) else {
        return Ok(false);
    };
    let dimensions = lengths.len() + footprint.strides.len();
    let mut missing = hull(footprint)?;
    for length in &lengths {
        let position = missing.dimensions()?;
        let atoms = domain::atoms(&[], |atoms| length.collect(atoms));
        let header = domain::header(&atoms.symbols);
        let row = isl::Set::parse(&scan.isl, &format!("{header}{{ [y] : 0 <= y < {length} }}"))?;
        missing = flat_product(&missing, &row, position)?;
    }
    let mut writes = Vec::new();
    for access in accesses {
        let is_certain = access.is_certain && access.is_exact(dimensions);
        if access.is_write && is_certain && is_whole(access, dimensions) {
            let map = domain::element_map(&scan.isl, &scan.sites, access, 0, dimensions)?
                .intersect_params(context)?;
            missing = missing.subtract(&map.range()?)?;
            writes.push((access.site, map));
        }
    }
    if !missing.is_empty()? {
        return Ok(false);
    }
    for access in accesses.iter().filter(|access| !access.is_write) {
        if !is_whole(access, dimensions) {
            return Ok(false);
        }
        let mut early = domain::element_map(&scan.isl, &scan.sites, access, 0, dimensions)?
            .intersect_params(context)?;
        for (site, write) in &writes {
            let (write_site, read_site) = (&scan.sites[*site], &scan.sites[access.site]);
            if let Some(before) = domain::before(&scan.isl, write_site, read_site)? {
                early = early.subtract(&before.reverse()?.apply_range(write)?)?;
            }
        }
        if !early.is_empty()? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether an access names one element by subscripts that are all affine.
fn is_whole(access: &Access, dimensions: usize) -> bool {
    access.steps.len() == dimensions
        && access
            .steps
            .iter()
            .all(|step| matches!(step, Step::Index(Some(_))))
}

/// Returns the tuples of `a`, which has `position` dimensions, each followed by one of `b`.
fn flat_product(a: &isl::Set, b: &isl::Set, position: usize) -> Result<isl::Set, isl::Error> {
    let wide = a.insert_dims(position, 1)?;
    let rows = b.insert_dims(0, position)?;
    wide.intersect(&rows)
}

/// Returns the lengths of the dimensions below the first; `None` where one is not known or elements have parts.
fn row_lengths(scan: &Scan<'_>, ty: &Type) -> Option<Vec<Affine>> {
    let mut lengths = Vec::new();
    let mut inner = ty.element()?;
    loop {
        match inner {
            Type::Scalar(_) => return Some(lengths),
            Type::Array { of, length } => {
                lengths.push(rows::length(scan, length)?);
                inner = of;
            }
            Type::Void | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => return None,
        }
    }
}
