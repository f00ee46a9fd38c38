//! What a loop of the host leaves as it is, so that it may be named before the loop.

use std::collections::BTreeSet;

use mupac_ir::structure::{each, is_same_place, operands, visit};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Extent, Function, Handle, Module, Place, Projection, Scalar, Stmt,
    Type, Var,
};

use super::reach::is_variable;
use super::stretches::{followed, is_own};
use crate::library;
use crate::{build, region};

/// Where a loop goes through all its iterations, and these through all their statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Course {
    #[default]
    Whole,
    /// An iteration may end before its last statement.
    Skips,
    /// The loop may end before its counters do.
    Leaves,
}

/// What a loop changes, and what it is sure to look at.
#[derive(Default)]
pub(super) struct Steady {
    /// The variables that it assigns or declares, counters included.
    assigned: BTreeSet<Handle<Var>>,
    declared: BTreeSet<Handle<Var>>,
    /// The types of what it writes in memory.
    written: Vec<Type>,
    /// Whether it may write more, or assign other variables: by places that it passes to functions.
    pub(super) writes_unknown: bool,
    /// Whether it calls functions of the file.
    calls: bool,
    pub(super) course: Course,
    /// The objects behind pointers that it reads whether or not an iteration runs.
    read: Vec<Place>,
}

impl Steady {
    /// Reads a loop of a function, and what stands there besides.
    pub(super) fn of(module: &Module, function: &Function, group: &[&Stmt]) -> Self {
        let mut found = Self::default();
        for stmt in group {
            each(std::slice::from_ref(stmt), &mut |stmt| {
                found.take(module, function, stmt);
            });
        }
        if let [Stmt::For(each)] = group {
            for bound in [each.start, each.end] {
                found.read.extend(surely_read(module, function, bound));
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
                if library::find(module, &call.callee).is_none() {
                    self.course = Course::Leaves;
                }
                self.calls |= module.function(&call.callee).is_some();
                let mut arguments = call.arguments.iter();
                self.writes_unknown |= arguments.any(|each| tells_place(function, *each));
            }
            Stmt::Return(..) | Stmt::Break(_) | Stmt::Verbatim(..) => {
                self.course = Course::Leaves;
            }
            Stmt::Continue(_) => self.course = self.course.max(Course::Skips),
            Stmt::Compute(_) | Stmt::While(_) | Stmt::If(_) | Stmt::Barrier => {}
        }
        let Some(target) = region::target(stmt) else {
            return;
        };
        if target.path.is_empty() {
            self.assigned.insert(target.var);
        }
        if !is_variable(function, target) {
            match function.place_type(&module.records, target) {
                Some(ty @ (Type::Scalar(_) | Type::Pointer { .. })) => self.written.push(ty),
                _ => self.writes_unknown = true,
            }
        }
    }

    /// Returns whether the loop may end before its counters do.
    pub(super) fn leaves(&self) -> bool {
        self.course == Course::Leaves
    }

    /// Returns whether the loop assigns a variable, or counts with it.
    pub(super) fn assigns(&self, var: Handle<Var>) -> bool {
        self.assigned.contains(&var)
    }

    /// Returns whether a place lies in a variable that an iteration declares.
    pub(super) fn is_fresh(&self, module: &Module, function: &Function, place: &Place) -> bool {
        self.declared.contains(&place.var) && followed(module, function, place).is_empty()
    }

    /// Returns whether an expression has the same value before the loop as in it, and may be evaluated there.
    pub(super) fn keeps(&self, module: &Module, function: &Function, expr: Handle<Expr>) -> bool {
        let node = &function.exprs[expr];
        let is_kept = match &node.kind {
            ExprKind::Load(place) => self.keeps_value(module, function, place),
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
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        };
        let mut inside = operands(&node.kind).into_iter();
        is_kept && inside.all(|operand| self.keeps(module, function, operand))
    }

    fn keeps_value(&self, module: &Module, function: &Function, place: &Place) -> bool {
        if is_variable(function, place) {
            return self.keeps_variable(function, place.var);
        }
        let mut objects = objects(module, function, place).into_iter();
        let is_there = is_constant(module, function, place)
            && objects.all(|object| self.is_read(function, &object));
        let ty = function.place_type(&module.records, place);
        is_there
            && self.keeps_place(module, function, place)
            && ty.is_some_and(|ty| self.leaves_alone(&ty))
    }

