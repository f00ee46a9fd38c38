//! Arrays that are written by subscripts which depend on data: what an inspection has to show so that iterations do not meet.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Apart, BinaryOp, Expr, ExprKind, Function, Handle, Stmt, Var};

use super::access::{Access, Step};
use super::inspection::of;
use super::scan::Scan;
use crate::affine::{Affine, Atoms};
use crate::facts::Noted;
use crate::inspect::{Allowed, Pass};
use crate::symbol::Symbol;
use crate::{build, region};

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
        let is_scattered = is_scattered(scan, statements, array);
        if allowed.own.contains(&array) || !is_scattered && !has_scattered(scan, array) {
            continue;
        }
        let mut ways = [Apart::Each, Apart::Iterations];
        // A pass over rows is shorter than one over elements.
        if is_scattered && are_known(scan, array) && !names_outermost(scan, array) {
            ways.reverse();
        }
        let noted = Noted::outermost(array);
        let mut holds = |way: &Apart| {
            let is_asked = *way != Apart::Each || is_scattered && are_assignments(scan, array);
            let found = is_asked.then(|| of(scan, statements, (&noted, *way), allowed));
            let Some(Ok(found)) = found else {
                return false;
            };
            match way {
                Apart::Each => differs(scan, array, &found),
                Apart::Iterations => is_of_iterations(scan, statements, array, &found),
                Apart::Unasked => false,
            }
        };
        let way = ways.into_iter().find(&mut holds);
        kept.extend(way.map(|way| (array, way)));
    }
    kept
}

/// Returns whether all subscripts of an array are known, but for how far they reach.
fn are_known(scan: &Scan<'_>, array: Handle<Var>) -> bool {
    let mut used = scan.accesses.iter().filter(|access| access.var == array);
    used.all(|access| matches!(access.steps.first(), Some(Step::Index(Some(_)))))
}

/// Returns whether some subscript of an array counts with the outermost loop.
fn names_outermost(scan: &Scan<'_>, array: Handle<Var>) -> bool {
    let mut used = scan.accesses.iter().filter(|access| access.var == array);
    used.any(|access| {
        let outermost = scan.sites[access.site].iterators.first();
        let form = match access.steps.first() {
            Some(Step::Index(form)) => form.as_ref(),
            Some(Step::Field(_)) | None => None,
        };
        form.zip(outermost)
            .is_some_and(|(form, outermost)| counters(form).contains(outermost))
    })
}

/// Returns the variables that a subscript is a sum of.
fn counters(form: &Affine) -> BTreeSet<Handle<Var>> {
    let mut atoms = Atoms::default();
    form.collect(&mut atoms);
    atoms.symbols.iter().filter_map(Symbol::as_var).collect()
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
fn is_of_iterations(
    scan: &mut Scan<'_>,
    statements: &[Stmt],
    array: Handle<Var>,
    found: &Pass,
) -> bool {
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
    let Some(owners) = used.map(owner).collect::<Option<Vec<_>>>() else {
        return false;
    };
    // Elements that an iteration takes from all over the array lie between those of others.
    let first = owners.first().copied();
    let is_one = owners.iter().all(|owner| Some(*owner) == first);
    let are_in_rows = first.is_some_and(|owner| is_one && in_rows(scan, statements, array, owner));
    let are_rows = are_known(scan, array) && is_scattered(scan, statements, array);
    if !are_in_rows && !are_rows {
        return false;
    }
    let used = scan.accesses.iter_mut().filter(|access| is_used(access));
    for (access, owner) in used.zip(owners) {
        access
            .steps
            .insert(0, Step::Index(Some(Affine::var(owner))));
        (access.flat, access.by_width) = (None, None);
    }
    true
}

/// Returns whether all subscripts of an array are of the row that a counter says: `y[n * c + label[n]]`.
fn in_rows(scan: &Scan<'_>, statements: &[Stmt], array: Handle<Var>, counter: Handle<Var>) -> bool {
    let function = scan.function;
    let mut are_in_rows = true;
    region::each_place(function, statements, &mut |place| {
        if place.var == array {
            let index = build::indices(place).next();
            are_in_rows &= index.is_some_and(|index| is_row(function, index, counter));
        }
    });
    are_in_rows
}

/// Returns whether one of the terms of a sum is a multiple of a counter.
fn is_row(function: &Function, sum: Handle<Expr>, counter: Handle<Var>) -> bool {
    let row = |term| is_row(function, term, counter);
    match function.exprs[sum].kind {
        ExprKind::Binary(BinaryOp::Add, a, b) => row(a) || row(b),
        ExprKind::Binary(BinaryOp::Subtract, a, _) => row(a),
        ExprKind::Cast(inner) => row(inner),
        ExprKind::Binary(BinaryOp::Multiply, a, b) => {
            let is_counter = |expr| build::read(function, expr) == Some(counter);
            let is_length = |expr| build::is_of_variables(function, expr, &|var| var != counter);
            is_counter(a) && is_length(b) || is_counter(b) && is_length(a)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns whether some access to an array is by a subscript of which nothing is known, and none is an update.
fn has_scattered(scan: &Scan<'_>, array: Handle<Var>) -> bool {
    let used = || scan.accesses.iter().filter(|access| access.var == array);
    let is_unknown = |access: &Access| {
        let is_none = access.steps.first() == Some(&Step::Index(None));
        is_none && access.flat.is_none() && access.range.is_none()
    };
    used().any(is_unknown) && used().all(|access| access.update.is_none())
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
/// differ in it: it counts with that one, too, or from a start that data say, or from one that that one says to an end that
/// data say.
fn is_unbounded(scan: &Scan<'_>, statements: &[Stmt], access: &Access, form: &Affine) -> bool {
    let counting = counters(form);
    let outermost = scan.sites[access.site].iterators.first();
    let is_of_outermost = outermost.is_some_and(|outermost| counting.contains(outermost));
    let loops = region::loops(statements);
    let starts_apart = |var: &Handle<Var>| {
        let mut counted = loops.iter().filter(|each| each.iterator == *var);
        counted.any(|each| {
            let names =
                |outermost: &Handle<Var>| build::names(scan.function, each.start, *outermost);
            let is_of_outermost = outermost.is_some_and(names);
            is_data(scan, each.start) || is_of_outermost && is_data(scan, each.end)
        })
    };
    let mut unbounded = counting.iter().filter(|var| scan.unbounded.contains(var));
    unbounded.any(|var| is_of_outermost || starts_apart(var))
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
