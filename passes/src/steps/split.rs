//! `split i 256 -> i.o i.i`: one loop becomes two.
//!
//! **What it does**: counts the iterations in chunks of a constant size; the outer loop counts chunks, the inner one
//! the iterations of a chunk. The body stays as it is, because the original iterator stays in scope by a `let`; a
//! condition skips what the last chunk has too much.
//!
//! **Before**: `for i in s..e by c { B }`
//!
//! **After**: `for i.o in 0..ceil(ceil(e - s, c), 256) { for i.i in 0..256 { let i = s + c*(256*i.o + i.i); if (i < e) { B } } }`
//!
//! **Legal when**: always; the computed iterator must fit its type, which the judge turns into a guard where the
//! types alone do not show it.
//!
//! **Pays when**: the outer part goes to blocks and the inner one to the threads of a block; or for tiling.
//!
//! **Source**: Wolfe, “High Performance Compilers for Parallel Computing”, 1996, §9.6 (strip mining).

use mupac_ir::{Block, Function, LoopName, Move, Refusal};

use super::account::{Account, in_order};
use super::parts::{LARGEST, Part, divide};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::normalise::left_by;
use crate::state::{Draft, Offer, State};
use crate::{region, trip};

/// The step.
pub struct Split;

/// Chunk sizes of loops for blocks that the search tries; powers of two from a warp up to a full block.
const SIZES: [u32; 6] = [8, 32, 64, 128, 256, 512];

/// Chunk sizes of what a thread repeats, for the sake of moves that pay once per chunk.
const STRIPS: [u32; 2] = [16, 32];

impl Step for Split {
    fn name(&self) -> &'static str {
        "split"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        let inside = draft.loops_of_threads();
        for each in region::loops(draft.statements()) {
            // Parts of a loop are not split again; what two loops were flattened to is a loop of its own.
            let is_whole = draft.is_original(&each.name) || draft.is_flattened(&each.name);
            // A thread leaves a loop early only as long as it is one.
            if !is_whole || left_by(draft.function(), each).is_some() {
                continue;
            }
            let count = trip::constant(draft.function(), each);
            let sizes = if inside.contains(&each.name) {
                strips(count)
            } else if draft.may_run_in_parallel(each) {
                chunks(count, device.warp)
            } else {
                Vec::new()
            };
            out.extend(sizes.into_iter().map(|size| move_of(&each.name, size)));
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let size: i64 = argument(step, 0)?;
        let arrow: String = argument(step, 1)?;
        let outer: String = argument(step, 2)?;
        let inner: String = argument(step, 3)?;
        if !(2..=LARGEST).contains(&size) || arrow != "->" || step.arguments.len() != 4 {
            return Err(refusal(
                step,
                "the form is `split LOOP SIZE -> OUTER INNER`",
            ));
        }
        let parts = [Part::rest(outer, size), Part::fixed(inner, size, 1)];
        divide(function, region, step, &parts)
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let size: i64 = argument(step, 0)?;
        let [outer, inner]: [String; 2] = [argument(step, 2)?, argument(step, 3)?];
        let target = &step.target;
        Ok(in_order(format!(
            "cut `{target}` into chunks of {size}: `{outer}` counts chunks, `{inner}` the iterations of one"
        )))
    }
}

/// Returns the sizes of chunks that a loop of threads of this many iterations is cut into: of those that hold all of them and
/// fill a warp, the smallest.
fn chunks(count: Option<i128>, warp: u32) -> Vec<u32> {
    let is_longer_than_needed = |size: &u32| {
        let half = size / 2;
        half >= warp && count.is_some_and(|count| count <= i128::from(half))
    };
    let sizes = SIZES.into_iter();
    sizes.filter(|size| !is_longer_than_needed(size)).collect()
}

/// Returns the sizes of chunks that a thread's loop is cut into: where one holds all iterations, there is nothing to cut.
fn strips(count: Option<i128>) -> Vec<u32> {
    let is_cut = |size: &u32| count.is_none_or(|count| count > i128::from(*size));
    STRIPS.into_iter().filter(is_cut).collect()
}

/// Returns whether a move cuts a loop that a thread runs, which changes nothing for the better without another move.
pub fn only_prepares(offer: &Offer) -> bool {
    offer.phase == Phase::Work && offer.step.step == Split.name()
}

/// Returns the move that splits a loop into parts with its own name and `.o`, `.i` behind.
pub(crate) fn move_of(name: &LoopName, size: u32) -> Move {
    let (outer, inner) = (format!("{name}.o"), format!("{name}.i"));
    make(&Split, name, &[&size.to_string(), "->", &outer, &inner])
}
