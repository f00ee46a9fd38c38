//! What statements say as a list of numbers, to look up what is known of the same ones elsewhere.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::{Function, Space, Var};
use crate::span::Span;
use crate::stmt::{Loop, Mapping, Stmt};
use crate::types::{Extent, Scalar, Type};

/// Statements of rewritten functions as numbers: equal where the statements differ in nothing but places in the source, the
/// names of loops and what rewrites called the variables that they made.
///
/// Compares functions that are rewritten from one and the same: what all of them hold in common ([`Arena::share`]) stands
/// for itself, and variables beyond are numbered as they come.
///
/// [`Arena::share`]: crate::Arena::share
#[derive(Debug)]
pub struct Words<'a> {
    function: &'a Function,
    /// How many expressions and variables are common.
    common_exprs: usize,
    common_vars: usize,
    /// Expressions from here on were made by rewrites.
    made_from: usize,
    /// The variables beyond, in the order in which they come.
    made: Vec<Handle<Var>>,
    /// The number of each of them, counted from 1, by its place behind those in common; 0: it did not come yet.
    number_of: Vec<u32>,
    /// What a thing is, in the upper half, and what tells it from others of its kind.
    numbers: Vec<u64>,
}

impl<'a> Words<'a> {
    /// Returns the empty list for statements of a function that was rewritten from `original`; it goes to the memory of
    /// a list that is not needed any more.
    pub fn new(function: &'a Function, original: &Function, mut numbers: Vec<u64>) -> Self {
        let common_vars = function.vars.common(&original.vars);
        numbers.clear();
        let mut words = Self {
            function,
            common_exprs: function.exprs.common(&original.exprs),
            common_vars,
            made_from: original.exprs.len(),
            made: Vec::new(),
            number_of: vec![0; function.vars.len() - common_vars],
            numbers,
        };
        words.push(words.common_exprs as u32, words.common_vars as u32);
        words
    }

    /// Returns the numbers.
    pub fn finish(mut self) -> Vec<u64> {
        // Passes go through variables in the order in which they were made.
        self.made.sort_unstable();
        for var in &self.made {
            let number = self.number_of[var.index() - self.common_vars];
            self.numbers.push(u64::from(number));
        }
        self.numbers
    }

    /// Adds numbers that say something else.
    pub fn push(&mut self, what: u32, which: u32) {
        self.numbers.push(u64::from(what) << 32 | u64::from(which));
    }

    /// Adds statements.
    pub fn block(&mut self, block: &[Stmt]) {
        self.push(0, block.len() as u32);
        for stmt in block {
            self.stmt(stmt);
        }
    }

