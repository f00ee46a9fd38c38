//! Programs with smaller constants that are tested in the place of those that take too long: the file is read once more
//! with smaller sizes, and every region is rewritten by the moves of the plan.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mupac_backend_cuda as backend;
use mupac_frontend::{Input, Options};
use mupac_ir::mutant::mutants;
use mupac_ir::{
    Function, Handle, Memory, Module, Plan, Reason, Refusal, RegionPlan, Source, Span, StandIn,
    Stmt, Storage, Unit,
};
use mupac_passes::{Choice, State, Workload};
use mupac_tester::{
    Allowance, CheckOptions, Repeats, Scaled, Shrinks, common_multiple, constants_in_words,
    is_quick, is_stand_in, other_forms, scaled, still_too_large, testable, tested, too_large,
    tools,
};

use crate::candidates::Target;

/// Sizes keep their remainder by the least common multiple of what loops are cut by. Where that leads to another text, or to
/// a program that takes too long as well, by so many times that in turn: of each, the numerator and the denominator.
const TIMES: [(u64, u64); 8] = [
    (1, 1),
    (2, 1),
    (4, 1),
    (1, 2),
    (1, 4),
    (1, 8),
    (1, 16),
    (1, 32),
];

/// Why a smaller program is none where it has no such region.
const OTHER_LOOPS: &str = "its loops are others";

/// The same of one that takes too long as well.
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

/// The constants that are smaller, each with its new value.
type Constants = BTreeMap<u64, u64>;

/// Makes stand-ins for the plans of one file.
#[derive(Debug)]
pub(crate) struct StandIns<'a> {
    target: &'a Target,
    options: Options,
    /// The files that were read before, by their constants.
    read: Mutex<BTreeMap<Constants, Option<Arc<Smaller>>>>,
}

/// A smaller file.
#[derive(Debug)]
struct Smaller {
    module: Module,
    /// What its analysis found, once it is asked for.
    workload: OnceLock<Arc<Workload>>,
    /// Whether it is run in no time on one core, once that is asked.
    is_quick: OnceLock<bool>,
}

impl Smaller {
    /// Returns whether there is time for its runs.
    fn is_quick(&self, unit: &Unit, stand_in: &StandIn, check: &CheckOptions) -> bool {
        *self
            .is_quick
            .get_or_init(|| is_quick(unit, stand_in, check))
    }
}

/// Why there is no stand-in for what takes too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoStandIn {
    /// The functions that take too long, or that another form of in a smaller program is in the way of all others; `main`
    /// stands for the program.
    pub(crate) functions: BTreeSet<String>,
    pub(crate) why: String,
}

/// A smaller program that is tried.
struct Tried {
    scaled: Scaled,
    read: Arc<Smaller>,
    /// The functions that are too large in it as well.
    left: BTreeSet<String>,
    /// How many of the others there is time to test.
    testable: usize,
}

impl Tried {
    /// Returns how many functions there is time to test without some.
    fn testable_without(
        &self,
        left: &BTreeSet<String>,
        unit: &Unit,
        check: &CheckOptions,
    ) -> usize {
        let check_time = check.allowance.as_ref().and_then(Allowance::budget);
        testable(&self.read.module, &(&tested(unit) - left), check_time)
    }
}

/// What is in the way of a smaller program.
struct Way {
    why: String,
    /// The functions without which it would be a stand-in; `None`: all of them.
    left: Option<BTreeSet<String>>,
}

impl Way {
    fn of(scaled: &Scaled, why: &str, left: Option<BTreeSet<String>>) -> Self {
        let constants = constants_in_words(&scaled.constants);
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
        if functions.is_empty() {
            return (unit, None);
        }
        match self.stand_in(planned, &unit) {
            Ok(stand_in) => {
                unit.stand_in = Some(Box::new(stand_in));
                (unit, None)
            }
            Err(Way { why, left }) => {
                let functions = left.unwrap_or(functions);
                (unit, Some(NoStandIn { functions, why }))
            }
        }
    }

