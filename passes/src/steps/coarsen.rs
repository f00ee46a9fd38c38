//! `coarsen i 4 256 -> i.o i.i i.u`: each thread runs several iterations, a block's width apart.
//!
//! **What it does**: cuts the iterations into chunks of `4 * 256`; the outermost part counts chunks, the middle one the
//! threads of a block, the innermost one what a thread runs. Neighbouring threads run neighbouring iterations in every
//! one of its steps.
//!
//! **Before**: `for i in s..e by c { B }`
//!
//! **After**: `for i.o in 0..ceil(ceil(e - s, c), 1024) { for i.i in 0..256 { for i.u in 0..4 { let i = s + c*(1024*i.o + 256*i.u + i.i); if (i < e) { B } } } }`
//!
//! **Legal when**: the iterations of a chunk may run in this order, and what is mapped in any order.
//!
//! **Pays when**: there are more threads than the device can hold, and what they have in common is computed or loaded
//! once for several iterations.
//!
//! **Source**: Magni, Dubach, O'Boyle, “A Large-Scale Cross-Architecture Evaluation of Thread-Coarsening”, SC 2013.

use mupac_ir::{Block, Function, LoopName, Move, Refusal};

use super::account::{Account, in_any_order};
use super::parts::{LARGEST, Part, divide};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};

/// The step.
pub struct Coarsen;

/// Iterations of a thread that the search tries.
const FACTORS: [u32; 2] = [2, 4];

/// Threads of a block that the search tries.
const WIDTH: u32 = 256;

impl Step for Coarsen {
    fn name(&self) -> &'static str {
        "coarsen"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in draft.long_loops() {
            let factors = FACTORS.iter();
            out.extend(factors.map(|factor| move_of(&each.name, *factor)));
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let factor: i64 = argument(step, 0)?;
        let width: i64 = argument(step, 1)?;
        let arrow: String = argument(step, 2)?;
        let [outer, inner, own]: [String; 3] =
            [argument(step, 3)?, argument(step, 4)?, argument(step, 5)?];
        let is_chunk = factor >= 2 && width >= 2 && factor.saturating_mul(width) <= LARGEST;
        if !is_chunk || arrow != "->" || step.arguments.len() != 6 {
            let form = "the form is `coarsen LOOP FACTOR WIDTH -> BLOCKS THREADS OWN`";
            return Err(refusal(step, form));
        }
        let parts = [
            Part::rest(outer, factor * width),
            Part::fixed(inner, width, 1),
            Part::fixed(own, factor, width),
        ];
        divide(function, region, step, &parts)
    }

    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal> {
        let [factor, width]: [i64; 2] = [argument(step, 0)?, argument(step, 1)?];
        let target = &step.target;
        let did = format!("gave each thread {factor} iterations of `{target}`, {width} apart");
        Ok(in_any_order(before, target, did))
    }
}

fn move_of(name: &LoopName, factor: u32) -> Move {
    let part = |letter: &str| format!("{name}.{letter}");
    let words = [factor.to_string(), WIDTH.to_string()];
    let [factor, width] = &words;
    make(
        &Coarsen,
        name,
        &[factor, width, "->", &part("o"), &part("i"), &part("u")],
    )
}
