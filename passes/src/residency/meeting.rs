//! How a region deals with copies that outlive others.

use mupac_ir::structure::indices;
use mupac_ir::{Expr, Guard, Handle, HostOp, KernelParameter, Meeting, RegionPlan};

use super::effect::{is_plain, is_variable, reads};

/// Returns how a region deals with copies that outlive others.
pub(super) fn of(plan: &RegionPlan) -> Meeting {
    if copies_too_much(plan) || host_part_touches_memory(plan) {
        Meeting::Apart
    } else if reads_first(plan) {
        Meeting::SharesAfterReading
    } else {
        Meeting::Shares
    }
}

/// Returns whether a copy holds what the program does not touch, or what the host will not have after the region.
fn copies_too_much(plan: &RegionPlan) -> bool {
    plan.buffers.iter().any(|(handle, buffer)| {
        let is_in = HostOp::does(&plan.host, &HostOp::CopyIn(handle));
        let is_out = HostOp::does(&plan.host, &HostOp::CopyOut(handle));
        (buffer.may_exceed && (is_in || is_out)) || (buffer.is_written && is_in && !is_out)
    })
}

/// Returns whether the host touches memory between the launches or behind them.
fn host_part_touches_memory(plan: &RegionPlan) -> bool {
    let function = &plan.function;
    // What stands for a value in memory keeps it, wherever the region reads it.
    let reads = |expr: Handle<Expr>| reads(function, expr);
    let mut found = false;
    HostOp::each(&plan.host, &mut |action| {
        found |= match action {
            HostOp::Allocate(_) | HostOp::CopyIn(_) | HostOp::CopyOut(_) => false,
            HostOp::Launch(kernel) => plan.kernels[*kernel].grid.into_iter().any(reads),
            HostOp::Join(reduction) => !is_variable(function, &plan.reductions[*reduction].target),
            HostOp::Declare(var, _) => !is_plain(&function.vars[*var]),
            HostOp::Compute(compute) => {
                let subscripts = indices(&compute.target);
                !is_variable(function, &compute.target)
                    || subscripts.chain([compute.value]).any(reads)
            }
            HostOp::Loop(each) => {
                !is_plain(&function.vars[each.header.iterator])
                    || [each.header.start, each.header.end].into_iter().any(reads)
            }
            HostOp::If(branch) => reads(branch.condition),
        };
    });
    found
}

/// Returns whether the host reads memory before the first launch, or at any time what the region does not change.
fn reads_first(plan: &RegionPlan) -> bool {
    let function = &plan.function;
    let in_guards = plan.guards.iter().any(|guard| match guard {
        Guard::Holds { condition, .. } => reads(function, *condition),
        Guard::Worthwhile { work, .. } => reads(function, *work),
        Guard::Accessible { .. } | Guard::Inspected { .. } => true,
        Guard::NoOverlap { .. } | Guard::Apart { .. } => false,
    });
    let in_buffers = plan
        .buffers
        .iter()
        .any(|(_, buffer)| reads(function, buffer.first) || reads(function, buffer.count));
    let mut parameters = plan
        .kernels
        .iter()
        .flat_map(|(_, kernel)| &kernel.parameters);
    let in_parameters = parameters.any(|parameter| match parameter {
        KernelParameter::Value(var) => !is_plain(&function.vars[*var]),
        // Elements by value are fetched when the region knows which.
        KernelParameter::Buffer(_) | KernelParameter::Constants(..) | KernelParameter::First(_) => {
            false
        }
    });
    let in_fetched = !plan.fetched.is_empty() || !plan.inspections.is_empty();
    in_guards || in_buffers || in_parameters || in_fetched
}
