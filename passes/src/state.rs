//! A region on its way from the program's text to a plan.

mod loops;

pub(crate) use loops::loops_of_threads;

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use mupac_ir::{
    Coherence, Function, Handle, Mapping, Memory, Move, Refusal, RegionPlan, Stmt, Storage,
    Trajectory, Var,
};

use crate::device::Device;
use crate::facts::{Facts, FloatOrder, Region};
use crate::judge::{Conditions, Covering, Tree, constants, covers, judge, slices};
use crate::lower::outline::{Nest, outline};
use crate::lower::{self, chain};
use crate::region;
use crate::steps::{self, Phase};
use crate::workload::Workload;

/// What the user decides about lowering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How many parallel iterations pay for a launch and its copies; fewer stay on the host. `None`: thresholds are left
    /// at zero, for an estimate to set.
    pub cpu_threshold: Option<u64>,
    /// In which order floating-point numbers are joined.
    pub float_order: FloatOrder,
    /// What kind of memory holds the device's copies.
    pub memory: Memory,
    /// How it is known that a copy on the device is what the host has.
    pub coherence: Coherence,
}

/// Identity of a state: equal for equal text of the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey(pub u128);

/// A move that the search tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// When: a search goes on in the phases of its moves and never back.
    pub phase: Phase,
    /// The move.
    pub step: Move,
    /// The array whose reads, and nothing else, the move can make cheaper.
    pub relieves: Option<Handle<Var>>,
}

/// A region as rewritten by a trajectory, legal or not: good for an estimate, while a plan takes a [`State`].
#[derive(Clone, Debug)]
pub struct Draft {
    workload: Arc<Workload>,
    region: Arc<Region>,
    /// The whole function, with the region rewritten.
    function: Function,
    /// The region's statements in the block at `Region::path`.
    range: Range<usize>,
    trajectory: Trajectory,
}

/// A draft that the judge has accepted, or the region as written; there are no others.
#[derive(Clone, Debug)]
pub struct State {
    draft: Draft,
    /// What the judge asks for; of the region as written it is not asked before that matters.
    conditions: OnceLock<Arc<Conditions>>,
}

impl Deref for State {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.draft
    }
}

impl State {
    /// Returns a region as written, or `None` if the file has no region of this number.
    pub fn new(workload: Arc<Workload>, region: usize) -> Option<Self> {
        let region = Arc::clone(workload.regions.get(region)?);
        let draft = Draft {
            range: region.statements.clone(),
            function: (*region.function).clone(),
            region,
            workload,
            trajectory: Trajectory::default(),
        };
        Some(Self {
            draft,
            conditions: OnceLock::new(),
        })
    }

    /// Returns the state after a move.
    ///
    /// **Errors**: `illegal-step` where the move does not fit; what the judge refuses.
    pub fn after(&self, step: &Move, device: &Device) -> Result<Self, Refusal> {
        let next = self.rewritten(step)?.judged()?;
        chain::check(&next, device)?;
        Ok(next)
    }

    /// Returns the state after all moves of a trajectory.
    ///
    /// **Errors**: as for [`after`](Self::after), at the first move that is refused.
    pub fn replay(&self, trajectory: &Trajectory, device: &Device) -> Result<Self, Refusal> {
        self.draft.replay(trajectory, device)?.judged()
    }

    /// Returns the plan of a mapped state.
    ///
    /// **Errors**: what the judge refuses; `too-small`; `illegal-step` where no loop is mapped or the mapped loops
    /// cannot become one launch; `unknown-extent` where a range to copy is not known.
    pub fn finish(&self, settings: &Settings, device: &Device) -> Result<RegionPlan, Refusal> {
        let conditions = self.conditions()?;
        let accepts = |after: Tree<'_>, covering: &Covering| {
            covers(self.facts(), self.original(), after, &conditions, covering)
        };
        let is_aligned = settings.memory.starts_aligned();
        let statements = self.statements();
        let form = lower::as_threads_run(self, statements, Some(&accepts), is_aligned);
        let shaped = form.map(|(function, statements)| Self {
            draft: self.draft.with(function, statements),
            conditions: self.conditions.clone(),
        });
        lower::finish(shaped.as_ref().unwrap_or(self), settings, device)
    }

    /// Returns where choosing starts: the state after the moves without which no loop of the region could run in parallel.
    ///
    /// **Errors**: what the judge refuses.
    pub fn opened(&self) -> Result<Self, Refusal> {
        match self.draft.opened()? {
            Cow::Borrowed(_) => Ok(self.clone()),
            Cow::Owned(draft) => draft.judged(),
        }
    }

    /// Returns what the host must test for the proof to hold.
    ///
    /// **Errors**: what the judge refuses.
    pub(crate) fn conditions(&self) -> Result<Arc<Conditions>, Refusal> {
        if let Some(known) = self.conditions.get() {
            return Ok(Arc::clone(known));
        }
        let judged = Arc::new(self.draft.judge()?);
        Ok(Arc::clone(self.conditions.get_or_init(|| judged)))
    }
}

