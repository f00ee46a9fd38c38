//! A lexer for C text, just fine enough to know what is code, what is a comment and what is a directive.
//!
//! It decides where generated text may stand and which names the source uses; it understands no grammar.

use std::collections::BTreeSet;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier, a keyword or a number.
    Word,
    /// A string or character literal.
    Literal,
    /// A comment, without the line's end.
    Comment,
    /// A preprocessor line with its continuations, without the line's end.
    Directive,
    /// One character of anything else.
    Punctuation(u8),
}

/// A token: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Returns the tokens of a text in order; every byte between them is white space.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut is_line_start = true;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_whitespace() {
            is_line_start |= byte == b'\n';
            at += 1;
            continue;
        }
        let (kind, end) = token_at(bytes, at, is_line_start);
        // A comment leaves a line as empty as it was.
        is_line_start &= kind == TokenKind::Comment;
        tokens.push(Token {
            kind,
            start: at,
            end,
        });
        at = end;
    }
    tokens
}

fn token_at(bytes: &[u8], at: usize, is_line_start: bool) -> (TokenKind, usize) {
    match (bytes[at], bytes.get(at + 1)) {
        (b'/', Some(b'/')) => (TokenKind::Comment, line_end(bytes, at)),
        (b'/', Some(b'*')) => (TokenKind::Comment, comment_end(bytes, at)),
        (b'#', _) if is_line_start => (TokenKind::Directive, directive_end(bytes, at)),
        (quote @ (b'"' | b'\''), _) => (TokenKind::Literal, literal_end(bytes, at, quote)),
        (byte, _) if is_word(byte) => {
            let length = bytes[at..]
                .iter()
                .take_while(|&&byte| is_word(byte))
                .count();
            (TokenKind::Word, at + length)
        }
        (byte, _) => (TokenKind::Punctuation(byte), at + 1),
    }
}

/// Returns whether a byte belongs to an identifier; all of a non-ASCII character does.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Returns the end of the line, past continued lines.
fn line_end(bytes: &[u8], from: usize) -> usize {
    (from..bytes.len())
        .find(|&at| bytes[at] == b'\n' && !is_spliced(bytes, at))
        .unwrap_or(bytes.len())
}

/// Returns whether the line break at `at` is removed by a backslash before it.
fn is_spliced(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[..at], [.., b'\\'] | [.., b'\\', b'\r'])
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    (at + 2..bytes.len())
        .find(|&end| bytes[end..].starts_with(b"*/"))
        .map_or(bytes.len(), |end| end + 2)
}

fn directive_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len() {
        match bytes[end] {
            b'\n' if !is_spliced(bytes, end) => break,
            b'/' if bytes[end..].starts_with(b"/*") => end = comment_end(bytes, end),
            b'/' if bytes[end..].starts_with(b"//") => return line_end(bytes, end),
            _ => end += 1,
        }
    }
    end
}

fn literal_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            // An apostrophe in text that is not compiled may have no partner; it ends with its line.
            b'\n' => return end,
            byte if byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// Returns every word of a text, wherever it stands: a name that is not among them is new.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns whether the text defines or declares a function of this name at the outermost level.
pub(crate) fn has_function(text: &str, name: &str) -> bool {
    let tokens: Vec<_> = tokens(text)
        .into_iter()
        .filter(|token| !matches!(token.kind, TokenKind::Comment | TokenKind::Directive))
        .collect();
    let mut depth = 0_usize;
    tokens.windows(2).any(|pair| {
        match pair[0].kind {
            TokenKind::Punctuation(b'{') => depth += 1,
            TokenKind::Punctuation(b'}') => depth = depth.saturating_sub(1),
            TokenKind::Word
            | TokenKind::Literal
            | TokenKind::Comment
            | TokenKind::Directive
            | TokenKind::Punctuation(_) => {}
        }
        depth == 0
            && &text[pair[0].start..pair[0].end] == name
            && pair[1].kind == TokenKind::Punctuation(b'(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text)
            .into_iter()
            .map(|token| (token.kind, &text[token.start..token.end]))
            .collect()
    }

    #[test]
    fn comments_strings_and_directives_are_whole() {
        let text = "#define A \\\n  1 // x\nint a = \"/*\\\"\"[0]; /* { */ '}' /**/ #";
        assert_eq!(
            shown(text),
            [
                (TokenKind::Directive, "#define A \\\n  1 // x"),
                (TokenKind::Word, "int"),
                (TokenKind::Word, "a"),
                (TokenKind::Punctuation(b'='), "="),
                (TokenKind::Literal, "\"/*\\\"\""),
                (TokenKind::Punctuation(b'['), "["),
                (TokenKind::Word, "0"),
                (TokenKind::Punctuation(b']'), "]"),
                (TokenKind::Punctuation(b';'), ";"),
                (TokenKind::Comment, "/* { */"),
                (TokenKind::Literal, "'}'"),
                (TokenKind::Comment, "/**/"),
                (TokenKind::Punctuation(b'#'), "#"),
            ]
        );
    }

    #[test]
    fn only_a_function_at_the_outermost_level_counts() {
        assert!(has_function("int main(void) { return 0; }", "main"));
        assert!(!has_function("// main()\nint f(void) { main(); }", "main"));
    }
}
