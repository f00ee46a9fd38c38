//! Conditions of a launch: who runs what they decide about.

use mupac_ir::{BinaryOp, Block, ExprKind, Function, If, Stmt};

use super::Walker;
use crate::analytic::kernel::Repetition;
use crate::analytic::operations::Cost;

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
        let outer = (self.sample.active, self.guard);
        // The compiler makes predicates of conditions where it lays out all iterations, and elsewhere waits for them.
        let around = self.inside.and_then(|at| self.kernel.loops.get(at));
        let laid_out = around.filter(|each| each.is_sequential() && each.is_unrolled());
        let overlap = laid_out.map_or(1.0, Repetition::overlap);
        for (block, truth) in [(&branch.then, true), (&branch.otherwise, false)] {
            if !condition.is_data {
                let taken = |lanes: u32| if truth { lanes } else { !lanes };
                self.sample.keep(holds.map(taken));
            }
            if is_rest && truth && !self.sample.is_active() {
                self.sample.active = outer.0;
            }
            self.guard = self.depth;
            if self.sample.is_active() {
                self.section(self.repeats, overlap);
                self.block(block);
            }
            (self.sample.active, self.guard) = outer;
        }
        self.section(self.repeats, 1.0);
    }
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
