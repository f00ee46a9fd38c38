//! An analytic estimate for one GPU: a roofline over memory traffic, arithmetic and latency.
//!
//! Traffic is counted, not guessed: the subscripts of every access are evaluated for the lanes of a warp, and the
//! distinct sectors of memory they touch are what the warp asks for.
//! Unknown sizes take typical values (see [`TYPICAL_ITERATIONS`]).
//!
//! It does not know of shared memory, registers, atomics or bank conflicts, and its constants are data-sheet figures,
//! not measurements: it ranks mappings, it does not predict times.
//!
//! **Source**: Williams, Waterman, Patterson, “Roofline” (CACM 52(4), 2009); for latency, Little's law as in Volkov,
//! “Understanding Latency Hiding on GPUs” (2016), chapter 4.

mod evaluate;
mod hardware;
mod traffic;
mod walk;

pub use hardware::Hardware;

use mupac_ir::{Arena, Block, Function, Loop, Record, Stmt};
use mupac_passes::State;
use mupac_passes::facts::Inspected;

use crate::oracle::{Evaluation, Oracle, OracleError};
use walk::{Region, Work};

/// Iterations of a typical region, all of its loops together.
///
/// A size that is not known when compiling is the root of this number of the order of the nest's depth: about a
/// million for a single loop, 1024 for two nested ones, 101 for three.
/// The same value stands in for every other integer that is not known.
pub const TYPICAL_ITERATIONS: f64 = 1_048_576.0;

/// The estimate as an oracle.
#[derive(Clone, Debug, Default)]
pub struct Analytic {
    hardware: Hardware,
}

impl Oracle for Analytic {
    fn evaluate(&mut self, states: &[&State]) -> Result<Vec<Evaluation>, OracleError> {
        states
            .iter()
            .map(|state| self.evaluate_one(state))
            .collect()
    }
}

impl Analytic {
    fn evaluate_one(&self, state: &State) -> Result<Evaluation, OracleError> {
        // The depth is that of the region as written, so that splitting a loop does not change what is typical.
        let depth = state
            .facts()
            .statements
            .values()
            .map(|facts| facts.iterators.len())
            .max();
        let typical = typical_size(depth.unwrap_or(1));
        let records = &state.workload().module.records;
        let seconds = self.seconds(records, state.function(), state.statements(), typical)
            + self.inspection_seconds(state, typical);
        if seconds.is_finite() && seconds > 0.0 {
            Ok(Evaluation {
                log2_seconds: seconds.log2(),
            })
        } else {
            Err(OracleError::NotFinite {
                region: state.region().name.clone(),
            })
        }
    }

    /// Returns the estimated time of the statements: a launch for every loop, as often as the loops of the host
    /// around mapped ones say; what else the host does takes no time.
    ///
    /// **Units**: seconds; `typical` is the value of every integer that is not known.
    pub fn seconds(
        &self,
        records: &Arena<Record>,
        function: &Function,
        statements: &[Stmt],
        typical: i64,
    ) -> f64 {
        let of = Region {
            records,
            function,
            typical,
            hardware: &self.hardware,
        };
        self.launches(&of, statements, &mut Vec::new())
    }

    /// Returns the estimated time in which the host finds out what subscripts depend on.
    fn inspection_seconds(&self, state: &State, typical: i64) -> f64 {
        let original = state.original();
        let of = Region {
            records: &state.workload().module.records,
            function: original.function,
            typical,
            hardware: &self.hardware,
        };
        let one = |each: &Inspected| {
            let seconds = if each.must_differ {
                self.hardware.host_difference_seconds
            } else {
                self.hardware.host_subscript_seconds
            };
            seconds * repeats(&of, original.statements, each, &mut Vec::new())
        };
        state.facts().inspections.iter().map(one).sum()
    }

    fn launches<'a>(
        &self,
        of: &Region<'a>,
        statements: &'a [Stmt],
        host: &mut Vec<&'a Loop>,
    ) -> f64 {
        let mut seconds = 0.0;
        for statement in statements {
            match statement {
                Stmt::For(each) if !each.mapping.is_parallel() && has_mapped(statement) => {
                    let trips = walk::trips(of, host, each);
                    host.push(each);
                    seconds += trips * self.launches(of, &each.body, host);
                    host.pop();
                }
                Stmt::For(_) | Stmt::If(_) | Stmt::While(_) | Stmt::Let(..) => {
                    seconds += self.launch_seconds(&walk::work(of, host, statement));
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
        seconds
    }

    fn launch_seconds(&self, work: &Work) -> f64 {
        let hardware = &self.hardware;
        let warps_per_block = (work.threads_per_block / hardware.warp).ceil().max(1.0);
        let blocks_at_once = (hardware.resident_warps / warps_per_block)
            .floor()
            .clamp(1.0, hardware.resident_blocks)
            * hardware.multiprocessors;
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
        let parts = [
            work.dram_bytes / (hardware.dram_bytes_per_second * hidden),
            work.l2_bytes / (hardware.l2_bytes_per_second * hidden),
            work.f32_operations / (hardware.f32_per_second * busy),
            work.f64_operations / (hardware.f64_per_second * busy),
            work.integer_operations / (hardware.integer_per_second * busy),
            work.requests_per_thread * waves.ceil() * hardware.memory_latency_seconds
                / hardware.requests_in_flight,
        ];
        hardware.launch_seconds + tail * smooth_maximum(&parts)
    }
}

/// Returns how many iterations an inspection runs over.
fn repeats<'a>(
    of: &Region<'a>,
    statements: &'a [Stmt],
    inspection: &Inspected,
    around: &mut Vec<&'a Loop>,
) -> f64 {
    let mut sum = 0.0;
    for statement in statements {
        match statement {
            Stmt::For(each) => {
                let trips = walk::trips(of, around, each);
                around.push(each);
                let inside = repeats(of, &each.body, inspection, around);
                around.pop();
                sum += if inspection.loops.contains(&each.name) {
                    trips * inside.max(1.0)
                } else {
                    inside
                };
            }
            Stmt::If(branch) => {
                for block in [&branch.then, &branch.otherwise] {
                    sum += repeats(of, block, inspection, around);
                }
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
    sum
}

/// Returns whether blocks or threads run some loop of a statement.
fn has_mapped(statement: &Stmt) -> bool {
    let inside = |block: &Block| block.iter().any(has_mapped);
    match statement {
        Stmt::For(each) => each.mapping.is_parallel() || inside(&each.body),
        Stmt::If(branch) => inside(&branch.then) || inside(&branch.otherwise),
        Stmt::While(each) => inside(&each.body),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}

/// Returns the typical size of one of `depth` nested loops.
pub fn typical_size(depth: usize) -> i64 {
    TYPICAL_ITERATIONS.powf(1.0 / depth.max(1) as f64).round() as i64
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
