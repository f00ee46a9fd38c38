//! Whether a smaller program has the same form as another: the same text but for the values of integers.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{StandIn, Unit};

use crate::lexer::{Kind, tokens};
use crate::scale::integer;

/// A token with its text.
type Word<'a> = (Kind, &'a str);

/// Returns whether a smaller unit is the same as another but for the values of integers, in its original and in its text, apart
/// from the functions and kernels that it has otherwise.
pub(crate) fn stands_for(stand_in: &StandIn, unit: &Unit) -> bool {
    let own = stand_in.others.iter().map(String::as_str);
    let own: BTreeMap<&str, &str> = own.map(|name| (name, name)).collect();
    let others = other_forms(unit, &stand_in.unit, &own, &stand_in.others);
    others.is_some_and(|others| others.is_empty())
}

/// Returns which functions have another form in a smaller unit besides those that are `known` to: of each that `owners` has by
/// the name of a definition, its own or that of one of its kernels; `None` where something else has another form.
pub fn other_forms(
    unit: &Unit,
    smaller: &Unit,
    owners: &BTreeMap<&str, &str>,
    known: &BTreeSet<String>,
) -> Option<BTreeSet<String>> {
    let texts = [unit, smaller].map(|each| without_thresholds(&each.whole()));
    let is_known = |definition: &[Word<'_>]| {
        let owner = owner(definition, owners);
        owner.is_some_and(|owner| known.contains(owner))
    };
    let [ours, theirs] = [words(&texts[0]), words(&texts[1])];
    let [ours, theirs] = [&ours, &theirs].map(|words| {
        let mut all = definitions(words);
        all.retain(|definition| !is_known(definition) && !is_support(definition));
        all
    });
    if !are_alike(unit.source.text(), smaller.source.text()) || ours.len() != theirs.len() {
        return None;
    }
    let pairs = ours.into_iter().zip(theirs);
    let changed = pairs.filter(|(own, other)| !are_same(own, other));
    changed
        .map(|(own, _)| owner(own, owners).map(str::to_owned))
        .collect()
}

/// Returns whether a definition is support, of which each text has what its kernels use: the runtime's namespace and helpers for
/// integers.
fn is_support(definition: &[Word<'_>]) -> bool {
    let before = definition.iter().take_while(|word| word.1 != "{");
    let header: Vec<&str> = before.map(|word| word.1).collect();
    let has = |wanted: &[&str]| header.windows(wanted.len()).any(|words| words == wanted);
    has(&["namespace", "mupac"]) || has(&["__host__", "__device__", "inline"])
}

/// Returns a text without the lines that define from how many iterations on launches pay: each is named after a number of some
/// function.
fn without_thresholds(text: &str) -> String {
    let lines = text.lines();
    let kept: Vec<&str> = lines
        .filter(|line| !line.starts_with("#define MUPAC_CPU_THRESHOLD"))
        .collect();
    kept.join("\n")
}

/// Returns whether two texts are the same but for the values of integers.
fn are_alike(text: &str, other: &str) -> bool {
    are_same(&words(text), &words(other))
}

fn are_same(ours: &[Word<'_>], theirs: &[Word<'_>]) -> bool {
    let is_same = |(own, other): (&Word<'_>, &Word<'_>)| {
        let integers = whole(own.1).zip(whole(other.1));
        let is_integer = integers.is_some_and(|(own, other)| own == other);
        own.0 == other.0 && (own.1 == other.1 || is_integer)
    };
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(is_same)
}

/// Returns the suffix of an integer, or of a number of iterations that is counted as a `double`.
fn whole(word: &str) -> Option<&str> {
    let is_whole = |digits: &&str| digits.bytes().all(|each| each.is_ascii_digit());
    let counted = word.strip_suffix(".0").filter(is_whole).map(|_| ".0");
    counted.or_else(|| integer(word).map(|(_, suffix)| suffix))
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
        assert!(are_alike("512.0 * n > 9", "64.0 * n > 9"));
        assert!(!are_alike("512.0 * n > 9", "64 * n > 9"));
        assert!(!are_alike("a[512] + 1.5", "a[64] + 1.25"));
        assert!(!are_alike("a[512L]", "a[64]"));
        assert!(!are_alike("if (i < 512) a", "a"));
    }

    #[test]
    fn functions_that_have_another_form_are_found_one_by_one() {
        let unit = |f: &str, g: &str| {
            let cuda = format!(
                "#define MUPAC_CPU_THRESHOLD_{0} {0}\nvoid f(int *a) {{ {f} }}\nvoid g(int *a) {{ {g} }}\n",
                f.len()
            );
            Unit {
                cuda,
                ..Unit::default()
            }
        };
        let owners = BTreeMap::from([("f", "f"), ("g", "g")]);
        let others = |one: &Unit, other: &Unit, known: &[&str]| {
            let known = known.iter().map(|name| (*name).to_owned()).collect();
            other_forms(one, other, &owners, &known)
        };
        let (large, small) = (unit("a[512];", "a[9];"), unit("a[64] + 1;", "a[8];"));
        let of = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(others(&large, &small, &[]), of(&["f"]));
        assert_eq!(others(&large, &small, &["f"]), of(&[]));
        let elsewhere = other_forms(&large, &small, &BTreeMap::new(), &BTreeSet::new());
        assert_eq!(elsewhere, None);
        let helper = "__host__ __device__ inline int mupac_min_i32(int a, int b) { return a; }\n";
        let supported = Unit {
            cuda: format!(
                "namespace mupac {{ namespace {{ int used; }}}}\n{helper}{}",
                small.cuda
            ),
            ..Unit::default()
        };
        assert_eq!(others(&supported, &small, &[]), of(&[]));
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
