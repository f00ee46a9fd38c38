//! The time of launches by what it is spent on.

use std::rc::Rc;

use super::footprint::{Footprints, Traffic};
use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode};
use super::registers::Occupancy;

/// What time is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Calls of the host until the first thread runs.
    Launch,
    /// Bandwidth of device memory.
    DeviceMemory,
    /// Bandwidth of the second-level cache.
    Cache,
    /// Lines of the first-level cache that requests look up.
    Requests,
    /// Bandwidth of shared memory.
    Shared,
    /// Arithmetic on `float`.
    Single,
    /// Arithmetic on `double`.
    Double,
    /// Arithmetic on integers.
    Integer,
    /// Reciprocals, roots and conversions.
    Special,
    /// Instructions of any kind.
    Issue,
    /// Waiting for memory, for results and at barriers, in each thread.
    Latency,
    /// Atomic operations.
    Atomics,
    /// Joining partial results.
    Joining,
    /// The host's pass over subscripts before a launch.
    Inspection,
}

impl Resource {
    /// All of them; the position is the discriminant.
    pub const ALL: [Self; 14] = [
        Self::Launch,
        Self::DeviceMemory,
        Self::Cache,
        Self::Requests,
        Self::Shared,
        Self::Single,
        Self::Double,
        Self::Integer,
        Self::Special,
        Self::Issue,
        Self::Latency,
        Self::Atomics,
        Self::Joining,
        Self::Inspection,
    ];

    /// Returns its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launches",
            Self::DeviceMemory => "device memory",
            Self::Cache => "second-level cache",
            Self::Requests => "requests to the first-level cache",
            Self::Shared => "shared memory",
            Self::Single => "float arithmetic",
            Self::Double => "double arithmetic",
            Self::Integer => "integer arithmetic",
            Self::Special => "special functions",
            Self::Issue => "instruction issue",
            Self::Latency => "latency",
            Self::Atomics => "atomic operations",
            Self::Joining => "joining of partial results",
            Self::Inspection => "inspection by the host",
        }
    }
}

/// An estimated time, divided by what most of it is spent on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// In seconds, by [`Resource`].
    shares: [f64; Resource::ALL.len()],
}

impl Estimate {
    /// Returns the whole time.
    ///
    /// **Units**: seconds.
    pub fn seconds(&self) -> f64 {
        self.shares.iter().sum()
    }

    /// Returns what the largest part of the time is spent on, the first of equals.
    pub fn bottleneck(&self) -> Resource {
        let share = |resource: &Resource| self.shares[*resource as usize];
        let larger = |best: Resource, next: Resource| {
            if share(&next) > share(&best) {
                next
            } else {
                best
            }
        };
        Resource::ALL.into_iter().fold(Resource::Launch, larger)
    }

    /// Returns the part of the time that is spent on a resource.
    ///
    /// **Units**: seconds.
    pub fn seconds_of(&self, resource: Resource) -> f64 {
        self.shares[resource as usize]
    }

    /// Adds seconds spent on a resource.
    pub(super) fn spend(&mut self, resource: Resource, seconds: f64) {
        self.shares[resource as usize] += seconds;
    }

    /// Adds another time, which comes `times` times.
    pub(super) fn add(&mut self, other: &Self, times: f64) {
        for (share, more) in self.shares.iter_mut().zip(other.shares) {
            *share += times * more;
        }
    }

    /// Returns the time of one launch.
    pub(super) fn of_launch(kernel: &Kernel, hardware: &Hardware) -> Self {
        Launch::new(kernel, hardware).estimate()
    }
}

/// A launch on a device.
pub(super) struct Launch<'a> {
    kernel: &'a Kernel,
    hardware: &'a Hardware,
    pub(super) occupancy: Occupancy,
    footprints: Rc<Footprints>,
    pub(super) traffic: Traffic,
}