    /// Returns the stand-in by which most functions can be tested, or what is in its way.
    fn stand_in(&self, planned: Planned<'_>, unit: &Unit) -> Result<StandIn, Way> {
        let none = || Way {
            why: "none of its constants is a size that can be smaller".to_owned(),
            left: None,
        };
        let (mut best, mut is_first) = ((0, Err(none())), true);
        let mut slow: Vec<(Scaled, StandIn)> = Vec::new();
        for tried in self.promising(planned, unit) {
            if slow.iter().any(|(slow, _)| is_larger(&tried.scaled, slow)) {
                continue;
            }
            let (most, found) = &best;
            let is_enough = tried.testable < *most || tried.testable == *most && found.is_ok();
            if is_enough && !is_first {
                break;
            }
            let found = match self.tried(planned, unit, &tried) {
                Ok(stand_in) if !tried.read.is_quick(unit, &stand_in, planned.check) => {
                    let scaled = tried.scaled.clone();
                    let main = BTreeSet::from([MAIN.to_owned()]);
                    let way = Way::of(&scaled, TOO_LONG, Some(main));
                    slow.push((scaled, stand_in));
                    Err(way)
                }
                found => found,
            };
            let left = match &found {
                Ok(_) => Some(&tried.left),
                Err(way) => way.left.as_ref(),
            };
            let number = left.map_or(0, |left| tried.testable_without(left, unit, planned.check));
            let is_better = number > best.0 || number == best.0 && best.1.is_err() && found.is_ok();
            if is_better || is_first {
                best = (number, found);
            }
            is_first = false;
        }
        // One that may take too long is better than none.
        let slow = slow.pop().map(|(_, stand_in)| stand_in);
        best.1.or_else(|way| slow.ok_or(way))
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

    /// Returns the smaller files by which some functions can be tested, as far as their sizes say: most first, and of equals
    /// in the order in which they are tried.
    fn promising(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Tried> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for scaled in self.smaller(planned, unit) {
            if !seen.insert(scaled.constants.clone()) {
                continue;
            }
            let Some(read) = self.read(&planned.plan.module.source, &scaled) else {
                continue;
            };
            let mut tried = Tried {
                left: still_too_large(&read.module, unit),
                scaled,
                read,
                testable: 0,
            };
            tried.testable = tried.testable_without(&tried.left, unit, planned.check);
            all.push(tried);
        }
        all.sort_by_key(|tried| Reverse(tried.testable));
        all
    }

    /// Returns the smaller files that are tried, in order.
    fn smaller(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Scaled> {
        let extents = unit.entries.iter().flat_map(|entry| &entry.extents);
        let modulus = extents.fold(1, |all, extent| common_multiple(all, u64::from(*extent)));
        let module = &planned.plan.module;
        let ways = Shrinks::of(module).iter().flat_map(|shrinks| {
            let repeats = [Repeats::Divided, Repeats::Few].into_iter();
            repeats.map(|repeats| (*shrinks, repeats))
        });
        let all = ways.flat_map(|ways| TIMES.map(|times| (ways, times)));
        let all = all.filter_map(|(ways, (times, part))| {
            scaled(
                module,
                &self.options.arguments,
                modulus * times / part,
                ways,
            )
        });
        all.collect()
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
        let scaled = scaled.clone();
        Ok(StandIn {
            unit: smaller,
            constants: scaled.constants,
            arguments: scaled.arguments,
            headers: scaled.headers,
            apart: apart(planned.plan),
        })
    }

    /// Reads a smaller file once.
    fn read(&self, source: &Source, scaled: &Scaled) -> Option<Arc<Smaller>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(&scaled.constants) {
            return known.clone();
        }
        let smaller = self.parsed(source, scaled).map(|module| {
            Arc::new(Smaller {
                module,
                workload: OnceLock::new(),
                is_quick: OnceLock::new(),
            })
        });
        read.insert(scaled.constants.clone(), smaller.clone());
        smaller
    }

    /// Reads a smaller file, under its name; `None` where it is none that is translated.
    fn parsed(&self, source: &Source, scaled: &Scaled) -> Option<Module> {
        let own = tempfile::tempdir().ok()?;
        let mut path = PathBuf::from(&source.name);
        if !scaled.headers.is_empty() {
            path = own.path().join(path.file_name()?);
        }
        for (name, text) in &scaled.headers {
            let header = own.path().join(name);
            fs::create_dir_all(header.parent()?).ok()?;
            fs::write(header, text).ok()?;
        }
        let input = Input {
            name: path.to_str()?.to_owned(),
            text: scaled.text.clone().into_bytes(),
            parts: source.parts_in(&scaled.text),
        };
        let options = Options {
            arguments: scaled.arguments.clone(),
            ..self.options.clone()
        };
        let parsed = mupac_frontend::parse(&input, &options).ok()?;
        let mut module = parsed.module;
        module.source.name.clone_from(&source.name);
        let is_cxx = parsed.needs_c.is_empty();
        (is_cxx || self.target.split.is_some()).then_some(module)
    }

    /// Returns the same choice for every region of the smaller file, which has the name of the region there.
    ///
    /// **Errors**: why a region has no such plan there, and the functions of all that have none.
    fn choices(
        &self,
        planned: Planned<'_>,
        smaller: &Arc<Workload>,
    ) -> Result<Vec<Choice>, (String, BTreeSet<String>)> {
        let mut refused = None;
        let mut left = BTreeSet::new();
        let numbers = smaller.regions.iter().enumerate();
        let numbers: BTreeMap<&str, usize> = numbers
            .map(|(number, region)| (region.name.as_str(), number))
            .collect();
        let mut choices: Vec<Choice> = smaller
            .regions
            .iter()
            .map(|each| unplanned(each.span))
            .collect();
        for choice in planned.choices {
            let Choice::Kernel(chosen) = choice else {
                continue;
            };
            let mut regions = planned.plan.regions.iter();
            let settled = regions.find(|each| each.name == chosen.name);
            let number = numbers.get(chosen.name.as_str()).copied();
            let again = match number {
                Some(number) => self.again(settled.unwrap_or(chosen), smaller, number),
                None => Err(OTHER_LOOPS.to_owned()),
            };
            match (number.and_then(|number| choices.get_mut(number)), again) {
                (Some(own), Ok(again)) => *own = Choice::Kernel(Box::new(again)),
                (_, again) => {
                    let why = again.err().unwrap_or_default();
                    refused.get_or_insert(why);
                    left.insert(chosen.function.name.clone());
                }
            }
        }
        refused.map_or(Ok(choices), |why| Err((why, left)))
    }

    /// Returns the plan of a region by the moves of another one, with its thresholds.
    fn again(
        &self,
        chosen: &RegionPlan,
        smaller: &Arc<Workload>,
        number: usize,
    ) -> Result<RegionPlan, String> {
        let Target {
            settings, device, ..
        } = self.target;
        let refused = |refusal: Refusal| refusal.reason.to_string();
        let start = State::new(Arc::clone(smaller), number).ok_or(OTHER_LOOPS)?;
        let state = start.replay(&chosen.trajectory, device).map_err(refused)?;
        let mut again = state.finish(settings, device).map_err(refused)?;
        let thresholds = chosen.thresholds();
        again.set_thresholds(&thresholds);
        Ok(again)
    }
}

/// Returns whether a program has no constant that is smaller than another one's.
fn is_larger(scaled: &Scaled, than: &Scaled) -> bool {
    let mut constants = scaled.constants.iter();
    let is_smaller = |(constant, value): (&u64, &u64)| {
        let other = than.constants.get(constant).unwrap_or(constant);
        value < other
    };
    !constants.any(is_smaller)
}

/// Returns the choice for a region that has no kernel in the plan.
fn unplanned(at: Span) -> Choice {
    let reason = Reason::UserChoice {
        option: "the plan".to_owned(),
    };
    Choice::Original(Refusal::new(reason, at))
}

/// Returns whether tests call functions of a unit by themselves.
fn tests_functions(unit: &Unit) -> bool {
    let mut entries = unit.entries.iter();
    entries.any(|entry| entry.function.name != MAIN)
}

/// Returns to which function each definition belongs that a plan changes.
fn owners(plan: &Plan) -> BTreeMap<&str, &str> {
    let mut owners = BTreeMap::new();
    for region in &plan.regions {
        let function = region.function.name.as_str();
        let kernels = region
            .kernels
            .iter()
            .map(|(_, kernel)| kernel.name.as_str());
        owners.extend(kernels.chain([function]).map(|name| (name, function)));
    }
    owners
}

/// Returns the functions of which one region does all that others see, without a value that many blocks join.
fn apart(plan: &Plan) -> BTreeSet<String> {
    let is_apart = |region: &&RegionPlan| {
        let is_own = |other: &&RegionPlan| other.of == region.of;
        let function = &plan.module.functions[region.of];
        matches!(region.memory, Memory::Explicit | Memory::System)
            && region.reductions.iter().next().is_none()
            && region.split_sums.is_empty()
            && plan.regions.iter().filter(is_own).count() == 1
            && function
                .body
                .iter()
                .all(|each| is_of(region, each) || is_hidden(function, each))
    };
    let found = plan.regions.iter().filter(is_apart);
    found.map(|region| region.function.name.clone()).collect()
}

fn is_of(region: &RegionPlan, statement: &Stmt) -> bool {
    let (own, all) = (statement.span(), region.replaces);
    own.start >= all.start && own.end <= all.end
}

/// Returns whether a statement only sets variables that end with the function.
fn is_hidden(function: &Function, statement: &Stmt) -> bool {
    match statement {
        Stmt::Declare(..) | Stmt::Let(..) | Stmt::Return(..) => true,
        Stmt::Compute(compute) => {
            let var = &function.vars[compute.target.var];
            compute.target.path.is_empty()
                && matches!(var.storage, Storage::Local | Storage::Parameter)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}
