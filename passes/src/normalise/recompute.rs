//! Rows of values that a loop keeps for the next one are computed where they are read: of
//! `for i { for k r1[k] = a[i-1][k] + a[i+1][k]; for k b[i][k] = r1[k-1] + r1[k+1]; }` remains
//! `for i for k b[i][k] = (a[i-1][k-1] + a[i+1][k-1]) + (a[i-1][k+1] + a[i+1][k+1]);`, where no iteration of `i` waits for the array.
//!
//! An element is the value of one assignment, which every iteration of its loop makes, computed of what nothing changes until
//! it is read, and no product, which might not be rounded as the array rounds it; each read is proved to be of an element that the loop has assigned. What the value reads of memory under one name
//! and the statements behind write under another one is apart, by the guards that the region has for the two.
//!
//! **Source**: Ragan-Kelley et al., “Halide”, PLDI 2013, 3 (inlining a producer into its consumers).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::variables;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Loop, LoopName, Place, Projection,
    Scalar, Stmt, Type, Var,
};

use super::{Normal, is_modelled, modified, substitute};
use crate::analyse::{is_live_after, may_leave};
use crate::facts::BlockStep;
use crate::sum::Sum;
use crate::{build, region};

/// Values that would read memory more often than this, over all that read them, are kept.
const MOST_READS: usize = 48;

/// Returns the form of a region in which the values of arrays are computed where loops read them, of arrays that nobody needs
/// behind it; `None` where there are none.
pub(crate) fn recompute(
    normal: &Normal,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Normal> {
    let is_known = is_modelled(region::statements(&normal.function, path, range));
    let mut own = is_known.then(|| (*normal.function).clone())?;
    let last = range.end.saturating_sub(1);
    let is_needed = |var| is_live_after(&normal.function, path, last, var);
    let mut made = normal.made.clone();
    let mut statements = region::take(&mut own, path, range);
    let known = made.blocks.len();
    while let Some(found) = find(&own, &statements, &is_needed) {
        found.block(&mut own, &mut statements);
        made.blocks.insert(found.name, found.reader);
    }
    region::put(&mut own, path, range.start, statements);
    (made.blocks.len() > known).then(|| Normal {
        function: Arc::new(own),
        made,
        ..normal.clone()
    })
}

/// A loop that does nothing but fill arrays which the statements behind it read.
struct Filling {
    name: LoopName,
    iterator: Handle<Var>,
    fills: Vec<Compute>,
    /// The first loop that reads one.
    reader: LoopName,
}

/// Returns a loop inside of another one that can go.
fn find(
    function: &Function,
    statements: &[Stmt],
    is_needed: &dyn Fn(Handle<Var>) -> bool,
) -> Option<Filling> {
    let mut found = None;
    region::each(statements, &mut |stmt| {
        for block in region::blocks(stmt) {
            for (at, inner) in block.iter().enumerate() {
                if let (Stmt::For(each), None) = (inner, &found) {
                    let rest = &block[at + 1..];
                    let place = Reading {
                        function,
                        statements,
                        rest,
                        each,
                    };
                    found = place.filling(is_needed);
                }
            }
        }
    });
    found
}

/// A loop and the statements of its block behind it, in a region.
struct Reading<'a> {
    function: &'a Function,
    statements: &'a [Stmt],
    rest: &'a [Stmt],
    each: &'a Loop,
}

