//! Generators of random numbers, `s = s * a + c`, without what one iteration leaves for the next one: each iteration makes as
//! many steps at once as those before it have made ([`mupac_ir::advance`]), and then its own.
//!
//! How many these are is a running index, which [`super::induction`] closes.
//!
//! **Source**: Fisher, Ghuloum, “Parallelizing Complex Scans and Reductions”, PLDI 1994 (composed functions of recurrences).

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Place, Scalar, Span, Stmt, Var,
    advance,
};

use super::induction::{Index, Trips};
use super::{Work, modified, substitute};
use crate::analyse::is_live_after;
use crate::{build, region};

/// One step of a generator, modulo 2 to the power of so many bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    factor: i128,
    plus: i128,
    bits: u32,
}

/// A generator in a region.
struct Generator {
    state: Handle<Var>,
    /// The type of the state, and the one without a sign in which steps are computed.
    ty: Scalar,
    unsigned: Scalar,
    step: Step,
    /// Counts its steps.
    steps: Handle<Var>,
}

/// Has iterations make the steps of all generators of a region, and returns whether there is one.
pub(super) fn advance(work: &mut Work<'_>) -> bool {
    let mut is_changed = false;
    for state in modified(work.statements()) {
        is_changed |=
            generator(work, state).is_some_and(|generator| generator.spread(work).is_some());
    }
    is_changed
}

/// Returns what a variable generates, if nothing but equal steps sets it.
fn generator(work: &mut Work<'_>, state: Handle<Var>) -> Option<Generator> {
    let declared = &work.function.vars[state];
    let ty = declared.ty.scalar().filter(|_| declared.is_plain_local())?;
    let unsigned = match ty {
        Scalar::I32 | Scalar::U32 => Scalar::U32,
        Scalar::I64 | Scalar::U64 => Scalar::U64,
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::U8
        | Scalar::U16
        | Scalar::F32
        | Scalar::F64 => return None,
    };
    let (mut step, mut is_one) = (None, true);
    region::each(work.statements(), &mut |stmt| {
        let target = match stmt {
            Stmt::For(each) => Some(each.iterator),
            Stmt::Let(var, _) | Stmt::Declare(var, _) => Some(*var),
            Stmt::Compute(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => region::target(stmt).map(|place| place.var),
        };
        if target == Some(state) {
            let own = step_of(&work.function, stmt, state, ty);
            is_one &= own.is_some() && (step.is_none() || step == own);
            step = own;
        }
    });
    let step = step.filter(|step| is_one && step.factor != 1)?;
    let name = format!("{}.steps", work.function.vars[state].name);
    let name = work.function.fresh_name(&name);
    let steps = work.function.vars.push(Var::local(name, Scalar::U64));
    Some(Generator {
        state,
        ty,
        unsigned,
        step,
        steps,
    })
}

/// Returns the step that a statement makes.
fn step_of(function: &Function, stmt: &Stmt, state: Handle<Var>, ty: Scalar) -> Option<Step> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let (value, bits) = kept_bits(function, compute.value, ty);
    let step = linear(function, value, state, bits)?;
    let is_set = build::names(function, value, state);
    // Numbers with a sign do not wrap.
    let is_wrapped = !ty.is_signed() || bits < ty.bits();
    (is_set && is_wrapped && compute.target.path.is_empty()).then_some(step)
}

/// Returns a value without the mask or the remainder that keeps some of its bits, and how many these are.
fn kept_bits(function: &Function, value: Handle<Expr>, ty: Scalar) -> (Handle<Expr>, u32) {
    let all = (value, ty.bits());
    let node = &function.exprs[value];
    let Some((_, high)) = node.ty.scalar().and_then(Scalar::integer_range) else {
        return all;
    };
    if let ExprKind::Cast(inner) = node.kind {
        let (inside, bits) = kept_bits(function, inner, ty);
        // A conversion that cuts them off, or takes one for a sign, keeps others.
        let is_same = bits < ty.bits() && high >= (1 << bits) - 1;
        return if is_same { (inside, bits) } else { all };
    }
    let ExprKind::Binary(op, a, b) = node.kind else {
        return all;
    };
    let is_signed = node.ty.scalar().is_some_and(Scalar::is_signed);
    let number = |expr| number(function, expr);
    let kept = match (op, number(a), number(b)) {
        (BinaryOp::BitAnd, _, Some(mask)) => mask.checked_add(1).map(|power| (a, power)),
        (BinaryOp::BitAnd, Some(mask), None) => mask.checked_add(1).map(|power| (b, power)),
        (BinaryOp::Remainder, _, Some(power)) if !is_signed => Some((a, power)),
        (_, _, _) => None,
    };
    let bits = |power: i128| power.cast_unsigned().ilog2();
    kept.filter(|(_, power)| power.cast_unsigned().is_power_of_two() && bits(*power) < ty.bits())
        .map_or(all, |(inner, power)| (inner, bits(power)))
}

