//! Random programs through the whole pipeline: what they mean must survive every stage.
//!
//! A call is made five ways, and every outcome is compared bit by bit with the first:
//! the generated tree in the interpreter; its C text compiled by the C compiler; the plan that the pipeline makes of
//! that text in the interpreter, and the emitted CUDA C++ on the tester's runtime, both under three orders.
//! Many programs share one file, so that a compilation serves all of them; where a file fails as a whole it is halved
//! until the program at fault stands alone.
//! A program with constructs that C++ lacks and no edit replaces, which the front end names, has no emitted text to run.

use std::collections::BTreeMap;
use std::time::Duration;

use mupac::candidates::Target;
use mupac::translate::{self, Ending, Request, Selection, Translation};
use mupac_frontend::{Input, Parsed};
use mupac_ir::generate::{Case, Family, Outcome, harness, read_outcomes};
use mupac_ir::interpret::{GuardOutcomes, Machine, Order};
use mupac_ir::{Guard, Handle, Module};
use mupac_passes::{Device, FloatOrder, Settings};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{self, Executable, Execution, Executor, Invocation, Language, Part};

/// Orders of blocks and threads, for the interpreter and for the runtime.
const ORDERS: [(Order, execute::Order); 3] = [
    (Order::Ascending, execute::Order::Ascending),
    (Order::Descending, execute::Order::Descending),
    (Order::Shuffled(7), execute::Order::Shuffled(7)),
];

/// With its induction variable pass, gcc 12.2 miscompiles some overlapping loops, so that pass is not the judge
/// (`ir/tests/agree_gcc.rs`).
const C_FLAGS: &[&str] = &["-fno-ivopts", "-fno-strict-aliasing"];

/// The longest that one run of one file may take.
const LIMIT: Duration = Duration::from_secs(120);

/// What came of some programs.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// By kind of program.
    pub(crate) families: BTreeMap<Family, Count>,
    /// How guards turned out, by kind.
    pub(crate) guards: BTreeMap<&'static str, GuardOutcomes>,
    /// Kernels launched by emitted code in ascending order.
    pub(crate) launches: u64,
    /// Outcomes that differ, and stages that fail.
    pub(crate) disagreements: Vec<Disagreement>,
}

/// What came of the programs of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) programs: u64,
    pub(crate) calls: u64,
    /// Programs of which a call launched a kernel.
    pub(crate) launched: u64,
    /// Programs with kernels of which a call fell back to the original text.
    pub(crate) fell_back: u64,
    /// Programs that are no C++ whatever becomes of their loops.
    pub(crate) needs_c: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.programs += other.programs;
        self.calls += other.calls;
        self.launched += other.launched;
        self.fell_back += other.fell_back;
        self.needs_c += other.needs_c;
    }
}

/// A program that does not mean the same everywhere.
#[derive(Debug)]
pub(crate) struct Disagreement {
    pub(crate) seed: u64,
    pub(crate) family: Family,
    /// Where, and what is different.
    pub(crate) what: String,
    /// The C text.
    pub(crate) source: String,
}

impl Tally {
    fn disagree(&mut self, case: &Case, what: String) {
        self.disagreements.push(Disagreement {
            seed: case.seed,
            family: case.family,
            what,
            source: harness(std::slice::from_ref(case)).source(),
        });
    }

    pub(crate) fn total(&self) -> Count {
        let mut total = Count::default();
        for count in self.families.values() {
            total.add(*count);
        }
        total
    }

    fn add(&mut self, other: Self) {
        for (family, count) in other.families {
            self.families.entry(family).or_default().add(count);
        }
        for (kind, outcomes) in other.guards {
            let sum = self.guards.entry(kind).or_default();
            sum.held += outcomes.held;
            sum.failed += outcomes.failed;
        }
        self.launches += other.launches;
        self.disagreements.extend(other.disagreements);
    }
}

/// Runs some programs, whose seeds differ, and adds what came of them.
pub(crate) fn run(executor: &Executor, cases: &[Case], tally: &mut Tally) {
    let (cxx, c): (Vec<Case>, Vec<Case>) = cases.iter().cloned().partition(|case| {
        parsed(&harness(std::slice::from_ref(case)).programs)
            .is_ok_and(|parsed| parsed.needs_c.is_empty())
    });
    for case in &c {
        tally.families.entry(case.family).or_default().needs_c += 1;
    }
    halving(executor, &cxx, true, tally);
    halving(executor, &c, false, tally);
}

fn halving(executor: &Executor, cases: &[Case], is_cxx: bool, tally: &mut Tally) {
    let mut trial = Tally::default();
    match attempt(executor, cases, is_cxx, &mut trial) {
        Ok(()) => tally.add(trial),
        Err(what) => match cases {
            [] => {}
            [case] => {
                tally.families.entry(case.family).or_default().programs += 1;
                tally.disagree(case, what);
            }
            _ => {
                let (first, second) = cases.split_at(cases.len() / 2);
                halving(executor, first, is_cxx, tally);
                halving(executor, second, is_cxx, tally);
            }
        },
    }
}

