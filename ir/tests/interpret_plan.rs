//! Plans executed by the interpreter: guards, copies, launches, and what a wrong plan is caught at.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its text is wrong"
)]

use mupac_ir::interpret::{Bytes, Fault, FaultKind, Machine, Order, Pointer, Side, Value};
use mupac_ir::mutant::{Mutants, mutants};
use mupac_ir::{
    Arena, BinaryOp, Buffer, Change, Expr, ExprKind, Function, Guard, Handle, HostOp,
    KernelParameter, KernelPlan, Module, Place, Projection, RegionPlan, Residency, Scalar, Span,
    Stmt, Trajectory, Type, Var, parse, verify,
};

const ORIGINAL: &str = "fn scale(n: i32, a: f32, x: *const f32, y: *f32) {
    for i: i32 in 0..n {
        S0: y[i64(i)] = a * x[i64(i)]
    }
}";

const KERNEL: &str = "fn scale(n: i32, a: f32, x: *const f32, y: *f32) {
    let i: i32 = block.x * 4 + thread.x
    if i < n {
        S0: y[i64(i)] = a * x[i64(i)]
    }
}";

/// Returns the original, whose loop stands at a span.
fn original() -> Module {
    let mut module = parse::module(ORIGINAL).unwrap();
    verify::module(&module).unwrap();
    let (handle, _) = module.functions.iter().next().unwrap();
    let Stmt::For(each) = &mut module.functions[handle].body[0] else {
        panic!("the function starts with a loop");
    };
    each.span = Span::new(1, 9);
    module
}

fn var(function: &Function, name: &str) -> Handle<Var> {
    let mut vars = function.vars.iter();
    vars.find(|(_, var)| var.name == name).unwrap().0
}

fn number(function: &mut Function, value: i128) -> Handle<Expr> {
    function.expr(ExprKind::Int(value), Scalar::I64)
}

/// Returns a plan that runs `kernel` over `ceil(n / 4)` blocks of 4 threads.
fn plan(module: &Module, kernel: &str) -> RegionPlan {
    let (of, _) = module.functions.iter().next().unwrap();
    let kernel = parse::module(kernel).unwrap();
    let mut function = kernel.functions.iter().next().unwrap().1.clone();
    let body = std::mem::take(&mut function.body);
    let n = var(&function, "n");
    let n = function.load(n);
    let count = function.expr(ExprKind::Cast(n), Scalar::I64);
    let (zero, one, four) = (
        number(&mut function, 0),
        number(&mut function, 1),
        number(&mut function, 4),
    );
    let blocks = function.expr(
        ExprKind::Binary(BinaryOp::CeilDivide, count, four),
        Scalar::I64,
    );
    let condition = function.expr(
        ExprKind::Binary(BinaryOp::GreaterEqual, count, one),
        Scalar::I32,
    );
    let mut buffers = Arena::default();
    let [x, y] = ["x", "y"].map(|name| {
        buffers.push(Buffer {
            array: var(&function, name),
            element: Type::Scalar(Scalar::F32),
            first: zero,
            count,
            is_written: name == "y",
            may_exceed: false,
            rows: None,
            is_resident: false,
        })
    });
    let mut kernels = Arena::default();
    let launch = kernels.push(KernelPlan {
        name: "scale_l1".to_owned(),
        span: Span::default(),
        parameters: vec![
            KernelParameter::Value(var(&function, "n")),
            KernelParameter::Value(var(&function, "a")),
            KernelParameter::Buffer(x),
            KernelParameter::Buffer(y),
        ],
        grid: [blocks, one, one],
        block: [4, 1, 1],
        body,
        reductions: Vec::new(),
        mapping: Vec::new(),
        drops_half: false,
    });
    RegionPlan {
        name: "scale:1".to_owned(),
        of,
        function,
        replaces: Span::new(1, 9),
        fetched: Vec::new(),
        guards: vec![
            Guard::Holds {
                condition,
                kind: "loop-runs",
            },
            Guard::NoOverlap {
                a: x,
                b: y,
                how: mupac_ir::Separation::Whole,
            },
        ],
        buffers,
        inspections: Arena::default(),
        reductions: Arena::default(),
        split_sums: Vec::new(),
        atomic_sums: std::collections::BTreeSet::new(),
        lane_joins: Vec::new(),
        kernels,
        host: vec![
            HostOp::Allocate(x),
            HostOp::Allocate(y),
            HostOp::CopyIn(x),
            HostOp::Launch(launch),
            HostOp::CopyOut(y),
        ],
        contraction: mupac_ir::Contraction::Allowed,
        memory: mupac_ir::Memory::Explicit,
        never_waits: false,
        otherwise: Vec::new(),
        origins: mupac_ir::Origins::new(),
        trajectory: Trajectory::default(),
    }
}

