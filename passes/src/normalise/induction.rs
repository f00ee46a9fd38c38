//! Running indices in closed form: what `k++` has made of `k` when an iteration starts is what it was before the loop,
//! plus what an iteration adds times the number of iterations before.
//!
//! An index may be added to in several places and in loops inside; what each iteration of a loop adds has to be the same
//! for all of them: a sum of values that nothing changes, times trip counts that nothing changes.
//! Sums of `int` are computed in 64 bits, where they cannot overflow on the way, since the result is a value that the
//! program computes in `int`; sums of unsigned integers wrap as the program's do.
//!
//! **Source**: Gerlek, Stoltz, Wolfe, “Beyond Induction Variables”, TOPLAS 17(1), 1995; Haghighat, Polychronopoulos,
//! “Symbolic Analysis for Parallelizing Compilers”, TOPLAS 18(4), 1996 (nested loops).

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Loop, Scalar, Span, Stmt, Var,
};

use super::substitute::{self, names};
use super::{Made, Work, modified};
use crate::analyse::{is_live_after, is_plain_local, may_leave};
use crate::facts::BlockStep;
use crate::{build, region, trip};

/// A constant that an iteration adds is no greater than this, so that products with trip counts stay within 64 bits.
const MOST_ADDED: i128 = 1 << 20;

/// Closes every running index of the region, and returns whether there was one.
pub(super) fn close(work: &mut Work<'_>) -> bool {
    let counted: BTreeSet<_> = region::loops(work.statements())
        .iter()
        .map(|each| each.iterator)
        .collect();
    let candidates: Vec<_> = modified(work.statements())
        .into_iter()
        .filter(|var| {
            let var_of = &work.function.vars[*var];
            var_of.ty.scalar().and_then(sum_type).is_some()
                && is_plain_local(var_of)
                && !counted.contains(var)
        })
        .collect();
    let mut is_changed = false;
    let mut statements = work.take();
    see_through_copies(&mut work.function, &mut statements);
    work.put(statements);
    for var in candidates {
        let mut statements = work.statements().to_vec();
        let position = (work.path.to_vec(), work.range.start);
        if block(work, &mut statements, var, &position, true) {
            work.take();
            work.put(statements);
            is_changed = true;
        }
    }
    is_changed
}

/// Writes `t = k; k = t + 1`, which is `k++` where its value is used, as `t = k; k = k + 1`.
fn see_through_copies(function: &mut Function, statements: &mut Block) {
    for at in 0..statements.len() {
        for block in region::blocks_mut(&mut statements[at]) {
            see_through_copies(function, block);
        }
        let (before, rest) = statements.split_at_mut(at);
        let (Some(Stmt::Compute(copy)), Some(Stmt::Compute(next))) =
            (before.last(), rest.first_mut())
        else {
            continue;
        };
        let ExprKind::Load(of) = function.exprs[copy.value].kind.clone() else {
            continue;
        };
        let is_copy = copy.target.path.is_empty()
            && of.path.is_empty()
            && next.target == of
            && is_plain_local(&function.vars[copy.target.var])
            && is_plain_local(&function.vars[of.var]);
        if is_copy {
            let own = copy.value;
            let target = copy.target.clone();
            next.value = substitute::reads(function, next.value, &mut |_, read| {
                (read.place == target).then_some(own)
            });
        }
    }
}

/// Returns the type in which sums of a variable's type are computed.
fn sum_type(ty: Scalar) -> Option<Scalar> {
    match ty {
        Scalar::I32 | Scalar::I64 => Some(Scalar::I64),
        Scalar::U32 => Some(Scalar::U32),
        Scalar::U64 => Some(Scalar::U64),
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::U8
        | Scalar::U16
        | Scalar::F32
        | Scalar::F64 => None,
    }
}

