//! Walks one launch and adds up its work.
//!
//! One iteration stands for all of a loop: the first thread's of a mapped loop, the middle one of every other loop and
//! of blocks, so that triangular nests are counted at their average.
//! Both sides of a condition that depends on data count in full.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Arena, Block, Expr, ExprKind, Extent, Function, Handle, If, Loop, Mapping, Place, Projection,
    Record, Scalar, Space, Stmt, Type, Var, While,
};

use super::evaluate::Values;
use super::hardware::Hardware;
use super::traffic::{self, Binder};

/// What one launch does, all threads together where nothing else is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Work {
    /// Number of blocks.
    pub(super) blocks: f64,
    /// Number of threads in each.
    pub(super) threads_per_block: f64,
    /// Number of threads in each that make any request.
    pub(super) active_threads_per_block: f64,
    /// Bytes that device memory moves.
    pub(super) dram_bytes: f64,
    /// Bytes that warps ask the second-level cache for.
    pub(super) l2_bytes: f64,
    /// Bytes that passes over all banks of shared memory could give.
    pub(super) shared_bytes: f64,
    /// What one block keeps in shared memory.
    pub(super) shared_bytes_per_block: f64,
    /// `float` operations, idle lanes included.
    pub(super) f32_operations: f64,
    /// `double` operations, idle lanes included.
    pub(super) f64_operations: f64,
    /// Integer operations, idle lanes included.
    pub(super) integer_operations: f64,
    /// Loads and stores that one thread makes, one after another.
    pub(super) requests_per_thread: f64,
}

/// What the statements of a region stand in, and what is assumed of it.
pub(super) struct Region<'a> {
    pub(super) records: &'a Arena<Record>,
    pub(super) function: &'a Function,
    /// The value of every integer that is not known.
    pub(super) typical: i64,
    pub(super) hardware: &'a Hardware,
}

/// Returns the work of one statement of a region, half-way through the loops of the host around it.
pub(super) fn work<'a>(of: &Region<'a>, host: &[&'a Loop], statement: &'a Stmt) -> Work {
    let mut walker = Walker::new(of, host, std::slice::from_ref(statement));
    walker.statement(statement);
    walker.finish()
}

/// Returns how often a loop of the host runs, half-way through those around it.
pub(super) fn trips<'a>(of: &Region<'a>, host: &[&'a Loop], each: &'a Loop) -> f64 {
    let walker = Walker::new(of, host, &[]);
    let start = walker.values.integer(each.start);
    walker.trips(each, start).max(0) as f64
}

