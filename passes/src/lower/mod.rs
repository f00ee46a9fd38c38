//! Cuts a mapped region into what the host does and what one thread of a kernel does.
//!
//! The judge has the first word; then this module decides guards, copies, parameters and launch shape, so that the
//! back end decides nothing.

mod accesses;
mod alone;
mod body;
pub(crate) mod chain;
mod constant;
mod digits;
mod extent;
mod fences;
mod filled;
mod first_value;
mod guards;
mod hold;
pub(crate) mod index;
mod instances;
mod lanes;
mod launches;
mod memory;
mod narrow;
mod neighbours;
pub(crate) mod outline;
mod pack;
mod parameters;
mod partial;
mod prefix;
mod reduction;
pub(crate) mod resident;
mod rounding;
mod settled;
mod slices;
mod slope;
mod started;
mod update;
mod vectors;
mod whole;
mod work;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use mupac_ir::warp::LANES;
use mupac_ir::{
    Arena, Axis, Block, Buffer, Contraction, Expr, Function, Guard, Handle, HostLoop, HostOp,
    KernelPlan, LaneJoin, Loop, Mapping, Reduction, Refusal, RegionPlan, Scalar, Span, Stmt, Var,
};

use crate::device::Device;
use crate::facts::{Facts, FloatOrder};
use crate::judge::{self, Conditions, Tree, illegal, place, unsolved};
use crate::normalise::drop_unread_in_kernel;
use crate::state::{Draft, Settings, State, loops_of_threads};
use crate::{build, region, steps, trip};

pub(crate) use digits::called;
use digits::has_the_same_digits;
use launches::Launches;
use memory::Buffers;
use outline::{Action, Nest, Outline, outline};
use parameters::Given;
pub(crate) use parameters::MOST_BYTES;
pub(crate) use settled::{Settled, settled};
use slices::Split;
use started::{Started, surround};
use work::Work;
use workspace::Workspace;

/// Returns statements of a mapped region, all or some with what stands around them, in the form in which threads run
/// them, as far as `accepts` lets elements stay in registers; `None` where that is the form they have. Only where the
/// copies of arrays start aligned, one access moves several elements.
pub(crate) fn as_threads_run(
    draft: &Draft,
    statements: &[Stmt],
    accepts: hold::Accepts<'_>,
    is_aligned: bool,
) -> Option<(Function, Block)> {
    let inside = loops_of_threads(statements);
    if inside.is_empty() {
        return None;
    }
    let mut held = hold::held(draft, statements, &inside, accepts);
    if let Some((function, statements)) = &mut held {
        first_value::given(function, statements);
    }
    let is_held = held.is_some();
    let is_unrolled =
        |stmt: &Stmt| matches!(stmt, Stmt::For(each) if matches!(each.mapping, Mapping::Unroll(_)));
    if region::first(statements, &mut |stmt| is_unrolled(stmt).then_some(())).is_none() {
        return held;
    }
    let (mut function, mut statements) =
        held.unwrap_or_else(|| hold::to_rewrite(draft, statements, accepts));
    let generated_from = draft.region().function.exprs.len();
    let is_filled = filled::filled(&function, &mut statements, &inside);
    let laid_out = pack::laid_out(&function, &statements, &inside);
    let is_apart = whole::apart(&mut function, &mut statements, &inside, generated_from);
    let is_packed = is_aligned && pack::packed(draft, &mut function, &mut statements, &laid_out);
    // An estimate asks for no names.
    if accepts.is_some() && (is_apart || is_packed) {
        steps::distinguish(&function, &mut statements);
    }
    (is_held || is_filled || is_apart || is_packed).then_some((function, statements))
}

/// What lowering reads of a region.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) state: &'a State,
    pub(crate) facts: &'a Facts,
    /// Scalars that nothing in the region changes.
    pub(crate) unchanged: &'a BTreeSet<Handle<Var>>,
    pub(crate) conditions: &'a Conditions,
    pub(crate) device: &'a Device,
}

