//! The operators that compare two values, apart from all others.

use crate::expr::BinaryOp;

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
