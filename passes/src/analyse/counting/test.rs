//! The comparison that a loop goes on by, and the first value of its counter for which it fails.

use std::collections::BTreeSet;

use mupac_ir::structure::declarations;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Var, While};

use super::fixed::{is_fixed, peeled};
use super::step::{At, Reading, Step};
use super::{Counting, changed};
use crate::build;

/// How a counter is compared, the counter on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// `<` of a counter that goes up, `>` of one that goes down.
    Before,
    /// `<=` and `>=` likewise.
    UpTo,
    /// `!=`.
    Unequal,
}

/// What the test of a loop compares.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) relation: Relation,
    /// What the counter is compared with; `None`: with 0.
    pub(super) bound: Option<Handle<Expr>>,
    /// What is added to the counter that an iteration starts with before it is compared.
    pub(super) ahead: i64,
    /// What else is added to it in `int`, and how that is taken from the other side.
    pub(super) lead: Option<(BinaryOp, Handle<Expr>)>,
}

impl Test {
    /// Reads the test of a loop that counts by a step.
    pub(super) fn of(function: &Function, each: &While, step: &Step) -> Option<Self> {
        Self::by(function, each, step, each.condition)
    }

    /// Reads the tests of a loop that counts by a step and goes on as long as several conditions hold, and the others of these
    /// conditions; `None` where nothing is compared with the counter, or where a condition that says more comes too late.
    pub(super) fn all_of(
        function: &Function,
        each: &While,
        step: &Step,
    ) -> Option<(Vec<Self>, Vec<Handle<Expr>>)> {
        let (mut tests, mut others) = (Vec::new(), Vec::new());
        let conditions = build::conjuncts(function, each.condition);
        let is_alone = conditions.len() == 1;
        for condition in conditions {
            let is_first = tests.is_empty() && others.is_empty();
            let is_safe = is_first || is_total(function, condition);
            match Self::by(function, each, step, condition).filter(|_| is_safe) {
                Some(test) => tests.push(test),
                None => others.push(condition),
            }
        }
        // What is asked behind an iteration, or of what runs before the test, is not asked before an iteration.
        let is_first = !each.is_do && each.before_test.is_empty();
        (is_alone || is_first).then_some(())?;
        (!tests.is_empty()).then_some((tests, others))
    }

    /// Reads one condition of a loop that counts by a step.
    pub(super) fn by(
        function: &Function,
        each: &While,
        step: &Step,
        condition: Handle<Expr>,
    ) -> Option<Self> {
        let side = |expr| led(function, each, step, expr);
        let compared = comparison(function, condition);
        let (relation, (counter, lead), bound) = if let Some(((relation, is_up), a, b)) = compared {
            match (side(a), side(b)) {
                (Some(counter), None) => (directed(relation, is_up, step)?, counter, Some(b)),
                (None, Some(counter)) => (directed(relation, !is_up, step)?, counter, Some(a)),
                _ => return None,
            }
        } else {
            (Relation::Unequal, side(condition)?, None)
        };
        let mut own = declarations(&each.before_test);
        own.insert(step.var);
        let lead_value = lead.map(|(_, value)| value);
        let others = bound.into_iter().chain(lead_value);
        let mut named = others.flat_map(|other| build::variables(function, other));
        if named.any(|var| own.contains(&var)) {
            return None;
        }
        // Behind an iteration, a test sees what the next one would start with.
        let past = if each.is_do { step.by } else { 0 };
        let ahead = counter.checked_sub(past)?;
        let test = Self {
            relation,
            bound,
            ahead,
            lead,
        };
        (step.is_bounded || !test.adds() || test.is_short_of(each, step)).then_some(test)
    }

    /// Returns whether something is added to the counter before it is compared.
    fn adds(&self) -> bool {
        self.ahead != 0 || self.lead.is_some()
    }

    /// Returns whether a counter that may wrap around stays so far below a bound that no step leads past it.
    fn is_short_of(&self, each: &While, step: &Step) -> bool {
        let is_added = self.lead.is_none_or(|(back, _)| back == BinaryOp::Subtract);
        let is_short = step.by > 0 && self.ahead >= 0 && step.by <= self.ahead + 1;
        self.relation != Relation::Unequal && is_added && is_short && !each.is_do
    }
}

