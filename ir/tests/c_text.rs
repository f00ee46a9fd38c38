//! Text printed for C, against what C and C++ compilers make of it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where it cannot go on"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the evaluator knows only what the generator makes"
)]
#![expect(clippy::float_cmp, reason = "this is what `==` of C does")]

use std::fmt::Write as _;
use std::process::Command;

use mupac_ir::c_text::{CText, helper_definitions};
use mupac_ir::{
    Arena, BinaryOp, Compute, Expr, ExprKind, Function, Handle, If, LoopName, Place, Scalar, Span,
    Stmt, StmtId, Type, UnaryOp, Var, While,
};

/// A value of a scalar type: an integer, or a float held widened.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Int(i128),
    Float(f64),
}

/// `SplitMix64` (Steele, Lea, Flood, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

fn empty_function() -> Function {
    Function {
        name: "f".to_owned(),
        parameters: Vec::new(),
        result: Type::Void,
        is_static: false,
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        span: Span::default(),
        body_span: Span::default(),
    }
}

/// Returns a value in the range of a type: small, extreme or any.
fn some_value(random: &mut Random, ty: Scalar) -> Value {
    let Some((least, most)) = ty.integer_range() else {
        let value = [0.0, 1.0, -1.5, 0.1, 3e9, -2.5e-3, 1e20, 7.0][random.below(8)];
        return Value::Float(if ty == Scalar::F32 {
            f64::from(value as f32)
        } else {
            value
        });
    };
    let span = most - least + 1;
    Value::Int(match random.below(4) {
        0 => (i128::from(random.next() % 7) - 2).clamp(least, most),
        1 => (i128::from(random.next() % 40)).clamp(least, most),
        2 => [least, most][random.below(2)],
        _ => least + i128::from(random.next()) % span,
    })
}

fn constant(function: &mut Function, value: Value, ty: Scalar) -> Handle<Expr> {
    match value {
        Value::Int(value) => function.expr(ExprKind::Int(value), ty),
        Value::Float(value) => function.expr(ExprKind::Float(value), ty),
    }
}

/// Grows random expressions over one variable of every type.
struct Grower {
    function: Function,
    vars: Vec<(Handle<Var>, Scalar, Value)>,
    random: Random,
}

const ARITHMETIC: [BinaryOp; 4] = [
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Multiply,
    BinaryOp::Divide,
];
const INTEGER: [BinaryOp; 10] = [
    BinaryOp::Remainder,
    BinaryOp::BitAnd,
    BinaryOp::BitOr,
    BinaryOp::BitXor,
    BinaryOp::ShiftLeft,
    BinaryOp::ShiftRight,
    BinaryOp::Min,
    BinaryOp::Max,
    BinaryOp::FloorDivide,
    BinaryOp::CeilDivide,
];
const TRUTH: [BinaryOp; 8] = [
    BinaryOp::Less,
    BinaryOp::LessEqual,
    BinaryOp::Greater,
    BinaryOp::GreaterEqual,
    BinaryOp::Equal,
    BinaryOp::NotEqual,
    BinaryOp::And,
    BinaryOp::Or,
];

impl Grower {
    fn new(seed: u64) -> Self {
        let mut grower = Self {
            function: empty_function(),
            vars: Vec::new(),
            random: Random(seed),
        };
        for ty in Scalar::ALL {
            let name = format!("v_{}", ty.name());
            let handle = grower.function.vars.push(Var::local(name, ty));
            let value = some_value(&mut grower.random, ty);
            grower.vars.push((handle, ty, value));
        }
        grower
    }

    fn some_type(&mut self) -> Scalar {
        Scalar::ALL[self.random.below(Scalar::ALL.len())]
    }

