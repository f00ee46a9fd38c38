//! The plan without search: the outermost parallel loops, in blocks of 256 threads.

use mupac_ir::{Axis, Handle, Loop, LoopName, Mapping, Move, Stmt, Trajectory, Var};

use crate::state::Draft;
use crate::steps::{bind_move, split_move};
use crate::{build, trip};

/// Threads of a block for one loop, and the fewest for one that is known to be shorter.
const LINE: u32 = 256;
const SHORTEST_LINE: u32 = 32;

/// Threads of a block along x and y for two loops or more.
const TILE: [u32; 2] = [32, 8];

/// Returns moves that map the outermost parallel loops of every nest of a region: one loop to `x` in chunks of 256, or
/// fewer where it is shorter; of two, the inner one to `x` in chunks of 32 and the outer one to `y` in chunks of 8; of
/// three, the outermost to blocks along `z` besides. Moves without which no loop is parallel come first.
///
/// Empty where no loop is parallel.
pub fn naive(draft: &Draft) -> Trajectory {
    let Ok(opened) = draft.opened() else {
        return Trajectory::default();
    };
    let nests = opened.nests().into_iter();
    let mapping = nests.flat_map(|nest| naive_nest(&opened, nest));
    Trajectory {
        moves: draft.opening().iter().cloned().chain(mapping).collect(),
    }
}

/// Returns the moves that map the outermost parallel loops of one nest.
pub fn naive_nest(draft: &Draft, nest: &[Stmt]) -> Vec<Move> {
    let tiles = match parallel(draft, nest).as_slice() {
        [] => Vec::new(),
        [only] => vec![(&only.name, Some(line(draft, only)), Axis::X)],
        [outer, inner] => vec![
            (&outer.name, Some(TILE[1]), Axis::Y),
            (&inner.name, Some(TILE[0]), Axis::X),
        ],
        [outermost, outer, inner, ..] => vec![
            (&outermost.name, None, Axis::Z),
            (&outer.name, Some(TILE[1]), Axis::Y),
            (&inner.name, Some(TILE[0]), Axis::X),
        ],
    };
    let splits = tiles
        .iter()
        .filter_map(|(name, size, _)| Some(split_move(name, (*size)?)));
    let binds = tiles
        .iter()
        .flat_map(|(name, size, axis)| binds(name, size.is_some(), *axis));
    splits.chain(binds).collect()
}

/// Returns the threads of a block for one loop: as few as hold all of its iterations, where it is known how many there are.
fn line(draft: &Draft, each: &Loop) -> u32 {
    let count = trip::constant(draft.function(), each);
    let count = count.and_then(|count| u32::try_from(count).ok());
    let line = count.and_then(u32::checked_next_power_of_two);
    line.map_or(LINE, |line| line.clamp(SHORTEST_LINE, LINE))
}

/// Returns the parallel loops, from the outside, that hold nothing but the next and do not bound one another.
fn parallel<'a>(draft: &Draft, nest: &'a [Stmt]) -> Vec<&'a Loop> {
    let mut found: Vec<&Loop> = Vec::new();
    let mut statements = nest;
    while let [Stmt::For(each)] = statements {
        let is_parallel = draft.may_run_in_parallel(each);
        let iterators: Vec<_> = found.iter().map(|outer| outer.iterator).collect();
        if !is_parallel || found.len() == 3 || mentions(draft, each, &iterators) {
            break;
        }
        found.push(each);
        statements = &each.body;
    }
    found
}

fn mentions(draft: &Draft, each: &Loop, iterators: &[Handle<Var>]) -> bool {
    [each.start, each.end].iter().any(|bound| {
        build::variables(draft.function(), *bound)
            .iter()
            .any(|var| iterators.contains(var))
    })
}

/// Returns the moves that map a loop, or its two parts, to an axis.
fn binds(name: &LoopName, is_split: bool, axis: Axis) -> Vec<Move> {
    if !is_split {
        return vec![bind_move(name, Mapping::Block(axis))];
    }
    [("o", Mapping::Block(axis)), ("i", Mapping::Thread(axis))]
        .into_iter()
        .map(|(part, mapping)| bind_move(&LoopName(format!("{name}.{part}")), mapping))
        .collect()
}