impl Reading<'_> {
    fn filling(&self, is_needed: &dyn Fn(Handle<Var>) -> bool) -> Option<Filling> {
        let fills: Option<Vec<Compute>> = (self.each.body.iter())
            .map(|stmt| {
                let Stmt::Compute(compute) = stmt else {
                    return None;
                };
                self.is_fill(compute).then(|| compute.clone())
            })
            .collect();
        let fills = fills.filter(|fills| !fills.is_empty() && self.each.step == 1)?;
        let arrays: BTreeSet<Handle<Var>> = fills.iter().map(|fill| fill.target.var).collect();
        let are_own = arrays.len() == fills.len() && !arrays.iter().any(|array| is_needed(*array));
        let counter = self.each.iterator;
        let is_counter_free = self.counts_only(counter) && !is_needed(counter);
        let changed = modified(self.rest);
        let is_fixed = |fill: &Compute| {
            let mut read = variables(self.function, fill.value).into_iter();
            read.all(|var| var == counter || !changed.contains(&var) && !arrays.contains(&var))
        };
        let bounds = [self.each.start, self.each.end];
        let mut named = bounds
            .into_iter()
            .flat_map(|bound| build::variables(self.function, bound));
        let are_bounds_fixed = named.all(|var| !changed.contains(&var));
        if !are_own || !is_counter_free || !are_bounds_fixed || !fills.iter().all(is_fixed) {
            return None;
        }
        let mut reads = Reads::default();
        for stmt in self.rest {
            self.statement(stmt, &arrays, &[], &mut reads)?;
        }
        let cost = fills.iter().map(|fill| self.reads(fill.value)).max()?;
        let all = arrays
            .iter()
            .map(|array| region::mentions(self.function, self.statements, *array))
            .sum::<usize>();
        let is_all = all == reads.count + fills.len();
        let reader = reads
            .reader
            .filter(|_| is_all && cost * reads.count <= MOST_READS)?;
        Some(Filling {
            name: self.each.name.clone(),
            iterator: counter,
            fills,
            reader,
        })
    }

    /// Returns whether an assignment gives each element of a plain array in turn a value that may be computed again.
    fn is_fill(&self, compute: &Compute) -> bool {
        let array = &self.function.vars[compute.target.var];
        let is_row = matches!(&array.ty, Type::Array { of, .. } if matches!(**of, Type::Scalar(_)));
        let [Projection::Index(index)] = compute.target.path[..] else {
            return false;
        };
        let mut read = variables(self.function, compute.value).into_iter();
        is_row
            && substitute::is_computed(self.function, compute.value)
            && !read.any(|var| self.function.vars[var].is_volatile)
            && array.is_plain_local()
            && !is_product(self.function, compute.value)
            && self.function.exprs[compute.value].ty == *array.ty.element().unwrap_or(&array.ty)
            && Sum::of(self.function, index).var(self.function) == Some(self.each.iterator)
            && Sum::of(self.function, index).offset == 0
    }

    /// Returns whether the region names a variable in nothing but loops that count with it.
    fn counts_only(&self, var: Handle<Var>) -> bool {
        fn free(function: &Function, statements: &[Stmt], var: Handle<Var>) -> bool {
            statements.iter().all(|stmt| {
                let is_counted = matches!(stmt, Stmt::For(each) if each.iterator == var);
                let header = region::expressions(stmt);
                let mut named = header
                    .into_iter()
                    .flat_map(|expr| variables(function, expr));
                let is_set = region::target(stmt).is_some_and(|place| place.var == var);
                !is_set
                    && !named.any(|named| named == var)
                    && (is_counted
                        || region::blocks(stmt)
                            .into_iter()
                            .all(|block| free(function, block, var)))
            })
        }
        free(self.function, self.statements, var)
    }

    /// Looks at what a statement reads of the arrays inside of loops; `None` where that need not have been assigned.
    fn statement<'b>(
        &self,
        stmt: &'b Stmt,
        arrays: &BTreeSet<Handle<Var>>,
        loops: &[&'b Loop],
        reads: &mut Reads,
    ) -> Option<()> {
        if region::target(stmt).is_some_and(|place| arrays.contains(&place.var)) {
            return None;
        }
        let mut is_known = true;
        for expr in region::expressions(stmt) {
            build::visit(self.function, expr, &mut |_, node| {
                let (ExprKind::Load(place) | ExprKind::Address(place)) = &node.kind else {
                    return;
                };
                if arrays.contains(&place.var) {
                    is_known &=
                        matches!(node.kind, ExprKind::Load(_)) && self.is_assigned(place, loops);
                    reads.count += 1;
                    let reader = loops.first().map(|each| each.name.clone());
                    reads.reader = reads.reader.take().or(reader);
                }
            });
        }
        if !is_known || matches!(stmt, Stmt::While(_)) {
            return None;
        }
        let mut around = loops.to_vec();
        if let Stmt::For(each) = stmt {
            (!may_leave(&each.body)).then_some(())?;
            around.push(each);
        }
        for block in region::blocks(stmt) {
            for inner in block {
                self.statement(inner, arrays, &around, reads)?;
            }
        }
        Some(())
    }

    /// Returns whether the loop has assigned an element, whatever the iteration of the loops around.
    fn is_assigned(&self, place: &Place, loops: &[&Loop]) -> bool {
        let [Projection::Index(index)] = place.path[..] else {
            return false;
        };
        let index = Sum::of(self.function, index);
        let Some(var) = index.var(self.function) else {
            return false;
        };
        let Some(around) = loops
            .iter()
            .rfind(|each| each.iterator == var && each.step == 1)
        else {
            return false;
        };
        let sum = |bound: Handle<Expr>| Sum::of(self.function, bound);
        let is_least = |a: Sum, b: Sum| a.has_base_of(b, self.function) && a.offset <= b.offset;
        let ends = [
            sum(around.start).plus(index.offset),
            sum(around.end).plus(index.offset),
        ];
        let [Some(first), Some(end)] = ends else {
            return false;
        };
        is_least(sum(self.each.start), first) && is_least(end, sum(self.each.end))
    }

    /// Returns how often a value reads memory, and functions for four times.
    fn reads(&self, expr: Handle<Expr>) -> usize {
        let mut count = 0;
        build::visit(self.function, expr, &mut |_, node| {
            if let ExprKind::Load(place) = &node.kind {
                count += usize::from(!place.path.is_empty());
            }
            count += 4 * usize::from(matches!(node.kind, ExprKind::Call(..)));
        });
        count
    }
}

