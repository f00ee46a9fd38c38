//! Functions of the C library that print; what they print is collected by the machine.

use super::activation::Activation;
use super::fault::{FaultKind, Outcome};
use super::format::{Piece, pieces};
use super::value::{Pointer, Value};

/// More output than this is taken for a program that has gone wrong.
const MOST_BYTES: usize = 16 << 20;

impl Activation<'_, '_> {
    /// Calls a function that prints; `None` where this is none.
    pub(super) fn printed(&mut self, name: &str, arguments: &[Value]) -> Outcome<Option<Value>> {
        let bytes = match (name, arguments) {
            ("printf", [Value::Pointer(format), rest @ ..]) => self.formatted(*format, rest)?,
            ("puts", [Value::Pointer(text)]) => {
                let mut bytes = self.string(*text, None)?;
                bytes.push(b'\n');
                bytes
            }
            ("putchar", [Value::Integer(byte)]) => {
                let byte = *byte as u8;
                self.print(&[byte])?;
                return Ok(Some(Value::Integer(i128::from(byte))));
            }
            _ => return Ok(None),
        };
        self.print(&bytes)?;
        Ok(Some(Value::Integer(bytes.len() as i128)))
    }

    fn print(&mut self, bytes: &[u8]) -> Outcome<()> {
        let output = &mut self.machine.output;
        output.extend_from_slice(bytes);
        if output.len() > MOST_BYTES {
            return Err(FaultKind::Unsupported("this much output".to_owned()).into());
        }
        Ok(())
    }

    fn formatted(&mut self, format: Option<Pointer>, arguments: &[Value]) -> Outcome<Vec<u8>> {
        let format = self.string(format, None)?;
        let mismatch = || FaultKind::Arguments("printf".to_owned());
        let mut bytes = Vec::new();
        for piece in pieces(&format, arguments)? {
            match piece {
                Piece::Literal(literal) => bytes.extend(literal),
                Piece::Directive(directive, Value::Pointer(text)) if directive.is_text() => {
                    let text = self.string(text, directive.longest())?;
                    bytes.extend(directive.text(&text));
                }
                Piece::Directive(directive, value) => {
                    bytes.extend(directive.value(&value).ok_or_else(mismatch)?);
                }
            }
        }
        Ok(bytes)
    }

    /// Returns the bytes of a string up to its zero, or `longest` of them.
    fn string(&mut self, start: Option<Pointer>, longest: Option<usize>) -> Outcome<Vec<u8>> {
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
