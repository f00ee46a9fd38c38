//! Memory traffic of one access, counted by evaluating its address for the lanes of a warp.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Axis, Expr, Handle, Loop, Mapping, Place, Var};

use super::evaluate::Values;
use super::hardware::Hardware;

/// Something that surrounds a statement and decides the value of names in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binder<'a> {
    /// A loop, at one of its iterations.
    Loop {
        /// The loop.
        each: &'a Loop,
        /// First value of its iterator.
        start: i64,
        /// Number of iterations, positive.
        trips: i64,
        /// The iteration that stands for all, counted from 0.
        at: i64,
    },
    /// A name for a value.
    Let(Handle<Var>, Handle<Expr>),
    /// Only where this has the given truth.
    Condition(Handle<Expr>, bool),
}

impl Binder<'_> {
    /// Returns the value of a loop's iterator.
    pub(super) fn iterator_value(&self) -> Option<i64> {
        match self {
            Self::Loop {
                each, start, at, ..
            } => start.checked_add(at.checked_mul(each.step)?),
            Self::Let(..) | Self::Condition(..) => None,
        }
    }
}

/// What one block asks for in one execution of an access.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Request {
    /// Sectors, all warps together.
    pub(super) sectors: f64,
    /// Threads that take part.
    pub(super) threads: f64,
}

/// Banks of shared memory.
///
/// **Source**: as for [`passes`].
pub(super) const BANKS: i64 = 32;

/// What a bank gives in one pass.
pub(super) const BANK_BYTES: i64 = 4;

/// Warps of a block that are counted lane by lane.
const SAMPLED_WARPS: i64 = 8;

/// Returns what the warps of one block ask for in one execution of an access.
pub(super) fn request(
    values: &Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    hardware: &Hardware,
) -> Request {
    over_warps(chain, hardware, &mut |threads| {
        request_of_warp(values, chain, place, threads, hardware)
    })
}

/// Returns how often the warps of one block pass all banks of shared memory in one execution of an access: in one pass
/// each bank gives one word, to any number of lanes.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capability 5.x”, “Shared Memory”, which later ones share.
pub(super) fn passes(
    values: &Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    element_bytes: i64,
    hardware: &Hardware,
) -> f64 {
    let counted = over_warps(chain, hardware, &mut |threads| {
        passes_of_warp(values, chain, place, element_bytes, threads)
    });
    counted.sectors
}

