//! Loops that count without being written as counted loops: of `while (i < n) { a[i] = 0; i++; }` remains
//! `for (; i < n; i++) a[i] = 0`, of `for (p = a; p < e; p++) *p = 0` a loop over the distance of `p` from `a`.
//!
//! A variable counts where every iteration adds the same constant to it ([`step`]) and the loop goes on as long as a
//! comparison of it with something else holds ([`test`]), or until such a comparison leaves it ([`tested`]).
//! An integer becomes the iterator itself: what reads it behind its step reads the sum. Of a pointer its distance counts
//! ([`pointer`]), and each iteration has a pointer of its own, which [`super::pointers`] makes a subscript of.
//! What the first slot of a `for` sets beside its counter is computed by each iteration, or stays before the loop where code
//! behind it needs that ([`scope`]).
//! An unsigned counter that goes down to 0 is counted from there ([`upward`]), blocks of a size that is a variable are counted
//! ([`strided`]). Two counters that meet are counted by half of their distance ([`meeting`]).
//! A loop counts only if it makes the same iterations in every execution that C defines.
//!
//! A loop takes the place of one statement, so that positions mean the same in the text as written, until a region is
//! examined ([`without_scopes`]).
//!
//! **Source**: Allen, Kennedy, “Optimizing Compilers for Modern Architectures”, 2001, 4.4 and 4.5 (`while` loops and
//! induction variables); C17 6.5 §5 and 6.5.6 §8 (what overflows, and pointers that leave their array).

mod fixed;
mod integer;
mod meeting;
mod pointer;
mod refused;
mod scope;
mod step;
mod strided;
mod test;
mod tested;
mod upward;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Function, Handle, If, Loop, Module, Refusal, Stmt, Var, While};

use super::liveness::is_live_after;
use super::names::{changed, has_return, may_leave};
use crate::facts::BlockStep;
use crate::normalise::{continues, without_continue};
use crate::numbering::Numbering;
use crate::region;
use integer::is_only_of_copies;
pub(super) use refused::refusal;
use step::Step;
pub(crate) use upward::{counted_up, counts_down_to_zero};

/// Returns the function with what counts from a statement of a block on written as counted loops, the function itself where
/// nothing has to be; `None` where the statement is no loop.
///
/// **Errors**: why a loop does not count.
pub(super) fn from(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    block: &Block,
    at: usize,
) -> Option<Result<Arc<Function>, Refusal>> {
    let is_loop = |stmt: Option<&Stmt>| {
        let is_scope = |scope| is_counted_scope(function, scope);
        matches!(stmt, Some(Stmt::For(_)))
            || matches!(stmt, Some(Stmt::If(scope)) if is_scope(scope))
    };
    let is_counted = || {
        let alone = counted(function, path, &(at..at + 1));
        let block = alone.as_ref().map(|alone| region::block(&alone.body, path));
        is_loop(block.flatten().and_then(|block| block.get(at)))
    };
    let uncounted = match block.get(at)? {
        Stmt::For(_) => None,
        Stmt::While(each) => Some(each),
        Stmt::If(scope) => Some(scoped(scope)?.1),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => return None,
    };
    if let Some(each) = uncounted.filter(|_| !is_counted()) {
        return Some(Err(refusal(module, function, each)));
    }
    let all = counted(function, path, &(at..block.len()));
    Some(Ok(all.unwrap_or_else(|| Arc::clone(function))))
}

/// Returns whether a statement is the scope of what the first slot of a `for` sets, and a counted loop behind that.
fn is_counted_scope(function: &Function, scope: &If) -> bool {
    let Some((Stmt::For(each), before)) = scope.then.split_last() else {
        return false;
    };
    let mut before = before.iter();
    each.span == scope.span
        && region::is_plain_block(function, scope)
        && before.all(|stmt| matches!(stmt, Stmt::Compute(_)))
}

