//! Subscripts that depend on data: what the host must find out before a region can run on the device.
//!
//! Decides which arrays an inspection bounds, whose accesses it keeps apart, and in which order passes run so that each
//! reads memory that is there.
//! Which statements make up a pass is for [`crate::inspect`] to say.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Apart, Expr, ExprKind, Handle, LoopName, Place, Reason, Refusal, Stmt, Type, Var};

use super::access::{Access, Step};
use super::footprint::{Finder, union};
use super::names::shown;
use super::scan::Scan;
use crate::affine::{Affine, Atoms};
use crate::facts::{Footprint, Inspected, Noted};
use crate::inspect::{Allowed, Obstacle, Pass, pass};
use crate::symbol::Symbol;
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

/// Gives accesses of written arrays by subscripts that depend on data the iterators that the subscript is computed from
/// in place of it: as far as an inspection shows that it differs for different ones, elements are the same where those
/// are. Where several accesses are made, or inner loops go over elements that the iteration of an outer one has for itself, as
/// over the rows of a sparse matrix, that iteration comes before the subscript.
///
/// Returns the arrays, each with an inspection to make.
pub(super) fn keep_apart(
    scan: &mut Scan<'_>,
    statements: &[Stmt],
    allowed: &Allowed,
) -> BTreeMap<Handle<Var>, Apart> {
    let arrays: Vec<Handle<Var>> = scan.written.keys().copied().collect();
    let mut kept = BTreeMap::new();
    for array in arrays {
        if allowed.own.contains(&array) || !is_scattered(scan, statements, array) {
            continue;
        }
        let noted = Noted::outermost(array);
        if are_assignments(scan, array)
            && let Ok(found) = of(scan, statements, (&noted, Apart::Each), allowed)
            && differs(scan, array, &found)
        {
            kept.insert(array, Apart::Each);
            continue;
        }
        let found = of(scan, statements, (&noted, Apart::Iterations), allowed);
        if found.is_ok_and(|found| is_of_iterations(scan, array, &found)) {
            kept.insert(array, Apart::Iterations);
        }
    }
    kept
}

/// Puts iterators in the place of the subscript by which all accesses to an array are made, in the same iterations; returns
/// whether that can be.
fn differs(scan: &mut Scan<'_>, array: Handle<Var>, found: &Pass) -> bool {
    let is_used = |access: &Access| access.var == array;
    let mut used = scan.accesses.iter().filter(|access| is_used(access));
    let Some(first) = used.next() else {
        return false;
    };
    let counting = counting(scan, first, found);
    let is_same = |access: &Access| self::counting(scan, access, found) == counting;
    let is_one = found.notes == 1 && used.all(is_same);
    if !is_one || counting.len() != found.loops.len() || counting.is_empty() {
        return false;
    }
    for access in scan.accesses.iter_mut().filter(|access| is_used(access)) {
        access.steps.splice(..1, counting.iter().cloned());
    }
    true
}

/// Puts the iterator of the outermost loop that a pass repeats before the subscript of all accesses to an array; returns whether
/// that can be.
fn is_of_iterations(scan: &mut Scan<'_>, array: Handle<Var>, found: &Pass) -> bool {
    let owner = |access: &Access| {
        let site = &scan.sites[access.site];
        let mut around = site.loops.iter().zip(&site.iterators);
        let (_, iterator) = around
            .find(|((name, _), _)| found.loops.contains(name) || found.ended.contains(name))?;
        let is_repeated = site
            .loops
            .iter()
            .zip(&site.iterators)
            .any(|((name, _), other)| other == iterator && found.loops.contains(name));
        is_repeated.then_some(*iterator)
    };
    let is_used = |access: &Access| access.var == array;
    let used = scan.accesses.iter().filter(|access| is_used(access));
    // Elements that an iteration takes from all over the array lie between those of others.
    let goes_along = |access: &&Access| matches!(access.steps.first(), Some(Step::Index(Some(_))));
    let owners = used.map(|access| owner(access).filter(|_| goes_along(&access)));
    let Some(owners) = owners.collect::<Option<Vec<_>>>() else {
        return false;
    };
    let used = scan.accesses.iter_mut().filter(|access| is_used(access));
    for (access, owner) in used.zip(owners) {
        access
            .steps
            .insert(0, Step::Index(Some(Affine::var(owner))));
    }
    true
}

/// Returns the iterators of the loops around an access that a pass repeats, as subscripts.
fn counting(scan: &Scan<'_>, access: &Access, found: &Pass) -> Vec<Step> {
    let site = &scan.sites[access.site];
    let around = site.loops.iter().zip(&site.iterators);
    let repeated = around.filter(|((name, _), _)| found.loops.contains(name));
    repeated
        .map(|(_, iterator)| Step::Index(Some(Affine::var(*iterator))))
        .collect()
}

/// Returns whether assignments make all accesses to an array, and no condition.
fn are_assignments(scan: &Scan<'_>, array: Handle<Var>) -> bool {
    let mut accesses = scan.accesses.iter().filter(|access| access.var == array);
    accesses.all(|access| scan.sites[access.site].assignment().is_some() && !access.is_control)
}

/// Returns whether no access to an array is by a subscript that is known, or whose range is.
fn is_scattered(scan: &Scan<'_>, statements: &[Stmt], array: Handle<Var>) -> bool {
    let mut accesses = scan.accesses.iter().filter(|access| access.var == array);
    accesses.all(|access| {
        let is_unknown = match access.steps.first() {
            Some(Step::Index(Some(form))) => is_unbounded(scan, statements, access, form),
            Some(Step::Index(None)) => true,
            Some(Step::Field(_)) | None => false,
        };
        is_unknown && access.update.is_none()
    })
}

/// Returns whether a subscript counts with a loop whose bounds depend on data, so that the iterations of the outermost loop may
/// differ in it: it counts with that one, too, or from a start that data say.
fn is_unbounded(scan: &Scan<'_>, statements: &[Stmt], access: &Access, form: &Affine) -> bool {
    let mut atoms = Atoms::default();
    form.collect(&mut atoms);
    let symbols = atoms.symbols.iter();
    let counting: BTreeSet<Handle<Var>> = symbols.filter_map(Symbol::as_var).collect();
    let outermost = scan.sites[access.site].iterators.first();
    let is_of_outermost = outermost.is_some_and(|outermost| counting.contains(outermost));
    let loops = region::loops(statements);
    let starts_by_data = |var: &Handle<Var>| {
        let mut counted = loops.iter().filter(|each| each.iterator == *var);
        counted.any(|each| is_data(scan, each.start))
    };
    let mut unbounded = counting.iter().filter(|var| scan.unbounded.contains(var));
    unbounded.any(|var| is_of_outermost || starts_by_data(var))
}

/// Returns whether a value is read from memory, or is a local that the region computes.
fn is_data(scan: &Scan<'_>, value: Handle<Expr>) -> bool {
    let iterators: BTreeSet<Handle<Var>> = scan.iterators().into_iter().collect();
    let mut is_data = false;
    build::visit(scan.function, value, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind {
            let is_computed = scan.modified.contains(&place.var) && !iterators.contains(&place.var);
            is_data |= !place.path.is_empty() || is_computed;
        }
    });
    is_data
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
