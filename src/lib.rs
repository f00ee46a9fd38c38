//! The command line of mupac and the pipeline behind it.
//!
//! This crate is the only one that knows every stage; [`translate`] holds the only loop between them.
//! It decides which options exist, where text is read from and written to, in which words things are said, and what a
//! run reports and returns.
//! What is legal, what is fast, what the emitted text looks like and whether it is right is left to the stages.

#![forbid(unsafe_code)]

/// isl and GMP allocate millions of small blocks, and so do trees that are rewritten; the crate's feature `override` gives
/// the foreign code the same allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod agreement;
pub mod arguments;
mod blame;
pub mod bundle;
pub mod candidates;
pub mod cc;
pub mod cli;
mod commands;
pub mod culprit;
pub mod describe;
pub mod diagnostics;
pub mod doctor;
pub mod explain;
pub mod failing;
mod graph;
mod header;
pub mod import;
mod in_place;
pub mod input;
mod kept_loops;
mod output;
mod outputs;
mod overwriting;
pub mod plan_file;
mod progress;
mod project;
mod range_text;
pub mod report;
mod report_form;
mod report_page;
mod reported;
pub mod request;
pub mod run;
mod sarif;
mod seen_through;
mod shared_copies;
mod stand_in;
pub mod summary;
mod support_apart;
pub mod translate;
pub mod worth;
pub mod writer;
