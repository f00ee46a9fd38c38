//! Loops without a condition that a statement of theirs ends: of `for (;;) { if (i >= n) break; … }` remains
//! `while (i < n) { … }`, and of `while (1) { …; if (i >= n) break; }` a loop that asks behind each iteration.
//!
//! A loop whose condition is a constant may run for ever (C17 6.8.5 §6), so what counts it must not rest on its end; the limits
//! that [`super::test`] goes by are those of the counter.

use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Stmt, While};

use super::Counting;
use crate::normalise::continues;
use crate::{build, region};

impl Counting<'_> {
    /// Returns what a loop is that goes on for ever unless its first or last statement ends it: a loop with the condition of that.
    pub(super) fn tested(&mut self, each: &While) -> Vec<While> {
        let condition = build::constant(&self.function, each.condition);
        let is_endless = condition.is_some_and(|value| value != 0) && each.before_test.is_empty();
        if !is_endless {
            return Vec::new();
        }
        let before = self.tested_before(each);
        before.into_iter().chain(self.tested_behind(each)).collect()
    }

    /// What runs before the first condition and assigns something runs before each test.
    fn tested_before(&mut self, each: &While) -> Option<While> {
        let mut body = each.body.clone();
        // A condition that assigns something has a block of its own.
        if let Some(Stmt::If(scope)) = each.body.first()
            && region::is_plain_block(&self.function, scope)
        {
            body.splice(..1, scope.then.iter().cloned());
        }
        let is_before = |stmt: &Stmt| matches!(stmt, Stmt::Declare(..) | Stmt::Compute(_));
        let at = body.iter().position(|stmt| !is_before(stmt))?;
        let Stmt::If(branch) = body[at].clone() else {
            return None;
        };
        let (condition, rest) = self.going_on(&branch)?;
        body.splice(at..=at, rest.iter().cloned());
        let is_assigned = body[..at]
            .iter()
            .any(|stmt| matches!(stmt, Stmt::Compute(_)));
        let before_test = body.drain(..if is_assigned { at } else { 0 }).collect();
        Some(While {
            condition,
            is_do: false,
            before_test,
            body,
            ..each.clone()
        })
    }

    /// A `continue` would come to the test, where the program starts over without one.
    fn tested_behind(&mut self, each: &While) -> Option<While> {
        let (Stmt::If(branch), before) = each.body.split_last()? else {
            return None;
        };
        let is_whole = each.after_body.is_empty() && !before.iter().any(continues);
        let (condition, rest) = is_whole.then(|| self.going_on(branch))??;
        rest.is_empty().then(|| While {
            condition,
            is_do: true,
            body: before.to_vec(),
            ..each.clone()
        })
    }

    /// Returns when a statement goes on that otherwise leaves the loop, and what it does then.
    fn going_on<'b>(&mut self, branch: &'b If) -> Option<(Handle<Expr>, &'b Block)> {
        let leaves = |block: &Block| matches!(block.as_slice(), [Stmt::Break(_)]);
        if leaves(&branch.then) {
            let condition = neither(&mut self.function, branch.condition);
            return Some((condition, &branch.otherwise));
        }
        leaves(&branch.otherwise).then_some((branch.condition, &branch.then))
    }
}

/// Appends the opposite of a condition, of `a || b` as two conditions that both hold.
fn neither(function: &mut Function, condition: Handle<Expr>) -> Handle<Expr> {
    if let ExprKind::Binary(BinaryOp::Or, a, b) = function.exprs[condition].kind {
        let (a, b) = (neither(function, a), neither(function, b));
        return build::both(function, a, b);
    }
    build::opposite(function, condition)
}
