//! Which functions of the C library a device computes with a library of its own.

use mupac_ir::builtin::{Accuracy, Builtin};
use mupac_ir::structure::{each, expressions, operands};
use mupac_ir::{Block, ExprKind, Function};

/// Returns the name that a device has for a function of the compiler.
///
/// **Source**: CUDA Math API 13.0, “Integer Intrinsics”.
pub(crate) fn on_device(name: &str) -> &str {
    match name {
        "__builtin_popcount" => "__popc",
        "__builtin_popcountl" | "__builtin_popcountll" => "__popcll",
        "__builtin_clz" => "__clz",
        "__builtin_clzl" | "__builtin_clzll" => "__clzll",
        _ => name,
    }
}

/// Returns whether a body calls a function whose results differ between libraries: in their last digits, or in the sign of
/// a zero.
pub(crate) fn is_called(function: &Function, body: &Block) -> bool {
    let mut pending = Vec::new();
    each(body, &mut |stmt| pending.extend(expressions(stmt)));
    while let Some(handle) = pending.pop() {
        let kind = &function.exprs[handle].kind;
        let builtin = match kind {
            ExprKind::Call(name, _) => Builtin::find(name),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        };
        if builtin.is_some_and(|builtin| builtin.accuracy != Accuracy::Exact) {
            return true;
        }
        pending.extend(operands(kind));
    }
    false
}
