//! Loops of a launch: how often they run, who shares them out, and what is noted of their iterations.

use mupac_ir::structure::first;
use mupac_ir::{Axis, Expr, ExprKind, Function, Handle, Loop, Mapping, Stmt, While};
use mupac_passes::steps;

use super::{UNROLLED, Walker};
use crate::analytic::kernel::Repetition;
use crate::analytic::points::{LANES, Value, WARPS};
use crate::analytic::typical::reads_elements;

/// What a round of an exchange takes: the distance, the exchange, the join, and the test whether it is the last.
const INSTRUCTIONS_OF_ROUND: f64 = 4.0;

impl<'a> Walker<'a> {
    pub(super) fn counted(&mut self, each: &'a Loop) {
        let trips = self.mean_trips(each);
        if trips <= 0.0 {
            return;
        }
        if each.mapping == Mapping::Vector {
            self.vector(each, trips as i64);
            return;
        }
        let (at, depth) = (self.kernel.loops.len(), self.depth);
        let active = self.sample.active;
        if each.mapping == Mapping::Lanes {
            self.exchange();
            let within = (0..LANES).filter(|lane| (*lane as f64) < trips);
            let within = within.fold(0, |mask, lane| mask | 1 << lane);
            self.sample.keep([within; WARPS]);
        }
        let repetition = self.repetition(each, trips);
        let outer = (self.inside, self.blocks, self.repeats);
        match each.mapping {
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Lanes => {
                self.repeats *= repetition.trips;
                if !repetition.is_unrolled() {
                    self.count_loop(self.executed() / repetition.unrolled);
                }
            }
            Mapping::Block(_) => self.blocks *= repetition.trips,
            Mapping::Thread(_) => {}
        }
        let iterator = self.iterator(each, repetition.trips);
        self.values.set(each.iterator, iterator);
        self.kernel.blocks = self.kernel.blocks.max(self.blocks);
        self.section(self.repeats, repetition.overlap());
        self.kernel.loops.push(repetition);
        (self.inside, self.depth) = (Some(at), depth + 1);
        self.block(&each.body);
        (self.inside, self.blocks, self.repeats) = outer;
        self.depth = depth;
        self.sample.active = active;
        self.section(self.repeats, 1.0);
    }

    /// Counts the exchange of what lanes have found in a loop: in each round a value goes the way of shared memory and is
    /// joined.
    fn exchange(&mut self) {
        let hardware = self.of.hardware;
        let rounds = f64::from(LANES.ilog2());
        let cycles = hardware.shared_latency_cycles + hardware.arithmetic_latency_cycles;
        self.kernel.barrier_cycles += self.repeats * rounds * cycles;
        self.kernel.instructions.all += self.executed() * rounds * INSTRUCTIONS_OF_ROUND;
    }

    /// Counts one access that moves as many elements as a loop counts.
    fn vector(&mut self, each: &'a Loop, elements: i64) {
        self.values.set(each.iterator, Value::same(0));
        self.elements = elements;
        self.block(&each.body);
        self.elements = 1;
    }

    pub(super) fn uncounted(&mut self, each: &'a While) {
        let outer = (self.inside, self.repeats, self.depth);
        let trips = self.values.typical() as f64;
        let at = self.kernel.loops.len();
        self.kernel.loops.push(Repetition {
            mapping: Mapping::Sequential,
            trips,
            depth: self.depth,
            around: self.inside,
            has_barrier: false,
            unrolled: 1.0,
            carries_scalar: false,
        });
        self.repeats *= trips;
        self.count_loop(self.executed());
        self.section(self.repeats, 1.0);
        (self.inside, self.depth) = (Some(at), self.depth + 1);
        self.block(&each.before_test);
        self.expressions(std::slice::from_ref(&each.condition));
        self.block(&each.body);
        self.block(&each.after_body);
        (self.inside, self.repeats, self.depth) = outer;
        self.section(self.repeats, 1.0);
    }

    /// Counts an addition, a comparison and a jump.
    fn count_loop(&mut self, executed: f64) {
        self.kernel.instructions.all += 3.0 * executed;
        self.kernel.instructions.integer += 2.0 * executed;
    }

    fn repetition(&self, each: &'a Loop, trips: f64) -> Repetition {
        let trips = if each.mapping == Mapping::Lanes {
            // Those of the busiest lane.
            (trips / LANES as f64).ceil()
        } else {
            trips
        };
        let has = |is_meant: fn(&Stmt) -> bool| {
            first(&each.body, &mut |statement| {
                is_meant(statement).then_some(())
            })
            .is_some()
        };
        let is_innermost = !has(|statement| matches!(statement, Stmt::For(_) | Stmt::While(_)));
        let has_barrier =
            self.survey.has_barrier && has(|statement| matches!(statement, Stmt::Barrier));
        let is_constant = [each.start, each.end]
            .iter()
            .all(|bound| is_constant(self.of.function, *bound));
        let unrolled = match each.mapping {
            Mapping::Unroll(None) | Mapping::Vector => trips,
            Mapping::Unroll(Some(copies)) => f64::from(copies).min(trips).max(1.0),
            Mapping::Sequential
                if is_innermost && is_constant && trips <= f64::from(steps::COPIED) =>
            {
                trips
            }
            Mapping::Sequential | Mapping::Lanes if is_innermost => UNROLLED.min(trips),
            Mapping::Sequential | Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes => 1.0,
        };
        Repetition {
            mapping: each.mapping,
            trips,
            depth: self.depth,
            around: self.inside,
            has_barrier,
            unrolled,
            carries_scalar: false,
        }
    }

