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

#[path = "common/printed.rs"]
mod printed;

use std::fmt::Write as _;

use mupac_ir::c_text::{CText, helper_definitions};
use mupac_ir::{Arena, BinaryOp, Expr, ExprKind, Function, Handle, Scalar, UnaryOp, Var};
use printed::{empty_function, output_of};

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
        callees: &str::to_owned,
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
                callees: &str::to_owned,
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
