//! Integer values and addresses of IR expressions at several points of a launch at once: the lanes of a few warps, and
//! one thread with each loop around it moved on by one iteration.
//!
//! An expression is walked once for all points. What depends on data is taken for a number at random that depends on
//! where it was read, so that lanes that read one element agree and others do not.

use std::collections::BTreeSet;
use std::rc::Rc;

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Extent, Function, Handle, Place, Projection, Record, Scalar,
    Space, Type, UnaryOp, Var,
};

/// Warps that are looked at lane by lane.
pub(super) const WARPS: usize = 3;
/// Threads that execute together; the lanes of a vector are laid out for it.
pub(super) const LANES: usize = 32;
/// The point that the neighbours are neighbours of: the first thread, in iterations that stand for all.
pub(super) const BASE: usize = WARPS * LANES;
/// The deepest nest of loops whose neighbours are told apart.
pub(super) const DEPTH: usize = 15;
const WIDTH: usize = BASE + 1 + DEPTH;

/// One number for each point: lanes, base, and neighbours along the loops by depth.
pub(super) type Vector = [i64; WIDTH];

/// An integer at all points.
#[derive(Clone, Debug)]
pub(super) struct Value {
    points: Points,
    /// Whether it is made up, since it depends on data.
    pub(super) is_data: bool,
}

#[derive(Clone, Debug)]
enum Points {
    Same(i64),
    Each(Rc<Vector>),
}

impl Points {
    /// Returns what a function makes of each number and its point: in place, so that the compiler makes vectors of it.
    fn changed(values: &Vector, function: impl Fn(i64, usize) -> i64) -> Self {
        let mut changed = *values;
        for (point, value) in changed.iter_mut().enumerate() {
            *value = function(*value, point);
        }
        Self::Each(Rc::new(changed))
    }
}

impl Value {
    /// Returns a number that is the same everywhere.
    pub(super) fn same(value: i64) -> Self {
        Self {
            points: Points::Same(value),
            is_data: false,
        }
    }

    /// Returns a number for each point.
    pub(super) fn each(values: &Vector) -> Self {
        Self {
            points: Points::Each(Rc::new(*values)),
            is_data: false,
        }
    }

    /// Returns a number that is one step larger in the next iteration of the loop at a depth.
    pub(super) fn counting(start: i64, depth: usize, step: i64) -> Self {
        let mut values = [start; WIDTH];
        if let Some(neighbour) = values.get_mut(BASE + 1 + depth) {
            *neighbour = start.wrapping_add(step);
        }
        Self::each(&values)
    }

    /// Returns the number at a point.
    pub(super) fn at(&self, point: usize) -> i64 {
        match &self.points {
            Points::Same(value) => *value,
            Points::Each(values) => values[point],
        }
    }

    /// Returns the number at the base; `None` where it depends on data.
    pub(super) fn known(&self) -> Option<i64> {
        (!self.is_data).then(|| self.at(BASE))
    }

    /// Returns how far the value moves along each loop, by depth.
    pub(super) fn gradient(&self) -> [i64; DEPTH] {
        let mut gradient = [0; DEPTH];
        if let Points::Each(values) = &self.points {
            for (moved, value) in gradient.iter_mut().zip(&values[BASE + 1..]) {
                *moved = value.wrapping_sub(values[BASE]);
            }
        }
        gradient
    }

    /// Returns the sum.
    pub(super) fn plus(&self, other: &Self) -> Self {
        self.join(other, i64::wrapping_add)
    }

    fn map(&self, function: impl Fn(i64) -> i64) -> Self {
        let points = match &self.points {
            Points::Same(value) => Points::Same(function(*value)),
            Points::Each(values) => Points::changed(values, |value, _| function(value)),
        };
        Self {
            points,
            is_data: self.is_data,
        }
    }

    fn join(&self, other: &Self, function: impl Fn(i64, i64) -> i64) -> Self {
        let points = match (&self.points, &other.points) {
            (Points::Same(a), Points::Same(b)) => Points::Same(function(*a, *b)),
            (Points::Same(a), Points::Each(b)) => Points::changed(b, |b, _| function(*a, b)),
            (Points::Each(a), Points::Same(b)) => Points::changed(a, |a, _| function(a, *b)),
            (Points::Each(a), Points::Each(b)) => {
                Points::changed(a, |a, point| function(a, b[point]))
            }
        };
        Self {
            points,
            is_data: self.is_data || other.is_data,
        }
    }

    /// Returns the value brought into a range, as often as there are values for it.
    fn within(&self, low: i128, high: i128) -> Self {
        let (low, count) = (low as i64, (high - low + 1) as i64);
        self.map(|value| low + value.rem_euclid(count))
    }

    /// Returns what a read from here may find.
    fn read(&self) -> Self {
        Self {
            is_data: true,
            ..self.map(scattered)
        }
    }
}

/// Returns a number below 2⁴⁰ that looks as if it were drawn at random.
///
/// **Source**: Steele, Lea, Flood, “Fast Splittable Pseudorandom Number Generators”, OOPSLA 2014 (the constant).
fn scattered(value: i64) -> i64 {
    let mixed = (value as u64 ^ 0x5bd1_e995).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 24) as i64
}

