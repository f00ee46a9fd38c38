//! What analysis proved about a region: the input of the judge, of every step and of the cost model.
//!
//! Facts are computed once, on the region as written, and shared by every state that is reached from it.
//! All sets and maps live in one isl context.
//! A statement instance is `S3[i, j]`: the tuple's name is the [`Event`], its dimensions are the values of the
//! *original* iterators around the statement inside the region, outermost first.
//! Isl parameters are named `v<index>` after the handle of the variable they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    Apart, Compute, Contraction, DependenceKind, Expr, Extent, Fetched, Function, Handle, LoopName,
    Move, Origins, Place, ReductionOperator, Refusal, Scalar, Span, Stmt, StmtId, Var,
};

use crate::symbol::Stride;
use crate::{isl, region};

/// A stretch of one function that may become kernels.
#[derive(Clone, Debug)]
pub struct Region {
    /// Function and line of the first loop: `saxpy:3`; the second on that line is `saxpy:3.2`.
    pub name: String,
    /// The function, in the module.
    pub of: Handle<Function>,
    /// The function as analysis read it: pointers that the region computes are subscripts, and the normal form may
    /// have written its statements otherwise. Variables and expressions of the module's function keep their handles.
    pub function: Arc<Function>,
    /// Whether it was normalised.
    pub is_normal: bool,
    /// Whether its loops that count in other words, and those of the functions it calls, were written as counted loops.
    pub is_counted: bool,
    /// The statements in the module's function.
    pub written: Range<usize>,
    /// Which statements: positions of nested blocks from the function's body to the block that holds them.
    pub path: Vec<BlockStep>,
    /// The statements, by position in that block; loops, and what stands between them.
    pub statements: Range<usize>,
    /// The source text they cover.
    pub span: Span,
    /// What is proved of them.
    pub facts: Facts,
    /// What the host assigns at last, in this order: values that variables have after the text and that the statements
    /// as analysed do not leave in them.
    pub last_values: Vec<Compute>,
    /// The statements that stand in place of calls, each with the one that it is a copy of.
    pub origins: Origins,
    /// Loops of the program over blocks that are gone, and the loops whose blocks they went over.
    pub blocks: BTreeMap<LoopName, LoopName>,
    /// Whether kernels may contract products.
    pub contraction: Contraction,
    /// Whether the text may do more than the statements as analysed where a guard fails: end by an assertion, or run what only the
    /// host can run.
    pub does_more: bool,
}

impl Region {
    /// Returns the statements as analysed.
    pub fn body(&self) -> &[Stmt] {
        region::statements(&self.function, &self.path, &self.statements)
    }
}

/// One step from a block into a block of one of its statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockStep {
    /// The body of the loop at this position.
    Body(usize),
    /// The `then` block of the `if` at this position.
    Then(usize),
    /// The `else` block of the `if` at this position.
    Otherwise(usize),
}

/// What is proved of a region.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Integer scalars that nothing in the region changes, used in bounds, conditions or subscripts.
    pub parameters: Vec<Handle<Var>>,
    /// What is known of the parameters wherever the guards hold: their type ranges and every one of `conditions`.
    pub context: isl::Set,
    /// What C alone guarantees of the parameters: the ranges of their types.
    pub ranges: isl::Set,
    /// What the guards must establish beyond `ranges`, in the order they are to be tested.
    pub conditions: Vec<Condition>,
    /// What the guards must establish besides, of which no other proof makes use.
    pub tests: Vec<Test>,
    /// Every assignment of the region, and every decision.
    pub events: BTreeMap<Event, EventFacts>,
    /// Every pair of instances whose order matters, between original instances in original order.
    pub dependences: Vec<Dependence>,
    /// Statements whose writes commute with one another, each to be one indivisible action.
    pub updates: BTreeMap<StmtId, Update>,
    /// For each loop of the region, why its iterations cannot run in any order; no entry: they can.
    pub carried: BTreeMap<LoopName, Vec<Refusal>>,
    /// Memory outside the region that the region touches.
    pub footprints: Vec<Footprint>,
    /// What the host must find out by running over the iterations, in the order in which it can: one pass may read what
    /// an earlier one has bounded.
    pub inspections: Vec<Inspected>,
    /// Values that iterations only contribute to, by index as [`Dependence::reduction`] names them.
    pub reductions: Vec<Reduction>,
    /// Variables written in the region of which iterations have a copy each, and the number of loops of the region around
    /// the statements that share one: declared there, or written before they are read.
    pub private: BTreeMap<Handle<Var>, usize>,
    /// Variables of the host that the region reads by value and does not write (parameters included): scalars, and
    /// structures that stand for themselves.
    pub inputs: Vec<Handle<Var>>,
    /// Pairs of arrays, at least one of them written, that may share memory: a guard must show that they do not.
    pub may_alias: Vec<(Handle<Var>, Handle<Var>)>,
    /// Pairs among them that may also be one array: no element is read under one name after it was written under the other.
    pub may_be_same: Vec<(Handle<Var>, Handle<Var>)>,
    /// A written array, and what the region relies on and the array may contain: an input, the pointer another array is
    /// reached by, or a value in memory.
    pub may_contain: Vec<(Handle<Var>, mupac_ir::Read)>,
    /// Values in memory that nothing in the region changes, each a variable of the region's function.
    pub fetched: Vec<Fetched>,
    /// Those of them that the host can read only where loops run: how many, from the outermost on.
    pub late: BTreeMap<Handle<Var>, usize>,
    /// Iterators of the host's loops whose values after the region may be read.
    pub left_behind: BTreeSet<Handle<Var>>,
    /// Moves without which no loop could run in parallel; every plan starts with them.
    pub opening: Vec<Move>,
}

