//! Plans with one mistake each, to see whether tests notice.
//!
//! A mutant is a rewrite of a region's plan: what the back end prints of it differs from the plan's own text by that one
//! mistake.
//! The mistakes are those that translators to CUDA make: bounds off by one, guards and copies forgotten, axes mixed up,
//! grids too short, wrong operators.
//!
//! **Source**: De Millo, Lipton, Sayward, “Hints on test data selection: help for the practicing programmer”, Computer
//! 11(4), 1978.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Projection};
use crate::function::Function;
use crate::plan::{Guard, HostOp, RegionPlan};
use crate::stmt::{Axis, Block, Compute, Stmt};
use crate::structure::{blocks_mut, operands};
use crate::types::{Scalar, Type};

/// A plan with a mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// Which mistake.
    pub kind: MutantKind,
    /// Position of the region in [`Plan::regions`](crate::Plan::regions).
    pub region: usize,
    /// The region's plan with the mistake.
    pub plan: RegionPlan,
}

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantKind {
    /// The bound in a kernel lets one more thread through: `<=` for `<`.
    BoundByOne,
    /// The bound in a kernel lets every thread through.
    BoundDropped,
    /// The host does not ask whether two ranges overlap.
    GuardDropped,
    /// A kernel writes the next element.
    SubscriptByOne,
    /// `x` and `y` of blocks and threads are mixed up.
    AxesSwapped,
    /// The grid lacks the block that is not full.
    GridShort,
    /// An array is not copied to the device.
    CopyInDropped,
    /// An array is not copied back.
    CopyOutDropped,
    /// A device copy is one element too short.
    BytesWrong,
    /// A constant of a kernel is one greater.
    ConstantPlusOne,
    /// A kernel subtracts where it should add, or adds where it should multiply.
    WrongOperator,
    /// A reduction starts with another value than the operator's identity.
    WrongIdentity,
    /// What a reduction found is not joined to its target.
    JoinDropped,
    /// The threads of a block do not wait for one another.
    BarrierDropped,
}

impl MutantKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::BoundByOne,
        Self::GuardDropped,
        Self::BarrierDropped,
        Self::SubscriptByOne,
        Self::CopyInDropped,
        Self::CopyOutDropped,
        Self::WrongOperator,
        Self::GridShort,
        Self::BoundDropped,
        Self::AxesSwapped,
        Self::JoinDropped,
        Self::WrongIdentity,
        Self::ConstantPlusOne,
        Self::BytesWrong,
    ];

    /// Returns the word of reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::BoundByOne => "bound-by-one",
            Self::BoundDropped => "bound-dropped",
            Self::GuardDropped => "guard-dropped",
            Self::SubscriptByOne => "subscript-by-one",
            Self::AxesSwapped => "axes-swapped",
            Self::GridShort => "grid-short",
            Self::CopyInDropped => "copy-in-dropped",
            Self::CopyOutDropped => "copy-out-dropped",
            Self::BytesWrong => "bytes-wrong",
            Self::ConstantPlusOne => "constant-plus-one",
            Self::WrongOperator => "wrong-operator",
            Self::WrongIdentity => "wrong-identity",
            Self::JoinDropped => "join-dropped",
            Self::BarrierDropped => "barrier-dropped",
        }
    }
}

/// Returns up to `most` mutants of the regions: kinds in order, and within a kind the regions in turn from `first` on.
pub fn mutants(regions: &[RegionPlan], most: usize, first: usize) -> Vec<Mutant> {
    let mut found = Vec::new();
    let count = regions.len();
    for kind in MutantKind::ALL {
        let order = (0..count).map(|step| (first + found.len() + step) % count.max(1));
        let mutant = order
            .filter_map(|index| Some((index, regions.get(index)?)))
            .find_map(|(region, plan)| {
                let plan = mutated(kind, plan)?;
                Some(Mutant { kind, region, plan })
            });
        found.extend(mutant);
        if found.len() >= most {
            break;
        }
    }
    found
}

