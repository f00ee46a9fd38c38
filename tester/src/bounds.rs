//! How far results may be from the original's where a text's arithmetic may differ: sums in another order, products and
//! sums contracted.
//!
//! The original is executed by the interpreter on the very inputs of a test; what it says of a place, or of a number
//! that it prints, is the bound that [`mupac_ir::interpret`] follows from the operations that may differ.

use std::collections::BTreeMap;

use mupac_ir::interpret::{Bytes, Limits, Machine, Mark, Pointer, Printed, Stream, Value};
use mupac_ir::{Entry, ParameterKind, Relaxed, Scalar, Storage, Type, Unit};

use crate::glue::{Callee, Slot};
use crate::inputs::TestCase;
use crate::layout::{Layout, layout};
use crate::results::{Holder, Results};

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

/// Returns the bounds of a test on these inputs; `None` where the interpreter cannot tell: another order may take another
/// path, or the original does something that it does not model.
pub(crate) fn bounds(
    relaxed: &Relaxed,
    freedom: Freedom,
    entry: &Entry,
    callee: &Callee,
    case: &TestCase,
    inputs: &Results,
) -> Option<Bounds> {
    if case.has_aliases() || callee.slots.contains(&Slot::Rows) {
        return None;
    }
    let mut functions = relaxed.module.functions.iter();
    let (function, _) = functions.find(|(_, each)| each.name == entry.function.name)?;
    let mut loader = Loader {
        machine: machine(relaxed, freedom, MOST_STATEMENTS),
        relaxed,
        inputs,
        objects: Vec::new(),
    };
    for (number, name) in callee.global_names.iter().enumerate() {
        let mut vars = entry.function.vars.iter();
        let (_, var) =
            vars.find(|(_, var)| var.storage == Storage::Global && var.spelling == *name)?;
        loader.global(number, &var.name, &var.ty)?;
    }
    let mut arguments = Vec::new();
    for (number, parameter) in entry.parameters.iter().enumerate() {
        arguments.push(match &parameter.kind {
            ParameterKind::Buffer { .. } if case.absent() == Some(number) => Value::Pointer(None),
            ParameterKind::Buffer { element, .. } => loader.buffer(number, element)?,
            ParameterKind::Object => return None,
            ParameterKind::Size | ParameterKind::Value => {
                let scalar = entry.function.vars[parameter.var].ty.scalar()?;
                argument(scalar, case.value(number)?)
            }
        });
    }
    loader.machine.run(function, &arguments).ok()?;
    if loader.machine.is_uncertain() {
        return None;
    }
    let bounds = loader.bounds();
    // Where a sum overflows in one order and not in another, every value is possible.
    let mut all = bounds.columns.iter().flat_map(|(_, _, bounds)| bounds);
    let is_finite = all.all(|bound| bound.is_none_or(f64::is_finite));
    is_finite.then_some(bounds)
}

/// Puts the inputs of a test into the interpreter's memory.
struct Loader<'a> {
    machine: Machine<'a>,
    relaxed: &'a Relaxed,
    inputs: &'a Results,
    objects: Vec<(Holder, Pointer, Layout)>,
}

impl Loader<'_> {
    /// Returns the pointer that the function receives: to the element of subscript 0.
    fn buffer(&mut self, number: usize, element: &Type) -> Option<Value> {
        let holder = Holder::Buffer(number);
        let layout = self.layout(element)?;
        let (bytes, first) = self.content(holder, &layout);
        let start = self.machine.object("memory of a test", &bytes).ok()?;
        let size = i64::try_from(layout.record_bytes).ok()?;
        self.objects.push((holder, start, layout));
        Some(Value::Pointer(Some(Pointer {
            offset: first.checked_mul(size)?.checked_neg()?,
            ..start
        })))
    }

    fn global(&mut self, number: usize, name: &str, ty: &Type) -> Option<()> {
        let holder = Holder::Global(number);
        let layout = self.layout(ty)?;
        let (bytes, _) = self.content(holder, &layout);
        let start = self.machine.global(name, &bytes).ok()?;
        self.objects.push((holder, start, layout));
        Some(())
    }

    /// Returns the columns of a type; how many records there are is known from the inputs.
    fn layout(&self, ty: &Type) -> Option<Layout> {
        layout(ty, &self.relaxed.module.records, &|_| String::new()).ok()
    }

    /// Returns what an object holds, and the subscript of its first record.
    fn content(&self, holder: Holder, layout: &Layout) -> (Bytes, i64) {
        let record = layout.record_bytes as usize;
        let (mut data, mut first) = (Vec::new(), 0);
        let columns = self.inputs.values.iter().filter(|each| each.of == holder);
        for column in columns {
            let Some(&(offset, scalar)) = layout.leaves.get(column.leaf as usize) else {
                continue;
            };
            first = column.first;
            let values = column.bytes.chunks_exact(scalar.size_bytes() as usize);
            data.resize(data.len().max(values.len() * record), 0);
            for (value, at) in values.zip(data.chunks_exact_mut(record.max(1))) {
                let end = offset as usize + value.len();
                if let Some(place) = at.get_mut(offset as usize..end) {
                    place.copy_from_slice(value);
                }
            }
        }
        let is_set = vec![true; data.len()];
        (Bytes { data, is_set }, first)
    }

    fn bounds(&self) -> Bounds {
        let mut columns = Vec::new();
        for (holder, start, layout) in &self.objects {
            let size = self
                .machine
                .bytes(*start)
                .map_or(0, |bytes| bytes.data.len());
            let records = size as u64 / layout.record_bytes.max(1);
            for (leaf, (offset, _)) in (0..).zip(&layout.leaves) {
                let bound = |record: u64| {
                    let offset = i64::try_from(record * layout.record_bytes + offset).ok()?;
                    self.machine.doubt(Pointer { offset, ..*start })
                };
                columns.push((*holder, leaf, (0..records).map(bound).collect()));
            }
        }
        columns.push((Holder::Result, 0, vec![self.machine.doubt_of_result()]));
        let printed = self.machine.printed(&Stream::Output);
        Bounds {
            columns,
            printed: printed.cloned().unwrap_or_default(),
        }
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