/// What lowering reads of a nest that becomes a kernel.
pub(crate) struct Context<'a> {
    pub(crate) region: Judged<'a>,
    pub(crate) nest: &'a Nest<'a>,
    /// The loops of the program that the nest runs, outer before inner.
    pub(crate) loops: Vec<&'a Loop>,
    /// Scalars whose values are known when the kernel starts: what nothing changes, and the iterators of the host.
    pub(crate) known: BTreeSet<Handle<Var>>,
}

impl<'a> Context<'a> {
    fn new(region: Judged<'a>, original: Tree<'a>, nest: &'a Nest<'a>) -> Self {
        let counted = nest.host.iter().map(|outer| outer.iterator);
        Self {
            region,
            nest,
            loops: nest.loops_of(original.statements),
            known: region.unchanged.iter().copied().chain(counted).collect(),
        }
    }

    /// Returns the nest as mapped.
    pub(crate) fn tree(&self) -> Tree<'a> {
        Tree {
            function: self.region.state.function(),
            statements: self.nest.statements,
        }
    }

    /// Returns the loops of the program whose iterations blocks and threads share out, from the outside.
    pub(crate) fn parallel(&self) -> Vec<Shared<'a>> {
        let (made_from, tree) = (made_from(self.region.state), self.tree());
        let mut found = shared(&self.loops, made_from, tree);
        let chunks = self.nest.chain.loops().next();
        let has_slices = !judge::slices(tree.function, tree.statements).is_empty();
        for each in &mut found {
            // The other loops give a launch something to do, however few chunks of a sum there are.
            let is_sum = |chunks| index::chunk(tree, made_from, each.each, chunks).is_some();
            if has_slices && chunks.is_some_and(is_sum) {
                each.chunk = 1;
            }
        }
        found
    }

    /// Returns the loops that decide whether a launch has anything to do: those that blocks and threads share out, and
    /// loops of blocks of which it is not known which of those they are parts of. Of loops that are counted by fronts it
    /// is not: a front may meet nothing although both run.
    pub(crate) fn deciding(&self) -> Vec<Shared<'a>> {
        let (made_from, tree) = (made_from(self.region.state), self.tree());
        let by_fronts = steps::by_fronts(self.region.state.trajectory());
        let is_part = |mapped: &Loop| {
            let mut originals = self.loops.iter();
            originals.any(|each| {
                !by_fronts.contains(&each.name)
                    && index::chunk(tree, made_from, each, mapped).is_some()
            })
        };
        let blocks = self.nest.chain.loops();
        let blocks = blocks.filter(|each| matches!(each.mapping, Mapping::Block(_)));
        let others = blocks.filter(|each| !is_part(each));
        let mut deciding = self.parallel();
        deciding.retain(|shared| !by_fronts.contains(&shared.each.name));
        deciding.extend(others.map(|each| Shared { each, chunk: 1 }));
        deciding
    }
}

/// Returns the index of the first variable that passes made.
fn made_from(state: &State) -> usize {
    state.original().function.vars.len()
}

/// Tells host from kernels in a state of which every part is mapped.
fn checked<'a>(state: &'a State, device: &Device) -> Result<Outline<'a>, Refusal> {
    chain::check(state, device)?;
    let outline = outline(state.statements())?;
    let unmapped = |at| Err(illegal("no loop is mapped to threads", at));
    match outline.unmapped(state.function()) {
        Some(stmt) => unmapped(place(slice::from_ref(stmt))),
        None if !state.is_complete() => unmapped(place(state.statements())),
        None => Ok(outline),
    }
}

/// Returns where kernels may contract products.
fn contraction(judged: &Judged<'_>, settings: &Settings, is_strict: bool) -> Contraction {
    let rounds = judged.facts.inspections.iter().any(|each| each.rounds);
    let subscripts = if rounds {
        Contraction::OutsideSubscripts
    } else {
        Contraction::Allowed
    };
    if settings.float_order == FloatOrder::Source || is_strict {
        Contraction::Forbidden
    } else {
        judged.state.region().contraction.max(subscripts)
    }
}

