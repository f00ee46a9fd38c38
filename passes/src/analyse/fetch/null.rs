//! Tests of whether a pointer is null (`bias != NULL`), as variables: what a caller leaves out is left out in every
//! iteration alike.

use std::collections::BTreeSet;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Type, UnaryOp, Var,
};

use super::rows::all;
use super::{InMemory, fetched};
use crate::analyse::names::changed;
use crate::analyse::pointers::Requirement;
use crate::{build, region};

/// Returns the pointers that statements test and do not change.
pub(super) fn tested(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let changed = changed(function, statements);
    let is_kept =
        |var: &Handle<Var>| !changed.contains(var) && function.vars[*var].is_plain_local();
    let found = compared(function, statements);
    found.into_iter().filter(is_kept).collect()
}

/// Returns the pointers that statements compare with null.
pub(in crate::analyse) fn compared(
    function: &Function,
    statements: &[Stmt],
) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::If(branch) = stmt {
            found.extend(pointer(function, branch.condition));
        }
        for expr in region::expressions(stmt) {
            build::visit(
                function,
                expr,
                &mut |_, node| match Test::of(function, node) {
                    Some(Test::Compared { pointer, .. }) => {
                        found.insert(pointer);
                    }
                    Some(Test::Operands) => {
                        let operands = conditions(&node.kind).into_iter().flatten();
                        found.extend(operands.filter_map(|operand| pointer(function, operand)));
                    }
                    None => {}
                },
            );
        }
    });
    found
}

/// Puts a variable in the place of every test of these pointers, which may be variables for values in memory.
pub(super) fn replace(
    function: &mut Function,
    statements: &mut [Stmt],
    (pointers, known): (&BTreeSet<Handle<Var>>, &[InMemory]),
) -> Vec<InMemory> {
    let values: Vec<InMemory> = pointers
        .iter()
        .map(|pointer| {
            let mut known = known.iter();
            let read = known.find(|each| each.fetched.variable == *pointer);
            is_there(function, *pointer, read.map_or(&[], |each| &each.needs))
        })
        .collect();
    in_block(function, statements, &values);
    values
}

/// Returns whether a pointer is not null, with a variable of its own; not where it cannot be read.
fn is_there(function: &mut Function, pointer: Handle<Var>, needs: &[Requirement]) -> InMemory {
    let ty = function.vars[pointer].ty.clone();
    let zero = build::int(function, 0, Scalar::I32);
    let mut null = Expr::new(ExprKind::Cast(zero), ty);
    null.spelling = Some("nullptr".to_owned());
    let null = function.exprs.push(null);
    let value = function.load(pointer);
    let kind = ExprKind::Binary(BinaryOp::NotEqual, value, null);
    let mut value = function.expr(kind, Scalar::I32);
    if let Some(readable) = all(function, needs) {
        let kind = ExprKind::Binary(BinaryOp::And, readable, value);
        value = function.expr(kind, Scalar::I32);
    }
    let name = format!("has.{}", function.vars[pointer].name);
    InMemory {
        fetched: fetched(function, &name, Scalar::Bool.into(), value),
        root: pointer,
        reads: vec![Place::var(pointer).into()],
        pointers: 0,
        needs: needs.to_vec(),
        is_joined: false,
        among: Vec::new(),
        length_of: None,
        member: Vec::new(),
        greatest_of: None,
        is_kept: false,
    }
}

fn in_block(function: &mut Function, statements: &mut [Stmt], values: &[InMemory]) {
    for stmt in statements {
        if let Stmt::If(branch) = stmt {
            branch.condition = condition(function, branch.condition, values);
        }
        for expr in mupac_ir::structure::expressions_mut(stmt) {
            *expr = rewritten(function, *expr, values);
        }
        for block in region::blocks_mut(stmt) {
            in_block(function, block, values);
        }
    }
}

/// Returns an expression without tests of the pointers.
fn rewritten(function: &mut Function, expr: Handle<Expr>, values: &[InMemory]) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        match Test::of(function, node)? {
            Test::Compared { pointer, is_equal } => {
                let there = known(function, pointer, values)?;
                Some(if is_equal {
                    build::opposite(function, there)
                } else {
                    there
                })
            }
            Test::Operands => {
                let conditions = conditions(&node.kind);
                let old = build::operands(&node.kind);
                let mut new = Vec::new();
                for (at, operand) in old.iter().enumerate() {
                    let is_condition = conditions.get(at).is_some_and(Option::is_some);
                    new.push(if is_condition {
                        condition(function, *operand, values)
                    } else {
                        *operand
                    });
                }
                // Without a change there is nothing to replace here; with one, operands are still to be looked at.
                (old != new).then(|| {
                    let kind = build::with_operands(&node.kind, &new);
                    let expr = function.exprs.push(Expr {
                        kind,
                        ..node.clone()
                    });
                    rewritten(function, expr, values)
                })
            }
        }
    })
}

/// Returns the variable of a pointer that stands where a truth value does; any other condition as it is.
fn condition(function: &mut Function, expr: Handle<Expr>, values: &[InMemory]) -> Handle<Expr> {
    let there = pointer(function, expr).and_then(|pointer| known(function, pointer, values));
    there.unwrap_or(expr)
}

fn known(
    function: &mut Function,
    pointer: Handle<Var>,
    values: &[InMemory],
) -> Option<Handle<Expr>> {
    let value = values.iter().find(|each| each.root == pointer)?;
    let truth = function.load(value.fetched.variable);
    Some(function.expr(ExprKind::Cast(truth), Scalar::I32))
}

/// How an expression tests pointers.
enum Test {
    /// It compares one with null.
    Compared {
        pointer: Handle<Var>,
        is_equal: bool,
    },
    /// Some of its operands are truth values, which may be pointers.
    Operands,
}

impl Test {
    fn of(function: &Function, node: &Expr) -> Option<Self> {
        if conditions(&node.kind).iter().any(Option::is_some) {
            return Some(Self::Operands);
        }
        let ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b) = node.kind else {
            return None;
        };
        let other = if is_null(function, b) {
            a
        } else if is_null(function, a) {
            b
        } else {
            return None;
        };
        Some(Self::Compared {
            pointer: pointer(function, other)?,
            is_equal: op == BinaryOp::Equal,
        })
    }
}

/// Returns, for each operand, the operand itself where it is only compared with zero.
fn conditions(kind: &ExprKind) -> Vec<Option<Handle<Expr>>> {
    match kind {
        ExprKind::Unary(UnaryOp::Not, a) => vec![Some(*a)],
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, b) => vec![Some(*a), Some(*b)],
        ExprKind::Select { condition, .. } => vec![Some(*condition), None, None],
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => Vec::new(),
    }
}

/// Returns the variable that a value is, where it is a pointer; conversions between pointers keep what is null.
fn pointer(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    let node = &function.exprs[expr];
    let is_pointer = matches!(node.ty, Type::Pointer { .. });
    if let ExprKind::Cast(inner) = node.kind {
        return pointer(function, inner).filter(|_| is_pointer);
    }
    build::loaded(function, expr).filter(|_| is_pointer)
}

/// Returns whether a value is the null pointer.
pub(crate) fn is_null(function: &Function, expr: Handle<Expr>) -> bool {
    let node = &function.exprs[expr];
    if let ExprKind::Cast(inner) = node.kind {
        return is_null(function, inner);
    }
    node.kind == ExprKind::Int(0)
}
