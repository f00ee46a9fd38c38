//! Checks every rule of the IR that its types cannot say.
//!
//! After a function is verified, every handle it holds is in range, expressions and types are finite and of bounded
//! depth, every type is consistent, and every name is unique and in scope: later stages may rely on that and need
//! not check again.
//! What a program computes, whether it is defined, and whether a rewrite keeps it, is not decided here.
//!
//! Code comes in three forms with the same tree: as read ([`module()`], [`function()`]), rewritten by steps
//! ([`mapped()`]), and as the body of a kernel ([`kernel()`]).

mod expr;
mod file;
mod own_call;
mod place;
mod promise;
mod record;
mod scope;
mod shape;
mod stmt;
mod var;

use std::fmt;

use crate::arena::Handle;
use crate::expr::Expr;
use crate::function::Function;
use crate::module::Module;
use crate::print;
use crate::stmt::Stmt;

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Name of the function; empty outside functions.
    pub function: String,
    /// The offending piece in the text form, one line.
    pub text: String,
    /// What is wrong with it, as a sentence without its full stop.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.function.is_empty() {
            write!(f, "in {}, ", self.function)?;
        }
        write!(f, "`{}`: {}", self.text, self.message)
    }
}

/// Which rules apply to a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As read from C: nothing is mapped, nothing is copied.
    Sequential,
    /// Rewritten: statements may be copied, loops mapped.
    Mapped,
    /// What one thread does: the mapped loops are gone.
    Kernel,
}

/// Checks a module as read.
///
/// **Errors**: every violation found; where the parts that others refer to are damaged, only those.
pub fn module(module: &Module) -> Result<(), Vec<Violation>> {
    let mut found = record::check(module);
    if found.is_empty() {
        found = file::check(module);
        for (_, function) in module.functions.iter() {
            found.extend(check(module, function, &function.body, Form::Sequential));
        }
    }
    outcome(found)
}

/// Checks one function as read.
///
/// **Errors**: as [`module()`].
pub fn function(module: &Module, function: &Function) -> Result<(), Vec<Violation>> {
    outcome(whole(module, function, &function.body, Form::Sequential))
}

/// Checks a function that steps have rewritten: statements may be copied, variables declared again where they are
/// not visible, loops mapped to blocks and threads.
///
/// **Errors**: as [`module()`].
pub fn mapped(module: &Module, function: &Function) -> Result<(), Vec<Violation>> {
    outcome(whole(module, function, &function.body, Form::Mapped))
}

/// Checks the body of a kernel, whose expressions and variables belong to `function`.
///
/// **Errors**: as [`module()`].
pub fn kernel(module: &Module, function: &Function, body: &[Stmt]) -> Result<(), Vec<Violation>> {
    outcome(whole(module, function, body, Form::Kernel))
}

fn outcome(found: Vec<Violation>) -> Result<(), Vec<Violation>> {
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Checks the structure types that a function may name, then the function.
fn whole(module: &Module, function: &Function, body: &[Stmt], form: Form) -> Vec<Violation> {
    let mut found = record::check(module);
    if found.is_empty() {
        found = check(module, function, body, form);
    }
    found
}

/// Checks a function in order of reliance: handles and shape, variables, expressions, statements.
fn check(module: &Module, function: &Function, body: &[Stmt], form: Form) -> Vec<Violation> {
    let mut checker = Checker {
        module,
        function,
        form,
        found: Vec::new(),
    };
    checker.shape();
    checker.promised_handles();
    if checker.found.is_empty() {
        checker.vars();
    }
    if checker.found.is_empty() {
        for (handle, _) in function.exprs.iter() {
            checker.expr(handle);
        }
        checker.promises(body);
        checker.body(body);
    }
    checker.found
}

/// The function being checked, and what was found.
struct Checker<'a> {
    module: &'a Module,
    function: &'a Function,
    form: Form,
    found: Vec<Violation>,
}

impl Checker<'_> {
    fn report(&mut self, text: String, message: impl Into<String>) {
        self.found.push(Violation {
            function: self.function.name.clone(),
            text,
            message: message.into(),
        });
    }

    fn report_expr(&mut self, expr: Handle<Expr>, message: impl Into<String>) {
        let text = print::expr(&self.module.records, self.function, expr);
        self.report(text, message);
    }

    /// Reports a statement by its first line.
    fn report_statement(&mut self, statement: &Stmt, message: impl Into<String>) {
        let text = print::statement(&self.module.records, self.function, statement);
        let line = text.lines().next().unwrap_or_default();
        let line = line.trim_end_matches('{').trim_end();
        self.report(line.to_owned(), message);
    }
}
