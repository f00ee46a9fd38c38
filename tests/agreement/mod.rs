//! Random programs through the whole pipeline: what they mean must survive every stage.
//!
//! A call is made five ways, and every outcome is compared bit by bit with the first:
//! the generated tree in the interpreter; its C text compiled by the C compiler; the plan that the pipeline makes of
//! that text in the interpreter, and the emitted CUDA C++ on the tester's runtime, both under three orders.

mod batch;
mod plans;
pub(crate) mod tally;

pub(crate) use batch::{executor, run};
pub(crate) use plans::{FAR, Profile};
pub(crate) use tally::Tally;
