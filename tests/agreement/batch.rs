//! Many programs in one file, so that a compilation serves all of them.
//!
//! Where a file fails as a whole it is halved until the program at fault stands alone.
//! A program with constructs that C++ lacks and no edit replaces, which the front end names, has no emitted text to run.
//! What a sketch means, which is text only, the C compiler says, under sanitizers; the interpreter says it of all others.

use std::collections::BTreeSet;
use std::time::Instant;

use mupac_frontend::{Input, Parsed};
use mupac_ir::generate::{Case, Form, Harness, Outcome, harness, harness_on};
use mupac_ir::interpret::{FaultKind, Limits, Machine, Order, Side};
use mupac_ir::{Guard, Handle, Module, Plan, RegionPlan};
use mupac_tester::execute::{self, Executable, Execution, Executor, Language, Part};

use super::compiled::{self, Executors};
use super::plans::{Planned, Profile, planned};
use super::tally::Tally;

/// Orders of blocks and threads, for the interpreter and for the runtime.
const ORDERS: [(Order, execute::Order); 3] = [
    (Order::Ascending, execute::Order::Ascending),
    (Order::Descending, execute::Order::Descending),
    (Order::Shuffled(7), execute::Order::Shuffled(7)),
];

/// For emitted text, after the threshold: without optimisation the compiler is twice as fast, and the runtime sees every
/// access all the same.
const CUDA_FLAGS: &[&str] = &[
    "-DMUPAC_CPU_THRESHOLD=0",
    "-fno-strict-aliasing",
    "-frounding-math",
    "-O0",
];

/// The longest that one call may take in the interpreter; blocks that stage in every iteration take by far the longest.
const MOST_STATEMENTS: u64 = 10_000_000;

/// A program and what its calls leave behind.
#[derive(Clone)]
struct Judged {
    case: Case,
    expected: Vec<Outcome>,
}

/// Why a file of programs did not come through.
enum Trouble {
    /// These programs, by number, with what is wrong.
    Of(Vec<(usize, String)>),
    /// Something fails for the file as a whole.
    Whole(String),
}

/// Runs some programs, whose seeds differ, and adds what came of them.
pub(crate) fn run(executors: &Executors, profile: &Profile, cases: &[Case], tally: &mut Tally) {
    let executor = &executors.plain;
    let (sketches, trees): (Vec<&Case>, Vec<&Case>) =
        cases.iter().partition(|case| case.sketch.is_some());
    let sketches: Vec<Case> = sketches.into_iter().cloned().collect();
    let start = Instant::now();
    let mut judged = Vec::new();
    refer(executors, &sketches, &mut judged, tally);
    tally.spend("sanitizers", start.elapsed());
    for case in cases {
        tally.drawn.programs += case.drawn.programs;
        tally.drawn.calls += case.drawn.calls;
        tally.drawn.defined += case.drawn.defined;
    }
    for case in trees {
        let mut case = case.clone();
        case.inputs.retain(|input| input.fits(profile.side()));
        let outcomes = case.inputs.iter().map(|input| case.interpret(input));
        match outcomes.collect() {
            Ok(expected) => judged.push(Judged { case, expected }),
            Err(fault) => tally.disagree(&case, format!("the generated program faults: {fault}")),
        }
    }
    // In which order sums are computed is a choice for a whole file.
    let (exact, others): (Vec<Judged>, Vec<Judged>) =
        judged.into_iter().partition(|each| each.case.is_exact);
    for judged in [exact, others] {
        let (c, cxx) = apart(judged, tally);
        for each in &c {
            tally.families.entry(each.case.family).or_default().needs_c += 1;
        }
        halving(executor, profile, &cxx, true, tally);
        halving(executor, profile, &c, false, tally);
    }
}

