//! How far results may be from the original's where a text's arithmetic may differ: sums in another order, products and
//! sums contracted.
//!
//! The original is executed by the interpreter on the very inputs of a test; what it says of a place, or of a number
//! that it prints, is the bound that [`mupac_ir::interpret`] follows from the operations that may differ.

use std::collections::BTreeMap;

use mupac_ir::interpret::{Limits, Machine, Mark, Printed, Stream, Value};
use mupac_ir::{Entry, ParameterKind, Relaxed, Scalar, Storage, Type, Unit};

use crate::glue::{Callee, Slot};
use crate::inputs::TestCase;
use crate::layout::layout;
use crate::loaded::{Held, Loaded};
use crate::results::{Holder, Results};
use crate::trial::Expected;

/// Most statements that the interpreter runs for one test; tests are small.
const MOST_STATEMENTS: u64 = 20_000_000;
/// The same of a whole program.
const MOST_PROGRAM_STATEMENTS: u64 = 50_000_000;

/// What a build of a text may do to its arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Freedom {
    /// What the plan does: sums in another order.
    Order,
    /// Besides, products and sums may become one operation.
    Contraction,
    /// Besides, a device computes functions of the C library with its own.
    Device,
}

impl Freedom {
    /// Returns whether a build with this freedom may compute other bits than the original.
    pub(crate) fn is_of(self, unit: &Unit) -> bool {
        unit.relaxed.as_ref().is_some_and(|relaxed| match self {
            Self::Order => !relaxed.reordered.is_empty(),
            Self::Contraction | Self::Device => true,
        })
    }
}

/// For each column of results and each of its values, how far it may be off; `None`: not at all, to the bit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    columns: Vec<(Holder, u32, Vec<Option<f64>>)>,
    /// What the interpreter printed.
    printed: Printed,
}

impl Bounds {
    /// Returns how far a value may be off.
    pub(crate) fn of(&self, holder: Holder, leaf: u32, index: usize) -> Option<f64> {
        let mut columns = self.columns.iter();
        let (_, _, bounds) = columns.find(|each| each.0 == holder && each.1 == leaf)?;
        bounds.get(index).copied().flatten()
    }

    /// Returns the numbers in what the original printed that may be off; none where the interpreter printed another
    /// text.
    pub(crate) fn marks(&self, stdout: &[u8]) -> &[Mark] {
        if self.printed.bytes == stdout {
            &self.printed.marks
        } else {
            &[]
        }
    }
}

/// Returns a machine that follows how far results may be off.
fn machine(relaxed: &Relaxed, freedom: Freedom, statements: u64) -> Machine<'_> {
    let limits = Limits {
        statements,
        ..Limits::default()
    };
    let machine = Machine::new(&relaxed.module)
        .with_limits(limits)
        .with_reductions(relaxed.reordered.clone());
    match freedom {
        Freedom::Order => machine,
        Freedom::Contraction => machine.with_contraction(),
        Freedom::Device => machine.with_contraction().with_other_library(),
    }
}

/// Returns what a program prints to each stream, with the numbers in it that may be off; `None` where the interpreter
/// cannot tell.
pub(crate) fn program(
    relaxed: &Relaxed,
    freedom: Freedom,
    arguments: &[String],
) -> Option<BTreeMap<Stream, Printed>> {
    let mut machine = machine(relaxed, freedom, MOST_PROGRAM_STATEMENTS);
    machine.program(arguments).ok()?;
    (!machine.is_uncertain()).then(|| machine.into_printed())
}

