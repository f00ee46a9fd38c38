//! Variables of file scope that are declared more than once.
//!
//! C takes `int x;` for a definition only where no other follows (C17 6.9.2), C++ always.
//! Rule `tentative-definition`: all but one of them become `extern`; a repeated `static` one without a value goes.

use std::collections::BTreeMap;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Home, Unit};
use crate::text::Text;

/// Returns, for each variable that C++ would define twice, its second declaration and the edits, where there are any.
pub(super) fn edits<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<(Cursor<'u>, Option<Vec<Edit>>)> {
    let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut declarations: BTreeMap<usize, Vec<Cursor<'u>>> = BTreeMap::new();
    for cursor in unit.declarations(&[Home::Main]) {
        let is_variable = cursor.kind() == k::CXCursor_VarDecl;
        if !is_variable || cursor.is_extern() {
            continue;
        }
        *starts.entry(cursor.start().offset).or_default() += 1;
        let first = cursor.canonical().location().offset;
        declarations.entry(first).or_default().push(cursor);
    }
    let is_alone = |cursor: &Cursor<'u>| {
        let start = cursor.start();
        !start.is_macro && starts.get(&start.offset) == Some(&1)
    };
    let repeated = declarations.into_values().filter(|all| all.len() > 1);
    repeated
        .filter_map(|all| {
            let second = *all.get(1)?;
            Some((second, one_definition(&all, &is_alone, text)))
        })
        .collect()
}

/// Keeps the declaration with the value, else the first of them.
fn one_definition<'u>(
    all: &[Cursor<'u>],
    is_alone: &dyn Fn(&Cursor<'u>) -> bool,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let defined = all
        .iter()
        .position(|each| each.initializer().is_some())
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
        // What stands before the definition cannot go: text between them may name the variable.
        let span = text.span(*each).filter(|_| index > defined)?;
        edits.push(Edit {
            at: span,
            text: String::new(),
            rule: "tentative-definition",
        });
    }
    Some(edits)
}
