//! The header of a loop or branch as tokens: where its clauses and its condition stand.

use crate::lexer::{Kind, Token, tokens};

/// The tokens of a statement, of which the first is its keyword; positions are numbers of tokens.
pub(super) struct Header {
    /// Where the statement starts in the file.
    start: usize,
    tokens: Vec<Token>,
    bytes: Vec<u8>,
}

impl Header {
    /// Reads the text of a statement that stands at a place of the file; `None` where it does not start with the keyword.
    pub(super) fn new(start: usize, text: &str, keyword: &str) -> Option<Self> {
        let tokens = tokens(text);
        let first = tokens.first()?;
        let is_keyword =
            first.kind == Kind::Identifier && text.get(first.at.clone()) == Some(keyword);
        let bytes = text.as_bytes().to_vec();
        is_keyword.then_some(Self {
            start,
            tokens,
            bytes,
        })
    }

    pub(super) fn is(&self, token: usize, punctuation: u8) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|each| each.is(punctuation))
    }

    /// Returns the parentheses after the keyword.
    pub(super) fn parentheses(&self) -> Option<(usize, usize)> {
        if !self.is(1, b'(') {
            return None;
        }
        let close = (1..self.tokens.len()).find(|&end| end > 1 && self.depth(end) == 0)?;
        Some((1, close))
    }

    /// Returns how many brackets are open after a token.
    fn depth(&self, token: usize) -> i32 {
        let tokens = self.tokens.iter().take(token + 1);
        tokens
            .map(|each| match each.kind {
                Kind::Punctuation(b'(' | b'[' | b'{') => 1,
                Kind::Punctuation(b')' | b']' | b'}') => -1,
                Kind::Punctuation(_) | Kind::Identifier | Kind::Number | Kind::Literal => 0,
            })
            .sum()
    }

    /// Returns the two semicolons of a `for`.
    pub(super) fn semicolons(&self) -> Option<[usize; 2]> {
        let (open, close) = self.parentheses()?;
        let found: Vec<usize> = (open..close)
            .filter(|&token| self.is(token, b';') && self.depth(token) == 1)
            .collect();
        <[usize; 2]>::try_from(found).ok()
    }

    /// Returns the first `=` of a clause and the token that ends the value after it.
    pub(super) fn assignment(&self, clause: std::ops::Range<usize>) -> Option<(usize, usize)> {
        let end = clause.end;
        let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| b"=<>!+-*/%&|^".contains(byte));
        let at = clause.clone().find(|&token| {
            let Some(each) = self.tokens.get(token) else {
                return false;
            };
            let before = each
                .at
                .start
                .checked_sub(1)
                .and_then(|at| self.bytes.get(at));
            let is_single = !is_part(before) && self.bytes.get(each.at.end) != Some(&b'=');
            each.is(b'=') && self.depth(token) == 1 && is_single
        })?;
        let comma = (at..end).find(|&token| self.is(token, b',') && self.depth(token) == 1);
        Some((at, comma.unwrap_or(end)))
    }

    pub(super) fn after(&self, token: usize) -> usize {
        self.start + self.tokens.get(token).map_or(0, |each| each.at.end)
    }

    pub(super) fn before(&self, token: usize) -> usize {
        self.start + self.tokens.get(token).map_or(0, |each| each.at.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_assignment_of_a_clause_is_found() {
        let header = |text: &str| Header::new(0, text, "for").unwrap();
        let value = |text: &str| {
            let header = header(text);
            let [first, _] = header.semicolons().unwrap();
            let (at, end) = header.assignment(2..first)?;
            Some(text[header.after(at)..header.before(end)].trim().to_owned())
        };
        let is = |text: &str| value(text).unwrap_or_default();
        assert_eq!(
            is("for (int i = a[f(1, 2)], j = 3; i < n; i++)"),
            "a[f(1, 2)]"
        );
        assert_eq!(is("for (i = (a == b); i <= n; )"), "(a == b)");
        assert_eq!(value("for (i += 2; i >= 0; i--)"), None);
        assert_eq!(value("for (; i >= 0; i--)"), None);
    }
}
