//! Properties of printer, parser and verifier over random modules, mutated text and damaged trees.

mod common;

use std::collections::BTreeSet;

use common::build::{Form, module};
use common::same::assert_same;
use mupac_ir::structure::{MAX_BLOCK_DEPTH, MAX_EXPRESSION_DEPTH};
use mupac_ir::verify::{self, Violation};
use mupac_ir::{ExprKind, Extent, Module, Span, Stmt, Type, parse, print};
use proptest::prelude::*;

fn verify(module: &Module, form: Form) -> Result<(), Vec<Violation>> {
    if form == Form::Sequential {
        return verify::module(module);
    }
    module
        .functions
        .iter()
        .try_for_each(|(_, function)| match form {
            Form::Kernel => verify::kernel(module, function, &function.body),
            Form::Sequential | Form::Mapped => verify::mapped(module, function),
        })
}

fn forms() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::Sequential),
        Just(Form::Mapped),
        Just(Form::Kernel)
    ]
}

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 0..600)
}

/// Returns the same numbers for the same seed; Knuth's multiplicative generator, upper half.
///
/// **Source**: The Art of Computer Programming, volume 2, 3.3.4, table 1, line 26.
fn sequence(seed: u64, length: usize) -> Vec<u32> {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 32) as u32
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_modules_survive_the_text_form(numbers in numbers(), form in forms()) {
        let made = module(numbers, form);
        let text = print::module(&made);
        if let Err(violations) = verify(&made, form) {
            panic!("{}\n{text}", violations[0]);
        }
        let read = parse::module(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_same(&made, &read);
        prop_assert_eq!(print::module(&read), text);
        prop_assert_eq!(verify(&read, form), Ok(()));
    }

    #[test]
    fn changed_text_is_read_or_refused(
        numbers in numbers(),
        changes in prop::collection::vec((any::<u32>(), any::<u32>()), 1..4),
    ) {
        let mut text = print::module(&module(numbers, Form::Mapped));
        for (place, change) in changes {
            text = changed(&text, place as usize, change as usize);
        }
        accepts_only_what_survives(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r"[a-z0-9(){}\[\]:.,*&=\-\n `@#<\u{e9}]{0,60}") {
        accepts_only_what_survives(&text);
    }

    #[test]
    fn damaged_trees_are_refused_or_whole(
        numbers in numbers(),
        damage in prop::collection::vec(any::<u32>(), 1..12),
    ) {
        let mut made = module(numbers, Form::Sequential);
        damaged(&mut made, &damage);
        let text = print::module(&made);
        if verify::module(&made).is_ok() {
            let read = parse::module(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_same(&made, &read);
        }
    }
}

/// Checks that text is refused, or read into something that verifier and printer can handle.
fn accepts_only_what_survives(text: &str) {
    let Ok(read) = parse::module(text) else {
        return;
    };
    let printed = print::module(&read);
    if verify::module(&read).is_ok() {
        let again = parse::module(&printed);
        assert!(again.is_ok(), "{again:?}\n{printed}");
        if let Ok(again) = again {
            assert_same(&read, &again);
            assert_eq!(print::module(&again), printed);
        }
    }
}

/// Removes, doubles or replaces a piece of the text.
fn changed(text: &str, place: usize, change: usize) -> String {
    let pieces = [
        "(", ")", "[", "]", "{", "}", " ", "-", "0", "1.5", "i32", "in", "..", "`", "\"", "p0",
        "*", "&", "->",
    ];
    let characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return text.to_owned();
    }
    let place = place % characters.len();
    let length = (1 + change % 7).min(characters.len() - place);
    let (head, tail) = characters.split_at(place);
    let (piece, tail) = tail.split_at(length);
    let middle: String = match change / 7 % 3 {
        0 => String::new(),
        1 => piece.iter().chain(piece).collect(),
        _ => pieces[change / 21 % pieces.len()].to_owned(),
    };
    head.iter().collect::<String>() + &middle + &tail.iter().collect::<String>()
}

/// Overwrites parts of a module with parts that need not fit.
fn damaged(module: &mut Module, damage: &[u32]) {
    let Some((handle, _)) = module.functions.iter().next() else {
        return;
    };
    let foreign = module.functions[handle].clone();
    let function = &mut module.functions[handle];
    for pair in damage.chunks(2) {
        let (what, which) = (
            pair[0] as usize,
            pair.get(1).map_or(0, |which| *which as usize),
        );
        let exprs: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
        let vars: Vec<_> = function.vars.iter().map(|(handle, _)| handle).collect();
        if exprs.is_empty() || vars.is_empty() {
            return;
        }
        let (at, other) = (exprs[which % exprs.len()], exprs[what / 8 % exprs.len()]);
        match what % 8 {
            0 => function.exprs[at].ty = function.exprs[other].ty.clone(),
            1 => function.exprs[at].kind = function.exprs[other].kind.clone(),
            2 => function.exprs[at].kind = ExprKind::Cast(other),
            3 => {
                function.vars[vars[which % vars.len()]].ty = Type::Array {
                    of: Box::new(function.exprs[at].ty.clone()),
                    length: Extent::Variable(other),
                };
            }
            4 => function.body.extend(foreign.body.clone()),
            5 => {
                // A handle of a longer arena is out of range here.
                let mut longer = function.exprs.clone();
                let beyond = longer.push(longer[at].clone());
                function
                    .body
                    .insert(0, Stmt::Return(Some(beyond), Span::default()));
            }
            6 => {
                function.vars[vars[which % vars.len()]].storage =
                    function.vars[vars[what / 8 % vars.len()]].storage;
            }
            _ => {
                let at = which % (function.body.len() + 1);
                let rest = function.body.split_off(at);
                function.body.extend(rest.into_iter().skip(1));
            }
        }
    }
}

#[test]
fn random_modules_use_the_whole_grammar() {
    let mut words = BTreeSet::new();
    for seed in 0..400 {
        let form = [Form::Sequential, Form::Mapped, Form::Kernel][seed as usize % 3];
        let text = print::module(&module(sequence(seed, 600), form));
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        words.extend(text.split(is_end).map(str::to_owned));
        words.extend(text.split_whitespace().map(str::to_owned));
    }
    let grammar = include_str!("../GRAMMAR.md");
    let missing: Vec<&str> = terminals(grammar)
        .into_iter()
        .filter(|terminal| {
            terminal.starts_with(|first: char| first.is_ascii_alphabetic())
                && !words.contains(*terminal)
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Returns what stands between double quotes in the rules of the grammar.
fn terminals(grammar: &str) -> Vec<&str> {
    grammar
        .split("```")
        .skip(1)
        .step_by(2)
        .flat_map(|rules| rules.split('"').skip(1).step_by(2))
        .collect()
}

/// Returns a function whose one assignment stands as deep as blocks may nest.
fn in_deepest_block(value: &str) -> String {
    let (open, close) = (
        "if n {\n".repeat(MAX_BLOCK_DEPTH),
        "}\n".repeat(MAX_BLOCK_DEPTH),
    );
    format!("fn f(n: i32) {{\n{open}S0: n = {value}\n{close}}}\n")
}

/// Runs a test on a stack of 4 MiB: at the limits, unoptimised code needs up to 2 MiB, optimised code a fifth.
fn with_room(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(4 << 20).spawn(test);
    let ended = thread.map(std::thread::JoinHandle::join);
    assert!(matches!(ended, Ok(Ok(()))));
}

#[test]
fn the_deepest_text_is_read_and_printed() {
    with_room(|| {
        let negations = MAX_EXPRESSION_DEPTH - 1;
        let values = [
            "-(".repeat(negations) + "n" + &")".repeat(negations),
            "i32(".repeat(negations) + "n" + &")".repeat(negations),
            "n - (".repeat(negations) + "n" + &")".repeat(negations),
            "n ? n : ".repeat(negations) + "n",
            "n".to_owned() + &" - n".repeat(negations),
        ];
        for value in values {
            let text = in_deepest_block(&value);
            let read = parse::module(&text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(verify::module(&read), Ok(()));
            let printed = print::module(&read);
            let again = parse::module(&printed).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(print::module(&again), printed);
        }
    });
}

#[test]
fn text_beyond_the_limits_is_refused() {
    with_room(|| {
        let many = 100_000;
        for opening in [
            "(", "-", "~(", "!", "i32(", "n ? n : ", "n - ", "max(n, ", "(*i32)(",
        ] {
            let text = in_deepest_block(&opening.repeat(many));
            assert!(parse::module(&text).is_err(), "{opening}");
        }
        for opening in ["*", "(", "(*"] {
            let text = format!("fn f(n: {}i32) {{\n}}\n", opening.repeat(many));
            assert!(parse::module(&text).is_err(), "{opening}");
        }
        for opening in [
            "if n {\n",
            "while n {\n",
            "do {\n",
            "for i in n..n {\n",
            "if n {\n} else ",
        ] {
            let text = format!("fn f(n: i32) {{\nlocal i: i32\n{}", opening.repeat(many));
            assert!(parse::module(&text).is_err(), "{opening}");
        }
        let brackets = format!("fn f(n: i32{}) {{\n}}\n", "[2]".repeat(many));
        assert!(parse::module(&brackets).is_err());
    });
}
