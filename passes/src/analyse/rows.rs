//! Keeps subscripts within the lengths of their dimensions, where different subscripts must mean different elements.

use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Extent, Handle, Span, Type, Var};

use super::access::{Access, Step};
use super::context::Context;
use super::domain;
use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};
use crate::isl;

/// The kind of the conditions that keep inner subscripts within their lengths.
pub(super) const SHAPE: &str = "shape";

/// An access, by number, and which subscripts of it stay below which lengths.
pub(super) type Bounded = (usize, Vec<(Affine, Affine)>);

/// Requires that pointers into rows of objects stay in their rows; returns the access where one may not.
pub(super) fn keep_in_rows(
    scan: &Scan<'_>,
    context: &mut Context,
    objects: &BTreeSet<Handle<Var>>,
) -> Result<Option<Span>, isl::Error> {
    let mut bounded = Vec::new();
    for (at, access) in scan.accesses.iter().enumerate() {
        if !objects.contains(&access.var) {
            continue;
        }
        match inner(scan, access) {
            Some(pairs) => bounded.push((at, pairs)),
            None => return Ok(Some(access.span)),
        }
    }
    let first = bounded.first().map(|(at, _)| scan.accesses[*at].span);
    match within(scan, context, &bounded)? {
        Some(condition) => context.require(SHAPE, &condition).map(|()| None),
        None => Ok(first),
    }
}

/// Returns the subscripts after the first with their lengths; `None` where one of either is not known.
fn inner(scan: &Scan<'_>, access: &Access) -> Option<Vec<(Affine, Affine)>> {
    let mut ty = &scan.function.vars[access.var].ty;
    let mut pairs = Vec::new();
    for (position, step) in access.steps.iter().enumerate() {
        match (step, ty) {
            (Step::Index(_), _) if position == 0 => ty = ty.element()?,
            (Step::Index(Some(index)), Type::Array { of, length: extent }) => {
                pairs.push((index.clone(), length(scan, extent)?));
                ty = of;
            }
            (Step::Field(field), Type::Record(record)) => {
                let fields = &scan.module.records[*record].fields;
                ty = &fields.get(*field as usize)?.ty;
            }
            (Step::Index(_) | Step::Field(_), _) => return None,
        }
    }
    Some(pairs)
}

/// Returns how many elements a dimension has: a constant, or a variable that the region does not change.
pub(super) fn length(scan: &Scan<'_>, extent: &Extent) -> Option<Affine> {
    let mut expr = match extent {
        Extent::Fixed(length) => return Some(Affine::constant(i128::from(*length))),
        Extent::Variable(expr) => *expr,
        Extent::Unknown => return None,
    };
    // A length is positive, so that no conversion to a type of sizes changes it.
    while let ExprKind::Cast(inner) = scan.function.exprs[expr].kind {
        expr = inner;
    }
    match &scan.function.exprs[expr].kind {
        ExprKind::Int(length) => Some(Affine::constant(*length)),
        ExprKind::Load(place) if place.path.is_empty() => {
            scan.is_parameter(place.var).then(|| Affine::var(place.var))
        }
        ExprKind::Load(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Returns the condition under which every subscript lies between 0 and its length; `None` if that would rule out an
/// access altogether, or all but one instance of it.
pub(super) fn within(
    scan: &Scan<'_>,
    context: &Context,
    bounded: &[Bounded],
) -> Result<Option<isl::Set>, isl::Error> {
    let everything = isl::Set::parse(&scan.isl, "{ : }")?;
    let mut condition = everything.clone();
    let mut reached = Vec::new();
    for (at, pairs) in bounded {
        let access = &scan.accesses[*at];
        let site = &scan.sites[access.site];
        let domain: Vec<&Formula> = site.domain.iter().chain(&access.domain).collect();
        let instances = domain::instances(&scan.isl, "", &site.iterators, &domain)?
            .intersect_params(&context.holds)?;
        for (subscript, length) in pairs {
            let Some(outside) = outside(subscript, length) else {
                return Ok(None);
            };
            let formulas: Vec<&Formula> = domain.iter().copied().chain([&outside]).collect();
            let bad = domain::instances(&scan.isl, "", &site.iterators, &formulas)?
                .intersect_params(&context.holds)?;
            if !bad.is_empty()? {
                condition = condition.intersect(&everything.subtract(&bad.params()?)?)?;
            }
        }
        reached.push((instances, site.iterators.is_empty()));
    }
    for (instances, is_single) in reached {
        if instances.is_empty()? {
            continue;
        }
        let left = instances.intersect_params(&condition)?;
        if left.is_empty()? || (!is_single && left.is_equal(&left.lexmin()?)?) {
            return Ok(None);
        }
    }
    condition.coalesce().map(Some)
}

/// Says that a subscript is negative, or not below a length.
fn outside(subscript: &Affine, length: &Affine) -> Option<Formula> {
    let below = Formula::Compare(subscript.clone(), Sign::NotNegative);
    let above = Formula::below(subscript, length)?;
    below.and(above).negated()
}
