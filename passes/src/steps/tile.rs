//! `tile i j 16 32 -> i.o j.o i.i j.i`: a band of loops is cut into blocks.
//!
//! **What it does**: counts the iterations of perfectly nested loops in tiles of constant extents; the outer loops count
//! tiles, the inner ones the iterations of a tile. The body stays as it is, because the original iterators stay in scope
//! by `let`; one condition skips what the last tiles have too much. A reduced dimension, which stays inside the band,
//! gets its tiles by `split`.
//! With a second extent for every loop, `tile i j 16 16 4 4 -> i.o j.o i.i j.i i.u j.u`, a tile is what threads of the
//! first extents run, each of them iterations of the second extents, so far apart that neighbouring threads always run
//! neighbouring iterations.
//!
//! **Before**: `for i in s..e { for j in t..u { B } }`
//!
//! **After**: `for i.o in 0..ceil(e - s, 16) { for j.o in 0..ceil(u - t, 32) { for i.i in 0..16 { for j.i in 0..32 { let i = s + 16*i.o + i.i; let j = t + 32*j.o + j.i; if (i < e && j < u) { B } } } } }`
//!
//! With `4 4` behind, `i.o` counts tiles of 64, and the body stands in two more loops: `let i = s + 64*i.o + 16*i.u + i.i`.
//!
//! **Legal when**: nothing but the next loop is in each loop of the band but the last, no bounds depend on a loop of the
//! band, and no dependence is turned round.
//!
//! **Pays when**: tiles go to blocks and reuse what they load, in shared memory or in caches.
//!
//! **Source**: Wolfe, “More Iteration Space Tiling”, SC 1989; Irigoin, Triolet, “Supernode Partitioning”, POPL 1988.

use mupac_ir::{
    BinaryOp, Block, Function, Handle, If, Loop, LoopName, Move, Refusal, Scalar, Stmt, Var,
};

use super::account::Account;
use super::parts::{LARGEST, are_free, counted, skips_some};
use super::{Phase, Step, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct Tile;

/// Tile extents that are tried at random, the last one for the innermost loop.
const EXTENTS: [[u32; 2]; 3] = [[16, 16], [8, 32], [4, 8]];

/// Tile extents that the search tries, for blocks that are more nearly square than those of the default bindings.
const WHOLE: [[u32; 2]; 2] = [[16, 16], [32, 32]];

/// Iterations of a thread that are tried at random besides.
const OWN: [u32; 2] = [2, 2];

/// Threads of a block and iterations of a thread that the search tries where a thread has another loop to run for each: what
/// that one reads then serves several iterations.
const REGISTERS: [[[u32; 2]; 2]; 4] = [
    [[16, 16], [4, 4]],
    [[16, 16], [2, 2]],
    [[8, 32], [4, 2]],
    [[16, 16], [8, 8]],
];

const FORM: &str = "the form is `tile OUTER INNER… SIZE… OWN… -> TILE… POINT… OWN…`, one of each for every loop; what a \
     thread runs by itself may be left out";

impl Step for Tile {
    fn name(&self) -> &'static str {
        "tile"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let is_parallel = |each: &&Loop| draft.may_run_in_parallel(each);
        let levels = WHOLE.map(|extents| vec![extents]);
        tiles(draft, &levels, is_parallel, out);
        let holds_loop = |each: &&Loop| {
            let inside = region::loops(&each.body).into_iter();
            is_parallel(each) && inside.filter(|inner| !is_parallel(inner)).count() > 0
        };
        let levels = REGISTERS.map(|levels| levels.to_vec());
        tiles(draft, &levels, holds_loop, out);
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let plain = EXTENTS.iter().map(|extents| vec![*extents]);
        let levels: Vec<_> = plain.chain([vec![EXTENTS[2], OWN]]).collect();
        tiles(draft, &levels, |_| true, out);
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let band = Band::read(step).ok_or_else(|| refusal(step, FORM))?;
        if !are_free(function, region, &band.names()) {
            return Err(refusal(step, "the names of the parts are taken"));
        }
        let target = sequential(region, step)?;
        let loops = taken(function, target, &band.inner, step)?;
        *target = tiled(function, loops, &band)
            .ok_or_else(|| refusal(step, "its iterations cannot be counted"))?;
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let band = Band::read(step).ok_or_else(|| refusal(step, FORM))?;
        let loops = std::iter::once(&step.target).chain(&band.inner);
        let names: Vec<String> = loops.map(|name| format!("`{name}`")).collect();
        let sizes = |sizes: &[i64]| {
            let words: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            words.join(" x ")
        };
        let whole: Vec<i64> = (0..names.len()).map(|at| band.extent(at)).collect();
        let own = band.levels.get(1).map_or(String::new(), |own| {
            format!(", of which a thread runs {}", sizes(own))
        });
        Ok(Account {
            did: format!(
                "cut {} into tiles of {}{own}",
                names.join(", "),
                sizes(&whole)
            ),
            legal_because: "no dependence between iterations is turned round".to_owned(),
        })
    }
}

