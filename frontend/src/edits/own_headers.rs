//! Functions and types in the user's headers, which no edit reaches.
//!
//! What the main file would need an edit for is refused where a header is included, if the file may run it.

use clang_sys as k;
use mupac_ir::{Reason, Refusal, Span};

use super::{bit_field, ending, member_name};
use crate::clang::{Cursor, Home, Unit};
use crate::lower::walk;
use crate::text::Text;

/// Returns what the functions and types of the user's headers need.
pub(super) fn refusals<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<Refusal> {
    let functions = unit.declarations(&[Home::Header]);
    let functions =
        functions.filter(|each| each.kind() == k::CXCursor_FunctionDecl && each.is_definition());
    let mut refusals = Vec::new();
    let records = [k::CXCursor_StructDecl, k::CXCursor_UnionDecl];
    let records = unit
        .declarations(&[Home::Header])
        .filter(|each| records.contains(&each.kind()));
    for record in records {
        if let Some(name) = member_name::first_hidden(record) {
            let why =
                format!("has a member with the name of the type `{name}`, which C++ does not take");
            refusals.push(refusal(record, &why, unit));
        }
    }
    for function in functions {
        let mut why: Vec<String> = Vec::new();
        if ending::is_open(function) {
            why.push("may end without `return`, which C++ leaves undefined".to_owned());
        }
        let changes = bit_field::changes(function, text);
        if !changes.is_empty() {
            why.push("computes with a bit-field wider than `int`, in C++ with 64 bits".to_owned());
        }
        if !why.is_empty() && (!function.is_static() || is_named(function, unit)) {
            refusals.extend(why.iter().map(|why| refusal(function, why, unit)));
        }
    }
    refusals
}

fn refusal(declaration: Cursor<'_>, why: &str, unit: &Unit) -> Refusal {
    let file = declaration.file().unwrap_or_default();
    let mut inclusions = unit.inclusions().into_iter();
    let line = inclusions.find(|inclusion| inclusion.file == file);
    let at = line.map_or(Span::default(), |each| Span::new(each.line, each.line + 1));
    let name = file.rsplit('/').next().unwrap_or_default();
    let why = format!("`{}` of {name} {why}", declaration.spelling());
    Refusal::new(Reason::NeedsC { why }, at)
}

/// Returns whether any code of the user names a function outside of itself.
fn is_named(function: Cursor<'_>, unit: &Unit) -> bool {
    let mut found = false;
    for declaration in unit.declarations(&[Home::Main, Home::Header]) {
        if declaration == function {
            continue;
        }
        walk::each(declaration, |cursor| {
            let named = || cursor.referenced().map(Cursor::canonical);
            found |=
                cursor.kind() == k::CXCursor_DeclRefExpr && named() == Some(function.canonical());
        });
    }
    found
}
