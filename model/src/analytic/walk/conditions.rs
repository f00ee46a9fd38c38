//! Conditions of a launch: who runs what they decide about.

use mupac_ir::{BinaryOp, Block, Comparison, Expr, ExprKind, Function, Handle, If, Mapping, Stmt};

use super::Walker;
use super::loops::looked_at;
use crate::analytic::kernel::Repetition;
use crate::analytic::operations::Cost;
use crate::analytic::points::{Mask, Value, WARPS};

/// Points of the iterations around at which a comparison is looked at.
const POINTS: u32 = 32;

impl<'a> Walker<'a> {
    /// Counts a condition and what it decides about; `is_rest`: whether it only keeps the parts of a loop within the loop.
    pub(super) fn branch(&mut self, branch: &'a If, is_rest: bool) {
        let cost = Cost::of(self.of.function, branch.condition, None);
        self.spend(&cost);
        self.kernel.instructions.all += self.executed();
        self.kernel.conditions += 1.0;
        self.reads(branch.condition, None);
        let condition = self.values.integer(branch.condition);
        let holds = condition.truth(self.values.threads());
        let outer = (self.sample.active, self.guard, self.repeats, self.chance);
        let holding = if is_rest {
            None
        } else {
            self.share(branch.condition)
        };
        // The compiler makes predicates of conditions where it lays out all iterations, and elsewhere waits for them.
        let around = self.inside.and_then(|at| self.kernel.loops.get(at));
        let laid_out = around.filter(|each| each.is_sequential() && each.is_unrolled());
        let overlap = laid_out.map_or(1.0, Repetition::overlap);
        let sides = [
            (&branch.then, true, holding.as_ref().map(|share| share.then)),
            (
                &branch.otherwise,
                false,
                holding.as_ref().map(|share| share.otherwise),
            ),
        ];
        for (block, truth, known) in sides {
            if !condition.is_data {
                let taken = |lanes: u32| if truth { lanes } else { !lanes };
                self.sample.keep(holds.map(taken));
            }
            let share = known.unwrap_or(1.0);
            let is_taken = is_rest && truth || known.is_some() && share > 0.0;
            if is_taken && !self.sample.is_active() {
                self.sample.active = outer.0;
                if let Some(share) = holding.as_ref().filter(|_| truth) {
                    self.sample.keep(share.lanes);
                }
            }
            if share > 0.0 {
                self.repeats *= share;
                self.chance *= share;
            }
            self.guard = self.depth;
            if self.sample.is_active() {
                self.section(self.repeats, overlap);
                self.block(block);
            }
            (self.sample.active, self.guard, self.repeats, self.chance) = outer;
        }
        self.section(self.repeats, 1.0);
    }

    /// Returns for how many of all iterations around a comparison decides that moves evenly with them, or several do that
    /// must all hold; `None` where none does but by threads, whose lanes are known.
    ///
    /// Comparisons of threads alone choose lanes, as long as they leave any of those that are looked at; else threads count among
    /// the iterations.
    fn share(&self, condition: Handle<Expr>) -> Option<Share> {
        let (mut distances, mut differences) = (Vec::new(), Vec::new());
        self.distances(condition, &mut distances, &mut differences)?;
        let around = self.kernel.outwards(self.inside).map(|(_, each)| each);
        let around: Vec<&Repetition> = around.collect();
        let moving = |distance: Value| (along(&distance, &around), distance);
        let moving_apart = differences.into_iter().map(moving).any(|each| moves(&each));
        let moving: Vec<_> = distances.into_iter().map(moving).collect();
        if !moving.iter().any(moves) {
            // What differs in all iterations but one holds.
            return (moving_apart && moving.is_empty()).then_some(Share {
                then: 1.0,
                otherwise: 0.0,
                lanes: ALL,
            });
        }
        let (of_threads, others): (Vec<_>, Vec<_>) = moving
            .iter()
            .partition(|comparison| move_threads_alone(comparison, &around));
        let lanes = of_threads.iter().fold(ALL, |lanes, (_, distance)| {
            both(lanes, distance.at_least_zero(self.values.threads()))
        });
        if both(lanes, self.sample.active) == NONE || of_threads.is_empty() {
            let then = held(&moving.iter().collect::<Vec<_>>(), &around);
            return Some(Share {
                then,
                otherwise: 1.0 - then,
                lanes: ALL,
            });
        }
        if !others.iter().copied().any(moves) {
            return None;
        }
        let then = held(&others, &around);
        // Lanes that are not chosen take the other way in every iteration.
        Some(Share {
            then,
            otherwise: 1.0,
            lanes,
        })
    }

