//! Looks for sizes under which the guards of a plan hold, and sizes under which one of them alone does not: a mistake in
//! a kernel shows only where it is launched, and a missing guard only where all others let the launch pass.

use std::collections::BTreeMap;

use mupac_ir::random::Random;
use mupac_ir::{
    BinaryOp, Comparison, Expr, ExprKind, Function, Guard, Handle, RegionPlan, Scalar, UnaryOp, Var,
};

use crate::build;

/// Rows that are tried.
const ATTEMPTS: usize = 1500;

/// Most rows for which all guards hold.
const MOST_ROWS: usize = 12;

/// The most that the product of all sizes may be, so that a test is quick.
const MOST_WORK: i64 = 1 << 17;

/// Numbers that are tried for every size: few, the widths of blocks and what lies next to them, multiples of what
/// elements are wide.
const POOL: [i64; 20] = [
    -8, -1, 0, 1, 2, 3, 4, 5, 8, 12, 16, 17, 31, 32, 33, 40, 64, 100, 132, 257,
];

/// Returns rows of numbers for the given variables: by turns one for which all conditions on numbers hold, and one for
/// which one of them does not. `seeds` are rows that may be a start.
pub(super) fn rows(plan: &RegionPlan, sizes: &[Handle<Var>], seeds: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let conditions: Vec<Handle<Expr>> = plan
        .guards
        .iter()
        .filter_map(|guard| match guard {
            Guard::Holds { condition, .. } => Some(*condition),
            Guard::NoOverlap { .. }
            | Guard::Apart { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. }
            | Guard::Worthwhile { .. } => None,
        })
        .collect();
    if conditions.len() < 2 {
        return Vec::new();
    }
    let mut random = Random::new(sizes.len() as u64);
    let mut holding: Vec<Vec<i64>> = Vec::new();
    let mut failing = vec![None; conditions.len()];
    for attempt in 0..ATTEMPTS {
        if holding.len() == MOST_ROWS && failing.iter().all(Option::is_some) {
            break;
        }
        let row = row(attempt, sizes.len(), seeds, &mut random);
        let work = row
            .iter()
            .fold(1_i64, |work, size| work.saturating_mul(*size.max(&1)));
        if work > MOST_WORK {
            continue;
        }
        let values = sizes.iter().copied().zip(row.iter().copied()).collect();
        let mut failed = Vec::new();
        for (number, condition) in conditions.iter().enumerate() {
            // What depends on more than sizes may hold.
            let number_of = Values {
                function: &plan.function,
                values: &values,
            };
            if number_of.integer(*condition) == Some(0) {
                failed.push(number);
            }
        }
        match failed.as_slice() {
            [] if holding.len() < MOST_ROWS && !holding.contains(&row) => holding.push(row),
            [only] if failing[*only].is_none() => failing[*only] = Some(row),
            _ => {}
        }
    }
    by_turns(holding, failing.into_iter().flatten().collect())
}

/// Returns a row of numbers: the first ones are the seeds, others are near one, or anything.
fn row(attempt: usize, count: usize, seeds: &[Vec<i64>], random: &mut Random) -> Vec<i64> {
    if let Some(seed) = seeds.get(attempt) {
        return seed.clone();
    }
    let seed = seeds.get(attempt % (seeds.len() + 1));
    let at = random.below(count.max(1) as u64) as usize;
    (0..count)
        .map(|number| match seed.and_then(|seed| seed.get(number)) {
            Some(size) if number != at => *size,
            Some(_) | None => POOL[random.below(POOL.len() as u64) as usize],
        })
        .collect()
}

fn by_turns<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut all = Vec::new();
    loop {
        let (a, b) = (first.next(), second.next());
        if a.is_none() && b.is_none() {
            return all;
        }
        all.extend(a);
        all.extend(b);
    }
}

/// The values of variables, by which expressions have values.
struct Values<'a> {
    function: &'a Function,
    values: &'a BTreeMap<Handle<Var>, i64>,
}

impl Values<'_> {
    /// Returns the value of an integer expression; `None` where it is not known or C gives none.
    fn integer(&self, handle: Handle<Expr>) -> Option<i128> {
        let expr = self.function.exprs.get(handle)?;
        let value = match &expr.kind {
            ExprKind::Int(value) => *value,
            ExprKind::Load(place) if place.path.is_empty() => {
                i128::from(*self.values.get(&place.var)?)
            }
            ExprKind::Cast(inner) => match self.integer(*inner) {
                Some(value) => value,
                None => self.float(*inner)? as i128,
            },
            ExprKind::Unary(UnaryOp::Negate, inner) => self.integer(*inner)?.checked_neg()?,
            ExprKind::Unary(UnaryOp::Not, inner) => i128::from(self.integer(*inner)? == 0),
            ExprKind::Binary(BinaryOp::And, a, b) => {
                i128::from(self.integer(*a)? != 0 && self.integer(*b)? != 0)
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                i128::from(self.integer(*a)? != 0 || self.integer(*b)? != 0)
            }
            ExprKind::Binary(op, a, b) if self.is_float(*a) => {
                compared(*op, self.float(*a)?, self.float(*b)?)?
            }
            ExprKind::Binary(op, a, b) => build::fold(*op, self.integer(*a)?, self.integer(*b)?)?,
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let is_true = self.integer(*condition)? != 0;
                self.integer(if is_true { *then } else { *otherwise })?
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot, _)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => return None,
        };
        let (least, most) = expr.ty.scalar()?.integer_range()?;
        (least..=most).contains(&value).then_some(value)
    }

    /// Returns the value of an expression of a floating type.
    fn float(&self, handle: Handle<Expr>) -> Option<f64> {
        let expr = self.function.exprs.get(handle)?;
        match &expr.kind {
            ExprKind::Float(value) => Some(*value),
            ExprKind::Cast(inner) if self.is_float(*inner) => self.float(*inner),
            ExprKind::Cast(inner) => Some(self.integer(*inner)? as f64),
            ExprKind::Binary(BinaryOp::Multiply, a, b) => Some(self.float(*a)? * self.float(*b)?),
            ExprKind::Binary(BinaryOp::Add, a, b) => Some(self.float(*a)? + self.float(*b)?),
            ExprKind::Binary(BinaryOp::Subtract, a, b) => Some(self.float(*a)? - self.float(*b)?),
            ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    fn is_float(&self, handle: Handle<Expr>) -> bool {
        let ty = self
            .function
            .exprs
            .get(handle)
            .and_then(|expr| expr.ty.scalar());
        ty.is_some_and(Scalar::is_float)
    }
}

/// Compares floating-point numbers by their order.
fn compared(op: BinaryOp, a: f64, b: f64) -> Option<i128> {
    let comparison = Comparison::of(op)?;
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    (!is_equality).then(|| i128::from(comparison.holds(&a, &b)))
}
