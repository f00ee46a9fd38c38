//! An analytic estimate for one GPU: what a launch asks of each part of the device, and how long the slowest takes.
//!
//! Requests are counted, not guessed: the subscripts of every access are evaluated for the lanes of three warps, and the
//! distinct sectors, lines and banks they touch are what the warps ask for (`access`).
//! What caches hold follows from the distinct sectors that loops touch (`footprint`); how many blocks run at once, from
//! registers, shared memory and threads by the vendor's rules (`registers`).
//! The time of a launch is that of the call and `(sum of t^p)^(1/p)` over the times `t` of the parts (`estimate`). Each
//! has the tail that it really has: the multiprocessor with one block more is done last, the last wave of blocks waits
//! as long as a full one, and memory has none.
//! Unknown sizes take typical values (see [`TYPICAL_ITERATIONS`] and [`TYPICAL_EXTENT`]).
//!
//! Its constants are from data sheets, manuals and the literature, but for launches, copies and memory, which were measured:
//! it ranks mappings. Of few threads, and where a kernel writes the array that it reads, it expects too much.
//!
//! **Source**: Williams, Waterman, Patterson, “Roofline” (CACM 52(4), 2009); for latency, Little's law as in Volkov,
//! “Understanding Latency Hiding on GPUs” (2016), chapter 4; Hong, Kim, “An Analytical Model for a GPU Architecture”,
//! ISCA 2009.

mod access;
mod estimate;
mod figures;
mod footprint;
mod hardware;
mod host;
mod increments;
mod inspections;
mod kernel;
mod launch;
mod limits;
mod memo;
mod nests;
mod operations;
mod part;
mod points;
mod registers;
mod sites;
mod slices;
pub mod strides;
mod typical;
mod values;
mod walk;
mod worth;

pub use estimate::{Estimate, Resource};
pub use figures::Figures;
pub use hardware::{Hardware, capability};
pub use nests::OfNest;
pub use registers::{Occupancy, REGISTER_FEATURES};
pub use typical::{TYPICAL_EXTENT, TYPICAL_ITERATIONS};
pub use worth::{ArrayCopy, Copies, Run};

use std::collections::BTreeMap;

use mupac_ir::structure::each;
use mupac_ir::{Arena, Function, Handle, Record, Space, Stmt, Var};
use mupac_passes::facts::Reduction;
use mupac_passes::{Draft, FloatOrder, Settings};

use crate::oracle::{Evaluation, Oracle, OracleError};
use host::host_seconds;
use inspections::inspection_seconds;
use kernel::Kernel;
use launch::Launch;
use memo::{Known, Memo};
use sites::sites;
use typical::Typical;
use walk::Region;

/// Longer than anything takes, yet a number.
const NEVER: Evaluation = Evaluation {
    log2_seconds: 1024.0,
    bound_log2_seconds: 1024.0,
};

/// The estimate as an oracle.
#[derive(Clone, Debug)]
pub struct Analytic {
    hardware: &'static Hardware,
    settings: Settings,
    memo: Memo,
}

impl Default for Analytic {
    fn default() -> Self {
        Self::new(Hardware::standard())
    }
}

impl Oracle for Analytic {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        let mut evaluations = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let evaluation = if self.may_be(draft) {
                let [estimate, bound] = self.known(draft, |known| [known.estimate, known.bound]);
                Evaluation {
                    log2_seconds: log2_seconds(&estimate),
                    bound_log2_seconds: log2_seconds(&bound),
                }
            } else {
                NEVER
            };
            evaluations.push(evaluation);
        }
        Ok(evaluations)
    }

    fn bound(&mut self, draft: &Draft, array: Handle<Var>) -> Result<f64, OracleError> {
        let hardware = self.hardware;
        let [bound] = self.known(draft, |known| {
            [Launch::new(&known.kernel, hardware).bound(Some(array))]
        });
        Ok(log2_seconds(&bound))
    }
}

impl Analytic {
    /// Returns the estimate for a GPU.
    pub fn new(hardware: &'static Hardware) -> Self {
        Self {
            hardware,
            settings: Settings::default(),
            memo: Memo::default(),
        }
    }