/// Adds up what the warps of a block ask for.
///
/// Some warps, evenly spread from the first to the last, are counted lane by lane and stand for the others.
fn over_warps(
    chain: &[Binder<'_>],
    hardware: &Hardware,
    of_warp: &mut dyn FnMut(&mut dyn Iterator<Item = [i64; 3]>) -> Request,
) -> Request {
    let extents = Axis::ALL.map(|axis| thread_extent(chain, axis));
    let threads: i64 = extents.iter().product();
    let lanes = hardware.warp as i64;
    let warps = (threads + lanes - 1) / lanes;
    let samples = warps.min(SAMPLED_WARPS);
    let mut counted = Request::default();
    for sample in 0..samples {
        let warp = if samples > 1 {
            sample * (warps - 1) / (samples - 1)
        } else {
            0
        };
        let mut threads = (warp * lanes..threads.min((warp + 1) * lanes)).map(|thread| {
            let x = thread % extents[0];
            let y = thread / extents[0] % extents[1];
            [x, y, thread / (extents[0] * extents[1])]
        });
        let one = of_warp(&mut threads);
        counted.sectors += one.sectors;
        counted.threads += one.threads;
    }
    let scale = warps as f64 / samples as f64;
    Request {
        sectors: counted.sectors * scale,
        threads: (counted.threads * scale).min(threads as f64),
    }
}

/// Returns the passes of one warp in place of its sectors.
fn passes_of_warp(
    values: &Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    element_bytes: i64,
    threads: &mut dyn Iterator<Item = [i64; 3]>,
) -> Request {
    let mut values = values.clone();
    let mut words: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut active = 0;
    for thread in threads {
        match address(&mut values, chain, place, Some(thread), None) {
            Address::At(offset) => {
                active += 1;
                let last = offset + element_bytes.max(1) - 1;
                for word in offset.div_euclid(BANK_BYTES)..=last.div_euclid(BANK_BYTES) {
                    let bank = word.rem_euclid(BANKS);
                    words.entry(bank).or_default().insert(word);
                }
            }
            Address::Unknown => active += 1,
            Address::Idle => {}
        }
    }
    let most = words.values().map(BTreeSet::len).max().unwrap_or(0);
    Request {
        sectors: most.max(usize::from(active > 0)) as f64,
        threads: f64::from(active),
    }
}

fn thread_extent(chain: &[Binder<'_>], axis: Axis) -> i64 {
    chain
        .iter()
        .find_map(|binder| match binder {
            Binder::Loop { each, trips, .. } if each.mapping == Mapping::Thread(axis) => {
                Some(*trips)
            }
            Binder::Loop { .. } | Binder::Let(..) | Binder::Condition(..) => None,
        })
        .unwrap_or(1)
}

fn request_of_warp(
    values: &Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    threads: &mut dyn Iterator<Item = [i64; 3]>,
    hardware: &Hardware,
) -> Request {
    let mut values = values.clone();
    let mut known = BTreeSet::new();
    let (mut scattered, mut active) = (0, 0);
    for thread in threads {
        match address(&mut values, chain, place, Some(thread), None) {
            Address::At(offset) => {
                active += 1;
                known.insert(offset.div_euclid(hardware.sector_bytes as i64));
            }
            // Where the subscript depends on data, every lane may ask for its own sector.
            Address::Unknown => {
                active += 1;
                scattered += 1;
            }
            Address::Idle => {}
        }
    }
    Request {
        sectors: (known.len() + scattered) as f64,
        threads: f64::from(active),
    }
}

/// Returns how many bytes an access touches at least once, in whole sectors where elements lie apart.
///
/// A loop multiplies the bytes if its next iteration has another address.
pub(super) fn bytes_touched(
    values: &Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    element_bytes: f64,
    hardware: &Hardware,
) -> f64 {
    let mut values = values.clone();
    let base = address(&mut values, chain, place, None, None);
    let mut elements = 1.0;
    let mut nearest = f64::INFINITY;
    for (index, binder) in chain.iter().enumerate() {
        let Binder::Loop { trips, at, .. } = binder else {
            continue;
        };
        if *trips < 2 {
            continue;
        }
        let neighbour = if at + 1 < *trips { at + 1 } else { at - 1 };
        let moved = address(&mut values, chain, place, None, Some((index, neighbour)));
        if let (Address::At(here), Address::At(there)) = (base, moved) {
            if here == there {
                continue;
            }
            nearest = nearest.min(here.abs_diff(there) as f64);
        }
        elements *= *trips as f64;
    }
    let apart = if nearest.is_finite() {
        nearest
    } else {
        element_bytes
    };
    elements
        * apart.clamp(
            element_bytes.min(hardware.sector_bytes),
            hardware.sector_bytes.max(element_bytes),
        )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    /// This many bytes after the start of the variable.
    At(i64),
    /// It depends on data.
    Unknown,
    /// A condition keeps this thread out.
    Idle,
}

/// Evaluates an address, every name of the chain anew, for one thread, or for the iterations that stand for all, with one binder moved.
fn address(
    values: &mut Values<'_>,
    chain: &[Binder<'_>],
    place: &Place,
    thread: Option<[i64; 3]>,
    moved: Option<(usize, i64)>,
) -> Address {
    for (index, binder) in chain.iter().enumerate() {
        match *binder {
            Binder::Loop {
                each,
                start,
                trips,
                at,
            } => {
                let at = match (moved, thread, each.mapping) {
                    (Some((changed, to)), _, _) if changed == index => to,
                    (_, Some([x, y, z]), Mapping::Thread(axis)) => match axis {
                        Axis::X => x,
                        Axis::Y => y,
                        Axis::Z => z,
                    },
                    _ => at,
                };
                let there = Binder::Loop {
                    each,
                    start,
                    trips,
                    at,
                };
                values.set(each.iterator, there.iterator_value());
            }
            Binder::Let(var, value) => values.set(var, values.integer(value)),
            // For a footprint the representative iteration stands for all, whatever its condition says.
            Binder::Condition(condition, truth) => {
                let holds = values.integer(condition).map(|value| (value != 0) == truth);
                if thread.is_some() && holds == Some(false) {
                    return Address::Idle;
                }
            }
        }
    }
    values
        .offset_bytes(place)
        .map_or(Address::Unknown, Address::At)
}
