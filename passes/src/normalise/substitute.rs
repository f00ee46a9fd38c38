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
    replace: &mut Replace<'_>,
) -> Handle<Expr> {
    rewritten(function, expr, false, (replace, &BTreeMap::new()))
}

/// What takes the place of a read, if anything does.
pub(crate) type Replace<'r> = dyn FnMut(&mut Function, &Read) -> Option<Handle<Expr>> + 'r;

/// What takes the place of reads, and the names that variables get wherever places start from them.
type Rewriting<'a, 'r> = (&'a mut Replace<'r>, &'a Names);

type Names = BTreeMap<Handle<Var>, Handle<Var>>;

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
    (replace, names): Rewriting<'_, '_>,
) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let kind = match &node.kind {
        ExprKind::Load(place) => {
            let place = subscripted(function, place, (replace, names));
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
        ExprKind::Address(place) => {
            ExprKind::Address(subscripted(function, place, (replace, names)))
        }
        ExprKind::Unary(op, a) => {
            ExprKind::Unary(*op, rewritten(function, *a, false, (replace, names)))
        }
        ExprKind::Binary(op, a, b) => {
            let a = rewritten(function, *a, false, (replace, names));
            ExprKind::Binary(*op, a, rewritten(function, *b, false, (replace, names)))
        }
        ExprKind::Cast(a) => {
            let may_widen = node.ty.scalar() == Some(Scalar::I64);
            let inner = rewritten(function, *a, may_widen, (replace, names));
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
            condition: rewritten(function, *condition, false, (replace, names)),
            then: rewritten(function, *then, false, (replace, names)),
            otherwise: rewritten(function, *otherwise, false, (replace, names)),
        },
        ExprKind::Call(name, arguments) => {
            let arguments = arguments
                .iter()
                .map(|argument| rewritten(function, *argument, false, (&mut *replace, names)))
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
    (replace, names): Rewriting<'_, '_>,
) -> Place {
    let path = place
        .path
        .iter()
        .map(|step| match step {
            Projection::Index(index) => {
                Projection::Index(rewritten(function, *index, true, (&mut *replace, names)))
            }
            Projection::Field(_) => *step,
        })
        .collect();
    let var = names.get(&place.var).copied().unwrap_or(place.var);
    Place { var, path }
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
pub(crate) fn in_statement(function: &mut Function, stmt: &mut Stmt, replace: &mut Replace<'_>) {
    rewrite(function, stmt, (replace, &Names::new()));
}

fn rewrite(function: &mut Function, stmt: &mut Stmt, (replace, names): Rewriting<'_, '_>) {
    let mut change = |value: &mut Handle<Expr>| {
        *value = rewritten(function, *value, false, (&mut *replace, names));
    };
    match stmt {
        Stmt::Compute(compute) => {
            change(&mut compute.value);
            compute.target = subscripted(function, &compute.target, (replace, names));
        }
        Stmt::Let(_, value) => change(value),
        Stmt::For(each) => {
            change(&mut each.start);
            change(&mut each.end);
        }
        Stmt::If(branch) => change(&mut branch.condition),
        Stmt::While(each) => change(&mut each.condition),
        Stmt::Return(value, _) => value.iter_mut().for_each(change),
        Stmt::Call(call) => {
            call.arguments.iter_mut().for_each(change);
            if let Some(target) = &mut call.target {
                *target = subscripted(function, target, (replace, names));
            }
        }
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    }
}

/// Gives variables other names, wherever statements read, assign, count with or declare them.
pub(crate) fn rename(function: &mut Function, statements: &mut [Stmt], names: &Names) {
    let new = |var: Handle<Var>| names.get(&var).copied().unwrap_or(var);
    for stmt in statements {
        rewrite(function, stmt, (&mut |_, _| None, names));
        match stmt {
            Stmt::Declare(var, _) | Stmt::Let(var, _) => *var = new(*var),
            Stmt::For(each) => each.iterator = new(each.iterator),
            Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::If(_)
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
