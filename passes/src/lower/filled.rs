//! Registers of a tile start as constants without conditions.
//!
//! What a tile has beyond the last iteration is named nowhere without a condition, so it is all the same what such elements
//! hold; a fill that asks nothing is shorter to read and to run.

use std::collections::BTreeSet;

use mupac_ir::{
    Block, Compute, Expr, ExprKind, Extent, Function, Handle, Loop, LoopName, Mapping, Projection,
    Space, Stmt, Type,
};

use super::whole::with_body;
use crate::{build, region, trip};

/// Takes the conditions off loops that do nothing but give elements of a thread's own array a constant, before anything else
/// names it; returns whether there was one.
///
/// Loops that blocks and threads share out are all that is around such a loop, so a thread comes to it once, and nobody
/// knows what the elements held before.
pub(crate) fn filled(
    function: &Function,
    statements: &mut [Stmt],
    inside: &BTreeSet<&LoopName>,
) -> bool {
    let mut once = Vec::new();
    run_once(statements, inside, &mut once);
    let fills = once.into_iter().filter_map(|each| {
        let mut fill = Fill::default();
        let filled = fill.without_conditions(function, each)?;
        let is_fill =
            fill.has_condition && fill.is_harmless(function) && fill.is_first(function, statements);
        is_fill.then_some(filled)
    });
    let fills: Vec<Loop> = fills.collect();
    let mut is_changed = false;
    for fill in fills {
        // A name that another loop has as well is none to find it by.
        let loops = region::loops(statements).into_iter();
        let is_only = loops.filter(|each| each.name == fill.name).count() == 1;
        if let Some(each) = region::find_mut(statements, &fill.name).filter(|_| is_only) {
            *each = fill;
            is_changed = true;
        }
    }
    is_changed
}

/// Finds the outermost loops of a thread that no other loop repeats.
fn run_once<'a>(statements: &'a [Stmt], inside: &BTreeSet<&LoopName>, found: &mut Vec<&'a Loop>) {
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            if inside.contains(&each.name) {
                found.push(each);
            } else if each.mapping.is_parallel() {
                run_once(&each.body, inside, found);
            }
        } else if let Stmt::If(branch) = stmt {
            run_once(&branch.then, inside, found);
            run_once(&branch.otherwise, inside, found);
        }
    }
}

/// What a loop does, as far as it has been looked through.
#[derive(Default)]
struct Fill<'a> {
    counters: Vec<&'a Loop>,
    has_condition: bool,
    compute: Option<&'a Compute>,
}

impl<'a> Fill<'a> {
    /// Returns a loop without conditions and names; `None` where it does anything but one assignment.
    fn without_conditions(&mut self, function: &Function, each: &'a Loop) -> Option<Loop> {
        self.counters.push(each);
        let is_of_one_thread = matches!(each.mapping, Mapping::Sequential | Mapping::Unroll(_));
        let is_constant = build::constant(function, each.start).is_some()
            && trip::constant(function, each).is_some();
        (is_of_one_thread && is_constant).then_some(())?;
        let body = self.block_without(function, &each.body)?;
        Some(with_body(each, body))
    }

    fn block_without(&mut self, function: &Function, block: &'a [Stmt]) -> Option<Block> {
        let mut made = Block::new();
        for stmt in block {
            match stmt {
                Stmt::Let(..) => {}
                Stmt::For(each) => {
                    made.push(Stmt::For(self.without_conditions(function, each)?));
                }
                Stmt::If(branch) if branch.otherwise.is_empty() => {
                    self.has_condition = true;
                    made.extend(self.block_without(function, &branch.then)?);
                }
                Stmt::Compute(compute) if self.compute.is_none() => {
                    self.compute = Some(compute);
                    made.push(stmt.clone());
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => return None,
            }
        }
        Some(made)
    }

    /// Returns whether the assignment gives a constant to an element that the thread has, whatever the iteration.
    fn is_harmless(&self, function: &Function) -> bool {
        let Some(compute) = self.compute else {
            return false;
        };
        let var = &function.vars[compute.target.var];
        let mut ty = &var.ty;
        for step in &compute.target.path {
            let (Projection::Index(subscript), Type::Array { of, length }) = (step, ty) else {
                return false;
            };
            if !self.is_below(function, *subscript, length) {
                return false;
            }
            ty = of;
        }
        var.space == Space::Register && is_constant(function, compute.value)
    }

    /// Returns whether a subscript is a counter that stays within an array.
    fn is_below(&self, function: &Function, subscript: Handle<Expr>, length: &Extent) -> bool {
        let Extent::Fixed(length) = length else {
            return false;
        };
        let read = build::read(function, subscript);
        let mut counters = self.counters.iter();
        let counter = counters.find(|each| read == Some(each.iterator));
        counter.is_some_and(|each| {
            let is_from_zero = build::constant(function, each.start) == Some(0) && each.step == 1;
            let count = trip::constant(function, each);
            is_from_zero && count.is_some_and(|count| count <= i128::from(*length))
        })
    }

    /// Returns whether nothing before the assignment names its array.
    fn is_first(&self, function: &Function, statements: &[Stmt]) -> bool {
        let Some(own) = self.compute else {
            return false;
        };
        let first = region::first(statements, &mut |stmt| {
            region::names_itself(function, stmt, own.target.var).then_some(stmt)
        });
        matches!(first, Some(Stmt::Compute(first)) if std::ptr::eq(first, own))
    }
}

fn is_constant(function: &Function, value: Handle<Expr>) -> bool {
    match function.exprs[value].kind {
        ExprKind::Int(_) | ExprKind::Float(_) => true,
        ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => is_constant(function, inner),
        ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}
