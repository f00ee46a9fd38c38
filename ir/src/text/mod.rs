//! What printer and parser of the text form share: its words and symbols, quoting, and reasons as text.
//!
//! The form itself is described in `ir/GRAMMAR.md`, which a test holds to the tables in [`words`].

pub(crate) mod quote;
pub(crate) mod reasons;
pub(crate) mod words;
