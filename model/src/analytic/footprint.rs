//! How much of what is asked for a cache has already: distinct sectors by loops, and the loops over whose iterations a
//! cache keeps them.
//!
//! The sectors that an access touches while some of its loops run are counted in closed form from how far its address
//! moves along each. A cache keeps what one iteration of a loop needs for the next iteration if all of it fits.
//!
//! **Source**: layer conditions as in Stengel, Treibig, Hager, Wellein, “Quantifying Performance Bottlenecks of Stencil
//! Computations Using the Execution-Cache-Memory Model”, ICS 2015, §4.

use mupac_ir::{Axis, Handle, Mapping, Var};

use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode};
use super::points::DEPTH;

/// Accesses that move alike, a few elements apart.
#[derive(Clone, Debug)]
struct Stream {
    var: Handle<Var>,
    is_write: bool,
    is_data: bool,
    bytes: f64,
    base: i64,
    gradient: [i64; DEPTH],
    /// How many iterations of each loop the accesses lie apart, by depth.
    apart: [f64; DEPTH],
    /// The innermost loop that it runs in.
    runs_in: Option<usize>,
    /// The accesses, by number.
    members: Vec<usize>,
}

/// How many iterations of each loop are looked at together, by depth.
type Extents = [f64; DEPTH];

impl Stream {
    fn of(number: usize, access: &Access) -> Self {
        Self {
            var: access.var,
            is_write: access.mode != Mode::Read,
            is_data: access.is_data,
            bytes: access.bytes as f64,
            base: access.base,
            gradient: access.gradient,
            apart: [0.0; DEPTH],
            runs_in: access.runs_in,
            members: vec![number],
        }
    }

    /// Takes in another access if it moves alike and its distance is one of few iterations of the loops.
    fn takes(&mut self, number: usize, access: &Access, sector: i64) -> bool {
        let is_alike = self.var == access.var
            && self.is_write == (access.mode != Mode::Read)
            && !self.is_data
            && !access.is_data
            && self.runs_in == access.runs_in
            && self.gradient == access.gradient;
        if !is_alike {
            return false;
        }
        let mut rest = access.base.wrapping_sub(self.base);
        let mut apart = self.apart;
        let mut order: Vec<usize> = (0..DEPTH).filter(|at| self.gradient[*at] != 0).collect();
        order.sort_by_key(|at| std::cmp::Reverse(self.gradient[*at].unsigned_abs()));
        for at in order {
            let step = self.gradient[at];
            let steps = (rest as f64 / step as f64).round() as i64;
            if steps.unsigned_abs() <= FAR {
                rest -= steps * step;
                apart[at] = apart[at].max(steps.unsigned_abs() as f64);
            }
        }
        if rest.abs() >= sector {
            return false;
        }
        self.apart = apart;
        self.members.push(number);
        true
    }

    /// Returns the sectors that one block asks for.
    fn asked(&self, kernel: &Kernel) -> f64 {
        let members = self.members.iter();
        let accesses = members.filter_map(|member| kernel.accesses.get(*member));
        accesses
            .map(|access| kernel.executions(access) * access.request.sectors)
            .sum()
    }

    /// Returns the distinct sectors that are touched in so many iterations of each loop.
    fn sectors(&self, extents: &Extents, sector_bytes: f64) -> f64 {
        let mut loops: [(f64, f64); DEPTH] = [(0.0, 0.0); DEPTH];
        let mut count = 0;
        for ((step, extent), apart) in self.gradient.iter().zip(extents).zip(self.apart) {
            let (step, extent) = (step.unsigned_abs() as f64, extent + apart);
            if step > 0.0 && extent > 1.0 {
                loops[count] = (step, extent);
                count += 1;
            }
        }
        let loops = &mut loops[..count];
        loops.sort_by(|a, b| a.0.total_cmp(&b.0));
        // A run of bytes without gaps that a sector would not fill, and how many of them there are.
        let (mut run, mut runs) = (self.bytes, 1.0);
        for (step, extent) in loops {
            if *step <= run.max(sector_bytes) {
                run += *step * (*extent - 1.0);
            } else {
                runs *= *extent;
            }
        }
        runs * (run / sector_bytes).max(1.0)
    }
}

/// Further apart than this many iterations, accesses have nothing in common.
const FAR: u64 = 64;

/// What the accesses of a launch to memory move.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic {
    /// What the second-level cache is asked for.
    pub(super) l2_bytes: f64,
    /// What device memory is asked for.
    pub(super) dram_bytes: f64,
    /// What host and device have in common: the distinct bytes.
    pub(super) touched_bytes: f64,
    /// For each access, the share of its sectors that the first-level cache does not have, and that neither cache has.
    pub(super) missed: Vec<[f64; 2]>,
}

/// What the streams of a launch touch, and what caches hold of it; both do not depend on how warps ask for it.
#[derive(Clone, Debug)]
pub(super) struct Footprints {
    streams: Vec<Touched>,
    sector_bytes: f64,
}