/// Runs the programs of one file; the error says which stage failed as a whole.
fn attempt(
    executor: &Executor,
    cases: &[Case],
    is_cxx: bool,
    tally: &mut Tally,
) -> Result<(), String> {
    let harness = harness(cases);
    let original = Part {
        language: Language::C,
        text: &harness.source(),
        flags: C_FLAGS,
    };
    let program = built(executor, original).map_err(|what| format!("original: {what}"))?;
    let ascending = execute::Order::Ascending;
    let (_, compiled) = outcomes(executor, &program, ascending, &harness.stdin, cases)
        .map_err(|what| format!("original: {what}"))?;
    compare(cases, &compiled, "the C compiler", tally);

    let translation = translated(&harness.programs)?;
    let planned = interpret_plan(cases, &translation, tally)?;
    // Whether memory can be read is a question to the machine, whose pages end later than the interpreter's objects.
    let mut guards = translation
        .plan
        .regions
        .iter()
        .flat_map(|region| &region.guards);
    let is_exact = !guards.any(|guard| matches!(guard, Guard::Accessible { .. }));
    let Ending::Done(checked) = &translation.ending else {
        return Err(format!("translation: {:?}", translation.ending));
    };
    if !is_cxx {
        return Ok(());
    }
    let candidate = Part {
        language: Language::Cuda,
        text: &format!("{}{}", checked.cuda(), harness.calls),
        flags: &["-DMUPAC_CPU_THRESHOLD=0", "-fno-strict-aliasing"],
    };
    let program = built(executor, candidate).map_err(|what| format!("emitted text: {what}"))?;
    for (_, order) in ORDERS {
        let stage = format!("emitted text, {order:?}");
        let (execution, emitted) = outcomes(executor, &program, order, &harness.stdin, cases)
            .map_err(|what| format!("{stage}: {what}"))?;
        compare(cases, &emitted, &stage, tally);
        let launched: u64 = execution.launches.values().sum();
        if launched < planned || (is_exact && launched != planned) {
            return Err(format!(
                "{stage}: {launched} launches, the plan has {planned}"
            ));
        }
        if order == ascending {
            tally.launches += launched;
        }
    }
    Ok(())
}

fn built(executor: &Executor, part: Part<'_>) -> Result<Executable, String> {
    executor.build(&[part]).map_err(|error| error.to_string())?
}

/// Runs a program and reads what its calls left behind.
fn outcomes(
    executor: &Executor,
    program: &Executable,
    order: execute::Order,
    stdin: &[u8],
    cases: &[Case],
) -> Result<(Execution, Vec<Vec<Outcome>>), String> {
    let invocation = Invocation {
        stdin,
        order,
        limit: LIMIT,
    };
    let execution = executor
        .run(program, invocation)
        .map_err(|error| error.to_string())?;
    if let Some(trouble) = &execution.trouble {
        return Err(trouble.clone());
    }
    let text = String::from_utf8_lossy(&execution.stdout);
    let outcomes = read_outcomes(cases, &text).ok_or("its output is not all there")?;
    Ok((execution, outcomes))
}

fn compare(cases: &[Case], outcomes: &[Vec<Outcome>], stage: &str, tally: &mut Tally) {
    for (case, outcomes) in cases.iter().zip(outcomes) {
        for (number, (input, outcome)) in case.inputs.iter().zip(outcomes).enumerate() {
            let difference = match case.interpret(input) {
                Ok(expected) => case.difference(input, &expected, outcome),
                Err(fault) => Some(format!("the generated program faults: {fault}")),
            };
            if let Some(difference) = difference {
                tally.disagree(case, format!("{stage}, call {number}: {difference}"));
                break;
            }
        }
    }
}

fn parsed(text: &str) -> Result<Parsed, String> {
    let input = Input {
        name: "programs.c".to_owned(),
        text: text.as_bytes().to_vec(),
    };
    mupac_frontend::parse(&input, &mupac_frontend::Options::default())
        .map_err(|error| format!("front end: {error:?}"))
}

/// Translates C text as the command line does, without a check.
fn translated(text: &str) -> Result<Translation, String> {
    let request = Request {
        selection: Selection::Greedy,
        target: Target {
            settings: Settings {
                cpu_threshold: 0,
                // Everything is compared bit by bit.
                float_order: FloatOrder::Source,
            },
            device: Device::default(),
        },
        check: None,
        is_strict: true,
    };
    translate::translate(parsed(text)?.module, &request)
        .map_err(|error| format!("translation: {error}"))
}

/// Runs the plan's regions in the interpreter and returns how many kernels one order launches.
fn interpret_plan(
    cases: &[Case],
    translation: &Translation,
    tally: &mut Tally,
) -> Result<u64, String> {
    let plan = &translation.plan;
    let mut launches = 0;
    for case in cases {
        let called = called(case, &plan.module)?;
        let mut seen = (false, false);
        for (number, input) in case.inputs.iter().enumerate() {
            for (order, _) in ORDERS {
                let mut machine = Machine::new(&plan.module)
                    .with_order(order)
                    .with_regions(&plan.regions, true);
                let difference = match called.run_on(&mut machine, input) {
                    Ok(outcome) => case
                        .interpret(input)
                        .map_err(|fault| fault.to_string())
                        .map(|expected| case.difference(input, &expected, &outcome)),
                    Err(fault) => Ok(Some(fault.to_string())),
                }?;
                if let Some(difference) = difference {
                    // The others have their own file once this one is found.
                    return Err(format!("plan, {order:?}, call {number}: {difference}"));
                }
                if order == Order::Ascending {
                    launches += machine.launches();
                    seen.0 |= machine.launches() > 0;
                    for (kind, outcomes) in machine.guards() {
                        seen.1 |= outcomes.failed > 0;
                        let sum = tally.guards.entry(kind).or_default();
                        sum.held += outcomes.held;
                        sum.failed += outcomes.failed;
                    }
                }
            }
        }
        let count = tally.families.entry(case.family).or_default();
        count.programs += 1;
        count.calls += case.inputs.len() as u64;
        count.launched += u64::from(seen.0);
        count.fell_back += u64::from(seen.1);
    }
    Ok(launches)
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

/// Returns an executor whose compilers are the default ones.
pub(crate) fn executor() -> Executor {
    Executor::new(&CheckOptions::default()).unwrap()
}