/// Returns whether a value may be a product of floating-point numbers, which a compiler may join with a sum that it is part of: the
/// array holds it rounded.
fn is_product(function: &Function, value: Handle<Expr>) -> bool {
    let node = &function.exprs[value];
    let is_float = node.ty.scalar().is_some_and(Scalar::is_float);
    match &node.kind {
        ExprKind::Binary(BinaryOp::Multiply, ..) => is_float,
        ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => is_product(function, *operand),
        ExprKind::Select {
            then, otherwise, ..
        } => [then, otherwise]
            .into_iter()
            .any(|each| is_product(function, *each)),
        ExprKind::Binary(..)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// What statements read of the arrays.
#[derive(Default)]
struct Reads {
    count: usize,
    /// The first loop that reads.
    reader: Option<LoopName>,
}

impl Filling {
    /// Puts the values where a block reads them, and takes the loop away.
    fn block(&self, function: &mut Function, block: &mut Block) {
        let is_gone = |stmt: &Stmt| {
            let is_of = |var: Handle<Var>| self.fills.iter().any(|fill| fill.target.var == var);
            region::loop_name(stmt) == Some(&self.name)
                || matches!(stmt, Stmt::Declare(var, _) if is_of(*var))
        };
        block.retain(|stmt| !is_gone(stmt));
        for stmt in block {
            substitute::in_statement(function, stmt, &mut |function, read| {
                let mut fills = self.fills.iter();
                let fill = fills.find(|fill| fill.target.var == read.place.var)?;
                let [Projection::Index(index)] = read.place.path[..] else {
                    return None;
                };
                Some(self.value(function, fill.value, index))
            });
            for inner in region::blocks_mut(stmt) {
                self.block(function, inner);
            }
        }
    }

    /// Appends the value of an element by its subscript.
    fn value(
        &self,
        function: &mut Function,
        value: Handle<Expr>,
        index: Handle<Expr>,
    ) -> Handle<Expr> {
        substitute::reads(function, value, &mut |function, read| {
            let is_counter = read.place.var == self.iterator && read.place.path.is_empty();
            let ty = function.exprs[read.expr]
                .ty
                .scalar()
                .filter(|_| is_counter)?;
            let mut index = index;
            if let ExprKind::Cast(inner) = function.exprs[index].kind
                && function.exprs[inner].ty.scalar() == Some(ty)
            {
                index = inner;
            }
            Some(build::convert(function, index, ty))
        })
    }
}