    /// Adds what must not be below zero for a condition to hold, and what must not be zero; `None` where it is not made of
    /// comparisons.
    fn distances(
        &self,
        condition: Handle<Expr>,
        found: &mut Vec<Value>,
        differences: &mut Vec<Value>,
    ) -> Option<()> {
        let ExprKind::Binary(op, left, right) = self.of.function.exprs[condition].kind else {
            return None;
        };
        if op == BinaryOp::And {
            self.distances(left, found, differences)?;
            return self.distances(right, found, differences);
        }
        let (greater, lesser, least) = match Comparison::of(op)? {
            Comparison::Less => (right, left, 1),
            Comparison::LessEqual => (right, left, 0),
            Comparison::Greater => (left, right, 1),
            Comparison::GreaterEqual | Comparison::NotEqual => (left, right, 0),
            Comparison::Equal => return None,
        };
        let is_difference = op == BinaryOp::NotEqual;
        let found = if is_difference { differences } else { found };
        let mut distance = self.values.integer(greater);
        self.values.add(&mut distance, lesser, -1);
        distance.shift(-least);
        (!distance.is_data).then(|| found.push(distance))
    }
}

/// Who takes the two ways of a condition.
struct Share {
    /// In how many of the iterations around it holds for the lanes that it chooses.
    then: f64,
    /// In how many of them it does not hold for any other.
    otherwise: f64,
    /// The lanes that it chooses by themselves.
    lanes: Mask,
}

/// A comparison: by how much what must not be below zero is greater in the next iteration of each loop, and that.
type Moving = (Vec<f64>, Value);

const ALL: Mask = [u32::MAX; WARPS];

const NONE: Mask = [0; WARPS];

fn both(a: Mask, b: Mask) -> Mask {
    std::array::from_fn(|warp| a[warp] & b[warp])
}

/// Returns whether anything around moves a comparison.
fn moves((slopes, _): &Moving) -> bool {
    slopes.iter().any(|by| *by != 0.0)
}

/// Returns whether the threads of a block, and nothing else around, move a comparison.
fn move_threads_alone(comparison: &Moving, around: &[&Repetition]) -> bool {
    let mut moving = comparison
        .0
        .iter()
        .zip(around)
        .filter(|(by, _)| **by != 0.0);
    let is_thread = |each: &Repetition| matches!(each.mapping, Mapping::Thread(_));
    moves(comparison) && moving.all(|(_, each)| is_thread(each))
}

/// Returns in how many of the iterations around all comparisons hold.
fn held(comparisons: &[&Moving], around: &[&Repetition]) -> f64 {
    let root = root(around.len());
    let holds = |point: &u32| {
        let iterations = iterations(around, root, *point);
        comparisons.iter().all(|(slopes, distance)| {
            let passed = slopes.iter().zip(&iterations);
            let passed: f64 = passed.map(|(slope, by)| slope * by).sum();
            distance.base() as f64 + passed >= 0.0
        })
    };
    (0..POINTS).filter(holds).count() as f64 / f64::from(POINTS)
}

/// Returns by how much a value is greater in the next iteration of each loop.
fn along(value: &Value, around: &[&Repetition]) -> Vec<f64> {
    let gradient = value.gradient();
    let slope = |each: &&Repetition| gradient.get(each.depth).copied().unwrap_or_default() as f64;
    around.iter().map(slope).collect()
}

/// Returns how far one of many points is from the iteration of each loop that stands at the base; together they fill the
/// iterations evenly.
///
/// **Source**: Roberts, “The Unreasonable Effectiveness of Quasirandom Sequences” (2018): multiples of the powers of [`root`].
fn iterations(around: &[&Repetition], root: f64, point: u32) -> Vec<f64> {
    let mut place = f64::from(point);
    let far = around.iter().map(|each| {
        place /= root;
        let iteration = ((place + 0.5).fract() * each.trips).floor();
        iteration - looked_at(each.mapping, each.trips)
    });
    far.collect()
}

/// Returns the root of x^(d+1) = x + 1, where d is the number of loops.
fn root(loops: usize) -> f64 {
    let power = 1.0 / (loops as f64 + 1.0);
    (0..16).fold(2.0, |root: f64, _| (1.0 + root).powf(power))
}

/// Returns whether the statement at a place of a block is the condition of a cut loop: all that follows the iterators which
/// are computed from those of its parts, and a test of their ends.
pub(super) fn is_rest(function: &Function, block: &Block, at: usize, branch: &If) -> bool {
    let tests_ends = matches!(
        function.exprs[branch.condition].kind,
        ExprKind::Binary(BinaryOp::Less | BinaryOp::Greater | BinaryOp::And, ..)
    );
    let names = block.iter();
    let names = names.take_while(|each| matches!(each, Stmt::Let(..)));
    tests_ends && at > 0 && names.count() == at && block.len() == at + 1
}
