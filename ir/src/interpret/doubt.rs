//! How far results may be from those of another order of reductions.
//!
//! A sum of `n` floating-point numbers whose magnitudes add up to `A` is off by at most `γₙ·A` in every order, where
//! `γₙ = n·u/(1 − n·u)` and `u` is the unit roundoff; so two orders differ by at most twice that.
//! The machine follows this bound from the statements of reductions to everything that is computed from them: with
//! every value that another order may change, it keeps how far it may be from what it is here — its *doubt*.
//! Where a comparison, a conversion to an integer or an infinity makes the bound useless, the run is *uncertain*, and
//! nothing is to be learnt from comparing it.
//!
//! **Source**: Higham, “Accuracy and Stability of Numerical Algorithms”, 2002, §3.1, §3.3 (running error analysis), §4.2.

use std::collections::BTreeMap;

use crate::arena::Handle;
use crate::expr::{BinaryOp, ExprKind};
use crate::function::{Function, Var};
use crate::plan::ReductionOperator;
use crate::stmt::{Compute, StmtId};
use crate::types::Scalar;

use super::activation::Activation;
use super::fault::Outcome;
use super::place::{Location, Purpose};
use super::value::{ObjectId, Pointer, Value};

/// The statements of reductions, by function, with their operators.
pub type ReducedStatements = BTreeMap<(Handle<Function>, StmtId), ReductionOperator>;

/// What a machine follows.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubts {
    statements: ReducedStatements,
    /// Doubts of what memory holds, by object and offset.
    memory: BTreeMap<(ObjectId, i64), Sum>,
    /// The doubt of the value that was returned last.
    pub(super) returned: Option<f64>,
    /// Whether another order may take another path.
    pub(super) is_uncertain: bool,
}

/// The doubt of a place, as the parts of a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    /// Number of terms.
    terms: f64,
    /// The sum of their magnitudes.
    magnitude: f64,
    /// The doubts of the terms themselves.
    carried: f64,
    /// Unit roundoff of the place.
    roundoff: f64,
    /// Of a product: the sum of the magnitudes of its factors' logarithms, which says what partial products may reach.
    logarithms: f64,
}

impl Sum {
    /// Returns the doubt of a value that is no sum.
    fn of(doubt: f64) -> Self {
        Self {
            carried: doubt,
            ..Self::default()
        }
    }

    /// Returns how far the value may be from that of another order.
    pub(super) fn bound(self) -> f64 {
        let relative = self.terms * self.roundoff;
        if relative >= 0.5 {
            return f64::INFINITY;
        }
        // The factor makes up for the roundings of the bound's own arithmetic.
        (self.carried + 2.0 * relative / (1.0 - relative) * self.magnitude) * (1.0 + 1e-6)
    }

    /// Returns the doubt after one more term: the place held `before` and holds `after`.
    fn joined(self, before: f64, after: f64, doubt: f64, scalar: Scalar) -> Self {
        let roundoff = roundoff(scalar);
        let start = if self.terms == 0.0 {
            before.abs()
        } else {
            self.magnitude
        };
        Self {
            terms: self.terms.max(1.0) + 1.0,
            // What the difference of two rounded values hides is below the last part.
            magnitude: start + (after - before).abs() + roundoff * after.abs(),
            carried: self.carried + doubt,
            roundoff,
            logarithms: 0.0,
        }
    }

    /// Returns the doubt of a product after one more factor.
    ///
    /// Beyond the range of the type, other orders may lose everything.
    fn multiplied(self, before: f64, after: f64, doubt: f64, scalar: Scalar) -> Self {
        let range = if scalar == Scalar::F32 { 120.0 } else { 1000.0 };
        let start = if self.logarithms == 0.0 {
            before.abs().log2().abs()
        } else {
            self.logarithms
        };
        let logarithms = start + (after / before).abs().log2().abs();
        let is_in_range = logarithms < range;
        Self {
            logarithms,
            ..Self::of(if is_in_range { doubt } else { f64::INFINITY })
        }
    }
}

impl Doubts {
    /// Returns nothing in doubt yet.
    pub(super) fn new(statements: ReducedStatements) -> Self {
        Self {
            statements,
            ..Self::default()
        }
    }

