//! Mistakes in what the host does, and in what the threads of a block do together.

use super::code::{constant, operator};
use super::equivalence;
use super::walk::{Sites, Spot, Within, rebuilt};
use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::expr::{BinaryOp, Expr, ExprKind};
use crate::function::Var;
use crate::guard::Guard;
use crate::plan::{HostOp, KernelPlan, Reduction, ReductionOperator, RegionPlan};
use crate::types::Scalar;

/// Returns the place of a mistake of the host that concerns no kernel more than another.
fn on_host(plan: &RegionPlan) -> Spot {
    Spot {
        span: plan.replaces,
        ..Spot::default()
    }
}

/// Returns the place of a mistake around a kernel.
fn at_kernel(plan: &RegionPlan, kernel: Handle<KernelPlan>) -> Spot {
    Spot {
        kernel: Some(kernel),
        span: plan.kernels[kernel].span,
        ..Spot::default()
    }
}

/// Conditions on numbers alone that fail only for numbers so great that the original would run for hours: whether one
/// is missing shows in no test, so none is dropped. Where an assertion fails, no test passes.
const OUT_OF_REACH: [&str; 5] = [
    "assertion",
    "extent-limit",
    "grid-limit",
    "no-wrap",
    "wide-value",
];

/// Forgets a guard.
pub(super) fn guard_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    // What a program's own `main` hands to itself is the same in the one run there is.
    if plan.function.name == "main" {
        return None;
    }
    let mut guards = plan.guards.iter();
    let at = guards.position(|guard| {
        let is_meant = match guard {
            Guard::Holds { kind, .. } => !OUT_OF_REACH.contains(kind),
            Guard::NoOverlap { .. }
            | Guard::Apart { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. } => true,
            // It decides where the work is done, not what comes out.
            Guard::Worthwhile { .. } => false,
        };
        is_meant && sites.is_due()
    })?;
    let guard = plan.guards.remove(at);
    Some(Spot {
        what: described(plan, &guard),
        equivalence: equivalence::of_guard(plan, &guard),
        ..on_host(plan)
    })
}

/// Returns the kind of a guard and the arrays that it is about.
fn described(plan: &RegionPlan, guard: &Guard) -> String {
    let var = |var: Handle<Var>| &plan.function.vars[var].name;
    let array = |buffer: Handle<Buffer>| var(plan.buffers[buffer].array);
    let kind = guard.kind();
    match guard {
        Guard::NoOverlap { a, b, .. } => format!("{kind} {} {}", array(*a), array(*b)),
        Guard::Apart { buffer, read } => {
            format!("{kind} {} {}", array(*buffer), var(read.place.var))
        }
        Guard::Accessible { buffer } => format!("{kind} {}", array(*buffer)),
        Guard::Inspected { inspection, .. } => {
            format!("{kind} {}", var(plan.inspections[*inspection].array))
        }
        Guard::Holds { .. } | Guard::Worthwhile { .. } => kind.to_owned(),
    }
}

/// Forgets a copy to the device.
pub(super) fn copy_in_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    copy_dropped(plan, sites, |action| match action {
        HostOp::CopyIn(buffer) => Some(*buffer),
        HostOp::Allocate(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_)
        | HostOp::Loop(_)
        | HostOp::If(_) => None,
    })
}

/// Forgets a copy from the device.
pub(super) fn copy_out_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    copy_dropped(plan, sites, |action| match action {
        HostOp::CopyOut(buffer) => Some(*buffer),
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_)
        | HostOp::Loop(_)
        | HostOp::If(_) => None,
    })
}

/// Forgets to wait for kernels, where they write the host's own memory and nothing else waits for them: neither a copy nor the
/// end of memory of the device.
pub(super) fn synchronisation_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let seen = plan.system_buffers();
    let (mut waits_anyway, mut is_written) = (false, false);
    HostOp::each(&plan.host, &mut |action| match action {
        HostOp::Allocate(buffer) => waits_anyway |= !seen.contains(buffer),
        HostOp::CopyOut(buffer) => is_written |= seen.contains(buffer),
        HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_)
        | HostOp::Loop(_)
        | HostOp::If(_) => {}
    });
    if waits_anyway || !is_written || plan.never_waits || !sites.is_due() {
        return None;
    }
    plan.never_waits = true;
    Some(on_host(plan))
}

/// Forgets to take in what a reduction found.
pub(super) fn join_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    drop_action(&mut plan.host, sites, &|action| {
        matches!(action, HostOp::Join(_))
    })?;
    Some(on_host(plan))
}

fn copy_dropped(
    plan: &mut RegionPlan,
    sites: &mut Sites,
    copied: fn(&HostOp) -> Option<Handle<Buffer>>,
) -> Option<Spot> {
    let dropped = drop_action(&mut plan.host, sites, &|action| copied(action).is_some())?;
    let array = plan.buffers[copied(&dropped)?].array;
    Some(Spot {
        what: plan.function.vars[array].name.clone(),
        ..on_host(plan)
    })
}

/// Removes the action that is meant, wherever it is nested.
fn drop_action(
    actions: &mut Vec<HostOp>,
    sites: &mut Sites,
    is_meant: &dyn Fn(&HostOp) -> bool,
) -> Option<HostOp> {
    let mut all = actions.iter();
    if let Some(at) = all.position(|action| is_meant(action) && sites.is_due()) {
        return Some(actions.remove(at));
    }
    actions.iter_mut().find_map(|action| match action {
        HostOp::Loop(each) => drop_action(&mut each.body, sites, is_meant),
        HostOp::If(branch) => drop_action(&mut branch.then, sites, is_meant),
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_) => None,
    })
}

