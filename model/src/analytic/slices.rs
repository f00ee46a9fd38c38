//! What it takes beside a launch that blocks add to slices of an array: the kernels that clear them and add them up.

use mupac_ir::{Handle, Var};

use super::estimate::{Estimate, Resource};
use super::hardware::Hardware;
use super::kernel::{Kernel, Mode};
use super::walk::UNROLLED;

/// The slices of an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slices {
    /// How many there are.
    count: f64,
    /// How many numbers one has.
    length: f64,
    /// Bytes of a number.
    bytes: f64,
}

impl Slices {
    /// Returns the slices of an array, of which each iteration of the outermost loop of a launch has one; `None` where the
    /// launch does not write the array.
    pub(super) fn new(kernel: &Kernel, array: Handle<Var>) -> Option<Self> {
        let writes = kernel.accesses.iter();
        let mut writes = writes.filter(|each| each.var == array && each.mode != Mode::Read);
        let write = writes.next()?;
        let around = kernel.outwards(write.inside).map(|(_, each)| each);
        let moving = around.filter(|each| write.gradient.get(each.depth) != Some(&0));
        Some(Self {
            count: kernel.loops.first()?.trips,
            length: moving.map(|each| each.trips).product(),
            bytes: write.bytes as f64,
        })
    }

    /// Adds the launches before and after, and the time that they take.
    ///
    /// All numbers are written once by the first and once by the launch itself, and read by the last, in which a thread waits
    /// for its numbers, several at a time.
    pub(super) fn charge(&self, estimate: &mut Estimate, hardware: &Hardware) {
        let all = self.count * self.length * self.bytes;
        let (bandwidth, latency) = if all > hardware.l2_bytes {
            let latency = hardware.dram_latency_cycles;
            (hardware.dram_bytes_per_second, latency)
        } else {
            (hardware.l2_bytes_per_second, hardware.l2_latency_cycles)
        };
        let waiting = (self.count / UNROLLED).ceil() * latency / hardware.clock_hertz;
        estimate.spend(Resource::Launch, 2.0 * hardware.launch_seconds);
        let written = 2.0 * all / bandwidth;
        estimate.spend(Resource::Joining, written + waiting.max(all / bandwidth));
    }
}