    fn expr(&mut self, ty: Scalar, depth: usize) -> Handle<Expr> {
        if depth == 0 || self.random.below(6) == 0 {
            return self.leaf(ty);
        }
        match self.random.below(8) {
            0 | 1 => {
                let from = self.some_type();
                let inner = self.expr(from, depth - 1);
                self.function.expr(ExprKind::Cast(inner), ty)
            }
            2 => {
                let condition = self.some_type();
                let condition = self.expr(condition, depth - 1);
                let (then, otherwise) = (self.expr(ty, depth - 1), self.expr(ty, depth - 1));
                let kind = ExprKind::Select {
                    condition,
                    then,
                    otherwise,
                };
                self.function.expr(kind, ty)
            }
            3 => self.unary(ty, depth),
            4 if ty == Scalar::I32 => self.truth(depth),
            _ => self.binary(ty, depth),
        }
    }

    fn leaf(&mut self, ty: Scalar) -> Handle<Expr> {
        if self.random.below(2) == 0 {
            let (var, ..) = self.vars[Scalar::ALL.iter().position(|&each| each == ty).unwrap()];
            return self.function.load(var);
        }
        let value = some_value(&mut self.random, ty);
        constant(&mut self.function, value, ty)
    }

    fn unary(&mut self, ty: Scalar, depth: usize) -> Handle<Expr> {
        let op = match (ty, self.random.below(2)) {
            (Scalar::Bool, _) => return self.leaf(ty),
            (Scalar::I32, 0) => UnaryOp::Not,
            (_, 0) if !ty.is_float() => UnaryOp::BitNot,
            _ => UnaryOp::Negate,
        };
        let operand = if op == UnaryOp::Not {
            self.some_type()
        } else {
            ty
        };
        let operand = self.expr(operand, depth - 1);
        self.function.expr(ExprKind::Unary(op, operand), ty)
    }

    fn truth(&mut self, depth: usize) -> Handle<Expr> {
        let op = TRUTH[self.random.below(TRUTH.len())];
        let ty = self.some_type();
        let (left, right) = (self.expr(ty, depth - 1), self.expr(ty, depth - 1));
        self.function
            .expr(ExprKind::Binary(op, left, right), Scalar::I32)
    }

    fn binary(&mut self, ty: Scalar, depth: usize) -> Handle<Expr> {
        if ty == Scalar::Bool {
            return self.leaf(ty);
        }
        let choice = self.random.below(if ty.is_float() { 4 } else { 14 });
        let op = *ARITHMETIC.iter().chain(&INTEGER).nth(choice).unwrap();
        let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
        let count = self.some_type();
        let right = if is_shift && !count.is_float() {
            count
        } else {
            ty
        };
        let (left, right) = (self.expr(ty, depth - 1), self.expr(right, depth - 1));
        self.function.expr(ExprKind::Binary(op, left, right), ty)
    }

    fn evaluate(&self, handle: Handle<Expr>) -> Option<Value> {
        let expr = &self.function.exprs[handle];
        let ty = expr.ty.scalar()?;
        match &expr.kind {
            ExprKind::Int(value) => Some(Value::Int(*value)),
            ExprKind::Float(value) => Some(Value::Float(*value)),
            ExprKind::Load(place) => self.vars.get(place.var.index()).map(|var| var.2),
            ExprKind::Cast(inner) => convert(self.evaluate(*inner)?, ty),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                if is_true(self.evaluate(*condition)?) {
                    self.evaluate(*then)
                } else {
                    self.evaluate(*otherwise)
                }
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                Some(Value::Int(i128::from(!is_true(self.evaluate(*operand)?))))
            }
            ExprKind::Unary(op, operand) => match (self.evaluate(*operand)?, op) {
                (Value::Int(value), UnaryOp::Negate) => settle(-value, ty),
                (Value::Int(value), _) => settle(!value, ty),
                (Value::Float(value), _) => Some(Value::Float(-value)),
            },
            ExprKind::Binary(op, left, right) => self.apply(*op, *left, *right, ty),
            other => panic!("not generated: {other:?}"),
        }
    }

    fn apply(
        &self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
        ty: Scalar,
    ) -> Option<Value> {
        let a = self.evaluate(left)?;
        if op == BinaryOp::And && !is_true(a) {
            return Some(Value::Int(0));
        }
        if op == BinaryOp::Or && is_true(a) {
            return Some(Value::Int(1));
        }
        match (a, self.evaluate(right)?) {
            (Value::Int(a), Value::Int(b)) => integer(op, a, b, ty),
            (Value::Float(a), Value::Float(b)) => floating(op, a, b, ty),
            _ => None,
        }
    }
}

