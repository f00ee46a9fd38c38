//! What the parameters of a callee stand for in one call.

use mupac_ir::structure::is_same_type;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Extent, Handle, Place, Projection, Scalar, Stmt,
    Storage, Type, UnaryOp, Var,
};

use super::copy::{Base, Binding, Bindings, Copy};
use crate::analyse::stays_within;
use crate::{build, region};

/// Larger values are kept in a variable rather than repeated.
const MOST_NODES: usize = 8;

impl Copy<'_> {
    /// Binds parameters to arguments, numbers before pointers, whose rows they may measure.
    ///
    /// `before` receives what must run before the callee's statements; without it, numbers are bound to the arguments
    /// themselves, whatever they are.
    pub(super) fn bind(
        &mut self,
        arguments: &[Handle<Expr>],
        mut before: Option<&mut Block>,
    ) -> Option<Bindings> {
        let parameters = self.from().parameters.clone();
        if parameters.len() != arguments.len() {
            return None;
        }
        let mut bindings = Bindings::new();
        let pairs = parameters.into_iter().zip(arguments.iter().copied());
        let (pointers, numbers): (Vec<_>, Vec<_>) =
            pairs.partition(|(var, _)| matches!(self.from().vars[*var].ty, Type::Pointer { .. }));
        for (parameter, argument) in numbers {
            let binding = self.value(parameter, argument, &bindings, before.as_deref_mut())?;
            bindings.insert(parameter, binding);
        }
        for (parameter, argument) in pointers {
            let binding = if self.callee.written.contains(&parameter) {
                let before = before.as_deref_mut()?;
                Binding::Variable(self.changed_pointer(parameter, argument, &bindings, before)?)
            } else {
                let base = self.pointer(parameter, argument, &bindings, before.as_deref_mut())?;
                Binding::Pointer(argument, base)
            };
            bindings.insert(parameter, binding);
        }
        Some(bindings)
    }

    /// Binds a number or a structure.
    fn value(
        &mut self,
        parameter: Handle<Var>,
        argument: Handle<Expr>,
        bindings: &Bindings,
        before: Option<&mut Block>,
    ) -> Option<Binding> {
        let ty = &self.from().vars[parameter].ty;
        if *ty != self.caller.exprs[argument].ty {
            return None;
        }
        let is_kept = !self.callee.written.contains(&parameter);
        match (ty, &self.caller.exprs[argument].kind) {
            (Type::Scalar(_), _) if before.is_none() || (is_kept && self.is_simple(argument)) => {
                return Some(Binding::Value(argument));
            }
            (Type::Record(_), ExprKind::Load(place))
                if is_kept
                    && (!self.callee.writes_memory && self.is_stable_place(place)
                        || self.is_beyond_reach(parameter, place)) =>
            {
                return Some(Binding::Object(place.clone()));
            }
            (Type::Scalar(_) | Type::Record(_), _) => {}
            (Type::Void | Type::Pointer { .. } | Type::Array { .. } | Type::Opaque(_), _) => {
                return None;
            }
        }
        let var = self.local(parameter, bindings)?;
        self.assigned(var, argument, before?);
        Some(Binding::Variable(var))
    }

    /// Returns whether no memory that a callee writes is part of a structure or of the parameter that it is passed as: both
    /// are variables whose address nobody takes.
    fn is_beyond_reach(&self, parameter: Handle<Var>, place: &Place) -> bool {
        let is_member = |step: &Projection| matches!(step, Projection::Field(_));
        let var = &self.caller.vars[place.var];
        var.is_plain_local()
            && self.from().vars[parameter].is_plain_local()
            && matches!(var.ty, Type::Record(_))
            && place.path.iter().all(is_member)
    }

    /// Declares a variable with a value.
    fn assigned(&mut self, var: Handle<Var>, value: Handle<Expr>, out: &mut Block) {
        out.push(Stmt::Declare(var, self.at));
        out.push(Stmt::Compute(Compute {
            id: self.fresh.statement(),
            target: Place::var(var),
            value,
            span: self.at,
            target_span: self.at,
        }));
    }

    /// Makes a variable for a pointer that the callee changes, to elements of the type that it reads.
    fn changed_pointer(
        &mut self,
        parameter: Handle<Var>,
        argument: Handle<Expr>,
        bindings: &Bindings,
        before: &mut Block,
    ) -> Option<Handle<Var>> {
        let var = self.local(parameter, bindings)?;
        let (ty, from) = (&self.caller.vars[var].ty, &self.caller.exprs[argument].ty);
        let (to, element) = (ty.element()?, from.element()?);
        if !is_same_type(self.caller, to, self.caller, element) {
            return None;
        }
        let ty = ty.clone();
        let value = if *from == ty {
            argument
        } else {
            self.caller.expr(ExprKind::Cast(argument), ty)
        };
        self.assigned(var, value, before);
        Some(var)
    }

    /// Binds a pointer that the callee does not change, to elements of the type that it reads.
    fn pointer(
        &mut self,
        parameter: Handle<Var>,
        argument: Handle<Expr>,
        bindings: &Bindings,
        before: Option<&mut Block>,
    ) -> Option<Base> {
        let base = match self.row(parameter, argument, bindings) {
            Some(row) => Base::Element(row),
            None => self.base(argument)?,
        };
        let base = self.settled(base, before)?;
        let Type::Pointer { to, .. } = self.from().vars[parameter].ty.clone() else {
            return None;
        };
        let found = self.element(&base)?;
        if *to == Type::Void {
            return self.is_taken_for(parameter, &found).then_some(base);
        }
        let element = self.ty(&to, bindings)?;
        is_same_type(self.caller, &element, self.caller, &found).then_some(base)
    }

    /// Returns whether the callee does nothing with a `void *` but to take it for a pointer to elements of a type.
    fn is_taken_for(&self, parameter: Handle<Var>, element: &Type) -> bool {
        let from = self.from();
        let is_it = |expr| build::loaded(from, expr) == Some(parameter);
        let (mut casts, mut reads) = (0, 0);
        region::each(&from.body, &mut |stmt| {
            for expr in region::expressions(stmt) {
                build::visit(from, expr, &mut |_, node| {
                    reads += usize::from(matches!(&node.kind, ExprKind::Load(place)
                        if place.var == parameter));
                    let is_cast = matches!(node.kind, ExprKind::Cast(inner) if is_it(inner));
                    let to = node.ty.element().filter(|_| is_cast);
                    casts += usize::from(
                        to.is_some_and(|to| is_same_type(from, to, self.caller, element)),
                    );
                });
            }
        });
        casts == reads
    }

    /// Returns what a pointer leads to.
    fn base(&mut self, pointer: Handle<Expr>) -> Option<Base> {
        match self.caller.exprs[pointer].kind.clone() {
            ExprKind::Load(place) if place.path.is_empty() => self
                .is_kept_pointer(place.var)
                .then_some(Base::Variable(place.var)),
            // One that lies in memory leads to the same place as long as no pointer in memory changes.
            ExprKind::Load(place) => {
                let first = build::int(self.caller, 0, Scalar::I64);
                let path = [place.path, vec![Projection::Index(first)]].concat();
                let element = Place { path, ..place };
                (!self.writes_pointers()).then_some(Base::Element(element))
            }
            ExprKind::Address(place) => Some(match place.path.last() {
                Some(Projection::Index(_)) if self.is_flattened(&place) => return None,
                Some(Projection::Index(_)) => Base::Element(place),
                Some(Projection::Field(_)) | None => Base::Object(place),
            }),
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), pointer, by) => {
                let base = self.base(pointer)?;
                let by = if op == BinaryOp::Add {
                    by
                } else {
                    let negative = ExprKind::Unary(UnaryOp::Negate, by);
                    self.caller.expr(negative, Scalar::I64)
                };
                match base {
                    Base::Variable(var) => Some(Base::Element(Place {
                        var,
                        path: vec![Projection::Index(by)],
                    })),
                    Base::Element(place) => self.moved(place, by).map(Base::Element),
                    Base::Object(_) => None,
                }
            }
            ExprKind::Cast(inner) => {
                let (from, to) = (&self.caller.exprs[inner].ty, &self.caller.exprs[pointer].ty);
                let is_same = from
                    .element()
                    .zip(to.element())
                    .is_some_and(|(from, to)| is_same_type(self.caller, from, self.caller, to));
                let is_lost = to.element() == Some(&Type::Void);
                if is_same || is_lost {
                    self.base(inner)
                } else {
                    None
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns whether the callee writes memory that may hold a pointer: more than a number that no character is.
    ///
    /// **Source**: C17 6.5 §7: only an lvalue of a character type may access an object of any type.
    fn writes_pointers(&self) -> bool {
        let is_wide = |ty: &Type| ty.scalar().is_some_and(|scalar| scalar.size_bytes() > 1);
        let mut found = false;
        region::each(&self.from().body, &mut |stmt| {
            found |= region::target(stmt).is_some_and(|place| {
                let ty = self.from().place_type(&self.module.records, place);
                !place.path.is_empty() && !ty.as_ref().is_some_and(is_wide)
            });
        });
        found
    }

    /// Returns whether a pointer variable leads to the same place as long as the callee runs.
    ///
    /// Nothing but the function itself changes one of its own; the callee assigns one of file scope by its name, or
    /// through a pointer that leads to it, which the guards of a region exclude.
    fn is_kept_pointer(&self, var: Handle<Var>) -> bool {
        let own = &self.caller.vars[var];
        let is_assigned = || {
            self.callee.written.iter().any(|written| {
                let written = &self.from().vars[*written];
                written.storage == Storage::Global && written.name == own.name
            })
        };
        matches!(own.ty, Type::Pointer { .. })
            && !own.is_volatile
            && match own.storage {
                Storage::Parameter | Storage::Local => own.is_plain_local(),
                Storage::Global => !is_assigned(),
                Storage::Static | Storage::Function => false,
            }
    }

    /// Returns whether an address is that of the first number of an array of several dimensions: the callee may take it
    /// for one long row, and subscripts beyond the first row would not be seen as those of the next.
    fn is_flattened(&self, place: &Place) -> bool {
        let is_first = |step: &Projection| match step {
            Projection::Index(index) => build::constant(self.caller, *index) == Some(0),
            Projection::Field(_) => false,
        };
        place.path.len() > 1 && place.path.iter().rev().take(2).all(is_first)
    }

    /// Returns the first element of a row that an argument is the address of, if the callee stays in that row:
    /// `solve(lhs[i][j][0])`, `distance(x, centre[0], 3)`.
    fn row(
        &self,
        parameter: Handle<Var>,
        argument: Handle<Expr>,
        bindings: &Bindings,
    ) -> Option<Place> {
        let mut address = argument;
        // Some parameters promise not to write what they lead to.
        while let ExprKind::Cast(inner) = self.caller.exprs[address].kind {
            let types = [address, inner].map(|expr| self.caller.exprs[expr].ty.element());
            let [Some(to), Some(from)] = types else {
                return None;
            };
            is_same_type(self.caller, to, self.caller, from).then_some(())?;
            address = inner;
        }
        let ExprKind::Address(place) = &self.caller.exprs[address].kind else {
            return None;
        };
        let Some((Projection::Index(_), outside)) = place.path.split_last() else {
            return None;
        };
        let row = Place {
            path: outside.to_vec(),
            ..place.clone()
        };
        let Type::Array {
            length: Extent::Fixed(length),
            ..
        } = self.caller.place_type(&self.module.records, &row)?
        else {
            return None;
        };
        let numbers = bindings.iter().filter_map(|(parameter, binding)| {
            let Binding::Value(argument) = binding else {
                return None;
            };
            Some((*parameter, build::constant(self.caller, *argument)?))
        });
        let numbers: Vec<_> = numbers.collect();
        let is_row =
            self.is_flattened(place) && stays_within(self.from(), parameter, length, &numbers);
        is_row.then(|| place.clone())
    }

    /// Keeps subscripts that the callee might change in variables of their own.
    fn settled(&mut self, base: Base, before: Option<&mut Block>) -> Option<Base> {
        let (mut place, is_element) = match base {
            Base::Variable(_) => return Some(base),
            Base::Element(place) => (place, true),
            Base::Object(place) => (place, false),
        };
        let mut before = before;
        for step in &mut place.path {
            let Projection::Index(index) = step else {
                continue;
            };
            if self.is_stable(*index) || (before.is_none() && !self.callee.writes_memory) {
                continue;
            }
            let ty = self.caller.exprs[*index].ty.clone();
            let name = self.caller.fresh_name("at.t");
            let var = self.caller.vars.push(Var::local(name, ty));
            self.assigned(var, *index, before.as_deref_mut()?);
            *index = self.caller.load(var);
        }
        Some(if is_element {
            Base::Element(place)
        } else {
            Base::Object(place)
        })
    }

    /// Returns the type of what a pointer leads to.
    fn element(&self, base: &Base) -> Option<Type> {
        match base {
            Base::Variable(var) => self.caller.vars[*var].ty.element().cloned(),
            Base::Element(place) | Base::Object(place) => {
                self.caller.place_type(&self.module.records, place)
            }
        }
    }

    fn is_stable_place(&self, place: &Place) -> bool {
        build::indices(place).all(|index| self.is_stable(index))
    }

    /// Returns whether a value is made of constants and of numbers that only the caller changes.
    pub(super) fn is_stable(&self, value: Handle<Expr>) -> bool {
        let mut is_stable = true;
        build::visit(self.caller, value, &mut |_, node| {
            is_stable &= match &node.kind {
                ExprKind::Load(place) => {
                    let var = &self.caller.vars[place.var];
                    place.path.is_empty()
                        && var.is_plain_local()
                        && matches!(var.ty, Type::Scalar(_))
                }
                ExprKind::Address(_) | ExprKind::Text(_) => false,
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => true,
            };
        });
        is_stable
    }

    /// Returns whether a number can stand wherever the callee names it: a constant, a variable, or a short integer
    /// expression of such. A longer floating-point one might be rounded in another way in each place.
    fn is_simple(&self, value: Handle<Expr>) -> bool {
        let node = &self.caller.exprs[value];
        let is_float = node.ty.scalar().is_some_and(Scalar::is_float);
        let is_leaf = build::operands(&node.kind).is_empty();
        self.is_stable(value) && (is_leaf || (!is_float && self.nodes(value) <= MOST_NODES))
    }

    /// Returns whether evaluating a value twice costs little and gives the same number: it is simple, or read from
    /// memory at a simple subscript.
    pub(super) fn is_repeatable(&self, value: Handle<Expr>) -> bool {
        match &self.caller.exprs[value].kind {
            ExprKind::Load(place) => {
                self.is_stable_place(place) && self.nodes(value) <= 2 * MOST_NODES
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => self.is_simple(value),
        }
    }

    fn nodes(&self, value: Handle<Expr>) -> usize {
        let mut count = 0;
        build::visit(self.caller, value, &mut |_, _| count += 1);
        count
    }
}