fn floats(machine: &mut Machine<'_>, side: Side, values: &[f32]) -> Pointer {
    let data: Vec<u8> = values.iter().flat_map(|each| each.to_le_bytes()).collect();
    let is_set = vec![true; data.len()];
    let bytes = Bytes { data, is_set };
    machine.object_on(side, "memory", &bytes).unwrap()
}

/// Calls `scale(n, 2, memory, memory + distance)` on 0, 1, 2, … under a plan; returns the memory and the launches.
fn run(
    plan: &RegionPlan,
    n: i128,
    distance: i64,
    order: Order,
) -> Result<(Vec<f32>, u64), FaultKind> {
    run_on(Side::Host, plan, n, distance, order)
}

/// Does the same on memory of the device.
fn run_there(
    plan: &RegionPlan,
    n: i128,
    distance: i64,
    order: Order,
) -> Result<(Vec<f32>, u64), FaultKind> {
    run_on(Side::Device, plan, n, distance, order)
}

fn run_on(
    side: Side,
    plan: &RegionPlan,
    n: i128,
    distance: i64,
    order: Order,
) -> Result<(Vec<f32>, u64), FaultKind> {
    let module = original();
    let regions = std::slice::from_ref(plan);
    let mut machine = Machine::new(&module)
        .with_order(order)
        .with_regions(regions, true);
    let values: Vec<f32> = (0..24_u8).map(f32::from).collect();
    let memory = floats(&mut machine, side, &values);
    let target = Pointer {
        offset: 4 * distance,
        ..memory
    };
    let (function, _) = module.functions.iter().next().unwrap();
    let arguments = [
        Value::Integer(n),
        Value::F32(2.0),
        Value::Pointer(Some(memory)),
        Value::Pointer(Some(target)),
    ];
    let result = machine.run(function, &arguments);
    result.map_err(|fault: Fault| fault.kind)?;
    let bytes = &machine.bytes(memory).unwrap().data;
    let floats = bytes.chunks_exact(4);
    let floats = floats.map(|word| f32::from_le_bytes(word.try_into().unwrap()));
    Ok((floats.collect(), machine.launches()))
}

fn expected(n: usize, distance: usize) -> Vec<f32> {
    let mut values: Vec<f32> = (0..24_u8).map(f32::from).collect();
    for i in 0..n {
        values[distance + i] = 2.0 * values[i];
    }
    values
}

#[test]
fn every_mistake_that_a_mutant_makes_shows() {
    let plan = plan(&original(), KERNEL);
    let all = mutants(std::slice::from_ref(&plan), &Residency::default(), 99, 0);
    assert_eq!(all.equivalent, []);
    let kinds: Vec<String> = all
        .made
        .iter()
        .map(|mutant| format!("{} {}", mutant.kind.name(), mutant.what))
        .collect();
    insta::assert_snapshot!("mutants", kinds.join("\n"));
    for mutant in &all.made {
        let Change::Region { plan: wrong, .. } = &mutant.change else {
            panic!("there is no residency");
        };
        assert_ne!(**wrong, plan, "{:?}", mutant.kind);
        let differs = |(n, distance): (usize, usize)| {
            let found = run(wrong, n as i128, distance as i64, Order::Descending);
            found.map(|(values, _)| values) != Ok(expected(n, distance))
        };
        let is_seen = [(0, 12), (1, 12), (6, 12), (12, 1)]
            .into_iter()
            .any(differs);
        assert!(
            is_seen,
            "nothing shows {} {}",
            mutant.kind.name(),
            mutant.what
        );
    }
    // Fewer are one of each kind, and none where there is no region.
    let fewer = mutants(std::slice::from_ref(&plan), &Residency::default(), 3, 5).made;
    assert!(fewer.windows(2).all(|pair| pair[0].kind != pair[1].kind));
    assert_eq!(fewer.len(), 3);
    assert_eq!(
        mutants(&[], &Residency::default(), 8, 1),
        Mutants::default()
    );
}

#[test]
fn a_plan_does_what_its_loop_does_in_every_order() {
    let plan = plan(&original(), KERNEL);
    for order in [Order::Ascending, Order::Descending, Order::Shuffled(5)] {
        for n in [1, 4, 7, 12] {
            let found = run(&plan, n as i128, 12, order);
            assert_eq!(found, Ok((expected(n, 12), 1)));
        }
    }
}

#[test]
fn the_original_runs_where_a_guard_fails() {
    let plan = plan(&original(), KERNEL);
    let found = run(&plan, 0, 12, Order::Ascending);
    assert_eq!(found, Ok((expected(0, 12), 0)));
    // The ranges overlap, and the order of the iterations matters.
    let found = run(&plan, 12, 1, Order::Descending);
    assert_eq!(found, Ok((expected(12, 1), 0)));
}

