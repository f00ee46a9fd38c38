//! Casts written where C converts in silence.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, TokenKind};
use crate::edits::keyword;
use crate::lower::{declare, types, walk};
use crate::macros::Definition;
use crate::text::Text;

/// Returns the edits that cast an operand to a type, given as C++ spells it; `None` where it comes out of a
/// macro, so that there is no place for a cast.
pub(crate) fn cast<'u>(
    text: &Text<'u>,
    ty: &str,
    operand: Cursor<'u>,
    rule: &'static str,
) -> Option<Vec<Edit>> {
    let start = operand.start();
    if !start.is_main {
        return Some(Vec::new());
    }
    let insert = |at: usize, text: String| Edit {
        at: Span::new(at, at),
        text,
        rule,
    };
    let before = insert(start.offset, format!("({ty})"));
    if start.is_macro {
        return match macro_use(text, operand) {
            MacroUse::System => Some(Vec::new()),
            MacroUse::Whole => Some(vec![before]),
            MacroUse::Argument => {
                let end = operand.end();
                end.is_spelled_in_main.then(|| {
                    vec![
                        insert(start.spelled, format!("({ty})(")),
                        insert(end.spelled, ")".to_owned()),
                    ]
                })
            }
            // Parentheses of the macro's around an argument: the argument is converted inside of them.
            MacroUse::Other => {
                if let Some((at, ty)) = assigned_in_body(text, operand) {
                    return Some(vec![insert(at, format!("({ty})"))]);
                }
                let parentheses = written(operand);
                let inside = parentheses.children().pop();
                let is_pair = parentheses.kind() == k::CXCursor_ParenExpr;
                let inside = inside.filter(|inside| is_pair && !types::is_array(inside.ty()));
                cast(text, ty, inside?, rule)
            }
        };
    }
    if binds_tighter_than_cast(operand) {
        return Some(vec![before]);
    }
    let end = text.end_offset(operand.end())?;
    Some(vec![
        insert(start.offset, format!("({ty})(")),
        insert(end, ")".to_owned()),
    ])
}

/// Returns how C++ spells the type of a conversion; a nameless one by the object of that type.
pub(crate) fn spelling(conversion: Cursor<'_>, target: Option<&String>) -> Option<String> {
    let spelling = conversion.ty().unqualified().spelling();
    // C++ has no words for rows of variable length either.
    let has_words = !declare::has_variable_extent(conversion.ty());
    if has_words && !spelling.contains("(unnamed ") && !spelling.contains("(anonymous ") {
        // `bool` may be a name of the program's own.
        let is_own = conversion.ty().declaration().location().is_main;
        return Some(if is_own && keyword::is_reserved(&spelling) {
            keyword::renaming(&spelling)
        } else {
            keyword::renamed(&keyword::respelled(&spelling))
        });
    }
    target.map(|target| format!("decltype({target})"))
}

/// How an expression comes from a macro.
enum MacroUse {
    System,
    Whole,
    Argument,
    Other,
}

/// Says how an operand comes from a macro: of a system header, which adapts itself to C++; as one whole call or in one
/// pair of parentheses, which a cast may stand before; as an argument that the macro passes on and does not print; or
/// otherwise.
fn macro_use<'u>(text: &Text<'u>, operand: Cursor<'u>) -> MacroUse {
    let start = operand.start();
    let Some(token) = text.at(start.offset) else {
        return MacroUse::Other;
    };
    if null_pointer(operand).is_some_and(Cursor::is_spelled_in_system) {
        return MacroUse::System;
    }
    let name = text.word(token);
    let Some(definition) = text.only_definition(name) else {
        // Headers define `NULL` more than once.
        return if name == "NULL" {
            MacroUse::System
        } else {
            MacroUse::Other
        };
    };
    // What a macro holds itself is spelled where it is defined.
    let is_argument = start.is_spelled_in_main
        && text
            .end_offset(start)
            .is_some_and(|end| (start.offset + 1..end).contains(&start.spelled));
    let tokens = &definition.tokens;
    if definition.is_of_system {
        // `assert` prints its argument, but then the program is at its end.
        return if is_argument && name == "assert" {
            MacroUse::Argument
        } else if name != "NULL" && is_memory(operand) && is_whole(operand, &definition) {
            MacroUse::Whole
        } else {
            MacroUse::System
        };
    }
    if is_argument && passes_on(text, tokens) {
        return MacroUse::Argument;
    }
    if is_whole(operand, &definition) || names_callee(text, operand, &definition) {
        MacroUse::Whole
    } else {
        MacroUse::Other
    }
}

