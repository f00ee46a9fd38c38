//! Text of HTML, into which nothing of the user's gets but escaped.
//!
//! **Source**: HTML Living Standard, 13.1 (writing HTML documents).

use crate::diagnostics::plain;

/// A piece of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Puts markup of our own; it is part of the program, so that no text of a file can be taken for it.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Puts text, also as the value of an attribute in double quotes.
    ///
    /// What a browser would obey or hide (controls, marks of direction) is written out.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for letter in plain(text).chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Puts a number.
    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        self.0.push_str(&number.to_string());
        self
    }

    /// Puts a sentence in which what stands between backquotes is code.
    pub(super) fn prose(&mut self, text: &str) -> &mut Self {
        let parts: Vec<&str> = text.split('`').collect();
        // An odd number of backquotes leaves one that ends nothing.
        if parts.len().is_multiple_of(2) {
            return self.text(text);
        }
        for (index, part) in parts.into_iter().enumerate() {
            match index % 2 {
                0 => self.text(part),
                _ => self.raw("<code>").text(part).raw("</code>"),
            };
        }
        self
    }

    /// Puts a sentence that begins a paragraph or an item: with a capital letter.
    pub(super) fn sentence(&mut self, text: &str) -> &mut Self {
        let mut letters = text.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        self.prose(&(first.unwrap_or_default() + letters.as_str()))
    }

    /// Puts text as code.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.raw("<code>").text(text).raw("</code>")
    }

    /// Puts a list of sentences, if there are any.
    pub(super) fn list<'t>(&mut self, items: impl IntoIterator<Item = &'t str>) -> &mut Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return self;
        }
        self.raw("<ul>\n");
        for item in items {
            self.raw("<li>").prose(item).raw("</li>\n");
        }
        self.raw("</ul>\n")
    }

    /// Puts another piece.
    pub(super) fn piece(&mut self, piece: &Self) -> &mut Self {
        self.0.push_str(&piece.0);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    fn escaped(text: &str) -> String {
        let mut html = Html::default();
        html.text(text);
        html.finish()
    }

    #[test]
    fn no_text_is_markup() {
        assert_eq!(
            escaped("</script><!-- & \"'"),
            "&lt;/script&gt;&lt;!-- &amp; &quot;&#39;"
        );
        assert_eq!(
            escaped("a\0b\u{1b}[2J\u{202e}"),
            "a\\u{0}b\\u{1b}[2J\\u{202e}"
        );
        assert_eq!(escaped("\t\u{fffd}ß"), "\t\u{fffd}ß");
    }

    #[test]
    fn backquotes_mark_code_where_they_pair() {
        let prose = |text: &str| {
            let mut html = Html::default();
            html.sentence(text);
            html.finish()
        };
        assert_eq!(prose("see `a < b`"), "See <code>a &lt; b</code>");
        assert_eq!(prose("a ` b"), "A ` b");
    }
}
