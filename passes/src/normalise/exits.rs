//! `continue` of a counted loop as a condition on what it skips.
//!
//! What follows a condition that may `continue` moves into its other branch.
//! That needs no copy as long as at most one of the branches goes on; otherwise a flag of the iteration says whether it goes on.
//!
//! **Source**: Allen, Kennedy, Porterfield, Warren, “Conversion of Control Dependence to Data Dependence”, POPL 1983
//! (exit branches; guard variables only for what leaves a loop, [`super::leave`]).

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Place, Scalar, Span, Stmt, Var,
};

use super::Work;
use super::leave::{flag, not};
use crate::numbering::Numbering;
use crate::{build, region};

/// Structures every counted loop of the region, and returns whether it changed one.
pub(super) fn structure(work: &mut Work<'_>) -> bool {
    let mut statements = work.take();
    let is_changed = loops(work, &mut statements);
    work.put(statements);
    is_changed
}

fn loops(work: &mut Work<'_>, statements: &mut Block) -> bool {
    let mut is_changed = false;
    for stmt in statements {
        for block in region::blocks_mut(stmt) {
            is_changed |= loops(work, block);
        }
        if let Stmt::For(each) = stmt
            && each.body.iter().any(continues)
            && let Some(body) = without_continue(
                (&mut work.function, &mut work.numbering),
                &each.body,
                each.header_span,
            )
        {
            each.body = body;
            is_changed = true;
        }
    }
    is_changed
}

/// Returns one iteration of a loop without `continue`.
pub(crate) fn without_continue(
    (function, numbering): (&mut Function, &mut Numbering),
    body: &Block,
    header: Span,
) -> Option<Block> {
    let own = structured(function, body.clone(), None);
    let mut own = own.or_else(|| with_flag((function, numbering), body, header))?;
    tidy(function, &mut own);
    Some(own)
}

/// Returns a body of which every iteration notes that it continues: what more than one branch would go on with asks for that.
fn with_flag(
    (function, numbering): (&mut Function, &mut Numbering),
    body: &Block,
    header: Span,
) -> Option<Block> {
    let skips = flag(function, "skips");
    let mut body = body.clone();
    noted((function, numbering), &mut body, skips);
    let body = structured(function, body, Some(skips))?;
    let no = build::int(function, 0, Scalar::I32);
    let mut block = vec![
        Stmt::Declare(skips, header),
        Stmt::Compute(numbering.assignment(Place::var(skips), no, header)),
    ];
    block.extend(body);
    Some(block)
}

/// Sets a flag before every `continue` of a loop's body.
fn noted(
    (function, numbering): (&mut Function, &mut Numbering),
    block: &mut Block,
    skips: Handle<Var>,
) {
    let mut out = Block::with_capacity(block.len() + 1);
    for mut stmt in block.drain(..) {
        if let Stmt::If(branch) = &mut stmt {
            noted((function, numbering), &mut branch.then, skips);
            noted((function, numbering), &mut branch.otherwise, skips);
        }
        if let Stmt::Continue(span) = stmt {
            let yes = build::int(function, 1, Scalar::I32);
            let noted = numbering.assignment(Place::var(skips), yes, span);
            out.push(Stmt::Compute(noted));
        }
        out.push(stmt);
    }
    *block = out;
}

/// Returns whether a statement may `continue` the loop around it.
pub(crate) fn continues(stmt: &Stmt) -> bool {
    jumps(stmt, &|stmt| matches!(stmt, Stmt::Continue(_)))
}

/// Returns whether a statement is, or holds in its branches, a jump that concerns the loop around it.
pub(crate) fn jumps(stmt: &Stmt, is_it: &dyn Fn(&Stmt) -> bool) -> bool {
    let mut inside = match stmt {
        Stmt::If(branch) => branch.then.iter().chain(&branch.otherwise),
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => return is_it(stmt),
    };
    inside.any(|inner| jumps(inner, is_it))
}

/// Returns whether no path comes to the end of a block.
fn never_ends(block: &[Stmt]) -> bool {
    block.iter().any(|stmt| match stmt {
        Stmt::Continue(_) => true,
        Stmt::If(branch) => never_ends(&branch.then) && never_ends(&branch.otherwise),
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}

/// Returns a block without `continue`; `None` where that would need a copy of what is skipped.
///
/// `done` is a variable that is set before every `continue`, if there is one: what follows may ask for it instead.
pub(super) fn structured(
    function: &mut Function,
    mut block: Block,
    done: Option<Handle<Var>>,
) -> Option<Block> {
    let Some(at) = block.iter().position(continues) else {
        return Some(block);
    };
    let mut after = block.split_off(at + 1);
    let Some(Stmt::If(mut branch)) = block.pop() else {
        // A `continue` itself: what follows never runs.
        return Some(block);
    };
    if never_ends(&branch.then) {
        branch.otherwise.append(&mut after);
    } else if never_ends(&branch.otherwise) {
        branch.then.append(&mut after);
    } else if !after.is_empty()
        && let Some(first) = hoisted(function, &mut branch)
    {
        block.extend([Stmt::If(first), Stmt::If(branch)]);
        block.append(&mut after);
        return structured(function, block, done);
    }
    branch.then = structured(function, branch.then, done)?;
    branch.otherwise = structured(function, branch.otherwise, done)?;
    let span = branch.span;
    block.push(Stmt::If(branch));
    if !after.is_empty() {
        let condition = not(function, done?);
        block.push(Stmt::If(If {
            condition,
            then: structured(function, after, done)?,
            otherwise: Block::new(),
            span,
        }));
    }
    Some(block)
}

/// Takes a condition that certainly continues off the start of a branch, to stand before the whole statement under both
/// conditions: nothing runs between the two tests, so the outer one may be made twice.
fn hoisted(function: &mut Function, branch: &mut If) -> Option<If> {
    let is_first = |block: &Block| {
        matches!(block.first(), Some(Stmt::If(first))
            if never_ends(&first.then) && !first.otherwise.iter().any(continues))
    };
    let (block, outer) = if is_first(&branch.then) {
        (&mut branch.then, branch.condition)
    } else if is_first(&branch.otherwise) {
        let opposite = build::opposite(function, branch.condition);
        (&mut branch.otherwise, opposite)
    } else {
        return None;
    };
    let Stmt::If(first) = block.remove(0) else {
        return None;
    };
    block.splice(0..0, first.otherwise);
    let both = ExprKind::Binary(BinaryOp::And, outer, first.condition);
    let mut both = Expr::new(both, Scalar::I32);
    both.span = function.exprs[first.condition].span;
    Some(If {
        condition: function.exprs.push(both),
        then: first.then,
        otherwise: Block::new(),
        span: first.span,
    })
}

/// Turns conditions that have only an `else` around, and drops those that decide nothing.
pub(super) fn tidy(function: &mut Function, block: &mut Block) {
    let decides = |stmt: &Stmt| match stmt {
        Stmt::If(branch) => !branch.then.is_empty() || !branch.otherwise.is_empty(),
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => true,
    };
    block.retain(decides);
    for stmt in block {
        if let Stmt::If(branch) = stmt {
            if branch.then.is_empty() && !branch.otherwise.is_empty() {
                branch.condition = build::opposite(function, branch.condition);
                std::mem::swap(&mut branch.then, &mut branch.otherwise);
            }
            tidy(function, &mut branch.then);
            tidy(function, &mut branch.otherwise);
        }
    }
}
