//! The main file as tokens: where statements end, how brackets match, which text comes from macros.
//!
//! Clang's tree drops empty `for` slots and final semicolons; this module finds them again.
//! It knows nothing of what the text means.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use clang_sys as k;
use mupac_ir::Span;

use crate::clang::{Cursor, Home, Position, TokenKind, Unit};
use crate::macros::{self, Definition, Macros};

/// A token of the main file that is not a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Whether it stands on a preprocessor line.
    pub(crate) is_directive: bool,
}

/// The main file's text, tokens and macros.
pub(crate) struct Text<'u> {
    /// The whole text.
    pub(crate) source: &'u str,
    /// Its tokens, without comments.
    pub(crate) tokens: Vec<Token>,
    /// Main-file offset of a macro's name where it is expanded, to the end of that use with its arguments.
    expansions: BTreeMap<usize, usize>,
    /// Every definition of every macro, in order.
    definitions: HashMap<String, Vec<Cursor<'u>>>,
    /// The macros of headers that are not read anew.
    behind: Macros,
    /// Offsets of the `#include` lines.
    includes: Vec<usize>,
    /// What the preprocessor leaves out, from one directive to another.
    skipped: Vec<Range<usize>>,
    /// Where the declarations of the outermost level end, in order.
    ends: Vec<usize>,
}

impl<'u> Text<'u> {
    /// Reads tokens and preprocessing entities of the unit, which stands behind headers that define further macros.
    pub(crate) fn new(source: &'u str, unit: &'u Unit, behind: Macros) -> Self {
        let mut text = Self {
            source,
            tokens: mark_directives(source, unit),
            expansions: BTreeMap::new(),
            definitions: HashMap::new(),
            behind,
            includes: Vec::new(),
            skipped: unit.skipped(),
            ends: Vec::new(),
        };
        for cursor in unit.directives() {
            match cursor.kind() {
                k::CXCursor_MacroDefinition => {
                    text.definitions
                        .entry(cursor.spelling())
                        .or_default()
                        .push(cursor);
                }
                k::CXCursor_MacroExpansion => {
                    let (start, end) = (cursor.start(), cursor.end());
                    if start.is_main && end.is_main {
                        let last = text.expansions.entry(start.offset).or_default();
                        *last = (*last).max(end.offset);
                    }
                }
                k::CXCursor_InclusionDirective if cursor.start().is_main => {
                    text.includes.push(cursor.start().offset);
                }
                _ => {}
            }
        }
        let declarations = unit.declarations(&[Home::Main]);
        let ends = declarations.filter_map(|each| text.end_offset(each.end()));
        text.ends = ends.collect();
        text.ends.sort_unstable();
        text
    }

