//! Statements: a tree of owned blocks over the function's expressions.

use std::fmt;

use crate::arena::Handle;
use crate::expr::{Expr, Place};
use crate::function::Var;
use crate::reason::Refusal;
use crate::span::Span;

/// A sequence of statements.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `target = value`.
    Compute(Compute),
    /// The lifetime of a local starts here, with an indeterminate value (an initialiser is a `Compute` after it).
    /// Inside a loop each iteration has its own.
    Declare(Handle<Var>, Span),
    /// A name for a value: `let i = 256*i.o + i.i`. The variable has this value until the end of the block and is
    /// never assigned. Made by passes; it is how a rewritten loop keeps its body unchanged.
    Let(Handle<Var>, Handle<Expr>),
    /// A counted loop.
    For(Loop),
    /// `if`.
    If(If),
    /// `while` and `do … while`, and every `for` that is not a counted loop.
    While(While),
    /// A call for its effects; what it reads and writes is unknown here.
    Call(Call),
    /// `return`.
    Return(Option<Handle<Expr>>, Span),
    /// `break` of the innermost loop.
    Break(Span),
    /// `continue` of the innermost loop.
    Continue(Span),
    /// All threads of the block meet here.
    Barrier,
    /// Text the IR does not model, with the reason. It may read and write anything that its function can reach.
    Verbatim(Span, Box<Refusal>),
}

impl Stmt {
    /// Returns where the statement stands in the source.
    pub fn span(&self) -> Span {
        match self {
            Self::Compute(compute) => compute.span,
            Self::For(each) => each.span,
            Self::If(branch) => branch.span,
            Self::While(each) => each.span,
            Self::Call(call) => call.span,
            Self::Declare(_, span)
            | Self::Return(_, span)
            | Self::Break(span)
            | Self::Continue(span)
            | Self::Verbatim(span, _) => *span,
            Self::Let(..) | Self::Barrier => Span::default(),
        }
    }
}

/// Number of a [`Compute`], unique in its function and kept by every rewrite: copies of a statement share it, and
/// dependences are stated between the instances of these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StmtId(pub u32);

impl fmt::Display for StmtId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

/// An assignment.
///
/// Which instance of the original statement runs is read off the original iterators: they stay in scope in every
/// rewritten tree, as loop iterators or by [`Stmt::Let`].
#[derive(Clone, Debug, PartialEq)]
pub struct Compute {
    /// Its number.
    pub id: StmtId,
    /// What is written; a scalar, pointer or structure place.
    pub target: Place,
    /// The value, of the target's type.
    pub value: Handle<Expr>,
    /// The whole assignment in the source.
    pub span: Span,
    /// The written place in the source.
    pub target_span: Span,
}

/// A counted loop: `for (iterator = start; iterator < end; iterator += step)`, or `>` where `step` is negative.
///
/// `end` is evaluated before every iteration, as in C, and does not read the iterator; whether it changes is for
/// analysis to say.
/// The body never assigns the iterator, and nothing else can: it is a local or a parameter whose address is not taken.
/// An iterator that the loop does not declare holds, after the loop, the value that failed the test.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// Unique in the function: the iterator's name, or with a suffix where it is used again.
    pub name: LoopName,
    /// The variable that counts.
    pub iterator: Handle<Var>,
    /// Whether the loop declares its iterator, which then does not exist outside.
    pub declares_iterator: bool,
    /// First value, of the iterator's type.
    pub start: Handle<Expr>,
    /// The first value beyond, compared in the type of this expression: of the iterator's type, wider, or `u64`.
    pub end: Handle<Expr>,
    /// Never 0.
    pub step: i64,
    /// Who runs the iterations.
    pub mapping: Mapping,
    /// One iteration.
    pub body: Block,
    /// The whole loop in the source.
    pub span: Span,
    /// From `for` to the closing parenthesis.
    pub header_span: Span,
}

/// Name of a loop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoopName(pub String);

impl fmt::Display for LoopName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who runs the iterations of a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mapping {
    /// One after another, in order.
    #[default]
    Sequential,
    /// Each by its own block of the grid.
    Block(Axis),
    /// Each by its own thread of the block.
    Thread(Axis),
    /// One after another, in order, as copies of the body: so many, with a loop around them and the rest behind, or as
    /// many as there are iterations.
    Unroll(Option<u16>),
    /// All at once: one access of a thread moves neighbouring elements between memory and registers.
    Vector,
    /// Dealt out to the lanes of the warp that runs the code around it, one by one.
    Lanes,
}

impl Mapping {
    /// Returns whether blocks or threads of a launch share out the iterations.
    pub fn is_parallel(self) -> bool {
        match self {
            Self::Sequential | Self::Unroll(_) | Self::Vector | Self::Lanes => false,
            Self::Block(_) | Self::Thread(_) => true,
        }
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequential => f.write_str("sequential"),
            Self::Block(axis) => write!(f, "block.{axis}"),
            Self::Thread(axis) => write!(f, "thread.{axis}"),
            Self::Unroll(None) => f.write_str("unroll"),
            Self::Unroll(Some(copies)) => write!(f, "unroll {copies}"),
            Self::Vector => f.write_str("vector"),
            Self::Lanes => f.write_str("lanes"),
        }
    }
}

/// An axis of the grid or of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Consecutive threads are neighbours.
    X,
    /// The second.
    Y,
    /// The third.
    Z,
}

impl Axis {
    /// The three, `X` first.
    pub const ALL: [Self; 3] = [Self::X, Self::Y, Self::Z];
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X => "x",
            Self::Y => "y",
            Self::Z => "z",
        })
    }
}

/// `if (condition) then else otherwise`.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// A scalar, true when not zero.
    pub condition: Handle<Expr>,
    /// When true.
    pub then: Block,
    /// When false; empty where C has no `else`.
    pub otherwise: Block,
    /// The whole statement.
    pub span: Span,
}

/// A loop without a counter.
#[derive(Clone, Debug, PartialEq)]
pub struct While {
    /// Unique among the function's loop names: `while`, `while.2`, …
    pub name: LoopName,
    /// Statements that run before each test: side effects of the condition, lowered; usually empty.
    pub before_test: Block,
    /// A scalar; the loop ends when it is zero.
    pub condition: Handle<Expr>,
    /// Whether the first iteration runs before the first test (`do … while`).
    pub is_do: bool,
    /// One iteration; `continue` goes to `after_body`.
    pub body: Block,
    /// The increment of a `for` that is not a counted loop; usually empty.
    pub after_body: Block,
    /// Why a `for` is not a counted loop; `None` for `while` and `do`.
    pub not_counted: Option<Box<Refusal>>,
    /// The whole loop.
    pub span: Span,
    /// The header: `for (…)`, `while (…)`, or the word `do`.
    pub header_span: Span,
}

/// A call statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Where the result goes, if anywhere.
    pub target: Option<Place>,
    /// Name of the called function; of one that only a pointer knows, the pointer's behind a star (`*f`), which no source can
    /// give a function.
    pub callee: String,
    /// Arguments, converted to the parameter types.
    pub arguments: Vec<Handle<Expr>>,
    /// The whole call.
    pub span: Span,
}

impl Call {
    /// Returns the name of a function that only a pointer knows.
    pub fn through(pointer: &str) -> String {
        format!("*{pointer}")
    }

    /// Returns whether only a pointer knows the function.
    pub fn is_through_pointer(&self) -> bool {
        self.callee.starts_with('*')
    }
}
