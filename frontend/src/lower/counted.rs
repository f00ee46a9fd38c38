//! Recognises counted loops.
//!
//! A `for` is a [`Loop`](mupac_ir::Loop) only where counting by exact integers gives the same iterations as C's own
//! arithmetic in every execution that C defines.

use clang_sys as k;
use mupac_ir::{Expr, Handle, Reason, Refusal, Scalar, Span, Storage};

use crate::clang::{Constant, Cursor};
use crate::lower::function::Body;
use crate::lower::loops::Header;
use crate::lower::types::scalar;
use crate::lower::{Lowered, effects, order, walk};

/// In the header of a counted loop the counter would stand for its value before the loop and in it.
const GOES_ON: &str = "its counter goes on from the value that it has";

/// What counts, and how.
pub(super) struct Counter<'u> {
    /// Canonical declaration of the iterator.
    pub(super) variable: Cursor<'u>,
    /// Its type.
    pub(super) scalar: Scalar,
    /// Whether running past the limits of the type is undefined: a signed counter that is stepped in its own type.
    /// Otherwise it wraps around.
    pub(super) is_bounded: bool,
    /// Never 0.
    pub(super) step: i64,
    /// First value.
    pub(super) start: Handle<Expr>,
    /// What else the third slot does, after each iteration.
    pub(super) also: Vec<Cursor<'u>>,
}

/// Who declares the iterator.
pub(super) enum Start<'u> {
    /// The loop, by this declaration.
    Declared(Cursor<'u>),
    /// Something before the loop.
    Outside,
}

/// How the header compares iterator and bound, the iterator on the left.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    NotEqual,
}

/// The comparison of a header.
pub(super) struct Test<'u> {
    pub(super) relation: Relation,
    pub(super) bound: Cursor<'u>,
    /// What is added to the counter before it is compared; not 0 only where all of this is `int`.
    pub(super) offset: i64,
    /// The type both sides are compared in.
    pub(super) compared: Scalar,
    /// Whether every conversion on the way to it holds every value of the iterator's type.
    pub(super) is_exact: bool,
    /// The same for values that are not negative.
    pub(super) is_exact_above_zero: bool,
}

