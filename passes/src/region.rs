//! Finds a region, and loops by name, in the tree of a function.

use std::collections::BTreeSet;
use std::ops::Range;

pub(crate) use mupac_ir::structure::{
    blocks, blocks_mut, each, each_expression, expressions, first,
};
use mupac_ir::{
    Block, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Place, Span, Stmt, StmtId, Var,
};

use crate::build;
use crate::facts::BlockStep;

/// Returns the block at the end of a path, or `None` if the tree has no such block.
pub(crate) fn block<'a>(body: &'a Block, path: &[BlockStep]) -> Option<&'a Block> {
    let Some((first, rest)) = path.split_first() else {
        return Some(body);
    };
    let inner = match (first, body.get(position(*first))?) {
        (BlockStep::Body(_), Stmt::For(each)) => &each.body,
        (BlockStep::Body(_), Stmt::While(each)) => &each.body,
        (BlockStep::Then(_), Stmt::If(branch)) => &branch.then,
        (BlockStep::Otherwise(_), Stmt::If(branch)) => &branch.otherwise,
        _ => return None,
    };
    block(inner, rest)
}

/// Returns the block at the end of a path for change.
pub(crate) fn block_mut<'a>(body: &'a mut Block, path: &[BlockStep]) -> Option<&'a mut Block> {
    let Some((first, rest)) = path.split_first() else {
        return Some(body);
    };
    let inner = match (first, body.get_mut(position(*first))?) {
        (BlockStep::Body(_), Stmt::For(each)) => &mut each.body,
        (BlockStep::Body(_), Stmt::While(each)) => &mut each.body,
        (BlockStep::Then(_), Stmt::If(branch)) => &mut branch.then,
        (BlockStep::Otherwise(_), Stmt::If(branch)) => &mut branch.otherwise,
        _ => return None,
    };
    block_mut(inner, rest)
}

fn position(step: BlockStep) -> usize {
    match step {
        BlockStep::Body(at) | BlockStep::Then(at) | BlockStep::Otherwise(at) => at,
    }
}

/// Returns the statements of a region.
pub(crate) fn statements<'a>(
    function: &'a Function,
    path: &[BlockStep],
    range: &Range<usize>,
) -> &'a [Stmt] {
    block(&function.body, path)
        .and_then(|block| block.get(range.clone()))
        .unwrap_or(&[])
}

/// Takes the statements of a region out of a function; `put` brings them back.
pub(crate) fn take(function: &mut Function, path: &[BlockStep], range: &Range<usize>) -> Block {
    block_mut(&mut function.body, path)
        .filter(|block| range.start <= range.end && range.end <= block.len())
        .map(|block| block.drain(range.clone()).collect())
        .unwrap_or_default()
}

/// Puts statements where `take` took some, and returns their new positions.
pub(crate) fn put(
    function: &mut Function,
    path: &[BlockStep],
    start: usize,
    statements: Block,
) -> Range<usize> {
    let end = start + statements.len();
    if let Some(block) = block_mut(&mut function.body, path) {
        block.splice(start..start, statements);
    }
    start..end
}

/// Returns every counted loop, outer before inner, in order.
pub(crate) fn loops(statements: &[Stmt]) -> Vec<&Loop> {
    let mut found = Vec::new();
    each(statements, &mut |stmt| {
        if let Stmt::For(each) = stmt {
            found.push(each);
        }
    });
    found
}

/// Returns a number that no assignment has.
pub(crate) fn next_number(blocks: &[&[Stmt]]) -> StmtId {
    let mut next = StmtId(0);
    for block in blocks {
        each(block, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt {
                next = next.max(StmtId(compute.id.0.saturating_add(1)));
            }
        });
    }
    next
}

/// Returns the numbers of all assignments.
pub(crate) fn numbers(statements: &[Stmt]) -> BTreeSet<StmtId> {
    let mut found = BTreeSet::new();
    each(statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt {
            found.insert(compute.id);
        }
    });
    found
}

/// Returns the loops from the outside, as long as each holds the next with nothing but names and conditions between.
pub(crate) fn chain(mut statements: &[Stmt]) -> Vec<&Loop> {
    let mut found = Vec::new();
    loop {
        let named = statements
            .iter()
            .take_while(|stmt| matches!(stmt, Stmt::Let(..)))
            .count();
        statements = match statements.get(named..) {
            Some([Stmt::For(each)]) => {
                found.push(each);
                &each.body
            }
            Some([Stmt::If(branch)]) if branch.otherwise.is_empty() => &branch.then,
            _ => return found,
        };
    }
}

/// Returns the counted loop with a name.
pub(crate) fn find<'a>(statements: &'a [Stmt], name: &LoopName) -> Option<&'a Loop> {
    first(statements, &mut |stmt| {
        as_loop(stmt).filter(|each| each.name == *name)
    })
}

fn as_loop(stmt: &Stmt) -> Option<&Loop> {
    if let Stmt::For(each) = stmt {
        Some(each)
    } else {
        None
    }
}

/// Returns the counted loops around and inside the one with a name, and itself.
pub(crate) fn along<'a>(statements: &'a [Stmt], name: &LoopName) -> Vec<&'a Loop> {
    for stmt in statements {
        let mut found: Vec<&Loop> = as_loop(stmt).into_iter().collect();
        if found.first().is_some_and(|each| each.name == *name) {
            found.extend(blocks(stmt).flat_map(|block| loops(block)));
            return found;
        }
        for block in blocks(stmt) {
            let inner = along(block, name);
            if !inner.is_empty() {
                found.extend(inner);
                return found;
            }
        }
    }
    Vec::new()
}

