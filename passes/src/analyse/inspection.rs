//! Subscripts that depend on data: what the host must find out before a region can run on the device.
//!
//! Decides which arrays an inspection bounds, whose accesses it keeps apart, and in which order passes run so that each
//! reads memory that is there.
//! Which statements make up a pass is for [`crate::inspect`] to say.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Apart, Expr, ExprKind, Handle, LoopName, Place, Reason, Refusal, Stmt, Type, Var};

use super::access::Access;
use super::footprint::{Finder, union};
use super::names::shown;
use super::scan::Scan;
use crate::facts::{Footprint, Inspected, Noted};
use crate::inspect::{Allowed, Obstacle, Pass, pass};
use crate::{build, region};

/// Returns the pass that notes a subscript, on a copy of the function.
///
/// **Errors**: what stands in the way of one.
pub(super) fn of(
    scan: &Scan<'_>,
    statements: &[Stmt],
    noted: (&Noted, Apart),
    allowed: &Allowed,
) -> Result<Pass, Obstacle> {
    let found = pass(&mut scan.function.clone(), statements, noted, allowed)?;
    // What is not known to read before anything is written might see another value.
    let is_known = |load: &Handle<Expr>| {
        let mut accesses = scan.accesses.iter();
        accesses.any(|access| access.load == Some(*load) && scan.sites[access.site].event.is_some())
    };
    let mut unknown = found.reads.iter().filter(|load| !is_known(load));
    let is_written = |load: &&Handle<Expr>| match &scan.function.exprs.get(**load) {
        Some(Expr {
            kind: ExprKind::Load(place),
            ..
        }) => scan.written.contains_key(&place.var),
        Some(_) | None => false,
    };
    match unknown.find(is_written) {
        Some(load) => {
            let why = "it depends on what the loop changes".to_owned();
            Err((why, scan.function.exprs[*load].span))
        }
        None => Ok(found),
    }
}

/// Returns whether a subscript of an array is computed from memory, perhaps by way of a local.
pub(super) fn depends_on_data(scan: &Scan<'_>, statements: &[Stmt], array: Handle<Var>) -> bool {
    let iterators: BTreeSet<Handle<Var>> = scan.iterators().into_iter().collect();
    let is_memory = |place: &Place| {
        !place.path.is_empty()
            || !matches!(scan.function.vars[place.var].ty, Type::Scalar(_))
            || scan.modified.contains(&place.var) && !iterators.contains(&place.var)
    };
    let mut found = false;
    let mut subscript = |place: &Place| {
        if place.var != array {
            return;
        }
        for index in build::indices(place).take(1) {
            build::visit(scan.function, index, &mut |_, node| {
                found |= matches!(&node.kind, ExprKind::Load(place) if is_memory(place));
            });
        }
    };
    region::each(statements, &mut |stmt| {
        region::target(stmt).into_iter().for_each(&mut subscript);
        for expr in region::expressions(stmt) {
            build::visit(scan.function, expr, &mut |_, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    subscript(place);
                }
            });
        }
    });
    found
}

/// Returns the inspections of a region in the order in which they can run.
///
/// A pass may read an array where the region certainly reads the same elements, where the range is known and can be
/// copied, or where an earlier pass has bounded it.
///
/// **Errors**: `unknown-extent` where no pass is possible, or passes depend on one another.
pub(super) fn inspections(
    finder: &Finder<'_>,
    footprints: &[Footprint],
    may_alias: &[(Handle<Var>, Handle<Var>)],
) -> Result<Vec<Inspected>, Refusal> {
    let scan = finder.scan;
    let bounded: BTreeSet<Handle<Var>> = footprints
        .iter()
        .filter(|footprint| footprint.is_inspected)
        .map(|footprint| footprint.array)
        .collect();
    let statements = finder.position.statements;
    let mut waiting = BTreeMap::new();
    let kept_apart: BTreeSet<_> = finder.apart.keys().copied().collect();
    for array in bounded.union(&kept_apart) {
        let noted = Noted::outermost(*array);
        let asked = finder.asked(*array);
        let found = of(scan, statements, (&noted, asked), finder.allowed)
            .map_err(|obstacle| unknown(scan, *array, &obstacle))?;
        waiting.insert((*array, None), needs(finder, &bounded, &found));
    }
    for (at, open) in scan.open.iter().enumerate() {
        let found = of(
            scan,
            statements,
            (&open.noted, Apart::Unasked),
            finder.allowed,
        )
        .map_err(|(why, at)| open.refusal(scan).with(at, why))?;
        waiting.insert(
            (open.noted.array, Some(at)),
            needs(finder, &bounded, &found),
        );
    }
    let mut ordered: Vec<(Inspected, BTreeSet<Handle<Var>>)> = Vec::new();
    while let Some((next, _)) = waiting.keys().next().copied() {
        let is_known = |array: &Handle<Var>| !waiting.contains_key(&(*array, None));
        let is_ready = |needs: &Needs| {
            let is_inside = |read| !waiting.contains_key(read);
            needs.first.iter().all(is_known) && needs.inside.iter().all(is_inside)
        };
        let ready = waiting.iter().find(|(_, needs)| is_ready(needs));
        let Some((noted, needs)) = ready.map(|(noted, needs)| (*noted, needs.clone())) else {
            let why = "which of its elements are read depends on others of them".to_owned();
            return Err(unknown(scan, next, &(why, access_span(scan, next))));
        };
        // Until the ranges of all written arrays are known, one of them may hold what an earlier pass has read.
        let may_change = |read: &Handle<Var>| {
            let mut pairs = may_alias.iter();
            pairs.any(|(a, b)| (a == read && !is_known(b)) || (b == read && !is_known(a)))
        };
        for (each, read) in &mut ordered {
            each.is_read_early |=
                needs.first.contains(&each.noted.array) && read.iter().any(may_change);
        }
        waiting.remove(&noted);
        let (array, open) = noted;
        let below = open.and_then(|at| scan.open.get(at));
        let inspected = Inspected {
            noted: below.map_or_else(|| Noted::outermost(array), |open| open.noted.clone()),
            loops: needs.loops,
            rounds: needs.rounds,
            below: below.map(|open| open.length),
            decides_range: below.is_none() && bounded.contains(&array),
            apart: below.map_or_else(|| finder.asked(array), |_| Apart::Unasked),
            is_read_early: false,
        };
        ordered.push((inspected, needs.read));
    }
    Ok(ordered
        .into_iter()
        .map(|(inspected, _)| inspected)
        .collect())
}

