//! Variables of file scope that are declared more than once.
//!
//! C takes `int x;` for a definition only where no other follows (C17 6.9.2), C++ always.
//! Rule `tentative-definition`: all but one of them become `extern`; a repeated `static` one without a value goes, and a
//! constant without a value gets one.

use std::collections::BTreeMap;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use super::linkage;
use crate::clang::{Cursor, Home, Unit};
use crate::lower::types;
use crate::text::Text;

/// Returns, for each variable that C++ would define twice, its second declaration and the edits, where there are any.
pub(super) fn edits<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<(Cursor<'u>, Option<Vec<Edit>>)> {
    let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut declarations: BTreeMap<(usize, String), Vec<Cursor<'u>>> = BTreeMap::new();
    for cursor in unit.declarations(&[Home::Main]) {
        let is_variable = cursor.kind() == k::CXCursor_VarDecl;
        if !is_variable || cursor.is_extern() {
            continue;
        }
        *starts.entry(cursor.start().offset).or_default() += 1;
        // One use of a macro may declare several.
        let first = (cursor.canonical().location().offset, cursor.spelling());
        declarations.entry(first).or_default().push(cursor);
    }
    let is_alone = |cursor: &Cursor<'u>| {
        let start = cursor.start();
        !start.is_macro && starts.get(&start.offset) == Some(&1)
    };
    let mut found = Vec::new();
    for all in declarations.into_values() {
        found.extend(constant(&all, text));
        if let Some(second) = all.get(1) {
            found.push((*second, one_definition(&all, &is_alone, text)));
        }
    }
    found
}

/// Returns the edit of a constant that nothing gives a value: it is zero, which C++ wants written.
fn constant<'u>(all: &[Cursor<'u>], text: &Text<'u>) -> Option<(Cursor<'u>, Option<Vec<Edit>>)> {
    let first = *all.first()?;
    let has_value = all.iter().any(|each| each.initializer().is_some());
    if has_value || !linkage::has_constant_type(first) {
        return None;
    }
    let end = first.end();
    let at = text.end_offset(end).filter(|_| !end.is_macro);
    let edit = |at| Edit {
        at: Span::new(at, at),
        text: " = {}".to_owned(),
        rule: "tentative-definition",
    };
    Some((first, at.map(|at| vec![edit(at)])))
}

/// Keeps the declaration with the value, else the first of them whose type is complete.
fn one_definition<'u>(
    all: &[Cursor<'u>],
    is_alone: &dyn Fn(&Cursor<'u>) -> bool,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let is_whole = |each: &Cursor<'u>| {
        let ty = each.ty();
        !types::is_array(ty) || ty.canonical().array_length().is_some()
    };
    let valued = all.iter().position(|each| each.initializer().is_some());
    let defined = valued
        .or_else(|| all.iter().position(is_whole))
        .unwrap_or(0);
    let mut edits = Vec::new();
    for (index, each) in all
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != defined)
    {
        if !is_alone(each) {
            return None;
        }
        let start = each.start().offset;
        if !each.is_static() {
            edits.push(Edit {
                at: Span::new(start, start),
                text: "extern ".to_owned(),
                rule: "tentative-definition",
            });
            continue;
        }
        let span = text.span(*each)?;
        let is_unnamed = |definition: &Cursor<'u>| {
            let between =
                text.index_from(span.end as usize)..text.index_from(definition.location().offset);
            let mut between = text.tokens.get(between).unwrap_or_default().iter();
            between.all(|token| text.word(*token) != each.spelling())
        };
        // What stands before the definition can go only where no text between them names the variable.
        if index < defined && !all.get(defined).is_some_and(is_unnamed) {
            return None;
        }
        edits.push(Edit {
            at: span,
            text: String::new(),
            rule: "tentative-definition",
        });
    }
    Some(edits)
}