/// Returns a constant, also in the words `(1 << 48) - 1`; `None` where it is none or wraps.
fn number(function: &Function, value: Handle<Expr>) -> Option<i128> {
    let node = &function.exprs[value];
    let (low, high) = node.ty.scalar()?.integer_range()?;
    let number = match node.kind {
        ExprKind::Cast(inner) => number(function, inner)?,
        ExprKind::Binary(BinaryOp::ShiftLeft, a, b) => {
            let (a, b) = (number(function, a)?, number(function, b)?);
            (0..64).contains(&b).then(|| a << b)?
        }
        ExprKind::Binary(BinaryOp::Subtract, a, b) => number(function, a)? - number(function, b)?,
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
        | ExprKind::ThreadIndex(_) => build::constant(function, value)?,
    };
    (low..=high).contains(&number).then_some(number)
}

/// Returns a value as a multiple of the state and a constant, modulo 2 to the power of some bits.
fn linear(function: &Function, value: Handle<Expr>, state: Handle<Var>, bits: u32) -> Option<Step> {
    let node = &function.exprs[value];
    let own = node.ty.scalar().filter(|own| !own.is_float())?;
    if own.bits() < bits && !matches!(node.kind, ExprKind::Int(_)) {
        return None;
    }
    let wrapped = |step: Step| Step {
        factor: step.factor.rem_euclid(1 << bits),
        plus: step.plus.rem_euclid(1 << bits),
        bits,
    };
    let of = |operand| linear(function, operand, state, bits);
    let step = match &node.kind {
        ExprKind::Int(value) => Step {
            factor: 0,
            plus: *value,
            bits,
        },
        ExprKind::Load(place) if place.path.is_empty() && place.var == state => Step {
            factor: 1,
            plus: 0,
            bits,
        },
        ExprKind::Cast(inner) => of(*inner)?,
        ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => {
            let (a, b) = (of(*a)?, of(*b)?);
            let sign = if *op == BinaryOp::Add { 1 } else { -1 };
            Step {
                factor: a.factor + sign * b.factor,
                plus: a.plus + sign * b.plus,
                bits,
            }
        }
        ExprKind::Binary(BinaryOp::Multiply, a, b) => {
            let (a, b) = (of(*a)?, of(*b)?);
            let (step, by) = if a.factor == 0 { (b, a) } else { (a, b) };
            (by.factor == 0).then_some(())?;
            // In the ring of the type, so that nothing leaves 128 bits.
            let by = by.plus.cast_unsigned();
            let product = |a: i128| a.cast_unsigned().wrapping_mul(by).cast_signed();
            Step {
                factor: product(step.factor),
                plus: product(step.plus),
                bits,
            }
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return None,
    };
    Some(wrapped(step))
}

impl Generator {
    /// Puts steps at once before those of each iteration.
    fn spread(&self, work: &mut Work<'_>) -> Option<()> {
        let mut statements = work.statements().to_vec();
        let span = statements.iter().map(Stmt::span).reduce(Span::join)?;
        self.block(work, &mut statements, true)?;
        let mut index = Index::new(self.steps, Scalar::U64, &statements, Trips::NotNegative);
        let function = &mut work.function;
        let made = index.added(function, &statements)??;
        let none = build::int(function, 0, Scalar::U64);
        index.rewrite(function, &mut statements, none)?;
        let last = self.state_after(function, made);
        let at = work.range.end - 1;
        work.made.extend(index.made);
        work.take();
        work.put(statements);
        if is_live_after(&work.function, work.path, at, self.state) {
            let last = work.assignment(self.state, last, span);
            work.last_values.push(last);
        }
        Some(())
    }

    /// Appends the state after some steps, as far as the next step depends on it.
    fn after(&self, function: &mut Function, steps: Handle<Expr>) -> Handle<Expr> {
        let (ty, step) = (self.unsigned, self.step);
        let state = function.load(self.state);
        let state = build::convert(function, state, ty);
        let [factor, plus] = [step.factor, step.plus].map(|value| build::int(function, value, ty));
        let name = advance::function_in(ty).unwrap_or_default();
        let call = ExprKind::Call(name.to_owned(), vec![state, factor, plus, steps]);
        let mut value = function.expr(call, ty);
        if self.is_masked() {
            let mask = build::int(function, (1 << step.bits) - 1, ty);
            value = function.expr(ExprKind::Binary(BinaryOp::BitAnd, value, mask), ty);
        }
        build::convert(function, value, self.ty)
    }

    /// Appends the state after some steps: of none, all of what it was before.
    fn state_after(&self, function: &mut Function, steps: Handle<Expr>) -> Handle<Expr> {
        let after = self.after(function, steps);
        if !self.is_masked() {
            return after;
        }
        let none = build::int(function, 0, Scalar::U64);
        let kind = ExprKind::Select {
            condition: build::binary(function, BinaryOp::Equal, steps, none),
            then: function.load(self.state),
            otherwise: after,
        };
        function.expr(kind, self.ty)
    }

    fn is_masked(&self) -> bool {
        self.step.bits < self.ty.bits()
    }

    fn is_step(&self, stmt: &Stmt) -> bool {
        matches!(stmt, Stmt::Compute(Compute { target, .. }) if target.var == self.state)
    }

    fn has_step(&self, block: &[Stmt]) -> bool {
        region::first(block, &mut |stmt| self.is_step(stmt).then_some(())).is_some()
    }

    /// Gives a block a state of its own wherever it makes or reads one, and counts the steps.
    fn block(&self, work: &mut Work<'_>, block: &mut Block, is_outermost: bool) -> Option<()> {
        let mut own = None;
        let mut is_current = false;
        for mut stmt in std::mem::take(block) {
            let steps_inside = region::blocks(&stmt).any(|inside| self.has_step(inside));
            let reads = region::expressions(&stmt);
            let mut reads = reads.into_iter();
            let names_itself = reads.any(|expr| build::names(&work.function, expr, self.state));
            let names = names_itself
                || self.is_step(&stmt)
                || !steps_inside && region::names(&work.function, &stmt, self.state);
            if names && (is_outermost || matches!(stmt, Stmt::While(_))) {
                return None;
            }
            if names && !is_current {
                block.extend(self.refresh(work, &mut own, &stmt));
                is_current = true;
            }
            let is_step = self.is_step(&stmt);
            let span = stmt.span();
            if let Some(own) = own {
                self.rename(work, &mut stmt, own, steps_inside);
            }
            if steps_inside {
                for inside in region::blocks_mut(&mut stmt) {
                    self.block(work, inside, false)?;
                }
                is_current = false;
            }
            block.push(stmt);
            if is_step {
                block.push(self.count(work, span));
            }
        }
        Some(())
    }

    /// Sets a block's own state to what it is after all steps so far, for a statement behind.
    fn refresh(&self, work: &mut Work<'_>, own: &mut Option<Handle<Var>>, next: &Stmt) -> Block {
        let (mut new, span) = (Block::new(), next.span());
        let own = *own.get_or_insert_with(|| {
            let name = format!("{}.own", work.function.vars[self.state].name);
            let name = work.function.fresh_name(&name);
            let var = work.function.vars.push(Var::local(name, self.ty));
            new.push(Stmt::Declare(var, span));
            var
        });
        let steps = work.function.load(self.steps);
        let value = if self.is_step(next) {
            self.after(&mut work.function, steps)
        } else {
            self.state_after(&mut work.function, steps)
        };
        new.push(Stmt::Compute(work.assignment(own, value, span)));
        new
    }

    /// Has a statement name the block's own state; what stands inside keeps its names where it has a state of its own.
    fn rename(&self, work: &mut Work<'_>, stmt: &mut Stmt, own: Handle<Var>, is_only_itself: bool) {
        let names = BTreeMap::from([(self.state, own)]);
        if !is_only_itself {
            substitute::rename(&mut work.function, std::slice::from_mut(stmt), &names);
            return;
        }
        substitute::in_statement(&mut work.function, stmt, &mut |function, read| {
            (read.place == Place::var(self.state)).then(|| function.load(own))
        });
    }

    /// Counts one step.
    fn count(&self, work: &mut Work<'_>, span: Span) -> Stmt {
        let so_far = work.function.load(self.steps);
        let one = build::int(&mut work.function, 1, Scalar::U64);
        let next = ExprKind::Binary(BinaryOp::Add, so_far, one);
        let next = work.function.expr(next, Scalar::U64);
        Stmt::Compute(work.assignment(self.steps, next, span))
    }
}
