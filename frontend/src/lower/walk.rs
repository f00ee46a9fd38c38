//! Looks into subtrees without lowering them.

use std::collections::HashSet;

use clang_sys as k;

use crate::clang::Cursor;
use crate::lower::types;

/// Visits a node and everything below it, parents first.
pub(crate) fn each<'u>(root: Cursor<'u>, mut visit: impl FnMut(Cursor<'u>)) {
    let mut open = vec![root];
    while let Some(cursor) = open.pop() {
        visit(cursor);
        open.extend(cursor.children().into_iter().rev());
    }
}

/// Returns the expression inside parentheses.
pub(crate) fn peel_parentheses(mut cursor: Cursor<'_>) -> Cursor<'_> {
    while cursor.kind() == k::CXCursor_ParenExpr {
        match cursor.children().as_slice() {
            [inner] => cursor = *inner,
            _ => return cursor,
        }
    }
    cursor
}

/// Returns the operand of an implicit conversion: a node without tokens of its own.
pub(crate) fn implicit_operand(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    if cursor.kind() != k::CXCursor_UnexposedExpr {
        return None;
    }
    match cursor.children().as_slice() {
        [inner] if inner.has_extent_of(cursor) => Some(*inner),
        _ => None,
    }
}

/// Returns the text that `__func__` and its like stand for: libclang shows them as an array without a kind, with the
/// text as a literal inside.
pub(crate) fn predefined_text(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    if cursor.kind() != k::CXCursor_UnexposedExpr || !types::is_array(cursor.ty()) {
        return None;
    }
    match cursor.children().as_slice() {
        [text] if text.kind() == k::CXCursor_StringLiteral => Some(*text),
        _ => None,
    }
}

/// Returns the string literal that an expression is.
pub(crate) fn literal(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let inner = peel(cursor);
    (inner.kind() == k::CXCursor_StringLiteral).then_some(inner)
}

/// Returns the expression inside parentheses and implicit conversions.
pub(crate) fn peel(mut cursor: Cursor<'_>) -> Cursor<'_> {
    loop {
        cursor = peel_parentheses(cursor);
        match implicit_operand(cursor) {
            Some(inner) => cursor = inner,
            None => return cursor,
        }
    }
}

/// Returns whether an expression is an array object, and not a pointer.
///
/// libclang gives a parameter that is declared as an array, and every value computed from it, the array's type.
pub(crate) fn is_array_object(cursor: Cursor<'_>) -> bool {
    let cursor = peel_parentheses(cursor);
    let is_object = match cursor.kind() {
        k::CXCursor_DeclRefExpr => cursor
            .referenced()
            .is_some_and(|declaration| declaration.kind() != k::CXCursor_ParmDecl),
        k::CXCursor_UnaryOperator => cursor.unary_operator() == k::CXUnaryOperator_Deref,
        k::CXCursor_MemberRefExpr
        | k::CXCursor_ArraySubscriptExpr
        | k::CXCursor_StringLiteral
        | k::CXCursor_CompoundLiteralExpr => true,
        _ => false,
    };
    is_object && types::is_array(cursor.ty())
}

/// Returns the canonical declaration of the variable that an expression names, and nothing more.
pub(crate) fn named_variable(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let cursor = peel_parentheses(cursor);
    if cursor.kind() != k::CXCursor_DeclRefExpr {
        return None;
    }
    let declaration = cursor.referenced()?;
    let is_variable = [k::CXCursor_VarDecl, k::CXCursor_ParmDecl].contains(&declaration.kind());
    is_variable.then(|| declaration.canonical())
}

/// Returns the function that is called by name.
pub(crate) fn called_function(callee: Cursor<'_>) -> Option<Cursor<'_>> {
    let callee = peel(callee);
    let declaration = callee
        .referenced()
        .filter(|_| callee.kind() == k::CXCursor_DeclRefExpr)?;
    (declaration.kind() == k::CXCursor_FunctionDecl).then_some(declaration)
}

/// Returns the parameters of a function; before them stand those of what it returns, if that is a pointer to functions.
pub(crate) fn parameters(function: Cursor<'_>) -> Vec<Cursor<'_>> {
    let mut children = function.children();
    children.retain(|child| child.kind() == k::CXCursor_ParmDecl);
    match function.ty().arguments().len() {
        // Without a prototype the type has none.
        0 => children,
        count => children.split_off(children.len().saturating_sub(count)),
    }
}

/// Returns whether an expression statement kind assigns: `=`, `op=`, `++`, `--`.
pub(crate) fn assigned_operand(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let is_assignment = match cursor.kind() {
        k::CXCursor_BinaryOperator => cursor.binary_operator() == k::CXBinaryOperator_Assign,
        k::CXCursor_CompoundAssignOperator => true,
        k::CXCursor_UnaryOperator => is_step(cursor),
        _ => false,
    };
    if is_assignment {
        cursor.children().first().copied()
    } else {
        None
    }
}

/// Returns whether a unary operator is `++` or `--`.
pub(crate) fn is_step(cursor: Cursor<'_>) -> bool {
    [
        k::CXUnaryOperator_PreInc,
        k::CXUnaryOperator_PreDec,
        k::CXUnaryOperator_PostInc,
        k::CXUnaryOperator_PostDec,
    ]
    .contains(&cursor.unary_operator())
}

/// Returns the canonical declarations of all variables that a subtree names.
pub(crate) fn named_variables(root: Cursor<'_>) -> HashSet<Cursor<'_>> {
    let mut named = HashSet::new();
    each(root, |cursor| {
        if cursor.kind() == k::CXCursor_DeclRefExpr {
            named.extend(named_variable(cursor));
        }
    });
    named
}
