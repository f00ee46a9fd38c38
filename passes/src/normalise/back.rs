//! Loops that are left where the program leaves them: `done = 0; for (…) if (!done) { … done = 1; }` gets its `break`
//! back ([`super::leave`] took it out) in the code of a thread and in a pass of the host.
//!
//! A loop whose body still is one condition on a variable that is 0 when the loop starts, and that ends the iteration
//! wherever it becomes 1, does nothing more once that happened: leaving is the same. Where a step has put the loop into
//! pieces, the condition stays.

use mupac_ir::{Block, ExprKind, Function, Handle, Loop, Mapping, Place, Span, Stmt, UnaryOp, Var};

use crate::{build, region};

/// Leaves every loop of some code that can be left, and drops the variables that say so where nobody reads them
/// any more.
pub(crate) fn leave_early(function: &Function, block: &mut Block) {
    let mut flags = Vec::new();
    inside(function, block, &mut flags);
    for flag in flags {
        let (mut is_declared, mut is_read) = (false, false);
        region::each(block, &mut |stmt| {
            let mut read = region::expressions(stmt).into_iter();
            is_read |= read.any(|expr| build::names(function, expr, flag));
            is_declared |= matches!(stmt, Stmt::Declare(var, _) if *var == flag);
        });
        if is_declared && !is_read {
            forget(block, flag);
        }
    }
}

fn inside(function: &Function, block: &mut Block, flags: &mut Vec<Handle<Var>>) {
    for at in 0..block.len() {
        for inner in region::blocks_mut(&mut block[at]) {
            inside(function, inner, flags);
        }
        let (before, from) = block.split_at_mut(at);
        let (Some(Stmt::For(each)), Some(flag)) = (from.first_mut(), cleared(function, before))
        else {
            continue;
        };
        if let Some(body) = broken(function, each, flag) {
            each.body = body;
            flags.push(flag);
        }
    }
}

/// Returns the variable that the last statement of a block sets to 0.
fn cleared(function: &Function, before: &[Stmt]) -> Option<Handle<Var>> {
    set(function, before.last()?, 0)
}

/// Returns the variable that a statement sets to a constant.
fn set(function: &Function, stmt: &Stmt, to: i128) -> Option<Handle<Var>> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let is_same = build::constant(function, compute.value) == Some(to);
    (is_same && compute.target == Place::var(compute.target.var)).then_some(compute.target.var)
}

/// Returns the body of a loop that does nothing once a variable is set, with a `break` where it is set; `None` if the loop
/// is another one.
fn broken(function: &Function, each: &Loop, flag: Handle<Var>) -> Option<Block> {
    let is_of_thread = matches!(each.mapping, Mapping::Sequential | Mapping::Unroll(_));
    let (asked, inside) = left_by(function, each)?;
    let mut body = inside.clone();
    (is_of_thread && asked == flag && breaks(function, &mut body, flag, true)).then_some(body)
}

/// Returns the variable that says that a loop was left, and what the loop does until then; `None` where nothing does.
pub(crate) fn left_by<'a>(function: &Function, each: &'a Loop) -> Option<(Handle<Var>, &'a Block)> {
    let [stmt] = &each.body[..] else { return None };
    let (flag, inside) = unless(function, stmt)?;
    let mut is_set = false;
    region::each(inside, &mut |stmt| {
        is_set |= set(function, stmt, 1) == Some(flag);
    });
    is_set.then_some((flag, inside))
}

/// Returns the variable that a statement asks for, and what runs unless it is set.
fn unless<'a>(function: &Function, stmt: &'a Stmt) -> Option<(Handle<Var>, &'a Block)> {
    let Stmt::If(branch) = stmt else { return None };
    let ExprKind::Unary(UnaryOp::Not, inner) = function.exprs[branch.condition].kind else {
        return None;
    };
    let flag = build::read(function, inner)?;
    branch.otherwise.is_empty().then_some((flag, &branch.then))
}

/// Puts a `break` behind every place of a loop's body where a variable is set, and takes away the questions for it that
/// follow; returns whether nothing else follows there, and nothing else changes it or waits for other threads.
///
/// `is_last`: nothing of the iteration follows the block.
fn breaks(function: &Function, block: &mut Block, flag: Handle<Var>, is_last: bool) -> bool {
    let asks = |stmt: &Stmt| unless(function, stmt).is_some_and(|(asked, _)| asked == flag);
    let from = block.len() - block.iter().rev().take_while(|stmt| asks(stmt)).count();
    let asked = block.split_off(from);
    for stmt in asked {
        if let Stmt::If(branch) = stmt {
            block.extend(branch.then);
        }
    }
    let mut sets = false;
    let mut is_whole = true;
    let last = block.len();
    for (at, stmt) in block.iter_mut().enumerate() {
        // What was asked for follows only where the variable is not set.
        let is_last = is_last && (at + 1 == last || at + 1 == from);
        is_whole &= match stmt {
            Stmt::Compute(compute) if compute.target.var == flag => {
                sets = true;
                is_last && at + 1 == last
            }
            Stmt::If(branch) => {
                breaks(function, &mut branch.then, flag, is_last)
                    && breaks(function, &mut branch.otherwise, flag, is_last)
            }
            Stmt::For(_) | Stmt::While(_) => !changes(stmt, flag),
            Stmt::Compute(_) | Stmt::Declare(..) | Stmt::Let(..) => true,
            Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        };
    }
    if sets {
        is_whole &= block.last().and_then(|stmt| set(function, stmt, 1)) == Some(flag);
        block.push(Stmt::Break(Span::default()));
    }
    is_whole
}

/// Returns whether a loop changes a variable, or all of its threads meet in it.
fn changes(stmt: &Stmt, flag: Handle<Var>) -> bool {
    let mut found = false;
    region::each(std::slice::from_ref(stmt), &mut |stmt| {
        found |= region::target(stmt).is_some_and(|place| place.var == flag);
        found |= matches!(stmt, Stmt::Barrier | Stmt::Call(_));
    });
    found
}

/// Removes a variable that is only written.
fn forget(block: &mut Block, flag: Handle<Var>) {
    block.retain(|stmt| {
        let is_declared = matches!(stmt, Stmt::Declare(var, _) if *var == flag);
        !is_declared && region::target(stmt).is_none_or(|place| place.var != flag)
    });
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        forget(inner, flag);
    }
}
