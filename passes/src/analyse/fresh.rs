//! Pointers to objects that the function makes itself.

use std::collections::BTreeSet;

use mupac_ir::stmt::Call;
use mupac_ir::structure::operands;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Projection, Stmt, Storage, Type,
    UnaryOp, Var,
};

use super::fetch::is_null;
use crate::{build, region};

/// Returns the variables that results of allocations first go to and from which a pointer of the function has all its
/// values, apart from null; `None` where it may have one from elsewhere.
///
/// Each call makes an object of its own, so pointers with no such variable in common never point into one object while it
/// lives.
pub(super) fn allocations(
    module: &Module,
    function: &Function,
    pointer: Handle<Var>,
) -> Option<BTreeSet<Handle<Var>>> {
    let var = &function.vars[pointer];
    let is_own = var.storage == Storage::Local && var.is_plain_local();
    let is_kept = is_own && !is_told(function, pointer);
    (is_kept && matches!(var.ty, Type::Pointer { .. })).then_some(())?;
    let mut results = BTreeSet::new();
    let mut is_known = true;
    region::each(&function.body, &mut |stmt| match stmt {
        Stmt::Verbatim(text, _) => is_known &= !var.is_reached_by(*text),
        Stmt::Let(var, _) => is_known &= *var != pointer,
        Stmt::Call(call) if call.target == Some(Place::var(pointer)) => {
            is_known &= allocates(module, call);
            results.insert(pointer);
        }
        Stmt::Compute(compute) if compute.target == Place::var(pointer) => {
            match origin(function, compute.value) {
                Origin::Null => {}
                Origin::Variable(result) => {
                    is_known &= is_result(module, function, result);
                    results.insert(result);
                }
                Origin::Other => is_known = false,
            }
        }
        Stmt::Compute(_)
        | Stmt::Call(_)
        | Stmt::Declare(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier => {}
    });
    // A pointer without values here has them from what passes know of memory.
    (is_known && !results.is_empty()).then_some(results)
}

/// Returns whether a statement frees the object that a pointer leads to; no program's own `free` does it.
pub(crate) fn frees(
    module: &Module,
    function: &Function,
    stmt: &Stmt,
    pointer: Handle<Var>,
) -> bool {
    calls_free(function, stmt, pointer) && module.function("free").is_none()
}

/// Returns whether a statement calls `free`, the library's or a program's own, with a pointer.
pub(super) fn calls_free(function: &Function, stmt: &Stmt, pointer: Handle<Var>) -> bool {
    let is_pointer = |argument: &Handle<Expr>| build::read(function, *argument) == Some(pointer);
    matches!(stmt, Stmt::Call(call)
        if call.callee == "free" && call.arguments.iter().all(is_pointer))
}

/// Returns whether a pointer of the function leads to nothing but objects that it alone leads to: it has its values from
/// allocations, and is named as a whole where it is freed and compared with null only.
pub(crate) fn is_unshared(module: &Module, function: &Function, pointer: Handle<Var>) -> bool {
    let Some(results) = allocations(module, function, pointer) else {
        return false;
    };
    let mut is_unshared = true;
    let (mut assigned, mut read) = (0, 0);
    region::each(&function.body, &mut |stmt| {
        let is_freed = frees(module, function, stmt, pointer);
        let is_assigned = matches!(stmt, Stmt::Compute(compute)
            if compute.target == Place::var(pointer)
                && build::read(function, compute.value).is_some_and(|var| results.contains(&var)));
        assigned += usize::from(is_assigned);
        for expr in region::expressions(stmt) {
            let named = whole(function, expr, &|var| var == pointer);
            is_unshared &= named == 0 || is_freed;
            let of_results = |var| var != pointer && results.contains(&var);
            read += whole(function, expr, &of_results);
        }
    });
    is_unshared && assigned == read
}

/// Returns how often an expression names the value of a pointer, other than to reach an element or to compare it with null.
fn whole(function: &Function, expr: Handle<Expr>, is_meant: &dyn Fn(Handle<Var>) -> bool) -> usize {
    let node = &function.exprs[expr];
    let is_pointer = |expr| build::read(function, expr).is_some_and(is_meant);
    let is_test = match &node.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => is_pointer(*inner),
        ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) => {
            is_pointer(*a) && is_null(function, *b) || is_pointer(*b) && is_null(function, *a)
        }
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
        | ExprKind::ThreadIndex(_) => false,
    };
    if is_test {
        return 0;
    }
    let is_whole = match &node.kind {
        ExprKind::Load(place) => {
            is_meant(place.var) && !matches!(place.path.first(), Some(Projection::Index(_)))
        }
        ExprKind::Address(place) => is_meant(place.var),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    };
    let operands = operands(&node.kind).into_iter();
    let inside = operands.map(|inner| whole(function, inner, is_meant));
    usize::from(is_whole) + inside.sum::<usize>()
}

/// Where a pointer's value comes from.
enum Origin {
    Null,
    Variable(Handle<Var>),
    Other,
}

fn origin(function: &Function, value: Handle<Expr>) -> Origin {
    if is_null(function, value) {
        return Origin::Null;
    }
    build::read(function, value).map_or(Origin::Other, Origin::Variable)
}

/// Returns whether a variable holds nothing but results of allocations.
fn is_result(module: &Module, function: &Function, var: Handle<Var>) -> bool {
    let mut targets = Vec::new();
    region::each(&function.body, &mut |stmt| {
        if let Stmt::Verbatim(text, _) = stmt
            && function.vars[var].is_reached_by(*text)
        {
            targets.push(false);
        }
        if region::target(stmt).is_some_and(|place| place.var == var) {
            targets.push(matches!(stmt, Stmt::Call(call) if allocates(module, call)));
        }
    });
    function.vars[var].is_plain_local()
        && !is_told(function, var)
        && function.vars[var].storage == Storage::Local
        && !targets.is_empty()
        && targets.iter().all(|allocates| *allocates)
}

/// Returns whether some statement is told where a variable lies, as `memcpy(&p, &q, sizeof p)` is, and may assign it.
fn is_told(function: &Function, var: Handle<Var>) -> bool {
    region::addressed(function, &function.body).contains(&var)
}

/// Returns the factors of the size of the object that a call makes, to which nothing else refers; `None`: it makes none.
///
/// **Source**: C17 7.22.3.
pub(crate) fn size_asked_for(
    module: &Module,
    callee: &str,
    arguments: &[Handle<Expr>],
) -> Option<Vec<Handle<Expr>>> {
    let is_own = module.function(callee).is_some();
    match (callee, arguments) {
        _ if is_own => None,
        ("malloc", [size]) | ("aligned_alloc", [_, size]) => Some(vec![*size]),
        ("calloc", [count, size]) => Some(vec![*count, *size]),
        (_, _) => None,
    }
}

fn allocates(module: &Module, call: &Call) -> bool {
    size_asked_for(module, &call.callee, &call.arguments).is_some()
}
