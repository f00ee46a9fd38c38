//! Puts the values of calls back where the calls stood: `t = f(x); y = t + 1` becomes `y = f(x) + 1`.
//!
//! The front end keeps the result of each call in a variable of its own, since calls are statements; a value needs none.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::extents;
use mupac_ir::{
    Block, Expr, ExprKind, Function, Handle, Place, Projection, Stmt, StmtId, Storage, Var,
};

use crate::normalise::open_block;
use crate::{build, region};

/// How often variables are read and assigned in a function.
#[derive(Default)]
pub(super) struct Counts {
    reads: BTreeMap<Handle<Var>, usize>,
    writes: BTreeMap<Handle<Var>, usize>,
}

impl Counts {
    pub(super) fn of(function: &Function) -> Self {
        let mut counts = Self::default();
        region::each(&function.body, &mut |stmt| {
            for expr in region::expressions(stmt) {
                counts.reads(function, expr);
            }
            if let Some(place) = region::target(stmt) {
                *counts.writes.entry(place.var).or_default() += 1;
            }
        });
        for (_, var) in function.vars.iter() {
            for extent in extents(&var.ty) {
                counts.reads(function, extent);
            }
        }
        counts
    }

    fn reads(&mut self, function: &Function, expr: Handle<Expr>) {
        build::visit(function, expr, &mut |_, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                *self.reads.entry(place.var).or_default() += 1;
            }
        });
    }

    fn is_once(&self, var: Handle<Var>) -> bool {
        self.reads.get(&var) == Some(&1) && self.writes.get(&var) == Some(&1)
    }
}

/// Removes the variables that `made` statements assign, where one later statement reads them once; `counts` are those
/// of the whole function.
pub(super) fn fold(
    function: &mut Function,
    statements: &mut Block,
    made: &BTreeSet<StmtId>,
    counts: &Counts,
) {
    for stmt in statements.iter_mut() {
        for inner in region::blocks_mut(stmt) {
            fold(function, inner, made, counts);
        }
    }
    let mut gone = BTreeSet::new();
    for at in 0..statements.len() {
        if let Some(var) = folded(function, statements, at, made, counts) {
            gone.insert(var);
        }
    }
    statements.retain(|stmt| match stmt {
        Stmt::Declare(var, _) => !gone.contains(var),
        Stmt::Compute(compute) => !gone.contains(&compute.target.var),
        Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => true,
    });
    open_block(function, statements);
}

/// Writes the value that the statement at `at` keeps where it is read, if nothing happens between; returns the variable.
fn folded(
    function: &mut Function,
    statements: &mut Block,
    at: usize,
    made: &BTreeSet<StmtId>,
    counts: &Counts,
) -> Option<Handle<Var>> {
    let Stmt::Compute(compute) = &statements[at] else {
        return None;
    };
    let var = compute.target.var;
    let own = &function.vars[var];
    let is_temporary = own.spelling.is_empty()
        && own.storage == Storage::Local
        && compute.target.path.is_empty()
        && own.is_plain_local();
    let is_declared_here =
        |stmt: &Stmt| matches!(stmt, Stmt::Declare(declared, _) if *declared == var);
    if !is_temporary
        || !made.contains(&compute.id)
        || !counts.is_once(var)
        || !statements[..at].iter().any(is_declared_here)
    {
        return None;
    }
    let value = compute.value;
    let named = build::variables(function, value);
    let reader = (at + 1..statements.len()).find(|position| {
        let stmt = &statements[*position];
        let changes = region::target(stmt).is_some_and(|place| named.contains(&place.var));
        !is_quiet(function, stmt) || changes || read(function, stmt, var).is_some()
    })?;
    read(function, &statements[reader], var)?;
    evaluate_instead(&mut statements[reader], &mut |evaluated| {
        build::replaced(function, evaluated, &mut |_, node| {
            (node.kind == ExprKind::Load(Place::var(var))).then_some(value)
        })
    });
    Some(var)
}

/// Returns whether a statement changes nothing that a value may depend on: it declares, or assigns a temporary.
fn is_quiet(function: &Function, stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Declare(..) => true,
        Stmt::Compute(compute) => {
            let var = &function.vars[compute.target.var];
            compute.target.path.is_empty() && var.spelling.is_empty() && var.is_plain_local()
        }
        Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}

/// Returns the read of a variable among the expressions that a statement evaluates first, and once.
fn read(function: &Function, stmt: &Stmt, var: Handle<Var>) -> Option<Handle<Expr>> {
    let mut found = None;
    for expr in evaluated_first(stmt) {
        build::visit(function, expr, &mut |handle, node| {
            if node.kind == ExprKind::Load(Place::var(var)) {
                found = Some(handle);
            }
        });
    }
    found
}

/// Returns the expressions that a statement evaluates once, before it does anything else.
fn evaluated_first(stmt: &Stmt) -> Vec<Handle<Expr>> {
    match stmt {
        Stmt::For(each) => vec![each.start],
        Stmt::Compute(_) | Stmt::If(_) | Stmt::Return(..) => region::expressions(stmt),
        Stmt::Call(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

/// Puts others in place of the expressions that [`evaluated_first`] returns.
fn evaluate_instead(stmt: &mut Stmt, other: &mut dyn FnMut(Handle<Expr>) -> Handle<Expr>) {
    match stmt {
        Stmt::For(each) => each.start = other(each.start),
        Stmt::If(branch) => branch.condition = other(branch.condition),
        Stmt::Return(Some(value), _) => *value = other(*value),
        Stmt::Compute(compute) => {
            for step in &mut compute.target.path {
                if let Projection::Index(index) = step {
                    *index = other(*index);
                }
            }
            compute.value = other(compute.value);
        }
        Stmt::Return(None, _)
        | Stmt::Call(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    }
}
