//! Piecewise affine values and conditions as trees, so that they can become code.

use std::collections::BTreeSet;
use std::ffi::CStr;

use super::context::Error;
use super::ffi;
use super::owned::Owned;
use super::sample::integer;
use super::set::Set;

/// A value or condition over parameters, in unbounded integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A constant.
    Integer(i64),
    /// A parameter or dimension, by name.
    Name(String),
    /// An operator.
    Apply(Operator, Vec<Self>),
}

impl Expression {
    /// Returns the parameters that it names.
    pub fn names(&self) -> BTreeSet<String> {
        match self {
            Self::Integer(_) => BTreeSet::new(),
            Self::Name(name) => BTreeSet::from([name.clone()]),
            Self::Apply(_, operands) => operands.iter().flat_map(Self::names).collect(),
        }
    }

    /// Returns how many comparisons it makes at most.
    pub fn comparisons(&self) -> usize {
        let Self::Apply(operator, operands) = self else {
            return 0;
        };
        let own = usize::from(operator.is_comparison());
        own + operands.iter().map(Self::comparisons).sum::<usize>()
    }
}

/// What an [`Expression`] is made of; truth values are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Both conditions; the second is evaluated only if the first holds.
    And,
    /// Either condition; the second is evaluated only if the first fails.
    Or,
    /// The greatest of two or more.
    Maximum,
    /// The least of two or more.
    Minimum,
    /// The opposite of one.
    Negate,
    /// The sum of two.
    Add,
    /// The difference of two.
    Subtract,
    /// The product of two.
    Multiply,
    /// The quotient of two that divide without rest.
    ExactDivide,
    /// The quotient toward minus infinity; the divisor is positive.
    FloorDivide,
    /// The quotient of a non-negative dividend.
    PositiveDivide,
    /// The remainder of a non-negative dividend.
    PositiveRemainder,
    /// A remainder that is compared with 0 only.
    ZeroRemainder,
    /// `condition ? then : otherwise`.
    Select,
    /// `a == b`.
    Equal,
    /// `a <= b`.
    LessEqual,
    /// `a < b`.
    Less,
    /// `a >= b`.
    GreaterEqual,
    /// `a > b`.
    Greater,
}

impl Operator {
    fn is_comparison(self) -> bool {
        match self {
            Self::Equal | Self::LessEqual | Self::Less | Self::GreaterEqual | Self::Greater => true,
            Self::And
            | Self::Or
            | Self::Maximum
            | Self::Minimum
            | Self::Negate
            | Self::Add
            | Self::Subtract
            | Self::Multiply
            | Self::ExactDivide
            | Self::FloorDivide
            | Self::PositiveDivide
            | Self::PositiveRemainder
            | Self::ZeroRemainder
            | Self::Select => false,
        }
    }
}

/// In the order of `enum isl_ast_expr_op_type`, up to the last operator on values.
const OPERATORS: [Operator; 22] = [
    Operator::And,
    Operator::And,
    Operator::Or,
    Operator::Or,
    Operator::Maximum,
    Operator::Minimum,
    Operator::Negate,
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
    Operator::ExactDivide,
    Operator::FloorDivide,
    Operator::PositiveDivide,
    Operator::PositiveRemainder,
    Operator::ZeroRemainder,
    Operator::Select,
    Operator::Select,
    Operator::Equal,
    Operator::LessEqual,
    Operator::Less,
    Operator::GreaterEqual,
    Operator::Greater,
];

/// `enum isl_ast_expr_type`: an operator.
const EXPR_OP: i32 = 0;
/// `enum isl_ast_expr_type`: a name.
const EXPR_ID: i32 = 1;
/// `enum isl_ast_expr_type`: a constant.
const EXPR_INT: i32 = 2;

pub(super) fn of_piecewise(
    context: &Set,
    aff: &Owned<ffi::isl_pw_aff>,
) -> Result<Expression, Error> {
    // SAFETY: keeps the build, takes the expression, gives a tree.
    let tree = unsafe { builder(context)?.of(aff, ffi::isl_ast_build_expr_from_pw_aff) }?;
    walk(&tree)
}

pub(super) fn of_condition(context: &Set, set: &Set) -> Result<Expression, Error> {
    // SAFETY: keeps the build, takes the set, gives a tree.
    let tree = unsafe { builder(context)?.of(&set.owned, ffi::isl_ast_build_expr_from_set) }?;
    walk(&tree)
}

fn builder(context: &Set) -> Result<Owned<ffi::isl_ast_build>, Error> {
    // SAFETY: takes the set, gives a build.
    unsafe {
        context
            .params()?
            .owned
            .unary(ffi::isl_ast_build_from_context)
    }
}

fn walk(tree: &Owned<ffi::isl_ast_expr>) -> Result<Expression, Error> {
    let context = tree.context();
    // SAFETY: keeps its argument.
    match context.locked(|| unsafe { ffi::isl_ast_expr_get_type(tree.keep()) }) {
        EXPR_INT => {
            let value = context
                // SAFETY: keeps its argument, gives a value.
                .give(|| unsafe { ffi::isl_ast_expr_int_get_val(tree.keep()) })?;
            integer(&value).map(Expression::Integer)
        }
        EXPR_ID => {
            let id = context
                // SAFETY: keeps its argument, gives a name.
                .give(|| unsafe { ffi::isl_ast_expr_id_get_id(tree.keep()) })?;
            name(&id).map(Expression::Name)
        }
        EXPR_OP => operator(tree),
        _ => Err(Error::Failed("an expression of unknown kind".to_owned())),
    }
}

fn name(id: &Owned<ffi::isl_id>) -> Result<String, Error> {
    // SAFETY: keeps its argument; the text belongs to the name and is copied at once.
    id.context().locked(|| unsafe {
        let text = ffi::isl_id_get_name(id.keep());
        if text.is_null() {
            return Err(Error::Failed("a dimension without a name".to_owned()));
        }
        Ok(CStr::from_ptr(text).to_string_lossy().into_owned())
    })
}

fn operator(tree: &Owned<ffi::isl_ast_expr>) -> Result<Expression, Error> {
    let context = tree.context();
    // SAFETY: keeps its argument.
    let number = context.count(|| unsafe { ffi::isl_ast_expr_op_get_type(tree.keep()) })?;
    let operator = *OPERATORS
        .get(number)
        .ok_or_else(|| Error::Failed("an operator of unknown kind".to_owned()))?;
    // SAFETY: keeps its argument.
    let count = context.count(|| unsafe { ffi::isl_ast_expr_op_get_n_arg(tree.keep()) })?;
    let operands = (0..count)
        .map(|position| {
            let operand = context
                // SAFETY: keeps its argument, gives a tree; the position is in range.
                .give(|| unsafe { ffi::isl_ast_expr_op_get_arg(tree.keep(), position as i32) })?;
            walk(&operand)
        })
        .collect::<Result<_, _>>()?;
    Ok(Expression::Apply(operator, operands))
}
