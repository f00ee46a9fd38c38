//! Writes that commute: of elements that subscripts depending on data lead to, each changed by one statement that joins
//! an integer to it, or set to one value by all of them.
//!
//! Two such writes leave the same memory in either order if each is one indivisible action. Floating-point sums do not, since
//! they round; they count where the user lets them come in any order.
//! Whatever else touches the array keeps its order: only pairs of these accesses are exempt.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Compute, ExprKind, Function, Handle, Place, Projection, ReductionOperator, Scalar,
    Stmt, StmtId, Type, Var, structure,
};

use super::access::{Access, Step};
use super::reduction;
use super::scan::Scan;
use crate::facts::{FloatOrder, Update};
use crate::joining::{self, Joined};
use crate::{build, region};

/// Marks the accesses that commute, and returns the statements that make them.
pub(super) fn find(
    scan: &mut Scan<'_>,
    statements: &[Stmt],
    order: FloatOrder,
) -> BTreeMap<StmtId, Update> {
    let arrays: Vec<Handle<Var>> = scan.written.keys().copied().collect();
    let mut found = BTreeMap::new();
    for array in arrays {
        let mut used = scan.accesses.iter().filter(|access| access.var == array);
        let is_scattered = used.any(|access| access.is_write && is_unknown(scan, access));
        if scan.declared.contains_key(&array) || !(is_scattered || is_one_element(scan, array)) {
            continue;
        }
        let mut candidates = candidates(scan, statements, array, order);
        // What all iterations join to one element is a reduction.
        candidates.retain(|each| is_scattered || each.update == Update::Set);
        for each in &candidates {
            found.insert(each.statement, each.update);
        }
        for access in &mut scan.accesses {
            let id = scan.sites[access.site].assignment();
            let own = candidates.iter().find(|each| match access.load {
                Some(load) => each.loads.contains(&load),
                None => id == Some(each.statement),
            });
            if access.var == array {
                access.update = own.map(|each| each.update);
            }
        }
    }
    found
}

/// Returns whether data choose the element of an access: the first of its subscripts that may differ between iterations is
/// one of which nothing is known.
fn is_unknown(scan: &Scan<'_>, access: &Access) -> bool {
    let iterators = &scan.sites[access.site].iterators;
    let first = (access.steps.iter()).find(|step| !reduction::stays(step, iterators));
    matches!(first, Some(Step::Index(None)))
}

/// Returns whether iterations write one element of memory, each under a condition: `if (…) *changed = 1`.
///
/// What every iteration writes would not be copied to the device, and an exchange reads what it replaces.
fn is_one_element(scan: &Scan<'_>, array: Handle<Var>) -> bool {
    let mut writes = (scan.accesses.iter()).filter(|access| access.var == array && access.is_write);
    let is_memory = !matches!(
        scan.function.vars[array].ty,
        Type::Scalar(_) | Type::Record(_)
    );
    is_memory
        && writes.all(|access| {
            !access.is_certain && reduction::is_fixed(access, &scan.sites[access.site].iterators)
        })
}

/// Returns the arrays of which all accesses would commute if sums of floating-point numbers might come in any order.
pub(super) fn unordered(scan: &Scan<'_>, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let arrays: BTreeSet<Handle<Var>> = (scan.accesses.iter())
        .filter(|access| access.is_write)
        .filter(|access| is_unknown(scan, access))
        .map(|access| access.var)
        .collect();
    let commute = |array: &Handle<Var>| {
        let candidates = candidates(scan, statements, *array, FloatOrder::Unordered);
        let is_own = |access: &Access| {
            let id = scan.sites[access.site].assignment();
            candidates.iter().any(|each| match access.load {
                Some(load) => each.loads.contains(&load),
                None => id == Some(each.statement),
            })
        };
        let mut own = scan.accesses.iter().filter(|access| access.var == *array);
        own.all(is_own)
    };
    arrays.into_iter().filter(commute).collect()
}

/// A statement that may be an update.
struct Candidate {
    statement: StmtId,
    update: Update,
    /// The reads of the array that belong to it.
    loads: Vec<Handle<mupac_ir::Expr>>,
}