fn is_true(value: Value) -> bool {
    value != Value::Int(0) && value != Value::Float(0.0)
}

/// Returns an integer in its type: wrapped where unsigned, nothing where a signed type overflows.
fn settle(value: i128, ty: Scalar) -> Option<Value> {
    let (least, most) = ty.integer_range()?;
    if ty.is_signed() {
        return (least..=most).contains(&value).then_some(Value::Int(value));
    }
    Some(Value::Int(value & most))
}

fn convert(value: Value, ty: Scalar) -> Option<Value> {
    match (value, ty.integer_range()) {
        (value, _) if ty == Scalar::Bool => Some(Value::Int(i128::from(is_true(value)))),
        (Value::Int(value), Some((least, most))) => {
            let span = most - least + 1;
            Some(Value::Int((value - least).rem_euclid(span) + least))
        }
        (Value::Float(value), Some((least, most))) => {
            let whole = value.trunc();
            let fits = whole >= least as f64 && whole <= most as f64 && whole.abs() < 9e18;
            fits.then_some(Value::Int(whole as i128))
        }
        (Value::Int(value), None) if ty == Scalar::F32 => {
            Some(Value::Float(f64::from(value as f32)))
        }
        (Value::Int(value), None) => Some(Value::Float(value as f64)),
        (Value::Float(value), None) if ty == Scalar::F32 => {
            Some(Value::Float(f64::from(value as f32)))
        }
        (Value::Float(value), None) => Some(Value::Float(value)),
    }
}

fn integer(op: BinaryOp, a: i128, b: i128, ty: Scalar) -> Option<Value> {
    let is_shift_fine = (0..i128::from(ty.bits())).contains(&b);
    let truth = |value: bool| Some(Value::Int(i128::from(value)));
    match op {
        BinaryOp::Add => settle(a + b, ty),
        BinaryOp::Subtract => settle(a - b, ty),
        BinaryOp::Multiply => settle(a.checked_mul(b)?, ty),
        BinaryOp::Divide => settle(a.checked_div(b)?, ty),
        BinaryOp::Remainder => {
            settle(a.checked_div(b)?, ty)?;
            settle(a % b, ty)
        }
        BinaryOp::BitAnd => settle(a & b, ty),
        BinaryOp::BitOr => settle(a | b, ty),
        BinaryOp::BitXor => settle(a ^ b, ty),
        BinaryOp::ShiftLeft if is_shift_fine && a >= 0 => settle(a << b, ty),
        BinaryOp::ShiftRight if is_shift_fine => settle(a >> b, ty),
        BinaryOp::Min => settle(a.min(b), ty),
        BinaryOp::Max => settle(a.max(b), ty),
        BinaryOp::FloorDivide if b > 0 => settle(a.div_euclid(b), ty),
        BinaryOp::CeilDivide if b > 0 => settle(-((-a).div_euclid(b)), ty),
        BinaryOp::Less => truth(a < b),
        BinaryOp::LessEqual => truth(a <= b),
        BinaryOp::Greater => truth(a > b),
        BinaryOp::GreaterEqual => truth(a >= b),
        BinaryOp::Equal => truth(a == b),
        BinaryOp::NotEqual => truth(a != b),
        BinaryOp::And | BinaryOp::Or => truth(b != 0),
        _ => None,
    }
}

fn floating(op: BinaryOp, a: f64, b: f64, ty: Scalar) -> Option<Value> {
    let rounded = |wide: f64, single: f32| {
        Some(Value::Float(if ty == Scalar::F32 {
            f64::from(single)
        } else {
            wide
        }))
    };
    let truth = |value: bool| Some(Value::Int(i128::from(value)));
    let (c, d) = (a as f32, b as f32);
    match op {
        BinaryOp::Add => rounded(a + b, c + d),
        BinaryOp::Subtract => rounded(a - b, c - d),
        BinaryOp::Multiply => rounded(a * b, c * d),
        BinaryOp::Divide => rounded(a / b, c / d),
        BinaryOp::Less => truth(a < b),
        BinaryOp::LessEqual => truth(a <= b),
        BinaryOp::Greater => truth(a > b),
        BinaryOp::GreaterEqual => truth(a >= b),
        BinaryOp::Equal => truth(a == b),
        BinaryOp::NotEqual => truth(a != b),
        BinaryOp::And | BinaryOp::Or => truth(b != 0.0),
        _ => None,
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Int(value) => format!("{:016x}", value as u64),
        Value::Float(value) => format!("{:016x}", value.to_bits()),
    }
}

