//! Calls through pointers that may lead to several functions: of `s += f(x)` remains
//! `if (f == g) r = g(x); else if (f == h) r = h(x); else r = f(x); s += r;`, without the last call where nothing else is left;
//! and of `s += t[i](x)`, where `t` is a table of functions, `if (i == 0) r = g(x); else r = h(x); s += r;`.

use mupac_ir::stmt::Call;
use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Handle, If, Place, Scalar, Span, Stmt, Var};

use crate::clang::Cursor;
use crate::lower::Lowered;
use crate::lower::call::library;
use crate::lower::function::Body;
use crate::lower::targets::{By, Choice};

impl<'u> Body<'_, 'u> {
    /// Returns whether a call goes through a pointer that may lead to several functions.
    pub(super) fn is_choice(&self, call: Cursor<'u>) -> bool {
        let children = call.children();
        let callee = children.first();
        callee.is_some_and(|callee| self.choice(*callee).is_some())
    }

    /// Returns the functions that a callee may be, and what says which: of those that a guard asks for, the ones that the text
    /// can name before the function that calls them.
    fn choice(&self, callee: Cursor<'u>) -> Option<(By<'u>, Choice<'u>)> {
        let (by, mut choice) = self.shared.targets.choice(callee)?;
        if matches!(by, By::Pointer(_)) {
            let at = self.span(callee);
            let count = choice.functions.len();
            choice.functions.retain(|function| {
                let declared = self.shared.text.span(function.canonical());
                let is_later = declared.is_some_and(|declared| declared.start > at.start);
                !is_later && !self.shared.targets.may_be_hidden(*function)
            });
            choice.is_whole &= choice.functions.len() == count;
        }
        (!choice.functions.is_empty()).then_some((by, choice))
    }

    /// Lowers a call through a pointer that may lead to several functions, whose value a variable receives, if any does.
    pub(super) fn call_one_of(
        &mut self,
        call: Cursor<'u>,
        result: Option<Handle<Var>>,
    ) -> Lowered<()> {
        let (at, children) = (self.span(call), call.children());
        let Some((callee, arguments)) = children.split_first() else {
            return Ok(());
        };
        let Some((by, choice)) = self.choice(*callee) else {
            return Ok(());
        };
        let by = match by {
            By::Pointer(pointer) => self.variable(pointer, at)?,
            By::Number(number) => {
                let number = self.value(number)?;
                self.temporary("number", number, at)
            }
        };
        let values = self.arguments(arguments, false)?;
        let mut functions = choice.functions.iter().enumerate();
        let mut otherwise = if choice.is_whole {
            let last = functions.next_back();
            let (block, lowered) = self.nested(|body| {
                last.map_or(Ok(()), |(_, last)| {
                    body.call_of(*last, arguments, (&values, result), at)
                })
            });
            lowered?;
            block
        } else {
            let callee = Call::through(&self.function.vars[by].name);
            vec![Stmt::Call(Call {
                target: result.map(Place::var),
                callee,
                arguments: values.clone(),
                span: at,
            })]
        };
        for (number, function) in functions.rev() {
            let (then, lowered) =
                self.nested(|body| body.call_of(*function, arguments, (&values, result), at));
            lowered?;
            let condition = match self.function.vars[by].ty.scalar() {
                None => self.leads_to(by, *function, at),
                Some(ty) => {
                    let number = self.int(number as i128, ty);
                    let asked = self.function.load(by);
                    let kind = ExprKind::Binary(BinaryOp::Equal, asked, number);
                    self.function.expr(kind, Scalar::I32)
                }
            };
            otherwise = vec![Stmt::If(If {
                condition,
                then,
                otherwise,
                span: at,
            })];
        }
        self.out.extend::<Block>(otherwise);
        Ok(())
    }

    /// Lowers a call of a function with arguments that are lowered already.
    fn call_of(
        &mut self,
        function: Cursor<'u>,
        arguments: &[Cursor<'u>],
        (values, result): (&[Handle<Expr>], Option<Handle<Var>>),
        at: Span,
    ) -> Lowered<()> {
        if let Some(builtin) = library(function) {
            let kind = ExprKind::Call(builtin.name.to_owned(), values.to_vec());
            let value = self.function.expr(kind, builtin.result());
            if let Some(result) = result {
                self.compute(Place::var(result), value, at, at);
            }
            return Ok(());
        }
        let call = self.named_call(function, (arguments, values.to_vec()), at)?;
        self.out.push(Stmt::Call(Call {
            target: result.map(Place::var),
            ..call
        }));
        Ok(())
    }

    /// Returns whether a pointer leads to a function.
    fn leads_to(&mut self, pointer: Handle<Var>, function: Cursor<'u>, at: Span) -> Handle<Expr> {
        let function = self.function_address(function, at);
        let pointer = self.function.load(pointer);
        let kind = ExprKind::Binary(BinaryOp::Equal, pointer, function);
        self.function.expr(kind, Scalar::I32)
    }
}