/// Finds what sketches mean; those that are not defined are counted and dropped.
fn refer(executors: &Executors, cases: &[Case], judged: &mut Vec<Judged>, tally: &mut Tally) {
    if cases.is_empty() {
        return;
    }
    let found = compiled::under_sanitizers(executors, cases);
    match (found, cases) {
        (Ok(Ok(outcomes)), _) => {
            let cases = cases.iter().cloned().zip(outcomes);
            judged.extend(cases.map(|(case, expected)| Judged { case, expected }));
        }
        (Ok(Err(_)), [_]) => tally.undefined += 1,
        (Err(what), [only]) => {
            tally.disagree(
                only,
                format!("the generated program does not compile: {what}"),
            );
        }
        _ => {
            let (first, second) = cases.split_at(cases.len() / 2);
            refer(executors, first, judged, tally);
            refer(executors, second, judged, tally);
        }
    }
}

/// Tells programs that only a C compiler understands from the others, which come second.
fn apart(judged: Vec<Judged>, tally: &mut Tally) -> (Vec<Judged>, Vec<Judged>) {
    let start = Instant::now();
    let texts: Vec<String> = judged.iter().map(|each| each.case.halves().own).collect();
    let needs_c = parsed(&texts.concat()).map_or_else(|_| Vec::new(), |parsed| parsed.needs_c);
    tally.spend("front end", start.elapsed());
    let mut end = 0;
    let ends: Vec<usize> = texts
        .iter()
        .map(|text| {
            end += text.len();
            end
        })
        .collect();
    let mut is_c = vec![false; judged.len()];
    for refusal in needs_c {
        let at = ends.partition_point(|end| *end <= refusal.at.start as usize);
        if let Some(is_c) = is_c.get_mut(at) {
            *is_c = true;
        }
    }
    let mut sides = (Vec::new(), Vec::new());
    for (each, is_c) in judged.into_iter().zip(is_c) {
        if is_c {
            sides.0.push(each);
        } else {
            sides.1.push(each);
        }
    }
    sides
}

fn halving(
    executor: &Executor,
    profile: &Profile,
    judged: &[Judged],
    is_cxx: bool,
    tally: &mut Tally,
) {
    if judged.is_empty() {
        return;
    }
    let mut trial = Tally::default();
    match attempt(executor, profile, judged, is_cxx, &mut trial) {
        Ok(()) => tally.add(trial),
        Err(Trouble::Of(found)) => {
            let mut others = judged.to_vec();
            for (number, what) in found.into_iter().rev() {
                let each = others.remove(number);
                count_alone(&each.case, what, tally);
            }
            halving(executor, profile, &others, is_cxx, tally);
        }
        Err(Trouble::Whole(what)) => {
            if let [each] = judged {
                count_alone(&each.case, what, tally);
                return;
            }
            let (first, second) = judged.split_at(judged.len() / 2);
            halving(executor, profile, first, is_cxx, tally);
            halving(executor, profile, second, is_cxx, tally);
        }
    }
}

fn count_alone(case: &Case, what: String, tally: &mut Tally) {
    tally.families.entry(case.family).or_default().programs += 1;
    tally.disagree(case, what);
}

/// The kernels that a plan launches.
struct Launches {
    least: u64,
    /// Whether there are no more: the interpreter saw the plan to its end.
    are_all: bool,
}

/// One file of programs and their calls.
struct File<'a> {
    executor: &'a Executor,
    profile: &'a Profile,
    judged: Vec<Judged>,
    cases: Vec<Case>,
    harness: Harness,
}