impl Draft {
    /// Returns the file that the region is part of.
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// Returns the region as written.
    pub fn region(&self) -> &Arc<Region> {
        &self.region
    }

    /// Returns the whole function with the region rewritten.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// Returns the statements of the region.
    pub fn statements(&self) -> &[Stmt] {
        region::statements(&self.function, &self.region.path, &self.range)
    }

    /// Returns what was proved of the region as written.
    pub fn facts(&self) -> &Facts {
        &self.region.facts
    }

    /// Returns the moves that led here.
    pub fn trajectory(&self) -> &Trajectory {
        &self.trajectory
    }

    /// Returns what is still to be made of the moves without which no loop of the region could run in parallel; none where
    /// other moves were made.
    pub fn opening(&self) -> &[Move] {
        let opening = self.facts().opening.as_slice();
        let rest = opening.strip_prefix(self.trajectory.moves.as_slice());
        rest.unwrap_or(&[])
    }

    /// Returns the draft after these moves.
    ///
    /// **Errors**: `illegal-step` where one does not fit.
    pub fn opened(&self) -> Result<Cow<'_, Self>, Refusal> {
        let opening = self.opening();
        if opening.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let mut draft = self.clone();
        for step in opening {
            draft.rewrite(step)?;
        }
        Ok(Cow::Owned(draft))
    }

    /// Returns the identity of the rewritten region.
    ///
    /// **Source**: FNV-1a, 128 bits (Fowler, Noll, Vo; RFC 9923 §5).
    pub fn key(&self) -> StateKey {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        let text = self.text();
        StateKey(text.bytes().fold(BASIS, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(PRIME)
        }))
    }

    /// Returns the rewritten region as text.
    pub fn text(&self) -> String {
        let records = &self.workload.module.records;
        self.statements().iter().fold(String::new(), |text, stmt| {
            text + &mupac_ir::print::statement(records, &self.function, stmt)
        })
    }

    /// Returns the moves that the search tries, in a fixed order.
    ///
    /// Loops are shaped before they are mapped, nest by nest; what is left in the code of threads is shaped after that,
    /// as part of the work of a thread.
    pub fn offers(&self, device: &Device) -> Vec<Offer> {
        let mapped = self.loops_beside_mapped();
        let inside = self.loops_of_threads();
        let mut offers = Vec::new();
        for each in steps::ALL {
            let mut moves = Vec::new();
            each.moves(self, device, &mut moves);
            let shapes = each.phase() <= Phase::Loop;
            offers.extend(moves.into_iter().filter_map(|step| {
                let (is_inside, is_mapped) =
                    (inside.contains(&step.target), mapped.contains(&step.target));
                let phase = if shapes && is_inside {
                    Phase::Work
                } else {
                    each.phase()
                };
                if shapes && is_mapped && !is_inside {
                    return None;
                }
                let relieves = each.relieves(self, &step);
                Some(Offer {
                    phase,
                    step,
                    relieves,
                })
            }));
        }
        offers
    }

    /// Returns the moves that the search tries, and those that it does not, in a fixed order.
    pub fn any_moves(&self, device: &Device) -> Vec<Move> {
        let offers = self.offers(device).into_iter();
        let mut moves: Vec<Move> = offers.map(|offer| offer.step).collect();
        for step in steps::ALL {
            step.more_moves(self, device, &mut moves);
        }
        moves
    }

    /// Returns the draft after a move.
    ///
    /// **Errors**: `illegal-step` where the move does not fit.
    pub fn after(&self, step: &Move, device: &Device) -> Result<Self, Refusal> {
        let next = self.rewritten(step)?;
        chain::check(&next, device)?;
        Ok(next)
    }

    /// Returns the draft after all moves of a trajectory.
    ///
    /// **Errors**: as for [`after`](Self::after), at the first move that is refused.
    pub fn replay(&self, trajectory: &Trajectory, device: &Device) -> Result<Self, Refusal> {
        let mut draft = self.clone();
        for step in &trajectory.moves {
            draft.rewrite(step)?;
        }
        // Only what comes of all moves is launched.
        chain::check(&draft, device)?;
        Ok(draft)
    }

    /// Returns the draft as a state, if it is one.
    ///
    /// **Errors**: what the judge refuses.
    pub fn judged(self) -> Result<State, Refusal> {
        let conditions = Arc::new(self.judge()?);
        Ok(State {
            draft: self,
            conditions: OnceLock::from(conditions),
        })
    }

    /// Returns whether every nest of the region is mapped to a kernel with threads.
    pub fn is_complete(&self) -> bool {
        let has_threads = |nest: &Nest<'_>| {
            let mut loops = nest.chain.loops();
            loops.any(|each| matches!(each.mapping, Mapping::Thread(_)))
        };
        outline(self.statements()).is_ok_and(|outline| {
            outline.unmapped(self.function()).is_none()
                && !outline.nests.is_empty()
                && outline.nests.iter().all(has_threads)
        })
    }

    /// Returns the tree before any rewrite.
    pub fn original(&self) -> Tree<'_> {
        Tree {
            function: &self.region.function,
            statements: self.region.body(),
        }
    }

    fn judge(&self) -> Result<Conditions, Refusal> {
        let after = Tree {
            function: &self.function,
            statements: self.statements(),
        };
        judge(self.facts(), self.original(), after)
    }

    /// Returns whether sums of floating-point numbers are split among blocks, and so computed in another order.
    pub fn splits_float_sums(&self) -> bool {
        let is_float = |(var, _): &(Handle<Var>, Handle<Var>)| {
            let ty = &self.function.vars[*var].ty;
            let number = ty.element().and_then(mupac_ir::Type::scalar);
            number.is_some_and(mupac_ir::Scalar::is_float)
        };
        slices(&self.function, self.statements())
            .iter()
            .any(is_float)
    }

    /// Returns the arrays whose elements launches are passed by value, in the order of the text.
    pub fn passed_by_value(&self) -> impl Iterator<Item = Handle<Var>> {
        let passed = constants(&self.function, self.statements()).into_iter();
        passed.map(|(_, array)| array)
    }

    /// Returns whether the host can read all that launches are passed by value.
    pub fn can_be_passed(&self, settings: &Settings) -> bool {
        let function = &self.function;
        if !lower::resident::takes_device_memory(settings, function) {
            return true;
        }
        self.passed_by_value()
            .all(|array| function.vars[array].storage != Storage::Parameter)
    }

    pub(crate) fn rewritten(&self, step: &Move) -> Result<Self, Refusal> {
        let mut next = self.clone();
        next.rewrite(step)?;
        Ok(next)
    }

    /// Makes a move; where it does not fit, the draft is of no further use.
    fn rewrite(&mut self, step: &Move) -> Result<(), Refusal> {
        let path = &self.region.path;
        let mut statements = region::take(&mut self.function, path, &self.range);
        let facts = &self.region.facts;
        steps::step(step)?.apply(facts, &mut self.function, &mut statements, step)?;
        self.range = region::put(&mut self.function, path, self.range.start, statements);
        self.trajectory.moves.push(step.clone());
        Ok(())
    }

    /// Returns statements of the region in the form in which threads are likely to run them, for an estimate, and the
    /// function that holds their expressions: with elements in registers, and whole tiles apart from others; `None` where
    /// that is the form they have. The statements are all, or some with what stands around and before them.
    ///
    /// That function has no body.
    pub fn as_threads_run(&self, statements: &[Stmt]) -> Option<(Function, Vec<Stmt>)> {
        lower::as_threads_run(self, statements, None, true)
    }

    /// Returns the same draft with other statements, of another form of its function.
    fn with(&self, mut function: Function, statements: Vec<Stmt>) -> Self {
        let path = &self.region.path;
        region::take(&mut function, path, &self.range);
        let range = region::put(&mut function, path, self.range.start, statements);
        Self {
            workload: Arc::clone(&self.workload),
            region: Arc::clone(&self.region),
            function,
            range,
            trajectory: self.trajectory.clone(),
        }
    }
}
