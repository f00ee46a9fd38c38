//! Whether a type of the C tree and one of the C++ tree are the same.

use clang_sys as k;

use crate::clang::Type;
use crate::edits::keyword;
use crate::lower::types::{is_array, is_function, is_pointer};

/// Types nest no deeper than this before they are taken for equal; records end the recursion, so few do.
const DEPTH: usize = 16;

/// Returns whether two types have the same values and operations: qualifiers aside, which change neither, and records
/// and enumerations by name and size.
pub(super) fn is_same(c: Type<'_>, cpp: Type<'_>) -> bool {
    is_same_to(c, cpp, DEPTH)
}

fn is_same_to(c: Type<'_>, cpp: Type<'_>, depth: usize) -> bool {
    let (c, cpp) = (c.canonical(), cpp.canonical());
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    if is_pointer(c) {
        return is_pointer(cpp) && is_same_to(c.pointee(), cpp.pointee(), depth);
    }
    // C gives `&*p` the type of the parameter as it was written.
    if is_array(c) && c.array_length().is_none() && is_pointer(cpp) {
        return is_same_to(c.element(), cpp.pointee(), depth);
    }
    if is_array(c) {
        return is_array(cpp)
            && c.array_length() == cpp.array_length()
            && is_same_to(c.element(), cpp.element(), depth);
    }
    if is_function(c) {
        return is_function(cpp) && is_same_function(c, cpp, depth);
    }
    match c.kind() {
        k::CXType_Record | k::CXType_Enum => {
            let names = (c.declaration().spelling(), cpp.declaration().spelling());
            // C names a nameless type after its place, which edits move.
            let is_nameless = |name: &str| name.is_empty() || name.contains('(');
            // What the C file only points to, headers may define in C++.
            let is_only_named = c.size_bytes().is_none() && names.0 == names.1;
            cpp.kind() == c.kind()
                && (c.size_bytes() == cpp.size_bytes() || is_only_named)
                && (names.0 == names.1
                    || is_nameless(&names.0)
                    || keyword::is_renamed(&names.0, &names.1))
        }
        // C has them as names of these, C++ as types of their own with the same values.
        k::CXType_Int if cpp.kind() == k::CXType_WChar => true,
        k::CXType_UShort if cpp.kind() == k::CXType_Char16 => true,
        k::CXType_UInt if cpp.kind() == k::CXType_Char32 => true,
        kind => kind == cpp.kind(),
    }
}

/// Returns whether results and parameters are the same; C does not know the parameters of `f()`.
fn is_same_function(c: Type<'_>, cpp: Type<'_>, depth: usize) -> bool {
    if !is_same_to(c.result(), cpp.result(), depth) {
        return false;
    }
    if c.kind() == k::CXType_FunctionNoProto {
        return true;
    }
    let (ours, theirs) = (c.arguments(), cpp.arguments());
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(ours, theirs)| is_same_to(*ours, theirs, depth))
}

/// Returns whether a value of the C++ type is one of the C type after C's promotions: comparisons are `bool`, characters
/// `char` and enumeration constants of their enumeration in C++ where all are `int` in C, and an array or function that is
/// chosen by `?:` is a pointer in C already.
pub(super) fn is_promoted_alike(c: Type<'_>, cpp: Type<'_>) -> bool {
    is_same(c, cpp)
        || (is_pointer(c)
            && is_array(cpp)
            && is_same(c.canonical().pointee(), cpp.canonical().element()))
        || (is_pointer(c) && is_function(cpp) && is_same(c.canonical().pointee(), cpp))
        || (c.canonical().kind() == k::CXType_Int
            && [
                k::CXType_Bool,
                k::CXType_Char_S,
                k::CXType_Char_U,
                k::CXType_SChar,
                k::CXType_UChar,
                k::CXType_Short,
                k::CXType_UShort,
                k::CXType_Enum,
            ]
            .contains(&cpp.canonical().kind()))
}
