//! String literals as tables: what a subscript reads of one (`"0123456789abcdef"[x & 15]`) is read of an array of its characters, and
//! so is what an array starts with, and what a pointer leads to that a loop declares and nobody moves.
//!
//! Nobody may write to a literal (C17 6.4.5 §7), and whether two of them are one object nobody may count on.

use mupac_ir::{
    Expr, ExprKind, Extent, Handle, Place, Projection, Promise, Scalar, Span, Type, Var,
};

use crate::clang::Cursor;
use crate::lower::expr::{initial_bytes, text_bytes};
use crate::lower::function::Body;
use crate::lower::initial::ELEMENT_LIMIT;
use crate::lower::{Lowered, unsupported, walk};

impl<'u> Body<'_, 'u> {
    /// Lowers a string literal to an array of its characters; `None` where it is none, or has too many.
    pub(super) fn table(&mut self, text: Cursor<'u>) -> Option<Place> {
        let at = self.span(text);
        let bytes = text_bytes(walk::literal(text)?)
            .filter(|bytes| (bytes.len() as u64) < ELEMENT_LIMIT)?;
        let length = bytes.len() as u64 + 1;
        let ty = Type::Array {
            of: Box::new(Scalar::I8.into()),
            length: Extent::Fixed(length),
        };
        let var = self.declare_temporary("text", ty, at);
        self.function.vars[var].is_const = true;
        let place = Place::var(var);
        self.characters(&place, &bytes, length, at);
        Some(place)
    }

    /// Lowers a string literal that an array starts with; the rest of the array is zero.
    pub(super) fn initial_text(
        &mut self,
        literal: Cursor<'u>,
        place: &Place,
        ty: &Type,
    ) -> Lowered<()> {
        let at = self.span(literal);
        let length = match ty {
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } if **of == Type::Scalar(Scalar::I8) => *length,
            Type::Array { .. }
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Record(_)
            | Type::Void
            | Type::Opaque(_) => return Err(unsupported("a string literal of this type", at)),
        };
        let bytes = initial_bytes(literal).filter(|bytes| (bytes.len() as u64) < ELEMENT_LIMIT);
        let bytes = bytes.ok_or_else(|| unsupported("a string literal of this form", at))?;
        if length > ELEMENT_LIMIT {
            self.cleared(place, ty, at);
            self.characters(place, &bytes, bytes.len() as u64, at);
        } else {
            self.characters(place, &bytes, length, at);
        }
        Ok(())
    }

    /// Stores the first characters of a text and zeros behind it.
    fn characters(&mut self, place: &Place, bytes: &[u8], length: u64, at: Span) {
        for index in 0..length {
            let byte = usize::try_from(index)
                .ok()
                .and_then(|index| bytes.get(index));
            let byte = byte.copied().unwrap_or(0).cast_signed();
            let value = self.int(i128::from(byte), Scalar::I8);
            let step = self.int(i128::from(index), Scalar::I32);
            let mut element = place.clone();
            element.path.push(Projection::Index(step));
            self.compute(element, value, at, at);
        }
    }

    /// Returns the address of a table for a text that a pointer starts with.
    pub(super) fn address_of_table(&mut self, text: Cursor<'u>, ty: &Type) -> Option<Handle<Expr>> {
        let is_of_characters = ty.element() == Some(&Scalar::I8.into());
        let mut place = is_of_characters.then(|| self.table(text))??;
        let zero = self.int(0, Scalar::I32);
        place.path.push(Projection::Index(zero));
        Some(self.function.expr(ExprKind::Address(place), ty.clone()))
    }

    /// Notes how many characters a pointer leads to that starts with a text and stays there.
    pub(super) fn length_of_text(&mut self, array: Handle<Var>, text: Cursor<'u>) {
        if let Some(bytes) = walk::literal(text).and_then(text_bytes) {
            let count = self.int(bytes.len() as i128 + 1, Scalar::I64);
            self.function.promises.push(Promise {
                array,
                count,
                within: None,
            });
        }
    }
}
