//! Names that are taken, and new ones.

use std::collections::BTreeSet;

use mupac_ir::{Block, Function, LoopName, Stmt};

use crate::region;

/// The names of the variables and loops of a function and a region of it.
///
/// Few names are asked for, so that looking through a list each time costs less than a set of them.
pub(crate) struct Names<'a> {
    taken: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(function: &'a Function, region: &'a [Stmt]) -> Self {
        let vars = function.vars.iter();
        let mut taken: Vec<&str> = vars.map(|(_, var)| var.name.as_str()).collect();
        for statements in [function.body.as_slice(), region] {
            region::each(statements, &mut |stmt| {
                taken.extend(region::loop_name(stmt).map(|each| each.0.as_str()));
            });
        }
        Self { taken }
    }

    pub(crate) fn has_free(&self, name: &str) -> bool {
        !name.is_empty() && !self.taken.contains(&name)
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

    /// Returns names of their own for the loops of a copy, outer before inner, in order.
    pub(crate) fn of_copy(&self, statements: &[Stmt]) -> Vec<LoopName> {
        let loops = region::loops(statements).into_iter();
        loops.map(|each| self.next(&each.name, &mut 2)).collect()
    }

    /// Gives the loops of a copy names of their own.
    pub(crate) fn rename(&self, copy: &mut Block) {
        let names = self.of_copy(copy);
        rename(copy, &mut names.into_iter());
    }
}

/// Gives every loop that has the name of one before it a name of its own.
pub(crate) fn distinguish(function: &Function, region: &mut Block) {
    let taken = Names::of(function, region);
    let mut seen = BTreeSet::new();
    let loops = region::loops(region).into_iter();
    let names: Vec<_> = loops
        .map(|each| {
            if seen.insert(&each.name) {
                each.name.clone()
            } else {
                taken.next(&each.name, &mut 2)
            }
        })
        .collect();
    rename(region, &mut names.into_iter());
}

/// Gives loops other names, outer before inner, in order.
pub(crate) fn rename(block: &mut [Stmt], names: &mut dyn Iterator<Item = LoopName>) {
    for stmt in block {
        if let Stmt::For(each) = stmt
            && let Some(name) = names.next()
        {
            each.name = name;
        }
        for inner in region::blocks_mut(stmt) {
            rename(inner, names);
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