    /// Returns whether something of a range of memory is in doubt.
    pub(super) fn touches(&self, pointer: Pointer, size_bytes: u64) -> bool {
        let size = i64::try_from(size_bytes).unwrap_or(i64::MAX);
        let end = pointer.offset.saturating_add(size);
        let (first, last) = ((pointer.object, pointer.offset), (pointer.object, end));
        first < last && self.memory.range(first..last).next().is_some()
    }

    /// Returns the doubt of what memory holds at an address.
    pub(super) fn at(&self, pointer: Pointer) -> Option<f64> {
        let sum = self.memory.get(&(pointer.object, pointer.offset))?;
        Some(sum.bound())
    }

    /// Returns whether any memory is in doubt.
    pub(super) fn has_memory(&self) -> bool {
        !self.memory.is_empty()
    }
}

/// Doubts of variables that are kept as values.
pub(super) type SlotDoubts = BTreeMap<Handle<Var>, Sum>;

impl<'m> Activation<'_, 'm> {
    /// Notes that another order may take another path from here.
    pub(super) fn give_up_doubts(&mut self) {
        self.doubt = None;
        if let Some(doubts) = &mut self.machine.doubts {
            doubts.is_uncertain = true;
        }
    }

    /// Takes over the doubt of an operation, which has no bound if there is none.
    pub(super) fn doubted(&mut self, doubt: Option<f64>) {
        match doubt {
            Some(doubt) => self.doubt = Some(doubt),
            None => self.give_up_doubts(),
        }
    }

    /// Returns the doubt of what is at a location.
    pub(super) fn doubt_at(&self, location: Location<'m>) -> Option<f64> {
        self.sum_at(location).map(Sum::bound)
    }

    fn sum_at(&self, location: Location<'m>) -> Option<Sum> {
        let doubts = self.machine.doubts.as_ref()?;
        match location {
            Location::Slot(var, _) => self.slot_doubts.get(&var).copied(),
            Location::Memory(pointer, _) => {
                let pointer = pointer?;
                doubts
                    .memory
                    .get(&(pointer.object, pointer.offset))
                    .copied()
            }
        }
    }

    /// Notes the doubt of what was put at a location.
    pub(super) fn set_doubt(&mut self, location: Location<'m>, doubt: Option<f64>) {
        self.set_sum(location, doubt.map(Sum::of));
    }

    fn set_sum(&mut self, location: Location<'m>, sum: Option<Sum>) {
        let Some(doubts) = &mut self.machine.doubts else {
            return;
        };
        match (location, sum) {
            (Location::Slot(var, _), Some(sum)) => drop(self.slot_doubts.insert(var, sum)),
            (Location::Slot(var, _), None) => drop(self.slot_doubts.remove(&var)),
            (Location::Memory(Some(pointer), _), Some(sum)) => {
                doubts.memory.insert((pointer.object, pointer.offset), sum);
            }
            (Location::Memory(Some(pointer), _), None) => {
                doubts.memory.remove(&(pointer.object, pointer.offset));
            }
            (Location::Memory(None, _), _) => {}
        }
    }

    /// Returns how a statement joins a contribution to its target, if it belongs to a reduction of floating-point
    /// numbers.
    pub(super) fn reduces(&self, compute: &Compute) -> Option<ReductionOperator> {
        let doubts = self.machine.doubts.as_ref()?;
        let key = (self.context.handle?, compute.id);
        let operator = doubts.statements.get(&key).copied();
        let ty = self.function.exprs.get(compute.value)?.ty.scalar()?;
        operator.filter(|_| ty.is_float())
    }

    /// Runs a statement of a reduction.
    pub(super) fn reduce(
        &mut self,
        compute: &'m Compute,
        operator: ReductionOperator,
    ) -> Outcome<()> {
        let target = self.locate(&compute.target, Purpose::Access)?;
        let Some(scalar) = target.ty().scalar() else {
            return Ok(());
        };
        let before = self.read(target)?;
        let old = self.sum_at(target).unwrap_or_default();
        let known = match operator {
            ReductionOperator::Sum => None,
            ReductionOperator::Product
            | ReductionOperator::Minimum
            | ReductionOperator::Maximum
            | ReductionOperator::BitAnd
            | ReductionOperator::BitOr
            | ReductionOperator::BitXor => Some(old),
        };
        self.set_sum(target, known);
        let value = self.evaluate(compute.value)?;
        let doubt = self.doubt.take().unwrap_or(0.0);
        let (Some(before), Some(after)) = (number(&before), number(&value)) else {
            return self.write(target, value);
        };
        self.write(target, value)?;
        let sum = match operator {
            ReductionOperator::Sum => old.joined(before, after, doubt, scalar),
            ReductionOperator::Product => old.multiplied(before, after, doubt, scalar),
            ReductionOperator::Minimum
            | ReductionOperator::Maximum
            | ReductionOperator::BitAnd
            | ReductionOperator::BitOr
            | ReductionOperator::BitXor => {
                // A comparison with a NaN fails, and which operand is then taken depends on the order.
                let value = self.function.exprs.get(compute.value);
                let is_choice =
                    value.is_some_and(|value| matches!(value.kind, ExprKind::Select { .. }));
                if is_choice && (before.is_nan() || after.is_nan()) {
                    self.give_up_doubts();
                }
                Sum::of(doubt.max(old.carried))
            }
        };
        self.set_sum(target, Some(sum));
        Ok(())
    }
}

