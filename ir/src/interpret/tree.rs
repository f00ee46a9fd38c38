//! Mapped trees whose threads meet: the nest of mapped loops runs as a launch does.
//!
//! The mapped loops follow one another, with nothing but names, conditions and shared arrays between; every iteration of
//! all of them is a thread, and those that agree in the loops mapped to blocks are a block.
//! A thread starts with a copy of the scalars of the host, and what it leaves in them is lost.

use std::collections::BTreeMap;

use crate::arena::Handle;
use crate::function::{Space, Var};
use crate::stmt::{Loop, Mapping, Stmt};
use crate::structure;

use super::activation::Activation;
use super::block::{Thread, Threads, has_barrier};
use super::execute::Flow;
use super::fault::{Outcome, malformed, unsupported};
use super::scope::Slot;
use super::value::Value;

/// The iterators of the loops mapped to blocks or to threads, `z` first; `None` where that loop is not reached yet, or
/// there is none.
type Index = [Option<i128>; 3];

/// Iterators of mapped loops.
#[derive(Clone, Copy, Default)]
struct Indices {
    block: Index,
    thread: Index,
}

/// What a nest of mapped loops unfolds into.
#[derive(Default)]
struct Unfolded<'m> {
    /// The slots of the threads of each block.
    blocks: BTreeMap<Index, BTreeMap<Index, Vec<Slot>>>,
    /// The blocks, or what of their indices is known, some of whose threads a condition keeps out.
    kept_out: Vec<Index>,
    /// The shared arrays declared between the loops.
    shared: Vec<Handle<Var>>,
    /// What each thread runs.
    code: &'m [Stmt],
}

impl<'m> Activation<'_, 'm> {
    /// Returns whether the threads of a mapped nest do something together.
    pub(super) fn has_threads_that_meet(&self, nest: &Loop) -> bool {
        let mut found = nest.body.iter().any(has_barrier);
        structure::each(&nest.body, &mut |stmt| {
            found |= matches!(stmt, Stmt::Declare(var, _) if self.is_shared(*var));
        });
        found
    }

    /// Runs a mapped nest as a launch.
    pub(super) fn launch_tree(&mut self, nest: &'m Loop) -> Outcome<()> {
        let mut unfolded = Unfolded::default();
        self.unfold_loop(nest, Indices::default(), &mut unfolded)?;
        let mut number = 0;
        let mut blocks = Vec::new();
        for (index, slots) in unfolded.blocks {
            let agrees = |known: &&Index| {
                let mut pairs = known.iter().zip(&index);
                pairs.all(|(known, own)| known.is_none() || known == own)
            };
            let missing = unfolded.kept_out.iter().filter(agrees).count();
            let all = slots.into_values().map(|slots| {
                number += 1;
                Thread::of_tree(number - 1, slots, self.slot_doubts.clone())
            });
            blocks.push(Threads {
                all: all.collect(),
                missing,
            });
        }
        self.machine.orderer.arrange(&mut blocks);
        self.machine.start_launch();
        for mut threads in blocks {
            self.machine.start_block();
            for thread in &mut threads.all {
                let mut shared = unfolded.shared.iter();
                self.as_thread(thread, |this| shared.try_for_each(|var| this.declare(*var)))?;
            }
            self.run_block(&mut threads, unfolded.code)?;
        }
        self.machine.end_block();
        Ok(())
    }

    fn unfold_loop(
        &mut self,
        each: &'m Loop,
        at: Indices,
        unfolded: &mut Unfolded<'m>,
    ) -> Outcome<()> {
        let flow = self.counting(each, &mut |this| {
            let mut at = at;
            let place = match each.mapping {
                Mapping::Block(axis) => Some(&mut at.block[2 - axis as usize]),
                Mapping::Thread(axis) => Some(&mut at.thread[2 - axis as usize]),
                Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Lanes => None,
            };
            if let Some(place) = place {
                *place = Some(this.iterator_value(each.iterator)?);
            }
            this.unfold(&each.body, at, unfolded).map(|()| Flow::Next)
        })?;
        match flow {
            Flow::Next => Ok(()),
            Flow::Break | Flow::Continue | Flow::Return(_) => malformed("a jump out of a launch"),
        }
    }

    fn unfold(
        &mut self,
        block: &'m [Stmt],
        at: Indices,
        unfolded: &mut Unfolded<'m>,
    ) -> Outcome<()> {
        if !structure::has_mapped(block) {
            unfolded.code = block;
            let threads = unfolded.blocks.entry(at.block).or_default();
            threads.insert(at.thread, self.slots.iter().map(borrowed).collect());
            return Ok(());
        }
        match block {
            [Stmt::Let(var, value), rest @ ..] => {
                let value: Value = self.evaluate(*value)?;
                let hidden = self.hidden(&block[..1]);
                self.set_slot(*var, Slot::Value(Some(value)));
                self.unfold(rest, at, unfolded)?;
                self.leave_scope(&block[..1], hidden);
                Ok(())
            }
            [Stmt::Declare(var, _), rest @ ..] if self.is_shared(*var) => {
                if !unfolded.shared.contains(var) {
                    unfolded.shared.push(*var);
                }
                self.unfold(rest, at, unfolded)
            }
            [Stmt::For(each)] if each.mapping.is_parallel() => self.unfold_loop(each, at, unfolded),
            [Stmt::If(branch)] if branch.otherwise.is_empty() => {
                if self.holds(branch.condition)? {
                    self.unfold(&branch.then, at, unfolded)
                } else {
                    unfolded.kept_out.push(at.block);
                    Ok(())
                }
            }
            _ => unsupported("threads that meet beside other code"),
        }
    }

    fn is_shared(&self, var: Handle<Var>) -> bool {
        let var = self.function.vars.get(var);
        var.is_some_and(|var| var.space == Space::Shared)
    }
}

/// Returns the slot as a thread has it, which ends no lifetime of the host's.
fn borrowed(slot: &Slot) -> Slot {
    match slot {
        Slot::Memory(pointer) => Slot::Borrowed(*pointer),
        Slot::Absent | Slot::Value(_) | Slot::Borrowed(_) => slot.clone(),
    }
}
