//! Which constants of a program are sizes, and what they are in a smaller program of the same form.
//!
//! A size is a number that loops run to, that arrays are long, or that is next to one of these. A smaller one has the same
//! remainder for blocks and tiles, so that what is left over at edges stays what it is; numbers next to each other keep
//! their distance, and multiples and products of sizes stay such. Whatever else has the value of a size gets the new value
//! too: the smaller program is a program of its own, and what a test says of it is asked of its own original.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Extent, Function, Module, Type, Unit};

use crate::lexer::{Kind, Token, tokens};
use crate::own_headers::own_headers;
use crate::sources::folder_of;
use crate::tables::has_tables;
use crate::{numbers, work};

/// A call that makes more accesses is no test: the harness ends it.
const MOST_ACCESSES: f64 = (1_u64 << 23) as f64;
/// A program that makes more takes too long where CUDA runs on the CPU.
const MOST_OF_PROGRAM: f64 = (1_u64 << 24) as f64;
/// A smaller program makes no more: it runs in every test, with every mistake.
const MOST_OF_STAND_IN: f64 = (3_u64 << 21) as f64;
/// A variable that is larger is too large for a test.
///
/// **Units**: bytes.
const MOST_BYTES: u64 = 32 << 20;
/// Smaller numbers stay as they are.
const LEAST: u64 = 64;
/// Numbers that are no larger may be how many values a byte has.
const MOST_OF_BYTE: u64 = 256;
/// Numbers that are no further apart are one size with an offset.
const NEAR: u64 = 16;
/// A number that is so many times another is a multiple of it.
const MOST_TIMES: u64 = 8;

/// A smaller program of the same form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// Its text.
    pub text: String,
    /// The options that it is compiled with.
    pub arguments: Vec<String>,
    /// The user's headers, by their paths from its folder; none where they are the same.
    pub headers: BTreeMap<String, String>,
    /// The constants that differ, each with its value there.
    pub constants: BTreeMap<u64, u64>,
}

/// Returns the functions of a unit of which one call is more than a test can run; `main` stands for the program.
pub fn too_large(module: &Module, unit: &Unit) -> BTreeSet<String> {
    larger(module, unit, MOST_ACCESSES, MOST_OF_PROGRAM)
}

/// Returns whether functions of a smaller program are small enough to be tested by themselves.
pub fn has_small_functions(module: &Module, unit: &Unit) -> bool {
    let mut entries = unit.entries.iter();
    let has_functions = entries.any(|entry| entry.function.name != "main");
    has_functions && larger(module, unit, MOST_OF_STAND_IN, f64::MAX).is_empty()
}

/// Returns whether a smaller program is small enough.
pub fn is_small(module: &Module, unit: &Unit) -> bool {
    larger(module, unit, MOST_OF_STAND_IN, MOST_OF_STAND_IN).is_empty()
}

fn larger(module: &Module, unit: &Unit, most: f64, most_of_program: f64) -> BTreeSet<String> {
    let called = unit
        .entries
        .iter()
        .map(|entry| entry.function.name.as_str());
    let called = called.filter(|name| *name != "main");
    let program = unit.has_main.then_some("main");
    let is_larger = |name: &&str| {
        let Some((_, function)) = module.function(name) else {
            return false;
        };
        let accesses = work::accesses(module, function);
        if *name == "main" {
            return accesses > most_of_program;
        }
        let mut vars = function.vars.iter();
        accesses > most || vars.any(|(_, var)| bytes(&var.ty, module) > MOST_BYTES)
    };
    let found = called.chain(program).filter(is_larger);
    found.map(str::to_owned).collect()
}

/// Returns how large a value is; what pointers lead to is none of it.
fn bytes(ty: &Type, module: &Module) -> u64 {
    match ty {
        Type::Array { of, length } => match length {
            Extent::Fixed(length) => length.saturating_mul(bytes(of, module)),
            Extent::Variable(_) | Extent::Unknown => 0,
        },
        Type::Scalar(scalar) => scalar.size_bytes(),
        Type::Record(record) => module
            .records
            .get(*record)
            .map_or(0, |each| each.size_bytes),
        Type::Void | Type::Pointer { .. } | Type::Opaque(_) => 0,
    }
}

