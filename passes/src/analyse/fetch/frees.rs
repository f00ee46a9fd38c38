//! Which statements may end the life of memory that they did not make: those that call what frees it.

use std::collections::BTreeSet;

use mupac_ir::{Module, Stmt};

use crate::{library, region};

/// What is known of the functions of a file.
pub(super) struct Frees<'a> {
    module: &'a Module,
    /// Functions that were looked at, or are being looked at: what one of them calls again frees nothing more.
    seen: BTreeSet<&'a str>,
}

impl<'a> Frees<'a> {
    pub(super) fn of(module: &'a Module) -> Self {
        Self {
            module,
            seen: BTreeSet::new(),
        }
    }

    /// Returns whether a statement may call what frees memory.
    pub(super) fn by(&mut self, stmt: &'a Stmt) -> bool {
        let mut called = Vec::new();
        let mut is_unknown = false;
        region::each(std::slice::from_ref(stmt), &mut |inner| {
            if let Stmt::Call(call) = inner {
                called.push(call.callee.as_str());
            }
            is_unknown |= matches!(inner, Stmt::Verbatim(..));
        });
        is_unknown || called.into_iter().any(|callee| self.by_call(callee))
    }

    fn by_call(&mut self, callee: &'a str) -> bool {
        let Some((_, own)) = self.module.function(callee) else {
            return library::find(self.module, callee).is_none_or(library::Row::frees);
        };
        self.seen.insert(callee) && own.body.iter().any(|stmt| self.by(stmt))
    }
}
