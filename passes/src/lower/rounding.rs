//! Programs that round otherwise than to nearest, or ask what a computation raised: their floating-point arithmetic stays
//! on the host.
//!
//! **Source**: C17 7.6; CUDA C++ Programming Guide 13.0, Floating-Point Standard: a device has no rounding mode that a
//! program sets, and no flags.

use std::collections::BTreeSet;

use mupac_ir::structure::operands;
use mupac_ir::{Block, Expr, ExprKind, Function, Handle, Module, Reason, Refusal, Span};

use super::called;
use crate::region;

/// Functions of `fenv.h` and its extensions that make arithmetic on the host another than that of a device.
const ENVIRONMENT: [&str; 9] = [
    "_mm_setcsr",
    "feenableexcept",
    "fegetexceptflag",
    "feholdexcept",
    "fesetenv",
    "fesetmode",
    "fesetround",
    "fetestexcept",
    "feupdateenv",
];

/// Refuses floating-point arithmetic in a file that names one of the functions, also where functions of the file compute.
pub(super) fn check(module: &Module, function: &Function, body: &Block) -> Result<(), Refusal> {
    let mut named = ENVIRONMENT.iter();
    let Some(name) = named.find(|name| module.named.contains_key(**name)) else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    let mut bodies = vec![(function, body)];
    while let Some((function, body)) = bodies.pop() {
        if let Some(at) = arithmetic(function, body) {
            let construct = format!("floating-point arithmetic beside calls of {name}");
            return Err(Refusal::new(Reason::Unsupported { construct }, at));
        }
        let callees = called(module, function, body).into_iter();
        let new = callees.filter(|(callee, _)| seen.insert(callee.clone()));
        let own = new.filter_map(|(callee, _)| module.function(&callee));
        bodies.extend(own.map(|(_, own)| (own, &own.body)));
    }
    Ok(())
}

/// Returns where statements compute with floating-point numbers.
fn arithmetic(function: &Function, body: &Block) -> Option<Span> {
    let mut open: Vec<Handle<Expr>> = Vec::new();
    region::each(body, &mut |stmt| open.extend(region::expressions(stmt)));
    while let Some(handle) = open.pop() {
        let expr = &function.exprs[handle];
        let inner = operands(&expr.kind);
        let is_float = |each: &Handle<Expr>| {
            let ty = &function.exprs[*each].ty;
            ty.scalar().is_some_and(mupac_ir::Scalar::is_float)
        };
        let is_computed = match expr.kind {
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Cast(_) | ExprKind::Call(..) => {
                true
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        };
        if is_computed && (is_float(&handle) || inner.iter().any(is_float)) {
            return Some(expr.span);
        }
        open.extend(inner);
    }
    None
}
