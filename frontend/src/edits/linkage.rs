//! Functions and constants that other C files share keep their names for the linker.
//!
//! Rule `c-linkage`: C++ gives a function's name its types unless it is declared `extern "C"` (C++17 10.5), and keeps a
//! constant to its file unless it is declared `extern`, and so what has a type without a name (C++17 6.5).
//! A program of one file needs neither.

use std::collections::BTreeMap;

use clang_sys as k;
use mupac_ir::Edit;

use super::{inline, nameless, old_style, shared_name};
use crate::clang::{Cursor, Home, Unit};
use crate::lower::{types, walk};
use crate::text::Text;

/// The rule of these edits.
pub(crate) const RULE: &str = "c-linkage";

/// Functions that nvcc declares with C linkage beside those of the C library; a function of the user by one of these
/// names can only overload it, and is known to C++ alone.
///
/// **Source**: CUDA Math API Reference Manual 13.0.
pub(crate) const TAKEN: &[&str] = &[
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

/// Declarations that need edits, each with those that it gets; `None` where no rule fits.
type Found<'u> = Vec<(Cursor<'u>, Option<Vec<Edit>>)>;

/// Returns what the declarations of the main file need that other files share.
pub(super) fn edits<'u>(unit: &'u Unit, text: &Text<'u>, is_whole_program: bool) -> Found<'u> {
    if is_whole_program {
        let declarations = declarations(unit).into_iter();
        let foreign = declarations.filter(|each| each.definition().is_none());
        return first_declarations(foreign, unit, text);
    }
    let mut found = first_declarations(declarations(unit).into_iter(), unit, text);
    for variable in declarations(unit) {
        if variable.kind() == k::CXCursor_VarDecl && !variable.is_static() {
            let nameless = nameless::nameless(variable.ty());
            found.extend(nameless.map(|declaration| {
                let edit = nameless::named(variable, declaration, text);
                (variable, edit.map(|edit| vec![edit]))
            }));
        }
    }
    found
}

/// Returns what those declarations need that are the first of what they declare.
fn first_declarations<'u>(
    declarations: impl Iterator<Item = Cursor<'u>>,
    unit: &'u Unit,
    text: &Text<'u>,
) -> Found<'u> {
    let together = Together::of(unit);
    let used = inline::defined_for_others(unit, text);
    let mut found = Found::new();
    for declaration in declarations.filter(|each| !each.is_static()) {
        let is_first = declaration == first(declaration);
        let is_taken = is_first && shared_name::is_taken(declaration);
        let is_used = used.contains(&declaration);
        let edits = match declaration.kind() {
            k::CXCursor_FunctionDecl if declaration.spelling() == "main" => continue,
            k::CXCursor_FunctionDecl if is_first => function(declaration, is_used, &together, text),
            k::CXCursor_FunctionDecl if is_used => {
                Some(vec![insertion(start(declaration, text), inline::USED)])
            }
            k::CXCursor_VarDecl if is_first && is_constant(declaration) => {
                constant(declaration, &together, text)
            }
            k::CXCursor_VarDecl if is_taken => Some(Vec::new()),
            _ => continue,
        };
        found.push((declaration, edits));
        if is_taken {
            found.push((declaration, shared_name::edits(declaration, text)));
        }
    }
    found
}

