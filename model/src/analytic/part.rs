//! What it takes beside the updates that blocks make them on parts of an array of their own.

use mupac_ir::{Extent, Handle, Type, Var};

use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode, Request, Section};
use super::points::DEPTH;
use super::walk::UNROLLED;

/// A part of an array in shared memory.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) array: Handle<Var>,
    /// How many elements it has.
    length: f64,
    /// Bytes of one.
    bytes: f64,
}

impl Part {
    /// Returns the part of a type.
    pub(super) fn new(array: Handle<Var>, ty: &Type) -> Self {
        let bytes = ty.element().map_or(0.0, array_bytes);
        Self {
            array,
            length: array_bytes(ty) / bytes.max(1.0),
            bytes,
        }
    }

    /// Adds what fills the part and what joins it to the array, each behind a barrier.
    pub(super) fn charge(&self, kernel: &mut Kernel, hardware: &Hardware) {
        let touched = self.touched(kernel);
        let rounds = (self.length / kernel.threads.max(1.0)).ceil().max(1.0);
        let warps = (kernel.threads / hardware.warp).ceil();
        kernel.barrier_cycles += 2.0 * hardware.barrier_cycles;
        // A barrier, and for each element a comparison, an addition and a jump, before and after.
        kernel.instructions.all += 2.0 * kernel.blocks * warps * (1.0 + 3.0 * rounds);
        let section = kernel.sections.len();
        kernel.sections.push(Section {
            repeats: rounds,
            overlap: rounds.min(UNROLLED),
        });
        let in_shared = Request {
            sectors: 0.0,
            passes: (self.length * self.bytes / hardware.bank_bytes / hardware.banks).ceil(),
            warps: (self.length / hardware.warp).ceil(),
            paired: 0.0,
            threads: self.length,
        };
        let units = |unit_bytes: f64| (self.length * self.bytes / unit_bytes).ceil().min(touched);
        let in_memory = Request {
            sectors: units(hardware.sector_bytes),
            passes: units(hardware.line_bytes),
            threads: touched,
            ..in_shared
        };
        kernel.accesses.extend([
            self.access(Mode::Write, true, section, in_shared),
            self.access(Mode::Read, true, section, in_shared),
            self.access(Mode::Update, false, section, in_memory),
        ]);
    }

    /// Returns how many elements a block changes: of subscripts at random, one update misses an element with the
    /// probability `1 - 1 / length`.
    fn touched(&self, kernel: &Kernel) -> f64 {
        let of_part = |access: &&Access| access.var == self.array && access.mode == Mode::Update;
        let updates = kernel.accesses.iter().filter(of_part);
        let updates: f64 = updates
            .map(|access| access.executions * access.request.threads)
            .sum();
        let missed = (1.0 - 1.0 / self.length.max(1.0)).powf(updates);
        self.length * (1.0 - missed)
    }

    fn access(&self, mode: Mode, is_shared: bool, section: usize, request: Request) -> Access {
        Access {
            var: self.array,
            mode,
            is_shared,
            is_constant: false,
            is_data: true,
            bytes: self.bytes as i64,
            base: 0,
            gradient: [0; DEPTH],
            inside: None,
            runs_in: None,
            executions: 1.0,
            share: 1.0,
            chance: 1.0,
            guard: 0,
            section,
            request,
        }
    }
}

/// Returns the size of numbers, and of arrays of them of fixed lengths.
pub(super) fn array_bytes(ty: &Type) -> f64 {
    match ty {
        Type::Scalar(scalar) => scalar.size_bytes() as f64,
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => array_bytes(of) * *length as f64,
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => 0.0,
    }
}
