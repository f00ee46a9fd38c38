//! Counters of kernels in `int`, wherever their bounds show that it holds them.
//!
//! Steps count in 64 bits, since what they make may exceed the program's own counters on the way. Types, constants and the
//! shape of the launch bound most of what they count, and then the kernel says it as a person would:
//! `const int i_tile = blockIdx.y`. An operator becomes one of 32 bits where its result has the same value there; sums of
//! several terms lose their parentheses where no partial sum can overflow.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”: at most 2^31 - 1 blocks along `x` and 65,535 along `y`
//! and `z`.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::{declarations, each_operand_mut, expressions_mut, variables};
use mupac_ir::{
    Arena, BinaryOp, Block, Expr, ExprKind, Function, Handle, HostOp, Inspection, KernelParameter,
    KernelPlan, Loop, Mapping, Scalar, Stmt, Type, Var,
};

use crate::interval::{Interval, Intervals, Launch, hull};
use crate::{build, region};

/// The most blocks along each axis.
const MOST_BLOCKS: [i128; 3] = [i32::MAX as i128, 65_535, 65_535];

/// Gives counters of kernels that passes made, from a variable on, 32 bits, but for what the host declares as well.
pub(super) fn narrow(
    function: &mut Function,
    made_from: usize,
    kernels: &mut Arena<KernelPlan>,
    (host, inspections): (&[HostOp], &Arena<Inspection>),
) {
    let handles: Vec<_> = kernels.iter().map(|(handle, _)| handle).collect();
    let mut counters = BTreeMap::new();
    let mut unbounded = named_elsewhere(function, kernels, host, inspections);
    let mut long = BTreeSet::new();
    for handle in &handles {
        let kernel = &kernels[*handle];
        let mut walk = Walk {
            launch: launch(function, kernel, &BTreeMap::new()),
            function,
            bounds: &mut counters,
            unbounded: &mut unbounded,
            long: &mut long,
        };
        walk.block(&kernel.body);
    }
    // What one place says of a variable says nothing of another one that has it as well.
    counters.retain(|var, _| !unbounded.contains(var));
    let fits: Vec<_> = counters
        .iter()
        .filter(|(var, bounds)| {
            let is_made = var.index() >= made_from;
            let is_long = function.vars[**var].ty == Type::Scalar(Scalar::I64);
            is_made && is_long && !long.contains(var) && is_int(**bounds)
        })
        .map(|(var, bounds)| (*var, *bounds))
        .collect();
    let mut narrowed = BTreeMap::new();
    for (wide, bounds) in fits {
        let var = instead(function, wide);
        counters.insert(var, bounds);
        narrowed.insert(wide, var);
    }
    for handle in handles {
        let kernel = &mut kernels[handle];
        let launch = launch(function, kernel, &counters);
        let mut narrow = Narrow {
            function,
            narrowed: &narrowed,
            launch,
        };
        narrow.block(&mut kernel.body);
    }
}

/// Appends a variable of 32 bits that takes the name of another one.
fn instead(function: &mut Function, wide: Handle<Var>) -> Handle<Var> {
    let mut narrow = function.vars[wide].clone();
    narrow.ty = Scalar::I32.into();
    let other = function.fresh_name(&narrow.name);
    function.vars[wide].name = other;
    function.vars.push(narrow)
}

/// Returns whether an expression has 64 bits and a sign.
fn is_wide(function: &Function, expr: Handle<Expr>) -> bool {
    function.exprs[expr].ty == Type::Scalar(Scalar::I64)
}

fn is_int(bounds: Interval) -> bool {
    i128::from(i32::MIN) <= bounds.0 && bounds.1 <= i128::from(i32::MAX)
}

/// Returns the variables that a kernel is passed or the host declares: these have the type that they have, and any value.
fn named_elsewhere(
    function: &Function,
    kernels: &Arena<KernelPlan>,
    host: &[HostOp],
    inspections: &Arena<Inspection>,
) -> BTreeSet<Handle<Var>> {
    let mut named = BTreeSet::new();
    for (_, kernel) in kernels.iter() {
        let values = kernel.parameters.iter().filter_map(|each| match each {
            KernelParameter::Value(var) => Some(*var),
            KernelParameter::Buffer(_)
            | KernelParameter::Constants(..)
            | KernelParameter::First(_) => None,
        });
        named.extend(values);
        let counts = kernel.grid.iter();
        named.extend(counts.flat_map(|count| variables(function, *count)));
    }
    HostOp::each(host, &mut |action| match action {
        HostOp::Loop(each) => drop(named.insert(each.header.iterator)),
        HostOp::Declare(var, _) => drop(named.insert(*var)),
        HostOp::Compute(compute) => drop(named.insert(compute.target.var)),
        HostOp::If(_)
        | HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Join(_) => {}
    });
    for (_, inspection) in inspections.iter() {
        named.extend(declarations(&inspection.body));
    }
    named
}

