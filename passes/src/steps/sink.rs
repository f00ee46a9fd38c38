//! Brings conditions from around a loop to what is inside it, so that every thread of a block comes to the loop.
//!
//! `if (c) { A; for k { B } C }` becomes `if (c) { A } for k { if (c) { B } } if (c) { C }`.
//! Names for values and starts of lifetimes come to stand before the condition, since what comes after needs them.
//! That `c` stays what it was, that the names can be computed everywhere and that the bounds of the loop do not need `c`,
//! the judge sees.

use mupac_ir::{Block, Expr, Function, Handle, If, Loop, LoopName, Stmt};

use crate::{build, region};

/// Brings every condition between the top of a block and a loop in it to the inside of the loop.
///
/// `None` where something else than loops and conditions stands around the loop.
pub(super) fn sink(function: &mut Function, block: &mut Block, target: &LoopName) -> Option<()> {
    loop {
        let at = block.iter().position(|stmt| holds(stmt, target))?;
        let is_last = at + 1 == block.len();
        let stmt = block.get_mut(at)?;
        match stmt {
            Stmt::For(each) if each.name == *target => return Some(()),
            Stmt::For(each) => return sink(function, &mut each.body, target),
            Stmt::If(branch) if is_last && branch.otherwise.is_empty() => {
                let branch = branch.clone();
                block.pop();
                block.extend(spread(function, branch, target)?);
            }
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
            | Stmt::Verbatim(..) => return None,
        }
    }
}

/// Returns whether a statement is or holds a loop.
fn holds(stmt: &Stmt, name: &LoopName) -> bool {
    region::find(std::slice::from_ref(stmt), name).is_some()
}

/// Returns the statements of a branch, each part under the condition, and the one that holds the loop with the condition
/// inside.
fn spread(function: &mut Function, branch: If, target: &LoopName) -> Option<Block> {
    let at = branch.then.iter().position(|stmt| holds(stmt, target))?;
    let mut before = branch.then;
    let mut after = before.split_off(at);
    let inner = after.remove(0);
    let condition = branch.condition;
    let mut spread = Block::new();
    let mut run = Block::new();
    for stmt in before {
        if matches!(stmt, Stmt::Let(..) | Stmt::Declare(..)) {
            spread.extend(under(condition, std::mem::take(&mut run)));
            spread.push(stmt);
        } else {
            run.push(stmt);
        }
    }
    spread.extend(under(condition, run));
    spread.push(match inner {
        Stmt::For(each) => Stmt::For(Loop {
            body: inside(function, condition, each.body),
            ..each
        }),
        Stmt::If(other) => Stmt::If(If {
            condition: build::both(function, condition, other.condition),
            ..other
        }),
        Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => return None,
    });
    spread.extend(under(condition, after));
    Some(spread)
}

/// Returns the body of a loop under a condition, but for the names that it starts with.
fn inside(function: &mut Function, condition: Handle<Expr>, mut body: Block) -> Block {
    let rest = body.split_off(names(&body));
    let rest = match rest.as_slice() {
        [Stmt::If(only)] if only.otherwise.is_empty() => {
            let condition = build::both(function, condition, only.condition);
            under(condition, only.then.clone())
        }
        _ => under(condition, rest),
    };
    body.extend(rest);
    body
}

/// Returns how many names for values a block starts with.
pub(super) fn names(block: &[Stmt]) -> usize {
    let is_name = |stmt: &&Stmt| matches!(stmt, Stmt::Let(..));
    block.iter().take_while(is_name).count()
}

/// Returns statements under a condition, if there are any.
fn under(condition: Handle<Expr>, then: Block) -> Option<Stmt> {
    let span = then.first()?.span();
    Some(Stmt::If(If {
        condition,
        then,
        otherwise: Block::new(),
        span,
    }))
}