/// Which sizes of a smaller program may be smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrinks {
    /// Those that cannot be how many values a byte has: data subscript arrays, which may be tables of bytes.
    AllButTables,
    /// All of them.
    All,
}

impl Shrinks {
    /// Returns what is tried for a program, in order.
    pub fn of(module: &Module) -> &'static [Self] {
        if has_tables(module) {
            &[Self::AllButTables, Self::All]
        } else {
            &[Self::All]
        }
    }
}

/// Returns a smaller program, in which sizes have the same remainder by `modulus` and hold it more than once; `None` where no
/// constant of its text, of the user's headers or of the options that it is compiled with is a size that can be smaller.
pub fn scaled(
    module: &Module,
    arguments: &[String],
    modulus: u64,
    shrinks: Shrinks,
) -> Option<Scaled> {
    let source = &module.source;
    let headers = own_headers(source.text(), folder_of(&source.name), arguments);
    let is_defined = |at: &usize| defines(arguments, *at);
    let defined = (0..arguments.len()).filter(is_defined);
    let defined = defined.filter_map(|at| arguments.get(at));
    let texts = defined.chain(headers.values()).map(String::as_str);
    let texts = texts.chain([source.text()]);
    let literals: BTreeSet<u64> = texts.flat_map(values).collect();
    let functions = module.functions.iter().map(|(_, function)| function);
    let roles: BTreeSet<u64> = functions.flat_map(|each| roles(each, module)).collect();
    let mut sizes = sizes(&literals, &roles);
    sizes.retain(|size| shrinks == Shrinks::All || *size > MOST_OF_BYTE);
    let constants = smaller(&sizes, modulus.max(1));
    if constants.is_empty() {
        return None;
    }
    let mut scaled = Scaled {
        text: rewritten(source.text(), &constants)?,
        arguments: redefined(arguments, &constants)?,
        headers: BTreeMap::new(),
        constants: constants.clone(),
    };
    let mut is_changed = false;
    for (path, text) in headers {
        let new = rewritten(&text, &constants)?;
        is_changed |= new != text;
        scaled.headers.insert(path.to_str()?.to_owned(), new);
    }
    if !is_changed {
        scaled.headers.clear();
    }
    Some(scaled)
}

/// Returns options that define macros with other constants.
pub(crate) fn redefined(
    arguments: &[String],
    constants: &BTreeMap<u64, u64>,
) -> Option<Vec<String>> {
    let defined = arguments.iter().enumerate().map(|(at, argument)| {
        if defines(arguments, at) {
            rewritten(argument, constants)
        } else {
            Some(argument.clone())
        }
    });
    defined.collect()
}

/// Returns whether an option defines a macro: `-DN=512`, or what follows `-D`.
fn defines(arguments: &[String], at: usize) -> bool {
    let is = |at: usize, wanted: &dyn Fn(&str) -> bool| {
        arguments.get(at).is_some_and(|argument| wanted(argument))
    };
    is(at, &|own| own.starts_with("-D")) || (at > 0 && is(at - 1, &|before| before == "-D"))
}

/// Returns the constants of a text.
fn values(text: &str) -> Vec<u64> {
    let tokens = tokens(text);
    let numbers = numbers_of(text, &tokens);
    numbers.iter().map(|number| number.value).collect()
}

/// Returns a text with other constants.
pub(crate) fn rewritten(text: &str, constants: &BTreeMap<u64, u64>) -> Option<String> {
    let tokens = tokens(text);
    let (mut new, mut at) = (String::new(), 0);
    for number in numbers_of(text, &tokens) {
        let Some(value) = constants.get(&number.value) else {
            continue;
        };
        for (place, token) in number.tokens.iter().enumerate() {
            // The rest of `64 * 1024` becomes 1, and that of `1 << 16` 0.
            let value = match place {
                0 => *value,
                _ if number.is_shift => 0,
                _ => 1,
            };
            let (_, suffix) = integer(text.get(token.at.clone())?)?;
            new.push_str(text.get(at..token.at.start)?);
            new.push_str(&value.to_string());
            new.push_str(suffix);
            at = token.at.end;
        }
    }
    new.push_str(text.get(at..)?);
    Some(new)
}

