//! Names that are keywords of C++, or that nvcc's own declarations take.
//!
//! Rule `keyword-name`: what no other file knows by its name gets another one, everywhere in the file.

use std::collections::BTreeMap;

use clang_sys as k;
use mupac_ir::{Edit, Expr, ExprKind, Function, Module, RENAMING, Span, Stmt, structure};

use crate::clang::{Cursor, TokenKind};
use crate::edits::cast::passes_on;
use crate::text::Text;

/// Keywords of C that C++ spells differently.
const KEYWORDS: &[(&str, &str)] = &[
    ("restrict", "__restrict__"),
    ("_Bool", "bool"),
    ("_Static_assert", "static_assert"),
    ("_Noreturn", "__attribute__((__noreturn__))"),
    ("_Alignas", "alignas"),
    ("_Alignof", "alignof"),
    ("_Thread_local", "thread_local"),
];

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

/// Variables that CUDA declares, which a runtime may define as macros: nothing else can have such a name, in no scope.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Built-in Variables”.
const CUDA_VARIABLES: &[&str] = &["blockDim", "blockIdx", "gridDim", "threadIdx", "warpSize"];

/// Returns a keyword of C that C++ spells differently, and its spelling there.
pub(crate) fn in_cpp(word: &str) -> Option<(&'static str, &'static str)> {
    KEYWORDS.iter().copied().find(|(ours, _)| *ours == word)
}

/// Returns a type as C spells it with the keywords of C++.
pub(crate) fn respelled(ty: &str) -> String {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut out = String::new();
    for piece in ty.split_inclusive(|letter| !is_of_word(letter)) {
        let word = piece.trim_end_matches(|letter| !is_of_word(letter));
        out.push_str(in_cpp(word).map_or(word, |(_, theirs)| theirs));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// Returns whether C++ or CUDA reserves a name.
pub(crate) fn is_reserved(name: &str) -> bool {
    CPP_KEYWORDS.contains(&name) || CUDA_VARIABLES.contains(&name)
}

/// Says why a name cannot stay.
pub(crate) fn reserved(name: &str) -> String {
    if CUDA_VARIABLES.contains(&name) {
        format!("`{name}` is a variable of CUDA's own")
    } else {
        format!("`{name}` is a keyword of C++ and no name")
    }
}

/// Returns whether no other file can know a declaration by its name.
pub(crate) fn is_own(cursor: Cursor<'_>, is_whole_program: bool) -> bool {
    match cursor.kind() {
        k::CXCursor_ParmDecl
        | k::CXCursor_LabelStmt
        | k::CXCursor_FieldDecl
        | k::CXCursor_StructDecl
        | k::CXCursor_UnionDecl
        | k::CXCursor_EnumDecl
        | k::CXCursor_EnumConstantDecl
        | k::CXCursor_TypedefDecl => true,
        k::CXCursor_VarDecl | k::CXCursor_FunctionDecl => {
            let is_local = cursor.kind() == k::CXCursor_VarDecl
                && !cursor.is_extern()
                && cursor
                    .parent()
                    .is_some_and(|parent| parent.kind() == k::CXCursor_FunctionDecl);
            let is_defined = cursor.definition().is_some() || !cursor.is_extern();
            is_local
                || cursor.canonical().is_static()
                || (is_whole_program && is_defined && cursor.canonical().location().is_main)
        }
        _ => false,
    }
}

/// Types of C++ that a header of C's library gives the same name.
const SHARED: &[&str] = &["bool", "char16_t", "char32_t", "wchar_t"];

/// Returns the spelling of a type of C with the names that its parts have in the edited text.
pub(crate) fn renamed(spelling: &str) -> String {
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

/// Returns whether a name of the edited text may stand for a name of the original; a file that has both is not renamed.
pub(crate) fn is_renamed(name: &str, renamed: &str) -> bool {
    renamed.strip_suffix('_') == Some(name)
}

/// Returns whether every macro around a place uses its arguments as they are, so that none of them prints a name.
fn keeps_arguments(text: &Text<'_>, offset: usize) -> bool {
    text.macros_around(offset).all(|name| {
        text.only_definition(name).is_some_and(|definition| {
            definition.is_of_system || passes_on(text, &definition.tokens)
        })
    })
}

/// Returns the name that takes the place of another.
pub(crate) fn renaming(name: &str) -> String {
    format!("{name}_")
}

/// Returns the edits that rename; `None` where a macro mentions or prints the name, or the new one is taken.
pub(crate) fn edits(name: &str, text: &Text<'_>) -> Option<Vec<Edit>> {
    let renamed = renaming(name);
    let mut edits = Vec::new();
    for token in &text.tokens {
        let word = text.word(*token);
        if word == renamed || (word == name && token.is_directive) {
            return None;
        }
        if word == name && token.kind == TokenKind::Identifier {
            if !keeps_arguments(text, token.start) {
                return None;
            }
            edits.push(Edit {
                at: Span::new(token.start, token.end),
                text: renamed.clone(),
                rule: RENAMING,
            });
        }
    }
    Some(edits)
}

/// Gives structures, variables, fields and functions of the module the names that they have in the edited text.
pub(crate) fn rename(module: &mut Module) {
    let renamed = module.renamed();
    if renamed.is_empty() {
        return;
    }
    let records: Vec<_> = module.records.iter().map(|(handle, _)| handle).collect();
    for record in records {
        let record = &mut module.records[record];
        // `struct pair`, or the name of a type definition.
        let (tag, name) = match record.name.rsplit_once(' ') {
            Some((tag, name)) => (format!("{tag} "), name),
            None => (String::new(), record.name.as_str()),
        };
        if let Some(other) = renamed.get(name) {
            record.name = tag + other;
        }
        for field in &mut record.fields {
            replace(&renamed, &mut field.name);
        }
    }
    let functions: Vec<_> = module.functions.iter().map(|(handle, _)| handle).collect();
    for function in functions {
        rename_function(&renamed, &mut module.functions[function]);
    }
}

fn rename_function(renamed: &BTreeMap<String, String>, function: &mut Function) {
    replace(renamed, &mut function.name);
    let vars: Vec<_> = function.vars.iter().map(|(handle, _)| handle).collect();
    for var in vars {
        replace(renamed, &mut function.vars[var].spelling);
    }
    let exprs: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
    for expr in exprs {
        let Expr { kind, spelling, .. } = &mut function.exprs[expr];
        if let ExprKind::Call(callee, _) = kind {
            replace(renamed, callee);
        }
        if let Some(spelling) = spelling {
            replace(renamed, spelling);
        }
    }
    rename_calls(renamed, &mut function.body);
}

fn rename_calls(renamed: &BTreeMap<String, String>, block: &mut [Stmt]) {
    for stmt in block {
        if let Stmt::Call(call) = stmt {
            replace(renamed, &mut call.callee);
        }
        for inner in structure::blocks_mut(stmt) {
            rename_calls(renamed, inner);
        }
    }
}

fn replace(renamed: &BTreeMap<String, String>, name: &mut String) {
    if let Some(other) = renamed.get(name) {
        name.clone_from(other);
    }
}
