//! Arrays that each iteration has for itself and that no thread can have: those of a length that is computed, since local
//! memory is laid out when a kernel is compiled, and those that are too long for it.
//!
//! All threads of a launch share one array in the device's memory, in which the elements of neighbouring threads lie side by
//! side, as those of local memory do.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Device Memory Accesses”, “Local Memory”.

use mupac_ir::{
    Arena, Axis, BinaryOp, Block, Buffer, Expr, ExprKind, Function, Guard, Handle, Place,
    Projection, Reason, Refusal, Scalar, Space, Span, Stmt, Type, Var,
};

use super::body::declarations_removed;
use super::chain::array_bytes;
use super::instances::is_known;
use super::launches::Launches;
use super::{Context, Judged, Memory, Shape};
use crate::analyse::names::lengths;
use crate::judge::{illegal, place, unsolved};
use crate::{build, isl, region};

/// The bytes of local memory that a thread may have.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”, “Amount of local memory per thread”.
const MOST_LOCAL_BYTES: u64 = 512 << 10;

/// Puts elements of shared arrays in the place of those of arrays that no thread can have, in the body of a kernel, and returns
/// the buffers of the former.
///
/// **Errors**: `unknown-extent` where the host cannot compute a length before the launch; `unsupported` where something else
/// than elements is named.
pub(super) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    memory: &mut Memory<'_>,
    shape: &Shape,
) -> Result<Vec<Workspace>, Refusal> {
    let arrays = declared(function, body);
    if arrays.is_empty() {
        return Ok(Vec::new());
    }
    let at = place(context.nest.statements);
    let threads = Threads::of(function, shape);
    let mut workspaces = Vec::new();
    for (array, span) in arrays {
        let unknown = || {
            let array = function.vars[array].name.clone();
            Refusal::new(Reason::UnknownExtent { array }, span)
        };
        let mut computed = lengths(&function.vars[array].ty).into_iter();
        let is_known = computed.all(|length| {
            let mut named = build::variables(function, length).into_iter();
            named.all(|var| context.known.contains(&var))
        });
        if !is_known || memory.by_array.contains_key(&array) {
            return Err(unknown());
        }
        let ty = function.vars[array].ty.clone();
        let lengths = build::row_lengths(function, &ty);
        let Some(lengths) = lengths else {
            return Err(illegal("an array of no length", at));
        };
        let shared = Shared {
            array,
            lengths,
            threads: &threads,
        };
        if !shared.redirect(function, body) {
            let name = &function.vars[array].name;
            let construct = format!("the address of a row of {name}");
            return Err(Refusal::new(Reason::Unsupported { construct }, span));
        }
        workspaces.push(shared.reserve(function, memory));
    }
    declarations_removed(function, body, |space| space == Space::Global);
    threads.name(body);
    Ok(workspaces)
}

/// An array that all threads of a launch share.
pub(super) struct Workspace {
    pub(super) buffer: Handle<Buffer>,
    /// How many elements it has, as factors.
    count: Vec<Handle<Expr>>,
}

impl Workspace {
    /// Has the shared array an element at least, and returns that it has few enough whatever the launch.
    ///
    /// What guards show is `known`.
    ///
    /// **Errors**: `unknown-extent` where it is not known when the region starts how many there are; `solver-limit`.
    pub(super) fn limit(
        &self,
        known: &isl::Set,
        launches: &Launches<'_>,
        function: &mut Function,
        buffers: &mut Arena<Buffer>,
    ) -> Result<Guard, Refusal> {
        let region = &launches.context.region;
        let at = place(launches.context.nest.statements);
        let mut count = build::int(function, 1, Scalar::I64);
        for factor in &self.count {
            let factor = at_least_one((region, known), function, *factor);
            let factor = factor.map_err(|error| unsolved(&error, at))?;
            count = build::binary(function, BinaryOp::Multiply, count, factor);
        }
        buffers[self.buffer].count = count;
        if launches.varies(function, count) {
            let greatest = launches.greatest(function, count);
            count = greatest.ok_or_else(|| {
                let array = function.vars[buffers[self.buffer].array].name.clone();
                Refusal::new(Reason::UnknownExtent { array }, at)
            })?;
        }
        let most = region.device.max_slice_numbers;
        let most = build::int(function, most.into(), Scalar::I64);
        Ok(Guard::Holds {
            condition: build::binary(function, BinaryOp::LessEqual, count, most),
            kind: "workspace-limit",
        })
    }
}

