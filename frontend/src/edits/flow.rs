//! Whether control may go on behind a statement.
//!
//! The answer is yes wherever that is not plain: values of variables are not looked at, and a label may be jumped to.

use clang_sys as k;

use crate::clang::{Constant, Cursor};
use crate::lower::walk;
use crate::text::Text;

/// Functions that do not return, whoever declares them.
const NEVER_RETURN: &[&str] = &[
    "abort",
    "exit",
    "_Exit",
    "_exit",
    "quick_exit",
    "longjmp",
    "__builtin_unreachable",
    "__builtin_trap",
    "__builtin_abort",
];

/// Returns whether control may go on behind a statement.
///
/// `text` is that of the main file; without it a `switch` over all values of an enumeration is taken to choose one.
pub(super) fn goes_on<'u>(statement: Cursor<'u>, text: Option<&Text<'u>>) -> bool {
    let children = statement.children();
    let last = || children.last().is_none_or(|last| goes_on(*last, text));
    match statement.kind() {
        k::CXCursor_CompoundStmt => list(&children, text),
        k::CXCursor_ReturnStmt
        | k::CXCursor_GotoStmt
        | k::CXCursor_IndirectGotoStmt
        | k::CXCursor_BreakStmt
        | k::CXCursor_ContinueStmt => false,
        k::CXCursor_IfStmt => {
            let branches = children.get(1..).unwrap_or_default();
            branches.len() < 2 || branches.iter().any(|branch| goes_on(*branch, text))
        }
        k::CXCursor_WhileStmt | k::CXCursor_ForStmt => {
            !is_endless(statement, text) || children.last().is_none_or(|body| breaks(*body))
        }
        k::CXCursor_DoStmt => {
            let body = children.first().copied();
            let comes_to_test = body.is_none_or(|body| goes_on(body, text) || continues(body));
            (comes_to_test && !is_endless(statement, text)) || body.is_none_or(breaks)
        }
        k::CXCursor_SwitchStmt => {
            let has_default = holds_default(statement);
            let chooses = has_default || (text.is_none() && covers_enumeration(&children));
            !chooses || children.last().is_none_or(|body| breaks(*body)) || last()
        }
        k::CXCursor_CaseStmt
        | k::CXCursor_DefaultStmt
        | k::CXCursor_LabelStmt
        | k::CXCursor_ParenExpr
        | k::CXCursor_CStyleCastExpr
        | k::CXCursor_UnexposedExpr => last(),
        k::CXCursor_CallExpr => !never_returns(statement),
        _ => true,
    }
}

/// Returns whether nothing but a jump ends a loop: its condition is always true.
pub(super) fn is_endless<'u>(each: Cursor<'u>, text: Option<&Text<'u>>) -> bool {
    let children = each.children();
    let is_true = |condition: &Cursor<'u>| matches!(condition.evaluate(), Some(Constant::Int(value)) if value != 0);
    match each.kind() {
        k::CXCursor_WhileStmt => children.first().is_some_and(is_true),
        k::CXCursor_DoStmt => children.last().is_some_and(is_true),
        k::CXCursor_ForStmt => {
            let start = each.start();
            let text = text.filter(|_| start.is_main && !start.is_macro);
            children.len() == 1
                || text
                    .and_then(|text| condition_slot(start.offset, text))
                    .is_some_and(|(from, to)| {
                        let mut slots = children.iter();
                        let inside = slots.find(|slot| (from..to).contains(&slot.start().offset));
                        inside.is_none_or(is_true)
                    })
        }
        _ => false,
    }
}

/// Returns the range between the semicolons of a `for`.
fn condition_slot(start: usize, text: &Text<'_>) -> Option<(usize, usize)> {
    let open = text.index_from(start) + 1;
    let close = text.closing(open)?;
    let mut depth = 0_usize;
    let mut semicolons = Vec::new();
    for token in text.tokens.get(open..close)? {
        match text.word(*token) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.checked_sub(1)?,
            ";" if depth == 1 => semicolons.push(*token),
            _ => {}
        }
    }
    match semicolons.as_slice() {
        [first, second] => Some((first.end, second.start)),
        _ => None,
    }
}

fn list<'u>(statements: &[Cursor<'u>], text: Option<&Text<'u>>) -> bool {
    let mut is_reached = true;
    for statement in statements {
        if is_reached || holds_label(*statement) {
            is_reached = goes_on(*statement, text);
        }
    }
    is_reached
}

fn holds_label(statement: Cursor<'_>) -> bool {
    let labels = [
        k::CXCursor_LabelStmt,
        k::CXCursor_CaseStmt,
        k::CXCursor_DefaultStmt,
    ];
    holds(statement, &labels, &[])
}

fn holds_default(switch: Cursor<'_>) -> bool {
    let body = switch.children().last().copied();
    body.is_some_and(|body| holds(body, &[k::CXCursor_DefaultStmt], &[k::CXCursor_SwitchStmt]))
}

/// Returns whether a body leaves the loop or `switch` that it belongs to.
fn breaks(body: Cursor<'_>) -> bool {
    let inner = [
        k::CXCursor_ForStmt,
        k::CXCursor_WhileStmt,
        k::CXCursor_DoStmt,
        k::CXCursor_SwitchStmt,
    ];
    holds(body, &[k::CXCursor_BreakStmt], &inner)
}

/// Returns whether a body goes to the next iteration of the loop that it belongs to.
fn continues(body: Cursor<'_>) -> bool {
    let inner = [
        k::CXCursor_ForStmt,
        k::CXCursor_WhileStmt,
        k::CXCursor_DoStmt,
    ];
    holds(body, &[k::CXCursor_ContinueStmt], &inner)
}

/// Returns whether a node of one of some kinds stands in a tree, outside of nodes of other kinds.
fn holds(root: Cursor<'_>, kinds: &[k::CXCursorKind], without: &[k::CXCursorKind]) -> bool {
    let mut open = vec![root];
    while let Some(cursor) = open.pop() {
        if kinds.contains(&cursor.kind()) {
            return true;
        }
        if !without.contains(&cursor.kind()) {
            open.extend(cursor.children());
        }
    }
    false
}

/// Returns whether a `switch` over an enumeration names as many values as that has.
fn covers_enumeration(children: &[Cursor<'_>]) -> bool {
    let [value, body] = children else {
        return false;
    };
    let enumeration = walk::peel(*value).ty().canonical();
    if enumeration.kind() != k::CXType_Enum {
        return false;
    }
    let declared = enumeration.declaration().children();
    let is_constant = |each: &&Cursor<'_>| each.kind() == k::CXCursor_EnumConstantDecl;
    let count = declared.iter().filter(is_constant).count();
    let mut cases = 0;
    walk::each(*body, |cursor| {
        cases += usize::from(cursor.kind() == k::CXCursor_CaseStmt);
    });
    cases >= count
}

/// Returns whether a call is one of a function that does not return.
fn never_returns(call: Cursor<'_>) -> bool {
    let Some(function) = call.referenced() else {
        return false;
    };
    NEVER_RETURN.contains(&function.spelling().as_str())
        || function.written().to_lowercase().contains("noreturn")
}
