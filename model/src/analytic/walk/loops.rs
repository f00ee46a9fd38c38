//! Loops of a launch: how often they run, who shares them out, and what is noted of their iterations.

use mupac_ir::structure::each as each_statement;
use mupac_ir::{Axis, Expr, ExprKind, Function, Handle, Loop, Mapping, Stmt};

use super::{UNROLLED, Walker};
use crate::analytic::kernel::Repetition;
use crate::analytic::points::{LANES, Value};

/// The longest loop of which all iterations are laid out.
const SHORT: i64 = 32;

/// What a round of an exchange takes: the distance, the exchange, the join, and the test whether it is the last.
const INSTRUCTIONS_OF_ROUND: f64 = 4.0;

impl<'a> Walker<'a> {
    pub(super) fn counted(&mut self, each: &'a Loop) {
        let trips = self.trips(each);
        if trips <= 0 {
            return;
        }
        if each.mapping == Mapping::Vector {
            self.vector(each, trips);
            return;
        }
        let (at, depth) = (self.kernel.loops.len(), self.depth);
        let active = self.sample.active;
        if each.mapping == Mapping::Lanes {
            self.exchange();
            for (lane, active) in self.sample.active.iter_mut().enumerate() {
                *active &= ((lane % LANES) as i64) < trips;
            }
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
        let iterator = self.iterator(each, trips);
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
        self.kernel.chain_cycles += self.repeats * rounds * cycles;
        self.kernel.instructions.all += self.executed() * rounds * INSTRUCTIONS_OF_ROUND;
    }

    /// Counts one access that moves as many elements as a loop counts.
    fn vector(&mut self, each: &'a Loop, elements: i64) {
        self.values.set(each.iterator, Value::same(0));
        self.elements = elements;
        self.block(&each.body);
        self.elements = 1;
    }

    fn repetition(&self, each: &'a Loop, trips: i64) -> Repetition {
        let trips = if each.mapping == Mapping::Lanes {
            of_lane(trips)
        } else {
            trips
        };
        let (mut is_innermost, mut has_barrier) = (true, false);
        each_statement(&each.body, &mut |statement| {
            is_innermost &= !matches!(statement, Stmt::For(_) | Stmt::While(_));
            has_barrier |= matches!(statement, Stmt::Barrier);
        });
        let is_constant = [each.start, each.end]
            .iter()
            .all(|bound| is_constant(self.of.function, *bound));
        let unrolled = match each.mapping {
            Mapping::Unroll(None) | Mapping::Vector => trips as f64,
            Mapping::Unroll(Some(copies)) => f64::from(copies).clamp(1.0, trips as f64),
            Mapping::Sequential if is_innermost && is_constant && trips <= SHORT => trips as f64,
            Mapping::Sequential | Mapping::Lanes if is_innermost => UNROLLED.min(trips as f64),
            Mapping::Sequential | Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes => 1.0,
        };
        Repetition {
            mapping: each.mapping,
            trips: trips as f64,
            depth: self.depth,
            around: self.inside,
            has_barrier,
            unrolled,
        }
    }

    /// Returns the iterator's value at all points.
    fn iterator(&self, each: &'a Loop, trips: i64) -> Value {
        let same = |count: i64| Value::same(count.wrapping_mul(each.step));
        let mut next = each.step;
        let distance = match each.mapping {
            Mapping::Thread(axis) => Value::of_thread(axis, each.step),
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector => same(trips / 2),
            Mapping::Lanes => {
                next = next.wrapping_mul(LANES as i64);
                let lane = Value::of_thread(Axis::X, each.step);
                self.values
                    .sum(&lane, &same(of_lane(trips) / 2 * LANES as i64))
            }
            // Of two blocks the first, which a condition is more likely to let through whole.
            Mapping::Block(_) => same((trips - 1) / 2),
        };
        let distance = distance.moving(self.depth, next);
        let start = self.values.integer(each.start);
        self.values.sum(&start, &distance)
    }

    pub(super) fn trips(&self, each: &Loop) -> i64 {
        let bounds = self.values.integer(each.start).known();
        let Some((start, end)) = bounds.zip(self.values.integer(each.end).known()) else {
            return self.values.typical();
        };
        let (distance, step) = if each.step < 0 {
            (start.wrapping_sub(end), each.step.wrapping_neg())
        } else {
            (end.wrapping_sub(start), each.step)
        };
        if distance <= 0 {
            0
        } else {
            (distance - 1) / step.max(1) + 1
        }
    }
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

/// Returns how many iterations of a loop the busiest lane of a warp runs.
fn of_lane(trips: i64) -> i64 {
    trips.div_euclid(LANES as i64) + i64::from(trips % LANES as i64 != 0)
}