impl<'a> Launch<'a> {
    pub(super) fn new(kernel: &'a Kernel, hardware: &'a Hardware) -> Self {
        let occupancy = hardware.occupancy(kernel);
        let footprints = Footprints::of(kernel, occupancy.blocks, hardware);
        Self {
            kernel,
            hardware,
            occupancy,
            traffic: footprints.traffic(kernel),
            footprints: Rc::new(footprints),
        }
    }

    /// Returns the launch of a kernel that differs from this one in what its warps ask for alone.
    pub(super) fn relieved<'b>(&self, kernel: &'b Kernel) -> Launch<'b>
    where
        'a: 'b,
    {
        Launch {
            kernel,
            hardware: self.hardware,
            occupancy: self.occupancy,
            traffic: self.footprints.traffic(kernel),
            footprints: Rc::clone(&self.footprints),
        }
    }

    /// Returns its time; all but the launch itself, and what comes after it, counts for the resource that takes longest.
    pub(super) fn estimate(&self) -> Estimate {
        let (kernel, hardware) = (self.kernel, self.hardware);
        let parts = self.parts();
        let mut estimate = Estimate::default();
        estimate.spend(Resource::Launch, hardware.launch_seconds);
        estimate.spend(parts.bottleneck(), smooth_maximum(&parts.shares));
        let partial_results = kernel.blocks * kernel.joined_bytes.len() as f64;
        estimate.spend(
            Resource::Joining,
            partial_results * hardware.host_join_seconds,
        );
        for slices in &kernel.slices {
            slices.charge(&mut estimate, hardware);
        }
        estimate
    }

    /// Returns how often the device is filled with blocks; the last time takes as long as the others, however few blocks
    /// are left.
    fn waves(&self) -> f64 {
        let at_once = self.occupancy.blocks * self.hardware.multiprocessors;
        (self.kernel.blocks / at_once).ceil().max(1.0)
    }

    /// Returns what each resource takes by itself.
    fn parts(&self) -> Estimate {
        let (kernel, hardware) = (self.kernel, self.hardware);
        // The multiprocessor with most blocks is done last: as if all were busy, and fewer of them.
        let most = (kernel.blocks / hardware.multiprocessors).ceil().max(1.0);
        let busy = kernel.blocks / most;
        let clock = hardware.clock_hertz * busy;
        let on_lanes = |instructions: f64, lanes: f64| instructions * hardware.warp / lanes / clock;
        let all = self.instructions();
        let l2 = hardware
            .l2_bytes_per_second
            .min(hardware.l2_bytes_per_clock_and_multiprocessor * clock);
        let passes = |is_shared: bool| {
            let accesses = kernel.accesses.iter();
            let of_kind = accesses.filter(|each| each.is_shared == is_shared);
            of_kind
                .map(|each| self.executed(each) * each.request.passes)
                .sum::<f64>()
        };
        let atomic: f64 = kernel
            .accesses
            .iter()
            .filter(|each| each.mode == Mode::Update && !each.is_shared)
            .map(|each| self.executed(each) * each.request.threads)
            .sum();
        // What a move makes of latency, by more blocks at once, is not known beforehand.
        let chain_cycles = if kernel.is_bound {
            0.0
        } else {
            self.chain_cycles()
        };
        let mut parts = Estimate::default();
        parts.spend(
            Resource::DeviceMemory,
            self.traffic.dram_bytes / hardware.dram_bytes_per_second,
        );
        parts.spend(Resource::Cache, self.traffic.l2_bytes / l2);
        // Both go through one unit, whose time counts for what takes more of it.
        let requests = (passes(false) + self.spill_passes()) / hardware.requests_per_clock;
        let shared = (passes(true) + self.joining_passes()) / hardware.shared_passes_per_clock;
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
                instructions.integer + self.addresses(),
                hardware.integer_lanes,
            ),
        );
        parts.spend(
            Resource::Special,
            on_lanes(instructions.special, hardware.special_lanes),
        );
        parts.spend(Resource::Issue, all / hardware.issues_per_clock / clock);
        parts.spend(
            Resource::Latency,
            self.waves() * chain_cycles / hardware.clock_hertz,
        );
        parts.spend(
            Resource::Atomics,
            atomic / hardware.atomics_per_clock / hardware.clock_hertz,
        );
        parts
    }

    /// Returns how often an access runs, all blocks together.
    fn executed(&self, access: &Access) -> f64 {
        self.kernel.blocks * self.kernel.executions(access) / self.width(access)
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

    /// Returns the instructions of all warps.
    fn instructions(&self) -> f64 {
        let requests: f64 = self
            .kernel
            .accesses
            .iter()
            .map(|each| self.executed(each) * each.request.warps)
            .sum();
        self.kernel.instructions.all + requests + self.addresses()
    }

    /// Returns the instructions that compute addresses.
    ///
    /// Where iterations are laid out, the distances of neighbouring elements are constants in the instructions, and
    /// those of anything in shared or constant memory.
    fn addresses(&self) -> f64 {
        let of_access = |access: &Access| {
            let around = access.runs_in.and_then(|at| self.kernel.loops.get(at));
            let laid_out = around
                .filter(|each| each.is_sequential())
                .map_or(1.0, |each| {
                    let by = access.gradient.get(each.depth).copied().unwrap_or(0);
                    if access.is_shared || access.is_constant || by.abs() <= access.bytes {
                        each.unrolled
                    } else {
                        1.0
                    }
                });
            self.executed(access) * access.request.warps / laid_out
        };
        self.kernel.accesses.iter().map(of_access).sum()
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

    /// Returns the cycles that one thread takes when nothing but latency keeps it.
    fn chain_cycles(&self) -> f64 {
        let (kernel, hardware) = (self.kernel, self.hardware);
        let mut slowest = vec![0.0; kernel.sections.len()];
        for (access, missed) in kernel.accesses.iter().zip(&self.traffic.missed) {
            if access.mode == Mode::Write {
                continue;
            }
            let cycles = self.latency_cycles(access, *missed);
            let of_section = &mut slowest[access.section];
            // A subscript that is read comes before what it is a subscript of.
            *of_section = if access.is_data {
                *of_section + cycles
            } else {
                f64::max(*of_section, cycles)
            };
        }
        let sections = kernel.sections.iter().zip(slowest);
        let memory: f64 = sections
            .map(|(section, cycles)| section.repeats / section.overlap.max(1.0) * cycles)
            .sum();
        let round = hardware.shared_latency_cycles + hardware.barrier_cycles;
        let joining = kernel.joined_bytes.len() as f64 * self.rounds() * round;
        kernel.chain_cycles + memory + joining
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
        let around = self.kernel.executions(access);
        let inside = access.inside.map_or(1.0, |at| {
            let loops = self.kernel.outwards(Some(at)).map(|(_, each)| each);
            let loops = loops.filter(|each| each.is_sequential());
            loops.map(|each| each.trips).product()
        });
        // What was taken out of loops is waited for less often.
        let share = around / inside;
        share
            * (hardware.l1_latency_cycles
                + first * (hardware.l2_latency_cycles - hardware.l1_latency_cycles)
                + second * (hardware.dram_latency_cycles - hardware.l2_latency_cycles))
    }
}

/// The widest access of one thread.
const WIDEST_BYTES: i64 = 16;

/// Returns a value just above the largest part, which still grows with every other part: resources overlap, yet not
/// perfectly.
fn smooth_maximum(parts: &[f64]) -> f64 {
    const SHARPNESS: f64 = 4.0;
    let largest = parts.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 {
        return 0.0;
    }
    // Scaling by the largest keeps the powers in range.
    let sum: f64 = parts
        .iter()
        .map(|part| (part / largest).powf(SHARPNESS))
        .sum();
    largest * sum.powf(1.0 / SHARPNESS)
}
