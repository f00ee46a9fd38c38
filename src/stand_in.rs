//! Programs with smaller constants that are tested in the place of those that take too long: the file is read once more
//! with smaller sizes, and every region is rewritten by the moves of the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use mupac_backend_cuda as backend;
use mupac_frontend::{Input, Options};
use mupac_ir::mutant::mutants;
use mupac_ir::{
    Function, Handle, Memory, Module, Plan, Refusal, RegionPlan, StandIn, Stmt, Storage, Unit,
};
use mupac_passes::{Choice, State, Workload};
use mupac_tester::{
    CheckOptions, Scaled, Shrinks, constants_in_words, has_small_functions, is_small, is_stand_in,
    scaled, too_large, tools,
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
    read: Mutex<BTreeMap<Constants, Option<Arc<Workload>>>>,
}

/// Why there is no stand-in for what takes too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoStandIn {
    /// The functions that take too long; `main` stands for the program.
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
        }
    }

    /// Returns the unit of a plan, with a stand-in where a call of one of its functions takes too long; and why it has none,
    /// where it should.
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
            Err(why) => (unit, Some(NoStandIn { functions, why })),
        }
    }

    fn stand_in(&self, planned: Planned<'_>, unit: &Unit) -> Result<StandIn, String> {
        let extents = unit.entries.iter().flat_map(|entry| &entry.extents);
        let modulus = extents.fold(1, |all, extent| common_multiple(all, u64::from(*extent)));
        let mut why = None;
        // A program of which only the functions can be tested is better than none.
        let module = &planned.plan.module;
        for is_enough in [is_small, has_small_functions] {
            let all = Shrinks::of(module).iter();
            let all = all.flat_map(|shrinks| TIMES.map(|times| (*shrinks, times)));
            for (shrinks, (times, part)) in all {
                let arguments = &self.options.arguments;
                let modulus = modulus * times / part;
                let Some(scaled) = scaled(module, arguments, modulus, shrinks) else {
                    continue;
                };
                let refused = match self.of_size(planned, &scaled, is_enough) {
                    Ok(smaller) if is_stand_in(unit, &smaller) => {
                        return Ok(StandIn {
                            unit: smaller,
                            constants: scaled.constants,
                            arguments: scaled.arguments,
                            headers: scaled.headers,
                            apart: apart(planned.plan),
                        });
                    }
                    Ok(_) => "its kernels have another form".to_owned(),
                    Err(refused) => refused,
                };
                let constants = constants_in_words(&scaled.constants);
                why.get_or_insert(format!("with smaller constants ({constants}): {refused}"));
            }
        }
        let none = || "none of its constants is a size that can be smaller".to_owned();
        Err(why.unwrap_or_else(none))
    }

    /// Returns the unit of a smaller file by the moves of a plan; in words why there is none.
    fn of_size(
        &self,
        planned: Planned<'_>,
        scaled: &Scaled,
        is_enough: fn(&Module, &Unit) -> bool,
    ) -> Result<Unit, String> {
        let name = &planned.plan.module.source.name;
        let workload = self.workload(name, scaled);
        let has_same = |workload: &Arc<Workload>| workload.regions.len() == planned.choices.len();
        let workload = workload.filter(has_same).ok_or("its loops are others")?;
        let choices = self.choices(planned, &workload)?;
        let smaller = self.target.plan(&workload, &choices);
        let unit = Planned {
            workload: &workload,
            choices: &choices,
            plan: &smaller,
            ..planned
        }
        .unit();
        if is_enough(&smaller.module, &unit) {
            Ok(unit)
        } else {
            Err("it still takes too long".to_owned())
        }
    }

    fn workload(&self, name: &str, scaled: &Scaled) -> Option<Arc<Workload>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(&scaled.constants) {
            return known.clone();
        }
        let workload = self
            .parsed(name, scaled)
            .map(|module| self.target.analysed(module));
        read.insert(scaled.constants.clone(), workload.clone());
        workload
    }

    /// Reads a smaller file, under its name; `None` where it is none that is translated.
    fn parsed(&self, name: &str, scaled: &Scaled) -> Option<Module> {
        let own = tempfile::tempdir().ok()?;
        let mut path = PathBuf::from(name);
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
        };
        let options = Options {
            arguments: scaled.arguments.clone(),
            ..self.options.clone()
        };
        let parsed = mupac_frontend::parse(&input, &options).ok()?;
        let mut module = parsed.module;
        name.clone_into(&mut module.source.name);
        let is_cxx = parsed.needs_c.is_empty();
        (is_cxx || self.target.split.is_some()).then_some(module)
    }

    /// Returns the same choice for every region of the smaller file.
    fn choices(
        &self,
        planned: Planned<'_>,
        smaller: &Arc<Workload>,
    ) -> Result<Vec<Choice>, String> {
        let numbered = planned.choices.iter().enumerate();
        let again = |(number, choice): (usize, &Choice)| match choice {
            Choice::Original(refusal) => Ok(Choice::Original(refusal.clone())),
            Choice::Kernel(chosen) => {
                let mut regions = planned.plan.regions.iter();
                let settled = regions.find(|each| each.name == chosen.name);
                let again = self.again(settled.unwrap_or(chosen), smaller, number)?;
                Ok(Choice::Kernel(Box::new(again)))
            }
        };
        numbered.map(again).collect()
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
        let start = State::new(Arc::clone(smaller), number).ok_or("its loops are others")?;
        let state = start.replay(&chosen.trajectory, device).map_err(refused)?;
        let mut again = state.finish(settings, device).map_err(refused)?;
        let thresholds = chosen.thresholds();
        again.set_thresholds(&thresholds);
        Ok(again)
    }
}

/// Returns the functions of which one region does all that others see, without a value that many blocks join.
fn apart(plan: &Plan) -> BTreeSet<String> {
    let is_apart = |region: &&RegionPlan| {
        let is_own = |other: &&RegionPlan| other.of == region.of;
        let function = &plan.module.functions[region.of];
        region.memory == Memory::Explicit
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

fn common_multiple(a: u64, b: u64) -> u64 {
    let (mut divisor, mut rest) = (a, b.max(1));
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b.max(1)
}
