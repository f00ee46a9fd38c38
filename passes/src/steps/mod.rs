//! The steps: named rewrites of shape.
//!
//! A step decides only how the tree would look; whether that is right is for [`judge`](crate::judge::judge) to say, whatever the
//! step. A new step is one file here and one line in [`ALL`].

mod account;
mod before;
mod beside;
mod bind;
mod coarsen;
mod constant;
mod copy;
mod expand;
mod fission;
mod flatten;
mod fuse;
mod grid_stride;
mod interchange;
mod jam;
mod names;
mod pad;
mod parts;
mod privatise;
mod reads;
mod reuse;
mod sink;
mod skew;
mod split;
mod split_sum;
mod spread_sum;
mod stage;
mod tile;
mod unroll;
mod vectorize;

use std::str::FromStr;

use mupac_ir::{Block, Function, Handle, Loop, LoopName, Mapping, Move, Refusal, Var};

use crate::device::Device;
use crate::facts::Facts;
use crate::judge::illegal;
use crate::region;
use crate::state::{Draft, State};

pub use account::{Account, account};
pub use bind::Bind;
pub use coarsen::Coarsen;
pub use constant::Constant;
pub use fission::{Fission, frees_a_loop};
pub use flatten::Flatten;
pub use fuse::Fuse;
pub use grid_stride::GridStride;
pub use interchange::Interchange;
pub use jam::Jam;
pub use pad::Pad;
pub use privatise::Privatise;
pub use skew::Skew;
pub use split::{Split, only_prepares};
pub use split_sum::SplitSum;
pub use spread_sum::SpreadSum;
pub use stage::Stage;
pub use tile::Tile;
pub use unroll::{COPIED, Unroll};
pub use vectorize::Vectorize;

pub(crate) use bind::move_of as bind_move;
pub(crate) use fission::{apart_move, cut, instances_move};
pub(crate) use interchange::{is_rectangular, move_of as interchange_move};
pub(crate) use names::{Names, distinguish};
pub(crate) use skew::{
    GREATEST_FACTOR, Slopes, by_fronts, inner_of_fronts, move_of as skew_move, skew, wave_of,
};
pub(crate) use split::move_of as split_move;

/// When a step makes sense; later phases build on what earlier ones decided.
///
/// Phases order the search alone: a plan file may hold moves in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Which loops there are, and in which kernels they run.
    Region,
    /// The shape of loops; as long as no loop of their nest is mapped.
    Loop,
    /// Gives loops to blocks and threads.
    Mapping,
    /// What one thread does.
    Work,
    /// Where the values live that threads read.
    Memory,
    /// How reductions and updates are carried out.
    Idiom,
    /// When data moves between host and device.
    Transfer,
}

/// One kind of rewrite.
pub trait Step: Sync {
    /// Returns the first word of its moves.
    fn name(&self) -> &'static str;
    /// Returns when it makes sense.
    fn phase(&self) -> Phase;
    /// Appends the moves worth trying on a draft; the judge may still refuse one.
    fn moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>);
    /// Appends moves that fit the tree and that the search does not try: plan files and random tests do.
    fn more_moves(&self, _draft: &Draft, _device: &Device, _out: &mut Vec<Move>) {}
    /// Returns the array whose reads, and nothing else, a move can make cheaper; a search that knows what these take may
    /// spare itself the move.
    fn relieves(&self, _draft: &Draft, _step: &Move) -> Option<Handle<Var>> {
        None
    }
    /// Rewrites the statements of a region, which were taken out of the body of `function`.
    ///
    /// `facts` say which elements of arrays are there, for the sake of the new shape; whether it is right is the judge's
    /// affair.
    ///
    /// **Errors**: `illegal-step` where the move does not fit the tree; the tree is then in no useful state.
    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal>;
    /// Returns what a move does to a state, and why it is legal where the judge accepts it.
    ///
    /// **Errors**: `illegal-step` where the move lacks an argument.
    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal>;
}

/// Every step, in the order in which moves are listed.
pub const ALL: [&dyn Step; 19] = [
    &Fission,
    &Fuse,
    &Skew,
    &Split,
    &Interchange,
    &Flatten,
    &Coarsen,
    &Vectorize,
    &GridStride,
    &Tile,
    &Bind,
    &Jam,
    &Unroll,
    &Constant,
    &Stage,
    &Pad,
    &Privatise,
    &SplitSum,
    &SpreadSum,
];

/// Returns the step that a move names.
///
/// **Errors**: `illegal-step` for a name that no step bears.
pub fn step(step: &Move) -> Result<&'static dyn Step, Refusal> {
    ALL.into_iter()
        .find(|each| each.name() == step.step)
        .ok_or_else(|| refusal(step, "no step has this name"))
}

/// Returns how many iterations of each loop the tiles or chunks have that a move makes.
pub(crate) fn extents(step: &Move) -> Vec<u32> {
    match step.step.as_str() {
        name if name == Tile.name() => tile::extents(step),
        name if [Split.name(), SplitSum.name()].contains(&name) => {
            argument(step, 0).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the refusal of a move that does not fit.
fn refusal(step: &Move, why: &str) -> Refusal {
    illegal(format!("{step}: {why}"), mupac_ir::Span::default())
}

/// Returns the sequential loop that a move names.
fn sequential<'a>(region: &'a mut Block, step: &Move) -> Result<&'a mut Loop, Refusal> {
    let found = region::find_mut(region, &step.target)
        .ok_or_else(|| refusal(step, "the region has no such loop"))?;
    if found.mapping == Mapping::Sequential {
        Ok(found)
    } else {
        Err(refusal(step, "the loop is mapped already"))
    }
}

/// Reads an argument of a move.
fn argument<T: FromStr>(step: &Move, position: usize) -> Result<T, Refusal> {
    step.arguments
        .get(position)
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| refusal(step, "an argument is missing or not of the right form"))
}

/// Returns a move.
fn make(step: &dyn Step, target: &LoopName, arguments: &[&str]) -> Move {
    Move {
        step: step.name().to_owned(),
        target: target.clone(),
        arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
    }
}