/// Returns the arrays that a body declares and no thread can have.
fn declared(function: &Function, body: &[Stmt]) -> Vec<(Handle<Var>, Span)> {
    let mut found = Vec::new();
    region::each(body, &mut |stmt| {
        if let Stmt::Declare(var, span) = stmt
            && let Var { ty, space, .. } = &function.vars[*var]
            && *space == Space::Host
            && (!lengths(ty).is_empty() || is_too_long(ty))
            && !found.contains(&(*var, *span))
        {
            found.push((*var, *span));
        }
    });
    found
}

fn is_too_long(ty: &Type) -> bool {
    matches!(ty.innermost(), Type::Scalar(_)) && array_bytes(ty) > MOST_LOCAL_BYTES
}

/// The threads of a launch.
struct Threads {
    /// How many there are, as factors.
    count: Vec<Handle<Expr>>,
    /// Names of their number and of that of the running one, with their values.
    names: [(Handle<Var>, Handle<Expr>); 2],
}

impl Threads {
    fn of(function: &mut Function, (grid, block): &Shape) -> Self {
        let blocks = [Axis::Z, Axis::Y, Axis::X].map(|axis| {
            let length = rounded_up(function, grid[axis as usize]);
            (ExprKind::BlockIndex(axis), length)
        });
        let threads = [Axis::Z, Axis::Y, Axis::X].map(|axis| {
            let length = build::int(function, block[axis as usize].into(), Scalar::I64);
            (ExprKind::ThreadIndex(axis), length)
        });
        let mut all = build::int(function, 1, Scalar::I64);
        let mut own = build::int(function, 0, Scalar::I64);
        let mut count = Vec::new();
        for (index, length) in blocks.into_iter().chain(threads) {
            if build::constant(function, length) == Some(1) {
                continue;
            }
            count.push(length);
            all = build::binary(function, BinaryOp::Multiply, all, length);
            own = build::binary(function, BinaryOp::Multiply, own, length);
            let index = function.expr(index, Scalar::I64);
            own = build::binary(function, BinaryOp::Add, own, index);
        }
        let mut name = |name: &str, value| {
            let name = function.fresh_name(name);
            (function.vars.push(Var::local(name, Scalar::I64)), value)
        };
        Self {
            count,
            names: [name("threads", all), name("thread", own)],
        }
    }

    /// Names the numbers at the start of a body.
    fn name(&self, body: &mut Block) {
        for (var, value) in self.names.iter().rev() {
            body.insert(0, Stmt::Let(*var, *value));
        }
    }
}

/// An array of which each thread has its own elements.
struct Shared<'a> {
    array: Handle<Var>,
    /// From the outermost dimension on.
    lengths: Vec<Handle<Expr>>,
    threads: &'a Threads,
}

