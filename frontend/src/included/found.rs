//! What a unit says of the files that it is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use clang_sys as k;

use crate::clang::{Cursor, Home, Inclusion, Unit};
use crate::lower::{is_loop, runs_once, walk};

/// The user's files of a unit; each is known by its name as clang found it.
pub(crate) struct Found {
    /// The main file.
    pub(super) main: String,
    /// The other ones, each time that they are read.
    pub(super) inclusions: Vec<Inclusion>,
    /// The functions that they define.
    pub(super) functions: Vec<Function>,
    /// What else stands at their outermost level names these functions.
    pub(super) named: BTreeSet<String>,
    /// How many loops files have that are included within a function.
    pub(super) within: BTreeMap<String, usize>,
    /// Where their declarations stand; `None` for the file of one that begins in another file than it ends in.
    pub(super) declarations: Vec<(String, Option<Range<usize>>)>,
}

/// A function with its body.
pub(super) struct Function {
    pub(super) name: String,
    /// The file that holds it.
    pub(super) file: String,
    /// Whether other C files may call it.
    pub(super) is_shared: bool,
    /// How many loops it has.
    pub(super) loops: usize,
    /// The functions that it names.
    pub(super) calls: BTreeSet<String>,
}

impl Found {
    /// Looks at a unit; `None` where it is one file.
    pub(crate) fn of(main: &str, unit: &Unit) -> Option<Self> {
        let inclusions = unit.inclusions().into_iter();
        let inclusions: Vec<_> = inclusions.filter(|each| !each.is_system).collect();
        if inclusions.is_empty() {
            return None;
        }
        let mut found = Self {
            main: main.to_owned(),
            inclusions,
            functions: Vec::new(),
            named: BTreeSet::new(),
            within: BTreeMap::new(),
            declarations: Vec::new(),
        };
        for declaration in unit.declarations(&[Home::Main, Home::Header]) {
            found.add(declaration, unit);
        }
        Some(found)
    }

    fn add(&mut self, declaration: Cursor<'_>, unit: &Unit) {
        let (start, end) = (declaration.start(), declaration.end());
        let (file, last) = (unit.file_of(start), unit.file_of(end));
        if file == last {
            let place = Some(start.offset..end.offset);
            self.declarations.push((file.clone(), place));
        } else {
            self.declarations
                .extend([(file.clone(), None), (last, None)]);
        }
        let (mut loops, mut calls) = (0, BTreeSet::new());
        walk::each(declaration, |cursor| {
            if is_loop(cursor) && !runs_once(cursor) {
                let other = Some(unit.file_of(cursor.start())).filter(|other| *other != file);
                match other {
                    Some(other) => *self.within.entry(other).or_default() += 1,
                    None => loops += 1,
                }
            }
            if cursor.kind() == k::CXCursor_DeclRefExpr {
                let named = cursor.referenced();
                let named = named.filter(|each| each.kind() == k::CXCursor_FunctionDecl);
                calls.extend(named.map(Cursor::spelling));
            }
        });
        if declaration.kind() == k::CXCursor_FunctionDecl && declaration.is_definition() {
            self.functions.push(Function {
                name: declaration.spelling(),
                file: declaration.file().unwrap_or_default(),
                is_shared: !declaration.canonical().is_static(),
                loops,
                calls,
            });
        } else if declaration.kind() != k::CXCursor_FunctionDecl {
            self.named.extend(calls);
        }
    }

    /// Returns the functions that the program may run.
    pub(super) fn reached(&self) -> Vec<&Function> {
        let mut reached = self.named.clone();
        let shared = self.functions.iter().filter(|each| each.is_shared);
        let mut pending: Vec<String> = shared.map(|each| each.name.clone()).collect();
        pending.extend(self.named.iter().cloned());
        while let Some(name) = pending.pop() {
            reached.insert(name.clone());
            let bodies = self.functions.iter().filter(|each| each.name == name);
            let calls = bodies.flat_map(|each| &each.calls);
            pending.extend(calls.filter(|each| !reached.contains(*each)).cloned());
        }
        let functions = self.functions.iter();
        functions
            .filter(|each| reached.contains(&each.name))
            .collect()
    }
}
