//! Whether a smaller program has the same form as another: the same text but for the values of integers.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::Unit;

use crate::lexer::{Kind, tokens};
use crate::scale::integer;

/// A token with its text.
type Word<'a> = (Kind, &'a str);

/// Returns whether a unit is the same as another but for the values of integers, in its original and in its text.
pub fn is_stand_in(unit: &Unit, smaller: &Unit) -> bool {
    are_alike(unit.source.text(), smaller.source.text())
        && are_alike(&unit.whole(), &smaller.whole())
}

/// Returns which functions have another form in a smaller unit: of each that `owners` has by the name of a definition, its own
/// or that of one of its kernels; `None` where something else has another form.
pub fn other_forms(
    unit: &Unit,
    smaller: &Unit,
    owners: &BTreeMap<&str, &str>,
) -> Option<BTreeSet<String>> {
    let (text, other) = (unit.whole(), smaller.whole());
    let (ours, theirs) = (words(&text), words(&other));
    let (ours, theirs) = (definitions(&ours), definitions(&theirs));
    if !are_alike(unit.source.text(), smaller.source.text()) || ours.len() != theirs.len() {
        return None;
    }
    let pairs = ours.into_iter().zip(theirs);
    let changed = pairs.filter(|(own, other)| !are_same(own, other));
    changed
        .map(|(own, _)| owner(own, owners).map(str::to_owned))
        .collect()
}

/// Returns whether two texts are the same but for the values of integers.
fn are_alike(text: &str, other: &str) -> bool {
    are_same(&words(text), &words(other))
}

fn are_same(ours: &[Word<'_>], theirs: &[Word<'_>]) -> bool {
    let is_same = |(own, other): (&Word<'_>, &Word<'_>)| {
        let integers = integer(own.1).zip(integer(other.1));
        let is_integer = integers.is_some_and(|((_, own), (_, other))| own == other);
        own.0 == other.0 && (own.1 == other.1 || is_integer)
    };
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(is_same)
}

fn words(text: &str) -> Vec<Word<'_>> {
    let all = tokens(text).into_iter();
    all.filter_map(|token| Some((token.kind, text.get(token.at)?)))
        .collect()
}

/// Returns the definitions and declarations of a text that stand in no braces.
fn definitions<'a, 'w>(words: &'a [Word<'w>]) -> Vec<&'a [Word<'w>]> {
    let mut depth = 0_usize;
    words
        .split_inclusive(|word| {
            match word.1 {
                "{" | "(" => depth += 1,
                "}" | ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(word.1, "}" | ";")
        })
        .collect()
}

/// Returns to whom a definition belongs.
fn owner<'o>(definition: &[Word<'_>], owners: &BTreeMap<&str, &'o str>) -> Option<&'o str> {
    let header = definition.split(|word| word.1 == "{").next()?;
    let mut named = header.windows(2).filter(|pair| pair[1].1 == "(");
    named.find_map(|pair| owners.get(pair[0].1).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_where_only_integers_differ() {
        assert!(are_alike("a[512] + 1.5 // x", "a[64] + 1.5"));
        assert!(!are_alike("a[512] + 1.5", "a[64] + 1.25"));
        assert!(!are_alike("a[512L]", "a[64]"));
        assert!(!are_alike("if (i < 512) a", "a"));
    }

    #[test]
    fn definitions_belong_to_functions() {
        let text = "int n = 512;\n__global__ void __launch_bounds__(256) f_l3(int *a) { a[0] = (1); }\n\
                    static void f(int *a) { for (int i = 0; i < 8; i++) f_l3<<<1, 256>>>(a); }";
        let all = words(text);
        let owners = BTreeMap::from([("f", "f"), ("f_l3", "f")]);
        let found = definitions(&all);
        let named: Vec<Option<&str>> = found.iter().map(|each| owner(each, &owners)).collect();
        assert_eq!(named, [None, Some("f"), Some("f")]);
    }
}
