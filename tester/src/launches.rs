//! Rewrites the spellings of CUDA C++ that no header can give to a C++ compiler: launches, dynamic shared memory, and
//! what stands at declarations (`declarations.rs`).
//!
//! `k<<<g, b>>>(x)` becomes a call of the runtime with the same words in between; `extern __shared__ T s[];` becomes a
//! reference to the runtime's memory.
//! The number of iterations that pay for a launch asks the runtime as well, so that one program runs with it and without.
//! Every other byte stays, and so does every line's number.

use std::ops::Range;

use crate::declarations::{LaunchBound, launch_bounds};
use crate::lexer::{Kind, Token, tokens};

/// Returns the text with launches and dynamic shared memory rewritten.
///
/// **Errors**: a launch or declaration of another form than this module reads, in words.
pub(crate) fn rewrite(text: &str) -> Result<String, String> {
    rewrite_with(text, false)
}

/// Returns the text rewritten for a program that is run a few times: the compiler does not optimise the run-time support,
/// which takes half of its time otherwise.
///
/// **Errors**: those of [`rewrite`].
pub(crate) fn rewrite_for_check(text: &str) -> Result<String, String> {
    rewrite_with(text, true)
}

fn rewrite_with(text: &str, is_for_check: bool) -> Result<String, String> {
    let tokens = tokens(text);
    let reader = Reader {
        text,
        tokens: &tokens,
    };
    let bounds = launch_bounds(&reader);
    let mut edits = Vec::new();
    for index in 0..tokens.len() {
        if reader.is_run(index, b'<') && !reader.is_run(index.wrapping_sub(1), b'<') {
            edits.extend(reader.launch(index, &bounds)?);
        }
        edits.extend(reader.device_variable(index));
        edits.extend(reader.untyped_kernel(index));
        edits.extend(reader.threshold(index));
        if is_for_check {
            edits.extend(reader.support(index));
        }
        if reader.is_word(index, "extern") && reader.is_word(index + 1, "__shared__") {
            edits.extend(reader.dynamic_shared(index)?);
        }
    }
    Ok(apply(text, edits))
}

/// Replaces ranges, which do not overlap; where a replaced range spans lines, so does its replacement.
fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut result = String::with_capacity(text.len() + 64 * edits.len());
    let mut done = 0;
    for (range, replacement) in edits {
        result.push_str(text.get(done..range.start).unwrap_or(""));
        result.push_str(&replacement);
        let lines = |text: &str| text.matches('\n').count();
        let lost = lines(text.get(range.clone()).unwrap_or("")).saturating_sub(lines(&replacement));
        result.extend(std::iter::repeat_n('\n', lost));
        done = range.end;
    }
    result.push_str(text.get(done..).unwrap_or(""));
    result
}

/// A text and its tokens.
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
}

/// Ranges of bytes and what takes their place.
pub(crate) type Edits = Vec<(Range<usize>, String)>;

