//! What some statements need of those around them: a backward slice, in which every other statement is left out.
//!
//! **Source**: Weiser, “Program Slicing”, IEEE Transactions on Software Engineering 10(4), 1984.

use std::collections::BTreeSet;

use mupac_ir::structure::{blocks, blocks_mut, each, each_expression, indices, variables};
use mupac_ir::{Block, Compute, ExprKind, Function, Handle, Stmt, StmtId, Type, Var};

use crate::region;

/// Returns statements without those that certain assignments do not need; `None` where that cannot be told.
///
/// What the statements have for themselves, in variables that they declare and in `private` ones, is computed again; arrays are as
/// they lie in memory. What `apart` holds the assignments alone change.
pub(crate) fn needed(
    function: &Function,
    statements: &[Stmt],
    seeds: &BTreeSet<StmtId>,
    (apart, private): (&Vars, &Vars),
) -> Option<Block> {
    let own = &(&own(function, statements)? | private) - apart;
    let mut slice = Slice {
        function,
        seeds,
        own,
        needed: Vars::new(),
    };
    loop {
        let known = slice.needed.len();
        for stmt in statements {
            slice.see(stmt);
        }
        if slice.needed.len() == known {
            break;
        }
    }
    let mut kept_apart = slice.needed.iter().filter(|var| !slice.own.contains(var));
    let changed = set(function, statements);
    let is_lost = kept_apart.any(|var| !apart.contains(var) && changed.contains(var));
    (!is_lost).then(|| slice.kept(statements))
}

/// Returns the variables that statements set, and not only elements of arrays.
fn set(function: &Function, statements: &[Stmt]) -> Vars {
    let mut found = Vars::new();
    each(statements, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            let ty = &function.vars[place.var].ty;
            let is_element = matches!(ty, Type::Array { .. } | Type::Pointer { .. });
            if place.path.is_empty() || !is_element {
                found.insert(place.var);
            }
        }
    });
    found
}

type Vars = BTreeSet<Handle<Var>>;

/// Returns the variables that statements have for themselves; `None` where they jump, or do what is not modelled.
fn own(function: &Function, statements: &[Stmt]) -> Option<Vars> {
    let (mut own, mut is_modelled) = (Vars::new(), true);
    each(statements, &mut |stmt| match stmt {
        Stmt::Declare(var, _) | Stmt::Let(var, _) => {
            own.insert(*var);
        }
        Stmt::For(each) => {
            own.insert(each.iterator);
        }
        Stmt::Compute(compute) => {
            let var = &function.vars[compute.target.var];
            if matches!(var.ty, Type::Scalar(_)) && var.is_plain_local() {
                own.insert(compute.target.var);
            }
        }
        Stmt::Call(call) => {
            let names = |kind: &ExprKind| matches!(kind, ExprKind::Address(_));
            let mut arguments = call.arguments.iter();
            is_modelled &=
                call.target.is_none() || !arguments.any(|each| names(&function.exprs[*each].kind));
        }
        Stmt::If(_) | Stmt::While(_) => {}
        Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => is_modelled = false,
    });
    is_modelled.then_some(own)
}

struct Slice<'a> {
    function: &'a Function,
    seeds: &'a BTreeSet<StmtId>,
    own: Vars,
    needed: Vars,
}

impl Slice<'_> {
    fn is_kept(&self, compute: &Compute) -> bool {
        self.seeds.contains(&compute.id) || self.is_needed(compute.target.var)
    }

    fn is_needed(&self, var: Handle<Var>) -> bool {
        self.own.contains(&var) && self.needed.contains(&var)
    }

    /// Notes what a statement needs if it is kept; returns whether it is, for more than a name.
    fn see(&mut self, stmt: &Stmt) -> bool {
        let mut is_kept = match stmt {
            Stmt::Compute(compute) => self.is_kept(compute),
            Stmt::Call(call) => {
                let target = call.target.as_ref();
                target.is_some_and(|target| self.is_needed(target.var))
            }
            Stmt::Let(var, _) => self.is_needed(*var),
            Stmt::Declare(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        };
        for block in blocks(stmt) {
            for inner in block {
                is_kept |= self.see(inner);
            }
        }
        if is_kept {
            let mut named = Vec::new();
            each_expression(stmt, &mut |expr| named.push(expr));
            if let Stmt::Compute(compute) = stmt {
                named.extend(indices(&compute.target));
            }
            for expr in named {
                self.needed.extend(variables(self.function, expr));
            }
        }
        is_kept && !matches!(stmt, Stmt::Let(..))
    }

    fn kept(&self, statements: &[Stmt]) -> Block {
        let kept = statements.iter().filter_map(|stmt| {
            let mut stmt = stmt.clone();
            match &stmt {
                Stmt::Compute(compute) => self.is_kept(compute).then_some(stmt),
                Stmt::Call(call) => {
                    let target = call.target.as_ref();
                    let is_kept = target.is_some_and(|target| self.is_needed(target.var));
                    is_kept.then_some(stmt)
                }
                Stmt::Declare(var, _) | Stmt::Let(var, _) => self.is_needed(*var).then_some(stmt),
                Stmt::For(_) | Stmt::If(_) | Stmt::While(_) => {
                    for block in blocks_mut(&mut stmt) {
                        *block = self.kept(block);
                    }
                    let does_something = blocks(&stmt).any(|block| {
                        block
                            .iter()
                            .any(|each| !matches!(each, Stmt::Declare(..) | Stmt::Let(..)))
                    });
                    does_something.then_some(stmt)
                }
                Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => None,
            }
        });
        kept.collect()
    }
}
