//! What nothing names once regions without a fallback are gone from the text, of which compilers warn: iterators and
//! temporaries that C declares at the top of a function, and `static` functions whose values kernels compute themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use mupac_ir::{Function, Module, Storage};

use crate::lexer::{Token, TokenKind, tokens};

/// Text that takes the place of a stretch of a function.
pub(crate) struct Replacement {
    /// The stretch, of which nothing is left.
    pub(crate) gone: Range<usize>,
    /// What stands there.
    pub(crate) text: String,
}

/// Returns where the declarations begin of the locals that only stretches named that are gone.
///
/// `original` holds the `words` of the file; a name counts wherever it occurs in the function, whatever it means there.
/// What one of the `macros` declares, nothing can stand before.
pub(crate) fn unnamed(
    function: &Function,
    macros: &BTreeSet<String>,
    (original, words): (&str, &[Token]),
    replaced: &[&Replacement],
) -> BTreeSet<usize> {
    let body = function.body_span.range();
    let is_left = |token: &Token| !replaced.iter().any(|each| each.gone.contains(&token.start));
    let own = words.partition_point(|token| token.start < body.start)
        ..words.partition_point(|token| token.start < body.end);
    let left: Vec<&Token> = words[own].iter().filter(|token| is_left(token)).collect();
    let is_generated = |name: &str| {
        replaced.iter().any(|each| {
            let mut words = tokens(&each.text).into_iter();
            words.any(|word| {
                word.kind == TokenKind::Word && each.text[word.start..word.end] == *name
            })
        })
    };
    let locals = function.vars.iter().map(|(_, var)| var);
    locals
        .filter(|var| var.storage == Storage::Local && !var.spelling.is_empty())
        .filter_map(|var| {
            let declared = var.span.range();
            let named = left.iter().filter(|token| {
                token.kind == TokenKind::Word && original[token.start..token.end] == var.spelling
            });
            let mut made = left.iter().filter(|token| {
                token.start == declared.start && macros.contains(&original[token.start..token.end])
            });
            let is_unnamed = made.next().is_none()
                && body.contains(&declared.start)
                && named.clone().count() == 1
                && named.clone().all(|token| declared.contains(&token.start))
                && !is_generated(&var.spelling);
            is_unnamed.then(|| declaration(&left, declared.start))?
        })
        .collect()
}

/// Returns where the `static` functions begin that only stretches called that are gone.
pub(crate) fn uncalled(
    module: &Module,
    original: &str,
    words: &[Token],
    replaced: &[&Replacement],
) -> BTreeSet<usize> {
    let is_gone = |token: &&Token| {
        let mut replaced = replaced.iter();
        replaced.any(|each| each.gone.contains(&token.start))
    };
    let functions = module.functions.iter().map(|(_, function)| function);
    let functions: Vec<_> = functions.filter(|function| function.is_static).collect();
    let without_uses = functions
        .iter()
        .map(|function| (&*function.name, Vec::new()));
    let mut uses: BTreeMap<&str, Vec<&Token>> = without_uses.collect();
    for token in words.iter().filter(|token| token.kind == TokenKind::Word) {
        if let Some(known) = uses.get_mut(&original[token.start..token.end]) {
            known.push(token);
        }
    }
    functions
        .into_iter()
        .filter(|function| {
            let own = function.span.range();
            let uses = uses.get(&*function.name).into_iter().flatten();
            let mut uses = uses.filter(|token| !own.contains(&token.start));
            uses.clone().any(&is_gone) && uses.all(is_gone)
        })
        .map(|function| function.span.range().start)
        .collect()
}

/// Returns where the statement begins that declares what stands at a place; `None` where it is the header of a loop.
fn declaration(words: &[&Token], at: usize) -> Option<usize> {
    let before = words.iter().take_while(|token| token.start <= at);
    let mut start = None;
    for token in before.collect::<Vec<_>>().into_iter().rev() {
        match token.kind {
            TokenKind::Punctuation(b';' | b'{' | b'}' | b':') | TokenKind::Directive => {
                return start;
            }
            TokenKind::Punctuation(b'(') => return None,
            TokenKind::Comment => {}
            TokenKind::Word | TokenKind::Literal | TokenKind::Punctuation(_) => {
                start = Some(token.start);
            }
        }
    }
    start
}
