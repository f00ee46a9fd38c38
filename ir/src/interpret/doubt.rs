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
use crate::expr::ExprKind;
use crate::function::{Function, Var};
use crate::plan::ReductionOperator;
use crate::stmt::{Compute, StmtId};
use crate::types::Scalar;

use super::activation::Activation;
use super::fault::Outcome;
use super::place::{Location, Purpose};
use super::rounding::{number, roundoff};
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
