//! Declarators, written from the inside out.
//!
//! **Source**: C17 6.7.6.

use super::CText;
use crate::function::Var;
use crate::types::{Extent, Type};

impl CText<'_> {
    /// Returns a declaration of `inner`; `is_const` says that the declared object itself is `const`.
    pub(super) fn declare(&self, ty: &Type, inner: &str, is_const: bool) -> String {
        match ty {
            Type::Void => specifier("void", inner, is_const),
            Type::Scalar(scalar) => specifier(scalar.c_name(), inner, is_const),
            Type::Record(record) => match self.records.get(*record) {
                Some(record) => specifier(&record.name, inner, is_const),
                None => specifier("void", inner, is_const),
            },
            Type::Opaque(spelling) => match (spelling.split_once("(*)"), spelling.split_once(" ("))
            {
                (Some((result, parameters)), _) => format!("{result}(*{inner}){parameters}"),
                (None, Some((result, parameters))) if inner.starts_with('*') => {
                    format!("{result} ({inner})({parameters}")
                }
                (None, _) => specifier(spelling, inner, is_const),
            },
            Type::Pointer {
                to,
                is_const: is_pointee_const,
            } => {
                let own = match (is_const, inner.is_empty()) {
                    (false, _) => format!("*{inner}"),
                    (true, false) => format!("*const {inner}"),
                    (true, true) => "*const".to_owned(),
                };
                let own = if matches!(**to, Type::Array { .. }) {
                    format!("({own})")
                } else {
                    own
                };
                self.declare(to, &own, *is_pointee_const)
            }
            Type::Array { of, length } => {
                let length = match length {
                    Extent::Fixed(length) => length.to_string(),
                    Extent::Variable(length) => self.converted(*length),
                    Extent::Unknown => String::new(),
                };
                self.declare(of, &format!("{inner}[{length}]"), is_const)
            }
        }
    }

    /// Returns the declaration of a variable under the name that the text uses for it.
    pub(super) fn declare_var(&self, var: &Var, name: &str, is_const: bool) -> String {
        let volatile = if var.is_volatile { "volatile " } else { "" };
        format!("{volatile}{}", self.declare(&var.ty, name, is_const))
    }
}

fn specifier(name: &str, inner: &str, is_const: bool) -> String {
    let qualifier = if is_const { "const " } else { "" };
    let space = if inner.is_empty() || inner.starts_with('[') {
        ""
    } else {
        " "
    };
    format!("{qualifier}{name}{space}{inner}")
}
