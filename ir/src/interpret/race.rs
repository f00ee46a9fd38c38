//! Which thread of a launch touched which byte: two threads that share no barrier may share no written byte.
//!
//! Every thread of a launch is concurrent with every other, so one writer, two readers and two that change it in one
//! action tell all: a byte is raced on when two threads touch it, at least one of them writes, and not both do so in one
//! action.

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

/// Marks of one launch on one object.
#[derive(Clone, Debug, Default)]
pub(super) struct Shadow {
    launch: u64,
    marks: Vec<Mark>,
}

/// What happened to one byte; 0 means nobody, `number + 1` a thread.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    writer: u64,
    reader: u64,
    other_reader: u64,
    changer: u64,
    other_changer: u64,
}

impl Shadow {
    /// Forgets the marks of earlier launches: a launch boundary orders everything.
    pub(super) fn enter(&mut self, launch: u64, size_bytes: usize) {
        if self.launch != launch {
            self.launch = launch;
            self.marks.clear();
            self.marks.resize(size_bytes, Mark::default());
        }
    }

    /// Records an access; returns the first byte that another thread touched in conflict, and that thread.
    pub(super) fn touch(
        &mut self,
        range: &Range<usize>,
        thread: u64,
        touch: Touch,
    ) -> Option<(u64, u64)> {
        let me = thread + 1;
        for (mark, offset) in self
            .marks
            .get_mut(range.clone())?
            .iter_mut()
            .zip(range.clone())
        {
            let [readers, changers] = [
                [mark.reader, mark.other_reader],
                [mark.changer, mark.other_changer],
            ];
            let nobody = [0, 0];
            let (readers, changers) = match touch {
                Touch::Read => (nobody, changers),
                Touch::Write => (readers, changers),
                Touch::Atomic => (readers, nobody),
            };
            let others = [mark.writer].into_iter().chain(readers).chain(changers);
            let mut conflicting = others.filter(|other| *other != 0 && *other != me);
            if let Some(other) = conflicting.next() {
                return Some((offset as u64, other - 1));
            }
            let (first, second) = match touch {
                Touch::Write => {
                    mark.writer = me;
                    continue;
                }
                Touch::Read => (&mut mark.reader, &mut mark.other_reader),
                Touch::Atomic => (&mut mark.changer, &mut mark.other_changer),
            };
            if *first == 0 {
                *first = me;
            } else if *first != me {
                *second = me;
            }
        }
        None
    }
}
