//! Smaller programs of the same form: whatever has the value of a size ([`sizes`](crate::sizes)) gets a smaller one.
//!
//! The smaller program is a program of its own, and what a test says of it is asked of its own original.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mupac_ir::{Extent, Module, Scaling, Source, Type, Unit};

use crate::lexer::{Kind, Token, tokens};
use crate::own_headers::own_headers;
use crate::sizes::{Remainders, Repeats, Sizes};
use crate::sources::folder_of;
use crate::tables::tables;
use crate::work;

/// A call that makes more accesses is no test: the harness ends it.
const MOST_ACCESSES: f64 = (1_u64 << 23) as f64;
/// A program that makes more takes too long where CUDA runs on the CPU.
const MOST_OF_PROGRAM: f64 = (1_u64 << 24) as f64;
/// A smaller program makes no more: it runs in every test, with every mistake.
const MOST_OF_STAND_IN: f64 = (3_u64 << 21) as f64;
/// What the first tests of a function cost beside its accesses, in accesses of one call.
const OF_A_TEST: f64 = (1_u64 << 16) as f64;
/// So many accesses of one call the first tests of functions have time for in a second: each runs a dozen times, and most of
/// these in the runtime, in which every access is watched.
const ACCESSES_A_SECOND: f64 = (1_u64 << 18) as f64;
/// So many bytes of arrays are filled, copied and compared in the time of an access, of which a test watches each.
const BYTES_AN_ACCESS: f64 = 64.0;
/// A variable that is larger is too large for a test.
///
/// **Units**: bytes.
const MOST_BYTES: u64 = 32 << 20;
/// Numbers that are no larger may be how many values a byte has.
const MOST_OF_BYTE: u64 = 256;

/// A smaller program of the same form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// Its text.
    pub text: String,
    /// What is smaller beside it.
    pub scaling: Scaling,
}

/// Returns the functions of a unit of which one call is more than a test can run; `main` stands for the program.
pub fn too_large(module: &Module, unit: &Unit) -> BTreeSet<String> {
    larger(module, unit, MOST_ACCESSES, MOST_OF_PROGRAM)
}

/// Returns the functions of a unit that are too large for a test in a smaller program as well, in the same words.
pub fn still_too_large(smaller: &Module, unit: &Unit) -> BTreeSet<String> {
    larger(smaller, unit, MOST_OF_STAND_IN, MOST_OF_STAND_IN)
}

/// Returns whether a program is more than a test can run.
pub fn program_is_too_large(whole: &Module) -> bool {
    is_program_larger(whole, MOST_OF_PROGRAM)
}

/// Returns whether a smaller program is more than a test can run, in the same words.
pub fn program_is_still_too_large(smaller: &Module) -> bool {
    is_program_larger(smaller, MOST_OF_STAND_IN)
}

fn is_program_larger(whole: &Module, most: f64) -> bool {
    let main = whole.function("main");
    main.is_some_and(|(_, main)| work::accesses(whole, main) > most)
}

/// Returns what the first tests of functions of a smaller program take, by their names: an estimate from the text alone, as is
/// what is too large. The program is that of `whole`, where there is one.
///
/// **Units**: accesses of one call.
pub fn costs(
    (smaller, whole): (&Module, Option<&Module>),
    functions: BTreeSet<String>,
) -> BTreeMap<String, f64> {
    let cost = |name: &str| {
        let module = whole.filter(|_| name == "main").unwrap_or(smaller);
        let (_, function) = module.function(name)?;
        let vars = function.vars.iter();
        let bytes: f64 = vars.map(|(_, var)| bytes(&var.ty, module) as f64).sum();
        Some(work::accesses(module, function) + bytes / BYTES_AN_ACCESS + OF_A_TEST)
    };
    let known = functions.into_iter().map(|name| (cost(&name), name));
    known
        .filter_map(|(cost, name)| Some((name, cost?)))
        .collect()
}

/// Returns how many of some functions can be tested in the time that there is; `None`: as much as they want.
pub fn testable(costs: impl Iterator<Item = f64>, check_time: Option<Duration>) -> usize {
    let mut all: Vec<f64> = costs.collect();
    let Some(time) = check_time else {
        return all.len();
    };
    all.sort_by(f64::total_cmp);
    let mut left = time.as_secs_f64() * ACCESSES_A_SECOND;
    let fit = all.iter().take_while(|each| {
        left -= **each;
        left >= 0.0
    });
    fit.count()
}

