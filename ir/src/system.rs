//! Which buffers are the host's own memory with [`Memory::System`].

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::atomic::AtomicOperation;
use crate::buffer::Buffer;
use crate::expr::{Expr, ExprKind};
use crate::function::{Function, Var};
use crate::plan::{HostOp, Memory, RegionPlan};
use crate::stmt::Stmt;
use crate::structure::each;

impl RegionPlan {
    /// Returns whether a buffer is the host's own memory where the device sees that.
    ///
    /// Rows between which lies what others write have a copy all the same, since a block may stage what lies behind their ends;
    /// and so has what atomic operations update, since a device may know none on memory that a file backs.
    ///
    /// **Source**: CUDA C++ Programming Guide 13.0, “File-backed Unified Memory”.
    pub fn is_system(&self, buffer: Handle<Buffer>) -> bool {
        let each = &self.buffers[buffer];
        let has_copy = each.rows.is_some() && each.may_exceed || self.updates(each.array);
        self.memory == Memory::System && !self.is_scratch(buffer) && !has_copy
    }

    /// Returns the buffers for which kernels may get the host's own memory.
    pub fn system_buffers(&self) -> BTreeSet<Handle<Buffer>> {
        let mut found = BTreeSet::new();
        HostOp::each(&self.host, &mut |action| {
            if let HostOp::Allocate(buffer) = action
                && self.is_system(*buffer)
            {
                found.insert(*buffer);
            }
        });
        found
    }

    /// Returns whether a kernel changes elements of an array by atomic operations.
    fn updates(&self, array: Handle<Var>) -> bool {
        let mut found = false;
        for (_, kernel) in self.kernels.iter() {
            each(&kernel.body, &mut |stmt| {
                if let Stmt::Call(call) = stmt
                    && AtomicOperation::named(&call.callee).is_some()
                    && let Some(address) = call.arguments.first()
                {
                    found |= addressed(&self.function, *address) == Some(array);
                }
            });
        }
        found
    }
}

/// Returns the variable whose address, or that of a part of it, an expression is.
fn addressed(function: &Function, address: Handle<Expr>) -> Option<Handle<Var>> {
    let kind = &function.exprs.get(address)?.kind;
    if let ExprKind::Cast(inner) = kind {
        addressed(function, *inner)
    } else if let ExprKind::Address(place) = kind {
        Some(place.var)
    } else {
        None
    }
}
