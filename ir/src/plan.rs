//! The plan: every choice the back end needs, so that it decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::arena::{Arena, Handle};
use crate::asked::iterations;
use crate::buffer::Buffer;
use crate::expr::{Expr, Place};
use crate::function::{Function, Space, Var};
use crate::guard::Guard;
use crate::inspection::Inspection;
use crate::module::Module;
use crate::reason::Refusal;
use crate::residency::Residency;
use crate::span::Span;
use crate::stmt::{Block, Compute, Loop, LoopName, StmtId};
use crate::trajectory::Trajectory;
use crate::types::Type;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The file as read.
    pub module: Module,
    /// The regions that get kernels, in source order, without overlap.
    pub regions: Vec<RegionPlan>,
    /// Every loop of the file, in source order.
    pub loops: Vec<LoopOutcome>,
    /// Where arrays stay on the device from one region to the next.
    pub residency: Residency,
    /// The name, without an ending, of the files of which one stays C; `None`: all becomes one file of CUDA C++.
    pub split: Option<String>,
}

/// Statements that stand in place of calls, each with the function and the number of the one that it is a copy of.
pub type Origins = BTreeMap<StmtId, (Handle<Function>, StmtId)>;

/// What became of one loop of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopOutcome {
    /// The function it stands in.
    pub function: String,
    /// Its name in the IR.
    pub name: LoopName,
    /// The whole loop.
    pub span: Span,
    /// From `for` to the closing parenthesis.
    pub header_span: Span,
    /// Where its iterations run.
    pub verdict: Verdict,
    /// Why it is not parallel; empty when it is.
    pub reasons: Vec<Refusal>,
    /// Index into [`Plan::regions`] of the region that holds it.
    pub region: Option<usize>,
    /// The kernel that runs it or holds it.
    pub kernel: Option<String>,
}

impl LoopOutcome {
    /// Returns whether the loop is part of a kernel.
    pub fn is_device_code(&self) -> bool {
        self.kernel.is_some()
    }
}

/// Where the iterations of a loop run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// In parallel on the GPU.
    Parallel,
    /// One after another, on the host or inside a thread.
    Sequential,
    /// On the host although they could run in parallel: too few, or the user said so.
    Host,
    /// Nowhere by itself: every call of its function is part of the loops that make it.
    Inlined,
}

impl Verdict {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::Sequential => "sequential",
            Self::Host => "host",
            Self::Inlined => "inlined",
        }
    }
}

/// A stretch of source that is replaced by host operations and kernels.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionPlan {
    /// Function and line of the first loop: `saxpy:3`.
    pub name: String,
    /// Which function of the module it stands in.
    pub of: Handle<Function>,
    /// That function with the region rewritten; guards, buffers and kernels refer to its arenas.
    pub function: Function,
    /// The source text that the host operations take the place of.
    pub replaces: Span,
    /// Values in memory that have a variable each in `function`.
    pub fetched: Vec<Fetched>,
    /// Tested on the host in order before anything else; if one fails, the original text runs.
    pub guards: Vec<Guard>,
    /// What guards find out about subscripts that depend on data; buffers may be computed from it.
    pub inspections: Arena<Inspection>,
    /// Device copies of host memory, and the partial results of reductions.
    pub buffers: Arena<Buffer>,
    /// Values that many iterations contribute to.
    pub reductions: Arena<Reduction>,
    /// Elements of arrays whose sums are split among blocks.
    pub split_sums: Vec<SplitSum>,
    /// The statements whose floating-point sums atomic additions make, in any order.
    pub atomic_sums: BTreeSet<StmtId>,
    /// What the lanes of warps join.
    pub lane_joins: Vec<LaneJoin>,
    /// The kernels.
    pub kernels: Arena<KernelPlan>,
    /// What the host does, in order.
    pub host: Vec<HostOp>,
    /// What the host does where a guard fails; empty: the original text runs.
    ///
    /// It does what that text does, on memory that the host cannot touch: a kernel runs it in one thread.
    pub otherwise: Vec<HostOp>,
    /// Where a multiplication and an addition of floating-point numbers in a kernel may become one operation.
    pub contraction: Contraction,
    /// What kind of memory holds the device's copies.
    pub memory: Memory,
    /// A mistake: the host does not wait for kernels that write its own memory; only a [`Mutant`](crate::Mutant) has it.
    ///
    /// The interpreter's kernels end when they are launched: the back end alone makes the mistake.
    pub never_waits: bool,
    /// The statements of `function` that stand in place of calls.
    pub origins: Origins,
    /// How the region came to this form.
    pub trajectory: Trajectory,
}

