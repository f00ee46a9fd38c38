//! Regions whose arrays callers have on the device: nothing is copied, and the host reads nothing that lies there.
//!
//! Where a guard fails there is no original text that could run, since the host cannot touch the arrays: a kernel of one
//! thread does what the text does.
//! The rules stand in the documentation of [`Memory::Device`].

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::visit;
use mupac_ir::{
    Buffer, Expr, ExprKind, Function, Guard, Handle, HostOp, KernelParameter, Memory, Place,
    Projection, Reason, Refusal, RegionPlan, Span, Storage, Type, Var,
};

use super::{Judged, Settings, alone};
use crate::judge::place;

/// Returns whether pointers that a function is passed lead to memory of the device.
pub(crate) fn takes_device_memory(settings: &Settings, function: &Function) -> bool {
    let mut passed = function.parameters.iter();
    // What the system passes to a program is the host's.
    settings.memory == Memory::Device
        && function.name != "main"
        && passed.any(|var| is_pointer(function, *var))
}

/// Returns whether a region touches what its function is passed.
pub(crate) fn touches_device_memory(region: &Judged<'_>) -> bool {
    let function = region.state.function();
    let mut touched = region.facts.footprints.iter();
    touched.any(|each| function.vars[each.array].storage == Storage::Parameter)
}

fn is_pointer(function: &Function, var: Handle<Var>) -> bool {
    matches!(function.vars[var].ty, Type::Pointer { .. })
}

pub(crate) fn host_memory(why: String, at: Span) -> Refusal {
    Refusal::new(Reason::HostMemory { why }, at)
}

/// Returns the plan of a region for arrays that are where their pointers lead.
///
/// **Errors**: `host-memory` where the host would have to touch them.
pub(crate) fn resident(
    region: &Judged<'_>,
    by_array: &BTreeMap<Handle<Var>, Handle<Buffer>>,
    mut plan: RegionPlan,
) -> Result<RegionPlan, Refusal> {
    let at = place(region.state.statements());
    let has_memory = |buffer: &Handle<Buffer>| is_resident(&plan, *buffer, at);
    let all = by_array.values().copied();
    let all: Vec<_> = all.filter(|buffer| !plan.is_scratch(*buffer)).collect();
    let residents = all
        .iter()
        .map(|buffer| Ok(has_memory(buffer)?.then_some(*buffer)));
    let residents: Vec<_> = residents.collect::<Result<_, Refusal>>()?;
    let residents: BTreeSet<_> = residents.into_iter().flatten().collect();
    for buffer in &residents {
        plan.buffers[*buffer].is_resident = true;
    }
    plan.guards.retain(|guard| is_needed(guard, &residents));
    let is_copied = |action: &HostOp| !is_copy_of(action, &residents);
    plan.host.retain(is_copied);
    if let Some(why) = looked_at(&plan) {
        return Err(host_memory(why, at));
    }
    if !residents.is_empty() && !plan.guards.is_empty() {
        alone::alone(region, by_array, &mut plan)?;
    }
    Ok(plan)
}

/// Returns whether a guard says something: kernels look at nothing that the original does not touch, and what the device
/// has shares no byte with what the host has.
fn is_needed(guard: &Guard, residents: &BTreeSet<Handle<Buffer>>) -> bool {
    match guard {
        // Places that the host reads are its own.
        Guard::Accessible { buffer } | Guard::Apart { buffer, .. } => !residents.contains(buffer),
        Guard::NoOverlap { a, b, .. } => residents.contains(a) == residents.contains(b),
        Guard::Holds { .. } | Guard::Inspected { .. } | Guard::Worthwhile { .. } => true,
    }
}

/// Returns whether the array of a buffer is memory of the device that a caller has.
fn is_resident(plan: &RegionPlan, buffer: Handle<Buffer>, at: Span) -> Result<bool, Refusal> {
    let var = &plan.function.vars[plan.buffers[buffer].array];
    match (&var.ty, var.storage) {
        (Type::Pointer { .. }, Storage::Parameter) => Ok(true),
        (Type::Pointer { .. }, Storage::Local | Storage::Static) => {
            let why = format!(
                "{} may lead to memory of the device or of the host",
                var.name
            );
            Err(host_memory(why, at))
        }
        // What they lead to is no argument.
        (Type::Pointer { .. }, Storage::Global | Storage::Function)
        | (
            Type::Void | Type::Scalar(_) | Type::Array { .. } | Type::Record(_) | Type::Opaque(_),
            _,
        ) => Ok(false),
    }
}

