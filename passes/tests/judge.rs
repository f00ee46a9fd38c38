//! The judge against trees that no step makes: wrong ones are refused for the right reason, right ones accepted.
//!
//! `wrong`, `staging` and `expansion` hold rewrites made by hand, each with one fault; `random` rewrites nests blindly and runs them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

#[path = "judge/expansion.rs"]
mod expansion;
#[path = "judge/random.rs"]
mod random;
#[path = "judge/rewrite.rs"]
mod rewrite;
#[path = "judge/staging.rs"]
mod staging;
#[path = "judge/wrong.rs"]
mod wrong;
