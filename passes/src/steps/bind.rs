//! `bind i.o block.x`: the iterations of a loop run in parallel.
//!
//! **What it does**: gives a loop to an axis of the grid or of the block. Nothing else changes.
//!
//! **Before**: `for i.o in 0..ceil(n, 256) { … }`
//!
//! **After**: `for i.o in 0..ceil(n, 256) on block.x { … }`
//!
//! **Legal when**: the loop carries no dependence; the trip count is known before the launch, and constant for
//! threads; the mapped loops follow one another from the outside, so that they can become one launch.
//!
//! **Pays when**: there are enough iterations to fill the device, and neighbouring threads touch neighbouring memory.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Programming Model”, “Thread Hierarchy”.

use std::str::FromStr;

use mupac_ir::{Axis, Block, Function, LoopName, Mapping, Move, Refusal, Stmt};

use super::account::{Account, in_any_order};
use super::{Phase, Step, argument, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region};

/// The step.
pub struct Bind;

impl Step for Bind {
    fn name(&self) -> &'static str {
        "bind"
    }

    fn phase(&self) -> Phase {
        Phase::Mapping
    }

    fn moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        for nest in draft.nests() {
            moves_of(draft, nest, device, out);
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        _function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let wanted: Target = argument(step, 0)?;
        if step.arguments.len() != 1 {
            return Err(refusal(step, "the form is `bind LOOP block.x`"));
        }
        sequential(region, step)?;
        let along = region::along(region, &step.target);
        if along.iter().any(|each| each.mapping == wanted.0) {
            return Err(refusal(step, "the axis is taken"));
        }
        sequential(region, step)?.mapping = wanted.0;
        Ok(())
    }

    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal> {
        let Target(mapping) = argument(step, 0)?;
        let did = format!(
            "runs the iterations of `{}` at once, on {mapping}",
            step.target
        );
        Ok(in_any_order(before, &step.target, did))
    }
}

/// Appends the moves that map the next loop of a nest.
fn moves_of(draft: &Draft, nest: &[Stmt], device: &Device, out: &mut Vec<Move>) {
    let taken: Vec<_> = region::loops(nest)
        .iter()
        .map(|each| each.mapping)
        .collect();
    // Mapped loops come first, so the next to map is the first that is not.
    let unmapped = region::chain(nest)
        .into_iter()
        .find(|each| each.mapping == Mapping::Sequential);
    let Some(each) = unmapped.filter(|each| draft.may_run_in_parallel(each)) else {
        return;
    };
    let count = build::constant(draft.function(), each.end);
    let is_part = !draft.is_original(&each.name);
    for axis in Axis::ALL {
        let most = i128::from(device.max_block[axis as usize]);
        let fits_block = is_part && count.is_some_and(|count| count <= most);
        let candidates = [
            (Mapping::Block(axis), !fits_block),
            (Mapping::Thread(axis), fits_block),
        ];
        for (mapping, is_useful) in candidates {
            if is_useful && !taken.contains(&mapping) {
                out.push(move_of(&each.name, mapping));
            }
        }
    }
}

/// Returns the move that maps a loop.
pub(crate) fn move_of(name: &LoopName, mapping: Mapping) -> Move {
    make(&Bind, name, &[&mapping.to_string()])
}

/// A mapping as a word of a move.
struct Target(Mapping);

impl FromStr for Target {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Axis::ALL
            .into_iter()
            .flat_map(|axis| [Mapping::Block(axis), Mapping::Thread(axis)])
            .find(|mapping| mapping.to_string() == word)
            .map(Self)
            .ok_or(())
    }
}