/// Returns the bounds of a test, of which `inputs` is what the function finds; `None` where the interpreter cannot tell: another order may take another
/// path, or the original does something that it does not model.
pub(crate) fn bounds(
    relaxed: &Relaxed,
    freedom: Freedom,
    entry: &Entry,
    callee: &Callee,
    expected: &Expected,
    inputs: &Results,
) -> Option<Bounds> {
    let case = &expected.case;
    let mut functions = relaxed.module.functions.iter();
    let (function, _) = functions.find(|(_, each)| each.name == entry.function.name)?;
    let machine = machine(relaxed, freedom, MOST_STATEMENTS);
    let mut loaded = Loaded::new(machine, held(relaxed, entry, callee, case)?, inputs)?;
    let mut arguments = Vec::new();
    for (number, parameter) in entry.parameters.iter().enumerate() {
        arguments.push(match &parameter.kind {
            ParameterKind::Buffer { .. } if case.absent() == Some(number) => Value::Pointer(None),
            ParameterKind::Buffer { .. } => {
                Value::Pointer(Some(loaded.argument(inputs, Holder::Buffer(number))?))
            }
            ParameterKind::Object => {
                Value::Structure(Box::new(loaded.object(Holder::Buffer(number))?))
            }
            ParameterKind::Function { among } => {
                let chosen = among.get(case.value(number)? as usize).or(among.last())?;
                let name = &entry.function.vars[*chosen].spelling;
                Value::Pointer(Some(loaded.machine.function(name).ok()?))
            }
            ParameterKind::Size | ParameterKind::Step | ParameterKind::Value => {
                let scalar = entry.function.vars[parameter.var].ty.scalar()?;
                argument(scalar, case.value(number)?)
            }
        });
    }
    loaded.machine.run(function, &arguments).ok()?;
    // Where memory is shared, what the interpreter says holds for what the original did, and for nothing else.
    let is_shared = case.has_aliases() || callee.has_rows();
    if loaded.machine.is_uncertain() || is_shared && !loaded.holds(&expected.results) {
        return None;
    }
    let bounds = of_results(&loaded);
    // Where a sum overflows in one order and not in another, every value is possible.
    let mut all = bounds.columns.iter().flat_map(|(_, _, bounds)| bounds);
    let is_finite = all.all(|bound| bound.is_none_or(f64::is_finite));
    is_finite.then_some(bounds)
}

/// Returns what holds values in a test.
fn held<'a>(
    relaxed: &Relaxed,
    entry: &'a Entry,
    callee: &'a Callee,
    case: &TestCase,
) -> Option<Vec<Held<'a>>> {
    let held = |of, ty: &Type, global| {
        let records = &relaxed.module.records;
        let layout = layout(ty, records, &entry.members, &|_| String::new()).ok()?;
        Some(Held { of, layout, global })
    };
    let mut all = Vec::new();
    for (number, name) in callee.global_names.iter().enumerate() {
        let mut vars = entry.function.vars.iter();
        let (_, var) =
            vars.find(|(_, var)| var.storage == Storage::Global && var.spelling == *name)?;
        all.push(held(
            Holder::Global(number),
            &var.ty,
            Some(var.name.as_str()),
        )?);
    }
    for (number, slot) in callee.slots.iter().enumerate() {
        let (Slot::Buffer { element, .. } | Slot::Rows { element, .. }) = slot else {
            continue;
        };
        if case.absent() != Some(number) {
            all.push(held(Holder::Buffer(number), element, None)?);
        }
    }
    Some(all)
}

/// Returns how far everything may be off that a call left behind.
fn of_results(loaded: &Loaded<'_>) -> Bounds {
    let machine = &loaded.machine;
    let mut columns = loaded.columns(&|machine, pointer, _| machine.doubt(pointer));
    columns.push((Holder::Result, 0, vec![machine.doubt_of_result()]));
    let printed = machine.printed(&Stream::Output);
    Bounds {
        columns,
        printed: printed.cloned().unwrap_or_default(),
    }
}

/// Returns the argument that `simt/harness.c` makes of the bits of a value.
fn argument(scalar: Scalar, bits: u64) -> Value {
    match scalar {
        Scalar::F32 => Value::F32(f64::from_bits(bits) as f32),
        Scalar::F64 => Value::F64(f64::from_bits(bits)),
        Scalar::Bool => Value::Integer(i128::from(bits != 0)),
        Scalar::I8
        | Scalar::U8
        | Scalar::I16
        | Scalar::U16
        | Scalar::I32
        | Scalar::U32
        | Scalar::I64
        | Scalar::U64 => {
            let unused = 64 - scalar.bits();
            Value::Integer(if scalar.is_signed() {
                i128::from((bits as i64) << unused >> unused)
            } else {
                i128::from(bits << unused >> unused)
            })
        }
    }
}