/// Evaluates the integer expressions of one function.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    records: &'a Arena<Record>,
    function: &'a Function,
    /// `None`: the variable has the typical value.
    known: Vec<Option<Value>>,
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
            typical,
        };
        for var in computed {
            values.set(*var, Self::any());
        }
        values
    }

    /// Gives a variable a value.
    pub(super) fn set(&mut self, var: Handle<Var>, value: Value) {
        if let Some(known) = self.known.get_mut(var.index()) {
            *known = Some(value);
        }
    }

    /// Returns the value that stands in for what is not known.
    pub(super) fn typical(&self) -> i64 {
        self.typical
    }

    /// Returns numbers of which nothing is known: each point has its own.
    fn any() -> Value {
        let mut points = [0; WIDTH];
        for (index, point) in points.iter_mut().enumerate() {
            *point = index as i64;
        }
        Value::each(&points).read()
    }

    /// Returns the value of an integer expression.
    pub(super) fn integer(&self, expr: Handle<Expr>) -> Value {
        match &self.function.exprs[expr].kind {
            ExprKind::Int(value) => Value::same(*value as i64),
            ExprKind::Load(place) => self.load(place),
            ExprKind::Unary(op, operand) => {
                let value = self.integer(*operand);
                match op {
                    UnaryOp::Negate => value.map(i64::wrapping_neg),
                    UnaryOp::BitNot => value.map(|value| !value),
                    UnaryOp::Not => value.map(|value| i64::from(value == 0)),
                }
            }
            ExprKind::Binary(op, left, right) => {
                combined(*op, &self.integer(*left), &self.integer(*right))
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
                    condition.join(&then, |holds, value| if holds != 0 { value } else { 0 });
                let left = condition.join(
                    &otherwise,
                    |holds, value| {
                        if holds == 0 { value } else { 0 }
                    },
                );
                taken.plus(&left)
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => Self::any(),
        }
    }

    fn load(&self, place: &Place) -> Value {
        if !place.path.is_empty() {
            let offset = self.offset_bytes(place);
            // Each thread has registers of its own.
            let read = match self.function.vars[place.var].space {
                Space::Register => offset.plus(&Self::any()).read(),
                Space::Host
                | Space::Global
                | Space::Constant(_)
                | Space::Shared
                | Space::Partial(_)
                | Space::Slices(_) => offset.read(),
            };
            let ty = self.function.place_type(self.records, place);
            let narrow = ty.and_then(|ty| ty.scalar().filter(|ty| ty.bits() <= NARROW));
            let bounds = narrow.and_then(Scalar::integer_range);
            return bounds.map_or(read.clone(), |(low, high)| read.within(low, high));
        }
        let ty = &self.function.vars[place.var].ty;
        if ty.scalar().is_none_or(Scalar::is_float) {
            return Self::any();
        }
        let known = self.known.get(place.var.index()).cloned().flatten();
        known.unwrap_or_else(|| Value::same(self.typical))
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
                    let distance = self.integer(*index).map(|index| index.wrapping_mul(size));
                    offset = offset.plus(&distance);
                }
                Projection::Field(field) => {
                    let record = match ty {
                        Some(Type::Record(record)) => self.records.get(*record),
                        _ => None,
                    };
                    let field = record.and_then(|record| record.fields.get(*field as usize));
                    let before = field.map_or(0, |field| field.offset_bytes as i64);
                    offset = offset.map(|offset| offset.wrapping_add(before));
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
                    Extent::Variable(length) => self.integer(*length).at(BASE),
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
}

const POINTER_BYTES: i64 = 8;

/// Of types of so many bits at most, data are taken to hold every value.
const NARROW: u32 = 16;

/// Returns what an operator makes of two integers; it has a value for all operands.
fn combined(op: BinaryOp, left: &Value, right: &Value) -> Value {
    match op {
        BinaryOp::Add => left.join(right, i64::wrapping_add),
        BinaryOp::Subtract | BinaryOp::Difference => left.join(right, i64::wrapping_sub),
        BinaryOp::Multiply => left.join(right, i64::wrapping_mul),
        BinaryOp::Divide => left.join(right, |a, b| a.checked_div(b).unwrap_or(0)),
        BinaryOp::Remainder => left.join(right, |a, b| a.checked_rem(b).unwrap_or(0)),
        BinaryOp::BitAnd => left.join(right, |a, b| a & b),
        BinaryOp::BitOr => left.join(right, |a, b| a | b),
        BinaryOp::BitXor => left.join(right, |a, b| a ^ b),
        BinaryOp::ShiftLeft => left.join(right, |a, b| a.wrapping_shl(b as u32)),
        BinaryOp::ShiftRight => left.join(right, |a, b| a.wrapping_shr(b as u32)),
        BinaryOp::Less => left.join(right, |a, b| i64::from(a < b)),
        BinaryOp::LessEqual => left.join(right, |a, b| i64::from(a <= b)),
        BinaryOp::Greater => left.join(right, |a, b| i64::from(a > b)),
        BinaryOp::GreaterEqual => left.join(right, |a, b| i64::from(a >= b)),
        BinaryOp::Equal => left.join(right, |a, b| i64::from(a == b)),
        BinaryOp::NotEqual => left.join(right, |a, b| i64::from(a != b)),
        BinaryOp::And => left.join(right, |a, b| i64::from(a != 0 && b != 0)),
        BinaryOp::Or => left.join(right, |a, b| i64::from(a != 0 || b != 0)),
        BinaryOp::Min => left.join(right, i64::min),
        BinaryOp::Max => left.join(right, i64::max),
        BinaryOp::FloorDivide => left.join(right, |a, b| a.checked_div_euclid(b).unwrap_or(0)),
        BinaryOp::CeilDivide => left.join(right, |a, b| {
            let divided = a.wrapping_neg().checked_div_euclid(b);
            divided.unwrap_or(0).wrapping_neg()
        }),
    }
}
