//! The time of one launch.

use mupac_ir::{Handle, Var};

use super::estimate::{Estimate, Resource};
use super::footprint::Traffic;
use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode, Relief};
use super::registers::Occupancy;

/// What the accesses of all warps ask for.
#[derive(Clone, Copy, Debug, Default)]
struct Demand {
    /// Instructions.
    requests: f64,
    /// Instructions that compute addresses.
    addresses: f64,
    memory_passes: f64,
    shared_passes: f64,
    /// Updates of memory, by threads.
    updates: f64,
}

/// Partial results that the block which scans them takes in one round: four for each of 1,024 threads.
const SCANNED_AT_ONCE: f64 = 4096.0;

/// Exchanges between the lanes of a warp in one scan.
const WARP_STEPS: f64 = 5.0;

/// A launch on a device.
pub(super) struct Launch<'a> {
    kernel: &'a Kernel,
    hardware: &'a Hardware,
    pub(super) occupancy: Occupancy,
    pub(super) traffic: Traffic<'a>,
}

impl<'a> Launch<'a> {
    pub(super) fn new(kernel: &'a Kernel, hardware: &'a Hardware) -> Self {
        let occupancy = hardware.occupancy(kernel);
        Self {
            kernel,
            hardware,
            occupancy,
            traffic: Traffic::of(kernel, occupancy.blocks, hardware),
        }
    }

    /// Returns its time.
    pub(super) fn estimate(&self) -> Estimate {
        self.spent(Relief::None, true)
    }

    /// Returns a bound on the time that it takes however its blocks share what they read, of one array or of all memory.
    ///
    /// What a move makes of latency, by more blocks at once, is not known beforehand.
    pub(super) fn bound(&self, array: Option<Handle<Var>>) -> Estimate {
        self.spent(array.map_or(Relief::Memory, Relief::Array), false)
    }

    /// Returns the time; all but the launch itself, and what comes after it, counts for the resource that takes longest.
    fn spent(&self, relief: Relief, waits: bool) -> Estimate {
        let (kernel, hardware) = (self.kernel, self.hardware);
        let mut parts = self.parts(relief);
        if waits {
            parts.spend(Resource::Latency, self.waiting(&parts));
        }
        let mut estimate = Estimate::default();
        estimate.spend(Resource::Launch, hardware.launch_seconds);
        estimate.spend(parts.bottleneck(), parts.overlapped_seconds());
        let totals = kernel.joined_bytes.len() as f64 - kernel.scans;
        estimate.spend(
            Resource::Joining,
            kernel.blocks * totals * hardware.host_join_seconds,
        );
        if kernel.scans > 0.0 {
            // The launch before takes at most as long, since it does a part of the same.
            estimate.spend(parts.bottleneck(), parts.overlapped_seconds());
            let launches = 1.0 + kernel.scans;
            estimate.spend(Resource::Launch, launches * hardware.launch_seconds);
            estimate.spend(Resource::Joining, kernel.scans * self.scanning());
        }
        for slices in &kernel.slices {
            slices.charge(&mut estimate, hardware);
        }
        estimate
    }

    /// Returns how long one block takes to scan the partial results of all blocks, so many at a time: `support/scan.h` of the back
    /// end.
    fn scanning(&self) -> f64 {
        let hardware = self.hardware;
        let rounds = (self.kernel.blocks / SCANNED_AT_ONCE).ceil();
        let of_warp = WARP_STEPS * hardware.shared_latency_cycles;
        let cycles = hardware.dram_latency_cycles + 2.0 * of_warp + 4.0 * hardware.barrier_cycles;
        rounds * cycles / hardware.clock_hertz
    }

    /// Returns how often the device is filled with blocks; the last time takes as long as the others, however few blocks
    /// are left.
    fn waves(&self) -> f64 {
        let at_once = self.occupancy.blocks * self.hardware.multiprocessors;
        (self.kernel.blocks / at_once).ceil().max(1.0)
    }

