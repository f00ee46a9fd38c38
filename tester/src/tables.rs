//! Whether data decide which elements a program touches, as in histograms and tables of bytes.

use std::collections::BTreeSet;

use mupac_ir::structure::{each, variables, visit};
use mupac_ir::{
    Expr, ExprKind, Extent, Function, Handle, Module, Place, Projection, Scalar, Stmt, Type, Var,
};

/// Returns how long the arrays are, in the dimensions that data subscript: by what is read from memory, or made of what is, or
/// of a floating-point number; `None` where data subscript none.
pub(crate) fn tables(module: &Module) -> Option<BTreeSet<u64>> {
    let mut found = None;
    for (_, function) in module.functions.iter() {
        of_function(function, &mut found);
    }
    found
}

fn of_function(function: &Function, found: &mut Option<BTreeSet<u64>>) {
    let mut data = BTreeSet::new();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement
            && compute.target.path.is_empty()
            && is_data(function, compute.value, &data)
        {
            data.insert(compute.target.var);
        }
    });
    let mut look = |place: &Place| {
        let mut ty = Some(&function.vars[place.var].ty);
        for step in &place.path {
            let length = match ty {
                Some(Type::Array {
                    length: Extent::Fixed(length),
                    ..
                }) => Some(*length),
                Some(_) | None => None,
            };
            ty = ty.and_then(Type::element);
            if let Projection::Index(subscript) = step
                && is_data(function, *subscript, &data)
            {
                found.get_or_insert_default().extend(length);
            }
        }
    };
    for (_, expr) in function.exprs.iter() {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind {
            look(place);
        }
    }
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement {
            look(&compute.target);
        }
    });
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
