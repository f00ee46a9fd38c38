//! `spread-sum k`: the lanes of a warp share out a loop of a thread.
//!
//! **What it does**: gives each thread of a launch a warp, and deals the iterations of a loop in their code out to its lanes,
//! one by one. What the iterations join, such as the terms of a sum, each lane joins for itself, and all of them exchange what
//! they have when the loop is through. The threads that there were lie along the next axis; further moves share out further
//! loops of the same launch.
//!
//! **Before**: `for i.o on block.x { for i.i in 0..8 on thread.x { … s = 0; for k in 0..n { s = s + a[i][k] * x[k] } y[i] = s } }`
//!
//! **After**: `for i.o on block.x { for i.i in 0..8 on thread.y { … s = 0; for k in 0..n on lanes { s = s + a[i][k] * x[k] }
//! y[i] = s } }`
//!
//! **Legal when**: iterations depend on one another by what they join alone, and leave nothing else in variables; all lanes of a
//! warp can run what stands around the loop and come to the same. Sums of floating-point numbers may be reordered.
//!
//! **Pays when**: what one thread reads lies side by side in memory, so that lanes with a row each would read far apart; or
//! there are too few threads to fill the device.
//!
//! **Source**: Bell, Garland, “Implementing Sparse Matrix-Vector Multiplication on Throughput-Oriented Processors”, SC 2009
//! (a warp for each row).

use mupac_ir::warp::LANES;
use mupac_ir::{
    Axis, Block, Function, Handle, Loop, LoopName, Mapping, Move, Refusal, Stmt, Type, Var,
};

use super::account::Account;
use super::{Phase, Step, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{by_lanes, code, joins, launches};
use crate::state::{Draft, State};
use crate::{region, trip};

/// The step.
pub struct SpreadSum;

impl Step for SpreadSum {
    fn name(&self) -> &'static str {
        "spread-sum"
    }

    fn phase(&self) -> Phase {
        Phase::Idiom
    }

    fn moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        let function = draft.function();
        let is_long = |each: &&Loop| {
            let count = trip::constant(function, each);
            count.is_none_or(|count| count >= LANES.into())
        };
        let found = draft.loops_for_lanes(device).into_iter();
        out.extend(
            found
                .filter(is_long)
                .map(|each| make(self, &each.name, &[])),
        );
    }

    fn more_moves(&self, draft: &Draft, device: &Device, out: &mut Vec<Move>) {
        let found = draft.loops_for_lanes(device).into_iter();
        out.extend(found.map(|each| make(self, &each.name, &[])));
    }

    fn apply(
        &self,
        _facts: &Facts,
        _function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        if !step.arguments.is_empty() {
            return Err(refusal(step, "the form is `spread-sum LOOP`"));
        }
        let inside = |stmt: &&Stmt| {
            code(stmt).is_some_and(|code| region::find(&code.body, &step.target).is_some())
        };
        let launch = launches(region).into_iter().find(inside);
        let name = launch.and_then(|stmt| region::loop_name(stmt).cloned());
        let name = name.ok_or_else(|| refusal(step, "the loop is not in the code of threads"))?;
        let has_warps = launch.is_some_and(|stmt| !by_lanes(std::slice::from_ref(stmt)).is_empty());
        if !has_warps {
            make_room(region, &name)
                .ok_or_else(|| refusal(step, "threads share out loops on every axis"))?;
        }
        sequential(region, step)?.mapping = Mapping::Lanes;
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        Ok(Account {
            did: format!(
                "gave each thread a warp, whose lanes share out the iterations of `{}` and join what they have found",
                step.target
            ),
            legal_because: "iterations share nothing but values that may be joined in another order, and all lanes come to \
                            the same around the loop"
                .to_owned(),
        })
    }
}

