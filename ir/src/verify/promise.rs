//! Promises of the user: about memory, counted in `i64`, at a loop that is there.

use std::collections::BTreeSet;

use crate::stmt::{LoopName, Stmt};
use crate::types::Scalar;

use super::{Checker, Form};

impl Checker<'_> {
    /// Checks that every promise names variables and expressions of the function.
    pub(super) fn promised_handles(&mut self) {
        for promise in &self.function.promises {
            let is_known = self.function.vars.get(promise.array).is_some()
                && self.function.exprs.get(promise.count).is_some();
            if !is_known {
                self.report(
                    format!("{:?}", promise.array),
                    "a promise is about what is not there",
                );
            }
        }
    }

    /// Checks what the promises say; steps rename the loops that they name.
    pub(super) fn promises(&mut self, body: &[Stmt]) {
        let mut loops = BTreeSet::new();
        collect_loops(body, &mut loops);
        for promise in &self.function.promises {
            if self.function.vars[promise.array].ty.element().is_none() {
                self.report_var(promise.array, "a promise is about a pointer or an array");
            }
            if self.integer(promise.count) != Some(Scalar::I64) {
                self.report_expr(promise.count, "a promise counts elements in i64");
            }
            let is_there = |name: &LoopName| loops.contains(name) || self.form != Form::Sequential;
            if let Some(name) = promise.within.as_ref().filter(|name| !is_there(name)) {
                self.report(name.to_string(), "a promise names a loop that is not there");
            }
        }
    }
}

fn collect_loops<'a>(block: &'a [Stmt], loops: &mut BTreeSet<&'a LoopName>) {
    for statement in block {
        match statement {
            Stmt::For(each) => {
                loops.insert(&each.name);
                collect_loops(&each.body, loops);
            }
            Stmt::While(each) => {
                loops.insert(&each.name);
                collect_loops(&each.body, loops);
            }
            Stmt::If(branch) => {
                collect_loops(&branch.then, loops);
                collect_loops(&branch.otherwise, loops);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}
