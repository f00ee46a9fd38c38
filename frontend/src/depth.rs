//! How deep brackets nest, how many operators stand in a row, and how many branches a chain of `else` has: libclang's
//! preprocessor, its parser of prefixes and its recovery from errors recur over them without a limit, on a stack that is
//! not ours.

use crate::error::FrontendError;

/// Far more than programs have, and far less than overflows a stack of 8 MiB. **Source**: C17 5.2.4.1 asks for 63.
const DEEPEST: usize = 1024;
/// The same of branches; a `switch` has no such limit.
const LONGEST: usize = 4096;

/// What is between brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Code,
    LineComment,
    Comment,
    /// Up to this character or the end of the line.
    Literal(u8),
}

/// Refuses a text whose brackets nest too deep, or with too many operators in a row, outside of comments and literals.
///
/// **Errors**: `NotText` with the line.
pub(crate) fn check(text: &str) -> Result<(), FrontendError> {
    let (mut inside, mut depth, mut row, mut line) = (Inside::Code, 0_usize, 0_usize, 1);
    let mut chains = Chains::default();
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        line += usize::from(byte == b'\n');
        inside = match (inside, byte, bytes.peek()) {
            // What follows is part of what it stands in, the end of a line too.
            (Inside::Literal(_) | Inside::LineComment, b'\\', Some(next)) => {
                line += usize::from(*next == b'\n');
                bytes.next();
                inside
            }
            (Inside::Code, b'/', Some(b'/')) => Inside::LineComment,
            (Inside::Code, b'/', Some(b'*')) => {
                bytes.next();
                Inside::Comment
            }
            (Inside::Comment, b'*', Some(b'/')) => {
                bytes.next();
                Inside::Code
            }
            (Inside::Literal(_) | Inside::LineComment, b'\n', _) => Inside::Code,
            (Inside::Literal(end), _, _) if byte == end => Inside::Code,
            (Inside::Code, b'"' | b'\'', _) => Inside::Literal(byte),
            (Inside::Code, b'(' | b'[' | b'{', _) => {
                depth += 1;
                inside
            }
            (Inside::Code, b')' | b']' | b'}', _) => {
                depth = depth.saturating_sub(1);
                inside
            }
            (Inside::Code | Inside::Comment | Inside::LineComment | Inside::Literal(_), _, _) => {
                inside
            }
        };
        row = match byte {
            _ if inside != Inside::Code => 0,
            b'-' | b'+' | b'!' | b'~' | b'*' | b'&' => row + 1,
            _ if byte.is_ascii_whitespace() => row,
            _ => 0,
        };
        let what = if depth > DEEPEST {
            format!("brackets nest deeper than {DEEPEST} levels")
        } else if row > DEEPEST {
            format!("more than {DEEPEST} operators stand in a row")
        } else if inside == Inside::Code && chains.longest(byte) > LONGEST {
            format!("more than {LONGEST} branches stand in a chain of `else`")
        } else {
            continue;
        };
        return Err(FrontendError::NotText { line, what });
    }
    Ok(())
}

/// Chains of `else`, by block.
#[derive(Default)]
struct Chains {
    /// How many branches the chains have in which the text stands, the innermost last, but for that one.
    outer: Vec<usize>,
    branches: usize,
    word: Vec<u8>,
    /// Whether a statement has just ended.
    is_between: bool,
}

impl Chains {
    /// Takes the next byte of code, and returns how many branches the chain has in which it stands.
    fn longest(&mut self, byte: u8) -> usize {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            self.word.push(byte);
            return self.branches;
        }
        let word = std::mem::take(&mut self.word);
        if word == b"else" {
            self.branches += 1;
        } else if !word.is_empty() && self.is_between {
            self.branches = 0;
        }
        self.is_between &= word.is_empty() && byte.is_ascii_whitespace();
        match byte {
            b'{' => self.outer.push(std::mem::take(&mut self.branches)),
            b'}' => self.branches = self.outer.pop().unwrap_or(0),
            _ => {}
        }
        self.is_between |= matches!(byte, b';' | b'}');
        self.branches
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, LONGEST, check};

    #[test]
    fn only_brackets_of_code_count() {
        let many = "(".repeat(DEEPEST + 1);
        let prefixes = "- ! ~\n".repeat(DEEPEST / 3 + 1);
        let branches = "if (x) { f(); g(); } else ".repeat(LONGEST + 1);
        for text in [
            &branches,
            &many,
            &format!("#if {many}"),
            &many.replace('(', "{["),
            &prefixes,
        ] {
            assert!(check(text).is_err());
        }
        for text in [
            format!("// {many}\n/* {many} */"),
            format!("// \\\n{many}\n"),
            format!("char *a = \"\\\"{many}\";"),
            format!("// don't\n'{many}\n"),
            "f(); a[1] = {2};\n".repeat(DEEPEST + 1),
            "1 - 2 + ".repeat(DEEPEST),
            "if (x) f(); else { g(); }\n".repeat(LONGEST + 1),
            format!("// {}\n/{}/", "-".repeat(4000), "*".repeat(4000)),
        ] {
            assert!(check(&text).is_ok(), "{text}");
        }
    }
}
