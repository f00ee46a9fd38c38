//! Integer values and addresses of IR expressions under assumed values of variables.

use std::collections::BTreeSet;

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Extent, Function, Handle, Place, Projection, Record, Type,
    UnaryOp, Var,
};

/// Evaluates the integer expressions of one function.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    records: &'a Arena<Record>,
    function: &'a Function,
    /// For each variable its value; `None`: it depends on data that is computed in the region.
    ///
    /// A table, because the addresses of all lanes of a warp are computed for each access of each state.
    known: Vec<Option<i64>>,
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
            known: vec![Some(typical); function.vars.len()],
            typical,
        };
        for var in computed {
            values.set(*var, None);
        }
        values
    }

    /// Gives a variable a value, or takes it away.
    pub(super) fn set(&mut self, var: Handle<Var>, value: Option<i64>) {
        if let Some(known) = self.known.get_mut(var.index()) {
            *known = value;
        }
    }

    /// Returns the value that stands in for what is not known.
    pub(super) fn typical(&self) -> i64 {
        self.typical
    }

    /// Returns an integer value, or `None` where it depends on data.
    pub(super) fn integer(&self, expr: Handle<Expr>) -> Option<i64> {
        match &self.function.exprs[expr].kind {
            ExprKind::Int(value) => i64::try_from(*value).ok(),
            ExprKind::Load(place) => self.load(place),
            ExprKind::Unary(op, operand) => {
                let value = self.integer(*operand)?;
                match op {
                    UnaryOp::Negate => value.checked_neg(),
                    UnaryOp::BitNot => Some(!value),
                    UnaryOp::Not => Some(i64::from(value == 0)),
                }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, *left, *right),
            ExprKind::Cast(inner) => self.integer(*inner),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let chosen = if self.integer(*condition)? != 0 {
                    then
                } else {
                    otherwise
                };
                self.integer(*chosen)
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    fn load(&self, place: &Place) -> Option<i64> {
        if !place.path.is_empty() {
            return None;
        }
        let value = self.known.get(place.var.index()).copied().flatten()?;
        let ty = &self.function.vars[place.var].ty;
        let is_integer = ty.scalar().is_some_and(|scalar| !scalar.is_float());
        is_integer.then_some(value)
    }

    fn binary(&self, op: BinaryOp, left: Handle<Expr>, right: Handle<Expr>) -> Option<i64> {
        let a = self.integer(left)?;
        if op == BinaryOp::And && a == 0 {
            return Some(0);
        }
        if op == BinaryOp::Or && a != 0 {
            return Some(1);
        }
        let b = self.integer(right)?;
        match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Subtract => a.checked_sub(b),
            BinaryOp::Multiply => a.checked_mul(b),
            BinaryOp::Divide => a.checked_div(b),
            BinaryOp::Remainder => a.checked_rem(b),
            BinaryOp::BitAnd => Some(a & b),
            BinaryOp::BitOr => Some(a | b),
            BinaryOp::BitXor => Some(a ^ b),
            BinaryOp::ShiftLeft => u32::try_from(b).ok().and_then(|by| a.checked_shl(by)),
            BinaryOp::ShiftRight => u32::try_from(b).ok().and_then(|by| a.checked_shr(by)),
            BinaryOp::Less => Some(i64::from(a < b)),
            BinaryOp::LessEqual => Some(i64::from(a <= b)),
            BinaryOp::Greater => Some(i64::from(a > b)),
            BinaryOp::GreaterEqual => Some(i64::from(a >= b)),
            BinaryOp::Equal => Some(i64::from(a == b)),
            BinaryOp::NotEqual => Some(i64::from(a != b)),
            BinaryOp::And => Some(i64::from(a != 0 && b != 0)),
            BinaryOp::Or => Some(i64::from(a != 0 || b != 0)),
            BinaryOp::Difference => None,
            BinaryOp::Min => Some(a.min(b)),
            BinaryOp::Max => Some(a.max(b)),
            BinaryOp::FloorDivide => (b > 0).then(|| a.div_euclid(b)),
            BinaryOp::CeilDivide => a.checked_neg().filter(|_| b > 0).map(|a| -a.div_euclid(b)),
        }
    }

    /// Returns the distance of a place from the start of its variable, in bytes, or `None` where it depends on data.
    pub(super) fn offset_bytes(&self, place: &Place) -> Option<i64> {
        let mut ty = &self.function.vars[place.var].ty;
        let mut offset = 0_i64;
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    ty = ty.element()?;
                    let distance = self.integer(*index)?.checked_mul(self.size_bytes(ty)?)?;
                    offset = offset.checked_add(distance)?;
                }
                Projection::Field(field) => {
                    let Type::Record(record) = ty else {
                        return None;
                    };
                    let field = self.records.get(*record)?.fields.get(*field as usize)?;
                    offset = offset.checked_add(i64::try_from(field.offset_bytes).ok()?)?;
                    ty = &field.ty;
                }
            }
        }
        Some(offset)
    }

    /// Returns the size of what a place holds.
    pub(super) fn place_bytes(&self, place: &Place) -> Option<i64> {
        self.size_bytes(&self.function.place_type(self.records, place)?)
    }

    /// Returns the size of a type, or `None` where it depends on data or is not modelled.
    pub(super) fn size_bytes(&self, ty: &Type) -> Option<i64> {
        match ty {
            Type::Scalar(scalar) => i64::try_from(scalar.size_bytes()).ok(),
            Type::Pointer { .. } => Some(8),
            Type::Array { of, length } => {
                let length = match length {
                    Extent::Fixed(length) => i64::try_from(*length).ok()?,
                    Extent::Variable(length) => self.integer(*length)?,
                    Extent::Unknown => return None,
                };
                self.size_bytes(of)?.checked_mul(length)
            }
            Type::Record(record) => i64::try_from(self.records.get(*record)?.size_bytes).ok(),
            Type::Void | Type::Opaque(_) => None,
        }
    }
}