/// Returns whether a unit is the same as another but for the values of integers, in its original and in its text.
pub fn is_stand_in(unit: &Unit, smaller: &Unit) -> bool {
    are_alike(unit.source.text(), smaller.source.text())
        && are_alike(&unit.whole(), &smaller.whole())
}

/// Says which constants are smaller: `64 for 512, 66 for 514`.
pub fn constants_in_words(constants: &BTreeMap<u64, u64>) -> String {
    let words: Vec<String> = constants
        .iter()
        .map(|(size, new)| format!("{new} for {size}"))
        .collect();
    words.join(", ")
}

/// Returns whether two texts are the same but for the values of integers.
fn are_alike(text: &str, other: &str) -> bool {
    let (ours, theirs) = (tokens(text), tokens(other));
    let pairs = ours.iter().zip(&theirs);
    let is_alike = |(ours, theirs): (&Token, &Token)| {
        let words = text.get(ours.at.clone()).zip(other.get(theirs.at.clone()));
        ours.kind == theirs.kind
            && words.is_some_and(|(ours, theirs)| {
                let suffixes = integer(ours).zip(integer(theirs));
                ours == theirs || suffixes.is_some_and(|((_, ours), (_, theirs))| ours == theirs)
            })
    };
    ours.len() == theirs.len() && pairs.into_iter().all(is_alike)
}

/// A constant of a text: an integer, or integers that are multiplied or shifted.
struct Number<'a> {
    tokens: Vec<&'a Token>,
    value: u64,
    is_shift: bool,
}

/// Returns the constants of a text: of a product or a shift itself and not its parts, unless it has no value.
fn numbers_of<'a>(text: &str, tokens: &'a [Token]) -> Vec<Number<'a>> {
    let value_of = |token: &Token| Some(integer(text.get(token.at.clone())?)?.0);
    let mut numbers: Vec<Number<'a>> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let Some(value) = value_of(token).filter(|_| token.kind == Kind::Number) else {
            continue;
        };
        let mut number = Number {
            tokens: vec![token],
            value,
            is_shift: false,
        };
        let is = |at: usize, sign| tokens.get(at).is_some_and(|each| each.is(sign));
        if is(at, b'<') && is(at + 1, b'<') {
            let by = tokens.get(at + 2);
            let shifted = by.zip(by.and_then(value_of)).and_then(|(token, by)| {
                let by = u32::try_from(by).ok()?;
                Some((token, value.checked_mul(1_u64.checked_shl(by)?)?))
            });
            if let Some((token, value)) = shifted {
                number.tokens.push(token);
                number.value = value;
                number.is_shift = true;
                at += 3;
            }
        }
        while !number.is_shift
            && is(at, b'*')
            && let Some(next) = tokens.get(at + 1)
            && let Some(product) = value_of(next).and_then(|next| next.checked_mul(number.value))
        {
            number.tokens.push(next);
            number.value = product;
            at += 2;
        }
        numbers.push(number);
    }
    numbers
}

/// Returns the value of an integer constant and its suffix; octal ones are no sizes.
fn integer(word: &str) -> Option<(u64, &str)> {
    let (digits, radix) = match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (word, 10),
    };
    let end = digits.find(|each: char| !each.is_digit(radix));
    let (digits, suffix) = digits.split_at(end.unwrap_or(digits.len()));
    let is_suffix = suffix
        .chars()
        .all(|each| matches!(each, 'u' | 'U' | 'l' | 'L'));
    let is_octal = radix == 10 && digits.len() > 1 && digits.starts_with('0');
    let value = u64::from_str_radix(digits, radix).ok();
    value
        .filter(|_| is_suffix && !is_octal)
        .map(|value| (value, suffix))
}

/// Returns the numbers that a function takes for sizes.
fn roles(function: &Function, module: &Module) -> BTreeSet<u64> {
    let mut found = work::bounds(function);
    let lengths = numbers::lengths(function, &module.records);
    found.extend(lengths.into_iter().map(i64::unsigned_abs));
    found
}

