//! Where the lanes of a warp wait for one another, since one of them writes what another one reads or writes.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::visit;
use mupac_ir::{ExprKind, Function, Handle, LoopName, Mapping, Stmt, Var};

use crate::facts::{Facts, Reduction};
use crate::judge::is_memory;
use crate::region;

/// Who of a warp touches memory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    /// The lane that writes for all.
    One,
    /// Every lane, each the same.
    All,
    /// The lanes that share out a loop.
    Lanes(LoopName),
}

/// Where lanes wait for one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) before: bool,
    pub(super) behind: bool,
}

/// The arrays around whose writes by one lane all wait, and the loops around which they do.
#[derive(Debug, Default)]
pub(super) struct Fences {
    arrays: BTreeSet<Handle<Var>>,
    loops: BTreeMap<LoopName, Waits>,
}

impl Fences {
    /// Finds what some lane writes and another one touches at another place of the text, or in another iteration of a loop
    /// around: within one loop that lanes share out, their iterations touch different elements.
    pub(super) fn of(
        facts: &Facts,
        function: &Function,
        body: &[Stmt],
        joined: &BTreeMap<LoopName, Vec<Reduction>>,
    ) -> Self {
        let mut touched = Touched {
            facts,
            function,
            joined,
            by: BTreeMap::new(),
            written: BTreeMap::new(),
            repeated: BTreeSet::new(),
            at: 0,
        };
        touched.block(body, &Who::All, false);
        let mut fences = Self::default();
        for (array, writers) in &touched.written {
            let by = &touched.by[array];
            if writers.contains(&Who::One) && by.iter().any(|(_, who)| *who != Who::One) {
                fences.arrays.insert(*array);
            }
            for writer in writers {
                let Who::Lanes(name) = writer else { continue };
                let is_repeated = touched.repeated.contains(name);
                let own = by.iter().filter(|(_, who)| who == writer);
                let own: Vec<usize> = own.map(|(at, _)| *at).collect();
                let others = || {
                    by.iter()
                        .filter(|(_, who)| who != writer)
                        .map(|(at, _)| *at)
                };
                let waits = fences.loops.entry(name.clone()).or_default();
                waits.before |= is_repeated || others().any(|at| own.iter().all(|own| at < *own));
                waits.behind |= is_repeated || others().any(|at| own.iter().all(|own| at > *own));
            }
        }
        fences
    }

    /// Returns where lanes wait around a write of an array by one of them.
    pub(super) fn around(&self, array: Handle<Var>) -> Waits {
        let waits = self.arrays.contains(&array);
        Waits {
            before: waits,
            behind: waits,
        }
    }

    /// Returns where lanes wait around a loop that they share out.
    pub(super) fn around_loop(&self, name: &LoopName) -> Waits {
        self.loops.get(name).copied().unwrap_or_default()
    }
}

/// Who touches what memory, as far as the text has been read.
struct Touched<'a> {
    facts: &'a Facts,
    function: &'a Function,
    joined: &'a BTreeMap<LoopName, Vec<Reduction>>,
    /// With the place in the text.
    by: BTreeMap<Handle<Var>, Vec<(usize, Who)>>,
    written: BTreeMap<Handle<Var>, BTreeSet<Who>>,
    /// The loops that lanes share out again and again.
    repeated: BTreeSet<LoopName>,
    /// The place of the statement at hand.
    at: usize,
}

impl Touched<'_> {
    fn block(&mut self, block: &[Stmt], who: &Who, is_repeated: bool) {
        for stmt in block {
            self.stmt(stmt, who, is_repeated);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, who: &Who, is_repeated: bool) {
        self.at += 1;
        let target = region::target(stmt).map(|place| place.var);
        let target = target.filter(|var| is_memory(self.facts, self.function, *var));
        let is_joined = |(name, var): (&LoopName, Handle<Var>)| {
            let known = self.joined.get(name).into_iter().flatten();
            known.into_iter().any(|each| each.target.var == var)
        };
        let writer = match who {
            Who::Lanes(name) if target.is_some_and(|var| is_joined((name, var))) => Who::One,
            Who::Lanes(_) => who.clone(),
            Who::One | Who::All => Who::One,
        };
        // A statement that writes to memory is one lane's as a whole; what lanes join they read in registers.
        let reader = match (who, target) {
            (Who::All, Some(_)) => Who::One,
            (Who::One | Who::All | Who::Lanes(_), _) => who.clone(),
        };
        for expr in region::expressions(stmt) {
            let mut named = Vec::new();
            visit(self.function, expr, &mut |_, node| match &node.kind {
                ExprKind::Load(place) => named.push((place.var, false)),
                ExprKind::Address(place) => named.push((place.var, true)),
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => {}
            });
            for (var, is_written) in named {
                let own = if target == Some(var) {
                    &writer
                } else {
                    &reader
                };
                self.touch(var, own, is_written);
            }
        }
        if let Some(var) = target {
            self.touch(var, &writer, true);
        }
        match stmt {
            Stmt::For(each) if each.mapping == Mapping::Lanes => {
                if is_repeated {
                    self.repeated.insert(each.name.clone());
                }
                self.block(&each.body, &Who::Lanes(each.name.clone()), true);
            }
            Stmt::For(each) => self.block(&each.body, who, true),
            Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {
                for inner in region::blocks(stmt) {
                    self.block(inner, who, is_repeated);
                }
            }
        }
    }

    fn touch(&mut self, var: Handle<Var>, who: &Who, is_written: bool) {
        if !is_memory(self.facts, self.function, var) {
            return;
        }
        self.by.entry(var).or_default().push((self.at, who.clone()));
        if is_written {
            self.written.entry(var).or_default().insert(who.clone());
        }
    }
}
