//! Of which types tests can make values, and what of that lies in memory.

use std::collections::BTreeSet;

use mupac_ir::{Arena, Extent, Function, Member, Module, Place, Record, Type};

use crate::region;

/// Returns whether a function follows pointers inside of memory: it names one, or a whole structure that holds one.
pub(super) fn follows_pointers(module: &Module, function: &Function) -> bool {
    let mut found = false;
    let mut see = |place: &Place| {
        let holds = function
            .place_type(&module.records, place)
            .is_some_and(|ty| matches!(ty, Type::Record(_)) && holds_pointers(module, &ty));
        let is_member = |end: usize| {
            let path = place.path[..end].to_vec();
            let var = place.var;
            let ty = function.place_type(&module.records, &Place { var, path });
            matches!(ty, Some(Type::Pointer { .. }))
        };
        found |= holds || (1..=place.path.len()).any(is_member);
    };
    region::each_place(function, &function.body, &mut see);
    found
}

/// Pointers inside of memory lead so far, to pointers and through them; those beyond are null.
const MOST_DEPTH: usize = 3;

/// What decides of which types tests can make values.
pub(super) struct Makeable<'a> {
    pub(super) records: &'a Arena<Record>,
    /// The members that count.
    pub(super) members: &'a BTreeSet<Member>,
    /// Whether the function follows pointers that lie in memory.
    pub(super) follows_pointers: bool,
}

impl Makeable<'_> {
    /// Returns why no values of a parameter's type can be made, in words.
    pub(super) fn obstacle(&self, ty: &Type) -> Option<String> {
        match ty {
            Type::Pointer { to, .. } => self.inside(to, 1),
            Type::Void
            | Type::Scalar(_)
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_) => self.inside(ty, 0),
        }
    }

    /// The same of what lies in memory, behind so many pointers.
    fn inside(&self, ty: &Type, depth: usize) -> Option<String> {
        match ty {
            Type::Array {
                of,
                length: Extent::Fixed(_) | Extent::Variable(_),
            } => self.inside(of, depth),
            Type::Record(record) => {
                let fields = (0..).zip(&self.records[*record].fields);
                let mut named = fields.filter(|(at, _)| self.members.contains(&(*record, *at)));
                named.find_map(|(_, field)| {
                    let why = self.inside(&field.ty, depth)?;
                    Some(format!("its member {}: {why}", field.name))
                })
            }
            Type::Pointer { to, .. }
                if self.follows_pointers && depth < MOST_DEPTH && !to.is_unknown() =>
            {
                self.inside(to, depth + 1)
            }
            // Those beyond are null, and those that lead to functions or to memory without a type.
            Type::Scalar(_) | Type::Pointer { .. } => None,
            Type::Array {
                length: Extent::Unknown,
                ..
            } => Some("an array of unknown length".to_owned()),
            Type::Void => Some("memory without a type".to_owned()),
            Type::Opaque(name) => Some(format!("the type {name}")),
        }
    }
}

/// Returns whether pointers lie in memory of a type.
pub(super) fn holds_pointers(module: &Module, ty: &Type) -> bool {
    match ty {
        Type::Pointer { .. } => true,
        Type::Array { of, .. } => holds_pointers(module, of),
        Type::Record(record) => {
            let mut fields = module.records[*record].fields.iter();
            fields.any(|field| holds_pointers(module, &field.ty))
        }
        Type::Void | Type::Scalar(_) | Type::Opaque(_) => false,
    }
}
