//! Cuts a mapped region into what the host does and what one thread of a kernel does.
//!
//! The judge has the first word; then this module decides guards, copies, parameters and launch shape, so that the
//! back end decides nothing.

mod body;
pub(crate) mod chain;
mod guards;
pub(crate) mod index;
mod memory;
mod parameters;

use std::collections::BTreeSet;

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Function, Handle, HostOp, KernelPlan, Loop, Mapping, Reason,
    Refusal, RegionPlan, Scalar, Span, Var,
};

use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{Conditions, Tree, illegal, place};
use crate::state::{Settings, State};
use crate::{build, region, trip};

use chain::Chain;

/// What lowering reads.
pub(crate) struct Context<'a> {
    pub(crate) state: &'a State,
    /// The region as written.
    pub(crate) original: Tree<'a>,
    /// The region as mapped.
    pub(crate) tree: Tree<'a>,
    pub(crate) facts: &'a Facts,
    /// Scalars that nothing in the region changes.
    pub(crate) parameters: &'a BTreeSet<Handle<Var>>,
    pub(crate) conditions: &'a Conditions,
    pub(crate) chain: &'a Chain<'a>,
    pub(crate) device: &'a Device,
}

/// Makes the plan of a mapped state; see [`State::finish`].
pub(crate) fn finish(
    state: &State,
    settings: &Settings,
    device: &Device,
) -> Result<RegionPlan, Refusal> {
    let conditions = state.judge()?;
    chain::check(state, device)?;
    let chain = chain::cut(state.statements())?;
    let at = place(state.statements());
    if !state.is_complete() {
        return Err(illegal("no loop is mapped to threads", at));
    }
    let facts = state.facts();
    let parameters = facts.unchanged();
    let context = Context {
        state,
        original: state
            .original()
            .ok_or_else(|| illegal("the region has no function", at))?,
        tree: Tree {
            function: state.function(),
            statements: state.statements(),
        },
        facts,
        parameters: &parameters,
        conditions: &conditions,
        chain: &chain,
        device,
    };
    let mut function = state.function().clone();
    let (buffers, by_array) = memory::buffers(&context, &mut function)?;
    let work = Work::of(&context, &mut function);
    work.check(settings, at)?;
    let guards = guards::guards(&context, &mut function, &by_array, &work, settings)?;
    let (body, mapping) = body::body(&context, &mut function)?;
    let passed = parameters::parameters(&context, &function, &body, &buffers, &by_array)?;
    let (grid, block) = shape(&context, &mut function)?;
    let region = state.region();
    let mut kernels = Arena::default();
    let kernel = kernels.push(KernelPlan {
        name: kernel_name(state),
        span: region.span,
        parameters: passed,
        grid,
        block,
        body,
        mapping,
    });
    Ok(RegionPlan {
        name: region.name.clone(),
        of: region.of,
        function,
        replaces: region.span,
        guards,
        host: memory::host(context.facts, &buffers, &by_array, HostOp::Launch(kernel)),
        buffers,
        kernels,
        trajectory: state.trajectory().clone(),
    })
}

/// Returns `saxpy_l3` for region `saxpy:3`, or with a number behind where the file uses that name.
fn kernel_name(state: &State) -> String {
    let base = state.region().name.replace(':', "_l");
    let text = &state.workload().module.source.text;
    let is_taken = |name: &str| text.contains(name);
    if !is_taken(&base) {
        return base;
    }
    (2..u32::MAX)
        .map(|number| format!("{base}_{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or(base)
}

/// The number of parallel iterations.
pub(crate) struct Work {
    /// As an `f64`.
    pub(crate) expr: Handle<Expr>,
    /// If it is known now.
    pub(crate) constant: Option<i128>,
}

impl Work {
    /// Multiplies the trip counts of the loops of the program that blocks and threads run.
    fn of(context: &Context<'_>, function: &mut Function) -> Self {
        let mut factors = Vec::new();
        for shared in parallel(context.original, context.tree) {
            if let Some(count) = trip::short_count(function, shared.each, context.parameters) {
                factors.push(count);
            }
        }
        let (known, unknown): (Vec<_>, Vec<_>) = factors
            .into_iter()
            .partition(|factor| build::constant(function, *factor).is_some());
        let known = known.iter().try_fold(1_i128, |product, factor| {
            product.checked_mul(build::constant(function, *factor)?)
        });
        let constant = known.filter(|_| unknown.is_empty());
        let mut product = function.expr(ExprKind::Float(known.unwrap_or(1) as f64), Scalar::F64);
        for (position, factor) in unknown.into_iter().enumerate() {
            let factor = function.expr(ExprKind::Cast(factor), Scalar::F64);
            product = if position == 0 && known == Some(1) {
                factor
            } else {
                let kind = ExprKind::Binary(BinaryOp::Multiply, product, factor);
                function.expr(kind, Scalar::F64)
            };
        }
        Self {
            expr: product,
            constant,
        }
    }

    fn check(&self, settings: &Settings, at: Span) -> Result<(), Refusal> {
        match self.constant {
            Some(iterations) if iterations < i128::from(settings.cpu_threshold) => {
                let reason = Reason::TooSmall {
                    iterations: iterations.max(0),
                    threshold: settings.cpu_threshold,
                };
                Err(Refusal::new(reason, at))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A loop of the program whose iterations blocks and threads share out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared<'a> {
    /// The loop as written.
    pub(crate) each: &'a Loop,
    /// How many neighbouring iterations one thread runs.
    pub(crate) chunk: u128,
}

/// Returns the loops of the program whose iterations blocks and threads share out, from the outside.
pub(crate) fn parallel<'a>(original: Tree<'a>, rewritten: Tree<'_>) -> Vec<Shared<'a>> {
    let mapped: Vec<_> = region::loops(rewritten.statements)
        .into_iter()
        .filter(|each| each.mapping.is_parallel())
        .collect();
    let made_from = original.function.vars.len();
    region::loops(original.statements)
        .into_iter()
        .filter_map(|each| {
            let chunks = mapped
                .iter()
                .filter_map(|mapped| index::chunk(rewritten, made_from, each, mapped));
            Some(Shared {
                each,
                chunk: chunks.min()?,
            })
        })
        .collect()
}

type Shape = ([Handle<Expr>; 3], [u32; 3]);

/// Returns grid and block.
fn shape(context: &Context<'_>, function: &mut Function) -> Result<Shape, Refusal> {
    let one = build::int(function, 1, Scalar::I64);
    let (mut grid, mut block) = ([one; 3], [1; 3]);
    for each in context.chain.loops() {
        match each.mapping {
            Mapping::Block(axis) => {
                grid[axis as usize] = trip::short_count(function, each, context.parameters)
                    .ok_or_else(|| illegal("a mapped loop cannot be counted", each.span))?;
            }
            Mapping::Thread(axis) => {
                block[axis as usize] = chain::extent(context.state, each, axis, context.device)?;
            }
            Mapping::Sequential => {}
        }
    }
    Ok((grid, block))
}
