//! The one intermediate representation of mupac, and the data that its stages hand to one another.
//!
//! A [`Module`] is a C file: functions as trees of statements over typed arenas, and everything else as verbatim spans.
//! Every C type and implicit conversion is explicit.
//! Sequential and mapped code are the same tree: a [`Loop`] carries its [`Mapping`], a [`Var`] its [`Space`].
//! This crate also owns what passes between later stages: [`Refusal`], [`Trajectory`], [`Plan`] and [`Unit`].
//!
//! It does no input or output and knows neither clang nor CUDA; it contains no `unsafe`.

pub mod advance;
pub mod arena;
pub mod asked;
pub mod atomic;
pub mod bits;
pub mod buffer;
pub mod builtin;
pub mod c_text;
pub mod closed;
pub mod comparison;
pub mod expr;
pub mod fold;
pub mod function;
pub mod generate;
pub mod gpu_result;
pub mod guard;
pub mod hash;
pub mod inspection;
pub mod interpret;
pub mod module;
pub mod mutant;
pub mod parallel;
pub mod parse;
pub mod plan;
pub mod plan_text;
pub mod prefix;
pub mod print;
pub mod random;
pub mod reason;
mod reordered;
pub mod residency;
mod same;
pub mod span;
pub mod stmt;
pub mod structure;
mod system;
mod text;
pub mod trajectory;
pub mod types;
pub mod unit;
pub mod vector;
pub mod verify;
pub mod views;
pub mod warp;

pub use arena::{Arena, Handle};
pub use buffer::{Buffer, Planes, Rows};
pub use comparison::Comparison;
pub use expr::{
    ASSERTION_FAILED, BLOCK_LENGTH, BinaryOp, Expr, ExprKind, GREATEST, IS_THERE, NOT_NEGATIVE,
    ONE_ROW, PLANE_SPACING, Place, Projection, ROW_SPACING, ROW_SPACING_IF_THERE, UnaryOp,
};
pub use function::{Function, Promise, Space, Storage, TextOrder, Var};
pub use gpu_result::{GpuDevice, GpuResult, GpuVerdict, Measured, Size};
pub use guard::{Counts, Guard, Read, Separation};
pub use inspection::{Apart, Inspection};
pub use module::{
    Edit, Fold, Global, Item, MAIN_RESULT, Module, NamedConstant, NamedLength, PLACE_NAME,
    RENAMING, TextBlock, TextStatement,
};
pub use mutant::{Change, Equivalence, Mutant, MutantKind, Mutants};
pub use plan::{
    Contraction, Fetched, HostIf, HostLoop, HostOp, KernelParameter, KernelPlan, LaneJoin,
    LoopOutcome, Memory, Origins, Plan, Reduction, ReductionOperator, RegionPlan, SplitSum,
    Verdict,
};
pub use reason::{DependenceKind, Reason, Refusal, Witness};
pub use residency::{
    Coherence, HostReads, HostTurn, InspectedReads, Locals, Meeting, Residency, ResidencyFlaw,
    Stay, Stretch, Touched, Turn, Watch,
};
pub use span::{Part, Source, Span, file_literal};
pub use stmt::{Axis, Block, Call, Compute, If, Loop, LoopName, Mapping, Stmt, StmtId, While};
pub use trajectory::{Move, Trajectory};
pub use types::{Extent, Field, Precision, Record, Scalar, Type};
pub use unit::{
    CPart, Definitions, Entry, Member, Mistake, Mutation, Outlined, Parameter, ParameterKind,
    Passing, Relaxed, Scaling, StandIn, StoredNumber, Taken, Unit,
};
pub use vector::VectorCopy;
