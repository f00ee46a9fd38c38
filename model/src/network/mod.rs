//! What a network is told that says where a search looks first.
//!
//! The table of features is in [`features`]; [`encode`] makes tensors of a draft.

pub mod encode;
pub mod features;
mod view;

pub use encode::{Row, rows};
pub use features::schema_hash;
