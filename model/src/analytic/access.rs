//! What the warps of a block ask for in one access: sectors, lines and banks, counted lane by lane.

use super::hardware::Hardware;
use super::kernel::{Mode, Request};
use super::points::{ALL_LANES, LANES, Mask, Threads, Value, WARPS};

/// What an access goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Memory,
    /// So many bytes of shared memory.
    Shared(i64, Mode),
    /// Constant memory; whether the address is an operand of the instruction that uses the value.
    Constant {
        is_operand: bool,
    },
}

/// What accesses of one launch ask for, counted once for all whose lanes lie alike.
#[derive(Clone, Debug)]
pub(super) struct Requests<'a> {
    hardware: &'a Hardware,
    known: Vec<(Pattern, Request)>,
}

/// How the lanes of an access lie; sectors, lines and rows of banks are powers of two, so that addresses which are alike
/// within the largest of them ask for as many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pattern {
    kind: Kind,
    offset: i64,
    along_threads: [i64; 3],
    active: Mask,
}

impl<'a> Requests<'a> {
    /// Returns what is counted on a device.
    pub(super) fn new(hardware: &'a Hardware) -> Self {
        Self {
            hardware,
            known: Vec::new(),
        }
    }

    /// Returns what an access to an address asks for.
    pub(super) fn of(
        &mut self,
        kind: Kind,
        address: &Value,
        sample: &Sample,
        threads: &Threads,
    ) -> Request {
        let hardware = self.hardware;
        let count = || sample.count(kind, &address.lanes(threads), hardware);
        let Some((base, along_threads)) = address.along_threads() else {
            return count();
        };
        let pattern = Pattern {
            kind,
            offset: base & (row_bytes(hardware) - 1),
            along_threads,
            active: sample.active,
        };
        let mut known = self.known.iter();
        if let Some((_, request)) = known.find(|(known, _)| *known == pattern) {
            return *request;
        }
        let request = count();
        self.known.push((pattern, request));
        request
    }
}

/// The threads of a block that are looked at.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Lanes that run the code at hand.
    pub(super) active: Mask,
    /// Warps of a block that each one that is looked at stands for.
    pub(super) scale: f64,
}

impl Sample {
    /// Leaves only some lanes.
    pub(super) fn keep(&mut self, lanes: Mask) {
        for (active, lanes) in self.active.iter_mut().zip(lanes) {
            *active &= lanes;
        }
    }

    /// Returns whether any lane runs the code at hand.
    pub(super) fn is_active(&self) -> bool {
        self.active != [0; WARPS]
    }

    /// Returns the warps of a block that run the code at hand.
    pub(super) fn warps(&self) -> f64 {
        let active = self.active.iter().filter(|lanes| **lanes != 0);
        active.count() as f64 * self.scale
    }

    /// Returns the mean, over the warps that run the code at hand, of what the greatest number among their lanes says.
    pub(super) fn mean_of_warps(
        &self,
        numbers: &[i64; ALL_LANES],
        says: impl Fn(i64) -> f64,
    ) -> f64 {
        let warps = self.active.iter().zip(numbers.chunks(LANES));
        let greatest = warps.filter_map(|(active, numbers)| {
            let lanes = numbers.iter().enumerate();
            let running = lanes.filter(|(lane, _)| active >> lane & 1 == 1);
            running.map(|(_, number)| *number).max()
        });
        let (sum, count) = greatest.fold((0.0, 0.0_f64), |(sum, count), greatest| {
            (sum + says(greatest), count + 1.0)
        });
        sum / count.max(1.0)
    }

    /// Returns the threads that do.
    fn threads(&self) -> f64 {
        let active = self.active.iter().map(|lanes| lanes.count_ones());
        f64::from(active.sum::<u32>()) * self.scale
    }

    /// Returns what an access asks for whose lanes have these addresses.
    fn count(&self, kind: Kind, address: &[i64; ALL_LANES], hardware: &Hardware) -> Request {
        let (mut sectors, mut passes, mut paired) = (0, 0, 0);
        // Often warps lie as the one before.
        let mut before: Option<(u32, &[i64], [usize; 2])> = None;
        for (active, address) in self.active.iter().zip(address.chunks(LANES)) {
            let known = before.filter(|(lanes, known, _)| {
                lanes == active && lie_alike(known, address, row_bytes(hardware))
            });
            let asked = known.map_or_else(
                || Lanes::of(*active, address).ask(kind, hardware),
                |(.., asked)| asked,
            );
            sectors += asked[0];
            passes += asked[1];
            paired += usize::from(*active != 0 && are_paired(*active, address));
            before = Some((*active, address, asked));
        }
        let is_operand = kind == Kind::Constant { is_operand: true };
        Request {
            sectors: sectors as f64 * self.scale,
            passes: passes as f64 * self.scale,
            warps: if is_operand { 0.0 } else { self.warps() },
            paired: paired as f64 * self.scale,
            threads: self.threads(),
        }
    }
}