/// Closes an index in the stretches of a block between assignments that do not add to it, and, where that cannot be, in
/// the blocks inside.
///
/// `position` is where the block's first statement stands in the function.
fn block(
    work: &mut Work<'_>,
    statements: &mut Block,
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
    is_region: bool,
) -> bool {
    let mut is_changed = false;
    let mut done = Block::new();
    let mut rest = std::mem::take(statements);
    let mut at = position.1;
    while !rest.is_empty() {
        let length = rest.iter().position(|stmt| is_reset(work, stmt, var));
        let after = rest.split_off(length.unwrap_or(rest.len()));
        let mut stretch = std::mem::replace(&mut rest, after);
        let start = (position.0.clone(), at);
        at += stretch.len();
        let is_last = rest.is_empty();
        match closed(work, &stretch, var, &start, is_region) {
            Some((mut closed, value)) => {
                is_changed = true;
                if is_last && is_live_after(&work.function, &position.0, at - 1, var) {
                    let span = stretch
                        .iter()
                        .fold(Span::default(), |all, stmt| all.join(stmt.span()));
                    let last = work.assignment(var, value, span);
                    if is_region {
                        work.last_values.push(last);
                    } else {
                        closed.push(Stmt::Compute(last));
                    }
                }
                stretch = closed;
            }
            None => is_changed |= inside(work, &mut stretch, var, &start),
        }
        done.extend(stretch);
        if !rest.is_empty() {
            done.push(rest.remove(0));
            at += 1;
        }
    }
    *statements = done;
    is_changed
}

