//! What there is to choose for each value of a test.

use mupac_ir::c_text::CText;
use mupac_ir::{ExprKind, Handle, ParameterKind, Place, Scalar, Type, Var};

use crate::glue::Context;
use crate::inside::holds_pointers;

/// What to choose for a value of a test.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slot {
    /// A number that decides how much is touched.
    Size(Scalar),
    /// Any other number.
    Value(Scalar),
    /// A number of which only counts whether it is one of these; or which of some functions a pointer leads to, as C spells
    /// them.
    Choice {
        scalar: Scalar,
        among: Vec<i64>,
        functions: Vec<String>,
    },
    /// A pointer, or a structure that is copied out of memory; nothing to choose but what it may share memory with.
    Buffer {
        element: Type,
        is_written: bool,
        is_restrict: bool,
        is_optional: bool,
    },
    /// Memory that pointers inside of other memory lead to; nothing to choose but what it may share memory with, which
    /// pointers do not.
    Rows { element: Type, is_leaf: bool },
}

impl Context<'_> {
    /// Returns what there is to choose for a parameter.
    pub(crate) fn slot(&self, kind: &ParameterKind, var: &Var) -> Result<Slot, String> {
        let scalar = || {
            var.ty
                .scalar()
                .ok_or_else(|| format!("{} has a type that tests cannot make", var.spelling))
        };
        Ok(match kind {
            ParameterKind::Size | ParameterKind::Step => Slot::Size(scalar()?),
            ParameterKind::Value => Slot::Value(scalar()?),
            ParameterKind::Function { among } => Slot::Choice {
                scalar: Scalar::I32,
                among: (0..among.len() as i64).collect(),
                functions: among.iter().map(|each| self.function_text(*each)).collect(),
            },
            ParameterKind::Object => Slot::Buffer {
                element: var.ty.clone(),
                is_written: false,
                is_restrict: true,
                is_optional: false,
            },
            ParameterKind::Buffer {
                element,
                is_written,
                is_optional,
                ..
            } => Slot::Buffer {
                element: element.clone(),
                is_written: *is_written,
                // What pointers lie in has memory of its own.
                is_restrict: var.is_restrict || holds_pointers(element, self.records),
                is_optional: *is_optional,
            },
        })
    }

    /// Returns how C and C++ spell the address of a function.
    fn function_text(&self, function: Handle<Var>) -> String {
        let mut own = self.function.clone();
        let ty = own.vars[function].ty.clone().pointer(false);
        let address = own.expr(ExprKind::Address(Place::var(function)), ty);
        let text = CText {
            function: &own,
            records: self.records,
            names: &|var| own.vars[var].spelling.clone(),
            callees: &str::to_owned,
        };
        text.expr(address)
    }
}

/// Returns which of some functions has a number; the last one has all others, too.
pub(crate) fn function(functions: &[String], number: u64) -> Option<&String> {
    functions.get(number as usize).or(functions.last())
}
