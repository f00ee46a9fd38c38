//! Parallel loops whose bounds depend on a parallel loop around them run as often in each of its iterations: of
//! `for i for (j = i; j < n; j++) B` remains `for i for (t = 0; t < n; t++) { j = i + t; if (j < n) B }`, so that blocks
//! and threads share out both.
//!
//! The most iterations that the inner loop can have are counted from its bounds, each term at the end of the outer loop's
//! range where it is greatest; at most half of the threads of a triangle have nothing to do. Loops that hold parallel ones
//! stay as they are: there others are shared out, and tiles take the bounds as the program has them. Loops that each thread
//! runs may stand inside, and between the loops what only writes memory, which becomes a nest by itself.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Thread Hierarchy” (grids are rectangles, and a condition leaves out what is
//! too much).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Place, Scalar, Stmt, Var,
};

use super::own::fresh;
use super::{modified, substitute};
use crate::analyse::is_live_after;
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region, trip};

/// Loops with no more iterations stay in the thread.
const FEW: i128 = 16;

/// Returns the function with such loops of a region as rectangles; `None` where there is none.
pub(crate) fn rectangular(
    function: &Function,
    path: &[BlockStep],
    range: &Range<usize>,
    is_parallel: &dyn Fn(&LoopName) -> bool,
) -> Option<Arc<Function>> {
    let mut statements = region::statements(function, path, range).to_vec();
    let last = range.end.saturating_sub(1);
    let mut work = Widening {
        numbering: Numbering::after(&[&function.body]),
        changed: modified(&statements),
        is_free: &|var: Handle<Var>| {
            let own = region::statements(function, path, range);
            !region::is_named_outside_its_loops(function, own, var)
                && !is_live_after(function, path, last, var)
        },
        is_parallel,
        function: function.clone(),
        around: Vec::new(),
        is_changed: false,
    };
    work.block(&mut statements);
    if !work.is_changed {
        return None;
    }
    let mut function = work.function;
    region::take(&mut function, path, range);
    region::put(&mut function, path, range.start, statements);
    Some(Arc::new(function))
}

struct Widening<'a> {
    function: Function,
    numbering: Numbering,
    /// What the region changes.
    changed: BTreeSet<Handle<Var>>,
    /// Whether nobody needs what a counter is left with.
    is_free: &'a dyn Fn(Handle<Var>) -> bool,
    is_parallel: &'a dyn Fn(&LoopName) -> bool,
    /// The parallel loops around a statement that hold nothing but one another, or what can be a nest by itself, outermost
    /// first.
    around: Vec<Loop>,
    is_changed: bool,
}

/// Which end of a range a bound is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Least,
    Greatest,
}

impl End {
    fn other(self) -> Self {
        match self {
            Self::Least => Self::Greatest,
            Self::Greatest => Self::Least,
        }
    }
}

/// Returns whether a block holds one loop alone, or besides what only writes memory: parallel loops around it can be cut there.
fn is_divisible(block: &Block) -> bool {
    let writes_memory = |stmt: &Stmt| match stmt {
        Stmt::Compute(compute) => !compute.target.path.is_empty(),
        Stmt::For(_) => true,
        Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Declare(..)
        | Stmt::Barrier
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Verbatim(..) => false,
    };
    let loops = block.iter().filter(|stmt| matches!(stmt, Stmt::For(_)));
    block.len() == 1 || loops.count() == 1 && block.iter().all(writes_memory)
}