/// Returns the functions of a unit that are called in tests; `main` stands for the program.
pub fn tested(unit: &Unit) -> BTreeSet<String> {
    let called = unit.entries.iter();
    let called = called.map(|entry| entry.function.name.as_str());
    let called = called.filter(|name| *name != "main");
    let program = unit.has_main.then_some("main");
    called.chain(program).map(str::to_owned).collect()
}

fn larger(module: &Module, unit: &Unit, most: f64, most_of_program: f64) -> BTreeSet<String> {
    let is_larger = |name: &String| {
        let Some((_, function)) = module.function(name) else {
            return false;
        };
        let accesses = work::accesses(module, function);
        if name == "main" {
            return accesses > most_of_program;
        }
        let mut vars = function.vars.iter();
        accesses > most || vars.any(|(_, var)| bytes(&var.ty, module) > MOST_BYTES)
    };
    tested(unit).into_iter().filter(is_larger).collect()
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
    /// Those that cannot be how many values a byte has, nor how long an array is that data subscript.
    AllButTables,
    /// All of them.
    All,
}

impl Shrinks {
    /// Returns what is tried for a program, in order.
    pub fn of(module: &Module) -> &'static [Self] {
        if tables(module).is_some() {
            &[Self::AllButTables, Self::All]
        } else {
            &[Self::All]
        }
    }
}

/// Returns a smaller program, in which sizes keep their remainders and hold what they are divided by more than once; `None` where no
/// constant of its text, of the user's headers or of the options that it is compiled with is a size that can be smaller. Where
/// the program is several files, `whole` is all of them, and sizes are those of the program.
pub fn scaled(
    (module, whole): (&Module, Option<&Module>),
    arguments: &[String],
    remainders: Remainders,
    (shrinks, repeats): (Shrinks, Repeats),
) -> Option<Scaled> {
    let source = &module.source;
    let folder = folder_of(&source.name);
    let all = whole.map(|whole| &whole.source);
    let beside = all.filter(|all| folder_of(&all.name) == folder);
    let including = beside.map_or("", Source::text);
    let headers = own_headers(&(with_files(source) + "\n" + including), folder, arguments);
    let is_defined = |at: &usize| defines(arguments, *at);
    let defined = (0..arguments.len()).filter(is_defined);
    let defined = defined.filter_map(|at| arguments.get(at));
    let texts = defined.chain(headers.values()).map(String::as_str);
    let texts = texts.chain([source.text()]).chain(all.map(Source::text));
    let literals: BTreeSet<u64> = texts.flat_map(values).collect();
    let program = whole.unwrap_or(module);
    let (least, kept) = match shrinks {
        Shrinks::AllButTables => (MOST_OF_BYTE + 1, tables(program).unwrap_or_default()),
        Shrinks::All => (0, BTreeSet::new()),
    };
    let constants = Sizes::of(program, &literals, |size| {
        size >= least && !kept.contains(&size)
    });
    let constants = constants.smaller(remainders, repeats);
    if constants.is_empty() {
        return None;
    }
    let mut scaling = Scaling {
        arguments: redefined(arguments, &constants)?,
        ..Scaling::default()
    };
    let mut is_changed = false;
    for (path, text) in headers {
        let new = rewritten(&text, &constants)?;
        is_changed |= new != text;
        scaling.headers.insert(path.to_str()?.to_owned(), new);
    }
    if !is_changed {
        scaling.headers.clear();
    }
    let text = rewritten(source.text(), &constants)?;
    scaling.constants = constants;
    Some(Scaled { text, scaling })
}

/// Returns a text with lines that include the files that it was made of: others may read them, too.
fn with_files(source: &Source) -> String {
    let others = source.parts().iter();
    let others = others.filter(|part| part.name != source.name);
    let beside = others.filter_map(|part| source.beside(part));
    beside.fold(source.text().to_owned(), |text, name| {
        text + "\n#include \"" + name + "\""
    })
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
pub fn rewritten(text: &str, constants: &BTreeMap<u64, u64>) -> Option<String> {
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

/// Says which constants are smaller: `64 for 512, 66 for 514`.
pub fn constants_in_words(constants: &BTreeMap<u64, u64>) -> String {
    let words: Vec<String> = constants
        .iter()
        .map(|(size, new)| format!("{new} for {size}"))
        .collect();
    words.join(", ")
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
pub(crate) fn integer(word: &str) -> Option<(u64, &str)> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