/// Returns the body of a C function that prints an expression in three contexts and checks its type.
fn probe(grower: &Grower, handle: Handle<Expr>) -> String {
    let names = |var: Handle<Var>| grower.function.vars[var].name.clone();
    let records = Arena::default();
    let text = CText {
        function: &grower.function,
        records: &records,
        names: &names,
    };
    let ty = grower.function.exprs[handle].ty.scalar().unwrap();
    let show = if ty.is_float() { "show_f" } else { "show_i" };
    let (exact, loose) = (text.expr(handle), text.converted(handle));
    let condition = text.condition(handle);
    let c = ty.c_name();
    format!(
        "  CHECK_TYPE({c}, {exact}); {show}({exact}); {{ {c} t = {loose}; {show}(t); }} if ({condition}) show_b(1); else show_b(0); puts(\"\");\n"
    )
}

const HEAD: &str = r#"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#ifdef __cplusplus
template <class T> struct promoted { typedef decltype(+T()) type; };
template <class A, class B> struct same { static const bool value = false; };
template <class A> struct same<A, A> { static const bool value = true; };
#define CHECK_TYPE(T, e) static_assert(same<promoted<T>::type, decltype(+(e))>::value, #e)
#else
#define CHECK_TYPE(T, e) _Static_assert(__builtin_types_compatible_p(T, __typeof__(e)), #e)
#endif
static void show_i(long v) { printf("%016lx ", (unsigned long)v); }
static void show_f(double v) { unsigned long b; memcpy(&b, &v, 8); if (v != v) printf("nan "); else printf("%016lx ", b); }
static void show_b(int v) { printf("%d ", v); }
"#;

