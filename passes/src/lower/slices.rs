//! Slices of arrays to which the blocks of a launch add: memory for them, and the kernels before and after the launch.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Axis, BinaryOp, Block, Buffer, Compute, Expr, ExprKind, Function, Guard, Handle, If,
    KernelPlan, Loop, LoopName, Mapping, Place, Projection, Reason, ReductionOperator, Refusal,
    Scalar, Space, Span, SplitSum, Stmt, StmtId, Var,
};

use super::body::declarations_removed;
use super::parameters::{self, Given};
use super::{Context, Memory};
use crate::facts::FloatOrder;
use crate::judge::{illegal, place, slices};
use crate::state::Settings;
use crate::{build, region, trip};

/// Threads of a block of the kernels before and after.
const THREADS: u32 = 256;

/// The slices of an array, and what they need beside the launch that adds to them.
pub(super) struct Split {
    pub(super) sum: SplitSum,
    /// The numbers of all slices are few enough.
    pub(super) guard: Option<Guard>,
    /// What sets all numbers to zero, runs before.
    pub(super) clear: KernelPlan,
    /// What adds the numbers to the array's elements, runs after.
    pub(super) join: KernelPlan,
}

/// Puts slices in the place of each array that has some, in the body of the kernel that adds to it.
///
/// **Errors**: `order-dependent-float` where the user wants the order of the program; `illegal-step` where it depends on the
/// launch how many slices there are.
pub(super) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    memory: &mut Memory<'_>,
    settings: &Settings,
) -> Result<Vec<Split>, Refusal> {
    let statements = context.nest.statements;
    let found = slices(context.tree().function, statements);
    declarations_removed(function, body, |space| matches!(space, Space::Slices(_)));
    let at = place(statements);
    let mut splits = Vec::new();
    for (var, array) in found {
        let builder = Builder::new(context, function, memory, (var, array));
        let builder = builder.ok_or_else(|| illegal("slices of no array of numbers", at))?;
        if builder.number.is_float() && settings.float_order == FloatOrder::Source {
            let operator = ReductionOperator::Sum.name().to_owned();
            return Err(Refusal::new(Reason::OrderDependentFloat { operator }, at));
        }
        builder.redirect(function, body);
        function.vars[var].space = Space::Host;
        let sum = SplitSum {
            statements: adding(context, array),
            slices: memory.buffers.push(builder.buffer(function)),
        };
        memory.by_array.insert(var, sum.slices);
        splits.push(Split {
            guard: builder.guard(function, context.region.device.max_slice_numbers),
            clear: builder.clear(context, function, memory)?,
            join: builder.join(context, function, memory)?,
            sum,
        });
    }
    Ok(splits)
}

/// Returns the statements of the program that add to an array in a nest which the judge has accepted slices for; some of them
/// add to registers by now.
fn adding(context: &Context<'_>, array: Handle<Var>) -> BTreeSet<StmtId> {
    let mut found = BTreeSet::new();
    region::each(context.region.state.original().statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && compute.target.var == array
        {
            found.insert(compute.id);
        }
    });
    let here = region::numbers(context.nest.statements);
    found.intersection(&here).copied().collect()
}

/// Builds what the slices of one array need.
struct Builder {
    slices: Handle<Var>,
    array: Handle<Var>,
    number: Scalar,
    /// The least subscript of the array that the region touches.
    first: Handle<Expr>,
    /// The lengths of the array's rows, rows of rows first.
    rows: Vec<Handle<Expr>>,
    /// How many numbers a slice has.
    length: Handle<Expr>,
    /// How many slices there are.
    count: Handle<Expr>,
    /// Which of them a block adds to.
    own: Handle<Expr>,
    all: Handle<Expr>,
    span: Span,
    names: [String; 2],
}

impl Builder {
    fn new(
        context: &Context<'_>,
        function: &mut Function,
        memory: &Memory<'_>,
        (slices, array): (Handle<Var>, Handle<Var>),
    ) -> Option<Self> {
        let buffer = &memory.buffers[*memory.by_array.get(&array)?];
        let number = buffer.element.innermost().scalar()?;
        let (first, mut length) = (buffer.first, buffer.count);
        let rows = build::row_lengths(function, &buffer.element)?;
        for row in &rows {
            length = build::binary(function, BinaryOp::Multiply, length, *row);
        }
        let outermost = context.nest.chain.loops().next()?;
        let Mapping::Block(axis) = outermost.mapping else {
            return None;
        };
        let conditions = Some(context.region.conditions);
        let count = trip::short_count(function, outermost, &context.known, conditions)?;
        let name = |var: Handle<Var>| function.vars[var].name.clone();
        Some(Self {
            slices,
            array,
            number,
            first,
            rows,
            length,
            count,
            names: [name(slices), name(array)],
            own: function.expr(ExprKind::BlockIndex(axis), Scalar::I64),
            all: build::binary(function, BinaryOp::Multiply, count, length),
            span: super::span(context),
        })
    }

