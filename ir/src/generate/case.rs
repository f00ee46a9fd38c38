//! A generated program together with the calls that exercise it, and what a call left behind.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::function::Function;
use crate::interpret::{Bytes, Fault, Machine, Pointer, Side, Value};
use crate::module::Module;
use crate::types::{Scalar, Type};

use super::{Dress, Family, Form, Sketch};

/// A program and calls of it, none of which has undefined behaviour.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What kind of program it is.
    pub family: Family,
    /// The seed it came from.
    pub seed: u64,
    /// The program; of a sketch it only declares the function to call.
    pub module: Module,
    /// The function to call.
    pub function: Handle<Function>,
    /// The variables of file scope.
    pub globals: Vec<Variable>,
    /// The calls, each on fresh memory.
    pub inputs: Vec<Input>,
    /// Whether sums and products of floating-point numbers are exact in every order, for all these calls.
    pub is_exact: bool,
    /// What its text wears.
    pub dress: Dress,
    /// The program where no tree says it; what it means a C compiler has to say.
    pub sketch: Option<Sketch>,
    /// What was drawn until this program was found.
    pub drawn: Drawn,
}

/// How many programs and calls were drawn, with those that were dropped because they have undefined behaviour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Programs, the one that was kept among them.
    pub programs: u64,
    /// Calls of all of them.
    pub calls: u64,
    /// Calls that are defined.
    pub defined: u64,
}

/// A variable of file scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The scalar that it consists of.
    pub element: Scalar,
    /// Its initial bytes.
    pub bytes: Vec<u8>,
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Memory that the caller owns.
    pub buffers: Vec<CallerBuffer>,
    /// One for each parameter.
    pub arguments: Vec<Argument>,
}

/// A piece of memory that the caller owns.
#[derive(Clone, Debug, PartialEq)]
pub struct CallerBuffer {
    /// The scalars it repeats, without padding.
    pub element: Vec<Scalar>,
    /// Its initial bytes.
    pub bytes: Vec<u8>,
}

/// What is passed for a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number.
    Value(Scalar, Value),
    /// The address of a byte of a buffer.
    Buffer {
        /// Which one, in the order of the input.
        buffer: usize,
        /// Distance from its start.
        offset_bytes: u64,
    },
    /// The address of the variable of file scope of this number.
    Global(usize),
}

/// What a call left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The returned value.
    pub result: Option<Value>,
    /// The bytes of the buffers, in the order of the input.
    pub buffers: Vec<Vec<u8>>,
    /// The bytes of the globals, in the order of the case.
    pub globals: Vec<Vec<u8>>,
}

impl Input {
    /// Returns whether the call passes no variable of the program, which lies in memory of the host.
    pub fn fits(&self, side: Side) -> bool {
        let is_of_host = |each: &Argument| matches!(each, Argument::Global(_));
        side == Side::Host || !self.arguments.iter().any(is_of_host)
    }
}

impl Case {
    /// Returns the forms of its text that trees do not have.
    pub fn forms(&self) -> BTreeSet<Form> {
        let pieces = self.sketch.iter().flat_map(|sketch| &sketch.pieces);
        let pieces = pieces.map(|piece| piece.form);
        self.dress.forms.iter().copied().chain(pieces).collect()
    }

    /// Returns whether the program may be passed memory of this side; sketches look behind their pointers.
    pub fn fits(&self, side: Side) -> bool {
        side == Side::Host || self.sketch.is_none()
    }

    /// Runs one of the calls on a machine of the case's module that has no globals yet.
    ///
    /// **Errors**: none for the calls of a generated case run sequentially; otherwise the fault.
    pub fn run(&self, mut machine: Machine<'_>, input: &Input) -> Result<Outcome, Fault> {
        self.run_on(&mut machine, Side::Host, input)
    }

