//! The values of integer expressions and addresses at several points of a launch at once.
//!
//! An expression is walked once for all points; variables of which nothing is known have a typical value.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Extent, Function, Handle, Place, Projection, Record, Scalar,
    Space, Type, UnaryOp, Var,
};

use super::points::{ALL_LANES, Threads, Value};

/// Evaluates the integer expressions of one function.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    records: &'a Arena<Record>,
    function: &'a Function,
    /// Where the value of each variable stands; `None`: it has the typical value.
    known: Vec<Option<usize>>,
    given: Vec<Value>,
    threads: Rc<Threads>,
    /// Made when it is asked for.
    any: OnceCell<Value>,
    typical: i64,
}

impl<'a> Values<'a> {
    /// Returns values in which every variable that is not `computed` is `typical`.
    pub(super) fn new(
        records: &'a Arena<Record>,
        function: &'a Function,
        computed: &BTreeSet<Handle<Var>>,
        typical: i64,
    ) -> Self {
        let mut values = Self {
            records,
            function,
            known: vec![None; function.vars.len()],
            given: Vec::new(),
            threads: Rc::new(Threads::one()),
            any: OnceCell::new(),
            typical,
        };
        for var in computed {
            values.set(*var, values.any());
        }
        values
    }

    /// Lays out the threads of a block.
    pub(super) fn spread(&mut self, threads: Threads) {
        self.threads = Rc::new(threads);
    }

    /// Gives a variable a value.
    pub(super) fn set(&mut self, var: Handle<Var>, value: Value) {
        match self.known.get_mut(var.index()) {
            Some(Some(at)) => self.given[*at] = value,
            Some(known) => {
                *known = Some(self.given.len());
                self.given.push(value);
            }
            None => {}
        }
    }

    /// Returns the value that stands in for what is not known.
    pub(super) fn typical(&self) -> i64 {
        self.typical
    }

    /// Returns the number of each lane.
    pub(super) fn lanes(&self, value: &Value) -> [i64; ALL_LANES] {
        value.lanes(&self.threads)
    }

    /// Returns the sum of two values.
    pub(super) fn sum(&self, left: &Value, right: &Value) -> Value {
        left.plus(right, &self.threads)
    }

    /// Returns numbers of which nothing is known: each point has its own.
    fn any(&self) -> Value {
        self.any.get_or_init(Value::any).clone()
    }

    /// Returns the value of an integer expression.
    pub(super) fn integer(&self, expr: Handle<Expr>) -> Value {
        match &self.function.exprs[expr].kind {
            ExprKind::Int(value) => Value::same(*value as i64),
            ExprKind::Load(place) => self.load(place),
            ExprKind::Unary(op, operand) => {
                let value = self.integer(*operand);
                match op {
                    UnaryOp::Negate => value.times(-1),
                    UnaryOp::BitNot => self.sum(&value.times(-1), &Value::same(-1)),
                    UnaryOp::Not => value.map(&self.threads, |value| i64::from(value == 0)),
                }
            }
            ExprKind::Binary(op, left, right) => {
                self.combined(*op, &self.integer(*left), &self.integer(*right))
            }
            ExprKind::Cast(inner) => self.integer(*inner),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.integer(*condition);
                let (then, otherwise) = (self.integer(*then), self.integer(*otherwise));
                // Each part is zero where the other one counts.
                let taken =
                    condition.join(
                        &then,
                        &self.threads,
                        |holds, value| {
                            if holds != 0 { value } else { 0 }
                        },
                    );
                let left = condition.join(&otherwise, &self.threads, |holds, value| {
                    if holds == 0 { value } else { 0 }
                });
                self.sum(&taken, &left)
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => self.any(),
        }
    }

    fn load(&self, place: &Place) -> Value {
        if !place.path.is_empty() {
            let offset = self.offset_bytes(place);
            // Each thread has registers of its own.
            let read = match self.function.vars[place.var].space {
                Space::Register => self.sum(&offset, &self.any()).read(&self.threads),
                Space::Host
                | Space::Global
                | Space::Constant(_)
                | Space::Shared
                | Space::Partial(_)
                | Space::Slices(_) => offset.read(&self.threads),
            };
            let ty = self.function.place_type(self.records, place);
            let narrow = ty.and_then(|ty| ty.scalar().filter(|ty| ty.bits() <= NARROW));
            let bounds = narrow.and_then(Scalar::integer_range);
            return match bounds {
                Some((low, high)) => read.within(&self.threads, low, high),
                None => read,
            };
        }
        let ty = &self.function.vars[place.var].ty;
        if ty.scalar().is_none_or(Scalar::is_float) {
            return self.any();
        }
        let known = self.known.get(place.var.index()).copied().flatten();
        let known = known.and_then(|at| self.given.get(at));
        known.map_or_else(|| Value::same(self.typical), Value::clone)
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
                    offset = self.sum(&offset, &self.integer(*index).times(size));
                }
                Projection::Field(field) => {
                    let record = match ty {
                        Some(Type::Record(record)) => self.records.get(*record),
                        _ => None,
                    };
                    let field = record.and_then(|record| record.fields.get(*field as usize));
                    let before = field.map_or(0, |field| field.offset_bytes as i64);
                    offset = self.sum(&offset, &Value::same(before));
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

    /// Returns what an operator makes of two integers; it has a value for all operands.
    fn combined(&self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let found = self.at_once(op, left, right);
        let mut found = found.unwrap_or_else(|| self.at_each(op, left, right));
        found.is_data = left.is_data || right.is_data;
        found
    }

    /// Returns what an operator makes of two integers where that is known without looking at each point.
    fn at_once(&self, op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
        let order = || left.order(right, &self.threads);
        let truth = |holds: bool| Value::same(i64::from(holds));
        match op {
            BinaryOp::Add => Some(self.sum(left, right)),
            BinaryOp::Subtract | BinaryOp::Difference => Some(self.sum(left, &right.times(-1))),
            BinaryOp::Multiply => match (left.constant(), right.constant()) {
                (_, Some(factor)) => Some(left.times(factor)),
                (Some(factor), None) => Some(right.times(factor)),
                (None, None) => None,
            },
            BinaryOp::Less | BinaryOp::LessEqual => order().map(|it| truth(it.is_lt())),
            BinaryOp::Greater | BinaryOp::GreaterEqual => order().map(|it| truth(it.is_gt())),
            BinaryOp::Equal => order().map(|_| truth(false)),
            BinaryOp::NotEqual => order().map(|_| truth(true)),
            BinaryOp::Min => order().map(|it| if it.is_lt() { left } else { right }.clone()),
            BinaryOp::Max => order().map(|it| if it.is_gt() { left } else { right }.clone()),
            BinaryOp::Divide
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

    fn at_each(&self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let threads = &*self.threads;
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

const POINTER_BYTES: i64 = 8;

/// Of types of so many bits at most, data are taken to hold every value.
const NARROW: u32 = 16;
