//! What the program learns of its own text: `__LINE__` and `__FILE__`.
//!
//! Rule `place-name`: where the text names one of them, its value stands instead; where a macro does (`assert`), a
//! `#line` directive stands before the line, so that the macro sees what it sees in the original.
//! Rule `own-assertion`: what `assert` is comes from the program where it defines it.
//! The file's name is the one that mupac is given, as compilers take theirs.

use std::collections::{BTreeMap, BTreeSet};

use clang_sys as k;
use mupac_ir::{Edit, PLACE_NAME, Source, Span, file_literal};

use crate::clang::{Cursor, Unit};
use crate::edits::linkage;
use crate::lower::walk;
use crate::text::Text;

const NAMES: [&str; 2] = ["__LINE__", "__FILE__"];

/// What `assert` of the GNU C library prints for the function's name: in C that alone, as other libraries print it.
const NAME_IN_ASSERT: &str = "#undef __ASSERT_FUNCTION\n#define __ASSERT_FUNCTION __func__\n";

/// How a file is named to itself.
#[derive(Clone, Copy)]
pub(crate) struct PlaceNames<'n> {
    source: &'n Source,
    is_everywhere: bool,
}

impl<'n> PlaceNames<'n> {
    /// Takes the file, and whether every statement is to name its line.
    pub(crate) fn new(source: &'n Source, is_everywhere: bool) -> Self {
        Self {
            source,
            is_everywhere,
        }
    }

    /// Returns the name of the file in which a byte stands, as a literal.
    fn quoted(self, at: usize) -> String {
        file_literal(self.source.file(at as u32))
    }

    fn line(self, at: usize) -> usize {
        self.source.line_column(at as u32).0
    }

    /// Returns the edits.
    pub(super) fn edits(self, unit: &Unit, text: &Text<'_>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut lines = BTreeSet::new();
        let mut first_assertion = None;
        let mut known: BTreeMap<String, bool> = BTreeMap::new();
        for (at, name) in uses(unit, text) {
            if NAMES.contains(&name.as_str()) {
                edits.push(Edit {
                    at: Span::new(at, at + name.len()),
                    text: if name == "__LINE__" {
                        self.line(at).to_string()
                    } else {
                        self.quoted(at)
                    },
                    rule: PLACE_NAME,
                });
                continue;
            }
            let known = known.entry(name.clone());
            if *known.or_insert_with(|| text.macro_mentions(&name, &NAMES)) {
                let at = start_of_line(text, at);
                lines.insert(at);
                if text.macro_mentions(&name, &["__ASSERT_FUNCTION"]) {
                    first_assertion = first_assertion.or(Some(at));
                }
            }
        }
        if self.is_everywhere {
            lines.extend(statements(unit, text));
        }
        edits.extend(lines.into_iter().map(|at| {
            let before = if first_assertion == Some(at) {
                NAME_IN_ASSERT
            } else {
                ""
            };
            Edit {
                at: Span::new(at, at),
                text: format!("{before}{}\n", self.source.line_directive(at as u32)),
                rule: PLACE_NAME,
            }
        }));
        edits.extend(beginnings(self.source));
        edits
    }
}

/// Returns the edits that keep where a file of several begins as a comment: lines of what is emitted are not the user's.
/// Where the same file goes on, nothing is kept.
fn beginnings(source: &Source) -> Vec<Edit> {
    let parts = source.parts();
    let pairs = parts.iter().zip(parts.iter().skip(1));
    let edits = pairs.filter_map(|(before, part)| {
        let start = part.start as usize;
        let text = source.text().get(..start).unwrap_or_default();
        let line = text.trim_end().rfind('\n').map_or(0, |end| end + 1);
        let at = Span::new(line, text.trim_end().len());
        let is_same = before.name == part.name;
        (!is_same || source.slice(at).starts_with("#line ")).then(|| Edit {
            at: if is_same { Span::new(line, start) } else { at },
            text: if is_same {
                String::new()
            } else {
                format!("/* {} */", part.name.replace("*/", "* /"))
            },
            rule: PLACE_NAME,
        })
    });
    edits.collect()
}

/// Returns the edit that forgets `assert` of the C library where the program defines its own: what nvcc adds to every file
/// defines it before that, so that the program might think that it has one.
pub(super) fn own_assertion(text: &Text<'_>) -> Option<Edit> {
    text.own_macros().contains("assert").then(|| Edit {
        at: Span::new(0, 0),
        text: "#undef assert\n".to_owned(),
        rule: "own-assertion",
    })
}

/// Returns where macros are used, outside of directives, in order.
fn uses(unit: &Unit, text: &Text<'_>) -> Vec<(usize, String)> {
    let mut uses = Vec::new();
    for cursor in unit.directives() {
        let (at, name) = (cursor.start(), cursor.spelling());
        let is_use = cursor.kind() == k::CXCursor_MacroExpansion && at.is_main;
        if is_use && text.is_word_at(at.offset, &name) {
            uses.push((at.offset, name));
        }
    }
    uses
}

/// Returns the lines on which declarations and statements begin.
fn statements(unit: &Unit, text: &Text<'_>) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for declaration in linkage::declarations(unit) {
        let start = text.declaration_start(declaration.start().offset);
        lines.insert(start_of_line(text, start));
        walk::each(declaration, |cursor| {
            if cursor.kind() == k::CXCursor_CompoundStmt {
                let children = cursor.children().into_iter().map(Cursor::start);
                let plain = children.filter(|at| at.is_main && !at.is_macro);
                lines.extend(plain.map(|at| start_of_line(text, at.offset)));
            }
        });
    }
    lines
}

/// Returns the start of the line of a place, or of the first macro in whose use the line begins.
fn start_of_line(text: &Text<'_>, mut at: usize) -> usize {
    loop {
        let start = text.source[..at].rfind('\n').map_or(0, |end| end + 1);
        match text.use_around(start) {
            Some(earlier) if earlier < start => at = earlier,
            Some(_) | None => return start,
        }
    }
}
