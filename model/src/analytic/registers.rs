//! How many registers a thread takes, and how many blocks run on a multiprocessor at once.
//!
//! Registers are a sum over what the code holds, each part times a constant of the hardware file. The constants are
//! fitted to what ptxas says of generated kernels (`cargo test --release --test registers`). Of 1,677 kernels, about half of
//! them of random programs that the fit has not seen, half are within 2.9 registers and nine in ten within 9.4; of the 24
//! that take 64 and more it says 43 too few on average.

use super::hardware::Hardware;
use super::kernel::{Kernel, Mode};

/// What registers depend on, in the order of the constants that [`Hardware::register_costs`] returns.
pub const REGISTER_FEATURES: [&str; 9] = [
    "base",
    "array",
    "address",
    "word",
    "local",
    "loop",
    "call",
    "condition",
    "element",
];

/// Returns what the registers of a kernel depend on.
///
/// **Shape**: as [`REGISTER_FEATURES`].
///
/// **Units**: one; arrays in device memory; addresses that move in different ways; words that one stretch of code reads,
/// as often as the compiler lays it out; words of other variables that a thread declares; loops within one another that it
/// repeats; calls and divisions; conditions; words of arrays that a thread declares and of which the code names each
/// element by a number.
pub(super) fn features(kernel: &Kernel) -> [f64; REGISTER_FEATURES.len()] {
    let accesses = kernel.accesses.iter();
    let in_memory = accesses.filter(|each| !each.is_shared && !each.is_constant);
    let arrays = different(in_memory.map(|each| each.var));
    let accesses = kernel.accesses.iter();
    let addresses = different(accesses.map(|each| (each.var, &each.gradient)));
    // Sections are numbered in the order in which the code comes to them.
    let sections = kernel.accesses.chunk_by(|a, b| a.section == b.section);
    let in_flight = sections.filter_map(|accesses| {
        let section = kernel.sections.get(accesses.first()?.section)?;
        let reads = accesses.iter().filter(|each| each.mode == Mode::Read);
        let words = reads.map(|each| (each.bytes as f64 / WORD_BYTES).max(1.0));
        Some(words.sum::<f64>() * section.overlap)
    });
    let elements = kernel.elements.iter();
    let elements = elements.map(|each| each.bytes.min(each.named_bytes) / WORD_BYTES);
    let loops = (0..kernel.loops.len()).map(|at| {
        let around = kernel.outwards(Some(at));
        around
            .filter(|(_, each)| each.is_sequential() && !each.is_unrolled())
            .count()
    });
    [
        1.0,
        arrays as f64,
        addresses as f64,
        in_flight.fold(0.0, f64::max),
        kernel.local_bytes / WORD_BYTES,
        loops.max().unwrap_or(0) as f64,
        kernel.calls.min(MANY_CALLS),
        kernel.conditions,
        elements.sum(),
    ]
}

/// Returns how many different ones there are, of few.
fn different<T: PartialEq>(all: impl Iterator<Item = T>) -> usize {
    let mut known = Vec::new();
    for each in all {
        if !known.contains(&each) {
            known.push(each);
        }
    }
    known.len()
}

const WORD_BYTES: f64 = 4.0;

/// Calls come one after another, so that more of them take no more registers.
const MANY_CALLS: f64 = 2.0;

/// Registers that ptxas gives a thread in any case.
const LEAST: f64 = 8.0;

/// How a kernel fits a multiprocessor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occupancy {
    /// Registers of one thread.
    pub registers: f64,
    /// Registers that a thread lacks, whose values go to memory and back.
    pub spilled: f64,
    /// Blocks that run on one multiprocessor at once.
    pub blocks: f64,
}

impl Hardware {
    /// Returns the registers that each of [`REGISTER_FEATURES`] takes.
    pub fn register_costs(&self) -> [f64; REGISTER_FEATURES.len()] {
        [
            self.registers_base,
            self.registers_per_array,
            self.registers_per_address,
            self.registers_per_word,
            self.registers_per_local,
            self.registers_per_loop,
            self.registers_per_call,
            self.registers_per_condition,
            self.registers_per_element,
        ]
    }

    /// Returns how a kernel fits a multiprocessor.
    pub(super) fn occupancy(&self, kernel: &Kernel) -> Occupancy {
        let parts = features(kernel).into_iter().zip(self.register_costs());
        let wanted = parts
            .map(|(count, cost)| count * cost)
            .sum::<f64>()
            .max(LEAST);
        let warps = (kernel.threads / self.warp).ceil().max(1.0);
        // A block must fit by itself, whatever its threads lack then.
        let most = (self.registers / (warps * self.register_unit)).floor() * self.register_unit
            / self.warp;
        let most = most.min(self.most_registers_per_thread);
        let registers = wanted.round().min(most);
        Occupancy {
            registers,
            spilled: (wanted - most).max(0.0),
            blocks: self.resident(registers, warps, kernel.shared_bytes),
        }
    }

    /// Returns how many blocks of so many warps run on one multiprocessor at once.
    ///
    /// **Source**: the CUDA occupancy calculator: registers are given to warps in units, shared memory to blocks in
    /// units and with what the system keeps.
    pub(super) fn resident(&self, registers: f64, warps: f64, shared_bytes: f64) -> f64 {
        let of_warp = round_up(registers * self.warp, self.register_unit);
        let by_registers = (self.registers / of_warp / warps).floor();
        let by_warps = (self.resident_warps / warps).floor();
        let of_block = round_up(
            shared_bytes + self.shared_reserved_bytes,
            self.shared_unit_bytes,
        );
        let by_shared = if shared_bytes > 0.0 {
            (self.shared_bytes / of_block).floor()
        } else {
            self.resident_blocks
        };
        by_registers
            .min(by_warps)
            .min(by_shared)
            .clamp(1.0, self.resident_blocks)
    }
}

fn round_up(value: f64, unit: f64) -> f64 {
    (value / unit).ceil() * unit
}
