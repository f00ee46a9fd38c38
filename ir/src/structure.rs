//! The structure of statements, expressions and types: what they consist of, and whether two are the same.

mod same;
mod words;

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection};
use crate::function::{Function, Var};
use crate::stmt::{Block, Stmt};
use crate::types::{Extent, Type};

pub use same::{is_same_expr, is_same_place, is_same_type};
pub use words::Words;

/// How deep expressions may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_EXPRESSION_DEPTH: usize = 200;

/// How deep blocks may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_BLOCK_DEPTH: usize = 128;

/// How deep types may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_TYPE_DEPTH: usize = 32;

/// How many nodes an expression may have, counted as a tree; the verifier refuses larger ones.
pub const MAX_EXPRESSION_NODES: usize = 100_000;

/// Returns the expressions that an expression is made of, without those inside types.
pub fn operands(kind: &ExprKind) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    each_operand(kind, &mut |operand| found.push(operand));
    found
}

/// Calls `see` for what [`operands`] returns, in the same order, without allocating.
pub fn each_operand(kind: &ExprKind, see: &mut dyn FnMut(Handle<Expr>)) {
    match kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
        ExprKind::Load(place) | ExprKind::Address(place) => indices(place).for_each(see),
        ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => see(*operand),
        ExprKind::Binary(_, left, right) => [*left, *right].into_iter().for_each(see),
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => [*condition, *then, *otherwise].into_iter().for_each(see),
        ExprKind::Call(_, arguments) => arguments.iter().copied().for_each(see),
    }
}

/// Calls `change` for what [`operands`] returns, in the same order.
pub fn each_operand_mut(kind: &mut ExprKind, change: &mut dyn FnMut(&mut Handle<Expr>)) {
    match kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
        ExprKind::Load(place) | ExprKind::Address(place) => indices_mut(place).for_each(change),
        ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => change(operand),
        ExprKind::Binary(_, left, right) => [left, right].into_iter().for_each(change),
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => [condition, then, otherwise].into_iter().for_each(change),
        ExprKind::Call(_, arguments) => arguments.iter_mut().for_each(change),
    }
}

/// Calls `see` for an expression and everything below it, operands before operators.
pub fn visit(function: &Function, expr: Handle<Expr>, see: &mut dyn FnMut(Handle<Expr>, &Expr)) {
    let node = &function.exprs[expr];
    each_operand(&node.kind, &mut |operand| visit(function, operand, see));
    see(expr, node);
}

/// Returns the conditions of which all must hold for a condition to hold, in their order.
pub fn conjuncts(function: &Function, condition: Handle<Expr>) -> Vec<Handle<Expr>> {
    if let ExprKind::Binary(BinaryOp::And, a, b) = function.exprs[condition].kind {
        let mut all = conjuncts(function, a);
        all.extend(conjuncts(function, b));
        all
    } else {
        vec![condition]
    }
}

/// Returns whether evaluating an expression calls a function.
pub fn calls(function: &Function, expr: Handle<Expr>) -> bool {
    let mut found = false;
    visit(function, expr, &mut |_, node| {
        found |= matches!(node.kind, ExprKind::Call(..));
    });
    found
}

