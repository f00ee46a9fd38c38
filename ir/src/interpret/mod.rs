//! The interpreter: what the program means, and whether it means anything.
//!
//! It executes functions of a [`Module`](crate::Module) as gcc compiles them for x86-64 without optimisation, and stops with a
//! [`Fault`] wherever C leaves the behaviour undefined, so that its answer is *the* answer.
//! Mapped trees run too: the iterations of a parallel loop run one after another in the [`Order`] the host chooses; where
//! threads share memory or meet at barriers, or the host [asks](Machine::with_watched_trees), as the threads of a launch.
//! A [`RegionPlan`](crate::RegionPlan) runs with its guards, copies and kernels; where arrays
//! [stay](crate::Residency) on the device, copies outlive regions, and looking at the older of two values is a fault.
//! The blocks of a launch run in the chosen order, and so do the threads of a block from barrier to barrier; a byte that
//! two of them fight over, a barrier that not all come to, and a value that nobody stored are faults.
//!
//! It leaves to others: whether a tree is well formed (`verify`; what it would refuse ends in a fault of class
//! [`FaultClass::Malformed`], never in a panic), input, and the values of globals that the module does not know.
//! What the program prints to the standard streams and to files that it writes anew is collected.
//! A machine may also follow [how far](Machine::doubt) results may be from those of another order of reductions and, if
//! asked, of contracted operations.

mod activation;
mod alone;
mod arithmetic;
mod atomic;
mod block;
mod clock;
mod doubt;
mod evaluate;
mod execute;
mod extent;
mod fault;
mod format;
mod host;
mod inspection;
mod kept;
mod launch;
mod library;
mod memory;
mod order;
mod output;
mod place;
mod race;
mod reduction;
mod region;
mod residency;
mod rounding;
mod rows;
mod scope;
mod stream;
mod strings;
mod tree;
mod value;
mod warp;

pub(crate) use arithmetic::wrap;
pub use doubt::ReducedStatements;
pub use fault::{Fault, FaultClass, FaultKind};
pub use host::{GuardOutcomes, Limits, Machine, Side};
pub use order::Order;
pub use stream::{Mark, Printed, Stream};
pub use value::{Bytes, ObjectId, Pointer, Value};
