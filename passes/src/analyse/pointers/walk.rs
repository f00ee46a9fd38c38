//! Follows pointers through the statements of a region.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mupac_ir::{
    Block, Compute, Expr, Function, Handle, If, Loop, Module, Place, Projection, Scalar, Stmt,
    StmtId, Var, While,
};

use super::value::{Pointer, Term};
use super::{Requirement, Resolved};
use crate::analyse::names::{changed, shown};
use crate::analyse::privatise::Position;
use crate::analyse::value::LOOP_RUNS;
use crate::facts::Test;
use crate::{build, region};

/// A walk in progress.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    pub(super) module: &'a Module,
    pub(super) function: Function,
    candidates: &'a BTreeSet<Handle<Var>>,
    /// The candidates that are not followed.
    pub(super) kept: BTreeSet<Handle<Var>>,
    /// What the region changes.
    pub(super) changed: BTreeSet<Handle<Var>>,
    /// The values of pointers at this point.
    pub(super) known: BTreeMap<Handle<Var>, Pointer>,
    /// The iterators of the loops around, which stay as they are from one test to the next.
    pub(super) iterators: Vec<Handle<Var>>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) tests: Vec<Test>,
    /// Index of the first variable that the walk made; each of them is assigned in one place alone.
    made_from: usize,
    next: u32,
}

impl<'a> Walk<'a> {
    /// Starts a walk over statements of a function.
    pub(super) fn new(
        module: &'a Module,
        function: &Function,
        candidates: &'a BTreeSet<Handle<Var>>,
        kept: BTreeSet<Handle<Var>>,
        statements: &[Stmt],
    ) -> Self {
        let numbers = region::numbers(&function.body);
        let mut walk = Self {
            module,
            candidates,
            changed: changed(function, statements),
            made_from: function.vars.len(),
            next: numbers.last().map_or(0, |last| last.0 + 1),
            function: function.clone(),
            kept,
            known: BTreeMap::new(),
            iterators: Vec::new(),
            requirements: Vec::new(),
            tests: Vec::new(),
        };
        // Before the region assigns it, a pointer is an array like any other.
        for var in candidates.iter().filter(|var| !walk.kept.contains(var)) {
            if let Some(element) = function.vars[*var].ty.element() {
                let first = Pointer::first(Place::var(*var), element.clone());
                walk.known.insert(*var, first);
            }
        }
        walk
    }

    /// Walks over the region.
    pub(super) fn run(mut self, statements: &[Stmt]) -> (Self, Block) {
        let rewritten = self.block(statements);
        (self, rewritten)
    }

    /// Puts the rewritten region in place.
    pub(super) fn finish(
        self,
        position: Position<'_>,
        statements: Block,
        last_values: Vec<(Handle<Var>, Handle<Expr>)>,
    ) -> Resolved {
        let mut function = self.function;
        let range = position.at..position.at + position.statements.len();
        region::take(&mut function, position.path, &range);
        let range = region::put(&mut function, position.path, position.at, statements);
        Resolved {
            function: Arc::new(function),
            count: range.len(),
            requirements: self.requirements,
            tests: self.tests,
            last_values,
        }
    }

    /// Returns whether a variable is a pointer whose uses are replaced.
    pub(super) fn is_followed(&self, var: Handle<Var>) -> bool {
        self.candidates.contains(&var) && !self.kept.contains(&var)
    }

    /// Notes the conditions that the value of a pointer depends on.
    pub(super) fn require(&mut self, pointer: &Pointer) {
        for condition in &pointer.needs {
            let is_known = |known: &Requirement| known.condition == *condition;
            if !self.requirements.iter().any(is_known) {
                self.requirements.push(Requirement {
                    kind: LOOP_RUNS,
                    condition: *condition,
                    otherwise: "a pointer that a loop moves which may not run",
                });
            }
        }
    }

    /// Returns whether an expression has one value in the whole region.
    pub(super) fn is_fixed(&self, expr: Handle<Expr>) -> bool {
        self.is_of(expr, &|var| !self.changed.contains(&var))
    }

    /// Returns whether an expression has one value from here to the end of the innermost loop's iteration.
    pub(super) fn is_stable(&self, expr: Handle<Expr>) -> bool {
        self.is_of(expr, &|var| {
            self.is_own(var) || self.iterators.contains(&var) || !self.changed.contains(&var)
        })
    }

    /// Returns whether an expression has one value in all iterations of the innermost loop, other than by its iterator.
    pub(super) fn is_same_each_time(&self, expr: Handle<Expr>) -> bool {
        self.is_of(expr, &|var| {
            !self.is_own(var) && (self.iterators.contains(&var) || !self.changed.contains(&var))
        })
    }

    /// Returns whether the walk made a variable.
    pub(super) fn is_own(&self, var: Handle<Var>) -> bool {
        var.index() >= self.made_from
    }

    fn is_of(&self, expr: Handle<Expr>, is_known: &dyn Fn(Handle<Var>) -> bool) -> bool {
        build::is_of_variables(&self.function, expr, is_known)
    }

    /// Returns a new integer for the distance of a pointer.
    pub(super) fn local(&mut self, pointer: Handle<Var>) -> Handle<Var> {
        let base = format!("{}.at", shown(&self.function.vars[pointer]));
        let name = self.function.fresh_name(&base);
        self.function.vars.push(Var::local(name, Scalar::I64))
    }

