//! Loops that an integer counts: it becomes the iterator.

use std::collections::BTreeMap;

use mupac_ir::structure;
use mupac_ir::{
    BinaryOp, Block, Expr, Function, Handle, If, Loop, Mapping, Place, Span, Stmt, Var, While,
};

use super::step::{self, At, Step};
use super::test::Test;
use super::{Counting, Position, has_return, is_live_after, may_leave};
use crate::normalise::{in_statement, rename};
use crate::{build, region};

impl Counting<'_> {
    /// Returns a loop that an integer counts.
    pub(super) fn by_integer(
        &mut self,
        each: &While,
        step: &Step,
        position: Position<'_>,
    ) -> Option<Loop> {
        let var = step.var;
        let is_last = step.at.is_last(each);
        let leaves = may_leave(&each.body) || has_return(&each.after_body);
        let (tests, others) = Test::all_of(&self.function, each, step)?;
        let leaves = leaves || !others.is_empty();
        let is_read_behind = is_live_after(self.written, position.path, position.at, var);
        // A way out of the loop may lead past the step, and a test may follow it.
        if is_read_behind && (matches!(step.at, At::BeforeTest(_)) || (leaves && !is_last)) {
            return None;
        }
        let ty = self.function.vars[var].ty.clone();
        let known = self.defined(var, position);
        let known = known
            .filter(|value| self.function.exprs[*value].ty == ty && self.is_of_text(*value, var));
        let end = self.first_end(each, step, &tests, (leaves, known))?;
        let mut body = self.without_step(each, step)?;
        self.leave_unless(&mut body, &others, each.header_span);
        let start = match known {
            Some(value) => value,
            None => self.function.load(var),
        };
        let iterator = if is_read_behind {
            var
        } else {
            self.renamed(&mut body, var)
        };
        Some(Loop {
            name: each.name.clone(),
            iterator,
            declares_iterator: !is_read_behind,
            start,
            end,
            step: step.by,
            mapping: Mapping::Sequential,
            body,
            span: each.span,
            header_span: each.header_span,
        })
    }

    /// Returns whether the text has names for what a value reads if it has one for a variable: it has none for what the front
    /// end keeps a value in.
    fn is_of_text(&self, value: Handle<Expr>, var: Handle<Var>) -> bool {
        let has_name = |var: Handle<Var>| !self.function.vars[var].spelling.is_empty();
        let named = build::variables(&self.function, value);
        !has_name(var) || named.into_iter().all(has_name)
    }

    /// Has iterations end the loop where one of some conditions does not hold.
    fn leave_unless(&mut self, body: &mut Block, conditions: &[Handle<Expr>], span: Span) {
        let leaves = conditions.iter().map(|condition| {
            Stmt::If(If {
                condition: build::opposite(&mut self.function, *condition),
                then: vec![Stmt::Break(self.asked_at(*condition, span))],
                otherwise: Block::new(),
                span,
            })
        });
        let leaves: Block = leaves.collect();
        body.splice(0..0, leaves);
    }

    /// Returns where a condition stands, within a header.
    fn asked_at(&self, condition: Handle<Expr>, header: Span) -> Span {
        let at = self.function.exprs[condition].span;
        if at.is_unknown() { header } else { at }
    }

    /// Returns one iteration without its step: what reads the counter behind it reads the sum.
    fn without_step(&mut self, each: &While, step: &Step) -> Option<Block> {
        let mut body = Block::new();
        let mut is_behind = false;
        let mut blocks = [
            (&each.before_test, At::BeforeTest as fn(usize) -> At),
            (&each.body, At::Body),
            (&each.after_body, At::AfterBody),
        ];
        if each.is_do {
            blocks.rotate_left(1);
        }
        for (block, place) in blocks {
            for (at, stmt) in block.iter().enumerate() {
                if place(at) == step.at {
                    is_behind = true;
                    continue;
                }
                let mut stmt = stmt.clone();
                if is_behind {
                    self.behind(&mut stmt, step)?;
                }
                body.push(stmt);
            }
        }
        self.see_through_copies(&mut body, step.var);
        Some(body)
    }

    /// Writes the counter itself where an iteration reads a copy of it that nothing changes, and leaves out what nobody reads.
    fn see_through_copies(&mut self, body: &mut Block, var: Handle<Var>) {
        for own in structure::declarations(body) {
            if step::assignments(body, own) != 1 {
                continue;
            }
            let is_own = |stmt: &&Stmt| region::target(stmt) == Some(&Place::var(own));
            let Some(stmt) = body.iter().find(is_own) else {
                continue;
            };
            let is_copy = step::copy(&self.function, stmt) == Some((own, var));
            let is_sum = matches!(stmt, Stmt::Compute(compute)
                if self.is_of_counter(compute.value, var));
            let mut others = body.iter().filter(|stmt| !is_own(stmt));
            let is_read = others.any(|stmt| region::names(&self.function, stmt, own));
            if is_copy || (is_sum && !is_read) {
                body.retain(|stmt| {
                    let is_declared =
                        matches!(stmt, Stmt::Declare(declared, _) if *declared == own);
                    !is_declared && region::target(stmt) != Some(&Place::var(own))
                });
                rename(&mut self.function, body, &BTreeMap::from([(own, var)]));
            }
        }
    }

    /// Has a statement read the counter as it is behind its step.
    fn behind(&mut self, stmt: &mut Stmt, step: &Step) -> Option<()> {
        let ty = self.function.vars[step.var].ty.scalar()?;
        let own = Place::var(step.var);
        let mut is_whole = true;
        in_statement(&mut self.function, stmt, &mut |function, read| {
            if read.place != own {
                return None;
            }
            is_whole &= ty.promoted() == ty;
            let op = if step.by > 0 {
                BinaryOp::Add
            } else {
                BinaryOp::Subtract
            };
            let by = build::int(function, step.by.unsigned_abs().into(), ty);
            Some(build::binary(function, op, read.expr, by))
        });
        for block in region::blocks_mut(stmt) {
            for inner in block {
                self.behind(inner, step)?;
            }
        }
        is_whole.then_some(())
    }

    /// Returns whether a value is computed from a counter alone.
    fn is_of_counter(&self, value: Handle<Expr>, var: Handle<Var>) -> bool {
        build::is_of_variables(&self.function, value, &|read| read == var)
    }
}

/// Returns whether what runs before a test does nothing but step, and give sums with the counter names of their own: where the
/// test fails it has run once more than the body.
pub(super) fn is_only_of_copies(function: &Function, each: &While, step: &Step) -> bool {
    let own = structure::declarations(&each.before_test);
    let is_of_test = |(at, stmt): (usize, &Stmt)| {
        let is_sum = matches!(stmt, Stmt::Compute(compute)
        if compute.target.path.is_empty()
            && own.contains(&compute.target.var)
            && build::is_of_variables(function, compute.value, &|read| {
                read == step.var || own.contains(&read)
            }));
        matches!(stmt, Stmt::Declare(..)) || is_sum || step.at == At::BeforeTest(at)
    };
    each.before_test.iter().enumerate().all(is_of_test)
}
