//! What is known of the statements of a launch before they are walked.

use mupac_ir::structure::{each as each_statement, variables};
use mupac_ir::{Compute, Function, Handle, Loop, Mapping, Scalar, Stmt, Var};

/// What is known of the statements of a launch before they are walked.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey<'a> {
    /// The variables that live in registers.
    pub(super) local: Vec<Handle<Var>>,
    /// The scalars whose value is computed.
    pub(super) computed: Vec<Handle<Var>>,
    /// The loops that threads and lanes share out.
    pub(super) shared_out: Vec<&'a Loop>,
    pub(super) has_barrier: bool,
}

impl<'a> Survey<'a> {
    pub(super) fn of(block: &'a [Stmt]) -> Self {
        let mut found = Self::default();
        each_statement(block, &mut |statement| found.note(statement));
        found
    }

    /// Returns whether a statement gives a local integer the only value that it has in each iteration around.
    pub(super) fn is_given_once(&self, function: &Function, compute: &Compute) -> bool {
        let var = compute.target.var;
        let given = self.computed.iter().filter(|each| **each == var);
        compute.target.path.is_empty()
            && self.local.contains(&var)
            && given.count() == 1
            && function.vars[var]
                .ty
                .scalar()
                .and_then(Scalar::integer_range)
                .is_some()
            && !variables(function, compute.value).contains(&var)
    }

    fn note(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Compute(compute) if compute.target.path.is_empty() => {
                self.computed.push(compute.target.var);
            }
            Stmt::Declare(var, _) | Stmt::Let(var, _) => self.local.push(*var),
            Stmt::Call(call) => {
                let target = call.target.iter();
                self.computed.extend(target.map(|target| target.var));
            }
            Stmt::For(each) if matches!(each.mapping, Mapping::Thread(_) | Mapping::Lanes) => {
                self.shared_out.push(each);
            }
            Stmt::Barrier => self.has_barrier = true,
            Stmt::Compute(_)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Verbatim(..) => {}
        }
    }
}