#[test]
fn a_dropped_guard_of_the_kernel_is_caught() {
    let kernel = KERNEL.replace("i < n", "i <= n");
    let fault = run(&plan(&original(), &kernel), 6, 12, Order::Ascending).unwrap_err();
    let FaultKind::OutOfBounds { object, offset, .. } = fault else {
        panic!("{fault:?}");
    };
    assert_eq!((object.as_str(), offset), ("x on the device", 24));
}

#[test]
fn threads_that_write_the_same_element_are_caught() {
    let kernel = KERNEL.replace("y[i64(i)] =", "y[i64(i / 2)] =");
    let fault = run(&plan(&original(), &kernel), 6, 12, Order::Ascending).unwrap_err();
    let race = FaultKind::Race {
        object: "y on the device".to_owned(),
        offset: 0,
        first: 0,
        second: 1,
    };
    assert_eq!(fault, race);
}

/// Returns the plan of a function that is passed memory of the device: a kernel of one thread runs where a guard fails.
fn of_device_memory() -> RegionPlan {
    let original = "    for k: i32 in 0..n {
        S1: y[i64(k)] = a * x[i64(k)]
    }
}";
    let both = KERNEL.strip_suffix('}').unwrap().to_owned() + original;
    let mut plan = plan(&self::original(), &both);
    for name in ["x", "y"] {
        let buffer = buffer(&plan, name);
        plan.buffers[buffer].is_resident = true;
    }
    plan.host.retain(|op| matches!(op, HostOp::Launch(_)));
    let one = number(&mut plan.function, 1);
    let (mapped, _) = plan.kernels.iter().next().unwrap();
    let body = plan.kernels[mapped].body.pop();
    let alone = KernelPlan {
        name: "scale_l1_alone".to_owned(),
        grid: [one; 3],
        block: [1; 3],
        body: body.into_iter().collect(),
        ..plan.kernels[mapped].clone()
    };
    plan.otherwise = vec![HostOp::Launch(plan.kernels.push(alone))];
    plan
}

fn buffer(plan: &RegionPlan, name: &str) -> Handle<Buffer> {
    let array = var(&plan.function, name);
    let mut buffers = plan.buffers.iter();
    buffers.find(|(_, each)| each.array == array).unwrap().0
}

#[test]
fn kernels_work_on_memory_of_the_device() {
    let plan = of_device_memory();
    for order in [Order::Ascending, Order::Descending, Order::Shuffled(5)] {
        // Apart, one in the other, and nothing at all: where a guard fails, one thread does it.
        for (n, distance) in [(9, 12), (9, 3), (0, 12)] {
            let found = run_there(&plan, n as i128, distance as i64, order);
            assert_eq!(found, Ok((expected(n, distance), 1)));
        }
    }
}

/// Returns the fault of using what the caller has on one side on the other.
fn wrong_side() -> FaultKind {
    FaultKind::WrongSide("memory".to_owned())
}

#[test]
fn memory_of_the_host_is_none_of_the_device() {
    let fault = run(&of_device_memory(), 9, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, wrong_side());
}

#[test]
fn the_original_text_that_touches_memory_of_the_device_is_caught() {
    let mut plan = of_device_memory();
    plan.otherwise.clear();
    let fault = run_there(&plan, 9, 3, Order::Ascending).unwrap_err();
    assert_eq!(fault, wrong_side());
}

#[test]
fn a_copy_of_memory_of_the_device_is_caught() {
    let into = plan(&original(), KERNEL);
    let fault = run_there(&into, 9, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, wrong_side());
    let mut out = into;
    out.host.retain(|op| !matches!(op, HostOp::CopyIn(_)));
    let x = buffer(&out, "x");
    out.buffers[x].is_resident = true;
    let fault = run_there(&out, 9, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, wrong_side());
}

#[test]
fn a_guard_that_reads_memory_of_the_device_is_caught() {
    let mut plan = of_device_memory();
    let (x, function) = (var(&plan.function, "x"), &mut plan.function);
    let zero = number(function, 0);
    let first = Place {
        var: x,
        path: vec![Projection::Index(zero)],
    };
    let first = function.expr(ExprKind::Load(first), Scalar::F32);
    let condition = function.expr(ExprKind::Cast(first), Scalar::I32);
    let kind = "loop-runs";
    plan.guards.push(Guard::Holds { condition, kind });
    let fault = run_there(&plan, 9, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, wrong_side());
}

#[test]
fn threads_that_meet_where_pointers_overlap_are_caught() {
    let mut plan = of_device_memory();
    plan.guards
        .retain(|guard| matches!(guard, Guard::Holds { .. }));
    let fault = run_there(&plan, 9, 3, Order::Ascending).unwrap_err();
    assert!(matches!(fault, FaultKind::Race { .. }), "{fault:?}");
}

