//! Compound literals that are objects: arrays, and those whose address is taken.
//!
//! To C they live to the end of the block, to C++ they are values without an address.
//! Rule `compound-literal`: in a statement of a block, or in what a variable of the file starts with, one becomes a
//! variable before that.

use std::fmt::Write as _;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::edits::linkage;
use crate::lower::{effects, types, walk};
use crate::text::Text;

/// The rule of these edits.
pub(super) const RULE: &str = "compound-literal";

/// Returns the edits of a statement of a block: literals may come first where nothing in it changes what they hold.
pub(super) fn edits<'u>(statement: Cursor<'u>, text: &Text<'u>) -> Vec<Edit> {
    let is_simple = statement.is_expression()
        || [k::CXCursor_DeclStmt, k::CXCursor_ReturnStmt].contains(&statement.kind());
    if !is_simple || statement.start().is_macro {
        return Vec::new();
    }
    let literals = objects(statement);
    let is_movable = literals.iter().all(|each| is_movable(*each, statement));
    if is_movable {
        moved(&literals, statement.start().offset, "", text)
    } else {
        Vec::new()
    }
}

/// Returns the edits of a variable of the outermost level, in which all literals are constant.
pub(super) fn of_file<'u>(variable: Cursor<'u>, text: &Text<'u>) -> Vec<Edit> {
    let value = variable
        .initializer()
        .filter(|_| !variable.start().is_macro);
    let literals = value.map(objects).unwrap_or_default();
    moved(&literals, linkage::start(variable, text), "static ", text)
}

/// Returns the literals below a node that are objects, without those inside of others.
fn objects(root: Cursor<'_>) -> Vec<Cursor<'_>> {
    let mut found = Vec::new();
    collect(root, false, &mut found);
    found
}

fn collect<'u>(node: Cursor<'u>, has_address: bool, found: &mut Vec<Cursor<'u>>) {
    let is_literal = node.kind() == k::CXCursor_CompoundLiteralExpr;
    if is_literal && (has_address || types::is_array(node.ty())) {
        found.push(node);
        return;
    }
    let is_address = node.kind() == k::CXCursor_UnaryOperator
        && node.unary_operator() == k::CXUnaryOperator_AddrOf;
    let passes_on = node.kind() == k::CXCursor_ParenExpr;
    for child in node.children() {
        collect(child, is_address || (has_address && passes_on), found);
    }
}

/// Returns whether a literal holds the same before a statement as in it: it has no effects, nothing in the statement changes
/// the variables that it names, and it reads no other memory but where one call follows at most. What a condition may
/// leave out must not fail either.
fn is_movable(literal: Cursor<'_>, statement: Cursor<'_>) -> bool {
    let named = walk::named_variables(literal);
    let (mut calls, mut is_changed, mut is_conditional, mut assigned) = (0, false, false, 0);
    walk::each(statement, |node| {
        calls += usize::from(node.kind() == k::CXCursor_CallExpr);
        is_conditional |= node.kind() == k::CXCursor_ConditionalOperator
            || (node.kind() == k::CXCursor_BinaryOperator
                && is_one_of(node, &[k::CXBinaryOperator_LAnd, k::CXBinaryOperator_LOr]));
        let is_change = walk::is_step(node)
            || node.kind() == k::CXCursor_CompoundAssignOperator
            || (node.kind() == k::CXCursor_BinaryOperator
                && is_one_of(node, &[k::CXBinaryOperator_Assign]));
        assigned += usize::from(is_change);
        let target = node.children().first().copied().filter(|_| is_change);
        let declared = (node.kind() == k::CXCursor_VarDecl).then_some(node);
        let changed = target.and_then(walk::named_variable).or(declared);
        is_changed |= changed.is_some_and(|each| named.contains(&each));
    });
    let is_declaration = statement.kind() == k::CXCursor_DeclStmt;
    let is_followed = calls <= 1 && !is_conditional && !(is_declaration && assigned > 0);
    !effects::has_effects(literal) && !is_changed && (is_followed || is_of_locals(literal))
}