fn launch(
    function: &Function,
    kernel: &KernelPlan,
    counters: &BTreeMap<Handle<Var>, Interval>,
) -> Launch {
    let mut launch = Launch {
        counters: counters.clone(),
        last_block: MOST_BLOCKS.map(|most| most - 1),
        last_thread: kernel.block.map(|extent| i128::from(extent) - 1),
    };
    for (axis, most) in MOST_BLOCKS.into_iter().enumerate() {
        let count = Intervals::of_launch(function, &launch).value(kernel.grid[axis]);
        launch.last_block[axis] = count.map_or(most, |count| count.1.min(most)) - 1;
    }
    launch
}

/// Finds the bounds of the counters of a kernel.
struct Walk<'a> {
    function: &'a Function,
    /// With the bounds of what is in scope.
    launch: Launch,
    /// The bounds of each counter over all kernels and scopes.
    bounds: &'a mut BTreeMap<Handle<Var>, Interval>,
    /// What has any value somewhere.
    unbounded: &'a mut BTreeSet<Handle<Var>>,
    /// Counters that exceed `int` when their loop ends.
    long: &'a mut BTreeSet<Handle<Var>>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            match stmt {
                Stmt::Let(var, value) => {
                    let bounds = self.value(*value);
                    self.declare(*var, bounds);
                }
                Stmt::For(each) => self.counted(each),
                Stmt::Compute(compute) => self.declare(compute.target.var, None),
                Stmt::Call(call) => {
                    if let Some(place) = &call.target {
                        self.declare(place.var, None);
                    }
                }
                Stmt::Declare(var, _) => self.declare(*var, None),
                Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
            for inner in region::blocks(stmt) {
                self.block(inner);
            }
        }
    }

    fn value(&self, expr: Handle<Expr>) -> Option<Interval> {
        Intervals::of_launch(self.function, &self.launch).value(expr)
    }

    /// Notes what a loop counts; the counter has to hold the value that ends the loop as well.
    fn counted(&mut self, each: &Loop) {
        let bounds = self.value(each.start).zip(self.value(each.end));
        let is_plain = each.declares_iterator
            && each.step > 0
            && !matches!(each.mapping, Mapping::Vector | Mapping::Lanes)
            && self.function.exprs[each.end].ty == self.function.vars[each.iterator].ty;
        let within = bounds.filter(|_| is_plain).map(|(start, end)| {
            let last = end.1 - 1;
            if !is_int((start.0, start.1.max(last + i128::from(each.step)))) {
                self.long.insert(each.iterator);
            }
            (start.0, start.0.max(last))
        });
        self.declare(each.iterator, within);
    }

    fn declare(&mut self, var: Handle<Var>, bounds: Option<Interval>) {
        if let Some(bounds) = bounds {
            self.launch.counters.insert(var, bounds);
            let all = self.bounds.entry(var).or_insert(bounds);
            *all = hull(*all, bounds);
        } else {
            self.launch.counters.remove(&var);
            self.unbounded.insert(var);
        }
    }
}

/// Rewrites the expressions of a kernel.
struct Narrow<'a> {
    function: &'a mut Function,
    /// What takes the place of each counter.
    narrowed: &'a BTreeMap<Handle<Var>, Handle<Var>>,
    launch: Launch,
}

