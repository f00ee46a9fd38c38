//! Variables that iterations use for one purpose after the other: each purpose gets a variable.
//!
//! C of 1989 counts with `i` and then has `i = n - 1;` for the loops behind. A value between two such assignments has
//! nothing to do with those before and after, so it can be declared where it starts, and move with the loops that read it.
//!
//! **Source**: Muchnick, “Advanced Compiler Design and Implementation”, 1997, 16.3.3 (webs).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Function, Handle, Loop, Module, Place, Stmt, Type, Var};

use super::own::fresh;
use super::{is_modelled, substitute};
use crate::analyse::{is_left, may_leave, temporary};
use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the function with a variable for each stretch of a loop's body that begins by assigning it and ends before the next
/// such assignment, where the value is not read behind; the same function where there is none.
pub(super) fn split(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    if !is_modelled(statements) {
        return Arc::clone(function);
    }
    let mut work = Webs {
        module,
        written: function,
        region: statements,
        function: (**function).clone(),
        is_changed: false,
    };
    let mut statements = statements.to_vec();
    for (at, stmt) in range.clone().zip(&mut statements) {
        work.inside(stmt, path, at);
    }
    if !work.is_changed {
        return Arc::clone(function);
    }
    let mut function = work.function;
    region::take(&mut function, path, range);
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

struct Webs<'a> {
    module: &'a Module,
    /// Where positions lead.
    written: &'a Function,
    /// The statements of the region as written.
    region: &'a [Stmt],
    function: Function,
    is_changed: bool,
}

impl Webs<'_> {
    /// Looks into the blocks of the statement at a position.
    fn inside(&mut self, stmt: &mut Stmt, path: &[BlockStep], at: usize) {
        match stmt {
            Stmt::For(each) => self.block(&mut each.body, &[path, &[BlockStep::Body(at)]].concat()),
            Stmt::If(branch) => {
                let then = [path, &[BlockStep::Then(at)]].concat();
                for (at, stmt) in branch.then.iter_mut().enumerate() {
                    self.inside(stmt, &then, at);
                }
                let otherwise = [path, &[BlockStep::Otherwise(at)]].concat();
                for (at, stmt) in branch.otherwise.iter_mut().enumerate() {
                    self.inside(stmt, &otherwise, at);
                }
            }
            Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }

    /// Gives each stretch of the body of a loop a variable of its own.
    fn block(&mut self, block: &mut Block, path: &[BlockStep]) {
        for (at, stmt) in block.iter_mut().enumerate() {
            self.inside(stmt, path, at);
        }
        let mut declared = Vec::new();
        for (var, stretch) in self.stretches(path) {
            let own = fresh(&mut self.function, var);
            let names = BTreeMap::from([(var, own)]);
            substitute::rename(&mut self.function, &mut block[stretch.clone()], &names);
            let span = self.function.vars[var].span;
            declared.push((stretch.start, Stmt::Declare(own, span)));
            self.is_changed = true;
        }
        declared.sort_by_key(|(start, _)| *start);
        for (start, declaration) in declared.into_iter().rev() {
            block.insert(start, declaration);
        }
    }

    /// Returns the stretches of a block as written that keep a value to themselves, of variables that the region changes
    /// elsewhere, too.
    fn stretches(&self, path: &[BlockStep]) -> Vec<(Handle<Var>, Range<usize>)> {
        let Some(block) = region::block(&self.written.body, path) else {
            return Vec::new();
        };
        let started: BTreeSet<_> = block.iter().filter_map(|stmt| self.starts(stmt)).collect();
        let mut found = Vec::new();
        for var in started {
            let Some(parts) = temporary(self.module, self.written, var) else {
                continue;
            };
            let kills = (0..block.len()).filter(|at| self.kills(&block[*at], var));
            let kills: Vec<usize> = kills.chain([block.len()]).collect();
            for (start, end) in kills.iter().zip(&kills[1..]) {
                let stretch = *start..*end;
                let own = &block[stretch.clone()];
                let is_shared = writes(self.region, var) > writes(own, var);
                if self.starts(&block[*start]) == Some(var)
                    && is_shared
                    && !may_leave(own)
                    && !is_left(self.written, path, *end - 1, &parts)
                {
                    found.push((var, stretch));
                }
            }
        }
        found
    }

    /// Returns the program's number that a statement gives a value that has nothing to do with the one before.
    fn starts(&self, stmt: &Stmt) -> Option<Handle<Var>> {
        let Stmt::Compute(compute) = stmt else {
            return None;
        };
        let var = compute.target.var;
        let declared = &self.written.vars[var];
        let is_whole = compute.target == Place::var(var)
            && matches!(declared.ty, Type::Scalar(_))
            && !declared.span.is_unknown()
            && !build::names(self.written, compute.value, var);
        is_whole.then_some(var)
    }

    /// Returns whether a statement forgets what a variable was.
    fn kills(&self, stmt: &Stmt, var: Handle<Var>) -> bool {
        let is_bound_by = |each: &Loop| {
            let mut bounds = [each.start, each.end].into_iter();
            bounds.any(|bound| build::names(self.written, bound, var))
        };
        let counts = matches!(stmt, Stmt::For(each) if each.iterator == var && !is_bound_by(each));
        let declares = matches!(stmt, Stmt::Declare(declared, _) if *declared == var);
        counts || declares || self.starts(stmt) == Some(var)
    }
}

/// Returns how many statements give a variable a value.
fn writes(statements: &[Stmt], var: Handle<Var>) -> usize {
    let mut count = 0;
    region::each(statements, &mut |stmt| {
        let counts = matches!(stmt, Stmt::For(each) if each.iterator == var);
        let assigns = region::target(stmt).is_some_and(|place| place.var == var);
        count += usize::from(counts || assigns);
    });
    count
}
