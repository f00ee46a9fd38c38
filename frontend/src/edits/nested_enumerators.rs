//! Constants of enumerations that are declared inside a structure: in C they belong to the file, in C++ to the structure.
//!
//! Rule `nested-enumerator`: outside of it the structure's name comes before theirs.

use std::collections::HashMap;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Home, Unit};
use crate::lower::walk;
use crate::text::Text;

/// Returns the edits of a file.
pub(super) fn edits<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<Edit> {
    let owners = owners(unit);
    let mut edits = Vec::new();
    if owners.is_empty() {
        return edits;
    }
    for declaration in unit.declarations(&[Home::Main]) {
        walk::each(declaration, |cursor| {
            let constant = (cursor.kind() == k::CXCursor_DeclRefExpr)
                .then(|| cursor.referenced())
                .flatten();
            let owner = constant.and_then(|constant| owners.get(&constant));
            let start = cursor.start();
            let is_plain = start.is_main && !start.is_macro;
            if let Some(owner) = owner.filter(|owner| is_plain && !owner.holds(start.offset, text))
            {
                edits.push(Edit {
                    at: Span::new(start.offset, start.offset),
                    text: format!("{}::", owner.name),
                    rule: "nested-enumerator",
                });
            }
        });
    }
    edits
}

/// The structure that constants belong to in C++.
#[derive(Clone)]
struct Owner<'u> {
    name: String,
    record: Cursor<'u>,
}

impl<'u> Owner<'u> {
    /// Returns whether a place of the file lies inside of it.
    fn holds(&self, offset: usize, text: &Text<'u>) -> bool {
        let span = text.span(self.record);
        span.is_some_and(|span| span.range().contains(&offset))
    }
}

/// Returns the constants that belong to structures with a name.
fn owners(unit: &Unit) -> HashMap<Cursor<'_>, Owner<'_>> {
    let mut owners = HashMap::new();
    let mut names: HashMap<Cursor<'_>, String> = HashMap::new();
    for declaration in unit.declarations(&[Home::Header, Home::Main]) {
        if declaration.kind() == k::CXCursor_TypedefDecl {
            let record = declaration.ty().canonical().declaration();
            names.insert(record, declaration.spelling());
        }
    }
    for record in unit.declarations(&[Home::Header, Home::Main]) {
        if ![k::CXCursor_StructDecl, k::CXCursor_UnionDecl].contains(&record.kind()) {
            continue;
        }
        let tag = record.spelling();
        let is_nameless = tag.is_empty() || tag.contains('(');
        let name = if is_nameless {
            names.get(&record).cloned()
        } else {
            Some(tag)
        };
        let Some(name) = name else {
            continue;
        };
        let inside = record.children().into_iter();
        for enumeration in inside.filter(|each| each.kind() == k::CXCursor_EnumDecl) {
            for constant in enumeration.children() {
                let owner = Owner {
                    name: name.clone(),
                    record,
                };
                owners.insert(constant, owner);
            }
        }
    }
    owners
}