/// Runs the programs of one file.
fn attempt(
    executor: &Executor,
    profile: &Profile,
    judged: &[Judged],
    is_cxx: bool,
    tally: &mut Tally,
) -> Result<(), Trouble> {
    let cases: Vec<Case> = judged.iter().map(|each| each.case.clone()).collect();
    let mut file = File {
        executor,
        profile,
        judged: judged.to_vec(),
        harness: harness(&cases),
        cases,
    };
    let start = Instant::now();
    file.run_original()?;
    tally.spend("C compiler", start.elapsed());

    let start = Instant::now();
    let parsed = parsed(&file.harness.programs).map_err(Trouble::Whole)?;
    tally.spend("front end", start.elapsed());
    let start = Instant::now();
    let is_exact = file.cases.iter().all(|case| case.is_exact);
    let planned = planned(parsed.module, profile, is_exact).map_err(Trouble::Whole)?;
    tally.spend("translation", start.elapsed());
    let start = Instant::now();
    let launches = file.interpret(&planned.plan, tally)?;
    tally.spend("interpreter", start.elapsed());
    if is_cxx {
        let run = file.run_emitted(&planned, &launches, tally);
        return run.map_err(|trouble| match (trouble, file.cases.as_slice()) {
            (Trouble::Whole(what), [only]) => Trouble::Whole(what + &moves(only, &planned.plan)),
            (trouble, _) => trouble,
        });
    }
    for case in file.cases.iter().filter(|case| !is_whole(case)) {
        tally.families.entry(case.family).or_default().programs += 1;
    }
    Ok(())
}

fn failed(stage: &str, what: &str) -> Trouble {
    Trouble::Whole(format!("{stage}: {what}"))
}

