//! Which variables are assigned, and whose address escapes: asked of whole subtrees before they are lowered, verbatim
//! parts included.

use std::collections::HashSet;

use clang_sys as k;

use crate::clang::{Cursor, Home, Unit};
use crate::lower::block_value;
use crate::lower::named::Named;
use crate::lower::pun;
use crate::lower::stmt::is_loop;
use crate::lower::types::is_record;
use crate::lower::walk;
use crate::text::Text;

/// Functions of the C library that neither keep nor return a pointer they are given.
const FORGETS_POINTERS: &[&str] = &[
    "printf",
    "fprintf",
    "sprintf",
    "snprintf",
    "puts",
    "fputs",
    "fread",
    "fwrite",
    "scanf",
    "fscanf",
    "sscanf",
    "strlen",
    "strcmp",
    "strncmp",
    "memcmp",
    "free",
    "atoi",
    "atof",
    "perror",
    "qsort",
    "clock_gettime",
    "getrusage",
    "gettimeofday",
    "time",
    "times",
    "timespec_get",
];

/// Functions of the C library that return their first argument and do not keep it.
const RETURNS_POINTER: &[&str] = &["memset", "memcpy", "memmove", "strcpy", "strncpy", "strcat"];

/// How the value of an expression is used, as far as pointers into arrays go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Only to reach an element, or as an argument that is forgotten.
    Access,
    /// Not at all.
    Discarded,
    /// In any other way.
    Kept,
}

/// What text outside of a function may do to what it declares.
#[derive(Default)]
pub(super) struct Escapes<'u> {
    /// Variables whose address something else may hold: `&` is applied, or an array becomes a pointer that is kept.
    pub(super) address_taken: HashSet<Cursor<'u>>,
    /// The functions that it names.
    pub(super) named: Named,
}

/// Returns what escapes in the file and in headers.
///
/// A header of the user may count as one of the system, by a pragma or an option; of these, only bodies are looked at.
pub(super) fn escapes<'u>(unit: &'u Unit, text: &Text<'u>) -> Escapes<'u> {
    let mut found = Escapes::default();
    for root in unit.declarations(&[Home::Main, Home::Header]) {
        if is_code(root) {
            found.look(root, |named, cursor, children| {
                named.note(cursor, children, text);
            });
        }
    }
    for root in unit.declarations(&[Home::System]) {
        if root.kind() == k::CXCursor_FunctionDecl && root.is_definition() {
            found.look(root, |named, cursor, _| named.reference(cursor, text));
        }
    }
    found
}

/// Returns whether a declaration of the outermost level holds code, addresses or assembler.
fn is_code(cursor: Cursor<'_>) -> bool {
    let kinds = [
        k::CXCursor_FunctionDecl,
        k::CXCursor_VarDecl,
        k::CXCursor_UnexposedDecl,
    ];
    kinds.contains(&cursor.kind())
}

impl<'u> Escapes<'u> {
    /// Looks through a declaration of the outermost level; `note` looks for names.
    fn look(&mut self, root: Cursor<'u>, note: impl Fn(&mut Named, Cursor<'u>, &[Cursor<'u>])) {
        let mut open = vec![(root, Use::Kept)];
        // Addresses by which a number is only read or set, as one of another type.
        let mut forgotten = HashSet::new();
        while let Some((cursor, used)) = open.pop() {
            let children = cursor.children();
            forgotten.extend(taken_for_other(cursor, used, &children));
            if used == Use::Kept && is_address(cursor, &children) && !forgotten.contains(&cursor) {
                let base = children.first().and_then(|operand| base_variable(*operand));
                self.address_taken.extend(base);
            }
            note(&mut self.named, cursor, &children);
            let uses = child_uses(cursor, used, &children);
            open.extend(children.into_iter().zip(uses));
        }
    }
}

/// Returns whether the node makes a pointer to its operand: `&x`, or an array that decays.
fn is_address(cursor: Cursor<'_>, children: &[Cursor<'_>]) -> bool {
    if cursor.kind() == k::CXCursor_UnaryOperator {
        return cursor.unary_operator() == k::CXUnaryOperator_AddrOf;
    }
    walk::implicit_operand(cursor).is_some()
        && children
            .first()
            .is_some_and(|operand| walk::is_array_object(*operand))
}

/// Returns the expression that takes the address of a number which a node reads, or assigns as a statement, as one of
/// another type.
fn taken_for_other<'u>(
    cursor: Cursor<'u>,
    used: Use,
    children: &[Cursor<'u>],
) -> Option<Cursor<'u>> {
    let is_plain = cursor.kind() == k::CXCursor_BinaryOperator
        && cursor.binary_operator() == k::CXBinaryOperator_Assign;
    let is_assignment =
        used == Use::Discarded && (is_plain || cursor.kind() == k::CXCursor_CompoundAssignOperator);
    let is_read = walk::implicit_operand(cursor).is_some();
    let access = *children.first().filter(|_| is_assignment || is_read)?;
    pun::of(access).map(|pun| pun.address)
}

