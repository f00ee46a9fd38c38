//! How much of what is asked for a cache has already: distinct sectors by loops, and the loops over whose iterations a
//! cache keeps them.
//!
//! The sectors that an access touches while some of its loops run are counted in closed form from how far its address
//! moves along each. A cache keeps what one iteration of a loop needs for the next iteration if all of it fits.
//!
//! **Source**: layer conditions as in Stengel, Treibig, Hager, Wellein, “Quantifying Performance Bottlenecks of Stencil
//! Computations Using the Execution-Cache-Memory Model”, ICS 2015, §4.

use mupac_ir::{Axis, Mapping};

use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode, Relief};
use super::points::DEPTH;

/// Accesses that move alike, a few elements apart.
#[derive(Clone, Debug)]
struct Stream<'a> {
    first: &'a Access,
    /// The loops that move it, by depth, with how far they do, the shortest way first.
    moving: Vec<(usize, u64)>,
    /// How many iterations of each loop the accesses lie apart, by depth.
    apart: Extents,
    /// The sectors that one block asks for.
    asked: f64,
}

/// How many iterations of each loop are looked at together, by depth.
type Extents = [f64; DEPTH];

impl<'a> Stream<'a> {
    fn of(access: &'a Access) -> Self {
        let loops = access.gradient.iter().enumerate();
        let moving = loops.filter(|(_, step)| **step != 0);
        let mut moving: Vec<_> = moving
            .map(|(depth, step)| (depth, step.unsigned_abs()))
            .collect();
        moving.sort_by_key(|(_, step)| *step);
        Self {
            first: access,
            moving,
            apart: [0.0; DEPTH],
            asked: asked(access),
        }
    }

    /// Takes in another access if it moves alike and its distance is one of few iterations of the loops.
    fn takes(&mut self, access: &Access, sector: i64) -> bool {
        let first = self.first;
        let is_alike = first.var == access.var
            && is_write(first) == is_write(access)
            && !first.is_data
            && !access.is_data
            && first.runs_in == access.runs_in
            && first.gradient == access.gradient;
        if !is_alike {
            return false;
        }
        let mut rest = access.base.wrapping_sub(first.base);
        let mut apart = self.apart;
        // Of loops that move it as far the outer one comes first.
        for same in self.moving.chunk_by(|a, b| a.1 == b.1).rev() {
            for (depth, _) in same {
                let step = first.gradient[*depth];
                let steps = (rest as f64 / step as f64).round() as i64;
                if steps.unsigned_abs() <= FAR {
                    rest -= steps * step;
                    apart[*depth] = apart[*depth].max(steps.unsigned_abs() as f64);
                }
            }
        }
        if rest.abs() >= sector {
            return false;
        }
        self.apart = apart;
        self.asked += asked(access);
        true
    }

    /// Returns the distinct sectors that are touched in so many iterations of each loop.
    fn sectors(&self, extents: &Extents, sector_bytes: f64) -> f64 {
        // A run of bytes without gaps that a sector would not fill, and how many of them there are.
        let (mut run, mut runs) = (self.first.bytes as f64, 1.0);
        for (depth, step) in &self.moving {
            let (step, extent) = (*step as f64, extents[*depth] + self.apart[*depth]);
            if extent <= 1.0 {
                continue;
            }
            if step <= run.max(sector_bytes) {
                run += step * (extent - 1.0);
            } else {
                runs *= extent;
            }
        }
        runs * (run / sector_bytes).max(1.0)
    }

    /// Returns what all blocks move, of so many distinct sectors, where caches lack as many of one block and of all.
    fn moved(
        &self,
        blocks: f64,
        distinct: f64,
        (of_block, of_grid): (f64, f64),
        sector_bytes: f64,
    ) -> Moved<'a> {
        let asked = self.asked * blocks;
        let to_l2 = if is_write(self.first) {
            asked
        } else {
            asked.min(of_block * blocks)
        };
        // Scattered reads come back to the same sectors in the end.
        let density = if self.first.is_data {
            self.first.bytes as f64 / sector_bytes
        } else {
            1.0
        };
        let to_dram = to_l2.min(of_grid.max(distinct) * density);
        Moved {
            first: self.first,
            bytes: Bytes {
                of_l2: to_l2 * sector_bytes,
                of_dram: to_dram * sector_bytes,
                touched: (distinct * density).min(to_l2) * sector_bytes,
            },
            missed: if asked > 0.0 {
                [to_l2 / asked, to_dram / asked]
            } else {
                [0.0; 2]
            },
        }
    }
}

