//! Expressions: pure values over variables and memory.
//!
//! Evaluating one changes nothing; assignments, increments and calls with effects are statements.
//! Operands of an arithmetic operator have one common type, and every conversion is a [`ExprKind::Cast`].

use crate::arena::Handle;
use crate::function::Var;
use crate::span::Span;
use crate::stmt::Axis;
use crate::types::Type;

/// A typed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What is computed.
    pub kind: ExprKind,
    /// The type of the value; a scalar or a pointer.
    pub ty: Type,
    /// Where it stands in the source.
    pub span: Span,
    /// How the source spells a constant (`N`, `1e-3f`), where that text means the same at the start of the
    /// enclosing function; not part of the text form.
    pub spelling: Option<String>,
}

impl Expr {
    /// Returns an expression that comes from no source text.
    pub fn new(kind: ExprKind, ty: impl Into<Type>) -> Self {
        Self {
            kind,
            ty: ty.into(),
            span: Span::default(),
            spelling: None,
        }
    }
}

/// The name of the function that says how many elements further each row starts than the one before, of so many pointers
/// to rows (`int` of `T **` and `long`): 0 where that is not the same positive number for all, of `int` bytes, [`ONE_ROW`] of fewer than two.
/// The host calls it before a region; no source can spell its name.
///
/// Of pointers that are members of structures it takes the address of the second one, too (`T **`, the last argument).
///
/// Of pointers to planes of rows (`T ***`, their number, the first row of each and the number of rows, all `long`) it says the same of
/// the rows of each plane, and as [`PLANE_SPACING`] does where a plane has fewer than two.
pub const ROW_SPACING: &str = "mupac::row_spacing";

/// The name of the function that says the same of pointers that need not be there: 0 where they are not, or are none.
pub const ROW_SPACING_IF_THERE: &str = "mupac::row_spacing_if_there";

/// The name of the function that says how many elements further one row of each plane starts than that of the plane before
/// (`int` of `T ***`, the number of planes and the row, both `long`), as [`ROW_SPACING`] says it of rows.
pub const PLANE_SPACING: &str = "mupac::plane_spacing";

/// The name of the function that says how many elements fit into the block that a pointer leads to the start of (`int` of
/// `T *`): 0 where it is null, leads to nothing any more and that can be told, or to more than an `int` can count.
/// The host calls it before a region; no source can spell its name.
pub const BLOCK_LENGTH: &str = "mupac::block_length";

/// The name of the function that says which of some integers is the greatest (an integer of `T *` and their number, `long`), 0 of
/// none; of members of structures it takes the address of the second one, too (`T *`).
/// The host calls it before a region; no source can spell its name.
pub const GREATEST: &str = "mupac::greatest";

/// The name of the function that says whether no number of a square is negative or none at all (`int` of `T *`, the number of rows
/// and of the elements of each, `long`, and the start of the second row, `T *`).
/// The host calls it before a region; no source can spell its name.
pub const NOT_NEGATIVE: &str = "mupac::not_negative";

/// The name of the function that says whether what a pointer leads to can be read (`int` of `T *`).
/// The host calls it before a region; no source can spell its name.
pub const IS_THERE: &str = "mupac::is_there";

/// The name of the function that ends the program, as an assertion of it does that failed in a kernel, and says its condition,
/// the file, the line and the function; the host calls it behind a region.
pub const ASSERTION_FAILED: &str = "mupac::assertion_failed";

/// How far a row is taken to lie behind another one where there is only one.
pub const ONE_ROW: i32 = i32::MAX;

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// An integer constant, in range of its type.
    Int(i128),
    /// A floating constant; an `f32` constant is held widened, exactly.
    Float(f64),
    /// A string literal: a pointer to its first character. The bytes without the closing zero.
    Text(Vec<u8>),
    /// The value stored at a place of scalar or pointer type.
    Load(Place),
    /// `&place`; also an array that decays, which is the address of its element 0.
    Address(Place),
    /// An operator with one operand of the same type.
    Unary(UnaryOp, Handle<Expr>),
    /// An operator with two operands.
    Binary(BinaryOp, Handle<Expr>, Handle<Expr>),
    /// Conversion to `ty` by C's rules.
    Cast(Handle<Expr>),
    /// `condition ? then : otherwise`; only the chosen operand is evaluated.
    Select {
        /// A scalar, true when not zero.
        condition: Handle<Expr>,
        /// Value when true.
        then: Handle<Expr>,
        /// Value when false.
        otherwise: Handle<Expr>,
    },
    /// A call, by its name, of a pure function of numbers: of the module, or else of the C library (`sqrt`, `abs`); or of
    /// [`ROW_SPACING`], [`ROW_SPACING_IF_THERE`], [`PLANE_SPACING`], [`BLOCK_LENGTH`], [`GREATEST`], [`NOT_NEGATIVE`], [`IS_THERE`] or [`ASSERTION_FAILED`].
    Call(String, Vec<Handle<Expr>>),
    /// Inside a kernel: the index of the running block in the grid.
    BlockIndex(Axis),
    /// Inside a kernel: the index of the running thread in its block.
    ThreadIndex(Axis),
}

