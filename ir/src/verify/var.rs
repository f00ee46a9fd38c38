//! Variables and the head of a function.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place};
use crate::function::{Space, Storage, Var};
use crate::structure::{extents, operands};
use crate::types::{Scalar, Type};

use super::record::{Position, problem};
use super::{Checker, Form};

impl Checker<'_> {
    /// Checks the head of the function and every variable by itself.
    pub(super) fn vars(&mut self) {
        let function = self.function;
        if let Some(problem) = problem(
            &self.module.records,
            &function.result,
            Position::Result,
            false,
        ) {
            self.report(function.name.clone(), format!("the result: {problem}"));
        }
        let mut names = BTreeSet::new();
        for (handle, var) in function.vars.iter() {
            if !is_name(&var.name) {
                self.report_var(handle, "this is not the name of a variable");
            }
            if !names.insert(var.name.as_str()) {
                self.report_var(handle, "two variables have this name");
            }
            self.var(handle, var);
        }
    }

    fn var(&mut self, handle: Handle<Var>, var: &Var) {
        let times = self
            .function
            .parameters
            .iter()
            .filter(|each| **each == handle)
            .count();
        let expected = usize::from(var.storage == Storage::Parameter);
        if times != expected {
            self.report_var(
                handle,
                "a parameter is listed once, any other variable never",
            );
        }
        let position = match var.storage {
            Storage::Global | Storage::Function => Position::OpenObject,
            Storage::Parameter | Storage::Local | Storage::Static => Position::Object,
        };
        if let Some(problem) = problem(&self.module.records, &var.ty, position, true) {
            self.report_var(handle, problem);
        }
        let is_array = matches!(var.ty, Type::Array { .. });
        match var.storage {
            Storage::Parameter if is_array => {
                self.report_var(handle, "a parameter declared as an array is a pointer");
            }
            Storage::Static | Storage::Global if !extents(&var.ty).is_empty() => {
                self.report_var(handle, "its type is fixed before any function runs");
            }
            Storage::Parameter
            | Storage::Local
            | Storage::Static
            | Storage::Global
            | Storage::Function => {}
        }
        if var.is_restrict && !matches!(var.ty, Type::Pointer { .. }) {
            self.report_var(handle, "only a pointer is `restrict`");
        }
        if self.form == Form::Sequential && var.space != Space::Host {
            self.report_var(handle, "code as read lives in host memory");
        }
        let is_fixed = var.storage == Storage::Local && extents(&var.ty).is_empty();
        let is_of_block = matches!(var.space, Space::Shared | Space::Partial(_));
        if is_of_block && (!is_fixed || var.is_address_taken) {
            self.report_var(
                handle,
                "what a block shares is a local of fixed size without an address",
            );
        }
        if let Space::Partial(array) = var.space
            && !self.is_part(&var.ty, array)
        {
            self.report_var(
                handle,
                "a part is an array of the numbers that another array or pointer has",
            );
        }
        if let Space::Constant(array) = var.space
            && !self.holds_elements(&var.ty, array)
        {
            self.report_var(
                handle,
                "constants are an array of fixed size of the elements that another array or pointer has",
            );
        }
        if let Space::Slices(array) = var.space
            && !self.has_slices(&var.ty, array)
        {
            self.report_var(
                handle,
                "slices are reached by a pointer to the numbers that another array or pointer has",
            );
        }
        for extent in extents(&var.ty) {
            self.extent(handle, extent);
        }
    }

    /// Returns whether a type is that of an array of the numbers that a variable has.
    fn is_part(&self, part: &Type, array: Handle<Var>) -> bool {
        let of_array = self.function.vars.get(array);
        let of_array = of_array.and_then(|array| array.ty.element()?.scalar());
        let is_array = matches!(part, Type::Array { .. });
        is_array && of_array.is_some() && part.element().and_then(Type::scalar) == of_array
    }

    /// Returns whether a type is that of an array of fixed size of the elements of a variable, which are numbers or rows of them.
    fn holds_elements(&self, constants: &Type, array: Handle<Var>) -> bool {
        let of_array = self.function.vars.get(array);
        let element = of_array.and_then(|array| array.ty.element());
        let is_array = matches!(constants, Type::Array { .. }) && extents(constants).is_empty();
        let is_number = element.is_some_and(|element| element.innermost().scalar().is_some());
        is_array && is_number && constants.element() == element
    }

    /// Returns whether a type is that of a pointer to the numbers that a variable has, in rows or not.
    fn has_slices(&self, slices: &Type, array: Handle<Var>) -> bool {
        let of_array = self.function.vars.get(array);
        let number = of_array.and_then(|array| array.ty.element()?.innermost().scalar());
        let is_pointer = matches!(slices, Type::Pointer { .. });
        is_pointer && number.is_some() && slices.element().and_then(Type::scalar) == number
    }

    /// Checks that an extent is an integer over variables that nothing changes from elsewhere.
    fn extent(&mut self, var: Handle<Var>, extent: Handle<Expr>) {
        let mut is_stable = self.integer(extent).is_some();
        for place in self.places_in(extent) {
            let read = &self.function.vars[place.var];
            let is_own = matches!(read.storage, Storage::Parameter | Storage::Local);
            is_stable &= is_own
                && place.path.is_empty()
                && read.ty.scalar().is_some()
                && !read.is_address_taken
                && !read.is_volatile;
        }
        if !is_stable {
            self.report_var(
                var,
                "an extent is an integer over parameters and locals that only this function changes",
            );
        }
    }

    /// Returns the variables that the extents in a variable's type are made of.
    pub(super) fn variables_in_extents(&self, var: &Var) -> BTreeSet<Handle<Var>> {
        extents(&var.ty)
            .into_iter()
            .flat_map(|extent| self.places_in(extent))
            .map(|place| place.var)
            .collect()
    }

    /// Returns the places that an expression reads or takes the address of.
    pub(super) fn places_in(&self, expr: Handle<Expr>) -> Vec<&Place> {
        let mut seen = BTreeSet::new();
        let mut rest = vec![expr];
        let mut places = Vec::new();
        while let Some(next) = rest.pop() {
            let Some(expr) = self.function.exprs.get(next).filter(|_| seen.insert(next)) else {
                continue;
            };
            rest.extend(operands(&expr.kind));
            if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind {
                places.push(place);
            }
        }
        places
    }

    /// Returns the integer type of an expression, if it has one.
    pub(super) fn integer(&self, expr: Handle<Expr>) -> Option<Scalar> {
        let scalar = self.function.exprs.get(expr)?.ty.scalar()?;
        (!scalar.is_float()).then_some(scalar)
    }

    pub(super) fn report_var(&mut self, var: Handle<Var>, message: impl Into<String>) {
        let text = match self.function.vars.get(var) {
            Some(declared) => {
                let ty = crate::print::ty(&self.module.records, Some(self.function), &declared.ty);
                format!("{}: {ty}", declared.name)
            }
            None => format!("{var:?}"),
        };
        self.report(text, message);
    }
}

/// Returns whether a text can name a variable or a loop: letters, digits, `_`, `.` and `$`,
/// and what else C allows beyond ASCII.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|each| {
            each.is_alphanumeric() || matches!(each, '_' | '.' | '$') || is_foreign(each)
        })
}

/// Returns whether a character beyond ASCII may be part of a name.
fn is_foreign(each: char) -> bool {
    !each.is_ascii() && !each.is_whitespace() && !each.is_control()
}
