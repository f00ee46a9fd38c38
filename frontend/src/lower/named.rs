//! Which functions text may call: by their own names, by symbols that labels, aliases and pragmas give them, by names in
//! literals, as `dlsym` takes them, and by what assembler says, which nobody reads here.

use std::collections::{BTreeMap, BTreeSet};

use clang_sys as k;
use mupac_ir::Span;

use crate::clang::Cursor;
use crate::text::Text;

/// What is known of the names by which functions are called.
#[derive(Default)]
pub(super) struct Named {
    /// Names and symbols that text uses, each with all its places; unknown in a header.
    used: BTreeMap<String, BTreeSet<Span>>,
    /// Symbols that are not how their functions are spelled, each with the spelling.
    spellings: Vec<(String, String)>,
    /// Symbols of functions and variables that text uses and no text that is read defines.
    pub(super) undefined: BTreeSet<String>,
    /// The first assembler, unknown in a header.
    pub(super) assembler: Option<Span>,
}

impl Named {
    /// Notes what a node of the file or of one of the user's headers names.
    pub(super) fn note(&mut self, cursor: Cursor<'_>, children: &[Cursor<'_>], text: &Text<'_>) {
        let at = || text.span(cursor).unwrap_or_default();
        match cursor.kind() {
            k::CXCursor_DeclRefExpr => self.reference(cursor, text),
            k::CXCursor_StringLiteral => self.used(cursor.spelling().trim_matches('"'), at()),
            k::CXCursor_FunctionDecl | k::CXCursor_VarDecl => {
                self.symbol(cursor, at());
                // Clang tells neither the kinds of most attributes nor their arguments, but writes them.
                if children
                    .iter()
                    .any(|each| k::CXCursor_UnexposedAttr == each.kind())
                {
                    self.attributes(cursor, at());
                }
            }
            k::CXCursor_AsmStmt | k::CXCursor_MSAsmStmt => self.assembler(at()),
            k::CXCursor_UnexposedDecl if cursor.written().contains("asm") => self.assembler(at()),
            _ => {}
        }
    }

    /// Notes a function that an expression names, and the symbol that the linker knows it by.
    pub(super) fn reference(&mut self, cursor: Cursor<'_>, text: &Text<'_>) {
        if cursor.kind() != k::CXCursor_DeclRefExpr {
            return;
        }
        let declaration = cursor.referenced();
        // What is declared without a value is defined with the file, if not by another one.
        let is_other = |each: &Cursor<'_>| match each.kind() {
            k::CXCursor_FunctionDecl => each.definition().is_none(),
            k::CXCursor_VarDecl => each.is_extern() && each.definition().is_none(),
            _ => false,
        };
        if let Some(object) = declaration.filter(is_other) {
            self.undefined.insert(object.symbol());
        }
        let is_function = |each: &Cursor<'_>| each.kind() == k::CXCursor_FunctionDecl;
        if let Some(function) = declaration.filter(is_function) {
            let at = text.span(cursor).unwrap_or_default();
            self.used(&function.spelling(), at);
            self.used(&function.symbol(), at);
        }
    }

    /// Notes the symbol of a declaration where it is another than its name, and that the library calls its own functions.
    fn symbol(&mut self, cursor: Cursor<'_>, at: Span) {
        let is_function = cursor.kind() == k::CXCursor_FunctionDecl;
        if !is_function && !cursor.is_extern() {
            return;
        }
        let (symbol, spelling) = (cursor.symbol(), cursor.spelling());
        if is_function && cursor.canonical().is_in_system_header() {
            self.used(&spelling, at);
        }
        if symbol != spelling {
            if !is_function {
                self.used(&symbol, at);
            }
            self.spellings.push((symbol, spelling));
        }
    }

    /// Notes all that the attributes of a declaration name; constructors and destructors run unasked.
    fn attributes(&mut self, cursor: Cursor<'_>, at: Span) {
        let written = cursor.written();
        let is_part = |each: char| each.is_alphanumeric() || each == '_';
        for (open, close) in [("__attribute__((", "))"), ("[[", "]]")] {
            for rest in written.split(open).skip(1) {
                let attribute = rest.split_once(close).map_or(rest, |(inner, _)| inner);
                for word in attribute.split(|each| !is_part(each)) {
                    self.used(word, at);
                    if ["constructor", "destructor"].contains(&word) {
                        self.used(&cursor.spelling(), at);
                    }
                }
            }
        }
    }

    fn assembler(&mut self, at: Span) {
        self.assembler = Some(self.assembler.map_or(at, |first| first.min(at)));
    }

    fn used(&mut self, name: &str, at: Span) {
        self.used.entry(name.to_owned()).or_default().insert(at);
    }

    /// Returns the functions that are named, by their spellings too where only their symbols are.
    pub(super) fn functions(mut self) -> BTreeMap<String, BTreeSet<Span>> {
        for (symbol, spelling) in std::mem::take(&mut self.spellings) {
            for at in self.used.get(&symbol).cloned().unwrap_or_default() {
                self.used(&spelling, at);
            }
        }
        self.used
    }
}
