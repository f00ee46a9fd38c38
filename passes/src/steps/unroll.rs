//! `unroll k.i` and `unroll k 4`: the body of a loop stands in the code several times.
//!
//! **What it does**: tells the compiler to copy the body, as often as the loop runs, which must be a constant, or as often
//! as the number says; the compiler then keeps a loop around the copies, and one behind it for the rest.
//!
//! **Before**: `for k.i in 0..16 { B }`
//!
//! **After**: `for k.i in 0..16 on unroll { B }`
//!
//! **Legal when**: always; every iteration runs where it ran.
//!
//! **Pays when**: the loop is short, so that counting costs as much as its body; or its iterator subscripts an array that
//! a thread keeps in registers, which have no addresses; or too few threads wait for memory, so that each has to wait for
//! several reads at once.
//!
//! **Source**: Allen, Kennedy, “Optimizing Compilers for Modern Architectures”, 2001, §8.4; CUDA C++ Programming Guide
//! 13.0, “#pragma unroll”.

use mupac_ir::{Block, Function, Mapping, Move, Refusal};

use super::account::{Account, in_order};
use super::{Phase, Step, argument, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{region, trip};

/// The step.
pub struct Unroll;

/// More copies would leave the cache of instructions, 128 KiB on devices of compute capability 7.0 and up, with a body
/// of some ten instructions of 16 bytes each.
///
/// **Source**: Jia, Maggioni, Staiger, Scarpazza, “Dissecting the NVIDIA Volta GPU Architecture via Microbenchmarking”,
/// 2018, §3.3.
const MOST: i128 = 512;

/// Copies that are tried where the trip count is not known or long, so that a thread waits for as many reads together.
const COPIES: u16 = 8;

/// Copies of which no estimate asks for, so that tests see other numbers of them too.
const FEW_COPIES: u16 = 4;

/// Of an innermost loop that runs no more often than this, the compiler copies the body as often as it runs.
///
/// **Source**: PTX that nvcc 13.0 makes of loops without pragma.
pub const COPIED: u32 = 32;

impl Step for Unroll {
    fn name(&self) -> &'static str {
        "unroll"
    }

    fn phase(&self) -> Phase {
        Phase::Work
    }

    /// Offers short loops around unrolled ones, and long innermost ones: the compiler copies a short innermost loop by itself.
    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let inside = draft.loops_of_threads();
        for each in region::loops(draft.statements()) {
            if each.mapping != Mapping::Sequential || !inside.contains(&each.name) {
                continue;
            }
            let count = trip::constant(draft.function(), each);
            let within = region::loops(&each.body);
            let mut unrolled = within.iter();
            if matches!(count, Some(2..=16))
                && unrolled.any(|inner| matches!(inner.mapping, Mapping::Unroll(_)))
            {
                out.push(make(self, &each.name, &[]));
            } else if within.is_empty() && count.is_none_or(|count| count > i128::from(COPIED)) {
                out.push(make(self, &each.name, &[&COPIES.to_string()]));
            }
        }
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let inside = draft.loops_of_threads();
        for each in region::loops(draft.statements()) {
            if each.mapping != Mapping::Sequential || !inside.contains(&each.name) {
                continue;
            }
            match trip::constant(draft.function(), each) {
                Some(0..=16) => out.push(make(self, &each.name, &[])),
                Some(_) | None => out.push(make(self, &each.name, &[&FEW_COPIES.to_string()])),
            }
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let target = sequential(region, step)?;
        if mupac_ir::structure::has_mapped(&target.body) {
            return Err(refusal(step, "blocks and threads run what is in the loop"));
        }
        let copies = match step.arguments.as_slice() {
            [] => {
                let count = trip::constant(function, target);
                if count.is_none_or(|count| count > MOST) {
                    let why =
                        format!("the loop does not run a constant number of times up to {MOST}");
                    return Err(refusal(step, &why));
                }
                None
            }
            [_] => {
                let copies: u16 = argument(step, 0)?;
                if !(2..=MOST).contains(&i128::from(copies)) {
                    let why = format!("a body is copied 2 to {MOST} times");
                    return Err(refusal(step, &why));
                }
                Some(copies)
            }
            _ => {
                return Err(refusal(
                    step,
                    "the form is `unroll LOOP` or `unroll LOOP COPIES`",
                ));
            }
        };
        target.mapping = Mapping::Unroll(copies);
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let times = match step.arguments.first() {
            Some(copies) => format!("{copies} times"),
            None => "as often as it runs".to_owned(),
        };
        let target = &step.target;
        Ok(in_order(format!("copied the body of `{target}` {times}")))
    }
}
