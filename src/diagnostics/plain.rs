//! Text for a terminal: names of files and devices, and whatever else comes from outside, may hold characters that move
//! the cursor, change colours or reverse the order of what is read.
//!
//! **Source**: ECMA-48, 5th edition, 5.1; Unicode Standard Annex #9, 2.1 and 2.2.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns a text of one line or several in which such characters are written as Rust escapes them.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter.escape_default().to_string())
}

/// Returns the same of a text that is to be one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    match plain(text) {
        plain if plain.contains('\n') => Cow::Owned(plain.replace('\n', "\\n")),
        plain => plain,
    }
}

/// Returns text of JSON in which such characters are written as JSON escapes them.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| {
        let mut escape = String::new();
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = write!(escape, "\\u{unit:04x}");
        }
        escape
    })
}

/// Returns a text in which other characters of the same length stand in their place, so that places in it stay.
pub(super) fn same_length(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| {
        let stand_in = ["?", "\u{bf}", "\u{fffd}"];
        stand_in[(letter.len_utf8() - 1).min(2)].to_owned()
    })
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::new();
    for letter in text.chars() {
        if is_hidden(letter) {
            plain += &escape(letter);
        } else {
            plain.push(letter);
        }
    }
    Cow::Owned(plain)
}

fn is_hidden(letter: char) -> bool {
    let is_layout = matches!(letter, '\n' | '\t');
    let is_direction = matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    letter.is_control() && !is_layout || is_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        let name = "a\u{1b}[2J\u{9b}31m\u{202e}c.h\r\u{7f}\tb\n";
        assert_eq!(
            plain(name),
            "a\\u{1b}[2J\\u{9b}31m\\u{202e}c.h\\r\\u{7f}\tb\n"
        );
        assert_eq!(
            json("\"\u{7f}\u{9b}\u{202e}\""),
            "\"\\u007f\\u009b\\u202e\""
        );
        let kept = same_length(name);
        assert_eq!(kept.len(), name.len());
        assert_eq!(kept, "a?[2J\u{bf}31m\u{fffd}c.h??\tb\n");
        assert_eq!(line("a\nb\u{1b}"), "a\\nb\\u{1b}");
        assert_eq!(plain("größe.c"), "größe.c");
    }
}
