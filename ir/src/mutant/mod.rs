//! Plans with one mistake each, to see whether tests notice.
//!
//! A mutant is a rewrite of a region's plan: what the back end prints of it differs from the plan's own text by that one
//! mistake.
//! The mistakes are those that translators to CUDA make: bounds off by one, guards, barriers and copies forgotten,
//! atomic actions made plain, axes mixed up, grids too short, wrong operators.
//! A mutant that does what the plan does is no mistake; what is [proved](Equivalence) of this kind is kept apart.
//!
//! **Source**: De Millo, Lipton, Sayward, “Hints on test data selection: help for the practicing programmer”, Computer
//! 11(4), 1978.

mod code;
mod equivalence;
mod host;
mod residency;
mod walk;

use std::collections::VecDeque;

use crate::arena::Handle;
use crate::plan::{KernelPlan, RegionPlan};
use crate::residency::{Residency, ResidencyFlaw};
use crate::span::Span;

pub use equivalence::Equivalence;
use walk::{Sites, Spot};

/// A plan with a mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// Which mistake.
    pub kind: MutantKind,
    /// The kernel with the mistake; `None`: it is on the host.
    pub kernel: Option<Handle<KernelPlan>>,
    /// The statement with the mistake, or what it belongs to.
    pub span: Span,
    /// Which guard or array is meant; empty where kind and place say it.
    pub what: String,
    /// What is different.
    pub change: Change,
}

/// What a mistake changes of a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A region.
    Region {
        /// Its position in [`Plan::regions`](crate::Plan::regions).
        at: usize,
        /// Its plan with the mistake.
        plan: Box<RegionPlan>,
    },
    /// What keeps arrays on the device from one region to the next.
    Residency(ResidencyFlaw),
}

/// What [`mutants`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mutants {
    /// Mistakes that a test might notice.
    pub made: Vec<Mutant>,
    /// Rewrites that are none, each with its proof.
    pub equivalent: Vec<(Mutant, Equivalence)>,
}

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantKind {
    /// A comparison in a kernel is off by one: `<=` for `<`.
    BoundByOne,
    /// A condition in a kernel lets every thread through.
    BoundDropped,
    /// The host does not ask whether what the proof needs is so.
    GuardDropped,
    /// Threads of a block, or the lanes of a warp, do not wait for one another.
    BarrierDropped,
    /// An atomic action is a read and a write.
    AtomicPlain,
    /// A kernel reads or writes the next element.
    SubscriptByOne,
    /// A loop inside a thread ends one iteration too early.
    LoopShort,
    /// `x` and `y` of blocks and threads are mixed up.
    AxesSwapped,
    /// The grid lacks a block.
    GridShort,
    /// The grid lacks the block that is not full, a block's tree what half of its threads found, or a thread what is left
    /// behind whole vectors.
    TailDropped,
    /// An array is not copied to the device.
    CopyInDropped,
    /// An array is not copied back.
    CopyOutDropped,
    /// The host does not wait for kernels that write its own memory.
    SynchronisationDropped,
    /// The host reads what only the device has.
    FetchDropped,
    /// The host works with memory while copies of it stay on the device.
    ReleaseDropped,
    /// The host writes or frees memory of which a later region takes the device's copy.
    InvalidationDropped,
    /// Device memory is one element too small.
    BytesWrong,
    /// A constant of a kernel is one greater.
    ConstantPlusOne,
    /// A kernel subtracts where it should add, or adds where it should multiply.
    WrongOperator,
    /// A reduction starts with another value than the operator's identity.
    WrongIdentity,
    /// What a reduction found is not joined to its target.
    JoinDropped,
}

impl MutantKind {
    /// Every kind, those first that translators get wrong most.
    pub const ALL: [Self; 21] = [
        Self::BoundByOne,
        Self::GuardDropped,
        Self::BarrierDropped,
        Self::AtomicPlain,
        Self::SubscriptByOne,
        Self::CopyInDropped,
        Self::CopyOutDropped,
        Self::SynchronisationDropped,
        Self::WrongOperator,
        Self::TailDropped,
        Self::BoundDropped,
        Self::AxesSwapped,
        Self::JoinDropped,
        Self::LoopShort,
        Self::GridShort,
        Self::WrongIdentity,
        Self::ConstantPlusOne,
        Self::BytesWrong,
        Self::FetchDropped,
        Self::ReleaseDropped,
        Self::InvalidationDropped,
    ];

