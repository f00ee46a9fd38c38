//! Programs with smaller constants that are tested in the place of those that take too long: the file is read once more
//! with smaller sizes, and every region is rewritten by the moves of the plan.

mod again;
mod smaller;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use mupac_backend_cuda as backend;
use mupac_frontend::Options;
use mupac_ir::mutant::mutants;
use mupac_ir::{Function, Handle, Module, Plan, StandIn, Unit};
use mupac_passes::{Choice, Workload};
use mupac_tester::{
    CheckOptions, Pace, Scaled, constants_in_words, is_stand_in, other_forms, program_is_too_large,
    too_large, tools,
};

use crate::candidates::Target;
use again::{apart, owners};
use smaller::{Constants, Smaller, Tried};

/// Why a smaller program is no stand-in: it is no smaller than what it stands for, as far as time goes.
const TOO_LONG: &str = "it still takes too long";

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
    /// Writes the unit, with its mistakes.
    fn unit(&self) -> Unit {
        let entries = mupac_passes::entries(self.workload, &self.plan.regions, self.suspects);
        let mut unit = backend::emit(self.plan, entries);
        let mutants = mutants(
            &self.plan.regions,
            &self.plan.residency,
            self.check.mutants,
            self.check.seed as usize,
        );
        if !mutants.made.is_empty() {
            unit.mutation = Some(Box::new(backend::mutation(self.plan, &mutants)));
        }
        unit
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
}

/// Why there is no stand-in for what takes too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoStandIn {
    /// The functions that take too long, or that another form of in a smaller program is in the way of all others; `main`
    /// stands for the program.
    pub(crate) functions: BTreeSet<String>,
    pub(crate) why: String,
}

/// What is in the way of a smaller program.
struct Way {
    why: String,
    /// The functions without which it would be a stand-in; `None`: all of them.
    left: Option<BTreeSet<String>>,
}

/// How many functions a smaller program lets be tested, and what became of it.
type Found = (usize, Result<StandIn, Way>);