/// Returns whether a condition may be evaluated where the program does not: of plain variables, without division.
fn is_total(function: &Function, condition: Handle<Expr>) -> bool {
    let mut divides = false;
    build::visit(function, condition, &mut |_, node| {
        divides |= build::is_quotient(&node.kind);
    });
    let is_plain = |var| function.vars[var].is_plain_local();
    !divides && build::is_of_variables(function, condition, &is_plain)
}

/// What is added to a counter: a constant, and a value with its operator.
type Led = (i64, Option<(BinaryOp, Handle<Expr>)>);

/// Returns what one side of a comparison adds to the counter before an iteration: as [`side`] does, and a sum of integers of one
/// type with something else.
fn led(function: &Function, each: &While, step: &Step, expr: Handle<Expr>) -> Option<Led> {
    if let Some(ahead) = side(function, each, step, expr) {
        return Some((ahead, None));
    }
    let node = &function.exprs[expr];
    let ExprKind::Binary(op, a, b) = node.kind else {
        return None;
    };
    let ty = function.exprs[expr]
        .ty
        .scalar()
        .filter(|ty| is_added_in(*ty))?;
    let is_alike = |expr: &Handle<Expr>| function.exprs[*expr].ty.scalar() == Some(ty);
    if ![a, b].iter().all(is_alike) {
        return None;
    }
    let own = |expr| side(function, each, step, expr);
    let other = |expr| !build::names(function, expr, step.var);
    let (counter, lead, back) = match (op == BinaryOp::Add, op == BinaryOp::Subtract) {
        (true, _) if other(a) => (b, a, BinaryOp::Subtract),
        (true, _) if other(b) => (a, b, BinaryOp::Subtract),
        (_, true) if other(b) => (a, b, BinaryOp::Add),
        _ => return None,
    };
    Some((own(counter)?, Some((back, lead))))
}

/// Returns by how much more than the counter before an iteration one side of a comparison is worth, converted to nothing that
/// loses values.
fn side(function: &Function, each: &While, step: &Step, expr: Handle<Expr>) -> Option<i64> {
    let reading = Reading {
        function,
        block: &each.before_test,
        var: step.var,
        step: match step.at {
            At::BeforeTest(at) => Some((at, step.by)),
            At::Body(_) | At::AfterBody(_) => None,
        },
    };
    let (offset, is_narrowed) = reading.value(expr, each.before_test.len())?;
    let is_stepped_before = each.is_do && !matches!(step.at, At::BeforeTest(_));
    let stepped = if is_stepped_before { step.by } else { 0 };
    (!is_narrowed).then(|| offset.checked_add(stepped))?
}

/// Returns whether sums of a type are read: they are not narrowed, and where they wrap around, a guard says that they do not.
fn is_added_in(ty: Scalar) -> bool {
    [Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64].contains(&ty)
}

/// What a comparison is, whether it holds of small values of its left side, and its sides.
pub(super) type Comparison = ((Relation, bool), Handle<Expr>, Handle<Expr>);

pub(super) fn comparison(function: &Function, expr: Handle<Expr>) -> Option<Comparison> {
    const KNOWN: [(BinaryOp, (Relation, bool)); 5] = [
        (BinaryOp::Less, (Relation::Before, true)),
        (BinaryOp::LessEqual, (Relation::UpTo, true)),
        (BinaryOp::Greater, (Relation::Before, false)),
        (BinaryOp::GreaterEqual, (Relation::UpTo, false)),
        (BinaryOp::NotEqual, (Relation::Unequal, true)),
    ];
    let ExprKind::Binary(op, a, b) = function.exprs[expr].kind else {
        return None;
    };
    let (_, known) = KNOWN.into_iter().find(|(known, _)| *known == op)?;
    Some((known, a, b))
}

/// Returns the relation where the counter goes the way that ends it.
fn directed(relation: Relation, is_up: bool, step: &Step) -> Option<Relation> {
    (relation == Relation::Unequal || is_up == (step.by > 0)).then_some(relation)
}