/// Appends the moves that tile two loops, each one of the program or made of several, the second directly inside the first.
fn tiles(
    draft: &Draft,
    levels: &[Vec<[u32; 2]>],
    is_wanted: impl Fn(&&Loop) -> bool,
    out: &mut Vec<Move>,
) {
    for outer in region::loops(draft.statements()) {
        let [Stmt::For(inner)] = outer.body.as_slice() else {
            continue;
        };
        let both = [outer, inner];
        let is_whole =
            |each: &&Loop| draft.is_original(&each.name) || draft.is_flattened(&each.name);
        if both.iter().all(|each| is_whole(each) && is_wanted(each)) {
            let counts = both.map(|each| trip::constant(draft.function(), each));
            let levels = levels.iter().filter(|levels| has_work(levels, counts));
            out.extend(levels.map(|levels| move_of(outer, inner, levels)));
        }
    }
}

/// Returns whether tiles of which a thread runs several iterations leave no more than half of them idle in loops of known
/// lengths.
fn has_work(levels: &[[u32; 2]], counts: [Option<i128>; 2]) -> bool {
    let [extents, own] = levels else {
        return true;
    };
    let dimensions = extents.iter().zip(own).zip(counts);
    let mut halves = dimensions.map(|((extent, own), count)| (extent * own / 2, count));
    halves.all(|(half, count)| count.is_none_or(|count| count > i128::from(half)))
}

/// Returns how many iterations of each loop a tile of a move has.
pub(super) fn extents(step: &Move) -> Vec<u32> {
    let Some(band) = Band::read(step) else {
        return Vec::new();
    };
    let loops = 0..=band.inner.len();
    loops
        .filter_map(|at| u32::try_from(band.extent(at)).ok())
        .collect()
}

/// A move in parts.
struct Band {
    /// The loops inside the target, outermost first.
    inner: Vec<LoopName>,
    /// The extents of the points, and of what a thread runs by itself, if that is more than one; of each as many as loops.
    levels: Vec<Vec<i64>>,
    /// The names of tiles and then of each level; of each as many as loops.
    names: Vec<Vec<String>>,
}

impl Band {
    fn read(step: &Move) -> Option<Self> {
        let arrow = step.arguments.iter().position(|word| word == "->")?;
        let (before, after) = step.arguments.split_at(arrow);
        let is_size = |word: &&String| word.parse::<i64>().is_ok();
        let sizes = before.iter().rev().take_while(is_size).count();
        let (inner, sizes) = before.split_at(arrow - sizes);
        let count = inner.len() + 1;
        let sizes: Vec<i64> = sizes
            .iter()
            .map(|word| word.parse().ok().filter(|size| *size >= 2))
            .collect::<Option<_>>()?;
        let whole = sizes
            .iter()
            .try_fold(1_i64, |all, size| all.checked_mul(*size))?;
        let is_band = count >= 2
            && (sizes.len() == count || sizes.len() == 2 * count)
            && after.len() == 1 + count + sizes.len();
        (is_band && whole <= LARGEST).then(|| Self {
            inner: inner.iter().cloned().map(LoopName).collect(),
            levels: sizes.chunks(count).map(<[i64]>::to_vec).collect(),
            names: after[1..].chunks(count).map(<[String]>::to_vec).collect(),
        })
    }

    fn names(&self) -> Vec<&str> {
        self.names.iter().flatten().map(String::as_str).collect()
    }

    /// Returns how many iterations of a loop are in a tile.
    fn extent(&self, at: usize) -> i64 {
        self.levels.iter().map(|sizes| sizes[at]).product()
    }
}

