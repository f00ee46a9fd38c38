//! What the host reads of memory for a region before its first launch, or at any time what the region does not change:
//! sizes, and the arrays that inspections run over.

use std::collections::BTreeSet;

use mupac_ir::{
    Buffer, Expr, ExprKind, Function, Guard, Handle, HostReads, InspectedReads, Inspection,
    KernelParameter, Module, Place, RegionPlan, Stmt, Type, Var, structure,
};

use super::reach::{is_plain, is_variable};
use super::touched;
use crate::build;

/// Returns what the host reads; `None` where that is not known before it does.
///
/// `are_pointers_home`: no copy holds pointers, so what is found by pointers alone is one that the host has.
pub(super) fn of(module: &Module, plan: &RegionPlan, are_pointers_home: bool) -> Option<HostReads> {
    let mut reads = HostReads::default();
    for place in early(plan) {
        if are_pointers_home && place.path.len() > 1 && is_pointer(module, &plan.function, &place) {
            continue;
        }
        let can_be_told = touched::can_be_told(module, &plan.function, &place);
        can_be_told.then_some(())?;
        if !reads.first.contains(&place) {
            reads.first.push(place);
        }
    }
    let mut known: BTreeSet<Handle<Var>> = BTreeSet::new();
    for guard in &plan.guards {
        if let Guard::Inspected { inspection, .. } = guard {
            let each = plan.inspections.get(*inspection)?;
            let found = inspected(plan, each, &known)?;
            reads.inspected.insert(*inspection, found);
            known.extend(each.found());
        }
    }
    Some(reads)
}

/// Returns the places in memory that guards, ranges and launches read, and those that values stand for.
fn early(plan: &RegionPlan) -> Vec<Place> {
    let function = &plan.function;
    let mut exprs: Vec<Handle<Expr>> = plan.fetched.iter().map(|each| each.value).collect();
    for guard in &plan.guards {
        match guard {
            Guard::Holds { condition, .. } => exprs.push(*condition),
            Guard::Worthwhile { work, .. } => exprs.push(*work),
            Guard::Apart { read, .. } => {
                exprs.extend(structure::indices(&read.place).chain(read.counts()));
            }
            // The system says what can be accessed; what inspections read is for them to say.
            Guard::Accessible { .. } | Guard::Inspected { .. } | Guard::NoOverlap { .. } => {}
        }
    }
    for (_, buffer) in plan.buffers.iter() {
        exprs.extend(buffer.extents());
    }
    let mut places = Vec::new();
    for expr in exprs {
        loaded(function, expr, &mut places);
    }
    for (_, kernel) in plan.kernels.iter() {
        for parameter in &kernel.parameters {
            match parameter {
                KernelParameter::Value(var) => {
                    if !is_plain(&function.vars[*var]) {
                        places.push(Place::var(*var));
                    }
                }
                // Elements by value are fetched when the region knows which.
                KernelParameter::Buffer(_)
                | KernelParameter::Constants(..)
                | KernelParameter::First(_) => {}
            }
        }
    }
    places
}

/// Adds the places in memory that evaluating an expression reads.
fn loaded(function: &Function, expr: Handle<Expr>, places: &mut Vec<Place>) {
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind
            && !is_variable(function, place)
        {
            places.push(place.clone());
        }
    });
}

/// Returns whether a place is a pointer that pointers and variables lead to, through structures where it is a member.
fn is_pointer(module: &Module, function: &Function, place: &Place) -> bool {
    let is_found = |expr| {
        let mut places = Vec::new();
        loaded(function, expr, &mut places);
        places.is_empty()
    };
    let ty = |length: usize| {
        let part = Place {
            var: place.var,
            path: place.path[..length].to_vec(),
        };
        function.place_type(&module.records, &part)
    };
    let mut ways = 0..place.path.len();
    matches!(ty(place.path.len()), Some(Type::Pointer { .. }))
        && ways.all(|length| matches!(ty(length), Some(Type::Pointer { .. } | Type::Record(_))))
        && structure::indices(place).all(is_found)
}

/// Returns what an inspection reads, where that is known once the inspections before it have found their `known` ends.
///
/// It reads what the region reads (see [`crate::inspect`]): of an array nothing but what the region has a copy of.
fn inspected(
    plan: &RegionPlan,
    inspection: &Inspection,
    known: &BTreeSet<Handle<Var>>,
) -> Option<InspectedReads> {
    let function = &plan.function;
    let mut places = Vec::new();
    structure::each(&inspection.body, &mut |stmt: &Stmt| {
        for expr in structure::expressions(stmt) {
            loaded(function, expr, &mut places);
        }
    });
    let mut reads = InspectedReads::default();
    for place in places {
        let array = Place::var(place.var);
        if reads.places.contains(&array) {
            continue;
        }
        let ty = &function.vars[place.var].ty;
        if place.path.is_empty() || (ty.fixed_length().is_some() && is_inside(ty)) {
            reads.places.push(array);
            continue;
        }
        let mut buffers = plan.buffers.iter();
        let (handle, buffer) = buffers.find(|(_, buffer)| buffer.array == place.var)?;
        is_known(plan, buffer, known).then_some(())?;
        (place.path.len() == 1).then_some(())?;
        reads.buffers.insert(handle);
    }
    Some(reads)
}

/// Returns whether an array holds numbers, so that no path leads out of it.
fn is_inside(ty: &Type) -> bool {
    match ty {
        Type::Array { of, .. } => is_inside(of),
        Type::Scalar(_) => true,
        Type::Void | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => false,
    }
}

/// Returns whether the range of a buffer is known although inspections behind some are to come.
fn is_known(plan: &RegionPlan, buffer: &Buffer, known: &BTreeSet<Handle<Var>>) -> bool {
    let ends = plan.inspections.iter();
    let mut open = ends
        .flat_map(|(_, each)| each.found())
        .filter(|end| !known.contains(end));
    let named: BTreeSet<Handle<Var>> = buffer
        .extents()
        .flat_map(|expr| structure::variables(&plan.function, expr))
        .collect();
    !open.any(|end| named.contains(&end))
}
