//! What a network is told that says where a search looks first.
//!
//! The table of features is in [`features`]; [`encode`] makes tensors of a draft, [`session`] runs the network on them, and
//! [`learned`] is what a search asks.

pub mod encode;
pub mod features;
pub mod learned;
pub mod session;
mod view;

pub use encode::{Row, rows};
pub use features::schema_hash;
pub use learned::Learned;
pub use session::{Network, NetworkError};