/// Returns the constants of a text that are sizes: near one that a function has, or a factor of one.
fn sizes(literals: &BTreeSet<u64>, roles: &BTreeSet<u64>) -> BTreeSet<u64> {
    let is_role = |value: u64| {
        let near = value.saturating_sub(NEAR)..=value.saturating_add(NEAR);
        roles.range(near).next().is_some()
    };
    let is_factor = |value: u64| {
        let products = literals
            .iter()
            .filter_map(|other| value.checked_mul(*other));
        products
            .filter(|product| *product > LEAST)
            .any(|product| roles.contains(&product))
    };
    let large = literals.iter().copied().filter(|value| *value >= LEAST);
    large
        .filter(|value| is_role(*value) || is_factor(*value))
        .collect()
}

/// Returns what becomes of each size.
fn smaller(sizes: &BTreeSet<u64>, modulus: u64) -> BTreeMap<u64, u64> {
    let mut known: BTreeMap<u64, u64> = BTreeMap::new();
    // Those that are no offset from another.
    let mut bases: Vec<(u64, u64)> = Vec::new();
    for size in sizes {
        let near = bases.iter().rev().find(|(base, _)| size - base <= NEAR);
        if let Some((base, new)) = near {
            known.insert(*size, new + (size - base));
            continue;
        }
        let product = known.iter().find_map(|(a, new_a)| {
            let other = size.checked_div(*a).filter(|other| other * a == *size)?;
            let product = new_a * known.get(&other)?;
            // Of numbers that stay what they are it is a product by chance.
            (product != *size).then_some(product)
        });
        let multiple = bases.iter().find_map(|(base, new)| {
            let times = size / base;
            (size % base == 0 && times <= MOST_TIMES).then_some(new * times)
        });
        let least = bases.last().map_or(modulus, |(_, last)| *last);
        let rest = size % modulus;
        let fresh = rest + (least + 1).saturating_sub(rest).div_ceil(modulus) * modulus;
        // Transforms and sorting networks run over powers of two alone.
        let power = fresh.next_power_of_two();
        let is_power = size.is_power_of_two() && power % modulus == rest;
        let fresh = if is_power { power } else { fresh };
        let new = product.or(multiple).unwrap_or(fresh);
        // What hardly gets smaller is not worth another form.
        let new = if new <= size / 2 { new } else { *size };
        known.insert(*size, new);
        bases.push((*size, new));
    }
    known.retain(|size, new| size != new);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sizes: &[u64], modulus: u64) -> Vec<u64> {
        let sizes: BTreeSet<u64> = sizes.iter().copied().collect();
        let known = smaller(&sizes, modulus);
        let new = |size| known.get(size).copied().unwrap_or(*size);
        sizes.iter().map(new).collect()
    }

    #[test]
    fn sizes_keep_remainders_distances_and_products() {
        assert_eq!(of(&[512], 32), [64]);
        assert_eq!(of(&[2000, 3000], 32), [48, 56]);
        assert_eq!(of(&[510, 511, 512, 514], 32), [62, 63, 64, 66]);
        assert_eq!(of(&[512, 1024, 262_144], 32), [64, 128, 4096]);
        assert_eq!(of(&[100], 64), [100]);
        assert_eq!(of(&[2048, 3000, 65_536], 32), [64, 88, 128]);
        assert_eq!(of(&[100, 1000, 100_000], 1024), [100, 1000, 1696]);
    }

    #[test]
    fn constants_are_read_whole() {
        let text = "a[1 << 12] 64 * 1024 0x200u 3.5 512.0 010 x512 7e3 \"512\" // 512";
        let tokens = tokens(text);
        let values: Vec<u64> = numbers_of(text, &tokens)
            .iter()
            .map(|each| each.value)
            .collect();
        assert_eq!(values, [4096, 65536, 512]);
    }

    #[test]
    fn texts_are_alike_where_only_integers_differ() {
        assert!(are_alike("a[512] + 1.5 // x", "a[64] + 1.5"));
        assert!(!are_alike("a[512] + 1.5", "a[64] + 1.25"));
        assert!(!are_alike("a[512L]", "a[64]"));
        assert!(!are_alike("if (i < 512) a", "a"));
    }
}
