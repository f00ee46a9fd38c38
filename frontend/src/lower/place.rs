//! Lvalues: clang's to places.

use clang_sys as k;
use mupac_ir::structure::{extents, operands};
use mupac_ir::{ExprKind, Handle, Place, Projection, Reason, Refusal, Type, Var};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::{Lowered, types, unsupported, walk};

impl<'u> Body<'_, 'u> {
    /// Lowers an lvalue.
    pub(super) fn place(&mut self, cursor: Cursor<'u>) -> Lowered<Place> {
        let at = self.span(cursor);
        let is_pointer = walk::named_variable(cursor)
            .is_some_and(|variable| variable.kind() == k::CXCursor_ParmDecl)
            && types::is_array(cursor.ty());
        if types::is_volatile(cursor.ty()) && !is_pointer {
            let variable = self
                .shared
                .text
                .source
                .get(at.range())
                .unwrap_or_default()
                .to_owned();
            return Err(Box::new(Refusal::new(Reason::Volatile { variable }, at)));
        }
        if let Some(member) = self.union_member(cursor)?
            && member.own == member.seen
        {
            return Ok(member.place);
        }
        let place = self.deeper(at, |body| body.place_of_kind(cursor))?;
        let Some(ty) = self.place_type(&place) else {
            return Err(unsupported("an access of this kind", at));
        };
        if let Some(hidden) = self.hidden_extent(place.var) {
            return Err(unsupported(
                format!(
                    "an array whose length `{hidden}` is hidden by another variable of that name"
                ),
                at,
            ));
        }
        if matches!(ty, Type::Opaque(_)) {
            return Err(unsupported(unmodelled_object(cursor), at));
        }
        if !self.shared.types.is_match(&ty, cursor.ty()) {
            return Err(unsupported(
                "an access whose type mupac computes differently",
                at,
            ));
        }
        Ok(place)
    }

    /// Returns a variable that the lengths of an array read and that its name does not mean here: text that is made
    /// for this place could not spell it.
    fn hidden_extent(&self, array: Handle<Var>) -> Option<&str> {
        let mut rest = extents(&self.function.vars[array].ty);
        while let Some(expr) = rest.pop() {
            let kind = &self.function.exprs[expr].kind;
            rest.extend(operands(kind));
            if let ExprKind::Load(place) = kind {
                let name = self.function.vars[place.var].spelling.as_str();
                let mut visible = self.visible.iter().rev();
                let meant = visible.find(|var| self.function.vars[**var].spelling == name);
                if meant.is_some_and(|meant| *meant != place.var) {
                    return Some(name);
                }
            }
        }
        None
    }

    fn place_of_kind(&mut self, cursor: Cursor<'u>) -> Lowered<Place> {
        let at = self.span(cursor);
        let children = cursor.children();
        match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_ParenExpr, [inner]) => self.place(*inner),
            (k::CXCursor_UnexposedExpr, [inner])
                if walk::implicit_operand(cursor).is_some()
                    && inner.ty().canonical().is_same(cursor.ty().canonical()) =>
            {
                self.place(*inner)
            }
            (k::CXCursor_DeclRefExpr, _) => match walk::named_variable(cursor) {
                Some(declaration) => self.variable(declaration, at).map(Place::var),
                None => Err(unsupported("a name that is no variable", at)),
            },
            (k::CXCursor_MemberRefExpr, [base]) => self.member(cursor, *base),
            (k::CXCursor_ArraySubscriptExpr, [left, right]) => {
                let (pointer, index) = if types::scalar(left.ty()).is_none() {
                    (left, right)
                } else {
                    (right, left)
                };
                if let Some(mut table) = self.table(*pointer) {
                    let index = self.value(*index)?;
                    table.path.push(Projection::Index(index));
                    return Ok(table);
                }
                let pointer = self.value(*pointer)?;
                let index = self.value(*index)?;
                self.pointee(pointer, Some(index))
            }
            (k::CXCursor_UnaryOperator, [operand])
                if cursor.unary_operator() == k::CXUnaryOperator_Deref =>
            {
                let pointer = self.value(*operand)?;
                self.pointee(pointer, None)
            }
            _ if types::is_record(cursor.ty()) && is_made(cursor) => self.made(cursor),
            _ => Err(unsupported(construct(cursor), at)),
        }
    }

    /// Lowers a structure that an expression makes to the variable that holds it: of `(c ? a : b).x` a member is read.
    fn made(&mut self, cursor: Cursor<'u>) -> Lowered<Place> {
        let at = self.span(cursor);
        let value = self.value(cursor)?;
        if let ExprKind::Load(place) = &self.function.exprs[value].kind {
            return Ok(place.clone());
        }
        Ok(Place::var(self.temporary("value", value, at)))
    }

    fn member(&mut self, cursor: Cursor<'u>, base: Cursor<'u>) -> Lowered<Place> {
        let at = self.span(cursor);
        let mut place = if types::is_record(base.ty()) {
            self.place(base)?
        } else {
            let pointer = self.value(base)?;
            self.pointee(pointer, None)?
        };
        let name = cursor.spelling();
        let Some(Type::Record(record)) = self.place_type(&place) else {
            return Err(unsupported(
                format!("a member of {}", base.ty().spelling()),
                at,
            ));
        };
        let fields = &self.shared.types.records()[record].fields;
        let offset = cursor.referenced().map(Cursor::field_offset_bits);
        let found = fields.iter().position(|field| {
            !name.is_empty()
                && field.name == name
                && i64::try_from(field.offset_bytes * 8).ok() == offset
        });
        let Some(index) = found else {
            let is_bit_field = cursor.referenced().is_some_and(Cursor::is_bit_field);
            let what = if is_bit_field {
                "a bit-field"
            } else {
                "a member of an unnamed structure"
            };
            return Err(unsupported(what, at));
        };
        place.path.push(Projection::Field(index as u32));
        Ok(place)
    }
}

/// Returns whether an expression makes a structure, and names none.
fn is_made(cursor: Cursor<'_>) -> bool {
    [
        k::CXCursor_BinaryOperator,
        k::CXCursor_CallExpr,
        k::CXCursor_ConditionalOperator,
        k::CXCursor_StmtExpr,
    ]
    .contains(&cursor.kind())
}

/// Returns what C calls an object whose type the IR does not model.
fn unmodelled_object(cursor: Cursor<'_>) -> String {
    let is_bit_field = cursor.referenced().is_some_and(Cursor::is_bit_field);
    let spelling = cursor.ty().spelling();
    if is_bit_field {
        "a bit-field".to_owned()
    } else if spelling.contains('(') && spelling.contains(" at ") {
        // Clang makes up a name that says where the type stands.
        "an object whose type has no name".to_owned()
    } else {
        format!("an object of type {spelling}")
    }
}