/// Returns another condition in place of one, if there is a place for it.
type ChangeCondition<'a> = &'a mut dyn FnMut(&mut Function, Handle<Expr>) -> Option<Handle<Expr>>;

/// Returns the plan with a mistake, `None` where there is no place for it.
fn mutated(kind: MutantKind, plan: &RegionPlan) -> Option<RegionPlan> {
    let mut plan = plan.clone();
    let is_made = match kind {
        MutantKind::BoundByOne => in_bounds(&mut plan, &mut |function, condition| {
            rebuilt(function, condition, &mut |expr| {
                operator(expr, BinaryOp::Less, BinaryOp::LessEqual)
            })
        }),
        MutantKind::BoundDropped => in_bounds(&mut plan, &mut |function, _| {
            Some(function.expr(ExprKind::Int(1), Scalar::I32))
        }),
        // What a program's own `main` hands to itself never overlaps in the one run there is.
        MutantKind::GuardDropped if plan.function.name == "main" => false,
        MutantKind::GuardDropped => drop_first(&mut plan.guards, |guard| {
            matches!(guard, Guard::NoOverlap { .. })
        }),
        MutantKind::SubscriptByOne => in_statements(&mut plan, &mut next_element),
        MutantKind::AxesSwapped => swap_axes(&mut plan),
        MutantKind::GridShort => shorten_grid(&mut plan),
        MutantKind::CopyInDropped => drop_action(&mut plan.host, &|action| {
            matches!(action, HostOp::CopyIn(_))
        }),
        MutantKind::CopyOutDropped => drop_action(&mut plan.host, &|action| {
            matches!(action, HostOp::CopyOut(_))
        }),
        MutantKind::BytesWrong => shorten_copy(&mut plan),
        MutantKind::ConstantPlusOne => in_values(&mut plan, &mut |expr| constant(expr)),
        MutantKind::WrongOperator => in_values(&mut plan, &mut |expr| {
            let is_number = matches!(expr.ty, Type::Scalar(_));
            operator(expr, BinaryOp::Add, BinaryOp::Subtract)
                .filter(|_| is_number)
                .or_else(|| operator(expr, BinaryOp::Multiply, BinaryOp::Add))
        }),
        MutantKind::WrongIdentity => other_identity(&mut plan),
        MutantKind::JoinDropped => {
            drop_action(&mut plan.host, &|action| matches!(action, HostOp::Join(_)))
        }
        MutantKind::BarrierDropped => {
            let kernels: Vec<_> = plan.kernels.iter().map(|(kernel, _)| kernel).collect();
            let mut bodies = kernels.into_iter();
            bodies.any(|kernel| drop_barrier(&mut plan.kernels[kernel].body))
        }
    };
    is_made.then_some(plan)
}

/// Returns an operation with another operator, if it has the one that is meant.
fn operator(expr: &Expr, meant: BinaryOp, other: BinaryOp) -> Option<ExprKind> {
    if let ExprKind::Binary(op, a, b) = expr.kind
        && op == meant
    {
        return Some(ExprKind::Binary(other, a, b));
    }
    None
}

/// Returns the constant after a constant.
fn constant(expr: &Expr) -> Option<ExprKind> {
    if let ExprKind::Int(value) = expr.kind {
        let range = expr.ty.scalar().and_then(Scalar::integer_range);
        let fits = range.is_some_and(|(_, most)| value < most);
        return fits.then_some(ExprKind::Int(value + 1));
    }
    if let ExprKind::Float(value) = expr.kind
        && value.is_finite()
    {
        return Some(ExprKind::Float(value + 1.0));
    }
    None
}

/// Removes the first item that is meant.
fn drop_first<T>(items: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) -> bool {
    let at = items.iter().position(is_meant);
    at.map(|at| items.remove(at)).is_some()
}

