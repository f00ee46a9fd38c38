//! Guards as they are told and printed: that some buffers share no byte with others is one question.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Buffer, Counts, Expr, Guard, Handle, Separation};

/// So many guards about overlaps become one question.
const MANY: usize = 3;

/// What is asked before a region launches.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked<'a> {
    /// A guard.
    One(&'a Guard),
    /// None of some buffers shares a byte with another of them or with one of the others.
    Apart {
        /// Some buffers, mostly those that kernels write.
        buffers: Vec<Handle<Buffer>>,
        /// The others.
        others: Vec<Handle<Buffer>>,
        /// Whether ranges that begin at the same byte are allowed, too.
        or_same: bool,
    },
}

/// Returns what guards ask, in their order, but for questions about overlaps that follow one another: their order means
/// nothing.
pub fn asked(guards: &[Guard]) -> Vec<Asked<'_>> {
    let is_overlap = |guard: &Guard| matches!(guard, Guard::NoOverlap { .. });
    let runs = guards.chunk_by(|a, b| is_overlap(a) == is_overlap(b));
    runs.flat_map(of_run).collect()
}

/// How many iterations a guard asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iterations {
    /// How many there are, as an `f64`.
    pub work: Handle<Expr>,
    /// Which.
    pub counts: Counts,
    /// How many there have to be.
    pub threshold: u64,
}

/// Returns what guards ask of numbers of iterations, in their order.
pub fn iterations(guards: &[Guard]) -> impl Iterator<Item = Iterations> {
    guards.iter().filter_map(|guard| match guard {
        Guard::Worthwhile {
            work,
            counts,
            threshold,
        } => Some(Iterations {
            work: *work,
            counts: *counts,
            threshold: *threshold,
        }),
        Guard::Holds { .. }
        | Guard::NoOverlap { .. }
        | Guard::Apart { .. }
        | Guard::Accessible { .. }
        | Guard::Inspected { .. } => None,
    })
}

/// Returns the number of iterations that says most of what a region does: of all, or else of those that run in parallel.
pub fn amount(guards: &[Guard]) -> Option<Handle<Expr>> {
    let is_all = |each: &Iterations| each.counts == Counts::All;
    let all = iterations(guards).find(is_all);
    let found = all.or_else(|| iterations(guards).next());
    found.map(|each| each.work)
}

/// The same of guards that are all about overlaps, or none of which is.
fn of_run(run: &[Guard]) -> Vec<Asked<'_>> {
    let mut left: Vec<&Guard> = run.iter().collect();
    let mut found = Vec::new();
    for how in [Separation::Whole, Separation::OrSame] {
        while let Some((buffers, others)) = largest(&left, how) {
            left.retain(|guard| {
                pair(guard, how).is_none_or(|(a, b)| !buffers.contains(&a) && !buffers.contains(&b))
            });
            let (buffers, others) = (buffers.into_iter().collect(), others.into_iter().collect());
            let or_same = how == Separation::OrSame;
            found.push(Asked::Apart {
                buffers,
                others,
                or_same,
            });
        }
    }
    found.extend(left.into_iter().map(Asked::One));
    found
}

/// Buffers by handle.
type Buffers = BTreeSet<Handle<Buffer>>;

/// Returns buffers that are to be apart from one another and from the same others, first the one that is to be apart from
/// the most; `None` where guards about overlaps are few.
fn largest(guards: &[&Guard], how: Separation) -> Option<(Buffers, Buffers)> {
    let mut apart: BTreeMap<Handle<Buffer>, Buffers> = BTreeMap::new();
    for (a, b) in guards.iter().filter_map(|guard| pair(guard, how)) {
        apart.entry(a).or_default().insert(b);
        apart.entry(b).or_default().insert(a);
    }
    let first_of_most = |best: Handle<Buffer>, next| {
        let is_more = apart[&next].len() > apart[&best].len();
        if is_more { next } else { best }
    };
    let first = apart.keys().copied().reduce(first_of_most)?;
    let mut all = apart[&first].clone();
    all.insert(first);
    let is_like_first = |buffer: &Handle<Buffer>| {
        let mut own = apart[buffer].clone();
        own.insert(*buffer);
        own == all
    };
    let buffers: Buffers = all.iter().copied().filter(is_like_first).collect();
    let others: Buffers = all.difference(&buffers).copied().collect();
    let pairs = buffers.len() * (buffers.len() - 1) / 2 + buffers.len() * others.len();
    (pairs >= MANY).then_some((buffers, others))
}

/// Returns the buffers that a guard of one kind keeps apart.
fn pair(guard: &Guard, how: Separation) -> Option<(Handle<Buffer>, Handle<Buffer>)> {
    match guard {
        Guard::NoOverlap { a, b, how: other } => (*other == how).then_some((*a, *b)),
        Guard::Holds { .. }
        | Guard::Apart { .. }
        | Guard::Accessible { .. }
        | Guard::Inspected { .. }
        | Guard::Worthwhile { .. } => None,
    }
}
