//! Which part of each array a region touches, and what of it must be copied.
//!
//! A copy may read only what the original certainly can: the elements of a declared array, and for a pointer what
//! lies between two elements that the original certainly touches, since one object holds both.
//! Where the original may touch more, a guard must show that the bytes can be copied at all; what they hold beyond the
//! object is copied back as it came, and no kernel looks at it.

use std::collections::BTreeMap;

use mupac_ir::{Extent, Handle, Reason, Refusal, Type, Var};

use super::access::Access;
use super::delinearise::Shape;
use super::domain;
use super::layout::Layout;
use super::names::shown;
use super::privatise::Position;
use super::reduction::is_target;
use super::scan::Scan;
use super::{liveness, overwrite};
use crate::facts::Footprint;
use crate::isl;
use crate::symbol::Stride;

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
    shapes: &BTreeMap<Handle<Var>, Shape>,
    position: Position<'_>,
    context: &isl::Set,
) -> Result<Vec<Footprint>, Failure> {
    let plain = Shape {
        strides: vec![Stride::one()],
        is_ordered: true,
    };
    let mut by_var: BTreeMap<Handle<Var>, Vec<&Access>> = BTreeMap::new();
    for access in &scan.accesses {
        // The target of a reduction stays on the host; behind a pointer it may share memory with what does not.
        let is_on_host = matches!(
            scan.function.vars[access.var].ty,
            Type::Scalar(_) | Type::Record(_)
        ) && is_target(scan, access.var);
        let is_elsewhere = private.contains_key(&access.var)
            || layout.assigned.contains(&access.var)
            || is_on_host;
        if !access.is_control && !is_elsewhere {
            by_var.entry(access.var).or_default().push(access);
        }
    }
    by_var
        .into_iter()
        .map(|(array, accesses)| {
            let shape = shapes.get(&array).unwrap_or(&plain);
            footprint(scan, array, &accesses, shape, position, context)
        })
        .collect()
}

fn footprint(
    scan: &Scan<'_>,
    array: Handle<Var>,
    accesses: &[&Access],
    shape: &Shape,
    position: Position<'_>,
    context: &isl::Set,
) -> Result<Footprint, Failure> {
    let is_written = accesses.iter().any(|access| access.is_write);
    let count = shape.strides.len();
    let touched = union(scan, accesses.iter(), count, context)?;
    let declared = declared_range(scan, array, context)?;
    let mut footprint = Footprint {
        array,
        touched: isl::Set::parse(&scan.isl, "{ [x] : 1 = 0 }")?,
        strides: shape.strides.clone(),
        is_ordered: shape.is_ordered,
        is_inside: true,
        is_written,
        is_overwritten: false,
        is_live: is_written && liveness::is_array_live_after(scan.function, position, array),
        is_reduced: is_target(scan, array),
    };
    if matches!(scan.function.vars[array].ty, Type::Record(_)) {
        // A structure is one object, copied as a whole.
        footprint.touched = isl::Set::parse(&scan.isl, "{ [x] : x = 0 }")?;
        footprint.touched = footprint.touched.intersect_params(context)?;
        return Ok(footprint);
    }
    match (touched, declared) {
        // What lies outside a declared array is never touched.
        (Some(touched), Some(declared)) if count == 1 => {
            footprint.touched = touched.intersect(&declared)?;
        }
        (_, Some(declared)) => {
            footprint.touched = declared;
            footprint.strides = vec![Stride::one()];
            footprint.is_ordered = true;
        }
        (Some(touched), None) if touched.is_bounded()? => {
            let is_certain = |access: &&&Access| access.is_certain && access.is_exact(count);
            let certain = accesses.iter().filter(is_certain);
            footprint.is_inside = match union(scan, certain, count, context)? {
                Some(certain) => decided(has_ends(&certain, &touched, shape.is_ordered))?,
                None => false,
            };
            footprint.touched = touched;
        }
        (_, None) => return Err(unknown(scan, array, accesses)),
    }
    footprint.touched = footprint.touched.coalesce()?;
    footprint.is_overwritten = is_written
        && footprint.is_ordered
        && footprint.is_inside
        && decided(overwrite::is_overwritten(
            scan, &footprint, accesses, context,
        ))?;
    Ok(footprint)
}

