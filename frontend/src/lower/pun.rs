//! Reads and writes of a number as one of another type by a cast of its address: `*(unsigned *)&f`.
//!
//! C gives such an access a meaning only for character types and signedness (C17 6.5 §7); programs mean the bits, and
//! compilers that see the address give them.

use clang_sys as k;
use mupac_ir::bits::reinterpreted;
use mupac_ir::{ExprKind, Handle, Place, Scalar, Span};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::{Lowered, types, unsupported, walk};

/// An access to a number by a cast of its address.
pub(super) struct Pun<'u> {
    /// The number.
    pub(super) object: Cursor<'u>,
    /// The expression that takes its address.
    pub(super) address: Cursor<'u>,
    /// The type of the number.
    pub(super) own: Scalar,
    /// What it is taken for.
    pub(super) seen: Scalar,
}

/// Returns the operand of an operator or a cast.
fn only(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.children().last().copied()
}

/// Returns what an lvalue says, if it is a number taken for another one of its size.
pub(super) fn of(cursor: Cursor<'_>) -> Option<Pun<'_>> {
    let access = walk::peel_parentheses(cursor);
    let is_unary = |cursor: Cursor<'_>, operator| {
        cursor.kind() == k::CXCursor_UnaryOperator && cursor.unary_operator() == operator
    };
    is_unary(access, k::CXUnaryOperator_Deref).then_some(())?;
    let cast = walk::peel(only(access)?);
    (cast.kind() == k::CXCursor_CStyleCastExpr).then_some(())?;
    let address = walk::peel(only(cast)?);
    is_unary(address, k::CXUnaryOperator_AddrOf).then_some(())?;
    let object = walk::peel_parentheses(only(address)?);
    let (own, seen) = (types::scalar(object.ty())?, types::scalar(access.ty())?);
    let is_plain = |scalar: Scalar| scalar != Scalar::Bool;
    let fits = own != seen
        && own.size_bytes() == seen.size_bytes()
        && is_plain(own)
        && is_plain(seen)
        && !types::is_volatile(access.ty());
    fits.then_some(Pun {
        object,
        address,
        own,
        seen,
    })
}

/// A number, and what an access takes it for.
pub(super) struct Reading {
    pub(super) place: Place,
    pub(super) own: Scalar,
    pub(super) seen: Scalar,
}

impl<'u> Body<'_, 'u> {
    /// Returns what an lvalue says, if it takes a number for another one: by a cast of its address, or as another member
    /// of a union.
    pub(super) fn taken_for_other(&mut self, cursor: Cursor<'u>) -> Lowered<Option<Reading>> {
        let Some(pun) = of(cursor) else {
            return self.union_member(cursor);
        };
        Ok(Some(Reading {
            place: self.place(pun.object)?,
            own: pun.own,
            seen: pun.seen,
        }))
    }

    /// Lowers a read of a number as another one.
    pub(super) fn read_as_other(
        &mut self,
        reading: &Reading,
        at: Span,
    ) -> Lowered<Handle<mupac_ir::Expr>> {
        let place = reading.place.clone();
        let value = self.function.expr(ExprKind::Load(place), reading.own);
        reinterpreted(&mut self.function, value, reading.seen)
            .ok_or_else(|| unsupported("a number taken for one of this type", at))
    }

    /// Lowers an assignment of a value to a number as another one.
    pub(super) fn assign_as_other(
        &mut self,
        reading: Reading,
        value: Handle<mupac_ir::Expr>,
        (at, target_at): (Span, Span),
    ) -> Lowered<()> {
        let value = reinterpreted(&mut self.function, value, reading.own)
            .ok_or_else(|| unsupported("an assignment of this kind", at))?;
        self.compute(reading.place, value, at, target_at);
        Ok(())
    }
}
