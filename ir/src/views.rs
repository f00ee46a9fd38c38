//! What a function takes memory without a type for: of `((float *)b->data)[i]`, memory of `float`.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place};
use crate::function::{Function, Var};
use crate::types::Type;

/// Returns the pointers to memory without a type that a function makes pointers to elements of, and the type of these; where a
/// pointer is taken for several, the first is the one that the text has first.
pub fn views(function: &Function) -> Vec<(&Place, &Type)> {
    let casts = function.exprs.iter().filter_map(|(_, node)| {
        let ExprKind::Cast(inner) = node.kind else {
            return None;
        };
        let element = node.ty.element()?;
        let is_sized = matches!(element, Type::Scalar(_) | Type::Record(_));
        let place = untyped(function, inner).filter(|_| is_sized)?;
        Some((place, element))
    });
    casts.collect()
}

/// Returns the type that a variable has, or a pointer to what it is taken for where that leads to memory without a type.
pub fn viewed(function: &Function, var: Handle<Var>) -> Type {
    let declared = &function.vars[var].ty;
    let Type::Pointer { to, is_const } = declared else {
        return declared.clone();
    };
    if **to != Type::Void {
        return declared.clone();
    }
    let views = views(function);
    let mut own = views.iter().filter(|(place, _)| **place == Place::var(var));
    let Some(&(_, element)) = own.next() else {
        return declared.clone();
    };
    element.clone().pointer(*is_const)
}

/// Returns where a pointer to memory without a type lies.
fn untyped(function: &Function, pointer: Handle<Expr>) -> Option<&Place> {
    let node = &function.exprs[pointer];
    if let ExprKind::Cast(inner) = node.kind {
        return untyped(function, inner);
    }
    let ExprKind::Load(place) = &node.kind else {
        return None;
    };
    (node.ty.element() == Some(&Type::Void)).then_some(place)
}
