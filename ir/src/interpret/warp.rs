//! What the lanes of a warp do together.

use crate::stmt::Call;
use crate::warp::{LANES, WarpOperation};

use super::activation::Activation;
use super::block::{Flows, Thread, Threads, have_all_come};
use super::execute::Flow;
use super::fault::{Outcome, malformed};
use super::place::Purpose;
use super::value::Value;

impl<'m> Activation<'_, 'm> {
    /// Runs a call that the lanes of a warp make together; the threads are those of a warp.
    pub(super) fn call_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        call: &'m Call,
    ) -> Outcome<Flows> {
        let Some(operation) = WarpOperation::of(call) else {
            return malformed("a call that threads do not make together");
        };
        have_all_come(threads, active)?;
        match operation {
            WarpOperation::Meet => self.machine.stretch.now += 1,
            WarpOperation::Exchange => self.exchange(threads, call)?,
        }
        Ok(active.iter().map(|at| (*at, Flow::Next)).collect())
    }

    fn exchange(&mut self, threads: &mut Threads, call: &'m Call) -> Outcome<()> {
        let (Some(target), [_, value, distance]) = (&call.target, call.arguments.as_slice()) else {
            return malformed("an exchange without a value, a distance and a place for the result");
        };
        let mut offered: Vec<(Value, usize)> = Vec::new();
        for lane in 0..threads.all.len() {
            offered.push(self.as_one(threads, lane, |this| {
                let distance = usize::try_from(this.integer(*distance)?);
                Ok((this.evaluate(*value)?, distance.unwrap_or(usize::MAX)))
            })?);
        }
        for lane in 0..threads.all.len() {
            let from = offered.get(lane).map(|(_, distance)| lane ^ distance);
            let Some((value, _)) = from.and_then(|from| offered.get(from)).cloned() else {
                return malformed("an exchange with a lane that the warp does not have");
            };
            self.as_one(threads, lane, |this| {
                let target = this.locate(target, Purpose::Access)?;
                this.doubt = None;
                this.write(target, value)
            })?;
        }
        Ok(())
    }
}

/// Returns the threads of a block in groups that run together: its warps where `by_warps`, else all of them.
pub(super) fn groups(threads: Vec<Thread>, by_warps: bool) -> Vec<Threads> {
    let size = if by_warps {
        LANES as usize
    } else {
        threads.len().max(1)
    };
    let mut threads = threads.into_iter().peekable();
    let mut groups = Vec::new();
    while threads.peek().is_some() {
        groups.push(Threads {
            all: threads.by_ref().take(size).collect(),
            missing: 0,
        });
    }
    groups
}