    /// Runs one of the calls like [`run`](Self::run), on memory that the caller has on this side, and leaves the machine,
    /// which counts what it did.
    ///
    /// **Errors**: as for [`run`](Self::run).
    pub fn run_on(
        &self,
        machine: &mut Machine<'_>,
        side: Side,
        input: &Input,
    ) -> Result<Outcome, Fault> {
        let globals = self
            .globals
            .iter()
            .map(|global| machine.global(&global.name, &initialised(&global.bytes)))
            .collect::<Result<Vec<Pointer>, Fault>>()?;
        let mut buffers = Vec::new();
        for (number, buffer) in input.buffers.iter().enumerate() {
            let name = format!("buffer {number}");
            buffers.push(machine.object_on(side, &name, &initialised(&buffer.bytes))?);
        }
        let arguments: Vec<Value> = input
            .arguments
            .iter()
            .map(|argument| match argument {
                Argument::Value(_, value) => value.clone(),
                Argument::Buffer {
                    buffer,
                    offset_bytes,
                } => Value::Pointer(buffers.get(*buffer).map(|start| Pointer {
                    object: start.object,
                    offset: *offset_bytes as i64,
                })),
                Argument::Global(global) => Value::Pointer(globals.get(*global).copied()),
            })
            .collect();
        let result = machine.run(self.function, &arguments)?;
        let after = |pointers: &[Pointer]| {
            pointers
                .iter()
                .map(|pointer| machine.bytes(*pointer).map(|bytes| bytes.data.clone()))
                .collect::<Result<Vec<Vec<u8>>, Fault>>()
        };
        Ok(Outcome {
            result,
            buffers: after(&buffers)?,
            globals: after(&globals)?,
        })
    }

    /// Returns what the program means: the outcome of a call, executed as written.
    ///
    /// **Errors**: none for the calls of a generated case.
    pub fn interpret(&self, input: &Input) -> Result<Outcome, Fault> {
        self.run(Machine::new(&self.module), input)
    }

    /// Returns the first difference of two outcomes of a call, in words; any NaN equals any other.
    pub fn difference(&self, input: &Input, a: &Outcome, b: &Outcome) -> Option<String> {
        let is_same_result = match (&a.result, &b.result) {
            (Some(Value::F32(a)), Some(Value::F32(b))) => {
                a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
            }
            (Some(Value::F64(a)), Some(Value::F64(b))) => {
                a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
            }
            (first, second) => first == second,
        };
        if !is_same_result {
            return Some(format!("result: {:?} and {:?}", a.result, b.result));
        }
        for (number, buffer) in input.buffers.iter().enumerate() {
            let sides = (a.buffers.get(number), b.buffers.get(number));
            if let Some(element) = first_difference(&buffer.element, sides) {
                return Some(format!("buffer {number}, scalar {element}"));
            }
        }
        for (number, global) in self.globals.iter().enumerate() {
            let sides = (a.globals.get(number), b.globals.get(number));
            if let Some(element) = first_difference(&[global.element], sides) {
                return Some(format!("{}, scalar {element}", global.name));
            }
        }
        None
    }
}

fn initialised(bytes: &[u8]) -> Bytes {
    Bytes {
        data: bytes.to_vec(),
        is_set: vec![true; bytes.len()],
    }
}

/// Returns the number of the first scalar that differs.
fn first_difference(
    element: &[Scalar],
    (a, b): (Option<&Vec<u8>>, Option<&Vec<u8>>),
) -> Option<usize> {
    let (Some(mut a), Some(mut b)) = (a.map(Vec::as_slice), b.map(Vec::as_slice)) else {
        return (a != b).then_some(0);
    };
    let mut number = 0;
    for scalar in element.iter().cycle() {
        let size = scalar.size_bytes() as usize;
        let (Some((first, rest_a)), Some((second, rest_b))) =
            (a.split_at_checked(size), b.split_at_checked(size))
        else {
            break;
        };
        if first != second && !(is_nan(*scalar, first) && is_nan(*scalar, second)) {
            return Some(number);
        }
        (a, b) = (rest_a, rest_b);
        number += 1;
    }
    (a != b).then_some(number)
}

fn is_nan(scalar: Scalar, bytes: &[u8]) -> bool {
    match Value::from_bytes(scalar, bytes) {
        Ok(Value::F32(value)) => value.is_nan(),
        Ok(Value::F64(value)) => value.is_nan(),
        Ok(Value::Integer(_) | Value::Pointer(_) | Value::Structure(_)) | Err(_) => false,
    }
}