/// Removes the first action that is meant, wherever it is nested.
fn drop_action(actions: &mut Vec<HostOp>, is_meant: &dyn Fn(&HostOp) -> bool) -> bool {
    drop_first(actions, is_meant)
        || actions.iter_mut().any(|action| match action {
            HostOp::Loop(each) => drop_action(&mut each.body, is_meant),
            HostOp::If(branch) => drop_action(&mut branch.then, is_meant),
            HostOp::Allocate(_)
            | HostOp::CopyIn(_)
            | HostOp::Launch(_)
            | HostOp::CopyOut(_)
            | HostOp::Join(_)
            | HostOp::Declare(..)
            | HostOp::Compute(_) => false,
        })
}

/// Removes the first barrier, wherever it is nested.
fn drop_barrier(block: &mut Block) -> bool {
    block.iter_mut().any(|stmt| {
        let mut inner = blocks_mut(stmt).into_iter();
        inner.any(drop_barrier)
    }) || drop_first(block, |stmt| *stmt == Stmt::Barrier)
}

/// Changes the condition that bounds the threads of a kernel: the first one in its body, wherever it stands again.
fn in_bounds(plan: &mut RegionPlan, change: ChangeCondition<'_>) -> bool {
    let mut made = None;
    in_statements(plan, &mut |function, stmt| {
        let Stmt::If(branch) = stmt else {
            return false;
        };
        let known = made.filter(|(old, _)| *old == branch.condition);
        if let Some((_, new)) = known {
            branch.condition = new;
        } else if made.is_none()
            && let Some(new) = change(function, branch.condition)
        {
            made = Some((branch.condition, new));
            branch.condition = new;
        }
        false
    });
    made.is_some()
}

/// Changes the value of the first statement of a kernel that has a place for it.
fn in_values(plan: &mut RegionPlan, change: &mut dyn FnMut(&Expr) -> Option<ExprKind>) -> bool {
    in_statements(plan, &mut |function, stmt| {
        let Stmt::Compute(compute) = stmt else {
            return false;
        };
        match rebuilt(function, compute.value, change) {
            Some(changed) => {
                compute.value = changed;
                true
            }
            None => false,
        }
    })
}

/// Tries a change on the statements of the kernels in order until one takes it.
fn in_statements(
    plan: &mut RegionPlan,
    change: &mut dyn FnMut(&mut Function, &mut Stmt) -> bool,
) -> bool {
    let kernels: Vec<_> = plan.kernels.iter().map(|(handle, _)| handle).collect();
    kernels.into_iter().any(|kernel| {
        let body = &mut plan.kernels[kernel].body;
        in_block(&mut plan.function, body, change)
    })
}

fn in_block(
    function: &mut Function,
    block: &mut Block,
    change: &mut dyn FnMut(&mut Function, &mut Stmt) -> bool,
) -> bool {
    block.iter_mut().any(|stmt| {
        change(function, stmt)
            || blocks_mut(stmt)
                .into_iter()
                .any(|inner| in_block(function, inner, change))
    })
}

/// Rebuilds an expression with the first change that `change` makes, outermost first; subscripts and the pointers of
/// places stay.
fn rebuilt(
    function: &mut Function,
    handle: Handle<Expr>,
    change: &mut dyn FnMut(&Expr) -> Option<ExprKind>,
) -> Option<Handle<Expr>> {
    let expr = function.exprs.get(handle)?.clone();
    if let Some(kind) = change(&expr) {
        return Some(function.expr(kind, expr.ty));
    }
    if matches!(expr.kind, ExprKind::Load(_) | ExprKind::Address(_)) {
        return None;
    }
    for (position, operand) in operands(&expr.kind).into_iter().enumerate() {
        if let Some(changed) = rebuilt(function, operand, change) {
            let kind = with_operand(expr.kind, position, changed);
            return Some(function.expr(kind, expr.ty));
        }
    }
    None
}

