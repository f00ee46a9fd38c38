//! The threads of one block, from barrier to barrier.
//!
//! Between two barriers the threads run one after another, in the order that the machine chooses; a race is a fault, so
//! that no other order could show more.
//! Loops and conditions around a barrier are run by all threads together: each decides for itself where it goes, and a
//! barrier that not all of them come to is a fault.
//!
//! **Source**: Stratton, Stone, Hwu, “MCUDA: An Efficient Implementation of CUDA Kernels for Multi-core CPUs”, LCPC
//! 2008 (loops over the threads, cut at barriers); CUDA C++ Programming Guide 13.0, “Synchronization Functions”.

use std::mem::swap;

use crate::prefix::scanned_by;
use crate::stmt::{If, Loop, Stmt};
use crate::structure;
use crate::warp::WarpOperation;

use super::activation::{Activation, Context};
use super::doubt::SlotDoubts;
use super::execute::Flow;
use super::fault::{FaultKind, Outcome, malformed, unsupported};
use super::host::Machine;
use super::memory::Agent;
use super::scope::Slot;

/// A thread while others run.
pub(super) struct Thread {
    /// Number in the order of block and thread index.
    number: u64,
    block_index: [i64; 3],
    index: [i64; 3],
    sees_host: bool,
    slots: Vec<Slot>,
    slot_doubts: SlotDoubts,
}

impl Thread {
    /// Returns a thread of a kernel before its first statement.
    pub(super) fn of_kernel(
        number: u64,
        block_index: [i64; 3],
        index: [i64; 3],
        slots: Vec<Slot>,
    ) -> Self {
        Self {
            number,
            block_index,
            index,
            sees_host: false,
            slots,
            slot_doubts: SlotDoubts::new(),
        }
    }

    /// Returns a thread of a mapped tree, which starts with what the host knows and has no indices.
    pub(super) fn of_tree(number: u64, slots: Vec<Slot>, slot_doubts: SlotDoubts) -> Self {
        Self {
            number,
            block_index: [0; 3],
            index: [0; 3],
            sees_host: true,
            slots,
            slot_doubts,
        }
    }
}

/// The threads of a block.
pub(super) struct Threads {
    pub(super) all: Vec<Thread>,
    /// How many more the block has, which a condition keeps from its code.
    pub(super) missing: usize,
}

/// Where each of some threads goes, by position among the threads of the block.
pub(super) type Flows = Vec<(usize, Flow)>;

impl Machine<'_> {
    /// Starts a launch: everything before it is ordered before all of it.
    pub(super) fn start_launch(&mut self) {
        self.stretch.launch = self.stretch.now + 1;
    }

    /// Starts a block, with shared memory of its own.
    pub(super) fn start_block(&mut self) {
        self.stretch.now += 1;
        self.stretch.block = self.stretch.now;
        self.end_block();
    }

    /// Ends the shared memory of the block that has run last.
    pub(super) fn end_block(&mut self) {
        for pointer in std::mem::take(&mut self.shared).into_values() {
            self.memory.kill(pointer.object);
        }
    }
}

