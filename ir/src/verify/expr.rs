//! Types of expressions.

use crate::arena::Handle;
use crate::builtin::Builtin;
use crate::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::structure::is_same_type;
use crate::types::{Precision, Scalar, Type};

use super::Checker;
use super::record::{Position, problem};

impl Checker<'_> {
    /// Checks one expression, relying on the types of its operands.
    pub(super) fn expr(&mut self, handle: Handle<Expr>) {
        let expr = &self.function.exprs[handle];
        let records = &self.module.records;
        let wrong = problem(records, &expr.ty, Position::Object, true)
            .or_else(|| value_problem(expr))
            .or_else(|| self.kind_problem(expr));
        if let Some(message) = wrong {
            let ty = crate::print::ty(records, Some(self.function), &expr.ty);
            self.report_expr(handle, format!("{message} (its type is {ty})"));
        }
    }

    fn kind_problem(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Int(value) => {
                let range = expr.ty.scalar().and_then(Scalar::integer_range);
                let fits =
                    range.is_some_and(|(least, greatest)| (least..=greatest).contains(value));
                unless(fits, "the constant is beyond its type")
            }
            ExprKind::Float(value) => float_problem(*value, &expr.ty),
            ExprKind::Text(_) => unless(
                expr.ty.element() == Some(&Scalar::I8.into()),
                "a string is a pointer to i8",
            ),
            ExprKind::Load(place) => match self.place(place) {
                Ok(ty) => unless(
                    self.is_same(&ty, &expr.ty),
                    "a read has the type of its place",
                ),
                Err(problem) => Some(problem),
            },
            ExprKind::Address(place) => match self.place(place) {
                Ok(ty) => unless(
                    expr.ty.element().is_some_and(|to| self.is_same(to, &ty)),
                    "an address is a pointer to its place",
                ),
                Err(problem) => Some(problem),
            },
            ExprKind::Unary(op, operand) => self.unary_problem(*op, *operand, &expr.ty),
            ExprKind::Binary(op, left, right) => self.binary_problem(*op, *left, *right, &expr.ty),
            ExprKind::Cast(operand) => cast_problem(self.ty(*operand), &expr.ty),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => unless(
                self.is_condition(*condition)
                    && self.is_same(self.ty(*then), &expr.ty)
                    && self.is_same(self.ty(*otherwise), &expr.ty),
                "both choices have the type of the value, and the condition is a scalar or a pointer",
            ),
            ExprKind::Call(name, arguments) => self.call_problem(name, arguments, &expr.ty),
            ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => unless(
                expr.ty
                    .scalar()
                    .is_some_and(|ty| !ty.is_float() && ty != Scalar::Bool),
                "the index of a thread is an integer",
            ),
        }
    }

    fn unary_problem(&self, op: UnaryOp, operand: Handle<Expr>, ty: &Type) -> Option<String> {
        let fits = match op {
            UnaryOp::Negate => self.arithmetic(operand).is_some() && self.ty(operand) == ty,
            UnaryOp::BitNot => self.is_promoted_integer(operand) && self.ty(operand) == ty,
            UnaryOp::Not => self.is_condition(operand) && ty.scalar() == Some(Scalar::I32),
        };
        unless(fits, "the operand does not fit the operator")
    }

    fn binary_problem(
        &self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
        ty: &Type,
    ) -> Option<String> {
        let is_truth = ty.scalar() == Some(Scalar::I32);
        let is_count = self.ty(right).scalar() == Some(Scalar::I64);
        let have_one_type = self.is_same(self.ty(left), self.ty(right));
        let keeps_type = self.is_same(self.ty(left), ty);
        let fits = match op {
            BinaryOp::Add | BinaryOp::Subtract if self.pointee(left).is_some() => {
                self.has_elements(left) && is_count && keeps_type
            }
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                self.arithmetic(left).is_some() && have_one_type && keeps_type
            }
            BinaryOp::Remainder
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::Min
            | BinaryOp::Max => self.is_promoted_integer(left) && have_one_type && keeps_type,
            BinaryOp::FloorDivide | BinaryOp::CeilDivide => {
                self.is_promoted_integer(left)
                    && have_one_type
                    && keeps_type
                    && !matches!(self.function.exprs[right].kind, ExprKind::Int(..=0))
            }
            BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
                self.is_promoted_integer(left) && self.is_promoted_integer(right) && keeps_type
            }
            BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual => {
                let are_pointers = self.pointee(left).is_some() && self.pointee(right).is_some();
                let are_numbers = self.arithmetic(left).is_some() && have_one_type;
                is_truth && (are_pointers || are_numbers)
            }
            BinaryOp::And | BinaryOp::Or => {
                is_truth && self.is_condition(left) && self.is_condition(right)
            }
            BinaryOp::Difference => {
                let is_to_same = match (self.pointee(left), self.pointee(right)) {
                    (Some(left), Some(right)) => self.is_same(left, right),
                    (None | Some(_), _) => false,
                };
                is_to_same && self.has_elements(left) && ty.scalar() == Some(Scalar::I64)
            }
        };
        unless(fits, "the operands do not fit the operator")
    }

    fn call_problem(&self, name: &str, arguments: &[Handle<Expr>], ty: &Type) -> Option<String> {
        if let Some((fits, needs)) = self.own_call(name, arguments, ty) {
            return unless(fits, needs);
        }
        let given = arguments.iter().map(|argument| self.ty(*argument).scalar());
        if let Some((_, function)) = self.module.function(name) {
            let wanted = function.parameters.iter().map(|parameter| {
                let var = function.vars.get(*parameter);
                var.and_then(|var| var.ty.scalar())
            });
            let fits = given.clone().all(|scalar| scalar.is_some())
                && given.eq(wanted)
                && ty.scalar().is_some()
                && *ty == function.result;
            return unless(fits, "the arguments or the result have other types");
        }
        let Some(builtin) = Builtin::find(name) else {
            return Some(format!(
                "`{name}` is neither a function of the module nor a pure one of the C library"
            ));
        };
        let fits = given.eq(builtin.parameters().iter().map(|each| Some(*each)))
            && ty.scalar() == Some(builtin.result());
        unless(fits, "the arguments or the result have other types")
    }

    /// Returns the type of an expression.
    pub(super) fn ty(&self, expr: Handle<Expr>) -> &Type {
        self.function
            .exprs
            .get(expr)
            .map_or(&Type::Void, |expr| &expr.ty)
    }

    /// Returns whether two types of the function are the same.
    pub(super) fn is_same(&self, a: &Type, b: &Type) -> bool {
        is_same_type(self.function, a, self.function, b)
    }

    /// Returns whether a value can be tested for zero.
    pub(super) fn is_condition(&self, expr: Handle<Expr>) -> bool {
        matches!(self.ty(expr), Type::Scalar(_) | Type::Pointer { .. })
    }

    /// Returns the type of a number that operators accept: C has promoted it.
    fn arithmetic(&self, expr: Handle<Expr>) -> Option<Scalar> {
        self.ty(expr)
            .scalar()
            .filter(|scalar| scalar.promoted() == *scalar)
    }

    fn is_promoted_integer(&self, expr: Handle<Expr>) -> bool {
        self.arithmetic(expr)
            .is_some_and(|scalar| !scalar.is_float())
    }

    fn pointee(&self, expr: Handle<Expr>) -> Option<&Type> {
        match self.ty(expr) {
            Type::Pointer { to, .. } => Some(to),
            Type::Void
            | Type::Scalar(_)
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_) => None,
        }
    }

    /// Returns whether a pointer can be moved by elements: their size is known.
    pub(super) fn has_elements(&self, expr: Handle<Expr>) -> bool {
        self.pointee(expr).is_some_and(|to| {
            problem(&self.module.records, to, Position::Object, true).is_none()
                && !matches!(to, Type::Opaque(_))
        })
    }
}

