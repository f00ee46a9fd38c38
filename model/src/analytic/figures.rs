//! What is known of a launch, for tables and fits.

use super::hardware::Hardware;
use super::kernel::{Kernel, Mode, Relief};
use super::launch::Launch;
use super::registers::{Occupancy, REGISTER_FEATURES, features};

/// What is known of a launch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// How often it comes in one run of the region.
    pub times: f64,
    /// What its registers depend on.
    ///
    /// **Shape**: as [`REGISTER_FEATURES`].
    pub register_features: [f64; REGISTER_FEATURES.len()],
    /// How it fits a multiprocessor.
    pub occupancy: Occupancy,
    /// Threads that run at once on the whole device.
    pub threads_in_flight: f64,
    /// Requests of warps for device memory, and how many of them ask for no more sectors than their elements fill.
    pub requests: f64,
    /// See `requests`.
    pub coalesced: f64,
    /// Distinct bytes of device memory.
    pub touched_bytes: f64,
    /// Reads that shared memory answers, and copies into it.
    pub shared_reads: f64,
    /// See `shared_reads`.
    pub shared_writes: f64,
}

impl Figures {
    pub(super) fn of(kernel: &Kernel, times: f64, hardware: &Hardware) -> Self {
        let Launch {
            occupancy, traffic, ..
        } = Launch::new(kernel, hardware);
        let at_once = kernel
            .blocks
            .min(occupancy.blocks * hardware.multiprocessors);
        let mut figures = Self {
            times,
            register_features: features(kernel),
            occupancy,
            threads_in_flight: at_once * kernel.threads,
            requests: 0.0,
            coalesced: 0.0,
            touched_bytes: traffic.bytes(Relief::None).touched,
            shared_reads: 0.0,
            shared_writes: 0.0,
        };
        for access in &kernel.accesses {
            let request = access.request;
            let executed = kernel.blocks * access.executions;
            if access.is_shared {
                let words = match access.mode {
                    Mode::Read => &mut figures.shared_reads,
                    Mode::Write | Mode::Update => &mut figures.shared_writes,
                };
                *words += executed * request.threads;
                continue;
            }
            if access.is_constant {
                continue;
            }
            let filled = (hardware.warp * access.bytes as f64 / hardware.sector_bytes).ceil();
            figures.requests += executed * request.warps;
            // A warp at an odd address touches one sector more.
            if request.sectors <= (filled + 1.0) * request.warps {
                figures.coalesced += executed * request.warps;
            }
        }
        figures
    }
}
