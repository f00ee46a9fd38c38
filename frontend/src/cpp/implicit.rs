//! Functions that are called without a declaration.
//!
//! Rule `implicit-declaration`: C takes a name that is called and unknown for a function that returns `int` (C90 3.3.2.2).
//! It is declared before its first use: as it is defined further down, or else with `...`.

use clang_sys as k;
use mupac_ir::{Edit, Refusal, Span};

use super::Original;
use crate::clang::Cursor;
use crate::edits::{linkage, old_style};
use crate::lower::walk;

/// Returns the declarations of what C++ does not know and C takes for a function.
pub(super) fn edits(original: &Original<'_>, errors: &[Refusal]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    if errors.is_empty() {
        return edits;
    }
    let mut known: Vec<String> = Vec::new();
    for declaration in linkage::declarations(original.unit) {
        walk::each(declaration, |cursor| {
            let is_unknown = cursor.kind() == k::CXCursor_DeclRefExpr
                && errors
                    .iter()
                    .any(|error| error.at.start as usize == cursor.start().offset);
            let function = cursor.referenced().filter(|_| is_unknown);
            let Some(function) = function.filter(|each| is_implicit(*each)) else {
                return;
            };
            let name = function.spelling();
            if !known.contains(&name)
                && let Some(text) = declared(function, original)
            {
                let at = original.text.declaration_start(declaration.start().offset);
                edits.push(Edit {
                    at: Span::new(at, at),
                    text,
                    rule: "implicit-declaration",
                });
                known.push(name);
            }
        });
    }
    edits
}

/// Returns the edit that makes an `int` of what a call returns, as C has it for a function that nothing declares.
///
/// The functions of C's headers return integers in one register, of which an `int` is the lower half (System V ABI,
/// AMD64, 3.2.3; AAPCS64 6.9).
pub(super) fn result(call: Cursor<'_>) -> Option<Vec<Edit>> {
    let start = call.start();
    let function = call.referenced().filter(|each| is_implicit(*each))?;
    let is_plain = function.definition().is_none() && start.is_main && !start.is_macro;
    is_plain.then(|| {
        vec![Edit {
            at: Span::new(start.offset, start.offset),
            text: "(int)".to_owned(),
            rule: "implicit-declaration",
        }]
    })
}

/// Returns whether nothing but its use declares a function before that.
pub(super) fn is_implicit(function: Cursor<'_>) -> bool {
    function.kind() == k::CXCursor_FunctionDecl
        && old_style::takes_anything(function.canonical())
        && !function.canonical().is_definition()
}

/// Returns the declaration, on a line of its own.
fn declared(function: Cursor<'_>, original: &Original<'_>) -> Option<String> {
    let name = function.spelling();
    let Some(defined) = function.definition() else {
        return Some(format!("extern \"C\" int {name}(...);\n"));
    };
    let storage = match (defined.is_static(), original.is_whole_program) {
        (true, _) => "static ",
        (false, true) => "",
        (false, false) => "extern \"C\" ",
    };
    let parameters = old_style::parameter_list(defined, original.text, false)?;
    Some(format!("{storage}int {name}({parameters});\n"))
}