impl ExprKind {
    /// Returns whether the value is a truth value, 0 or 1, which every integer type can hold.
    pub fn is_truth(&self) -> bool {
        match self {
            Self::Binary(op, ..) => op.is_truth(),
            Self::Unary(op, _) => *op == UnaryOp::Not,
            Self::Int(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Load(_)
            | Self::Address(_)
            | Self::Cast(_)
            | Self::Select { .. }
            | Self::Call(..)
            | Self::BlockIndex(_)
            | Self::ThreadIndex(_) => false,
        }
    }
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnaryOp {
    /// `-x`.
    Negate,
    /// `~x`.
    BitNot,
    /// `!x`, an `i32` that is 0 or 1; the operand may have any scalar or pointer type.
    Not,
}

/// An operator with two operands.
///
/// Arithmetic and bitwise operators: both operands and the result have one type, unsigned integers wrap and signed
/// overflow is undefined.
/// Shifts: the result has the left operand's type.
/// Comparisons: operands of one type (or two pointers), the result is an `i32` that is 0 or 1.
/// Pointers: `Add` and `Subtract` take a pointer on the left and an `i64` number of elements on the right;
/// `Difference` takes two pointers and gives an `i64` number of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOp {
    /// `a + b`.
    Add,
    /// `a - b`.
    Subtract,
    /// `a * b`.
    Multiply,
    /// `a / b`, toward zero for integers.
    Divide,
    /// `a % b`, sign of the dividend.
    Remainder,
    /// `a & b`.
    BitAnd,
    /// `a | b`.
    BitOr,
    /// `a ^ b`.
    BitXor,
    /// `a << b`.
    ShiftLeft,
    /// `a >> b`, arithmetic for signed types.
    ShiftRight,
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
    /// `a && b`; the right operand is evaluated only when the left is not zero.
    And,
    /// `a || b`; the right operand is evaluated only when the left is zero.
    Or,
    /// `p - q` of two pointers, in elements.
    Difference,
    /// The smaller integer; made by passes, not written in C.
    Min,
    /// The greater integer; made by passes, not written in C.
    Max,
    /// Quotient toward minus infinity; made by passes; the divisor is positive.
    FloorDivide,
    /// Quotient toward plus infinity; made by passes; the divisor is positive.
    CeilDivide,
}

impl BinaryOp {
    /// Returns whether the result is an `i32` truth value.
    pub fn is_truth(self) -> bool {
        matches!(
            self,
            Self::Less
                | Self::LessEqual
                | Self::Greater
                | Self::GreaterEqual
                | Self::Equal
                | Self::NotEqual
                | Self::And
                | Self::Or
        )
    }

    /// Returns whether the right operand is a divisor.
    pub fn is_division(self) -> bool {
        matches!(
            self,
            Self::Divide | Self::Remainder | Self::FloorDivide | Self::CeilDivide
        )
    }
}

/// Something that can be read or written: a variable, then a path into it.
///
/// `a[i][j]`, `p->q`, `s.v[3]` and `*p` are `a` + `[i] [j]`, `p` + `[0] .q`, `s` + `.v [3]` and `p` + `[0]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where the path starts.
    pub var: Handle<Var>,
    /// The steps from there, outermost first.
    pub path: Vec<Projection>,
}

impl Place {
    /// Returns the place that is a whole variable.
    pub fn var(var: Handle<Var>) -> Self {
        Self {
            var,
            path: Vec::new(),
        }
    }

    /// Returns the subscripts, if the path consists of nothing else.
    pub fn subscripts(&self) -> Option<Vec<Handle<Expr>>> {
        self.path
            .iter()
            .map(|step| match step {
                Projection::Index(index) => Some(*index),
                Projection::Field(_) => None,
            })
            .collect()
    }
}

/// One step of a [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Into an array, or through a pointer (which is loaded first): the element at this integer index.
    Index(Handle<Expr>),
    /// Into a structure: the field at this position.
    Field(u32),
}
