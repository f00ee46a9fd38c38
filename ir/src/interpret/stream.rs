//! Where a program prints to: the standard streams and the files it opens for writing.
//!
//! A stream is an object of memory that nothing can be read from; the program only hands its address around.

use super::activation::Activation;
use super::fault::{FaultKind, Outcome};
use super::memory::Origin;
use super::value::{Pointer, Value};
use crate::function::{Storage, Var};

/// Where a program prints to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// The standard output.
    Output,
    /// The standard error output.
    Error,
    /// The file that was opened by this name.
    File(String),
}

/// What a program printed to a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Printed {
    /// The text.
    pub bytes: Vec<u8>,
    /// The numbers in it that another order or contraction may change, in their order.
    pub marks: Vec<Mark>,
}

/// A number in what a program printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// First byte of its field.
    pub start: usize,
    /// One past the last byte of its field.
    pub end: usize,
    /// How far the printed number may be from that of another order: as far as the value itself, and one unit of the
    /// last printed digit, since both are rounded.
    pub bound: f64,
}

impl Printed {
    /// Appends a field whose number, if it has a bound, may be another.
    pub(super) fn push(&mut self, bytes: &[u8], bound: Option<f64>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len();
        self.marks
            .extend(bound.map(|bound| Mark { start, end, bound }));
    }

    /// Appends what was printed elsewhere.
    pub(super) fn append(&mut self, other: Self) {
        let shift = self.bytes.len();
        self.bytes.extend(other.bytes);
        self.marks.extend(other.marks.iter().map(|mark| Mark {
            start: mark.start + shift,
            end: mark.end + shift,
            ..*mark
        }));
    }
}

impl Activation<'_, '_> {
    /// Returns where `stdout` or `stderr` is stored, if this is one of them.
    pub(super) fn standard_stream(&mut self, var: &Var) -> Outcome<Option<Pointer>> {
        let stream = match (var.storage, var.name.as_str()) {
            (Storage::Global, "stdout") => Stream::Output,
            (Storage::Global, "stderr") => Stream::Error,
            _ => return Ok(None),
        };
        let stands = self.stream(stream)?;
        let bytes = Pointer::encode(Some(stands)).to_le_bytes();
        let memory = &mut self.machine.memory;
        let pointer = memory.allocate(&var.name, Origin::Program, bytes.len() as u64)?;
        memory.store(self.context.agent, Some(pointer), &bytes, 1)?;
        self.machine.globals.insert(var.name.clone(), pointer);
        Ok(Some(pointer))
    }

    /// Makes the object that stands for a stream.
    fn stream(&mut self, stream: Stream) -> Outcome<Pointer> {
        let memory = &mut self.machine.memory;
        let pointer = memory.allocate("a stream", Origin::Program, 1)?;
        self.machine.streams.insert(pointer.object, stream);
        Ok(pointer)
    }

    /// Returns the stream that a pointer stands for.
    pub(super) fn stream_of(&self, pointer: Option<Pointer>) -> Outcome<Stream> {
        let pointer = pointer.ok_or(FaultKind::NullPointer)?;
        let streams = &self.machine.streams;
        let known = streams.get(&pointer.object).cloned();
        known.ok_or_else(|| FaultKind::Unsupported("a stream that nobody opened".to_owned()).into())
    }

    /// Opens a file for writing.
    pub(super) fn open(&mut self, name: Vec<u8>, mode: &[u8]) -> Outcome<Option<Value>> {
        let name = String::from_utf8(name).ok();
        let (Some(name), b"w" | b"wb") = (name, mode) else {
            return Err(
                FaultKind::Unsupported("a file that is not written anew".to_owned()).into(),
            );
        };
        let stream = Stream::File(name);
        self.machine
            .printed
            .insert(stream.clone(), Printed::default());
        Ok(Some(Value::Pointer(Some(self.stream(stream)?))))
    }

    /// Closes a file.
    pub(super) fn close(&mut self, pointer: Option<Pointer>) -> Outcome<Option<Value>> {
        self.stream_of(pointer)?;
        if let Some(pointer) = pointer {
            self.machine.streams.remove(&pointer.object);
        }
        Ok(Some(Value::Integer(0)))
    }
}
