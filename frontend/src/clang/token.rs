//! Tokens of the main file.

use clang_sys::{
    CXSourceRange, CXToken, CXToken_Comment, CXToken_Identifier, CXToken_Keyword, CXToken_Literal,
};

use super::{Cursor, Unit};

/// What a token is to the preprocessor and parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An operator, bracket or separator.
    Punctuation,
    /// A keyword of C.
    Keyword,
    /// Any other name, macros included.
    Identifier,
    /// A number, character or string.
    Literal,
    /// A comment.
    Comment,
}

/// A token by its place in the main file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawToken {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

impl Unit {
    /// Returns the tokens of the main file as written: directives and skipped branches too, macros not expanded.
    pub(crate) fn tokens(&self) -> Vec<RawToken> {
        // SAFETY: file and offsets belong to this live unit.
        let range = unsafe {
            let start = (self.api.clang_getLocationForOffset)(self.raw, self.file, 0);
            let end = (self.api.clang_getLocationForOffset)(self.raw, self.file, self.length);
            (self.api.clang_getRange)(start, end)
        };
        self.tokens_in(range, |token| self.token(token))
    }

    fn tokens_in<T>(&self, range: CXSourceRange, read: impl Fn(CXToken) -> T) -> Vec<T> {
        let mut raw: *mut CXToken = std::ptr::null_mut();
        let mut count = 0;
        // SAFETY: the range belongs to this live unit; the array is read within its count and disposed once.
        unsafe {
            (self.api.clang_tokenize)(self.raw, range, &raw mut raw, &raw mut count);
            if raw.is_null() {
                return Vec::new();
            }
            let tokens = std::slice::from_raw_parts(raw, count as usize)
                .iter()
                .map(|token| read(*token))
                .collect();
            (self.api.clang_disposeTokens)(self.raw, raw, count);
            tokens
        }
    }

    fn token(&self, token: CXToken) -> RawToken {
        // SAFETY: the token comes from this unit and is not disposed yet.
        let (kind, start, end) = unsafe {
            let extent = (self.api.clang_getTokenExtent)(self.raw, token);
            (
                (self.api.clang_getTokenKind)(token),
                (self.api.clang_getRangeStart)(extent),
                (self.api.clang_getRangeEnd)(extent),
            )
        };
        #[expect(non_upper_case_globals, reason = "the names of the C interface")]
        let kind = match kind {
            CXToken_Keyword => TokenKind::Keyword,
            CXToken_Identifier => TokenKind::Identifier,
            CXToken_Literal => TokenKind::Literal,
            CXToken_Comment => TokenKind::Comment,
            _ => TokenKind::Punctuation,
        };
        RawToken {
            kind,
            start: self.position(start).offset,
            end: self.position(end).offset,
        }
    }
}

impl Cursor<'_> {
    /// Returns kind, text and byte offset (in its own file) of every token of the node as it was written.
    pub(crate) fn written_tokens(self) -> Vec<(TokenKind, String, usize)> {
        // SAFETY: the cursor belongs to a live unit.
        let extent = unsafe { (self.unit.api.clang_getCursorExtent)(self.raw) };
        self.unit.tokens_in(extent, |token| {
            let place = self.unit.token(token);
            // SAFETY: the token is not disposed yet; the string is disposed by `Unit::string`.
            let word = self
                .unit
                .string(unsafe { (self.unit.api.clang_getTokenSpelling)(self.unit.raw, token) });
            (place.kind, word, place.start)
        })
    }
}