    /// Returns the iterator's value at all points, and notes how far from it the mean of all iterations is.
    fn iterator(&mut self, each: &'a Loop, trips: f64) -> Value {
        let mean = (trips - 1.0) / 2.0;
        let looked_at = looked_at(each.mapping, trips);
        let to_mean = match each.mapping {
            Mapping::Thread(_) => 0.0,
            Mapping::Sequential
            | Mapping::Unroll(_)
            | Mapping::Vector
            | Mapping::Lanes
            | Mapping::Block(_) => mean - looked_at,
        };
        if let Some(known) = self.to_mean.get_mut(self.depth) {
            *known = to_mean;
        }
        let (axis, next) = match each.mapping {
            Mapping::Thread(axis) => (Some(axis), each.step),
            Mapping::Lanes => (Some(Axis::X), each.step.wrapping_mul(LANES as i64)),
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Block(_) => {
                (None, each.step)
            }
        };
        let mut value = axis.map_or(Value::same(0), |axis| Value::of_thread(axis, each.step));
        self.values.add(&mut value, each.start, 1);
        value.shift((looked_at as i64).wrapping_mul(next));
        value.moving(self.depth, next)
    }

    /// Returns how often the loop of the first thread runs.
    pub(super) fn trips(&self, each: &Loop) -> i64 {
        let distance = self.distance(each);
        match distance.known() {
            Some(distance) => steps(distance, each.step).max(0),
            None => self.unknown_trips(each),
        }
    }

    /// Returns how often a loop runs of whose bounds nothing is known; one that reads them from memory, with another one around
    /// it, of the kernel or of the host around its launch, less often than others.
    fn unknown_trips(&self, each: &Loop) -> i64 {
        let is_inside = self.inside.is_some() || self.is_repeated;
        if is_inside && reads_elements(self.of.function, each) {
            self.values.listed()
        } else {
            self.values.typical()
        }
    }

    /// Returns how often a loop of the host runs: between two unknown bounds, for which the same number stands in, as often
    /// as one between an unknown bound and zero.
    pub(super) fn host_trips(&self, each: &Loop) -> i64 {
        let trips = self.trips(each);
        let is_known = [each.start, each.end]
            .iter()
            .all(|bound| is_constant(self.of.function, *bound));
        if trips > 0 || is_known {
            trips
        } else {
            self.values.typical()
        }
    }

    /// Returns how often warps run a loop on average: a warp as long as its longest lane, and blocks as often as the one
    /// looked at and its neighbour say, which is exact where bounds grow evenly.
    fn mean_trips(&self, each: &Loop) -> f64 {
        let distance = self.distance(each);
        if distance.is_data {
            return self.unknown_trips(each) as f64;
        }
        let is_shared_out = match each.mapping {
            Mapping::Block(_) | Mapping::Thread(_) | Mapping::Vector => true,
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Lanes => false,
        };
        if is_shared_out || distance.constant().is_some() {
            return steps(distance.base(), each.step).max(0) as f64;
        }
        let farther = distance.gradient().into_iter().zip(self.to_mean);
        let farther: f64 = farther.map(|(by, to_mean)| by as f64 * to_mean).sum();
        let farther = farther / each.step.unsigned_abs().max(1) as f64;
        let lanes = distance.lanes(self.values.threads());
        let longest = |longest: i64| (steps(longest, each.step) as f64 + farther).max(0.0);
        self.sample.mean_of_warps(&lanes, longest)
    }

    /// Returns how far a loop goes, in its direction.
    fn distance(&self, each: &Loop) -> Value {
        let (from, to) = if each.step < 0 {
            (each.end, each.start)
        } else {
            (each.start, each.end)
        };
        let mut distance = self.values.integer(to);
        self.values.add(&mut distance, from, -1);
        distance
    }
}

/// Returns how many steps it takes to go a distance; backwards they count less than none.
fn steps(distance: i64, step: i64) -> i64 {
    let step = step.checked_abs().unwrap_or(i64::MAX).max(1);
    distance.wrapping_neg().div_euclid(step).wrapping_neg()
}

/// Returns whether an expression names no variable.
fn is_constant(function: &Function, expr: Handle<Expr>) -> bool {
    match &function.exprs[expr].kind {
        ExprKind::Int(_) => true,
        ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => is_constant(function, *operand),
        ExprKind::Binary(_, left, right) => {
            is_constant(function, *left) && is_constant(function, *right)
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns the iteration of a loop whose values stand at the base: the first of a thread, else the one in the middle; of two
/// blocks the first, which a condition is more likely to let through whole.
pub(super) fn looked_at(mapping: Mapping, trips: f64) -> f64 {
    match mapping {
        Mapping::Thread(_) => 0.0,
        Mapping::Block(_) => ((trips - 1.0) / 2.0).floor(),
        Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Lanes => {
            (trips / 2.0).floor()
        }
    }
}
