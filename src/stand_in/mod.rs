//! Programs with smaller constants that are tested in the place of those that take too long: the file is read once more
//! with smaller sizes, and every region is rewritten by the moves of the plan.

mod again;
mod made;
mod search;
mod smaller;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use mupac_backend_cuda as backend;
use mupac_frontend::Options;
use mupac_ir::mutant::{Change, mutants};
use mupac_ir::{Function, Handle, Module, Plan, Unit};
use mupac_passes::{Choice, Workload};
use mupac_tester::{CheckOptions, program_is_too_large, takes_too_long, too_large, tools};

use crate::candidates::Target;
use again::owners;
use search::Search;
use smaller::{Constants, Smaller};

/// The function that stands for the program.
const MAIN: &str = "main";

/// A plan that is to be written.
#[derive(Clone, Copy)]
pub(crate) struct Planned<'a> {
    pub(crate) workload: &'a Workload,
    pub(crate) choices: &'a [Choice],
    pub(crate) plan: &'a Plan,
    /// The functions that are tested besides those with kernels.
    pub(crate) suspects: &'a BTreeSet<Handle<Function>>,
    pub(crate) check: &'a CheckOptions,
}

impl Planned<'_> {
    /// Writes the unit, without mistakes.
    fn emitted(&self) -> Unit {
        let entries = mupac_passes::entries(self.workload, &self.plan.regions, self.suspects);
        let outlined =
            mupac_passes::outlined(self.workload, &self.plan.regions, backend::named_on_host);
        backend::emit(self.plan, entries, outlined)
    }
}

/// Leaves some functions out of what is tested of the unit of a plan, and adds mistakes in the others.
fn limit(unit: &mut Unit, plan: &Plan, check: &CheckOptions, is_left: impl Fn(&str) -> bool) {
    let owners = owners(plan);
    unit.entries.retain(|entry| !is_left(&entry.function.name));
    unit.kernels.retain(|kernel| {
        let owner = owners.get(kernel.as_str());
        !owner.is_some_and(|owner| is_left(owner))
    });
    let seed = check.seed as usize;
    let mut mutants = mutants(&plan.regions, &plan.residency, check.mutants, seed);
    mutants.made.retain(|mutant| match &mutant.change {
        Change::Region { plan, .. } => !is_left(&plan.function.name),
        Change::Residency(_) => true,
    });
    if !mutants.made.is_empty() {
        unit.mutation = Some(Box::new(backend::mutation(
            plan,
            &mutants,
            &mut unit.outlined,
        )));
    }
}

/// Makes stand-ins for the plans of one file.
#[derive(Debug)]
pub(crate) struct StandIns<'a> {
    target: &'a Target,
    options: Options,
    /// The files that were read before, by their constants.
    read: Mutex<BTreeMap<Constants, Option<Arc<Smaller>>>>,
    /// Whether the files of the command line are a program that takes too long, once that is asked.
    is_large_program: OnceLock<bool>,
    /// Whether a run of the file takes too long whatever its text says, once that is asked.
    is_slow: OnceLock<bool>,
}

/// Why there is no stand-in for what takes too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoStandIn {
    /// The functions that take too long, or that have another form in all smaller programs; `main` stands for the program.
    pub(crate) functions: BTreeSet<String>,
    pub(crate) why: String,
}

impl<'a> StandIns<'a> {
    pub(crate) fn new(target: &'a Target, arguments: &[String], names_lines: bool) -> Self {
        Self {
            target,
            options: Options {
                arguments: arguments.to_vec(),
                cache: tools::cache_folder(),
                names_lines,
            },
            read: Mutex::default(),
            is_large_program: OnceLock::new(),
            is_slow: OnceLock::new(),
        }
    }

    /// Returns the unit of a plan, with stand-ins where a call of one of its functions takes too long; and where it has none for
    /// some and should, for which.
    pub(crate) fn unit(&self, planned: Planned<'_>) -> (Unit, Option<NoStandIn>) {
        let mut unit = planned.emitted();
        limit(&mut unit, planned.plan, planned.check, |_| false);
        if planned.plan.regions.is_empty() {
            return (unit, None);
        }
        let functions = too_large(&planned.plan.module, &unit);
        if functions.is_empty() && self.whole(planned).is_none() && !self.is_slow(planned, &unit) {
            return (unit, None);
        }
        let missing = match Search::new(self, planned, &unit).found() {
            Ok((stand_ins, missing)) => {
                unit.stand_ins = stand_ins;
                missing
            }
            // What takes too long is the program alone, which is tried as it is.
            Err(_) if functions.is_empty() => None,
            Err(why) => {
                let mut functions = functions;
                functions.remove(MAIN);
                Some(NoStandIn { functions, why })
            }
        };
        (unit, missing)
    }

    /// Returns whether a file that is a program takes too long in a run, though none of its functions is too large.
    fn is_slow(&self, planned: Planned<'_>, unit: &Unit) -> bool {
        let ask = || takes_too_long(&planned.plan.module.source, planned.check);
        unit.has_main && *self.is_slow.get_or_init(ask)
    }

    /// Returns all files of the command line as one, where they are a program that takes too long.
    fn whole<'p>(&self, planned: Planned<'p>) -> Option<&'p Module> {
        let whole = planned.check.companions.whole()?;
        let ask = || program_is_too_large(whole);
        self.is_large_program.get_or_init(ask).then_some(whole)
    }
}
