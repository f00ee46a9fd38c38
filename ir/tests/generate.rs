//! Generated programs are well formed, defined, varied and the same for the same seed.
#![expect(
    clippy::expect_used,
    reason = "a test stops where a seed has no program"
)]

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::generate::{
    Argument, Case, Family, Form, Options, harness, program, smaller, written,
};
use mupac_ir::hash::Fnv;
use mupac_ir::interpret::{Machine, Order, Value};
use mupac_ir::{Mapping, Module, Stmt, parse, print, stmt, verify};

fn case(seed: u64) -> Case {
    program(seed, &Options::default()).expect("every seed has a program")
}

fn of_family(family: Family, seed: u64) -> Case {
    let options = Options {
        families: vec![family],
        ..Options::default()
    };
    program(seed, &options).expect("every seed has a program")
}

#[test]
fn a_seed_always_gives_the_same_program() {
    for seed in 0..20 {
        assert_eq!(case(seed), case(seed));
    }
    assert_ne!(case(1).module, case(2).module);
}

#[test]
fn programs_satisfy_the_verifier() {
    for seed in 0..200 {
        assert_eq!(verify::module(&case(seed).module), Ok(()), "seed {seed}");
    }
}

#[test]
fn programs_survive_their_text_form() {
    for seed in 0..60 {
        let case = case(seed);
        let text = print::module(&case.module);
        let module = parse::module(&text).expect("printed text parses");
        let parsed = Case {
            module,
            ..case.clone()
        };
        for input in &case.inputs {
            assert_eq!(case.interpret(input), parsed.interpret(input), "{text}");
        }
    }
}

#[test]
fn every_call_is_defined() {
    for seed in 0..100 {
        let case = case(seed);
        assert!(!case.inputs.is_empty());
        for input in &case.inputs {
            assert!(case.interpret(input).is_ok(), "seed {seed}");
        }
    }
}

#[test]
fn every_family_turns_up_and_can_be_asked_for() {
    let found: BTreeSet<Family> = (0..300).map(|seed| case(seed).family).collect();
    assert_eq!(found, Family::ALL.into_iter().collect());
    for family in Family::ALL {
        assert_eq!(of_family(family, 7).family, family);
    }
}

/// Networks are measured on programs of families that they never saw, so a family that changes makes figures of different
/// days incomparable.
#[test]
fn a_family_keeps_its_programs() {
    let hash = |family: &Family| {
        let cases = (0..8).map(|seed| of_family(*family, seed));
        let harness = harness(&cases.collect::<Vec<Case>>());
        let mut hash = Fnv::default();
        hash.add_text(harness.source().as_bytes());
        hash.add(&harness.stdin);
        format!("{family:?} {:016x}\n", hash.value())
    };
    insta::assert_snapshot!(Family::ALL.iter().map(hash).collect::<String>());
}

#[test]
fn sizes_sit_at_the_edges() {
    let mut seen: BTreeMap<i128, u32> = BTreeMap::new();
    for seed in 0..100 {
        for input in of_family(Family::Map, seed).inputs {
            if let Some(Argument::Value(_, Value::Integer(size))) = input.arguments.first() {
                *seen.entry(*size).or_default() += 1;
            }
        }
    }
    for edge in [0, 1, 2, 31, 32, 33, 255, 256, 257] {
        assert!(seen.contains_key(&edge), "{edge} is missing");
    }
}

#[test]
fn most_calls_change_something() {
    let (mut calls, mut changing) = (0, 0);
    for seed in 0..100 {
        let case = case(seed);
        for input in &case.inputs {
            let outcome = case.interpret(input).expect("calls are defined");
            let mut pairs = input.buffers.iter().zip(&outcome.buffers);
            let mut globals = case.globals.iter().zip(&outcome.globals);
            let is_changed = outcome.result.is_some()
                || pairs.any(|(before, after)| before.bytes != *after)
                || globals.any(|(before, after)| before.bytes != *after);
            calls += 1;
            changing += u32::from(is_changed);
        }
    }
    assert!(changing * 4 > calls * 3, "{changing} of {calls}");
}

/// Maps every counted loop to threads, whether that is legal or not.
fn map_all(module: &mut Module) {
    fn map_block(block: &mut stmt::Block) {
        for stmt in block {
            match stmt {
                Stmt::For(each) => {
                    each.mapping = Mapping::Thread(stmt::Axis::X);
                    map_block(&mut each.body);
                }
                Stmt::If(branch) => {
                    map_block(&mut branch.then);
                    map_block(&mut branch.otherwise);
                }
                Stmt::While(each) => map_block(&mut each.body),
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }
    let handles: Vec<_> = module.functions.iter().map(|(handle, _)| handle).collect();
    for handle in handles {
        map_block(&mut module.functions[handle].body);
    }
}

/// Returns whether any call of a family's programs depends on the order of iterations.
fn depends_on_order(family: Family) -> bool {
    (0..30).any(|seed| {
        let case = of_family(family, seed);
        let mut mapped = case.module.clone();
        map_all(&mut mapped);
        case.inputs.iter().any(|input| {
            let expected = case.interpret(input).expect("calls are defined");
            let machine = Machine::new(&mapped).with_order(Order::Descending);
            match case.run(machine, input) {
                Ok(found) => case.difference(input, &expected, &found).is_some(),
                Err(_) => true,
            }
        })
    })
}

#[test]
fn order_matters_exactly_where_iterations_depend_on_one_another() {
    for family in [Family::Map, Family::Stencil, Family::Structures] {
        assert!(!depends_on_order(family), "{family:?}");
    }
    for family in [
        Family::Recurrence,
        Family::Strided,
        Family::Alias,
        Family::Walk,
    ] {
        assert!(depends_on_order(family), "{family:?}");
    }
}

fn written_case(seed: u64) -> Case {
    written(seed, &Options::default()).expect("every seed has a program")
}

#[test]
fn what_users_write_takes_every_form() {
    let cases: Vec<Case> = (0..400).map(written_case).collect();
    let found: BTreeSet<Form> = cases.iter().flat_map(Case::forms).collect();
    assert_eq!(found.len(), 24, "{found:?}");
    let has_half = |case: &&Case| !case.halves().other.is_empty();
    let halves = cases.iter().filter(has_half).count();
    assert!(halves * 3 > cases.len(), "{halves}");
    for case in &cases {
        let has_form = case.forms().into_iter().any(Form::has_c_half);
        assert!(has_form || case.halves().other.is_empty(), "{}", case.seed);
    }
}

#[test]
fn text_is_made_small_piece_by_piece() {
    for seed in 0..12 {
        let mut case = written_case(seed);
        let text = |case: &Case| {
            let halves = case.halves();
            halves.own.len() + halves.other.len()
        };
        if case.forms().is_empty() {
            continue;
        }
        let first = text(&case);
        // Whatever a variant is like, nothing here wants to keep anything.
        for _ in 0..40 {
            let Some(next) = smaller(&case, &mut 0) else {
                break;
            };
            case = next;
        }
        assert!(case.forms().is_empty(), "seed {seed}: {:?}", case.forms());
        assert!(text(&case) < first, "seed {seed}");
    }
}
