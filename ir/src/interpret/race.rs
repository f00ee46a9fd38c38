//! Which thread of a launch touched which byte: two threads that share no barrier may share no written byte.
//!
//! Every thread of a launch is concurrent with every other, so one writer and two readers a byte tell all: a byte is
//! raced on when two threads touch it and at least one of them writes.

use std::ops::Range;

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
        is_write: bool,
    ) -> Option<(u64, u64)> {
        let me = thread + 1;
        for (mark, offset) in self
            .marks
            .get_mut(range.clone())?
            .iter_mut()
            .zip(range.clone())
        {
            let others = if is_write {
                [mark.writer, mark.reader, mark.other_reader]
            } else {
                [mark.writer, 0, 0]
            };
            if let Some(other) = others.into_iter().find(|other| *other != 0 && *other != me) {
                return Some((offset as u64, other - 1));
            }
            if is_write {
                mark.writer = me;
            } else if mark.reader == 0 {
                mark.reader = me;
            } else if mark.reader != me {
                mark.other_reader = me;
            }
        }
        None
    }
}
