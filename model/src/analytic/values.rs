//! The values of integer expressions and addresses at several points of a launch at once.
//!
//! An expression is walked once for all points; variables of which nothing is known have a typical value.

use std::cell::OnceCell;

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Extent, Function, Handle, Place, Projection, Record, Scalar,
    Space, Type, UnaryOp, Var,
};

use super::points::{Threads, Value};
use super::typical::Typical;

/// Evaluates the integer expressions of one function.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    records: &'a Arena<Record>,
    function: &'a Function,
    /// The variables that have been given a value, of few; others have the typical value.
    known: Vec<Handle<Var>>,
    given: Vec<Value>,
    threads: Box<Threads>,
    /// Made when it is asked for.
    any: OnceCell<Value>,
    typical: Typical,
}

impl<'a> Values<'a> {
    /// Returns values in which every variable that is not `computed` is `typical`.
    pub(super) fn new<'b>(
        records: &'a Arena<Record>,
        function: &'a Function,
        computed: impl IntoIterator<Item = &'b Handle<Var>>,
        typical: Typical,
    ) -> Self {
        let mut values = Self {
            records,
            function,
            known: Vec::with_capacity(MANY),
            given: Vec::with_capacity(MANY),
            threads: Box::default(),
            any: OnceCell::new(),
            typical,
        };
        for var in computed {
            values.set(*var, values.any().clone());
        }
        values
    }

    /// Lays out a warp that is looked at, from a thread of a block of these extents on.
    pub(super) fn spread(&mut self, warp: usize, thread: i64, extents: [i64; 3]) {
        self.threads.spread(warp, thread, extents);
    }

    /// Gives a variable a value.
    pub(super) fn set(&mut self, var: Handle<Var>, value: Value) {
        if let Some(at) = self.known.iter().position(|known| *known == var) {
            self.given[at] = value;
        } else {
            self.known.push(var);
            self.given.push(value);
        }
    }

    /// Returns the value that stands in for what is not known.
    pub(super) fn typical(&self) -> i64 {
        self.typical.size
    }

    /// Returns how often a loop inside another one runs that reads its bounds from memory.
    pub(super) fn listed(&self) -> i64 {
        self.typical.listed
    }

    /// Returns where the lanes that are looked at stand in the block.
    pub(super) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Returns numbers of which nothing is known: each point has its own.
    fn any(&self) -> &Value {
        self.any.get_or_init(Value::any)
    }

    /// Returns the value of an integer expression.
    pub(super) fn integer(&self, expr: Handle<Expr>) -> Value {
        let mut value = Value::same(0);
        self.add(&mut value, expr, 1);
        value
    }

    /// Adds a multiple of an integer expression to a value.
    pub(super) fn add(&self, to: &mut Value, expr: Handle<Expr>, factor: i64) {
        let threads = &self.threads;
        match &self.function.exprs[expr].kind {
            ExprKind::Int(value) => to.shift((*value as i64).wrapping_mul(factor)),
            ExprKind::Load(place) if place.path.is_empty() => {
                self.add_variable(to, place.var, factor);
            }
            ExprKind::Load(place) => to.add(&self.element(place), factor, threads),
            ExprKind::Unary(UnaryOp::Negate, operand) => {
                self.add(to, *operand, factor.wrapping_neg());
            }
            // Which is -1 less the operand.
            ExprKind::Unary(UnaryOp::BitNot, operand) => {
                self.add(to, *operand, factor.wrapping_neg());
                to.shift(factor.wrapping_neg());
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let not = |value| i64::from(value == 0);
                to.add(&self.integer(*operand).map(threads, not), factor, threads);
            }
            ExprKind::Binary(BinaryOp::Add, left, right) => {
                self.add(to, *left, factor);
                self.add(to, *right, factor);
            }
            ExprKind::Binary(BinaryOp::Subtract | BinaryOp::Difference, left, right) => {
                self.add(to, *left, factor);
                self.add(to, *right, factor.wrapping_neg());
            }
            ExprKind::Binary(op, left, right) => {
                let left = self.integer(*left);
                let right = self.integer(*right);
                match self.at_once(*op, &left, &right) {
                    Some(AtOnce::Number(number)) => to.shift(number.wrapping_mul(factor)),
                    Some(AtOnce::Multiple(value, by)) => {
                        to.add(value, factor.wrapping_mul(by), threads);
                    }
                    None => to.add(&self.at_each(*op, &left, &right), factor, threads),
                }
                to.is_data |= left.is_data || right.is_data;
            }
            ExprKind::Cast(inner) => self.add(to, *inner, factor),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.integer(*condition);
                // Each part is zero where the other one counts.
                for (part, truth) in [(then, true), (otherwise, false)] {
                    let taken = |holds, value| if (holds != 0) == truth { value } else { 0 };
                    let taken = condition.join(&self.integer(*part), threads, taken);
                    to.add(&taken, factor, threads);
                }
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => to.add(self.any(), factor, threads),
        }
    }

    fn add_variable(&self, to: &mut Value, var: Handle<Var>, factor: i64) {
        let scalar = self.function.vars[var].ty.scalar();
        if scalar.is_none_or(Scalar::is_float) {
            return to.add(self.any(), factor, &self.threads);
        }
        let known = self.known.iter().position(|known| *known == var);
        match known.and_then(|at| self.given.get(at)) {
            Some(value) => to.add(value, factor, &self.threads),
            None => to.shift(self.typical.value(var).wrapping_mul(factor)),
        }
    }

    /// Returns what a read of a part of a variable may find.
    fn element(&self, place: &Place) -> Value {
        let mut offset = self.offset_bytes(place);
        // Each thread has registers of its own.
        if self.function.vars[place.var].space == Space::Register {
            offset.add(self.any(), 1, &self.threads);
        }
        let read = offset.read(&self.threads);
        let ty = self.function.place_type(self.records, place);
        let narrow = ty.and_then(|ty| ty.scalar().filter(|ty| ty.bits() <= NARROW));
        let bounds = narrow.and_then(Scalar::integer_range);
        match bounds {
            Some((low, high)) => read.within(&self.threads, low, high),
            None => read,
        }
    }

    /// Returns the distance of a place from the start of its variable, in bytes.
    pub(super) fn offset_bytes(&self, place: &Place) -> Value {
        let mut ty = Some(&self.function.vars[place.var].ty);
        let mut offset = Value::same(0);
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    ty = ty.and_then(Type::element);
                    let size = ty.map_or(POINTER_BYTES, |ty| self.size_bytes(ty));
                    self.add(&mut offset, *index, size);
                }
                Projection::Field(field) => {
                    let record = match ty {
                        Some(Type::Record(record)) => self.records.get(*record),
                        _ => None,
                    };
                    let field = record.and_then(|record| record.fields.get(*field as usize));
                    offset.shift(field.map_or(0, |field| field.offset_bytes as i64));
                    ty = field.map(|field| &field.ty);
                }
            }
        }
        offset
    }

    /// Returns the size of what a place holds.
    pub(super) fn place_bytes(&self, place: &Place) -> i64 {
        let ty = self.function.place_type(self.records, place);
        ty.map_or(POINTER_BYTES, |ty| self.size_bytes(&ty))
    }

    /// Returns the size of a type; that of a pointer where it is not modelled.
    pub(super) fn size_bytes(&self, ty: &Type) -> i64 {
        match ty {
            Type::Scalar(scalar) => scalar.size_bytes() as i64,
            Type::Array { of, length } => {
                let length = match length {
                    Extent::Fixed(length) => *length as i64,
                    Extent::Variable(length) => self.integer(*length).base(),
                    Extent::Unknown => 1,
                };
                self.size_bytes(of).wrapping_mul(length)
            }
            Type::Record(record) => {
                let record = self.records.get(*record);
                record.map_or(POINTER_BYTES, |record| record.size_bytes as i64)
            }
            Type::Pointer { .. } | Type::Void | Type::Opaque(_) => POINTER_BYTES,
        }
    }

    /// Returns what an operator makes of two integers where that is known without looking at each point.
    fn at_once<'v>(&self, op: BinaryOp, left: &'v Value, right: &'v Value) -> Option<AtOnce<'v>> {
        let order = || left.order(right, &self.threads);
        let truth = |holds: bool| AtOnce::Number(i64::from(holds));
        let either = |is_left: bool| AtOnce::Multiple(if is_left { left } else { right }, 1);
        match op {
            BinaryOp::Multiply => match (left.constant(), right.constant()) {
                (_, Some(factor)) => Some(AtOnce::Multiple(left, factor)),
                (Some(factor), None) => Some(AtOnce::Multiple(right, factor)),
                (None, None) => None,
            },
            BinaryOp::Less | BinaryOp::LessEqual => order().map(|it| truth(it.is_lt())),
            BinaryOp::Greater | BinaryOp::GreaterEqual => order().map(|it| truth(it.is_gt())),
            BinaryOp::Equal => order().map(|_| truth(false)),
            BinaryOp::NotEqual => order().map(|_| truth(true)),
            BinaryOp::Min => order().map(|it| either(it.is_lt())),
            BinaryOp::Max => order().map(|it| either(it.is_gt())),
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Difference
            | BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftLeft
            | BinaryOp::ShiftRight
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::FloorDivide
            | BinaryOp::CeilDivide => None,
        }
    }

    /// Returns what an operator makes of the numbers at each point; it has a value for all of them.
    fn at_each(&self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let threads = &self.threads;
        match op {
            BinaryOp::Add => left.join(right, threads, i64::wrapping_add),
            BinaryOp::Subtract | BinaryOp::Difference => {
                left.join(right, threads, i64::wrapping_sub)
            }
            BinaryOp::Multiply => left.join(right, threads, i64::wrapping_mul),
            BinaryOp::Divide => left.join(right, threads, |a, b| a.checked_div(b).unwrap_or(0)),
            BinaryOp::Remainder => left.join(right, threads, |a, b| a.checked_rem(b).unwrap_or(0)),
            BinaryOp::BitAnd => left.join(right, threads, |a, b| a & b),
            BinaryOp::BitOr => left.join(right, threads, |a, b| a | b),
            BinaryOp::BitXor => left.join(right, threads, |a, b| a ^ b),
            BinaryOp::ShiftLeft => left.join(right, threads, |a, b| a.wrapping_shl(b as u32)),
            BinaryOp::ShiftRight => left.join(right, threads, |a, b| a.wrapping_shr(b as u32)),
            BinaryOp::Less => left.join(right, threads, |a, b| i64::from(a < b)),
            BinaryOp::LessEqual => left.join(right, threads, |a, b| i64::from(a <= b)),
            BinaryOp::Greater => left.join(right, threads, |a, b| i64::from(a > b)),
            BinaryOp::GreaterEqual => left.join(right, threads, |a, b| i64::from(a >= b)),
            BinaryOp::Equal => left.join(right, threads, |a, b| i64::from(a == b)),
            BinaryOp::NotEqual => left.join(right, threads, |a, b| i64::from(a != b)),
            BinaryOp::And => left.join(right, threads, |a, b| i64::from(a != 0 && b != 0)),
            BinaryOp::Or => left.join(right, threads, |a, b| i64::from(a != 0 || b != 0)),
            BinaryOp::Min => left.join(right, threads, i64::min),
            BinaryOp::Max => left.join(right, threads, i64::max),
            BinaryOp::FloorDivide => {
                left.join(right, threads, |a, b| a.checked_div_euclid(b).unwrap_or(0))
            }
            BinaryOp::CeilDivide => left.join(right, threads, |a, b| {
                let divided = a.wrapping_neg().checked_div_euclid(b);
                divided.unwrap_or(0).wrapping_neg()
            }),
        }
    }
}

/// What an operator makes of two integers at all points at once.
enum AtOnce<'v> {
    Number(i64),
    /// So many times one of them.
    Multiple(&'v Value, i64),
}

const POINTER_BYTES: i64 = 8;

/// In most launches, there is room for so many variables from the start.
const MANY: usize = 16;

/// Of types of so many bits at most, data are taken to hold every value.
const NARROW: u32 = 16;
