//! How a region deals with copies that outlive others.

use mupac_ir::structure::{self, indices};
use mupac_ir::{
    BLOCK_LENGTH, Buffer, Expr, ExprKind, Function, Handle, HostOp, HostReads, Meeting, Module,
    RegionPlan, Stmt, Type,
};

use super::effect::reads;
use super::host_reads;
use super::reach::{is_plain, is_variable};
use crate::region::target;
use crate::{build, library};

/// Returns how a region deals with copies that outlive others, and what the host reads before its first launch.
/// The regions of the file decide whether the device may have newer pointers.
pub(super) fn of(
    module: &Module,
    regions: &[RegionPlan],
    plan: &RegionPlan,
) -> (Meeting, HostReads) {
    let mut buffers = plan.buffers.iter();
    let is_too_much =
        buffers.any(|(buffer, _)| copies_too_much(plan, buffer) && !plan.is_look(buffer));
    if is_too_much || host_part_touches_memory(plan) {
        return (Meeting::Apart, HostReads::default());
    }
    let are_pointers_home = !change_pointers(module, regions);
    let are_tables_known = are_pointers_home || !finds_rows(plan);
    match host_reads::of(module, plan, are_pointers_home).filter(|_| are_tables_known) {
        Some(reads) => (Meeting::Shares, reads),
        None => (Meeting::SharesAfterReading, HostReads::default()),
    }
}

/// Returns whether the host looks how far the rows of tables lie apart.
fn finds_rows(plan: &RegionPlan) -> bool {
    let mut fetched = plan.fetched.iter();
    fetched.any(|each| {
        let mut finds = false;
        build::visit(&plan.function, each.value, &mut |_, node| {
            finds |= matches!(&node.kind, ExprKind::Call(name, _) if name != BLOCK_LENGTH);
        });
        finds
    })
}

/// Returns whether kernels or moves on the device may change pointers, also among the members of structures or as bytes.
///
/// A kernel that writes no more than numbers of two and more bytes into copies of structures leaves the pointers there as they
/// are (C17 6.5 §7).
fn change_pointers(module: &Module, regions: &[RegionPlan]) -> bool {
    let mut moves = None;
    regions.iter().any(|region| {
        let mut buffers = region.buffers.iter().map(|(_, buffer)| buffer);
        buffers.any(|buffer| {
            let is_structure = matches!(buffer.element, Type::Record(_));
            may_hold_pointers(module, &buffer.element)
                && (!is_structure
                    || writes_more_than_numbers(module, region)
                    || *moves.get_or_insert_with(|| moves_pointers(module)))
        })
    })
}

/// Returns whether a kernel writes bytes to memory, or a structure with pointers as a whole.
fn writes_more_than_numbers(module: &Module, region: &RegionPlan) -> bool {
    let function = &region.function;
    let mut found = false;
    for (_, kernel) in region.kernels.iter() {
        structure::each(&kernel.body, &mut |stmt| {
            let place = target(stmt).filter(|place| !place.path.is_empty());
            let ty = place.map(|place| function.place_type(&module.records, place));
            found |= ty.is_some_and(|ty| ty.is_none_or(|ty| may_hold_pointers(module, &ty)));
        });
    }
    found
}

/// Returns whether the file calls what moves bytes, other than those of numbers.
fn moves_pointers(module: &Module) -> bool {
    let mut functions = module.functions.iter();
    functions.any(|(_, function)| {
        let mut found = false;
        structure::each(&function.body, &mut |stmt| {
            if let Stmt::Call(call) = stmt
                && library::moves(&call.callee)
            {
                let mut arguments = call.arguments.iter().take(2);
                found |= arguments.any(|argument| {
                    let element = pointee(function, *argument);
                    element.is_none_or(|element| may_hold_pointers(module, element))
                });
            }
        });
        found
    })
}

/// Returns what a pointer leads to, whatever it is converted to.
fn pointee(function: &Function, pointer: Handle<Expr>) -> Option<&Type> {
    let node = &function.exprs[pointer];
    if let ExprKind::Cast(inner) = node.kind {
        return pointee(function, inner);
    }
    node.ty.element()
}

fn may_hold_pointers(module: &Module, ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => scalar.size_bytes() == 1,
        Type::Array { of, .. } => may_hold_pointers(module, of),
        Type::Record(record) => {
            let mut fields = module.records[*record].fields.iter();
            fields.any(|field| may_hold_pointers(module, &field.ty))
        }
        Type::Pointer { .. } | Type::Void | Type::Opaque(_) => true,
    }
}

/// Returns whether a copy holds what the program does not touch, or what the host will not have after the region.
pub(super) fn copies_too_much(plan: &RegionPlan, handle: Handle<Buffer>) -> bool {
    let buffer = &plan.buffers[handle];
    let is_in = HostOp::does(&plan.host, &HostOp::CopyIn(handle));
    let is_out = HostOp::does(&plan.host, &HostOp::CopyOut(handle));
    let exceeds = buffer.may_exceed && !plan.may_rest_beyond_rows(handle);
    (exceeds && (is_in || is_out)) || (buffer.is_written && is_in && !is_out)
}

/// Returns whether the host touches memory between the launches or behind them.
pub(super) fn host_part_touches_memory(plan: &RegionPlan) -> bool {
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
