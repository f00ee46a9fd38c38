//! Dependence analysis, the judge, the optimisation steps, and lowering to plans.
//!
//! The crate decides what may run in parallel and how the code is shaped for it.
//! [`analyse`](analyse::analyse) proves [`facts`](facts::Facts) about the regions of a file; a [`State`] is a region
//! as rewritten by a list of [`steps`]; the [`judge`](judge::judge) checks every state against the facts, whatever
//! steps led to it; [`State::finish`] cuts a mapped state into host operations and kernels, and [`plan`](plan::plan)
//! puts the regions of a file together.
//! Which states are good is for the model to say, and how plans look as text for the back end.

#![deny(unsafe_code)]

pub mod affine;
pub mod analyse;
mod build;
mod calls;
mod carried;
mod contributed;
mod copied;
mod device;
mod distribute;
mod express;
pub mod facts;
mod inspect;
mod interval;
#[expect(
    unsafe_code,
    reason = "the functions of libisl are foreign; the module makes them safe"
)]
pub mod isl;
mod joining;
pub mod judge;
mod library;
mod lower;
mod naive;
mod normalise;
mod numbering;
mod outward;
mod passed;
mod plan;
mod polynomial;
mod region;
mod residency;
mod sizes;
mod state;
pub mod steps;
mod sum;
pub mod symbol;
mod trip;
mod workload;

pub use analyse::{analyse, analyse_in};
pub use copied::{CopiedLoop, copied_loops};
pub use device::Device;
pub use facts::FloatOrder;
pub use judge::{Conditions, Tree, judge};
pub use naive::{naive, naive_nest};
pub use outward::default_moves;
pub use passed::takes_device_memory;
pub use plan::{Choice, entries, outlined, plan};
pub use state::{Draft, Offer, Settings, State, StateKey};
pub use steps::Phase;
pub use workload::Workload;