    /// Returns whether a place is the same before the loop as in it, but for its subscripts, and its address may be asked there.
    pub(super) fn keeps_place(&self, module: &Module, function: &Function, place: &Place) -> bool {
        let own = &function.vars[place.var];
        let is_there = !self.declared.contains(&place.var) && !own.is_volatile;
        let mut pointers = followed(module, function, place).into_iter();
        is_there && pointers.all(|pointer| self.keeps_value(module, function, &pointer))
    }

    fn keeps_variable(&self, function: &Function, var: Handle<Var>) -> bool {
        !self.assigns(var) && (!self.calls || is_own(function, var))
    }

    fn is_read(&self, function: &Function, object: &Place) -> bool {
        let mut known = self.read.iter();
        known.any(|known| is_same_place(function, known, function, object))
    }

    /// Returns whether nothing that the loop writes in memory is a value of a type.
    ///
    /// **Source**: C17 6.5 §7: an object is accessed by lvalues of its own type, or of a character type.
    fn leaves_alone(&self, ty: &Type) -> bool {
        let is_character = |ty: &Type| ty.scalar().is_some_and(|own| own.size_bytes() == 1);
        let is_other = |written: &Type| match (written.scalar(), ty.scalar()) {
            (Some(written), Some(own)) => !is_alike(own, written),
            (written, own) => written.is_some() != own.is_some(),
        };
        let mut written = self.written.iter();
        let is_apart = written.all(|written| !is_character(written) && is_other(written));
        !self.calls && (self.written.is_empty() || is_apart && !is_character(ty))
    }
}

/// Returns whether two types of numbers are the same but for the sign.
fn is_alike(a: Scalar, b: Scalar) -> bool {
    a.is_float() == b.is_float() && a.bits() == b.bits()
}

/// Returns whether all operands of an expression are evaluated, whatever their values are.
pub(super) fn is_evaluated_whole(function: &Function, expr: Handle<Expr>) -> bool {
    let mut is_whole = true;
    visit(function, expr, &mut |_, node| {
        is_whole &= !matches!(
            node.kind,
            ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
        );
    });
    is_whole
}

/// Returns the objects behind pointers that evaluating an expression reads, whatever its operands are.
fn surely_read(module: &Module, function: &Function, expr: Handle<Expr>) -> Vec<Place> {
    let mut found = Vec::new();
    if is_evaluated_whole(function, expr) {
        visit(function, expr, &mut |_, node| {
            if let ExprKind::Load(place) = &node.kind {
                found.extend(objects(module, function, place));
            }
        });
    }
    found
}

/// Returns the objects behind pointers that a path goes through, each with the subscript that it is found by.
fn objects(module: &Module, function: &Function, place: &Place) -> Vec<Place> {
    let pointers = followed(module, function, place).into_iter();
    let objects = pointers.map(|pointer| Place {
        path: place.path[..=pointer.path.len()].to_vec(),
        var: pointer.var,
    });
    objects.collect()
}

/// Returns whether the subscripts of a path are constants: 0 behind a pointer, and below the length of an array.
fn is_constant(module: &Module, function: &Function, place: &Place) -> bool {
    let mut steps = place.path.iter().enumerate();
    steps.all(|(position, step)| {
        let Projection::Index(index) = step else {
            return true;
        };
        let before = Place {
            var: place.var,
            path: place.path[..position].to_vec(),
        };
        let length = match function.place_type(&module.records, &before) {
            Some(Type::Array {
                length: Extent::Fixed(length),
                ..
            }) => i128::from(length),
            Some(Type::Pointer { .. }) => 1,
            _ => 0,
        };
        let at = build::constant(function, *index);
        at.is_some_and(|at| (0..length).contains(&at))
    })
}

/// Returns whether a value tells a place in memory, other than that of a text.
fn tells_place(function: &Function, value: Handle<Expr>) -> bool {
    let node = &function.exprs[value];
    if let ExprKind::Cast(inner) = node.kind
        && node.ty.scalar().is_none()
    {
        return tells_place(function, inner);
    }
    node.ty.scalar().is_none() && !matches!(node.kind, ExprKind::Text(_))
}
