//! Generated programs mean the same to the interpreter and to gcc, bit for bit.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where the tool chain fails"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use mupac_ir::generate::{
    Case, Family, Options, Outcome, harness, program, read_outcomes, written,
};

/// Compiles the calls of the cases with gcc and returns what they left behind.
fn compiled(name: &str, cases: &[Case], flags: &[&str]) -> Vec<Vec<Outcome>> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join(format!("{name}.c")), folder.join(name));
    let harness = harness(cases);
    std::fs::write(&source, harness.source()).unwrap();
    let other = folder.join(format!("{name}_other.c"));
    std::fs::write(&other, &harness.other).unwrap();
    let status = Command::new("gcc")
        .args([
            "-std=gnu17",
            "-fno-strict-aliasing",
            "-ffp-contract=off",
            // Otherwise gcc 12.2 takes `0 - x` for `-x` where `x` was an integer, and loses the sign of a zero (seed 412).
            "-frounding-math",
            "-w",
        ])
        .args(flags)
        .arg(&source)
        .arg(&other)
        .arg("-o")
        .arg(&program)
        .arg("-lm")
        .status()
        .expect("gcc is installed");
    assert!(status.success(), "gcc refuses {}", source.display());
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&harness.stdin).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{} fails", program.display());
    let text = String::from_utf8(output.stdout).unwrap();
    read_outcomes(cases, &text).expect("one line for each piece of memory")
}

/// Returns the calls on which gcc and the interpreter differ, in words.
fn disagreements(name: &str, cases: &[Case], flags: &[&str]) -> Vec<String> {
    let outcomes = compiled(name, cases, flags);
    let mut found = Vec::new();
    for (case, outcomes) in cases.iter().zip(&outcomes) {
        for (input, outcome) in case.inputs.iter().zip(outcomes) {
            let expected = case.interpret(input).unwrap();
            if let Some(difference) = case.difference(input, &expected, outcome) {
                found.push(format!(
                    "seed {} ({:?}): {difference}",
                    case.seed, case.family
                ));
            }
        }
    }
    found
}

fn cases(seeds: std::ops::Range<u64>) -> Vec<Case> {
    seeds
        .map(|seed| program(seed, &Options::default()).expect("every seed has a program"))
        .collect()
}

#[test]
fn unoptimised_code_agrees_with_the_interpreter() {
    let found = disagreements("agree_o0", &cases(0..60), &["-O0"]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn optimised_code_agrees_with_the_interpreter() {
    // With its induction variable pass, gcc 12.2 at -O1 leaves `y[1]` unchanged where the only iteration of a loop
    // over `y[i + 1] = y[4 * i + 2] + 9.0f` writes it (seed 65), so that pass is not the judge.
    let found = disagreements("agree_o1", &cases(60..160), &["-O1", "-fno-ivopts"]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn sanitizers_find_nothing_in_what_the_interpreter_lets_through() {
    let found = disagreements("agree_sanitized", &cases(200..248), &SANITIZED);
    assert_eq!(found, Vec::<String>::new());
}

const SANITIZED: [&str; 4] = [
    "-O0",
    "-fsanitize=address,undefined,float-cast-overflow",
    // gcc defines what `<<` does to the bits of a negative number, and so does the interpreter.
    "-fno-sanitize=shift-base",
    "-fno-sanitize-recover=all",
];

#[test]
fn what_a_text_wears_changes_nothing() {
    let options = Options {
        families: Family::ALL.to_vec(),
        ..Options::default()
    };
    let cases: Vec<Case> = (0..100)
        .map(|seed| written(seed, &options).expect("every seed has a program"))
        .collect();
    let found = disagreements("agree_dressed", &cases, &["-O0"]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn sketches_are_defined_and_mean_the_same_however_compiled() {
    let options = Options {
        families: vec![Family::Sketch],
        ..Options::default()
    };
    let cases: Vec<Case> = (0..200)
        .map(|seed| written(seed, &options).expect("every seed has a program"))
        .collect();
    let checked = compiled("sketches_sanitized", &cases, &SANITIZED);
    let optimised = compiled("sketches_o1", &cases, &["-O1", "-fno-ivopts"]);
    for (case, outcomes) in cases.iter().zip(checked.iter().zip(&optimised)) {
        for (input, (one, other)) in case.inputs.iter().zip(outcomes.0.iter().zip(outcomes.1)) {
            let difference = case.difference(input, one, other);
            assert_eq!(difference, None, "seed {}", case.seed);
        }
    }
}

#[test]
fn one_changed_byte_is_a_difference() {
    for case in cases(0..20) {
        let changeable = case.inputs.iter().find_map(|input| {
            let outcome = case.interpret(input).unwrap();
            let mut changed = outcome.clone();
            let byte = changed
                .buffers
                .iter_mut()
                .find_map(|buffer| buffer.last_mut())?;
            *byte ^= 1;
            Some((input, outcome, changed))
        });
        if let Some((input, outcome, changed)) = changeable {
            assert_eq!(case.difference(input, &outcome, &outcome), None);
            assert!(case.difference(input, &outcome, &changed).is_some());
        }
    }
}
