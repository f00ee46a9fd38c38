//! Which variables are visible where, and what may be assigned.

use std::collections::{BTreeMap, BTreeSet};

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::Var;
use crate::stmt::Stmt;
use crate::structure::{extents, indices, operands};
use crate::types::Type;

use super::{Checker, Form};

/// How a variable came into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Declared, to be assigned at will.
    Declared,
    /// A name for a value, never assigned.
    Named,
    /// The iterator of a loop around, assigned by that loop only.
    Iterator,
}

/// What is visible at a point of the body.
pub(super) struct Scope {
    /// Variables that some statement declares: they are visible only where it says so.
    local: BTreeSet<Handle<Var>>,
    /// The visible ones of these, and iterators, innermost last.
    visible: Vec<(Handle<Var>, Sight)>,
    /// Every variable that was declared so far.
    seen: BTreeSet<Handle<Var>>,
    /// How often each variable is assigned in the text so far.
    assigned: BTreeMap<Handle<Var>, usize>,
}

impl Scope {
    /// Returns the scope at the start of a body.
    pub(super) fn new(body: &[Stmt]) -> Self {
        let mut local = BTreeSet::new();
        introduced(body, &mut local, 0);
        Self {
            local,
            visible: Vec::new(),
            seen: BTreeSet::new(),
            assigned: BTreeMap::new(),
        }
    }

    /// Returns how often the text so far assigns a variable.
    pub(super) fn assignments(&self, var: Handle<Var>) -> usize {
        self.assigned.get(&var).copied().unwrap_or(0)
    }

    /// Returns a mark to return to at the end of a block.
    pub(super) fn mark(&self) -> usize {
        self.visible.len()
    }

    /// Hides what came into sight after the mark.
    pub(super) fn leave(&mut self, mark: usize) {
        self.visible.truncate(mark);
    }

    /// Makes an iterator visible as one, without declaring it.
    pub(super) fn count(&mut self, var: Handle<Var>) {
        self.visible.push((var, Sight::Iterator));
    }

    /// Returns whether the body may name the variable here.
    fn is_visible(&self, var: Handle<Var>) -> bool {
        !self.local.contains(&var) || self.visible.iter().any(|(each, _)| *each == var)
    }

    /// Returns how the variable came into sight last.
    fn sight(&self, var: Handle<Var>) -> Option<Sight> {
        let found = self.visible.iter().rev().find(|(each, _)| *each == var);
        found.map(|(_, sight)| *sight)
    }
}

/// Collects the variables that statements declare.
fn introduced(block: &[Stmt], found: &mut BTreeSet<Handle<Var>>, level: usize) {
    if level > crate::structure::MAX_BLOCK_DEPTH {
        return;
    }
    for statement in block {
        match statement {
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                found.insert(*var);
            }
            Stmt::For(each) => {
                if each.declares_iterator {
                    found.insert(each.iterator);
                }
                introduced(&each.body, found, level + 1);
            }
            Stmt::If(branch) => {
                introduced(&branch.then, found, level + 1);
                introduced(&branch.otherwise, found, level + 1);
            }
            Stmt::While(each) => {
                for block in [&each.before_test, &each.body, &each.after_body] {
                    introduced(block, found, level + 1);
                }
            }
            Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}

impl Checker<'_> {
    /// Makes a variable visible, if it may be declared here.
    pub(super) fn introduce(
        &mut self,
        scope: &mut Scope,
        at: &Stmt,
        var: Handle<Var>,
        sight: Sight,
    ) {
        let is_first = scope.seen.insert(var);
        if self.form == Form::Sequential && !is_first {
            self.report_statement(at, "two statements declare this variable");
        }
        if let Some(Sight::Named | Sight::Iterator) = scope.sight(var) {
            self.report_statement(at, "the variable has a fixed meaning here already");
        }
        for extent in self
            .function
            .vars
            .get(var)
            .map_or(Vec::new(), |var| extents(&var.ty))
        {
            self.read(scope, at, extent);
        }
        scope.visible.push((var, sight));
    }

    /// Checks what an expression of a statement names.
    pub(super) fn read(&mut self, scope: &Scope, at: &Stmt, expr: Handle<Expr>) {
        let mut seen = BTreeSet::new();
        let mut rest = vec![expr];
        while let Some(next) = rest.pop() {
            let Some(expr) = self.function.exprs.get(next) else {
                self.report_statement(at, "there is no such expression");
                continue;
            };
            if !seen.insert(next) {
                continue;
            }
            rest.extend(operands(&expr.kind));
            match &expr.kind {
                ExprKind::Load(place) | ExprKind::Address(place) => {
                    self.see(scope, at, place.var);
                }
                ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => {
                    if self.form != Form::Kernel {
                        self.report_statement(at, "only a kernel knows the index of its thread");
                    }
                }
                ExprKind::Cast(_) => rest.extend(extents(&expr.ty)),
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Select { .. }
                | ExprKind::Call(..) => {}
            }
        }
    }

    fn see(&mut self, scope: &Scope, at: &Stmt, var: Handle<Var>) {
        if !scope.is_visible(var) {
            let name = self.name_of(var);
            self.report_statement(at, format!("`{name}` is not visible here"));
        }
    }

    /// Checks a place that a statement writes, and returns its type.
    pub(super) fn written(&mut self, scope: &mut Scope, at: &Stmt, place: &Place) -> Option<Type> {
        let ty = match self.place(place) {
            Ok(ty) => ty,
            Err(problem) => {
                self.report_statement(at, problem);
                return None;
            }
        };
        self.see(scope, at, place.var);
        for index in indices(place) {
            self.read(scope, at, index);
        }
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_)) {
            self.report_statement(at, "only a scalar, a pointer or a structure is assigned");
        }
        if self.is_in_variable(place) {
            self.assign(scope, at, place.var);
        }
        Some(ty)
    }

    /// Checks that a variable may change here.
    fn assign(&mut self, scope: &mut Scope, at: &Stmt, var: Handle<Var>) {
        *scope.assigned.entry(var).or_default() += 1;
        let is_counted = scope
            .visible
            .iter()
            .any(|(each, sight)| *each == var && *sight == Sight::Iterator);
        if is_counted {
            self.report_statement(at, "only its loop assigns an iterator");
        } else if scope.sight(var) == Some(Sight::Named) {
            self.report_statement(at, "a name for a value is never assigned");
        }
    }

    /// Returns whether a place is part of its variable, not behind a pointer.
    fn is_in_variable(&self, place: &Place) -> bool {
        let mut prefix = Place::var(place.var);
        for step in &place.path {
            let ty = self.function.place_type(&self.module.records, &prefix);
            let is_pointer = matches!(ty, Some(Type::Pointer { .. }));
            if is_pointer && matches!(step, Projection::Index(_)) {
                return false;
            }
            prefix.path.push(*step);
        }
        true
    }
}