    /// Returns the text of a token.
    pub(crate) fn word(&self, token: Token) -> &'u str {
        self.source.get(token.start..token.end).unwrap_or("")
    }

    /// Returns the index of the first token at or after `offset`.
    pub(crate) fn index_from(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.start < offset)
    }

    /// Returns the token that begins at `offset`.
    pub(crate) fn at(&self, offset: usize) -> Option<Token> {
        self.tokens
            .get(self.index_from(offset))
            .copied()
            .filter(|token| token.start == offset)
    }

    /// Returns whether `word` begins at `offset`, as written and not on a preprocessor line.
    pub(crate) fn is_word_at(&self, offset: usize, word: &str) -> bool {
        self.at(offset)
            .is_some_and(|token| !token.is_directive && self.word(token) == word)
    }

    /// Returns the index of the bracket that closes the one at `open`, if no preprocessor line lies between.
    pub(crate) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            if token.is_directive {
                return None;
            }
            match self.word(*token) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(index);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Returns where the end of a node stands in the main file; the end of the macro's use, if it comes from one.
    pub(crate) fn end_offset(&self, end: Position) -> Option<usize> {
        if !end.is_main {
            return None;
        }
        if !end.is_macro {
            return Some(end.offset);
        }
        Some(
            self.expansions
                .get(&end.offset)
                .copied()
                .unwrap_or(end.offset),
        )
    }

    /// Returns the node's range in the main file, macros by their use; `None` where it stands in another file.
    pub(crate) fn span(&self, cursor: Cursor<'u>) -> Option<Span> {
        let start = cursor.start();
        if !start.is_main {
            return None;
        }
        let end = self.end_offset(cursor.end())?;
        let from_macro = self
            .expansions
            .get(&start.offset)
            .copied()
            .filter(|_| start.is_macro);
        Some(Span::new(start.offset, end.max(from_macro.unwrap_or(0))))
    }

    /// Returns a statement's range with the semicolon that ends it.
    pub(crate) fn statement_span(&self, cursor: Cursor<'u>) -> Option<Span> {
        let span = self.span(cursor)?;
        if !ends_with_semicolon(cursor) && !self.is_open(cursor, span) {
            return Some(span);
        }
        let end = self.semicolon_behind(span.end as usize);
        Some(end.map_or(span, |end| Span::new(span.start as usize, end)))
    }

    /// Returns where the semicolon ends that comes next, behind uses of macros that stand for nothing.
    fn semicolon_behind(&self, mut at: usize) -> Option<usize> {
        loop {
            let behind = self.tokens.iter().skip(self.index_from(at));
            let mut compiled =
                behind.filter(|token| !token.is_directive && !self.is_skipped(**token));
            let token = compiled.next()?;
            if self.word(*token) == ";" {
                return Some(token.end);
            }
            let end = self.expansion_end(token.start)?;
            let definition = self.only_definition(self.word(*token))?;
            let [_, body] = definition.parts();
            match body {
                [] => at = end,
                [(_, word, _)] if word == ";" => return Some(end),
                _ => return None,
            }
        }
    }

    /// Returns whether a statement is what a macro makes whose text needs a semicolon, as that of `do { … } while (0)` does.
    fn is_open(&self, cursor: Cursor<'u>, span: Span) -> bool {
        let start = cursor.start();
        let ends_there = self.expansion_end(start.offset) == Some(span.end as usize);
        let name = self.at(start.offset).map(|token| self.word(token));
        let name = name.filter(|_| start.is_macro && ends_there);
        let definition = name.and_then(|name| self.only_definition(name));
        definition.is_some_and(|definition| {
            let [_, body] = definition.parts();
            body.last()
                .is_some_and(|(_, last, _)| last != "}" && last != ";")
        })
    }

    /// Returns whether the preprocessor leaves a token out.
    fn is_skipped(&self, token: Token) -> bool {
        let mut skipped = self.skipped.iter();
        skipped.any(|range| range.contains(&token.start))
    }

    /// Returns whether a compound statement's braces stand in the main file as written.
    pub(crate) fn has_plain_braces(&self, compound: Cursor<'u>) -> bool {
        let (start, end) = (compound.start(), compound.end());
        let is_plain = |at: Position| at.is_main && !at.is_macro;
        is_plain(start)
            && is_plain(end)
            && self.is_word_at(start.offset, "{")
            && end
                .offset
                .checked_sub(1)
                .is_some_and(|brace| self.is_word_at(brace, "}"))
    }

    /// Returns the end of the macro use that begins at `offset`.
    pub(crate) fn expansion_end(&self, offset: usize) -> Option<usize> {
        self.expansions.get(&offset).copied()
    }

    /// Returns whether what a macro makes begins with a statement: not with the end of the one before, an `else`, or a brace that
    /// it leaves open.
    pub(crate) fn makes_statements(&self, name: &str) -> bool {
        const NESTED: usize = 16;
        let mut name = name.to_owned();
        for _ in 0..NESTED {
            let Some(definition) = self.only_definition(&name) else {
                return false;
            };
            let [parameters, body] = definition.parts();
            let count = |word: &str| body.iter().filter(|(_, each, _)| each == word).count();
            let Some((kind, first, _)) = body.first() else {
                return false;
            };
            if parameters
                .iter()
                .any(|(_, parameter, _)| parameter == first)
            {
                return false;
            }
            if self.is_macro(first) && *first != name {
                name.clone_from(first);
                continue;
            }
            return match first.as_str() {
                "for" | "while" | "do" | "if" => true,
                "{" => count("{") == count("}"),
                _ => *kind == TokenKind::Identifier,
            };
        }
        false
    }

    /// Returns the words in all definitions of a macro.
    pub(crate) fn words_of_macro(&self, name: &str) -> Vec<String> {
        let here = self.definitions.get(name).map_or(&[][..], Vec::as_slice);
        let here = here.iter().map(|each| Definition::of(*each));
        let all = here.chain(self.behind.definition(name));
        let tokens = all.flat_map(|each| each.tokens.into_iter().skip(1));
        tokens.map(|(_, word, _)| word).collect()
    }

    /// Returns the name of the macro whose use ends at `offset`, of several the outermost.
    pub(crate) fn macro_that_ends_at(&self, offset: usize) -> Option<&'u str> {
        let mut uses = self.expansions.range(..offset);
        let (start, _) = uses.find(|(_, end)| **end == offset)?;
        self.at(*start).map(|token| self.word(token))
    }

    /// Returns whether a file is included between two offsets.
    pub(crate) fn has_include_in(&self, span: Span) -> bool {
        self.includes.iter().any(|at| span.range().contains(at))
    }

    /// Returns the only definition of a macro, if there is exactly one.
    pub(crate) fn only_definition(&self, name: &str) -> Option<Definition> {
        let here = self.definitions.get(name).map_or(&[][..], Vec::as_slice);
        match (here, self.behind.count(name)) {
            ([only], 0) => Some(Definition::of(*only)),
            ([], 1) => self.behind.definition(name),
            _ => None,
        }
    }

    /// Returns the names of the macros in whose uses a place lies.
    pub(crate) fn macros_around(&self, offset: usize) -> impl Iterator<Item = &'u str> {
        let before = self.expansions.range(..=offset);
        before
            .filter(move |(_, end)| offset < **end)
            .filter_map(|(start, _)| self.at(*start))
            .map(|token| self.word(token))
    }

    /// Returns whether any definition of a macro mentions one of some words, by whatever other macros.
    pub(crate) fn macro_mentions(&self, name: &str, words: &[&str]) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
        while let Some(name) = open.pop() {
            if words.contains(&name.as_str()) {
                return true;
            }
            if !seen.insert(name.clone()) {
                continue;
            }
            let here = self.definitions.get(&name).map_or(&[][..], Vec::as_slice);
            let here = here.iter().map(|each| Definition::of(*each));
            let all = here.chain(self.behind.definition(&name));
            let tokens = all.flat_map(|each| each.tokens.into_iter().skip(1));
            open.extend(
                tokens
                    .map(|(_, word, _)| word)
                    .filter(|word| words.contains(&word.as_str()) || self.is_macro(word)),
            );
        }
        false
    }

    /// Returns where the first use of a macro begins in which a place lies.
    pub(crate) fn use_around(&self, offset: usize) -> Option<usize> {
        let mut before = self.expansions.range(..=offset);
        before
            .find(|(_, end)| offset < **end)
            .map(|(start, _)| *start)
    }

    /// Returns whether a byte belongs to a token, and so is neither space nor comment.
    pub(crate) fn covers(&self, offset: usize) -> bool {
        let next = self.tokens.partition_point(|token| token.end <= offset);
        self.tokens
            .get(next)
            .is_some_and(|token| token.start <= offset)
    }

    /// Returns whether any macro has this name.
    pub(crate) fn is_macro(&self, name: &str) -> bool {
        self.definitions.contains_key(name) || self.behind.count(name) > 0
    }

    /// Returns the names of the macros that neither the compiler nor a header of the system defines.
    pub(crate) fn own_macros(&self) -> BTreeSet<String> {
        let is_own =
            |definitions: &[Cursor<'_>]| definitions.iter().any(|each| macros::is_own(*each));
        let here = self.definitions.iter();
        here.filter(|(_, definitions)| is_own(definitions))
            .map(|(name, _)| name)
            .chain(self.behind.own())
            .cloned()
            .collect()
    }

    /// Returns the start of the declaration whose specifiers begin at or before `offset`: attributes and macros before
    /// it belong to it, back to the end of what stands before.
    pub(crate) fn declaration_start(&self, offset: usize) -> usize {
        let index = self.index_from(offset);
        // What a macro declares may end without either.
        let ended = self.ends.partition_point(|end| *end <= offset);
        let end = ended.checked_sub(1).map_or(0, |last| self.ends[last]);
        let before = self
            .tokens
            .get(self.index_from(end)..index)
            .unwrap_or_default();
        let own = before
            .iter()
            .rev()
            .take_while(|token| !token.is_directive && !matches!(self.word(**token), ";" | "}"))
            .last();
        own.map_or(offset, |token| token.start)
    }
}