    /// Returns the buffer of all slices.
    fn buffer(&self, function: &mut Function) -> Buffer {
        Buffer {
            array: self.slices,
            element: self.number.into(),
            first: build::int(function, 0, Scalar::I64),
            count: self.all,
            is_written: true,
            may_exceed: false,
            rows: None,
            is_resident: false,
        }
    }

    /// Returns that there are not too many numbers; `None` where that is known.
    fn guard(&self, function: &mut Function, most: u64) -> Option<Guard> {
        let most = build::int(function, most.into(), Scalar::I64);
        let condition = build::binary(function, BinaryOp::LessEqual, self.all, most);
        let is_known = build::constant(function, condition) == Some(1);
        (!is_known).then_some(Guard::Holds {
            condition,
            kind: "slice-limit",
        })
    }

    /// Puts the number of the block's slice in the place of every element.
    fn redirect(&self, function: &mut Function, block: &mut Block) {
        for stmt in block {
            for expr in mupac_ir::structure::expressions_mut(stmt) {
                *expr = build::replaced(function, *expr, &mut |function, node| {
                    let ExprKind::Load(place) = &node.kind else {
                        return None;
                    };
                    let own = self.own_number(function, place)?;
                    Some(function.expr(ExprKind::Load(own), self.number))
                });
            }
            if let Stmt::Compute(compute) = stmt
                && let Some(own) = self.own_number(function, &compute.target)
            {
                compute.target = own;
            }
            for inner in region::blocks_mut(stmt) {
                self.redirect(function, inner);
            }
        }
    }

    /// Returns the number of the block's slice that stands for an element; `None` for a place of another array.
    fn own_number(&self, function: &mut Function, place: &Place) -> Option<Place> {
        if place.var != self.array {
            return None;
        }
        let mut indices = mupac_ir::structure::indices(place);
        let first = build::convert(function, indices.next()?, Scalar::I64);
        let mut at = build::binary(function, BinaryOp::Subtract, first, self.first);
        for (index, row) in indices.zip(&self.rows) {
            let index = build::convert(function, index, Scalar::I64);
            at = build::binary(function, BinaryOp::Multiply, at, *row);
            at = build::binary(function, BinaryOp::Add, at, index);
        }
        let start = build::binary(function, BinaryOp::Multiply, self.own, self.length);
        let at = build::binary(function, BinaryOp::Add, start, at);
        Some(element(self.slices, at))
    }

    /// Returns the kernel that sets every number to zero.
    fn clear(
        &self,
        context: &Context<'_>,
        function: &mut Function,
        memory: &Memory<'_>,
    ) -> Result<KernelPlan, Refusal> {
        let id = region::next_number(&[&function.body]);
        let make = |own: &Self, function: &mut Function, at| {
            let zero = build::zero(function, own.number);
            vec![assign(id, element(own.slices, at), zero)]
        };
        let phrase = format!("sets {} to zero", self.names[0]);
        self.kernel(context, function, memory, (self.all, "clear", phrase), make)
    }

    /// Returns the kernel that adds the numbers of all slices to each element that has some.
    fn join(
        &self,
        context: &Context<'_>,
        function: &mut Function,
        memory: &Memory<'_>,
    ) -> Result<KernelPlan, Refusal> {
        let [slices, array] = &self.names;
        let phrase = format!("adds up {slices} for each element of {array}");
        let work = (self.length, "join", phrase);
        self.kernel(context, function, memory, work, Self::joined)
    }

