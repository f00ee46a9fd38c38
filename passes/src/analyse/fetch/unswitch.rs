//! Loop unswitching of what only the host can run: of `for (…) { x[i] = …; if (verbose) printf(…); }` remains
//! `for (…) x[i] = …;` where `verbose` is zero, which a guard asks; where it is not, the program's own loop runs.
//!
//! The condition is the same in all iterations, so the branch runs in all of them or in none. A branch is left out in two
//! steps: at first its condition stays, as an `if` that holds a mark alone ([`emptied`]), so that a form may give what it reads
//! of memory variables; then conditions over variables become what the region requires ([`settled`]). The mark ends the
//! iteration, as what stood there may have done: what comes behind it need not be there for the host to read.
//!
//! **Source**: Bacon, Graham, Sharp, “Compiler Transformations for High-Performance Computing”, ACM Computing Surveys 1994, 6.1.2.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::conjuncts;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Module, Place, Scalar, Span, Stmt,
    Storage, Var,
};

use super::rows::all;
use super::{InMemory, fetched, in_memory};
use crate::analyse::names::changed;
use crate::analyse::pointers::Requirement;
use crate::facts::BlockStep;
use crate::normalise::{is_modelled, modified};
use crate::{build, region};

/// For the report: a branch that only the host can run is not taken.
const HOST_ONLY: &str = "host-only";