/// Returns whether an access changes memory.
fn is_write(access: &Access) -> bool {
    access.mode != Mode::Read
}

/// Returns the sectors that one block asks for.
fn asked(access: &Access) -> f64 {
    access.executions * access.request.sectors
}

/// Further apart than this many iterations, accesses have nothing in common.
const FAR: u64 = 64;

/// What the accesses of a launch to memory move.
#[derive(Clone, Debug)]
pub(super) struct Traffic<'a> {
    streams: Vec<Moved<'a>>,
    /// The stream of each access to memory.
    of_access: Vec<Option<usize>>,
}

/// What a stream moves.
#[derive(Clone, Debug)]
struct Moved<'a> {
    first: &'a Access,
    bytes: Bytes,
    /// The share of its sectors that the first-level cache does not have, and that neither cache has.
    missed: [f64; 2],
}

/// What moves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bytes {
    /// What the second-level cache is asked for.
    pub(super) of_l2: f64,
    /// What device memory is asked for.
    pub(super) of_dram: f64,
    /// What host and device have in common: the distinct bytes.
    pub(super) touched: f64,
}

impl<'a> Traffic<'a> {
    /// Returns the traffic of a launch, so many blocks of which run on each multiprocessor at once.
    pub(super) fn of(kernel: &'a Kernel, resident: f64, hardware: &Hardware) -> Self {
        let sector_bytes = hardware.sector_bytes;
        let (streams, of_access) = streams(kernel, sector_bytes);
        let shared = (kernel.shared_bytes + hardware.shared_reserved_bytes) * resident;
        let first = (hardware.unified_bytes - shared).max(0.0) / resident / sector_bytes;
        let second = hardware.l2_bytes / sector_bytes;
        let block = extents(kernel, |mapping| matches!(mapping, Mapping::Thread(_)));
        let (wave, rest) = wave(kernel, resident * hardware.multiprocessors, &block);
        let of_block = missed(kernel, &streams, &block, &[], [first, sector_bytes]);
        let of_grid = missed(kernel, &streams, &wave, &rest, [second, sector_bytes]);
        let all = extents(kernel, |_| true);
        let missed = of_block.zip(of_grid);
        let moved = streams.iter().zip(missed).map(|(stream, missed)| {
            let distinct = stream.sectors(&all, sector_bytes);
            stream.moved(kernel.blocks, distinct, missed, sector_bytes)
        });
        Self {
            streams: moved.collect(),
            of_access,
        }
    }

    /// Returns what moves but for reads that are free.
    pub(super) fn bytes(&self, relief: Relief) -> Bytes {
        let mut bytes = Bytes::default();
        let streams = self.streams.iter();
        for each in streams.filter(|each| !relief.frees(each.first)) {
            bytes.of_l2 += each.bytes.of_l2;
            bytes.of_dram += each.bytes.of_dram;
            bytes.touched += each.bytes.touched;
        }
        bytes
    }

    /// Returns for an access the share of its sectors that the first-level cache does not have, and that neither cache has.
    pub(super) fn missed(&self, access: usize) -> [f64; 2] {
        let stream = self.of_access.get(access).copied().flatten();
        let stream = stream.and_then(|stream| self.streams.get(stream));
        stream.map_or([0.0; 2], |stream| stream.missed)
    }
}

/// Returns the streams of a launch, and the stream of each access to memory.
fn streams(kernel: &Kernel, sector_bytes: f64) -> (Vec<Stream<'_>>, Vec<Option<usize>>) {
    let mut streams: Vec<Stream<'_>> = Vec::with_capacity(kernel.accesses.len());
    let of_access = kernel.accesses.iter().map(|access| {
        if access.is_shared || access.is_constant {
            return None;
        }
        let mut known = streams.iter_mut();
        let taken = known.position(|each| each.takes(access, sector_bytes as i64));
        Some(taken.unwrap_or_else(|| {
            streams.push(Stream::of(access));
            streams.len() - 1
        }))
    });
    let of_access = of_access.collect();
    (streams, of_access)
}

