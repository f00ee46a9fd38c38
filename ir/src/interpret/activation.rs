//! One call of a function, or one thread of a kernel: its variables and where they live.

use std::iter;
use std::sync::Arc;

use crate::arena::Handle;
use crate::function::{Function, Storage, Var};
use crate::span::Span;
use crate::types::{Extent, Type};

use super::doubt::SlotDoubts;
use super::execute::Flow;
use super::fault::{FaultKind, Outcome, malformed, unsupported};
use super::host::Machine;
use super::memory::{Agent, Origin};
use super::scope::Slot;
use super::value::{POINTER_BYTES, Pointer, Value};

/// Who runs a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// Host code or a thread.
    pub(super) agent: Agent,
    /// Index of the block in the grid.
    pub(super) block: [i64; 3],
    /// Index of the thread in the block.
    pub(super) thread: [i64; 3],
    /// The function in the module; `None` inside kernels.
    pub(super) handle: Option<Handle<Function>>,
}

/// A running function.
pub(super) struct Activation<'r, 'm> {
    pub(super) machine: &'r mut Machine<'m>,
    pub(super) function: &'m Function,
    pub(super) context: Context,
    pub(super) slots: Vec<Slot>,
    pub(super) addressed: Arc<[bool]>,
    /// How far the value that was evaluated last may be from that of another order.
    pub(super) doubt: Option<f64>,
    pub(super) slot_doubts: SlotDoubts,
    /// The stretches of text that run now and that something is put around.
    pub(super) inside: Vec<Span>,
    /// Stays that last until the block is left.
    pub(super) open_stays: u32,
}

impl<'r, 'm> Activation<'r, 'm> {
    pub(super) fn new(
        machine: &'r mut Machine<'m>,
        function: &'m Function,
        context: Context,
    ) -> Self {
        let slots = vec![Slot::Absent; function.vars.len()];
        let addressed = machine.addressed(function);
        Self {
            machine,
            function,
            context,
            slots,
            addressed,
            doubt: None,
            slot_doubts: SlotDoubts::new(),
            inside: Vec::new(),
            open_stays: 0,
        }
    }

    /// Starts the parameters' lifetimes with these values and their doubts; where these are fewer, there is none.
    pub(super) fn pass(&mut self, arguments: &[Value], doubts: &[Option<f64>]) -> Outcome<()> {
        let mismatch = || FaultKind::Arguments(self.function.name.clone());
        if self.function.parameters.len() != arguments.len() {
            return Err(mismatch().into());
        }
        let function = self.function;
        let doubts = doubts.iter().copied().chain(iter::repeat(None));
        for ((&parameter, value), doubt) in function.parameters.iter().zip(arguments).zip(doubts) {
            let ty = &self.var(parameter)?.ty;
            let is_fitting = match (ty, value) {
                (Type::Scalar(scalar), _) => value.fits(*scalar),
                (Type::Pointer { .. }, Value::Pointer(_))
                | (Type::Record(_), Value::Structure(_)) => true,
                (
                    Type::Void
                    | Type::Pointer { .. }
                    | Type::Array { .. }
                    | Type::Record(_)
                    | Type::Opaque(_),
                    _,
                ) => false,
            };
            if !is_fitting {
                return Err(FaultKind::Arguments(function.name.clone()).into());
            }
            self.declare(parameter)?;
            self.assign_var(parameter, value.clone())?;
            if doubt.is_some() {
                let location = self.locate_var(parameter)?;
                self.set_doubt(location, doubt);
            }
        }
        Ok(())
    }

    /// Runs the body and ends the lifetimes of everything the call made.
    pub(super) fn body(&mut self) -> Outcome<Option<Value>> {
        let function = self.function;
        let flow = self.block(&function.body)?;
        for &parameter in &function.parameters {
            self.end(parameter);
        }
        match flow {
            Flow::Return(value) => Ok(value),
            Flow::Next => Ok(None),
            Flow::Break | Flow::Continue => malformed("a jump out of no loop"),
        }
    }

    /// Returns a variable of the function.
    pub(super) fn var(&self, handle: Handle<Var>) -> Outcome<&'m Var> {
        self.function
            .vars
            .get(handle)
            .map_or_else(|| malformed("a variable of another function"), Ok)
    }

    /// Returns the storage of a variable of file scope, or of a `static` local.
    pub(super) fn permanent(&mut self, var: &Var) -> Outcome<Option<Pointer>> {
        let name = match var.storage {
            Storage::Parameter | Storage::Local => return Ok(None),
            Storage::Function => {
                let function = self.machine.function(&var.spelling);
                return function.map(Some).map_err(Box::new);
            }
            Storage::Global => var.name.clone(),
            Storage::Static => format!("{}.{}", self.function.name, var.name),
        };
        match self.machine.globals.get(&name) {
            Some(pointer) => Ok(Some(*pointer)),
            None => match self.standard_stream(var)? {
                Some(pointer) => Ok(Some(pointer)),
                None => unsupported(format!("`{name}`, whose initial value is not known")),
            },
        }
    }

    /// Returns where the locals of this activation come from.
    pub(super) fn local_origin(&self) -> Origin {
        match self.context.agent {
            Agent::Host | Agent::Driver => Origin::Automatic,
            Agent::Thread { .. } => Origin::Private,
        }
    }

    /// Returns the size of a type in bytes; the length of a variable array is computed now.
    pub(super) fn size(&mut self, ty: &'m Type) -> Outcome<u64> {
        match ty {
            Type::Scalar(scalar) => Ok(scalar.size_bytes()),
            Type::Pointer { .. } => Ok(POINTER_BYTES),
            Type::Record(record) => match self.machine.module.records.get(*record) {
                Some(record) => Ok(record.size_bytes),
                None => malformed("a structure of another module"),
            },
            Type::Array { of, length } => {
                let length = self.length(length)?;
                let element = self.size(of)?;
                let size = u64::try_from(length)
                    .ok()
                    .and_then(|length| length.checked_mul(element));
                size.ok_or_else(|| FaultKind::ArrayLength(length).into())
            }
            // GNU C counts `void *` in bytes.
            Type::Void => Ok(1),
            Type::Opaque(name) => unsupported(format!("values of type `{name}`")),
        }
    }

    /// Returns the number of elements of an array type.
    pub(super) fn length(&mut self, extent: &Extent) -> Outcome<i128> {
        match extent {
            Extent::Fixed(length) => Ok(i128::from(*length)),
            Extent::Variable(expr) => {
                let length = self.integer(*expr)?;
                if length < 0 {
                    return Err(FaultKind::ArrayLength(length).into());
                }
                Ok(length)
            }
            Extent::Unknown => unsupported("an array of unknown length"),
        }
    }

    /// Returns the alignment of a type in bytes.
    pub(super) fn alignment(&self, ty: &Type) -> u64 {
        match ty.innermost() {
            Type::Scalar(scalar) => scalar.size_bytes(),
            Type::Pointer { .. } => POINTER_BYTES,
            Type::Record(record) => self
                .machine
                .module
                .records
                .get(*record)
                .map_or(1, |record| record.align_bytes.max(1)),
            Type::Void | Type::Array { .. } | Type::Opaque(_) => 1,
        }
    }
}