/// Returns a function whose region has no branch any more that only the host can run and of which one condition for all
/// iterations decides; in place of each stands an `if` that holds a mark. `None`: there is none, or not all else is modelled.
pub(in crate::analyse) fn emptied(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Arc<Function>> {
    let statements = region::statements(function, path, range);
    if is_modelled(statements) {
        return None;
    }
    let changed = modified(statements);
    let mut own = (**function).clone();
    let mut statements = region::take(&mut own, path, range);
    for stmt in &mut statements {
        for block in region::blocks_mut(stmt) {
            empty(&mut own, block, &changed);
        }
    }
    let is_whole = is_modelled(&statements);
    region::put(&mut own, path, range.start, statements);
    is_whole.then(|| Arc::new(own))
}

/// Takes the branches out of a block that only the host can run, inner ones before those around them.
fn empty(function: &mut Function, block: &mut Block, changed: &BTreeSet<Handle<Var>>) {
    let mut out = Block::with_capacity(block.len());
    for mut stmt in block.drain(..) {
        for inner in region::blocks_mut(&mut stmt) {
            empty(function, inner, changed);
        }
        let Stmt::If(branch) = stmt else {
            out.push(stmt);
            continue;
        };
        match parted(function, branch, changed) {
            Ok((asked, mut rest)) => {
                out.push(Stmt::If(asked));
                out.append(&mut rest);
            }
            Err(branch) => out.push(Stmt::If(branch)),
        }
    }
    *block = out;
}

/// Returns an `if` that holds a mark and asks whether the branch runs that only the host can run, and what else there is.
///
/// **Errors**: the statement, where there is no such branch, or each iteration decides for itself.
fn parted(
    function: &mut Function,
    branch: If,
    changed: &BTreeSet<Handle<Var>>,
) -> Result<(If, Block), If> {
    let is_of_host = |block: &Block| !is_modelled(block) && region::loops(block).is_empty();
    let (conditions, rest) = if is_of_host(&branch.then) && is_modelled(&branch.otherwise) {
        (conjuncts(function, branch.condition), &branch.otherwise)
    } else if is_modelled(&branch.then) && is_of_host(&branch.otherwise) {
        let opposite = build::opposite(function, branch.condition);
        (vec![opposite], &branch.then)
    } else {
        return Err(branch);
    };
    let is_fixed = |condition: &Handle<Expr>| is_fixed(function, *condition, changed);
    if !conditions.iter().any(is_fixed) {
        return Err(branch);
    }
    let (rest, span) = (rest.clone(), branch.span);
    let asks = |then, condition: Handle<Expr>| If {
        condition,
        then,
        otherwise: Block::new(),
        span,
    };
    let mut conditions = conditions.into_iter().rev();
    let mark = vec![Stmt::Continue(Span::default())];
    let innermost = conditions.next().map(|each| asks(mark, each));
    let whole = innermost.map(|innermost| {
        conditions.fold(innermost, |inner, each| asks(vec![Stmt::If(inner)], each))
    });
    whole.map(|whole| (whole, rest)).ok_or(branch)
}

/// Returns whether a condition reads nothing that statements change.
fn is_fixed(function: &Function, condition: Handle<Expr>, changed: &BTreeSet<Handle<Var>>) -> bool {
    let mut is_fixed = true;
    build::visit(function, condition, &mut |_, node| {
        is_fixed &= match &node.kind {
            ExprKind::Load(place) => !changed.contains(&place.var),
            ExprKind::Address(place) => function.vars[place.var].storage == Storage::Function,
            ExprKind::Text(_) | ExprKind::Call(..) => false,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => true,
        }
    });
    is_fixed
}

/// Returns a form of such a function without marks, and its values with one more for each branch, which is
/// there where the branch is not taken. `None`: what decides about one is no number that the host has before the region.
pub(in crate::analyse) fn settled(
    module: &Module,
    function: &Arc<Function>,
    (path, range): (&[BlockStep], &Range<usize>),
    values: &[InMemory],
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let mut own = (**function).clone();
    let mut statements = region::take(&mut own, path, range);
    let mut asked = Vec::new();
    for stmt in &mut statements {
        for block in region::blocks_mut(stmt) {
            collect(&mut own, block, &mut Vec::new(), &mut asked);
        }
    }
    let changed = changed(&own, &statements);
    let is_fixed = |function: &Function, condition: &Handle<Expr>| {
        build::is_of_variables(function, *condition, &|var| {
            !changed.contains(&var) && !function.vars[var].is_volatile
        })
    };
    let mut values = values.to_vec();
    for mut conditions in asked {
        conditions.retain(|each| is_fixed(&own, each));
        let taken = build::all_of(&mut own, conditions)?;
        values.push(where_not(module, &mut own, taken, &values)?);
    }
    region::put(&mut own, path, range.start, statements);
    Some((Arc::new(own), values))
}

/// Takes the marks out of a block, and adds the conditions under which each would be reached.
fn collect(
    function: &mut Function,
    block: &mut Block,
    around: &mut Vec<Handle<Expr>>,
    asked: &mut Vec<Vec<Handle<Expr>>>,
) {
    block.retain_mut(|stmt| {
        if let Stmt::If(branch) = stmt {
            if is_marked(branch) {
                asked.push([around.as_slice(), &[branch.condition]].concat());
                return false;
            }
            around.push(branch.condition);
            collect(function, &mut branch.then, around, asked);
            around.pop();
            around.push(build::opposite(function, branch.condition));
            collect(function, &mut branch.otherwise, around, asked);
            around.pop();
            return !(branch.then.is_empty() && branch.otherwise.is_empty());
        }
        for inner in region::blocks_mut(stmt) {
            collect(function, inner, around, asked);
        }
        true
    });
}

/// Returns whether a branch holds a mark alone, which is at no place of the source.
fn is_marked(branch: &If) -> bool {
    matches!(branch.then.as_slice(), [Stmt::Continue(span)] if span.is_unknown())
}

/// Returns whether the opposite of a condition reads well among those of a guard: of one comparison of integers, or of truth values.
fn is_said_at_once(function: &Function, condition: Handle<Expr>) -> bool {
    let (mut are_integers, mut are_truths) = (true, true);
    build::visit(function, condition, &mut |_, node| {
        // The solver takes unsigned numbers of 64 bits for what they are as signed ones.
        let is_exact = |ty: Scalar| !ty.is_float() && ty != Scalar::U64;
        are_integers &= node.ty.scalar().is_some_and(is_exact);
        are_truths &= !matches!(&node.kind, ExprKind::Load(place)
            if function.vars[place.var].ty != Scalar::Bool.into());
    });
    are_integers && (are_truths || conjuncts(function, condition).len() == 1)
}

/// Returns whether the host may not compute a condition where no iteration does: it divides integers.
fn may_trap(function: &Function, condition: Handle<Expr>) -> bool {
    let mut traps = false;
    build::visit(function, condition, &mut |_, node| {
        let divides = matches!(
            node.kind,
            ExprKind::Binary(BinaryOp::Divide | BinaryOp::Remainder, ..)
        );
        traps |= divides && node.ty.scalar().is_some_and(|ty| !ty.is_float());
    });
    traps
}

/// Returns a value of the host that is there where a condition on variables, among them those of other values, fails: one of these
/// variables, or else whether it fails.
fn where_not(
    module: &Module,
    function: &mut Function,
    taken: Handle<Expr>,
    values: &[InMemory],
) -> Option<InMemory> {
    let read = build::variables(function, taken);
    let root = *read.first()?;
    let mut value = in_memory(module, function, Place::var(root));
    let condition = if is_said_at_once(function, taken) {
        build::opposite(function, taken)
    } else if may_trap(function, taken) {
        return None;
    } else {
        let of_those = |each: &&InMemory| read.contains(&each.fetched.variable);
        let those = values.iter().filter(of_those);
        let needs: Vec<Requirement> = those.flat_map(|each| each.needs.clone()).collect();
        let opposite = build::opposite(function, taken);
        let there = all(function, &needs);
        let whole = build::all_of(function, there.into_iter().chain([opposite]))?;
        value.fetched = fetched(function, "unless", Scalar::Bool.into(), whole);
        let holds = function.load(value.fetched.variable);
        build::convert(function, holds, Scalar::I32)
    };
    value.reads = read.into_iter().map(|var| Place::var(var).into()).collect();
    value.needs.push(Requirement {
        kind: HOST_ONLY,
        condition,
        otherwise: "a branch that only the host can run, by a condition that is no comparison of sums of integers,",
    });
    Some(value)
}
