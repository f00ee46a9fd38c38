//! Declarations and statements printed for C.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "common/printed.rs"]
mod printed;

use std::fmt::Write as _;

use mupac_ir::c_text::CText;
use mupac_ir::{
    Arena, BinaryOp, Compute, Expr, ExprKind, Function, Handle, If, LoopName, Place, Scalar, Span,
    Stmt, StmtId, Type, Var, While,
};
use printed::{empty_function, output_of};

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
            callees: &str::to_owned,
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
            callees: &str::to_owned,
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