/// What a pass needs.
#[derive(Clone, Debug)]
struct Needs {
    /// Every array that it reads.
    read: BTreeSet<Handle<Var>>,
    /// Those that must be bounded before it runs: it reads them elsewhere than the region certainly does.
    first: BTreeSet<Handle<Var>>,
    /// The subscripts, by array and position among those that may leave their rows, that must be known to stay below their
    /// lengths before it runs.
    inside: BTreeSet<(Handle<Var>, Option<usize>)>,
    /// The loops that it repeats.
    loops: BTreeSet<LoopName>,
    rounds: bool,
}

fn needs(finder: &Finder<'_>, bounded: &BTreeSet<Handle<Var>>, found: &Pass) -> Needs {
    let scan = finder.scan;
    let is_read = |access: &&Access| access.load.is_some_and(|load| found.reads.contains(&load));
    let read = || scan.accesses.iter().filter(is_read);
    let mut inside = BTreeSet::new();
    for (at, open) in scan.open.iter().enumerate() {
        if read().any(|access| open.is_in(access)) {
            inside.insert((open.noted.array, Some(at)));
        }
    }
    Needs {
        read: read().map(|access| access.var).collect(),
        first: read()
            .filter(|access| bounded.contains(&access.var))
            .filter(|access| !is_certainly_read(finder, access))
            .map(|access| access.var)
            .collect(),
        inside,
        loops: found.loops.clone(),
        rounds: found.rounds,
    }
}

/// Returns whether the region certainly reads all elements of an array that an access may lead into.
///
/// In `for (k = 0; k < b[i].n; k++) s += b[i].a[k];` the bound is read wherever `i` leads.
fn is_certainly_read(finder: &Finder<'_>, access: &Access) -> bool {
    let is_certain = |access: &&Access| access.is_certain && access.is_exact(1);
    if is_certain(&access) {
        return true;
    }
    let (scan, context) = (finder.scan, finder.context);
    let others = scan
        .accesses
        .iter()
        .filter(|other| other.var == access.var && !other.is_write && is_certain(other));
    let others: Vec<&Access> = others.collect();
    let all = |accesses: &[&Access]| union(scan, accesses.iter(), 1, context).ok().flatten();
    let pair = all(&[access]).zip(all(&others));
    access.is_exact(1) && pair.is_some_and(|(may, does)| may.is_subset(&does) == Ok(true))
}

pub(super) fn access_span(scan: &Scan<'_>, array: Handle<Var>) -> mupac_ir::Span {
    let mut accesses = scan.accesses.iter();
    let access = accesses.find(|access| access.var == array);
    access.map(|access| access.span).unwrap_or_default()
}

/// Returns the refusal of an array that no inspection can bound.
pub(super) fn unknown(scan: &Scan<'_>, array: Handle<Var>, obstacle: &Obstacle) -> Refusal {
    let name = shown(&scan.function.vars[array]);
    let (why, at) = obstacle;
    let reason = Reason::UnknownExtent { array: name };
    Refusal::new(reason, access_span(scan, array)).with(*at, why.clone())
}
