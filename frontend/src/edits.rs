//! What C++ forces to change in the user's text, and what it has no words for.
//!
//! Each rule is computed from clang's C tree and names an exact place; nothing here reads a loop's meaning.
//! Rules: `pointer-cast` and `enum-cast` (C converts in silence, C++ does not), `keyword` (`restrict`, `_Bool`, …),
//! `array-qualifier` (`a[static 4]`).

use std::collections::HashMap;

use clang_sys as k;
use mupac_ir::{Edit, Reason, Refusal, Span};

use crate::clang::{Cursor, TokenKind, Unit};
use crate::lower::{declare, types, walk};
use crate::text::Text;

/// Keywords of C that C++ spells differently.
const KEYWORDS: &[(&str, &str)] = &[
    ("restrict", "__restrict__"),
    ("_Bool", "bool"),
    ("_Static_assert", "static_assert"),
    ("_Noreturn", "[[noreturn]]"),
    ("_Alignas", "alignas"),
    ("_Alignof", "alignof"),
    ("_Thread_local", "thread_local"),
];

/// Keywords of C for which C++ has nothing.
const C_ONLY: &[&str] = &["_Complex", "_Generic", "_Atomic", "_Imaginary"];

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

/// Returns the edits by place, and the constructs that no edit replaces.
pub(crate) fn find<'u>(unit: &'u Unit, text: &Text<'u>) -> (Vec<Edit>, Vec<Refusal>) {
    let mut finder = Finder {
        text,
        edits: Vec::new(),
        needs_c: Vec::new(),
        definitions: HashMap::new(),
    };
    finder.tokens();
    for cursor in unit.root().children() {
        if cursor.is_declaration() && cursor.location().is_main {
            walk::each(cursor, |cursor| finder.node(cursor));
        }
    }
    finder
        .edits
        .sort_by(|a, b| (a.at, &a.text).cmp(&(b.at, &b.text)));
    finder.edits.dedup();
    finder.needs_c.sort_by_key(|refusal| refusal.at);
    (finder.edits, finder.needs_c)
}

struct Finder<'t, 'u> {
    text: &'t Text<'u>,
    edits: Vec<Edit>,
    needs_c: Vec<Refusal>,
    /// How often each variable of file scope is declared so that C++ would define it.
    definitions: HashMap<Cursor<'u>, usize>,
}

impl<'u> Finder<'_, 'u> {
    /// Applies the rules that need no tree.
    fn tokens(&mut self) {
        let mut previous = "";
        for token in &self.text.tokens {
            let word = self.text.word(*token);
            let span = Span::new(token.start, token.end);
            if token.kind == TokenKind::Keyword && !self.text.is_macro(word) {
                let replacement = KEYWORDS.iter().find(|(ours, _)| *ours == word);
                if previous == "[" && ["restrict", "static", "const", "volatile"].contains(&word) {
                    self.edit(span, String::new(), "array-qualifier");
                } else if let Some((_, replacement)) = replacement {
                    self.edit(span, (*replacement).to_owned(), "keyword");
                } else if C_ONLY.contains(&word) {
                    self.refuse(format!("`{word}` in C++"), span);
                }
            }
            previous = word;
        }
    }

    fn node(&mut self, cursor: Cursor<'u>) {
        match cursor.kind() {
            k::CXCursor_UnexposedExpr => {
                if let Some(operand) = walk::implicit_operand(cursor) {
                    self.conversion(cursor, operand);
                }
            }
            k::CXCursor_VarDecl | k::CXCursor_ParmDecl | k::CXCursor_FieldDecl => {
                self.variable(cursor);
            }
            k::CXCursor_FunctionDecl => self.function(cursor),
            k::CXCursor_StructDecl
            | k::CXCursor_UnionDecl
            | k::CXCursor_EnumDecl
            | k::CXCursor_EnumConstantDecl
            | k::CXCursor_TypedefDecl
            | k::CXCursor_LabelStmt => self.name(cursor),
            _ => {}
        }
    }

    /// Refuses names that C++ reserves.
    fn name(&mut self, cursor: Cursor<'u>) {
        let name = cursor.spelling();
        if CPP_KEYWORDS.contains(&name.as_str()) && !self.text.is_macro(&name) {
            self.refuse(
                format!("the C++ keyword `{name}` used as a name"),
                self.at(cursor),
            );
        }
    }

    fn variable(&mut self, cursor: Cursor<'u>) {
        self.name(cursor);
        if declare::has_variable_extent(cursor.ty()) {
            self.refuse("a variable-length array in C++".to_owned(), self.at(cursor));
        }
        let is_file_scope = cursor
            .parent()
            .is_some_and(|parent| parent.kind() == k::CXCursor_TranslationUnit);
        if cursor.kind() == k::CXCursor_VarDecl && is_file_scope && !cursor.is_extern() {
            let count = self.definitions.entry(cursor.canonical()).or_insert(0);
            *count += 1;
            if *count == 2 {
                self.refuse(
                    "a variable defined twice in C++".to_owned(),
                    self.at(cursor),
                );
            }
        }
    }

    fn function(&mut self, cursor: Cursor<'u>) {
        self.name(cursor);
        let has_parameters = cursor
            .children()
            .iter()
            .any(|child| child.kind() == k::CXCursor_ParmDecl);
        if has_parameters && cursor.ty().canonical().kind() == k::CXType_FunctionNoProto {
            self.refuse(
                "a parameter list in the old style in C++".to_owned(),
                self.at(cursor),
            );
        }
    }

    /// Writes out a conversion that C++ does not perform by itself.
    fn conversion(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) {
        let (to, from) = (cursor.ty(), operand.ty());
        let is_enum =
            to.canonical().kind() == k::CXType_Enum && from.canonical().kind() != k::CXType_Enum;
        let is_pointer = types::is_pointer(to)
            && types::is_pointer(from)
            && !declare::has_variable_extent(to)
            && !is_pointer_conversion_in_cpp(cursor, operand);
        if is_enum || is_pointer {
            self.cast(
                cursor,
                operand,
                if is_enum { "enum-cast" } else { "pointer-cast" },
            );
        }
    }

    /// Inserts a cast to the conversion's type before its operand.
    fn cast(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>, rule: &'static str) {
        let start = operand.start();
        if !start.is_main {
            return;
        }
        let spelling = cursor.ty().unqualified().spelling();
        let at = Span::new(start.offset, start.offset);
        if start.is_macro {
            match self.macro_call(operand) {
                MacroUse::System => {}
                MacroUse::WholeCall => self.edit(at, format!("({spelling})"), rule),
                MacroUse::Other => self.refuse(
                    "a conversion that C++ wants written, inside a macro".to_owned(),
                    at,
                ),
            }
            return;
        }
        if binds_tighter_than_cast(operand) {
            self.edit(at, format!("({spelling})"), rule);
            return;
        }
        match self.text.end_offset(operand.end()) {
            Some(end) => {
                self.edit(at, format!("({spelling})("), rule);
                self.edit(Span::new(end, end), ")".to_owned(), rule);
            }
            None => self.refuse(
                "a conversion that C++ wants written, inside a macro".to_owned(),
                at,
            ),
        }
    }

    /// Says how an operand comes from a macro: of a system header, which adapts itself to C++; as one whole call, which
    /// a cast may stand before; or otherwise.
    fn macro_call(&self, operand: Cursor<'u>) -> MacroUse {
        let start = operand.start();
        let Some(token) = self.text.at(start.offset) else {
            return MacroUse::Other;
        };
        let Some(definition) = self.text.only_definition(self.text.word(token)) else {
            // Headers define `NULL` more than once.
            return if self.text.word(token) == "NULL" {
                MacroUse::System
            } else {
                MacroUse::Other
            };
        };
        if definition.is_in_system_header() {
            return MacroUse::System;
        }
        let tokens = definition.written_tokens();
        let is_call = operand.kind() == k::CXCursor_CallExpr
            && tokens.iter().any(|(_, _, offset)| *offset == start.spelled)
            && tokens.last().is_some_and(|(_, word, _)| word == ")")
            && body_start(&tokens, definition.is_function_like_macro()) == Some(start.spelled)
            && is_one_call(&tokens, start.spelled);
        if is_call {
            MacroUse::WholeCall
        } else {
            MacroUse::Other
        }
    }

    fn at(&self, cursor: Cursor<'u>) -> Span {
        let location = cursor.location();
        let token = self.text.at(location.offset).filter(|_| location.is_main);
        token.map_or_else(
            || self.text.span(cursor).unwrap_or_default(),
            |token| Span::new(token.start, token.end),
        )
    }

    fn edit(&mut self, at: Span, text: String, rule: &'static str) {
        self.edits.push(Edit { at, text, rule });
    }

    fn refuse(&mut self, construct: String, at: Span) {
        self.needs_c
            .push(Refusal::new(Reason::Unsupported { construct }, at));
    }
}

