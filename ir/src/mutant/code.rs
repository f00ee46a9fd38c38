//! Mistakes in what a thread of a kernel does.

use super::equivalence::{self, Equivalence};
use super::walk::{Sites, Spot, Within, in_statements, rebuilt};
use crate::arena::Handle;
use crate::atomic::AtomicOperation;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection};
use crate::function::Function;
use crate::plan::{Reduction, RegionPlan};
use crate::stmt::{Axis, Block, Call, Compute, If, Loop, Mapping, Stmt, StmtId};
use crate::structure::{blocks_mut, expressions_mut};
use crate::types::{Scalar, Type};
use crate::warp::WarpOperation;

/// Moves a comparison of a condition by one: `<=` for `<`, and so on.
pub(super) fn bound_by_one(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_conditions(plan, sites, &mut |function, branch, sites| {
        let change: &mut dyn FnMut(&mut Function, &Expr) -> Option<ExprKind> =
            &mut |_, expr| neighbour(&expr.kind);
        let changed = rebuilt(function, branch.condition, Within::Values, sites, change)?;
        Some((changed, equivalence::of_comparison(function, branch)))
    })
}

/// Returns another condition in place of that of a branch, with the proof that it changes nothing, if this is the place.
type ChangeCondition<'a> = &'a mut dyn FnMut(
    &mut Function,
    &If,
    &mut Sites,
) -> Option<(Handle<Expr>, Option<Equivalence>)>;

/// Changes a condition of a kernel wherever it stands: what bounds the threads stands again after each barrier.
fn in_conditions(
    plan: &mut RegionPlan,
    sites: &mut Sites,
    change: ChangeCondition<'_>,
) -> Option<Spot> {
    let mut seen = Vec::new();
    let mut made = None;
    let spot = in_statements(plan, sites, &mut |function, block, at, sites| {
        let Some(Stmt::If(branch)) = block.get(at) else {
            return false;
        };
        if seen.contains(&branch.condition) {
            return false;
        }
        seen.push(branch.condition);
        let changed = change(function, branch, sites);
        made = changed.map(|changed| (branch.condition, changed));
        made.is_some()
    })?;
    let (old, (new, equivalence)) = made?;
    let mut places = 0;
    if let Some(kernel) = spot.kernel {
        places += replace_conditions(&mut plan.kernels[kernel].body, old, new);
        for each in plan.kernels[kernel].reductions.clone() {
            let Reduction { join, finish, .. } = &mut plan.reductions[each];
            places += replace_conditions(join, old, new) + replace_conditions(finish, old, new);
        }
    }
    Some(Spot {
        // The proof is about one place.
        equivalence: equivalence.filter(|_| places == 1),
        ..spot
    })
}

/// Puts another condition in the place of one, and returns in how many places it stood.
fn replace_conditions(block: &mut Block, old: Handle<Expr>, new: Handle<Expr>) -> usize {
    let mut places = 0;
    for stmt in block {
        if let Stmt::If(branch) = stmt
            && branch.condition == old
        {
            branch.condition = new;
            places += 1;
        }
        let inner = blocks_mut(stmt);
        places += inner
            .map(|inner| replace_conditions(inner, old, new))
            .sum::<usize>();
    }
    places
}

/// Returns the comparison that differs where both sides are equal.
fn neighbour(kind: &ExprKind) -> Option<ExprKind> {
    [
        (BinaryOp::Less, BinaryOp::LessEqual),
        (BinaryOp::LessEqual, BinaryOp::Less),
        (BinaryOp::Greater, BinaryOp::GreaterEqual),
        (BinaryOp::GreaterEqual, BinaryOp::Greater),
    ]
    .into_iter()
    .find_map(|(meant, other)| operator(kind, meant, other))
}

/// Lets a condition hold for every thread.
pub(super) fn bound_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_conditions(plan, sites, &mut |function, _, sites| {
        let is_due = sites.is_due();
        is_due.then(|| (function.expr(ExprKind::Int(1), Scalar::I32), None))
    })
}

/// Forgets the elements that are no whole vector.
pub(super) fn rest_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_statements(plan, sites, &mut |_, block, at, sites| {
        let Some(Stmt::If(branch)) = block.get_mut(at) else {
            return false;
        };
        let is_vector =
            |stmt: &Stmt| matches!(stmt, Stmt::For(each) if each.mapping == Mapping::Vector);
        let has_rest = !branch.otherwise.is_empty() && branch.then.iter().any(is_vector);
        let is_due = has_rest && sites.is_due();
        if is_due {
            branch.otherwise.clear();
        }
        is_due
    })
}

/// Ends a loop inside a thread one iteration too early.
pub(super) fn loop_short(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_statements(plan, sites, &mut |function, block, at, sites| {
        let Some(Stmt::For(each)) = block.get_mut(at) else {
            return false;
        };
        let is_due = sites.is_due();
        if is_due {
            each.end = earlier(function, each);
        }
        is_due
    })
}

