//! Tests that are files: every step, accepted and refused.
//!
//! A file `tests/steps/*.mir` holds one function, the moves as comments `// step: split i 256 -> i.o i.i`, and below
//! the line `// after:` the region as rewritten, or `// refused: ` with the reason, each as comments.
//! `// finish` among the moves asks for the plan besides. With `MUPAC_BLESS=1` what is expected is rewritten.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mupac_ir::interpret::{Bytes, Machine, Order, Value};
use mupac_ir::{
    Function, Guard, Handle, HostOp, KernelParameter, Module, Refusal, RegionPlan, Scalar, Stmt,
    Trajectory, verify,
};
use mupac_passes::{Device, Settings, State, analyse, naive};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/steps")
}

#[test]
fn files() {
    let mut paths: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "mir"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 6, "only {} files", paths.len());
    let failed: Vec<_> = paths.iter().filter_map(|path| check(path).err()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Every step has a file that shows it accepted and one that shows it refused.
#[test]
fn every_step_has_both_files() {
    for step in mupac_passes::steps::ALL {
        for ending in ["", ".refused"] {
            let path = folder().join(format!("{}{ending}.mir", step.name()));
            assert!(path.exists(), "{} is missing", path.display());
        }
    }
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).unwrap();
    let given: String = text
        .lines()
        .take_while(|line| !is_expectation(line))
        .fold(String::new(), |all, line| all + line + "\n");
    let actual = format!("{given}{}", answer(&given));
    if actual == text {
        return Ok(());
    }
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(path, actual).unwrap();
        return Ok(());
    }
    Err(format!(
        "{}: expected\n{text}\nbut is\n{actual}",
        path.display()
    ))
}

fn is_expectation(line: &str) -> bool {
    line.starts_with("// after:") || line.starts_with("// refused")
}

fn answer(given: &str) -> String {
    match rewritten(given) {
        Ok(text) => text,
        Err(refusal) => format!(
            "// refused: {}: {}\n",
            refusal.reason.name(),
            refusal.reason
        ),
    }
}

fn rewritten(given: &str) -> Result<String, Refusal> {
    let module = mupac_ir::parse::module(given).unwrap();
    let workload = Arc::new(analyse(module));
    let device = Device::default();
    let Some(start) = State::new(Arc::clone(&workload), 0) else {
        return Err(workload.loops[0].reasons[0].clone());
    };
    let lines: Vec<_> = given
        .lines()
        .filter_map(|line| line.strip_prefix("// step: "))
        .collect();
    let moves = lines.iter().map(|line| line.parse().unwrap()).collect();
    let is_naive = given.lines().any(|line| line == "// naive");
    let trajectory = if is_naive {
        naive(&start)
    } else {
        Trajectory { moves }
    };
    let mut state = start.clone();
    for each in &trajectory.moves {
        state = state.after(each, &device)?;
    }
    let replayed = start.replay(&trajectory, &device)?;
    assert_eq!(replayed.key(), state.key());
    if trajectory
        .moves
        .iter()
        .any(|each| RUN.contains(&&*each.step))
    {
        runs_right(&start, &state);
    }
    if given.lines().any(|line| line == "// finish") || is_naive {
        let settings = Settings {
            cpu_threshold: Some(1024),
            ..Settings::default()
        };
        return Ok(comment(
            "after",
            &finished(&state.finish(&settings, &device)?),
        ));
    }
    Ok(comment("after", &state.text()))
}

/// The steps after which the region is run: statements name other memory, or run in another order.
const RUN: [&str; 9] = [
    "fission",
    "fuse",
    "jam",
    "skew",
    "split-sum",
    "spread-sum",
    "stage",
    "unroll",
    "vectorize",
];

/// Runs the function before and after on arrays of small numbers.
fn runs_right(start: &State, state: &State) {
    let region = start.region();
    let original = &start.workload().module;
    let mut module = original.clone();
    module.functions[region.of] = state.function().clone();
    verify::mapped(&module, &module.functions[region.of]).unwrap();
    for size in [19, 1] {
        let expected = run(original, region.of, size, Order::Ascending).unwrap();
        for order in [Order::Descending, Order::Shuffled(1)] {
            let actual = run(&module, region.of, size, order);
            assert_eq!(actual.as_ref(), Ok(&expected), "{size}\n{}", state.text());
        }
    }
}

/// Returns what the arrays hold after a run in which every number that is passed is `size`.
fn run(
    module: &Module,
    function: Handle<Function>,
    size: i128,
    order: Order,
) -> Result<Vec<Vec<u8>>, String> {
    let mut machine = Machine::new(module).with_order(order);
    let (mut arguments, mut arrays) = (Vec::new(), Vec::new());
    let called = &module.functions[function];
    for parameter in &called.parameters {
        let ty = &called.vars[*parameter].ty;
        let Some(element) = ty
            .element()
            .and_then(|element| element.innermost().scalar())
        else {
            arguments.push(Value::Integer(size));
            continue;
        };
        // Sums of such numbers are exact, whatever the type.
        let bytes = |number: u32| match element {
            Scalar::F32 => (number as f32).to_le_bytes().to_vec(),
            Scalar::F64 => f64::from(number).to_le_bytes().to_vec(),
            Scalar::I32 | Scalar::U32 => number.to_le_bytes().to_vec(),
            Scalar::I64 | Scalar::U64 => u64::from(number).to_le_bytes().to_vec(),
            Scalar::I16 | Scalar::U16 => vec![number as u8, 0],
            Scalar::Bool | Scalar::I8 | Scalar::U8 => vec![number as u8 % 2],
        };
        let data = (0..20_000).flat_map(|at: u32| bytes(at * 7 % 13)).collect();
        let array = machine.object("array", &Bytes::set(data)).unwrap();
        arrays.push(array);
        arguments.push(Value::Pointer(Some(array)));
    }
    let outcome = machine.run(function, &arguments);
    outcome.map_err(|fault| fault.to_string())?;
    Ok(arrays
        .iter()
        .map(|array| machine.bytes(*array).unwrap().data.clone())
        .collect())
}