    /// Returns how long the launch takes if each block had a multiprocessor for itself.
    ///
    /// A block that comes to barriers again and again computes or waits for memory, never both at once; what of the time it
    /// leaves, only other blocks can fill.
    fn waiting(&self, parts: &Estimate) -> f64 {
        let mut loops = self.kernel.loops.iter();
        let has_phases = loops.any(|each| each.is_sequential() && each.has_barrier);
        let seconds = |cycles: f64| cycles / self.hardware.clock_hertz;
        let mut computing = seconds(self.kernel.arithmetic_cycles);
        if has_phases {
            let local = Resource::OF_MULTIPROCESSOR.map(|resource| parts.seconds_of(resource));
            let of_block = local.into_iter().fold(0.0, f64::max) / self.most_blocks();
            computing = computing.max(of_block);
        }
        self.waves() * (computing + seconds(self.waiting_cycles()))
    }

    /// Returns the blocks of the multiprocessor that has most.
    fn most_blocks(&self) -> f64 {
        (self.kernel.blocks / self.hardware.multiprocessors)
            .ceil()
            .max(1.0)
    }

    /// Returns what each resource takes by itself, but for latency.
    fn parts(&self, relief: Relief) -> Estimate {
        let (kernel, hardware) = (self.kernel, self.hardware);
        // The multiprocessor with most blocks is done last: as if all were busy, and fewer of them.
        let busy = kernel.blocks / self.most_blocks();
        let clock = hardware.clock_hertz * busy;
        let on_lanes = |instructions: f64, lanes: f64| instructions * hardware.warp / lanes / clock;
        let demand = self.demand(relief);
        let bytes = self.traffic.bytes(relief);
        let l2 = hardware
            .l2_bytes_per_second
            .min(hardware.l2_bytes_per_clock_and_multiprocessor * clock);
        let mut parts = Estimate::default();
        parts.spend(
            Resource::DeviceMemory,
            bytes.of_dram / hardware.dram_bytes_per_second,
        );
        parts.spend(Resource::Cache, bytes.of_l2 / l2);
        // Both go through one unit, whose time counts for what takes more of it.
        let requests = (demand.memory_passes + self.spill_passes()) / hardware.requests_per_clock;
        let shared =
            (demand.shared_passes + self.joining_passes()) / hardware.shared_passes_per_clock;
        let larger = if requests >= shared {
            Resource::Requests
        } else {
            Resource::Shared
        };
        parts.spend(larger, (requests + shared) / clock);
        let instructions = &kernel.instructions;
        parts.spend(
            Resource::Single,
            on_lanes(instructions.single, hardware.f32_lanes),
        );
        parts.spend(
            Resource::Double,
            on_lanes(instructions.double, hardware.f64_lanes),
        );
        parts.spend(
            Resource::Integer,
            on_lanes(
                instructions.integer + demand.addresses,
                hardware.integer_lanes,
            ),
        );
        parts.spend(
            Resource::Special,
            on_lanes(instructions.special, hardware.special_lanes),
        );
        let all = instructions.all + demand.requests + demand.addresses;
        parts.spend(Resource::Issue, all / hardware.issues_per_clock / clock);
        parts.spend(
            Resource::Atomics,
            demand.updates / hardware.atomics_per_clock / hardware.clock_hertz,
        );
        parts
    }

    /// Returns what all accesses ask for, but for reads that are free.
    fn demand(&self, relief: Relief) -> Demand {
        let mut demand = Demand::default();
        let accesses = self.kernel.accesses.iter();
        for access in accesses.filter(|access| !relief.frees(access)) {
            let width = self.width(access);
            let executed = self.kernel.blocks * access.executions / width;
            let request = access.request;
            demand.requests += executed * request.warps;
            demand.addresses += executed * request.warps / self.laid_out(access);
            if access.is_shared {
                let words = access.bytes as f64 * width / self.hardware.bank_bytes;
                let returned = match access.mode {
                    Mode::Read => request.returned(words.max(1.0)),
                    Mode::Write | Mode::Update => 0.0,
                };
                demand.shared_passes += executed * request.passes.max(returned);
                continue;
            }
            demand.memory_passes += executed * request.passes;
            if access.mode == Mode::Update {
                demand.updates += executed * request.threads;
            }
        }
        demand
    }

