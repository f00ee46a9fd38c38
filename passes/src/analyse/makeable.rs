//! Of which types tests can make values, and what of that lies in memory.

use mupac_ir::{Extent, Function, Module, Place, Type};

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

/// Returns why no values of a parameter's type can be made, in words.
pub(super) fn unmakeable(module: &Module, ty: &Type, follows: bool) -> Option<String> {
    match ty {
        Type::Pointer { to, .. } => inside(module, to, follows, 1),
        Type::Void | Type::Scalar(_) | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => {
            inside(module, ty, follows, 0)
        }
    }
}

/// The same of what lies in memory, behind so many pointers.
fn inside(module: &Module, ty: &Type, follows: bool, depth: usize) -> Option<String> {
    match ty {
        Type::Array {
            of,
            length: Extent::Fixed(_) | Extent::Variable(_),
        } => inside(module, of, follows, depth),
        Type::Record(record) => module.records[*record].fields.iter().find_map(|field| {
            let why = inside(module, &field.ty, follows, depth)?;
            Some(format!("its member {}: {why}", field.name))
        }),
        Type::Pointer { to, .. } if follows && depth < MOST_DEPTH && !to.is_unknown() => {
            inside(module, to, follows, depth + 1)
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
