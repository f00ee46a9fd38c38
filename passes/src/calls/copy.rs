//! Expressions and places of a callee, written in the variables of its caller.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Extent, Function, Handle, Module, Origins, Place, Projection, Scalar,
    Span, Storage, Type, Var,
};

use super::Callee;
use super::expand::Fresh;
use super::scope;
use crate::analyse::names;
use crate::build;

/// What variables of the callee stand for.
pub(super) type Bindings = BTreeMap<Handle<Var>, Binding>;

/// What a variable of the callee stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// A variable of the caller.
    Variable(Handle<Var>),
    /// A number that stays the same as long as the binding holds.
    Value(Handle<Expr>),
    /// A structure that nothing changes as long as the binding holds.
    Object(Place),
    /// A pointer that the callee does not change: its value, and what it leads to.
    Pointer(Handle<Expr>, Base),
}

/// What a pointer leads to.
#[derive(Clone, Debug)]
pub(super) enum Base {
    /// The elements that a pointer variable of the caller leads to.
    Variable(Handle<Var>),
    /// The elements from this one on; the last step of the path is a subscript.
    Element(Place),
    /// This object alone.
    Object(Place),
}

/// A callee on its way into a caller.
pub(super) struct Copy<'a> {
    pub(super) module: &'a Module,
    pub(super) callee: &'a Callee,
    pub(super) caller: &'a mut Function,
    pub(super) fresh: &'a mut Fresh,
    pub(super) origins: &'a mut Origins,
    /// The call.
    pub(super) at: Span,
    /// How often each value of a binding was used.
    pub(super) uses: BTreeMap<Handle<Expr>, usize>,
}

