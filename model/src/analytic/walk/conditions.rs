//! Conditions of a launch: who runs what they decide about.

use mupac_ir::{BinaryOp, Block, Comparison, Expr, ExprKind, Function, Handle, If, Mapping, Stmt};

use super::Walker;
use super::loops::looked_at;
use crate::analytic::kernel::Repetition;
use crate::analytic::operations::Cost;
use crate::analytic::points::Value;

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
        for (block, truth) in [(&branch.then, true), (&branch.otherwise, false)] {
            if !condition.is_data {
                let taken = |lanes: u32| if truth { lanes } else { !lanes };
                self.sample.keep(holds.map(taken));
            }
            let share = holding.map_or(1.0, |holds| if truth { holds } else { 1.0 - holds });
            let is_taken = is_rest && truth || holding.is_some() && share > 0.0;
            if is_taken && !self.sample.is_active() {
                self.sample.active = outer.0;
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

    /// Returns in how many of all iterations around, threads among them, a comparison holds that moves evenly with them, or
    /// all of several; `None` where it does not, and where nothing but threads decides, which are looked at one by one.
    fn share(&self, condition: Handle<Expr>) -> Option<f64> {
        let mut distances = Vec::new();
        self.distances(condition, &mut distances)?;
        let around = self.kernel.outwards(self.inside).map(|(_, each)| each);
        let around: Vec<&Repetition> = around.collect();
        let moving = |distance: &Value| {
            let slopes = along(distance, &around);
            let mut moved = slopes.iter().zip(&around).filter(|(by, _)| **by != 0.0);
            moved
                .any(|(_, each)| !matches!(each.mapping, Mapping::Thread(_)))
                .then_some(slopes)
        };
        let distances: Vec<(i64, Vec<f64>)> = distances
            .iter()
            .filter_map(|distance| Some((distance.base(), moving(distance)?)))
            .collect();
        if distances.is_empty() {
            return None;
        }
        let root = root(around.len());
        let holds = |point: &u32| {
            let iterations = iterations(&around, root, *point);
            distances.iter().all(|(base, slopes)| {
                let passed = slopes.iter().zip(&iterations);
                let passed: f64 = passed.map(|(slope, by)| slope * by).sum();
                *base as f64 + passed >= 0.0
            })
        };
        let held = (0..POINTS).filter(holds).count();
        Some(held as f64 / f64::from(POINTS))
    }

    /// Adds what must not be below zero for a condition to hold; `None` where it is not made of comparisons.
    fn distances(&self, condition: Handle<Expr>, found: &mut Vec<Value>) -> Option<()> {
        let ExprKind::Binary(op, left, right) = self.of.function.exprs[condition].kind else {
            return None;
        };
        if op == BinaryOp::And {
            self.distances(left, found)?;
            return self.distances(right, found);
        }
        let (greater, lesser, least) = match Comparison::of(op)? {
            Comparison::Less => (right, left, 1),
            Comparison::LessEqual => (right, left, 0),
            Comparison::Greater => (left, right, 1),
            Comparison::GreaterEqual => (left, right, 0),
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        let mut distance = self.values.integer(greater);
        self.values.add(&mut distance, lesser, -1);
        distance.shift(-least);
        (!distance.is_data).then(|| found.push(distance))
    }
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