/// Where a product and a sum may become one operation, with one rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contraction {
    /// Everywhere, if the user allows it.
    #[default]
    Allowed,
    /// In what decides neither which statements run nor which elements they touch: the host computes that, too.
    OutsideSubscripts,
    /// Nowhere: some value is computed twice, and has to be the same.
    Forbidden,
}

impl RegionPlan {
    /// Returns whether kernels work on memory of the device that a caller has.
    pub fn takes_device_memory(&self) -> bool {
        self.buffers.iter().any(|(_, buffer)| buffer.is_resident)
    }

    /// Returns the kernels that run where all guards hold.
    pub fn mapped_kernels(&self) -> impl Iterator<Item = (Handle<KernelPlan>, &KernelPlan)> {
        let kernels = self.kernels.iter();
        kernels.filter(|(_, kernel)| !self.is_alone(kernel))
    }

    /// Returns whether a kernel runs in one thread what the original text would, its pointers leading where they like.
    pub fn is_alone(&self, kernel: &KernelPlan) -> bool {
        let is_meant = |action: &HostOp| match action {
            HostOp::Launch(launched) => {
                let launched = self.kernels.get(*launched);
                launched.is_some_and(|each| each.name == kernel.name)
            }
            HostOp::Allocate(_)
            | HostOp::CopyIn(_)
            | HostOp::CopyOut(_)
            | HostOp::Join(_)
            | HostOp::Declare(..)
            | HostOp::Compute(_)
            | HostOp::Loop(_)
            | HostOp::If(_) => false,
        };
        self.otherwise.iter().any(is_meant)
    }

    /// Returns how many iterations each guard asks for that asks whether there is enough to do, in order.
    pub fn thresholds(&self) -> Vec<u64> {
        let asked = iterations(&self.guards);
        asked.map(|each| each.threshold).collect()
    }

    /// Has these guards ask for other numbers of iterations.
    pub fn set_thresholds(&mut self, thresholds: &[u64]) {
        let mut new = thresholds.iter();
        for guard in &mut self.guards {
            if let Guard::Worthwhile { threshold, .. } = guard
                && let Some(new) = new.next()
            {
                *threshold = *new;
            }
        }
    }

    /// Returns the buffers of which kernels are passed the elements by value.
    pub fn by_value(&self) -> BTreeSet<Handle<Buffer>> {
        let kernels = self.kernels.iter();
        let parameters = kernels.flat_map(|(_, kernel)| &kernel.parameters);
        let by_value = parameters.filter_map(|parameter| match parameter {
            KernelParameter::Constants(buffer, _) => Some(*buffer),
            KernelParameter::Buffer(_) | KernelParameter::Value(_) | KernelParameter::First(_) => {
                None
            }
        });
        by_value.collect()
    }

    /// Returns those of them that the device may have newer than the host: all but arrays of constants.
    pub fn fetched_by_value(&self) -> BTreeSet<Handle<Buffer>> {
        let mut found = self.by_value();
        found.retain(|buffer| {
            let var = &self.function.vars[self.buffers[*buffer].array];
            !(var.is_const && matches!(var.ty, Type::Array { .. }))
        });
        found
    }

