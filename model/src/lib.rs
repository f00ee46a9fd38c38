//! How kernel mappings are chosen: oracles that say how fast a state would run, and the search that asks them.
//!
//! An [`Oracle`] scores states; [`greedy()`] walks from the region as written to a complete mapping that no single move,
//! and no move with one that it makes possible, improves.
//! Nothing here can make a translation wrong, since every state is reached by legal moves: a bad oracle costs speed.
//! What the moves are, and whether a finished state is legal, is for `mupac-passes` to say.

#![forbid(unsafe_code)]

pub mod account;
pub mod analytic;
pub mod bindings;
pub mod greedy;
pub mod naive;
pub mod network;
pub mod oracle;
pub mod proposals;
mod refine;
pub mod search;
pub mod signature;
pub mod trajectories;

pub use analytic::{Analytic, Hardware};
pub use greedy::greedy;
pub use naive::Naive;
pub use network::{Learned, Network, NetworkError};
pub use oracle::{Evaluation, Oracle, OracleError};
pub use search::{Budget, Choice, Even, Guide, Ranking, search};
pub use signature::Signature;
pub use trajectories::TrajectoryGraph;