/// Makes the plan of a mapped state; see [`State::finish`].
pub(crate) fn finish(
    state: &State,
    settings: &Settings,
    device: &Device,
) -> Result<RegionPlan, Refusal> {
    let conditions = state.conditions()?;
    let outline = checked(state, device)?;
    let at = place(state.statements());
    let original = state.original();
    let unchanged = state.facts().unchanged();
    let judged = Judged {
        state,
        facts: state.facts(),
        unchanged: &unchanged,
        conditions: &conditions,
        device,
    };
    let nests = outline.nests.iter();
    let nests: Vec<_> = nests
        .map(|nest| Context::new(judged, original, nest))
        .collect();
    let mut function = state.function().clone();
    let mut memory = memory::buffers(&judged, &mut function)?;
    let launches = nests.iter();
    let launches = launches.map(|nest| Launches::new(nest, &mut function));
    let launches = launches.collect::<Result<Vec<_>, _>>()?;
    let work = Work::of(&launches, &mut function);
    let is_resident = resident::takes_device_memory(settings, &function);
    let settings = &asked(&judged, settings, is_resident);
    work.check(settings, at)?;
    let (mut guards, known) =
        guards::guards(&judged, &launches, &mut function, &memory, &work, settings)?;
    let (reserved, limits) =
        instances::reserve((&judged, &known), &launches, &mut function, &mut memory)?;
    guards.extend(limits);
    let Buffers {
        all: mut buffers,
        mut by_array,
        inspections,
        ..
    } = memory;
    let (mut kernels, mut reductions) = (Arena::default(), Arena::default());
    let (mut lane_joins, mut partials) = (Vec::new(), Vec::new());
    let memory = &mut Memory {
        buffers: &mut buffers,
        by_array: &mut by_array,
        reductions: &mut reductions,
        lane_joins: &mut lane_joins,
        once: &mut partials,
        guards: &mut guards,
    };
    let nests: Vec<_> = nests.iter().zip(&launches).collect();
    let mut started = started::started(
        &nests,
        (&known, settings),
        &mut function,
        memory,
        &mut kernels,
    )?;
    partials.extend(reserved);
    let is_strict = started.iter().any(Started::is_strict);
    let split_sums = surround(&mut started, &mut kernels, &mut guards);
    let region = state.region();
    let host = memory::host(
        (judged.facts, &known),
        &mut function,
        (&by_array, &buffers),
        (&partials, &constant::never_copied(&kernels)),
        actions(&outline.actions, &started, state.function()),
        &region.last_values,
    );
    let host = host.map_err(|error| unsolved(&error, at))?;
    let host = host.ok_or_else(|| illegal("what a loop leaves in a variable moves a copy", at))?;
    let on_host = (host.as_slice(), &inspections);
    narrow::narrow(&mut function, made_from(state), &mut kernels, on_host);
    // Of a function that the linker may take from another file, that file may have kernels by the same names.
    function.is_static |= state.workload().linkage.may_replace(&function);
    let plan = RegionPlan {
        name: region.name.clone(),
        of: region.of,
        function,
        replaces: region.span,
        fetched: judged.facts.fetched.clone(),
        guards,
        host,
        otherwise: Vec::new(),
        inspections,
        buffers,
        reductions,
        split_sums,
        atomic_sums: update::float_sums(judged.facts, state.original().function),
        lane_joins,
        kernels,
        memory: settings.memory,
        never_waits: false,
        contraction: contraction(&judged, settings, is_strict),
        origins: region.origins.clone(),
        trajectory: state.trajectory().clone(),
    };
    if is_resident {
        resident::resident(&judged, &by_array, plan)
    } else {
        Ok(plan)
    }
}

