//! Objects that a function allocates, and how many bytes they have.

use std::collections::BTreeMap;

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Scalar, Var};

use crate::analyse::allocated;
use crate::build;

/// By pointer: its value, and how many bytes lie there.
pub(super) type Sizes = BTreeMap<Handle<Var>, (Handle<Expr>, Handle<Expr>)>;

/// Returns how many bytes lie behind pointers of a function; the expressions are added to it.
pub(super) fn sizes(module: &mut Module, of: Handle<Function>) -> Sizes {
    let function = &module.functions[of];
    let pointers = function
        .vars
        .iter()
        .filter(|(_, var)| allocated::is_own(var));
    let known = allocated::sizes(module, function, pointers.map(|(pointer, _)| pointer));
    let function = &mut module.functions[of];
    let sizes = known.into_iter().map(|(pointer, factors)| {
        let one = build::int(function, 1, Scalar::U64);
        let size = factors.into_iter().fold(one, |size, factor| {
            build::binary(function, BinaryOp::Multiply, size, factor)
        });
        let ty = function.vars[pointer].ty.clone();
        let from = function.expr(ExprKind::Load(Place::var(pointer)), ty);
        (pointer, (from, size))
    });
    sizes.collect()
}
