//! `grid-stride i 256 1024 -> i.o i.i i.r`: a grid of constant size walks over the iterations.
//!
//! **What it does**: thread `i.i` of block `i.o` runs iterations `256*i.o + i.i`, and every `256*1024`-th after it.
//!
//! **Before**: `for i in s..e by c { B }`
//!
//! **After**: `for i.o in 0..1024 { for i.i in 0..256 { for i.r in 0..ceil(ceil(e - s, c), 262144) { let i = s + c*(262144*i.r + 256*i.o + i.i); if (i < e) { B } } } }`
//!
//! **Legal when**: the iterations may run in this order, and what is mapped in any order.
//!
//! **Pays when**: there are many times more iterations than threads at once, and starting a thread costs as much as
//! an iteration.
//!
//! **Source**: Harris, “CUDA Pro Tip: Write Flexible Kernels with Grid-Stride Loops”, NVIDIA, 2013.

use mupac_ir::{Block, Function, LoopName, Move, Refusal};

use super::account::{Account, in_any_order};
use super::parts::{LARGEST, Part, divide};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};

/// The step.
pub struct GridStride;

/// Threads of a block, and blocks, that the search tries: eight blocks for each of 132 multiprocessors.
const SHAPE: [u32; 2] = [256, 1056];

impl Step for GridStride {
    fn name(&self) -> &'static str {
        "grid-stride"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in draft.long_loops() {
            out.push(move_of(&each.name));
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let width: i64 = argument(step, 0)?;
        let blocks: i64 = argument(step, 1)?;
        let arrow: String = argument(step, 2)?;
        let [outer, inner, repeat]: [String; 3] =
            [argument(step, 3)?, argument(step, 4)?, argument(step, 5)?];
        let is_grid = width >= 2 && blocks >= 2 && width.saturating_mul(blocks) <= LARGEST;
        if !is_grid || arrow != "->" || step.arguments.len() != 6 {
            let form = "the form is `grid-stride LOOP THREADS BLOCKS -> BLOCKS THREADS REPEAT`";
            return Err(refusal(step, form));
        }
        let parts = [
            Part::fixed(outer, blocks, width),
            Part::fixed(inner, width, 1),
            Part::rest(repeat, width * blocks),
        ];
        divide(function, region, step, &parts)
    }

    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal> {
        let [width, blocks]: [i64; 2] = [argument(step, 0)?, argument(step, 1)?];
        let target = &step.target;
        let did = format!("let {blocks} blocks of {width} threads walk over `{target}`");
        Ok(in_any_order(before, target, did))
    }
}

fn move_of(name: &LoopName) -> Move {
    let part = |letter: &str| format!("{name}.{letter}");
    let [width, blocks] = SHAPE.map(|size| size.to_string());
    make(
        &GridStride,
        name,
        &[&width, &blocks, "->", &part("o"), &part("i"), &part("r")],
    )
}
