//! What the user promises of arrays: `#pragma mupac extent(p: n)` says that all of `p[0]` to `p[n - 1]` may be accessed
//! while a function or a loop runs, and that nothing else is accessed through `p`.
//!
//! A promise counts where its number is the same in the region as it was where the promise begins.

use std::collections::BTreeMap;

use mupac_ir::{Expr, ExprKind, Function, Handle, LoopName, Place, Promise, Stmt, Storage, Var};

use super::names::changed;
use super::privatise::Position;
use super::scan::Scan;
use crate::affine::Affine;
use crate::facts::BlockStep;
use crate::{build, isl, region};

/// How many elements of arrays the region may access.
pub(crate) type Promised = BTreeMap<Handle<Var>, Affine>;

/// Returns what is promised of the arrays of a region.
pub(super) fn promised(scan: &mut Scan<'_>, position: Position<'_>) -> Promised {
    let function = scan.function;
    let mut found = Promised::new();
    for promise in &function.promises {
        if !scan.modified.contains(&promise.array)
            && holds_in(scan, promise, position)
            && let Some(count) = scan.affine(promise.count)
        {
            found.entry(promise.array).or_insert(count);
        }
    }
    found
}

/// Returns the subscripts that are promised.
pub(super) fn range(isl: &isl::Context, count: &Affine) -> Result<isl::Set, isl::Error> {
    let atoms = super::domain::atoms(&[], |atoms| count.collect(atoms));
    let header = super::domain::header(&atoms.symbols);
    isl::Set::parse(isl, &format!("{header}{{ [x] : 0 <= x < {count} }}"))
}

/// Returns how many elements the tester must provide for a parameter, where that is promised in numbers it passes.
pub(super) fn of_parameter(function: &Function, array: Handle<Var>) -> Option<&Promise> {
    let changing = changed(function, &function.body);
    let is_passed = |var: &Handle<Var>| {
        function.vars[*var].storage == Storage::Parameter && !changing.contains(var)
    };
    function.promises.iter().find(|promise| {
        promise.array == array
            && promise.within.is_none()
            && build::variables(function, promise.count)
                .iter()
                .all(is_passed)
    })
}

/// Returns whether a promise is about all accesses of the region to its array, and pointer and number are those of the
/// region.
fn holds_in(scan: &Scan<'_>, promise: &Promise, position: Position<'_>) -> bool {
    let function = scan.function;
    let mut about = build::variables(function, promise.count);
    about.push(promise.array);
    let Some(name) = &promise.within else {
        let changed = changed(function, &function.body);
        let is_steady = |var: &Handle<Var>| !changed.contains(var) || is_text(function, *var);
        return about.iter().all(is_steady);
    };
    if let Some(outer) = around(function, position.path, name) {
        let changed = changed(function, std::slice::from_ref(outer));
        return !about.iter().any(|var| changed.contains(var));
    }
    let mut accesses = scan.accesses.iter();
    accesses.all(|access| {
        let mut loops = scan.sites[access.site].loops.iter();
        access.var != promise.array || loops.any(|(around, _)| around == name)
    })
}

/// Returns whether a variable never leads anywhere but to one text.
fn is_text(function: &Function, var: Handle<Var>) -> bool {
    let (mut texts, mut others) = (0, 0);
    region::each(&function.body, &mut |stmt| {
        if region::target(stmt) == Some(&Place::var(var)) {
            let is_text =
                matches!(stmt, Stmt::Compute(compute) if leads_to_text(function, compute.value));
            texts += usize::from(is_text);
            others += usize::from(!is_text);
        }
    });
    function.vars[var].is_plain_local() && (texts, others) == (1, 0)
}

fn leads_to_text(function: &Function, value: Handle<Expr>) -> bool {
    match &function.exprs[value].kind {
        ExprKind::Text(_) => true,
        // That nobody may write by the pointer is a conversion.
        ExprKind::Cast(inner) => matches!(function.exprs[*inner].kind, ExprKind::Text(_)),
        ExprKind::Int(_)
        | ExprKind::Float(_)
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

/// Returns the loop with a name around the block at a path.
fn around<'a>(function: &'a Function, path: &[BlockStep], name: &LoopName) -> Option<&'a Stmt> {
    (0..path.len()).find_map(|depth| {
        let BlockStep::Body(at) = path[depth] else {
            return None;
        };
        let stmt = region::block(&function.body, &path[..depth])?.get(at)?;
        (region::loop_name(stmt) == Some(name)).then_some(stmt)
    })
}

/// Returns whether certain accesses lie outside of what is promised, whatever the parameters are.
pub(super) fn is_broken(
    certain: &isl::Set,
    promised: &isl::Set,
    context: &isl::Set,
) -> Result<bool, isl::Error> {
    let outside = certain.subtract(promised)?.params()?;
    Ok(!context.is_empty()? && context.is_subset(&outside)?)
}
