//! Braced first values, element by element.

use clang_sys as k;
use mupac_ir::stmt::Call;
use mupac_ir::{Expr, ExprKind, Extent, Handle, Place, Projection, Scalar, Span, Stmt, Type};

use crate::clang::{Constant, Cursor};
use crate::lower::function::Body;
use crate::lower::{Lowered, unsupported, walk};

/// More scalars than this are no statements of their own, which would drown the function.
pub(super) const ELEMENT_LIMIT: u64 = 64;

/// What makes larger ones zero.
const CLEARS: &str = "memset";

impl<'u> Body<'_, 'u> {
    /// Lowers `= { … }` of an object; elements without a value become zero, as in C.
    pub(super) fn initial_list(
        &mut self,
        list: Cursor<'u>,
        place: &Place,
        ty: &Type,
    ) -> Lowered<()> {
        let at = self.span(list);
        let children = list.children();
        let is_few = |count: Option<u64>| count.is_some_and(|count| count <= ELEMENT_LIMIT);
        if !is_few(self.scalars(ty)) {
            let listed = children.iter().map(|child| listed(*child)).sum();
            if !is_few(Some(listed)) || !is_few(rows(ty)) {
                return Err(unsupported("a first value with this many elements", at));
            }
            self.cleared(place, ty, at);
            return self.listed(&children, place, ty);
        }
        if let (Type::Scalar(_) | Type::Pointer { .. }, [value]) = (ty, children.as_slice()) {
            return self.initial(*value, place, ty);
        }
        let parts = self.parts(ty, at)?;
        let mut values = vec![None; parts.len()];
        let mut next = 0;
        for child in children {
            let (index, value) = self.designated(child, ty).unwrap_or((next, child));
            match values.get_mut(index) {
                Some(slot @ None) => *slot = Some(value),
                Some(Some(_)) | None => {
                    return Err(unsupported("a first value of this form", at));
                }
            }
            next = index + 1;
        }
        for ((step, part), value) in parts.iter().zip(values) {
            let mut inner = place.clone();
            let step = self.projection(step);
            inner.path.push(step);
            match value {
                Some(value) => self.initial(value, &inner, part)?,
                None => self.zero(&inner, part, at)?,
            }
        }
        Ok(())
    }

    /// Lowers zeros in an array of scalars, of one or more dimensions: a call of `memset` for each row.
    pub(super) fn cleared(&mut self, place: &Place, ty: &Type, at: Span) {
        let Type::Array {
            of,
            length: Extent::Fixed(length),
        } = ty
        else {
            return;
        };
        let inner = |body: &mut Self, index: u64| {
            let mut inner = place.clone();
            let step = body.projection(&Part::Element(index));
            inner.path.push(step);
            inner
        };
        let Type::Scalar(scalar) = **of else {
            for index in 0..*length {
                let row = inner(self, index);
                self.cleared(&row, of, at);
            }
            return;
        };
        let first = ExprKind::Address(inner(self, 0));
        let first = self
            .function
            .expr(first, Type::Scalar(scalar).pointer(false));
        let first = self
            .function
            .expr(ExprKind::Cast(first), Type::Void.pointer(false));
        let bytes = i128::from(*length) * i128::from(scalar.size_bytes());
        self.shared.library.insert(CLEARS.to_owned());
        let call = Call {
            target: None,
            callee: CLEARS.to_owned(),
            arguments: vec![
                first,
                self.int(0, Scalar::I32),
                self.int(bytes, Scalar::U64),
            ],
            span: at,
        };
        self.out.push(Stmt::Call(call));
    }

    /// Lowers the values that a list begins with, of an array that is zero.
    fn listed(&mut self, children: &[Cursor<'u>], place: &Place, ty: &Type) -> Lowered<()> {
        let Type::Array { of, .. } = ty else {
            return Ok(());
        };
        let is_zero = |child: &Cursor<'u>| {
            child.kind() == k::CXCursor_IntegerLiteral && child.evaluate() == Some(Constant::Int(0))
        };
        let all = children.iter().enumerate();
        for (index, child) in all.filter(|(_, child)| !is_zero(child)) {
            let mut inner = place.clone();
            let step = self.projection(&Part::Element(index as u64));
            inner.path.push(step);
            let is_row = matches!(**of, Type::Array { .. });
            if is_row && child.kind() == k::CXCursor_InitListExpr {
                self.listed(&child.children(), &inner, of)?;
            } else {
                self.initial(*child, &inner, of)?;
            }
        }
        Ok(())
    }

    /// Returns the position of the field that `.name = value` is about, and the value.
    fn designated(&self, child: Cursor<'u>, ty: &Type) -> Option<(usize, Cursor<'u>)> {
        let (field, value) = designator(child)?;
        let Type::Record(record) = ty else {
            return None;
        };
        let name = field.referenced()?.spelling();
        let fields = &self.shared.types.records()[*record].fields;
        let index = fields.iter().position(|field| field.name == name)?;
        Some((index, value))
    }

    /// Lowers `(struct point){x, y}` as a value: an object of its own.
    pub(super) fn compound_literal(
        &mut self,
        cursor: Cursor<'u>,
        list: Cursor<'u>,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let ty = self.shared.types.lower_value(cursor.ty());
        if !matches!(ty, Type::Record(_) | Type::Scalar(_)) {
            return Err(unsupported("a compound literal of this type", at));
        }
        let var = self.declare_temporary("literal", ty.clone(), at);
        self.initial_list(list, &Place::var(var), &ty)?;
        Ok(self.function.expr(ExprKind::Load(Place::var(var)), ty))
    }

    fn initial(&mut self, value: Cursor<'u>, place: &Place, ty: &Type) -> Lowered<()> {
        let at = self.span(value);
        if value.kind() == k::CXCursor_InitListExpr {
            return self.initial_list(value, place, ty);
        }
        if let (Type::Array { .. }, Some(text)) = (ty, walk::literal(value)) {
            return self.initial_text(text, place, ty);
        }
        if let Type::Record(_) = ty {
            let value = self.value(value)?;
            if self.type_of(value) != *ty {
                return Err(unsupported("a first value of this form", at));
            }
            self.compute(place.clone(), value, at, at);
            return Ok(());
        }
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. }) {
            return Err(unsupported("a first value of this form", at));
        }
        let value = self.value(value)?;
        let value = self.convert(value, ty, at)?;
        self.compute(place.clone(), value, at, at);
        Ok(())
    }

    fn zero(&mut self, place: &Place, ty: &Type, at: Span) -> Lowered<()> {
        let value = match ty {
            Type::Scalar(scalar) if scalar.is_float() => {
                self.function.expr(ExprKind::Float(0.0), *scalar)
            }
            Type::Scalar(scalar) => self.int(0, *scalar),
            Type::Pointer { .. } => {
                let zero = self.int(0, Scalar::I32);
                self.function.expr(ExprKind::Cast(zero), ty.clone())
            }
            Type::Array { .. } | Type::Record(_) | Type::Void | Type::Opaque(_) => {
                for (step, part) in self.parts(ty, at)? {
                    let mut inner = place.clone();
                    let step = self.projection(&step);
                    inner.path.push(step);
                    self.zero(&inner, &part, at)?;
                }
                return Ok(());
            }
        };
        self.compute(place.clone(), value, at, at);
        Ok(())
    }

    /// Returns the elements or fields of an aggregate, in order.
    fn parts(&self, ty: &Type, at: Span) -> Lowered<Vec<(Part, Type)>> {
        match ty {
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => Ok((0..*length)
                .map(|index| (Part::Element(index), (**of).clone()))
                .collect()),
            Type::Record(record) => {
                let fields = &self.shared.types.records()[*record].fields;
                let parts = fields.iter().enumerate();
                Ok(parts
                    .map(|(index, field)| (Part::Field(index as u32), field.ty.clone()))
                    .collect())
            }
            Type::Array {
                length: Extent::Variable(_) | Extent::Unknown,
                ..
            }
            | Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Opaque(_) => Err(unsupported("a first value of this form", at)),
        }
    }

    fn projection(&mut self, part: &Part) -> Projection {
        match part {
            Part::Element(index) => Projection::Index(self.int(i128::from(*index), Scalar::I32)),
            Part::Field(index) => Projection::Field(*index),
        }
    }

    /// Returns the number of scalars and pointers in an object, if all of it is modelled.
    fn scalars(&self, ty: &Type) -> Option<u64> {
        match ty {
            Type::Scalar(_) | Type::Pointer { .. } => Some(1),
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => self.scalars(of)?.checked_mul(*length),
            Type::Record(record) => {
                let fields = &self.shared.types.records()[*record].fields;
                fields.iter().try_fold(0, |sum: u64, field| {
                    sum.checked_add(self.scalars(&field.ty)?)
                })
            }
            Type::Array {
                length: Extent::Variable(_) | Extent::Unknown,
                ..
            }
            | Type::Void
            | Type::Opaque(_) => None,
        }
    }
}

/// Returns how many values a list has.
fn listed(list: Cursor<'_>) -> u64 {
    if list.kind() == k::CXCursor_InitListExpr {
        list.children().into_iter().map(listed).sum()
    } else {
        1
    }
}

/// Returns how many rows an array of scalars has; `None` where it is none.
fn rows(ty: &Type) -> Option<u64> {
    let Type::Array {
        of,
        length: Extent::Fixed(length),
    } = ty
    else {
        return None;
    };
    if matches!(**of, Type::Scalar(_)) {
        return Some(1);
    }
    rows(of)?.checked_mul(*length)
}

/// A step into an aggregate.
enum Part {
    Element(u64),
    Field(u32),
}

/// Returns the field that `.name = value` names, and the value.
pub(super) fn designator(child: Cursor<'_>) -> Option<(Cursor<'_>, Cursor<'_>)> {
    let children = child.children();
    let [field, value] = children.as_slice() else {
        return None;
    };
    let is_designator =
        child.kind() == k::CXCursor_UnexposedExpr && field.kind() == k::CXCursor_MemberRef;
    is_designator.then_some((*field, *value))
}