/// Returns what the user decides, but that what lies on the device cannot stay on the host, however little it is.
fn asked(judged: &Judged<'_>, settings: &Settings, is_resident: bool) -> Settings {
    let stays = !is_resident || !resident::touches_device_memory(judged);
    Settings {
        cpu_threshold: if stays {
            settings.cpu_threshold
        } else {
            Some(0)
        },
        ..settings.clone()
    }
}

/// What kernels are given, as it grows.
struct Memory<'a> {
    buffers: &'a mut Arena<Buffer>,
    /// The buffer of each array, and of the slices of some.
    by_array: &'a mut BTreeMap<Handle<Var>, Handle<Buffer>>,
    reductions: &'a mut Arena<Reduction>,
    lane_joins: &'a mut Vec<LaneJoin>,
    /// What is reserved once for all launches and holds no copy.
    once: &'a mut Vec<Handle<Buffer>>,
    guards: &'a mut Vec<Guard>,
}

/// Returns what the host does between the copies.
fn actions(actions: &[Action<'_>], started: &[Started], function: &Function) -> Vec<HostOp> {
    let one = |action: &Action<'_>| match action {
        // It is reserved once for all launches.
        Action::Scalar(Stmt::Declare(var, _)) if judge::is_of_device(function, *var) => Vec::new(),
        Action::Launch(number) => started.get(*number).map_or(Vec::new(), Started::actions),
        Action::Scalar(Stmt::Declare(var, span)) => vec![HostOp::Declare(*var, *span)],
        Action::Scalar(Stmt::Compute(compute)) => vec![HostOp::Compute(compute.clone())],
        Action::Loop(each, inner) => vec![HostOp::Loop(HostLoop {
            header: Loop {
                body: Block::new(),
                ..(*each).clone()
            },
            body: self::actions(inner, started, function),
        })],
        Action::Scalar(_) | Action::Unmapped(_) => Vec::new(),
    };
    actions.iter().flat_map(one).collect()
}

fn kernel(
    context: &Context<'_>,
    function: &mut Function,
    memory: &mut Memory<'_>,
    settings: &Settings,
) -> Result<Made, Refusal> {
    let (mut body, mapping) = body::body(context, function)?;
    update::realise(context.region.facts, function, &mut body);
    let shape = shape(context, function)?;
    partial::realise(context, function, &mut body, &shape)?;
    let splits = slices::realise(context, function, &mut body, memory, settings)?;
    let workspaces = workspace::realise(context, function, &mut body, memory, &shape)?;
    let joined = lanes::realise(context, function, &mut body, settings)?;
    memory.lane_joins.extend(joined);
    let module = &context.region.state.workload().module;
    rounding::check(module, function, &body)?;
    if settings.float_order == FloatOrder::Source {
        has_the_same_digits(module, function, &body)?;
    }
    let reductions = reduction::realise(context, function, &mut body, memory, &shape, settings)?;
    let scanned = (&shape, settings);
    let totals = prefix::realise(context, function, &mut body, memory, scanned)?;
    let make = Making {
        context,
        memory,
        shape,
        mapping,
    };
    let plan = make.kernel(function, body, (reductions, None))?;
    let totals = totals.map(|totals| {
        let own = (totals.reductions, Some("totals"));
        Ok((make.kernel(function, totals.body, own)?, totals.is_strict))
    });
    Ok((plan, splits, workspaces, totals.transpose()?))
}

/// The kernel of a nest, what else its slices and workspaces need, and the kernel that runs before it for its scans, with whether both
/// have to round alike.
type Made = (
    KernelPlan,
    Vec<Split>,
    Vec<Workspace>,
    Option<(KernelPlan, bool)>,
);

/// A nest of which kernels of one shape are made.
struct Making<'a> {
    context: &'a Context<'a>,
    memory: &'a Memory<'a>,
    shape: Shape,
    mapping: Vec<String>,
}