/// Returns the doubt of an operation's result, or `None` where no bound is known.
///
/// `a` and `b` are the operands with their doubts, at least one of them in doubt.
pub(super) fn operation(
    op: BinaryOp,
    (a, a_doubt): (f64, f64),
    (b, b_doubt): (f64, f64),
    result: f64,
    scalar: Scalar,
) -> Option<f64> {
    let rounding = 2.0 * roundoff(scalar) * result.abs();
    let exact = match op {
        BinaryOp::Add | BinaryOp::Subtract => a_doubt + b_doubt,
        BinaryOp::Multiply => a.abs() * b_doubt + b.abs() * a_doubt + a_doubt * b_doubt,
        BinaryOp::Divide => {
            let least = b.abs() - b_doubt;
            if least <= 0.0 {
                return None;
            }
            (a_doubt + result.abs() * b_doubt) / least
        }
        BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual => {
            return ((a - b).abs() > a_doubt + b_doubt).then_some(0.0);
        }
        BinaryOp::Remainder
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::FloorDivide
        | BinaryOp::CeilDivide => return None,
    };
    Some(exact + (1.0 + 1e-6) * rounding).filter(|doubt| doubt.is_finite())
}

/// Returns the doubt of a call's result, or `None` where no bound is known.
pub(super) fn call(
    name: &str,
    argument: f64,
    doubt: f64,
    result: f64,
    scalar: Scalar,
) -> Option<f64> {
    let rounding = 2.0 * roundoff(scalar) * result.abs();
    match name {
        "fabs" | "fabsf" => Some(doubt),
        // |√a − √b| = |a − b| / (√a + √b).
        "sqrt" | "sqrtf" if argument - doubt > 0.0 => {
            Some(doubt / (result + (argument - doubt).sqrt()) + 2.0 * rounding)
        }
        _ => None,
    }
}

/// Returns the doubt of a conversion's result, or `None` where another order may give another integer.
pub(super) fn conversion(value: f64, doubt: f64, to: Scalar) -> Option<f64> {
    if to.is_float() {
        return Some(doubt + 2.0 * roundoff(to) * (value.abs() + doubt));
    }
    let (low, high) = (value - doubt, value + doubt);
    let is_certain = if to == Scalar::Bool {
        low > 0.0 || high < 0.0
    } else {
        (low.trunc() - high.trunc()).abs() < 0.5
    };
    is_certain.then_some(0.0)
}

/// Returns the unit roundoff of a floating-point type.
fn roundoff(scalar: Scalar) -> f64 {
    if scalar == Scalar::F32 {
        f64::from(f32::EPSILON) / 2.0
    } else {
        f64::EPSILON / 2.0
    }
}

/// Returns a floating-point number.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::F32(value) => Some(f64::from(*value)),
        Value::F64(value) => Some(*value),
        Value::Integer(_) | Value::Pointer(_) | Value::Structure(_) => None,
    }
}
