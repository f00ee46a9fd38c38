//! Plans with inspections and atomic updates: what holds, what does not, and that a plain update is caught.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its text is wrong"
)]

use mupac_ir::interpret::{Bytes, Fault, FaultKind, Machine, Order, Value};
use mupac_ir::{
    Apart, Arena, BinaryOp, Buffer, ExprKind, Function, Guard, Handle, HostOp, Inspection,
    KernelParameter, KernelPlan, Module, RegionPlan, Scalar, Span, Stmt, Trajectory, Type, Var,
    parse,
};

const ORIGINAL: &str = "fn count(n: i32, p: *const i32, h: *i32) {
    for i: i32 in 0..n {
        S0: h[i64(p[i64(i)])] = h[i64(p[i64(i)])] + 1
    }
}";

const ATOMIC: &str = "call atomicAdd(&h[i64(p[i64(i)])], 1)";

const PLAIN: &str = "S0: h[i64(p[i64(i)])] = h[i64(p[i64(i)])] + 1";

fn function(text: &str) -> Function {
    let module = parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    module.functions.iter().next().unwrap().1.clone()
}

fn original() -> Module {
    let mut module = parse::module(ORIGINAL).unwrap();
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

/// Returns a plan whose threads each run `update` for one `i`, after an inspection of `h`.
fn plan(module: &Module, update: &str, apart: Apart) -> RegionPlan {
    let (of, _) = module.functions.iter().next().unwrap();
    // The body of the loop runs on the host, that of the condition in a kernel.
    let mut function = function(&format!(
        "fn count(n: i32, p: *const i32, h: *i32) {{
            for i: i32 in 0..n {{ call note(i64(p[i64(i)])) }}
            let j: i32 = block.x * 4 + thread.x
            if j < n {{ {} }}
        }}",
        update.replace("i64(i)", "i64(j)")
    ));
    let mut body = std::mem::take(&mut function.body);
    let kernel = body.split_off(1);
    let [n, p, h] = ["n", "p", "h"].map(|name| var(&function, name));
    let [first, last, count] =
        ["first", "last", "count"].map(|name| function.vars.push(Var::local(name, Scalar::I64)));
    let size = function.load(n);
    let size = function.expr(ExprKind::Cast(size), Scalar::I64);
    let [zero, one, four] = [0, 1, 4].map(|value| function.expr(ExprKind::Int(value), Scalar::I64));
    let (low, found) = (function.load(first), function.load(count));
    let mut op = |op, a, b| function.expr(ExprKind::Binary(op, a, b), Scalar::I64);
    let blocks = op(BinaryOp::CeilDivide, size, four);
    let mut inspections = Arena::default();
    let inspection = Inspection {
        array: h,
        first,
        last,
        count,
        apart,
        body,
    };
    let kind = inspection.kind();
    let inspection = inspections.push(inspection);
    let mut buffers = Arena::default();
    let mut buffer = |array, first, count, is_written| {
        buffers.push(Buffer {
            array,
            element: Type::Scalar(Scalar::I32),
            first,
            count,
            is_written,
            may_exceed: false,
            rows: None,
            is_resident: false,
        })
    };
    let p = buffer(p, zero, size, false);
    let h = buffer(h, low, found, true);
    let mut kernels = Arena::default();
    let launch = kernels.push(KernelPlan {
        name: "count_l1".to_owned(),
        span: Span::default(),
        parameters: vec![
            KernelParameter::Value(n),
            KernelParameter::Buffer(p),
            KernelParameter::Buffer(h),
        ],
        grid: [blocks, one, one],
        block: [4, 1, 1],
        body: kernel,
        reductions: Vec::new(),
        mapping: Vec::new(),
        drops_half: false,
    });
    RegionPlan {
        name: "count:1".to_owned(),
        of,
        function,
        replaces: Span::new(1, 9),
        fetched: Vec::new(),
        guards: vec![
            Guard::Inspected { inspection, kind },
            Guard::NoOverlap {
                a: p,
                b: h,
                how: mupac_ir::Separation::Whole,
            },
        ],
        inspections,
        buffers,
        reductions: Arena::default(),
        split_sums: Vec::new(),
        atomic_sums: std::collections::BTreeSet::new(),
        lane_joins: Vec::new(),
        kernels,
        host: vec![
            HostOp::Allocate(p),
            HostOp::Allocate(h),
            HostOp::CopyIn(p),
            HostOp::CopyIn(h),
            HostOp::Launch(launch),
            HostOp::CopyOut(h),
        ],
        origins: mupac_ir::Origins::new(),
        trajectory: Trajectory::default(),
        contraction: mupac_ir::Contraction::Allowed,
        memory: mupac_ir::Memory::Explicit,
        never_waits: false,
        otherwise: Vec::new(),
    }
}