/// A question that only saves a copy or a guard is answered by no where the solver gives up.
fn decided(answer: Result<bool, isl::Error>) -> Result<bool, isl::Error> {
    match answer {
        Err(isl::Error::SolverLimit) => Ok(false),
        Ok(_) | Err(isl::Error::ForeignContext | isl::Error::Failed(_)) => answer,
    }
}

/// Returns whether a set holds both ends of the hull of a greater one.
fn has_ends(certain: &isl::Set, touched: &isl::Set, is_ordered: bool) -> Result<bool, isl::Error> {
    if is_ordered {
        let ends = touched.lexmin()?.union(&touched.lexmax()?)?;
        return ends.is_subset(certain);
    }
    let dimensions = touched.dimensions()?;
    for is_greatest in [false, true] {
        let mut corner: Option<isl::Set> = None;
        for at in 0..dimensions {
            let own = touched
                .project_out(at + 1, dimensions - at - 1)?
                .project_out(0, at)?;
            let end = if is_greatest {
                own.lexmax()?
            } else {
                own.lexmin()?
            };
            let end = end
                .insert_dims(0, at)?
                .insert_dims(at + 1, dimensions - at - 1)?;
            corner = Some(match corner {
                Some(corner) => corner.intersect(&end)?,
                None => end,
            });
        }
        if let Some(corner) = corner
            && !corner.is_subset(certain)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the first `count` subscripts of accesses; `None` where one of them is not affine, or there are none.
pub(crate) fn union<'a, 'b: 'a>(
    scan: &Scan<'_>,
    accesses: impl Iterator<Item = &'a &'b Access>,
    count: usize,
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let mut all: Option<isl::Set> = None;
    let mut seen: Vec<&Access> = Vec::new();
    for access in accesses {
        let (subscripts, _) = access.subscripts();
        if subscripts.len() < count {
            return Ok(None);
        }
        let is_seen = |other: &&Access| is_same_range(scan, other, access, count);
        if seen.iter().any(is_seen) {
            continue;
        }
        seen.push(access);
        let map = domain::element_map(&scan.isl, &scan.sites, access, 0, count)?;
        let part = map.range()?.intersect_params(context)?;
        all = Some(match all {
            Some(all) => all.union(&part)?,
            None => part,
        });
    }
    all.map(|all| all.coalesce()).transpose()
}

/// Returns whether two accesses have the same first subscripts for the same instances.
fn is_same_range(scan: &Scan<'_>, a: &Access, b: &Access, count: usize) -> bool {
    let (site, other) = (&scan.sites[a.site], &scan.sites[b.site]);
    a.subscripts().0[..count] == b.subscripts().0[..count]
        && a.domain == b.domain
        && site.iterators == other.iterators
        && site.domain == other.domain
}

/// Returns everything between two elements, in the order of subscripts, of which the inner ones lie within their lengths.
pub(crate) fn hull(footprint: &Footprint) -> Result<isl::Set, isl::Error> {
    let set = &footprint.touched;
    let names = |letter: char| -> Vec<String> {
        (0..footprint.strides.len())
            .map(|at| format!("{letter}{at}"))
            .collect()
    };
    let (inner, outer) = (names('a').join(", "), names('x').join(", "));
    let order = |sign: &str| {
        let cases: Vec<String> = (0..footprint.strides.len())
            .map(|at| {
                let equal: Vec<String> = (0..at).map(|at| format!("x{at} = a{at} and ")).collect();
                let equal = equal.concat();
                let is_last = at + 1 == footprint.strides.len();
                let sign = if is_last {
                    format!("{sign}=")
                } else {
                    sign.to_owned()
                };
                format!("({equal}x{at} {sign} a{at})")
            })
            .collect();
        let text = format!("{{ [{inner}] -> [{outer}] : {} }}", cases.join(" or "));
        isl::Map::parse(set.context(), &text)
    };
    let mut hull = set
        .apply(&order(">")?)?
        .intersect(&set.apply(&order("<")?)?)?;
    for (at, pair) in footprint.strides.windows(2).enumerate() {
        let Some(length) = pair[0].divided_by(&pair[1]) else {
            continue;
        };
        let atoms = domain::atoms(&[], |atoms| length.collect(atoms));
        let text = format!(
            "{}{{ [{outer}] : 0 <= x{at} and x{at} < {length} }}",
            domain::header(&atoms.symbols),
            at = at + 1
        );
        hull = hull.intersect(&isl::Set::parse(set.context(), &text)?)?;
    }
    Ok(hull)
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
