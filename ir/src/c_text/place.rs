//! Places: variables, subscripts and fields.

use super::CText;
use super::precedence::{Precedence, Rendered};
use crate::arena::Handle;
use crate::builtin::Builtin;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::Storage;
use crate::types::Type;

impl CText<'_> {
    /// Returns the text of a place.
    ///
    /// A subscript 0 that the source does not spell comes from `*p` or `p->x`, and is printed so.
    pub(super) fn render_place(&self, place: &Place) -> Rendered {
        let variable = self.function.vars.get(place.var);
        let mut ty = variable.map_or(Type::Void, |var| var.ty.clone());
        let mut text = (self.names)(place.var);
        let mut steps = place.path.iter().peekable();
        while let Some(step) = steps.next() {
            match *step {
                Projection::Index(index) => {
                    let is_pointer = matches!(ty, Type::Pointer { .. });
                    ty = ty.element().cloned().unwrap_or(Type::Void);
                    let is_implied = is_pointer && self.is_unspelled_zero(index);
                    match steps.peek() {
                        None if is_implied => {
                            return Rendered::new(format!("*{text}"), Precedence::Unary, ty);
                        }
                        Some(Projection::Field(field)) if is_implied => {
                            let (name, field_ty) = self.field(&ty, *field);
                            text = format!("{text}->{name}");
                            ty = field_ty;
                            steps.next();
                        }
                        None | Some(Projection::Index(_) | Projection::Field(_)) => {
                            text = format!("{text}[{}]", self.subscript(index));
                        }
                    }
                }
                Projection::Field(field) => {
                    let (name, field_ty) = self.field(&ty, field);
                    text = format!("{text}.{name}");
                    ty = field_ty;
                }
            }
        }
        Rendered::primary(text, ty)
    }

    /// Returns the text of an address; a decayed array is its own text.
    pub(super) fn address(&self, place: &Place, ty: &Type) -> Rendered {
        if let Some((Projection::Index(last), path)) = place.path.split_last()
            && self.is_unspelled_zero(*last)
        {
            let prefix = Place {
                var: place.var,
                path: path.to_vec(),
            };
            let rendered = self.render_place(&prefix);
            return Rendered::new(rendered.text, rendered.precedence, ty.clone());
        }
        let rendered = self.render_place(place);
        let var = &self.function.vars[place.var];
        if var.storage == Storage::Function {
            // C++ overloads the mathematical functions; the type says which one is meant.
            let is_overloaded = Builtin::find(&var.spelling).is_some();
            return if is_overloaded {
                self.cast(&rendered, ty)
            } else {
                Rendered::new(rendered.text, rendered.precedence, ty.clone())
            };
        }
        let text = format!("&{}", rendered.at(Precedence::Unary));
        Rendered::new(text, Precedence::Unary, ty.clone())
    }

    fn is_unspelled_zero(&self, index: Handle<Expr>) -> bool {
        let expr = &self.function.exprs[index];
        expr.kind == ExprKind::Int(0) && expr.spelling.is_none()
    }

    /// Returns the enumeration that a place holds a value of, where that is a variable or a member of a structure.
    pub(super) fn enumeration(&self, place: &Place) -> Option<&str> {
        if place.path.is_empty() {
            return self.function.vars[place.var].enumeration.as_deref();
        }
        let is_field = |step: &Projection| matches!(step, Projection::Field(_));
        let last = place.path.iter().rposition(is_field)?;
        let Projection::Field(field) = place.path[last] else {
            return None;
        };
        let structure = Place {
            var: place.var,
            path: place.path[..last].to_vec(),
        };
        let ty = self.function.place_type(self.records, &structure)?;
        let Type::Record(record) = ty else {
            return None;
        };
        let field = self.records.get(record)?.fields.get(field as usize)?;
        field.enumeration.as_deref()
    }

    fn field(&self, ty: &Type, field: u32) -> (String, Type) {
        let field = match ty {
            Type::Record(record) => self
                .records
                .get(*record)
                .and_then(|record| record.fields.get(field as usize)),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Opaque(_) => None,
        };
        field.map_or((String::new(), Type::Void), |field| {
            (field.name.clone(), field.ty.clone())
        })
    }

    /// Returns the text of a subscript, which may have any integer type of the same value.
    fn subscript(&self, index: Handle<Expr>) -> String {
        self.same_value(index).text
    }
}
