//! Functions as C had them before prototypes, and in the C of 1989.
//!
//! Rules: `old-style-definition` (the types of parameters move into the parentheses), `old-style-declaration` (`f()` gets
//! the parameters of the definition, or `...`), `implicit-int`, and `main-result` (`void main`).
//! A call without a prototype passes promoted arguments, as a call does whose parameters are `...`, and the ABIs of the
//! target pass both alike.
//!
//! **Source**: C17 6.5.2.2 §6, 6.7.6.3 §14 and 6.9.1 §6; C90 3.3.2.2 and 3.5.2; System V ABI, AMD64, 3.2.3; C17
//! 5.1.2.2.3 leaves the status of such a `main` open.

use std::collections::BTreeSet;

use clang_sys as k;
use mupac_ir::{Edit, MAIN_RESULT, Span};

use super::{keyword, linkage};
use crate::clang::{Cursor, TokenKind, Type, Unit};
use crate::lower::{types, walk};
use crate::text::{Text, Token};

/// Functions that need edits, each with those that it gets; `None` where no rule fits.
type Found<'u> = Vec<(Cursor<'u>, Option<Vec<Edit>>)>;

/// Returns what the functions of the main file need.
pub(super) fn edits<'u>(unit: &'u Unit, text: &Text<'u>, is_whole_program: bool) -> Found<'u> {
    let declarations = linkage::declarations(unit);
    let called = called_with_arguments(&declarations);
    let mut found = Found::new();
    for declaration in declarations {
        if declaration.kind() != k::CXCursor_FunctionDecl {
            continue;
        }
        if !names(declaration, text).is_empty() {
            let is_own = keyword::is_own(declaration, is_whole_program);
            found.push((declaration, definition(declaration, text, is_own)));
        } else if !declaration.is_definition() && takes_anything(declaration) {
            let defined = declaration.definition();
            let has_parameters = defined.is_some_and(|each| {
                !walk::parameters(each).is_empty() || !names(each, text).is_empty()
            });
            if has_parameters || called.contains(&declaration.spelling()) {
                found.push((declaration, parameter_types(declaration, text)));
            }
        }
        if is_main_without_result(declaration) {
            found.push((declaration, main_result(declaration, text)));
        }
    }
    found
}

/// Returns the edits that write out the type of what C takes for an `int`; `places` are the names.
pub(super) fn implicit_ints(places: &[usize], text: &Text<'_>) -> Vec<Edit> {
    let is_plain = |place: &&usize| {
        let index = text.index_from(**place);
        let before = index.checked_sub(1).and_then(|at| text.tokens.get(at));
        before.is_none_or(|token| text.word(*token) != "*")
    };
    let places = places.iter().filter(is_plain);
    places
        .map(|at| edit(Span::new(*at, *at), "int ", "implicit-int"))
        .collect()
}

/// Returns the parameters of a function as C++ declares them, with their names or without; `None` where one has no such
/// spelling.
pub(crate) fn parameter_list(
    function: Cursor<'_>,
    text: &Text<'_>,
    is_named: bool,
) -> Option<String> {
    let known = walk::parameters(function);
    let declare = |name: &str, ty: Option<Type<'_>>| {
        let name = keyword::renamed(if is_named { name } else { "" });
        ty.map_or_else(
            // What is not declared is an `int` (C90 3.7.1).
            || Some(format!("int {name}").trim_end().to_owned()),
            |ty| declared(ty, &name),
        )
    };
    let names = names(function, text);
    let all: Option<Vec<String>> = if names.is_empty() {
        let each = known.iter();
        each.map(|each| declare(&each.spelling(), Some(each.ty())))
            .collect()
    } else {
        let ty_of = |name: &str| known.iter().find(|each| each.spelling() == name);
        let each = names.iter();
        each.map(|name| declare(name, ty_of(name).map(|each| each.ty())))
            .collect()
    };
    let mut all = all?;
    if function.ty().is_variadic() {
        all.push("...".to_owned());
    }
    Some(all.join(", "))
}

/// Returns whether C knows nothing of the parameters of a function from its declaration.
pub(crate) fn takes_anything(function: Cursor<'_>) -> bool {
    function.ty().canonical().kind() == k::CXType_FunctionNoProto
}

fn edit(at: Span, text: &str, rule: &'static str) -> Edit {
    Edit {
        at,
        text: text.to_owned(),
        rule,
    }
}

/// Returns the names of the functions that are called with arguments.
fn called_with_arguments(declarations: &[Cursor<'_>]) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for declaration in declarations {
        walk::each(*declaration, |cursor| {
            if cursor.kind() == k::CXCursor_CallExpr && cursor.children().len() > 1 {
                called.extend(cursor.referenced().map(Cursor::spelling));
            }
        });
    }
    called
}

/// Returns the names between the parentheses of a definition that declares its parameters behind them; none for any
/// other function.
pub(crate) fn names<'u>(function: Cursor<'_>, text: &Text<'u>) -> Vec<&'u str> {
    let inside = parentheses(function, text)
        .filter(|_| function.is_definition())
        .and_then(|(open, close)| text.tokens.get(open + 1..close))
        .unwrap_or_default();
    let is_name =
        |token: &Token| token.kind == TokenKind::Identifier && !text.is_macro(text.word(*token));
    let is_list = inside.len() % 2 == 1
        && inside.iter().enumerate().all(|(at, token)| match at % 2 {
            0 => is_name(token),
            _ => text.word(*token) == ",",
        });
    let names = inside.iter().step_by(2).filter(|_| is_list);
    names.map(|token| text.word(*token)).collect()
}

