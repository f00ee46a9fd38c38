//! Names that are keywords of C++.
//!
//! Rule `keyword-name`: a local, parameter, label, field or type gets a name of its own, everywhere in the file.

use std::collections::BTreeSet;

use clang_sys as k;
use mupac_ir::{Edit, Module, Span, Storage};

use crate::clang::{Cursor, TokenKind};
use crate::text::Text;

const RULE: &str = "keyword-name";

/// Keywords of C++ that are plain names in C.
const CPP_KEYWORDS: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "bitand",
    "bitor",
    "bool",
    "catch",
    "char16_t",
    "char32_t",
    "class",
    "compl",
    "const_cast",
    "constexpr",
    "decltype",
    "delete",
    "dynamic_cast",
    "explicit",
    "export",
    "false",
    "friend",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "reinterpret_cast",
    "static_assert",
    "static_cast",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typeid",
    "typename",
    "using",
    "virtual",
    "wchar_t",
    "xor",
    "xor_eq",
];

/// Returns whether C++ reserves a name.
pub(crate) fn is_reserved(name: &str) -> bool {
    CPP_KEYWORDS.contains(&name)
}

/// Returns whether a declaration is known to its file alone, and no name of a program that is tested.
pub(super) fn is_local(cursor: Cursor<'_>) -> bool {
    match cursor.kind() {
        k::CXCursor_ParmDecl
        | k::CXCursor_LabelStmt
        | k::CXCursor_FieldDecl
        | k::CXCursor_StructDecl
        | k::CXCursor_UnionDecl
        | k::CXCursor_EnumDecl
        | k::CXCursor_EnumConstantDecl
        | k::CXCursor_TypedefDecl => true,
        k::CXCursor_VarDecl => {
            !cursor.is_extern()
                && cursor
                    .parent()
                    .is_some_and(|parent| parent.kind() == k::CXCursor_FunctionDecl)
        }
        _ => false,
    }
}

/// Types of C++ that a header of C's library gives the same name.
const SHARED: &[&str] = &["bool", "char16_t", "char32_t", "wchar_t"];

/// Returns the spelling of a type of C with the names that its parts have in the edited text.
pub(super) fn renamed(spelling: &str) -> String {
    let words = spelling.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
    let mut renamed = String::new();
    for piece in words {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
        renamed.push_str(word);
        if is_reserved(word) && !SHARED.contains(&word) {
            renamed.push('_');
        }
        renamed.push_str(&piece[word.len()..]);
    }
    renamed
}

/// Returns whether a name of the edited text is that of a name that C++ reserves.
pub(crate) fn is_renamed(name: &str, renamed: &str) -> bool {
    is_reserved(name) && renamed.strip_suffix('_') == Some(name)
}

/// Returns the edits that rename; `None` where a macro mentions the name or the new one is taken.
pub(crate) fn edits(name: &str, text: &Text<'_>) -> Option<Vec<Edit>> {
    let renamed = format!("{name}_");
    let mut edits = Vec::new();
    for token in &text.tokens {
        let word = text.word(*token);
        if word == renamed || (word == name && token.is_directive) {
            return None;
        }
        if word == name && token.kind == TokenKind::Identifier {
            edits.push(Edit {
                at: Span::new(token.start, token.end),
                text: renamed.clone(),
                rule: RULE,
            });
        }
    }
    Some(edits)
}

/// Gives the variables and fields of the module the names that they have in the edited text.
pub(crate) fn rename(module: &mut Module) {
    let renamed: BTreeSet<String> = module
        .edits
        .iter()
        .filter(|edit| edit.rule == RULE)
        .map(|edit| module.source.slice(edit.at).to_owned())
        .collect();
    let records: Vec<_> = module.records.iter().map(|(handle, _)| handle).collect();
    for record in records {
        for field in &mut module.records[record].fields {
            if renamed.contains(&field.name) {
                field.name.push('_');
            }
        }
    }
    let functions: Vec<_> = module.functions.iter().map(|(handle, _)| handle).collect();
    for function in functions {
        let function = &mut module.functions[function];
        let vars: Vec<_> = function.vars.iter().map(|(handle, _)| handle).collect();
        for var in vars {
            let var = &mut function.vars[var];
            let is_own = match var.storage {
                Storage::Parameter | Storage::Local | Storage::Static => true,
                Storage::Global => false,
            };
            if is_own && renamed.contains(&var.spelling) {
                var.spelling.push('_');
            }
        }
    }
}
