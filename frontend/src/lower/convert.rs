//! Conversions, and the arithmetic of pointers.

use mupac_ir::structure::is_same_type;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Projection, Scalar, Span, Type, UnaryOp};

use crate::lower::function::Body;
use crate::lower::{Lowered, unsupported};

impl Body<'_, '_> {
    /// Converts a value as C does without being asked.
    pub(super) fn convert(
        &mut self,
        value: Handle<Expr>,
        to: &Type,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let from = self.type_of(value);
        if is_same_type(&self.function, &from, &self.function, to) {
            return Ok(value);
        }
        let is_possible = match (&from, to) {
            (Type::Scalar(_), Type::Scalar(_))
            | (Type::Pointer { .. }, Type::Scalar(Scalar::Bool) | Type::Pointer { .. }) => true,
            (Type::Scalar(_), Type::Pointer { .. }) => self.constant(value) == Some(0),
            _ => false,
        };
        if !is_possible {
            return Err(unsupported("a conversion of this kind", at));
        }
        let cast = self.function.expr(ExprKind::Cast(value), to.clone());
        self.function.exprs[cast].span = at;
        Ok(cast)
    }

    /// Returns the type of a value.
    pub(super) fn type_of(&self, value: Handle<Expr>) -> Type {
        self.function.exprs[value].ty.clone()
    }

    /// Returns the value of an integer constant, through conversions that keep it.
    pub(super) fn constant(&self, value: Handle<Expr>) -> Option<i128> {
        let expr = &self.function.exprs[value];
        match &expr.kind {
            ExprKind::Int(constant) => Some(*constant),
            ExprKind::Cast(inner) => {
                let constant = self.constant(*inner)?;
                match expr.ty.scalar() {
                    Some(scalar) => {
                        scalar
                            .integer_range()
                            .filter(|(low, high)| (*low..=*high).contains(&constant))?;
                        Some(constant)
                    }
                    None => (constant == 0).then_some(0),
                }
            }
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                fitting(self.constant(*inner)?.checked_neg()?, &expr.ty)
            }
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.constant(*left)?, self.constant(*right)?);
                let constant = if *op == BinaryOp::Add {
                    left.checked_add(right)
                } else if *op == BinaryOp::Subtract {
                    left.checked_sub(right)
                } else if *op == BinaryOp::Multiply {
                    left.checked_mul(right)
                } else {
                    None
                };
                fitting(constant?, &expr.ty)
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Appends an integer constant.
    pub(super) fn int(&mut self, value: i128, scalar: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Int(value), scalar)
    }

    /// Appends an operator whose result has the type of its left operand.
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
    ) -> Handle<Expr> {
        let ty = self.type_of(left);
        self.function.expr(ExprKind::Binary(op, left, right), ty)
    }

    /// Returns an integer as `i64`, which is how pointers count.
    pub(super) fn as_i64(&mut self, value: Handle<Expr>) -> Handle<Expr> {
        if self.type_of(value).scalar() == Some(Scalar::I64) {
            return value;
        }
        self.function.expr(ExprKind::Cast(value), Scalar::I64)
    }

    /// Returns the place that `pointer[index]` names, or `*pointer` without an index.
    ///
    /// `(p + k)[i]` is `p[k + i]`, and `&a[k]` counts on from `k`; a pointer that is neither stored nor offset is kept
    /// in a temporary first.
    /// So is a written `&a[i][j]` that is counted on from: programs walk from there over the ends of rows, which a
    /// subscript of one row cannot say.
    pub(super) fn pointee(
        &mut self,
        pointer: Handle<Expr>,
        index: Option<Handle<Expr>>,
    ) -> Lowered<Place> {
        let expr = self.function.exprs[pointer].clone();
        let element = expr.ty.element().cloned();
        match expr.kind {
            ExprKind::Load(mut place) => {
                let index = self.index_or_zero(index);
                place.path.push(Projection::Index(index));
                Ok(place)
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), base, offset) => {
                let index = self.offset(op, offset, index);
                self.pointee(base, Some(index))
            }
            ExprKind::Address(mut place) => match place.path.last().copied() {
                _ if index.is_none() => Ok(place),
                Some(Projection::Index(first))
                    if (place.path.len() == 1 || self.decayed.contains(&pointer))
                        && self.place_type(&place) == element =>
                {
                    let index = self.sum(first, index);
                    place.path.pop();
                    place.path.push(Projection::Index(index));
                    Ok(place)
                }
                _ => Ok(self.through_temporary(pointer, index)),
            },
            ExprKind::Cast(inner) if self.type_of(inner).element() == element.as_ref() => {
                self.pointee(inner, index)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => Ok(self.through_temporary(pointer, index)),
        }
    }

    fn through_temporary(&mut self, pointer: Handle<Expr>, index: Option<Handle<Expr>>) -> Place {
        let at = self.function.exprs[pointer].span;
        let var = self.temporary("pointer", pointer, at);
        let mut place = Place::var(var);
        let index = self.index_or_zero(index);
        place.path.push(Projection::Index(index));
        place
    }

    fn index_or_zero(&mut self, index: Option<Handle<Expr>>) -> Handle<Expr> {
        match index {
            Some(index) => index,
            None => self.int(0, Scalar::I32),
        }
    }

    /// Returns `offset + index` (or `-offset + index`) as pointers count.
    fn offset(
        &mut self,
        op: BinaryOp,
        offset: Handle<Expr>,
        index: Option<Handle<Expr>>,
    ) -> Handle<Expr> {
        if op == BinaryOp::Add {
            return match index {
                Some(index) => self.sum(offset, Some(index)),
                None => self.narrow(offset),
            };
        }
        let index = index.filter(|index| self.constant(*index) != Some(0));
        let index = match (index, self.constant(offset)) {
            (Some(index), _) => self.as_i64(index),
            (None, Some(offset)) => return self.int(-offset, Scalar::I64),
            (None, None) => self.int(0, Scalar::I64),
        };
        let offset = self.as_i64(offset);
        self.binary(BinaryOp::Subtract, index, offset)
    }

    /// Returns `first + index`, without a sum where one of them is zero.
    fn sum(&mut self, first: Handle<Expr>, index: Option<Handle<Expr>>) -> Handle<Expr> {
        let Some(index) = index.filter(|index| self.constant(*index) != Some(0)) else {
            return first;
        };
        if self.constant(first) == Some(0) {
            return index;
        }
        let (first, index) = (self.as_i64(first), self.as_i64(index));
        self.binary(BinaryOp::Add, first, index)
    }

    /// Returns the operand of a widening to `i64`: a subscript may have any integer type.
    fn narrow(&self, offset: Handle<Expr>) -> Handle<Expr> {
        let is_widened = |inner: Handle<Expr>| is_widening(self.type_of(inner).scalar());
        if let ExprKind::Cast(inner) = self.function.exprs[offset].kind
            && is_widened(inner)
        {
            return inner;
        }
        offset
    }

    /// Returns the type of a place.
    pub(super) fn place_type(&self, place: &Place) -> Option<Type> {
        self.function.place_type(self.shared.types.records(), place)
    }
}

/// Returns the constant if it is a value of the type.
fn fitting(constant: i128, ty: &Type) -> Option<i128> {
    let (low, high) = ty.scalar()?.integer_range()?;
    (low..=high).contains(&constant).then_some(constant)
}

/// Returns whether conversion of this type to `i64` keeps every value.
fn is_widening(scalar: Option<Scalar>) -> bool {
    scalar.is_some_and(|scalar| !scalar.is_float() && scalar != Scalar::U64)
}
