//! What pointers lead to, and which pointers structures hold.

use clang_sys as k;

use crate::clang::{Cursor, Type};
use crate::lower::types;

/// Returns what a pointer of a type leads to, or an array is made of.
pub(super) fn led_to(ty: Type<'_>) -> Option<Type<'_>> {
    let ty = ty.canonical();
    let to = match (types::is_pointer(ty), types::is_array(ty)) {
        (true, _) => ty.pointee(),
        (false, true) => ty,
        (false, false) => return None,
    };
    Some(in_arrays(to).unqualified())
}

/// Returns the type of what arrays of arrays hold in the end.
fn in_arrays(ty: Type<'_>) -> Type<'_> {
    let mut ty = ty.canonical();
    while types::is_array(ty) {
        ty = ty.element().canonical();
    }
    ty
}

/// Returns whether memory of a type is nothing but bytes.
pub(super) fn is_raw(ty: Type<'_>) -> bool {
    let bytes = [
        k::CXType_Void,
        k::CXType_Char_S,
        k::CXType_Char_U,
        k::CXType_SChar,
        k::CXType_UChar,
    ];
    bytes.contains(&ty.kind())
}

/// Returns the members of a structure, or of the elements of an array of some, that are pointers, and theirs.
pub(super) fn members(ty: Type<'_>) -> Vec<Cursor<'_>> {
    let ty = in_arrays(ty);
    if !types::is_record(ty) {
        return Vec::new();
    }
    let own = ty.declaration().children().into_iter();
    own.flat_map(|member| match member.kind() {
        k::CXCursor_FieldDecl if is_pointer(member) => vec![member.canonical()],
        k::CXCursor_FieldDecl => members(member.ty()),
        // What has no name is no member, and its members are.
        k::CXCursor_StructDecl | k::CXCursor_UnionDecl if member.is_anonymous_record() => {
            members(member.ty())
        }
        _ => Vec::new(),
    })
    .collect()
}

/// Returns whether a declaration is one of a pointer to objects; a parameter that is declared as an array is one.
pub(super) fn is_pointer(declaration: Cursor<'_>) -> bool {
    let ty = declaration.ty();
    let is_parameter = declaration.kind() == k::CXCursor_ParmDecl;
    let is_object = [
        k::CXCursor_VarDecl,
        k::CXCursor_ParmDecl,
        k::CXCursor_FieldDecl,
    ]
    .contains(&declaration.kind());
    let leads = types::is_pointer(ty) && !types::is_function(ty.canonical().pointee());
    is_object && (leads || is_parameter && types::is_array(ty))
}
