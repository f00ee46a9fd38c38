//! Arrays of pointers to rows, and of numbers by which loops over these end.

use mupac_ir::{Expr, Function, Handle, Module, Place, Projection, Type, Var};

use super::super::before;

/// An array of pointers to rows or of numbers, or of structures of which each has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Table {
    pub(super) var: Handle<Var>,
    /// The way from an element of the array to the pointer or number: none where it is that itself.
    pub(super) member: Vec<u32>,
    /// How many subscripts lead to a row of elements: 1 of rows, 2 of planes of rows; or to a number: 1.
    pub(super) levels: usize,
    pub(super) is_of_numbers: bool,
}

impl Table {
    /// Returns the table of pointers that a place leads through.
    pub(super) fn of(module: &Module, function: &Function, place: &Place) -> Option<Self> {
        let member = member(place)?;
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
            is_of_numbers: false,
        })
    }

    /// Returns the table of integers of which a place is one.
    pub(super) fn of_numbers(module: &Module, function: &Function, place: &Place) -> Option<Self> {
        let member = member(place)?;
        let ty = function.place_type(&module.records, place)?;
        let is_number = ty
            .scalar()
            .is_some_and(|scalar| scalar.integer_range().is_some());
        (is_number && place.path.len() == 1 + member.len()).then_some(Self {
            var: place.var,
            member,
            levels: 1,
            is_of_numbers: true,
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

    /// Splits the way to an element of a row into the subscripts that lead to the row, the outermost first, and the rest, which
    /// is empty for a number; `None` where the place is none of both.
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
        let is_element = match inner.first() {
            Some(Projection::Index(_)) => !self.is_of_numbers,
            Some(Projection::Field(_)) => false,
            None => self.is_of_numbers,
        };
        let is_met = self.is_met_by(place) && is_element;
        Some((steps.collect::<Option<_>>()?, inner)).filter(|_| is_met)
    }
}

/// The subscripts that lead to a row, and the way from its start on.
pub(super) type Split<'a> = (Vec<Handle<Expr>>, &'a [Projection]);

/// Returns the members that lead from an element of an array on.
fn member(place: &Place) -> Option<Vec<u32>> {
    let [Projection::Index(_), rest @ ..] = &place.path[..] else {
        return None;
    };
    let fields = rest.iter().map_while(|step| match step {
        Projection::Field(field) => Some(*field),
        Projection::Index(_) => None,
    });
    Some(fields.collect())
}

fn pointed(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Pointer { to, .. } => Some(to),
        Type::Scalar(_) | Type::Record(_) | Type::Array { .. } | Type::Void | Type::Opaque(_) => {
            None
        }
    }
}
