//! Plans, the text emitted for them, and what that text does when it runs.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]
#![expect(
    clippy::many_single_char_names,
    reason = "variables are named as in the C text"
)]

mod plans;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use mupac_backend_cuda::emit;
use mupac_ir::{Axis, BinaryOp, Edit, Extent, Guard, Plan, Scalar, Span, Stmt, Type, UnaryOp};
use plans::{Builder, Region, place, plan, rows, when};

/// Turns `k<<<g, b>>>(x);` into a call that runs the kernel for every thread in turn.
fn without_launches(cuda: &str) -> String {
    let mut out = String::new();
    let mut rest = cuda;
    while let Some(at) = rest.find("<<<") {
        let name = rest[..at].rfind([' ', '\t', '\n']).unwrap() + 1;
        let shape_end = rest.find(">>>").unwrap();
        let end = shape_end + rest[shape_end..].find(");").unwrap();
        out.push_str(&rest[..name]);
        let (shape, arguments) = (&rest[at + 3..shape_end], &rest[shape_end + 3..end]);
        write!(
            out,
            "stub_launch({shape}, [&] {{ {}{arguments}); }}",
            &rest[name..at]
        )
        .unwrap();
        rest = &rest[end..];
    }
    out + rest
}

fn compiled(compiler: &str, arguments: &[&str], file: &Path, program: &Path) {
    let output = Command::new(compiler)
        .args(arguments)
        .arg(file)
        .arg("-o")
        .arg(program)
        .arg("-lm")
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {messages}", file.display());
}

/// Returns what a program prints, and how many kernels it launched.
fn run(program: &Path) -> (String, String) {
    let output = Command::new(program)
        .env("STUB_LAUNCHES", "1")
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr).trim().to_owned())
}