/// Counts these subscripts in 8 elements that hold 10 each; returns what is counted, and the launches.
fn run(plan: &RegionPlan, subscripts: &[i32], order: Order) -> Result<(Vec<i32>, u64), FaultKind> {
    let module = original();
    let regions = std::slice::from_ref(plan);
    let mut machine = Machine::new(&module)
        .with_order(order)
        .with_regions(regions, true);
    let mut memory = |values: &[i32]| {
        let data: Vec<u8> = values.iter().flat_map(|each| each.to_le_bytes()).collect();
        let is_set = vec![true; data.len()];
        machine.object("memory", &Bytes { data, is_set }).unwrap()
    };
    let (p, h) = (memory(subscripts), memory(&[10; 8]));
    let (function, _) = module.functions.iter().next().unwrap();
    let arguments = [
        Value::Integer(subscripts.len() as i128),
        Value::Pointer(Some(p)),
        Value::Pointer(Some(h)),
    ];
    let result = machine.run(function, &arguments);
    result.map_err(|fault: Fault| fault.kind)?;
    let words = machine.bytes(h).unwrap().data.chunks_exact(4);
    let counted = words.map(|word| i32::from_le_bytes(word.try_into().unwrap()) - 10);
    Ok((counted.collect(), machine.launches()))
}

const ORDERS: [Order; 3] = [Order::Ascending, Order::Descending, Order::Shuffled(5)];

#[test]
fn atomic_updates_meet_without_a_race() {
    let plan = plan(&original(), ATOMIC, Apart::Unasked);
    for order in ORDERS {
        let found = run(&plan, &[2, 5, 2, 2, 5, 3], order);
        assert_eq!(found, Ok((vec![0, 0, 3, 1, 0, 2, 0, 0], 1)));
    }
}

#[test]
fn plain_updates_that_meet_are_caught() {
    let plan = plan(&original(), PLAIN, Apart::Unasked);
    for order in ORDERS {
        let found = run(&plan, &[2, 5, 2, 2, 5, 3], order);
        assert!(matches!(found, Err(FaultKind::Race { .. })), "{found:?}");
    }
}

#[test]
fn a_plain_read_beside_atomic_updates_is_caught() {
    let beside = format!("{ATOMIC} S1: h[i64(6)] = h[i64(p[i64(i)])]");
    let plan = plan(&original(), &beside, Apart::Unasked);
    let found = run(&plan, &[6, 2, 2], Order::Ascending);
    assert!(matches!(found, Err(FaultKind::Race { .. })), "{found:?}");
}

#[test]
fn different_subscripts_launch_and_equal_ones_do_not() {
    let plan = plan(&original(), PLAIN, Apart::Each);
    let found = run(&plan, &[7, 0, 3], Order::Descending);
    assert_eq!(found, Ok((vec![1, 0, 0, 1, 0, 0, 0, 1], 1)));
    let found = run(&plan, &[7, 3, 3], Order::Descending);
    assert_eq!(found, Ok((vec![0, 0, 0, 2, 0, 0, 0, 1], 0)));
}

#[test]
fn nothing_noted_launches_nothing() {
    let plan = plan(&original(), ATOMIC, Apart::Unasked);
    let found = run(&plan, &[], Order::Ascending);
    assert_eq!(found, Ok((vec![0; 8], 0)));
}
