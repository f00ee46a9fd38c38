//! Quoting of names and strings.

use crate::text::words::{Word, scalar};

/// Returns whether a name can be written without quotes: words of letters, digits and `_`, joined by single dots,
/// the first not starting with a digit.
pub(crate) fn is_plain(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    name.split('.').all(is_word) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns the name of a variable as written where a value or a declaration is expected.
pub(crate) fn variable(name: &str) -> String {
    plain_unless(name, Word::find(name).is_some_and(Word::is_value))
}

/// Returns the name of a called function as written before its parenthesis.
pub(crate) fn callee(name: &str) -> String {
    let is_taken = scalar(name).is_some()
        || Word::find(name).is_some_and(|word| word.is_value() || word.is_operator());
    plain_unless(name, is_taken)
}

/// Returns the name of a structure type as written where a type is expected.
pub(crate) fn record(name: &str) -> String {
    if let Some(tag) = name.strip_prefix("struct ")
        && is_plain(tag)
    {
        return name.to_owned();
    }
    let is_taken = scalar(name).is_some() || Word::find(name).is_some_and(Word::is_type);
    plain_unless(name, is_taken)
}

/// Returns a name as written where no word can be meant: of a function, a loop, a field.
pub(crate) fn name(name: &str) -> String {
    plain_unless(name, false)
}

/// Returns a string of characters in double quotes.
pub(crate) fn text(text: &str) -> String {
    quoted(text.bytes(), '"', false)
}

/// Returns a string of bytes in double quotes, in ASCII.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    quoted(bytes.iter().copied(), '"', true)
}

fn plain_unless(name: &str, is_taken: bool) -> String {
    if is_plain(name) && !is_taken {
        name.to_owned()
    } else {
        quoted(name.bytes(), '`', false)
    }
}

/// Quotes bytes; those above ASCII are written as they are (the input is UTF-8) or, on demand, by number.
fn quoted(bytes: impl Iterator<Item = u8>, quote: char, is_ascii: bool) -> String {
    let mut out = vec![quote as u8];
    for byte in bytes {
        match byte {
            b'\n' => out.extend(br"\n"),
            b'\t' => out.extend(br"\t"),
            b'\\' => out.extend(br"\\"),
            _ if byte == quote as u8 => out.extend([b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            128.. if !is_ascii => out.push(byte),
            _ => out.extend(format!("\\x{byte:02x}").bytes()),
        }
    }
    out.push(quote as u8);
    String::from_utf8_lossy(&out).into_owned()
}
