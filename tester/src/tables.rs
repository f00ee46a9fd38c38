//! Whether data decide which elements a program touches, as in histograms and tables of bytes.

use std::collections::BTreeSet;

use mupac_ir::structure::{each, indices, variables, visit};
use mupac_ir::{Expr, ExprKind, Function, Handle, Module, Scalar, Stmt, Var};

/// Returns whether a subscript of the program is read from memory, or made of what is, or of a floating-point number.
pub(crate) fn has_tables(module: &Module) -> bool {
    let mut functions = module.functions.iter().map(|(_, function)| function);
    functions.any(has_table)
}

fn has_table(function: &Function) -> bool {
    let mut data = BTreeSet::new();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement
            && compute.target.path.is_empty()
            && is_data(function, compute.value, &data)
        {
            data.insert(compute.target.var);
        }
    });
    let is_data = |subscript| is_data(function, subscript, &data);
    let mut found = function.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::Load(place) | ExprKind::Address(place) => indices(place).any(is_data),
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
    });
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement {
            found |= indices(&compute.target).any(is_data);
        }
    });
    found
}

/// Returns whether a value is made of elements, or of a floating-point number; `known` are variables that are.
fn is_data(function: &Function, value: Handle<Expr>, known: &BTreeSet<Handle<Var>>) -> bool {
    let mut found = variables(function, value)
        .iter()
        .any(|var| known.contains(var));
    visit(function, value, &mut |_, node| {
        found |= match &node.kind {
            ExprKind::Load(place) => !place.path.is_empty(),
            ExprKind::Cast(inner) => {
                let from = function.exprs[*inner].ty.scalar();
                from.is_some_and(Scalar::is_float)
                    && !node.ty.scalar().is_some_and(Scalar::is_float)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        };
    });
    found
}
