//! Prints the IR in its text form, which `parse` reads back.
//!
//! Everything survives except spans, spellings, file text outside functions, and edits.
//! Printing never fails and ends on any input, also on one that the verifier refuses: what cannot be named
//! prints as `<…>`, and an expression that is deeper or larger than the verifier allows ends in `…`.

mod expr;
mod function;
mod stmt;
mod types;

use std::fmt;

use crate::arena::{Arena, Handle};
use crate::expr::{Expr, Place};
use crate::function::Function;
use crate::module::{Item, Module};
use crate::span::Source;
use crate::stmt::Stmt;
use crate::structure::MAX_EXPRESSION_NODES;
use crate::types::{Record, Type};

/// Returns the text of a module: its structure types, then its functions in file order.
pub fn module(module: &Module) -> String {
    let mut printer = Printer::new(&module.records, None, Some(&module.source));
    for (handle, record) in module.records.iter() {
        printer.record(handle, record);
    }
    for item in &module.items {
        match item {
            Item::Function(handle) => match module.functions.get(*handle) {
                Some(each) => printer.push(&function(module, each)),
                None => printer.put(format_args!("<function {}>\n", handle.index())),
            },
            Item::Verbatim(_) => {}
        }
    }
    printer.out
}

/// Returns the text of a function of a module.
pub fn function(module: &Module, function: &Function) -> String {
    let mut printer = Printer::new(&module.records, Some(function), Some(&module.source));
    printer.function(function);
    printer.out
}

/// Returns the text of some statements of a function, one or more lines each.
///
/// Text that the IR does not model is left out, only its reason is printed.
pub fn block(records: &Arena<Record>, function: &Function, block: &[Stmt]) -> String {
    let mut printer = Printer::new(records, Some(function), None);
    printer.statements(block);
    printer.out
}

/// Returns the text of one statement, as [`block`] does.
pub fn statement(records: &Arena<Record>, function: &Function, statement: &Stmt) -> String {
    let mut printer = Printer::new(records, Some(function), None);
    printer.statement(statement);
    printer.out
}

/// Returns the text of an expression.
pub fn expr(records: &Arena<Record>, function: &Function, expr: Handle<Expr>) -> String {
    let mut printer = Printer::new(records, Some(function), None);
    printer.value(expr);
    printer.out
}

/// Returns the text of a place.
pub fn place(records: &Arena<Record>, function: &Function, place: &Place) -> String {
    let mut printer = Printer::new(records, Some(function), None);
    printer.place(place);
    printer.out
}

/// Returns the text of a type; `function` holds the variable extents.
pub fn ty(records: &Arena<Record>, function: Option<&Function>, ty: &Type) -> String {
    let mut printer = Printer::new(records, function, None);
    printer.ty(ty);
    printer.out
}

/// A text being written.
struct Printer<'a> {
    records: &'a Arena<Record>,
    /// Where expressions and variables are looked up; `None` at the outermost level.
    function: Option<&'a Function>,
    /// Where text that the IR does not model is looked up.
    source: Option<&'a Source>,
    out: String,
    indent: usize,
    /// How many nodes the current statement may still print.
    nodes_left: usize,
    /// How deep the current expression is.
    depth: usize,
}

impl<'a> Printer<'a> {
    fn new(
        records: &'a Arena<Record>,
        function: Option<&'a Function>,
        source: Option<&'a Source>,
    ) -> Self {
        Self {
            records,
            function,
            source,
            out: String::new(),
            indent: 0,
            nodes_left: MAX_EXPRESSION_NODES,
            depth: 0,
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn put(&mut self, text: fmt::Arguments<'_>) {
        self.out.push_str(&text.to_string());
    }

    /// Starts a line.
    fn line(&mut self) {
        self.nodes_left = MAX_EXPRESSION_NODES;
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
    }

    /// Ends a line.
    fn end(&mut self) {
        self.out.push('\n');
    }
}
