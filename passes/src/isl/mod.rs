//! Integer sets and relations: a thin, safe layer over the isl library.
//!
//! This module decides who owns which isl object, turns isl's errors into [`Error`], and bounds the work of every
//! query. What the sets mean is for its users to say.
//!
//! All objects of a region live in one [`Context`]; mixing contexts is an error, not a crash.
//! They may be used in any thread: whatever is done in a context is done under its lock.
//! A set or map is a value: operations take references and return new objects; a clone shares the representation.
//!
//! **Source**: Verdoolaege, “isl: An Integer Set Library for the Polyhedral Model”, ICMS 2010; isl's manual, 0.25.

mod answers;
mod build;
mod context;
mod expression;
mod ffi;
mod formula;
mod map;
mod memory;
mod notation;
mod owned;
mod sample;
mod set;

pub use context::{Context, Error, version};
pub use expression::{Expression, Operator};
pub use map::Map;
pub use sample::{Pair, Point};
pub use set::Set;

#[cfg(test)]
mod tests;
