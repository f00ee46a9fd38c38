//! How a region deals with copies that outlive others.

use mupac_ir::structure::{self, indices};
use mupac_ir::{
    BLOCK_LENGTH, Buffer, Expr, ExprKind, Function, GREATEST, Handle, HostOp, HostReads, IS_THERE,
    Meeting, Module, NOT_NEGATIVE, Place, RegionPlan, Scalar, Stmt, Type,
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
    let are_pointers_known = are_pointers_home
        || !finds(plan, &|name| {
            ![IS_THERE, BLOCK_LENGTH, GREATEST].contains(&name)
        });
    // The region itself changes what it looks at.
    let are_pointers_known = are_pointers_known && !finds(plan, &|name| name == NOT_NEGATIVE);
    let finds_greatest = finds(plan, &|name| name == GREATEST);
    let are_tables_known =
        are_pointers_known && (!finds_greatest || !change_integers(module, regions));
    match host_reads::of(module, plan, are_pointers_home).filter(|_| are_tables_known) {
        Some(reads) => (Meeting::Shares, reads),
        None => (Meeting::SharesAfterReading, HostReads::default()),
    }
}

/// Returns whether the host calls one of the functions that look at tables.
fn finds(plan: &RegionPlan, is_meant: &dyn Fn(&str) -> bool) -> bool {
    let mut fetched = plan.fetched.iter();
    fetched.any(|each| {
        let mut finds = false;
        build::visit(&plan.function, each.value, &mut |_, node| {
            finds |= matches!(&node.kind, ExprKind::Call(name, _) if is_meant(name));
        });
        finds
    })
}

/// Returns whether kernels or moves on the device may change integers, also among the members of structures.
fn change_integers(module: &Module, regions: &[RegionPlan]) -> bool {
    let holds = |ty: &Type| {
        may_hold(module, ty, &|ty| {
            ty.scalar()
                .is_none_or(|scalar| scalar.integer_range().is_some())
        })
    };
    moves(module, &holds) || regions.iter().any(|region| writes(module, region, &holds))
}

/// Returns whether kernels or moves on the device may change pointers, also among the members of structures or as bytes.
///
/// A kernel that writes no more than numbers into copies of structures leaves the pointers there as they are (C17 6.5 §7);
/// numbers of a pointer's size may be a pointer that a compiler's extension lets the program copy.
fn change_pointers(module: &Module, regions: &[RegionPlan]) -> bool {
    let holds = |ty: &Type| may_hold_pointers(module, ty);
    let buffers = || regions.iter().flat_map(|region| region.buffers.iter());
    let mut elements = buffers().map(|(_, buffer)| &buffer.element);
    let is_structure = |element: &Type| matches!(element, Type::Record(_));
    if elements.any(|element| holds(element) && !is_structure(element)) {
        return true;
    }
    let mut elements = buffers().map(|(_, buffer)| &buffer.element);
    let may_be_one =
        |ty: &Type| holds(ty) || matches!(ty.scalar(), Some(Scalar::I64 | Scalar::U64));
    elements.any(holds)
        && (moves(module, &holds)
            || regions
                .iter()
                .any(|region| writes(module, region, &may_be_one)))
}

/// Returns whether a kernel writes something of some types to memory.
fn writes(module: &Module, region: &RegionPlan, is_meant: &dyn Fn(&Type) -> bool) -> bool {
    let function = &region.function;
    let mut found = false;
    for (_, kernel) in region.kernels.iter() {
        structure::each(&kernel.body, &mut |stmt| {
            let place = target(stmt).filter(|place| !place.path.is_empty());
            let ty = place.map(|place| function.place_type(&module.records, place));
            found |= ty.is_some_and(|ty| ty.is_none_or(|ty| is_meant(&ty)));
        });
    }
    found
}

/// Returns whether the file calls what may move bytes of some types: of whatever a pointer leads to, whatever it is called
/// (C17 7.24.2.1), but for arrays that are declared with elements of others.
fn moves(module: &Module, is_meant: &dyn Fn(&Type) -> bool) -> bool {
    let mut functions = module.functions.iter();
    functions.any(|(_, function)| {
        let mut found = false;
        structure::each(&function.body, &mut |stmt| {
            if let Stmt::Call(call) = stmt
                && library::moves(&call.callee)
            {
                let mut arguments = call.arguments.iter().take(2);
                found |=
                    arguments.any(|argument| declared(function, *argument).is_none_or(is_meant));
            }
        });
        found
    })
}

/// Returns the type of the declared array that a pointer leads into.
fn declared(function: &Function, pointer: Handle<Expr>) -> Option<&Type> {
    match &function.exprs[pointer].kind {
        ExprKind::Cast(inner) => declared(function, *inner),
        ExprKind::Address(place) => {
            let ty = &function.vars[place.var].ty;
            matches!(ty, Type::Array { .. }).then_some(ty)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

fn may_hold_pointers(module: &Module, ty: &Type) -> bool {
    may_hold(module, ty, &|ty| {
        ty.scalar().is_none_or(|scalar| scalar.size_bytes() == 1)
    })
}

/// Returns whether a part of a type that is none of its own parts again is meant.
fn may_hold(module: &Module, ty: &Type, is_meant: &dyn Fn(&Type) -> bool) -> bool {
    match ty {
        Type::Scalar(_) | Type::Pointer { .. } | Type::Void | Type::Opaque(_) => is_meant(ty),
        Type::Array { of, .. } => may_hold(module, of, is_meant),
        Type::Record(record) => {
            let mut fields = module.records[*record].fields.iter();
            fields.any(|field| may_hold(module, &field.ty, is_meant))
        }
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
    // The variable of a value in memory is the place by another name.
    let stands_for_memory = |var| plan.fetched.iter().any(|each| each.variable == var);
    let is_variable = |place: &Place| is_variable(function, place) && !stands_for_memory(place.var);
    // What stands for a value in memory keeps it, wherever the region reads it.
    let reads = |expr: Handle<Expr>| reads(function, expr);
    let mut found = false;
    HostOp::each(&plan.host, &mut |action| {
        found |= match action {
            HostOp::Allocate(_) | HostOp::CopyIn(_) | HostOp::CopyOut(_) => false,
            HostOp::Launch(kernel) => plan.kernels[*kernel].grid.into_iter().any(reads),
            HostOp::Join(reduction) => !is_variable(&plan.reductions[*reduction].target),
            HostOp::Declare(var, _) => !is_plain(&function.vars[*var]),
            HostOp::Compute(compute) => {
                let subscripts = indices(&compute.target);
                !is_variable(&compute.target) || subscripts.chain([compute.value]).any(reads)
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