/// Finds the variables that live in registers, and the scalars whose value is computed.
fn collect(
    block: &[Stmt],
    local: &mut BTreeSet<Handle<Var>>,
    computed: &mut BTreeSet<Handle<Var>>,
) {
    for statement in block {
        match statement {
            Stmt::Compute(compute) if compute.target.path.is_empty() => {
                computed.insert(compute.target.var);
            }
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                local.insert(*var);
            }
            Stmt::For(each) => collect(&each.body, local, computed),
            Stmt::If(branch) => {
                collect(&branch.then, local, computed);
                collect(&branch.otherwise, local, computed);
            }
            Stmt::While(each) => {
                for block in [&each.before_test, &each.body, &each.after_body] {
                    collect(block, local, computed);
                }
            }
            Stmt::Call(call) => computed.extend(call.target.iter().map(|target| target.var)),
            Stmt::Compute(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}

struct Walker<'a> {
    function: &'a Function,
    hardware: &'a Hardware,
    local: BTreeSet<Handle<Var>>,
    values: Values<'a>,
    /// What surrounds the statement at hand, outermost first.
    chain: Vec<Binder<'a>>,
    blocks: f64,
    threads: f64,
    /// How often each thread runs the statement at hand.
    repeats: f64,
    /// Bytes touched at least once, by variable; reads and writes apart.
    footprints: BTreeMap<(Handle<Var>, bool), f64>,
    work: Work,
}

impl<'a> Walker<'a> {
    fn new(of: &Region<'a>, host: &[&'a Loop], statements: &[Stmt]) -> Self {
        let mut local = BTreeSet::new();
        let mut computed = BTreeSet::new();
        collect(statements, &mut local, &mut computed);
        let mut walker = Self {
            function: of.function,
            hardware: of.hardware,
            local,
            values: Values::new(of.records, of.function, &computed, of.typical),
            chain: Vec::new(),
            blocks: 1.0,
            threads: 1.0,
            repeats: 1.0,
            footprints: BTreeMap::new(),
            work: Work {
                blocks: 1.0,
                threads_per_block: 1.0,
                ..Work::default()
            },
        };
        for each in host {
            let start = walker.values.integer(each.start);
            let trips = walker.trips(each, start).max(0);
            let value =
                start.and_then(|start| start.checked_add((trips / 2).checked_mul(each.step)?));
            walker.values.set(each.iterator, value);
        }
        walker
    }

    fn finish(mut self) -> Work {
        let touched: f64 = self.footprints.values().sum();
        // What fits in the cache is fetched once; the rest is fetched as often as it is asked for.
        self.work.dram_bytes = if touched <= self.hardware.l2_bytes {
            touched
        } else {
            touched.max(self.work.l2_bytes)
        };
        self.work
    }

    fn block(&mut self, block: &'a Block) {
        let outside = self.chain.len();
        for statement in block {
            self.statement(statement);
        }
        // Names bound by `Let` end with their block.
        self.chain.truncate(outside);
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Compute(compute) => {
                self.expression(compute.value);
                self.access(&compute.target, true);
            }
            Stmt::Let(var, value) => {
                self.values.set(*var, self.values.integer(*value));
                self.chain.push(Binder::Let(*var, *value));
            }
            Stmt::For(each) => self.counted(each),
            Stmt::If(branch) => self.branch(branch),
            Stmt::While(each) => self.uncounted(each),
            Stmt::Call(call) => self.expressions(&call.arguments),
            Stmt::Return(value, _) => self.expressions(value.as_slice()),
            Stmt::Declare(var, _) => {
                let declared = &self.function.vars[*var];
                if declared.space == Space::Shared {
                    self.work.shared_bytes_per_block += array_bytes(&declared.ty);
                }
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Barrier | Stmt::Verbatim(..) => {}
        }
    }

    fn counted(&mut self, each: &'a Loop) {
        let start = self.values.integer(each.start);
        let trips = self.trips(each, start);
        if trips <= 0 {
            return;
        }
        let at = match each.mapping {
            Mapping::Thread(_) => 0,
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Block(_) => trips / 2,
        };
        let saved = (self.blocks, self.threads, self.repeats);
        match each.mapping {
            Mapping::Sequential | Mapping::Unroll(_) => self.repeats *= trips as f64,
            Mapping::Block(_) => self.blocks *= trips as f64,
            Mapping::Thread(_) => self.threads *= trips as f64,
        }
        self.work.blocks = self.work.blocks.max(self.blocks);
        self.work.threads_per_block = self.work.threads_per_block.max(self.threads);
        let binder = Binder::Loop {
            each,
            start: start.unwrap_or(0),
            trips,
            at,
        };
        self.values.set(each.iterator, binder.iterator_value());
        self.chain.push(binder);
        self.block(&each.body);
        self.chain.pop();
        (self.blocks, self.threads, self.repeats) = saved;
    }

    fn trips(&self, each: &Loop, start: Option<i64>) -> i64 {
        let counted = || {
            let distance = self.values.integer(each.end)?.checked_sub(start?)?;
            let (distance, step) = if each.step < 0 {
                (distance.checked_neg()?, each.step.checked_neg()?)
            } else {
                (distance, each.step)
            };
            Some(if distance <= 0 {
                0
            } else {
                (distance - 1) / step.max(1) + 1
            })
        };
        counted().unwrap_or(self.values.typical())
    }

    fn branch(&mut self, branch: &'a If) {
        self.expression(branch.condition);
        for (block, truth) in [(&branch.then, true), (&branch.otherwise, false)] {
            self.chain.push(Binder::Condition(branch.condition, truth));
            self.block(block);
            self.chain.pop();
        }
    }

    fn uncounted(&mut self, each: &'a While) {
        let saved = self.repeats;
        self.repeats *= self.values.typical() as f64;
        self.block(&each.before_test);
        self.expression(each.condition);
        self.block(&each.body);
        self.block(&each.after_body);
        self.repeats = saved;
    }

    fn expressions(&mut self, exprs: &[Handle<Expr>]) {
        for expr in exprs {
            self.expression(*expr);
        }
    }

    fn expression(&mut self, expr: Handle<Expr>) {
        match &self.function.exprs[expr].kind {
            ExprKind::Load(place) => self.access(place, false),
            ExprKind::Unary(_, operand) => {
                self.operation(expr);
                self.expression(*operand);
            }
            ExprKind::Binary(_, left, right) => {
                self.operation(expr);
                self.expression(*left);
                self.expression(*right);
            }
            ExprKind::Cast(inner) => {
                self.operation(expr);
                self.expression(*inner);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                for part in [condition, then, otherwise] {
                    self.expression(*part);
                }
            }
            ExprKind::Call(_, arguments) => {
                for _ in 0..OPERATIONS_OF_A_CALL {
                    self.operation(expr);
                }
                self.expressions(arguments);
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }

    fn operation(&mut self, expr: Handle<Expr>) {
        let warps = (self.threads / self.hardware.warp).ceil();
        let operations = self.blocks * warps * self.hardware.warp * self.repeats;
        match self.function.exprs[expr].ty.scalar() {
            Some(Scalar::F32) => self.work.f32_operations += operations,
            Some(Scalar::F64) => self.work.f64_operations += operations,
            Some(
                Scalar::Bool
                | Scalar::I8
                | Scalar::U8
                | Scalar::I16
                | Scalar::U16
                | Scalar::I32
                | Scalar::U32
                | Scalar::I64
                | Scalar::U64,
            )
            | None => self.work.integer_operations += operations,
        }
    }

    fn access(&mut self, place: &Place, is_write: bool) {
        for step in &place.path {
            if let Projection::Index(index) = step {
                self.subscript(*index);
            }
        }
        if place.path.is_empty() {
            return;
        }
        if self.function.vars[place.var].space == Space::Shared {
            let size = self.values.place_bytes(place).unwrap_or(8);
            let passes = traffic::passes(&self.values, &self.chain, place, size, self.hardware);
            let bytes = (traffic::BANKS * traffic::BANK_BYTES) as f64;
            self.work.shared_bytes += self.blocks * self.repeats * passes * bytes;
            return;
        }
        if self.local.contains(&place.var) {
            return;
        }
        let size = self
            .values
            .place_bytes(place)
            .map_or(8.0, |bytes| bytes as f64);
        let request = traffic::request(&self.values, &self.chain, place, self.hardware);
        let executions = self.blocks * self.repeats;
        self.work.l2_bytes += executions * request.sectors * self.hardware.sector_bytes;
        if request.threads > 0.0 {
            self.work.requests_per_thread += self.repeats;
        }
        self.work.active_threads_per_block =
            self.work.active_threads_per_block.max(request.threads);
        let share = request.threads / self.threads;
        let touched =
            share * traffic::bytes_touched(&self.values, &self.chain, place, size, self.hardware);
        let footprint = self.footprints.entry((place.var, is_write)).or_default();
        *footprint = footprint.max(touched);
    }

    /// Counts the loads inside a subscript; its arithmetic is part of the address.
    fn subscript(&mut self, expr: Handle<Expr>) {
        match &self.function.exprs[expr].kind {
            ExprKind::Load(place) => self.access(place, false),
            ExprKind::Unary(_, inner) | ExprKind::Cast(inner) => self.subscript(*inner),
            ExprKind::Binary(_, left, right) => {
                self.subscript(*left);
                self.subscript(*right);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                for part in [condition, then, otherwise] {
                    self.subscript(*part);
                }
            }
            ExprKind::Call(..)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }
}

/// Returns the size of an array of numbers of fixed lengths.
fn array_bytes(ty: &Type) -> f64 {
    match ty {
        Type::Scalar(scalar) => scalar.size_bytes() as f64,
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => array_bytes(of) * *length as f64,
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => 0.0,
    }
}

/// What a function of the mathematical library costs: of the order of its published instruction counts.
const OPERATIONS_OF_A_CALL: usize = 20;
