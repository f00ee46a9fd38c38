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
    let is_table = |expr: &Expr| {
        matches!(&expr.kind, ExprKind::Load(place) | ExprKind::Address(place)
            if indices(place).any(is_data))
    };
    let mut found = function.exprs.iter().any(|(_, expr)| is_table(expr));
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
        let is_float = |expr: &Expr| expr.ty.scalar().is_some_and(Scalar::is_float);
        if let ExprKind::Load(place) = &node.kind {
            found |= !place.path.is_empty();
        } else if let ExprKind::Cast(inner) = node.kind {
            found |= is_float(&function.exprs[inner]) && !is_float(node);
        }
    });
    found
}
