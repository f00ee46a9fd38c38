//! The default bindings: which loop goes to which axis when nobody chooses.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Axis, LoopName, Mapping, Move, Stmt, Trajectory};
use mupac_passes::{Draft, default_moves, naive_nest};

/// Name of the step that gives a loop to an axis.
const STEP: &str = "bind";

/// Name of the step that cuts loops within one another at once.
const TILE: &str = "tile";

/// Name of the step that runs iterations of a thread in step.
const JAM: &str = "jam";

/// The steps that divide a loop into parts for blocks and threads.
const DIVIDING: [&str; 4] = ["split", "coarsen", "vectorize", "grid-stride"];

/// Returns the moves that complete a draft whose loops were shaped but not bound, nest by nest; first those without which no
/// loop of it could run in parallel.
///
/// Without a split loop they are those of the naive plan.
/// Otherwise the innermost split loop goes to `x` and what is outside it to `y` and `z`, the parts of a split loop to
/// blocks and threads, whole loops to blocks; loops inside the innermost split one stay sequential.
pub fn default(draft: &Draft) -> Trajectory {
    let parts = parts(draft.trajectory());
    default_moves(draft, |draft, nest| of_nest(draft, nest, &parts))
}

fn of_nest(draft: &Draft, statements: &[Stmt], parts: &BTreeMap<LoopName, Part>) -> Vec<Move> {
    let loops = nest(statements);
    let Some(last) = loops.iter().rposition(|name| parts.contains_key(name)) else {
        return naive_nest(draft, statements);
    };
    let mut assigned: BTreeMap<&LoopName, usize> = BTreeMap::new();
    let mut moves = jams(draft, statements);
    moves.reverse();
    for name in loops[..=last].iter().rev() {
        let (whole, is_inner) = parts
            .get(name)
            .map_or((name, false), |part| (&part.of, part.is_inner));
        let free = assigned.len();
        let number = *assigned.entry(whole).or_insert(free);
        // A nest of more loops than axes has no default; the loops left over are refused when it is lowered.
        let Some(axis) = Axis::ALL.get(number).copied() else {
            break;
        };
        let mapping = if is_inner {
            Mapping::Thread(axis)
        } else {
            Mapping::Block(axis)
        };
        moves.push(Move {
            step: STEP.to_owned(),
            target: name.clone(),
            arguments: vec![mapping.to_string()],
        });
    }
    // Outermost first, as the naive plan lists them.
    moves.reverse();
    moves
}

/// Returns the moves that let a thread run the iterations of a tile that are its own in step, which is what they are for:
/// the innermost first.
fn jams(draft: &Draft, statements: &[Stmt]) -> Vec<Move> {
    let own = own(draft.trajectory());
    let mut found = Vec::new();
    mupac_ir::structure::each(statements, &mut |stmt| {
        if let Stmt::For(each) = stmt
            && own.contains(&each.name)
            && each.mapping == Mapping::Sequential
        {
            found.push(Move {
                step: JAM.to_owned(),
                target: each.name.clone(),
                arguments: Vec::new(),
            });
        }
    });
    found.reverse();
    found
}

/// Returns the loops of which a thread runs all iterations, of those that [`parts`] names.
fn own(trajectory: &Trajectory) -> BTreeSet<LoopName> {
    let tiles = trajectory.moves.iter().filter(|each| each.step == TILE);
    tiles
        .flat_map(|each| {
            let arrow = each.arguments.iter().position(|word| word == "->");
            let names = arrow.map_or(&[][..], |arrow| &each.arguments[arrow + 1..]);
            let before = &each.arguments[..arrow.unwrap_or(0)];
            let sizes = before.iter().filter(|word| word.parse::<i64>().is_ok());
            let loops = 1 + before.len() - sizes.count();
            names.iter().skip(2 * loops)
        })
        .map(|name| LoopName(name.clone()))
        .collect()
}

/// A part of a divided loop.
struct Part {
    of: LoopName,
    is_inner: bool,
}

/// Returns the parts for blocks and threads that moves made: `split LOOP SIZE -> OUTER INNER`, the first two parts of
/// `coarsen`, `vectorize` and `grid-stride`, whose third stays inside a thread, and those of each loop of
/// `tile LOOP INNER… SIZE… -> TILE… POINT… OWN…`, whose own parts stay inside a thread as well.
fn parts(trajectory: &Trajectory) -> BTreeMap<LoopName, Part> {
    let mut parts = BTreeMap::new();
    for each in &trajectory.moves {
        let (before, after) = match each.arguments.iter().position(|word| word == "->") {
            Some(arrow) => (&each.arguments[..arrow], &each.arguments[arrow + 1..]),
            None => continue,
        };
        let loops: Vec<&str> = match each.step.as_str() {
            step if DIVIDING.contains(&step) => vec![&each.target.0],
            TILE => {
                let is_name = |word: &&str| word.parse::<i64>().is_err();
                let inner = before.iter().map(String::as_str).take_while(is_name);
                std::iter::once(each.target.0.as_str())
                    .chain(inner)
                    .collect()
            }
            _ => continue,
        };
        let outer = after.iter().take(loops.len());
        let inner = after.iter().skip(loops.len());
        for ((of, outer), inner) in loops.into_iter().zip(outer).zip(inner) {
            for (name, is_inner) in [(outer, false), (inner, true)] {
                let of = LoopName(of.to_owned());
                parts.insert(LoopName(name.clone()), Part { of, is_inner });
            }
        }
    }
    parts
}

/// Returns the loops from the outside, as long as each holds the next with nothing but names and conditions between.
fn nest(statements: &[Stmt]) -> Vec<LoopName> {
    let mut found = Vec::new();
    let mut rest = statements;
    loop {
        let names = rest
            .iter()
            .take_while(|stmt| matches!(stmt, Stmt::Let(..)))
            .count();
        rest = match &rest[names..] {
            [Stmt::For(each)] => {
                found.push(each.name.clone());
                &each.body
            }
            [Stmt::If(branch)] if branch.otherwise.is_empty() => &branch.then,
            _ => return found,
        };
    }
}
