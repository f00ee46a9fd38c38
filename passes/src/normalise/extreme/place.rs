//! Searches that remember the place alone: `if (a[i] > a[at]) at = i;`.

use mupac_ir::structure::{conjuncts, is_same_expr};
use mupac_ir::{
    Block, Comparison, Compute, Expr, ExprKind, Handle, If, Loop, Place, Scalar, Stmt, Var,
};

use super::Splitting;
use super::nest::Nest;
use crate::build;
use crate::normalise::substitute;

/// A loop that remembers the best value.
pub(super) struct Valued {
    /// What stands before it.
    pub(super) before: Block,
    pub(super) nest: Nest,
    /// The place, where conditions of the loop read what it was before.
    pub(super) place: Option<Handle<Var>>,
}

impl Valued {
    /// Returns loops that remember it themselves.
    pub(super) fn known(nest: Nest) -> Self {
        Self {
            before: Block::new(),
            nest,
            place: None,
        }
    }
}

impl Splitting {
    /// Returns a loop that remembers the best value, behind what sets it before: the loop itself where it does, and of
    /// `if (a[i] > a[at]) at = i;` the loop with `if (a[i] > a[at] && a[i] > best) { best = a[i]; at = i; }`, in which
    /// `at` is the place before the loop: the host assigns it behind it.
    pub(super) fn with_value(&mut self, each: &Loop) -> Option<Valued> {
        let found = each.body.iter().enumerate().find_map(|(at, stmt)| {
            let Stmt::If(branch) = stmt else {
                return None;
            };
            Some((at, branch, self.compared(each, branch)?))
        });
        let Some((at, branch, (comparison, place))) = found else {
            return Some(Valued::known(Nest::of_one(each)));
        };
        let ExprKind::Binary(op, a, b) = self.function.exprs[comparison].kind else {
            return None;
        };
        let is_left = build::names(&self.function, a, each.iterator);
        let value = if is_left { a } else { b };
        let ty = self.function.exprs[value].ty.scalar()?;
        let is_greater = matches!(
            Comparison::of(op)?,
            Comparison::Greater | Comparison::GreaterEqual
        ) == is_left;
        let span = each.header_span;
        let target = place.target.var;
        let best = self.local(target, "value", ty.into());
        let worst = worst(self, ty, is_greater);
        let before = vec![Stmt::Declare(best, span), self.assign(best, worst, span)];
        let known = self.load(best);
        let condition = if is_left {
            (value, known)
        } else {
            (known, value)
        };
        let better = build::binary(&mut self.function, op, condition.0, condition.1);
        let inner = Stmt::If(If {
            condition: better,
            then: vec![
                self.assign(best, value, place.span),
                Stmt::Compute(place.clone()),
            ],
            otherwise: Block::new(),
            span: branch.span,
        });
        let mut own = each.clone();
        own.body[at] = Stmt::If(If {
            condition: branch.condition,
            then: vec![inner],
            otherwise: Block::new(),
            span: branch.span,
        });
        Some(Valued {
            before,
            nest: Nest::of_one(&own),
            place: Some(target),
        })
    }

    /// Reads `if (… && a[i] > a[at]) at = i;`: the comparison and the assignment. Nothing else may read the place, which
    /// changes from one iteration to the next.
    fn compared(&mut self, each: &Loop, branch: &If) -> Option<(Handle<Expr>, Compute)> {
        let [Stmt::Compute(place)] = branch.then.as_slice() else {
            return None;
        };
        let is_place = place.target.path.is_empty()
            && branch.otherwise.is_empty()
            && build::read(&self.function, place.value) == Some(each.iterator);
        is_place.then_some(())?;
        let target = place.target.var;
        let mut all = conjuncts(&self.function, branch.condition);
        all.retain(|condition| build::names(&self.function, *condition, target));
        let [comparison] = *all.as_slice() else {
            return None;
        };
        let ExprKind::Binary(op, a, b) = self.function.exprs[comparison].kind else {
            return None;
        };
        let is_order = !matches!(
            Comparison::of(op)?,
            Comparison::Equal | Comparison::NotEqual
        );
        let there = self.reading(a, target, each.iterator);
        let here = self.reading(b, target, each.iterator);
        let is_same = is_same_expr(&self.function, there, &self.function, here);
        // One side reads the counter alone, the other one the place alone.
        let names =
            |expr| [each.iterator, target].map(|var| build::names(&self.function, expr, var));
        let is_each_its_own = [[true, false], [false, true]] == [names(a), names(b)]
            || [[false, true], [true, false]] == [names(a), names(b)];
        (is_order && is_same && is_each_its_own).then(|| (comparison, place.clone()))
    }

    /// Returns an expression that reads another variable in the place of one.
    fn reading(
        &mut self,
        expr: Handle<Expr>,
        var: Handle<Var>,
        other: Handle<Var>,
    ) -> Handle<Expr> {
        let (from, to) = (
            self.function.vars[var].ty.scalar(),
            self.function.vars[other].ty.scalar(),
        );
        if from != to {
            return expr;
        }
        substitute::reads(&mut self.function, expr, &mut |function, read| {
            (read.place == Place::var(var)).then_some(())?;
            let ty = function.vars[other].ty.clone();
            Some(function.expr(ExprKind::Load(Place::var(other)), ty))
        })
    }
}

/// Returns the value that every other one of a type is better than, or as good as.
fn worst(work: &mut Splitting, ty: Scalar, is_greater: bool) -> Handle<Expr> {
    if let Some((low, high)) = ty.integer_range() {
        let worst = if is_greater { low } else { high };
        return build::int(&mut work.function, worst, ty);
    }
    let infinity = if is_greater {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    };
    work.function.expr(ExprKind::Float(infinity), ty)
}
