//! Whole tiles apart from the last ones: where all conditions on a short stretch of a thread's iterations hold, they are
//! asked once, before it.
//!
//! A condition on every iteration keeps compilers from sharing what neighbouring iterations read, and tiles at the edges
//! are few. A comparison of values that grow or fall with each iterator of the stretch holds everywhere if it holds at the
//! extreme iterations, whose values the stretch computes in any case.
//!
//! **Source**: Allen, Kennedy, “Optimizing Compilers for Modern Architectures”, 2001, §5.7 (index-set splitting); Irigoin,
//! Triolet, “Supernode Partitioning”, POPL 1988 (full and partial tiles).

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Block, Comparison, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Mapping,
    Scalar, Span, Stmt, Var,
};

use crate::{build, region, trip};

/// Puts a version without conditions before every outermost stretch that has them, of the loops in the code of threads;
/// returns whether there was one. The loops of both versions have the same names.
///
/// Expressions from `generated_from` on were made by passes, and are worth what they are in unbounded integers.
pub(crate) fn apart(
    function: &mut Function,
    statements: &mut [Stmt],
    inside: &BTreeSet<&LoopName>,
    generated_from: usize,
) -> bool {
    let mut is_changed = false;
    for stmt in statements {
        if let Stmt::For(each) = stmt
            && inside.contains(&each.name)
            && is_stretch(function, each)
            && let Some(version) = version(function, each, generated_from)
        {
            let whole = vec![Stmt::For(version.whole)];
            *stmt = beside(
                version.condition,
                whole,
                std::mem::replace(stmt, Stmt::Barrier),
            );
            is_changed = true;
            continue;
        }
        for inner in region::blocks_mut(stmt) {
            is_changed |= apart(function, inner, inside, generated_from);
        }
    }
    is_changed
}

/// A loop without conditions, for where all of them hold.
pub(super) struct Version {
    /// What holds wherever all conditions taken off hold.
    pub(super) condition: Handle<Expr>,
    pub(super) whole: Loop,
}

/// Returns a condition with what runs where it holds, and with a loop as it was for elsewhere.
pub(super) fn beside(condition: Handle<Expr>, then: Block, each: Stmt) -> Stmt {
    Stmt::If(If {
        condition,
        then,
        otherwise: vec![each],
        span: Span::default(),
    })
}

/// Returns a loop without its conditions; `None` where it has none that could be asked before. All that the loop holds runs
/// a constant number of times.
///
/// Expressions from `generated_from` on were made by passes.
pub(super) fn version(
    function: &mut Function,
    each: &Loop,
    generated_from: usize,
) -> Option<Version> {
    let is_condition = |stmt: &Stmt| matches!(stmt, Stmt::If(_)).then_some(());
    region::first(&each.body, &mut |stmt| is_condition(stmt))?;
    let mut stretch = Stretch {
        function,
        generated_from,
        extremes: BTreeMap::new(),
        names: BTreeMap::new(),
        assigned: assigned(each),
        seen: Vec::new(),
        conditions: Vec::new(),
    };
    stretch.enter(each);
    let whole = with_body(each, stretch.without(&each.body));
    let conditions = stretch.conditions;
    Some(Version {
        condition: build::all_of(function, conditions)?,
        whole,
    })
}

/// Returns whether a loop runs a constant number of times, like all that it holds, and holds one whose iterations are laid
/// out side by side.
fn is_stretch(function: &Function, each: &Loop) -> bool {
    let is_constant = |each: &Loop| {
        matches!(each.mapping, Mapping::Sequential | Mapping::Unroll(_))
            && each.declares_iterator
            && build::constant(function, each.start).is_some()
            && trip::constant(function, each).is_some_and(|count| count > 0)
    };
    let mut is_plain = is_constant(each);
    let mut is_laid_out = false;
    region::each(&each.body, &mut |stmt| match stmt {
        Stmt::For(inner) => {
            is_plain &= is_constant(inner);
            is_laid_out |= matches!(inner.mapping, Mapping::Unroll(_));
        }
        Stmt::Compute(_) | Stmt::Let(..) | Stmt::If(_) => {}
        Stmt::Declare(..)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => is_plain = false,
    });
    is_plain && is_laid_out
}

/// Returns the loop with another body.
pub(super) fn with_body(each: &Loop, body: Block) -> Loop {
    Loop {
        name: each.name.clone(),
        body,
        ..*each
    }
}

/// Returns what a stretch assigns.
fn assigned(each: &Loop) -> Vec<Handle<Var>> {
    let mut found = Vec::new();
    region::each(&each.body, &mut |stmt| {
        found.extend(region::target(stmt).map(|place| place.var));
    });
    found
}

/// A stretch whose conditions are taken off.
struct Stretch<'a> {
    function: &'a mut Function,
    /// The first and the last value of its iterators.
    extremes: BTreeMap<Handle<Var>, (i128, i128)>,
    /// The values of its names.
    names: BTreeMap<Handle<Var>, Handle<Expr>>,
    assigned: Vec<Handle<Var>>,
    generated_from: usize,
    /// The iterators that the comparison at hand has named.
    seen: Vec<Handle<Var>>,
    /// What holds wherever all conditions taken off hold.
    conditions: Vec<Handle<Expr>>,
}

