//! Response files: `@FILE` stands for the words in it.
//!
//! **Source**: GCC manual 12, 3.2: words are separated by white space, quotes and backslashes as in a shell, and the files may
//! name others.

use std::fs;

/// Files that name files that name files go no deeper.
const DEEPEST: usize = 8;

/// Returns the words with response files replaced by theirs; one that cannot be read is a word.
pub(super) fn expanded(words: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    expand(words, DEEPEST, &mut out);
    out
}

fn expand(words: &[String], depth: usize, out: &mut Vec<String>) {
    for word in words {
        let text = word.strip_prefix('@').filter(|_| depth > 0);
        match text.and_then(|name| fs::read_to_string(name).ok()) {
            Some(text) => expand(&split(&text), depth - 1, out),
            None => out.push(word.clone()),
        }
    }
}

/// Returns the words of a text that is quoted as in a shell.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        match (letter, quote) {
            ('\\', _) => word.get_or_insert_default().extend(rest.next()),
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, Some(open)) if letter == open => quote = None,
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_in_a_shell() {
        let words = split("-DA=1  'a b.c'\n\"-DS=\\\"x\\\"\" c\\ d.c ''\n");
        assert_eq!(words, ["-DA=1", "a b.c", "-DS=\"x\"", "c d.c", ""]);
    }

    #[test]
    fn files_stand_for_their_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rsp");
        fs::write(&file, "-c a.c").unwrap();
        let own = format!("@{}", file.display());
        let words = [own.clone(), "@no/such/file".to_owned()];
        assert_eq!(expanded(&words), ["-c", "a.c", "@no/such/file"]);
        // A file that names itself comes to an end.
        fs::write(&file, &own).unwrap();
        let own = [own];
        assert_eq!(expanded(&own), own);
    }
}
