//! `spread-sum k 32 y -> k.o k.i y_p`: the lanes of a warp share out the terms of sums into elements of an array.
//!
//! **What it does**: deals the iterations of a loop in the code of threads out to neighbouring threads, one by one. Each lane
//! adds to numbers of its own for the elements of the array, its slice; these start at zero, and are added to the elements
//! when the launch is through, in the order of the lanes. The threads that there were lie along the next axis. What is
//! assigned before the loop gets a launch of its own.
//!
//! **Before**: `for i.o on block.x { for i.i in 0..32 on thread.x { … for k in 0..n { y[i] = y[i] + a[i][k] * x[k] } } }`
//!
//! **After**: `for i.o on block.x { for i.i in 0..32 on thread.y { … for k.o in 0..32 on thread.x { var y_p: [f32; 32] @slices y;
//! for k.i in 0..ceil(n, 32) { let k = 32*k.i + k.o; if (k < n) { y[i] = y[i] + a[i][k] * x[k] } } } } }`, from which lowering makes
//! the three kernels that `split-sum` has
//!
//! **Legal when**: as for `split-sum`.
//!
//! **Pays when**: the terms of one sum lie side by side in memory, so that lanes with a sum each would read far apart.
//!
//! **Source**: Bell, Garland, “Implementing Sparse Matrix-Vector Multiplication on Throughput-Oriented Processors”, SC 2009
//! (a warp for each row).

use mupac_ir::{Axis, Block, Function, Handle, LoopName, Mapping, Move, Refusal, Span, Stmt, Var};

use super::account::Account;
use super::before::cut_before;
use super::parts::{Part, divide};
use super::split_sum::{Words, launch_around, move_of, sums_of};
use super::{Phase, Step, argument, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::launches;
use crate::state::{Draft, State};
use crate::{region, trip};

/// The step.
pub struct SpreadSum;

/// The lanes of a warp.
const LANES: u32 = 32;

/// A number of lanes that short tests fill.
const FEW: u32 = 4;

impl Step for SpreadSum {
    fn name(&self) -> &'static str {
        "spread-sum"
    }

    fn phase(&self) -> Phase {
        Phase::Idiom
    }

    fn moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        self.moves_of(draft, device, LANES, out);
    }

    fn more_moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        self.moves_of(draft, device, FEW, out);
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let words = Words::read(step, function, region)?;
        let launch = launch_around(region, &step.target);
        let launch = launch.and_then(|stmt| region::loop_name(stmt).cloned());
        let launch =
            launch.ok_or_else(|| refusal(step, "the loop is not in the code of threads"))?;
        let slices = words
            .declared(function, true)
            .ok_or_else(|| refusal(step, "it is no array of numbers"))?;
        cut_before(function, region, &launch, &step.target)
            .ok_or_else(|| refusal(step, "something else than assignments stands beside it"))?;
        let parts = [
            Part::fixed(words.outer.clone(), words.size, 1),
            Part::rest(words.inner, words.size),
        ];
        divide(function, region, step, &parts)?;
        spread(region, &launch, &LoopName(words.outer), slices)
            .ok_or_else(|| refusal(step, "threads share out loops on every axis"))
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let size: i64 = argument(step, 0)?;
        let [array, slices]: [String; 2] = [argument(step, 1)?, argument(step, 5)?];
        Ok(Account {
            did: format!(
                "dealt the iterations of `{}` out to {size} neighbouring threads, each with sums of its own in `{slices}`, and \
                 added these to `{array}` in the order of the threads",
                step.target
            ),
            legal_because: format!(
                "the kernel only adds to `{array}`, and sums may be computed in another order"
            ),
        })
    }
}

impl SpreadSum {
    /// Appends the moves that deal terms out to so many threads, where a block has room for them.
    fn moves_of(&self, draft: &Draft, device: &Device, lanes: u32, out: &mut Vec<Move>) {
        for launch in launches(draft.statements()) {
            let threads = threads(draft.function(), launch);
            let has_room = threads.is_some_and(|threads| {
                threads.saturating_mul(lanes.into()) <= device.max_threads_per_block.into()
            });
            if has_room && !uses(launch, Axis::Z) {
                for (each, array) in sums_of(draft, launch) {
                    out.push(move_of(self, draft, &each.name, lanes, array));
                }
            }
        }
    }
}

/// Returns how many threads a block of a launch has, where that is a constant.
fn threads(function: &Function, launch: &Stmt) -> Option<i128> {
    let loops = region::loops(std::slice::from_ref(launch)).into_iter();
    let of_threads = loops.filter(|each| matches!(each.mapping, Mapping::Thread(_)));
    of_threads
        .map(|each| trip::constant(function, each))
        .product()
}

fn uses(launch: &Stmt, axis: Axis) -> bool {
    let loops = region::loops(std::slice::from_ref(launch));
    loops
        .iter()
        .any(|each| each.mapping == Mapping::Thread(axis))
}

/// Lets threads along `x` share out a loop of a launch, whose iterations have slices each, and moves the others on by an
/// axis; `None` where there is none left.
fn spread(
    region: &mut Block,
    launch: &LoopName,
    lanes: &LoopName,
    slices: Handle<Var>,
) -> Option<()> {
    let names: Vec<_> = region::loops(&region::find(region, launch)?.body)
        .into_iter()
        .map(|each| each.name.clone())
        .chain([launch.clone()])
        .collect();
    for name in &names {
        let each = region::find_mut(region, name)?;
        each.mapping = match each.mapping {
            Mapping::Thread(Axis::X) => Mapping::Thread(Axis::Y),
            Mapping::Thread(Axis::Y) => Mapping::Thread(Axis::Z),
            Mapping::Thread(Axis::Z) => return None,
            Mapping::Sequential | Mapping::Block(_) | Mapping::Unroll(_) | Mapping::Vector => {
                each.mapping
            }
        };
    }
    let lanes = region::find_mut(region, lanes)?;
    lanes.mapping = Mapping::Thread(Axis::X);
    lanes.body.insert(0, Stmt::Declare(slices, Span::default()));
    Some(())
}