impl File<'_> {
    /// Runs the programs as they are; what depends on lines depends on the file, so sketches mean what they do here.
    fn run_original(&mut self) -> Result<(), Trouble> {
        let compiled = compiled::original(self.executor, &self.harness)
            .and_then(|program| self.outcomes(&program, execute::Order::Ascending));
        let (_, compiled) = compiled.map_err(|what| failed("original", &what))?;
        for (judged, outcomes) in self.judged.iter_mut().zip(&compiled) {
            if judged.case.forms().contains(&Form::Lines) {
                judged.expected.clone_from(outcomes);
            }
        }
        self.compare(&compiled, "the C compiler")
    }

    fn run_emitted(
        &self,
        planned: &Planned,
        launches: &Launches,
        tally: &mut Tally,
    ) -> Result<(), Trouble> {
        // Whether memory can be read is a question to the machine, whose pages end later than the interpreter's objects.
        let mut guards = planned
            .plan
            .regions
            .iter()
            .flat_map(|region| &region.guards);
        let asks_machine = guards.any(|guard| matches!(guard, Guard::Accessible { .. }));
        let hidden = usize::from(!self.profile.skips_threshold());
        let part = Part {
            language: Language::Cuda,
            text: &format!("{}{}", planned.cuda, self.calls(&planned.plan)?),
            flags: &CUDA_FLAGS[hidden..],
        };
        let start = Instant::now();
        let program = compiled::linked(self.executor, part, &self.harness)
            .map_err(|what| failed("emitted text", &what))?;
        tally.spend("CUDA compiler", start.elapsed());
        let start = Instant::now();
        for (_, order) in ORDERS {
            let stage = format!("emitted text, {order:?}");
            let (execution, emitted) = self
                .outcomes(&program, order)
                .map_err(|what| failed(&stage, &what))?;
            self.compare(&emitted, &stage)?;
            let run = self.launched(&execution, is_whole);
            if run < launches.least || (launches.are_all && !asks_machine && run != launches.least)
            {
                let what = format!("{run} launches, the plan has {}", launches.least);
                return Err(failed(&stage, &what));
            }
            if order == execute::Order::Ascending {
                self.count(&execution, tally);
            }
        }
        tally.spend("emitted text", start.elapsed());
        Ok(())
    }

    /// Returns how many kernels some of the programs launched.
    fn launched(&self, execution: &Execution, are_meant: impl Fn(&Case) -> bool) -> u64 {
        let cases = self.cases.iter().filter(|case| are_meant(case));
        cases.map(|case| launched(case, execution)).sum()
    }

    /// Counts the programs by their forms, and those of which no interpreter tells anything.
    fn count(&self, execution: &Execution, tally: &mut Tally) {
        tally.launches += self.launched(execution, |_| true);
        for case in &self.cases {
            let has_launched = launched(case, execution) > 0;
            tally.count_forms(case, has_launched);
            if !is_whole(case) {
                let count = tally.families.entry(case.family).or_default();
                count.programs += 1;
                count.calls += case.inputs.len() as u64;
                count.launched += u64::from(has_launched);
            }
        }
    }

    /// Returns the text of the calls, which pass each function what the plan takes.
    fn calls(&self, plan: &Plan) -> Result<String, Trouble> {
        let side = |case: &Case| {
            if case.sketch.is_some() {
                return Ok(Side::Host);
            }
            called(case, &plan.module).map(|called| side(&called, plan))
        };
        let sides: Result<Vec<Side>, String> = self.cases.iter().map(side).collect();
        Ok(harness_on(&self.cases, &sides.map_err(Trouble::Whole)?).calls)
    }

    /// Runs a program and reads what its calls left behind.
    fn outcomes(
        &self,
        program: &Executable,
        order: execute::Order,
    ) -> Result<(Execution, Vec<Vec<Outcome>>), String> {
        compiled::outcomes(self.executor, program, &self.cases, &self.harness, order)
    }

    fn compare(&self, outcomes: &[Vec<Outcome>], stage: &str) -> Result<(), Trouble> {
        let mut found = Vec::new();
        for (number, (judged, outcomes)) in self.judged.iter().zip(outcomes).enumerate() {
            let calls = judged.case.inputs.iter().zip(&judged.expected);
            let difference =
                calls
                    .zip(outcomes)
                    .enumerate()
                    .find_map(|(call, ((input, expected), outcome))| {
                        let difference = judged.case.difference(input, expected, outcome)?;
                        Some(format!("{stage}, call {call}: {difference}"))
                    });
            found.extend(difference.map(|difference| (number, difference)));
        }
        all_well(found)
    }

    /// Runs the plan's regions in the interpreter and returns how many kernels one order launches.
    fn interpret(&self, plan: &Plan, tally: &mut Tally) -> Result<Launches, Trouble> {
        for guard in plan.regions.iter().flat_map(|region| &region.guards) {
            tally.guards.entry(guard.kind()).or_default();
        }
        let mut launches = Launches {
            least: 0,
            are_all: true,
        };
        let mut found = Vec::new();
        let judged = self.judged.iter().enumerate();
        for (number, judged) in judged.filter(|(_, each)| is_whole(&each.case)) {
            match self.interpret_one(judged, plan, tally) {
                Ok(more) => {
                    launches.least += more.least;
                    launches.are_all &= more.are_all;
                }
                Err(what) => found.push((number, what + &moves(&judged.case, plan))),
            }
        }
        all_well(found).map(|()| launches)
    }

    fn interpret_one(
        &self,
        judged: &Judged,
        plan: &Plan,
        tally: &mut Tally,
    ) -> Result<Launches, String> {
        let called = called(&judged.case, &plan.module)?;
        let side = side(&called, plan);
        let mut launches = 0;
        let mut run: BTreeSet<usize> = BTreeSet::new();
        let mut is_too_long = false;
        let mut has_fallen_back = false;
        let calls = called.inputs.iter().zip(&judged.expected);
        'calls: for (number, (input, expected)) in calls.enumerate() {
            for (order, _) in ORDERS {
                let mut machine = Machine::new(&plan.module)
                    .with_limits(Limits {
                        statements: MOST_STATEMENTS,
                        ..Limits::default()
                    })
                    .with_order(order)
                    .with_regions(&plan.regions, self.profile.skips_threshold())
                    .with_residency(&plan.residency, None);
                let difference = match called.run_on(&mut machine, side, input) {
                    Ok(outcome) => called.difference(input, expected, &outcome),
                    // Many threads that find nothing to do take longer than the interpreter runs; what is emitted runs all the same.
                    Err(fault) if matches!(fault.kind, FaultKind::StatementLimit(_)) => {
                        is_too_long = true;
                        break 'calls;
                    }
                    Err(fault) => Some(fault.to_string()),
                };
                if let Some(difference) = difference {
                    return Err(format!("plan, {order:?}, call {number}: {difference}"));
                }
                if order == Order::Ascending {
                    launches += machine.launches();
                    run.extend(machine.launched());
                    for (kind, outcomes) in machine.guards() {
                        has_fallen_back |= outcomes.failed > 0;
                        let sum = tally.guards.entry(kind).or_default();
                        sum.held += outcomes.held;
                        sum.failed += outcomes.failed;
                    }
                }
            }
        }
        let mut is_far = false;
        let regions = plan.regions.iter().enumerate();
        for (_, region) in regions.filter(|(number, _)| run.contains(number)) {
            is_far |= region.trajectory.moves.len() >= self.profile.far;
            for each in &region.trajectory.moves {
                *tally.steps.entry(each.step.clone()).or_default() += 1;
            }
        }
        let count = tally.families.entry(called.family).or_default();
        count.programs += 1;
        count.far += u64::from(is_far);
        count.calls += called.inputs.len() as u64;
        count.launched += u64::from(launches > 0);
        count.lent += u64::from(side == Side::Device && !run.is_empty());
        count.fell_back += u64::from(has_fallen_back);
        count.too_long += u64::from(is_too_long);
        Ok(Launches {
            least: launches,
            are_all: !is_too_long,
        })
    }
}

