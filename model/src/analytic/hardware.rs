//! The constants of GPUs.
//!
//! They stand in `model/hardware/*.json`, each with its source and date. What host and device exchange
//! was measured on an H100 and an H200, and the latency of the second-level cache on an H100; no other constant of a device.

use files::{H200, KNOWN};
use mupac_passes::Device;

/// What the estimate knows of a GPU.
#[derive(Clone, Debug, PartialEq)]
pub struct Hardware {
    /// As its maker calls it.
    pub name: &'static str,
    /// Major version times ten plus minor version.
    pub compute_capability: u32,
    /// Whether the constants were fitted to measurements on such a GPU.
    pub is_measured: bool,
    /// Streaming multiprocessors.
    pub multiprocessors: f64,
    /// Cycles of a multiprocessor in a second.
    pub clock_hertz: f64,
    /// Threads that execute together.
    pub warp: f64,
    /// Most warps on one multiprocessor.
    pub resident_warps: f64,
    /// Most blocks on one multiprocessor.
    pub resident_blocks: f64,
    /// Registers of one multiprocessor, of 32 bits.
    pub registers: f64,
    /// Most registers of one thread.
    pub most_registers_per_thread: f64,
    /// Registers are given to warps in multiples of this.
    pub register_unit: f64,
    /// Shared memory is given to blocks in multiples of this.
    pub shared_unit_bytes: f64,
    /// Shared memory that the system keeps in each block.
    pub shared_reserved_bytes: f64,
    /// First-level cache and shared memory of one multiprocessor together.
    pub unified_bytes: f64,
    /// Most shared memory of one multiprocessor.
    pub shared_bytes: f64,
    /// Most shared memory of one block.
    pub shared_bytes_per_block: f64,
    /// The unit in which memory is moved, a power of two.
    pub sector_bytes: f64,
    /// The unit in which the first-level cache looks things up, a power of two.
    pub line_bytes: f64,
    /// Banks of shared memory.
    pub banks: f64,
    /// What a bank gives in one pass.
    pub bank_bytes: f64,
    /// Size of the second-level cache.
    pub l2_bytes: f64,
    /// Bandwidth of device memory.
    pub dram_bytes_per_second: f64,
    /// Bandwidth of the second-level cache.
    pub l2_bytes_per_second: f64,
    /// What one multiprocessor gets from the second-level cache.
    pub l2_bytes_per_clock_and_multiprocessor: f64,
    /// Instructions of warps that one multiprocessor starts in a cycle.
    pub issues_per_clock: f64,
    /// Passes over a line of the first-level cache in a cycle of one multiprocessor.
    pub requests_per_clock: f64,
    /// Passes over all banks of shared memory in a cycle of one multiprocessor.
    pub shared_passes_per_clock: f64,
    /// `float` additions, multiplications or both in one, in a cycle of one multiprocessor.
    pub f32_lanes: f64,
    /// The same for `double`.
    pub f64_lanes: f64,
    /// Additions of integers.
    pub integer_lanes: f64,
    /// Reciprocals, roots, and what the mathematical library builds on.
    pub special_lanes: f64,
    /// From an operation to one that needs its result.
    pub arithmetic_latency_cycles: f64,
    /// From a load to its value, in the first-level cache.
    pub l1_latency_cycles: f64,
    /// In shared memory.
    pub shared_latency_cycles: f64,
    /// In the second-level cache.
    pub l2_latency_cycles: f64,
    /// In device memory.
    pub dram_latency_cycles: f64,
    /// A barrier that all warps come to at once.
    pub barrier_cycles: f64,
    /// Atomic operations of single lanes in a cycle of the second-level cache.
    pub atomics_per_clock: f64,
    /// From the host's call to the first thread.
    pub launch_seconds: f64,
    /// Bandwidth between pageable memory of the host and the device.
    pub copy_bytes_per_second: f64,
    /// A copy of no bytes.
    pub copy_seconds: f64,
    /// Memory of the device, made and given back.
    pub allocation_seconds: f64,
    /// What a program waits for before its first call to the device comes back, with what it takes longer to load.
    pub start_seconds: f64,
    /// Operations of the program on one core of the host.
    pub host_operations_per_second: f64,
    /// Memory that one core of the host reads.
    pub host_bytes_per_second: f64,
    /// A page whose place a core of the host has to look up.
    pub host_page_seconds: f64,
    /// One subscript that the host looks at.
    pub host_subscript_seconds: f64,
    /// One subscript that the host keeps and compares with all others.
    pub host_difference_seconds: f64,
    /// One partial result that the host joins.
    pub host_join_seconds: f64,
    /// Registers of any thread.
    pub registers_base: f64,
    /// More for each array in device memory.
    pub registers_per_array: f64,
    /// More for each address that moves in its own way.
    pub registers_per_address: f64,
    /// More for each word of 32 bits that is read together with others.
    pub registers_per_word: f64,
    /// More for each word of the variables that a thread declares.
    pub registers_per_local: f64,
    /// More for each loop around the innermost one, and it.
    pub registers_per_loop: f64,
    /// More for each call or division.
    pub registers_per_call: f64,
    /// More for each condition.
    pub registers_per_condition: f64,
    /// More for each word of an array that a thread keeps in registers.
    pub registers_per_element: f64,
}

#[expect(
    clippy::unreadable_literal,
    reason = "the build script writes them, and nobody reads them"
)]
mod files {
    use super::Hardware;

    include!(concat!(env!("OUT_DIR"), "/hardware.rs"));
}

impl Hardware {
    /// Returns the GPU that estimates are made for where nothing else is said: an H200.
    pub fn standard() -> &'static Self {
        &H200
    }

    /// Returns every GPU that has a file, by the file's name.
    pub fn known() -> &'static [&'static Self] {
        &KNOWN
    }

    /// Returns the GPU whose compute capability is nearest to one, the earlier of two that are as near.
    pub fn nearest(compute_capability: u32) -> &'static Self {
        let distance = |each: &Self| each.compute_capability.abs_diff(compute_capability);
        let nearer = |best: &'static Self, next: &&'static Self| {
            let is_nearer = distance(next) < distance(best)
                || distance(next) == distance(best)
                    && next.compute_capability < best.compute_capability;
            if is_nearer { *next } else { best }
        };
        KNOWN.iter().fold(&H200, nearer)
    }

    /// Returns the GPU whose constants stand for a device: the one of its compute capability, else the nearest.
    pub fn of(device: &Device) -> &'static Self {
        capability(&device.arch).map_or(&H200, Self::nearest)
    }

    /// Returns its architecture, as `nvcc -arch` spells it.
    pub fn arch(&self) -> String {
        format!("sm_{}", self.compute_capability)
    }

    /// Returns what a mapping for it must respect.
    pub fn device(&self) -> Device {
        Device {
            name: self.name.to_owned(),
            arch: self.arch(),
            multiprocessors: self.multiprocessors as u32,
            max_threads_per_multiprocessor: (self.resident_warps * self.warp) as u32,
            warp: self.warp as u32,
            // The other limits are those of every architecture since compute capability 5.0.
            ..Device::default()
        }
    }
}

/// Returns the compute capability that an architecture names, times ten: 90 for `sm_90` and `sm_90a`.
pub fn capability(arch: &str) -> Option<u32> {
    let digits = arch.strip_prefix("sm_")?;
    let digits = digits
        .strip_suffix(|suffix: char| matches!(suffix, 'a' | 'f'))
        .unwrap_or(digits);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|capability| is_number && (50..1000).contains(capability))
}
