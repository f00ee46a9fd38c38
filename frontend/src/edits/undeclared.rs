//! Functions of C's library that are called without their header.
//!
//! Rule `undeclared-library`: C compilers know such a function by its name, C++ does not; its header is included at the
//! start of the file, where kernels see it as well.
//!
//! **Source**: C17 7.1.4, 7.4, 7.12, 7.21, 7.22, 7.24; GCC manual 12, “Other Built-in Functions Provided by GCC”.

use clang_sys as k;
use mupac_ir::builtin::Builtin;
use mupac_ir::{Edit, Span};

use super::old_style::takes_anything;
use crate::clang::{Cursor, Unit};
use crate::edits::linkage;
use crate::lower::walk;

/// The header of each function but those of `<math.h>` that kernels may call, and of `<string.h>`, which have a start in common.
const HEADERS: &[(&str, &str)] = &[
    (
        "stdio.h",
        "fopen fprintf fread fscanf fwrite printf putc puts scanf snprintf sprintf sscanf vfprintf vfscanf vprintf vscanf \
         vsnprintf vsprintf vsscanf",
    ),
    (
        "stdlib.h",
        "_Exit abort abs aligned_alloc calloc exit free labs llabs malloc realloc strtod strtof strtol strtold strtoll \
         strtoul strtoull",
    ),
    (
        "ctype.h",
        "isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower toupper",
    ),
];

/// Returns the edits that include the headers of what a file calls undeclared.
pub(super) fn edits(unit: &Unit) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for declaration in linkage::declarations(unit) {
        walk::each(declaration, |cursor| {
            let named = cursor
                .referenced()
                .filter(|_| cursor.kind() == k::CXCursor_DeclRefExpr);
            let Some(function) = named.filter(|function| is_of_library(*function, cursor)) else {
                return;
            };
            let Some(header) = header(&function.spelling()) else {
                return;
            };
            let line = format!("#include <{header}>\n");
            if edits.iter().all(|edit| edit.text != line) {
                edits.push(Edit {
                    at: Span::new(0, 0),
                    text: line,
                    rule: "undeclared-library",
                });
            }
        });
    }
    edits
}

/// Returns whether a use is what declares a function, and its type is known all the same.
fn is_of_library(function: Cursor<'_>, used: Cursor<'_>) -> bool {
    let first = function.canonical();
    function.kind() == k::CXCursor_FunctionDecl
        && !takes_anything(first)
        && first.location().is_main
        && first.location().offset == used.location().offset
}

fn header(name: &str) -> Option<&'static str> {
    let mut headers = HEADERS.iter();
    let found = headers.find(|(_, names)| names.split(' ').any(|each| each == name));
    match found {
        Some((header, _)) => Some(header),
        None if name.starts_with("__") => None,
        None if name.starts_with("mem") || name.starts_with("str") => Some("string.h"),
        None => Builtin::find(name).map(|_| "math.h"),
    }
}