/// Returns whether clang's extent of a statement leaves out a final semicolon.
fn ends_with_semicolon(cursor: Cursor<'_>) -> bool {
    match cursor.kind() {
        k::CXCursor_CompoundStmt | k::CXCursor_DeclStmt | k::CXCursor_NullStmt => false,
        k::CXCursor_ForStmt
        | k::CXCursor_WhileStmt
        | k::CXCursor_IfStmt
        | k::CXCursor_SwitchStmt
        | k::CXCursor_LabelStmt
        | k::CXCursor_CaseStmt
        | k::CXCursor_DefaultStmt => cursor
            .children()
            .last()
            .is_some_and(|last| ends_with_semicolon(*last)),
        _ => true,
    }
}

/// Returns the tokens without comments, those on preprocessor lines marked.
fn mark_directives(source: &str, unit: &Unit) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut previous_end = 0;
    let mut is_directive = false;
    for raw in unit.tokens() {
        let between = source.get(previous_end..raw.start).unwrap_or("");
        let is_first_on_line = previous_end == 0 || has_line_end(between);
        if is_first_on_line {
            is_directive = source.get(raw.start..raw.end) == Some("#");
        }
        previous_end = raw.end;
        if raw.kind != TokenKind::Comment {
            tokens.push(Token {
                kind: raw.kind,
                start: raw.start,
                end: raw.end,
                is_directive,
            });
        }
    }
    tokens
}

/// Returns whether the space between two tokens ends a logical line.
pub(crate) fn has_line_end(between: &str) -> bool {
    let bytes = between.as_bytes();
    bytes.iter().enumerate().any(|(index, byte)| {
        let before = bytes.get(..index).unwrap_or_default();
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        *byte == b'\n' && before.last() != Some(&b'\\')
    })
}
