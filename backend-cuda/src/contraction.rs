//! Which multiplications a compiler may contract with an addition, and how a kernel forbids it.
//!
//! nvcc makes one fused operation of a product that is an operand of a sum, also where the product went through a
//! variable.
//! It leaves the intrinsics that name their rounding alone; a sum whose operands are such products is a sum of its own,
//! so only multiplications need them.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Floating-Point Standard” and “Intrinsic Functions”: the `_rn` forms of
//! addition and multiplication are never merged into a fused operation.

mod deciding;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::builtin::Builtin;
use mupac_ir::structure::{each, expressions, operands};
use mupac_ir::{
    BinaryOp, Block, Contraction, Expr, ExprKind, Function, Handle, RegionPlan, Scalar, UnaryOp,
};

use deciding::deciding;

/// Where a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Device,
    Host,
}

/// Returns a function that kernels call with every multiplication that could be contracted named by its rounding.
pub(crate) fn forbidden_in(function: &Function) -> Function {
    rounded(function, &products_in(function), Side::Device)
}

/// Returns a function with some multiplications named by their rounding.
pub(crate) fn rounded(
    function: &Function,
    products: &BTreeSet<Handle<Expr>>,
    side: Side,
) -> Function {
    let mut function = function.clone();
    for handle in products {
        let expr = &mut function.exprs[*handle];
        if let ExprKind::Binary(BinaryOp::Multiply, left, right) = expr.kind {
            let name = match (side, expr.ty.scalar()) {
                (Side::Host, _) => "mupac::product",
                (Side::Device, Some(Scalar::F32)) => "__fmul_rn",
                (Side::Device, _) => "__dmul_rn",
            };
            expr.kind = ExprKind::Call(name.to_owned(), vec![left, right]);
        }
    }
    function
}

/// Returns the multiplications of a kernel that have to be rounded by themselves, although a compiler may contract them.
pub(crate) fn rounded_products(region: &RegionPlan, body: &Block) -> BTreeSet<Handle<Expr>> {
    match region.contraction {
        Contraction::Allowed => BTreeSet::new(),
        Contraction::OutsideSubscripts => {
            let bodies = region.kernels.iter().map(|(_, kernel)| &kernel.body);
            &products(&region.function, body) & &deciding(&region.function, bodies)
        }
        Contraction::Forbidden => products(&region.function, body),
    }
}

/// Returns the multiplications of statements that a compiler may contract with an addition.
///
/// A function of the file that they call may add what it is given, and may return a product.
pub(crate) fn products(function: &Function, body: &Block) -> BTreeSet<Handle<Expr>> {
    multiplications(function, body, false)
}

/// Returns the multiplications of a function that kernels call, which a compiler may contract with an addition there or
/// in a caller.
pub(crate) fn products_in(function: &Function) -> BTreeSet<Handle<Expr>> {
    multiplications(function, &function.body, true)
}

fn multiplications(function: &Function, body: &Block, is_called: bool) -> BTreeSet<Handle<Expr>> {
    let mut roots = Vec::new();
    each(body, &mut |stmt| roots.extend(expressions(stmt)));
    // Whether each is reached on a way that hands its value on as it is.
    let mut seen = BTreeMap::new();
    let mut pending: Vec<_> = roots.into_iter().map(|root| (root, true)).collect();
    while let Some((handle, is_handed_on)) = pending.pop() {
        let before = seen.get(&handle).copied();
        if before == Some(true) || before == Some(is_handed_on) {
            continue;
        }
        seen.insert(handle, is_handed_on);
        let expr = &function.exprs[handle];
        let inside = hands_on(expr, is_handed_on);
        pending.extend(operands(&expr.kind).into_iter().map(|each| (each, inside)));
    }
    let calls_own = seen
        .keys()
        .any(|handle| is_own_call(&function.exprs[*handle]));
    let is_sum = |handle: &&Handle<Expr>| {
        let kind = &function.exprs[**handle].kind;
        matches!(
            kind,
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..)
        )
    };
    let added: BTreeSet<_> = seen
        .keys()
        .filter(is_sum)
        .filter_map(|handle| function.exprs[*handle].ty.scalar())
        .filter(|ty| ty.is_float())
        .collect();
    let may_contract = |handle: &Handle<Expr>| {
        let expr = &function.exprs[*handle];
        matches!(expr.kind, ExprKind::Binary(BinaryOp::Multiply, ..))
            && expr.ty.scalar().is_some_and(|ty| {
                added.contains(&ty) || (ty.is_float() && (calls_own || is_called))
            })
    };
    seen.iter()
        .filter(|(handle, is_handed_on)| **is_handed_on && may_contract(handle))
        .map(|(handle, _)| *handle)
        .collect()
}

/// Returns whether a product among the operands may reach a sum, given whether the expression's own value may.
fn hands_on(expr: &Expr, is_handed_on: bool) -> bool {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..) => true,
        ExprKind::Unary(UnaryOp::Negate, _) | ExprKind::Select { .. } | ExprKind::Cast(_) => {
            is_handed_on
        }
        ExprKind::Call(..) => is_own_call(expr),
        ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
        | ExprKind::Binary(..)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns whether an expression calls a function of the file.
fn is_own_call(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call(name, _) if Builtin::find(name).is_none())
}
