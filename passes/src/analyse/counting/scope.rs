//! The scope of a `for` whose first slot sets more than its counter, as a counted loop.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Block, Compute, Expr, Handle, If, Loop, Place, Scalar, Stmt, Storage, Var,
};

use super::fixed::{is_fixed, is_found_in_memory, is_left_alone};
use super::step::steps_once;
use super::{Counting, Position, changed, is_live_after};
use crate::normalise::{in_statement, rename};
use crate::{build, region};

impl Counting<'_> {
    /// Returns the loop at the end of a scope that does nothing before but set what the loop starts with; each iteration
    /// computes for itself what is no counter.
    pub(super) fn lifted(&mut self, scope: &If, position: Position<'_>) -> Option<Loop> {
        let is_scope = region::is_plain_block(&self.function, scope);
        let (Stmt::For(each), before) = scope.then.split_last().filter(|_| is_scope)? else {
            return None;
        };
        // Braces that the program has are its own.
        let mut own = (each.span == scope.span).then(|| each.clone())?;
        let mut set = Vec::new();
        for stmt in before.iter().rev() {
            match stmt {
                Stmt::Declare(var, _) if set.contains(var) => {}
                Stmt::Compute(first) => {
                    let var = first.target.var;
                    let is_whole = first.target.path.is_empty();
                    if !is_whole || set.contains(&var) || !self.function.vars[var].is_plain_local()
                    {
                        return None;
                    }
                    let is_own = |stmt: &Stmt| matches!(stmt, Stmt::Declare(own, _) if *own == var);
                    let is_declared = before.iter().any(is_own);
                    let is_needed = is_live_after(self.written, position.path, position.at, var);
                    self.start(&mut own, first, (is_declared, is_needed))?;
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
        Some(own)
    }

    /// Puts what a variable starts with into the loop that it was set for.
    fn start(
        &mut self,
        each: &mut Loop,
        first: &Compute,
        (is_declared, is_needed): (bool, bool),
    ) -> Option<()> {
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
        if !is_declared && is_needed {
            return None;
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
        let by = if is_changed {
            let (at, by) = steps_once(&self.function, &each.body, var)?;
            let (_, behind) = each.body.split_at(at + 1);
            let is_read = behind
                .iter()
                .any(|stmt| region::names(&self.function, stmt, var));
            if !is_read {
                each.body.remove(at);
            }
            let is_known =
                each.step.abs() == 1 && self::is_fixed(&self.function, each.start, &inside);
            is_known.then_some(by)?
        } else {
            0
        };
        let own = if is_declared {
            var
        } else {
            self.renamed(&mut each.body, var)
        };
        let value = self.after(each, own, value, by);
        let first = self.assignment(own, value, first.span);
        let declared = Stmt::Declare(own, each.header_span);
        each.body.splice(0..0, [declared, first]);
        Some(())
    }

    /// Gives statements a variable of their own in the place of one.
    pub(super) fn renamed(&mut self, statements: &mut Block, var: Handle<Var>) -> Handle<Var> {
        let own = Var {
            name: self.function.fresh_name(&self.function.vars[var].name),
            storage: Storage::Local,
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
