//! The statements of a callee in place of the call, with early returns turned into branches.

use mupac_ir::{
    Block, Compute, Expr, ExprKind, Handle, If, Loop, Mapping, Place, Span, Stmt, StmtId, Var,
    While,
};

use super::copy::{Binding, Bindings, Copy};
use crate::analyse::names;
use crate::build;

/// What runs after a block.
struct Rest<'a> {
    statements: &'a [Stmt],
    then: Option<&'a Rest<'a>>,
}

impl Copy<'_> {
    /// Returns statements that do what the call does, the result stored in `target`.
    ///
    /// What follows a branch that may return runs in each branch that does not.
    pub(super) fn statements(
        &mut self,
        arguments: &[Handle<Expr>],
        target: Option<&Place>,
    ) -> Option<Block> {
        let mut out = Block::new();
        let bindings = self.bind(arguments, Some(&mut out))?;
        let rest = Rest {
            statements: &self.from().body,
            then: None,
        };
        self.block(&rest, bindings, target, &mut out)?;
        Some(out)
    }

    fn block(
        &mut self,
        rest: &Rest<'_>,
        mut bindings: Bindings,
        target: Option<&Place>,
        out: &mut Block,
    ) -> Option<()> {
        for (at, stmt) in rest.statements.iter().enumerate() {
            self.fresh.spend()?;
            match stmt {
                Stmt::Return(value, _) => {
                    if let Some((target, value)) = target.zip(*value) {
                        let value = self.expr(value, &bindings)?;
                        out.push(self.result_of(target.clone(), value)?);
                    }
                    return Some(());
                }
                Stmt::If(branch) if names::has_return(std::slice::from_ref(stmt)) => {
                    let after = Rest {
                        statements: &rest.statements[at + 1..],
                        then: rest.then,
                    };
                    return self.branch(branch, &after, &bindings, target, out);
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => self.statement(stmt, &mut bindings, out)?,
            }
        }
        match rest.then {
            Some(then) => self.block(then, bindings, target, out),
            None => Some(()),
        }
    }

    /// Stores the result, which is the last that the call does.
    fn result_of(&mut self, target: Place, value: Handle<Expr>) -> Option<Stmt> {
        let ty = self.caller.place_type(&self.module.records, &target)?;
        (ty == self.caller.exprs[value].ty).then(|| {
            Stmt::Compute(Compute {
                id: self.fresh.statement(),
                target,
                value,
                span: self.at,
                target_span: self.at,
            })
        })
    }

    fn branch(
        &mut self,
        branch: &If,
        after: &Rest<'_>,
        bindings: &Bindings,
        target: Option<&Place>,
        out: &mut Block,
    ) -> Option<()> {
        let then = Rest {
            statements: &branch.then,
            then: Some(after),
        };
        if build::constant(self.from(), branch.condition) == Some(1) {
            return self.block(&then, bindings.clone(), target, out);
        }
        let otherwise = Rest {
            statements: &branch.otherwise,
            then: Some(after),
        };
        let condition = self.expr(branch.condition, bindings)?;
        if let Some(holds) = self.decided(condition) {
            let rest = if holds { &then } else { &otherwise };
            return self.block(rest, bindings.clone(), target, out);
        }
        let mut blocks = [Block::new(), Block::new()];
        for (block, rest) in blocks.iter_mut().zip([&then, &otherwise]) {
            self.block(rest, bindings.clone(), target, block)?;
        }
        let [then, otherwise] = blocks;
        out.extend(self.choosing(condition, then, otherwise));
        Some(())
    }

    /// Returns a branch; one that has something to do only where the condition fails is written the other way round.
    fn choosing(&mut self, condition: Handle<Expr>, then: Block, otherwise: Block) -> Option<Stmt> {
        let (condition, then, otherwise) = match (then.is_empty(), otherwise.is_empty()) {
            (true, true) => return None,
            (true, false) => (build::opposite(self.caller, condition), otherwise, then),
            (false, _) => (condition, then, otherwise),
        };
        Some(Stmt::If(If {
            condition,
            then,
            otherwise,
            span: self.at,
        }))
    }

    /// Returns whether a comparison of constants holds.
    fn decided(&self, condition: Handle<Expr>) -> Option<bool> {
        let kind = &self.caller.exprs[condition].kind;
        let value = build::constant(self.caller, condition)?;
        matches!(kind, ExprKind::Binary(..)).then_some(value != 0)
    }

    fn statement(&mut self, stmt: &Stmt, bindings: &mut Bindings, out: &mut Block) -> Option<()> {
        let copied = match stmt {
            Stmt::Compute(compute) => Stmt::Compute(Compute {
                id: self.copied(compute.id),
                target: self.place(&compute.target, bindings)?,
                value: self.expr(compute.value, bindings)?,
                span: compute.span,
                target_span: compute.target_span,
            }),
            Stmt::Declare(var, span) => Stmt::Declare(self.declare(*var, bindings)?, *span),
            Stmt::For(each) => Stmt::For(self.counted(each, bindings)?),
            Stmt::While(each) => Stmt::While(self.uncounted(each, bindings)?),
            Stmt::If(branch) => {
                let condition = self.expr(branch.condition, bindings)?;
                Stmt::If(If {
                    condition,
                    then: self.inner(&branch.then, bindings)?,
                    otherwise: self.inner(&branch.otherwise, bindings)?,
                    span: self.at,
                })
            }
            Stmt::Break(_) | Stmt::Continue(_) => stmt.clone(),
            Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Call(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => return None,
        };
        out.push(copied);
        Some(())
    }

    /// Returns the number of the copy of a statement.
    fn copied(&mut self, original: StmtId) -> StmtId {
        let copy = self.fresh.statement();
        let known = self.callee.origins.get(&original).copied();
        let origin = known.unwrap_or((self.callee.of, original));
        self.origins.insert(copy, origin);
        copy
    }

    /// Makes a variable for a local; the binding holds until the local is declared again.
    fn declare(&mut self, var: Handle<Var>, bindings: &mut Bindings) -> Option<Handle<Var>> {
        let own = self.local(var, bindings)?;
        bindings.insert(var, Binding::Variable(own));
        Some(own)
    }

    /// Copies a block that does not return.
    fn inner(&mut self, block: &[Stmt], bindings: &Bindings) -> Option<Block> {
        let mut out = Block::new();
        let mut bindings = bindings.clone();
        for stmt in block {
            self.fresh.spend()?;
            self.statement(stmt, &mut bindings, &mut out)?;
        }
        Some(out)
    }

    fn counted(&mut self, each: &Loop, bindings: &Bindings) -> Option<Loop> {
        let start = self.expr(each.start, bindings)?;
        let mut bindings = bindings.clone();
        let iterator = if each.declares_iterator {
            self.declare(each.iterator, &mut bindings)?
        } else {
            match bindings.get(&each.iterator)? {
                Binding::Variable(var) => *var,
                Binding::Value(_) | Binding::Object(_) | Binding::Pointer(..) => return None,
            }
        };
        Some(Loop {
            name: self.fresh.loop_name(&each.name),
            iterator,
            declares_iterator: each.declares_iterator,
            start,
            end: self.expr(each.end, &bindings)?,
            step: each.step,
            mapping: Mapping::Sequential,
            body: self.inner(&each.body, &bindings)?,
            span: self.at,
            header_span: self.at,
        })
    }

    fn uncounted(&mut self, each: &While, bindings: &Bindings) -> Option<While> {
        // What is declared before the test is known in the whole loop.
        let mut inside = bindings.clone();
        let mut before_test = Block::new();
        for stmt in &each.before_test {
            self.statement(stmt, &mut inside, &mut before_test)?;
        }
        Some(While {
            name: self.fresh.loop_name(&each.name),
            before_test,
            condition: self.expr(each.condition, &inside)?,
            is_do: each.is_do,
            body: self.inner(&each.body, &inside)?,
            after_body: self.inner(&each.after_body, &inside)?,
            not_counted: each.not_counted.clone(),
            span: self.at,
            header_span: Span::default().join(self.at),
        })
    }
}
