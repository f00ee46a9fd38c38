//! Whole trajectories for a region, written by a sequence model from the region's text.
//!
//! A region becomes words of a closed vocabulary ([`words`]), which the tokeniser numbers ([`tokens`]); the model, a small
//! transformer that is run one token at a time ([`session`]), writes moves behind them, of which only those can be
//! written that the state offers. A search visits what they lead to before anything else.

mod beams;
pub mod session;
pub mod tokens;
pub mod words;

mod proposer;

pub use proposer::{Proposer, Proposing};
pub use session::SequenceModel;
pub use tokens::{Tokens, tokenizer_json};