impl<'m> Activation<'_, 'm> {
    /// Runs the code of a block to its end.
    pub(super) fn run_block(&mut self, threads: &mut Threads, code: &'m [Stmt]) -> Outcome<()> {
        let all: Vec<_> = (0..threads.all.len()).collect();
        for (_, flow) in self.together(threads, &all, code)? {
            match flow {
                // The iteration of a mapped loop that is continued is a thread that ends.
                Flow::Next | Flow::Continue | Flow::Return(None) => {}
                Flow::Return(Some(_)) | Flow::Break => {
                    return malformed("a jump out of a kernel");
                }
            }
        }
        Ok(())
    }

    /// Does something as one of the threads.
    pub(super) fn as_thread<T>(
        &mut self,
        thread: &mut Thread,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut context = Context {
            agent: Agent::Thread {
                stretch: self.machine.stretch,
                number: thread.number,
                sees_host: thread.sees_host,
            },
            block: thread.block_index,
            thread: thread.index,
            handle: None,
        };
        swap(&mut self.context, &mut context);
        swap(&mut self.slots, &mut thread.slots);
        swap(&mut self.slot_doubts, &mut thread.slot_doubts);
        let result = run(self);
        swap(&mut self.slot_doubts, &mut thread.slot_doubts);
        swap(&mut self.slots, &mut thread.slots);
        swap(&mut self.context, &mut context);
        result
    }

    /// Does something as the thread at a position.
    pub(super) fn as_one<T>(
        &mut self,
        threads: &mut Threads,
        at: usize,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        match threads.all.get_mut(at) {
            Some(thread) => self.as_thread(thread, run),
            None => malformed("a thread of another block"),
        }
    }

    /// Runs a block of statements with a scope of its own for each of some threads.
    fn together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        block: &'m [Stmt],
    ) -> Outcome<Flows> {
        self.machine.enter()?;
        let mut hidden = Vec::new();
        for &at in active {
            hidden.push(self.as_one(threads, at, |this| Ok(this.hidden(block)))?);
        }
        let flows = self.statements_together(threads, active, block)?;
        for (&at, hidden) in active.iter().zip(hidden) {
            self.as_one(threads, at, |this| {
                this.leave_scope(block, hidden);
                Ok(())
            })?;
        }
        self.machine.leave();
        Ok(flows)
    }

    fn statements_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        block: &'m [Stmt],
    ) -> Outcome<Flows> {
        let mut going = active.to_vec();
        let mut gone = Vec::new();
        let mut rest = block;
        while let [first, others @ ..] = rest
            && !going.is_empty()
        {
            let alone = rest.iter().take_while(|stmt| !has_barrier(stmt)).count();
            let flows = if alone > 0 {
                let (now, later) = rest.split_at(alone);
                rest = later;
                self.one_by_one(threads, &going, now)?
            } else {
                rest = others;
                self.statement_together(threads, &going, first)
                    .map_err(|fault| fault.at(first.span()))?
            };
            going.clear();
            for (at, flow) in flows {
                match flow {
                    Flow::Next => going.push(at),
                    Flow::Break | Flow::Continue | Flow::Return(_) => gone.push((at, flow)),
                }
            }
        }
        gone.extend(going.into_iter().map(|at| (at, Flow::Next)));
        Ok(gone)
    }

    /// Runs statements without barriers, each thread to their end.
    fn one_by_one(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        statements: &'m [Stmt],
    ) -> Outcome<Flows> {
        let mut order = active.to_vec();
        self.machine.orderer.arrange(&mut order);
        order
            .into_iter()
            .map(|at| {
                let flow = self.as_one(threads, at, |this| this.statements(statements))?;
                Ok((at, flow))
            })
            .collect()
    }

    /// Runs a statement that is or holds a barrier.
    fn statement_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        stmt: &'m Stmt,
    ) -> Outcome<Flows> {
        for _ in active {
            self.machine.count(stmt.span())?;
        }
        match stmt {
            Stmt::Barrier => {
                have_all_come(threads, active)?;
                self.machine.stretch.now += 1;
                Ok(active.iter().map(|at| (*at, Flow::Next)).collect())
            }
            Stmt::Call(call) => self.call_together(threads, active, call),
            Stmt::For(each) => self.counted_together(threads, active, each),
            Stmt::If(branch) => self.branch_together(threads, active, branch),
            Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Verbatim(..) => unsupported("a barrier inside a loop without a counter"),
        }
    }

    fn branch_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        branch: &'m If,
    ) -> Outcome<Flows> {
        let (mut then, mut otherwise) = (Vec::new(), Vec::new());
        for &at in active {
            let side = if self.as_one(threads, at, |this| this.holds(branch.condition))? {
                &mut then
            } else {
                &mut otherwise
            };
            side.push(at);
        }
        let mut flows = self.together(threads, &then, &branch.then)?;
        flows.extend(self.together(threads, &otherwise, &branch.otherwise)?);
        Ok(flows)
    }

    fn counted_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        each: &'m Loop,
    ) -> Outcome<Flows> {
        if each.mapping.is_parallel() {
            return malformed("a mapped loop inside the code of a thread");
        }
        for &at in active {
            self.as_one(threads, at, |this| this.start_counting(each).map(drop))?;
        }
        let (mut going, mut done) = (active.to_vec(), Vec::new());
        loop {
            let mut next = Vec::new();
            for at in going {
                if self.as_one(threads, at, |this| this.goes_on(each))? {
                    self.machine.count(each.header_span)?;
                    next.push(at);
                } else {
                    done.push((at, Flow::Next));
                }
            }
            if next.is_empty() {
                break;
            }
            going = Vec::new();
            for (at, flow) in self.together(threads, &next, &each.body)? {
                match flow {
                    Flow::Next | Flow::Continue => {
                        self.as_one(threads, at, |this| this.advance(each))?;
                        going.push(at);
                    }
                    Flow::Break => done.push((at, Flow::Next)),
                    Flow::Return(_) => done.push((at, flow)),
                }
            }
        }
        for &at in active {
            self.as_one(threads, at, |this| {
                this.end_counting(each);
                Ok(())
            })?;
        }
        Ok(done)
    }
}

/// Checks that all threads of a block come to a barrier.
pub(super) fn have_all_come(threads: &Threads, active: &[usize]) -> Outcome<()> {
    let of = threads.all.len() + threads.missing;
    if active.len() == of {
        return Ok(());
    }
    Err(FaultKind::DivergentBarrier {
        arrived: active.len(),
        threads: of,
    }
    .into())
}

/// Returns whether a statement is or holds a barrier, or something else that threads do together.
pub(super) fn has_barrier(stmt: &Stmt) -> bool {
    let mut found = match stmt {
        Stmt::Barrier => true,
        Stmt::Call(call) => WarpOperation::of(call).is_some() || scanned_by(call).is_some(),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Verbatim(..) => false,
    };
    for block in structure::blocks(stmt) {
        found |= block.iter().any(has_barrier);
    }
    found
}