fn output_of(compiler: &str, file: &std::path::Path, program: &std::path::Path) -> String {
    let status = Command::new(compiler)
        .args(["-O0", "-ffp-contract=off", "-w", "-Wparentheses"])
        .args(["-Werror=parentheses", "-Werror=logical-not-parentheses"])
        .arg(file)
        .arg("-o")
        .arg(program)
        .output()
        .unwrap();
    assert!(
        status.status.success(),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
    let run = Command::new(program).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn random_expressions_mean_the_same_in_c_and_in_cpp() {
    let folder = std::env::temp_dir().join(format!("mupac-c-text-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut functions, mut calls, mut expected) = (String::new(), String::new(), String::new());
    let mut count = 0;
    for seed in 0..60 {
        let mut grower = Grower::new(seed);
        let mut body = String::new();
        for number in 0..60 {
            let ty = Scalar::ALL[number % Scalar::ALL.len()];
            let handle = grower.expr(ty, 1 + number % 4);
            let Some(value) = grower.evaluate(handle) else {
                continue;
            };
            let shown = match value {
                Value::Float(value) if value.is_nan() => "nan".to_owned(),
                value => shown(value),
            };
            let truth = i32::from(is_true(value));
            let _ = writeln!(expected, "{shown} {shown} {truth} ");
            body.push_str(&probe(&grower, handle));
            count += 1;
        }
        let _ = writeln!(functions, "static void f{seed}(void) {{");
        for (var, ty, value) in grower.vars.clone() {
            let value = constant(&mut grower.function, value, ty);
            let names = |var: Handle<Var>| grower.function.vars[var].name.clone();
            let records = Arena::default();
            let text = CText {
                function: &grower.function,
                records: &records,
                names: &names,
            };
            let declaration = text.declaration(&ty.into(), &names(var));
            let _ = writeln!(functions, "  {declaration} = {};", text.converted(value));
        }
        let _ = writeln!(functions, "{body}}}");
        let _ = writeln!(calls, "  f{seed}();");
    }
    assert!(count > 1500, "only {count} expressions have a value");
    let helpers = helper_definitions(&functions, "static inline");
    let program = format!("{HEAD}{helpers}{functions}int main(void) {{\n{calls}  return 0;\n}}\n");
    for (compiler, name) in [("gcc", "t.c"), ("g++", "t.cpp")] {
        let file = folder.join(name);
        std::fs::write(&file, &program).unwrap();
        let output = output_of(compiler, &file, &folder.join("t"));
        let lines = functions.lines().filter(|line| line.contains("CHECK_TYPE"));
        for ((line, got), want) in lines.zip(output.lines()).zip(expected.lines()) {
            assert_eq!(got, want, "{compiler}: {line}");
        }
        assert_eq!(output.lines().count(), count);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Builds expressions over `int i`, `long n`, `float a`, `float *x`, `double (*u)[8]`.
struct Small(Function, Vec<Handle<Var>>);

impl Small {
    fn new() -> Self {
        let row = Type::Array {
            of: Box::new(Scalar::F64.into()),
            length: mupac_ir::Extent::Fixed(8),
        };
        let types = [
            ("i", Scalar::I32.into()),
            ("n", Scalar::I64.into()),
            ("a", Scalar::F32.into()),
            ("x", Type::from(Scalar::F32).pointer(false)),
            ("u", row.pointer(false)),
        ];
        let mut function = empty_function();
        let vars = types
            .into_iter()
            .map(|(name, ty): (&str, Type)| function.vars.push(Var::local(name, ty)))
            .collect();
        Self(function, vars)
    }

    fn with_text<T>(&self, then: impl FnOnce(&CText) -> T) -> T {
        let names = |var: Handle<Var>| self.0.vars[var].name.clone();
        let records = Arena::default();
        then(&CText {
            function: &self.0,
            records: &records,
            names: &names,
        })
    }

    fn int(&mut self, value: i128, ty: Scalar) -> Handle<Expr> {
        self.0.expr(ExprKind::Int(value), ty)
    }

    fn op(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>, ty: Scalar) -> Handle<Expr> {
        self.0.expr(ExprKind::Binary(op, a, b), ty)
    }
}

#[test]
fn a_built_in_index_is_computed_in_unsigned_and_converted_once() {
    let mut small = Small::new();
    let axis = mupac_ir::Axis::X;
    for (ty, expected) in [
        (Scalar::I32, "blockIdx.x * 256 + threadIdx.x"),
        (Scalar::I64, "(long)blockIdx.x * 256 + threadIdx.x"),
    ] {
        let block = small.0.expr(ExprKind::BlockIndex(axis), ty);
        let size = small.int(256, ty);
        let thread = small.0.expr(ExprKind::ThreadIndex(axis), ty);
        let base = small.op(BinaryOp::Multiply, block, size, ty);
        let index = small.op(BinaryOp::Add, base, thread, ty);
        assert_eq!(small.with_text(|text| text.converted(index)), expected);
    }
}

#[test]
fn an_assignment_that_changes_its_own_value_is_compound() {
    let mut small = Small::new();
    let i = small.0.load(small.1[0]);
    let target = Place {
        var: small.1[3],
        path: vec![mupac_ir::Projection::Index(i)],
    };
    let old = small.0.expr(ExprKind::Load(target.clone()), Scalar::F32);
    let a = small.0.load(small.1[2]);
    let sum = small.op(BinaryOp::Add, old, a, Scalar::F32);
    let compute = |value| {
        vec![mupac_ir::Stmt::Compute(mupac_ir::Compute {
            id: mupac_ir::StmtId(0),
            target: target.clone(),
            value,
            span: Span::default(),
            target_span: Span::default(),
        })]
    };
    assert_eq!(
        small.with_text(|text| text.block(&compute(sum), 1)),
        "    x[i] += a;\n"
    );
    let swapped = small.op(BinaryOp::Add, a, old, Scalar::F32);
    assert_eq!(
        small.with_text(|text| text.block(&compute(swapped), 0)),
        "x[i] = a + x[i];\n"
    );
}

#[test]
fn declarators_are_written_from_the_inside_out() {
    let small = Small::new();
    let grid = Type::Array {
        of: Box::new(Type::from(Scalar::F64).pointer(true)),
        length: mupac_ir::Extent::Fixed(3),
    };
    let cases = [
        (small.0.vars[small.1[4]].ty.clone(), "u", "double (*u)[8]"),
        (small.0.vars[small.1[4]].ty.clone(), "", "double (*)[8]"),
        (Type::from(Scalar::F32).pointer(true), "x", "const float *x"),
        (grid.clone(), "g", "const double *g[3]"),
        (grid.pointer(true), "g", "const double *const (*g)[3]"),
        (
            Type::from(Scalar::I8).pointer(false).pointer(true),
            "p",
            "signed char *const *p",
        ),
    ];
    for (ty, name, expected) in cases {
        assert_eq!(
            small.with_text(|text| text.declaration(&ty, name)),
            expected
        );
    }
}

/// Builds `int f(int n)` out of statements over `int` variables.
struct Statements(Function, u32);

impl Statements {
    fn new() -> Self {
        let mut function = empty_function();
        for name in ["n", "s", "i", "t"] {
            function.vars.push(Var::local(name, Scalar::I32));
        }
        function.result = Scalar::I32.into();
        Self(function, 0)
    }

    fn var(&self, name: &str) -> Handle<Var> {
        let mut vars = self.0.vars.iter();
        vars.find(|(_, var)| var.name == name).unwrap().0
    }

    fn load(&mut self, name: &str) -> Handle<Expr> {
        self.0.load(self.var(name))
    }

    fn op(&mut self, op: BinaryOp, left: &str, right: Handle<Expr>) -> Handle<Expr> {
        let left = self.load(left);
        self.0.expr(ExprKind::Binary(op, left, right), Scalar::I32)
    }

    fn with_int(&mut self, op: BinaryOp, left: &str, right: i128) -> Handle<Expr> {
        let right = self.0.expr(ExprKind::Int(right), Scalar::I32);
        self.op(op, left, right)
    }

    fn with_var(&mut self, op: BinaryOp, left: &str, right: &str) -> Handle<Expr> {
        let right = self.load(right);
        self.op(op, left, right)
    }

    fn set(&mut self, name: &str, value: Handle<Expr>) -> Stmt {
        self.1 += 1;
        Stmt::Compute(Compute {
            id: StmtId(self.1),
            target: Place::var(self.var(name)),
            value,
            span: Span::default(),
            target_span: Span::default(),
        })
    }

    /// `i` and `s` from 0; a loop that adds every `i` which is not odd, tests a square that it stores before, and
    /// counts behind the body, where `continue` must go.
    fn with_loop(mut self, is_do: bool, stores_before_test: bool, adds_after: bool) -> Self {
        let zero = self.0.expr(ExprKind::Int(0), Scalar::I32);
        let mut body = vec![];
        for name in ["s", "i"] {
            body.push(Stmt::Declare(self.var(name), Span::default()));
            body.push(self.set(name, zero));
        }
        let square = self.with_var(BinaryOp::Multiply, "i", "i");
        let store = [
            Stmt::Declare(self.var("t"), Span::default()),
            self.set("t", square),
        ];
        let tested = if stores_before_test { "t" } else { "i" };
        let odd = self.with_int(BinaryOp::Remainder, "i", 2);
        let sum = self.with_var(BinaryOp::Add, "s", "i");
        let next = self.with_int(BinaryOp::Add, "i", 1);
        let next = self.set("i", next);
        let skip = Stmt::If(If {
            condition: odd,
            then: if adds_after {
                vec![Stmt::Continue(Span::default())]
            } else {
                vec![next.clone(), Stmt::Continue(Span::default())]
            },
            otherwise: Vec::new(),
            span: Span::default(),
        });
        let mut inside = vec![skip, self.set("s", sum)];
        let after = if adds_after {
            vec![next]
        } else {
            inside.push(next);
            vec![]
        };
        body.push(Stmt::While(While {
            name: LoopName("while.2".to_owned()),
            before_test: if stores_before_test {
                store.to_vec()
            } else {
                vec![]
            },
            condition: self.with_var(BinaryOp::Less, tested, "n"),
            is_do,
            body: inside,
            after_body: after,
            not_counted: None,
            span: Span::default(),
            header_span: Span::default(),
        }));
        body.push(Stmt::Return(Some(self.load("s")), Span::default()));
        self.0.body = body;
        self
    }

    fn text(&self, name: &str) -> String {
        let names = |var: Handle<Var>| self.0.vars[var].name.clone();
        let records = Arena::default();
        let text = CText {
            function: &self.0,
            records: &records,
            names: &names,
        };
        format!(
            "static int {name}(int n) {{\n{}}}\n",
            text.block(&self.0.body, 1)
        )
    }
}

/// What the loop of [`Statements::with_loop`] gives.
fn sum_of_even(n: i32, is_do: bool, stores_before_test: bool) -> i32 {
    let (mut sum, mut i) = (0, 0);
    let goes_on = |i: i32| if stores_before_test { i * i < n } else { i < n };
    while (is_do && i == 0) || goes_on(i) {
        if i % 2 == 0 {
            sum += i;
        }
        i += 1;
    }
    sum
}

#[test]
fn loops_without_a_counter_run_their_parts_in_order() {
    let (mut functions, mut calls, mut expected) = (String::new(), String::new(), String::new());
    for form in 0..8 {
        let (is_do, stores, adds) = (form & 1 != 0, form & 2 != 0, form & 4 != 0);
        let name = format!("f{form}");
        functions += &Statements::new().with_loop(is_do, stores, adds).text(&name);
        for n in [0, 1, 10, 17] {
            let _ = writeln!(calls, "  printf(\"%d\\n\", {name}({n}));");
            let _ = writeln!(expected, "{}", sum_of_even(n, is_do, stores));
        }
    }
    insta::assert_snapshot!(functions);
    let folder = std::env::temp_dir().join(format!("mupac-c-loops-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let program =
        format!("#include <stdio.h>\n{functions}int main(void) {{\n{calls}  return 0;\n}}\n");
    for (compiler, name) in [("gcc", "t.c"), ("g++", "t.cpp")] {
        let file = folder.join(name);
        std::fs::write(&file, &program).unwrap();
        assert_eq!(output_of(compiler, &file, &folder.join("t")), expected);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_bound_beyond_the_last_value_reads_as_it_was_written() {
    let mut small = Small::new();
    let (i, n) = (small.1[0], small.1[1]);
    let zero = small.int(0, Scalar::I32);
    let count = small.0.load(i);
    let wide = small.0.expr(ExprKind::Cast(count), Scalar::I64);
    let one = small.int(1, Scalar::I64);
    let narrow_one = small.int(1, Scalar::I32);
    let n_value = small.0.load(n);
    let j = small.0.vars.push(Var::local("j", Scalar::I32));
    let cases = [
        (
            small.op(BinaryOp::Add, wide, one, Scalar::I64),
            1,
            "j = 0; j <= i; j++",
        ),
        (
            small.op(BinaryOp::Subtract, wide, one, Scalar::I64),
            -2,
            "j = 0; j >= i; j -= 2",
        ),
        (
            small.op(BinaryOp::Add, count, narrow_one, Scalar::I32),
            1,
            "j = 0; j < i + 1; j++",
        ),
        (wide, 3, "j = 0; j < i; j += 3"),
        (n_value, 1, "j = 0; j < n; j++"),
    ];
    for (end, step, expected) in cases {
        let text = vec![Stmt::For(mupac_ir::Loop {
            name: LoopName("j".to_owned()),
            iterator: j,
            declares_iterator: false,
            start: zero,
            end,
            step,
            mapping: mupac_ir::Mapping::Sequential,
            body: Vec::new(),
            span: Span::default(),
            header_span: Span::default(),
        })];
        let expected = format!("for ({expected}) {{\n}}\n");
        assert_eq!(small.with_text(|printer| printer.block(&text, 0)), expected);
    }
}
