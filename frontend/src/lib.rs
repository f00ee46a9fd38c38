//! The C front end: libclang, loaded at run time, to [`mupac_ir::Module`].
//!
//! This crate decides what a piece of C means: every conversion is made explicit, every loop is counted or is not, and
//! what the IR cannot say stays [`Verbatim`](mupac_ir::Stmt::Verbatim) with the reason.
//! It also finds what C++ forces to change in text that is kept.
//! What a loop depends on and whether it may run in parallel is for later stages.
//!
//! - `clang`: the safe wrapper of libclang, and the only `unsafe`
//! - `text`: tokens of the main file, ends of statements, macros
//! - `lower`: from clang's tree to the IR
//! - `edits`: forced edits from C to C++
//! - `pragma`: clauses of `#pragma mupac`
//! - `constants`: what the text names and everything else takes for a number
//! - `join`: several files as one text
//! - `included`: files that another one includes as parts of its text
//! - `unfolded`: functions that macros make, written out
//! - `cpp`: the edited text read again as C++, and what differs
//! - `precompiled`: headers that are not read anew in every call

#![deny(unsafe_code)]

#[expect(unsafe_code, reason = "the foreign-function module")]
mod clang;
mod constants;
mod cpp;
mod decode;
mod depth;
mod edits;
mod error;
mod headers;
mod included;
mod join;
mod leading;
mod lower;
mod macros;
mod parse;
mod pragma;
mod precompiled;
mod text;
mod unfolded;

pub use error::{Diagnostic, FrontendError, Severity};
pub use included::read;
pub use join::{JoinError, join};
pub use parse::{Input, Left, Options, Parsed, libclang_version, parse};
