//! Members that take the name of a type which their structure names: `typedef struct … list; struct a { list *list; };`. In C
//! members have a name space of their own (C17 6.2.3), in C++ the name would change its meaning.
//!
//! Rule `member-name`: the type is named as that of the file, `::list *list;`.

use std::collections::BTreeSet;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::lower::walk;

/// Returns the edits of a structure or union; `None` where a macro names the type, or a function declares it.
pub(super) fn edits(record: Cursor<'_>) -> Option<Vec<Edit>> {
    let named = hidden(record).into_iter().map(|named| {
        let start = named.start();
        let parent = named.referenced()?.parent()?;
        let is_of_file = parent.kind() == k::CXCursor_TranslationUnit;
        let is_plain = start.is_main && !start.is_macro;
        (is_plain && is_of_file).then(|| Edit {
            at: Span::new(start.offset, start.offset),
            text: "::".to_owned(),
            rule: "member-name",
        })
    });
    named.collect()
}

/// Returns where a structure or union names types whose names its own members take.
fn hidden(record: Cursor<'_>) -> Vec<Cursor<'_>> {
    let members = members(record);
    let mut named = Vec::new();
    walk::each(record, |each| {
        let is_typedef = |of: Cursor<'_>| of.kind() == k::CXCursor_TypedefDecl;
        if each.kind() == k::CXCursor_TypeRef
            && members.contains(&each.spelling())
            && each.referenced().is_some_and(is_typedef)
        {
            named.push(each);
        }
    });
    named
}

/// Returns the names of members, with those of structures and unions that are members without a name.
fn members(record: Cursor<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for each in record.children() {
        if each.kind() == k::CXCursor_FieldDecl {
            names.insert(each.spelling());
        } else if each.is_anonymous_record() {
            names.append(&mut members(each));
        }
    }
    names
}

/// Returns the first name of a type that a member takes, in any of the structures of a declaration.
pub(super) fn first_hidden(declaration: Cursor<'_>) -> Option<String> {
    let mut found = None;
    walk::each(declaration, |each| {
        let kinds = [k::CXCursor_StructDecl, k::CXCursor_UnionDecl];
        if found.is_none() && kinds.contains(&each.kind()) {
            found = hidden(each).first().map(|named| named.spelling());
        }
    });
    found
}