impl Making<'_> {
    /// Returns the kernel with some code; its purpose stands behind its name.
    fn kernel(
        &self,
        function: &mut Function,
        mut body: Block,
        (reductions, purpose): (Vec<Handle<Reduction>>, Option<&str>),
    ) -> Result<KernelPlan, Refusal> {
        let (context, memory) = (self.context, self.memory);
        drop_unread_in_kernel(function, &mut body);
        let own: Vec<_> = reductions
            .iter()
            .map(|each| (*each, &memory.reductions[*each]))
            .collect();
        let module = &context.region.state.workload().module;
        let about = (&module.records, place(context.nest.statements));
        let by_value = constant::realise(context, function, &mut body);
        let given = Given {
            buffers: memory.buffers,
            by_array: memory.by_array,
            by_value: &by_value,
        };
        let parameters = parameters::parameters(about, function, &body, given, &own)?;
        let (grid, block) = self.shape;
        let span = span(context);
        Ok(KernelPlan {
            name: kernel_name(context.region.state, span, purpose),
            span,
            parameters,
            grid,
            block,
            body,
            reductions,
            mapping: self.mapping.clone(),
            drops_half: false,
        })
    }
}

/// Returns where the loops stand that a nest runs.
fn span(context: &Context<'_>) -> Span {
    let loops = context.loops.iter();
    loops.fold(Span::default(), |span, each| span.join(each.span))
}

/// Returns `saxpy_l3` for a nest of function `saxpy` at line 3, what the kernel is for behind it, and a number behind all where
/// the file uses that name.
fn kernel_name(state: &State, span: Span, purpose: Option<&str>) -> String {
    let workload = state.workload();
    let purpose = purpose.map_or_else(String::new, |purpose| format!("_{purpose}"));
    let line = workload.module.source.line(span);
    let base = format!("{}_l{line}{purpose}", state.function().name);
    let is_taken = |name: &str| workload.numbered.hold(name);
    if !is_taken(&base) {
        return base;
    }
    (2..u32::MAX)
        .map(|number| format!("{base}_{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or(base)
}

/// A loop of the program whose iterations blocks and threads share out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared<'a> {
    /// The loop as written.
    pub(crate) each: &'a Loop,
    /// How many neighbouring iterations one thread runs.
    pub(crate) chunk: u128,
}

fn shared<'a>(loops: &[&'a Loop], made_from: usize, nest: Tree<'_>) -> Vec<Shared<'a>> {
    let mapped: Vec<_> = region::loops(nest.statements)
        .into_iter()
        .filter(|each| each.mapping.is_parallel())
        .collect();
    loops
        .iter()
        .filter_map(|each| {
            let chunks = mapped
                .iter()
                .filter_map(|mapped| index::chunk(nest, made_from, each, mapped));
            Some(Shared {
                each,
                chunk: chunks.min()?,
            })
        })
        .collect()
}

/// The number of blocks along each axis, as `i64`, and that of the threads of a block.
pub(crate) type Shape = ([Handle<Expr>; 3], [u32; 3]);

/// Returns grid and block.
fn shape(context: &Context<'_>, function: &mut Function) -> Result<Shape, Refusal> {
    let one = build::int(function, 1, Scalar::I64);
    let (mut grid, mut block) = ([one; 3], [1; 3]);
    for each in context.nest.chain.loops() {
        match each.mapping {
            Mapping::Block(axis) => {
                let conditions = Some(context.region.conditions);
                grid[axis as usize] = trip::short_count(function, each, &context.known, conditions)
                    .ok_or_else(|| illegal("a mapped loop cannot be counted", each.span))?;
            }
            Mapping::Thread(axis) => {
                block[axis as usize] =
                    chain::extent(context.region.state, each, axis, context.region.device)?;
            }
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Lanes => {}
        }
    }
    if !judge::by_lanes(context.nest.statements).is_empty() {
        block[Axis::X as usize] = LANES;
    }
    Ok((grid, block))
}