impl Facts {
    /// Returns the variables that nothing in the region changes.
    pub fn unchanged(&self) -> BTreeSet<Handle<Var>> {
        self.parameters
            .iter()
            .chain(&self.inputs)
            .copied()
            .collect()
    }
}

/// Something that the proof needs and a guard tests.
#[derive(Clone, Debug)]
pub struct Condition {
    /// For the report, see [`mupac_ir::Guard::Holds`]: `wide-value` (a parameter of 64 bits stays within
    /// [`crate::affine::WIDE`]), `divisor`, `no-wrap`, `shape`, `loop-runs`.
    pub kind: &'static str,
    /// The parameter values for which it holds.
    pub holds: isl::Set,
}

/// A condition that a guard tests as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// For the report: `alignment` (a distance in bytes is a whole number of elements).
    pub kind: &'static str,
    /// A truth value over variables that the region does not change, computed without overflow.
    pub condition: Handle<Expr>,
}

/// What touches memory, once for each value of the iterators around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// An assignment.
    Assignment(StmtId),
    /// Finding out where the program goes on.
    Decision(Decision),
}

impl Event {
    /// Returns the assignment that it is.
    pub fn assignment(self) -> Option<StmtId> {
        match self {
            Self::Assignment(id) => Some(id),
            Self::Decision(_) => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assignment(id) => id.fmt(f),
            Self::Decision(decision) => write!(f, "D{}", decision.number),
        }
    }
}

/// The evaluation of what an `if`, a `while` or a counted loop goes by: its condition, or its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// Unique in the region.
    pub number: usize,
    /// The condition; the end of a counted loop.
    pub condition: Handle<Expr>,
}

impl Decision {
    /// Returns the expression by which a statement decides, if it is one that does.
    pub(crate) fn condition_of(stmt: &Stmt) -> Option<Handle<Expr>> {
        match stmt {
            Stmt::If(branch) => Some(branch.condition),
            Stmt::While(each) => Some(each.condition),
            Stmt::For(each) => Some(each.end),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        }
    }
}

/// What is proved of one assignment or decision.
#[derive(Clone, Debug)]
pub struct EventFacts {
    /// The original iterators around it, outermost first.
    pub iterators: Vec<Handle<Var>>,
    /// The names of the loops that own them.
    pub loops: Vec<LoopName>,
    /// Its instances; a superset where a condition depends on data.
    pub domain: isl::Set,
}

/// Instances of two events whose order matters.
#[derive(Clone, Debug)]
pub struct Dependence {
    /// The earlier event.
    pub source: Event,
    /// The later event.
    pub sink: Event,
    /// Which of the two writes.
    pub kind: DependenceKind,
    /// The array or scalar they share.
    pub array: Handle<Var>,
    /// From instances of `source` to instances of `sink`.
    pub relation: isl::Map,
    /// Dependences of one number have the same relation, but for the names of their events.
    pub form: usize,
    /// The reduction that the two instances contribute to: they may run in any order, each exactly once, if what runs
    /// them at the same time does not share the target.
    pub reduction: Option<usize>,
    /// Whether both instances are the same kind of update, which may run in any order, or at the same time.
    pub is_update: bool,
    /// The earlier access in the source.
    pub source_span: Span,
    /// The later access in the source.
    pub sink_span: Span,
    /// For each access its subscripts as a map from instances, to name the element of a witness; empty: a scalar.
    pub element: isl::Map,
}

