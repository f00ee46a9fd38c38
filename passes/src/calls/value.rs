//! The value that a callee computes, as one expression: assignments to locals are substituted, branches choose.

use mupac_ir::{Expr, Handle, Scalar, Stmt};

use super::copy::{Binding, Bindings, Copy};
use crate::build;

/// What runs after a block.
struct Rest<'a> {
    statements: &'a [Stmt],
    then: Option<&'a Rest<'a>>,
}

impl Copy<'_> {
    /// Returns the value of a call whose callee does nothing but compute it.
    ///
    /// `None` where it does more, or where an argument that costs something would be evaluated several times: a
    /// floating-point one might then be rounded in different ways.
    pub(super) fn computed(&mut self, arguments: &[Handle<Expr>]) -> Option<Handle<Expr>> {
        let bindings = self.bind(arguments, None)?;
        let rest = Rest {
            statements: &self.from().body,
            then: None,
        };
        let value = self.result(&rest, bindings)?;
        let is_cheap =
            |(value, uses): (&Handle<Expr>, &usize)| *uses < 2 || self.is_repeatable(*value);
        self.uses.iter().all(is_cheap).then_some(value)
    }

    fn result(&mut self, rest: &Rest<'_>, mut bindings: Bindings) -> Option<Handle<Expr>> {
        let Some((first, statements)) = rest.statements.split_first() else {
            return self.result(rest.then?, bindings);
        };
        let after = Rest {
            statements,
            then: rest.then,
        };
        match first {
            Stmt::Declare(var, _) => {
                bindings.remove(var);
                self.result(&after, bindings)
            }
            Stmt::Compute(compute) => {
                let var = &self.from().vars[compute.target.var];
                if !compute.target.path.is_empty() || !var.is_plain_local() {
                    return None;
                }
                // A pointer of its own may lead anywhere.
                var.ty.scalar()?;
                let value = self.expr(compute.value, &bindings)?;
                bindings.insert(compute.target.var, Binding::Value(value));
                self.result(&after, bindings)
            }
            Stmt::If(branch) => {
                let then = Rest {
                    statements: &branch.then,
                    then: Some(&after),
                };
                if build::constant(self.from(), branch.condition) == Some(1) {
                    return self.result(&then, bindings);
                }
                let otherwise = Rest {
                    statements: &branch.otherwise,
                    then: Some(&after),
                };
                let condition = self.expr(branch.condition, &bindings)?;
                let then = self.result(&then, bindings.clone())?;
                let otherwise = self.result(&otherwise, bindings)?;
                Some(self.choice(condition, then, otherwise))
            }
            Stmt::Return(value, _) => self.expr((*value)?, &bindings),
            Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        }
    }

    /// Returns `condition ? then : otherwise`; of the truth values 1 and 0, the condition itself.
    fn choice(
        &mut self,
        condition: Handle<Expr>,
        then: Handle<Expr>,
        otherwise: Handle<Expr>,
    ) -> Handle<Expr> {
        let node = &self.caller.exprs[condition];
        let ty = self.caller.exprs[then].ty.clone();
        let constants = [then, otherwise].map(|value| build::constant(self.caller, value));
        let is_itself = node.kind.is_truth() && ty == Scalar::I32.into();
        if is_itself && constants == [Some(1), Some(0)] {
            return condition;
        }
        let kind = mupac_ir::ExprKind::Select {
            condition,
            then,
            otherwise,
        };
        let mut choice = Expr::new(kind, ty);
        choice.span = self.at;
        self.caller.exprs.push(choice)
    }
}
