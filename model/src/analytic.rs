//! An analytic estimate for one GPU: a roofline over memory traffic, arithmetic and latency.
//!
//! Traffic is counted, not guessed: the subscripts of every access are evaluated for the lanes of a warp, and the
//! distinct sectors of memory they touch are what the warp asks for.
//! Unknown sizes take typical values (see [`TYPICAL_ITERATIONS`]).
//!
//! It does not know of registers, atomics or what barriers cost, and its constants are data-sheet figures, not
//! measurements: it ranks mappings, it does not predict times.
//!
//! **Source**: Williams, Waterman, Patterson, “Roofline” (CACM 52(4), 2009); for latency, Little's law as in Volkov,
//! “Understanding Latency Hiding on GPUs” (2016), chapter 4.

mod estimate;
mod evaluate;
mod hardware;
mod traffic;
mod walk;

pub use estimate::{Estimate, Resource};
pub use hardware::Hardware;

use mupac_ir::{Arena, Block, Function, Loop, Record, Stmt};
use mupac_passes::Draft;
use mupac_passes::facts::Inspected;

use crate::oracle::{Evaluation, Oracle, OracleError};
use walk::Region;

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
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        drafts
            .iter()
            .map(|draft| self.evaluate_one(draft))
            .collect()
    }
}

impl Analytic {
    fn evaluate_one(&self, draft: &Draft) -> Result<Evaluation, OracleError> {
        let seconds = self.estimate(draft).seconds();
        if seconds.is_finite() && seconds > 0.0 {
            Ok(Evaluation {
                log2_seconds: seconds.log2(),
            })
        } else {
            Err(OracleError::NotFinite {
                region: draft.region().name.clone(),
            })
        }
    }

    /// Returns the estimated time of one execution of a draft, copies excluded.
    pub fn estimate(&self, draft: &Draft) -> Estimate {
        // The depth is that of the region as written, so that splitting a loop does not change what is typical.
        let depth = draft
            .facts()
            .events
            .values()
            .map(|facts| facts.iterators.len())
            .max();
        let typical = typical_size(depth.unwrap_or(1));
        let records = &draft.workload().module.records;
        let mut estimate =
            self.of_statements(records, draft.function(), draft.statements(), typical);
        estimate.spend(
            Resource::Inspection,
            self.inspection_seconds(draft, typical),
        );
        estimate
    }

    /// Returns the estimated time of the statements: a launch for every loop, as often as the loops of the host
    /// around mapped ones say; what else the host does takes no time.
    ///
    /// **Units**: `typical` is the value of every integer that is not known.
    pub fn of_statements(
        &self,
        records: &Arena<Record>,
        function: &Function,
        statements: &[Stmt],
        typical: i64,
    ) -> Estimate {
        let of = Region {
            records,
            function,
            typical,
            hardware: &self.hardware,
        };
        self.launches(&of, statements, &mut Vec::new())
    }

    /// Returns the estimated time in which the host finds out what subscripts depend on.
    fn inspection_seconds(&self, draft: &Draft, typical: i64) -> f64 {
        let original = draft.original();
        let of = Region {
            records: &draft.workload().module.records,
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
        draft.facts().inspections.iter().map(one).sum()
    }

    fn launches<'a>(
        &self,
        of: &Region<'a>,
        statements: &'a [Stmt],
        host: &mut Vec<&'a Loop>,
    ) -> Estimate {
        let mut estimate = Estimate::default();
        for statement in statements {
            match statement {
                Stmt::For(each) if !each.mapping.is_parallel() && has_mapped(statement) => {
                    let trips = walk::trips(of, host, each);
                    host.push(each);
                    let inside = self.launches(of, &each.body, host);
                    host.pop();
                    estimate.add(&inside, trips);
                }
                Stmt::For(_) | Stmt::If(_) | Stmt::While(_) | Stmt::Let(..) => {
                    let work = walk::work(of, host, statement);
                    estimate.add(&Estimate::of_launch(&work, &self.hardware), 1.0);
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
        estimate
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
