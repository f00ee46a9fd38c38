//! Expressions.

use crate::arena::Handle;
use crate::builtin::{Accuracy, Builtin};
use crate::expr::{
    BLOCK_LENGTH, BinaryOp, Expr, ExprKind, GREATEST, IS_THERE, NOT_NEGATIVE, PLANE_SPACING, Place,
    ROW_SPACING, ROW_SPACING_IF_THERE, UnaryOp,
};
use crate::function::Function;
use crate::stmt::Axis;
use crate::types::{Scalar, Type};

use super::activation::Activation;
use super::arithmetic;
use super::fault::{FaultKind, Outcome, malformed};
use super::memory::Agent;
use super::place::{Location, Purpose};
use super::rounding;
use super::value::{Pointer, Value};

impl<'m> Activation<'_, 'm> {
    /// Returns the value of an expression.
    pub(super) fn evaluate(&mut self, handle: Handle<Expr>) -> Outcome<Value> {
        let Some(expr) = self.function.exprs.get(handle) else {
            return malformed("an expression of another function");
        };
        self.machine.enter()?;
        self.doubt = None;
        let value = self
            .evaluate_kind(expr)
            .map_err(|fault| fault.at(expr.span))?;
        self.machine.leave();
        Ok(value)
    }

    /// Returns the value of an integer expression.
    pub(super) fn integer(&mut self, handle: Handle<Expr>) -> Outcome<i128> {
        match self.evaluate(handle)?.integer() {
            Some(value) => Ok(value),
            None => malformed("something that is no integer where one is needed"),
        }
    }

    /// Returns whether a condition holds.
    pub(super) fn holds(&mut self, handle: Handle<Expr>) -> Outcome<bool> {
        let value = self.evaluate(handle)?;
        self.settle(&value);
        value.is_true()
    }

    /// Makes sure that a value is true or false in every order.
    fn settle(&mut self, value: &Value) {
        if let (Some(doubt), Some(value)) = (self.doubt.take(), rounding::number(value))
            && rounding::conversion(value, doubt, Scalar::Bool).is_none()
        {
            self.give_up_doubts();
        }
    }

    fn evaluate_kind(&mut self, expr: &'m Expr) -> Outcome<Value> {
        match &expr.kind {
            ExprKind::Int(value) => constant(*value, &expr.ty),
            ExprKind::Float(value) => match expr.ty {
                Type::Scalar(Scalar::F32) => Ok(Value::F32(*value as f32)),
                Type::Scalar(Scalar::F64) => Ok(Value::F64(*value)),
                Type::Scalar(_)
                | Type::Void
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_) => malformed("a floating constant of another type"),
            },
            ExprKind::Text(bytes) => self.literal(bytes),
            ExprKind::Load(place) => {
                let location = self.locate(place, Purpose::Access)?;
                let value = self.read(location)?;
                self.doubt = self.doubt_of_read(location, &value);
                Ok(value)
            }
            ExprKind::Address(place) => {
                let address = self.address(place);
                self.doubt = None;
                address
            }
            ExprKind::Unary(op, operand) => {
                let value = self.evaluate(*operand)?;
                if *op == UnaryOp::Not {
                    self.settle(&value);
                }
                let scalar = self.scalar_of(*operand);
                arithmetic::unary(*op, scalar, &value)
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, *left, *right),
            ExprKind::Cast(operand) => {
                let value = self.evaluate(*operand)?;
                if let (Some(doubt), Some(value), Some(to)) =
                    (self.doubt, rounding::number(&value), expr.ty.scalar())
                {
                    self.doubted(rounding::conversion(value, doubt, to));
                }
                cast(value, &expr.ty)
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let chosen = if self.holds(*condition)? {
                    then
                } else {
                    otherwise
                };
                self.evaluate(*chosen)
            }
            ExprKind::Call(name, arguments) => match self.machine.module.function(name) {
                Some((handle, _)) => self.own_call(handle, arguments),
                None => self.library_call(name, arguments),
            },
            ExprKind::BlockIndex(axis) => self.index_on(self.context.block, *axis),
            ExprKind::ThreadIndex(axis) => self.index_on(self.context.thread, *axis),
        }
    }

    /// Returns a string literal's address; equal literals are one object.
    fn literal(&mut self, text: &[u8]) -> Outcome<Value> {
        if let Some(pointer) = self.machine.literals.get(text) {
            return Ok(Value::Pointer(Some(*pointer)));
        }
        let mut bytes = text.to_vec();
        bytes.push(0);
        let pointer = self.machine.memory.literal(&bytes)?;
        self.machine.literals.insert(text.to_vec(), pointer);
        Ok(Value::Pointer(Some(pointer)))
    }

    fn address(&mut self, place: &'m Place) -> Outcome<Value> {
        match self.locate(place, Purpose::Address)? {
            Location::Slot(..) => malformed("the address of a variable that has none"),
            Location::Memory(None, _) => Ok(Value::Pointer(None)),
            Location::Memory(Some(pointer), _) => {
                let pointer = self.machine.memory.check_range(pointer)?;
                Ok(Value::Pointer(Some(pointer)))
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left: Handle<Expr>, right: Handle<Expr>) -> Outcome<Value> {
        let first = self.evaluate(left)?;
        let first_doubt = self.doubt;
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            self.settle(&first);
            let is_decided = first.is_true()? == (op == BinaryOp::Or);
            let is_true = if is_decided {
                op == BinaryOp::Or
            } else {
                self.holds(right)?
            };
            return Ok(arithmetic::truth(is_true));
        }
        let second = self.evaluate(right)?;
        match (first, second) {
            (Value::Pointer(first), Value::Pointer(second)) => {
                self.pointers(op, left, first, second)
            }
            (Value::Pointer(start), Value::Integer(count)) => {
                self.pointer_step(op, left, start, count)
            }
            (first, second) => {
                let scalar = self.scalar_of(left);
                let result = arithmetic::binary(op, scalar, &first, &second)?;
                self.doubt_of(op, (&first, first_doubt), &second, &result, scalar);
                Ok(result)
            }
        }
    }

    /// Follows the doubts of two operands, that of the second being the one at hand.
    fn doubt_of(
        &mut self,
        op: BinaryOp,
        (first, first_doubt): (&Value, Option<f64>),
        second: &Value,
        result: &Value,
        scalar: Scalar,
    ) {
        let second_doubt = self.doubt.take();
        let contracts = self
            .machine
            .doubts
            .as_ref()
            .is_some_and(|each| each.contracts);
        if first_doubt.is_none() && second_doubt.is_none() && !contracts {
            return;
        }
        let (Some(a), Some(b)) = (rounding::number(first), rounding::number(second)) else {
            return;
        };
        let fused = if contracts {
            rounding::contraction(op, a, b, scalar)
        } else {
            0.0
        };
        if first_doubt.is_none() && second_doubt.is_none() && fused == 0.0 {
            return;
        }
        let first = (a, first_doubt.unwrap_or(0.0));
        let second = (b, second_doubt.unwrap_or(0.0));
        let result = rounding::number(result).unwrap_or(0.0);
        let doubt = rounding::operation(op, first, second, result, scalar);
        self.doubted(
            doubt
                .map(|doubt| doubt + fused)
                .filter(|doubt| doubt.is_finite()),
        );
    }

    fn pointer_step(
        &mut self,
        op: BinaryOp,
        left: Handle<Expr>,
        start: Option<Pointer>,
        count: i128,
    ) -> Outcome<Value> {
        let element = self.pointee(left)?;
        let index = if op == BinaryOp::Add {
            count
        } else if op == BinaryOp::Subtract {
            -count
        } else {
            return malformed(format!("{op:?} of a pointer and an integer"));
        };
        let moved = self.offset(start, index, element)?;
        let moved = moved
            .map(|pointer| self.machine.memory.check_range(pointer))
            .transpose()?;
        Ok(Value::Pointer(moved))
    }

    fn pointers(
        &mut self,
        op: BinaryOp,
        left: Handle<Expr>,
        first: Option<Pointer>,
        second: Option<Pointer>,
    ) -> Outcome<Value> {
        if op == BinaryOp::Equal {
            return Ok(arithmetic::truth(first == second));
        }
        if op == BinaryOp::NotEqual {
            return Ok(arithmetic::truth(first != second));
        }
        let (first, second) = self.same_object(first, second)?;
        if op == BinaryOp::Difference {
            let element = self.pointee(left)?;
            return match i128::from(self.size(element)?) {
                0 => malformed("a difference in elements of no size"),
                size => Ok(Value::Integer((first - second) / size)),
            };
        }
        if !op.is_truth() {
            return malformed(format!("{op:?} of two pointers"));
        }
        let (first, second) = (Value::Integer(first), Value::Integer(second));
        arithmetic::binary(op, Scalar::I64, &first, &second)
    }

    /// Returns the offsets of two pointers into one object; two null pointers count as one object.
    fn same_object(
        &self,
        first: Option<Pointer>,
        second: Option<Pointer>,
    ) -> Outcome<(i128, i128)> {
        let memory = &self.machine.memory;
        match (first, second) {
            (Some(a), Some(b)) if a.object == b.object => {
                Ok((i128::from(a.offset), i128::from(b.offset)))
            }
            (None, None) => Ok((0, 0)),
            (Some(a), Some(b)) => {
                Err(FaultKind::DifferentObjects(memory.name(a), memory.name(b)).into())
            }
            (Some(_), None) | (None, Some(_)) => Err(FaultKind::NullPointer.into()),
        }
    }

    /// Calls a function of the module that touches nothing but its own variables, so that any thread may run it.
    fn own_call(
        &mut self,
        handle: Handle<Function>,
        arguments: &'m [Handle<Expr>],
    ) -> Outcome<Value> {
        let (values, doubts) = self.passed_values(arguments)?;
        let result = self.machine.call(handle, &values, &doubts)?;
        if let Some(doubts) = &mut self.machine.doubts {
            self.doubt = doubts.returned.take();
        }
        result.ok_or_else(|| {
            let name = &self.machine.module.functions[handle].name;
            FaultKind::MissingReturn(name.clone()).into()
        })
    }

    /// Returns how many elements there are from a pointer to the end of its object.
    fn block_length(&mut self, block: Handle<Expr>) -> Outcome<Value> {
        let size = self.size(self.pointee(block)?)?.max(1);
        let Value::Pointer(start) = self.evaluate(block)? else {
            return malformed("the length of something that is no block");
        };
        let bytes = start.and_then(|start| {
            let all = self.machine.memory.bytes(start).ok()?.data.len();
            u64::try_from(i64::try_from(all).ok()? - start.offset).ok()
        });
        let count = i32::try_from(bytes.unwrap_or(0) / size).unwrap_or(0);
        Ok(Value::Integer(count.into()))
    }

    /// Returns whether an object holds what a pointer leads to.
    fn is_there(&mut self, object: Handle<Expr>) -> Outcome<Value> {
        let size = self.size(self.pointee(object)?)?;
        let Value::Pointer(start) = self.evaluate(object)? else {
            return malformed("something that may be there and is no pointer");
        };
        let is_held = start.is_some_and(|start| self.machine.memory.holds(start, size));
        Ok(Value::Integer(is_held.into()))
    }

    /// Evaluates what is passed to a function, with the doubts about each value.
    pub(super) fn passed_values(
        &mut self,
        arguments: &'m [Handle<Expr>],
    ) -> Outcome<(Vec<Value>, Vec<Option<f64>>)> {
        let (mut values, mut doubts) = (Vec::new(), Vec::new());
        for argument in arguments {
            values.push(self.evaluate(*argument)?);
            doubts.push(self.doubt.take());
        }
        Ok((values, doubts))
    }

    fn library_call(&mut self, name: &str, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        match (name, arguments) {
            (PLANE_SPACING, _) => return self.plane_spacing(arguments),
            (ROW_SPACING, [_, _] | [_, _, _]) => return self.row_spacing(arguments),
            (ROW_SPACING_IF_THERE, [_, _] | [_, _, _]) => {
                return self.row_spacing_if_there(arguments);
            }
            (GREATEST, [_, _] | [_, _, _]) => return self.greatest(arguments),
            (NOT_NEGATIVE, [_, _, _]) => return self.not_negative(arguments),
            (IS_THERE, [object]) => return self.is_there(*object),
            (BLOCK_LENGTH, [block]) => return self.block_length(*block),
            (ROW_SPACING, _) => return self.row_spacing_in_planes(arguments),
            (ROW_SPACING_IF_THERE, _) => return self.row_spacing_in_planes_if_there(arguments),
            _ => {}
        }
        let Some(builtin) = Builtin::find(name) else {
            return Err(FaultKind::UnknownFunction(name.to_owned()).into());
        };
        let mut doubts = Vec::new();
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.evaluate(*argument)?);
            doubts.extend(self.doubt.take());
        }
        let result = arithmetic::call(builtin, &values)?;
        let own = self.doubt_of_library(builtin, &result);
        if let Some(doubt) = doubts.iter().copied().reduce(f64::max) {
            let scalar = arguments.first().map(|argument| self.scalar_of(*argument));
            let known = match (values.as_slice(), scalar) {
                ([argument], Some(scalar)) => rounding::number(argument)
                    .zip(rounding::number(&result))
                    .and_then(|(value, result)| rounding::call(name, value, doubt, result, scalar)),
                ([_, _], Some(_)) if matches!(name, "fmin" | "fminf" | "fmax" | "fmaxf") => {
                    Some(doubt)
                }
                _ => None,
            };
            self.doubted(known.zip(own).map(|(carried, own)| carried + own));
        } else if own != Some(0.0) {
            self.doubted(own);
        }
        Ok(result)
    }

    /// Returns how far a function's result may be off because another library computes it; `None` where no bound is known.
    fn doubt_of_library(&self, builtin: &Builtin, result: &Value) -> Option<f64> {
        let doubts = self.machine.doubts.as_ref();
        let is_other = doubts.is_some_and(|each| each.has_other_library);
        match (rounding::number(result), builtin.accuracy) {
            (Some(number), Accuracy::Library) if is_other => {
                rounding::other_library(number, builtin.result())
            }
            // A zero of the other sign is no distance away, but other bits: what has a doubt is compared as a number.
            (Some(0.0), Accuracy::ExactButZeroSign) if is_other => Some(f64::from_bits(1)),
            (Some(_) | None, Accuracy::Exact | Accuracy::ExactButZeroSign | Accuracy::Library) => {
                Some(0.0)
            }
        }
    }

    fn index_on(&self, indices: [i64; 3], axis: Axis) -> Outcome<Value> {
        if self.context.agent == Agent::Host {
            return malformed("a block or thread index outside a kernel");
        }
        let index = match axis {
            Axis::X => indices[0],
            Axis::Y => indices[1],
            Axis::Z => indices[2],
        };
        Ok(Value::Integer(i128::from(index)))
    }

    /// Returns the scalar type of an expression; of any other type, one that no operator is defined on.
    fn scalar_of(&self, handle: Handle<Expr>) -> Scalar {
        self.function
            .exprs
            .get(handle)
            .and_then(|expr| expr.ty.scalar())
            .unwrap_or(Scalar::Bool)
    }

    pub(super) fn pointee(&self, handle: Handle<Expr>) -> Outcome<&'m Type> {
        let function = self.function;
        match function.exprs.get(handle).map(|expr| &expr.ty) {
            Some(Type::Pointer { to, .. }) => Ok(to),
            Some(
                Type::Void
                | Type::Scalar(_)
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_),
            )
            | None => malformed("pointer arithmetic on something that is no pointer"),
        }
    }
}

