//! Types, structure types and the declarations of variables.

use crate::arena::Handle;
use crate::expr::ExprKind;
use crate::function::{Space, Var};
use crate::text::quote;
use crate::types::{Extent, Record, Type};

use super::Printer;

impl Printer<'_> {
    /// Prints `record struct body size 24 align 8 { … }`.
    pub(super) fn record(&mut self, handle: Handle<Record>, record: &Record) {
        self.put(format_args!(
            "record {} size {} align {} {{\n",
            self.record_name(handle),
            record.size_bytes,
            record.align_bytes
        ));
        self.indent += 1;
        for field in &record.fields {
            self.line();
            self.put(format_args!("{}: ", quote::name(&field.name)));
            self.ty(&field.ty);
            self.put(format_args!(" at {}\n", field.offset_bytes));
        }
        self.indent -= 1;
        self.push("}\n");
    }

    /// Returns the name of a structure type, with `#2` where it is the second of its name.
    fn record_name(&self, handle: Handle<Record>) -> String {
        let Some(record) = self.records.get(handle) else {
            return format!("<record {}>", handle.index());
        };
        let namesakes = self
            .records
            .iter()
            .take(handle.index())
            .filter(|(_, other)| other.name == record.name)
            .count();
        let name = quote::record(&record.name);
        if namesakes == 0 {
            name
        } else {
            format!("{name}#{}", namesakes + 1)
        }
    }

    /// Prints a type: `*const f64[512]` is a pointer to an array, `(*f64)[4]` an array of pointers.
    pub(super) fn ty(&mut self, ty: &Type) {
        let mut ty = ty;
        while let Type::Pointer { to, is_const } = ty {
            self.push(if *is_const { "*const " } else { "*" });
            ty = to;
        }
        let base = ty.innermost();
        match base {
            Type::Void => self.push("void"),
            Type::Scalar(scalar) => self.push(scalar.name()),
            Type::Pointer { .. } => {
                self.push("(");
                self.ty(base);
                self.push(")");
            }
            Type::Record(record) => self.push(&self.record_name(*record)),
            Type::Opaque(name) => self.put(format_args!("opaque {}", quote::text(name))),
            // `innermost` never ends at an array.
            Type::Array { .. } => {}
        }
        while let Type::Array { of, length } = ty {
            self.push("[");
            self.extent(*length);
            self.push("]");
            ty = of;
        }
    }

    fn extent(&mut self, length: Extent) {
        match length {
            Extent::Fixed(length) => self.put(format_args!("{length}")),
            Extent::Variable(length) => {
                let is_number = self
                    .function
                    .and_then(|function| function.exprs.get(length))
                    .is_some_and(|length| matches!(length.kind, ExprKind::Int(_)));
                self.push(if is_number { "(" } else { "" });
                self.value(length);
                self.push(if is_number { ")" } else { "" });
            }
            Extent::Unknown => {}
        }
    }

    /// Prints the name, properties, type and space of a variable: `x: restrict *const f32`.
    pub(super) fn declaration(&mut self, var: Handle<Var>) {
        let Some(declared) = self.function.and_then(|function| function.vars.get(var)) else {
            self.put(format_args!("<variable {}>", var.index()));
            return;
        };
        self.put(format_args!("{}: ", quote::variable(&declared.name)));
        let properties = [
            (declared.is_const, "const "),
            (declared.is_volatile, "volatile "),
            (declared.is_restrict, "restrict "),
            (declared.is_address_taken, "addressed "),
        ];
        for (is_set, property) in properties {
            self.push(if is_set { property } else { "" });
        }
        self.ty(&declared.ty);
        self.push(match declared.space {
            Space::Host => "",
            Space::Global => " @global",
            Space::Constant(_) => " @constant ",
            Space::Shared => " @shared",
            Space::Partial(_) => " @partial ",
            Space::Slices(_) => " @slices ",
            Space::Register => " @register",
        });
        if let Some(array) = declared.space.stands_for() {
            let array = self.function.and_then(|function| function.vars.get(array));
            self.push(&array.map_or_else(String::new, |array| quote::variable(&array.name)));
        }
    }
}
