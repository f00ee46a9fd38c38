//! Names that are keywords of C++.
//!
//! Rule `keyword-name`: a local, parameter or label gets a name of its own, everywhere in the file.

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
pub(super) fn is_reserved(name: &str) -> bool {
    CPP_KEYWORDS.contains(&name)
}

/// Returns whether a declaration is known to its function alone.
pub(super) fn is_local(cursor: Cursor<'_>) -> bool {
    match cursor.kind() {
        k::CXCursor_ParmDecl | k::CXCursor_LabelStmt => true,
        k::CXCursor_VarDecl => {
            !cursor.is_extern()
                && cursor
                    .parent()
                    .is_some_and(|parent| parent.kind() == k::CXCursor_FunctionDecl)
        }
        _ => false,
    }
}

/// Returns the edits that rename; `None` where a macro mentions the name or the new one is taken.
pub(super) fn edits(name: &str, text: &Text<'_>) -> Option<Vec<Edit>> {
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

/// Gives the variables of the module the names that they have in the edited text.
pub(crate) fn rename(module: &mut Module) {
    let renamed: BTreeSet<String> = module
        .edits
        .iter()
        .filter(|edit| edit.rule == RULE)
        .map(|edit| module.source.slice(edit.at).to_owned())
        .collect();
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
