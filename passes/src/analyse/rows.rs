//! Keeps subscripts within the lengths of their dimensions, where different subscripts must mean different elements.

use mupac_ir::{ExprKind, Extent};

use super::context::Context;
use super::domain;
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Sign};
use crate::isl;
use crate::symbol::Symbol;

/// The kind of the conditions that keep inner subscripts within their lengths.
pub(crate) const SHAPE: &str = "shape";

/// An access, by number, and which subscripts of it stay below which lengths.
pub(super) type Bounded = (usize, Vec<(Affine, Affine)>);

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
/// access altogether, or all but one instance of it, or all products of more than one row: `a[k]` for `k` below `rows *
/// width` goes through all rows, and is no column of the first one. What `fits` says is a part of the condition.
pub(super) fn within(
    scan: &Scan<'_>,
    context: &Context,
    bounded: &[Bounded],
    fits: &Formula,
) -> Result<Option<isl::Set>, isl::Error> {
    let everything = isl::Set::parse(&scan.isl, "{ : }")?;
    let mut condition = domain::parameter_set(&scan.isl, fits)?;
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
                // What holds anyway need not be said of what must not be, and would be many cases of what may be.
                let bad = bad.params()?.gist(&context.holds)?;
                condition = condition.intersect(&everything.subtract(&bad)?)?;
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
    // Where nothing is ruled out there is nothing to ask.
    if !everything.is_subset(&condition)? {
        let plenty = plenty(scan, bounded, fits)?.intersect(&context.holds)?;
        if !plenty.is_empty()? && plenty.intersect(&condition)?.is_empty()? {
            return Ok(None);
        }
    }
    condition.coalesce().map(Some)
}

/// Returns where no factor of a product that subscripts and loops name is less than 2, and the products are what they are then
/// at least; where rows have to fit into others, no other size is less than 2 either.
fn plenty(scan: &Scan<'_>, bounded: &[Bounded], fits: &Formula) -> Result<isl::Set, isl::Error> {
    let atoms = domain::atoms(&scan.iterators(), |atoms| {
        fits.collect(atoms);
        for (at, pairs) in bounded {
            for (subscript, length) in pairs {
                subscript.collect(atoms);
                length.collect(atoms);
            }
            let domain = &scan.sites[scan.accesses[*at].site].domain;
            for each in domain {
                each.collect(atoms);
            }
        }
    });
    let are_all = *fits != Formula::Constant(true);
    let meant = |each: &&Symbol| are_all || each.factors().len() > 1;
    let at_least = atoms.symbols.iter().filter(meant).flat_map(|product| {
        let is_product = product.factors().len() > 1;
        let whole = Affine::atom(Atom::Symbol(product.clone()));
        let factors = product.factors().iter();
        let factors = factors.map(|factor| Affine::atom(Atom::Symbol(Symbol::from(*factor))));
        factors.flat_map(move |factor| {
            [
                factor.minus(&Affine::constant(2)),
                (factor.times(2).filter(|_| is_product)).and_then(|twice| whole.minus(&twice)),
            ]
        })
    });
    let formula = at_least
        .flatten()
        .fold(Formula::Constant(true), |all, each| {
            all.and(Formula::Compare(each, Sign::NotNegative))
        });
    domain::parameter_set(&scan.isl, &formula)
}

/// Says that a subscript is negative, or not below a length.
fn outside(subscript: &Affine, length: &Affine) -> Option<Formula> {
    let below = Formula::Compare(subscript.clone(), Sign::NotNegative);
    let above = Formula::below(subscript, length)?;
    below.and(above).negated()
}
