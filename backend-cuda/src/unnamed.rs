//! What nothing names once regions without a fallback are gone from the text, of which compilers warn: iterators and
//! temporaries that C declares at the top of a function, and `static` functions whose values kernels compute themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use mupac_ir::{Function, Handle, Module, Storage};

use crate::lexer::{self, Token, TokenKind, tokens};

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

/// Returns the `static` functions that only stretches use that are gone; a declaration is no use.
pub(crate) fn uncalled(
    module: &Module,
    original: &str,
    words: &[Token],
    gone: &[Range<usize>],
) -> BTreeSet<Handle<Function>> {
    let is_gone = |use_of: &usize| gone.iter().any(|each| each.contains(use_of));
    let own = |function: &Function| function.is_static.then(|| function.name.clone());
    let functions = module.functions.iter();
    let names: BTreeMap<String, Handle<Function>> = functions
        .filter_map(|(handle, function)| Some((own(function)?, handle)))
        .collect();
    let uses = Uses::of(original, words, names.keys().map(String::as_str).collect());
    let is_uncalled = |(name, handle): (&String, &Handle<Function>)| {
        let own = module.functions[*handle].span.range();
        let uses = uses.0.get(&**name).into_iter().flatten();
        let mut uses = uses.filter(|place| !own.contains(*place));
        (uses.clone().any(is_gone) && uses.all(is_gone)).then_some(*handle)
    };
    names.iter().filter_map(is_uncalled).collect()
}

/// Where the text uses functions, by their names: words that are no declaration, also those of macros of the file that name
/// them, and literals that hold the name alone, which attributes give to other functions.
struct Uses<'a>(BTreeMap<&'a str, Vec<usize>>);

impl<'a> Uses<'a> {
    fn of(original: &'a str, words: &[Token], names: BTreeSet<&'a str>) -> Self {
        let text = |token: &Token| &original[token.start..token.end];
        let macros = macros(words.iter().filter_map(|token| {
            let is_directive = token.kind == TokenKind::Directive;
            is_directive.then(|| text(token))
        }));
        let mut stands_for: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for name in names {
            stands_for.entry(name).or_default().insert(name);
            for stands_for_it in standing_for(name, &macros) {
                stands_for.entry(stands_for_it).or_default().insert(name);
            }
        }
        let mut uses: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut depth = 0_usize;
        for (at, token) in words.iter().enumerate() {
            let is_declared = || {
                let next = words.get(at + 1).map(|next| next.kind);
                depth == 0 && next == Some(TokenKind::Punctuation(b'('))
            };
            let word = match token.kind {
                TokenKind::Punctuation(b'{') => {
                    depth += 1;
                    continue;
                }
                TokenKind::Punctuation(b'}') => {
                    depth = depth.saturating_sub(1);
                    continue;
                }
                TokenKind::Word if !is_declared() => text(token),
                TokenKind::Literal => text(token).trim_matches('"'),
                TokenKind::Word
                | TokenKind::Comment
                | TokenKind::Directive
                | TokenKind::Punctuation(_) => continue,
            };
            for name in stands_for.get(word).into_iter().flatten() {
                uses.entry(name).or_default().push(token.start);
            }
        }
        Self(uses)
    }
}

/// Returns the macros that directives define, each with the words behind its name.
fn macros<'a>(directives: impl Iterator<Item = &'a str>) -> Vec<(&'a str, BTreeSet<String>)> {
    let definition = |directive: &'a str| {
        let text = directive.strip_prefix('#')?.trim_start();
        let text = text.strip_prefix("define")?.trim_start();
        let is_word = |each: char| each.is_alphanumeric() || each == '_';
        let end = text.find(|each| !is_word(each)).unwrap_or(text.len());
        let (name, behind) = text.split_at(end);
        Some((name, lexer::words(behind)))
    };
    directives.filter_map(definition).collect()
}

/// Returns the macros that name a function, or another of them.
fn standing_for<'a>(name: &str, macros: &[(&'a str, BTreeSet<String>)]) -> BTreeSet<&'a str> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    loop {
        let count = known.len();
        for (own, words) in macros {
            if words.contains(name) || known.iter().any(|each| words.contains(*each)) {
                known.insert(own);
            }
        }
        if known.len() == count {
            return known;
        }
    }
}

/// Returns where the statement begins that declares what stands at a place; `None` where it is the header of a loop.
fn declaration(words: &[&Token], at: usize) -> Option<usize> {
    let before = words.iter().take_while(|token| token.start <= at);
    let mut start = None;
    // Of a declarator before it, first values in braces.
    let (mut depth, mut is_listed) = (0_usize, false);
    for token in before.collect::<Vec<_>>().into_iter().rev() {
        match token.kind {
            TokenKind::Punctuation(b'}') if depth > 0 || is_listed => depth += 1,
            TokenKind::Punctuation(b'{') if depth > 0 => depth -= 1,
            TokenKind::Comment => continue,
            _ if depth > 0 => {}
            TokenKind::Punctuation(b';' | b'{' | b'}' | b':') | TokenKind::Directive => {
                return start;
            }
            TokenKind::Punctuation(b'(') => return None,
            TokenKind::Word | TokenKind::Literal | TokenKind::Punctuation(_) => {
                start = Some(token.start);
            }
        }
        is_listed = matches!(token.kind, TokenKind::Punctuation(b','));
    }
    start
}