/// Replaces one operand of an operator, by its position in [`operands`].
fn with_operand(kind: ExprKind, position: usize, new: Handle<Expr>) -> ExprKind {
    match kind {
        ExprKind::Unary(op, _) => ExprKind::Unary(op, new),
        ExprKind::Cast(_) => ExprKind::Cast(new),
        ExprKind::Binary(op, left, _) if position == 1 => ExprKind::Binary(op, left, new),
        ExprKind::Binary(op, _, right) => ExprKind::Binary(op, new, right),
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => ExprKind::Select {
            condition: if position == 0 { new } else { condition },
            then: if position == 1 { new } else { then },
            otherwise: if position == 2 { new } else { otherwise },
        },
        ExprKind::Call(name, mut arguments) => {
            if let Some(argument) = arguments.get_mut(position) {
                *argument = new;
            }
            ExprKind::Call(name, arguments)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => kind,
    }
}

/// Moves the last subscript of a written element by one.
fn next_element(function: &mut Function, stmt: &mut Stmt) -> bool {
    let Stmt::Compute(Compute { target, .. }) = stmt else {
        return false;
    };
    let last = target.path.iter_mut().rev().find_map(|step| match step {
        Projection::Index(index) => Some(index),
        Projection::Field(_) => None,
    });
    let Some(index) = last else { return false };
    let ty = function.exprs[*index].ty.clone();
    let one = function.expr(ExprKind::Int(1), ty.clone());
    *index = function.expr(ExprKind::Binary(BinaryOp::Add, *index, one), ty);
    true
}

/// Swaps `x` and `y` of the kernels, where both are used.
fn swap_axes(plan: &mut RegionPlan) -> bool {
    let handles: Vec<_> = plan
        .function
        .exprs
        .iter()
        .map(|(handle, _)| handle)
        .collect();
    let exprs = &plan.function.exprs;
    let uses = |axis| {
        let mut all = exprs.iter();
        all.any(|(_, expr)| expr.kind == ExprKind::ThreadIndex(axis))
    };
    let is_made = uses(Axis::X) && uses(Axis::Y);
    let other = |axis| match axis {
        Axis::X => Axis::Y,
        Axis::Y => Axis::X,
        Axis::Z => Axis::Z,
    };
    for handle in handles {
        let kind = &mut plan.function.exprs[handle].kind;
        if let ExprKind::ThreadIndex(axis) | ExprKind::BlockIndex(axis) = kind {
            *axis = other(*axis);
        }
    }
    is_made
}

/// Rounds the number of blocks down where the plan rounds it up.
fn shorten_grid(plan: &mut RegionPlan) -> bool {
    let kernels: Vec<_> = plan.kernels.iter().map(|(handle, _)| handle).collect();
    kernels.into_iter().any(|kernel| {
        (0..3).any(|axis| {
            let count = plan.kernels[kernel].grid[axis];
            let shorter = rebuilt(&mut plan.function, count, &mut |expr| {
                operator(expr, BinaryOp::CeilDivide, BinaryOp::FloorDivide)
            });
            if let Some(shorter) = shorter {
                plan.kernels[kernel].grid[axis] = shorter;
            }
            shorter.is_some()
        })
    })
}

/// Makes the device copy of the first array one element too short.
fn shorten_copy(plan: &mut RegionPlan) -> bool {
    let copied = plan.host.iter().find_map(|action| match action {
        HostOp::CopyIn(buffer) => Some(*buffer),
        HostOp::Allocate(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Join(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_)
        | HostOp::Loop(_)
        | HostOp::If(_) => None,
    });
    let Some(buffer) = copied else { return false };
    let count = plan.buffers[buffer].count;
    let one = plan.function.expr(ExprKind::Int(1), Scalar::I64);
    let fewer = ExprKind::Binary(BinaryOp::Subtract, count, one);
    plan.buffers[buffer].count = plan.function.expr(fewer, Scalar::I64);
    true
}

/// Starts the first reduction with a constant with the next one.
fn other_identity(plan: &mut RegionPlan) -> bool {
    let reductions: Vec<_> = plan.reductions.iter().map(|(handle, _)| handle).collect();
    reductions.into_iter().any(|reduction| {
        let start = plan.reductions[reduction].start;
        let changed = rebuilt(&mut plan.function, start, &mut |expr| constant(expr));
        if let Some(changed) = changed {
            plan.reductions[reduction].start = changed;
        }
        changed.is_some()
    })
}
