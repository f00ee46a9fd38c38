//! Headers that were written for C alone.
//!
//! Rule `c-header`: a header whose functions other C files define is included as C, and one that uses keywords of C++ as
//! names is read with other names. Where C++ finds something else in headers, they are told that they are read as C.
//! The system's headers that it includes come first, by themselves: they know C++ and are not read twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use super::Original;
use super::taken::Clash;
use crate::clang::{Cursor, Home, RawDiagnostic, Unit};
use crate::edits::{branches, keyword, shared_name};
use crate::lower::walk;
use crate::text::Text;

/// The rule of these edits.
pub(super) const RULE: &str = "c-header";

/// What one header of the user needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Needs {
    is_for_c: bool,
    names: BTreeSet<String>,
    /// Keywords of C that C++ spells differently.
    keywords: BTreeSet<&'static str>,
    /// Declarations that tell the linker the names in C.
    labels: BTreeSet<String>,
    /// Whether it asks which version of C it is read as.
    asks_version: bool,
    /// Whether it includes other headers where it is read as C++.
    has_cpp: bool,
}

/// What the headers of a file need, by their names; what one needed once it has for good, and then it no longer shows.
#[derive(Debug, Default)]
pub(super) struct Headers {
    needs: BTreeMap<String, Needs>,
}

impl Headers {
    /// Notes which keywords of C++ the headers name things by, and which keywords of C they use, and returns whether there
    /// are more than before: what else C++ rejects of such headers then says little.
    pub(super) fn note_keywords(
        &mut self,
        original: &Original<'_>,
        errors: &[RawDiagnostic],
    ) -> bool {
        // What this compiler takes as it is in C++ too, others do not; but a header may know it for itself.
        let is_needed = |word: &str, file: &str| {
            word != "restrict"
                || (errors.iter().filter_map(|error| error.place.as_ref()))
                    .any(|place| place.file == file)
        };
        let before = self.needs.clone();
        for (file, declaration) in declarations(original.unit) {
            let words = declaration.written_tokens().into_iter();
            let keywords = words.filter_map(|(_, word, _)| Some(keyword::in_cpp(&word)?.0));
            let keywords: Vec<&str> = keywords.filter(|word| is_needed(word, &file)).collect();
            if !keywords.is_empty() {
                self.needs
                    .entry(file)
                    .or_default()
                    .keywords
                    .extend(keywords);
            }
        }
        self.note_names(original, &keyword::is_reserved);
        self.needs != before
    }

    /// Notes which declarations have names that are taken.
    fn note_names(&mut self, original: &Original<'_>, is_taken: &dyn Fn(&str) -> bool) {
        for (file, declaration) in declarations(original.unit) {
            walk::each(declaration, |cursor| {
                let name = cursor.spelling();
                if cursor.is_declaration() && is_taken(&name) {
                    let needs = self.needs.entry(file.clone()).or_default();
                    needs.names.insert(name);
                }
            });
        }
    }

    /// Notes which headers C++ finds something else in, since they ask which language they are read as, and returns whether
    /// there are more than before.
    pub(super) fn note_language(&mut self, original: &Original<'_>, cpp: &Unit) -> bool {
        let before = self.needs.clone();
        let in_c = included(original.unit);
        let in_cpp = included(cpp);
        for (file, theirs) in in_cpp {
            let ours = in_c.get(&file);
            if ours.is_some_and(|ours| theirs.iter().any(|name| !ours.contains(name))) {
                self.needs.entry(file).or_default().has_cpp = true;
            }
        }
        for cursor in original.unit.directives() {
            let asks = cursor.kind() == k::CXCursor_MacroExpansion
                && !cursor.start().is_main
                && cursor.spelling() == branches::VERSION;
            if let Some(file) = cursor.file().filter(|file| asks && in_c.contains_key(file)) {
                self.needs.entry(file).or_default().asks_version = true;
            }
        }
        self.needs != before
    }