/// Returns the trips of the loops of which a mapping is wanted, by depth; 1 elsewhere.
fn extents(kernel: &Kernel, is_wanted: impl Fn(Mapping) -> bool) -> Extents {
    let mut extents = [1.0; DEPTH];
    for each in kernel.loops.iter().filter(|each| is_wanted(each.mapping)) {
        if let Some(extent) = extents.get_mut(each.depth) {
            *extent = f64::max(*extent, each.trips);
        }
    }
    extents
}

/// A loop over blocks, of which some run at once.
struct Rest {
    depth: usize,
    at_once: f64,
    all: f64,
}

/// Returns the iterations that blocks which run at once stand for, and the loops that the others are counted by, from
/// the inside; blocks start in order, along `x` first.
fn wave(kernel: &Kernel, blocks_at_once: f64, block: &Extents) -> (Extents, Vec<Rest>) {
    let mut wave = *block;
    let mut rest = Vec::new();
    let mut left = blocks_at_once.max(1.0);
    for axis in Axis::ALL {
        let mut loops = kernel.loops.iter();
        let Some(each) = loops.find(|each| each.mapping == Mapping::Block(axis)) else {
            continue;
        };
        let at_once = each.trips.min(left).max(1.0);
        left = (left / at_once).floor().max(1.0);
        if let Some(extent) = wave.get_mut(each.depth) {
            *extent = at_once;
        }
        rest.push(Rest {
            depth: each.depth,
            at_once,
            all: each.trips,
        });
    }
    (wave, rest)
}

/// What threads that run at once touch of a stream, while they and those that come after them run.
struct Reach {
    /// In all loops inside the one at hand.
    together: Extents,
    /// The sectors of that.
    sectors: f64,
    /// How often they are fetched.
    times: f64,
    /// Whether the stream runs in the loop at hand.
    is_here: bool,
}

impl Reach {
    /// Takes in all iterations of the loop at a depth, if caches keep what one of them touches.
    fn grow(&mut self, stream: &Stream<'_>, depth: usize, trips: f64, sector_bytes: f64) {
        if let Some(extent) = self.together.get_mut(depth) {
            *extent = trips;
            self.sectors = stream.sectors(&self.together, sector_bytes);
        }
    }
}

/// Returns for each stream the sectors that threads which run at once ask a memory for, behind a cache of so many
/// sectors, while they and those that come after them run.
fn missed(
    kernel: &Kernel,
    streams: &[Stream<'_>],
    together: &Extents,
    rest: &[Rest],
    [cache, sector_bytes]: [f64; 2],
) -> impl Iterator<Item = f64> {
    let reach = |stream: &Stream<'_>| Reach {
        together: *together,
        sectors: stream.sectors(together, sector_bytes),
        times: 1.0,
        is_here: true,
    };
    let mut reaches: Vec<Reach> = streams.iter().map(reach).collect();
    // Loops are in the order of the text, outer before inner, so that from the last to the first each one comes after those
    // inside it.
    for (at, each) in kernel.loops.iter().enumerate().rev() {
        if !each.is_sequential() {
            continue;
        }
        let mut needed = 0.0;
        for (reach, stream) in reaches.iter_mut().zip(streams) {
            reach.is_here = kernel.is_inside(stream.first.runs_in, at);
            if reach.is_here {
                needed += reach.sectors;
            }
        }
        let here = reaches.iter_mut().zip(streams);
        for (reach, stream) in here.filter(|(reach, _)| reach.is_here) {
            if needed <= cache && reach.times <= 1.0 {
                reach.grow(stream, each.depth, each.trips, sector_bytes);
            } else {
                reach.times *= each.trips;
            }
        }
    }
    for each in rest {
        let needed: f64 = reaches.iter().map(|reach| reach.sectors).sum();
        for (reach, stream) in reaches.iter_mut().zip(streams) {
            if needed <= cache && reach.times <= 1.0 && each.depth < DEPTH {
                reach.grow(stream, each.depth, each.all, sector_bytes);
            } else {
                reach.times *= each.all / each.at_once;
            }
        }
    }
    reaches.into_iter().map(|reach| reach.times * reach.sectors)
}
