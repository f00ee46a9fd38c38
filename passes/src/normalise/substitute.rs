//! Puts expressions in the place of reads.

use std::collections::BTreeMap;

use mupac_ir::builtin::Builtin;
use mupac_ir::{Expr, ExprKind, Function, Handle, Place, Projection, Scalar, Stmt, Var};

use crate::build;
use crate::region;

/// Returns an expression in which `replace` has had its way with every node that reads a place, operands first; the
/// same handle where it changed nothing.
///
/// `replace` sees the read with its subscripts rewritten, and the type that a conversion right around it gives it.
pub(crate) fn reads(
    function: &mut Function,
    expr: Handle<Expr>,
    replace: &mut dyn FnMut(&mut Function, &Read) -> Option<Handle<Expr>>,
) -> Handle<Expr> {
    rewritten(function, expr, false, replace)
}

/// A read as [`reads`] shows it.
pub(crate) struct Read {
    /// What is read.
    pub(crate) place: Place,
    /// The expression of the program that reads it.
    pub(crate) expr: Handle<Expr>,
    /// Whether a value of 64 bits may stand for it: it is a subscript, or converted to such a value at once.
    pub(crate) may_widen: bool,
}

fn rewritten(
    function: &mut Function,
    expr: Handle<Expr>,
    may_widen: bool,
    replace: &mut dyn FnMut(&mut Function, &Read) -> Option<Handle<Expr>>,
) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let kind = match &node.kind {
        ExprKind::Load(place) => {
            let place = subscripted(function, place, replace);
            let read = Read {
                place: place.clone(),
                expr,
                may_widen,
            };
            if let Some(value) = replace(function, &read) {
                return value;
            }
            ExprKind::Load(place)
        }
        ExprKind::Address(place) => ExprKind::Address(subscripted(function, place, replace)),
        ExprKind::Unary(op, a) => ExprKind::Unary(*op, rewritten(function, *a, false, replace)),
        ExprKind::Binary(op, a, b) => {
            let a = rewritten(function, *a, false, replace);
            ExprKind::Binary(*op, a, rewritten(function, *b, false, replace))
        }
        ExprKind::Cast(a) => {
            let may_widen = node.ty.scalar() == Some(Scalar::I64);
            let inner = rewritten(function, *a, may_widen, replace);
            if inner != *a && function.exprs[inner].ty == node.ty {
                return inner;
            }
            ExprKind::Cast(inner)
        }
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => ExprKind::Select {
            condition: rewritten(function, *condition, false, replace),
            then: rewritten(function, *then, false, replace),
            otherwise: rewritten(function, *otherwise, false, replace),
        },
        ExprKind::Call(name, arguments) => {
            let arguments = arguments
                .iter()
                .map(|argument| rewritten(function, *argument, false, replace))
                .collect();
            ExprKind::Call(name.clone(), arguments)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return expr,
    };
    if kind == node.kind {
        return expr;
    }
    function.exprs.push(Expr { kind, ..node })
}

fn subscripted(
    function: &mut Function,
    place: &Place,
    replace: &mut dyn FnMut(&mut Function, &Read) -> Option<Handle<Expr>>,
) -> Place {
    let path = place
        .path
        .iter()
        .map(|step| match step {
            Projection::Index(index) => {
                Projection::Index(rewritten(function, *index, true, replace))
            }
            Projection::Field(_) => *step,
        })
        .collect();
    Place {
        var: place.var,
        path,
    }
}

/// Returns whether a value is computed by operations that are all known, so that it may be computed elsewhere.
pub(super) fn is_computed(function: &Function, value: Handle<Expr>) -> bool {
    let mut is_known = true;
    build::visit(function, value, &mut |_, node| {
        is_known &= match &node.kind {
            ExprKind::Call(name, _) => Builtin::find(name).is_some(),
            ExprKind::Address(_) | ExprKind::Text(_) => false,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => true,
        };
    });
    is_known
}

/// Rewrites the expressions that a statement evaluates itself, as [`reads`] does.
pub(crate) fn in_statement(
    function: &mut Function,
    stmt: &mut Stmt,
    replace: &mut dyn FnMut(&mut Function, &Read) -> Option<Handle<Expr>>,
) {
    match stmt {
        Stmt::Compute(compute) => {
            compute.target = subscripted(function, &compute.target, replace);
            compute.value = reads(function, compute.value, replace);
        }
        Stmt::Let(_, value) => *value = reads(function, *value, replace),
        Stmt::For(each) => {
            each.start = reads(function, each.start, replace);
            each.end = reads(function, each.end, replace);
        }
        Stmt::If(branch) => branch.condition = reads(function, branch.condition, replace),
        Stmt::While(each) => each.condition = reads(function, each.condition, replace),
        Stmt::Return(value, _) => *value = value.map(|value| reads(function, value, replace)),
        Stmt::Call(call) => {
            for argument in &mut call.arguments {
                *argument = reads(function, *argument, replace);
            }
            let target = call.target.as_ref();
            call.target = target.map(|target| subscripted(function, target, replace));
        }
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    }
}

/// Gives variables other names, wherever statements read, assign, count with or declare them.
pub(crate) fn rename(
    function: &mut Function,
    statements: &mut [Stmt],
    names: &BTreeMap<Handle<Var>, Handle<Var>>,
) {
    let new = |var: Handle<Var>| names.get(&var).copied().unwrap_or(var);
    for stmt in statements {
        in_statement(function, stmt, &mut |function, read| {
            let var = *names.get(&read.place.var)?;
            let node = function.exprs[read.expr].clone();
            let place = Place {
                var,
                path: read.place.path.clone(),
            };
            Some(function.exprs.push(Expr {
                kind: ExprKind::Load(place),
                ..node
            }))
        });
        match stmt {
            Stmt::Compute(compute) => compute.target.var = new(compute.target.var),
            Stmt::Declare(var, _) | Stmt::Let(var, _) => *var = new(*var),
            Stmt::For(each) => each.iterator = new(each.iterator),
            Stmt::Call(call) => {
                if let Some(target) = &mut call.target {
                    target.var = new(target.var);
                }
            }
            Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        for block in region::blocks_mut(stmt) {
            rename(function, block, names);
        }
    }
}

/// Returns whether an expression names a variable.
pub(super) fn names(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    build::variables(function, expr).contains(&var)
}