/// Returns whether an action copies one of some buffers, under a condition or not.
fn is_copy_of(action: &HostOp, buffers: &BTreeSet<Handle<Buffer>>) -> bool {
    match action {
        HostOp::Allocate(buffer) | HostOp::CopyIn(buffer) | HostOp::CopyOut(buffer) => {
            buffers.contains(buffer)
        }
        HostOp::If(branch) => branch.then.iter().all(|each| is_copy_of(each, buffers)),
        HostOp::Launch(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_)
        | HostOp::Loop(_) => false,
    }
}

/// Says what the host would look at behind a pointer, if anything.
fn looked_at(plan: &RegionPlan) -> Option<String> {
    let function = &plan.function;
    if let Some((_, inspection)) = plan.inspections.iter().next() {
        let name = &function.vars[inspection.array].name;
        return Some(format!(
            "the host has to look for the subscripts of {name} first"
        ));
    }
    let mut read = Vec::new();
    read.extend(plan.fetched.iter().map(|each| each.value));
    for (_, buffer) in plan.buffers.iter() {
        read.extend(buffer.extents());
    }
    for guard in &plan.guards {
        match guard {
            Guard::Holds { condition, .. } => read.push(*condition),
            Guard::Worthwhile { work, .. } => read.push(*work),
            Guard::NoOverlap { .. }
            | Guard::Apart { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. } => {}
        }
    }
    for (_, kernel) in plan.kernels.iter() {
        read.extend(kernel.grid);
        for parameter in &kernel.parameters {
            match parameter {
                KernelParameter::Constants(buffer, _) if plan.buffers[*buffer].is_resident => {
                    let name = &function.vars[plan.buffers[*buffer].array].name;
                    return Some(format!("the host would read what {name} leads to"));
                }
                KernelParameter::Constants(..)
                | KernelParameter::Buffer(_)
                | KernelParameter::Value(_)
                | KernelParameter::First(_) => {}
            }
        }
    }
    let mut named: Vec<&Place> = Vec::new();
    HostOp::each(&plan.host, &mut |action| match action {
        HostOp::Compute(compute) => {
            read.push(compute.value);
            named.push(&compute.target);
        }
        HostOp::Loop(each) => read.extend([each.header.start, each.header.end]),
        HostOp::If(branch) => read.push(branch.condition),
        HostOp::Join(reduction) => named.push(&plan.reductions[*reduction].target),
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::CopyOut(_)
        | HostOp::Launch(_)
        | HostOp::Declare(..) => {}
    });
    let mut named = named.into_iter();
    let place = named
        .find(|place| is_behind_pointer(function, place))
        .cloned();
    let place = place.or_else(|| {
        read.into_iter()
            .find_map(|expr| behind_pointer(function, expr))
    });
    place.map(|place| {
        let name = &function.vars[place.var].name;
        format!("the host reads or writes what {name} leads to")
    })
}

/// Returns a place behind a pointer that an expression reads.
pub(crate) fn behind_pointer(function: &Function, expr: Handle<Expr>) -> Option<Place> {
    let mut found = None;
    visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind
            && is_behind_pointer(function, place)
        {
            found = Some(place.clone());
        }
    });
    found
}

/// Returns whether a place may lie behind a pointer: all do that are no variable, no field of one, and no element of an
/// array of numbers.
pub(crate) fn is_behind_pointer(function: &Function, place: &Place) -> bool {
    let mut ty = &function.vars[place.var].ty;
    while let Type::Array { of, .. } = ty {
        ty = of;
    }
    let mut steps = place.path.iter();
    match ty {
        Type::Scalar(_) => false,
        Type::Record(_) => steps.any(|step| matches!(step, Projection::Index(_))),
        Type::Void | Type::Pointer { .. } | Type::Array { .. } | Type::Opaque(_) => {
            !place.path.is_empty()
        }
    }
}
