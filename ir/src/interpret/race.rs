//! Which thread of a launch touched which byte when: two threads that no barrier keeps apart may share no written byte.
//!
//! Blocks run one after another and a barrier is passed by all threads of a block at once, so the stretches between
//! barriers have numbers that grow, and a number tells what is ordered:
//! an access of an earlier launch is; one of an earlier block of this launch is not, whoever made it; one of this block
//! is, unless it is of the running stretch.
//! A byte is raced on when two threads touch it with nothing to order them, at least one of them writes, and not both do
//! so in one action.
//! For each way to touch a byte, two threads of the last stretch that did so, and one of another block before, tell all.

use std::ops::Range;

/// How memory is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// Read.
    Read,
    /// Written.
    Write,
    /// Read and written in one action, which nothing comes between.
    Atomic,
}

/// A stretch of a block's execution between two barriers.
///
/// **Units**: numbers of stretches, from 1 in the order in which they run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first one of the launch.
    pub(super) launch: u64,
    /// The first one of the block.
    pub(super) block: u64,
    /// This one.
    pub(super) now: u64,
}

/// Marks of the threads on one object.
#[derive(Clone, Debug, Default)]
pub(super) struct Shadow {
    marks: Vec<Mark>,
}

/// What happened to one byte.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    reads: Visits,
    writes: Visits,
    changes: Visits,
}

/// A thread, by number, and the stretch in which it came; stretch 0 means nobody.
#[derive(Clone, Copy, Debug, Default)]
struct Visit {
    stretch: u64,
    thread: u64,
}

/// Who touched a byte in one way.
#[derive(Clone, Copy, Debug, Default)]
struct Visits {
    last: Visit,
    /// Another thread of the stretch of `last`.
    beside: Option<u64>,
    /// The last one of another block than that of `last`.
    elsewhere: Visit,
}

impl Shadow {
    /// Records an access; returns the first byte that another thread touched in conflict, and that thread.
    pub(super) fn touch(
        &mut self,
        range: &Range<usize>,
        stretch: Stretch,
        thread: u64,
        touch: Touch,
    ) -> Option<(u64, u64)> {
        if self.marks.len() < range.end {
            self.marks.resize(range.end, Mark::default());
        }
        let marks = self.marks.get_mut(range.clone())?;
        for (mark, offset) in marks.iter_mut().zip(range.clone()) {
            let conflicting = match touch {
                Touch::Read => [Some(mark.writes), None, Some(mark.changes)],
                Touch::Write => [Some(mark.writes), Some(mark.reads), Some(mark.changes)],
                Touch::Atomic => [Some(mark.writes), Some(mark.reads), None],
            };
            let mut conflicting = conflicting.into_iter().flatten();
            if let Some(other) = conflicting.find_map(|visits| visits.beside(stretch, thread)) {
                return Some((offset as u64, other));
            }
            let visits = match touch {
                Touch::Read => &mut mark.reads,
                Touch::Write => &mut mark.writes,
                Touch::Atomic => &mut mark.changes,
            };
            visits.note(stretch, thread);
        }
        None
    }
}

impl Visits {
    /// Returns another thread that came with nothing to order it against this one.
    fn beside(&self, stretch: Stretch, thread: u64) -> Option<u64> {
        let of_other_block = if self.last.stretch < stretch.block {
            self.last
        } else {
            self.elsewhere
        };
        if self.last.stretch == stretch.now {
            if self.last.thread != thread {
                return Some(self.last.thread);
            }
            if self.beside.is_some() {
                return self.beside;
            }
        }
        (of_other_block.stretch >= stretch.launch).then_some(of_other_block.thread)
    }

    fn note(&mut self, stretch: Stretch, thread: u64) {
        if self.last.stretch < stretch.block {
            self.elsewhere = self.last;
        }
        if self.last.stretch != stretch.now {
            self.beside = None;
            self.last = Visit {
                stretch: stretch.now,
                thread,
            };
        } else if self.last.thread != thread {
            self.beside = Some(thread);
        }
    }
}