    /// Returns the word of reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::BoundByOne => "bound-by-one",
            Self::BoundDropped => "bound-dropped",
            Self::GuardDropped => "guard-dropped",
            Self::BarrierDropped => "barrier-dropped",
            Self::AtomicPlain => "atomic-plain",
            Self::SubscriptByOne => "subscript-by-one",
            Self::LoopShort => "loop-short",
            Self::AxesSwapped => "axes-swapped",
            Self::GridShort => "grid-short",
            Self::TailDropped => "tail-dropped",
            Self::CopyInDropped => "copy-in-dropped",
            Self::CopyOutDropped => "copy-out-dropped",
            Self::SynchronisationDropped => "synchronisation-dropped",
            Self::FetchDropped => "fetch-dropped",
            Self::ReleaseDropped => "release-dropped",
            Self::InvalidationDropped => "invalidation-dropped",
            Self::BytesWrong => "bytes-wrong",
            Self::ConstantPlusOne => "constant-plus-one",
            Self::WrongOperator => "wrong-operator",
            Self::WrongIdentity => "wrong-identity",
            Self::JoinDropped => "join-dropped",
        }
    }
}

/// Returns up to `most` mutants of a plan's regions and of what keeps arrays on the device between them: one of each kind in order, then a second one of each, and so on.
///
/// Within a kind the regions take turns, from `first` on.
pub fn mutants(
    regions: &[RegionPlan],
    residency: &Residency,
    most: usize,
    first: usize,
) -> Mutants {
    let count = regions.len();
    let mut kinds: VecDeque<Places<'_>> = (0..)
        .zip(MutantKind::ALL)
        .map(|(number, kind)| Places {
            kind,
            regions,
            between: residency::flaws(kind, residency, regions).into(),
            left: (0..count)
                .map(|step| ((first + number + step) % count, 0))
                .collect(),
        })
        .collect();
    let mut found = Mutants::default();
    while let Some(mut places) = kinds.pop_front().filter(|_| found.made.len() < most) {
        let Some(mutant) = places.next() else {
            continue;
        };
        kinds.push_back(places);
        match mutant {
            (mutant, Some(equivalence)) => found.equivalent.push((mutant, equivalence)),
            (mutant, None) => found.made.push(mutant),
        }
    }
    found
}

/// The places for mistakes of one kind.
struct Places<'a> {
    kind: MutantKind,
    regions: &'a [RegionPlan],
    /// Regions with places left, each with the number of places that had their turn.
    left: VecDeque<(usize, usize)>,
    /// Mistakes between the regions.
    between: VecDeque<residency::Place>,
}

impl Places<'_> {
    fn next(&mut self) -> Option<(Mutant, Option<Equivalence>)> {
        if let Some(place) = self.between.pop_front() {
            let mutant = Mutant {
                kind: self.kind,
                kernel: None,
                span: place.span,
                what: String::new(),
                change: Change::Residency(place.flaw),
            };
            return Some((mutant, None));
        }
        while let Some((region, before)) = self.left.pop_front() {
            let mut plan = self.regions.get(region)?.clone();
            if let Some(spot) = mutate(self.kind, &mut plan, before) {
                self.left.push_back((region, before + 1));
                let mutant = Mutant {
                    kind: self.kind,
                    kernel: spot.kernel,
                    span: spot.span,
                    what: spot.what,
                    change: Change::Region {
                        at: region,
                        plan: Box::new(plan),
                    },
                };
                return Some((mutant, spot.equivalence));
            }
        }
        None
    }
}

/// Makes the mistake at the place after `before` others; `None` where there are no more.
fn mutate(kind: MutantKind, plan: &mut RegionPlan, before: usize) -> Option<Spot> {
    let sites = &mut Sites::after(before);
    match kind {
        MutantKind::BoundByOne => code::bound_by_one(plan, sites),
        MutantKind::BoundDropped => code::bound_dropped(plan, sites),
        MutantKind::GuardDropped => host::guard_dropped(plan, sites),
        MutantKind::BarrierDropped => code::barrier_dropped(plan, sites),
        MutantKind::AtomicPlain => code::atomic_plain(plan, sites),
        MutantKind::SubscriptByOne => code::subscript_by_one(plan, sites),
        MutantKind::LoopShort => code::loop_short(plan, sites),
        MutantKind::AxesSwapped => code::axes_swapped(plan, sites),
        MutantKind::GridShort => host::grid_short(plan, sites),
        MutantKind::TailDropped => {
            let of_grid = host::tail_dropped(plan, sites);
            of_grid
                .or_else(|| host::half_dropped(plan, sites))
                .or_else(|| code::rest_dropped(plan, sites))
        }
        MutantKind::CopyInDropped => host::copy_in_dropped(plan, sites),
        MutantKind::CopyOutDropped => host::copy_out_dropped(plan, sites),
        MutantKind::SynchronisationDropped => host::synchronisation_dropped(plan, sites),
        // They are between regions.
        MutantKind::FetchDropped | MutantKind::ReleaseDropped | MutantKind::InvalidationDropped => {
            None
        }
        MutantKind::BytesWrong => host::bytes_wrong(plan, sites),
        MutantKind::ConstantPlusOne => code::constant_plus_one(plan, sites),
        MutantKind::WrongOperator => code::wrong_operator(plan, sites),
        MutantKind::WrongIdentity => host::wrong_identity(plan, sites),
        MutantKind::JoinDropped => host::join_dropped(plan, sites),
    }
}