    /// Returns the estimate for what a user wants; what the order of floating-point numbers or the kind of memory rules out is
    /// never done.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    fn may_be(&self, draft: &Draft) -> bool {
        let keeps_order = self.settings.float_order == FloatOrder::Source;
        !(keeps_order && draft.splits_float_sums()) && draft.can_be_passed(&self.settings)
    }

    /// Returns the GPU that estimates are made for.
    pub fn hardware(&self) -> &'static Hardware {
        self.hardware
    }

    /// Returns the estimated time of one execution of a draft, copies excluded.
    pub fn estimate(&self, draft: &Draft) -> Estimate {
        self.estimate_at(draft, Typical::of(draft))
    }

    /// The same where every integer that is not known is `typical`.
    fn estimate_at(&self, draft: &Draft, typical: Typical) -> Estimate {
        let mut estimate = Estimate::default();
        self.each_kernel(draft, typical, &mut |kernel, times| {
            estimate.add(&Launch::new(kernel, self.hardware).estimate(), times);
        });
        let inspection = inspection_seconds(draft, typical, self.hardware);
        estimate.spend(Resource::Inspection, inspection);
        estimate.spend(Resource::Launch, reserving_seconds(draft, self.hardware));
        estimate
    }

    /// Calls `see` for every launch of a draft in the form in which threads run it, with how often it comes.
    fn each_kernel(&self, draft: &Draft, typical: Typical, see: &mut dyn FnMut(&Kernel, f64)) {
        let joined = joined(draft);
        let of = Region::of(draft, typical, &joined, self.hardware);
        for site in sites(&of, draft.statements()) {
            see(&site.kernel(&of, draft), site.times);
        }
    }

    /// Returns the sums of what `select` finds in all launches of a draft, each with the time of the inspections; launches
    /// that were seen before are not walked again.
    fn known<const N: usize>(
        &mut self,
        draft: &Draft,
        select: impl Fn(&Known) -> [Estimate; N],
    ) -> [Estimate; N] {
        let Self { hardware, memo, .. } = self;
        let constants = memo.enter(draft, hardware);
        let joined = joined(draft);
        let of = Region::of(draft, constants.typical, &joined, hardware);
        let mut sums = [Estimate::default(); N];
        for site in sites(&of, draft.statements()) {
            let known = memo.launch(
                |memory| site.key(&of, draft, memory),
                || Known::of(site.kernel(&of, draft), hardware),
            );
            for (sum, each) in sums.iter_mut().zip(select(known)) {
                sum.add(&each, site.times);
            }
        }
        for sum in &mut sums {
            sum.spend(Resource::Inspection, constants.inspection_seconds);
            if !constants.is_repeated {
                sum.spend(Resource::Launch, reserving_seconds(draft, hardware));
            }
        }
        sums
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
        let updates = BTreeMap::new();
        let of = Region {
            records,
            function,
            typical: Typical::of_size(typical),
            hardware: self.hardware,
            updates: &updates,
            joined: &[],
        };
        let mut estimate = Estimate::default();
        for site in sites(&of, statements) {
            let kernel = walk::kernel(&of, &site.host, site.statement);
            estimate.add(&Launch::new(&kernel, self.hardware).estimate(), site.times);
        }
        estimate
    }

    /// Returns how long one core of the host would take for a region as written, and how long copies of all that it
    /// touches take to the device and back.
    ///
    /// **Units**: seconds.
    pub fn without_kernels(&self, draft: &Draft) -> [f64; 2] {
        self.without_kernels_at(draft, Typical::of(draft))
    }

    /// The same where every integer that is not known is `typical`.
    fn without_kernels_at(&self, draft: &Draft, typical: Typical) -> [f64; 2] {
        let original = draft.original();
        let updates = BTreeMap::new();
        let of = Region {
            function: original.function,
            updates: &updates,
            ..Region::of(draft, typical, &[], self.hardware)
        };
        let hardware = self.hardware;
        let (mut seconds, mut bytes) = (0.0, 0.0);
        for statement in original.statements {
            // As one thread would run it.
            let kernel = walk::kernel(&of, &[], statement);
            let (own, touched) = host_seconds(&kernel, hardware);
            seconds += own;
            bytes += touched;
        }
        let copies = 2.0 * draft.facts().footprints.len() as f64;
        [
            seconds,
            copies * hardware.copy_seconds + bytes / hardware.copy_bytes_per_second,
        ]
    }

    /// Returns what is known of the launches of a draft, in the order of the text.
    pub fn launches(&self, draft: &Draft) -> Vec<Figures> {
        let mut found = Vec::new();
        self.each_kernel(draft, Typical::of(draft), &mut |kernel, times| {
            found.push(Figures::of(kernel, times, self.hardware));
        });
        found
    }
}

impl<'a> Region<'a> {
    /// Returns what statements of a draft stand in, where unknown integers are `typical` and mapped loops join `joined`.
    fn of(
        draft: &'a Draft,
        typical: Typical,
        joined: &'a [&'a Reduction],
        hardware: &'a Hardware,
    ) -> Self {
        Self {
            records: &draft.workload().module.records,
            function: draft.function(),
            typical,
            hardware,
            updates: &draft.facts().updates,
            joined,
        }
    }
}

/// Returns the reductions that mapped loops of a draft carry.
fn joined(draft: &Draft) -> Vec<&Reduction> {
    let reductions = draft.facts().reductions.iter();
    reductions.filter(|each| draft.is_joined(each)).collect()
}

/// Returns how long it takes to reserve the arrays by which launches of a draft share numbers, once for all launches; while
/// arrays stay on the device, theirs are kept from one run of the region to the next.
fn reserving_seconds(draft: &Draft, hardware: &Hardware) -> f64 {
    let function = draft.function();
    let mut arrays = 0.0;
    each(draft.statements(), &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && function.vars[*var].space == Space::Global
        {
            arrays += 1.0;
        }
    });
    arrays * hardware.allocation_seconds
}

/// Returns the binary logarithm of an estimate in seconds: a number whatever the sizes, so that none stops a search.
fn log2_seconds(estimate: &Estimate) -> f64 {
    let seconds = estimate.seconds();
    if seconds.is_finite() {
        seconds.max(f64::MIN_POSITIVE).log2()
    } else {
        NEVER.log2_seconds
    }
}
