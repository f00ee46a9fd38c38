//! Random programs through the whole pipeline: what they mean must survive every stage.
//!
//! A call is made five ways, and every outcome is compared bit by bit with the first:
//! the generated tree in the interpreter; its C text compiled by the C compiler; the plan that the pipeline makes of
//! that text in the interpreter, and the emitted CUDA C++ on the tester's runtime, both under three orders.
//! What a sketch means a build under sanitizers says instead of the interpreter, and no plan of it is interpreted.
//! A second file is compiled as C and linked with the text and with what is emitted.

mod batch;
pub(crate) mod compiled;
mod plans;
pub(crate) mod tally;

pub(crate) use batch::run;
pub(crate) use compiled::executors;
pub(crate) use plans::{FAR, MIDDLE, Profile};
pub(crate) use tally::Tally;
