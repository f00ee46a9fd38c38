//! Splits C++ text into tokens, as far as rewriting launches needs: what is code and what is a comment or a literal.
//!
//! **Source**: C++17 \[lex\], phases 1 to 3; a backslash before a line end is honoured in line comments only, since
//! elsewhere it cannot hide a launch.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Identifier,
    /// A number, with digit separators and suffix.
    Number,
    /// A string or character literal, raw or not.
    Literal,
    /// One character of punctuation.
    Punctuation(u8),
}

/// A token and its bytes; white space and comments lie between tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) at: Range<usize>,
}

impl Token {
    pub(crate) fn is(&self, punctuation: u8) -> bool {
        self.kind == Kind::Punctuation(punctuation)
    }
}

/// Returns the tokens of `text` in order.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let rest = &bytes[at..];
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if rest.starts_with(b"//") {
            at += line_comment(rest);
            continue;
        }
        if rest.starts_with(b"/*") {
            at += find(rest, 2, b"*/").map_or(rest.len(), |end| end + 2);
            continue;
        }
        let (kind, length) = token(rest);
        tokens.push(Token {
            kind,
            at: at..at + length,
        });
        at += length;
    }
    tokens
}

fn token(rest: &[u8]) -> (Kind, usize) {
    let first = rest.first().copied().unwrap_or(0);
    let second = rest.get(1).copied().unwrap_or(0);
    if first.is_ascii_digit() || (first == b'.' && second.is_ascii_digit()) {
        return (Kind::Number, number(rest));
    }
    if is_word(first) {
        let length = rest.iter().take_while(|&&byte| is_word(byte)).count();
        return match rest.get(length) {
            Some(b'"') if matches!(&rest[..length], b"R" | b"LR" | b"uR" | b"UR" | b"u8R") => {
                (Kind::Literal, length + raw_string(&rest[length..]))
            }
            Some(&quote @ (b'"' | b'\''))
                if matches!(&rest[..length], b"L" | b"u" | b"U" | b"u8") =>
            {
                (Kind::Literal, length + quoted(&rest[length..], quote))
            }
            _ => (Kind::Identifier, length),
        };
    }
    if first == b'"' || first == b'\'' {
        return (Kind::Literal, quoted(rest, first));
    }
    (Kind::Punctuation(first), 1)
}

/// A byte of a name; bytes of characters beyond ASCII may stand in names and never elsewhere outside literals.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

fn number(rest: &[u8]) -> usize {
    let mut length = 1;
    while let Some(&byte) = rest.get(length) {
        let before = rest[length - 1];
        let is_sign = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E' | b'p' | b'P');
        let is_separator =
            byte == b'\'' && rest.get(length + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !(is_word(byte) || byte == b'.' || is_sign || is_separator) {
            break;
        }
        length += 1;
    }
    length
}

fn line_comment(rest: &[u8]) -> usize {
    let mut at = 2;
    while let Some(&byte) = rest.get(at) {
        let continues = rest[at - 1] == b'\\' || (rest[at - 1] == b'\r' && rest[at - 2] == b'\\');
        if byte == b'\n' && !continues {
            break;
        }
        at += 1;
    }
    at
}

/// Length of a literal from its opening quote; an unfinished one ends with its line.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Length of `"delimiter(…)delimiter"` from its opening quote.
fn raw_string(rest: &[u8]) -> usize {
    let Some(open) = rest.iter().position(|&byte| byte == b'(') else {
        return rest.len();
    };
    let mut close = vec![b')'];
    close.extend_from_slice(&rest[1..open]);
    close.push(b'"');
    find(rest, open, &close).map_or(rest.len(), |at| at + close.len())
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(wanted.len())
        .position(|window| window == wanted)
        .map(|at| at + from)
}