impl Stretch<'_> {
    fn enter(&mut self, each: &Loop) {
        let start = build::constant(self.function, each.start);
        let count = trip::constant(self.function, each);
        if let Some((start, count)) = start.zip(count) {
            let last = start.saturating_add(i128::from(each.step).saturating_mul(count - 1));
            self.extremes.insert(each.iterator, (start, last));
        }
    }

    /// Returns a block without the conditions that can be asked before it.
    fn without(&mut self, block: &[Stmt]) -> Block {
        let mut made = Block::new();
        for stmt in block {
            match stmt {
                Stmt::Let(var, value) => {
                    self.names.insert(*var, *value);
                    made.push(stmt.clone());
                }
                Stmt::For(each) => {
                    self.enter(each);
                    let body = self.without(&each.body);
                    made.push(Stmt::For(with_body(each, body)));
                }
                Stmt::If(branch) if branch.otherwise.is_empty() => {
                    let mut left = Vec::new();
                    for condition in build::conjuncts(self.function, branch.condition) {
                        match self.extreme(condition) {
                            Some(before) => self.ask(before),
                            None => left.push(condition),
                        }
                    }
                    let then = self.without(&branch.then);
                    match build::all_of(self.function, left) {
                        Some(condition) => made.push(Stmt::If(If {
                            condition,
                            then,
                            otherwise: Block::new(),
                            span: branch.span,
                        })),
                        None => made.extend(then),
                    }
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
                | Stmt::Verbatim(..) => made.push(stmt.clone()),
            }
        }
        made
    }

    fn ask(&mut self, condition: Handle<Expr>) {
        let function = &*self.function;
        let is_same = |known: &Handle<Expr>| is_same_expr(function, *known, function, condition);
        if !self.conditions.iter().any(is_same) {
            self.conditions.push(condition);
        }
    }

    /// Returns what a comparison is at the iteration where it is the hardest to meet; `None` where no iteration is that.
    fn extreme(&mut self, condition: Handle<Expr>) -> Option<Handle<Expr>> {
        let node = self.function.exprs[condition].clone();
        let ExprKind::Binary(op, a, b) = node.kind else {
            return None;
        };
        if condition.index() < self.generated_from {
            return None;
        }
        self.seen.clear();
        let grows = match Comparison::of(op)? {
            Comparison::Less | Comparison::LessEqual => true,
            Comparison::Greater | Comparison::GreaterEqual => false,
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        let a = self.at_extreme(a, grows)?;
        let b = self.at_extreme(b, !grows)?;
        Some(self.function.expr(ExprKind::Binary(op, a, b), node.ty))
    }

    /// Returns whether a value is the same in the whole stretch.
    fn is_fixed(&self, expr: Handle<Expr>) -> bool {
        let mut is_fixed = true;
        build::visit(self.function, expr, &mut |_, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                is_fixed &= place.path.is_empty()
                    && !self.assigned.contains(&place.var)
                    && !self.extremes.contains_key(&place.var)
                    && !self.names.contains_key(&place.var);
            }
        });
        is_fixed
    }

    /// Returns the greatest, or the least, of the values that a sum has in the stretch: the same expression where they are
    /// one value.
    ///
    /// Every iterator counts once, so that the extreme of the sum is the value at one iteration.
    fn at_extreme(&mut self, expr: Handle<Expr>, is_greatest: bool) -> Option<Handle<Expr>> {
        let node = &self.function.exprs[expr];
        let ty = node.ty.scalar();
        // Others may wrap around on the way.
        let ty = ty.filter(|ty| ty.is_signed() && !ty.is_float());
        match node.kind {
            ExprKind::Load(ref place) if place.path.is_empty() => {
                let var = place.var;
                self.variable_at_extreme(expr, (var, ty), is_greatest)
            }
            ExprKind::Cast(inner) => {
                let extreme = self.at_extreme(inner, is_greatest)?;
                if extreme == inner {
                    return Some(expr);
                }
                let (from, ty) = (self.function.exprs[inner].ty.scalar()?, ty?);
                if !from.fits_in(ty) && expr.index() < self.generated_from {
                    return None;
                }
                Some(build::convert(self.function, extreme, ty))
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => {
                let b_is_greatest = is_greatest == (op == BinaryOp::Add);
                let left = self.at_extreme(a, is_greatest)?;
                let right = self.at_extreme(b, b_is_greatest)?;
                if (left, right) == (a, b) {
                    return Some(expr);
                }
                ty?;
                Some(build::binary(self.function, op, left, right))
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) if !self.is_fixed(expr) => {
                ty?;
                let (factor, other) = match build::constant(self.function, a) {
                    Some(factor) => (factor, b),
                    None => (build::constant(self.function, b)?, a),
                };
                let other = self.at_extreme(other, is_greatest == (factor >= 0))?;
                Some(build::scale(self.function, factor, other))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => self.is_fixed(expr).then_some(expr),
        }
    }

    /// Does the same for a read of a variable, of a type where it is a signed integer.
    fn variable_at_extreme(
        &mut self,
        expr: Handle<Expr>,
        (var, ty): (Handle<Var>, Option<Scalar>),
        is_greatest: bool,
    ) -> Option<Handle<Expr>> {
        if let Some((first, last)) = self.extremes.get(&var).copied() {
            if self.seen.contains(&var) {
                return None;
            }
            self.seen.push(var);
            let value = if is_greatest {
                first.max(last)
            } else {
                first.min(last)
            };
            return Some(build::int(self.function, value, ty?));
        }
        match self.names.get(&var).copied() {
            Some(value) => {
                ty?;
                self.at_extreme(value, is_greatest)
            }
            None => (!self.assigned.contains(&var)).then_some(expr),
        }
    }
}
