//! What statements say as a list of numbers, to look up what is known of the same ones elsewhere.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::{Function, Space, Var};
use crate::span::Span;
use crate::stmt::{Loop, Mapping, Stmt};
use crate::types::{Extent, Type};

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
    common: [usize; 2],
    /// Expressions from here on were made by rewrites.
    made_from: usize,
    /// The variables beyond, in the order in which they come.
    made: Vec<Handle<Var>>,
    numbers: Vec<u32>,
}

impl<'a> Words<'a> {
    /// Returns the empty list for statements of a function that was rewritten from `original`.
    pub fn new(function: &'a Function, original: &Function) -> Self {
        let mut words = Self {
            function,
            common: [
                function.exprs.common(&original.exprs),
                function.vars.common(&original.vars),
            ],
            made_from: original.exprs.len(),
            made: Vec::new(),
            // Most launches are no longer.
            numbers: Vec::with_capacity(512),
        };
        for count in words.common {
            words.push(count as u32);
        }
        words
    }

    /// Returns the numbers.
    pub fn finish(mut self) -> Vec<u32> {
        // Passes go through variables in the order in which they were made.
        let mut order: Vec<usize> = (0..self.made.len()).collect();
        order.sort_unstable_by_key(|at| self.made[*at]);
        self.numbers.extend(order.iter().map(|at| *at as u32));
        self.numbers
    }

    /// Adds a number that says something else.
    pub fn push(&mut self, word: u32) {
        self.numbers.push(word);
    }

    /// Adds variables.
    pub fn vars(&mut self, vars: impl Iterator<Item = Handle<Var>>) {
        let start = self.numbers.len();
        self.push(0);
        for var in vars {
            self.numbers[start] += 1;
            self.var(var);
        }
    }

    /// Adds statements.
    pub fn block(&mut self, block: &[Stmt]) {
        self.push(block.len() as u32);
        for stmt in block {
            self.stmt(stmt);
        }
    }

