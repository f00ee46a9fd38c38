//! Functions and variables that other files share and whose names C++ or CUDA takes.
//!
//! Rule `shared-name`: the file calls one by another name, and a declaration tells the linker the name that C has for it.
//! What no other file knows is renamed without that (`keyword`).
//!
//! **Source**: GCC manual, “Controlling Names Used in Assembler Code”, which clang and nvcc know too.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use super::{keyword, linkage, old_style};
use crate::clang::Cursor;
use crate::text::Text;

const RULE: &str = "shared-name";

/// Returns whether CUDA's own functions or the languages' words take the name of something that other files share, so that
/// the file can know it by another name only.
pub(crate) fn is_taken(declaration: Cursor<'_>) -> bool {
    let name = declaration.spelling();
    let is_function = declaration.kind() == k::CXCursor_FunctionDecl;
    keyword::is_reserved(&name) || (is_function && linkage::TAKEN.contains(&name.as_str()))
}

/// Returns whether other files know a declaration by its name, and the linker can be told another.
pub(crate) fn is_shared(declaration: Cursor<'_>) -> bool {
    let is_outermost = declaration
        .parent()
        .is_some_and(|parent| parent.kind() == k::CXCursor_TranslationUnit);
    let kinds = [k::CXCursor_FunctionDecl, k::CXCursor_VarDecl];
    is_outermost && kinds.contains(&declaration.kind()) && !declaration.canonical().is_static()
}

/// Returns the edits that rename something in the main file and declare it there; `None` where a macro mentions the name,
/// or the type has no spelling.
pub(crate) fn edits(declaration: Cursor<'_>, text: &Text<'_>) -> Option<Vec<Edit>> {
    let at = linkage::start(declaration, text);
    let mut edits = keyword::edits(&declaration.spelling(), text)?;
    edits.push(Edit {
        at: Span::new(at, at),
        text: label(declaration, text)?,
        rule: RULE,
    });
    Some(edits)
}

/// Returns a declaration by the new name, with the name for the linker, on a line of its own.
pub(crate) fn label(declaration: Cursor<'_>, text: &Text<'_>) -> Option<String> {
    let name = declaration.spelling();
    let renamed = keyword::renaming(&name);
    let label = format!("__asm__(\"{name}\")");
    if declaration.kind() == k::CXCursor_VarDecl {
        let declared = old_style::declared_variable(declaration, &renamed)?;
        return Some(format!("extern {declared} {label};\n"));
    }
    let known = declaration.definition().unwrap_or(declaration);
    let list = old_style::parameter_list(known, text, false)?;
    let declared = old_style::declared(known.ty().result(), &format!("{renamed}({list})"))?;
    Some(format!("extern \"C\" {declared} {label};\n"))
}