/// Returns the least power of two that sectors, lines and rows of banks divide.
fn row_bytes(hardware: &Hardware) -> i64 {
    (hardware.banks * hardware.bank_bytes).max(hardware.line_bytes) as i64
}

/// Returns whether addresses are others moved by whole rows.
fn lie_alike(known: &[i64], address: &[i64], row_bytes: i64) -> bool {
    let mut moved = address.iter().zip(known).map(|(a, b)| a.wrapping_sub(*b));
    moved
        .next()
        .is_some_and(|by| by & (row_bytes - 1) == 0 && moved.all(|each| each == by))
}

/// Returns whether lanes next to each other, or next but one, read the same everywhere.
fn are_paired(active: u32, address: &[i64]) -> bool {
    [1, 2].into_iter().any(|distance| {
        let mut lanes = address.iter().enumerate();
        lanes.all(|(lane, offset)| {
            let other = lane ^ distance;
            let is_alone = active >> lane & active >> other & 1 == 0;
            is_alone || address.get(other) == Some(offset)
        })
    })
}

/// The offsets of the active lanes of a warp, in bytes and in order.
#[derive(Clone, Copy, Debug)]
struct Lanes {
    offsets: [i64; LANES],
    count: usize,
}

impl Lanes {
    fn of(active: u32, address: &[i64]) -> Self {
        let mut offsets = [0; LANES];
        if active == u32::MAX {
            offsets.copy_from_slice(address);
            sorted(&mut offsets);
            return Self {
                offsets,
                count: LANES,
            };
        }
        let mut count = 0;
        for (lane, offset) in address.iter().enumerate() {
            // Written in any case, so that there is nothing to decide.
            offsets[count % LANES] = *offset;
            count += (active >> lane & 1) as usize;
        }
        sorted(&mut offsets[..count]);
        Self { offsets, count }
    }

    /// Returns the sectors that an access asks for, and its passes.
    fn ask(&self, kind: Kind, hardware: &Hardware) -> [usize; 2] {
        match kind {
            Kind::Memory => [
                self.distinct(hardware.sector_bytes as i64),
                self.distinct(hardware.line_bytes as i64),
            ],
            Kind::Shared(bytes, mode) => {
                let words = (bytes / hardware.bank_bytes as i64).max(1);
                let passes = match mode {
                    Mode::Read | Mode::Write => self.passes(words, true, hardware),
                    Mode::Update => 2 * self.passes(words, false, hardware),
                };
                [0, passes]
            }
            Kind::Constant { .. } => [0, self.distinct(1).saturating_sub(1)],
        }
    }

    /// Returns how many units of memory the lanes touch; their size is a power of two.
    fn distinct(&self, unit_bytes: i64) -> usize {
        let offsets = &self.offsets[..self.count];
        let shift = unit_bytes.trailing_zeros();
        let neighbours = offsets.iter().zip(offsets.iter().skip(1));
        let changes = neighbours.filter(|(a, b)| *a >> shift != *b >> shift);
        changes.count() + usize::from(self.count > 0)
    }

    /// Returns in how many passes the banks give every lane so many words; where lanes `share`, one word goes to all who
    /// ask for it.
    fn passes(&self, words: i64, share: bool, hardware: &Hardware) -> usize {
        let (bank_bytes, banks) = (hardware.bank_bytes as i64, hardware.banks as i64);
        let words = words.min(WIDEST as i64);
        let mut asked = [0; LANES * WIDEST];
        let mut count = 0;
        for offset in &self.offsets[..self.count] {
            for word in 0..words {
                asked[count] = offset.div_euclid(bank_bytes).wrapping_add(word);
                count += 1;
            }
        }
        let asked = &mut asked[..count];
        sorted(asked);
        let mut of_bank = [0_usize; LANES];
        for same in asked.chunk_by(|a, b| a == b) {
            let turns = if share { 1 } else { same.len() };
            of_bank[same[0].rem_euclid(banks) as usize % LANES] += turns;
        }
        of_bank.into_iter().max().unwrap_or(0)
    }
}

/// Words that one lane asks for at most in one access.
const WIDEST: usize = 4;

/// Sorts numbers, most of which come in order.
fn sorted(numbers: &mut [i64]) {
    if !numbers.is_sorted() {
        numbers.sort_unstable();
    }
}