    /// Returns how many reads of shared memory the compiler makes one of: neighbouring elements of 16 aligned bytes, in
    /// iterations that it lays out one after another.
    fn width(&self, access: &Access) -> f64 {
        let most = WIDEST_BYTES / access.bytes.max(1);
        let innermost = access.inside.and_then(|at| self.kernel.loops.get(at));
        let Some(innermost) = innermost.filter(|_| access.is_shared && access.mode == Mode::Read)
        else {
            return 1.0;
        };
        let is_aligned = access.gradient.iter().enumerate().all(|(depth, by)| {
            if depth == innermost.depth {
                *by == access.bytes
            } else {
                by % WIDEST_BYTES == 0
            }
        });
        let is_laid_out = innermost.is_sequential()
            && innermost.is_unrolled()
            && innermost.trips % most.max(1) as f64 == 0.0
            && access.guard <= innermost.depth;
        if is_aligned && is_laid_out && most > 1 {
            most as f64
        } else {
            1.0
        }
    }

    /// Returns for how many iterations of the innermost loop an address is computed once.
    ///
    /// Where iterations are laid out, the distances of neighbouring elements are constants in the instructions, and
    /// those of anything in shared or constant memory.
    fn laid_out(&self, access: &Access) -> f64 {
        let around = access.runs_in.and_then(|at| self.kernel.loops.get(at));
        around
            .filter(|each| each.is_sequential())
            .map_or(1.0, |each| {
                let by = access.gradient.get(each.depth).copied().unwrap_or(0);
                if access.is_shared || access.is_constant || by.abs() <= access.bytes {
                    each.unrolled
                } else {
                    1.0
                }
            })
    }

    /// Returns the passes that values which lack a register take: one to memory and one back, each time a thread runs
    /// what it runs most often.
    fn spill_passes(&self) -> f64 {
        let repeats = self.kernel.sections.iter().map(|each| each.repeats);
        let warps = self.kernel.blocks * (self.kernel.threads / self.hardware.warp).ceil();
        2.0 * self.occupancy.spilled * warps * repeats.fold(1.0, f64::max)
    }

    /// Returns the rounds in which the threads of a block join their values.
    fn rounds(&self) -> f64 {
        self.kernel.threads.max(1.0).log2().ceil()
    }

    /// Returns the passes over banks that joining takes: in each round half as many threads as before read and write.
    fn joining_passes(&self) -> f64 {
        let (threads, warp) = (self.kernel.threads, self.hardware.warp);
        let words = |bytes: &f64| (bytes / self.hardware.bank_bytes).max(1.0);
        let of_block = 3.0 * (threads / warp).ceil() + self.rounds();
        let values = self.kernel.joined_bytes.iter().map(words);
        self.kernel.blocks * values.map(|words| of_block * words).sum::<f64>()
    }

    /// Returns the cycles in which one thread waits for memory and for other threads.
    fn waiting_cycles(&self) -> f64 {
        let (kernel, hardware) = (self.kernel, self.hardware);
        let mut slowest = vec![0.0; kernel.sections.len()];
        let sections = 0..kernel.sections.len();
        let in_turn: Vec<bool> = sections
            .map(|each| kernel.reads_what_it_wrote(each))
            .collect();
        for (number, access) in kernel.accesses.iter().enumerate() {
            if access.mode == Mode::Write {
                continue;
            }
            let cycles = self.latency_cycles(access, self.traffic.missed(number));
            let cycles = kernel.waits(access, in_turn[access.section]) * cycles;
            let of_section = &mut slowest[access.section];
            // A subscript that is read comes before what it is a subscript of.
            *of_section = if access.is_data {
                *of_section + cycles
            } else {
                f64::max(*of_section, cycles)
            };
        }
        let memory: f64 = slowest.iter().sum();
        let round = hardware.shared_latency_cycles + hardware.barrier_cycles;
        let joining = kernel.joined_bytes.len() as f64 * self.rounds() * round;
        kernel.barrier_cycles + memory + joining
    }

    fn latency_cycles(&self, access: &Access, [first, second]: [f64; 2]) -> f64 {
        let hardware = self.hardware;
        if access.is_shared {
            return hardware.shared_latency_cycles;
        }
        if access.is_constant {
            // Its cache is as near as shared memory, and an operand is not waited for.
            let reads = if access.request.warps > 0.0 { 1.0 } else { 0.0 };
            return reads * hardware.shared_latency_cycles;
        }
        hardware.l1_latency_cycles
            + first * (hardware.l2_latency_cycles - hardware.l1_latency_cycles)
            + second * (hardware.dram_latency_cycles - hardware.l2_latency_cycles)
    }
}

/// The widest access of one thread.
const WIDEST_BYTES: i64 = 16;