fn comment(word: &str, text: &str) -> String {
    text.lines().fold(format!("// {word}:\n"), |all, line| {
        all + "//   " + line + "\n"
    })
}

/// Says a plan in a few lines.
fn finished(plan: &RegionPlan) -> String {
    let records = mupac_ir::Arena::default();
    let function = &plan.function;
    let expr = |expr| mupac_ir::print::expr(&records, function, expr);
    let buffer = |buffer| function.vars[plan.buffers[buffer].array].name.clone();
    let mut text = plan.trajectory.to_string();
    for guard in &plan.guards {
        match guard {
            Guard::Holds { condition, kind } => {
                writeln!(text, "guard {kind}: {}", expr(*condition)).unwrap();
            }
            Guard::NoOverlap { a, b, .. } => {
                writeln!(text, "guard no-overlap {} {}", buffer(*a), buffer(*b)).unwrap();
            }
            Guard::Apart {
                buffer: array,
                read,
            } => {
                let place = mupac_ir::print::place(&records, function, &read.place);
                writeln!(text, "guard apart {} {place}", buffer(*array)).unwrap();
            }
            Guard::Accessible { buffer: array } => {
                writeln!(text, "guard accessible {}", buffer(*array)).unwrap();
            }
            Guard::Inspected { inspection, kind } => {
                let array = plan.inspections[*inspection].array;
                writeln!(text, "guard {kind} {}", function.vars[array].name).unwrap();
            }
            Guard::Worthwhile {
                work, threshold, ..
            } => {
                writeln!(text, "guard worthwhile {} >= {threshold}", expr(*work)).unwrap();
            }
        }
    }
    for (_, each) in plan.buffers.iter() {
        let (name, first) = (&function.vars[each.array].name, expr(each.first));
        writeln!(
            text,
            "buffer {name} from {first} count {}",
            expr(each.count)
        )
        .unwrap();
    }
    text + &actions(plan, &plan.host)
}

/// Says what the host does, a line an action; what a loop holds is indented.
fn actions(plan: &RegionPlan, host: &[HostOp]) -> String {
    let records = mupac_ir::Arena::default();
    let function = &plan.function;
    let expr = |expr| mupac_ir::print::expr(&records, function, expr);
    let statement = |stmt: &Stmt| mupac_ir::print::statement(&records, function, stmt);
    let buffer = |buffer| function.vars[plan.buffers[buffer].array].name.clone();
    let mut text = String::new();
    for each in host {
        match each {
            HostOp::Allocate(array) => writeln!(text, "allocate {}", buffer(*array)).unwrap(),
            HostOp::CopyIn(array) => writeln!(text, "copy in {}", buffer(*array)).unwrap(),
            HostOp::Join(reduction) => {
                let each = &plan.reductions[*reduction];
                let target = &function.vars[each.target.var].name;
                writeln!(text, "join {} of {target}", each.operator.name()).unwrap();
            }
            HostOp::CopyOut(array) => writeln!(text, "copy out {}", buffer(*array)).unwrap(),
            HostOp::Launch(kernel) => {
                let kernel = &plan.kernels[*kernel];
                let parameters: Vec<_> = kernel
                    .parameters
                    .iter()
                    .map(|parameter| match parameter {
                        KernelParameter::Buffer(array) => buffer(*array),
                        KernelParameter::Constants(array, length) => {
                            format!("{} by value, {length}", buffer(*array))
                        }
                        KernelParameter::First(reduction) => {
                            let target = plan.reductions[*reduction].target.var;
                            format!("first {}", function.vars[target].name)
                        }
                        KernelParameter::Value(var) => function.vars[*var].name.clone(),
                    })
                    .collect();
                let grid = kernel.grid.map(expr).join(", ");
                let block = kernel.block;
                writeln!(text, "launch {} grid {grid} block {block:?}", kernel.name).unwrap();
                writeln!(text, "mapping {}", kernel.mapping.join("; ")).unwrap();
                writeln!(text, "kernel({}) {{", parameters.join(", ")).unwrap();
                let body = mupac_ir::print::block(&records, function, &kernel.body);
                for line in body.lines() {
                    writeln!(text, "  {line}").unwrap();
                }
                writeln!(text, "}}").unwrap();
            }
            HostOp::Declare(var, span) => text += &statement(&Stmt::Declare(*var, *span)),
            HostOp::Compute(compute) => text += &statement(&Stmt::Compute(compute.clone())),
            HostOp::Loop(each) => {
                let header = statement(&Stmt::For(each.header.clone()));
                let header = header.lines().next().unwrap();
                writeln!(text, "host {header}").unwrap();
                text += &indented(&actions(plan, &each.body));
                writeln!(text, "}}").unwrap();
            }
            HostOp::If(branch) => {
                writeln!(text, "host if {} {{", expr(branch.condition)).unwrap();
                text += &indented(&actions(plan, &branch.then));
                writeln!(text, "}}").unwrap();
            }
        }
    }
    text
}

fn indented(text: &str) -> String {
    text.lines()
        .fold(String::new(), |all, line| all + "  " + line + "\n")
}
