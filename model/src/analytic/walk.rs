//! Walks one launch and notes what it does.
//!
//! One iteration stands for all of a loop: the first thread's of a mapped loop, the middle one of every other loop and
//! of blocks. A loop whose bounds move with others runs as often as it does on average, so that triangular nests are
//! counted at what they are, however they are mapped.
//! Both sides of a condition that depends on data count in full, and so does what a cut of a loop leaves to no thread that
//! is looked at: where the loop is shorter than its parts, the middle lies beyond its end.

mod accesses;
mod conditions;
mod loops;
mod survey;

use std::collections::BTreeMap;

use mupac_ir::{
    Arena, Axis, Block, Compute, Function, Handle, Loop, Mapping, Record, Scalar, Space, Stmt,
    StmtId, Var,
};
use mupac_passes::facts::{Reduction, Update};

use super::access::{Requests, Sample};
use super::hardware::Hardware;
use super::kernel::{Elements, Kernel, Mode, Section};
use super::operations::Cost;
use super::part::{Part, array_bytes};
use super::points::{DEPTH, LANES, Value, WARPS};
use super::slices::Slices;
use super::typical::Typical;
use super::values::Values;

use conditions::is_rest;
use survey::Survey;

/// What the statements of a region stand in, and what is assumed of it.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    pub(super) records: &'a Arena<Record>,
    pub(super) function: &'a Function,
    /// The value of every integer that is not known.
    pub(super) typical: Typical,
    pub(super) hardware: &'a Hardware,
    /// Statements that change an element as one action.
    pub(super) updates: &'a BTreeMap<StmtId, Update>,
    /// The reductions that mapped loops carry.
    pub(super) joined: &'a [&'a Reduction],
}

/// Returns what one statement of a region does, half-way through the loops of the host around it.
pub(super) fn kernel<'a>(of: &'a Region<'a>, host: &[&'a Loop], statement: &'a Stmt) -> Kernel {
    let mut walker = Walker::new(of, host, std::slice::from_ref(statement));
    walker.statement(statement);
    walker.finish()
}

/// Returns how often a loop of the host runs, half-way through those around it.
pub(super) fn trips<'a>(of: &'a Region<'a>, host: &[&'a Loop], each: &'a Loop) -> f64 {
    Walker::new(of, host, &[]).host_trips(each) as f64
}

/// Iterations that nvcc lays out one after another: all of a short innermost loop of constant length, else this many.
///
/// **Source**: PTX that nvcc 13.0 makes of loops without pragma.
pub(super) const UNROLLED: f64 = 4.0;

/// Of most kernels, there is room for so many loops and accesses from the start.
const MANY: usize = 8;

struct Walker<'a> {
    of: &'a Region<'a>,
    survey: Survey<'a>,
    values: Values<'a>,
    sample: Sample,
    requests: Requests<'a>,
    /// The innermost loop around the statement at hand.
    inside: Option<usize>,
    /// Whether the host launches in a loop.
    is_repeated: bool,
    depth: usize,
    /// How far the mean of all iterations of each loop around is from the one looked at, by depth.
    to_mean: [f64; DEPTH],
    guard: usize,
    blocks: f64,
    /// How often each thread runs the statement at hand.
    repeats: f64,
    /// In how many of the iterations around the conditions around hold.
    chance: f64,
    section: usize,
    /// How many neighbouring elements an access moves.
    elements: i64,
    /// The variables that are declared, each with the innermost loop around.
    declared: Vec<(Handle<Var>, Option<usize>)>,
    /// The parts of arrays that blocks update.
    parts: Vec<Part>,
    /// The arrays that the kernel is passed by value.
    constants: Vec<Handle<Var>>,
    /// The arrays to whose slices blocks add.
    sliced: Vec<Handle<Var>>,
    kernel: Kernel,
}