impl Reader<'_> {
    /// Whether the token is this character.
    pub(crate) fn is(&self, index: usize, punctuation: u8) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.is(punctuation))
    }

    /// The token's text where it is a name or keyword.
    pub(crate) fn word(&self, index: usize) -> Option<&str> {
        let token = self.tokens.get(index)?;
        (token.kind == Kind::Identifier)
            .then(|| self.text.get(token.at.clone()))
            .flatten()
    }

    /// Whether the token is this name or keyword.
    pub(crate) fn is_word(&self, index: usize, word: &str) -> bool {
        self.word(index) == Some(word)
    }

    /// Whether three characters without space between them start here.
    fn is_run(&self, index: usize, character: u8) -> bool {
        (0..3).all(|offset| self.is(index.wrapping_add(offset), character))
            && self.start(index) + 2 == self.start(index.wrapping_add(2))
    }

    /// Edits around the run-time support, where it begins here.
    ///
    /// **Source**: GCC manual 12, 6.62.14, function specific option pragmas.
    fn support(&self, index: usize) -> Edits {
        let is_named = self.is_word(index, "namespace") && self.is_word(index + 1, "mupac");
        let is_here = is_named && self.is(index + 2, b'{');
        let close = is_here
            .then(|| self.balanced(index + 2, b'{', b'}'))
            .flatten();
        let Some(close) = close else {
            return Vec::new();
        };
        let (first, end) = (self.start(index), self.tokens[close].at.end);
        let before = "_Pragma(\"GCC push_options\") _Pragma(\"GCC optimize(\\\"O0\\\")\") ";
        let after = " _Pragma(\"GCC pop_options\")";
        vec![
            (first..first, before.to_owned()),
            (end..end, after.to_owned()),
        ]
    }

    fn start(&self, index: usize) -> usize {
        self.tokens
            .get(index)
            .map_or(self.text.len(), |token| token.at.start)
    }

    fn line(&self, index: usize) -> usize {
        self.text
            .get(..self.start(index))
            .unwrap_or("")
            .matches('\n')
            .count()
            + 1
    }

    /// Edits of the launch whose `<<<` is at `open`.
    fn launch(&self, open: usize, bounds: &[LaunchBound<'_>]) -> Result<Edits, String> {
        let unread = || {
            format!(
                "the launch in line {} is not of the form kernel<<<…>>>(…)",
                self.line(open)
            )
        };
        let first = self.kernel_name(open).ok_or_else(unread)?;
        let close = self.configuration_end(open + 3).ok_or_else(unread)?;
        let parenthesis = close + 3;
        if !self.is(parenthesis, b'(') {
            return Err(unread());
        }
        let name = self
            .text
            .get(self.start(first)..self.start(open))
            .unwrap_or("")
            .trim_end();
        let label: String = name.chars().filter(|each| !each.is_whitespace()).collect();
        let bound = bounds
            .iter()
            .find(|bound| (first..open).any(|at| self.is_word(at, bound.kernel)));
        let (bounded, end) = bound.map_or((String::new(), ""), |bound| {
            let threads = bound.threads.replace('\n', " ");
            (format!("mupac_simt::bounded({threads}, "), ")")
        });
        let comma = if self.is(parenthesis + 1, b')') {
            ""
        } else {
            ", "
        };
        Ok(vec![
            (
                self.start(first)..self.start(open) + 3,
                format!("mupac_simt::launch(\"{label}\", {bounded}mupac_simt::configuration("),
            ),
            (
                self.start(close)..self.start(parenthesis) + 1,
                format!("){end}, {}{comma}", name.replace('\n', " ")),
            ),
        ])
    }

    /// First token of the kernel's name before `<<<`: `a::b<int>`.
    fn kernel_name(&self, open: usize) -> Option<usize> {
        let mut at = open;
        loop {
            at = at.checked_sub(1)?;
            if self.is(at, b'>') {
                at = self.template_start(at)?.checked_sub(1)?;
            }
            if self.tokens.get(at)?.kind != Kind::Identifier {
                return None;
            }
            let is_qualified = at >= 2 && self.is(at - 1, b':') && self.is(at - 2, b':');
            if !is_qualified {
                return Some(at);
            }
            at -= 2;
            if at == 0
                || !(self.is(at - 1, b'>') || self.tokens.get(at - 1)?.kind == Kind::Identifier)
            {
                return Some(at);
            }
        }
    }

    /// The `<` that belongs to the `>` at `close`.
    fn template_start(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for index in (0..=close).rev() {
            match self.tokens.get(index)?.kind {
                Kind::Punctuation(b'>') => depth += 1,
                Kind::Punctuation(b'<') if depth == 1 => return Some(index),
                Kind::Punctuation(b'<') => depth -= 1,
                Kind::Punctuation(b';' | b'{' | b'}') => return None,
                Kind::Identifier | Kind::Number | Kind::Literal | Kind::Punctuation(_) => {}
            }
        }
        None
    }

    /// The first of the `>>>` that ends the configuration starting at `from`.
    fn configuration_end(&self, from: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for index in from..self.tokens.len() {
            match self.tokens.get(index)?.kind {
                Kind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
                Kind::Punctuation(b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
                // `x<1>>>>` ends a template before it ends the configuration.
                Kind::Punctuation(b'>')
                    if depth == 0 && self.is_run(index, b'>') && !self.is_run(index + 1, b'>') =>
                {
                    return Some(index);
                }
                Kind::Punctuation(b';') if depth == 0 => return None,
                Kind::Identifier | Kind::Number | Kind::Literal | Kind::Punctuation(_) => {}
            }
        }
        None
    }

    /// The edit of `#define MUPAC_CPU_THRESHOLD 8192` at `index`, and of the file's other thresholds.
    fn threshold(&self, index: usize) -> Option<(Range<usize>, String)> {
        let is_definition = self.is(index, b'#')
            && self.is_word(index + 1, "define")
            && self.word(index + 2)?.starts_with("MUPAC_CPU_THRESHOLD");
        let number = self.tokens.get(index + 3)?;
        if !is_definition || number.kind != Kind::Number {
            return None;
        }
        let text = self.text.get(number.at.clone())?;
        Some((number.at.clone(), format!("mupac_simt_threshold({text})")))
    }

    /// Edits of `extern __shared__ T name[];` at `index`.
    fn dynamic_shared(&self, index: usize) -> Result<Edits, String> {
        let end = (index..self.tokens.len())
            .find(|&at| self.is(at, b';'))
            .unwrap_or(index);
        let declares_more = (index..end).any(|at| self.is(at, b',') || self.is(at, b'='));
        let is_read = !declares_more
            && end >= index + 5
            && self.is(end - 1, b']')
            && self.is(end - 2, b'[')
            && self
                .tokens
                .get(end - 3)
                .is_some_and(|token| token.kind == Kind::Identifier);
        if !is_read {
            return Err(format!(
                "the declaration in line {} is not of the form extern __shared__ T name[];",
                self.line(index)
            ));
        }
        let name = self
            .text
            .get(self.start(end - 3)..self.start(end - 2))
            .unwrap_or("")
            .trim_end();
        Ok(vec![
            (self.start(index)..self.start(index + 2), String::new()),
            (
                self.start(end - 3)..self.start(end),
                format!("(&{name})[] = mupac_simt::DynamicShared()"),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::{rewrite, rewrite_for_check};

    fn rewritten(text: &str) -> String {
        rewrite(text).unwrap()
    }

    #[test]
    fn launch_becomes_a_call() {
        assert_eq!(
            rewritten("k<<<g, b>>>(x, y[1]);"),
            "mupac_simt::launch(\"k\", mupac_simt::configuration(g, b), k, x, y[1]);"
        );
    }

    #[test]
    fn launch_without_arguments() {
        assert_eq!(
            rewritten("k<<<1, 1>>>( /* none */ );"),
            "mupac_simt::launch(\"k\", mupac_simt::configuration(1, 1), k /* none */ );"
        );
    }

    #[test]
    fn template_and_namespace_belong_to_the_name() {
        assert_eq!(
            rewritten("if (a < b) n::k<A<int>, 3> <<<f(g >> 1), 2>>> (x);"),
            "if (a < b) mupac_simt::launch(\"n::k<A<int>,3>\", mupac_simt::configuration(f(g >> 1), 2), n::k<A<int>, 3>, x);"
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = "k<<<\n g,\n b>>>\n(\n x);\nz";
        let result = rewritten(text);
        assert_eq!(result.lines().count(), text.lines().count());
        assert_eq!(result.lines().last(), Some("z"));
    }

    #[test]
    fn comments_and_literals_stay() {
        for text in [
            "// k<<<1, 2>>>(x)\n",
            "// continued \\\n k<<<1, 2>>>(x)\n",
            "/* k<<<1, 2>>>(x) */",
            "\"k<<<1, 2>>>(x)\"",
            "\"\\\"k<<<1, 2>>>(x)\"",
            "R\"ab(\")k<<<1, 2>>>(x)ab\"",
            "a << b; c >> d; '<' + 1'000;",
        ] {
            assert_eq!(rewritten(text), text);
        }
    }

    #[test]
    fn dynamic_shared_memory_becomes_a_reference() {
        assert_eq!(
            rewritten("extern __shared__ __align__(16) unsigned char raw[];"),
            "__align__(16) unsigned char (&raw)[] = mupac_simt::DynamicShared();"
        );
    }

    #[test]
    fn support_is_compiled_as_it_stands_for_checks() {
        let text = "#include <map>\nnamespace mupac { namespace {\nvoid f() { }\n}}  // namespace mupac\nint mupac;\n";
        let start =
            "_Pragma(\"GCC push_options\") _Pragma(\"GCC optimize(\\\"O0\\\")\") namespace mupac";
        let wanted = text.replace("namespace mupac {", &format!("{start} {{"));
        let wanted = wanted.replace("}}", "}} _Pragma(\"GCC pop_options\")");
        assert_eq!(rewrite_for_check(text).unwrap(), wanted);
        assert_eq!(rewritten(text), text);
    }

    #[test]
    fn thresholds_are_asked_for() {
        let text = "#ifndef MUPAC_CPU_THRESHOLD\n#define MUPAC_CPU_THRESHOLD 8192\n#else\n\
                    #define MUPAC_CPU_THRESHOLD_9 MUPAC_CPU_THRESHOLD\n#endif\n#define OTHER 3\n";
        let asked = text.replace("8192", "mupac_simt_threshold(8192)");
        assert_eq!(rewritten(text), asked);
    }

    #[test]
    fn other_forms_are_refused() {
        assert!(rewrite("K(x)<<<1, 2>>>(y);").is_err());
        assert!(rewrite("k<<<1, 2>>>;").is_err());
        assert!(rewrite("extern __shared__ int a[], b[];").is_err());
    }
}
