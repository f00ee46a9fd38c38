//! Places: every step of a path fits the type it starts from.

use crate::expr::{Place, Projection};
use crate::types::{Extent, Type};

use super::Checker;

impl Checker<'_> {
    /// Returns the type of what a place holds, or what is wrong with the path.
    pub(super) fn place(&self, place: &Place) -> Result<Type, String> {
        let Some(var) = self.function.vars.get(place.var) else {
            return Err("there is no such variable".to_owned());
        };
        let mut ty = &var.ty;
        for step in &place.path {
            ty = match *step {
                Projection::Index(index) => {
                    if self.integer(index).is_none() {
                        return Err("a subscript is not an integer".to_owned());
                    }
                    self.element(ty)?
                }
                Projection::Field(position) => self.field(ty, position)?,
            };
        }
        Ok(ty.clone())
    }

    fn element<'t>(&self, ty: &'t Type) -> Result<&'t Type, String> {
        let Some(element) = ty.element() else {
            return Err("a subscript follows something that has no elements".to_owned());
        };
        let has_size = match element {
            Type::Void | Type::Opaque(_) => false,
            Type::Array { length, .. } => *length != Extent::Unknown,
            Type::Record(record) => self.module.records.get(*record).is_some(),
            Type::Scalar(_) | Type::Pointer { .. } => true,
        };
        if has_size {
            Ok(element)
        } else {
            Err("the elements have no known size".to_owned())
        }
    }

    fn field<'t>(&'t self, ty: &'t Type, position: u32) -> Result<&'t Type, String> {
        let record = match ty {
            Type::Record(record) => self.module.records.get(*record),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Opaque(_) => None,
        };
        record
            .and_then(|record| record.fields.get(position as usize))
            .map(|field| &field.ty)
            .ok_or_else(|| "there is no such field".to_owned())
    }
}