/// Returns whether a literal holds sums and products of constants and of local variables alone.
fn is_of_locals(literal: Cursor<'_>) -> bool {
    let mut is_plain = true;
    walk::each(literal, |node| match node.kind() {
        k::CXCursor_DeclRefExpr => {
            let variable = node.referenced();
            is_plain &= variable.is_some_and(|variable| {
                let parent = variable.parent();
                variable.kind() != k::CXCursor_VarDecl
                    || parent.is_some_and(|parent| parent.kind() == k::CXCursor_FunctionDecl)
            });
        }
        k::CXCursor_ArraySubscriptExpr | k::CXCursor_MemberRefExpr => is_plain = false,
        k::CXCursor_UnaryOperator => is_plain &= node.unary_operator() != k::CXUnaryOperator_Deref,
        k::CXCursor_BinaryOperator => {
            is_plain &= is_one_of(
                node,
                &[
                    k::CXBinaryOperator_Add,
                    k::CXBinaryOperator_Sub,
                    k::CXBinaryOperator_Mul,
                ],
            );
        }
        _ => {}
    });
    is_plain
}

fn is_one_of(node: Cursor<'_>, operators: &[k::CXBinaryOperatorKind]) -> bool {
    operators.contains(&node.binary_operator())
}

/// Declares literals at a place and names them where they stood; none where one is not plainly in the file.
fn moved<'u>(literals: &[Cursor<'u>], at: usize, storage: &str, text: &Text<'u>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for literal in literals {
        let mut declarations = String::new();
        let Some((span, name)) = declare(*literal, storage, text, &mut declarations) else {
            return Vec::new();
        };
        let end = if storage.is_empty() { "" } else { "\n" };
        edits.push(edit(
            Span::new(at, at),
            declarations.trim_end().to_owned() + " " + end,
        ));
        edits.push(edit(span, name));
    }
    edits
}

/// Writes the declaration of a literal behind those of the literals inside, and returns its place and name.
fn declare<'u>(
    literal: Cursor<'u>,
    storage: &str,
    text: &Text<'u>,
    declarations: &mut String,
) -> Option<(Span, String)> {
    let (start, end) = (literal.start(), literal.end());
    if !start.is_main || start.is_macro || end.is_macro {
        return None;
    }
    let open = text.index_from(start.offset);
    let close = text.closing(open)?;
    let ty = text
        .source
        .get(text.tokens.get(open)?.end..text.tokens.get(close)?.start)?;
    let mut at = text.tokens.get(close + 1)?.start;
    let mut values = String::new();
    for inner in literal.children().into_iter().flat_map(objects) {
        let (span, name) = declare(inner, storage, text, declarations)?;
        values.push_str(text.source.get(at..span.start as usize)?);
        values.push_str(&name);
        at = span.end as usize;
    }
    values.push_str(text.source.get(at..end.offset)?);
    let line = text.source.get(..start.offset)?;
    let first = text.index_from(line.rfind('\n').map_or(0, |end| end + 1));
    // By tokens: the same name in a file with other constants.
    let number = 1 + line.matches('\n').count();
    let name = format!("literal_{number}_{}", open - first);
    // An array type is written around the name.
    let (before, behind) = if ty.ends_with(']') {
        ty.split_at(ty.find('[')?)
    } else {
        (ty, "")
    };
    let is_around = ty.contains("(*") || (ty.ends_with(']') && ty.contains(['(', '{']));
    if is_around || text.tokens.iter().any(|token| text.word(*token) == name) {
        return None;
    }
    // Writing to a string does not fail.
    let _ = write!(
        declarations,
        "{storage}{} {name}{behind} = {values}; ",
        before.trim()
    );
    Some((Span::new(start.offset, end.offset), name))
}

fn edit(at: Span, text: String) -> Edit {
    Edit {
        at,
        text,
        rule: RULE,
    }
}