/// Closes an index in the blocks inside of statements.
fn inside(
    work: &mut Work<'_>,
    stretch: &mut Block,
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
) -> bool {
    let mut is_changed = false;
    for (offset, stmt) in stretch.iter_mut().enumerate() {
        let at = position.1 + offset;
        let path = |step: BlockStep| {
            let mut path = position.0.clone();
            path.push(step);
            (path, 0)
        };
        match stmt {
            Stmt::For(each) => {
                let position = path(BlockStep::Body(at));
                is_changed |= block(work, &mut each.body, var, &position, false);
            }
            Stmt::If(branch) => {
                let position = path(BlockStep::Then(at));
                is_changed |= block(work, &mut branch.then, var, &position, false);
                let position = path(BlockStep::Otherwise(at));
                is_changed |= block(work, &mut branch.otherwise, var, &position, false);
            }
            Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
    is_changed
}

/// Returns whether a statement gives an index a value that is no sum with what it was, or starts its lifetime.
fn is_reset(work: &Work<'_>, stmt: &Stmt, var: Handle<Var>) -> bool {
    match stmt {
        Stmt::Declare(declared, _) => *declared == var,
        Stmt::Compute(compute) => {
            compute.target.var == var && !names(&work.function, compute.value, var)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}

/// Returns statements that read the closed form of an index and do not assign it, and its value after them; `None`
/// where what a loop adds is not known.
fn closed(
    work: &mut Work<'_>,
    stretch: &[Stmt],
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
    is_region: bool,
) -> Option<(Block, Handle<Expr>)> {
    let own = work.function.vars[var].ty.scalar()?;
    let ty = sum_type(own)?;
    let depth = depth(stretch, var);
    if depth == 0 || depth > most_loops(own, is_region) {
        return None;
    }
    let mut index = Index {
        var,
        ty,
        changed: modified(stretch),
        made: Made::default(),
        is_region,
    };
    let function = &mut work.function;
    let added = index.added(function, stretch)?;
    let load = function.load(var);
    let before = known_before(function, position, var).unwrap_or(load);
    let before = build::convert(function, before, ty);
    let mut statements = stretch.to_vec();
    index.rewrite(function, &mut statements, before)?;
    let value = sum(function, before, added);
    let value = build::convert(function, value, own);
    work.made.extend(index.made);
    Some((statements, value))
}

/// Returns the constant that an index certainly is before the statement at a position: the value of the last statement
/// of the block that changes it.
fn known_before(
    function: &Function,
    (path, at): &(Vec<BlockStep>, usize),
    var: Handle<Var>,
) -> Option<Handle<Expr>> {
    let before = region::block(&function.body, path)?.get(..*at)?;
    let changes = |stmt: &&Stmt| {
        matches!(stmt, Stmt::Verbatim(..)) || modified(std::slice::from_ref(*stmt)).contains(&var)
    };
    match before.iter().rev().find(changes)? {
        Stmt::Compute(compute) => {
            build::constant(function, compute.value)?;
            Some(compute.value)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns how many loops around one another change a variable.
fn depth(statements: &[Stmt], var: Handle<Var>) -> usize {
    let inside = |stmt: &Stmt| {
        let blocks = region::blocks(stmt).into_iter();
        let inner = blocks.map(|block| depth(block, var)).max().unwrap_or(0);
        let is_loop = matches!(stmt, Stmt::For(each) if modified(&each.body).contains(&var));
        inner + usize::from(is_loop)
    };
    statements.iter().map(inside).max().unwrap_or(0)
}

/// Returns how many loops around one another a signed sum may run through without leaving 64 bits.
///
/// What one iteration of a loop adds is a difference of two values of the index where that iteration runs, and so are
/// the products below it that are not 0.
/// Where it does not, the product of an amount and one trip count still fits: 31 and 32 bits for `int`, 20 and 40 for
/// `long`, of which [`crate::affine::WIDE`] bounds what counts.
/// The outermost loop of a region runs, and its trip counts are not negative.
fn most_loops(ty: Scalar, is_region: bool) -> usize {
    let most = match ty {
        Scalar::I32 => 2,
        Scalar::I64 => 1,
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64 => return usize::MAX,
    };
    most + usize::from(is_region)
}

/// An index in statements that add to it.
struct Index {
    var: Handle<Var>,
    /// In which its sums are computed.
    ty: Scalar,
    /// What the statements change.
    changed: BTreeSet<Handle<Var>>,
    /// The conversions of sums to the index's own type, and what iterations add.
    made: Made,
    /// Whether the statements are the region's own, so that trip counts are conditions of the region.
    is_region: bool,
}

/// What statements add; `None`: nothing.
type Added = Option<Handle<Expr>>;

impl Index {
    /// Appends what statements add to the index; `None` where they do not add one unchanging value.
    fn added(&mut self, function: &mut Function, statements: &[Stmt]) -> Option<Added> {
        let mut all = None;
        for stmt in statements {
            let added = self.added_by(function, stmt)?;
            all = match (all, added) {
                (Some(all), Some(added)) => {
                    Some(build::binary(function, BinaryOp::Add, all, added))
                }
                (all, added) => all.or(added),
            };
        }
        Some(all)
    }

    fn added_by(&mut self, function: &mut Function, stmt: &Stmt) -> Option<Added> {
        if !modified(std::slice::from_ref(stmt)).contains(&self.var) {
            return Some(None);
        }
        match stmt {
            Stmt::Compute(compute) => self.amount(function, compute.value).map(Some),
            Stmt::For(each) => self.added_by_loop(function, each),
            Stmt::If(branch) => {
                let then = self.added(function, &branch.then)?;
                let otherwise = self.added(function, &branch.otherwise)?;
                let is_same = match (then, otherwise) {
                    (None, None) => true,
                    (Some(a), Some(b)) => is_same_expr(function, a, function, b),
                    (None, Some(_)) | (Some(_), None) => false,
                };
                is_same.then_some(then)
            }
            Stmt::While(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        }
    }

    fn added_by_loop(&mut self, function: &mut Function, each: &Loop) -> Option<Added> {
        let is_whole = !may_leave(&each.body)
            && ![each.start, each.end]
                .iter()
                .any(|bound| names(function, *bound, self.var));
        let Some(added) = self.added(function, &each.body).filter(|_| is_whole)? else {
            return Some(None);
        };
        let is_unchanging =
            self.is_unchanging(function, each.start) && self.is_unchanging(function, each.end);
        let mut count = is_unchanging.then(|| trip::count(function, each))??;
        if self.is_region {
            self.add_count(function, count);
        } else {
            let zero = build::int(function, 0, Scalar::I64);
            count = build::binary(function, BinaryOp::Max, count, zero);
        }
        let count = build::convert(function, count, self.ty);
        Some(Some(product(function, added, count)))
    }

    fn add_count(&mut self, function: &Function, count: Handle<Expr>) {
        let is_same = |known: &Handle<Expr>| is_same_expr(function, *known, function, count);
        let is_constant = build::constant(function, count).is_some_and(|count| count >= 0);
        if !is_constant && !self.made.counts.iter().any(is_same) {
            self.made.counts.push(count);
        }
    }

    /// Returns whether an expression reads nothing but whole variables that the statements do not change.
    fn is_unchanging(&self, function: &Function, expr: Handle<Expr>) -> bool {
        let mut is_unchanging = true;
        build::visit(function, expr, &mut |_, node| match &node.kind {
            ExprKind::Load(place) => {
                is_unchanging &= place.path.is_empty()
                    && !self.changed.contains(&place.var)
                    && !function.vars[place.var].is_volatile;
            }
            ExprKind::Address(_) | ExprKind::Text(_) | ExprKind::Call(..) => is_unchanging = false,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        });
        is_unchanging
    }

    /// Appends what an assigned value adds to the index: `e` of `k + e`, `e + k` and `-e` of `k - e`.
    fn amount(&self, function: &mut Function, value: Handle<Expr>) -> Option<Handle<Expr>> {
        let node = function.exprs[value].clone();
        if node.ty != function.vars[self.var].ty {
            return None;
        }
        match node.kind {
            ExprKind::Load(place) if place.path.is_empty() && place.var == self.var => {
                Some(build::int(function, 0, self.ty))
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => {
                let (own, other) = if op == BinaryOp::Add && names(function, b, self.var) {
                    (b, a)
                } else {
                    (a, b)
                };
                let is_plain = !names(function, other, self.var)
                    && self.is_unchanging(function, other)
                    && self.is_small(function, other);
                let own = self.amount(function, own).filter(|_| is_plain)?;
                let other = build::convert(function, other, self.ty);
                Some(build::binary(function, op, own, other))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns whether products of what is added stay within the type of sums: unsigned ones may wrap, those of `int`
    /// have room, and in 64 bits a small constant has.
    fn is_small(&self, function: &Function, amount: Handle<Expr>) -> bool {
        let is_wide = function.vars[self.var].ty.scalar() == Some(Scalar::I64);
        let constant = build::constant(function, amount);
        !is_wide || constant.is_some_and(|constant| constant.abs() <= MOST_ADDED)
    }

    /// Replaces reads of the index, which is worth `value` before the statements, and drops what adds to it.
    fn rewrite(
        &mut self,
        function: &mut Function,
        statements: &mut Block,
        mut value: Handle<Expr>,
    ) -> Option<()> {
        let mut kept = Block::new();
        for mut stmt in std::mem::take(statements) {
            let added = self.added_by(function, &stmt)?;
            if let Stmt::Compute(Compute { target, .. }) = &stmt
                && target.var == self.var
            {
                value = sum(function, value, added);
                continue;
            }
            self.replace(function, &mut stmt, value);
            let inner = match &stmt {
                Stmt::For(each) => self.in_iteration(function, each, value)?,
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => value,
            };
            for block in region::blocks_mut(&mut stmt) {
                self.rewrite(function, block, inner)?;
            }
            kept.push(stmt);
            value = sum(function, value, added);
        }
        *statements = kept;
        Some(())
    }

    /// Appends the value at the start of an iteration.
    fn in_iteration(
        &mut self,
        function: &mut Function,
        each: &Loop,
        value: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let Some(added) = self.added(function, &each.body)? else {
            return Some(value);
        };
        let number = trip::number(function, each, self.ty)?;
        let along = product(function, added, number);
        // Sums in 64 bits are the integers they stand for.
        let is_sum = self.ty == Scalar::I64
            && matches!(
                function.exprs[added].kind,
                ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..)
            );
        if is_sum {
            self.made.strides.insert(added);
        }
        Some(build::binary(function, BinaryOp::Add, value, along))
    }

    fn replace(&mut self, function: &mut Function, stmt: &mut Stmt, value: Handle<Expr>) {
        let (var, ty) = (self.var, self.ty);
        let exact = &mut self.made.exact;
        substitute::in_statement(function, stmt, &mut |function, read| {
            if read.place.var != var {
                return None;
            }
            let node = function.exprs[read.expr].clone();
            if node.ty.scalar() == Some(ty) || read.may_widen && ty == Scalar::I64 {
                return Some(value);
            }
            let narrow = function.exprs.push(Expr {
                kind: ExprKind::Cast(value),
                ..node
            });
            exact.insert(narrow);
            Some(narrow)
        });
    }
}

/// Appends `value + added`.
fn sum(function: &mut Function, value: Handle<Expr>, added: Added) -> Handle<Expr> {
    match added {
        Some(added) => build::binary(function, BinaryOp::Add, value, added),
        None => value,
    }
}

/// Appends `added * count`.
fn product(function: &mut Function, added: Handle<Expr>, count: Handle<Expr>) -> Handle<Expr> {
    build::binary(function, BinaryOp::Multiply, count, added)
}