/// Returns how a node uses each of its children.
fn child_uses(cursor: Cursor<'_>, used: Use, children: &[Cursor<'_>]) -> Vec<Use> {
    let same = |each: Use| vec![each; children.len()];
    match cursor.kind() {
        k::CXCursor_ArraySubscriptExpr => same(Use::Access),
        k::CXCursor_CompoundStmt => same(Use::Discarded),
        k::CXCursor_UnaryOperator if cursor.unary_operator() == k::CXUnaryOperator_Deref => {
            same(Use::Access)
        }
        k::CXCursor_ParenExpr | k::CXCursor_UnexposedExpr => same(used),
        k::CXCursor_BinaryOperator if used == Use::Access && is_offset(cursor) => same(Use::Access),
        k::CXCursor_CallExpr => {
            let name = cursor.spelling();
            // A function of the file may have the name of the library's.
            let function = cursor.referenced();
            let is_own = function.is_some_and(|function| function.definition().is_some());
            let is_forgotten = FORGETS_POINTERS.contains(&name.as_str())
                || (used == Use::Discarded && RETURNS_POINTER.contains(&name.as_str()));
            let is_forgotten = is_forgotten && !is_own;
            same(if is_forgotten { Use::Access } else { Use::Kept })
        }
        _ => same(Use::Kept),
    }
}

fn is_offset(cursor: Cursor<'_>) -> bool {
    [k::CXBinaryOperator_Add, k::CXBinaryOperator_Sub].contains(&cursor.binary_operator())
}

/// Returns the variable that an lvalue is or is part of; `None` where it is reached through a pointer.
fn base_variable(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    loop {
        cursor = walk::peel_parentheses(cursor);
        match cursor.kind() {
            k::CXCursor_DeclRefExpr => return walk::named_variable(cursor),
            k::CXCursor_MemberRefExpr => {
                let base = cursor.children().first().copied()?;
                if is_record(base.ty()) {
                    cursor = base;
                } else {
                    // `a->x` on an array that decayed is part of the array.
                    cursor = walk::implicit_operand(base)
                        .filter(|inner| walk::is_array_object(*inner))?;
                }
            }
            k::CXCursor_ArraySubscriptExpr => {
                cursor = cursor
                    .children()
                    .into_iter()
                    .filter_map(walk::implicit_operand)
                    .find(|inner| walk::is_array_object(*inner))?;
            }
            k::CXCursor_UnaryOperator => {
                cursor = cursor.children().first().copied().and_then(|operand| {
                    walk::implicit_operand(walk::peel_parentheses(operand))
                        .filter(|inner| walk::is_array_object(*inner))
                })?;
            }
            _ => return None,
        }
    }
}

/// Returns the variables that a subtree assigns by name, or takes the address of.
pub(super) fn written(root: Cursor<'_>) -> HashSet<Cursor<'_>> {
    let mut written = HashSet::new();
    walk::each(root, |cursor| {
        if cursor.kind() == k::CXCursor_AsmStmt {
            written.extend(walk::named_variables(cursor));
        }
        if let Some(target) = walk::assigned_operand(cursor) {
            written.extend(walk::named_variable(target));
        }
        if cursor.kind() == k::CXCursor_UnaryOperator
            && cursor.unary_operator() == k::CXUnaryOperator_AddrOf
        {
            written.extend(
                cursor
                    .children()
                    .first()
                    .and_then(|operand| base_variable(*operand)),
            );
        }
    });
    written
}

/// Returns whether a subtree contains `continue`, of whichever loop.
pub(super) fn may_continue(root: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(root, |cursor| {
        found |= cursor.kind() == k::CXCursor_ContinueStmt;
    });
    found
}

/// Returns whether a statement holds a `break` or `continue` of a loop around it.
pub(super) fn jumps(statement: Cursor<'_>) -> bool {
    let kind = statement.kind();
    let is_jump = [k::CXCursor_BreakStmt, k::CXCursor_ContinueStmt].contains(&kind);
    is_jump || (!is_loop(statement) && statement.children().into_iter().any(jumps))
}

/// Returns whether control may leave a statement for another place of its function, or the function.
pub(super) fn goes_elsewhere(statement: Cursor<'_>) -> bool {
    let mut found = jumps(statement);
    walk::each(statement, |cursor| {
        found |= [
            k::CXCursor_ReturnStmt,
            k::CXCursor_GotoStmt,
            k::CXCursor_IndirectGotoStmt,
        ]
        .contains(&cursor.kind());
    });
    found
}

/// Returns whether a subtree may leave by other ways than its end: jumps, or calls that may not return.
pub(super) fn may_leave(root: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(root, |cursor| {
        found |= match cursor.kind() {
            k::CXCursor_BreakStmt
            | k::CXCursor_ReturnStmt
            | k::CXCursor_GotoStmt
            | k::CXCursor_IndirectGotoStmt
            | k::CXCursor_AsmStmt => true,
            k::CXCursor_StmtExpr => !block_value::is_plain(cursor),
            _ => is_unknown_call(cursor),
        };
    });
    found
}

/// Returns whether evaluating an expression may change anything: it assigns, or calls what is not known to be pure.
pub(crate) fn has_effects(root: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(root, |cursor| {
        found |= walk::assigned_operand(cursor).is_some() || is_unknown_call(cursor);
    });
    found
}

/// Returns whether a node calls what is not known to be pure.
pub(crate) fn is_unknown_call(cursor: Cursor<'_>) -> bool {
    cursor.kind() == k::CXCursor_CallExpr && !super::call::is_expression(cursor)
}