/// How an expression comes from a macro.
enum MacroUse {
    System,
    WholeCall,
    Other,
}

/// Returns the offset of the first token of a macro's body.
fn body_start(tokens: &[(TokenKind, String, usize)], is_function_like: bool) -> Option<usize> {
    let body = if is_function_like {
        tokens.iter().position(|(_, word, _)| word == ")")? + 1
    } else {
        1
    };
    tokens.get(body).map(|(_, _, offset)| *offset)
}

/// Returns whether the tokens from `start` are a name and one pair of parentheses to the end.
fn is_one_call(tokens: &[(TokenKind, String, usize)], start: usize) -> bool {
    let body: Vec<&str> = tokens
        .iter()
        .skip_while(|(_, _, offset)| *offset != start)
        .map(|(_, word, _)| word.as_str())
        .collect();
    let [_, rest @ ..] = body.as_slice() else {
        return false;
    };
    let mut depth = 0_i64;
    rest.first() == Some(&"(")
        && rest.iter().enumerate().all(|(index, word)| {
            match *word {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth > 0 || index + 1 == rest.len()
        })
}

/// Returns whether C++ converts one pointer to the other by itself: to the same type with more `const`, or to `void`.
///
/// **Source**: C++17 7.3.5 and 7.3.11.
fn is_pointer_conversion_in_cpp(to: Cursor<'_>, from: Cursor<'_>) -> bool {
    let (to, from) = (
        to.ty().canonical().pointee(),
        from.ty().canonical().pointee(),
    );
    let loses_qualifier = (types::is_const(from) && !types::is_const(to))
        || (types::is_volatile(from) && !types::is_volatile(to));
    let is_widened =
        to.unqualified().kind() == k::CXType_Void || to.unqualified().is_same(from.unqualified());
    is_widened && !loses_qualifier
}

/// Returns whether a cast may stand before the expression without parentheses.
fn binds_tighter_than_cast(mut cursor: Cursor<'_>) -> bool {
    while let Some(inner) = walk::implicit_operand(cursor) {
        cursor = inner;
    }
    matches!(
        cursor.kind(),
        k::CXCursor_CallExpr
            | k::CXCursor_DeclRefExpr
            | k::CXCursor_MemberRefExpr
            | k::CXCursor_ArraySubscriptExpr
            | k::CXCursor_ParenExpr
            | k::CXCursor_CStyleCastExpr
            | k::CXCursor_UnaryOperator
            | k::CXCursor_IntegerLiteral
    )
}
