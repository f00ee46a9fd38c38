//! Statements.

use crate::arena::Handle;
use crate::atomic::AtomicOperation;
use crate::expr::ExprKind;
use crate::function::{Space, Var};
use crate::stmt::{Call, Compute, If, Loop, Stmt, While};
use crate::types::{Scalar, Type};

use super::activation::Activation;
use super::arithmetic;
use super::evaluate::cast;
use super::fault::{FaultKind, Outcome, malformed, unsupported};
use super::memory::Agent;
use super::place::{Location, Purpose};
use super::scope::Slot;
use super::value::Value;

/// Where control goes after a statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flow {
    /// To the next statement.
    Next,
    /// Out of the innermost loop.
    Break,
    /// To the next iteration of the innermost loop.
    Continue,
    /// Out of the function.
    Return(Option<Value>),
}

impl<'m> Activation<'_, 'm> {
    /// Runs a block; the variables it declares end with it, and what its names for values hide comes back.
    pub(super) fn block(&mut self, block: &'m [Stmt]) -> Outcome<Flow> {
        self.machine.enter()?;
        let hidden = self.hidden(block);
        let open = std::mem::take(&mut self.open_stays);
        let flow = self.statements(block)?;
        let ended = std::mem::replace(&mut self.open_stays, open);
        self.end_stays(ended)?;
        self.leave_scope(block, hidden);
        self.machine.leave();
        Ok(flow)
    }

    /// Runs statements in the scope that is open.
    pub(super) fn statements(&mut self, block: &'m [Stmt]) -> Outcome<Flow> {
        let mut position = 0;
        while let Some(stmt) = block.get(position) {
            let mut run = self.bracket_at(block, position)?;
            if run.is_none() {
                run = self.region_at(block, position)?;
            }
            if let Some((flow, after)) = run {
                if flow != Flow::Next {
                    return Ok(flow);
                }
                position = after;
                continue;
            }
            let flow = self
                .statement(stmt)
                .map_err(|fault| fault.at(stmt.span()))?;
            if flow != Flow::Next {
                return Ok(flow);
            }
            position += 1;
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, stmt: &'m Stmt) -> Outcome<Flow> {
        self.machine.count(stmt.span())?;
        match stmt {
            Stmt::Compute(compute) => self.compute(compute)?,
            Stmt::Declare(var, _) => self.declare(*var)?,
            Stmt::Let(var, value) => {
                let value = self.evaluate(*value)?;
                self.set_slot(*var, Slot::Value(Some(value)));
            }
            Stmt::For(each) => return self.counted(each),
            Stmt::If(branch) => return self.branch(branch),
            Stmt::While(each) => return self.uncounted(each),
            Stmt::Call(call) => self.call(call)?,
            Stmt::Return(value, _) => {
                self.doubt = None;
                let value = value.map(|value| self.evaluate(value)).transpose()?;
                if let Some(doubts) = &mut self.machine.doubts {
                    doubts.returned = self.doubt.take();
                }
                return Ok(Flow::Return(value));
            }
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Barrier => return malformed("a barrier outside the code of threads"),
            Stmt::Verbatim(..) => return unsupported("text that is not modelled"),
        }
        Ok(Flow::Next)
    }

    pub(super) fn compute(&mut self, compute: &'m Compute) -> Outcome<()> {
        if let Some(operator) = self.reduces(compute) {
            return self.reduce(compute, operator);
        }
        if self.copied_to_shared(compute)? {
            return Ok(());
        }
        let value = self.evaluate(compute.value)?;
        let doubt = self.doubt.take();
        let target = self.locate(&compute.target, Purpose::Access)?;
        self.write(target, value)?;
        self.set_doubt(target, doubt);
        Ok(())
    }

    /// Copies an element to a shared array as it is, with or without a value; returns false for any other assignment.
    ///
    /// A box that a block shares may have corners that the program does not read and never gave a value.
    fn copied_to_shared(&mut self, compute: &'m Compute) -> Outcome<bool> {
        let function = self.function;
        let value = function.exprs.get(compute.value);
        let (Some(ExprKind::Load(source)), Space::Shared) = (
            value.map(|value| &value.kind),
            self.var(compute.target.var)?.space,
        ) else {
            return Ok(false);
        };
        let source = self.locate(source, Purpose::Access)?;
        let target = self.locate(&compute.target, Purpose::Access)?;
        let (Location::Memory(from, ty), Location::Memory(to, _)) = (source, target) else {
            return Ok(false);
        };
        let (size, alignment) = (self.size(ty)?, self.alignment(ty));
        let (agent, memory) = (self.context.agent, &mut self.machine.memory);
        let bytes = memory.load_raw(agent, from, size, alignment)?;
        memory.store_raw(agent, to, &bytes, alignment)?;
        Ok(true)
    }

    fn branch(&mut self, branch: &'m If) -> Outcome<Flow> {
        if self.holds(branch.condition)? {
            self.block(&branch.then)
        } else {
            self.block(&branch.otherwise)
        }
    }

    fn uncounted(&mut self, each: &'m While) -> Outcome<Flow> {
        let mut is_tested = !each.is_do;
        loop {
            self.machine.count(each.span)?;
            // What `before_test` declares, the condition reads; so it ends after the test (in a `while`, after
            // the iteration).
            if is_tested && !self.test(each)? {
                break;
            }
            let flow = self.block(&each.body)?;
            match flow {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return(_) => return Ok(flow),
            }
            self.block(&each.after_body)?;
            self.end_all(&each.before_test);
            is_tested = true;
        }
        self.end_all(&each.before_test);
        Ok(Flow::Next)
    }

    fn test(&mut self, each: &'m While) -> Outcome<bool> {
        if self.statements(&each.before_test)? != Flow::Next {
            return malformed("a jump out of a loop's test");
        }
        self.holds(each.condition)
    }

    fn counted(&mut self, each: &'m Loop) -> Outcome<Flow> {
        if each.mapping.is_parallel()
            && self.context.agent == Agent::Host
            && (self.machine.watches_trees || self.has_threads_that_meet(each))
        {
            return self.launch_tree(each).map(|()| Flow::Next);
        }
        self.counting(each, &mut |this| this.block(&each.body))
    }

    /// Runs a counted loop whose iterations do what `run` does.
    pub(super) fn counting(
        &mut self,
        each: &'m Loop,
        run: &mut dyn FnMut(&mut Self) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        self.start_counting(each)?;
        let flow = if each.mapping.is_parallel() {
            self.parallel(each, run)?
        } else {
            self.sequential(each, run)?
        };
        self.end_counting(each);
        Ok(flow)
    }

    /// Gives the iterator of a loop its first value.
    pub(super) fn start_counting(&mut self, each: &'m Loop) -> Outcome<()> {
        let scalar = self.counted_type(each)?;
        // The start is computed first: `for (int i = i; …)` aside, it may read what the iterator hides.
        let start = self.integer(each.start)?;
        if each.declares_iterator {
            self.declare(each.iterator)?;
        }
        let start = Value::Integer(arithmetic::wrap(scalar, start));
        self.assign_var(each.iterator, start)
    }

    /// Ends the lifetime of the iterator of a loop, if the loop declares it.
    pub(super) fn end_counting(&mut self, each: &'m Loop) {
        if each.declares_iterator {
            self.end(each.iterator);
        }
    }

    fn counted_type(&self, each: &'m Loop) -> Outcome<Scalar> {
        match self.var(each.iterator)?.ty.scalar() {
            Some(scalar) if !scalar.is_float() => Ok(scalar),
            Some(_) | None => malformed("a loop over something that is no integer"),
        }
    }

    fn sequential(
        &mut self,
        each: &'m Loop,
        run: &mut dyn FnMut(&mut Self) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        while self.goes_on(each)? {
            self.machine.count(each.header_span)?;
            let flow = run(self)?;
            match flow {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return(_) => return Ok(flow),
            }
            self.advance(each)?;
        }
        Ok(Flow::Next)
    }

    /// Runs the iterations in the machine's order; which they are is decided before the first.
    fn parallel(
        &mut self,
        each: &'m Loop,
        run: &mut dyn FnMut(&mut Self) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        let mut values = Vec::new();
        while self.goes_on(each)? {
            self.machine.count(each.header_span)?;
            values.push(self.iterator_value(each.iterator)?);
            self.advance(each)?;
        }
        let after = self.iterator_value(each.iterator)?;
        self.machine.orderer.arrange(&mut values);
        for value in values {
            self.assign_var(each.iterator, Value::Integer(value))?;
            match run(self)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break | Flow::Return(_) => {
                    return malformed("a jump out of a parallel loop");
                }
            }
        }
        self.assign_var(each.iterator, Value::Integer(after))?;
        Ok(Flow::Next)
    }

    /// Returns whether a counted loop runs another iteration: the comparison is in the type of its end.
    pub(super) fn goes_on(&mut self, each: &'m Loop) -> Outcome<bool> {
        let value = Value::Integer(self.iterator_value(each.iterator)?);
        let function = self.function;
        let end = self.evaluate(each.end)?;
        let Some(ty) = function.exprs.get(each.end).and_then(|end| end.ty.scalar()) else {
            return malformed("the end of a loop that is no number");
        };
        let value = arithmetic::convert(&value, ty)?;
        match (value, end) {
            (Value::Integer(value), Value::Integer(end)) if each.step > 0 => Ok(value < end),
            (Value::Integer(value), Value::Integer(end)) if each.step < 0 => Ok(value > end),
            (
                Value::Integer(_)
                | Value::F32(_)
                | Value::F64(_)
                | Value::Pointer(_)
                | Value::Structure(_),
                _,
            ) => malformed("a loop without a step, or over something that is no integer"),
        }
    }

    /// Adds the step as C does: in the promoted type, then back.
    pub(super) fn advance(&mut self, each: &'m Loop) -> Outcome<()> {
        let scalar = self.counted_type(each)?;
        let value = self.iterator_value(each.iterator)?;
        let next = value + i128::from(each.step);
        let promoted = scalar.promoted();
        let wrapped = arithmetic::wrap(promoted, next);
        if wrapped != next && promoted.is_signed() {
            return Err(FaultKind::SignedOverflow(promoted).into());
        }
        let value = Value::Integer(arithmetic::wrap(scalar, wrapped));
        self.assign_var(each.iterator, value)
    }

    pub(super) fn iterator_value(&mut self, iterator: Handle<Var>) -> Outcome<i128> {
        let var = self.var(iterator)?;
        let value = match self.slot(iterator)? {
            Slot::Value(Some(Value::Integer(value))) => return Ok(*value),
            Slot::Memory(pointer) | Slot::Borrowed(pointer) => {
                let pointer = *pointer;
                self.load(Some(pointer), &var.ty)?
            }
            Slot::Value(_) | Slot::Absent => {
                return Err(FaultKind::Uninitialised(var.name.clone()).into());
            }
        };
        match value.integer() {
            Some(value) => Ok(value),
            None => malformed("a loop over something that is no integer"),
        }
    }

    fn call(&mut self, call: &'m Call) -> Outcome<()> {
        if let Agent::Thread { .. } = self.context.agent
            && let Some(operation) = AtomicOperation::named(&call.callee)
        {
            return self.atomic(operation, call);
        }
        let (arguments, doubts) = self.passed_values(&call.arguments)?;
        let result = self.callee(&call.callee, &arguments, &doubts)?;
        let doubts = self.machine.doubts.as_mut();
        let doubt = doubts.and_then(|doubts| doubts.returned.take());
        let Some(place) = &call.target else {
            return Ok(());
        };
        let Some(result) = result else {
            return Err(FaultKind::MissingReturn(call.callee.clone()).into());
        };
        let target = self.locate(place, Purpose::Access)?;
        let ty: &Type = target.ty();
        let value = cast(result, ty)?;
        self.write(target, value)?;
        self.set_doubt(target, doubt);
        Ok(())
    }
}
