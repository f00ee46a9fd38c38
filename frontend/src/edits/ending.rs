//! Functions with a result that may end without giving one.
//!
//! C lets control reach the end of such a function as long as nobody uses the value (C17 6.9.1 §12); to C++ the end
//! itself is undefined (C++17 9.6.3 §2), and compilers put nothing there, so that the next function runs.
//! Rule `missing-return`: zero is returned at the end, where control may come there, and by a `return` without a value
//! (C90 3.6.6.4); a value that a `void` function returns is computed and dropped.

use clang_sys as k;
use mupac_ir::Edit;

use super::{Change, Obstacle};
use crate::clang::Cursor;
use crate::edits::flow;
use crate::lower::walk;
use crate::text::Text;

const RULE: &str = "missing-return";

/// Returns what a function definition of the main file needs.
pub(super) fn changes<'u>(function: Cursor<'u>, text: &Text<'u>) -> Vec<Change<'u>> {
    let Some(body) = body(function) else {
        return Vec::new();
    };
    let is_void = has_no_result(function);
    let mut changes = returns(body, is_void, text);
    let may_end = !is_void && function.spelling() != "main" && flow::goes_on(body, Some(text));
    if may_end {
        let names_value = holds_assembler(body);
        let edit = end(body, text).filter(|_| !names_value);
        changes.push(edit.map(|edit| vec![edit]).ok_or_else(|| {
            let why = if names_value {
                "assembler may leave the value"
            } else {
                "a macro writes its end"
            };
            Obstacle {
                why: format!(
                    "`{}` may end without `return`, which C++ leaves undefined, and {why}; with a `return` at its end both \
                     languages take it",
                    function.spelling()
                ),
                at: function,
            }
        }));
    }
    changes
}

/// Returns whether a function has a result, and its text has an end where it gives none. Only what compilers warn of
/// counts: a `switch` over all values of an enumeration is taken to choose one.
pub(super) fn is_open(function: Cursor<'_>) -> bool {
    !has_no_result(function) && body(function).is_some_and(|body| flow::goes_on(body, None))
}

fn has_no_result(function: Cursor<'_>) -> bool {
    function.ty().result().canonical().kind() == k::CXType_Void
}

fn body(function: Cursor<'_>) -> Option<Cursor<'_>> {
    let last = function.children().last().copied()?;
    (last.kind() == k::CXCursor_CompoundStmt).then_some(last)
}

/// Returns the edits of `return;` where there is a result, and of `return x;` where there is none.
fn returns<'u>(body: Cursor<'u>, is_void: bool, text: &Text<'u>) -> Vec<Change<'u>> {
    let mut changes = Vec::new();
    walk::each(body, |cursor| {
        if cursor.kind() != k::CXCursor_ReturnStmt {
            return;
        }
        let value = cursor.children().first().copied();
        let has_value = value.is_some_and(|value| value.ty().canonical().kind() != k::CXType_Void);
        if has_value != is_void || value.is_some() != has_value {
            return;
        }
        changes.push(result(cursor, value, text).ok_or_else(|| Obstacle {
            why: "C++ wants a value exactly where the function has a result, and a macro writes this `return`".to_owned(),
            at: cursor,
        }));
    });
    changes
}

fn result<'u>(
    statement: Cursor<'u>,
    value: Option<Cursor<'u>>,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let start = statement.start();
    let is_plain = start.is_main && !start.is_macro && text.is_word_at(start.offset, "return");
    let after = start.offset + "return".len();
    let Some(value) = value else {
        return is_plain.then(|| vec![insertion(after, " {}")]);
    };
    let first = value.start().offset;
    let end = text.end_offset(value.end())?;
    is_plain.then(|| vec![insertion(first, "(void)("), insertion(end, ")")])
}

/// Returns the `return` before the closing brace; `None` where a macro writes what stands there.
fn end<'u>(body: Cursor<'u>, text: &Text<'u>) -> Option<Edit> {
    let last = body.children().last().copied();
    let close = body.end();
    let brace = close.offset.checked_sub(1)?;
    if close.is_main && !close.is_macro && text.is_word_at(brace, "}") {
        return Some(before_brace(brace, last, text));
    }
    // A macro holds the brace; the statement before it may stand in the text.
    let last = last?;
    let (start, end) = (last.start(), last.end());
    let is_plain = [start, end].iter().all(|at| at.is_main && !at.is_macro);
    let end = text.statement_span(last).filter(|_| is_plain)?.end as usize;
    Some(insertion(end, " return {};"))
}

/// Returns the `return` on a line of its own, where the brace has one.
fn before_brace<'u>(brace: usize, last: Option<Cursor<'u>>, text: &Text<'u>) -> Edit {
    let line = text.source[..brace].rfind('\n').map_or(0, |at| at + 1);
    let margin = &text.source[line..brace];
    if !margin.chars().all(char::is_whitespace) {
        return insertion(brace, "return {}; ");
    }
    let margin_of = |offset: usize| {
        let line = text.source[..offset].rfind('\n').map_or(0, |at| at + 1);
        let before = &text.source[line..offset];
        before.chars().all(char::is_whitespace).then_some(before)
    };
    let inner = last.map(|last| unlabelled(last).start());
    let inner = inner.filter(|start| start.is_main);
    let inner = inner.and_then(|start| margin_of(start.offset));
    let inner = inner.map_or_else(|| format!("{margin}    "), str::to_owned);
    insertion(line, &format!("{inner}return {{}};\n"))
}

/// Returns the statement behind labels.
fn unlabelled(mut statement: Cursor<'_>) -> Cursor<'_> {
    while statement.kind() == k::CXCursor_LabelStmt
        && let Some(inner) = statement.children().last()
    {
        statement = *inner;
    }
    statement
}

/// Returns whether a function contains assembler.
fn holds_assembler(body: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(body, |cursor| found |= cursor.kind() == k::CXCursor_AsmStmt);
    found
}

fn insertion(at: usize, text: &str) -> Edit {
    Edit::insertion(at, text, RULE)
}