    /// Returns whether a copy of a buffer may hold what the program does not touch, and nothing of it goes home: it may be part
    /// of a copy that outlives the region, but does not outlive it by itself.
    pub fn is_look(&self, buffer: Handle<Buffer>) -> bool {
        let each = &self.buffers[buffer];
        each.may_exceed && each.rows.is_none() && !each.is_written && !self.goes_home(buffer)
    }

    /// Returns whether a copy of a buffer may hold what lies behind the ends of rows and yet outlive the region: as long as it does
    /// each row is the object that it was, and whether a later region finds in it what it wants is told by where rows begin.
    pub fn may_rest_beyond_rows(&self, buffer: Handle<Buffer>) -> bool {
        let each = &self.buffers[buffer];
        let are_all_there = each.rows.is_some_and(|rows| rows.are_all_there);
        are_all_there && !each.is_written && !self.goes_home(buffer)
    }

    /// Returns whether a buffer is copied to the host.
    pub(crate) fn goes_home(&self, buffer: Handle<Buffer>) -> bool {
        HostOp::does(&self.host, &HostOp::CopyOut(buffer))
    }

    /// Returns the names of the arrays of some buffers, in the region's function.
    pub(crate) fn names(
        &self,
        which: impl Fn(Handle<Buffer>) -> bool,
    ) -> impl Iterator<Item = &str> {
        let buffers = self
            .buffers
            .iter()
            .filter(move |(buffer, _)| which(*buffer));
        buffers.map(|(_, buffer)| &*self.function.vars[buffer.array].name)
    }

    /// Returns whether a buffer is memory of the device alone, and no copy.
    pub fn is_scratch(&self, buffer: Handle<Buffer>) -> bool {
        let mut reductions = self.reductions.iter();
        reductions.any(|(_, each)| each.partials == buffer)
            || self.split_sums.iter().any(|each| each.slices == buffer)
            || self.function.vars[self.buffers[buffer].array].space == Space::Global
    }
}

/// What kind of memory holds the device's copies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Memory {
    /// The device's own.
    #[default]
    Explicit,
    /// Managed memory, whose pages move to the device when a kernel touches them and back when others need the room: the
    /// copies of a region may be larger than the device's memory.
    ///
    /// **Source**: CUDA C++ Programming Guide 13.0, “Unified Memory Programming”.
    Managed,
    /// What pointer parameters lead to is memory of the device already, which the caller fills and reads: kernels work on
    /// it where it is. All other arrays, locals, globals and what pointers in memory lead to, have copies as elsewhere.
    ///
    /// A function is called so as a whole or stays as it is: then nothing of it may have the host look behind its pointers,
    /// no guard, no size, no other statement, and nobody in its file may call it, or give it memory of the host.
    /// Guards on numbers and on addresses remain; where one fails, a kernel of one thread does what the text does, for
    /// the text could not ([`RegionPlan::otherwise`]).
    Device,
    /// The host's own, where the device sees it: kernels go through the host's pointers, the host waits for them before the
    /// region ends, and nothing is copied. Where the device does not see it, which is asked at run time, each region has
    /// copies as with [`Memory::Explicit`]; so guards ask for all that a copy needs.
    ///
    /// **Source**: CUDA C++ Programming Guide 13.0, “Unified Memory Programming”, “System-Allocated Memory”.
    System,
}

impl Memory {
    /// Returns whether every copy starts at a multiple of 256 bytes, or as far behind one as the plan says.
    ///
    /// **Source**: CUDA C++ Programming Guide 13.0, “Size and Alignment Requirement”: what the runtime's functions allocate
    /// does.
    pub fn starts_aligned(self) -> bool {
        match self {
            Self::Explicit | Self::Managed => true,
            // Of what callers have nothing is known.
            Self::Device | Self::System => false,
        }
    }
}

/// A value in memory as a variable of the region's function: where the host names the variable, it computes the value; kernels
/// receive it. A region may assign one that is a place, and the host then writes the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// The variable, which the source does not spell.
    pub variable: Handle<Var>,
    /// What it stands for: a load of a scalar in an array, in a structure or behind a pointer, whether a pointer is not
    /// null, or how far it is from another.
    pub value: Handle<Expr>,
}