/// Returns the variables whose values an expression reads, subscripted ones included, by handle.
pub fn variables(function: &Function, expr: Handle<Expr>) -> Vec<Handle<Var>> {
    let mut found = Vec::new();
    visit(function, expr, &mut |_, expr| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind {
            found.push(place.var);
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns what the statements of a block declare.
pub fn declarations(block: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    each(block, &mut |stmt| match stmt {
        Stmt::Declare(var, _) | Stmt::Let(var, _) => {
            found.insert(*var);
        }
        Stmt::For(each) if each.declares_iterator => {
            found.insert(each.iterator);
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    found
}

/// Returns the subscripts in the path of a place.
pub fn indices(place: &Place) -> impl Iterator<Item = Handle<Expr>> + '_ {
    place.path.iter().filter_map(|step| match step {
        Projection::Index(index) => Some(*index),
        Projection::Field(_) => None,
    })
}

/// Returns the blocks directly inside a statement.
///
/// Nothing is allocated: walks over whole regions are what rewrites take their time for.
pub fn blocks(stmt: &Stmt) -> impl Iterator<Item = &Block> {
    let blocks = match stmt {
        Stmt::For(each) => [Some(&each.body), None, None],
        Stmt::If(branch) => [Some(&branch.then), Some(&branch.otherwise), None],
        Stmt::While(each) => [
            Some(&each.before_test),
            Some(&each.body),
            Some(&each.after_body),
        ],
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => [None; 3],
    };
    blocks.into_iter().flatten()
}

/// Returns the blocks directly inside a statement, for change.
pub fn blocks_mut(stmt: &mut Stmt) -> impl Iterator<Item = &mut Block> {
    let blocks = match stmt {
        Stmt::For(each) => [Some(&mut each.body), None, None],
        Stmt::If(branch) => [Some(&mut branch.then), Some(&mut branch.otherwise), None],
        Stmt::While(each) => [
            Some(&mut each.before_test),
            Some(&mut each.body),
            Some(&mut each.after_body),
        ],
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => [None, None, None],
    };
    blocks.into_iter().flatten()
}

/// Calls `see` for every statement, each before those inside it.
pub fn each<'a>(statements: &'a [Stmt], see: &mut dyn FnMut(&'a Stmt)) {
    for stmt in statements {
        see(stmt);
        for block in blocks(stmt) {
            each(block, see);
        }
    }
}

/// Returns what `look` finds first, among the statements and those inside them, each before those inside it.
pub fn first<'a, R>(
    statements: &'a [Stmt],
    look: &mut dyn FnMut(&'a Stmt) -> Option<R>,
) -> Option<R> {
    statements
        .iter()
        .find_map(|stmt| look(stmt).or_else(|| blocks(stmt).find_map(|block| first(block, look))))
}

/// Returns whether blocks or threads run some loop.
pub fn has_mapped(statements: &[Stmt]) -> bool {
    let mut found = false;
    each(statements, &mut |stmt| {
        found |= matches!(stmt, Stmt::For(each) if each.mapping.is_parallel());
    });
    found
}

/// Returns the expressions that a statement evaluates itself, without those of the blocks inside it.
pub fn expressions(stmt: &Stmt) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    each_expression(stmt, &mut |expr| found.push(expr));
    found
}

/// Calls `see` for what [`expressions`] returns, in the same order, without allocating.
pub fn each_expression(stmt: &Stmt, see: &mut dyn FnMut(Handle<Expr>)) {
    match stmt {
        Stmt::Compute(compute) => {
            indices(&compute.target).for_each(&mut *see);
            see(compute.value);
        }
        Stmt::For(each) => {
            see(each.start);
            see(each.end);
        }
        Stmt::Let(_, value) => see(*value),
        Stmt::If(branch) => see(branch.condition),
        Stmt::While(each) => see(each.condition),
        Stmt::Call(call) => {
            let subscripts = call.target.iter().flat_map(indices);
            subscripts
                .chain(call.arguments.iter().copied())
                .for_each(see);
        }
        Stmt::Return(value, _) => value.iter().copied().for_each(see),
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    }
}

/// Returns the expressions that a statement evaluates itself, for change; in the order of [`expressions`].
pub fn expressions_mut(stmt: &mut Stmt) -> Vec<&mut Handle<Expr>> {
    match stmt {
        Stmt::Compute(compute) => indices_mut(&mut compute.target)
            .chain([&mut compute.value])
            .collect(),
        Stmt::Let(_, value) => vec![value],
        Stmt::For(each) => vec![&mut each.start, &mut each.end],
        Stmt::If(branch) => vec![&mut branch.condition],
        Stmt::While(each) => vec![&mut each.condition],
        Stmt::Call(call) => call
            .target
            .iter_mut()
            .flat_map(indices_mut)
            .chain(call.arguments.iter_mut())
            .collect(),
        Stmt::Return(value, _) => value.iter_mut().collect(),
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

/// Returns the subscripts in the path of a place, for change.
pub(crate) fn indices_mut(place: &mut Place) -> impl Iterator<Item = &mut Handle<Expr>> {
    place.path.iter_mut().filter_map(|step| match step {
        Projection::Index(index) => Some(index),
        Projection::Field(_) => None,
    })
}

/// Returns the expressions that give a type its variable extents, outermost first.
pub fn extents(ty: &Type) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    let mut rest = Some(ty);
    while let Some(ty) = rest {
        if let Type::Array {
            length: Extent::Variable(length),
            ..
        } = ty
        {
            found.push(*length);
        }
        rest = ty.element();
    }
    found
}

/// Returns how many levels of pointers and arrays a type has.
pub fn type_depth(ty: &Type) -> usize {
    std::iter::successors(Some(ty), |ty| ty.element()).count()
}
