//! Whether `?:` chooses the same value in both languages, where its type is another one.

use clang_sys as k;

use crate::clang::Cursor;
use crate::cpp::types::is_promoted_alike;
use crate::edits::null_pointer;
use crate::lower::{types, walk};

/// Returns whether what C++ chooses has the value that C chooses, for whatever uses it.
///
/// Of two values of an enumeration C makes the integer that the enumeration has in both languages; two null pointers are
/// a number in C++, which no pointer takes.
pub(super) fn is_alike(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let (ours, theirs) = (c.ty().canonical(), cpp.ty().canonical());
    let is_enumeration =
        theirs.kind() == k::CXType_Enum && types::scalar(ours) == types::scalar(theirs);
    let branches = c.children();
    let are_null = || {
        let mut branches = branches.iter().skip(1);
        branches.all(|branch| null_pointer(walk::peel(*branch)).is_some())
    };
    let is_number = types::scalar(theirs).is_some_and(|scalar| !scalar.is_float())
        && ours.size_bytes() == theirs.size_bytes();
    is_promoted_alike(ours, theirs)
        || is_enumeration
        || (types::is_pointer(ours) && is_number && are_null())
}
