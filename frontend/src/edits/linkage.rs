//! Functions and constants that other C files share keep their names for the linker.
//!
//! Rule `c-linkage`: C++ gives a function's name its types unless it is declared `extern "C"` (C++17 10.5), and keeps a
//! constant to its file unless it is declared `extern` (C++17 6.5).
//! A program of one file needs neither.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Home, Unit};
use crate::lower::{types, walk};
use crate::text::Text;

const RULE: &str = "c-linkage";

/// Functions that nvcc declares with C linkage beside those of the C library; a function of the user by one of these
/// names can only overload it, and is known to C++ alone.
///
/// **Source**: CUDA Math API Reference Manual 13.0.
const TAKEN: &[&str] = &[
    "cospi",
    "cospif",
    "cyl_bessel_i0",
    "cyl_bessel_i0f",
    "cyl_bessel_i1",
    "cyl_bessel_i1f",
    "erfcinv",
    "erfcinvf",
    "erfcx",
    "erfcxf",
    "erfinv",
    "erfinvf",
    "llmax",
    "llmin",
    "max",
    "min",
    "norm",
    "norm3d",
    "norm3df",
    "norm4d",
    "norm4df",
    "normcdf",
    "normcdff",
    "normcdfinv",
    "normcdfinvf",
    "normf",
    "rcbrt",
    "rcbrtf",
    "rhypot",
    "rhypotf",
    "rnorm",
    "rnorm3d",
    "rnorm3df",
    "rnorm4d",
    "rnorm4df",
    "rnormf",
    "rsqrt",
    "rsqrtf",
    "sincospi",
    "sincospif",
    "sinpi",
    "sinpif",
    "ullmax",
    "ullmin",
    "umax",
    "umin",
];

/// Returns the edits for the declarations of the main file, `None` where one stands inside a macro.
pub(super) fn edits(unit: &Unit, text: &Text<'_>, is_whole_program: bool) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for declaration in declarations(unit) {
        let is_first = declaration.canonical() == declaration && !declaration.is_static();
        let is_shared = !is_whole_program || declaration.definition().is_none();
        if !is_first || !is_shared {
            continue;
        }
        match declaration.kind() {
            k::CXCursor_FunctionDecl => {
                let name = declaration.spelling();
                if name != "main" && !TAKEN.contains(&name.as_str()) {
                    edits.extend(function(declaration, text)?);
                }
            }
            k::CXCursor_VarDecl if !declaration.is_extern() && is_constant(declaration) => {
                edits.push(insertion(start(declaration, text), "extern "));
            }
            _ => {}
        }
    }
    Some(edits)
}

/// Returns the declarations of the main file.
pub(crate) fn declarations(unit: &Unit) -> Vec<Cursor<'_>> {
    let own = unit.declarations(&[Home::Main]);
    own.filter(|cursor| cursor.is_declaration()).collect()
}

/// Returns whether the file has `main` and uses nothing that another C file defines.
pub(crate) fn is_whole_program(unit: &Unit) -> bool {
    let declarations = declarations(unit);
    let has_main = declarations.iter().any(|declaration| {
        declaration.kind() == k::CXCursor_FunctionDecl
            && declaration.is_definition()
            && declaration.spelling() == "main"
    });
    has_main
        && !declarations
            .iter()
            .any(|declaration| uses_other_file(*declaration))
}

fn uses_other_file(declaration: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(declaration, |cursor| {
        if cursor.kind() == k::CXCursor_DeclRefExpr
            && let Some(entity) = cursor.referenced()
        {
            let is_object =
                [k::CXCursor_FunctionDecl, k::CXCursor_VarDecl].contains(&entity.kind());
            found |= is_object
                && entity.location().has_file
                && !entity.is_in_system_header()
                && !entity.canonical().is_in_system_header()
                && (entity.is_extern() || entity.kind() == k::CXCursor_FunctionDecl)
                && entity.definition().is_none();
        }
    });
    found
}

/// Returns whether a variable is one that C++ keeps to its file.
fn is_constant(variable: Cursor<'_>) -> bool {
    let mut ty = variable.ty().canonical();
    while types::is_array(ty) {
        ty = ty.element().canonical();
    }
    types::is_const(ty) && variable.is_definition()
}

fn function(declaration: Cursor<'_>, text: &Text<'_>) -> Option<Vec<Edit>> {
    let (start, name) = (start(declaration, text), declaration.location().offset);
    if !declaration.is_extern() {
        return Some(vec![insertion(start, "extern \"C\" ")]);
    }
    let before_name = text.index_from(start)..text.index_from(name);
    let tokens = text.tokens.get(before_name)?;
    if let Some(word) = tokens.iter().find(|token| text.word(**token) == "extern") {
        return Some(vec![insertion(word.end, " \"C\"")]);
    }
    // The word is a macro's; only braces may stand around it.
    let end = text.index_from(text.end_offset(declaration.end())?);
    let semicolon = text.tokens.get(end)?;
    (text.word(*semicolon) == ";").then(|| {
        vec![
            insertion(start, "extern \"C\" { "),
            insertion(semicolon.end, " }"),
        ]
    })
}

fn start(declaration: Cursor<'_>, text: &Text<'_>) -> usize {
    text.declaration_start(declaration.start().offset)
}

fn insertion(at: usize, text: &str) -> Edit {
    Edit {
        at: Span::new(at, at),
        text: text.to_owned(),
        rule: RULE,
    }
}
