//! What a statement touches of memory, where that can be told before it runs.
//!
//! Only of an assignment that is all of a statement, is certain to evaluate all of its operands, and finds its places by
//! variables alone: then the addresses are the same before the statement, and nothing is read to compute them.

use mupac_ir::stmt::Compute;
use mupac_ir::structure::indices;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Projection, Touched, Type,
};

use super::effect::{is_variable, reads};
use crate::build;

/// The most places that the text names before a statement.
const MOST: usize = 3;

/// Returns the places in memory that an assignment touches; `None` where these are not known, or too many.
pub(super) fn by(
    module: &Module,
    of: Handle<Function>,
    function: &Function,
    compute: &Compute,
) -> Option<Touched> {
    let mut touched = Touched {
        function: of,
        read: Vec::new(),
        written: Vec::new(),
    };
    if !is_variable(function, &compute.target) {
        touched.written.push(compute.target.clone());
    }
    let mut is_certain = true;
    for expr in indices(&compute.target).chain([compute.value]) {
        build::visit(function, expr, &mut |_, node| {
            is_certain &= !decides(node);
            if let ExprKind::Load(place) = &node.kind
                && !is_variable(function, place)
                && !touched.places().any(|(_, known)| known == place)
            {
                touched.read.push(place.clone());
            }
        });
    }
    let count = touched.read.len() + touched.written.len();
    let can_be_told = touched
        .places()
        .all(|(_, place)| can_be_told(module, function, place));
    (is_certain && can_be_told && count <= MOST).then_some(touched)
}

/// Returns whether an operand of an expression may stay without a value.
fn decides(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
    )
}

/// Returns whether the address of a place is found by variables alone, each of which the text can name.
fn can_be_told(module: &Module, function: &Function, place: &Place) -> bool {
    let can_be_named = |var| {
        let spelling = &function.vars[var].spelling;
        !spelling.is_empty() && !module.macros.contains(spelling)
    };
    let mut named = vec![place.var];
    for index in indices(place) {
        named.extend(mupac_ir::structure::variables(function, index));
    }
    let holds_one = matches!(
        function.place_type(&module.records, place),
        Some(Type::Scalar(_) | Type::Pointer { .. })
    );
    holds_one
        && named.into_iter().all(can_be_named)
        && indices(place).all(|index| !reads(function, index))
        && leads_through_variables(module, function, place)
}

/// Returns whether a path follows no pointer but that of its variable, which no pointer reaches.
fn leads_through_variables(module: &Module, function: &Function, place: &Place) -> bool {
    let mut steps = place.path.iter().enumerate();
    steps.all(|(position, step)| match step {
        Projection::Field(_) => true,
        Projection::Index(_) => {
            let before = Place {
                var: place.var,
                path: place.path[..position].to_vec(),
            };
            let ty = function.place_type(&module.records, &before);
            !matches!(ty, Some(Type::Pointer { .. })) || is_variable(function, &before)
        }
    })
}