/// Returns the statements that update an array.
fn candidates(
    scan: &Scan<'_>,
    statements: &[Stmt],
    array: Handle<Var>,
    order: FloatOrder,
) -> Vec<Candidate> {
    let function = scan.function;
    let mut joined: BTreeMap<StmtId, Joined<'_>> = BTreeMap::new();
    let mut stores: Vec<&Compute> = Vec::new();
    region::each(statements, &mut |stmt| {
        let found = match stmt {
            Stmt::Compute(compute) => {
                stores.extend((compute.target.var == array).then_some(compute));
                joining::assignment(function, compute)
            }
            Stmt::If(branch) => joining::condition(function, branch),
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        };
        if let Some(found) = found.filter(|found| found.compute.target.var == array) {
            joined.insert(found.compute.id, found);
        }
    });
    let is_stored_alone = is_one_value(scan, &stores);
    stores
        .into_iter()
        .filter_map(|compute| {
            let ty = function.place_type(&scan.module.records, &compute.target)?;
            if !is_aligned(scan, &compute.target, &ty) {
                return None;
            }
            let (update, loads) = match joined.get(&compute.id) {
                Some(joined)
                    if is_atomic(joined.joining.operator, &ty)
                        || order == FloatOrder::Unordered && is_plain_sum(function, joined) =>
                {
                    (Update::Join(joined.joining.operator), joined.loads.clone())
                }
                None if is_stored_alone && can_exchange(&ty) => (Update::Set, Vec::new()),
                Some(_) | None => return None,
            };
            Some(Candidate {
                statement: compute.id,
                update,
                loads,
            })
        })
        .collect()
}

/// Returns whether all of these assignments store one value, which nothing in the region changes.
fn is_one_value(scan: &Scan<'_>, stores: &[&Compute]) -> bool {
    let Some((first, rest)) = stores.split_first() else {
        return false;
    };
    let function = scan.function;
    let named: BTreeSet<Handle<Var>> = build::variables(function, first.value)
        .into_iter()
        .collect();
    let is_fixed = named.iter().all(|var| {
        matches!(function.vars[*var].ty, Type::Scalar(_)) && !scan.written.contains_key(var)
    });
    let is_same =
        |other: &&Compute| structure::is_same_expr(function, first.value, function, other.value);
    is_fixed && named.iter().all(|var| !scan.modified.contains(var)) && rest.iter().all(is_same)
}

/// Returns whether an element is aligned to its size, as an action on it has to be: members of packed structures may not be.
fn is_aligned(scan: &Scan<'_>, place: &Place, ty: &Type) -> bool {
    let Some(size) = ty.scalar().map(Scalar::size_bytes) else {
        return false;
    };
    let members = place.path.iter().enumerate();
    let mut members = members.filter(|(_, step)| matches!(step, Projection::Field(_)));
    members.all(|(at, _)| {
        let whole = Place {
            var: place.var,
            path: place.path[..at].to_vec(),
        };
        let ty = scan.function.place_type(&scan.module.records, &whole);
        matches!(ty, Some(Type::Record(record)) if scan.module.records[record].align_bytes >= size)
    })
}

/// Returns whether the device joins an integer of this type to memory in one action.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Atomic Functions”: of 32 and 64 bits, no product.
fn is_atomic(operator: ReductionOperator, ty: &Type) -> bool {
    let is_known = match operator {
        ReductionOperator::Sum
        | ReductionOperator::Minimum
        | ReductionOperator::Maximum
        | ReductionOperator::BitAnd
        | ReductionOperator::BitOr
        | ReductionOperator::BitXor => true,
        ReductionOperator::Product => false,
    };
    let is_wide = |ty: Scalar| !ty.is_float() && ty.bits() >= 32;
    is_known && ty.scalar().is_some_and(is_wide)
}

/// Returns whether a statement adds a floating-point number to an element of its type, without a conversion between.
fn is_plain_sum(function: &Function, joined: &Joined<'_>) -> bool {
    let value = joined.compute.value;
    let is_read = |expr: &Handle<mupac_ir::Expr>| joined.loads.contains(expr);
    let ExprKind::Binary(op, a, b) = &function.exprs[value].kind else {
        return false;
    };
    let is_sum = match (is_read(a), is_read(b)) {
        (true, false) => matches!(op, BinaryOp::Add | BinaryOp::Subtract),
        (false, true) => *op == BinaryOp::Add,
        (true, true) | (false, false) => false,
    };
    let ty = function.exprs[value].ty.scalar();
    is_sum
        && joined.loads.len() == 1
        && joined.condition.is_none()
        && ty.is_some_and(Scalar::is_float)
        && joined
            .loads
            .iter()
            .all(|load| function.exprs[*load].ty.scalar() == ty)
}

/// Returns whether the device stores a value of this type in one action that others may repeat.
fn can_exchange(ty: &Type) -> bool {
    let is_plain = |ty: Scalar| ty == Scalar::F32 || !ty.is_float() && ty.bits() >= 32;
    ty.scalar().is_some_and(is_plain)
}