impl Shared<'_> {
    /// Puts the running thread's elements in the place of all elements in a block; returns whether nothing else names the array.
    fn redirect(&self, function: &mut Function, block: &mut Block) -> bool {
        let mut is_whole = true;
        for stmt in block {
            for expr in mupac_ir::structure::expressions_mut(stmt) {
                *expr = self.value(function, *expr, &mut is_whole);
            }
            if let Stmt::Compute(compute) = stmt {
                self.place(function, &mut compute.target, &mut is_whole);
            }
            for inner in region::blocks_mut(stmt) {
                is_whole &= self.redirect(function, inner);
            }
        }
        is_whole
    }

    fn value(
        &self,
        function: &mut Function,
        expr: Handle<Expr>,
        is_whole: &mut bool,
    ) -> Handle<Expr> {
        build::replaced(function, expr, &mut |function, node| match &node.kind {
            ExprKind::Load(place) if place.var == self.array => {
                let mut own = place.clone();
                for step in &mut own.path {
                    if let Projection::Index(index) = step {
                        *index = self.value(function, *index, is_whole);
                    }
                }
                self.place(function, &mut own, is_whole);
                Some(function.expr(ExprKind::Load(own), node.ty.clone()))
            }
            ExprKind::Address(place) if place.var == self.array => {
                *is_whole = false;
                None
            }
            ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        })
    }

    /// Makes the element of one array that of the other.
    fn place(&self, function: &mut Function, place: &mut Place, is_whole: &mut bool) {
        if place.var != self.array {
            return;
        }
        let mut at = build::int(function, 0, Scalar::I64);
        let mut path = std::mem::take(&mut place.path).into_iter();
        for length in &self.lengths {
            let Some(Projection::Index(index)) = path.next() else {
                *is_whole = false;
                return;
            };
            let index = build::convert(function, index, Scalar::I64);
            at = build::binary(function, BinaryOp::Multiply, at, *length);
            at = build::binary(function, BinaryOp::Add, at, index);
        }
        let [threads, own] = self.threads.names.map(|(var, _)| function.load(var));
        at = build::binary(function, BinaryOp::Multiply, at, threads);
        at = build::binary(function, BinaryOp::Add, at, own);
        place.path = [Projection::Index(at)].into_iter().chain(path).collect();
    }

    /// Adds the buffer of the shared array.
    fn reserve(&self, function: &mut Function, memory: &mut Memory<'_>) -> Workspace {
        let lengths = self.lengths.iter().copied();
        let count: Vec<_> = lengths.chain(self.threads.count.iter().copied()).collect();
        let element = function.vars[self.array].ty.innermost().clone();
        let array = &mut function.vars[self.array];
        array.space = Space::Global;
        array.ty = element.clone().pointer(false);
        let none = build::int(function, 0, Scalar::I64);
        let buffer = memory.buffers.push(Buffer {
            array: self.array,
            element,
            first: none,
            count: none,
            is_written: true,
            may_exceed: false,
            rows: None,
            is_resident: false,
        });
        memory.by_array.insert(self.array, buffer);
        Workspace { buffer, count }
    }
}

/// Writes a number of blocks as a quotient of numbers that are not negative: nothing is launched where it is none.
fn rounded_up(function: &mut Function, blocks: Handle<Expr>) -> Handle<Expr> {
    let ExprKind::Binary(BinaryOp::CeilDivide, all, of) = function.exprs[blocks].kind else {
        return blocks;
    };
    let Some(size) = build::constant(function, of) else {
        return blocks;
    };
    let missing = build::int(function, size - 1, Scalar::I64);
    let all = build::binary(function, BinaryOp::Add, all, missing);
    build::binary(function, BinaryOp::Divide, all, of)
}

/// Returns a number, or one where guards do not show that it is positive; of a quotient, that its dividend is as large as the
/// divisor.
fn at_least_one(
    (region, known): (&Judged<'_>, &isl::Set),
    function: &mut Function,
    number: Handle<Expr>,
) -> Result<Handle<Expr>, isl::Error> {
    let (of, least) =
        if let ExprKind::Binary(BinaryOp::Divide, all, by) = function.exprs[number].kind {
            (all, build::constant(function, by))
        } else {
            (number, Some(1))
        };
    // The solver is asked for sums of variables.
    let mut has_quotient = false;
    build::visit(function, of, &mut |_, node| {
        has_quotient |= build::is_quotient(&node.kind);
    });
    if let Some(least) = least
        && !has_quotient
        && is_known((region, known), function, of, &format!(">= {least}"))?
    {
        return Ok(number);
    }
    let one = build::int(function, 1, Scalar::I64);
    Ok(build::binary(function, BinaryOp::Max, number, one))
}
