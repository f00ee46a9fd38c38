//! What the loops of a draft are: whole or parts, parallel or in order, of kernels or of the host.

use std::collections::BTreeSet;

use mupac_ir::{Handle, Loop, LoopName, Stmt, Var};

use super::Draft;
use crate::carried::{self, Events, Order};
use crate::facts::Reduction;
use crate::judge::{Tree, partial, updated};
use crate::steps::{self, Step};
use crate::{build, region};

/// More iterations than the largest device runs threads at once, several times over: 132 multiprocessors with 2048
/// threads each.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”.
const MANY: u128 = 1 << 20;

impl Draft {
    /// Returns the loops of the nests in which some loop is mapped.
    pub(super) fn loops_beside_mapped(&self) -> BTreeSet<LoopName> {
        let is_mapped = |nest: &[Stmt]| {
            let mut loops = region::loops(nest).into_iter();
            loops.any(|each| each.mapping.is_parallel())
        };
        self.nests()
            .into_iter()
            .filter(|nest| is_mapped(nest))
            .flat_map(region::loops)
            .map(|each| each.name.clone())
            .collect()
    }

    /// Returns the sequential loops in the code of threads: inside mapped loops, and around none.
    pub(crate) fn loops_of_threads(&self) -> BTreeSet<&LoopName> {
        loops_of_threads(self.statements())
    }

    /// Returns the statements that may become a kernel each: outermost loops that carry nothing, with the names
    /// before them; loops around them that do carry something stay on the host.
    pub fn nests(&self) -> Vec<&[Stmt]> {
        let mut found = Vec::new();
        self.collect_nests(self.statements(), &mut found);
        found
    }

    /// Returns the loops of the program that are the only parallel one of their nest and of which a thread may well run
    /// several iterations: they are known to be so many ([`MANY`]), or how many is not known and they update an
    /// array that a block may have a part of, which pays the more iterations a block has.
    pub(crate) fn long_loops(&self) -> Vec<&Loop> {
        let is_long = |each: &&Loop| {
            let bounds = build::constant(&self.function, each.start)
                .zip(build::constant(&self.function, each.end));
            if let Some((start, end)) = bounds {
                end.abs_diff(start) / u128::from(each.step.unsigned_abs().max(1)) >= MANY
            } else {
                let mut arrays = updated(self.facts(), &each.body).into_iter();
                arrays.any(|array| self.may_privatise(&each.body, array))
            }
        };
        let is_parallel = |each: &&Loop| self.may_run_in_parallel(each);
        self.nests()
            .into_iter()
            .filter_map(|nest| match region::chain(nest).as_slice() {
                [only] => Some(*only),
                [first, second, ..] => Some(*first).filter(|_| !is_parallel(second)),
                [] => None,
            })
            .filter(|each| self.is_original(&each.name) && is_parallel(each) && is_long(each))
            .collect()
    }

    /// Returns whether a block may have its own part of an array that statements of a launch update.
    pub(crate) fn may_privatise(&self, launch: &[Stmt], array: Handle<Var>) -> bool {
        let tree = Tree {
            function: &self.function,
            statements: self.statements(),
        };
        partial(self.facts(), tree, launch, array).is_some()
    }

