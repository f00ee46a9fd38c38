//! The tokens of a text, and where the parser stands in them.

use crate::text::words::Word;

use super::lexer::{self, Token, TokenKind};
use super::{ParseError, Parsed};

/// A list of tokens that ends with the end of the text, and a position in it.
pub(super) struct Tokens {
    list: Vec<Token>,
    /// Stands in for a token that is not there; never seen, since the list has an end.
    end: Token,
    position: usize,
}

impl Tokens {
    pub(super) fn new(text: &str) -> Parsed<Self> {
        Ok(Self {
            list: lexer::tokens(text)?,
            end: Token {
                kind: TokenKind::End,
                line: 1,
                column: 1,
            },
            position: 0,
        })
    }

    /// Returns the token at some distance from the next one.
    fn at(&self, distance: usize) -> &Token {
        self.list
            .get(self.position.saturating_add(distance))
            .or(self.list.last())
            .unwrap_or(&self.end)
    }

    /// Returns the kind of the next token.
    pub(super) fn peek(&self) -> &TokenKind {
        &self.at(0).kind
    }

    /// Returns the kind of the token after the next one.
    pub(super) fn peek_second(&self) -> &TokenKind {
        &self.at(1).kind
    }

    /// Takes the next token; the end stays.
    pub(super) fn next(&mut self) -> TokenKind {
        let kind = self.peek().clone();
        if kind != TokenKind::End {
            self.position += 1;
        }
        kind
    }

    /// Returns the position, to return to it.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Returns to a position.
    pub(super) fn return_to(&mut self, position: usize) {
        self.position = position;
    }

    /// Returns whether the next token stands on the line of the one before.
    pub(super) fn is_on_same_line(&self) -> bool {
        self.position
            .checked_sub(1)
            .and_then(|last| self.list.get(last))
            .is_some_and(|last| last.line == self.at(0).line)
    }

    /// Returns whether the next token is this symbol.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), TokenKind::Symbol(next) if *next == symbol)
    }

    /// Returns whether the next token is this word.
    pub(super) fn is_word(&self, word: Word) -> bool {
        matches!(self.peek(), TokenKind::Word(next) if next == word.text())
    }

    /// Takes the symbol if it is next.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let is_next = self.is_symbol(symbol);
        self.position += usize::from(is_next);
        is_next
    }

    /// Takes the word if it is next.
    pub(super) fn eat_word(&mut self, word: Word) -> bool {
        let is_next = self.is_word(word);
        self.position += usize::from(is_next);
        is_next
    }

    /// Takes the symbol, which must be next.
    pub(super) fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat(symbol) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{symbol}`")))
        }
    }

    /// Takes the word, which must be next.
    pub(super) fn expect_word(&mut self, word: Word) -> Parsed<()> {
        if self.eat_word(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{}`", word.text())))
        }
    }

    /// Takes a name, which must be next; any word is one.
    pub(super) fn name(&mut self, what: &str) -> Parsed<String> {
        match self.peek() {
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                let name = name.clone();
                self.position += 1;
                Ok(name)
            }
            TokenKind::Fields(_)
            | TokenKind::Number(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => Err(self.expected(what)),
        }
    }

    /// Takes a string in double quotes, which must be next.
    pub(super) fn text(&mut self) -> Parsed<String> {
        let TokenKind::Text(bytes) = self.peek() else {
            return Err(self.expected("a string in double quotes"));
        };
        match String::from_utf8(bytes.clone()) {
            Ok(text) => {
                self.position += 1;
                Ok(text)
            }
            Err(_) => Err(self.error("this string is not UTF-8")),
        }
    }

    /// Takes a whole number without a type, possibly negative.
    pub(super) fn number(&mut self) -> Parsed<i128> {
        let is_negative = self.eat("-");
        let TokenKind::Number(digits) = self.peek() else {
            return Err(self.expected("a whole number"));
        };
        let Ok(value) = digits.parse::<i128>() else {
            return Err(self.error("this is not a whole number, or too large"));
        };
        self.position += 1;
        Ok(if is_negative { -value } else { value })
    }

    /// Takes a whole number of the wanted type.
    pub(super) fn whole<T: TryFrom<i128>>(&mut self) -> Parsed<T> {
        let error = self.error("this number is out of range");
        T::try_from(self.number()?).map_err(|_| error)
    }

    /// Returns an error at the next token.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        let token = self.at(0);
        ParseError {
            line: token.line,
            column: token.column,
            message: message.into(),
        }
    }

    /// Returns an error at the next token that says what should stand there.
    pub(super) fn expected(&self, what: &str) -> ParseError {
        let found = match self.peek() {
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Quoted(name) => format!("the name `{name}`"),
            TokenKind::Fields(fields) => format!("`.{fields}`"),
            TokenKind::Number(number) => format!("`{number}`"),
            TokenKind::Text(_) => "a string".to_owned(),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::End => "the end of the text".to_owned(),
        };
        self.error(format!("expected {what}, found {found}"))
    }
}