fn unless(holds: bool, message: &str) -> Option<String> {
    (!holds).then(|| message.to_owned())
}

/// Returns what is wrong with the type of a value, whatever computes it.
fn value_problem(expr: &Expr) -> Option<String> {
    match &expr.ty {
        Type::Scalar(_) | Type::Pointer { .. } => None,
        Type::Record(_) if matches!(expr.kind, ExprKind::Load(_)) => None,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => {
            Some("a value is a scalar or a pointer".to_owned())
        }
    }
}

fn float_problem(value: f64, ty: &Type) -> Option<String> {
    let fits = match ty.scalar().and_then(Scalar::precision) {
        Some(Precision::Double) => true,
        Some(Precision::Single) => {
            value.is_nan() || f64::from(value as f32).to_bits() == value.to_bits()
        }
        None => false,
    };
    unless(fits, "the constant is no value of its type")
}

/// Returns what is wrong with a conversion.
///
/// **Source**: C17 6.5.4 §2–4: between arithmetic types, between pointers, between integers and pointers.
fn cast_problem(from: &Type, to: &Type) -> Option<String> {
    let fits = match (from, to) {
        (Type::Scalar(_), Type::Scalar(_)) | (Type::Pointer { .. }, Type::Pointer { .. }) => true,
        (Type::Scalar(scalar), Type::Pointer { .. })
        | (Type::Pointer { .. }, Type::Scalar(scalar)) => !scalar.is_float(),
        (
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_),
            _,
        ) => false,
    };
    unless(fits, "C has no such conversion")
}
