//! Dependence analysis, the judge, the steps, and lowering to plans. Being written.
#![allow(dead_code, unused)]
pub mod facts;
pub mod isl;