/// A value that statements contribute to by one associative and commutative operator, and that nothing in the loop
/// around them, its scope, reads or writes otherwise.
///
/// No loop outside the scope may run in any order, so every nest that holds a statement lies in the scope.
///
/// Sums and products of integers are so modulo a power of two; of floating-point numbers, they are taken to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduction {
    /// How contributions are joined.
    pub joining: Joining,
    /// The variable or element; its subscripts are the same for every iteration of the scope.
    pub target: Place,
    /// What parts of it are named after: the variable, or its member (`s_x`).
    pub name: String,
    /// The type of the target.
    pub ty: Scalar,
    /// The statements.
    pub statements: BTreeSet<StmtId>,
    /// The loops of the region around the scope, outermost first.
    pub outside: Vec<LoopName>,
    /// The first of them in the source.
    pub span: Span,
    /// Where iterations look at what those before them have contributed: the scope. What touches the target in different iterations
    /// of it keeps its order, unless it is mapped so that a scan can stand for that order; nothing else in it is joined.
    pub scan: Option<LoopName>,
    /// Whether each execution of the scope starts with what joins nothing, and nobody looks at the target behind it.
    pub starts_anew: bool,
    /// Whether the target is memory, which stays as it is where nothing is joined: an element, a member, or a variable that stands
    /// for one.
    pub is_in_memory: bool,
}

/// In which order sums and other reductions of floating-point numbers are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FloatOrder {
    /// As the program says; what would need another order stays as it is.
    Source,
    /// In a fixed order that depends on sizes alone; a NaN that the program would compare is taken for absent,
    /// and of zeros that are least or greatest either may be found.
    #[default]
    Reassociate,
    /// The same, and sums into elements that data choose as threads come to them, in each run in another order.
    Unordered,
}

/// How a statement changes an element of which nobody else sees the values between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Joins an integer to it.
    Join(ReductionOperator),
    /// Stores the value that every other such statement stores.
    Set,
}

/// How a statement joins a contribution to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The operator.
    pub operator: ReductionOperator,
    /// The function of the C library that computes it, if one does: `fmax`.
    pub call: Option<String>,
    /// Whether a contribution takes the place of a NaN, as in `m > x ? m : x`, where no comparison with it holds.
    pub replaces_nan: bool,
}

/// A subscript of an array, by the steps that lead to it: the number of a member, `None` for a subscript.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noted {
    /// The array or pointer.
    pub array: Handle<Var>,
    /// None for the outermost subscript.
    pub steps: Vec<Option<u32>>,
}

/// A pass of the host that a proof relies on; see [`mupac_ir::Inspection`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The subscript that it notes.
    pub noted: Noted,
    /// The loops of the region that it repeats.
    pub loops: BTreeSet<LoopName>,
    /// Whether it adds products of floating-point numbers: kernels have to round them alike.
    pub rounds: bool,
    /// The number of elements of the dimension, where none may be negative or reach that.
    pub below: Option<Extent>,
    /// Whether it decides what is copied of the array.
    pub decides_range: bool,
    /// Whether iterations must not meet.
    pub apart: Apart,
    /// Whether a later pass reads the array while it is not yet known that the region writes nothing that this pass
    /// depends on: the range must then be shown to be memory that can be read.
    pub is_read_early: bool,
}

/// Whether the values that an array holds before a region count: the region may read them, or they are to stay in part of the
/// rows that are copied back.
#[derive(Clone, Debug)]
pub enum Initial {
    /// They may.
    Counts,
    /// They do where the parameters are in this set alone, which says so wherever the region touches the array at all.
    CountsWhere(isl::Set),
    /// Every element of the hull, whole rows included, is certainly written before it is read.
    IsOverwritten,
}

/// The part of an array that the region touches, as one range of its outermost subscript.
///
/// An array that is subscripted by sums of products, `a[i * m + j]`, is seen as one of several dimensions: the element
/// of subscripts `[i, j]` is `i * m + j`, the sum of each times its stride.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one range"
)]
pub struct Footprint {
    /// The array or pointer.
    pub array: Handle<Var>,
    /// The set of subscripts touched, unnamed, with one dimension for each stride; its hull is copied.
    pub touched: isl::Set,
    /// The strides, outermost first; the last one is 1.
    pub strides: Vec<Stride>,
    /// Whether elements lie in the order of their subscripts, so that the first and the last of these are the hull;
    /// where not, least and greatest value of each subscript bound it.
    pub is_ordered: bool,
    /// Whether the original certainly touches both ends of the hull, or the whole array is declared with that length: a
    /// copy then stays inside one object. Otherwise a guard must show that the bytes can be copied.
    pub is_inside: bool,
    /// Whether an inspection decides the range, of which `touched` then says nothing.
    pub is_inspected: bool,
    /// The number of subscripts from 0 on that hold all that it can touch, whatever the parameters: of what is only read, and
    /// where it is known.
    pub most: Option<u64>,
    /// Whether the region may write it.
    pub is_written: bool,
    /// Whether what it holds before the region counts.
    pub initial: Initial,
    /// Whether the values that the region leaves in it may be read later.
    pub is_live: bool,
    /// Whether only reductions touch it, whose targets stay on the host.
    pub is_reduced: bool,
    /// Whether it stands for rows that are objects of their own: of its two subscripts the first one says which.
    pub is_joined: bool,
    /// Whether the original certainly touches each of these rows, and none before its first element: of what a copy of the
    /// same columns of each holds, only what stands behind the end of a row belongs to others.
    pub has_each_row: bool,
}
