//! Which sums of floating-point numbers a plan computes in another order than the program.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind};
use crate::function::Var;
use crate::plan::{ReductionOperator, RegionPlan};
use crate::stmt::{Compute, Stmt, StmtId};
use crate::structure;
use crate::types::Scalar;

impl RegionPlan {
    /// Returns whether kernels do nothing with an array but add floating-point numbers to its elements.
    pub fn adds_to(&self, array: Handle<Var>) -> bool {
        let (mut sums, mut stores, mut reads) = (0, 0, 0);
        for (_, kernel) in self.kernels.iter() {
            structure::each(&kernel.body, &mut |stmt| {
                if let Stmt::Compute(compute) = stmt
                    && compute.target.var == array
                {
                    stores += 1;
                    sums += usize::from(self.is_float_sum(compute));
                }
                structure::each_expression(stmt, &mut |expr| {
                    structure::visit(&self.function, expr, &mut |_, node| {
                        let names = matches!(&node.kind, ExprKind::Load(place) | ExprKind::Address(place)
                            if place.var == array);
                        reads += usize::from(names);
                    });
                });
            });
        }
        sums > 0 && stores == sums && reads == sums
    }

    /// Returns whether the plan holds only where iterations add floating-point numbers to different elements.
    pub fn needs_different_sums(&self) -> bool {
        let mut inspections = self.inspections.iter();
        inspections.any(|(_, each)| each.must_differ() && self.adds_to(each.array))
    }

    fn is_float_sum(&self, compute: &Compute) -> bool {
        let node = &self.function.exprs[compute.value];
        let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) = node.kind else {
            return false;
        };
        let is_target = |expr: Handle<Expr>| {
            let kind = &self.function.exprs[expr].kind;
            matches!(kind, ExprKind::Load(place)
                if structure::is_same_place(&self.function, place, &self.function, &compute.target))
        };
        let is_sum = is_target(a) || op == BinaryOp::Add && is_target(b);
        node.ty.scalar().is_some_and(Scalar::is_float) && is_sum
    }

    /// Returns the statements whose floating-point results are joined in another order than the program's, by which operator.
    pub fn reordered(&self) -> impl Iterator<Item = (StmtId, ReductionOperator)> {
        let is_float = |var: Handle<Var>| {
            let ty = &self.function.vars[var].ty;
            let number = ty.scalar().or_else(|| ty.element()?.scalar());
            number.is_some_and(Scalar::is_float)
        };
        let reductions = self.reductions.iter().map(|(_, each)| each);
        let reductions = reductions
            .filter(move |each| is_float(each.accumulator))
            .map(|each| (&each.statements, each.operator));
        let sums = self
            .split_sums
            .iter()
            .filter(move |each| is_float(self.buffers[each.slices].array))
            .map(|each| (&each.statements, ReductionOperator::Sum));
        let lanes = self
            .lane_joins
            .iter()
            .filter(move |each| is_float(each.accumulator))
            .map(|each| (&each.statements, each.operator));
        let each = |(statements, operator)| {
            let statements: &BTreeSet<StmtId> = statements;
            statements.iter().map(move |id| (*id, operator))
        };
        let atomic = self.atomic_sums.iter();
        let atomic = atomic.map(|id| (*id, ReductionOperator::Sum));
        let ordered = reductions.chain(sums).chain(lanes).flat_map(each);
        ordered.chain(atomic)
    }

    /// Returns the arrays with elements that atomic additions sum up, by name.
    pub fn unordered_arrays(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        structure::each(&self.function.body, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt
                && self.atomic_sums.contains(&compute.id)
            {
                names.insert(self.function.vars[compute.target.var].name.as_str());
            }
        });
        names
    }
}
