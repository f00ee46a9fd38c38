//! What was estimated before: a move changes one launch of a region, or two, and the others take as long as they did.

use std::sync::Arc;

use foldhash::HashMap;
use mupac_ir::Stmt;
use mupac_ir::structure::each;
use mupac_passes::Draft;
use mupac_passes::facts;

use super::estimate::Estimate;
use super::hardware::Hardware;
use super::inspections::inspection_seconds;
use super::kernel::Kernel;
use super::launch::Launch;
use super::typical::Typical;

/// The launches that were seen of drafts of one region.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    region: Option<(Arc<facts::Region>, Constants)>,
    /// Where each stands, by what it says.
    numbers: HashMap<Box<[u64]>, usize>,
    launches: Vec<Known>,
    /// The memory of the last key.
    key: Vec<u64>,
}

/// What is the same for all drafts of a region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants {
    /// The value of every integer that is not known.
    pub(super) typical: Typical,
    /// How long the host takes to find out what subscripts depend on.
    pub(super) inspection_seconds: f64,
    /// Whether a loop of the host runs the region again and again.
    pub(super) is_repeated: bool,
}

/// What is known of a launch.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) kernel: Kernel,
    /// One launch.
    pub(super) estimate: Estimate,
    /// What no moves come below that only make reads of arrays cheaper.
    pub(super) bound: Estimate,
}

impl Known {
    pub(super) fn of(kernel: Kernel, hardware: &Hardware) -> Self {
        let launch = Launch::new(&kernel, hardware);
        let (estimate, bound) = (launch.estimate(), launch.bound(None));
        Self {
            kernel,
            estimate,
            bound,
        }
    }
}

impl Memo {
    /// Forgets what was known, unless it is of the region of a draft; returns what is the same for all its drafts.
    pub(super) fn enter(&mut self, draft: &Draft, hardware: &Hardware) -> Constants {
        match &self.region {
            Some((known, constants)) if Arc::ptr_eq(known, draft.region()) => *constants,
            Some(_) | None => {
                let typical = Typical::of(draft);
                let constants = Constants {
                    typical,
                    inspection_seconds: inspection_seconds(draft, typical, hardware),
                    is_repeated: is_repeated(draft),
                };
                self.region = Some((Arc::clone(draft.region()), constants));
                self.numbers.clear();
                self.launches.clear();
                constants
            }
        }
    }

    /// Returns what is known of the launch behind a key, which is found out where nothing is; the key is made in the memory
    /// of another.
    pub(super) fn launch(
        &mut self,
        key: impl FnOnce(Vec<u64>) -> Vec<u64>,
        find: impl FnOnce() -> Known,
    ) -> &Known {
        self.key = key(std::mem::take(&mut self.key));
        let known = self.numbers.get(self.key.as_slice()).copied();
        let number = known.unwrap_or_else(|| {
            self.launches.push(find());
            let number = self.launches.len() - 1;
            self.numbers.insert(self.key.as_slice().into(), number);
            number
        });
        &self.launches[number]
    }
}

/// Returns whether a loop of the function stands around the region.
fn is_repeated(draft: &Draft) -> bool {
    let region = draft.region();
    let function = &draft.workload().module.functions[region.of];
    let mut is_inside = false;
    each(&function.body, &mut |stmt| {
        if let Stmt::For(_) | Stmt::While(_) = stmt {
            let around = stmt.span();
            let holds = around.start <= region.span.start && region.span.end <= around.end;
            is_inside |= holds && around != region.span;
        }
    });
    is_inside
}
