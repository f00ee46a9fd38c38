//! The text of a file with others in the place of the lines that include them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mupac_ir::{Part, Source, file_literal};

use super::chosen::Taken;
use super::file;
use crate::join::seen_from;
use crate::parse::Input;

/// What happens at a place of a file's text.
enum Event<'t> {
    /// Other text stands there.
    Spelled(String),
    /// A file stands there, and the text goes on behind it.
    File(&'t str),
    /// A part of the text begins there.
    Part,
}

/// What happens in a file: by place and kind, each with where the text goes on.
type Events<'t> = BTreeMap<(usize, u8), (usize, Event<'t>)>;

/// The kinds, in the order in which they come at one place.
const PART: u8 = 0;
const SPELLED: u8 = 1;
const FILE: u8 = 2;

/// The byte order mark, which means nothing inside of a text.
const MARK: char = '\u{feff}';

/// Returns the text with the taken files in it; `main` is the main file's name as clang found it.
pub(super) fn text(source: &Source, main: &str, taken: &BTreeMap<String, Taken>) -> Input {
    let mut whole = Whole {
        first: &source.name,
        taken,
        text: String::new(),
        parts: Vec::new(),
    };
    if source.parts().is_empty() {
        whole.begin(&source.name, 1);
    }
    whole.put(main, source);
    Input {
        name: source.name.clone(),
        text: whole.text.into_bytes(),
        parts: whole.parts,
    }
}

/// Returns a file's name as gcc writes it, which clang lets begin with the folder `.` where the main file's has none.
pub(super) fn part_name<'n>(file: &'n str, main: &str) -> &'n str {
    match file.strip_prefix("./") {
        Some(rest) if !main.starts_with("./") => rest,
        Some(_) | None => file,
    }
}

struct Whole<'t> {
    first: &'t str,
    taken: &'t BTreeMap<String, Taken>,
    text: String,
    parts: Vec<Part>,
}

impl<'t> Whole<'t> {
    fn begin(&mut self, name: &str, line: usize) {
        self.parts.push(Part {
            name: name.to_owned(),
            start: self.text.len() as u32,
            line: line as u32,
        });
    }

    fn begin_behind_line(&mut self, name: &str, line: usize) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "#line {line} {}", file_literal(name));
        self.begin(name, line);
    }

    /// Puts a file behind what is there.
    fn put(&mut self, file: &str, source: &Source) {
        let text = source.text();
        let mut done = 0;
        for ((start, _), (end, event)) in self.events(file, source) {
            self.text += text.get(done..start).unwrap_or_default();
            done = end;
            match event {
                Event::Spelled(other) => self.text += &other,
                Event::Part => {
                    let at = start as u32;
                    let (name, line) = (source.file(at).to_owned(), source.line_column(at).0);
                    self.begin(&name, line);
                }
                Event::File(name) => self.put_included(name, source, end),
            }
        }
        self.text += text.get(done..).unwrap_or_default();
    }

    /// Puts an included file, behind which its includer goes on at a byte.
    fn put_included(&mut self, name: &'t str, includer: &Source, behind: usize) {
        let Some(taken) = self.taken.get(name) else {
            return;
        };
        let own = part_name(name, self.first);
        self.begin_behind_line(own, 1);
        self.put(name, &Source::new(own, taken.text.as_str()));
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        // The line that includes it still belongs to the part that it stands in.
        let last = behind.saturating_sub(1) as u32;
        let line = includer.line_column(last).0 + 1;
        let file = includer.file(last).to_owned();
        self.begin_behind_line(&file, line);
    }

    /// Returns what happens in a file, by place and kind, and where the text goes on.
    fn events(&self, file: &str, source: &Source) -> Events<'t> {
        let text = source.text();
        let mut events = Events::new();
        for part in source.parts() {
            let start = part.start as usize;
            events.insert((start, PART), (start, Event::Part));
        }
        let is_included = self.taken.contains_key(file);
        if is_included && text.starts_with(MARK) {
            let nothing = Event::Spelled(String::new());
            events.insert((0, SPELLED), (MARK.len_utf8(), nothing));
        }
        for directive in file::directives(text).filter(|_| is_included) {
            let line = directive.line.clone();
            if file::names_once(&directive) {
                let empty = Event::Spelled("\n".to_owned());
                events.insert((line.start, SPELLED), (line.end, empty));
            } else if let Some(name) = directive.quoted()
                && let Some(other) = seen_from(self.first, file, name)
            {
                let end = directive.at + name.len() + 2;
                let other = Event::Spelled(format!("\"{other}\""));
                events.insert((directive.at, SPELLED), (end, other));
            }
        }
        for (name, taken) in self.taken {
            if taken.includer == file {
                let line = &taken.line;
                events.retain(|(at, kind), _| *kind == PART || !line.contains(at));
                events.insert((line.start, FILE), (line.end, Event::File(name)));
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_where_they_are_included() {
        let main = "int a;\n#include \"all.h\"\nint b;\n";
        let all = "\u{feff}#pragma once\n  # include \"one.h\"\n#include \"two.h\"";
        let taken = |text: &str, (includer, within): (&str, &str), name: &str| {
            let at = within.find(&format!("\"{name}\"")).unwrap();
            Taken {
                text: text.to_owned(),
                includer: includer.to_owned(),
                line: file::include_at(within, at).unwrap(),
            }
        };
        let files = [
            ("./all.h", taken(all, ("main.c", main), "all.h")),
            ("./one.h", taken("int c;", ("./all.h", all), "one.h")),
        ];
        let files = files.map(|(name, file)| (name.to_owned(), file));
        let whole = text(&Source::new("main.c", main), "main.c", &files.into());
        let source = Source::new("main.c", std::str::from_utf8(&whole.text).unwrap());
        assert_eq!(
            source.text(),
            "int a;\n#line 1 \"all.h\"\n\n#line 1 \"one.h\"\nint c;\n#line 3 \"all.h\"\n\
             #include \"two.h\"\n#line 3 \"main.c\"\nint b;\n"
        );
        let source = source.with_parts(whole.parts);
        let place = |word| {
            let at = source.text().find(word).unwrap();
            source.place(mupac_ir::Span::new(at, at + 1))
        };
        let places = ["int a", "int c", "#include", "int b"].map(place);
        assert_eq!(places, ["main.c:1", "one.h:1", "all.h:3", "main.c:3"]);
    }
}