/// A value that the iterations of a launch contribute to in no particular order, by an associative and commutative
/// operator.
///
/// Every thread joins what its iterations contribute to an `accumulator` of its own, in their order.
/// The threads of a block then join their accumulators in a tree: in rounds of `step = 2^k, …, 2, 1`, where `2^(k+1)` is
/// the least power of two that is not below the number of threads, thread `t < step` joins the accumulator of thread
/// `t + step`, if there is one; the number of a thread counts along `x` fastest.
/// Thread 0 stores the block's result in `partials`, at the number of its block.
/// At last the host joins the partial results to the target, in the order of the blocks, and so always in the same
/// order: the result depends on the launch's shape alone.
/// The host is the second level because the target lives there, and a copy must wait for the kernel anyway.
///
/// Where iterations look at what those before them have contributed, the second level is a scan: [`Reduction::scan`].
///
/// **Source**: Harris, “Optimizing Parallel Reduction in CUDA”, 2007; Higham, “Accuracy and Stability of Numerical
/// Algorithms”, 2002, §4.2 (the rounding error grows with the depth of the tree).
#[derive(Clone, Debug, PartialEq)]
pub struct Reduction {
    /// How contributions are joined.
    pub operator: ReductionOperator,
    /// What has the value before and after, on the host.
    pub target: Place,
    /// The statements of the program that contribute.
    pub statements: BTreeSet<StmtId>,
    /// What one thread has so far; of the type of the partial results.
    pub accumulator: Handle<Var>,
    /// What an accumulator starts with: a constant, or the value of `first`.
    pub start: Handle<Expr>,
    /// The variable in which kernels receive the value of the target before the launch, if they need it.
    pub first: Option<Handle<Var>>,
    /// Another accumulator, or a partial result, that is joined next.
    pub other: Handle<Var>,
    /// Joins `other` to the accumulator, on the device.
    pub join: Block,
    /// Joins `other` to the target, on the host; sets the target to `other` where this is a scan.
    pub finish: Block,
    /// One element for each block of the launch.
    pub partials: Handle<Buffer>,
    /// Where iterations look at what those before them have contributed: the value of the target before the launch, in the type of
    /// the partial results. The launch then only adds up; its join puts in the place of each partial result what comes before that
    /// block, so that a second launch of the same shape can tell each iteration what comes before it ([`crate::prefix`]).
    pub scan: Option<Handle<Expr>>,
}

/// A value to which the iterations of a loop contribute that the lanes of a warp share out: each lane joins what it finds, and
/// then all of them what the others have, in the order of a butterfly exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneJoin {
    /// How contributions are joined.
    pub operator: ReductionOperator,
    /// The statements of the program that contribute.
    pub statements: BTreeSet<StmtId>,
    /// What a lane has found.
    pub accumulator: Handle<Var>,
}

/// Elements of an array to which the blocks of a launch add, those of each slice to numbers of their own.
///
/// One kernel sets all numbers to zero, the launch adds to them, and a third kernel adds to every element its numbers, in the
/// order of the slices and so always in the same order: the result depends on sizes alone.
///
/// **Source**: Suriana, Adams, Kamil, “Parallel Associative Reductions in Halide”, CGO 2017 (`rfactor`); NVIDIA CUTLASS 3.5,
/// “Efficient GEMM in CUDA”, “Parallelized Reductions” (split-K across thread blocks).
#[derive(Clone, Debug, PartialEq)]
pub struct SplitSum {
    /// The statements of the program that add.
    pub statements: BTreeSet<StmtId>,
    /// The numbers of all slices, one slice behind the other.
    pub slices: Handle<Buffer>,
}

/// How a reduction joins values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReductionOperator {
    /// Their sum.
    Sum,
    /// Their product.
    Product,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// The bits that all have.
    BitAnd,
    /// The bits that one has.
    BitOr,
    /// The bits that an odd number has.
    BitXor,
}