fn constant(value: i128, ty: &Type) -> Outcome<Value> {
    match ty {
        Type::Scalar(scalar) if Value::Integer(value).fits(*scalar) => Ok(Value::Integer(value)),
        Type::Pointer { .. } if value == 0 => Ok(Value::Pointer(None)),
        Type::Scalar(_)
        | Type::Void
        | Type::Pointer { .. }
        | Type::Array { .. }
        | Type::Record(_)
        | Type::Opaque(_) => malformed("an integer constant that does not fit its type"),
    }
}

/// Returns a value converted to a type.
pub(super) fn cast(value: Value, to: &Type) -> Outcome<Value> {
    match (value, to) {
        (Value::Pointer(pointer), Type::Pointer { .. }) => Ok(Value::Pointer(pointer)),
        (Value::Pointer(pointer), Type::Scalar(scalar)) => {
            let address = i128::from(Pointer::encode(pointer));
            arithmetic::convert(&Value::Integer(address), *scalar)
        }
        (Value::Integer(address), Type::Pointer { .. }) => {
            Ok(Value::Pointer(Pointer::decode(address as u64)?))
        }
        (value, Type::Scalar(scalar)) => arithmetic::convert(&value, *scalar),
        (Value::Structure(bytes), Type::Record(_)) => Ok(Value::Structure(bytes)),
        (
            Value::Integer(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Pointer(_)
            | Value::Structure(_),
            Type::Void
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_),
        ) => malformed("a conversion that C does not have"),
    }
}