/// What a stream touches.
#[derive(Clone, Debug)]
struct Touched {
    stream: Stream,
    /// Sectors that a block fetches which its first-level cache does not have.
    of_block: f64,
    /// Sectors that all blocks fetch which the second-level cache does not have.
    of_grid: f64,
    /// Different sectors.
    distinct: f64,
}

impl Footprints {
    /// Returns the footprints of a launch, so many blocks of which run on each multiprocessor at once.
    pub(super) fn of(kernel: &Kernel, resident: f64, hardware: &Hardware) -> Self {
        let sector_bytes = hardware.sector_bytes;
        let mut streams: Vec<Stream> = Vec::new();
        for (number, access) in kernel.accesses.iter().enumerate() {
            let is_taken = access.is_shared
                || access.is_constant
                || streams
                    .iter_mut()
                    .any(|each| each.takes(number, access, sector_bytes as i64));
            if !is_taken {
                streams.push(Stream::of(number, access));
            }
        }
        let shared = (kernel.shared_bytes + hardware.shared_reserved_bytes) * resident;
        let first = (hardware.unified_bytes - shared).max(0.0) / resident / sector_bytes;
        let second = hardware.l2_bytes / sector_bytes;
        let block = extents(kernel, |mapping| matches!(mapping, Mapping::Thread(_)));
        let (wave, rest) = wave(kernel, resident * hardware.multiprocessors, &block);
        let of_block = missed(kernel, &streams, &block, &[], [first, sector_bytes]);
        let of_grid = missed(kernel, &streams, &wave, &rest, [second, sector_bytes]);
        let all = extents(kernel, |_| true);
        let streams = streams.into_iter().zip(of_block).zip(of_grid);
        let streams = streams.map(|((stream, of_block), of_grid)| Touched {
            distinct: stream.sectors(&all, sector_bytes),
            stream,
            of_block,
            of_grid,
        });
        Self {
            streams: streams.collect(),
            sector_bytes,
        }
    }

    /// Returns the traffic of a launch whose accesses are those that these are the footprints of, whatever warps ask for.
    pub(super) fn traffic(&self, kernel: &Kernel) -> Traffic {
        let mut traffic = Traffic {
            missed: vec![[0.0; 2]; kernel.accesses.len()],
            ..Traffic::default()
        };
        for each in &self.streams {
            let stream = &each.stream;
            let asked = stream.asked(kernel) * kernel.blocks;
            if asked <= 0.0 {
                continue;
            }
            let to_l2 = if stream.is_write {
                asked
            } else {
                asked.min(each.of_block * kernel.blocks)
            };
            // Scattered reads come back to the same sectors in the end.
            let density = if stream.is_data {
                stream.bytes / self.sector_bytes
            } else {
                1.0
            };
            let to_dram = to_l2.min(each.of_grid.max(each.distinct) * density);
            traffic.l2_bytes += to_l2 * self.sector_bytes;
            traffic.dram_bytes += to_dram * self.sector_bytes;
            traffic.touched_bytes += (each.distinct * density).min(to_l2) * self.sector_bytes;
            for member in &stream.members {
                traffic.missed[*member] = [to_l2 / asked, to_dram / asked];
            }
        }
        traffic
    }
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

/// Returns for each stream the sectors that threads which run at once ask a memory for, behind a cache of so many
/// sectors, while they and those that come after them run.
fn missed(
    kernel: &Kernel,
    streams: &[Stream],
    together: &Extents,
    rest: &[Rest],
    [cache, sector_bytes]: [f64; 2],
) -> Vec<f64> {
    // What is touched in all loops inside the one at hand, by stream; loops are in the order of the text, outer before
    // inner, so that from the last to the first each one comes after those inside it.
    let mut inside: Vec<Extents> = vec![*together; streams.len()];
    let mut times = vec![1.0; streams.len()];
    for (at, each) in kernel.loops.iter().enumerate().rev() {
        if !each.is_sequential() {
            continue;
        }
        let here: Vec<usize> = (0..streams.len())
            .filter(|stream| kernel.is_inside(streams[*stream].runs_in, at))
            .collect();
        let needed: f64 = here
            .iter()
            .map(|stream| streams[*stream].sectors(&inside[*stream], sector_bytes))
            .sum();
        for stream in here {
            if needed <= cache && times[stream] <= 1.0 {
                if let Some(extent) = inside[stream].get_mut(each.depth) {
                    *extent = each.trips;
                }
            } else {
                times[stream] *= each.trips;
            }
        }
    }
    for each in rest {
        let needed: f64 = streams
            .iter()
            .zip(&inside)
            .map(|(stream, inside)| stream.sectors(inside, sector_bytes))
            .sum();
        for (inside, times) in inside.iter_mut().zip(&mut times) {
            match inside.get_mut(each.depth) {
                Some(extent) if needed <= cache && *times <= 1.0 => *extent = each.all,
                _ => *times *= each.all / each.at_once,
            }
        }
    }
    let found = streams.iter().zip(&inside).zip(times);
    found
        .map(|((stream, inside), times)| times * stream.sectors(inside, sector_bytes))
        .collect()
}