    /// Adds a statement with all that it holds.
    pub fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Compute(compute) => {
                self.push(0);
                self.push(compute.id.0);
                self.place(&compute.target);
                self.expr(compute.value);
            }
            Stmt::Declare(var, _) => {
                self.push(1);
                self.var(*var);
            }
            Stmt::Let(var, value) => {
                self.push(2);
                self.var(*var);
                self.expr(*value);
            }
            Stmt::For(each) => {
                self.push(3);
                self.header(each);
                self.block(&each.body);
            }
            Stmt::If(branch) => {
                self.push(4);
                self.expr(branch.condition);
                self.block(&branch.then);
                self.block(&branch.otherwise);
            }
            Stmt::While(each) => {
                self.push(5);
                self.push(u32::from(each.is_do));
                self.block(&each.before_test);
                self.expr(each.condition);
                self.block(&each.body);
                self.block(&each.after_body);
            }
            Stmt::Call(call) => {
                self.push(6);
                self.bytes(call.callee.as_bytes());
                self.push(u32::from(call.target.is_some()));
                if let Some(target) = &call.target {
                    self.place(target);
                }
                self.exprs(&call.arguments);
            }
            Stmt::Return(value, _) => {
                self.push(7);
                self.exprs(value.as_slice());
            }
            Stmt::Break(_) => self.push(8),
            Stmt::Continue(_) => self.push(9),
            Stmt::Barrier => self.push(10),
            Stmt::Verbatim(Span { start, end }, _) => self.numbers.extend([11, *start, *end]),
        }
    }

    /// Adds a loop without its body.
    pub fn header(&mut self, each: &Loop) {
        self.var(each.iterator);
        self.push(u32::from(each.declares_iterator));
        self.expr(each.start);
        self.expr(each.end);
        self.integer(i128::from(each.step));
        let mapping = match each.mapping {
            Mapping::Sequential => [0, 0],
            Mapping::Block(axis) => [1, axis as u32],
            Mapping::Thread(axis) => [2, axis as u32],
            Mapping::Unroll(None) => [3, 0],
            Mapping::Unroll(Some(copies)) => [4, u32::from(copies)],
            Mapping::Vector => [5, 0],
            Mapping::Lanes => [6, 0],
        };
        self.numbers.extend(mapping);
    }

    fn exprs(&mut self, exprs: &[Handle<Expr>]) {
        self.push(exprs.len() as u32);
        for expr in exprs {
            self.expr(*expr);
        }
    }

    fn expr(&mut self, expr: Handle<Expr>) {
        if expr.index() < self.common[0] {
            self.numbers.extend([0, expr.index() as u32]);
            return;
        }
        let node = &self.function.exprs[expr];
        // Passes trust what they made more than what the program says.
        self.push(1 + u32::from(expr.index() < self.made_from));
        self.ty(&node.ty);
        match &node.kind {
            ExprKind::Int(value) => {
                self.push(0);
                self.integer(*value);
            }
            ExprKind::Float(value) => {
                self.push(1);
                self.integer(i128::from(value.to_bits()));
            }
            ExprKind::Text(text) => {
                self.push(2);
                self.bytes(text);
            }
            ExprKind::Load(place) => {
                self.push(3);
                self.place(place);
            }
            ExprKind::Address(place) => {
                self.push(4);
                self.place(place);
            }
            ExprKind::Unary(op, operand) => {
                self.numbers.extend([5, *op as u32]);
                self.expr(*operand);
            }
            ExprKind::Binary(op, left, right) => {
                self.numbers.extend([6, *op as u32]);
                self.expr(*left);
                self.expr(*right);
            }
            ExprKind::Cast(operand) => {
                self.push(7);
                self.expr(*operand);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                self.push(8);
                for each in [condition, then, otherwise] {
                    self.expr(*each);
                }
            }
            ExprKind::Call(callee, arguments) => {
                self.push(9);
                self.bytes(callee.as_bytes());
                self.exprs(arguments);
            }
            ExprKind::BlockIndex(axis) => self.numbers.extend([10, *axis as u32]),
            ExprKind::ThreadIndex(axis) => self.numbers.extend([11, *axis as u32]),
        }
    }

    fn place(&mut self, place: &Place) {
        self.var(place.var);
        self.push(place.path.len() as u32);
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    self.push(0);
                    self.expr(*index);
                }
                Projection::Field(field) => self.numbers.extend([1, *field]),
            }
        }
    }

    /// Adds a variable; one that was made comes with what it is where it comes first.
    fn var(&mut self, var: Handle<Var>) {
        if var.index() < self.common[1] {
            self.numbers.extend([0, var.index() as u32]);
            return;
        }
        let known = self.made.iter().position(|each| *each == var);
        let number = known.unwrap_or(self.made.len());
        self.numbers.extend([1, number as u32]);
        if known.is_none() {
            self.made.push(var);
            let made = &self.function.vars[var];
            self.ty(&made.ty);
            self.numbers.extend([
                made.storage as u32,
                u32::from(made.is_const),
                u32::from(made.is_volatile),
                u32::from(made.is_restrict),
                u32::from(made.is_address_taken),
            ]);
            match made.space {
                Space::Host => self.push(0),
                Space::Global => self.push(1),
                Space::Constant(array) => self.space_of(2, array),
                Space::Shared => self.push(3),
                Space::Partial(array) => self.space_of(4, array),
                Space::Slices(array) => self.space_of(5, array),
                Space::Register => self.push(6),
            }
        }
    }

    fn space_of(&mut self, space: u32, array: Handle<Var>) {
        self.push(space);
        self.var(array);
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Scalar(scalar) => self.push(*scalar as u32),
            Type::Void => self.push(u32::MAX),
            Type::Pointer { to, is_const } => {
                self.push(u32::MAX - 1 - u32::from(*is_const));
                self.ty(to);
            }
            Type::Array { of, length } => {
                self.push(u32::MAX - 3);
                match length {
                    Extent::Fixed(length) => {
                        self.push(0);
                        self.integer(i128::from(*length));
                    }
                    Extent::Variable(length) => {
                        self.push(1);
                        self.expr(*length);
                    }
                    Extent::Unknown => self.push(2),
                }
                self.ty(of);
            }
            Type::Record(record) => {
                self.numbers.extend([u32::MAX - 4, record.index() as u32]);
            }
            Type::Opaque(spelling) => {
                self.push(u32::MAX - 5);
                self.bytes(spelling.as_bytes());
            }
        }
    }

    fn integer(&mut self, value: i128) {
        let parts = [0, 32, 64, 96].map(|shift| (value >> shift) as u32);
        // Most are small.
        let count = if parts[1..] == [0; 3] { 1 } else { 4 };
        self.push(count as u32);
        self.numbers.extend(&parts[..count]);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.push(bytes.len() as u32);
        self.numbers
            .extend(bytes.iter().map(|byte| u32::from(*byte)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::BinaryOp;
    use crate::function::Function;
    use crate::types::Scalar;

    /// Returns `let made = i + by` with what was made before it, and its numbers.
    fn words(original: &Function, by: i128, ty: Scalar, before: usize) -> Vec<u32> {
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
        let mut words = Words::new(&function, original);
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