impl<'a> Copy<'a> {
    pub(super) fn from(&self) -> &'a Function {
        &self.callee.function
    }

    /// Copies an expression; `None` where it cannot be said in the caller.
    pub(super) fn expr(&mut self, expr: Handle<Expr>, bindings: &Bindings) -> Option<Handle<Expr>> {
        self.fresh.spend()?;
        let node = &self.from().exprs[expr];
        let kind = match &node.kind {
            ExprKind::Load(place) if place.path.is_empty() => {
                match self.binding(place.var, bindings)? {
                    Binding::Value(value) | Binding::Pointer(value, _) => {
                        *self.uses.entry(value).or_default() += 1;
                        return Some(value);
                    }
                    Binding::Variable(var) => ExprKind::Load(Place::var(var)),
                    Binding::Object(place) => ExprKind::Load(place),
                }
            }
            ExprKind::Load(place) => ExprKind::Load(self.place(place, bindings)?),
            ExprKind::Address(place) => ExprKind::Address(self.place(place, bindings)?),
            ExprKind::Unary(op, a) => ExprKind::Unary(*op, self.expr(*a, bindings)?),
            ExprKind::Cast(a) => ExprKind::Cast(self.expr(*a, bindings)?),
            ExprKind::Binary(op, a, b) => {
                ExprKind::Binary(*op, self.expr(*a, bindings)?, self.expr(*b, bindings)?)
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => ExprKind::Select {
                condition: self.expr(*condition, bindings)?,
                then: self.expr(*then, bindings)?,
                otherwise: self.expr(*otherwise, bindings)?,
            },
            ExprKind::Call(name, arguments) => {
                let arguments: Option<Vec<_>> = arguments
                    .iter()
                    .map(|argument| self.expr(*argument, bindings))
                    .collect();
                ExprKind::Call(name.clone(), arguments?)
            }
            ExprKind::Int(_) | ExprKind::Float(_) => node.kind.clone(),
            ExprKind::Text(_) | ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => return None,
        };
        let ty = self.ty(&node.ty.clone(), bindings)?;
        let mut copied = Expr::new(kind, ty);
        copied.span = node.span;
        // How the source spells a constant holds in the callee only.
        Some(self.caller.exprs.push(copied))
    }

    /// Copies a place.
    pub(super) fn place(&mut self, place: &Place, bindings: &Bindings) -> Option<Place> {
        let binding = self.binding(place.var, bindings)?;
        let mut path = Vec::with_capacity(place.path.len());
        for step in &place.path {
            path.push(match step {
                Projection::Index(index) => Projection::Index(self.expr(*index, bindings)?),
                Projection::Field(field) => Projection::Field(*field),
            });
        }
        match binding {
            Binding::Variable(var) | Binding::Pointer(_, Base::Variable(var)) => {
                Some(Place { var, path })
            }
            Binding::Object(base) => Some(extended(base, path)),
            Binding::Pointer(_, base) => self.through(base, path),
            Binding::Value(_) => None,
        }
    }

    /// Returns what a path leads to that starts with a subscript of a pointer to `base`.
    fn through(&mut self, base: Base, path: Vec<Projection>) -> Option<Place> {
        let mut path = path.into_iter();
        let Some(Projection::Index(index)) = path.next() else {
            return None;
        };
        let base = match base {
            Base::Variable(var) => Place {
                var,
                path: vec![Projection::Index(index)],
            },
            Base::Element(place) => self.moved(place, index)?,
            Base::Object(place) if build::constant(self.caller, index) == Some(0) => place,
            Base::Object(_) => return None,
        };
        Some(extended(base, path))
    }

    /// Returns the element so many behind another one.
    pub(super) fn moved(&mut self, mut place: Place, by: Handle<Expr>) -> Option<Place> {
        let Some(Projection::Index(index)) = place.path.pop() else {
            return None;
        };
        let caller = &mut *self.caller;
        let sum = if build::constant(caller, by) == Some(0) {
            index
        } else if build::constant(caller, index) == Some(0) {
            by
        } else {
            // Pointers are moved in 64 bits, whatever the types of the distances.
            let index = build::convert(caller, index, Scalar::I64);
            let by = build::convert(caller, by, Scalar::I64);
            build::binary(caller, BinaryOp::Add, index, by)
        };
        place.path.push(Projection::Index(sum));
        Some(place)
    }

    /// Copies a type with its extents.
    pub(super) fn ty(&mut self, ty: &Type, bindings: &Bindings) -> Option<Type> {
        Some(match ty {
            Type::Pointer { to, is_const } => self.ty(to, bindings)?.pointer(*is_const),
            Type::Array { of, length } => Type::Array {
                of: Box::new(self.ty(of, bindings)?),
                length: match length {
                    Extent::Variable(length) => Extent::Variable(self.expr(*length, bindings)?),
                    Extent::Fixed(_) | Extent::Unknown => *length,
                },
            },
            Type::Record(record) if !scope::knows_structure(self.module, self.caller, *record) => {
                return None;
            }
            Type::Void | Type::Scalar(_) | Type::Record(_) | Type::Opaque(_) => ty.clone(),
        })
    }

    fn binding(&mut self, var: Handle<Var>, bindings: &Bindings) -> Option<Binding> {
        match bindings.get(&var) {
            Some(binding) => Some(binding.clone()),
            None => self.global(var).map(Binding::Variable),
        }
    }

    /// Returns the caller's name for a variable of file scope; `None` where another variable hides it, or where the caller's
    /// text does not know it yet.
    fn global(&mut self, var: Handle<Var>) -> Option<Handle<Var>> {
        let global = &self.from().vars[var];
        let shown = names::shown(global);
        let is_plain = names::lengths(&global.ty).is_empty() && global.name == shown;
        if global.storage != Storage::Global || !is_plain {
            return None;
        }
        match scope::namesakes(self.caller, global).as_slice() {
            [] if scope::knows_variable(self.module, self.caller, global) => {
                Some(self.caller.vars.push(global.clone()))
            }
            [(known, Storage::Global)] => Some(*known),
            [..] => None,
        }
    }

    /// Makes a variable of the caller for a local of the callee.
    pub(super) fn local(&mut self, var: Handle<Var>, bindings: &Bindings) -> Option<Handle<Var>> {
        let own = self.from().vars[var].clone();
        let ty = self.ty(&own.ty, bindings)?;
        Some(self.caller.vars.push(Var {
            name: self.caller.fresh_name(&own.name),
            ty,
            storage: Storage::Local,
            is_const: false,
            is_restrict: false,
            enumeration: None,
            ..own
        }))
    }
}

fn extended(mut place: Place, path: impl IntoIterator<Item = Projection>) -> Place {
    place.path.extend(path);
    place
}
