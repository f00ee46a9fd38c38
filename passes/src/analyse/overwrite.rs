//! Which arrays a region overwrites before it reads them, so that they need not be copied to the device.

use mupac_ir::Type;

use super::access::{Access, Step};
use super::domain;
use super::footprint::hull;
use super::rows;
use super::scan::Scan;
use crate::affine::Affine;
use crate::facts::{Footprint, Initial};
use crate::isl;

/// The most comparisons of a condition under which an array is copied; where it takes more, it is copied always.
const MOST_COMPARISONS: usize = 2;

/// A condition must save the copy of something that is at least so long in every dimension: less of it is an edge.
const LEAST_SAVED: usize = 8;

/// Returns whether what an array holds before the region counts.
///
/// It does not where certain writes cover every element of every row that is copied, and the region reads none of them
/// before such a write: what is then copied in would never be seen.
/// A question that only saves a copy is answered by yes where the solver gives up.
pub(crate) fn initial(
    scan: &Scan<'_>,
    footprint: &Footprint,
    accesses: &[&Access],
    context: &isl::Set,
) -> Result<Initial, isl::Error> {
    let seen = seen(scan, footprint, accesses, context);
    let answer = seen.and_then(|seen| summed_up(seen, footprint, context));
    match answer {
        Err(isl::Error::SolverLimit | isl::Error::Failed(_)) => Ok(Initial::Counts),
        Ok(_) | Err(isl::Error::ForeignContext) => answer,
    }
}

/// Says in short for which parameters an array's values count.
fn summed_up(
    seen: Option<isl::Set>,
    footprint: &Footprint,
    context: &isl::Set,
) -> Result<Initial, isl::Error> {
    let Some(seen) = seen else {
        return Ok(Initial::Counts);
    };
    if seen.is_empty()? {
        return Ok(Initial::IsOverwritten);
    }
    // Where the region touches nothing, there is nothing to be copied either.
    let touched = context.intersect(&footprint.touched.params()?)?;
    let counts = seen.intersect(&touched)?.coalesce()?.gist(&touched)?;
    let is_short = counts.condition(&touched)?.comparisons() <= MOST_COMPARISONS;
    if is_short
        && !touched
            .intersect(&is_long(footprint)?)?
            .is_subset(&counts)?
    {
        return Ok(Initial::CountsWhere(counts));
    }
    Ok(Initial::Counts)
}

/// Returns for which parameters what is touched is at least [`LEAST_SAVED`] long in every dimension.
fn is_long(footprint: &Footprint) -> Result<isl::Set, isl::Error> {
    let touched = &footprint.touched;
    let between = isl::Map::from_domain_and_range(touched, touched)?.deltas()?;
    let dimensions = 0..footprint.strides.len();
    let names: Vec<String> = dimensions.map(|at| format!("d{at}")).collect();
    let long: Vec<String> = names
        .iter()
        .map(|name| format!("{name} >= {}", LEAST_SAVED - 1))
        .collect();
    let text = format!("{{ [{}] : {} }}", names.join(", "), long.join(" and "));
    between
        .intersect(&isl::Set::parse(touched.context(), &text)?)?
        .params()
}

/// Returns for which parameters an element of the rows that are copied is not certainly written, or is read before; `None`
/// where that is not known.
fn seen(
    scan: &Scan<'_>,
    footprint: &Footprint,
    accesses: &[&Access],
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let Some(left) = left(scan, footprint, accesses, context)? else {
        return Ok(None);
    };
    let mut seen = left.missing.params()?;
    for access in accesses.iter().filter(|access| !access.is_write) {
        if !is_whole(access, left.dimensions) {
            return Ok(None);
        }
        let mut early = domain::element_map(&scan.isl, &scan.sites, access, 0, left.dimensions)?
            .intersect_params(context)?;
        for (site, write) in &left.writes {
            let (write_site, read_site) = (&scan.sites[*site], &scan.sites[access.site]);
            if let Some(before) = domain::before(&scan.isl, write_site, read_site)? {
                early = early.subtract(&before.reverse()?.apply_range(write)?)?;
            }
        }
        seen = seen.union(&early.params()?)?;
    }
    Ok(Some(seen))
}

/// What certain writes leave of the rows that are copied.
struct Left {
    /// How many subscripts lead to an element.
    dimensions: usize,
    /// The elements that none of them writes.
    missing: isl::Set,
    /// The elements that each of them writes, by its site.
    writes: Vec<(usize, isl::Map)>,
}

/// Returns what certain writes leave of the rows that are copied; `None` where elements have parts or a length is not known.
fn left(
    scan: &Scan<'_>,
    footprint: &Footprint,
    accesses: &[&Access],
    context: &isl::Set,
) -> Result<Option<Left>, isl::Error> {
    let Some(lengths) = row_lengths(scan, &scan.function.vars[footprint.array].ty) else {
        return Ok(None);
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
    Ok(Some(Left {
        dimensions,
        missing,
        writes,
    }))
}

/// Returns whether what is copied back of an array may hold elements that the region leaves as they are.
pub(super) fn leaves_some(
    scan: &Scan<'_>,
    footprint: &Footprint,
    context: &isl::Set,
) -> Result<bool, isl::Error> {
    let own = |access: &&Access| access.var == footprint.array && !access.is_control;
    let accesses: Vec<&Access> = scan.accesses.iter().filter(own).collect();
    let is_hull = footprint.is_ordered || (footprint.is_joined && footprint.is_inside);
    let is_known = is_hull && !footprint.is_inspected;
    let answer = if is_known {
        left(scan, footprint, &accesses, context)
    } else {
        Ok(None)
    };
    match answer {
        Ok(Some(left)) => Ok(!left.missing.intersect_params(context)?.is_empty()?),
        Ok(None) | Err(isl::Error::SolverLimit | isl::Error::Failed(_)) => Ok(true),
        Err(error @ isl::Error::ForeignContext) => Err(error),
    }
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
