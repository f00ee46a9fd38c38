//! Rows that a function takes flat memory for, as in `double (*a)[n] = (double (*)[n])p`: which elements behind `p` exist
//! together.
//!
//! In C, `a[i]` is an lvalue of type `double [n]` and designates an object of that type: where a function touches an
//! element of a row, the whole row is there, as it is behind a parameter `double a[][n]`.
//!
//! **Source**: ISO/IEC 9899:2011, 6.3.2.1, paragraph 1, and 6.5.6, paragraph 8.

use mupac_ir::structure::is_same_type;
use mupac_ir::{BinaryOp, Expr, ExprKind, Extent, Function, Handle, Scalar, Type, Var};

use crate::{build, region};

/// Returns the type of the rows that a parameter is converted to pointers to, if the function does nothing else with it.
pub(super) fn row_type(function: &Function, var: Handle<Var>) -> Option<Type> {
    let mut uses = 0_usize;
    let mut rows: Vec<Type> = Vec::new();
    region::each(&function.body, &mut |stmt| {
        let is_target = region::target(stmt).is_some_and(|place| place.var == var);
        uses += usize::from(is_target);
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                let (ExprKind::Load(place) | ExprKind::Address(place)) = &node.kind else {
                    rows.extend(converted(function, node, var));
                    return;
                };
                uses += usize::from(place.var == var);
            });
        }
    });
    let row = rows.first()?;
    let is_one = rows
        .iter()
        .all(|other| is_same_type(function, row, function, other));
    let pointed = function.vars[var].ty.element()?;
    (is_one && rows.len() == uses && element(row) == pointed).then(|| row.clone())
}

/// Returns the type of the rows where a node converts the value of a variable to a pointer to rows.
fn converted(function: &Function, node: &Expr, var: Handle<Var>) -> Option<Type> {
    let row = node.ty.element()?;
    let mut kind = &node.kind;
    while let ExprKind::Cast(inner) = kind {
        kind = &function.exprs[*inner].kind;
    }
    let is_it = matches!(kind, ExprKind::Load(place) if place.var == var && place.path.is_empty());
    (is_it && matches!(row, Type::Array { .. })).then(|| row.clone())
}

/// Returns what rows consist of at last.
fn element(row: &Type) -> &Type {
    match row {
        Type::Array { of, .. } => element(of),
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            row
        }
    }
}

/// Appends how many elements a row has, as an `i64` expression in the variables of its type; `None` where no number is
/// known.
pub(super) fn length(function: &mut Function, row: &Type) -> Option<Handle<Expr>> {
    let Type::Array { of, length: extent } = row else {
        return Some(build::int(function, 1, Scalar::I64));
    };
    let own = match extent {
        Extent::Fixed(length) => build::int(function, i128::from(*length), Scalar::I64),
        Extent::Variable(length) => build::convert(function, *length, Scalar::I64),
        Extent::Unknown => return None,
    };
    let inner = length(function, of)?;
    Some(build::binary(function, BinaryOp::Multiply, own, inner))
}