/// Returns the end of a loop moved by one step; a small unsigned end stays, since it would wrap around.
fn earlier(function: &mut Function, each: &Loop) -> Handle<Expr> {
    let ty = function.exprs[each.end].ty.clone();
    let step = ExprKind::Int(i128::from(each.step.unsigned_abs()));
    let step = function.expr(step, ty.clone());
    if each.step < 0 {
        return function.expr(ExprKind::Binary(BinaryOp::Add, each.end, step), ty);
    }
    let less = ExprKind::Binary(BinaryOp::Subtract, each.end, step);
    let less = function.expr(less, ty.clone());
    if ty.scalar().is_some_and(Scalar::is_signed) {
        return less;
    }
    let is_small = ExprKind::Binary(BinaryOp::Less, each.end, step);
    let kind = ExprKind::Select {
        condition: function.expr(is_small, Scalar::I32),
        then: each.end,
        otherwise: less,
    };
    function.expr(kind, ty)
}

/// Moves the last subscript of an element that is written or read by one.
pub(super) fn subscript_by_one(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_statements(plan, sites, &mut |function, block, at, sites| {
        let Some(stmt) = block.get_mut(at) else {
            return false;
        };
        if let Stmt::Compute(compute) = stmt
            && let Some(next) = next_element(function, &compute.target)
            && sites.is_due()
        {
            compute.target = next;
            return true;
        }
        expressions_mut(stmt).into_iter().any(|handle| {
            let changed = rebuilt(
                function,
                *handle,
                Within::Subscripts,
                sites,
                &mut |function, expr| match &expr.kind {
                    ExprKind::Load(place) => next_element(function, place).map(ExprKind::Load),
                    ExprKind::Address(place) => {
                        next_element(function, place).map(ExprKind::Address)
                    }
                    ExprKind::Int(_)
                    | ExprKind::Float(_)
                    | ExprKind::Text(_)
                    | ExprKind::Unary(..)
                    | ExprKind::Binary(..)
                    | ExprKind::Cast(_)
                    | ExprKind::Select { .. }
                    | ExprKind::Call(..)
                    | ExprKind::BlockIndex(_)
                    | ExprKind::ThreadIndex(_) => None,
                },
            );
            replace(handle, changed)
        })
    })
}

/// Returns the place whose last subscript is one greater.
fn next_element(function: &mut Function, place: &Place) -> Option<Place> {
    let mut place = place.clone();
    let last = place.path.iter_mut().rev().find_map(|step| match step {
        Projection::Index(index) => Some(index),
        Projection::Field(_) => None,
    })?;
    let ty = function.exprs.get(*last)?.ty.clone();
    let one = function.expr(ExprKind::Int(1), ty.clone());
    *last = function.expr(ExprKind::Binary(BinaryOp::Add, *last, one), ty);
    Some(place)
}

/// Makes a constant that a statement computes or decides with one greater.
pub(super) fn constant_plus_one(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_values(plan, sites, &mut |_, expr| constant(expr))
}

