//! `tile i j 16 32 -> i.o j.o i.i j.i`: a band of loops is cut into blocks.
//!
//! **What it does**: counts the iterations of perfectly nested loops in tiles of constant extents; the outer loops count
//! tiles, the inner ones the iterations of a tile. The body stays as it is, because the original iterators stay in scope
//! by `let`; one condition skips what the last tiles have too much. A reduced dimension, which stays inside the band,
//! gets its tiles by `split`.
//!
//! **Before**: `for i in s..e { for j in t..u { B } }`
//!
//! **After**: `for i.o in 0..ceil(e - s, 16) { for j.o in 0..ceil(u - t, 32) { for i.i in 0..16 { for j.i in 0..32 { let i = s + 16*i.o + i.i; let j = t + 32*j.o + j.i; if (i < e && j < u) { B } } } } }`
//!
//! **Legal when**: nothing but the next loop is in each loop of the band but the last, no bounds depend on a loop of the
//! band, and no dependence is turned round.
//!
//! **Pays when**: tiles go to blocks and reuse what they load, in shared memory or in caches.
//!
//! **Source**: Wolfe, “More Iteration Space Tiling”, SC 1989; Irigoin, Triolet, “Supernode Partitioning”, POPL 1988.

use mupac_ir::{BinaryOp, Block, Function, Handle, If, Loop, LoopName, Move, Refusal, Stmt, Var};
use mupac_ir::{ExprKind, Scalar};

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

const FORM: &str =
    "the form is `tile OUTER INNER… SIZE… -> TILE… POINT…`, one of each for every loop";

impl Step for Tile {
    fn name(&self) -> &'static str {
        "tile"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    /// Offers nothing: as long as the search stages nothing, tiles are two splits.
    fn moves(&self, _draft: &Draft, _device: &Device, _out: &mut Vec<Move>) {}

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for outer in region::loops(draft.statements()) {
            let [Stmt::For(inner)] = outer.body.as_slice() else {
                continue;
            };
            let are_whole = [outer, inner]
                .iter()
                .all(|each| draft.is_original(&each.name));
            if are_whole {
                out.extend(
                    EXTENTS
                        .iter()
                        .map(|extents| move_of(outer, inner, *extents)),
                );
            }
        }
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
        let sizes: Vec<String> = band.sizes.iter().map(ToString::to_string).collect();
        Ok(Account {
            did: format!(
                "cut {} into tiles of {}",
                names.join(", "),
                sizes.join(" x ")
            ),
            legal_because: "no dependence between iterations is turned round".to_owned(),
        })
    }
}

/// A move in parts.
struct Band {
    /// The loops inside the target, outermost first.
    inner: Vec<LoopName>,
    /// One for each loop.
    sizes: Vec<i64>,
    tiles: Vec<String>,
    points: Vec<String>,
}

impl Band {
    fn read(step: &Move) -> Option<Self> {
        let arrow = step.arguments.iter().position(|word| word == "->")?;
        let count = arrow.div_ceil(2);
        let (before, after) = step.arguments.split_at(arrow);
        let (inner, sizes) = before.split_at(count.checked_sub(1)?);
        let (tiles, points) = after[1..].split_at_checked(count)?;
        let sizes: Vec<i64> = sizes
            .iter()
            .map(|word| word.parse().ok().filter(|size| *size >= 2))
            .collect::<Option<_>>()?;
        let whole = sizes
            .iter()
            .try_fold(1_i64, |all, size| all.checked_mul(*size))?;
        let is_band = count >= 2 && sizes.len() == count && points.len() == count;
        (is_band && whole <= LARGEST).then(|| Self {
            inner: inner.iter().cloned().map(LoopName).collect(),
            sizes,
            tiles: tiles.to_vec(),
            points: points.to_vec(),
        })
    }

    fn names(&self) -> Vec<&str> {
        let names = self.tiles.iter().chain(&self.points);
        names.map(String::as_str).collect()
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
    let (mut tiles, mut points) = (Vec::new(), Vec::new());
    for (at, each) in loops.iter().enumerate() {
        let size = i128::from(band.sizes[at]);
        let count = trip::count(function, each)?;
        let [tile, point] = [&band.tiles[at], &band.points[at]]
            .map(|name| function.vars.push(Var::local(name.clone(), Scalar::I64)));
        let number = number(function, size, tile, point);
        names.push(Stmt::Let(
            each.iterator,
            trip::value(function, each, number)?,
        ));
        if skips_some(function, count, size) {
            conditions.push(trip::test(function, each)?);
        }
        let extent = build::int(function, size, Scalar::I64);
        let rest = build::binary(function, BinaryOp::CeilDivide, count, extent);
        tiles.push(counted(function, each, tile, band.tiles[at].clone(), rest));
        points.push(counted(
            function,
            each,
            point,
            band.points[at].clone(),
            extent,
        ));
    }
    let condition = conditions
        .into_iter()
        .reduce(|a, b| function.expr(ExprKind::Binary(BinaryOp::And, a, b), Scalar::I32));
    if let Some(condition) = condition {
        body = vec![Stmt::If(If {
            condition,
            then: body,
            otherwise: Block::new(),
            span: loops.first()?.span,
        })];
    }
    body.splice(0..0, names);
    let mut all = tiles.into_iter().chain(points).rev();
    let innermost = all.next()?;
    let innermost = Loop { body, ..innermost };
    Some(all.fold(innermost, |inner, each| Loop {
        body: vec![Stmt::For(inner)],
        ..each
    }))
}

/// Appends which iteration the loops over tiles and over the points of a tile stand at.
fn number(
    function: &mut Function,
    size: i128,
    tile: Handle<Var>,
    point: Handle<Var>,
) -> Handle<mupac_ir::Expr> {
    let tile = function.load(tile);
    let before = build::scale(function, size, tile);
    let point = function.load(point);
    build::binary(function, BinaryOp::Add, before, point)
}

fn move_of(outer: &Loop, inner: &Loop, [height, width]: [u32; 2]) -> Move {
    let part = |each: &Loop, letter: &str| format!("{}.{letter}", each.name);
    make(
        &Tile,
        &outer.name,
        &[
            &inner.name.0,
            &height.to_string(),
            &width.to_string(),
            "->",
            &part(outer, "o"),
            &part(inner, "o"),
            &part(outer, "i"),
            &part(inner, "i"),
        ],
    )
}
