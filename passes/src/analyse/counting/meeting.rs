//! Loops of two counters that meet: of `for (i = 0, j = n - 1; i < j; i++, j--)` remains a loop over half of their distance, each
//! iteration of which has both.
//!
//! The counters are `int`: their distance fits 64 bits, and neither runs past its limits before they meet.

use mupac_ir::{BinaryOp, Expr, Handle, Loop, Mapping, Scalar, Stmt, Type, Var, While};

use super::fixed::is_fixed;
use super::step::{At, Step};
use super::test::{Relation, comparison};
use super::{Counting, Position, changed, has_return, is_live_after, may_leave};
use crate::build;

/// How many numbers two counters come nearer in one iteration.
const NEARER: i128 = 2;

impl Counting<'_> {
    /// Returns a loop of two counters that meet, and which nothing reads afterwards.
    pub(super) fn meeting(&mut self, each: &While, position: Position<'_>) -> Option<Loop> {
        let ((relation, is_up), a, b) = comparison(&self.function, each.condition)?;
        let (low, high) = if is_up { (a, b) } else { (b, a) };
        let [low, high] = [low, high].map(|side| build::loaded(&self.function, side));
        let (low, high) = (low?, high?);
        let is_plain = !each.is_do && each.before_test.is_empty() && relation != Relation::Unequal;
        let leaves = may_leave(&each.body) || has_return(&each.after_body);
        let is_free = |var| !is_live_after(self.written, position.path, position.at, var);
        if !is_plain || leaves || low == high || !is_free(low) || !is_free(high) {
            return None;
        }
        let rest = self.without_both(each, (low, high))?;
        let inside = changed(&self.function, &rest);
        let [from, to] = [low, high].map(|var| self.start_of(var, position));
        if ![from, to]
            .iter()
            .all(|start| is_fixed(&self.function, *start, &inside))
        {
            return None;
        }
        let end = self.half((from, to), relation);
        let name = self.function.fresh_name("step");
        let counter = Var::local(&name, Type::Scalar(Scalar::I64));
        let counter = self.function.vars.push(counter);
        Some(Loop {
            name: each.name.clone(),
            iterator: counter,
            declares_iterator: true,
            start: build::int(&mut self.function, 0, Scalar::I64),
            end,
            step: 1,
            mapping: Mapping::Sequential,
            body: self.with_both(each, rest, [(low, from), (high, to)], counter),
            span: each.span,
            header_span: each.header_span,
        })
    }

    /// Returns an iteration without its steps, which come last and bring the counters nearer by one each.
    fn without_both(
        &self,
        each: &While,
        (low, high): (Handle<Var>, Handle<Var>),
    ) -> Option<Vec<Stmt>> {
        let is_int = |var: Handle<Var>| self.function.vars[var].ty == Type::Scalar(Scalar::I32);
        let (up, down) = (
            Step::by(&self.function, each, low)?,
            Step::by(&self.function, each, high)?,
        );
        let are_nearer = up.by == 1 && down.by == -1 && up.is_bounded && down.is_bounded;
        if !are_nearer || !is_int(low) || !is_int(high) {
            return None;
        }
        let mut rest = each.body.clone();
        let mut places: Vec<usize> = match (up.at, down.at) {
            (At::Body(a), At::Body(b)) if each.after_body.is_empty() => vec![a, b],
            (At::AfterBody(a), At::AfterBody(b)) if each.after_body.len() == 2 && a != b => {
                return Some(rest);
            }
            _ => return None,
        };
        places.sort_unstable();
        let last = rest.len().checked_sub(2)?;
        (places == [last, last + 1]).then(|| {
            rest.truncate(last);
            rest
        })
    }

    /// Returns what a counter starts with.
    fn start_of(&mut self, var: Handle<Var>, position: Position<'_>) -> Handle<Expr> {
        let ty = self.function.vars[var].ty.clone();
        let known = self.defined(var, position);
        let known = known.filter(|value| self.function.exprs[*value].ty == ty);
        known.unwrap_or_else(|| self.function.load(var))
    }

    /// Returns how often counters meet that start so.
    fn half(
        &mut self,
        (from, to): (Handle<Expr>, Handle<Expr>),
        relation: Relation,
    ) -> Handle<Expr> {
        let function = &mut self.function;
        let [from, to] = [from, to].map(|value| build::convert(function, value, Scalar::I64));
        let mut distance = build::binary(function, BinaryOp::Subtract, to, from);
        if relation == Relation::UpTo {
            let one = build::int(function, 1, Scalar::I64);
            distance = build::binary(function, BinaryOp::Add, distance, one);
        }
        let nearer = build::int(function, NEARER, Scalar::I64);
        build::binary(function, BinaryOp::CeilDivide, distance, nearer)
    }

    /// Returns an iteration with counters of its own.
    fn with_both(
        &mut self,
        each: &While,
        mut rest: Vec<Stmt>,
        [low, high]: [(Handle<Var>, Handle<Expr>); 2],
        counter: Handle<Var>,
    ) -> Vec<Stmt> {
        let mut body = Vec::new();
        for ((var, start), op) in [(low, BinaryOp::Add), (high, BinaryOp::Subtract)] {
            let own = self.renamed(&mut rest, var);
            let function = &mut self.function;
            let along = function.load(counter);
            let along = build::convert(function, along, Scalar::I32);
            let value = build::binary(function, op, start, along);
            body.push(Stmt::Declare(own, each.header_span));
            body.push(self.assignment(own, value, each.header_span));
        }
        body.append(&mut rest);
        body
    }
}