impl ReductionOperator {
    /// Returns the word of comments and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::BitAnd => "bitwise and",
            Self::BitOr => "bitwise or",
            Self::BitXor => "bitwise exclusive or",
        }
    }
}

/// A kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelPlan {
    /// Unique in the file: `saxpy_l3`.
    pub name: String,
    /// The loops it runs, in the source.
    pub span: Span,
    /// In order: what the host passes.
    pub parameters: Vec<KernelParameter>,
    /// Number of blocks along x, y, z; `i64` expressions over scalars of the host.
    pub grid: [Handle<Expr>; 3],
    /// Number of threads of a block along x, y, z.
    pub block: [u32; 3],
    /// What one thread does; reads `BlockIndex` and `ThreadIndex`.
    pub body: Block,
    /// What the threads compute together, once each of them has run the body; the body then holds no `return`.
    pub reductions: Vec<Handle<Reduction>>,
    /// How loops are mapped, one phrase each: `i on block.x * 256 + thread.x`.
    pub mapping: Vec<String>,
    /// Whether half of the threads are left out of what they compute together; only a [`Mutant`](crate::Mutant) does that.
    ///
    /// The interpreter takes all of them: the back end alone makes the mistake.
    pub drops_half: bool,
}

/// What a kernel receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelParameter {
    /// The device copy of an array, addressed by the array's own subscripts.
    Buffer(Handle<Buffer>),
    /// The elements of an array as the host has them at the launch, by value: so many from subscript 0 on, of which those
    /// of the buffer are set; addressed by the array's own subscripts.
    Constants(Handle<Buffer>, u64),
    /// The value of a scalar variable.
    Value(Handle<Var>),
    /// The value of a reduction's target before the launch.
    First(Handle<Reduction>),
}

/// One action of the host.
#[derive(Clone, Debug, PartialEq)]
pub enum HostOp {
    /// Reserves device memory, released at the end of the region.
    Allocate(Handle<Buffer>),
    /// Copies host to device.
    CopyIn(Handle<Buffer>),
    /// Starts a kernel; everything before it has happened, everything after it waits for it.
    Launch(Handle<KernelPlan>),
    /// Copies device to host.
    CopyOut(Handle<Buffer>),
    /// Joins the partial results of the last launch to the target of a reduction.
    Join(Handle<Reduction>),
    /// Starts the lifetime of a scalar of the host; inside a loop each iteration has its own.
    Declare(Handle<Var>, Span),
    /// Assigns a scalar of the host.
    Compute(Compute),
    /// Repeats actions.
    Loop(HostLoop),
    /// Chooses between actions.
    If(HostIf),
}

/// A counted loop of the host around other actions.
#[derive(Clone, Debug, PartialEq)]
pub struct HostLoop {
    /// The loop, sequential and with an empty body.
    pub header: Loop,
    /// One iteration.
    pub body: Vec<HostOp>,
}

/// A condition of the host on other actions.
#[derive(Clone, Debug, PartialEq)]
pub struct HostIf {
    /// A scalar over scalars of the host, true when not zero.
    pub condition: Handle<Expr>,
    /// When true.
    pub then: Vec<HostOp>,
}

impl HostOp {
    /// Returns whether an action is among others or inside one of them.
    pub fn does(actions: &[Self], wanted: &Self) -> bool {
        let mut found = false;
        Self::each(actions, &mut |action| found |= action == wanted);
        found
    }

    /// Calls `see` for every action, each before those inside it.
    pub fn each<'a>(actions: &'a [Self], see: &mut dyn FnMut(&'a Self)) {
        for action in actions {
            see(action);
            match action {
                Self::Loop(each) => Self::each(&each.body, see),
                Self::If(branch) => Self::each(&branch.then, see),
                Self::Allocate(_)
                | Self::CopyIn(_)
                | Self::Launch(_)
                | Self::CopyOut(_)
                | Self::Join(_)
                | Self::Declare(..)
                | Self::Compute(_) => {}
            }
        }
    }
}
