//! The scope of a `for` whose first slot sets more than its counter, as a counted loop.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Handle, If, Loop, Place, Scalar, Span, Stmt, Storage,
    Var,
};

use super::fixed::{is_fixed, is_found_in_memory, is_left_alone};
use super::step::{assignments, steps_once};
use super::{Counting, Position, changed, is_live_after};
use crate::normalise::{continues, in_statement, rename};
use crate::{build, region};

impl Counting<'_> {
    /// Returns the loop at the end of a scope that does nothing before but set what the loop starts with, and which of that
    /// stays before it, since code behind the loop needs it; each iteration computes for itself what else is no counter.
    pub(super) fn lifted(&mut self, scope: &If, position: Position<'_>) -> Option<(Loop, Block)> {
        let is_scope = region::is_plain_block(&self.function, scope);
        let (Stmt::For(each), before) = scope.then.split_last().filter(|_| is_scope)? else {
            return None;
        };
        // Braces that the program has are its own.
        let mut own = (each.span == scope.span).then(|| each.clone())?;
        let (mut set, mut kept) = (Vec::new(), Block::new());
        for stmt in before.iter().rev() {
            match stmt {
                Stmt::Declare(var, _) if set.contains(var) => {}
                Stmt::Compute(first) => {
                    let var = first.target.var;
                    let is_whole = first.target.path.is_empty();
                    let is_target =
                        |stmt: &Stmt| region::target(stmt).is_some_and(|place| place.var == var);
                    let is_set_again = set.contains(&var) || kept.iter().any(is_target);
                    if !is_whole || is_set_again || !self.function.vars[var].is_plain_local() {
                        return None;
                    }
                    let is_own = |stmt: &Stmt| matches!(stmt, Stmt::Declare(own, _) if *own == var);
                    let is_declared = before.iter().any(is_own);
                    let is_needed = is_live_after(self.written, position.path, position.at, var);
                    if !is_declared && is_needed && own.iterator != var {
                        kept.insert(0, stmt.clone());
                        own = self.known(&own, first, &kept).unwrap_or(own);
                        continue;
                    }
                    let is_named = |stmt: &Stmt| region::names(&self.function, stmt, var);
                    if kept.iter().any(is_named) || self.is_outdated(first.value, &kept) {
                        return None;
                    }
                    self.start(&mut own, first, is_declared)?;
                    set.push(var);
                }
                Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => return None,
            }
        }
        Some((own, kept))
    }

    /// Returns the loop with what a variable starts with in its place; `None` where the loop changes it, or that is another
    /// value behind what stays before the loop.
    fn known(&mut self, each: &Loop, first: &Compute, before: &[Stmt]) -> Option<Loop> {
        let is_changed = changed(&self.function, &each.body).contains(&first.target.var);
        if is_changed || self.is_outdated(first.value, before) {
            return None;
        }
        let mut known = each.clone();
        self.start(&mut known, first, false)?;
        Some(known)
    }

    /// Returns whether statements assign what a value reads.
    fn is_outdated(&self, value: Handle<Expr>, statements: &[Stmt]) -> bool {
        let mut assigned = statements.iter().filter_map(region::target);
        assigned.any(|place| build::names(&self.function, value, place.var))
    }

    /// Returns the loop of a scope, if nothing stays before it; else the scope gets both.
    pub(super) fn opened(&mut self, scope: &mut If, own: Loop, before: Block) -> Option<Loop> {
        if before.is_empty() {
            return Some(own);
        }
        scope.then = before;
        scope.then.push(Stmt::For(own));
        self.is_changed = true;
        None
    }

    /// Puts what a variable starts with into the loop that it was set for.
    fn start(&mut self, each: &mut Loop, first: &Compute, is_declared: bool) -> Option<()> {
        let (var, value) = (first.target.var, first.value);
        let is_read = |place: &Place| *place == Place::var(var);
        let mut header = Stmt::For(Loop {
            body: Vec::new(),
            ..each.clone()
        });
        in_statement(&mut self.function, &mut header, &mut |_, read| {
            is_read(&read.place).then_some(value)
        });
        let Stmt::For(header) = header else {
            return None;
        };
        let is_in_end = header.end != each.end;
        (each.start, each.end) = (header.start, header.end);
        if each.iterator == var {
            each.declares_iterator = is_declared;
            return Some(());
        }
        let mut inside = changed(&self.function, &each.body);
        let is_changed = inside.contains(&var);
        inside.insert(each.iterator);
        let is_fixed = is_fixed(&self.function, value, &inside)
            || (is_found_in_memory(&self.function, value, &inside)
                && is_left_alone(&self.function, value, &each.body));
        let is_named = each
            .body
            .iter()
            .any(|stmt| region::names(&self.function, stmt, var));
        if !is_named && !is_in_end {
            return Some(());
        }
        if !is_fixed || (is_in_end && is_changed) {
            return None;
        }
        if !is_named {
            return Some(());
        }
        let mut by = 0;
        if is_changed {
            let is_known = self::is_fixed(&self.function, each.start, &inside);
            let Some((at, step)) = steps_once(&self.function, &each.body, var) else {
                is_known.then_some(())?;
                return self.wrap_around(each, first, is_declared);
            };
            let (_, behind) = each.body.split_at(at + 1);
            let is_read = behind
                .iter()
                .any(|stmt| region::names(&self.function, stmt, var));
            if !is_read {
                each.body.remove(at);
            }
            by = (is_known && each.step.abs() == 1).then_some(step)?;
        }
        let own = self.own(each, var, is_declared);
        let value = self.after(each, own, value, by);
        self.begin_with(each, own, (value, first.span));
        Some(())
    }

    /// Returns the variable that iterations have for one of the scope.
    fn own(&mut self, each: &mut Loop, var: Handle<Var>, is_declared: bool) -> Handle<Var> {
        if is_declared {
            var
        } else {
            self.renamed(&mut each.body, var)
        }
    }

    /// Has each iteration declare a variable and give it a value.
    fn begin_with(
        &mut self,
        each: &mut Loop,
        own: Handle<Var>,
        (value, span): (Handle<Expr>, Span),
    ) {
        let first = self.assignment(own, value, span);
        let declared = Stmt::Declare(own, each.header_span);
        each.body.splice(0..0, [declared, first]);
    }

    /// Puts what a variable starts with into a loop each of whose iterations leaves the counter in it for the next one, as
    /// `for (i = 0, j = n - 1; i < n; j = i++)` does: it is the counter of the iteration before, but in the first one.
    ///
    /// **Source**: Wolfe, “Beyond Induction Variables”, PLDI 1992 (wrap-around variables).
    fn wrap_around(&mut self, each: &mut Loop, first: &Compute, is_declared: bool) -> Option<()> {
        let var = first.target.var;
        let ty = self.function.vars[var].ty.scalar()?;
        let Some(Stmt::Compute(last)) = each.body.last() else {
            return None;
        };
        let is_alike = |value| self.function.exprs[value].ty.scalar() == Some(ty);
        let is_last = last.target == Place::var(var)
            && build::loaded(&self.function, last.value) == Some(each.iterator)
            && is_alike(last.value)
            && is_alike(first.value)
            && ty.promoted() == ty
            && assignments(&each.body, var) == 1
            && !each.body.iter().any(continues);
        is_last.then_some(())?;
        each.body.pop();
        let own = self.own(each, var, is_declared);
        let function = &mut self.function;
        let counter = function.load(each.iterator);
        let is_first = build::binary(function, BinaryOp::Equal, counter, each.start);
        let back = if each.step > 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        let by = build::int(function, each.step.unsigned_abs().into(), ty);
        let kind = ExprKind::Select {
            condition: is_first,
            then: first.value,
            otherwise: build::binary(function, back, counter, by),
        };
        let value = function.expr(kind, ty);
        self.begin_with(each, own, (value, first.span));
        Some(())
    }

    /// Gives statements a variable of their own in the place of one.
    pub(super) fn renamed(&mut self, statements: &mut Block, var: Handle<Var>) -> Handle<Var> {
        let own = Var {
            name: self.function.fresh_name(&self.function.vars[var].name),
            storage: Storage::Local,
            enumeration: None,
            ..self.function.vars[var].clone()
        };
        let own = self.function.vars.push(own);
        let names = BTreeMap::from([(var, own)]);
        rename(&mut self.function, statements, &names);
        own
    }

    /// Returns what a variable is worth when an iteration starts, where each adds so much.
    fn after(
        &mut self,
        each: &Loop,
        var: Handle<Var>,
        value: Handle<Expr>,
        by: i64,
    ) -> Handle<Expr> {
        if by == 0 {
            return value;
        }
        let ty = self.function.vars[var].ty.scalar();
        let common = ty.filter(|ty| *ty == Scalar::U64).unwrap_or(Scalar::I64);
        let iterator = self.function.load(each.iterator);
        let start = build::convert(&mut self.function, each.start, common);
        let iterator = build::convert(&mut self.function, iterator, common);
        let (from, to) = if each.step > 0 {
            (start, iterator)
        } else {
            (iterator, start)
        };
        let number = build::binary(&mut self.function, BinaryOp::Subtract, to, from);
        let size = i128::from(by.unsigned_abs());
        let along = build::scale(&mut self.function, size, number);
        let op = if by > 0 {
            BinaryOp::Add
        } else {
            BinaryOp::Subtract
        };
        let Some(ty) = ty else {
            return self.moved_by(value, op, along);
        };
        let value = build::convert(&mut self.function, value, common);
        let sum = build::binary(&mut self.function, op, value, along);
        build::convert(&mut self.function, sum, ty)
    }
}
