//! Functions of the C library that print; what they print is collected by the machine, stream by stream.

use super::activation::Activation;
use super::fault::{FaultKind, Outcome};
use super::format::{Piece, pieces};
use super::rounding;
use super::stream::{Printed, Stream};
use super::value::{Pointer, Value};

/// More output than this is taken for a program that has gone wrong.
const MOST_BYTES: usize = 16 << 20;

impl Activation<'_, '_> {
    /// Calls a function that prints, with the doubts of its arguments; `None` where this is none.
    pub(super) fn prints(
        &mut self,
        name: &str,
        arguments: &[Value],
        doubts: &[Option<f64>],
    ) -> Outcome<Option<Value>> {
        let doubts_from = |first: usize| doubts.get(first..).unwrap_or(&[]);
        match (name, arguments) {
            ("printf", [Value::Pointer(format), rest @ ..]) => {
                let printed = self.formatted(*format, rest, doubts_from(1))?;
                self.print(Stream::Output, printed)
            }
            ("fprintf", [Value::Pointer(to), Value::Pointer(format), rest @ ..]) => {
                let printed = self.formatted(*format, rest, doubts_from(2))?;
                let stream = self.stream_of(*to)?;
                self.print(stream, printed)
            }
            ("puts", [Value::Pointer(text)]) => {
                let mut bytes = self.string(*text, None)?;
                bytes.push(b'\n');
                self.print(Stream::Output, plain(bytes))
            }
            ("fputs", [Value::Pointer(text), Value::Pointer(to)]) => {
                let bytes = self.string(*text, None)?;
                let stream = self.stream_of(*to)?;
                self.print(stream, plain(bytes))
            }
            ("putchar", [Value::Integer(byte)]) => self.byte(Stream::Output, *byte as u8),
            ("fputc" | "putc", [Value::Integer(byte), Value::Pointer(to)]) => {
                let stream = self.stream_of(*to)?;
                self.byte(stream, *byte as u8)
            }
            // What is printed counts when the program ends; nobody looks before.
            ("fflush", [Value::Pointer(_)]) => Ok(Some(Value::Integer(0))),
            ("fopen", [Value::Pointer(name), Value::Pointer(mode)]) => {
                let (name, mode) = (self.string(*name, None)?, self.string(*mode, None)?);
                self.open(name, &mode)
            }
            ("fclose", [Value::Pointer(stream)]) => self.close(*stream),
            _ => Ok(None),
        }
    }

    fn byte(&mut self, stream: Stream, byte: u8) -> Outcome<Option<Value>> {
        self.print(stream, plain(vec![byte]))?;
        Ok(Some(Value::Integer(i128::from(byte))))
    }

    /// Appends to a stream and returns the number of bytes.
    fn print(&mut self, stream: Stream, printed: Printed) -> Outcome<Option<Value>> {
        let count = printed.bytes.len();
        let all = self.machine.printed.entry(stream).or_default();
        all.append(printed);
        if all.bytes.len() > MOST_BYTES {
            return Err(FaultKind::Unsupported("this much output".to_owned()).into());
        }
        Ok(Some(Value::Integer(count as i128)))
    }

    fn formatted(
        &mut self,
        format: Option<Pointer>,
        arguments: &[Value],
        doubts: &[Option<f64>],
    ) -> Outcome<Printed> {
        let format = self.string(format, None)?;
        let mismatch = || FaultKind::Arguments("printf".to_owned());
        let mut printed = Printed::default();
        for piece in pieces(&format, arguments)? {
            match piece {
                Piece::Literal(literal) => printed.push(&literal, None),
                Piece::Directive(directive, _, Value::Pointer(text)) if directive.is_text() => {
                    let text = self.string(text, directive.longest())?;
                    printed.push(&directive.text(&text), None);
                }
                Piece::Directive(directive, index, value) => {
                    let bytes = directive.value(&value).ok_or_else(mismatch)?;
                    let doubt = doubts.get(index).copied().flatten();
                    let doubt = doubt.filter(|doubt| *doubt > 0.0);
                    let number = rounding::number(&value);
                    let bound = doubt
                        .zip(number)
                        .map(|(doubt, number)| doubt + directive.unit(number.abs() + doubt));
                    printed.push(&bytes, bound);
                }
            }
        }
        Ok(printed)
    }

    /// Returns the bytes of a string up to its zero, or `longest` of them.
    pub(super) fn string(
        &mut self,
        start: Option<Pointer>,
        longest: Option<usize>,
    ) -> Outcome<Vec<u8>> {
        let agent = self.context.agent;
        let mut bytes = Vec::new();
        let mut at = start;
        while longest.is_none_or(|longest| bytes.len() < longest) {
            let byte = self.machine.memory.load(agent, at, 1, 1)?.first().copied();
            match byte {
                Some(0) | None => break,
                Some(byte) => bytes.push(byte),
            }
            at = at.map(|pointer| pointer.moved(1)).transpose()?;
        }
        Ok(bytes)
    }
}

fn plain(bytes: Vec<u8>) -> Printed {
    Printed {
        bytes,
        marks: Vec::new(),
    }
}