impl Draft {
    /// Returns the loops in the code of threads that lanes can share out, as far as is seen without the judge: those whose
    /// iterations join something, and in launches that run by warps also those that depend on nothing of one another; where
    /// none joins, these start warps, if something stands beside them, so that threads of their own cannot run them.
    fn loops_for_lanes(&self, device: &Device) -> Vec<&Loop> {
        let (facts, function) = (self.facts(), self.function());
        let mut found = Vec::new();
        for launch in launches(self.statements()) {
            let all = region::loops(std::slice::from_ref(launch));
            let of_threads = all
                .iter()
                .filter(|each| matches!(each.mapping, Mapping::Thread(_)));
            let threads: Option<i128> = of_threads
                .map(|each| trip::constant(function, each))
                .product();
            let has_warps = all.iter().any(|each| each.mapping == Mapping::Lanes);
            let has_room = has_warps
                || threads.is_some_and(|threads| {
                    threads.saturating_mul(LANES.into()) <= device.max_threads_per_block.into()
                }) && !all
                    .iter()
                    .any(|each| each.mapping == Mapping::Thread(Axis::Z));
            let Some(code) = code(launch).filter(|_| has_room) else {
                continue;
            };
            let is_sequential = |each: &&Loop| {
                each.mapping == Mapping::Sequential
                    && self.is_original(&each.name)
                    && by_lanes(&each.body).is_empty()
            };
            let all = outside_of_lanes(&code.body).into_iter();
            let all: Vec<&Loop> = all.filter(is_sequential).collect();
            let is_joining = |each: &&Loop| !joins(facts, function, each).is_empty();
            let has_joining = all.iter().any(is_joining);
            let alone = region::chain(&code.body);
            let is_alone = |each: &Loop| alone.iter().any(|other| other.name == each.name);
            let may_start = !has_joining && self.is_all_shared(&code.body);
            let is_free = |each: &&Loop| {
                let has_lanes = has_warps || may_start && !is_alone(each);
                has_lanes && !facts.carried.contains_key(&each.name)
            };
            found.extend(
                all.into_iter()
                    .filter(|each| is_free(each) || is_joining(each)),
            );
        }
        found
    }

    /// Returns whether every loop in the code of threads is one that lanes can share out, or around such a loop: all lanes run
    /// what is left.
    fn is_all_shared(&self, block: &[Stmt]) -> bool {
        let (facts, function) = (self.facts(), self.function());
        let is_own = |array: &Handle<Var>| {
            facts.private.contains_key(array)
                && matches!(function.vars[*array].ty, Type::Array { .. })
        };
        let is_shared = |each: &Loop| {
            let mut own = facts.private.keys().filter(|array| is_own(array));
            self.may_run_in_parallel(each)
                && !own.any(|array| {
                    let mut body = each.body.iter();
                    body.any(|stmt| region::names(function, stmt, *array))
                })
        };
        block.iter().all(|stmt| match stmt {
            Stmt::For(each) => {
                let has_loops = !region::loops(&each.body).is_empty();
                is_shared(each) || has_loops && self.is_all_shared(&each.body)
            }
            Stmt::If(branch) => {
                self.is_all_shared(&branch.then) && self.is_all_shared(&branch.otherwise)
            }
            Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => true,
        })
    }
}

/// Returns the loops of a block that lanes do not share out, nor iterations around them.
fn outside_of_lanes(block: &[Stmt]) -> Vec<&Loop> {
    let mut found = Vec::new();
    for stmt in block {
        match stmt {
            Stmt::For(each) if each.mapping == Mapping::Lanes => continue,
            Stmt::For(each) => found.push(each),
            Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        let inside = region::blocks(stmt);
        found.extend(inside.flat_map(|block| outside_of_lanes(block)));
    }
    found
}

/// Moves the threads of a launch on by an axis, so that lanes lie along `x`; `None` where there is none left.
fn make_room(region: &mut Block, launch: &LoopName) -> Option<()> {
    let launched = region::find(region, launch)?;
    let inside = region::loops(&launched.body).into_iter();
    let names: Vec<_> = inside
        .chain([launched])
        .map(|each| each.name.clone())
        .collect();
    for name in &names {
        let each = region::find_mut(region, name)?;
        each.mapping = match each.mapping {
            Mapping::Thread(Axis::X) => Mapping::Thread(Axis::Y),
            Mapping::Thread(Axis::Y) => Mapping::Thread(Axis::Z),
            Mapping::Thread(Axis::Z) => return None,
            Mapping::Sequential
            | Mapping::Block(_)
            | Mapping::Unroll(_)
            | Mapping::Vector
            | Mapping::Lanes => each.mapping,
        };
    }
    Some(())
}
