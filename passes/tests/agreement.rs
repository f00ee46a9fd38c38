//! Random programs, rewritten and lowered at random, leave behind what the original leaves behind.
//!
//! Mapped trees run with their parallel loops in several orders; plans run with their guards, copies and kernels.
//! Any outcome that differs, and any fault (a race, an access outside a copy, an overflow) is a wrong translation.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mupac_ir::generate::{
    self, Argument, CallerBuffer, Case, Drawn, Dress, Family, Input, Options,
};
use mupac_ir::interpret::{Machine, Order, Side};
use mupac_ir::random::Random;
use mupac_ir::{Module, Move, Plan, Scalar, Span, Stmt, Verdict, verify};
use mupac_passes::{Choice, Device, FloatOrder, Settings, State, Workload, analyse, naive, plan};

/// Programs of each family; more by `MUPAC_PROGRAMS`.
const PROGRAMS: u64 = 3;

const ORDERS: [Order; 3] = [Order::Ascending, Order::Descending, Order::Shuffled(7)];

#[derive(Default)]
struct Count {
    programs: usize,
    regions: usize,
    plans: usize,
    staged: usize,
    in_step: usize,
    split: usize,
    launches: u64,
}

#[test]
fn plans_and_mapped_trees_agree_with_the_program() {
    let programs = std::env::var("MUPAC_PROGRAMS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(PROGRAMS);
    let mut counts: BTreeMap<Family, Count> = BTreeMap::new();
    for family in Family::ALL {
        let options = Options {
            families: vec![family],
            inputs: 3,
        };
        for seed in 100..100 + programs {
            let case = generate::program(seed, &options).unwrap();
            check(&case, counts.entry(family).or_default());
        }
    }
    for (family, count) in &counts {
        eprintln!(
            "{family:?}: {} programs, {} regions, {} plans, {} staged, {} in step, {} split, {} launches",
            count.programs,
            count.regions,
            count.plans,
            count.staged,
            count.in_step,
            count.split,
            count.launches
        );
    }
    let launches = |family| counts.get(&family).map_or(0, |count| count.launches);
    for family in [
        Family::Map,
        Family::Stencil,
        Family::Transpose,
        Family::Strided,
        Family::Contraction,
        Family::Triangular,
        Family::Storage,
    ] {
        assert!(launches(family) > 0, "no kernel of family {family:?} ran");
    }
}

/// A size that lies in memory is read before anything else; where the array contains it, the program changes it on the
/// way, and the original loop must run.
#[test]
fn a_size_in_memory_may_lie_in_the_array() {
    let text = "fn fill(n: *const i32, x: *i32) {
        for i: i32 in 0..n[0] { S0: x[i64(i)] = 9 * n[0] + i }
    }";
    let mut module = mupac_ir::parse::module(text).unwrap();
    let (function, _) = module.functions.iter().next().unwrap();
    // A plan replaces text, of which the loop is a part.
    if let Some(Stmt::For(each)) = module.functions[function].body.first_mut() {
        each.span = Span::new(1, 9);
    }
    let ints = |values: &[i32]| CallerBuffer {
        element: vec![Scalar::I32],
        bytes: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
    };
    let at = |buffer, element: u64| Argument::Buffer {
        buffer,
        offset_bytes: 4 * element,
    };
    let input = |size, array| Input {
        buffers: vec![ints(&[5]), ints(&[3; 200])],
        arguments: vec![size, array],
    };
    let case = Case {
        family: Family::Map,
        seed: 1,
        module,
        function,
        globals: Vec::new(),
        inputs: vec![
            input(at(0, 0), at(1, 0)),
            input(at(1, 2), at(1, 0)),
            input(at(1, 0), at(1, 1)),
        ],
        is_exact: true,
        dress: Dress::default(),
        sketch: None,
        drawn: Drawn::default(),
    };
    let mut count = Count::default();
    check(&case, &mut count);
    // Plans, each run in three orders, launch for the first and the last input alone.
    assert!(count.plans > 0);
    assert_eq!(count.launches, 6 * count.plans as u64);
}

fn check(case: &Case, count: &mut Count) {
    let workload = Arc::new(analyse(case.module.clone()));
    count.programs += 1;
    count.regions += workload.regions.len();
    let device = Device::default();
    let mut random = Random::new(case.seed);
    for attempt in 0..3 {
        let mut choices = Vec::new();
        for region in 0..workload.regions.len() {
            let start = State::new(Arc::clone(&workload), region).unwrap();
            let state = if attempt == 0 {
                start
                    .replay(&naive(&start), &device)
                    .unwrap_or_else(|refusal| {
                        panic!("{}: naive: {refusal:?}", describe(case, &start))
                    })
            } else {
                wander(&start, &device, &mut random, case.seed)
            };
            // Closed forms, last values and subscripts that must differ count on guards, and values in memory on the
            // host: only a plan has these.
            // Where threads meet, a tree loses what they join in scalars, and takes updates for races; it has no slices, so that
            // terms in another order are rounded otherwise.
            let is_staged = has_barriers(state.statements());
            count.staged += usize::from(is_staged);
            let mut moves = state.trajectory().moves.iter();
            count.in_step += usize::from(moves.any(|each| each.step == "jam"));
            let facts = state.facts();
            let may_join = !(facts.reductions.is_empty() && facts.updates.is_empty());
            let is_guarded = state.region().is_normal
                || facts
                    .inspections
                    .iter()
                    .any(|each| each.apart != mupac_ir::Apart::Unasked);
            let is_split = state
                .trajectory()
                .moves
                .iter()
                .any(|each| ["split-sum", "spread-sum"].contains(&each.step.as_str()));
            let is_rounded = state.splits_float_sums() && !case.is_exact;
            count.split += usize::from(is_split);
            let may_meet = is_staged && (may_join || is_split) || is_rounded;
            if !is_guarded && facts.fetched.is_empty() && !may_meet {
                check_tree(case, &state);
            }
            choices.push(choice(case, &state, &device));
        }
        count.plans += choices
            .iter()
            .filter(|choice| matches!(choice, Choice::Kernel(_)))
            .count();
        let plan = plan(&workload, &choices);
        count.launches += check_plan(case, &workload, &plan);
    }
}

