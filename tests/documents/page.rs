//! A page, line by line: what is generated is made anew, what a reader types is run.

use std::path::Path;
use std::str::Lines;

use libtest_mimic::Failed;

use crate::console::Console;
use crate::{blocks, reference, root};

const GENERATED: &str = "<!-- generated: ";
const FILE: &str = "<!-- file: ";
const NOT_RUN: &str = "<!-- not run: ";
const END_OF_GENERATED: &str = "<!-- end of generated text -->";
const FENCE: &str = "```";

/// Fails where a page is not what it would be made of today, unless it is to be rewritten.
pub(crate) fn check(document: &Path) -> Result<(), Failed> {
    let path = root().join(document);
    let text = std::fs::read_to_string(&path)?;
    let expected = Page::of(&text).written()?;
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(&path, &expected)?;
        return Ok(());
    }
    if text == expected {
        return Ok(());
    }
    let name = document.display();
    let difference = first_difference(&text, &expected);
    Err(
        format!("{name} is not what it would be today; MUPAC_BLESS=1 rewrites it:\n{difference}")
            .into(),
    )
}

/// Returns some lines from the first one on in which two texts differ.
fn first_difference(text: &str, expected: &str) -> String {
    let pairs = text.lines().zip(expected.lines());
    let same = pairs.take_while(|(now, then)| now == then).count();
    let from = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(same).take(12).collect();
        lines.join("\n")
    };
    let (now, then) = (from(text), from(expected));
    format!(
        "from line {} on it says\n{now}\ninstead of\n{then}",
        same + 1
    )
}

/// A page that is made anew.
struct Page<'a> {
    lines: Lines<'a>,
    written: String,
    console: Console,
}

impl<'a> Page<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            lines: text.lines(),
            written: String::new(),
            console: Console::new(),
        }
    }

    fn written(mut self) -> Result<String, Failed> {
        while let Some(line) = self.lines.next() {
            self.push(line);
            if let Some(what) = instruction(line, GENERATED) {
                self.generate(what)?;
            } else if let Some(name) = instruction(line, FILE) {
                let body = self.block()?;
                self.console.save(name, &body);
            } else if instruction(line, NOT_RUN).is_some() {
                self.block()?;
            } else if line == "```console" {
                let said = self.body();
                let said = self.console.run(&said)?;
                self.written.push_str(&said);
                self.push(FENCE);
            } else if line.starts_with(FENCE) {
                if [FENCE, "```sh", "```bash"].contains(&line) {
                    return Err(
                        "a fenced block says what it is; commands stand in `console`".into(),
                    );
                }
                let body = self.body();
                self.written.push_str(&body);
                self.push(FENCE);
            }
        }
        Ok(self.written)
    }

    fn push(&mut self, line: &str) {
        self.written.push_str(line);
        self.written.push('\n');
    }

    /// Writes what stands behind an instruction to generate it.
    fn generate(&mut self, what: &str) -> Result<(), Failed> {
        if let Some(text) = reference::stretch(what) {
            self.written.push_str(&text);
            let is_closed = self.lines.any(|line| line == END_OF_GENERATED);
            self.push(END_OF_GENERATED);
            return is_closed
                .then_some(())
                .ok_or_else(|| format!("nothing ends what is generated: {what}").into());
        }
        let (kind, file) = what.split_once(' ').ok_or("no kind and file")?;
        let next = self.lines.next().ok_or("nothing to be generated")?;
        if let Some(sentence) = blocks::sentence(kind, file) {
            self.push(&sentence);
            return Ok(());
        }
        self.push(next);
        self.body();
        self.written.push_str(&blocks::block(kind, file));
        self.push(FENCE);
        Ok(())
    }

    /// Copies a fenced block; returns its body.
    fn block(&mut self) -> Result<String, Failed> {
        let fence = self.lines.next().filter(|line| line.starts_with(FENCE));
        let fence = fence.ok_or("a fenced block is missing behind a comment")?;
        self.push(fence);
        let body = self.body();
        self.written.push_str(&body);
        self.push(FENCE);
        Ok(body)
    }

    /// Passes by the body of a fenced block and its end; returns the body.
    fn body(&mut self) -> String {
        let lines = self.lines.by_ref().take_while(|line| *line != FENCE);
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// Returns what a comment of this kind says.
fn instruction<'a>(line: &'a str, kind: &str) -> Option<&'a str> {
    line.strip_prefix(kind)?.strip_suffix(" -->")
}
