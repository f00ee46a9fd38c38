//! Text with its precedence and its type in C, and the rule for parentheses.

use super::helpers::Helper;
use crate::expr::BinaryOp;
use crate::types::{Scalar, Type};

/// How strongly an expression binds; greater binds more.
///
/// **Source**: C17 6.5.1 – 6.5.17, one level for each syntactic category that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
    Conditional,
    LogicalOr,
    LogicalAnd,
    BitOr,
    BitXor,
    BitAnd,
    Equality,
    Relational,
    Shift,
    Additive,
    Multiplicative,
    Unary,
    Primary,
}

/// A piece of expression text.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) precedence: Precedence,
    /// The type that C gives the text; for a truth value `int`, which C++ reaches by promoting `bool`.
    pub(super) ty: Type,
}

impl Rendered {
    pub(super) fn new(text: String, precedence: Precedence, ty: impl Into<Type>) -> Self {
        Self {
            text,
            precedence,
            ty: ty.into(),
        }
    }

    pub(super) fn primary(text: String, ty: impl Into<Type>) -> Self {
        Self::new(text, Precedence::Primary, ty)
    }

    /// Returns the text, in parentheses unless it binds at least as strongly as `least`.
    pub(super) fn at(&self, least: Precedence) -> String {
        if self.precedence >= least {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    pub(super) fn scalar(&self) -> Option<Scalar> {
        self.ty.scalar()
    }
}

/// Which side of a binary operator an operand stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// How an operator is written.
pub(super) enum Operator {
    /// Between its operands.
    Infix(&'static str, Precedence),
    /// As a function, since C does not have it.
    Helper(Helper),
}

/// Returns the token of an operator and its precedence, `None` where C does not have it.
pub(super) fn token(op: BinaryOp) -> Option<(&'static str, Precedence)> {
    match operator(op) {
        Operator::Infix(token, precedence) => Some((token, precedence)),
        Operator::Helper(_) => None,
    }
}

/// Returns how an operator is written.
pub(super) fn operator(op: BinaryOp) -> Operator {
    let (token, precedence) = match op {
        BinaryOp::Add => ("+", Precedence::Additive),
        BinaryOp::Subtract | BinaryOp::Difference => ("-", Precedence::Additive),
        BinaryOp::Multiply => ("*", Precedence::Multiplicative),
        BinaryOp::Divide => ("/", Precedence::Multiplicative),
        BinaryOp::Remainder => ("%", Precedence::Multiplicative),
        BinaryOp::BitAnd => ("&", Precedence::BitAnd),
        BinaryOp::BitOr => ("|", Precedence::BitOr),
        BinaryOp::BitXor => ("^", Precedence::BitXor),
        BinaryOp::ShiftLeft => ("<<", Precedence::Shift),
        BinaryOp::ShiftRight => (">>", Precedence::Shift),
        BinaryOp::Less => ("<", Precedence::Relational),
        BinaryOp::LessEqual => ("<=", Precedence::Relational),
        BinaryOp::Greater => (">", Precedence::Relational),
        BinaryOp::GreaterEqual => (">=", Precedence::Relational),
        BinaryOp::Equal => ("==", Precedence::Equality),
        BinaryOp::NotEqual => ("!=", Precedence::Equality),
        BinaryOp::And => ("&&", Precedence::LogicalAnd),
        BinaryOp::Or => ("||", Precedence::LogicalOr),
        BinaryOp::Min => return Operator::Helper(Helper::Min),
        BinaryOp::Max => return Operator::Helper(Helper::Max),
        BinaryOp::FloorDivide => return Operator::Helper(Helper::FloorDivide),
        BinaryOp::CeilDivide => return Operator::Helper(Helper::CeilDivide),
    };
    Operator::Infix(token, precedence)
}

/// Returns the text of an operand below an operator of precedence `parent`, in parentheses where the grammar needs
/// them or where `gcc -Wparentheses` and `-Wlogical-not-parentheses` ask for them.
pub(super) fn operand(parent: Precedence, side: Side, operand: &Rendered) -> String {
    let inner = operand.precedence;
    let binds = inner > parent || (inner == parent && side == Side::Left);
    let is_binary = inner < Precedence::Unary;
    let is_misread = match parent {
        // A reader knows that `*` binds before `+`, and little more.
        Precedence::BitOr | Precedence::BitXor | Precedence::BitAnd => is_binary && inner != parent,
        Precedence::Shift => is_binary,
        Precedence::Equality | Precedence::Relational => {
            matches!(inner, Precedence::Equality | Precedence::Relational)
                || operand.text.starts_with('!')
        }
        Precedence::LogicalOr => inner == Precedence::LogicalAnd,
        Precedence::Conditional
        | Precedence::LogicalAnd
        | Precedence::Additive
        | Precedence::Multiplicative
        | Precedence::Unary
        | Precedence::Primary => false,
    };
    if binds && !is_misread {
        operand.text.clone()
    } else {
        format!("({})", operand.text)
    }
}

/// Returns a binary expression of the type that C computes it in.
pub(super) fn binary(
    token: &str,
    precedence: Precedence,
    left: &Rendered,
    right: &Rendered,
    ty: impl Into<Type>,
) -> Rendered {
    let text = format!(
        "{} {token} {}",
        operand(precedence, Side::Left, left),
        operand(precedence, Side::Right, right)
    );
    Rendered::new(text, precedence, ty)
}