/// Returns the constant after a constant.
pub(super) fn constant(expr: &Expr) -> Option<ExprKind> {
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

/// Computes with another operator.
pub(super) fn wrong_operator(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_values(plan, sites, &mut |_, expr| {
        let is_number = matches!(expr.ty, Type::Scalar(_));
        let mut others = [
            (BinaryOp::Add, BinaryOp::Subtract),
            (BinaryOp::Subtract, BinaryOp::Add),
            (BinaryOp::Multiply, BinaryOp::Add),
            (BinaryOp::Divide, BinaryOp::Multiply),
        ]
        .into_iter();
        others
            .find_map(|(meant, other)| operator(&expr.kind, meant, other))
            .filter(|_| is_number)
    })
}

/// Returns an operation with another operator, if it has the one that is meant.
pub(super) fn operator(kind: &ExprKind, meant: BinaryOp, other: BinaryOp) -> Option<ExprKind> {
    match kind {
        ExprKind::Binary(op, a, b) if *op == meant => Some(ExprKind::Binary(other, *a, *b)),
        ExprKind::Binary(..)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Changes what statements store, join or decide by.
fn in_values(
    plan: &mut RegionPlan,
    sites: &mut Sites,
    change: &mut dyn FnMut(&mut Function, &Expr) -> Option<ExprKind>,
) -> Option<Spot> {
    let mut equivalence = None;
    let spot = in_statements(plan, sites, &mut |function, block, at, sites| {
        let proof = equivalence::of_store(function, block, at);
        let Some(handle) = block.get_mut(at).and_then(value) else {
            return false;
        };
        let changed = rebuilt(function, *handle, Within::Values, sites, change);
        if changed.is_some() {
            equivalence = proof;
        }
        replace(handle, changed)
    })?;
    Some(Spot {
        equivalence,
        ..spot
    })
}

/// Returns what a statement stores, joins or decides by.
fn value(stmt: &mut Stmt) -> Option<&mut Handle<Expr>> {
    match stmt {
        Stmt::Compute(compute) => Some(&mut compute.value),
        Stmt::If(branch) => Some(&mut branch.condition),
        Stmt::Call(call) => call.arguments.last_mut(),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

fn replace(handle: &mut Handle<Expr>, changed: Option<Handle<Expr>>) -> bool {
    if let Some(changed) = changed {
        *handle = changed;
    }
    changed.is_some()
}

/// Removes a barrier, of a block or of a warp.
pub(super) fn barrier_dropped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_statements(plan, sites, &mut |_, block, at, sites| {
        let is_barrier = block.get(at).is_some_and(|stmt| match stmt {
            Stmt::Barrier => true,
            Stmt::Call(call) => WarpOperation::of(call) == Some(WarpOperation::Meet),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Verbatim(..) => false,
        });
        let is_due = is_barrier && sites.is_due();
        if is_due {
            block.remove(at);
        }
        is_due
    })
}

/// Replaces an atomic action by a read and a write.
pub(super) fn atomic_plain(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    in_statements(plan, sites, &mut |function, block, at, sites| {
        let Some(Stmt::Call(call)) = block.get(at) else {
            return false;
        };
        let assignment = assignment(function, call).filter(|_| sites.is_due());
        let is_found = assignment.is_some();
        if let Some((stmt, assignment)) = block.get_mut(at).zip(assignment) {
            *stmt = assignment;
        }
        is_found
    })
}

/// Returns the assignment that does what an atomic action does, were there but one thread.
fn assignment(function: &mut Function, call: &Call) -> Option<Stmt> {
    let operation = AtomicOperation::named(&call.callee)?;
    let [address, change] = call.arguments.as_slice() else {
        return None;
    };
    let (place, element) = pointee(function, *address)?;
    let ty = function.exprs.get(*change)?.ty.clone();
    let stored = function.expr(ExprKind::Load(place.clone()), element.clone());
    let old = function.expr(ExprKind::Cast(stored), ty.clone());
    let (op, is_choice) = match operation {
        AtomicOperation::Add => (Some(BinaryOp::Add), false),
        AtomicOperation::BitAnd => (Some(BinaryOp::BitAnd), false),
        AtomicOperation::BitOr => (Some(BinaryOp::BitOr), false),
        AtomicOperation::BitXor => (Some(BinaryOp::BitXor), false),
        AtomicOperation::Minimum => (Some(BinaryOp::Less), true),
        AtomicOperation::Maximum => (Some(BinaryOp::Greater), true),
        AtomicOperation::Exchange => (None, false),
    };
    let value = match op.map(|op| ExprKind::Binary(op, old, *change)) {
        None => *change,
        Some(joined) if !is_choice => function.expr(joined, ty),
        Some(comparison) => {
            let kind = ExprKind::Select {
                condition: function.expr(comparison, Scalar::I32),
                then: old,
                otherwise: *change,
            };
            function.expr(kind, ty)
        }
    };
    Some(Stmt::Compute(Compute {
        // Only dependences are stated by number, and they are settled.
        id: StmtId(u32::MAX),
        target: place,
        value: function.expr(ExprKind::Cast(value), element),
        span: call.span,
        target_span: call.span,
    }))
}

/// Returns the place that an address is of, and the type of what it holds.
fn pointee(function: &Function, address: Handle<Expr>) -> Option<(Place, Type)> {
    let expr = function.exprs.get(address)?;
    match &expr.kind {
        ExprKind::Cast(inner) => pointee(function, *inner),
        ExprKind::Address(place) => Some((place.clone(), expr.ty.element()?.clone())),
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

/// Swaps `x` and `y` of the kernels, where both are used.
pub(super) fn axes_swapped(plan: &mut RegionPlan, sites: &mut Sites) -> Option<Spot> {
    let exprs = &plan.function.exprs;
    let uses = |axis| {
        let mut all = exprs.iter();
        all.any(|(_, expr)| expr.kind == ExprKind::ThreadIndex(axis))
    };
    if !(uses(Axis::X) && uses(Axis::Y) && sites.is_due()) {
        return None;
    }
    let equivalence = equivalence::of_axes(plan);
    let other = |axis| match axis {
        Axis::X => Axis::Y,
        Axis::Y => Axis::X,
        Axis::Z => Axis::Z,
    };
    let all = plan.function.exprs.iter();
    let handles: Vec<_> = all.map(|(handle, _)| handle).collect();
    for handle in handles {
        let kind = &mut plan.function.exprs[handle].kind;
        if let ExprKind::ThreadIndex(axis) | ExprKind::BlockIndex(axis) = kind {
            *axis = other(*axis);
        }
    }
    let kernel = plan.kernels.iter().next().map(|(handle, _)| handle);
    let span = kernel.map(|kernel| plan.kernels[kernel].span);
    Some(Spot {
        kernel,
        span: span.unwrap_or_default(),
        equivalence,
        ..Spot::default()
    })
}
