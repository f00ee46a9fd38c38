//! What variables of file scope start with, where that may be a size.

use std::collections::BTreeSet;

use mupac_ir::interpret::Value;
use mupac_ir::structure::{each, variables};
use mupac_ir::{Expr, ExprKind, Function, Handle, Module, Stmt, Storage, Var};

use super::bounds::{is_counted, repeats};

/// Returns what variables of file scope start with that say where a loop ends which counts something, or that are passed or
/// copied to what may.
pub(crate) fn initial(module: &Module) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    for (_, function) in module.functions.iter() {
        let repeats = repeats(function);
        each(&function.body, &mut |statement| {
            for expr in handed_on(function, statement, &repeats) {
                for var in variables(function, expr) {
                    found.extend(start(module, &function.vars[var]));
                }
            }
        });
    }
    found
}

/// Returns the expressions of a statement by which a size goes on: where a loop ends that counts something, and what is
/// passed, or assigned as it is, but to what only says how often a loop repeats the same.
fn handed_on(
    function: &Function,
    statement: &Stmt,
    repeats: &BTreeSet<Handle<Var>>,
) -> Vec<Handle<Expr>> {
    let is_plain = |expr: &Handle<Expr>| {
        matches!(
            function.exprs[without_casts(function, *expr)].kind,
            ExprKind::Load(_)
        )
    };
    match statement {
        Stmt::For(each) => {
            let is_counted = is_counted(function, &[&each.body], each.iterator);
            let end = Some(each.end).filter(|_| is_counted != Some(false));
            end.into_iter().collect()
        }
        Stmt::Call(call) => call.arguments.iter().copied().filter(is_plain).collect(),
        Stmt::Compute(compute) if !repeats.contains(&compute.target.var) => {
            Some(compute.value).filter(is_plain).into_iter().collect()
        }
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

fn without_casts(function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
    match function.exprs[expr].kind {
        ExprKind::Cast(inner) => without_casts(function, inner),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => expr,
    }
}

/// Returns what a variable of file scope starts with, if it is a whole number.
pub(super) fn start(module: &Module, var: &Var) -> Option<u64> {
    let mut globals = module.globals.iter();
    let global =
        globals.find(|global| var.storage == Storage::Global && global.name == var.spelling)?;
    let value = Value::from_bytes(var.ty.scalar()?, &global.initial).ok()?;
    u64::try_from(value.integer()?.unsigned_abs()).ok()
}
