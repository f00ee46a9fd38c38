//! Makes a failing test small: sizes toward 0 and 1, then numbers and elements, each step run again.
//!
//! A step is kept if the original still defines the result and the candidate still fails in the same way.
//! The order of steps and their number are fixed, so the same failure always shrinks to the same test.

use mupac_ir::{Precision, Scalar};

use crate::bench::{Bench, Variant};
use crate::counterexample::written;
use crate::glue::{Callee, Slot};
use crate::inputs::TestCase;
use crate::origin;
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::results::{Element, Results, Values};
use crate::trial::{Extents, Judgement, judge, validate};

/// Most steps that are tried; each costs a few runs.
const MOST_STEPS: usize = 160;
/// Most elements that are shrunk one by one.
const MOST_ELEMENTS: usize = 64;
/// Sizes to try in place of a larger one, the smallest first.
const SIZES: [i64; 14] = [0, 1, 2, 3, 4, 5, 8, 16, 17, 32, 33, 64, 128, 256];

/// A test that fails, and how.
pub(crate) struct Failing<'a> {
    pub(crate) bench: &'a Bench<'a>,
    pub(crate) callee: &'a Callee,
    /// The run that failed.
    pub(crate) variant: Variant<'a>,
    pub(crate) extents: Extents,
    pub(crate) kind: FailureKind,
}

/// The smallest test so far.
struct Smallest {
    case: TestCase,
    /// What fails, the test with the extents that it ran with, and the first value that is wrong.
    failure: Failure,
    ran: TestCase,
    element: Option<Element>,
    steps: usize,
}

