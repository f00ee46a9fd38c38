//! Names that are taken, and new ones.

use mupac_ir::{Block, Function, LoopName, Stmt};

use crate::region;

/// The names of the variables and loops of a function and a region of it.
///
/// Few names are asked for, so that looking through all each time costs less than a set of them.
pub(crate) struct Names<'a> {
    function: &'a Function,
    region: &'a [Stmt],
}

impl<'a> Names<'a> {
    pub(crate) fn of(function: &'a Function, region: &'a [Stmt]) -> Self {
        Self { function, region }
    }

    pub(crate) fn has_free(&self, name: &str) -> bool {
        let mut vars = self.function.vars.iter();
        let is_taken = |statements: &[Stmt]| {
            let is_meant =
                |stmt| region::loop_name(stmt).is_some_and(|each| each.0.as_str() == name);
            region::first(statements, &mut |stmt| is_meant(stmt).then_some(())).is_some()
        };
        !name.is_empty()
            && !vars.any(|(_, var)| var.name == name)
            && !is_taken(&self.function.body)
            && !is_taken(self.region)
    }

    /// Returns the name of a loop for the first of its copies, and one with a number for each other; `number` counts them
    /// from 1.
    pub(crate) fn next(&self, base: &LoopName, number: &mut u32) -> LoopName {
        let mut name = base.0.clone();
        while *number > 1 && !self.has_free(&name) {
            name = format!("{base}.{number}");
            *number += 1;
        }
        *number = (*number).max(2);
        LoopName(name)
    }

    /// Gives the loops of a copy names of their own.
    pub(crate) fn rename(&self, copy: &mut Block) {
        for stmt in copy {
            if let Stmt::For(each) = stmt {
                each.name = self.next(&each.name, &mut 2);
            }
            for inner in region::blocks_mut(stmt) {
                self.rename(inner);
            }
        }
    }
}

/// Returns whether neither a variable nor a loop has a name.
pub(crate) fn is_free(function: &Function, region: &[Stmt], name: &str) -> bool {
    Names::of(function, region).has_free(name)
}

/// Returns the name of one copy of a loop, see [`Names::next`].
pub(crate) fn next_name(
    function: &Function,
    region: &[Stmt],
    base: &LoopName,
    number: &mut u32,
) -> LoopName {
    Names::of(function, region).next(base, number)
}
