//! Which loops of a file lie in which, by their lines.

use crate::report::{Loop, Verdict};

/// Where a loop runs, as far as its colour goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its iterations run at once, on the GPU.
    Gpu,
    /// Each thread of a kernel runs it from the first iteration to the last.
    Thread,
    /// On the host, one iteration after another.
    Ordered,
    /// On the host, although it could run on the GPU.
    Host,
    /// As a part of the loops that call its function.
    Inlined,
}

impl Fate {
    pub(super) fn of(told: &Loop) -> Self {
        match (told.verdict, told.device_code) {
            (Verdict::Parallel, _) => Self::Gpu,
            (Verdict::Sequential, true) => Self::Thread,
            (Verdict::Sequential, false) => Self::Ordered,
            (Verdict::Host, _) => Self::Host,
            (Verdict::Inlined, _) => Self::Inlined,
        }
    }

    /// Returns the name of its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Gpu => "gpu",
            Self::Thread => "thread",
            Self::Ordered => "ordered",
            Self::Host => "host",
            Self::Inlined => "inlined",
        }
    }

    /// Returns the words of its mark.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Gpu => "GPU",
            Self::Thread => "in a thread",
            Self::Ordered => "sequential",
            Self::Host => "host",
            Self::Inlined => "inlined",
        }
    }

    /// Returns what it means, in a sentence.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Gpu => "its iterations run at once, on the GPU",
            Self::Thread => "each GPU thread runs it in order, as part of a kernel",
            Self::Ordered => "stays on the host, one iteration after another",
            Self::Host => "stays on the host, although it could run in parallel",
            Self::Inlined => "runs only as part of the loops that call its function",
        }
    }

    pub(super) const ALL: [Self; 5] = [
        Self::Gpu,
        Self::Thread,
        Self::Ordered,
        Self::Host,
        Self::Inlined,
    ];
}

/// A loop of a report with its number on the page and its place among the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'r> {
    /// Counted from 1, through the whole report.
    pub(super) number: usize,
    /// What the report says.
    pub(super) told: &'r Loop,
    /// Of its end.
    pub(super) last_line: usize,
    /// How many loops it lies in.
    pub(super) depth: usize,
}

/// Lines of a file that loops cover.
#[derive(Clone, Debug)]
pub(super) struct Nest<'r> {
    /// In the order of the text; the first is an outermost one.
    pub(super) loops: Vec<Placed<'r>>,
    /// Of the first loop.
    pub(super) first_line: usize,
    /// Of the last end.
    pub(super) last_line: usize,
}

/// Returns the nests of a file, in the order of their lines.
pub(super) fn nests<'r>(loops: &'r [Loop], file: &str) -> Vec<Nest<'r>> {
    let numbered = (1..).zip(loops);
    let mut own: Vec<_> = numbered.filter(|(_, told)| told.file == file).collect();
    own.sort_by_key(|(number, told)| (told.line, told.column, *number));
    let mut nests: Vec<Nest<'r>> = Vec::new();
    // The last lines of the loops around.
    let mut around: Vec<usize> = Vec::new();
    for (number, told) in own {
        let last_line = told.last_line.unwrap_or(told.line).max(told.line);
        while around
            .last()
            .is_some_and(|end| *end < last_line || *end < told.line)
        {
            around.pop();
        }
        let placed = Placed {
            number,
            told,
            last_line,
            depth: around.len(),
        };
        around.push(last_line);
        match nests.last_mut() {
            Some(nest) if told.line <= nest.last_line => {
                nest.last_line = nest.last_line.max(last_line);
                nest.loops.push(placed);
            }
            Some(_) | None => nests.push(Nest {
                loops: vec![placed],
                first_line: told.line,
                last_line,
            }),
        }
    }
    nests
}

impl Placed<'_> {
    pub(super) fn fate(&self) -> Fate {
        Fate::of(self.told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: usize, last_line: usize) -> Loop {
        Loop {
            file: "a.c".to_owned(),
            line,
            column: 1,
            last_line: Some(last_line),
            function: "f".to_owned(),
            verdict: Verdict::Sequential,
            idiom: None,
            guards: Vec::new(),
            reasons: Vec::new(),
            kernel: None,
            plan: Vec::new(),
            device_code: false,
        }
    }

    #[test]
    fn nests_are_told_apart_by_lines() {
        let other = Loop {
            file: "b.c".to_owned(),
            ..told(4, 4)
        };
        let loops = [
            told(3, 9),
            told(4, 5),
            other,
            told(6, 8),
            told(7, 7),
            told(12, 12),
            told(12, 12),
        ];
        let nests = nests(&loops, "a.c");
        let lines: Vec<_> = nests
            .iter()
            .map(|nest| (nest.first_line, nest.last_line))
            .collect();
        assert_eq!(lines, [(3, 9), (12, 12)]);
        let placed = nests.iter().flat_map(|nest| &nest.loops);
        let placed: Vec<_> = placed.map(|each| (each.number, each.depth)).collect();
        assert_eq!(placed, [(1, 0), (2, 1), (4, 1), (5, 2), (6, 0), (7, 1)]);
    }
}