    /// Returns what adds the numbers of an element up, and to the element if they are not zero: it may be one of those that the
    /// program does not touch.
    fn joined(&self, function: &mut Function, at: Handle<Expr>) -> Block {
        let [slices, array] = &self.names;
        let id = region::next_number(&[&function.body]);
        let sum = Var::local(function.fresh_name(&format!("{array}.sum")), self.number);
        let sum = function.vars.push(sum);
        let name = function.fresh_name(&format!("{slices}.of"));
        let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
        let slice = function.load(iterator);
        let start = build::binary(function, BinaryOp::Multiply, slice, self.length);
        let number = build::binary(function, BinaryOp::Add, start, at);
        let number = element(self.slices, number);
        let zero = build::zero(function, self.number);
        let add = self.add(function, id, Place::var(sum), ExprKind::Load(number));
        let total = function.load(sum);
        let differs = ExprKind::Binary(BinaryOp::NotEqual, total, zero);
        let place = self.place(function, at);
        let each = Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start: build::int(function, 0, Scalar::I64),
            end: self.count,
            step: 1,
            mapping: Mapping::Sequential,
            body: vec![add],
            span: Span::default(),
            header_span: Span::default(),
        };
        vec![
            Stmt::Declare(sum, Span::default()),
            assign(StmtId(id.0 + 1), Place::var(sum), zero),
            Stmt::For(each),
            Stmt::If(If {
                condition: function.expr(differs, Scalar::I32),
                then: vec![self.add(
                    function,
                    StmtId(id.0 + 2),
                    place,
                    ExprKind::Load(Place::var(sum)),
                )],
                otherwise: Block::new(),
                span: Span::default(),
            }),
        ]
    }

    fn add(&self, function: &mut Function, id: StmtId, to: Place, term: ExprKind) -> Stmt {
        let before = function.expr(ExprKind::Load(to.clone()), self.number);
        let term = function.expr(term, self.number);
        let sum = ExprKind::Binary(BinaryOp::Add, before, term);
        let sum = function.expr(sum, self.number);
        assign(id, to, sum)
    }

    /// Returns the element of the array for which the numbers at a place of each slice are.
    fn place(&self, function: &mut Function, at: Handle<Expr>) -> Place {
        let (mut rest, mut indices) = (at, Vec::new());
        for row in self.rows.iter().rev() {
            indices.push(build::binary(function, BinaryOp::Remainder, rest, *row));
            rest = build::binary(function, BinaryOp::Divide, rest, *row);
        }
        indices.push(build::binary(function, BinaryOp::Add, rest, self.first));
        let path = indices.into_iter().rev().map(Projection::Index).collect();
        Place {
            var: self.array,
            path,
        }
    }

    /// Returns a kernel that does something for each number from zero on, so many: a thread for each.
    fn kernel(
        &self,
        context: &Context<'_>,
        function: &mut Function,
        memory: &Memory<'_>,
        (count, suffix, phrase): (Handle<Expr>, &str, String),
        make: impl Fn(&Self, &mut Function, Handle<Expr>) -> Block,
    ) -> Result<KernelPlan, Refusal> {
        let name = function.fresh_name(&format!("{}.at", self.names[0]));
        let at = function.vars.push(Var::local(name, Scalar::I64));
        let block = function.expr(ExprKind::BlockIndex(Axis::X), Scalar::I64);
        let thread = function.expr(ExprKind::ThreadIndex(Axis::X), Scalar::I64);
        let start = build::scale(function, THREADS.into(), block);
        let number = build::binary(function, BinaryOp::Add, start, thread);
        let load = function.load(at);
        let then = make(self, function, load);
        let body = vec![
            Stmt::Let(at, number),
            Stmt::If(If {
                condition: build::binary(function, BinaryOp::Less, load, count),
                then,
                otherwise: Block::new(),
                span: Span::default(),
            }),
        ];
        let threads = build::int(function, THREADS.into(), Scalar::I64);
        let one = build::int(function, 1, Scalar::I64);
        let blocks = build::binary(function, BinaryOp::CeilDivide, count, threads);
        let module = &context.region.state.workload().module;
        let about = (&module.records, self.span);
        let given = Given {
            buffers: memory.buffers,
            by_array: memory.by_array,
            by_value: &BTreeMap::new(),
        };
        Ok(KernelPlan {
            name: super::kernel_name(context.region.state, self.span, Some(suffix)),
            span: self.span,
            parameters: parameters::parameters(about, function, &body, given, &[])?,
            grid: [blocks, one, one],
            block: [THREADS, 1, 1],
            body,
            reductions: Vec::new(),
            mapping: vec![phrase],
            drops_half: false,
        })
    }
}

fn element(var: Handle<Var>, at: Handle<Expr>) -> Place {
    Place {
        var,
        path: vec![Projection::Index(at)],
    }
}

pub(super) fn assign(id: StmtId, target: Place, value: Handle<Expr>) -> Stmt {
    Stmt::Compute(Compute {
        id,
        target,
        value,
        span: Span::default(),
        target_span: Span::default(),
    })
}
