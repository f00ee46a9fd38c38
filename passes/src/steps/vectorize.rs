//! `vectorize i 4 256 -> i.o i.i i.v`: each thread runs several neighbouring iterations, side by side.
//!
//! **What it does**: cuts the iterations into chunks of `4 * 256`; the outermost part counts chunks, the middle one the
//! threads of a block, the innermost one, of which the compiler copies the body, what a thread runs. What these iterations
//! touch side by side in memory moves by one access, where lowering can show that its address is a multiple of its size; a
//! thread whose iterations do not all run keeps one access for each.
//!
//! **Before**: `for i in s..e by c { B }`
//!
//! **After**: `for i.o in 0..ceil(ceil(e - s, c), 1024) { for i.i in 0..256 { for i.v in 0..4 on unroll { let i = s + c*(1024*i.o + 4*i.i + i.v); if (i < e) { B } } } }`
//!
//! **Legal when**: the iterations of a chunk may run in this order, and what is mapped in any order.
//!
//! **Pays when**: there are more threads than the device can hold, and instructions or latency keep them, rather than
//! bandwidth.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Size and Alignment Requirement”; Luitjens, “CUDA Pro Tip: Increase
//! Performance with Vectorized Memory Access”, NVIDIA Technical Blog, 2013.

use std::collections::BTreeSet;

use mupac_ir::{
    Block, Function, Handle, Loop, LoopName, Mapping, Move, Refusal, Scalar, Stmt, Var, vector,
};

use super::account::{Account, in_any_order};
use super::parts::{LARGEST, Part, divide};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region};

/// The step.
pub struct Vectorize;

/// Threads of a block that the search tries.
const WIDTH: u32 = 256;

/// Threads of a block where many blocks are wanted of few iterations.
const NARROW: u32 = 8;

/// More iterations of one thread leave nothing to move by one access.
const MOST: i64 = 16;

impl Step for Vectorize {
    fn name(&self) -> &'static str {
        "vectorize"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    /// Offers as many iterations as one access may move of the largest elements.
    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in draft.long_loops() {
            if let Some(factor) = factor(draft.function(), each) {
                out.push(move_of(each, factor, WIDTH));
            }
        }
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for nest in draft.nests() {
            let parallel = region::chain(nest)
                .into_iter()
                .filter(|each| draft.may_run_in_parallel(each) && draft.is_original(&each.name));
            for each in parallel {
                let factors = factor(draft.function(), each).into_iter().chain([2]);
                out.extend(factors.map(|factor| move_of(each, factor, NARROW)));
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
        let factor: i64 = argument(step, 0)?;
        let width: i64 = argument(step, 1)?;
        let arrow: String = argument(step, 2)?;
        let [outer, inner, own]: [String; 3] =
            [argument(step, 3)?, argument(step, 4)?, argument(step, 5)?];
        let is_chunk = (2..=MOST).contains(&factor) && (2..=LARGEST / MOST).contains(&width);
        if !is_chunk || arrow != "->" || step.arguments.len() != 6 {
            let form = "the form is `vectorize LOOP FACTOR WIDTH -> BLOCKS THREADS OWN`";
            return Err(refusal(step, form));
        }
        let parts = [
            Part::rest(outer, factor * width),
            Part::fixed(inner, width, factor),
            Part::fixed(own.clone(), factor, 1),
        ];
        divide(function, region, step, &parts)?;
        let own = region::find_mut(region, &LoopName(own));
        own.ok_or_else(|| refusal(step, "the region has no such loop"))?
            .mapping = Mapping::Unroll(None);
        Ok(())
    }

    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal> {
        let factor: i64 = argument(step, 0)?;
        let target = &step.target;
        let did = format!("gave each thread {factor} neighbouring iterations of `{target}`");
        Ok(in_any_order(before, target, did))
    }
}

fn move_of(each: &Loop, factor: u64, width: u32) -> Move {
    let part = |letter: &str| format!("{}.{letter}", each.name);
    let words = [factor.to_string(), width.to_string()];
    let [factor, width] = &words;
    make(
        &Vectorize,
        &each.name,
        &[factor, width, "->", &part("o"), &part("i"), &part("v")],
    )
}

/// Returns how many of the largest elements that the body of an innermost loop touches one access may move; `None` where
/// there are none.
fn factor(function: &Function, each: &Loop) -> Option<u64> {
    let mut elements = BTreeSet::new();
    let mut is_innermost = true;
    region::each(&each.body, &mut |stmt| {
        is_innermost &= !matches!(stmt, Stmt::For(_) | Stmt::While(_));
        elements.extend(region::target(stmt).and_then(|place| element(function, place.var)));
        for expr in region::expressions(stmt) {
            let named = build::variables(function, expr).into_iter();
            elements.extend(named.filter_map(|var| element(function, var)));
        }
    });
    let largest = elements
        .into_iter()
        .max_by_key(|element| element.size_bytes());
    largest
        .filter(|_| is_innermost)
        .and_then(|element| vector::widest(element, MOST.unsigned_abs()))
}

/// Returns the type of the elements of an array.
fn element(function: &Function, var: Handle<Var>) -> Option<Scalar> {
    function.vars[var].ty.element()?.innermost().scalar()
}
