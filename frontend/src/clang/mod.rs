//! Safe wrapper of the part of libclang that lowering needs; the only `unsafe` of this crate.
//!
//! It decides which library is loaded and who frees what.
//! Cursors and types borrow the [`Unit`] they come from, so they cannot outlive it.
//! What a cursor means is for `lower` to say.

mod cursor;
mod library;
mod outermost;
mod token;
mod ty;
mod unit;

pub(crate) use cursor::{Constant, Cursor, Position};
pub(crate) use library::{Api, load};
pub(crate) use outermost::Home;
pub(crate) use token::TokenKind;
pub(crate) use ty::Type;
pub(crate) use unit::{Inclusion, RawDiagnostic, RawPlace, Role, Unit};
