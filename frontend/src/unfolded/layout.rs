//! Lines for text that has none: a statement a line, moved to the right by the braces around it.

const LEVEL: &str = "    ";

/// Returns a text of one line with the lines that a person gives it; words and the space between them stay.
pub(super) fn laid_out(text: &str) -> String {
    let mut page = Page::default();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => literal_length(rest, first),
            _ => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        rest = behind;
        page.put(word, rest.trim_start());
    }
    page.end_line();
    page.done
}

/// Returns how long the literal is that a text begins with.
fn literal_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if letter == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    text.len()
}

#[derive(Default)]
struct Page {
    done: String,
    line: String,
    parentheses: usize,
    /// The braces that are open, and whether each is that of a list.
    braces: Vec<bool>,
}

impl Page {
    fn put(&mut self, word: &str, rest: &str) {
        match word {
            "(" | "[" => self.parentheses += 1,
            ")" | "]" => self.parentheses = self.parentheses.saturating_sub(1),
            "{" => {
                self.braces.push(self.begins_list());
            }
            "}" if self.braces.last() == Some(&false) => {
                self.end_line();
                self.braces.pop();
                self.line.push('}');
                let goes_on = ["else", "while", ",", ";", ")"];
                if !goes_on.iter().any(|word| rest.starts_with(word)) {
                    self.end_line();
                } else if !rest.starts_with([',', ';', ')']) {
                    self.line.push(' ');
                }
                return;
            }
            "}" => drop(self.braces.pop()),
            " " if self.line.ends_with(' ') => return,
            _ => {}
        }
        self.line.push_str(word);
        let ends = match word {
            "{" => self.braces.last() == Some(&false),
            ";" => self.parentheses == 0 && self.braces.last() != Some(&true),
            _ => false,
        };
        if ends {
            self.end_line();
        }
    }

    /// Returns whether a brace begins a list of values and not a block.
    fn begins_list(&self) -> bool {
        let line = self.line.trim();
        let is_behind = line.ends_with(['=', ',', '(']);
        let is_literal = line.starts_with("return") || line.contains(" = (");
        self.parentheses > 0 || self.braces.last() == Some(&true) || is_behind || is_literal
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if !self.done.is_empty() {
            self.done.push('\n');
        }
        // The brace that ends a block stands below what begins it; the one that begins it is open already.
        let opened = usize::from(line.ends_with('{') && self.braces.last() == Some(&false));
        let depth = self.braces.len().saturating_sub(opened);
        self.done.push_str(&LEVEL.repeat(depth));
        self.done.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn a_function_gets_a_line_for_each_statement() {
        let text = "void f(int n) { int a[2] = {1, 2}; for (int i = 0; i < n; i++) { if (n) { g(\"}\"); } else h(';'); } do { n--; } while (n); }  int g(void) { return 1; }";
        let lines = "void f(int n) {
    int a[2] = {1, 2};
    for (int i = 0; i < n; i++) {
        if (n) {
            g(\"}\");
        } else h(';');
    }
    do {
        n--;
    } while (n);
}
int g(void) {
    return 1;
}";
        assert_eq!(laid_out(text), lines);
    }
}
