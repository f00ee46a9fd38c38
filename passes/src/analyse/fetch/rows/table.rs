//! Arrays of pointers to rows.

use mupac_ir::{Expr, Function, Handle, Module, Place, Projection, Type, Var};

use super::super::before;

/// An array of pointers to rows, or of structures of which each has such a pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Table {
    pub(super) var: Handle<Var>,
    /// The way from an element of the array to the pointer: none where it is the pointer itself.
    pub(super) member: Vec<u32>,
    /// How many subscripts lead to a row of elements: 1 of rows, 2 of planes of rows.
    pub(super) levels: usize,
}

impl Table {
    /// Returns the table that a place leads through.
    pub(super) fn of(module: &Module, function: &Function, place: &Place) -> Option<Self> {
        let [Projection::Index(_), rest @ ..] = &place.path[..] else {
            return None;
        };
        let fields = rest.iter().map_while(|step| match step {
            Projection::Field(field) => Some(*field),
            Projection::Index(_) => None,
        });
        let member: Vec<u32> = fields.collect();
        let pointer = before(place, 1 + member.len());
        let row = function.place_type(&module.records, &pointer)?;
        let mut element = pointed(&row)?;
        let mut levels = 1;
        while let Some(inner) = pointed(element) {
            (element, levels) = (inner, levels + 1);
        }
        let is_element = matches!(element, Type::Scalar(_) | Type::Record(_));
        let most = if member.is_empty() { 2 } else { 1 };
        (is_element && levels <= most).then_some(Self {
            var: place.var,
            member,
            levels,
        })
    }

    /// Returns the place of the pointer that some subscripts lead to, the outermost first.
    pub(super) fn place(&self, steps: &[Projection]) -> Place {
        let (first, inner) = steps.split_at(steps.len().min(1));
        let member = self.member.iter().map(|field| Projection::Field(*field));
        let first = first.iter().copied().chain(member);
        Place {
            var: self.var,
            path: first.chain(inner.iter().copied()).collect(),
        }
    }

    /// Returns whether a place leads through a pointer of the table, or holds some of them.
    pub(super) fn is_met_by(&self, place: &Place) -> bool {
        let steps = place.path.get(1..).unwrap_or_default();
        let is_same = |(step, field): (&Projection, &u32)| *step == Projection::Field(*field);
        place.var == self.var && steps.iter().zip(&self.member).all(is_same)
    }

    /// Splits the way to an element of a row into the subscripts that lead to the row, the outermost first, and the rest;
    /// `None` where the place is no such element.
    pub(super) fn split<'a>(&self, place: &'a Place) -> Option<Split<'a>> {
        let [first, rest @ ..] = &place.path[..] else {
            return None;
        };
        let (_, rest) = rest.split_at_checked(self.member.len())?;
        let (rows, inner) = rest.split_at_checked(self.levels - 1)?;
        let steps = std::iter::once(first).chain(rows).map(|step| match step {
            Projection::Index(index) => Some(*index),
            Projection::Field(_) => None,
        });
        let is_element = matches!(inner.first(), Some(Projection::Index(_)));
        let is_met = self.is_met_by(place) && is_element;
        Some((steps.collect::<Option<_>>()?, inner)).filter(|_| is_met)
    }
}

/// The subscripts that lead to a row, and the way from its start on.
pub(super) type Split<'a> = (Vec<Handle<Expr>>, &'a [Projection]);

fn pointed(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Pointer { to, .. } => Some(to),
        Type::Scalar(_) | Type::Record(_) | Type::Array { .. } | Type::Void | Type::Opaque(_) => {
            None
        }
    }
}
