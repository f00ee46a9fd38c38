//! Elements of an array that a list names by their subscripts.
//!
//! Rule `array-designator`: C++ has none (C++20 9.4.5 names fields alone), so the elements that the list leaves out are
//! written as `{}`, which is zero in both languages. Subscripts that go back stay, and so does the list.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Constant, Cursor};
use crate::lower::walk;
use crate::text::{Text, Token};

/// No more elements than this are written out.
const MOST: usize = 1024;

/// Returns the edits of a braced list; none where no subscript stands in it, or it has no such form.
pub(super) fn edits<'u>(list: Cursor<'u>, text: &Text<'u>) -> Vec<Edit> {
    written_out(list, text).unwrap_or_default()
}

fn written_out<'u>(list: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let start = list.start();
    if !start.is_main || start.is_macro || !text.is_word_at(start.offset, "{") {
        return None;
    }
    let open = text.index_from(start.offset);
    let inside = open + 1..text.closing(open)?;
    let (mut edits, mut next, mut written) = (Vec::new(), 0, 0);
    let mut at = inside.start;
    while at < inside.end {
        let first = *text.tokens.get(at)?;
        if first.is_directive {
            return None;
        }
        if text.word(first) == "[" {
            let close = text.closing(at)?;
            let equals = *text.tokens.get(close + 1)?;
            let subscript = subscript(list, text.tokens.get(at + 1..close)?)?;
            let missing = subscript.checked_sub(next)?;
            written += missing;
            if text.word(equals) != "=" || written > MOST {
                return None;
            }
            // The space behind goes with it.
            let behind = text.source.get(equals.end..)?;
            let space = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            edits.push(Edit {
                at: Span::new(first.start, equals.end + space),
                text: "{}, ".repeat(missing),
                rule: "array-designator",
            });
            next = subscript;
        }
        next += 1;
        at = behind_value(at, inside.end, text)? + 1;
    }
    Some(edits)
}

/// Returns the index of the comma behind an element, or of the closing brace.
fn behind_value(mut at: usize, end: usize, text: &Text<'_>) -> Option<usize> {
    while at < end {
        match text.word(*text.tokens.get(at)?) {
            "," => return Some(at),
            "(" | "[" | "{" => at = text.closing(at)?,
            _ => {}
        }
        at += 1;
    }
    Some(end)
}

/// Returns the value of a subscript of one token.
fn subscript(list: Cursor<'_>, tokens: &[Token]) -> Option<usize> {
    let [token] = tokens else {
        return None;
    };
    let mut value = None;
    walk::each(list, |cursor| {
        let start = cursor.start();
        let is_here = cursor.is_expression() && start.is_main && start.offset == token.start;
        if is_here && cursor.kind() != k::CXCursor_InitListExpr {
            value = value.or(cursor.evaluate());
        }
    });
    match value? {
        Constant::Int(value) => usize::try_from(value).ok(),
        Constant::Float(_) => None,
    }
}
