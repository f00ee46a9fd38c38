//! Functions: header, the variables that no statement declares, body.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place};
use crate::function::{Function, Promise, Storage, Var};
use crate::stmt::{Stmt, While};
use crate::structure::{extents, indices, operands};
use crate::text::quote;
use crate::types::Type;

use super::Printer;

impl Printer<'_> {
    /// Prints a whole function.
    pub(super) fn function(&mut self, function: &Function) {
        if function.is_static {
            self.push("static ");
        }
        self.put(format_args!("fn {}(", quote::name(&function.name)));
        for (position, parameter) in function.parameters.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            self.declaration(*parameter);
        }
        self.push(")");
        if function.result != Type::Void {
            self.push(" -> ");
            self.ty(&function.result);
        }
        self.push(" {\n");
        self.indent += 1;
        self.variables(function);
        self.statements(&function.body);
        for promise in &function.promises {
            self.promise(promise);
        }
        self.indent -= 1;
        self.push("}\n");
    }

    fn promise(&mut self, promise: &Promise) {
        self.line();
        self.push("extent ");
        self.place(&Place::var(promise.array));
        self.push(" = ");
        self.value(promise.count);
        if let Some(within) = &promise.within {
            self.put(format_args!(" in {}", quote::name(&within.0)));
        }
        self.end();
    }

    /// Prints the variables that are no parameters and that the text does not declare before it names them.
    fn variables(&mut self, function: &Function) {
        let declared = Declared::of(function);
        for (handle, var) in function.vars.iter() {
            let word = match var.storage {
                Storage::Global => "global",
                Storage::Static => "static",
                Storage::Function => "fn",
                Storage::Local if !declared.in_place.contains(&handle) => "local",
                Storage::Local | Storage::Parameter => continue,
            };
            if function.parameters.contains(&handle) {
                continue;
            }
            self.line();
            self.put(format_args!("{word} "));
            self.declaration(handle);
            self.end();
        }
    }
}

/// Which variables a reader of the text meets first where a statement declares them.
struct Declared<'a> {
    function: &'a Function,
    met: BTreeSet<Handle<Var>>,
    in_place: BTreeSet<Handle<Var>>,
    visited: BTreeSet<Handle<Expr>>,
}

impl<'a> Declared<'a> {
    /// Reads the function until the variables listed at its start need no others there: an extent in the type of a
    /// listed variable is read with the list, so what it names must be listed too.
    fn of(function: &'a Function) -> Self {
        let mut declared = Self::after(function, &[]);
        loop {
            let listed: Vec<Handle<Var>> = function
                .vars
                .iter()
                .filter(|(handle, var)| {
                    var.storage == Storage::Local && !declared.in_place.contains(handle)
                })
                .map(|(handle, _)| handle)
                .collect();
            let next = Self::after(function, &listed);
            if next.in_place == declared.in_place {
                return next;
            }
            declared = next;
        }
    }

    /// Reads the function with these local variables listed at its start.
    fn after(function: &'a Function, listed: &[Handle<Var>]) -> Self {
        let mut declared = Self {
            function,
            met: BTreeSet::new(),
            in_place: BTreeSet::new(),
            visited: BTreeSet::new(),
        };
        for local in listed {
            declared.met.insert(*local);
            declared.extents_of(*local);
        }
        for parameter in &function.parameters {
            declared.met.insert(*parameter);
            declared.extents_of(*parameter);
        }
        for (handle, var) in function.vars.iter() {
            match var.storage {
                Storage::Global | Storage::Static => declared.extents_of(handle),
                Storage::Local | Storage::Parameter | Storage::Function => {}
            }
        }
        declared.block(&function.body);
        for promise in &function.promises {
            declared.met.insert(promise.array);
            declared.expr(promise.count);
        }
        declared
    }

    fn extents_of(&mut self, var: Handle<Var>) {
        if let Some(var) = self.function.vars.get(var) {
            for extent in extents(&var.ty) {
                self.expr(extent);
            }
        }
    }

    /// Notes a declaration: its type is read before the variable exists.
    fn declare(&mut self, var: Handle<Var>) {
        self.extents_of(var);
        if self.met.insert(var) {
            self.in_place.insert(var);
        }
    }

    fn expr(&mut self, handle: Handle<Expr>) {
        let mut rest = vec![handle];
        while let Some(handle) = rest.pop() {
            let Some(expr) = self.function.exprs.get(handle) else {
                continue;
            };
            if !self.visited.insert(handle) {
                continue;
            }
            rest.extend(operands(&expr.kind));
            match &expr.kind {
                ExprKind::Load(place) | ExprKind::Address(place) => {
                    self.met.insert(place.var);
                }
                ExprKind::Cast(_) | ExprKind::Call(..) => {
                    rest.extend(extents(&expr.ty));
                }
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Select { .. }
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => {}
            }
        }
    }

    fn place(&mut self, place: &Place) {
        self.met.insert(place.var);
        for index in indices(place) {
            self.expr(index);
        }
    }

    fn block(&mut self, block: &[Stmt]) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Compute(compute) => {
                self.place(&compute.target);
                self.expr(compute.value);
            }
            Stmt::Declare(var, _) => self.declare(*var),
            Stmt::Let(var, value) => {
                self.declare(*var);
                self.expr(*value);
            }
            Stmt::For(each) => {
                if each.declares_iterator {
                    self.declare(each.iterator);
                } else {
                    self.met.insert(each.iterator);
                }
                self.expr(each.start);
                self.expr(each.end);
                self.block(&each.body);
            }
            Stmt::If(branch) => {
                self.expr(branch.condition);
                self.block(&branch.then);
                self.block(&branch.otherwise);
            }
            Stmt::While(each) => self.uncounted(each),
            Stmt::Call(call) => {
                if let Some(target) = &call.target {
                    self.place(target);
                }
                for argument in &call.arguments {
                    self.expr(*argument);
                }
            }
            Stmt::Return(value, _) => {
                if let Some(value) = value {
                    self.expr(*value);
                }
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Barrier | Stmt::Verbatim(..) => {}
        }
    }

    fn uncounted(&mut self, each: &While) {
        if each.is_do {
            self.block(&each.body);
            self.block(&each.after_body);
            self.block(&each.before_test);
            self.expr(each.condition);
        } else {
            self.block(&each.before_test);
            self.expr(each.condition);
            self.block(&each.body);
            self.block(&each.after_body);
        }
    }
}