/// Returns the first declaration of an entity; clang puts one of its own before functions that it knows.
pub(crate) fn first(declaration: Cursor<'_>) -> Cursor<'_> {
    let first = declaration.canonical();
    let (at, own) = (first.location(), declaration.location());
    if at.has_file && (at.is_main, at.offset) != (own.is_main, own.offset) {
        first
    } else {
        declaration
    }
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

/// Declarations that begin at the same place: declarators of one declaration, or what one use of a macro declares.
struct Together<'u> {
    by_start: BTreeMap<usize, Vec<Cursor<'u>>>,
}

impl<'u> Together<'u> {
    fn of(unit: &'u Unit) -> Self {
        let mut by_start: BTreeMap<usize, Vec<Cursor<'u>>> = BTreeMap::new();
        for declaration in declarations(unit) {
            let of_start = by_start.entry(declaration.start().offset).or_default();
            of_start.push(declaration);
        }
        Self { by_start }
    }

    fn with(&self, declaration: Cursor<'u>) -> &[Cursor<'u>] {
        let all = self.by_start.get(&declaration.start().offset);
        all.map_or(&[], Vec::as_slice)
    }
}

/// Returns whether a variable is one that C++ keeps to its file: a constant that is not declared `extern`, here or where
/// it has its value.
fn is_constant(variable: Cursor<'_>) -> bool {
    let is_here = |definition| definition == variable;
    has_constant_type(variable)
        && !variable.is_extern()
        && variable.definition().is_none_or(is_here)
}

/// Returns whether a variable is `const`, or an array of what is.
pub(super) fn has_constant_type(variable: Cursor<'_>) -> bool {
    types::is_const(variable.ty())
}

/// Declares a constant `extern`: where others begin at the same place, in a declaration of its own before them.
fn constant<'u>(
    declaration: Cursor<'u>,
    together: &Together<'u>,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let start = start(declaration, text);
    if together
        .with(declaration)
        .iter()
        .all(|each| is_constant(*each))
        && !is_several(declaration, together)
    {
        return Some(vec![insertion(start, "extern ")]);
    }
    let declared = old_style::declared_variable(declaration, &declaration.spelling())?;
    let is_function = |each: &Cursor<'u>| each.kind() == k::CXCursor_FunctionDecl;
    let has_braces = together.with(declaration).iter().any(is_function);
    let linkage = if has_braces { "\"C\" " } else { "" };
    let text = format!("extern {linkage}{declared};\n");
    Some(vec![insertion(start, &text)])
}

/// Returns whether one use of a macro holds several declarations.
fn is_several<'u>(declaration: Cursor<'u>, together: &Together<'u>) -> bool {
    declaration.start().is_macro && together.with(declaration).len() > 1
}

/// Gives a function C linkage, and has a definition of it made where nothing in this file calls it.
fn function<'u>(
    declaration: Cursor<'u>,
    is_used: bool,
    together: &Together<'u>,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    if is_used && inline::is_hidden_in_cpp(declaration) {
        return None;
    }
    let used = if is_used { inline::USED } else { "" };
    if is_several(declaration, together) {
        return braces(together.with(declaration), "", text).filter(|_| !is_used);
    }
    let (start, name) = (start(declaration, text), declaration.location().offset);
    if !declaration.is_extern() {
        return Some(vec![insertion(start, &format!("extern \"C\" {used}"))]);
    }
    let before_name = text.index_from(start)..text.index_from(name);
    let tokens = text.tokens.get(before_name)?;
    if let Some(word) = tokens.iter().find(|token| text.word(**token) == "extern") {
        let linkage = format!(" \"C\" {used}");
        return Some(vec![insertion(word.end, linkage.trim_end())]);
    }
    // The word is a macro's; only braces may stand around it.
    braces(&[declaration], used, text)
}

/// Puts declarations that begin at the same place between braces, the first behind some words.
fn braces(declarations: &[Cursor<'_>], words: &str, text: &Text<'_>) -> Option<Vec<Edit>> {
    let start = start(*declarations.first()?, text);
    let ends: Option<Vec<usize>> = (declarations.iter())
        .map(|each| text.end_offset(each.end()))
        .collect();
    let end = ends?.into_iter().max()?;
    let next = text.tokens.get(text.index_from(end));
    let semicolon = next.filter(|token| text.word(**token) == ";");
    Some(vec![
        insertion(start, &format!("extern \"C\" {{ {words}")),
        insertion(semicolon.map_or(end, |token| token.end), " }"),
    ])
}

/// Returns where a declaration begins.
pub(crate) fn start(declaration: Cursor<'_>, text: &Text<'_>) -> usize {
    text.declaration_start(declaration.start().offset)
}

/// Returns the edit that puts some words of a linkage at a place.
pub(super) fn insertion(at: usize, text: &str) -> Edit {
    Edit::insertion(at, text, RULE)
}