    /// Adds a statement with all that it holds.
    pub fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Compute(compute) => {
                self.push(0, compute.id.0);
                self.place(&compute.target);
                self.expr(compute.value);
            }
            Stmt::Declare(var, _) => {
                self.push(1, 0);
                self.var(*var);
            }
            Stmt::Let(var, value) => {
                self.push(2, 0);
                self.var(*var);
                self.expr(*value);
            }
            Stmt::For(each) => {
                self.push(3, 0);
                self.header(each);
                self.block(&each.body);
            }
            Stmt::If(branch) => {
                self.push(4, 0);
                self.expr(branch.condition);
                self.block(&branch.then);
                self.block(&branch.otherwise);
            }
            Stmt::While(each) => {
                self.push(5, u32::from(each.is_do));
                self.block(&each.before_test);
                self.expr(each.condition);
                self.block(&each.body);
                self.block(&each.after_body);
            }
            Stmt::Call(call) => {
                self.push(6, u32::from(call.target.is_some()));
                self.bytes(call.callee.as_bytes());
                if let Some(target) = &call.target {
                    self.place(target);
                }
                self.exprs(&call.arguments);
            }
            Stmt::Return(value, _) => {
                self.push(7, 0);
                self.exprs(value.as_slice());
            }
            Stmt::Break(_) => self.push(8, 0),
            Stmt::Continue(_) => self.push(9, 0),
            Stmt::Barrier => self.push(10, 0),
            Stmt::Verbatim(Span { start, end }, _) => {
                self.push(11, *start);
                self.push(11, *end);
            }
        }
    }

    /// Adds a loop without its body.
    pub fn header(&mut self, each: &Loop) {
        let (mapping, of) = match each.mapping {
            Mapping::Sequential => (0, 0),
            Mapping::Block(axis) => (1, axis as u32),
            Mapping::Thread(axis) => (2, axis as u32),
            Mapping::Unroll(None) => (3, 0),
            Mapping::Unroll(Some(copies)) => (4, u32::from(copies)),
            Mapping::Vector => (5, 0),
            Mapping::Lanes => (6, 0),
        };
        self.push(mapping << 1 | u32::from(each.declares_iterator), of);
        self.var(each.iterator);
        self.expr(each.start);
        self.expr(each.end);
        self.integer(0, i128::from(each.step));
    }

    fn exprs(&mut self, exprs: &[Handle<Expr>]) {
        self.push(0, exprs.len() as u32);
        for expr in exprs {
            self.expr(*expr);
        }
    }

    fn expr(&mut self, expr: Handle<Expr>) {
        if expr.index() < self.common_exprs {
            self.push(0, expr.index() as u32);
            return;
        }
        let node = &self.function.exprs[expr];
        // Passes trust what they made more than what the program says.
        self.ty(1 + u32::from(expr.index() < self.made_from), &node.ty);
        match &node.kind {
            ExprKind::Int(value) => self.integer(0, *value),
            ExprKind::Float(value) => {
                self.push(2, 0);
                self.numbers.push(value.to_bits());
            }
            ExprKind::Text(text) => {
                self.push(3, 0);
                self.bytes(text);
            }
            ExprKind::Load(place) => {
                self.push(4, 0);
                self.place(place);
            }
            ExprKind::Address(place) => {
                self.push(5, 0);
                self.place(place);
            }
            ExprKind::Unary(op, operand) => {
                self.push(6, *op as u32);
                self.expr(*operand);
            }
            ExprKind::Binary(op, left, right) => {
                self.push(7, *op as u32);
                self.expr(*left);
                self.expr(*right);
            }
            ExprKind::Cast(operand) => {
                self.push(8, 0);
                self.expr(*operand);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                self.push(9, 0);
                for each in [condition, then, otherwise] {
                    self.expr(*each);
                }
            }
            ExprKind::Call(callee, arguments) => {
                self.push(10, 0);
                self.bytes(callee.as_bytes());
                self.exprs(arguments);
            }
            ExprKind::BlockIndex(axis) => self.push(11, *axis as u32),
            ExprKind::ThreadIndex(axis) => self.push(12, *axis as u32),
        }
    }

    fn place(&mut self, place: &Place) {
        self.var(place.var);
        self.push(0, place.path.len() as u32);
        for step in &place.path {
            match step {
                Projection::Index(index) => self.expr(*index),
                // No expression begins so.
                Projection::Field(field) => self.push(u32::MAX, *field),
            }
        }
    }

    /// Adds a variable; one that was made comes with what it is where it comes first.
    pub fn var(&mut self, var: Handle<Var>) {
        let Some(at) = var.index().checked_sub(self.common_vars) else {
            self.push(0, var.index() as u32);
            return;
        };
        let known = self.number_of[at];
        if known != 0 {
            self.push(1, known);
            return;
        }
        self.made.push(var);
        self.number_of[at] = self.made.len() as u32;
        let made = &self.function.vars[var];
        let qualifiers = [
            made.is_const,
            made.is_volatile,
            made.is_restrict,
            made.is_address_taken,
        ];
        let qualifiers = qualifiers.into_iter();
        let qualifiers = qualifiers.fold(0, |bits, each| bits << 1 | u32::from(each));
        self.push(2, qualifiers << 8 | made.storage as u32);
        self.ty(0, &made.ty);
        match made.space {
            Space::Host => self.push(0, 0),
            Space::Global => self.push(1, 0),
            Space::Shared => self.push(2, 0),
            Space::Register => self.push(3, 0),
            Space::Constant(array) => self.space_of(4, array),
            Space::Partial(array) => self.space_of(5, array),
            Space::Slices(array) => self.space_of(6, array),
        }
    }

    fn space_of(&mut self, space: u32, array: Handle<Var>) {
        self.push(space, 0);
        self.var(array);
    }

    /// Adds a type of something of a kind.
    fn ty(&mut self, what: u32, ty: &Type) {
        const SCALARS: u32 = Scalar::ALL.len() as u32;
        match ty {
            Type::Scalar(scalar) => self.push(what, *scalar as u32),
            Type::Void => self.push(what, SCALARS),
            Type::Pointer { to, is_const } => {
                self.push(what, SCALARS + 1 + u32::from(*is_const));
                self.ty(0, to);
            }
            Type::Array { of, length } => {
                self.push(what, SCALARS + 3);
                match length {
                    Extent::Fixed(length) => self.integer(0, i128::from(*length)),
                    Extent::Variable(length) => {
                        self.push(2, 0);
                        self.expr(*length);
                    }
                    Extent::Unknown => self.push(3, 0),
                }
                self.ty(0, of);
            }
            Type::Record(record) => {
                self.push(what, SCALARS + 4);
                self.push(0, record.index() as u32);
            }
            Type::Opaque(spelling) => {
                self.push(what, SCALARS + 5);
                self.bytes(spelling.as_bytes());
            }
        }
    }

    /// Adds an integer of a kind, which takes up the next one as well.
    fn integer(&mut self, what: u32, value: i128) {
        // Most are small.
        if let Ok(small) = u32::try_from(value) {
            self.push(what, small);
        } else {
            self.push(what + 1, 0);
            self.numbers.extend([value as u64, (value >> 64) as u64]);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.push(0, bytes.len() as u32);
        self.numbers
            .extend(bytes.iter().map(|byte| u64::from(*byte)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::BinaryOp;
    use crate::function::Function;
    use crate::types::Scalar;

    /// Returns `let made = i + by` with what was made before it, and its numbers.
    fn words(original: &Function, by: i128, ty: Scalar, before: usize) -> Vec<u64> {
        let mut function = original.clone();
        for number in 0..before {
            function.expr(ExprKind::Int(7), Scalar::I32);
            function
                .vars
                .push(Var::local(format!("other{number}"), Scalar::I32));
        }
        let (iterator, _) = original.vars.iter().next().unwrap();
        let made = function.vars.push(Var::local(format!("made{before}"), ty));
        let (load, by) = (
            function.load(iterator),
            function.expr(ExprKind::Int(by), Scalar::I32),
        );
        let sum = function.expr(ExprKind::Binary(BinaryOp::Add, load, by), Scalar::I32);
        let mut words = Words::new(&function, original, vec![7]);
        words.stmt(&Stmt::Let(made, sum));
        words.finish()
    }

    #[test]
    fn numbers_tell_statements_apart_and_not_when_they_were_made() {
        let text = "fn f(n: i32, a: *i32) { for i: i32 in 0..n { S0: a[i] = i } }";
        let module = crate::parse::module(text).unwrap();
        let (_, original) = module.functions.iter().next().unwrap();
        let mut original = original.clone();
        original.exprs.share();
        original.vars.share();
        let one = words(&original, 256, Scalar::I32, 0);
        assert_eq!(one, words(&original, 256, Scalar::I32, 3));
        assert_ne!(one, words(&original, 255, Scalar::I32, 0));
        assert_ne!(one, words(&original, -256, Scalar::I32, 0));
        assert_ne!(one, words(&original, 1 << 40, Scalar::I32, 0));
        assert_ne!(one, words(&original, 256, Scalar::I64, 0));
    }
}