    /// Notes what the headers need besides, and returns whether it is more than before.
    pub(super) fn note(
        &mut self,
        original: &Original<'_>,
        cpp: &Unit,
        clashes: &[Clash<'_>],
    ) -> bool {
        let before = self.needs.clone();
        let clashing: BTreeSet<String> = (clashes.iter())
            .map(|clash| clash.declaration.spelling())
            .collect();
        self.note_names(original, &|name| clashing.contains(name));
        let shared = clashes.iter().filter(|clash| clash.is_shared);
        for declaration in shared.map(|clash| clash.declaration) {
            let file = declaration
                .file()
                .filter(|_| !declaration.location().is_main);
            // What a whole program defines no other file looks for.
            let is_linked = !original.is_whole_program || declaration.definition().is_none();
            let label = is_linked.then(|| shared_name::label(declaration, original.text));
            if let (Some(file), Some(label)) = (file, label.flatten()) {
                self.needs.entry(file).or_default().labels.insert(label);
            }
        }
        if !original.is_whole_program {
            // What C++ reads as C already stands inside a linkage specification, which is no function.
            for (file, declaration) in declarations(cpp) {
                let is_function = declaration.kind() == k::CXCursor_FunctionDecl;
                if is_function && !declaration.is_static() {
                    self.needs.entry(file).or_default().is_for_c = true;
                }
            }
        }
        self.needs != before
    }

    /// Returns the edits around `#include` lines, and those that rename what such a header names.
    pub(super) fn edits(&self, original: &Original<'_>) -> Vec<Edit> {
        let (c, text) = (original.unit, original.text);
        let names: BTreeSet<&String> = self.needs.values().flat_map(|need| &need.names).collect();
        let mut edits: Vec<Edit> = names
            .into_iter()
            .filter_map(|name| keyword::edits(name, text))
            .flatten()
            .collect();
        for (line, needs) in by_line(c, self.needs.clone()) {
            edits.extend(around(line, &needs, &system_headers(c, line), text));
        }
        edits
    }
}

/// Returns the declarations in headers of the user, with the header's name.
fn declarations(unit: &Unit) -> impl Iterator<Item = (String, Cursor<'_>)> {
    let ours = unit.declarations(&[Home::Header]);
    ours.filter(|cursor| cursor.is_declaration())
        .filter_map(|cursor| Some((cursor.file()?, cursor)))
}

/// Returns the names of what each of the user's headers includes.
fn included(unit: &Unit) -> BTreeMap<String, BTreeSet<String>> {
    let ours = unit.inclusions().into_iter();
    let ours = ours.filter(|inclusion| !inclusion.is_system);
    let mut included: BTreeMap<String, BTreeSet<String>> = ours
        .map(|inclusion| (inclusion.file, BTreeSet::new()))
        .collect();
    for directive in unit.directives() {
        if directive.kind() == k::CXCursor_InclusionDirective {
            let names = directive.file().and_then(|file| included.get_mut(&file));
            if let Some(names) = names {
                names.insert(directive.spelling());
            }
        }
    }
    included
}

/// Joins the needs of all headers that one `#include` line of the main file brings, by the place of the line.
fn by_line(unit: &Unit, mut needs: BTreeMap<String, Needs>) -> BTreeMap<usize, Needs> {
    let mut lines: BTreeMap<usize, Needs> = BTreeMap::new();
    for inclusion in unit.inclusions() {
        if let Some(need) = needs.remove(&inclusion.file) {
            let line = lines.entry(inclusion.line).or_default();
            line.is_for_c |= need.is_for_c;
            line.names.extend(need.names);
            line.keywords.extend(need.keywords);
            line.labels.extend(need.labels);
            line.asks_version |= need.asks_version;
            line.has_cpp |= need.has_cpp;
        }
    }
    lines
}

/// Returns the system headers that the user's headers of one `#include` line include, as written, in order.
fn system_headers(unit: &Unit, line: usize) -> Vec<String> {
    let ours: BTreeSet<String> = unit
        .inclusions()
        .into_iter()
        .filter(|inclusion| inclusion.line == line && !inclusion.is_system)
        .map(|inclusion| inclusion.file)
        .collect();
    let mut headers = Vec::new();
    for directive in unit.directives() {
        let is_theirs = directive.kind() == k::CXCursor_InclusionDirective
            && directive.includes_system_header()
            && directive.file().is_some_and(|file| ours.contains(&file));
        let name = directive.spelling();
        if is_theirs && !headers.contains(&name) {
            headers.push(name);
        }
    }
    headers
}

/// Returns what stands before and after an `#include` line.
fn around(directive: usize, needs: &Needs, system: &[String], text: &Text<'_>) -> [Edit; 2] {
    let start = text.source[..directive].rfind('\n').map_or(0, |at| at + 1);
    let length = text.source[directive..].find('\n');
    let end = length.map_or(text.source.len(), |length| directive + length);
    let mut before = String::new();
    // What stands on the next line may have edits at its start.
    let mut after = String::new();
    // Writing to a string does not fail.
    for name in system {
        let _ = writeln!(before, "#include <{name}>");
    }
    if needs.is_for_c {
        before.push_str("extern \"C\" {\n");
    }
    let names = needs.names.iter().map(|name| (&**name, format!("{name}_")));
    let keywords = needs.keywords.iter();
    let keywords = keywords.filter_map(|word| keyword::in_cpp(word));
    let keywords = keywords.map(|(word, theirs)| (word, theirs.to_owned()));
    if needs.has_cpp {
        before.push_str("#pragma push_macro(\"__cplusplus\")\n#undef __cplusplus\n");
        after.push_str("\n#pragma pop_macro(\"__cplusplus\")");
    }
    let version = branches::version_of(text).filter(|_| needs.asks_version);
    let version = version.map(|version| (branches::VERSION, version));
    for (name, theirs) in names.chain(keywords).chain(version) {
        let _ = writeln!(before, "#define {name} {theirs}");
        let _ = write!(after, "\n#undef {name}");
    }
    if needs.is_for_c {
        after.push_str("\n}");
    }
    for label in &needs.labels {
        let _ = write!(after, "\n{}", label.trim_end());
    }
    [(start, before), (end, after)].map(|(at, text)| Edit {
        at: Span::new(at, at),
        text,
        rule: RULE,
    })
}
