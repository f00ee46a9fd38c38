//! What a loop of the host leaves as it is, so that it may be named before the loop.

use std::collections::BTreeSet;

use mupac_ir::structure::{each, operands, visit};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Scalar, Stmt, Type, Var,
};

use super::reach::is_variable;
use super::stretches::{followed, is_own};
use crate::{build, region};

/// What a loop changes, and what it is sure to look at.
pub(super) struct Steady {
    /// The variables that it assigns or declares, counters included.
    assigned: BTreeSet<Handle<Var>>,
    declared: BTreeSet<Handle<Var>>,
    /// The types of what it writes in memory; `None`: of some nothing is known.
    written: Option<Vec<Type>>,
    /// Whether it calls functions of the file.
    calls: bool,
    /// Whether it may end before its counters do.
    pub(super) leaves: bool,
    /// The pointers that it follows whether or not an iteration runs.
    followed: Vec<Place>,
}

impl Steady {
    /// Reads a loop of a function.
    pub(super) fn of(module: &Module, function: &Function, each_of: &Stmt) -> Self {
        let mut found = Self {
            assigned: BTreeSet::new(),
            declared: BTreeSet::new(),
            written: Some(Vec::new()),
            calls: false,
            leaves: false,
            followed: Vec::new(),
        };
        each(std::slice::from_ref(each_of), &mut |stmt| {
            found.take(module, function, stmt);
        });
        if let Stmt::For(each) = each_of {
            for bound in [each.start, each.end] {
                found.follow(module, function, bound);
            }
        }
        found
    }

    fn take(&mut self, module: &Module, function: &Function, stmt: &Stmt) {
        match stmt {
            Stmt::For(each) => drop(self.assigned.insert(each.iterator)),
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                self.assigned.insert(*var);
                self.declared.insert(*var);
            }
            Stmt::Call(call) => {
                self.leaves = true;
                self.calls |= module.function(&call.callee).is_some();
            }
            Stmt::Return(..) | Stmt::Break(_) | Stmt::Verbatim(..) => self.leaves = true,
            Stmt::Compute(_) | Stmt::While(_) | Stmt::If(_) | Stmt::Continue(_) | Stmt::Barrier => {
            }
        }
        let Some(target) = region::target(stmt) else {
            return;
        };
        if target.path.is_empty() {
            self.assigned.insert(target.var);
        }
        if !is_variable(function, target) {
            let ty = function.place_type(&module.records, target);
            match (&mut self.written, ty) {
                (Some(written), Some(ty @ (Type::Scalar(_) | Type::Pointer { .. }))) => {
                    written.push(ty);
                }
                (written, _) => *written = None,
            }
        }
    }

    /// Notes the pointers that evaluating a bound follows.
    fn follow(&mut self, module: &Module, function: &Function, bound: Handle<Expr>) {
        let mut found = Vec::new();
        let mut is_certain = true;
        visit(function, bound, &mut |_, node| match &node.kind {
            ExprKind::Load(place) => found.extend(followed(module, function, place)),
            ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) => {
                is_certain = false;
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        });
        if is_certain {
            self.followed.extend(found);
        }
    }

    /// Returns whether a place is memory of an iteration.
    pub(super) fn is_fresh(&self, module: &Module, function: &Function, place: &Place) -> bool {
        self.declared.contains(&place.var) && followed(module, function, place).is_empty()
    }

    /// Returns whether an expression has the same value before the loop as in it, and may be evaluated there.
    pub(super) fn keeps(&self, module: &Module, function: &Function, expr: Handle<Expr>) -> bool {
        let node = &function.exprs[expr];
        let is_kept = match &node.kind {
            ExprKind::Load(place) => self.keeps_value(module, function, place),
            ExprKind::Address(place) => self.keeps_place(module, function, place),
            ExprKind::Binary(_, _, by) if build::is_quotient(&node.kind) => {
                build::constant(function, *by).is_some_and(|by| by > 0)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. } => true,
            ExprKind::Text(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        };
        let mut inside = operands(&node.kind).into_iter();
        is_kept && inside.all(|operand| self.keeps(module, function, operand))
    }

    fn keeps_value(&self, module: &Module, function: &Function, place: &Place) -> bool {
        let all = followed(module, function, place);
        let is_safe = all
            .iter()
            .all(|pointer| self.is_followed(function, pointer));
        if is_variable(function, place) {
            return self.keeps_variable(function, place.var);
        }
        let ty = function.place_type(&module.records, place);
        is_safe
            && self.keeps_place(module, function, place)
            && ty.is_some_and(|ty| self.leaves_alone(&ty))
    }

    /// Returns whether a place is the same before the loop as in it, but for its subscripts, and its address may be asked there.
    pub(super) fn keeps_place(&self, module: &Module, function: &Function, place: &Place) -> bool {
        let own = &function.vars[place.var];
        let is_there = !self.declared.contains(&place.var) && !own.is_volatile;
        // The last of them leads to the place; those before are followed to find it.
        let all = followed(module, function, place);
        let found = all.iter().rev().skip(1);
        let mut pointers = all.iter();
        is_there
            && found
                .clone()
                .all(|pointer| self.is_followed(function, pointer))
            && pointers.all(|pointer| {
                if is_variable(function, pointer) {
                    self.keeps_variable(function, pointer.var)
                } else {
                    let ty = function.place_type(&module.records, pointer);
                    !self.calls && ty.is_some_and(|ty| self.leaves_alone(&ty))
                }
            })
    }

    fn keeps_variable(&self, function: &Function, var: Handle<Var>) -> bool {
        !self.assigned.contains(&var) && (!self.calls || is_own(function, var))
    }

    fn is_followed(&self, function: &Function, pointer: &Place) -> bool {
        let mut known = self.followed.iter();
        known.any(|known| mupac_ir::structure::is_same_place(function, known, function, pointer))
    }

    /// Returns whether nothing that the loop writes in memory is a value of a type.
    ///
    /// **Source**: C17 6.5 §7: an object is accessed by lvalues of its own type, or of a character type.
    fn leaves_alone(&self, ty: &Type) -> bool {
        let is_other = |written: &Type| match (written.scalar(), ty.scalar()) {
            (Some(written), own) => {
                written.size_bytes() > 1 && !own.is_some_and(|own| is_alike(own, written))
            }
            (None, own) => own.is_some(),
        };
        !self.calls
            && self
                .written
                .as_ref()
                .is_some_and(|all| all.iter().all(is_other))
    }
}

/// Returns whether two types of numbers are the same but for the sign.
fn is_alike(a: Scalar, b: Scalar) -> bool {
    a.is_float() == b.is_float() && a.bits() == b.bits()
}