    /// Walks over a block.
    pub(super) fn block(&mut self, statements: &[Stmt]) -> Block {
        let mut out = Block::new();
        for stmt in statements {
            self.statement(stmt, &mut out);
        }
        out
    }

    fn statement(&mut self, stmt: &Stmt, out: &mut Block) {
        match stmt {
            Stmt::Declare(var, _) if self.is_followed(*var) => {
                self.known.remove(var);
            }
            Stmt::Compute(compute)
                if compute.target.path.is_empty() && self.is_followed(compute.target.var) =>
            {
                self.assign(compute, out);
            }
            Stmt::Compute(compute) => {
                let compute = Compute {
                    value: self.value(compute.value),
                    target: self.place(&compute.target),
                    ..compute.clone()
                };
                out.push(Stmt::Compute(compute));
            }
            Stmt::Let(var, value) => out.push(Stmt::Let(*var, self.value(*value))),
            Stmt::For(each) => out.push(Stmt::For(self.counted(each))),
            Stmt::If(branch) => out.push(Stmt::If(self.branch(branch))),
            Stmt::While(each) => out.push(Stmt::While(self.uncounted(each))),
            Stmt::Call(call) => {
                let mut call = call.clone();
                for argument in &mut call.arguments {
                    *argument = self.value(*argument);
                }
                if let Some(target) = &mut call.target {
                    self.kept
                        .extend(target.path.is_empty().then_some(target.var));
                    *target = self.place(target);
                }
                out.push(Stmt::Call(call));
            }
            Stmt::Return(value, span) => {
                let value = value.map(|value| self.value(value));
                out.push(Stmt::Return(value, *span));
            }
            Stmt::Declare(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => out.push(stmt.clone()),
        }
    }

    /// Notes the value of a pointer; what of it may change before the pointer is used, goes to integers.
    fn assign(&mut self, compute: &Compute, out: &mut Block) {
        let var = compute.target.var;
        let is_stable = |walk: &Self, step: &Projection| match step {
            Projection::Index(index) => walk.is_stable(*index),
            Projection::Field(_) => true,
        };
        let pointer = self
            .pointer(compute.value)
            .filter(|pointer| pointer.object.path.iter().all(|step| is_stable(self, step)));
        let Some(mut pointer) = pointer else {
            self.kept.insert(var);
            self.known.remove(&var);
            return;
        };
        for term in pointer.terms.iter_mut().flatten() {
            if !self.is_stable(term.value) {
                *term = self.snapshot(term, compute, out);
            }
        }
        self.known.insert(var, pointer);
    }

    fn snapshot(&mut self, term: &Term, compute: &Compute, out: &mut Block) -> Term {
        let local = self.local(compute.target.var);
        let value = build::convert(&mut self.function, term.value, Scalar::I64);
        out.push(Stmt::Declare(local, compute.span));
        out.push(Stmt::Compute(Compute {
            id: StmtId(self.next),
            target: Place::var(local),
            value,
            ..compute.clone()
        }));
        self.next += 1;
        Term {
            value: self.function.load(local),
            bytes: term.bytes,
        }
    }

    fn counted(&mut self, each: &Loop) -> Loop {
        let start = self.value(each.start);
        let assigned = self.assigned(&[&each.body]);
        let advances = self.advances(each, &assigned);
        self.known.retain(|var, _| !assigned.contains(var));
        let end = self.value(each.end);
        for (var, advance) in &advances {
            let during = self.during(each, advance);
            self.known.extend(during.map(|pointer| (*var, pointer)));
        }
        self.iterators.push(each.iterator);
        let body = self.block(&each.body);
        self.iterators.pop();
        self.known.retain(|var, _| !assigned.contains(var));
        for (var, advance) in &advances {
            let after = self.afterwards(each, advance);
            self.known.extend(after.map(|pointer| (*var, pointer)));
        }
        Loop {
            start,
            end,
            body,
            ..each.clone()
        }
    }

    fn branch(&mut self, branch: &If) -> If {
        let condition = self.value(branch.condition);
        let before = self.known.clone();
        let then = self.block(&branch.then);
        let after = std::mem::replace(&mut self.known, before);
        let otherwise = self.block(&branch.otherwise);
        self.known
            .retain(|var, pointer| after.get(var) == Some(pointer));
        If {
            condition,
            then,
            otherwise,
            span: branch.span,
        }
    }

    fn uncounted(&mut self, each: &While) -> While {
        let assigned = self.assigned(&[&each.before_test, &each.body, &each.after_body]);
        self.known.retain(|var, _| !assigned.contains(var));
        let before_test = self.block(&each.before_test);
        let condition = self.value(each.condition);
        self.known.retain(|var, _| !assigned.contains(var));
        let body = self.block(&each.body);
        self.known.retain(|var, _| !assigned.contains(var));
        let after_body = self.block(&each.after_body);
        self.known.retain(|var, _| !assigned.contains(var));
        While {
            before_test,
            condition,
            body,
            after_body,
            ..each.clone()
        }
    }

    /// Returns the pointers that are followed and that blocks assign.
    fn assigned(&self, blocks: &[&Block]) -> BTreeSet<Handle<Var>> {
        let mut found = BTreeSet::new();
        for block in blocks {
            region::each(block, &mut |stmt| {
                if let Some(place) = region::target(stmt)
                    && place.path.is_empty()
                    && self.is_followed(place.var)
                {
                    found.insert(place.var);
                }
            });
        }
        found
    }
}
