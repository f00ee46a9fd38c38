//! Proof by execution: a translation earns its output file here.
//!
//! [`check`] compiles the original as C and the emitted CUDA C++ against a runtime that executes it on the CPU, calls
//! both with the same inputs, and compares bit by bit what they leave behind.
//! The original decides what is a test: inputs on which it has undefined behaviour are dropped, and buffers hold what it
//! touches and nothing else.
//! Where the text may compute in another order, the interpreter runs the original too and says how far numbers may be
//! off.
//! The runtime watches every access of the candidate, so that races, accesses out of bounds, reads of memory that
//! nothing wrote and mixed-up pointers fail even where the result happens to be right.
//!
//! Tests are measured: by what they reach of the original ([`Coverage`]), and by how many mistakes, made on purpose in
//! the plan, they notice ([`MutationScore`]).
//!
//! [`profile`] tells what a run of the original spends its time on.
//!
//! [`execute`] runs texts with calls that its user brings, and [`driver`] builds objects whose kernels run on the CPU.
//!
//! Only this crate makes a [`Verified`]; what becomes of a text that has failed is for the caller to decide.
//! Processes start only in the module `isolation`.

mod bench;
mod bounds;
mod building;
mod bundle;
mod cache;
mod call;
mod check;
mod companions;
mod compare;
mod copied;
mod counterexample;
mod course;
mod coverage;
mod declarations;
pub mod driver;
mod evidence;
pub mod execute;
mod form;
mod function;
mod glue;
mod gpu;
mod held;
mod inputs;
mod inside;
mod isolation;
mod launches;
mod layout;
mod lexer;
mod loaded;
mod masks;
mod mutation;
mod numbers;
mod observation;
mod once;
mod options;
mod origin;
mod outcome;
mod outline;
mod own_headers;
mod pace;
mod pairs;
mod parts;
mod patience;
mod prebuild;
mod profile;
mod program;
mod progress;
mod random;
mod recording;
mod report;
mod repro;
mod results;
mod runtime;
mod sample;
mod scale;
mod shrink;
mod sizes;
mod slot;
mod sources;
mod tables;
mod tokens;
mod toolchain;
pub mod tools;
mod trial;
mod unchecked;
mod unfinished;
mod verdicts;
mod vouch;
mod work;

pub use bundle::{BundleFile, TOP_FILES, bundle_files, support_files};
pub use check::{check, compile};
pub use companions::{Companion, Companions};
pub use copied::copied;
pub use coverage::Coverage;
pub use evidence::{Evidence, Nearness, Tested, Untested};
pub use form::other_forms;
pub use gpu::{GpuEvidence, GpuOptions};
pub use held::HeldFolder;
pub use isolation::{Allowance, clean_up_on_signals, uninterrupted};
pub use mutation::MutationScore;
pub use options::{CheckOptions, Unlaunched};
pub use origin::{Actor, Origin};
pub use outcome::{Failure, FailureKind, Outcome, TesterError, Verified};
pub use pace::{Pace, takes_too_long};
pub use prebuild::prebuild;
pub use profile::{Launch, Look, Profile, Spent, Stretch, Timed, profile};
pub use progress::Progress;
pub use recording::Recording;
pub use report::Copies;
pub use repro::Repro;
pub use sample::FullSize;
pub use scale::{
    Scaled, Shrinks, constants_in_words, costs, program_is_still_too_large, program_is_too_large,
    rewritten, scaled, still_too_large, testable, tested, too_large,
};
pub use sizes::{Remainders, Repeats, common_multiple};
pub use unchecked::Unchecked;
pub use verdicts::Verdicts;