fn has_barriers(statements: &[Stmt]) -> bool {
    let mut found = false;
    mupac_ir::structure::each(statements, &mut |stmt| found |= *stmt == Stmt::Barrier);
    found
}

/// Follows random moves, some of which the judge refuses; an array is staged at last, if that is legal.
fn wander(start: &State, device: &Device, random: &mut Random, seed: u64) -> State {
    let mut state = start.clone();
    for _ in 0..10 {
        let moves = others(&state, device, |step| step != STAGE);
        let Some(next) = random.pick(&moves) else {
            break;
        };
        if let Ok(next) = state.after(next, device) {
            state = next;
        }
    }
    let mut random = Random::new(seed);
    for _ in 0..2 {
        let moves = others(&state, device, |step| step == STAGE);
        if let Some(next) = random.pick(&moves)
            && let Ok(next) = state.after(next, device)
        {
            return next;
        }
    }
    state
}

const STAGE: &str = "stage";

fn others(state: &State, device: &Device, is_meant: impl Fn(&str) -> bool) -> Vec<Move> {
    let mut moves = state.any_moves(device);
    moves.retain(|each| is_meant(&each.step));
    moves
}

fn choice(case: &Case, state: &State, device: &Device) -> Choice {
    let settings = Settings {
        cpu_threshold: Some(1),
        // Everything is compared bit by bit.
        float_order: FloatOrder::Source,
        ..Settings::default()
    };
    match state.finish(&settings, device) {
        Ok(plan) => Choice::Kernel(Box::new(plan)),
        Err(refusal) => {
            let expected = !state.is_complete()
                || matches!(
                    refusal.reason,
                    mupac_ir::Reason::TooSmall { .. }
                        | mupac_ir::Reason::IllegalStep { .. }
                        | mupac_ir::Reason::OrderDependentFloat { .. }
                        | mupac_ir::Reason::LibraryDigits { .. }
                );
            assert!(expected, "{}: {refusal:?}", describe(case, state));
            Choice::Original(refusal)
        }
    }
}

fn describe(case: &Case, state: &State) -> String {
    format!(
        "{:?} {}\n{}\n{}",
        case.family,
        case.seed,
        mupac_ir::print::module(&case.module),
        state.trajectory()
    )
}

/// Runs the rewritten function in place of the original, where no two pointers meet: a tree has no guards.
fn check_tree(case: &Case, state: &State) {
    let mut module: Module = case.module.clone();
    let of = state.region().of;
    module.functions[of] = state.function().clone();
    if let Err(violations) = verify::mapped(&module, &module.functions[of]) {
        panic!(
            "{}\n{violations:#?}\n{}",
            describe(case, state),
            state.text()
        );
    }
    for order in ORDERS {
        for input in case.inputs.iter().filter(|input| !may_overlap(input)) {
            let machine = Machine::new(&module).with_order(order);
            compare(case, input, machine, &|| describe(case, state));
        }
    }
}

fn may_overlap(input: &Input) -> bool {
    let mut seen = BTreeSet::new();
    input.arguments.iter().any(|argument| match argument {
        Argument::Buffer { buffer, .. } => !seen.insert(*buffer),
        Argument::Global(_) => true,
        Argument::Value(..) => false,
    })
}

fn check_plan(case: &Case, workload: &Workload, plan: &Plan) -> u64 {
    assert_eq!(workload.loops.len(), plan.loops.len());
    for outcome in &plan.loops {
        let is_explained = outcome.verdict == Verdict::Parallel || !outcome.reasons.is_empty();
        assert!(is_explained, "{outcome:?}");
        assert!(outcome.region.is_some() || outcome.kernel.is_none());
        // A loop of a region that no kernel holds is the host's.
        let is_of_host = outcome.region.is_some() && outcome.kernel.is_none();
        assert!(!is_of_host || outcome.verdict == Verdict::Sequential);
    }
    for region in &plan.regions {
        for (_, kernel) in region.kernels.iter() {
            if let Err(violations) = verify::kernel(&plan.module, &region.function, &kernel.body) {
                panic!("{violations:#?}\n{}", region.trajectory);
            }
        }
    }
    let mut launches = 0;
    for order in ORDERS {
        for input in &case.inputs {
            let machine = Machine::new(&plan.module)
                .with_order(order)
                .with_regions(&plan.regions, true);
            launches += compare(case, input, machine, &|| {
                let trajectories: Vec<_> = plan
                    .regions
                    .iter()
                    .map(|region| region.trajectory.to_string())
                    .collect();
                format!(
                    "{:?} {}\n{}\n{}",
                    case.family,
                    case.seed,
                    mupac_ir::print::module(&case.module),
                    trajectories.join("\n")
                )
            });
        }
    }
    launches
}

/// Returns the number of launches.
fn compare(
    case: &Case,
    input: &Input,
    mut machine: Machine<'_>,
    describe: &dyn Fn() -> String,
) -> u64 {
    let expected = case.interpret(input).unwrap();
    match case.run_on(&mut machine, Side::Host, input) {
        Ok(actual) => {
            let difference = case.difference(input, &expected, &actual);
            assert_eq!(difference, None, "{}", describe());
        }
        Err(fault) => panic!("{fault}\n{}", describe()),
    }
    machine.launches()
}
