//! Registers start with the value that the thread gave to memory just before.
//!
//! Of `c[i][j] = 0; for (k …) c[i][j] += …` a loop with registers makes three nests: one stores zero, one reads it into the
//! registers, and one stores the sums behind the loop. Where the loop names the array nowhere else, nobody sees the zero in
//! memory: the registers are given it at once, and the first nest is gone. Nests of one form touch the same elements.
//! Products stay where they are, since a compiler might join one in a register with the sum that follows.
//!
//! **Source**: Callahan, Carr, Kennedy, “Improving Register Allocation for Subscripted Variables”, PLDI 1990.

use mupac_ir::structure::{is_same_expr, is_same_place, variables};
use mupac_ir::{Block, Compute, Expr, ExprKind, Function, Handle, Place, Stmt};

use crate::region;

/// Gives registers their first values without the way through memory.
pub(super) fn given(function: &Function, block: &mut Block) {
    for stmt in block.iter_mut() {
        for inner in region::blocks_mut(stmt) {
            given(function, inner);
        }
    }
    let mut at = 0;
    while at + 5 <= block.len() {
        if let Some(filled) = filled(function, &block[at..at + 5]) {
            block[at + 2] = filled;
            block.remove(at);
        }
        at += 1;
    }
}

/// Returns the nest that gives registers the values which the first of five statements stores; the others declare, read, use
/// and store them.
fn filled(function: &Function, statements: &[Stmt]) -> Option<Stmt> {
    let [
        first,
        Stmt::Declare(register, _),
        before,
        used @ Stmt::For(_),
        after,
    ] = statements
    else {
        return None;
    };
    let [stored, read, written] = [first, before, after].map(|nest| innermost(nest));
    let (stored, read, written) = (stored?, read?, written?);
    let ExprKind::Load(element) = &function.exprs[read.value].kind else {
        return None;
    };
    let is_copy = read.target.var == *register
        && is_same_place(function, &stored.target, function, element)
        && is_same_place(function, &written.target, function, element)
        && is_load(function, written.value, &read.target);
    let is_plain = is_plain(function, stored.value)
        && !variables(function, stored.value).contains(&element.var);
    let is_alone = !region::names(function, used, element.var);
    let is_one_form =
        is_same_nest(function, first, before) && is_same_nest(function, before, after);
    (is_copy && is_plain && is_alone && is_one_form).then(|| {
        let mut nest = first.clone();
        set_innermost(&mut nest, &read.target);
        nest
    })
}

/// Returns the only assignment of a nest of loops, conditions and names.
fn innermost(nest: &Stmt) -> Option<&Compute> {
    if let Stmt::Compute(compute) = nest {
        return Some(compute);
    }
    let mut blocks = region::blocks(nest).filter(|block| !block.is_empty());
    let (block, None) = (blocks.next()?, blocks.next()) else {
        return None;
    };
    let (last, names) = block.split_last()?;
    let are_names = names.iter().all(|stmt| matches!(stmt, Stmt::Let(..)));
    let is_of_nest = matches!(nest, Stmt::For(_) | Stmt::If(_));
    (are_names && is_of_nest).then(|| innermost(last))?
}

fn set_innermost(nest: &mut Stmt, target: &Place) {
    if let Stmt::Compute(compute) = nest {
        compute.target = target.clone();
    } else if let Some(last) = region::blocks_mut(nest).find_map(|block| block.last_mut()) {
        set_innermost(last, target);
    }
}

/// Returns whether two nests have the same loops, conditions and names around their assignments.
fn is_same_nest(function: &Function, a: &Stmt, b: &Stmt) -> bool {
    let is_same = |a: Handle<Expr>, b: Handle<Expr>| is_same_expr(function, a, function, b);
    let is_same_head = match (a, b) {
        (Stmt::Compute(_), Stmt::Compute(_)) => true,
        (Stmt::For(a), Stmt::For(b)) => {
            a.iterator == b.iterator
                && a.mapping == b.mapping
                && a.step == b.step
                && is_same(a.start, b.start)
                && is_same(a.end, b.end)
        }
        (Stmt::If(a), Stmt::If(b)) => {
            is_same(a.condition, b.condition) && a.otherwise.is_empty() == b.otherwise.is_empty()
        }
        (Stmt::Let(a, value), Stmt::Let(b, other)) => a == b && is_same(*value, *other),
        _ => false,
    };
    let (mut of_a, mut of_b) = (region::blocks(a), region::blocks(b));
    is_same_head
        && loop {
            match (of_a.next(), of_b.next()) {
                (None, None) => break true,
                (Some(a), Some(b)) if a.len() == b.len() => {
                    let mut pairs = a.iter().zip(b);
                    if !pairs.all(|(a, b)| is_same_nest(function, a, b)) {
                        break false;
                    }
                }
                _ => break false,
            }
        }
}

fn is_load(function: &Function, expr: Handle<Expr>, place: &Place) -> bool {
    matches!(&function.exprs[expr].kind, ExprKind::Load(own) if is_same_place(function, own, function, place))
}

/// Returns whether a value is a constant or read somewhere, perhaps converted.
fn is_plain(function: &Function, expr: Handle<Expr>) -> bool {
    match &function.exprs[expr].kind {
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Load(_) => true,
        ExprKind::Cast(inner) => is_plain(function, *inner),
        ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}
