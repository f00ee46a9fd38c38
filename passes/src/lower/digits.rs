//! Which functions kernels call, and whether these compute the same digits as on the host.

use std::collections::BTreeSet;

use mupac_ir::builtin::{Accuracy, Builtin};
use mupac_ir::structure::operands;
use mupac_ir::{Block, ExprKind, Function, Module, Reason, Refusal, Span, Stmt};

use crate::region;

/// Refuses calls of functions whose results differ from library to library, also where functions of the file make them.
pub(super) fn has_the_same_digits(
    module: &Module,
    function: &Function,
    body: &Block,
) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    let mut bodies = vec![(function, body)];
    while let Some((function, body)) = bodies.pop() {
        for (callee, at) in called(module, function, body) {
            if !seen.insert(callee.clone()) {
                continue;
            }
            let accuracy = Builtin::find(&callee).map(|builtin| builtin.accuracy);
            if let Some((_, own)) = module.function(&callee) {
                bodies.push((own, &own.body));
            } else if accuracy != Some(Accuracy::Exact) {
                return Err(Refusal::new(Reason::LibraryDigits { callee }, at));
            }
        }
    }
    Ok(())
}

/// Returns the functions that statements call, each with a place where they do.
///
/// Calls for their effects count only where they are of functions of the file; what else kernels call so are atomics.
pub(crate) fn called(module: &Module, function: &Function, body: &Block) -> Vec<(String, Span)> {
    let (mut found, mut pending) = (Vec::new(), Vec::new());
    region::each(body, &mut |stmt| {
        pending.extend(region::expressions(stmt));
        if let Stmt::Call(call) = stmt
            && module.function(&call.callee).is_some()
        {
            found.push((call.callee.clone(), call.span));
        }
    });
    while let Some(handle) = pending.pop() {
        let expr = &function.exprs[handle];
        if let ExprKind::Call(callee, _) = &expr.kind {
            found.push((callee.clone(), expr.span));
        }
        pending.extend(operands(&expr.kind));
    }
    found
}