impl<'u> Body<'_, 'u> {
    /// Recognises a counted loop; returns what counts, who declares it, and the first value beyond.
    ///
    /// **Errors**: `UncountableLoop` with the first thing that stands in the way.
    pub(super) fn counted(
        &mut self,
        header: &Header<'u>,
    ) -> Lowered<(Counter<'u>, Start<'u>, Handle<Expr>)> {
        let condition = header
            .condition
            .ok_or_else(|| refusal("it has no condition", header.span))?;
        let increment = header
            .increment
            .ok_or_else(|| refusal("it has no increment", header.span))?;
        let (own, also) = self.own_increment(increment, condition)?;
        if !also.is_empty() && effects::may_continue(header.body) {
            return Err(refusal(
                "`continue` goes to an increment that does more than count",
                header.span,
            ));
        }
        let (variable, step, stepped_in) = self.increment(own)?;
        let ty =
            scalar(variable.ty()).filter(|scalar| !scalar.is_float() && *scalar != Scalar::Bool);
        let ty = ty.ok_or_else(|| refusal("its counter is no integer", self.span(increment)))?;
        if !self.is_private(variable) || variable.ty().is_volatile() {
            return Err(refusal(
                "its counter may be changed from elsewhere",
                self.span(increment),
            ));
        }
        let test = self.test(condition, variable, ty)?;
        for part in [header.body, condition].iter().chain(&also).copied() {
            if effects::written(part).contains(&variable) {
                return Err(refusal("its body changes the counter", self.span(part)));
            }
        }
        if header.init.into_iter().any(has_effects_beside_assignment)
            || effects::has_effects(condition)
        {
            return Err(refusal("its bounds have side effects", header.span));
        }
        let emitted = self.out.len();
        let (start_kind, start) = self.start(header, variable)?;
        let is_bounded = ty.is_signed() && stepped_in == ty;
        let counter = Counter {
            variable,
            scalar: ty,
            is_bounded,
            step,
            start,
            also,
        };
        let end = self.end(header, &counter, &test)?;
        if self.out.len() == emitted {
            Ok((counter, start_kind, end))
        } else {
            Err(refusal("its bounds have side effects", header.span))
        }
    }

    /// Splits a third slot with commas into the step of the counter and what comes before it.
    ///
    /// The rest becomes the end of the body, so nothing may skip that.
    fn own_increment(
        &self,
        increment: Cursor<'u>,
        condition: Cursor<'u>,
    ) -> Lowered<(Cursor<'u>, Vec<Cursor<'u>>)> {
        let mut parts = Vec::new();
        comma_operands(increment, &mut parts);
        if let [only] = parts.as_slice() {
            return Ok((*only, Vec::new()));
        }
        let counters = walk::named_variables(condition);
        let is_own = |part: &Cursor<'u>| {
            self.increment(*part)
                .is_ok_and(|(variable, ..)| counters.contains(&variable))
        };
        let at = self.span(increment);
        let own = match parts.iter().position(is_own) {
            Some(index) => parts.remove(index),
            None => return Err(refusal("its increment is not a constant step", at)),
        };
        let (variable, ..) = self.increment(own)?;
        if parts
            .iter()
            .any(|part| walk::named_variables(*part).contains(&variable))
        {
            return Err(refusal(
                "its increment uses the counter for something else",
                at,
            ));
        }
        Ok((own, parts))
    }

    /// Returns the variable that the increment changes, by how much, and the type the sum is computed in.
    fn increment(&self, cursor: Cursor<'u>) -> Lowered<(Cursor<'u>, i64, Scalar)> {
        let at = self.span(cursor);
        let refuse = || refusal("its increment is not a constant step", at);
        let cursor = walk::peel_parentheses(cursor);
        let children = cursor.children();
        let target = walk::assigned_operand(cursor).ok_or_else(refuse)?;
        let variable = walk::named_variable(target).ok_or_else(refuse)?;
        let own = scalar(variable.ty()).ok_or_else(refuse)?;
        let (step, computed) = match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_UnaryOperator, _) => {
                let kind = cursor.unary_operator();
                let is_up = [k::CXUnaryOperator_PreInc, k::CXUnaryOperator_PostInc].contains(&kind);
                (Some(if is_up { 1 } else { -1 }), Some(own.promoted()))
            }
            (k::CXCursor_CompoundAssignOperator, [_, amount]) => {
                let step = match cursor.binary_operator() {
                    k::CXBinaryOperator_AddAssign => amount_of(*amount),
                    k::CXBinaryOperator_SubAssign => amount_of(*amount).and_then(i64::checked_neg),
                    _ => None,
                };
                (step, scalar(amount.ty()).map(|amount| own.usual(amount)))
            }
            (k::CXCursor_BinaryOperator, [_, value]) => {
                (sum_step(*value, variable), scalar(walk::peel(*value).ty()))
            }
            _ => (None, None),
        };
        let step = step
            .filter(|step| *step != 0 && i32::try_from(*step).is_ok())
            .ok_or_else(refuse)?;
        let computed = computed
            .filter(|computed| !computed.is_float())
            .ok_or_else(refuse)?;
        Ok((variable, step, computed))
    }

    fn test(&self, condition: Cursor<'u>, variable: Cursor<'u>, ty: Scalar) -> Lowered<Test<'u>> {
        let at = self.span(condition);
        let refuse = || {
            refusal(
                "its condition does not compare the counter with a bound",
                at,
            )
        };
        let cursor = walk::peel_parentheses(condition);
        let children = cursor.children();
        let (k::CXCursor_BinaryOperator, [left, right]) = (cursor.kind(), children.as_slice())
        else {
            return Err(refuse());
        };
        let relation = relation(cursor.binary_operator()).ok_or_else(refuse)?;
        let compared = scalar(left.ty())
            .filter(|scalar| !scalar.is_float())
            .ok_or_else(refuse)?;
        let (relation, bound, (types, offset)) = match compared_counter(*left, variable, ty) {
            Some(counter) => (relation, *right, counter),
            None => (
                relation.mirrored(),
                *left,
                compared_counter(*right, variable, ty).ok_or_else(refuse)?,
            ),
        };
        if offset != 0 && (ty != Scalar::I32 || compared != Scalar::I32) {
            return Err(refuse());
        }
        let limits = ty.integer_range().ok_or_else(refuse)?;
        Ok(Test {
            relation,
            bound,
            offset,
            compared,
            is_exact: all_hold(&types, limits),
            is_exact_above_zero: all_hold(&types, (0, limits.1)),
        })
    }

    fn start(
        &mut self,
        header: &Header<'u>,
        variable: Cursor<'u>,
    ) -> Lowered<(Start<'u>, Handle<Expr>)> {
        let Some(init) = header.init else {
            return Err(refusal(GOES_ON, header.span));
        };
        let at = self.span(init);
        if init.kind() == k::CXCursor_DeclStmt {
            let children = init.children();
            let [declaration] = children.as_slice() else {
                return Err(refusal("it declares more than its counter", at));
            };
            let value = declaration
                .initializer()
                .filter(|_| declaration.canonical() == variable);
            let value = value.ok_or_else(|| refusal("it does not set its counter", at))?;
            if order::has_cleanup(*declaration) {
                return Err(refusal("its counter has a cleanup function", at));
            }
            let start = self.value(value)?;
            self.register(*declaration, Storage::Local);
            return Ok((Start::Declared(*declaration), start));
        }
        let assignment = walk::peel_parentheses(init);
        let children = assignment.children();
        let is_plain = assignment.kind() == k::CXCursor_BinaryOperator
            && assignment.binary_operator() == k::CXBinaryOperator_Assign;
        match children.as_slice() {
            [target, value] if is_plain && walk::named_variable(*target) == Some(variable) => {
                if walk::named_variables(*value).contains(&variable) {
                    return Err(refusal(GOES_ON, at));
                }
                Ok((Start::Outside, self.value(*value)?))
            }
            _ => Err(refusal("its first slot does more than set the counter", at)),
        }
    }
}