#[test]
fn a_mistake_in_a_kernel_on_memory_of_the_device_shows() {
    let plan = of_device_memory();
    let all = mutants(std::slice::from_ref(&plan), &Residency::default(), 99, 0);
    assert!(!all.made.is_empty());
    for mutant in &all.made {
        let Change::Region { plan: wrong, .. } = &mutant.change else {
            panic!("there is no residency");
        };
        let differs = |(n, distance): (usize, usize)| {
            let found = run_there(wrong, n as i128, distance as i64, Order::Descending);
            found.map(|(values, _)| values) != Ok(expected(n, distance))
        };
        let mut calls = [(0, 12), (1, 12), (6, 12), (12, 1)].into_iter();
        assert!(calls.any(differs), "{} {}", mutant.kind.name(), mutant.what);
    }
}

#[test]
fn a_dropped_copy_is_caught() {
    let mut plan = plan(&original(), KERNEL);
    plan.host.remove(2);
    let fault = run(&plan, 6, 12, Order::Ascending).unwrap_err();
    assert_eq!(
        fault,
        FaultKind::Uninitialised("x on the device".to_owned())
    );
}

#[test]
fn a_kernel_that_was_not_given_an_array_is_caught() {
    let mut plan = plan(&original(), KERNEL);
    let (kernel, _) = plan.kernels.iter().next().unwrap();
    plan.kernels[kernel].parameters.pop();
    let fault = run(&plan, 6, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, FaultKind::DeadObject("y".to_owned()));
}

#[test]
fn a_kernel_that_was_given_a_host_pointer_is_caught() {
    let mut plan = plan(&original(), KERNEL);
    let (kernel, _) = plan.kernels.iter().next().unwrap();
    let y = var(&plan.function, "y");
    let parameters = &mut plan.kernels[kernel].parameters;
    *parameters.last_mut().expect("four parameters") = KernelParameter::Value(y);
    let fault = run(&plan, 6, 12, Order::Ascending).unwrap_err();
    assert_eq!(fault, FaultKind::WrongSide("memory".to_owned()));
}

const SUM: &str = "fn scale(n: i32, a: f32, x: *const f32, y: *f32) {
    let i: i32 = thread.x
    var s: f32
    S1: s = 0.0f32
    for j: i64 in thread.x->i64..i64(n) by 32 {
        S2: s = s + x[j]
    }
    for round: i32 in 0..5 {
        var o: f32
        call o = __shfl_xor_sync(4294967295u32, s, 1 << round)
        S3: s = s + o
    }
    if thread.x->i64 == 0i64 {
        S4: y[0i64] = a * s
    }
    call __syncwarp()
    if 0 < i && i < n {
        S0: y[i64(i)] = y[0i64]
    }
}";

/// Returns a plan that runs a kernel in one warp.
fn of_warps(kernel: &str) -> RegionPlan {
    let mut plan = plan(&original(), kernel);
    let one = number(&mut plan.function, 1);
    let (kernel, _) = plan.kernels.iter().next().unwrap();
    plan.kernels[kernel].grid = [one; 3];
    plan.kernels[kernel].block = [32, 1, 1];
    plan
}

#[test]
fn lanes_of_a_warp_exchange_values_and_wait_for_one_another() {
    for order in [Order::Ascending, Order::Descending, Order::Shuffled(5)] {
        let (values, _) = run(&of_warps(SUM), 12, 12, order).unwrap();
        // Twice the sum of 0 to 11.
        assert_eq!(values[12..], [132.0; 12]);
    }
}

#[test]
fn lanes_that_do_not_wait_are_caught() {
    let kernel = SUM.replace("    call __syncwarp()\n", "");
    let fault = run(&of_warps(&kernel), 12, 12, Order::Ascending).unwrap_err();
    assert!(matches!(fault, FaultKind::Race { .. }), "{fault:?}");
}

#[test]
fn an_exchange_to_which_not_all_lanes_come_is_caught() {
    let kernel = SUM
        .replace("    for round", "    if thread.x < 16 {\n    for round")
        .replace(
            "    if thread.x->i64 == 0i64",
            "    }\n    if thread.x->i64 == 0i64",
        );
    let fault = run(&of_warps(&kernel), 12, 12, Order::Ascending).unwrap_err();
    let expected = FaultKind::DivergentBarrier {
        arrived: 16,
        threads: 32,
    };
    assert_eq!(fault, expected);
}

#[test]
fn a_warp_that_is_no_row_of_threads_is_caught() {
    let mut plan = of_warps(SUM);
    let (kernel, _) = plan.kernels.iter().next().unwrap();
    plan.kernels[kernel].block = [16, 2, 1];
    let fault = run(&plan, 12, 12, Order::Ascending).unwrap_err();
    assert!(matches!(fault, FaultKind::Malformed(_)), "{fault:?}");
}