impl<'a> Walker<'a> {
    fn new(of: &'a Region<'a>, host: &[&'a Loop], statements: &'a [Stmt]) -> Self {
        let survey = Survey::of(statements);
        let mut walker = Self {
            of,
            values: Values::new(of.records, of.function, &survey.computed, of.typical),
            survey,
            sample: Sample {
                active: [0; WARPS],
                scale: 1.0,
            },
            requests: Requests::new(of.hardware),
            inside: None,
            is_repeated: !host.is_empty(),
            depth: 0,
            to_mean: [0.0; DEPTH],
            guard: 0,
            blocks: 1.0,
            repeats: 1.0,
            chance: 1.0,
            section: 0,
            elements: 1,
            declared: Vec::new(),
            parts: Vec::new(),
            constants: Vec::new(),
            sliced: Vec::new(),
            kernel: Kernel {
                blocks: 1.0,
                threads: 1.0,
                loops: Vec::with_capacity(MANY),
                accesses: Vec::with_capacity(MANY),
                sections: Vec::with_capacity(4 * MANY),
                ..Kernel::default()
            },
        };
        walker.section(1.0, 1.0);
        for each in host {
            let middle = walker.host_trips(each) / 2;
            let start = walker.values.integer(each.start).base();
            let value = start.wrapping_add(middle.wrapping_mul(each.step));
            walker.values.set(each.iterator, Value::same(value));
        }
        walker.spread();
        walker
    }

    /// Lays out the threads of a block that are looked at: those of the first, the middle and the last warp.
    fn spread(&mut self) {
        let mut extents = [1_i64; 3];
        for each in &self.survey.shared_out {
            if let Mapping::Thread(axis) = each.mapping {
                extents[axis as usize] = self.trips(each).max(1);
            } else {
                extents[Axis::X as usize] = LANES as i64;
            }
        }
        let threads: i64 = extents.iter().product();
        let lanes = LANES as i64;
        let warps = (threads + lanes - 1) / lanes;
        let looked_at = warps.min(WARPS as i64);
        for sample in 0..looked_at {
            let warp = if warps <= WARPS as i64 {
                sample
            } else {
                sample * (warps - 1) / (looked_at - 1)
            };
            self.values.spread(sample as usize, warp * lanes, extents);
            let beyond = (warp * lanes + lanes - threads).clamp(0, lanes - 1);
            self.sample.active[sample as usize] = u32::MAX >> beyond;
        }
        self.sample.scale = warps as f64 / looked_at as f64;
        self.kernel.threads = threads as f64;
    }

    fn finish(&mut self) -> Kernel {
        let joined = self.kernel.joined_bytes.iter().zip(self.of.joined);
        let scans = joined.filter(|(bytes, each)| **bytes > 0.0 && each.scan.is_some());
        self.kernel.scans = scans.count() as f64;
        self.kernel.joined_bytes.retain(|bytes| *bytes > 0.0);
        self.kernel.hoist();
        let slices = self.sliced.iter();
        let slices = slices.filter_map(|array| Slices::new(&self.kernel, *array));
        self.kernel.slices = slices.collect();
        for part in &self.parts {
            part.charge(&mut self.kernel, self.of.hardware);
        }
        std::mem::take(&mut self.kernel)
    }

    fn block(&mut self, block: &'a Block) {
        for (at, statement) in block.iter().enumerate() {
            if let Stmt::If(rest) = statement
                && is_rest(self.of.function, block, at, rest)
            {
                self.branch(rest, true);
            } else {
                self.statement(statement);
            }
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Compute(compute) => self.compute(compute),
            Stmt::Let(var, value) => {
                let value = self.values.integer(*value);
                self.values.set(*var, value);
            }
            Stmt::For(each) => self.counted(each),
            Stmt::If(branch) => self.branch(branch, false),
            Stmt::While(each) => self.uncounted(each),
            Stmt::Call(call) => self.expressions(&call.arguments),
            Stmt::Return(value, _) => self.expressions(value.as_slice()),
            Stmt::Declare(var, _) => {
                self.declared.push((*var, self.inside));
                let declared = &self.of.function.vars[*var];
                let bytes = array_bytes(&declared.ty);
                match declared.space {
                    Space::Shared => self.kernel.shared_bytes += bytes,
                    Space::Partial(array) => {
                        self.kernel.shared_bytes += bytes;
                        self.parts.push(Part::new(array, &declared.ty));
                    }
                    Space::Slices(array) => self.sliced.push(array),
                    Space::Constant(array) => self.constants.push(array),
                    Space::Host | Space::Global | Space::Register => {
                        if declared.ty.scalar().is_some() {
                            self.kernel.local_bytes += bytes;
                        } else {
                            self.kernel.elements.push(Elements {
                                array: *var,
                                bytes,
                                named_bytes: 0.0,
                            });
                        }
                    }
                }
            }
            Stmt::Barrier => {
                self.kernel.barrier_cycles += self.repeats * self.of.hardware.barrier_cycles;
                self.kernel.instructions.all += self.executed();
                self.section(self.repeats, 1.0);
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Verbatim(..) => {}
        }
    }

    /// Returns how often warps run the statement at hand, all blocks together.
    fn executed(&self) -> f64 {
        self.blocks * self.sample.warps() * self.repeats
    }

    /// Starts a stretch of code.
    fn section(&mut self, repeats: f64, overlap: f64) {
        self.section = self.kernel.sections.len();
        self.kernel.sections.push(Section { repeats, overlap });
    }

    fn compute(&mut self, compute: &'a Compute) {
        let id = compute.id;
        let of = self.of;
        let joined = of
            .joined
            .iter()
            .position(|each| each.statements.contains(&id));
        let cost = Cost::of(of.function, compute.value, Some(compute.target.var));
        self.spend(&cost);
        let is_scalar = compute.target.path.is_empty();
        let is_float =
            (of.function.vars[compute.target.var].ty.scalar()).is_some_and(Scalar::is_float);
        let is_own = self.declared.contains(&(compute.target.var, self.inside));
        if is_scalar
            && is_float
            && !is_own
            && let Some(around) = self.inside.and_then(|at| self.kernel.loops.get_mut(at))
        {
            around.carries_scalar = true;
        }
        // An update reads its element in the same action.
        let is_one = joined.is_some() || of.updates.contains_key(&id);
        self.reads(compute.value, is_one.then_some(compute.target.var));
        // A value that grows from one iteration to the next waits for one operation, any other for all.
        let around = self.inside.and_then(|at| self.kernel.loops.get(at));
        let overlap = around.map_or(1.0, |each| each.unrolled);
        let waits = if cost.grows {
            let moves = self.values.offset_bytes(&compute.target).gradient();
            1.0 / self.kernel.side_by_side(self.inside, &moves)
        } else {
            cost.depth / overlap.max(1.0)
        };
        let cycles = self.repeats * waits * of.hardware.arithmetic_latency_cycles;
        self.kernel.arithmetic_cycles += cycles;
        if let Some(joined) = joined {
            let bytes = self.values.place_bytes(&compute.target) as f64;
            self.kernel.joined_bytes.resize(of.joined.len(), 0.0);
            self.kernel.joined_bytes[joined] = bytes;
        } else if of.updates.contains_key(&id) {
            self.access(&compute.target, Mode::Update);
        } else {
            self.access(&compute.target, Mode::Write);
        }
        if self.survey.is_given_once(self.of.function, compute) {
            let value = self.values.integer(compute.value);
            self.values.set(compute.target.var, value);
        }
    }
}