/// Returns the refusal to count a loop.
pub(super) fn refusal(why: &str, at: Span) -> Box<Refusal> {
    Box::new(Refusal::new(
        Reason::UncountableLoop {
            why: why.to_owned(),
        },
        at,
    ))
}

impl Relation {
    /// Returns the relation with the sides exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::NotEqual => Self::NotEqual,
        }
    }
}

fn relation(kind: k::CXBinaryOperatorKind) -> Option<Relation> {
    match kind {
        k::CXBinaryOperator_LT => Some(Relation::Less),
        k::CXBinaryOperator_LE => Some(Relation::LessEqual),
        k::CXBinaryOperator_GT => Some(Relation::Greater),
        k::CXBinaryOperator_GE => Some(Relation::GreaterEqual),
        k::CXBinaryOperator_NE => Some(Relation::NotEqual),
        _ => None,
    }
}

/// Returns whether the first slot does more than give the counter a value without effects.
fn has_effects_beside_assignment(init: Cursor<'_>) -> bool {
    let init = walk::peel_parentheses(init);
    if walk::assigned_operand(init).is_some() {
        return init.children().into_iter().any(effects::has_effects);
    }
    effects::has_effects(init)
}

/// Returns a constant amount as the program writes it, before conversions.
fn amount_of(cursor: Cursor<'_>) -> Option<i64> {
    let cursor = walk::peel(cursor);
    scalar(cursor.ty()).filter(|scalar| !scalar.is_float())?;
    match cursor.evaluate()? {
        Constant::Int(value) => i64::try_from(value).ok(),
        Constant::Float(_) => None,
    }
}

/// Returns the step of `i + c`, `c + i` or `i - c`.
fn sum_step(value: Cursor<'_>, variable: Cursor<'_>) -> Option<i64> {
    let sum = walk::peel(value);
    let children = sum.children();
    let (k::CXCursor_BinaryOperator, [left, right]) = (sum.kind(), children.as_slice()) else {
        return None;
    };
    let is_counter = |side: Cursor<'_>| walk::named_variable(walk::peel(side)) == Some(variable);
    match sum.binary_operator() {
        k::CXBinaryOperator_Add if is_counter(*left) => amount_of(*right),
        k::CXBinaryOperator_Add if is_counter(*right) => amount_of(*left),
        k::CXBinaryOperator_Sub if is_counter(*left) => amount_of(*right)?.checked_neg(),
        _ => None,
    }
}

/// Returns the operands of nested commas, in order.
fn comma_operands<'u>(cursor: Cursor<'u>, parts: &mut Vec<Cursor<'u>>) {
    let cursor = walk::peel_parentheses(cursor);
    let is_comma = cursor.kind() == k::CXCursor_BinaryOperator
        && cursor.binary_operator() == k::CXBinaryOperator_Comma;
    if is_comma {
        for operand in cursor.children() {
            comma_operands(operand, parts);
        }
    } else {
        parts.push(cursor);
    }
}

/// Returns how one side of a comparison uses the counter: the types it is converted to, and a constant that is added
/// to it in its own type first.
fn compared_counter(
    side: Cursor<'_>,
    variable: Cursor<'_>,
    own: Scalar,
) -> Option<(Vec<Scalar>, i64)> {
    if let Some(types) = converted_counter(side, variable) {
        return Some((types, 0));
    }
    let sum = walk::peel(side);
    let is_own = scalar(sum.ty()) == Some(own);
    Some((Vec::new(), sum_step(sum, variable).filter(|_| is_own)?))
}

/// Returns the types that one side of a comparison converts the counter to on the way; `None` if it is not the counter.
fn converted_counter(mut side: Cursor<'_>, variable: Cursor<'_>) -> Option<Vec<Scalar>> {
    let mut types = Vec::new();
    loop {
        if walk::named_variable(side) == Some(variable) {
            return Some(types);
        }
        types.push(scalar(side.ty())?);
        let children = side.children();
        side = match side.kind() {
            k::CXCursor_ParenExpr => *children.first()?,
            k::CXCursor_CStyleCastExpr => *children.last()?,
            _ => walk::implicit_operand(side)?,
        };
    }
}

/// Returns whether every type holds every value between two limits.
fn all_hold(types: &[Scalar], (low, high): (i128, i128)) -> bool {
    types.iter().all(|ty| {
        ty.integer_range()
            .is_some_and(|(least, most)| least <= low && high <= most)
    })
}