/// Returns the conversion of `((void *)0)` where an expression is that, in any number of parentheses.
pub(crate) fn null_pointer(operand: Cursor<'_>) -> Option<Cursor<'_>> {
    let cast = walk::peel_parentheses(operand);
    let zero = last_of(cast, k::CXCursor_CStyleCastExpr)?;
    (zero.kind() == k::CXCursor_IntegerLiteral).then_some(cast)
}

/// Returns the last child of a node of this kind.
fn last_of(node: Cursor<'_>, kind: k::CXCursorKind) -> Option<Cursor<'_>> {
    let children = (node.kind() == kind).then(|| node.children());
    children?.pop()
}

/// Returns whether a value is a pointer without a type, such as memory of `alloca`.
fn is_memory(operand: Cursor<'_>) -> bool {
    let ty = operand.ty().canonical();
    ty.kind() == k::CXType_Pointer && ty.pointee().kind() == k::CXType_Void
}

/// Returns whether an operand is all that a macro holds, as one call or one pair of parentheses.
fn is_whole(operand: Cursor<'_>, definition: &Definition) -> bool {
    let (start, tokens) = (operand.start(), &definition.tokens);
    let body: Vec<&str> = tokens
        .iter()
        .skip_while(|(_, _, offset)| *offset != start.spelled)
        .map(|(_, word, _)| word.as_str())
        .collect();
    let is_whole = match operand.kind() {
        k::CXCursor_CallExpr => body.get(1..).is_some_and(is_one_pair),
        k::CXCursor_ParenExpr => is_one_pair(&body),
        _ => false,
    };
    is_whole && body_start(tokens, definition.is_function_like) == Some(start.spelled)
}

/// Returns whether a macro stands for the name of the function that a call calls: `#define ALLOCATE malloc`.
fn names_callee(text: &Text<'_>, call: Cursor<'_>, definition: &Definition) -> bool {
    let (start, end) = (call.start(), call.end());
    let [_, body] = definition.parts();
    let is_name = matches!(body, [(TokenKind::Identifier, _, at)] if *at == start.spelled);
    let is_behind = text
        .expansion_end(start.offset)
        .is_some_and(|used| used < end.offset);
    call.kind() == k::CXCursor_CallExpr && is_name && is_behind && !end.is_macro
}

/// Returns where a macro of the file calls a function whose result it assigns, and C++'s words for the type of what is assigned
/// to: `(p) = malloc(n)` may be of another type wherever the macro is used. Unary `+` makes a pointer of a reference to it.
fn assigned_in_body(text: &Text<'_>, call: Cursor<'_>) -> Option<(usize, String)> {
    let start = call.start();
    let is_own = call.kind() == k::CXCursor_CallExpr && start.is_spelled_in_main;
    let name = text.word(text.at(start.offset).filter(|_| is_own)?);
    let definition = text.only_definition(name)?;
    let [_, body] = definition.parts();
    let at = (body.iter()).position(|(_, _, offset)| *offset == start.spelled)?;
    let words: Vec<&str> = body[..at]
        .iter()
        .map(|(_, word, _)| word.as_str())
        .collect();
    let (equals, left) = words.split_last()?;
    let first = left.len() - last_object(left).filter(|_| *equals == "=")?;
    Some((
        start.spelled,
        format!("decltype(+({}))", left[first..].concat()),
    ))
}

/// Returns how many of some words name the object that they end with: `(p)`, `s->p`, `*p`, or `p` of `int *p`.
fn last_object(words: &[&str]) -> Option<usize> {
    let is_name =
        |word: &str| word.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let mut left = words.len();
    loop {
        let last = words[..left].last()?;
        if let Some(open) = [("(", ")"), ("[", "]")].iter().find(|pair| pair.1 == *last) {
            let mut depth = 0;
            left = (0..left).rev().find(|at| {
                depth += i32::from(words[*at] == open.1) - i32::from(words[*at] == open.0);
                depth == 0
            })?;
            if open.0 == "[" {
                continue;
            }
            // A macro that makes the object: `NAME(p, 1) = …`.
            let is_use = |word: &&str| is_name(word) && !["do", "else"].contains(word);
            left -= usize::from(words[..left].last().is_some_and(is_use));
        } else if is_name(last) {
            left -= 1;
        } else {
            return None;
        }
        match words[..left].last() {
            Some(&("." | "->")) => left -= 1,
            _ => break,
        }
    }
    let stars = words[..left]
        .iter()
        .rev()
        .take_while(|word| **word == "*")
        .count();
    let is_declared = left > stars && is_name(words[left - stars - 1]);
    let stars = if is_declared { 0 } else { stars };
    Some(words.len() - left + stars)
}

/// How many macros deep arguments are followed.
const NESTED: usize = 16;

/// Returns whether a macro uses its arguments as they are: neither it nor what it passes them to makes text of them, but
/// for `assert`, after which the program is at its end.
pub(super) fn passes_on(text: &Text<'_>, tokens: &[(TokenKind, String, usize)]) -> bool {
    passes_on_within(text, tokens, NESTED)
}

fn passes_on_within(text: &Text<'_>, tokens: &[(TokenKind, String, usize)], depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let name = tokens.first().map(|(_, name, _)| name.as_str());
    let mut body = tokens.iter().skip(1);
    body.all(|(_, word, _)| {
        let is_other = Some(word.as_str()) != name && text.is_macro(word);
        let is_kept = || {
            word == "assert"
                || (text.only_definition(word))
                    .is_some_and(|inner| passes_on_within(text, &inner.tokens, depth))
        };
        !word.starts_with('#') && (!is_other || is_kept())
    })
}

/// Returns the offset of the first token of a macro's body.
fn body_start(tokens: &[(TokenKind, String, usize)], is_function_like: bool) -> Option<usize> {
    let body = if is_function_like {
        tokens.iter().position(|(_, word, _)| word == ")")? + 1
    } else {
        1
    };
    tokens.get(body).map(|(_, _, offset)| *offset)
}

/// Returns whether words are one pair of parentheses with what is between them.
fn is_one_pair(words: &[&str]) -> bool {
    let mut depth = 0_i64;
    words.first() == Some(&"(")
        && words.last() == Some(&")")
        && words.iter().enumerate().all(|(index, word)| {
            match *word {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth > 0 || index + 1 == words.len()
        })
}

/// Returns an expression without the conversions that have no tokens of their own.
fn written(mut cursor: Cursor<'_>) -> Cursor<'_> {
    while let Some(inner) = walk::implicit_operand(cursor) {
        cursor = inner;
    }
    cursor
}

/// Returns whether a cast may stand before the expression without parentheses.
fn binds_tighter_than_cast(cursor: Cursor<'_>) -> bool {
    matches!(
        written(cursor).kind(),
        k::CXCursor_CallExpr
            | k::CXCursor_DeclRefExpr
            | k::CXCursor_MemberRefExpr
            | k::CXCursor_ArraySubscriptExpr
            | k::CXCursor_ParenExpr
            | k::CXCursor_CStyleCastExpr
            | k::CXCursor_UnaryOperator
            | k::CXCursor_IntegerLiteral
    )
}
