//! The time of launches by what it is spent on.

use super::hardware::Hardware;
use super::walk::Work;

/// What time is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Calls of the host until the first thread runs.
    Launch,
    /// Bandwidth of device memory.
    DeviceMemory,
    /// Bandwidth of the second-level cache.
    Cache,
    /// Bandwidth of shared memory.
    Shared,
    /// Arithmetic on `float`.
    Single,
    /// Arithmetic on `double`.
    Double,
    /// Arithmetic on integers.
    Integer,
    /// Waiting for memory in each thread.
    Latency,
    /// The host's pass over subscripts before a launch.
    Inspection,
}

impl Resource {
    /// All of them; the position is the discriminant.
    pub const ALL: [Self; 9] = [
        Self::Launch,
        Self::DeviceMemory,
        Self::Cache,
        Self::Shared,
        Self::Single,
        Self::Double,
        Self::Integer,
        Self::Latency,
        Self::Inspection,
    ];

    /// Returns its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launches",
            Self::DeviceMemory => "device memory",
            Self::Cache => "second-level cache",
            Self::Shared => "shared memory",
            Self::Single => "float arithmetic",
            Self::Double => "double arithmetic",
            Self::Integer => "integer arithmetic",
            Self::Latency => "memory latency",
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

    /// Returns the time of one launch; all but the launch itself counts for the resource that takes longest.
    pub(super) fn of_launch(work: &Work, hardware: &Hardware) -> Self {
        let warps_per_block = (work.threads_per_block / hardware.warp).ceil().max(1.0);
        let by_warps = (hardware.resident_warps / warps_per_block).floor();
        let by_shared = if work.shared_bytes_per_block > 0.0 {
            (hardware.shared_bytes / work.shared_bytes_per_block).floor()
        } else {
            hardware.resident_blocks
        };
        let blocks_at_once =
            by_warps.min(by_shared).clamp(1.0, hardware.resident_blocks) * hardware.multiprocessors;
        let waves = (work.blocks / blocks_at_once).max(f64::MIN_POSITIVE);
        // The last wave takes as long as a full one, however few blocks it has.
        let tail = if waves > 1.0 {
            waves.ceil() / waves
        } else {
            1.0
        };
        let threads_at_once = work.blocks.min(blocks_at_once) * work.active_threads_per_block;
        let hidden =
            (threads_at_once / hardware.threads_to_hide_latency()).clamp(f64::MIN_POSITIVE, 1.0);
        let busy = (work.blocks / hardware.multiprocessors).min(1.0);
        let parts = Self {
            shares: [
                0.0,
                work.dram_bytes / (hardware.dram_bytes_per_second * hidden),
                work.l2_bytes / (hardware.l2_bytes_per_second * hidden),
                work.shared_bytes / (hardware.shared_bytes_per_second * busy),
                work.f32_operations / (hardware.f32_per_second * busy),
                work.f64_operations / (hardware.f64_per_second * busy),
                work.integer_operations / (hardware.integer_per_second * busy),
                work.requests_per_thread * waves.ceil() * hardware.memory_latency_seconds
                    / hardware.requests_in_flight,
                0.0,
            ],
        };
        let mut estimate = Self::default();
        estimate.spend(Resource::Launch, hardware.launch_seconds);
        estimate.spend(parts.bottleneck(), tail * smooth_maximum(&parts.shares));
        estimate
    }
}

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