/// Compares the emitted text with its snapshot and its output with the original's, with every kernel launched and with
/// the default threshold.
fn agrees(name: &str, plan: &Plan, launches: &str) {
    let unit = emit(plan, Vec::new(), Vec::new());
    insta::assert_snapshot!(name, unit.cuda);
    let folder = std::env::temp_dir().join(format!("mupac-emit-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (original, emitted) = (folder.join("t.c"), folder.join("t.cpp"));
    std::fs::write(&original, plan.module.source.text()).unwrap();
    std::fs::write(&emitted, without_launches(&unit.cuda)).unwrap();
    let program = folder.join("t");
    compiled("gcc", &["-w"], &original, &program);
    let (wanted, _) = run(&program);
    assert!(!wanted.is_empty());
    let stub = concat!("-I", env!("CARGO_MANIFEST_DIR"), "/tests/stub");
    let flags = [
        stub,
        "-std=c++17",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unknown-pragmas",
        "-Wno-unused-variable",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
    ];
    compiled("g++", &flags, &emitted, &program);
    assert_eq!(run(&program).0, wanted);
    let always = [&flags[..], &["-DMUPAC_CPU_THRESHOLD=0"]].concat();
    compiled("g++", &always, &emitted, &program);
    assert_eq!(run(&program), (wanted, launches.to_owned()));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn saxpy() -> Plan {
    let source = include_str!("source/saxpy.c");
    let mut b = Builder::new(source, "saxpy", "static void saxpy");
    let n = b.var("n", "n", Scalar::I32);
    let a = b.var("a", "a", Scalar::F32);
    let x = b.var("x", "x", Type::from(Scalar::F32).pointer(true));
    let y = b.var("y", "y", Type::from(Scalar::F32).pointer(false));
    let i = b.var("i", "i", Scalar::I32);
    let index = b.index(Axis::X, 256);
    let (i_value, n_value, a_value) = (b.load(i), b.load(n), b.load(a));
    let (xi, yi) = (b.element(x, &[i_value]), b.element(y, &[i_value]));
    let product = b.op(BinaryOp::Multiply, a_value, xi);
    let sum = b.op(BinaryOp::Add, product, yi);
    let store = b.assign(place(y, &[i_value]), sum);
    let inside = b.op(BinaryOp::Less, i_value, n_value);
    let body = vec![Stmt::Let(i, index), when(inside, vec![store])];
    let one = b.int(1, Scalar::I64);
    let grid = [b.blocks(n_value, 256), one, one];
    let buffers = vec![
        (b.buffer(x, 0, n_value, false), true),
        (b.buffer(y, 0, n_value, true), true),
    ];
    let guards = vec![b.is_positive(n_value), b.worthwhile(&[n_value], 950)];
    let region = Region {
        replaces: b.span("for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];"),
        guards,
        buffers,
        values: vec![n, a],
        kernel: "saxpy_l11",
        grid,
        block: [256, 1, 1],
        body,
        mapping: &["i on block.x * 256 + thread.x"],
    };
    let mut plan = plan(&b, vec![region]);
    let region = &mut plan.regions[0];
    let mut handles = region.buffers.iter().map(|(handle, _)| handle);
    let (a, b) = (handles.next().unwrap(), handles.next().unwrap());
    drop(handles);
    region.guards.push(Guard::NoOverlap {
        a,
        b,
        how: mupac_ir::Separation::Whole,
    });
    plan
}

#[test]
fn a_map_keeps_its_fallback_and_its_comments() {
    agrees("saxpy", &saxpy(), "1 launches");
}

#[test]
fn two_dimensional_arrays_keep_their_subscripts() {
    let source = include_str!("source/stencil.c");
    let mut b = Builder::new(source, "main", "int main");
    let row = |length| Type::Array {
        of: Box::new(Scalar::F64.into()),
        length: Extent::Fixed(length),
    };
    let grid_type = Type::Array {
        of: Box::new(row(24)),
        length: Extent::Fixed(40),
    };
    let (u, v) = (
        b.var("u", "u", grid_type.clone()),
        b.var("v", "v", grid_type),
    );
    // The nest before has taken `i` and `j`, so these are called `i.2` and `j.2` in the IR.
    let (i, j) = (
        b.var("i.2", "i", Scalar::I32),
        b.var("j.2", "j", Scalar::I32),
    );
    let (one, n, m) = (
        b.int(1, Scalar::I32),
        b.spelled(40, "N"),
        b.spelled(24, "M"),
    );
    let (ni, mj) = (
        b.op(BinaryOp::Subtract, n, one),
        b.op(BinaryOp::Subtract, m, one),
    );
    let (index_i, index_j) = (b.index(Axis::Y, 8), b.index(Axis::X, 32));
    let (from_i, from_j) = (
        b.op(BinaryOp::Add, one, index_i),
        b.op(BinaryOp::Add, one, index_j),
    );
    let (iv, jv) = (b.load(i), b.load(j));
    let near = |b: &mut Builder, op, at| b.op(op, at, one);
    let (up, down) = (
        near(&mut b, BinaryOp::Subtract, iv),
        near(&mut b, BinaryOp::Add, iv),
    );
    let (left, right) = (
        near(&mut b, BinaryOp::Subtract, jv),
        near(&mut b, BinaryOp::Add, jv),
    );
    let mut sum = b.element(u, &[up, jv]);
    for subscripts in [[down, jv], [iv, left], [iv, right]] {
        let next = b.element(u, &subscripts);
        sum = b.op(BinaryOp::Add, sum, next);
    }
    let quarter = b
        .function
        .expr(mupac_ir::ExprKind::Float(0.25), Scalar::F64);
    let value = b.op(BinaryOp::Multiply, quarter, sum);
    let store = b.assign(place(v, &[iv, jv]), value);
    let (in_i, in_j) = (b.op(BinaryOp::Less, iv, ni), b.op(BinaryOp::Less, jv, mj));
    let inside = b.op(BinaryOp::And, in_i, in_j);
    let body = vec![
        Stmt::Let(i, from_i),
        Stmt::Let(j, from_j),
        when(inside, vec![store]),
    ];
    let wide = b.int(1, Scalar::I64);
    let grid = [wide, b.int(5, Scalar::I64), wide];
    let inner = b.int(38, Scalar::I32);
    let region = Region {
        replaces: b.span("for (int i = 1; i < N - 1; i++)\n\t\tfor (int j = 1; j < M - 1; j++)\n\t\t\tv[i][j] = 0.25 * (u[i-1][j] + u[i+1][j] + u[i][j-1] + u[i][j+1]);"),
        guards: Vec::new(),
        buffers: vec![(b.buffer(u, 0, n, false), true), (b.buffer(v, 1, inner, true), true)],
        values: Vec::new(),
        kernel: "main_l11",
        grid,
        block: [32, 8, 1],
        body,
        mapping: &["i on block.y * 8 + thread.y", "j on block.x * 32 + thread.x"],
    };
    agrees("stencil", &plan(&b, vec![region]), "1 launches");
}

#[test]
fn the_body_of_an_if_stays_one_statement() {
    let source = include_str!("source/body_of_if.c");
    let mut b = Builder::new(source, "sums", "void sums");
    let n = b.var("n", "n", Scalar::I64);
    let out = b.var("out", "out", Type::from(Scalar::I32).pointer(false));
    let input = b.var("in", "in", rows(Scalar::I32, Extent::Fixed(8)));
    let i = b.var("i", "i", Scalar::I64);
    let (s, k) = (b.var("s", "s", Scalar::I32), b.var("i.2", "i", Scalar::I32));
    let block = b
        .function
        .expr(mupac_ir::ExprKind::BlockIndex(Axis::X), Scalar::I64);
    let thread = b
        .function
        .expr(mupac_ir::ExprKind::ThreadIndex(Axis::X), Scalar::I64);
    let (size, two) = (b.int(128, Scalar::I64), b.int(2, Scalar::I64));
    let base = b.op(BinaryOp::Multiply, block, size);
    let index = b.op(BinaryOp::Add, base, thread);
    let from = b.op(BinaryOp::Add, two, index);
    let (iv, nv, sv, kv) = (b.load(i), b.load(n), b.load(s), b.load(k));
    let (zero, eight) = (b.int(0, Scalar::I32), b.int(8, Scalar::I32));
    let element = b.element(input, &[kv, kv]);
    let sum = b.op(BinaryOp::Add, sv, element);
    let add = b.assign(place(s, &[]), sum);
    let clear = b.assign(place(s, &[]), zero);
    let store = b.assign(place(out, &[iv]), sv);
    let inside = b.op(BinaryOp::Less, iv, nv);
    let work = vec![
        Stmt::Declare(s, Span::default()),
        clear,
        b.count(k, zero, eight, vec![add]),
        store,
    ];
    let body = vec![Stmt::Let(i, from), when(inside, work)];
    let trips = b.op(BinaryOp::Subtract, nv, two);
    let one = b.int(1, Scalar::I64);
    let grid = [b.blocks(trips, 128), one, one];
    let guards = vec![b.is_positive(trips), b.worthwhile(&[trips], 100)];
    let text = &source[source.find("for (long").unwrap()..source.find("\n    else").unwrap()];
    let region = Region {
        replaces: b.span(text),
        guards,
        buffers: vec![
            (b.buffer(out, 2, trips, true), false),
            (b.buffer(input, 0, eight, false), true),
        ],
        values: vec![n],
        kernel: "sums_l7",
        grid,
        block: [128, 1, 1],
        body,
        mapping: &["i on 2 + block.x * 128 + thread.x"],
    };
    agrees("body_of_if", &plan(&b, vec![region]), "1 launches");
}

#[test]
fn rows_of_variable_length_become_one_row() {
    let source = include_str!("source/rows.c");
    let mut b = Builder::new(source, "scale", "void scale");
    let (n, m) = (b.var("n", "n", Scalar::I32), b.var("m", "m", Scalar::I32));
    let s = b.var("s", "s", Scalar::F64);
    let (nv, mv, sv) = (b.load(n), b.load(m), b.load(s));
    let a = b.var("a", "a", rows(Scalar::F64, Extent::Variable(mv)));
    let (i, j) = (b.var("i", "i", Scalar::I32), b.var("j", "j", Scalar::I32));
    let index = b.index(Axis::X, 256);
    let (iv, jv, zero) = (b.load(i), b.load(j), b.int(0, Scalar::I32));
    let element = b.element(a, &[iv, jv]);
    let product = b.op(BinaryOp::Multiply, element, sv);
    let store = b.assign(place(a, &[iv, jv]), product);
    let inside = b.op(BinaryOp::Less, iv, nv);
    let inner = b.count(j, zero, mv, vec![store]);
    let body = vec![Stmt::Let(i, index), when(inside, vec![inner])];
    let one = b.int(1, Scalar::I64);
    let grid = [b.blocks(nv, 256), one, one];
    let guards = vec![
        b.is_positive(nv),
        b.is_positive(mv),
        b.worthwhile(&[nv, mv], 1000),
    ];
    let region = Region {
        replaces: b.span("for (int i = 0; i < n; i++)\n        for (int j = 0; j < m; j++)\n            a[i][j] *= s;"),
        guards,
        buffers: vec![(b.buffer(a, 0, nv, true), true)],
        values: vec![n, s],
        kernel: "scale_l4",
        grid,
        block: [256, 1, 1],
        body,
        mapping: &["i on block.x * 256 + thread.x"],
    };
    let mut plan = plan(&b, vec![region]);
    let edit = |from: &str, to: &str| {
        let start = source.find(from).unwrap();
        Edit {
            at: Span::new(start, start + from.len()),
            text: to.to_owned(),
            rule: "flat-rows",
        }
    };
    plan.module.edits = vec![
        edit("double a[n][m]", "double *a"),
        edit("a[i][j] *=", "a[(long)i * m + j] *="),
        edit("a);\n    for", "&a[0][0]);\n    for"),
    ];
    agrees("rows", &plan, "1 launches");
}

#[test]
fn a_plan_without_regions_leaves_the_text_alone() {
    let mut plan = saxpy();
    plan.regions.clear();
    let unit = emit(&plan, Vec::new(), Vec::new());
    assert_eq!(unit.cuda, plan.module.source.text());
    assert!(unit.has_main && unit.kernels.is_empty());
}

#[test]
fn names_that_cpp_reserves_are_replaced_in_kernels() {
    let source =
        "void f(int n, int *this) {\n    for (int new = 0; new < n; new++) this[new] = -new;\n}\n";
    let mut b = Builder::new(source, "f", "void f");
    let n = b.var("n", "n", Scalar::I32);
    let array = b.var("this", "this", Type::from(Scalar::I32).pointer(false));
    let i = b.var("new", "new", Scalar::I32);
    let index = b.index(Axis::X, 64);
    let (iv, nv) = (b.load(i), b.load(n));
    let negated = b
        .function
        .expr(mupac_ir::ExprKind::Unary(UnaryOp::Negate, iv), Scalar::I32);
    let store = b.assign(place(array, &[iv]), negated);
    let inside = b.op(BinaryOp::Less, iv, nv);
    let body = vec![Stmt::Let(i, index), when(inside, vec![store])];
    let one = b.int(1, Scalar::I64);
    let grid = [b.blocks(nv, 64), one, one];
    let region = Region {
        replaces: b.span("for (int new = 0; new < n; new++) this[new] = -new;"),
        guards: vec![b.is_positive(nv)],
        buffers: vec![(b.buffer(array, 0, nv, true), false)],
        values: vec![n],
        kernel: "f_l2",
        grid,
        block: [64, 1, 1],
        body,
        mapping: &[],
    };
    let unit = emit(&plan(&b, vec![region]), Vec::new(), Vec::new());
    let kernel =
        &unit.cuda[unit.cuda.find("// f, line").unwrap()..unit.cuda.find("void f(").unwrap()];
    insta::assert_snapshot!("reserved_names", kernel);
}
