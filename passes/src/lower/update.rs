//! Updates of a kernel: writes that commute become indivisible actions.

use std::collections::BTreeSet;

use mupac_ir::atomic::AtomicOperation;
use mupac_ir::stmt::Call;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Place, ReductionOperator, Scalar,
    Span, Stmt, StmtId, Type, UnaryOp,
};

use crate::facts::{Facts, Update};
use crate::joining::{link, spine, unconverted};
use crate::{build, joining, region};

/// Puts an indivisible action in the place of every statement that is an update; one that a comparison with the element
/// decides about takes the place of both.
pub(crate) fn realise(facts: &Facts, function: &mut Function, body: &mut Block) {
    for stmt in body {
        let found = updated(facts, function, stmt);
        if let Some(action) = found.and_then(|(compute, update)| action(function, &compute, update))
        {
            *stmt = action;
            continue;
        }
        for block in region::blocks_mut(stmt) {
            realise(facts, function, block);
        }
    }
}

/// Returns the assignment of an update.
fn updated(facts: &Facts, function: &Function, stmt: &Stmt) -> Option<(Compute, Update)> {
    let compute = match stmt {
        Stmt::Compute(compute) => compute,
        Stmt::If(branch) => joining::condition(function, branch)?.compute,
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => return None,
    };
    let update = facts.updates.get(&compute.id)?;
    Some((compute.clone(), *update))
}

/// Returns the statements of a region that add floating-point numbers to elements, each in one action.
pub(super) fn float_sums(facts: &Facts, function: &Function) -> BTreeSet<StmtId> {
    let mut found = BTreeSet::new();
    region::each(&function.body, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && matches!(facts.updates.get(&compute.id), Some(Update::Join(_)))
            && function.exprs[compute.value]
                .ty
                .scalar()
                .is_some_and(Scalar::is_float)
        {
            found.insert(compute.id);
        }
    });
    found
}

/// Returns the call that does what an assignment does to its element.
fn action(function: &mut Function, compute: &Compute, update: Update) -> Option<Stmt> {
    let ty = function.exprs[compute.value].ty.scalar()?;
    let operation = match update {
        Update::Set => AtomicOperation::Exchange,
        Update::Join(operator) => operation(operator)?,
    };
    let by = match update {
        Update::Set => compute.value,
        Update::Join(operator) => contribution(function, compute, operator, ty),
    };
    let element = (&compute.target, ty);
    Some(call(function, operation, element, by, compute.span))
}

/// Returns the call that changes an element of a type by a value.
pub(super) fn call(
    function: &mut Function,
    operation: AtomicOperation,
    (element, ty): (&Place, Scalar),
    by: Handle<Expr>,
    span: Span,
) -> Stmt {
    let is_ordered = match operation {
        AtomicOperation::Minimum | AtomicOperation::Maximum => true,
        AtomicOperation::Add
        | AtomicOperation::BitAnd
        | AtomicOperation::BitOr
        | AtomicOperation::BitXor
        | AtomicOperation::Exchange => false,
    };
    let address = ExprKind::Address(element.clone());
    let mut address = function.expr(address, Type::Scalar(ty).pointer(false));
    let mut as_ty = ty;
    // Of 64 bits, the device knows `long long` alone, and most operations unsigned only.
    if ty.bits() > 32 && !ty.is_float() {
        let is_signed = is_ordered && ty.is_signed();
        as_ty = if is_signed { Scalar::I64 } else { Scalar::U64 };
        let name = if is_signed {
            "long long"
        } else {
            "unsigned long long"
        };
        let pointer = Type::Opaque(name.to_owned()).pointer(false);
        address = function.expr(ExprKind::Cast(address), pointer);
    }
    let by = build::convert(function, by, as_ty);
    Stmt::Call(Call {
        target: None,
        callee: operation.name().to_owned(),
        arguments: vec![address, by],
        span,
    })
}

/// Returns what joins by an operator; products have nothing.
pub(super) fn operation(operator: ReductionOperator) -> Option<AtomicOperation> {
    match operator {
        ReductionOperator::Sum => Some(AtomicOperation::Add),
        ReductionOperator::Minimum => Some(AtomicOperation::Minimum),
        ReductionOperator::Maximum => Some(AtomicOperation::Maximum),
        ReductionOperator::BitAnd => Some(AtomicOperation::BitAnd),
        ReductionOperator::BitOr => Some(AtomicOperation::BitOr),
        ReductionOperator::BitXor => Some(AtomicOperation::BitXor),
        ReductionOperator::Product => None,
    }
}

/// Returns what an assignment joins to its target, as a value of the target's type.
fn contribution(
    function: &mut Function,
    compute: &Compute,
    operator: ReductionOperator,
    ty: Scalar,
) -> Handle<Expr> {
    let top = unconverted(function, compute.value);
    let is_target =
        |function: &Function, expr| spine(function, expr, operator, &compute.target).is_some();
    if let ExprKind::Select {
        then, otherwise, ..
    } = function.exprs[top].kind
    {
        let taken = if is_target(function, then) {
            otherwise
        } else {
            then
        };
        return build::convert(function, taken, ty);
    }
    let Some((op, a, b)) = link(function, top, operator) else {
        // The value that a condition compared.
        return build::convert(function, compute.value, ty);
    };
    let is_read = |expr| is_target(function, expr) && link(function, expr, operator).is_none();
    if is_read(a) && op != BinaryOp::Subtract {
        return build::convert(function, b, ty);
    }
    if is_read(b) {
        return build::convert(function, a, ty);
    }
    if ty.is_float() {
        let negative = ExprKind::Unary(UnaryOp::Negate, b);
        return function.expr(negative, ty);
    }
    // Part of a chain might overflow where the whole of it does not.
    let chain = Chain {
        operator,
        target: &compute.target,
        ty: if ty.bits() > 32 {
            Scalar::U64
        } else {
            Scalar::U32
        },
    };
    let rest = chain.without_target(function, top);
    build::convert(function, rest, ty)
}

/// A chain of operations of one kind, in an unsigned type.
struct Chain<'a> {
    operator: ReductionOperator,
    target: &'a Place,
    ty: Scalar,
}

impl Chain<'_> {
    /// Returns the chain with what changes nothing in the place of the target.
    fn without_target(&self, function: &mut Function, expr: Handle<Expr>) -> Handle<Expr> {
        if spine(function, expr, self.operator, self.target).is_none() {
            return build::convert(function, expr, self.ty);
        }
        let Some((op, a, b)) = link(function, expr, self.operator) else {
            let all = self.ty.integer_range().map_or(0, |(_, most)| most);
            let is_and = self.operator == ReductionOperator::BitAnd;
            return build::int(function, if is_and { all } else { 0 }, self.ty);
        };
        let a = self.without_target(function, a);
        let b = self.without_target(function, b);
        build::binary(function, op, a, b)
    }
}
