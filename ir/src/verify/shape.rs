//! Handles in range, and expressions that end.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind};
use crate::function::{Function, Var};
use crate::structure::{
    MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_NODES, MAX_TYPE_DEPTH, extents, operands, type_depth,
};

use super::{Checker, file};

/// Depth and number of nodes of an expression, counted as a tree.
#[derive(Clone, Copy)]
struct Measure {
    depth: usize,
    nodes: usize,
}

/// What is known of an expression: nothing yet, or its measure, or that it has none.
type Known = Option<Result<Measure, ()>>;

impl Checker<'_> {
    /// Checks what everything else relies on.
    pub(super) fn shape(&mut self) {
        for (handle, var) in self.function.vars.iter() {
            let is_finite = type_depth(&var.ty) <= MAX_TYPE_DEPTH;
            let is_known = |extent: &Handle<Expr>| self.function.exprs.get(*extent).is_some();
            if !is_finite || !extents(&var.ty).iter().all(is_known) {
                let text = self.name_of(handle);
                self.report(text, "the type nests too deeply or has no such extent");
            }
            if !file::is_inside(self.module, var.span) {
                let text = self.name_of(handle);
                self.report(text, "the declaration is outside the source");
            }
        }
        for parameter in &self.function.parameters {
            if self.function.vars.get(*parameter).is_none() {
                self.report(format!("{parameter:?}"), "there is no such parameter");
            }
        }
        let mut known = vec![None; self.function.exprs.len()];
        for (handle, expr) in self.function.exprs.iter() {
            if measure(self.function, &mut known, handle, 0).is_err() {
                self.report(
                    format!("expression {}", handle.index()),
                    "an expression contains itself, is too large or names what is not there",
                );
            }
            if !file::is_inside(self.module, expr.span) {
                self.report(
                    format!("expression {}", handle.index()),
                    "the expression is outside the source",
                );
            }
        }
    }

    /// Returns the name of a variable.
    pub(super) fn name_of(&self, var: Handle<Var>) -> String {
        self.function
            .vars
            .get(var)
            .map_or_else(|| format!("{var:?}"), |var| var.name.clone())
    }
}

/// Measures an expression with the types in it.
fn measure(
    function: &Function,
    known: &mut [Known],
    handle: Handle<Expr>,
    level: usize,
) -> Result<Measure, ()> {
    let expr = function.exprs.get(handle).ok_or(())?;
    if let Some(Some(known)) = known.get(handle.index()) {
        return *known;
    }
    let found = if level > MAX_EXPRESSION_DEPTH {
        Err(())
    } else {
        parts(function, expr).and_then(|parts| {
            let mut sum = Measure { depth: 1, nodes: 1 };
            for part in parts {
                let part = measure(function, known, part, level + 1)?;
                sum.depth = sum.depth.max(part.depth + 1);
                sum.nodes = sum.nodes.saturating_add(part.nodes);
            }
            let is_small = sum.depth <= MAX_EXPRESSION_DEPTH && sum.nodes <= MAX_EXPRESSION_NODES;
            if is_small { Ok(sum) } else { Err(()) }
        })
    };
    if let Some(slot) = known.get_mut(handle.index()) {
        *slot = Some(found);
    }
    found
}

/// Returns the operands of an expression and the extents of its type, if its variable exists.
fn parts(function: &Function, expr: &Expr) -> Result<Vec<Handle<Expr>>, ()> {
    if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind
        && function.vars.get(place.var).is_none()
    {
        return Err(());
    }
    if type_depth(&expr.ty) > MAX_TYPE_DEPTH {
        return Err(());
    }
    let mut parts = operands(&expr.kind);
    parts.extend(extents(&expr.ty));
    Ok(parts)
}