impl Way {
    fn of(scaled: &Scaled, why: &str, left: Option<BTreeSet<String>>) -> Self {
        let constants = constants_in_words(&scaled.scaling.constants);
        let why = format!("with smaller constants ({constants}): {why}");
        Self { why, left }
    }
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
        }
    }

    /// Returns the unit of a plan, with a stand-in where a call of one of its functions takes too long; and where it has none
    /// and should, which functions are in the way.
    pub(crate) fn unit(&self, planned: Planned<'_>) -> (Unit, Option<NoStandIn>) {
        let mut unit = planned.unit();
        if planned.plan.regions.is_empty() {
            return (unit, None);
        }
        let functions = too_large(&planned.plan.module, &unit);
        if functions.is_empty() && self.whole(planned).is_none() {
            return (unit, None);
        }
        match self.stand_in(planned, &unit) {
            Ok(stand_in) => {
                unit.stand_in = Some(Box::new(stand_in));
                (unit, None)
            }
            // What takes too long is the program alone, which is tried as it is.
            Err(_) if functions.is_empty() => (unit, None),
            Err(Way { why, left }) => {
                let functions = left.unwrap_or(functions);
                (unit, Some(NoStandIn { functions, why }))
            }
        }
    }

    /// Returns all files of the command line as one, where they are a program that takes too long.
    fn whole<'p>(&self, planned: Planned<'p>) -> Option<&'p Module> {
        let whole = planned.check.companions.whole()?;
        let ask = || program_is_too_large(whole);
        self.is_large_program.get_or_init(ask).then_some(whole)
    }

    /// Returns the stand-in by which most functions can be tested, or what is in its way.
    fn stand_in(&self, planned: Planned<'_>, unit: &Unit) -> Result<StandIn, Way> {
        let (best, mut slow) = self.of_quick(planned, unit);
        let (least, way) = match best {
            Some((_, Ok(stand_in))) => return Ok(stand_in),
            Some((number, Err(way))) => (number, Some(way)),
            None => (0, None),
        };
        // One that may take too long is taken where leaving out what is in the way would not let more be tested.
        let program = BTreeSet::from([MAIN.to_owned()]);
        let number =
            |slow: &Tried| slow.testable_without(&(&slow.left | &program), unit, planned.check);
        slow.retain(|slow| number(slow) >= least);
        slow.sort_by_key(|slow| Reverse(slow.times_smaller()));
        let mut of_slow = None;
        for slow in &slow {
            match self.tried(planned, unit, slow) {
                Ok(stand_in) => return Ok(stand_in),
                Err(way) => of_slow = of_slow.or(Some(way)),
            }
        }
        Err(way.or(of_slow).unwrap_or_else(|| Way {
            why: "none of its constants is a size that can be smaller".to_owned(),
            left: None,
        }))
    }

    /// Returns the best of the smaller programs that one core runs quickly, with how many functions can be tested by it as it is
    /// or without what is in the way; and those that it does not.
    fn of_quick(&self, planned: Planned<'_>, unit: &Unit) -> (Option<Found>, Vec<Tried>) {
        let (mut best, mut slow) = (None::<Found>, Vec::<Tried>::new());
        for tried in self.promising(planned, unit) {
            let is_enough = best.as_ref().is_some_and(|(most, found)| {
                tried.testable < *most || tried.testable == *most && found.is_ok()
            });
            if is_enough {
                break;
            }
            let is_slower = slow.iter().any(|slow| tried.is_larger(slow));
            let pace = match tried.runs_program(unit) {
                false => Pace::Quick,
                true if is_slower => Pace::Slow,
                true => tried.pace(unit, planned.check),
            };
            if pace == Pace::Slow {
                slow.push(tried);
                continue;
            }
            let found = self.tried(planned, unit, &tried);
            let left = match &found {
                Ok(_) => Some(&tried.left),
                Err(way) => way.left.as_ref(),
            };
            // What is undefined tests functions, but not the program.
            let program = (pace == Pace::Undefined).then(|| MAIN.to_owned());
            let program: BTreeSet<String> = program.into_iter().collect();
            let number = left.map_or(0, |left| {
                tried.testable_without(&(left | &program), unit, planned.check)
            });
            let is_better = best.as_ref().is_none_or(|(most, known)| {
                number > *most || number == *most && known.is_err() && found.is_ok()
            });
            if is_better {
                best = Some((number, found));
            }
        }
        (best, slow)
    }

    /// Returns a smaller program as a stand-in, or what is in its way.
    fn tried(&self, planned: Planned<'_>, unit: &Unit, tried: &Tried) -> Result<StandIn, Way> {
        // A program of which only functions can be tested is better than none, and so is one of which some can.
        let mut left = tried.left.clone();
        let can_be_without = !left.remove(MAIN) || tests_functions(unit);
        let others = match self.of_size(planned, unit, &tried.scaled, &tried.read) {
            Ok(stand_in) if left.is_empty() && can_be_without => return Ok(stand_in),
            Ok(_) => Some(BTreeSet::new()),
            Err(way) if left.is_empty() => return Err(way),
            Err(way) => way.left,
        };
        let left = others.map(|others| &left | &others);
        Err(Way::of(&tried.scaled, TOO_LONG, left))
    }

    /// Returns a smaller file as a stand-in, by the moves of a plan, or what is in its way.
    fn of_size(
        &self,
        planned: Planned<'_>,
        unit: &Unit,
        scaled: &Scaled,
        read: &Smaller,
    ) -> Result<StandIn, Way> {
        let way = |why: &str, left| Way::of(scaled, why, left);
        let analysed = || self.target.analysed(read.module.clone());
        let workload = read.workload.get_or_init(analysed);
        let choices = self.choices(planned, workload);
        let choices = choices.map_err(|(why, left)| way(&why, Some(left)))?;
        let plan = self.target.plan(workload, &choices);
        let smaller = Planned {
            workload,
            choices: &choices,
            plan: &plan,
            ..planned
        }
        .unit();
        if !is_stand_in(unit, &smaller) {
            let left = other_forms(unit, &smaller, &owners(planned.plan));
            return Err(way("its kernels have another form", left));
        }
        Ok(StandIn {
            unit: smaller,
            scaling: scaled.scaling.clone(),
            apart: apart(planned.plan),
        })
    }
}

/// Returns whether tests call functions of a unit by themselves.
fn tests_functions(unit: &Unit) -> bool {
    let mut entries = unit.entries.iter();
    entries.any(|entry| entry.function.name != MAIN)
}