/// Returns whether the tree of a program's text is all of it, so that the interpreter can run a plan; functions that
/// macros make are text to the front end.
fn is_whole(case: &Case) -> bool {
    let forms = case.forms();
    case.sketch.is_none() && !forms.contains(&Form::Apart) && !forms.contains(&Form::Made)
}

/// Returns how many kernels a program launched, by the names of kernels, which start with that of their function.
fn launched(case: &Case, execution: &Execution) -> u64 {
    let prefix = format!("p{}_", case.seed);
    let launches = execution.launches.iter();
    let own = launches.filter(|(kernel, _)| kernel.starts_with(&prefix));
    own.map(|(_, count)| count).sum()
}

/// Returns how the regions of a program were mapped, a line each.
fn moves(case: &Case, plan: &Plan) -> String {
    own_regions(case, plan).fold(String::new(), |moves, region| {
        let trajectory = region.trajectory.to_string().replace('\n', "; ");
        moves + "\n  " + &region.name + ": " + &trajectory
    })
}

/// Returns the regions of a program.
fn own_regions<'a>(case: &Case, plan: &'a Plan) -> impl Iterator<Item = &'a RegionPlan> {
    let prefix = format!("p{}_", case.seed);
    let regions = plan.regions.iter();
    regions.filter(move |region| region.function.name.starts_with(&prefix))
}

fn all_well(found: Vec<(usize, String)>) -> Result<(), Trouble> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(Trouble::Of(found))
    }
}

fn parsed(text: &str) -> Result<Parsed, String> {
    let input = Input {
        name: "programs.c".to_owned(),
        text: text.as_bytes().to_vec(),
        parts: Vec::new(),
    };
    mupac_frontend::parse(&input, &mupac_frontend::Options::default())
        .map_err(|error| format!("front end: {error:?}"))
}

/// Returns the case with the function to call as the module that was read back has it.
fn called(case: &Case, module: &Module) -> Result<Case, String> {
    let name = &case.module.functions[case.function].name;
    let function: Handle<_> = module
        .functions
        .iter()
        .find(|(_, function)| function.name == *name)
        .map(|(handle, _)| handle)
        .ok_or_else(|| format!("front end: {name} is not in the tree"))?;
    Ok(Case {
        function,
        ..case.clone()
    })
}

/// Returns where a function expects what its pointers lead to.
fn side(case: &Case, plan: &Plan) -> Side {
    let mut regions = plan.regions.iter();
    let takes = |region: &RegionPlan| region.of == case.function && region.takes_device_memory();
    if regions.any(takes) {
        Side::Device
    } else {
        Side::Host
    }
}