/// Makes device memory one element too small, and with it the copies, or passes one element too few by value.
pub(super) fn bytes_wrong(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let mut reserved: Vec<Handle<Buffer>> = plan.by_value().into_iter().collect();
    HostOp::each(&plan.host, &mut |action| {
        if let HostOp::Allocate(buffer) = action {
            reserved.push(*buffer);
        }
    });
    let buffer = reserved.into_iter().find(|_| sites.is_due())?;
    let count = plan.buffers[buffer].count;
    let one = plan.function.expr(ExprKind::Int(1), Scalar::I64);
    let fewer = ExprKind::Binary(BinaryOp::Subtract, count, one);
    plan.buffers[buffer].count = plan.function.expr(fewer, Scalar::I64);
    Some(Spot {
        what: plan.function.vars[plan.buffers[buffer].array].name.clone(),
        ..on_host(plan)
    })
}

/// Returns each axis of each kernel along which there may be several blocks; of a kernel of one block, `x`.
fn axes(plan: &RegionPlan) -> Vec<(Handle<KernelPlan>, usize)> {
    let mut found = Vec::new();
    for (handle, kernel) in plan.mapped_kernels() {
        let is_one = |axis: &usize| {
            let count = plan.function.exprs.get(kernel.grid[*axis]);
            count.is_some_and(|count| count.kind == ExprKind::Int(1))
        };
        let several: Vec<usize> = (0..3).filter(|axis| !is_one(axis)).collect();
        let one_block = [0];
        let axes: &[usize] = if several.is_empty() {
            &one_block
        } else {
            &several
        };
        found.extend(axes.iter().map(|axis| (handle, *axis)));
    }
    found
}

/// Starts one block too few.
pub(super) fn grid_short(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let (kernel, axis) = axes(plan).into_iter().find(|_| sites.is_due())?;
    let count = plan.kernels[kernel].grid[axis];
    let ty = plan.function.exprs[count].ty.clone();
    let one = plan.function.expr(ExprKind::Int(1), ty.clone());
    let fewer = ExprKind::Binary(BinaryOp::Subtract, count, one);
    plan.kernels[kernel].grid[axis] = plan.function.expr(fewer, ty);
    Some(at_kernel(plan, kernel))
}

/// Forgets the block that is not full: rounds the number of blocks down where the plan rounds it up.
pub(super) fn tail_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let (kernel, axis, shorter) = axes(plan).into_iter().find_map(|(kernel, axis)| {
        let count = plan.kernels[kernel].grid[axis];
        let shorter = rebuilt(
            &mut plan.function,
            count,
            Within::Values,
            sites,
            &mut |_, expr| operator(&expr.kind, BinaryOp::CeilDivide, BinaryOp::FloorDivide),
        );
        Some((kernel, axis, shorter?))
    })?;
    let count = std::mem::replace(&mut plan.kernels[kernel].grid[axis], shorter);
    Some(Spot {
        equivalence: equivalence::of_rounding(&plan.function, count),
        ..at_kernel(plan, kernel)
    })
}

/// Starts a reduction with another value than what its operator leaves alone.
pub(super) fn wrong_identity(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let all: Vec<Handle<Reduction>> = plan.reductions.iter().map(|(handle, _)| handle).collect();
    let (reduction, start) = all.into_iter().find_map(|reduction| {
        let (start, operator) = {
            let each = &plan.reductions[reduction];
            (each.start, each.operator)
        };
        let change: &mut dyn FnMut(&mut _, &Expr) -> Option<ExprKind> =
            &mut |_, expr| other_start(operator, expr);
        let changed = rebuilt(&mut plan.function, start, Within::Values, sites, change);
        Some((reduction, changed?))
    })?;
    plan.reductions[reduction].start = start;
    let mut kernels = plan.kernels.iter();
    let kernel = kernels.find(|(_, kernel)| kernel.reductions.contains(&reduction));
    let kernel = kernel.map(|(handle, _)| handle);
    Some(kernel.map_or_else(|| on_host(plan), |kernel| at_kernel(plan, kernel)))
}

/// Returns what somebody may take for the start of a reduction: 0 for the least and the greatest, else the next number.
fn other_start(operator: ReductionOperator, expr: &Expr) -> Option<ExprKind> {
    let zero = match &expr.kind {
        ExprKind::Int(value) if *value != 0 => ExprKind::Int(0),
        ExprKind::Float(value) if *value != 0.0 => ExprKind::Float(0.0),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return constant(expr),
    };
    match operator {
        ReductionOperator::Minimum | ReductionOperator::Maximum | ReductionOperator::BitAnd => {
            Some(zero)
        }
        ReductionOperator::Sum
        | ReductionOperator::Product
        | ReductionOperator::BitOr
        | ReductionOperator::BitXor => constant(expr),
    }
}

/// Leaves half of the threads out of what a block computes together.
pub(super) fn half_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let joining = plan.kernels.iter().filter(|(_, kernel)| {
        !kernel.reductions.is_empty() && kernel.block.iter().product::<u32>() > 1
    });
    let mut all = joining.map(|(handle, _)| handle);
    let kernel = all.find(|_| sites.is_due())?;
    drop(all);
    plan.kernels[kernel].drops_half = true;
    Some(at_kernel(plan, kernel))
}