/// Returns the indices of the parentheses behind the name of a function.
fn parentheses(function: Cursor<'_>, text: &Text<'_>) -> Option<(usize, usize)> {
    let name = function.location();
    if !name.is_main || name.is_macro {
        return None;
    }
    let open = text.index_from(name.offset) + 1;
    let is_open = text
        .tokens
        .get(open)
        .is_some_and(|token| text.word(*token) == "(");
    is_open.then_some((open, text.closing(open)?))
}

/// Moves the declarations of parameters into the parentheses.
///
/// Other files pass promoted arguments, so the promoted type must be the declared one where they may call it.
fn definition(function: Cursor<'_>, text: &Text<'_>, is_own: bool) -> Option<Vec<Edit>> {
    const RULE: &str = "old-style-definition";
    let is_promoted = |parameter: &Cursor<'_>| {
        types::scalar(parameter.ty())
            .is_none_or(|ty| ty.promoted() == ty && ty != mupac_ir::Scalar::F32)
    };
    if !is_own && !walk::parameters(function).iter().all(is_promoted) {
        return None;
    }
    let (open, close) = parentheses(function, text)?;
    let parameters = parameter_list(function, text, true)?;
    let between = Span::new(text.tokens.get(open)?.end, text.tokens.get(close)?.start);
    let mut edits = vec![edit(between, &parameters, RULE)];
    let body = function.children().into_iter().last()?.start().offset;
    let declarations = text.tokens.get(close + 1..text.index_from(body))?;
    if declarations.iter().any(|token| token.is_directive) {
        return None;
    }
    // Comments between them stay.
    for declaration in declarations.split_inclusive(|token| text.word(*token) == ";") {
        let (first, last) = (declaration.first()?, declaration.last()?);
        edits.push(edit(Span::new(first.start, last.end), "", RULE));
    }
    Some(edits)
}

/// Writes the types of the parameters into empty parentheses.
fn parameter_types(declaration: Cursor<'_>, text: &Text<'_>) -> Option<Vec<Edit>> {
    let (open, close) = parentheses(declaration, text)?;
    if close != open + 1 {
        return None;
    }
    let list = match declaration.definition() {
        Some(defined) => parameter_list(defined, text, false)?,
        None => "...".to_owned(),
    };
    let at = text.tokens.get(open)?.end;
    Some(vec![edit(
        Span::new(at, at),
        &list,
        "old-style-declaration",
    )])
}

/// Returns a variable with its type in front, which is an array where C says so.
pub(super) fn declared_variable(variable: Cursor<'_>, name: &str) -> Option<String> {
    let mut ty = variable.ty();
    let mut name = name.to_owned();
    while types::is_array(ty.canonical()) {
        let length = ty.canonical().array_length();
        let length = length.map_or(String::new(), |length| length.to_string());
        name = format!("{name}[{length}]");
        ty = ty.canonical().element();
    }
    declared(ty, &name)
}

/// Returns a declarator with its type in front; an empty name declares none.
pub(super) fn declared(ty: Type<'_>, name: &str) -> Option<String> {
    let is_array = types::is_array(ty);
    let spelling = if is_array {
        format!("{} *", ty.canonical().element().spelling())
    } else {
        ty.spelling()
    };
    let spelling = keyword::renamed(&keyword::respelled(&spelling));
    if spelling.contains(['[', '{'])
        || spelling.contains("(unnamed")
        || spelling.contains("(anonymous")
    {
        return None;
    }
    if let Some((before, inside)) = spelling.split_once("(*") {
        let (qualifier, behind) = inside.split_once(')')?;
        let behind = behind.replace("()", "(...)");
        let gap = if qualifier.is_empty() { "" } else { " " };
        let is_plain = ["", "const", "volatile"].contains(&qualifier);
        return is_plain.then(|| format!("{before}(*{qualifier}{gap}{name}){behind}"));
    }
    let gap = if name.is_empty() || spelling.ends_with('*') {
        ""
    } else {
        " "
    };
    Some(format!("{spelling}{gap}{name}"))
}

fn is_main_without_result(function: Cursor<'_>) -> bool {
    function.spelling() == "main" && function.ty().result().canonical().kind() == k::CXType_Void
}

/// Gives `main` a result: what it returns in C is not said.
fn main_result(function: Cursor<'_>, text: &Text<'_>) -> Option<Vec<Edit>> {
    const RULE: &str = MAIN_RESULT;
    let start = text.declaration_start(function.start().offset);
    let before_name = text.index_from(start)..text.index_from(function.location().offset);
    let mut tokens = text.tokens.get(before_name)?.iter();
    let void = tokens.find(|token| text.word(**token) == "void")?;
    let mut edits = vec![edit(Span::new(void.start, void.end), "int", RULE)];
    let mut is_plain = true;
    walk::each(function, |cursor| {
        if cursor.kind() == k::CXCursor_ReturnStmt {
            let word = text.at(cursor.start().offset);
            match word.filter(|token| token.kind == TokenKind::Keyword) {
                Some(word) => edits.push(edit(Span::new(word.end, word.end), " 0", RULE)),
                None => is_plain = false,
            }
        }
    });
    is_plain.then_some(edits)
}
