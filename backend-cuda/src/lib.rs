//! Plans to CUDA C++ text, and to C text that calls it.
//!
//! [`emit`] decides nothing about the translation: which loops become kernels, how they are mapped, what is copied and
//! which guards protect them stands in the [`Plan`](mupac_ir::Plan).
//! Decided here is only how that reads: where generated text stands in the user's file, how it is laid out, and which
//! names it uses.
//! The user's text outside the replaced regions stays as it is, character for character, except for the edits that
//! C++ forces and the module lists.

#![deny(unsafe_code)]

mod contraction;
pub mod device;
mod device_function;
mod emit;
mod extents;
mod flatten;
mod guard;
mod header;
mod hidden;
mod host;
mod inspection;
mod kept;
mod kernel;
mod layout;
mod lexer;
mod library;
mod names;
mod placement;
mod reduction;
mod residency;
mod support;
mod threads;
mod unnamed;

pub use emit::{can_stay, emit, mutation, refusals, seen_through};
pub use names::named_on_host;
