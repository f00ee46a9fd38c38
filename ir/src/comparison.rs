//! The operators that compare two values, apart from all others, and the opposites of conditions.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::function::Function;
use crate::types::Scalar;

/// An operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `a < b`.
    Less,
    /// `a <= b`.
    LessEqual,
    /// `a > b`.
    Greater,
    /// `a >= b`.
    GreaterEqual,
    /// `a == b`.
    Equal,
    /// `a != b`.
    NotEqual,
}

impl Comparison {
    /// Returns the comparison that an operator is; `None` for other operators.
    pub fn of(op: BinaryOp) -> Option<Self> {
        match op {
            BinaryOp::Less => Some(Self::Less),
            BinaryOp::LessEqual => Some(Self::LessEqual),
            BinaryOp::Greater => Some(Self::Greater),
            BinaryOp::GreaterEqual => Some(Self::GreaterEqual),
            BinaryOp::Equal => Some(Self::Equal),
            BinaryOp::NotEqual => Some(Self::NotEqual),
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftLeft
            | BinaryOp::ShiftRight
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Difference
            | BinaryOp::Min
            | BinaryOp::Max
            | BinaryOp::FloorDivide
            | BinaryOp::CeilDivide => None,
        }
    }

    /// Returns the operator.
    pub fn operator(self) -> BinaryOp {
        match self {
            Self::Less => BinaryOp::Less,
            Self::LessEqual => BinaryOp::LessEqual,
            Self::Greater => BinaryOp::Greater,
            Self::GreaterEqual => BinaryOp::GreaterEqual,
            Self::Equal => BinaryOp::Equal,
            Self::NotEqual => BinaryOp::NotEqual,
        }
    }

    /// Returns the comparison that holds of two integers where this one does not.
    ///
    /// Of floating-point numbers, one of which may be no number, only equality and its opposite are never both false.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
        }
    }

    /// Returns the comparison that says the same with its operands in the other order.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// Returns whether it holds of two values.
    pub fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b,
        }
    }
}

/// Appends the opposite of a condition: of a comparison of integers the other comparison, which reads best. With
/// floating-point numbers both may fail, where one is no number.
pub fn opposite(function: &mut Function, condition: Handle<Expr>) -> Handle<Expr> {
    let node = function.exprs[condition].clone();
    let kind = match node.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => return inner,
        ExprKind::Binary(op, a, b) => {
            let is_integer = |expr: Handle<Expr>| {
                let scalar = function.exprs[expr].ty.scalar();
                scalar.is_some_and(|scalar| scalar.integer_range().is_some())
            };
            match reversed(op, is_integer(a) && is_integer(b)) {
                Some(op) => ExprKind::Binary(op, a, b),
                None => ExprKind::Unary(UnaryOp::Not, condition),
            }
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => ExprKind::Unary(UnaryOp::Not, condition),
    };
    let mut opposite = Expr::new(kind, Scalar::I32);
    opposite.span = node.span;
    function.exprs.push(opposite)
}

/// Returns the comparison that holds where the other does not.
fn reversed(op: BinaryOp, is_integer: bool) -> Option<BinaryOp> {
    let comparison = Comparison::of(op)?;
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    (is_integer || is_equality).then(|| comparison.opposite().operator())
}