impl Narrow<'_> {
    fn block(&mut self, block: &mut Block) {
        for stmt in block {
            if let Stmt::Let(var, value) = stmt
                && let Some(narrow) = self.narrowed.get(var)
            {
                *var = *narrow;
                *value = self.int(*value);
            } else if let Stmt::For(each) = stmt
                && let Some(narrow) = self.narrowed.get(&each.iterator)
            {
                each.iterator = *narrow;
                each.start = self.int(each.start);
                // A wider bound is compared in its own type.
                let end = self.narrow(each.end);
                each.end = end.unwrap_or_else(|| self.rewritten(each.end));
            } else {
                for expr in expressions_mut(stmt) {
                    *expr = self.rewritten(*expr);
                }
            }
            for inner in region::blocks_mut(stmt) {
                self.block(inner);
            }
        }
    }

    fn bounds(&self, expr: Handle<Expr>) -> Option<Interval> {
        Intervals::of_launch(self.function, &self.launch).value(expr)
    }

    /// Returns the same value in `int`, which holds it.
    fn int(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        if let Some(narrow) = self.narrow(expr) {
            return narrow;
        }
        let wide = self.rewritten(expr);
        build::convert(self.function, wide, Scalar::I32)
    }

    /// Returns the same value computed in `int`; `None` where an operator needs more.
    fn narrow(&mut self, expr: Handle<Expr>) -> Option<Handle<Expr>> {
        let node = self.function.exprs[expr].clone();
        if !self.bounds(expr).is_some_and(is_int) {
            return None;
        }
        match &node.kind {
            ExprKind::Int(value) => Some(build::int(self.function, *value, Scalar::I32)),
            ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => {
                Some(self.function.expr(node.kind, Scalar::I32))
            }
            ExprKind::Load(place) => {
                if let Some(narrow) = self.narrowed.get(&place.var) {
                    return Some(self.function.load(*narrow));
                }
                let is_int = node.ty == Type::Scalar(Scalar::I32);
                is_int.then(|| self.rewritten(expr))
            }
            ExprKind::Cast(inner) => self.narrow_cast(expr, *inner),
            ExprKind::Binary(op, a, b) => {
                let is_exact = matches!(
                    op,
                    BinaryOp::Add
                        | BinaryOp::Subtract
                        | BinaryOp::Multiply
                        | BinaryOp::Divide
                        | BinaryOp::FloorDivide
                        | BinaryOp::CeilDivide
                        | BinaryOp::Remainder
                        | BinaryOp::Min
                        | BinaryOp::Max
                );
                if !is_exact || node.ty != Type::Scalar(Scalar::I64) {
                    return None;
                }
                let (a, b) = (self.narrow(*a)?, self.narrow(*b)?);
                Some(self.operator(*op, a, b))
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..) => None,
        }
    }

    /// Returns the value of a conversion, which `int` holds: what is converted, where that is the same value.
    fn narrow_cast(&mut self, expr: Handle<Expr>, inner: Handle<Expr>) -> Option<Handle<Expr>> {
        let range = |function: &Function, expr: Handle<Expr>| {
            let ty = function.exprs[expr].ty.scalar()?;
            ty.integer_range().map(|range| (ty, range))
        };
        let (_, all) = range(self.function, expr)?;
        let is_same = |bounds: Interval| all.0 <= bounds.0 && bounds.1 <= all.1;
        let same = range(self.function, inner).filter(|_| self.bounds(inner).is_some_and(is_same));
        match same {
            Some((Scalar::I64, _)) => self.narrow(inner),
            Some(_) => {
                let inner = self.rewritten(inner);
                Some(build::convert(self.function, inner, Scalar::I32))
            }
            None => {
                let value = self.rewritten(expr);
                Some(build::convert(self.function, value, Scalar::I32))
            }
        }
    }

    /// Returns an operator on two values of `int`, whose result `int` holds: a sum term by term, where that overflows nowhere.
    fn operator(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Handle<Expr> {
        if op == BinaryOp::Add
            && let ExprKind::Binary(BinaryOp::Add, first, second) = self.function.exprs[b].kind
            && let (Some(to), Some(by)) = (self.bounds(a), self.bounds(first))
            && is_int((to.0 + by.0, to.1 + by.1))
        {
            let sum = self.operator(op, a, first);
            return self.operator(op, sum, second);
        }
        build::binary(self.function, op, a, b)
    }

    /// Returns the same value, of the same type, with narrowed counters.
    fn rewritten(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        let variables = variables(self.function, expr);
        if !variables.iter().any(|var| self.narrowed.contains_key(var)) {
            return expr;
        }
        let node = self.function.exprs[expr].clone();
        let wide = |narrow: &Self, expr| is_wide(narrow.function, expr);
        if let ExprKind::Cast(inner) = node.kind
            && !wide(self, expr)
            && wide(self, inner)
            && let Some(narrow) = self.narrow(inner)
        {
            return self.converted(narrow, &node);
        }
        if let ExprKind::Binary(op, a, b) = node.kind
            && op.is_truth()
            && wide(self, a)
            && let Some((a, b)) = self.narrow(a).zip(self.narrow(b))
        {
            let kind = ExprKind::Binary(op, a, b);
            return self.function.exprs.push(Expr { kind, ..node });
        }
        if wide(self, expr)
            && let Some(narrow) = self.narrow(expr)
        {
            return self.function.expr(ExprKind::Cast(narrow), Scalar::I64);
        }
        let mut kind = node.kind.clone();
        each_operand_mut(&mut kind, &mut |operand| {
            *operand = self.rewritten(*operand);
        });
        let expr = self.function.exprs.push(Expr { kind, ..node });
        self.term_by_term(expr)
    }

    /// Returns an integer as the value of a conversion.
    fn converted(&mut self, narrow: Handle<Expr>, conversion: &Expr) -> Handle<Expr> {
        if conversion.ty == Type::Scalar(Scalar::I32) {
            return narrow;
        }
        let kind = ExprKind::Cast(narrow);
        self.function.exprs.push(Expr {
            kind,
            ..conversion.clone()
        })
    }

    /// Returns a sum of 64 bits to which the terms of another one are added one by one, where none is negative: no partial
    /// sum lies outside of the first and the last.
    fn term_by_term(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        if let ExprKind::Binary(BinaryOp::Add, a, b) = self.function.exprs[expr].kind
            && is_wide(self.function, expr)
            && let ExprKind::Cast(sum) = self.function.exprs[b].kind
            // One without a sign may wrap.
            && self.function.exprs[sum].ty == Type::Scalar(Scalar::I32)
            && let ExprKind::Binary(BinaryOp::Add, first, second) = self.function.exprs[sum].kind
            && [first, second]
                .iter()
                .all(|term| self.bounds(*term).is_some_and(|bounds| bounds.0 >= 0))
        {
            let first = build::convert(self.function, first, Scalar::I64);
            let second = build::convert(self.function, second, Scalar::I64);
            let first = build::binary(self.function, BinaryOp::Add, a, first);
            let first = self.term_by_term(first);
            return build::binary(self.function, BinaryOp::Add, first, second);
        }
        expr
    }
}