impl Failing<'_> {
    /// Returns the failure of the smallest test that fails alike, as C.
    ///
    /// A run that does not end costs its whole limit at every step and stays as it is.
    pub(crate) fn shrunk(
        &self,
        case: TestCase,
        ran: TestCase,
        failure: Failure,
        element: Option<Element>,
    ) -> Result<Failure, TesterError> {
        if self.kind == FailureKind::Timeout || !self.bench.options.shrinks {
            return Ok(failure);
        }
        let mut smallest = Smallest {
            case,
            failure,
            ran,
            element,
            steps: 0,
        };
        self.with_own_memory(&mut smallest)?;
        self.sizes(&mut smallest)?;
        self.numbers(&mut smallest)?;
        let mut inputs = self.bench.inputs(&smallest.ran)?.results;
        if elements(&inputs) <= MOST_ELEMENTS {
            self.elements(&mut smallest, &inputs)?;
            inputs = self.bench.inputs(&smallest.ran)?.results;
        }
        Ok(Failure {
            counterexample: Some(written(self.callee, &smallest.ran, &inputs)),
            origin: origin::of_test(self.bench, &self.variant, &smallest.ran, smallest.element)?,
            ..smallest.failure
        })
    }

    /// Takes a smaller test if it fails alike; says whether it does.
    fn step(&self, smallest: &mut Smallest, case: TestCase) -> Result<bool, TesterError> {
        if smallest.steps >= MOST_STEPS {
            return Ok(false);
        }
        smallest.steps += 1;
        let Ok(expected) = validate(self.bench, self.callee, &case, self.extents)? else {
            return Ok(false);
        };
        let observed = self.bench.candidate(&self.variant, &expected.case)?;
        let freedom = self.variant.freedom;
        let judgement = judge(self.bench, &expected, &observed, self.callee, freedom)?;
        let fault = match judgement {
            Judgement::Fault(fault) if fault.kind == self.kind => fault,
            Judgement::Fault(_) | Judgement::TooLarge | Judgement::Agrees | Judgement::Unknown => {
                return Ok(false);
            }
        };
        smallest.element = fault.element;
        smallest.failure = fault.failure(&observed, self.callee, &self.variant, &expected.case);
        smallest.case = case;
        smallest.ran = expected.case;
        Ok(true)
    }

    fn with_own_memory(&self, smallest: &mut Smallest) -> Result<(), TesterError> {
        if smallest.case.has_aliases() {
            let case = smallest.case.without_aliases();
            self.step(smallest, case)?;
        }
        if smallest.case.shares_rows() {
            let case = smallest.case.with_own_rows();
            self.step(smallest, case)?;
        }
        if smallest.case.absent().is_some() {
            let case = smallest.case.with_all();
            self.step(smallest, case)?;
        }
        Ok(())
    }

    fn sizes(&self, smallest: &mut Smallest) -> Result<(), TesterError> {
        let slots = self.callee.slots.iter().enumerate();
        for (slot, _) in slots.filter(|(_, kind)| matches!(kind, Slot::Size(_))) {
            let size = |smallest: &Smallest| smallest.case.value(slot).unwrap_or(0) as i64;
            for smaller in SIZES {
                if smaller >= size(smallest) {
                    break;
                }
                let case = smallest.case.with_value(slot, smaller as u64);
                if self.step(smallest, case)? {
                    break;
                }
            }
            // Between two of the sizes the least is found by halving what is left, then by single steps.
            for divisor in [2, 4, 8] {
                let now = size(smallest);
                let case = smallest.case.with_value(slot, (now - now / divisor) as u64);
                if now > 2 {
                    self.step(smallest, case)?;
                }
            }
            while size(smallest) > 1 {
                let case = smallest.case.with_value(slot, (size(smallest) - 1) as u64);
                if !self.step(smallest, case)? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn numbers(&self, smallest: &mut Smallest) -> Result<(), TesterError> {
        for (slot, kind) in self.callee.slots.iter().enumerate() {
            let Slot::Value(scalar) = kind else { continue };
            let one = if scalar.is_float() {
                1.0_f64.to_bits()
            } else {
                1
            };
            for simple in [0, one] {
                let is_simple = smallest.case.value(slot) == Some(simple);
                if is_simple || self.step(smallest, smallest.case.with_value(slot, simple))? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Spells the inputs out and makes each element 0 or 1 that may be.
    fn elements(&self, smallest: &mut Smallest, inputs: &Results) -> Result<(), TesterError> {
        let mut case = smallest.case.clone();
        case.data = inputs.values.iter().map(spelled).collect();
        // The same bytes fail the same way, unless a buffer shares its memory with another.
        if !self.step(smallest, case)? {
            return Ok(());
        }
        for (column, values) in inputs.values.iter().enumerate() {
            let count = smallest
                .case
                .data
                .get(column)
                .map_or(0, |each| each.2.len());
            for index in 0..count {
                for simple in [0, one(values.scalar)] {
                    let mut case = smallest.case.clone();
                    let element = case.data.get_mut(column);
                    let element = element.and_then(|each| each.2.get_mut(index));
                    let Some(element) = element.filter(|now| **now != simple) else {
                        break;
                    };
                    *element = simple;
                    if self.step(smallest, case)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

fn elements(inputs: &Results) -> usize {
    let count = |values: &Values| values.bytes.len() / values.scalar.size_bytes() as usize;
    inputs.values.iter().map(count).sum()
}

/// Returns a column with the bits of its values.
fn spelled(values: &Values) -> (crate::results::Holder, u32, Vec<u64>) {
    let bits = |bytes: &[u8]| {
        let bytes = bytes.iter().rev();
        bytes.fold(0, |bits, &byte| bits << 8 | u64::from(byte))
    };
    let chunks = values
        .bytes
        .chunks_exact(values.scalar.size_bytes() as usize);
    (values.of, values.leaf, chunks.map(bits).collect())
}

fn one(scalar: Scalar) -> u64 {
    match scalar.precision() {
        Some(Precision::Single) => u64::from(1.0_f32.to_bits()),
        Some(Precision::Double) => 1.0_f64.to_bits(),
        None => 1,
    }
}