    fn collect_nests<'a>(&'a self, statements: &'a [Stmt], found: &mut Vec<&'a [Stmt]>) {
        for (at, stmt) in statements.iter().enumerate() {
            match stmt {
                Stmt::Let(..) => {
                    found.push(&statements[at..]);
                    return;
                }
                Stmt::For(each) if each.mapping.is_parallel() || self.may_run_in_parallel(each) => {
                    found.push(std::slice::from_ref(stmt));
                }
                Stmt::For(each) => self.collect_nests(&each.body, found),
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }

    /// Returns whether a loop counts with an iterator of the program, as a whole: a loop as written, or a copy of one with a
    /// part of its body.
    pub fn is_original(&self, name: &LoopName) -> bool {
        let made_from = self.original().function.vars.len();
        let current = region::find(self.statements(), name);
        region::find(self.original().statements, name).is_some()
            || current.is_some_and(|each| each.iterator.index() < made_from)
    }

    /// Returns whether a move made a loop of this name out of two.
    pub(crate) fn is_flattened(&self, name: &LoopName) -> bool {
        self.trajectory.moves.iter().any(|each| {
            let joins = [
                steps::Flatten.name(),
                steps::Fuse.name(),
                steps::Skew.name(),
            ];
            joins.contains(&&*each.step) && each.arguments.last() == Some(&name.0)
        })
    }

    /// Returns the loops of the program that a loop of the rewritten region helps to count: the one of its name, else
    /// those around the same assignments whose iterators are computed from its own.
    pub(crate) fn counted_by(&self, each: &Loop) -> Vec<&Loop> {
        let original = self.original();
        if let Some(same) = region::find(original.statements, &each.name) {
            return vec![same];
        }
        let made_from = original.function.vars.len();
        let iterators = self.counted_with(each.iterator, made_from);
        let inside = region::numbers(&each.body);
        region::loops(original.statements)
            .into_iter()
            .filter(|original| {
                iterators.contains(&original.iterator)
                    && !region::numbers(&original.body).is_disjoint(&inside)
            })
            .collect()
    }

    /// Returns whether a loop counts the iterations of a front, or helps to.
    fn is_along_front(&self, each: &Loop) -> bool {
        let skews = self.trajectory.moves.iter();
        let mut fronts = skews
            .filter(|step| step.step == steps::Skew.name())
            .filter_map(|step| step.arguments.last())
            .peekable();
        if fronts.peek().is_none() {
            return false;
        }
        let made_from = self.original().function.vars.len();
        let counted = self.counted_with(each.iterator, made_from);
        fronts.any(|front| {
            let mut counted = counted.iter();
            counted.any(|var| self.function.vars[*var].name == *front)
        })
    }

    /// Returns whether a loop counts the iterations of a front, or no loop of the program that it helps to count carries a
    /// dependence between statements that it holds.
    pub fn may_run_in_parallel(&self, each: &Loop) -> bool {
        if self.is_along_front(each) {
            return true;
        }
        let carries = |original: &Loop| {
            let facts = self.facts();
            if !facts.carried.contains_key(&original.name) {
                return false;
            }
            let order = Order::from(facts);
            let inside = Events::of(&each.body);
            let whole = region::numbers(&original.body);
            match inside.depth(order, original.iterator) {
                Some(depth) if !whole.is_subset(&inside.assignments) => {
                    carried::carries(order, &inside, depth)
                }
                Some(_) | None => true,
            }
        };
        !self.counted_by(each).into_iter().any(carries)
    }

    /// Returns whether threads contribute to a reduction, and not each to its own.
    pub fn is_joined(&self, reduction: &Reduction) -> bool {
        let contributes = |stmt: &Stmt| matches!(stmt, Stmt::Compute(compute) if reduction.statements.contains(&compute.id));
        let mut loops = region::loops(self.statements()).into_iter();
        loops.any(|each| {
            each.mapping.is_parallel()
                && region::first(&each.body, &mut |stmt| contributes(stmt).then_some(())).is_some()
                && self
                    .counted_by(each)
                    .iter()
                    .any(|original| !reduction.outside.contains(&original.name))
        })
    }

    /// Returns a variable and every name that counts with it by `let`, directly or through names that passes made.
    fn counted_with(&self, var: Handle<Var>, made_from: usize) -> BTreeSet<Handle<Var>> {
        let mut found = BTreeSet::from([var]);
        region::each(self.statements(), &mut |stmt| {
            if let Stmt::Let(name, value) = stmt
                && build::variables(&self.function, *value)
                    .iter()
                    .any(|each| *each == var || each.index() >= made_from && found.contains(each))
            {
                found.insert(*name);
            }
        });
        found
    }
}

/// Returns the sequential loops of statements in the code of threads.
pub(crate) fn loops_of_threads(statements: &[Stmt]) -> BTreeSet<&LoopName> {
    let mut found = BTreeSet::new();
    of_threads(statements, false, &mut found);
    found
}

/// Finds the sequential loops around no mapped one; returns whether some loop is mapped.
fn of_threads<'a>(
    statements: &'a [Stmt],
    is_inside: bool,
    found: &mut BTreeSet<&'a LoopName>,
) -> bool {
    let mut has_mapped = false;
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            let is_mapped = each.mapping.is_parallel();
            if of_threads(&each.body, is_inside || is_mapped, found) || is_mapped {
                has_mapped = true;
            } else if is_inside {
                found.insert(&each.name);
            }
        } else {
            for block in region::blocks(stmt) {
                has_mapped |= of_threads(block, is_inside, found);
            }
        }
    }
    has_mapped
}
