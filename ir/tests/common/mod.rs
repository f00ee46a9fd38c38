//! Random well-typed modules, and comparison of modules by structure.

pub(crate) mod build;
pub(crate) mod same;
pub(crate) mod statements;
pub(crate) mod values;