impl Counting<'_> {
    /// Returns the first of the ends by several tests, as [`Self::end`] does.
    pub(super) fn first_end(
        &mut self,
        each: &While,
        step: &Step,
        tests: &[Test],
        (leaves, known): (bool, Option<Handle<Expr>>),
    ) -> Option<Handle<Expr>> {
        // Each test is a way out for the others.
        let how = (leaves || tests.len() > 1, known);
        let (mut ends, mut reached) = (Vec::new(), Vec::new());
        for test in tests {
            match self.end(each, step, test, how) {
                Some(end) => ends.push(end),
                None => reached.push(self.reached(each, step, test)?),
            }
        }
        let (first, rest) = ends.split_first()?;
        let first = rest.iter().try_fold(*first, |so_far, end| {
            let ty = self.function.exprs[*end].ty.scalar()?;
            let ty = if self.function.exprs[so_far].ty.scalar() == Some(ty) {
                ty
            } else {
                Scalar::I64
            };
            let is_signed = |end| {
                let own = self.function.exprs[end].ty.scalar();
                own.is_some_and(|own| own.fits_in(ty))
            };
            (is_signed(so_far) && is_signed(*end)).then_some(())?;
            let end = build::convert(&mut self.function, *end, ty);
            let so_far = build::convert(&mut self.function, so_far, ty);
            Some(self.earlier(step, (end, end), so_far))
        })?;
        let onward = if step.by > 0 {
            BinaryOp::Add
        } else {
            BinaryOp::Subtract
        };
        reached.into_iter().try_fold(first, |so_far, bound| {
            let ty = self.function.exprs[so_far].ty.scalar()?;
            let so_far = ty.fits_in(Scalar::I64).then_some(so_far)?;
            let so_far = build::convert(&mut self.function, so_far, Scalar::I64);
            let one = build::int(&mut self.function, 1, Scalar::I64);
            let behind = build::binary(&mut self.function, onward, bound, one);
            Some(self.earlier(step, (bound, behind), so_far))
        })
    }

    /// Returns a value where a bound comes before another one, else that one.
    fn earlier(
        &mut self,
        step: &Step,
        (bound, then): (Handle<Expr>, Handle<Expr>),
        otherwise: Handle<Expr>,
    ) -> Handle<Expr> {
        let op = if step.by > 0 {
            BinaryOp::Less
        } else {
            BinaryOp::Greater
        };
        let kind = ExprKind::Select {
            condition: build::binary(&mut self.function, op, bound, otherwise),
            then,
            otherwise,
        };
        let ty = self.function.exprs[otherwise].ty.clone();
        self.function.expr(kind, ty)
    }

    /// Returns the last value of a counter of 64 bits that a test lets pass, where the next one may be none of its type: where
    /// another bound comes behind it, it is one.
    fn reached(&mut self, each: &While, step: &Step, test: &Test) -> Option<Handle<Expr>> {
        let bound = test.bound?;
        let is_wide = |expr| self.function.exprs[expr].ty.scalar() == Some(Scalar::I64);
        let own = self.function.vars[step.var].ty.scalar()?;
        let is_plain = test.relation == Relation::UpTo && test.ahead == 0 && test.lead.is_none();
        let is_reached = is_plain && is_wide(bound) && own.fits_in(Scalar::I64);
        (is_reached && step.is_bounded && !each.is_do).then_some(bound)
    }

    /// Returns the first value of an integer counter beyond, in a type that holds it.
    ///
    /// `leaves` says whether the body may end the loop, `known` what the counter starts with, where that is known.
    pub(super) fn end(
        &mut self,
        each: &While,
        step: &Step,
        test: &Test,
        (leaves, known): (bool, Option<Handle<Expr>>),
    ) -> Option<Handle<Expr>> {
        let own = self.function.vars[step.var].ty.scalar()?;
        let bound = match test.bound {
            Some(bound) => bound,
            None => build::int(&mut self.function, 0, own),
        };
        let past = if step.by > 0 { 1 } else { -1 };
        let beyond = i64::from(test.relation == Relation::UpTo) * past - test.ahead;
        if let Some(end) = self.guarded(each, (test, beyond), (own, bound), known) {
            return Some(end);
        }
        let bound = self.without_lead(bound, test)?;
        let ty = self.function.exprs[bound].ty.scalar()?;
        let is_compared = own.fits_in(ty) && ty.integer_range().is_some();
        if !is_compared || !self.ends(each, step, test, (own, bound, leaves), known) {
            return None;
        }
        // In 64 bits only the limit that a loop runs into can be passed, and only where nothing leaves it before.
        let is_onward = beyond == past && !leaves;
        // A sum of numbers of 32 bits is far from that limit.
        let may_move = step.is_bounded && (ty != Scalar::I64 || is_onward || test.lead.is_some());
        let end = self.moved(bound, beyond, may_move)?;
        // With `!=` what starts at the bound or behind it does not end.
        if !each.is_do || test.relation == Relation::Unequal {
            return Some(end);
        }
        // The first iteration runs before any test.
        let inside = self.changed_in(each);
        let first = known.filter(|first| is_fixed(&self.function, *first, &inside))?;
        let first = self.moved(first, past, step.is_bounded)?;
        let ty = self.function.exprs[end].ty.scalar()?;
        let common = if self.function.exprs[first].ty.scalar() == Some(ty) {
            ty
        } else {
            Scalar::I64
        };
        let end = build::convert(&mut self.function, end, common);
        let first = build::convert(&mut self.function, first, common);
        let farther = if past > 0 {
            BinaryOp::Max
        } else {
            BinaryOp::Min
        };
        Some(build::binary(&mut self.function, farther, end, first))
    }

    /// Returns the first value beyond where something is added to a counter of 64 bits, or to one that may wrap around, before it
    /// is compared: what is computed for it is not negative and does not wrap around, which becomes a guard.
    ///
    /// A sum without a sign may wrap around as well, unless the loop starts near 0; one with a sign may not (C17 6.5 §5).
    fn guarded(
        &mut self,
        each: &While,
        (test, beyond): (&Test, i64),
        (own, bound): (Scalar, Handle<Expr>),
        known: Option<Handle<Expr>>,
    ) -> Option<Handle<Expr>> {
        let ty = self.function.exprs[bound].ty.scalar()?;
        let unsigned = match ty {
            Scalar::I64 | Scalar::U64 => Scalar::U64,
            Scalar::U32 => Scalar::U32,
            Scalar::Bool
            | Scalar::I8
            | Scalar::U8
            | Scalar::I16
            | Scalar::U16
            | Scalar::I32
            | Scalar::F32
            | Scalar::F64 => return None,
        };
        let start = known.and_then(|known| build::constant(&self.function, known));
        let starts_low = start.is_some_and(|start| (0..=i128::from(u16::MAX)).contains(&start));
        let is_asked = test.adds() && own == ty && !each.is_do;
        let is_variable = build::constant(&self.function, bound).is_none();
        if !is_asked
            || !is_variable
            || test.relation == Relation::Unequal
            || !(ty.is_signed() || starts_low)
        {
            return None;
        }
        let mut end = build::convert(&mut self.function, bound, unsigned);
        if let Some((op, lead)) = test.lead {
            let lead = build::convert(&mut self.function, lead, unsigned);
            end = build::binary(&mut self.function, op, end, lead);
        }
        let op = if beyond < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        if beyond != 0 {
            let by = build::int(&mut self.function, beyond.unsigned_abs().into(), unsigned);
            end = build::binary(&mut self.function, op, end, by);
        }
        Some(build::convert(&mut self.function, end, ty))
    }

    /// Returns what a counter is compared with where nothing is added to it.
    fn without_lead(&mut self, bound: Handle<Expr>, test: &Test) -> Option<Handle<Expr>> {
        let Some((op, lead)) = test.lead else {
            return Some(bound);
        };
        let is_int = self.function.exprs[bound].ty.scalar() == Some(Scalar::I32);
        is_int.then_some(())?;
        let bound = build::convert(&mut self.function, bound, Scalar::I64);
        let lead = build::convert(&mut self.function, lead, Scalar::I64);
        Some(build::binary(&mut self.function, op, bound, lead))
    }

    /// Returns whether a counter comes to its end in every execution that C defines, without wrapping around.
    fn ends(
        &self,
        each: &While,
        step: &Step,
        test: &Test,
        (own, bound, leaves): (Scalar, Handle<Expr>, bool),
        known: Option<Handle<Expr>>,
    ) -> bool {
        let is_unit = step.by.abs() == 1;
        let past = step.by - step.by.signum();
        let least = own.integer_range().map(|(least, _)| least);
        match test.relation {
            Relation::Unequal => {
                let inside = self.changed_in(each);
                let is_kept = !leaves && is_fixed(&self.function, bound, &inside);
                // Down to the least value, or up from it, nothing wraps around but where a `do` starts there, which then would
                // have to come round in 64 bits: a loop that only computes may be taken to end (C11 6.8.5 §6).
                let is_least = |value| build::constant(&self.function, value) == least;
                let is_down = step.by == -1 && is_least(bound);
                let is_up = step.by == 1 && is_kept && known.is_some_and(is_least);
                let is_unending = !each.is_do || (own.size_bytes() == 8 && is_kept);
                let is_toward = (is_down || is_up) && test.ahead == 0 && is_unending;
                (is_unit && is_kept && step.is_bounded) || is_toward
            }
            Relation::Before | Relation::UpTo if step.is_bounded => true,
            Relation::Before if self.stays_inside(own, bound, past) => {
                test.ahead == 0 && !each.is_do
            }
            // A guard keeps it from wrapping around where kernels run; it would come back to where it started, and never end.
            Relation::Before if step.by.unsigned_abs().is_power_of_two() && !is_unit => {
                let inside = self.changed_in(each);
                let is_own = self.function.exprs[bound].ty.scalar() == Some(own);
                let is_kept = is_own && !leaves && is_fixed(&self.function, bound, &inside);
                is_kept && test.ahead == 0 && !each.is_do
            }
            Relation::Before => {
                let peeled = peeled(&self.function, bound);
                let is_own = self.function.exprs[peeled].ty.scalar() == Some(own);
                is_unit && is_own && test.ahead == 0 && !each.is_do
            }
            Relation::UpTo => {
                let bound = build::constant(&self.function, bound);
                let past = bound.map(|bound| bound + i128::from(step.by.signum()));
                let is_inside = |past| {
                    own.integer_range()
                        .is_some_and(|(l, m)| (l..=m).contains(&past))
                };
                is_unit && past.is_some_and(is_inside) && test.ahead == 0 && !each.is_do
            }
        }
    }

    /// Returns whether a constant bound and how far a step may lead past it are values of a type.
    fn stays_inside(&self, own: Scalar, bound: Handle<Expr>, past: i64) -> bool {
        let bound = build::constant(&self.function, bound);
        let limits = own.integer_range();
        bound.zip(limits).is_some_and(|(bound, (least, most))| {
            let last = bound + i128::from(past);
            (least..=most).contains(&bound) && (least..=most).contains(&last)
        })
    }

    /// Returns the variables that a loop may change.
    pub(super) fn changed_in(&self, each: &While) -> BTreeSet<Handle<Var>> {
        let blocks = [&each.before_test, &each.body, &each.after_body];
        let mut found = BTreeSet::new();
        for block in blocks {
            found.extend(changed(&self.function, block));
        }
        found
    }

    /// Returns a bound plus a constant, where `may` says that this may be computed in 64 bits.
    fn moved(&mut self, bound: Handle<Expr>, by: i64, may: bool) -> Option<Handle<Expr>> {
        if by == 0 {
            return Some(bound);
        }
        let ty = self.function.exprs[bound].ty.scalar()?;
        let (least, most) = ty.integer_range()?;
        if let Some(value) = build::constant(&self.function, bound) {
            let value = value + i128::from(by);
            return (least..=most)
                .contains(&value)
                .then(|| build::int(&mut self.function, value, ty));
        }
        if !may || ty == Scalar::U64 {
            return None;
        }
        let wide = build::convert(&mut self.function, bound, Scalar::I64);
        let op = if by > 0 {
            BinaryOp::Add
        } else {
            BinaryOp::Subtract
        };
        let by = build::int(&mut self.function, by.unsigned_abs().into(), Scalar::I64);
        Some(build::binary(&mut self.function, op, wide, by))
    }
}
