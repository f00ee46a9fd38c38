//! Whether two expressions, places or types are the same.
//!
//! Handles say where a value is stored, not what it is; the comparisons here look through them.
//! They accept any arena, also a damaged one: a comparison that would not end is `false`.

use super::{MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_NODES};
use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::{Function, Var};
use crate::types::{Extent, Type};

/// Returns whether `a`, a type in `function`, is `b`, a type in `other`.
///
/// Variable extents are the same where their expressions are.
/// Record handles must be the same: both functions belong to modules with the same list of records.
pub fn is_same_type(function: &Function, a: &Type, other: &Function, b: &Type) -> bool {
    Comparison::new(function, other).types(a, b)
}

/// Returns whether two expressions are the same, in variables (by name, in one function by handle), constants (to the
/// bit) and structure.
///
/// Only such types are compared as do not follow from the operands.
pub fn is_same_expr(
    function: &Function,
    a: Handle<Expr>,
    other: &Function,
    b: Handle<Expr>,
) -> bool {
    Comparison::new(function, other).exprs(a, b)
}

/// Returns whether two places are the same, as [`is_same_expr`] does.
pub fn is_same_place(function: &Function, a: &Place, other: &Function, b: &Place) -> bool {
    Comparison::new(function, other).places(a, b)
}

/// A comparison in progress; `left` bounds its effort and `depth` its recursion.
struct Comparison<'a> {
    function: &'a Function,
    other: &'a Function,
    left: usize,
    depth: usize,
}

impl<'a> Comparison<'a> {
    fn new(function: &'a Function, other: &'a Function) -> Self {
        Self {
            function,
            other,
            left: MAX_EXPRESSION_NODES,
            depth: 0,
        }
    }

    fn types(&mut self, a: &Type, b: &Type) -> bool {
        match (a, b) {
            (
                Type::Pointer { to, is_const },
                Type::Pointer {
                    to: other,
                    is_const: is_other_const,
                },
            ) => is_const == is_other_const && self.types(to, other),
            (
                Type::Array { of, length },
                Type::Array {
                    of: other,
                    length: other_length,
                },
            ) => self.lengths(*length, *other_length) && self.types(of, other),
            (
                Type::Void
                | Type::Scalar(_)
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_),
                _,
            ) => a == b,
        }
    }

    fn lengths(&mut self, a: Extent, b: Extent) -> bool {
        match (a, b) {
            (Extent::Variable(a), Extent::Variable(b)) => self.exprs(a, b),
            (Extent::Fixed(_) | Extent::Variable(_) | Extent::Unknown, _) => a == b,
        }
    }

    fn exprs(&mut self, a: Handle<Expr>, b: Handle<Expr>) -> bool {
        if self.is_one_function() && a == b {
            return true;
        }
        let (Some(left), Some(right)) = (self.function.exprs.get(a), self.other.exprs.get(b))
        else {
            return false;
        };
        if self.left == 0 || self.depth > MAX_EXPRESSION_DEPTH {
            return false;
        }
        self.left -= 1;
        self.depth += 1;
        let is_same = self.kinds(left, right);
        self.depth -= 1;
        is_same
    }

    fn kinds(&mut self, a: &Expr, b: &Expr) -> bool {
        match (&a.kind, &b.kind) {
            (ExprKind::Int(left), ExprKind::Int(right)) => left == right && a.ty == b.ty,
            (ExprKind::Float(left), ExprKind::Float(right)) => {
                left.to_bits() == right.to_bits() && a.ty == b.ty
            }
            (ExprKind::Text(left), ExprKind::Text(right)) => left == right && a.ty == b.ty,
            (ExprKind::Load(left), ExprKind::Load(right)) => self.places(left, right),
            (ExprKind::Address(left), ExprKind::Address(right)) => {
                is_to_const(&a.ty) == is_to_const(&b.ty) && self.places(left, right)
            }
            (ExprKind::Unary(op, left), ExprKind::Unary(other, right)) => {
                op == other && self.exprs(*left, *right)
            }
            (ExprKind::Binary(op, left, right), ExprKind::Binary(other, first, second)) => {
                op == other && self.exprs(*left, *first) && self.exprs(*right, *second)
            }
            (ExprKind::Cast(left), ExprKind::Cast(right)) => {
                self.types(&a.ty, &b.ty) && self.exprs(*left, *right)
            }
            (
                ExprKind::Select {
                    condition,
                    then,
                    otherwise,
                },
                ExprKind::Select {
                    condition: other_condition,
                    then: other_then,
                    otherwise: other_otherwise,
                },
            ) => {
                self.exprs(*condition, *other_condition)
                    && self.exprs(*then, *other_then)
                    && self.exprs(*otherwise, *other_otherwise)
            }
            (ExprKind::Call(name, arguments), ExprKind::Call(other, others)) => {
                name == other
                    && arguments.len() == others.len()
                    && self.types(&a.ty, &b.ty)
                    && arguments
                        .iter()
                        .zip(others)
                        .all(|(left, right)| self.exprs(*left, *right))
            }
            (ExprKind::BlockIndex(left), ExprKind::BlockIndex(right))
            | (ExprKind::ThreadIndex(left), ExprKind::ThreadIndex(right)) => {
                left == right && a.ty == b.ty
            }
            (
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Load(_)
                | ExprKind::Address(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_),
                _,
            ) => false,
        }
    }

    /// Two functions have a variable in common by its name, one has it by its handle.
    fn vars(&self, a: Handle<Var>, b: Handle<Var>) -> bool {
        if self.is_one_function() {
            return a == b;
        }
        let vars = self.function.vars.get(a).zip(self.other.vars.get(b));
        vars.is_some_and(|(var, other)| var.name == other.name)
    }

    fn is_one_function(&self) -> bool {
        std::ptr::eq(self.function, self.other)
    }

    fn places(&mut self, a: &Place, b: &Place) -> bool {
        self.vars(a.var, b.var)
            && a.path.len() == b.path.len()
            && a.path.iter().zip(&b.path).all(|steps| match steps {
                (Projection::Index(left), Projection::Index(right)) => self.exprs(*left, *right),
                (Projection::Field(left), Projection::Field(right)) => left == right,
                (Projection::Index(_), Projection::Field(_))
                | (Projection::Field(_), Projection::Index(_)) => false,
            })
    }
}

/// Returns whether a type is a pointer to something `const`.
fn is_to_const(ty: &Type) -> bool {
    matches!(ty, Type::Pointer { is_const: true, .. })
}