impl Widening<'_> {
    fn block(&mut self, block: &mut Block) {
        if !is_divisible(block) {
            self.around.clear();
        }
        for stmt in block {
            let outside = self.around.clone();
            if let Stmt::For(each) = stmt
                && (self.is_parallel)(&each.name)
            {
                self.counted(each);
            } else {
                self.around.clear();
                for inner in region::blocks_mut(stmt) {
                    self.block(inner);
                }
            }
            self.around = outside;
        }
    }

    fn counted(&mut self, each: &mut Loop) {
        let names_outer = self.around.iter().any(|outer| {
            [each.start, each.end]
                .iter()
                .any(|bound| build::names(&self.function, *bound, outer.iterator))
        });
        let inner = region::loops(&each.body);
        let is_innermost = !inner.iter().any(|inner| (self.is_parallel)(&inner.name));
        if names_outer && is_innermost && (each.declares_iterator || (self.is_free)(each.iterator))
        {
            self.widen(each);
        }
        self.around.push(each.clone());
        self.block(&mut each.body);
    }

    /// Lets a loop run as often as it does at most.
    fn widen(&mut self, each: &mut Loop) -> Option<()> {
        let (from, to) = if each.step > 0 {
            (each.start, each.end)
        } else {
            (each.end, each.start)
        };
        // Where both move along, the rectangle around may be far wider than any row.
        if self.depends(from) && self.depends(to) {
            return None;
        }
        let (high, low) = (
            self.bound(to, End::Greatest)?,
            self.bound(from, End::Least)?,
        );
        let most = build::binary(&mut self.function, BinaryOp::Subtract, high, low);
        let stride = i128::from(each.step.unsigned_abs());
        let stride = build::int(&mut self.function, stride, Scalar::I64);
        let count = build::binary(&mut self.function, BinaryOp::CeilDivide, most, stride);
        let parameters = build::variables(&self.function, count)
            .into_iter()
            .collect();
        let count = trip::shorten(&mut self.function, count, &parameters, None);
        if build::constant(&self.function, count).is_some_and(|count| count <= FEW) {
            return None;
        }
        let name = format!("{}_t", self.function.vars[each.iterator].name);
        let name = self.function.fresh_name(&name);
        let (count, ty) = self.narrowed(count);
        let number = self.function.vars.push(Var::local(name, ty));
        let own = fresh(&mut self.function, each.iterator);
        let along = self.function.load(number);
        let along = build::convert(&mut self.function, along, Scalar::I64);
        let value = trip::value(&mut self.function, each, along)?;
        let tested = Loop {
            iterator: own,
            ..each.clone()
        };
        let condition = trip::test(&mut self.function, &tested)?;
        let names = BTreeMap::from([(each.iterator, own)]);
        let mut then = std::mem::take(&mut each.body);
        substitute::rename(&mut self.function, &mut then, &names);
        let span = each.header_span;
        each.body = vec![
            Stmt::Declare(own, span),
            Stmt::Compute(self.numbering.assignment(Place::var(own), value, span)),
            Stmt::If(If {
                condition,
                then,
                otherwise: Block::new(),
                span: each.span,
            }),
        ];
        each.iterator = number;
        each.declares_iterator = true;
        each.start = build::int(&mut self.function, 0, ty);
        each.end = count;
        each.step = 1;
        self.is_changed = true;
        Some(())
    }

    /// Returns a count in the least type that certainly holds it, and that type.
    fn narrowed(&mut self, count: Handle<Expr>) -> (Handle<Expr>, Scalar) {
        let small = Scalar::I32;
        let fits = |value: i128| (0..=i128::from(i32::MAX)).contains(&value);
        if let Some(value) = build::constant(&self.function, count)
            && fits(value)
        {
            (build::int(&mut self.function, value, small), small)
        } else if let ExprKind::Cast(inner) = self.function.exprs[count].kind
            && self.function.exprs[inner].ty.scalar() == Some(small)
        {
            (inner, small)
        } else {
            (count, Scalar::I64)
        }
    }

    /// Returns a value, an `i64`, that is no less than an integer in any iteration of the loops around, or no greater.
    fn bound(&mut self, expr: Handle<Expr>, end: End) -> Option<Handle<Expr>> {
        let node = self.function.exprs[expr].clone();
        let (low, high) = node.ty.scalar()?.integer_range()?;
        if !self.depends(expr) {
            return self
                .is_fixed(expr)
                .then(|| build::convert(&mut self.function, expr, Scalar::I64));
        }
        if let ExprKind::Load(place) = node.kind {
            self.iterator(place.var, end)
        } else if let ExprKind::Cast(inner) = node.kind {
            let (least, most) = self.function.exprs[inner].ty.scalar()?.integer_range()?;
            (low <= least && most <= high).then(|| self.bound(inner, end))?
        } else if let ExprKind::Binary(op, a, b) = node.kind
            && low < 0
        {
            self.binary(op, (a, b), end)
        } else {
            // Unsigned sums may wrap around.
            None
        }
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        (a, b): (Handle<Expr>, Handle<Expr>),
        end: End,
    ) -> Option<Handle<Expr>> {
        let by = build::constant(&self.function, b);
        match op {
            BinaryOp::Add | BinaryOp::Min | BinaryOp::Max => {
                let (a, b) = (self.bound(a, end)?, self.bound(b, end)?);
                Some(build::binary(&mut self.function, op, a, b))
            }
            BinaryOp::Subtract => {
                let (a, b) = (self.bound(a, end)?, self.bound(b, end.other())?);
                Some(build::binary(&mut self.function, op, a, b))
            }
            BinaryOp::Multiply => {
                let (factor, other) = match (build::constant(&self.function, a), by) {
                    (Some(factor), _) => (factor, b),
                    (None, Some(factor)) => (factor, a),
                    (None, None) => return None,
                };
                let end = if factor < 0 { end.other() } else { end };
                let other = self.bound(other, end)?;
                Some(build::scale(&mut self.function, factor, other))
            }
            BinaryOp::Divide => {
                let by = by.filter(|by| *by > 0)?;
                let a = self.bound(a, end)?;
                let by = build::int(&mut self.function, by, Scalar::I64);
                Some(build::binary(&mut self.function, op, a, by))
            }
            BinaryOp::Remainder => {
                let most = by.filter(|by| *by > 0)? - 1;
                let value = if end == End::Greatest { most } else { -most };
                Some(build::int(&mut self.function, value, Scalar::I64))
            }
            BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftLeft
            | BinaryOp::ShiftRight
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Difference
            | BinaryOp::FloorDivide
            | BinaryOp::CeilDivide => None,
        }
    }

    /// Returns the last or first value of a counter of the loops around; another variable is what it is.
    fn iterator(&mut self, var: Handle<Var>, end: End) -> Option<Handle<Expr>> {
        let found = self.around.iter().find(|outer| outer.iterator == var);
        let outer = found?.clone();
        let is_last = (outer.step > 0) == (end == End::Greatest);
        if !is_last {
            return self.bound(outer.start, end);
        }
        let beyond = self.bound(outer.end, end)?;
        let one = build::int(&mut self.function, 1, Scalar::I64);
        let op = if outer.step > 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        Some(build::binary(&mut self.function, op, beyond, one))
    }

    fn depends(&self, expr: Handle<Expr>) -> bool {
        let mut outer = self.around.iter();
        outer.any(|outer| build::names(&self.function, expr, outer.iterator))
    }

    /// Returns whether an expression reads nothing but variables that the region leaves alone.
    fn is_fixed(&self, expr: Handle<Expr>) -> bool {
        build::is_of_variables(&self.function, expr, &|var| !self.changed.contains(&var))
    }
}