/// Returns the function with what the scopes of first slots in a range hold in their place, and how many statements the
/// range then has; `None` where there is none.
pub(super) fn without_scopes(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<(Arc<Function>, usize)> {
    let is_scope =
        |stmt: &Stmt| matches!(stmt, Stmt::If(scope) if is_counted_scope(function, scope));
    let statements = region::statements(function, path, range);
    statements.iter().any(is_scope).then_some(())?;
    let mut function = (**function).clone();
    let mut opened = Block::new();
    for stmt in region::take(&mut function, path, range) {
        if is_scope(&stmt)
            && let Stmt::If(scope) = stmt
        {
            opened.extend(scope.then);
        } else {
            opened.push(stmt);
        }
    }
    let count = opened.len();
    region::put(&mut function, path, range.start, opened);
    Some((Arc::new(function), count))
}

/// Returns the loop of a scope that holds what the first slot of its `for` sets, and its position.
pub(super) fn scoped(scope: &If) -> Option<(usize, &While)> {
    let (stmt, before) = scope.then.split_last()?;
    let Stmt::While(each) = stmt else {
        return None;
    };
    (each.span == scope.span && !before.is_empty()).then_some((before.len(), each))
}

/// Returns the function with what counts in a range of a block written as counted loops; `None` where nothing does.
pub(super) fn counted(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Arc<Function>> {
    let mut has_work = false;
    region::each(region::statements(function, path, range), &mut |stmt| {
        has_work |= matches!(stmt, Stmt::While(_));
        has_work |= matches!(stmt, Stmt::For(each) if counts_down_to_zero(function, each));
    });
    if !has_work {
        return None;
    }
    let mut work = Counting {
        written: function,
        function: (**function).clone(),
        numbering: Numbering::after(&[&function.body]),
        is_changed: false,
    };
    let mut statements = region::take(&mut work.function, path, range);
    work.block(&mut statements, path, range.start);
    region::put(&mut work.function, path, range.start, statements);
    work.is_changed.then(|| Arc::new(work.function))
}

/// Returns the variables that loops of a function are stepped by.
pub(super) fn steps(function: &Function) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(&function.body, &mut |stmt| {
        if let Stmt::While(each) = stmt {
            found.extend(strided::sizes(function, each));
        }
    });
    found
}

/// A function some of whose loops become counted ones.
struct Counting<'a> {
    /// The function as written, where positions lead.
    written: &'a Function,
    function: Function,
    numbering: Numbering,
    is_changed: bool,
}

/// Where a statement stands in the function as written.
#[derive(Clone, Copy)]
struct Position<'a> {
    path: &'a [BlockStep],
    at: usize,
}

impl Counting<'_> {
    /// Counts what counts in statements, the first of which stands at a position of the block that `path` leads to.
    fn block(&mut self, block: &mut Block, path: &[BlockStep], first: usize) {
        for (at, stmt) in (first..).zip(block) {
            let position = Position { path, at };
            let own = match stmt {
                Stmt::For(each) => {
                    self.inside(BlockStep::Body(at), &mut each.body, position);
                    self.upward(each, position)
                }
                Stmt::While(each) => {
                    self.inside(BlockStep::Body(at), &mut each.body, position);
                    let own = self.repeated(each, position);
                    own.map(|own| self.upward(&own, position).unwrap_or(own))
                }
                Stmt::If(branch) => {
                    self.inside(BlockStep::Then(at), &mut branch.then, position);
                    self.inside(BlockStep::Otherwise(at), &mut branch.otherwise, position);
                    let lifted = self.lifted(branch, position);
                    lifted.and_then(|(own, before)| self.opened(branch, own, before))
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => None,
            };
            if let Some(own) = own {
                *stmt = Stmt::For(own);
                self.is_changed = true;
            }
        }
    }

    fn inside(&mut self, step: BlockStep, block: &mut Block, position: Position<'_>) {
        let path = [position.path, &[step]].concat();
        self.block(block, &path, 0);
    }

    /// Returns a loop without a counter as a counted one.
    fn repeated(&mut self, each: &While, position: Position<'_>) -> Option<Loop> {
        let mut tested = self.tested(each).into_iter();
        let own = self.meeting(each, position);
        own.or_else(|| self.stepped(each, position))
            .or_else(|| tested.find_map(|each| self.stepped(&each, position)))
            .or_else(|| self.strided(each, position))
            .or_else(|| {
                let each = self.ended(each)?;
                self.repeated(&each, position)
            })
    }

    /// Returns a `for` whose third slot does more than count and whose iterations may `continue` there: they come to the end of
    /// its body instead.
    fn ended(&mut self, each: &While) -> Option<While> {
        let continues = each.body.iter().any(continues);
        if each.after_body.is_empty() || !continues {
            return None;
        }
        let work = (&mut self.function, &mut self.numbering);
        let body = without_continue(work, &each.body, each.header_span)?;
        Some(While {
            body,
            ..each.clone()
        })
    }

    /// Returns a loop that a constant steps as a counted one.
    fn stepped(&mut self, each: &While, position: Position<'_>) -> Option<Loop> {
        let step = Step::of(&self.function, each)?;
        if !is_only_of_copies(&self.function, each, &step) {
            return None;
        }
        if self.function.vars[step.var].ty.scalar().is_some() {
            self.by_integer(each, &step, position)
        } else {
            self.by_pointer(each, &step, position)
        }
    }
}
