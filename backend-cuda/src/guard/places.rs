//! Places that the host reads and that ranges must not contain, as lists: of several ranges that must not contain the same
//! places, one condition asks it.

use std::collections::BTreeSet;

use mupac_ir::asked::Asked;
use mupac_ir::{Buffer, Guard, Handle, Read, RegionPlan, Separation};

/// So many conditions become one.
const MANY: usize = 3;

/// Ranges that share no byte with one another, with others, or with places.
pub(super) struct Around<'a> {
    pub(super) buffers: Vec<Handle<Buffer>>,
    pub(super) others: Vec<Handle<Buffer>>,
    pub(super) reads: Vec<&'a Read>,
}

impl Around<'_> {
    /// Returns whether the condition asks what a guard asks.
    pub(super) fn asks(&self, asked: &Asked<'_>) -> bool {
        match asked {
            Asked::One(Guard::Apart { buffer, read }) => {
                self.buffers.contains(buffer) && self.reads.contains(&read)
            }
            Asked::One(Guard::NoOverlap {
                a,
                b,
                how: Separation::Whole,
            }) => {
                let (is_a, is_b) = (self.buffers.contains(a), self.buffers.contains(b));
                (is_a && (is_b || self.others.contains(b))) || (is_b && self.others.contains(a))
            }
            Asked::One(
                Guard::Holds { .. }
                | Guard::NoOverlap { .. }
                | Guard::Accessible { .. }
                | Guard::Inspected { .. }
                | Guard::Worthwhile { .. },
            )
            | Asked::Apart { .. } => false,
        }
    }

    /// Returns whether a list has the same ranges, so that the places can join it.
    pub(super) fn has(&self, ranges: &[Handle<Buffer>]) -> bool {
        let own: BTreeSet<_> = self.buffers.iter().collect();
        own == ranges.iter().collect()
    }
}

/// Returns the lists that some guards make, which stand side by side.
pub(super) fn around<'a>(region: &RegionPlan, run: &[Asked<'a>]) -> Vec<Around<'a>> {
    let mut all: Vec<Around<'a>> = Vec::new();
    for asked in run {
        let Asked::One(Guard::Apart { buffer, read }) = asked else {
            continue;
        };
        if !is_plain(region, *buffer, read) {
            continue;
        }
        match all.iter_mut().find(|each| each.buffers == [*buffer]) {
            Some(known) => known.reads.push(read),
            None => all.push(Around {
                buffers: vec![*buffer],
                others: Vec::new(),
                reads: vec![read],
            }),
        }
    }
    let mut joined: Vec<Around<'a>> = Vec::new();
    for each in all {
        let fits = |known: &&mut Around<'_>| {
            known.reads == each.reads && are_apart(region, &known.buffers, &each.buffers)
        };
        match joined.iter_mut().find(fits) {
            Some(known) => known.buffers.extend(each.buffers),
            None => joined.push(each),
        }
    }
    let mut asked = BTreeSet::new();
    for each in &mut joined {
        each.others = others(&each.buffers, run, &mut asked);
    }
    joined.retain(|each| each.buffers.len() * (each.others.len() + each.reads.len()) >= MANY);
    joined
}

/// Returns the ranges that guards of their own keep apart from each of some others, which no list before has `asked`.
fn others(
    buffers: &[Handle<Buffer>],
    run: &[Asked<'_>],
    asked: &mut BTreeSet<[Handle<Buffer>; 2]>,
) -> Vec<Handle<Buffer>> {
    let pairs = run.iter().filter_map(|asked| match asked {
        Asked::One(Guard::NoOverlap {
            a,
            b,
            how: Separation::Whole,
        }) => Some([*a, *b]),
        Asked::One(_) | Asked::Apart { .. } => None,
    });
    let mut pairs: BTreeSet<_> = pairs.flat_map(|[a, b]| [[a, b], [b, a]]).collect();
    pairs.retain(|pair| !asked.contains(pair));
    let all: BTreeSet<_> = pairs.iter().map(|[_, other]| *other).collect();
    let is_other = |other: &Handle<Buffer>| {
        let mut buffers = buffers.iter();
        buffers.all(|own| own != other && pairs.contains(&[*own, *other]))
    };
    let found: Vec<_> = all.into_iter().filter(is_other).collect();
    let kept = found.iter().flat_map(|other| {
        buffers
            .iter()
            .flat_map(|own| [[*own, *other], [*other, *own]])
    });
    asked.extend(kept);
    found
}

/// Returns whether a range and a place are a pointer and a number each.
fn is_plain(region: &RegionPlan, buffer: Handle<Buffer>, read: &Read) -> bool {
    let rows = region.buffers[buffer].rows;
    let has_planes = rows.is_some_and(|rows| rows.planes.is_some());
    !has_planes && read.planes.is_none()
}

/// Returns whether guards ask that no range of a list shares a byte with one of another list.
fn are_apart(region: &RegionPlan, some: &[Handle<Buffer>], others: &[Handle<Buffer>]) -> bool {
    let asks = |one: Handle<Buffer>, other: Handle<Buffer>| {
        region.guards.iter().any(|guard| {
            matches!(guard, Guard::NoOverlap { a, b, how: Separation::Whole }
                if [(one, other), (other, one)].contains(&(*a, *b)))
        })
    };
    let mut pairs = some
        .iter()
        .flat_map(|one| others.iter().map(move |other| (*one, *other)));
    pairs.all(|(one, other)| asks(one, other))
}