/// Takes the loops of a band apart, outermost first; the last one keeps its body.
fn taken(
    function: &Function,
    target: &mut Loop,
    inner: &[LoopName],
    step: &Move,
) -> Result<Vec<Loop>, Refusal> {
    let mut loops = vec![target.clone()];
    for name in inner {
        let Some(Stmt::For(next)) = loops.last_mut().and_then(|last| only(&mut last.body)) else {
            return Err(refusal(step, "a loop of the band holds more than the next"));
        };
        if next.name != *name || next.mapping.is_parallel() {
            return Err(refusal(step, "the loops do not stand in each other"));
        }
        let depends = |bound| {
            let named = build::variables(function, bound);
            loops.iter().any(|outer| named.contains(&outer.iterator))
        };
        if depends(next.start) || depends(next.end) {
            return Err(refusal(step, "bounds depend on an outer loop of the band"));
        }
        loops.push(next);
    }
    Ok(loops)
}

/// Takes the only statement out of a block.
fn only(block: &mut Block) -> Option<Stmt> {
    if block.len() == 1 { block.pop() } else { None }
}

fn tiled(function: &mut Function, mut loops: Vec<Loop>, band: &Band) -> Option<Loop> {
    let mut body = std::mem::take(&mut loops.last_mut()?.body);
    let (mut names, mut conditions) = (Vec::new(), Vec::new());
    let mut parts: Vec<Vec<Loop>> = band.names.iter().map(|_| Vec::new()).collect();
    for (at, each) in loops.iter().enumerate() {
        let size = i128::from(band.extent(at));
        let count = trip::count(function, each)?;
        let iterators: Vec<_> = (band.names.iter())
            .map(|names| {
                function
                    .vars
                    .push(Var::local(names[at].clone(), Scalar::I64))
            })
            .collect();
        let number = number(function, band, at, &iterators)?;
        names.push(Stmt::Let(
            each.iterator,
            trip::value(function, each, number)?,
        ));
        if skips_some(function, count, size) {
            conditions.push(trip::test(function, each)?);
        }
        let extent = build::int(function, size, Scalar::I64);
        let tiles = build::binary(function, BinaryOp::CeilDivide, count, extent);
        let sizes = band.levels.iter().map(|sizes| i128::from(sizes[at]));
        let sizes: Vec<_> = sizes
            .map(|size| build::int(function, size, Scalar::I64))
            .collect();
        let ends = std::iter::once(tiles).chain(sizes);
        for (level, (iterator, end)) in iterators.into_iter().zip(ends).enumerate() {
            let name = band.names[level][at].clone();
            parts[level].push(counted(function, each, iterator, name, end));
        }
    }
    if let Some(condition) = build::all_of(function, conditions) {
        body = vec![Stmt::If(If {
            condition,
            then: body,
            otherwise: Block::new(),
            span: loops.first()?.span,
        })];
    }
    body.splice(0..0, names);
    let mut all = parts.into_iter().flatten().rev();
    let innermost = all.next()?;
    let innermost = Loop { body, ..innermost };
    Some(all.fold(innermost, |inner, each| Loop {
        body: vec![Stmt::For(inner)],
        ..each
    }))
}

/// Appends which iteration of a loop those over tiles, over the points of a tile and over a thread's own stand at.
fn number(
    function: &mut Function,
    band: &Band,
    at: usize,
    iterators: &[Handle<Var>],
) -> Option<Handle<mupac_ir::Expr>> {
    let points = *band.levels.first()?.get(at)?;
    let (point, others) = iterators.get(1).zip(iterators.get(2..))?;
    let strides = std::iter::once((iterators.first()?, band.extent(at)))
        .chain(others.iter().map(|own| (own, points)))
        .chain([(point, 1)]);
    strides.fold(None, |sum, (iterator, stride)| {
        let load = function.load(*iterator);
        let product = build::scale(function, i128::from(stride), load);
        Some(match sum {
            Some(sum) => build::binary(function, BinaryOp::Add, sum, product),
            None => product,
        })
    })
}

/// Returns the move that tiles two loops, with the extents of the points and of what a thread runs by itself.
fn move_of(outer: &Loop, inner: &Loop, levels: &[[u32; 2]]) -> Move {
    let mut words = vec![inner.name.0.clone()];
    words.extend(levels.iter().flatten().map(u32::to_string));
    words.push("->".to_owned());
    let letters = ["o", "i", "u"].into_iter().take(levels.len() + 1);
    for letter in letters {
        words.extend([outer, inner].map(|each| format!("{}.{letter}", each.name)));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    make(&Tile, &outer.name, &words)
}
