//! What a pointer is worth: an object and a distance from its first element.

use mupac_ir::{
    Arena, BinaryOp, Expr, ExprKind, Extent, Handle, Place, Projection, Record, Scalar, Type,
    UnaryOp,
};

use super::walk::Walk;
use crate::{build, express};

/// The value of a pointer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pointer {
    /// The object; where there are terms, a subscript of it follows.
    pub(super) object: Place,
    /// What a subscript of the object yields, or the object itself.
    pub(super) element: Type,
    /// Their sum is the distance from the first element; `None`: the object is all there is.
    pub(super) terms: Option<Vec<Term>>,
    /// Conditions without which the terms say something else.
    pub(super) needs: Vec<Handle<Expr>>,
}

/// A part of a distance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// An `i64`.
    pub(super) value: Handle<Expr>,
    /// The bytes of one.
    pub(super) bytes: i128,
}

impl Pointer {
    /// Returns the pointer to the first element of what a variable points to.
    pub(super) fn first(object: Place, element: Type) -> Self {
        Self {
            object,
            element,
            terms: Some(Vec::new()),
            needs: Vec::new(),
        }
    }

    /// Returns the pointer to a place; `None` where elements have no known size.
    pub(super) fn to(place: &Place, ty: Type, records: &Arena<Record>) -> Option<Self> {
        let Some((Projection::Index(index), object)) = place.path.split_last() else {
            return Some(Self {
                object: place.clone(),
                element: ty,
                terms: None,
                needs: Vec::new(),
            });
        };
        let bytes = size_bytes(records, &ty)?;
        let object = Place {
            var: place.var,
            path: object.to_vec(),
        };
        let first = Self::first(object, ty);
        let value = *index;
        first.plus([Term { value, bytes }])
    }

    /// Returns the pointer at a distance; `None` from an object that is no element of an array.
    pub(super) fn plus(mut self, terms: impl IntoIterator<Item = Term>) -> Option<Self> {
        self.terms.as_mut()?.extend(terms);
        Some(self)
    }
}

impl Walk<'_> {
    /// Returns the place that `index` elements of type `view` from a pointer name, and its subscripts `rest` after that;
    /// `None` where it is no element of the object.
    pub(super) fn element(
        &mut self,
        pointer: &Pointer,
        view: &Type,
        index: Handle<Expr>,
        rest: &[Projection],
    ) -> Option<Place> {
        if !self.is_same(view, &pointer.element) {
            return None;
        }
        let mut place = pointer.object.clone();
        if pointer.terms.is_none() {
            (build::constant(&self.function, index)? == 0).then_some(())?;
        } else {
            let index = self.subscript(pointer, index)?;
            place.path.push(Projection::Index(index));
        }
        place.path.extend_from_slice(rest);
        self.require(pointer);
        Some(place)
    }

    /// Returns the subscript of the object that is `index` elements from a pointer.
    fn subscript(&mut self, pointer: &Pointer, index: Handle<Expr>) -> Option<Handle<Expr>> {
        let distance = self.distance(pointer)?;
        let function = &mut self.function;
        let offset = build::constant(function, index);
        Some(match (build::constant(function, distance), offset) {
            (Some(0), _) => index,
            (_, Some(offset)) => express::plus(function, distance, offset),
            (_, None) => {
                let index = build::convert(function, index, Scalar::I64);
                build::binary(function, BinaryOp::Add, distance, index)
            }
        })
    }

    /// Returns the distance from the object's first element, in elements; `None` where it may be no whole number.
    pub(super) fn distance(&mut self, pointer: &Pointer) -> Option<Handle<Expr>> {
        let size = size_bytes(&self.module.records, &pointer.element);
        let (mut constant, mut sum) = (0_i128, None);
        for term in pointer.terms.as_ref()? {
            let (number, value) = self.elements(term, size?)?;
            if let Some(value) = build::constant(&self.function, value) {
                constant = constant.checked_add(number.checked_mul(value)?)?;
                continue;
            }
            let value = build::convert(&mut self.function, value, Scalar::I64);
            let value = build::scale(&mut self.function, number.abs(), value);
            sum = Some(match sum {
                None if number < 0 => self
                    .function
                    .expr(ExprKind::Unary(UnaryOp::Negate, value), Scalar::I64),
                None => value,
                Some(sum) => build::binary(&mut self.function, sign(number), sum, value),
            });
        }
        let function = &mut self.function;
        Some(match sum {
            None => build::int(function, constant, Scalar::I64),
            Some(sum) => express::plus(function, sum, constant),
        })
    }

    /// Returns how many elements of a size a term is: a number of times an integer.
    fn elements(&mut self, term: &Term, size: i128) -> Option<(i128, Handle<Expr>)> {
        if term.bytes % size == 0 {
            return Some((term.bytes / size, term.value));
        }
        let common = greatest_divisor(term.bytes, size);
        let value = self.quotient(term.value, size / common)?;
        Some((term.bytes / common, value))
    }
}

/// Returns the operator that adds so many times the absolute value.
fn sign(number: i128) -> BinaryOp {
    if number < 0 {
        BinaryOp::Subtract
    } else {
        BinaryOp::Add
    }
}

/// Returns the size of an object; `None` where only the run time knows it.
pub(super) fn size_bytes(records: &Arena<Record>, ty: &Type) -> Option<i128> {
    match ty {
        Type::Scalar(scalar) => Some(i128::from(scalar.size_bytes())),
        Type::Record(record) => {
            Some(i128::from(records[*record].size_bytes)).filter(|size| *size > 0)
        }
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => size_bytes(records, of)?
            .checked_mul(i128::from(*length))
            .filter(|size| *size > 0),
        Type::Array {
            length: Extent::Variable(_) | Extent::Unknown,
            ..
        }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Opaque(_) => None,
    }
}

fn greatest_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