/// Puts statements in the place of the counted loop with a name, wherever it stands; `None` where there is none, or
/// where it becomes nothing, and then nothing is of further use.
pub(crate) fn replace(
    block: &mut Block,
    name: &LoopName,
    become_: &mut dyn FnMut(Loop) -> Option<Block>,
) -> Option<()> {
    let is_meant = |stmt: &Stmt| matches!(stmt, Stmt::For(each) if each.name == *name);
    if let Some(at) = block.iter().position(is_meant) {
        let Stmt::For(each) = block.remove(at) else {
            return None;
        };
        block.splice(at..at, become_(each)?);
        return Some(());
    }
    let mut inner = block.iter_mut().flat_map(blocks_mut);
    inner.find_map(|block| replace(block, name, become_))
}

/// Returns the counted loop with a name, for change.
pub(crate) fn find_mut<'a>(statements: &'a mut [Stmt], name: &LoopName) -> Option<&'a mut Loop> {
    for stmt in statements {
        if let Stmt::For(each) = stmt
            && each.name == *name
        {
            let Stmt::For(each) = stmt else { return None };
            return Some(each);
        }
        for block in blocks_mut(stmt) {
            if let Some(found) = find_mut(block, name) {
                return Some(found);
            }
        }
    }
    None
}

/// Returns whether a condition always holds and has no other branch: a block that only braces make, or the first slot of a
/// `for`.
pub(crate) fn is_plain_block(function: &Function, branch: &If) -> bool {
    build::constant(function, branch.condition) == Some(1) && branch.otherwise.is_empty()
}

/// Returns the name of a statement that is a loop.
pub(crate) fn loop_name(stmt: &Stmt) -> Option<&LoopName> {
    loop_header(stmt).map(|(name, _)| name)
}

/// Returns the name of a statement that is a loop, and where its header stands.
pub(crate) fn loop_header(stmt: &Stmt) -> Option<(&LoopName, Span)> {
    match stmt {
        Stmt::For(each) => Some((&each.name, each.header_span)),
        Stmt::While(each) => Some((&each.name, each.header_span)),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::If(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns the place that a statement assigns, if it assigns one itself.
pub(crate) fn target(stmt: &Stmt) -> Option<&Place> {
    match stmt {
        Stmt::Compute(compute) => Some(&compute.target),
        Stmt::Call(call) => call.target.as_ref(),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Shows the places that statements assign, read or take the address of, in the order of the text.
pub(crate) fn each_place(function: &Function, statements: &[Stmt], see: &mut impl FnMut(&Place)) {
    each(statements, &mut |stmt| {
        target(stmt).into_iter().for_each(&mut *see);
        for expr in expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    see(place);
                }
            });
        }
    });
}

/// Returns whether a statement or one inside it names a variable.
pub(crate) fn names(function: &Function, stmt: &Stmt, var: Handle<Var>) -> bool {
    first(std::slice::from_ref(stmt), &mut |stmt| {
        names_itself(function, stmt, var).then_some(())
    })
    .is_some()
}

/// Returns how often statements name a variable.
pub(crate) fn mentions(function: &Function, statements: &[Stmt], var: Handle<Var>) -> usize {
    let mut count = 0;
    each(statements, &mut |stmt| {
        count += usize::from(target(stmt).is_some_and(|place| place.var == var));
        for expr in expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    count += usize::from(place.var == var);
                }
            });
        }
    });
    count
}

/// Returns whether a statement names a variable, whatever those inside it do.
pub(crate) fn names_itself(function: &Function, stmt: &Stmt, var: Handle<Var>) -> bool {
    let mut is_named = target(stmt).is_some_and(|place| place.var == var)
        || matches!(stmt, Stmt::For(each) if each.iterator == var);
    each_expression(stmt, &mut |expr| {
        is_named = is_named || build::names(function, expr, var);
    });
    is_named
}

/// Returns whether the bounds of a loop read nothing but whole variables, none of them among the changed.
pub(crate) fn has_fixed_bounds(
    function: &Function,
    each: &Loop,
    changed: &BTreeSet<Handle<Var>>,
) -> bool {
    let mut is_fixed = true;
    for bound in [each.start, each.end] {
        build::visit(function, bound, &mut |_, node| {
            if let ExprKind::Load(place) = &node.kind {
                is_fixed &= place.path.is_empty() && !changed.contains(&place.var);
            }
        });
    }
    is_fixed
}

/// Returns whether a variable is named outside the loops that count with it.
///
/// Where it is not, nothing can see the value that such a loop leaves behind.
pub(crate) fn is_named_outside_its_loops(
    function: &Function,
    statements: &[Stmt],
    var: Handle<Var>,
) -> bool {
    let names = |expr: &Handle<Expr>| build::variables(function, *expr).contains(&var);
    statements.iter().any(|stmt| match stmt {
        Stmt::For(each) if each.iterator == var => names(&each.start),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier => {
            expressions(stmt).iter().any(names)
                || target(stmt).is_some_and(|place| place.var == var)
                || blocks(stmt).any(|block| is_named_outside_its_loops(function, block, var))
        }
        Stmt::Verbatim(..) => true,
    })
}

/// Returns the variables whose address some of the statements take.
pub(crate) fn addressed(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    each(statements, &mut |stmt| {
        for expr in expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Address(place) = &node.kind {
                    found.insert(place.var);
                }
            });
        }
    });
    found
}
