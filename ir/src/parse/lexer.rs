//! Cuts text into tokens.

use crate::text::words::SYMBOLS;

use super::ParseError;

/// A piece of text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The kinds of pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a word, with dots inside: `i.o`.
    Word(String),
    /// A name in back quotes.
    Quoted(String),
    /// `.name` after something that is not a word, with further dots inside.
    Fields(String),
    /// Digits, with what directly follows them: `12`, `1.5e-3f32`, `0x7f`.
    Number(String),
    /// A string in double quotes.
    Text(Vec<u8>),
    /// One of the symbols.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Returns the tokens of a text, the last of which is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer {
        rest: text,
        line: 1,
        column: 1,
    };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let is_end = token.kind == TokenKind::End;
        tokens.push(token);
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    rest: &'t str,
    line: usize,
    column: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, ParseError> {
        self.skip_blank();
        let (line, column) = (self.line, self.column);
        let kind = self.kind()?;
        Ok(Token { kind, line, column })
    }

    fn kind(&mut self) -> Result<TokenKind, ParseError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(TokenKind::End);
        };
        if first.is_ascii_digit() {
            return Ok(TokenKind::Number(self.take(number_length(self.rest))));
        }
        if is_word_part(first) {
            return Ok(TokenKind::Word(self.take(dotted_length(self.rest))));
        }
        if first == '"' {
            return Ok(TokenKind::Text(self.quoted('"')?));
        }
        if first == '`' {
            let name = self.quoted('`')?;
            return match String::from_utf8(name) {
                Ok(name) => Ok(TokenKind::Quoted(name)),
                Err(_) => Err(self.error("this name is not UTF-8")),
            };
        }
        if let Some(fields) = self.rest.strip_prefix('.')
            && fields.starts_with(is_word_part)
        {
            self.take(1);
            return Ok(TokenKind::Fields(self.take(dotted_length(fields))));
        }
        let symbol = SYMBOLS
            .into_iter()
            .find(|symbol| self.rest.starts_with(symbol));
        match symbol {
            Some(symbol) => {
                self.take(symbol.len());
                Ok(TokenKind::Symbol(symbol))
            }
            None => Err(self.error(format!("no token starts with {first:?}"))),
        }
    }

    /// Skips blanks, line ends and comments.
    fn skip_blank(&mut self) {
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            self.take(blank);
            if !self.rest.starts_with("//") {
                return;
            }
            let comment = self.rest.find('\n').unwrap_or(self.rest.len());
            self.take(comment);
        }
    }

    /// Takes the next bytes, which end at a character.
    fn take(&mut self, length: usize) -> String {
        let (taken, rest) = self.rest.split_at(length);
        for character in taken.chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.rest = rest;
        taken.to_owned()
    }

    /// Takes a quoted string and returns its bytes.
    fn quoted(&mut self, quote: char) -> Result<Vec<u8>, ParseError> {
        let mut bytes = Vec::new();
        let start = self.error("this string has no end on its line");
        self.take(1);
        loop {
            let Some(next) = self.rest.chars().next() else {
                return Err(start);
            };
            match next {
                '\n' => return Err(start),
                '\\' => {
                    self.take(1);
                    bytes.push(self.escape(quote)?);
                }
                _ if next == quote => {
                    self.take(1);
                    return Ok(bytes);
                }
                _ => bytes.extend(self.take(next.len_utf8()).bytes()),
            }
        }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self, quote: char) -> Result<u8, ParseError> {
        let is = |escape: char| self.rest.starts_with(escape);
        let byte = if is('n') {
            b'\n'
        } else if is('t') {
            b'\t'
        } else if is('\\') {
            b'\\'
        } else if is(quote) {
            quote as u8
        } else if let Some(byte) = self.rest.strip_prefix('x').and_then(hex_byte) {
            self.take(3);
            return Ok(byte);
        } else {
            return Err(
                self.error(r"after `\` stand `n`, `t`, `\`, the quote, or `x` and two digits")
            );
        };
        self.take(1);
        Ok(byte)
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError {
            line: self.line,
            column: self.column,
            message: message.into(),
        }
    }
}

fn is_word_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Returns the length of a word, or of several joined by single dots.
fn dotted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_part = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| is_word_part(*byte as char))
    };
    let mut length = 0;
    while is_part(length) || (bytes.get(length) == Some(&b'.') && is_part(length + 1)) {
        length += 1;
    }
    length
}

/// Returns the length of a number: digits, then a fraction, an exponent and a suffix where they are.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_part = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| is_word_part(*byte as char))
    };
    let digits = |from: usize| {
        let rest = bytes.iter().skip(from);
        rest.take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && is_digit(length + 1) {
        length += 1 + digits(length + 1);
    }
    if bytes.get(length) == Some(&b'e') {
        let signed = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        if is_digit(length + 1 + signed) {
            length += 1 + signed + digits(length + 1 + signed);
        }
    }
    while is_part(length) {
        length += 1;
    }
    length
}

fn hex_byte(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u8::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Word;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let tokens = tokens(text).unwrap();
        tokens.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn every_terminal_is_one_token() {
        for symbol in SYMBOLS {
            assert_eq!(kinds(symbol), [TokenKind::Symbol(symbol), TokenKind::End]);
        }
        for word in Word::ALL.into_iter().map(Word::text) {
            assert_eq!(
                kinds(word),
                [TokenKind::Word(word.to_owned()), TokenKind::End]
            );
        }
    }

    #[test]
    fn ranges_are_no_fractions() {
        let number = |text: &str| TokenKind::Number(text.to_owned());
        let word = |text: &str| TokenKind::Word(text.to_owned());
        let to = TokenKind::Symbol("..");
        let end = TokenKind::End;
        assert_eq!(
            kinds("0..5"),
            [number("0"), to.clone(), number("5"), end.clone()]
        );
        assert_eq!(
            kinds("i.o..n"),
            [word("i.o"), to.clone(), word("n"), end.clone()]
        );
        assert_eq!(
            kinds("1.5e-3f32..2i64"),
            [number("1.5e-3f32"), to, number("2i64"), end]
        );
    }
}
