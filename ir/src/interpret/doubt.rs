//! How far results may be from those of another order of reductions.
//!
//! A sum of `n` floating-point numbers whose magnitudes add up to `A` is off by at most `γₙ·A` in every order, where
//! `γₙ = n·u/(1 − n·u)` and `u` is the unit roundoff; so two orders differ by at most twice that.
//! The machine follows this bound from the statements of reductions to everything that is computed from them: with
//! every value that another order may change, it keeps how far it may be from what it is here — its *doubt*.
//! Where products and sums may contract into one operation with one rounding, any operand of a sum may be a product
//! that was not rounded, and so off by `u` times its magnitude.
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
    /// Whether products and sums may contract.
    pub(super) contracts: bool,
    /// Whether functions of the C library may be those of another library.
    pub(super) has_other_library: bool,
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
        !self.of_range(pointer, size_bytes).is_empty()
    }

    /// Returns the doubt of what memory holds at an address.
    pub(super) fn at(&self, pointer: Pointer) -> Option<f64> {
        let sum = self.memory.get(&(pointer.object, pointer.offset))?;
        Some(sum.bound())
    }

    /// Notes that a range of memory holds new bytes that every order gives.
    pub(super) fn forget(&mut self, to: Pointer, size_bytes: u64) {
        for (key, _) in self.of_range(to, size_bytes) {
            self.memory.remove(&key);
        }
    }

    /// Notes that a range of memory was copied, byte for byte.
    pub(super) fn copy(&mut self, to: Pointer, from: Pointer, size_bytes: u64) {
        let copied = self.of_range(from, size_bytes);
        self.forget(to, size_bytes);
        for ((_, offset), sum) in copied {
            let offset = to.offset.saturating_add(offset - from.offset);
            self.memory.insert((to.object, offset), sum);
        }
    }

    /// Returns what is in doubt of a range of memory.
    fn of_range(&self, start: Pointer, size_bytes: u64) -> Vec<((ObjectId, i64), Sum)> {
        let size = i64::try_from(size_bytes).unwrap_or(i64::MAX);
        let (first, last) = (start.offset, start.offset.saturating_add(size));
        let range = (start.object, first)..(start.object, last.max(first));
        self.memory
            .range(range)
            .map(|(key, sum)| (*key, *sum))
            .collect()
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

    /// Returns the doubt of a value that was read at a location.
    ///
    /// Bytes of a number in doubt that are read as something else have no bound.
    pub(super) fn doubt_of_read(&mut self, location: Location<'m>, value: &Value) -> Option<f64> {
        let doubt = self.sum_at(location).map(Sum::bound);
        let is_other = match location {
            Location::Slot(..) | Location::Memory(None, _) => false,
            Location::Memory(Some(pointer), ty) => {
                let doubts = self.machine.doubts.as_ref()?;
                let size = ty.scalar().map_or(0, Scalar::size_bytes);
                let is_number = number(value).is_some();
                doubts
                    .of_range(pointer, size)
                    .iter()
                    .any(|((_, offset), sum)| {
                        sum.bound() > 0.0 && (*offset != pointer.offset || !is_number)
                    })
            }
        };
        if is_other {
            self.give_up_doubts();
            return None;
        }
        doubt
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
    let rounding = rounding(scalar, result);
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

/// Returns how far a sum or difference may be off because an operand is a product that was not rounded; 0 for other
/// operations.
pub(super) fn contraction(op: BinaryOp, a: f64, b: f64, scalar: Scalar) -> f64 {
    if matches!(op, BinaryOp::Add | BinaryOp::Subtract) && scalar.is_float() {
        rounding(scalar, a) + rounding(scalar, b)
    } else {
        0.0
    }
}

/// Returns the doubt of a call's result, or `None` where no bound is known.
///
/// **Source**: the mean value theorem; a library's own error, a few units in the last place, is in the last term.
pub(super) fn call(
    name: &str,
    argument: f64,
    doubt: f64,
    result: f64,
    scalar: Scalar,
) -> Option<f64> {
    let own = 4.0 * rounding(scalar, result);
    let (low, high) = (argument - doubt, argument + doubt);
    let double = name.strip_suffix('f').filter(|_| scalar == Scalar::F32);
    match double.unwrap_or(name) {
        "fabs" => Some(doubt),
        // |√a − √b| = |a − b| / (√a + √b).
        "sqrt" if low > 0.0 => Some(doubt / (result + low.sqrt()) + own),
        // No slope is above 1.
        "sin" | "cos" | "tanh" | "atan" => Some(doubt + own),
        "exp" => Some(result * doubt.exp_m1() + own),
        "log" if low > 0.0 => Some(doubt / low + own),
        // What rounds to one integer from end to end is certain.
        "floor" if low.floor().to_bits() == high.floor().to_bits() => Some(0.0),
        "ceil" if low.ceil().to_bits() == high.ceil().to_bits() => Some(0.0),
        "trunc" if low.trunc().to_bits() == high.trunc().to_bits() => Some(0.0),
        _ => None,
    }
}

/// How far the results of two libraries may be apart.
///
/// **Units**: units in the last place.
/// **Source**: CUDA C++ Programming Guide 13.0, “Mathematical Functions”, tables of maximum errors: none of the functions
/// of [`Builtin`](crate::builtin::Builtin) is above 8 (`powf`); glibc manual, “Known Maximum Errors in Math Functions”:
/// none of them is above 4.
const LIBRARIES_APART: f64 = 12.0;

/// Returns how far the result of a function may be from that of another library, or `None` where no bound is known: near
/// the largest number one of them may overflow and the other not.
pub(super) fn other_library(result: f64, scalar: Scalar) -> Option<f64> {
    if result.is_nan() {
        return Some(0.0);
    }
    Some(LIBRARIES_APART * rounding(scalar, result)).filter(|doubt| doubt.is_finite())
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

/// Returns how far apart two roundings of numbers near this one may be.
///
/// Below the normal numbers the distance is no part of the number but a constant.
fn rounding(scalar: Scalar, number: f64) -> f64 {
    let least = if scalar == Scalar::F32 {
        f64::from(f32::from_bits(1))
    } else {
        f64::from_bits(1)
    };
    2.0 * roundoff(scalar) * number.abs() + least
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
