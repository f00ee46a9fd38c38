//! Records the tests that a text passed, so that they can run again on another machine: what the functions are called
//! with, what the original leaves behind, and how far the text's values may be off there.
//!
//! A device contracts products and sums and has functions of its own for those of the C library, so bounds are those of
//! such a text ([`Freedom::Device`]), not of the one that ran here.

mod alone;
pub(crate) mod large;

use std::collections::BTreeMap;

use mupac_ir::interpret::Stream;
use mupac_ir::{Size, Unit};

use crate::bench::Bench;
use crate::bounds::{self, Bounds, Freedom};
use crate::glue::{Callee, Glue};
use crate::inputs::GuardSide;
use crate::isolation::Ending;
use crate::mutation::{PassedTest, Suite};
use crate::outcome::TesterError;
use crate::program;
use crate::results::Results;
use crate::toolchain::Toolchain;

/// Most tests of a function that are recorded.
const MOST_TESTS: usize = 16;
/// The most that the results of one function's tests may take together.
///
/// **Units**: bytes.
const MOST_BYTES: usize = 192 << 10;
/// Of these at most so many are small enough for tools that slow a program down.
const MOST_SMALL: usize = 3;
/// Results of a small test take no more than this.
///
/// **Units**: bytes.
const SMALL_BYTES: usize = 16 << 10;

/// The tests that a text passed.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The callers of its functions.
    pub(crate) calls: String,
    /// How the parameters and globals of each function are spelled.
    pub(crate) names: Vec<(String, Vec<String>, Vec<String>)>,
    pub(crate) tests: Vec<RecordedTest>,
    /// Calls that take long enough to be measured.
    pub(crate) timed: Vec<TimedCall>,
    pub(crate) program: Option<RecordedProgram>,
}

/// How values are compared with those of the original.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Comparison<B> {
    /// Bit by bit.
    Exact,
    /// Each within a bound.
    Bounded(B),
    /// Bit by bit; what differs may be as right.
    Unknown,
}

/// A test of a function.
#[derive(Clone, Debug)]
pub(crate) struct RecordedTest {
    pub(crate) function: String,
    /// Its number among those of the function.
    pub(crate) number: usize,
    /// What the harness reads.
    pub(crate) words: String,
    pub(crate) comparison: Comparison<Bounds>,
    /// Whether it is quick even where every access is watched.
    pub(crate) is_small: bool,
    /// Whether it needs a process of its own, since what ran before it changes what it does.
    pub(crate) is_alone: bool,
    pub(crate) results: Results,
    /// What the function prints.
    pub(crate) printed: Vec<u8>,
}

/// A call that takes long enough to be measured.
#[derive(Clone, Debug)]
pub(crate) struct TimedCall {
    pub(crate) function: String,
    pub(crate) sizes: Vec<Size>,
    /// What the harness reads.
    pub(crate) words: String,
    /// Whether values are the same to the bit.
    pub(crate) is_exact: bool,
}

/// The run of the whole program.
#[derive(Clone, Debug)]
pub(crate) struct RecordedProgram {
    pub(crate) arguments: Vec<String>,
    pub(crate) stdin: Vec<u8>,
    pub(crate) exit_code: i32,
    /// Lines of the standard output that differ from run to run.
    pub(crate) masked: Vec<usize>,
    /// Where numbers stand in it, in order, that do so in other lines.
    pub(crate) open: Vec<(usize, usize)>,
    /// What it prints, then the files that it writes.
    pub(crate) streams: Vec<(Stream, Vec<u8>)>,
    pub(crate) comparison: Comparison<BTreeMap<Stream, mupac_ir::interpret::Printed>>,
}

/// Records the tests of a text that passed them.
pub(crate) fn record(
    bench: &Bench<'_>,
    toolchain: &Toolchain,
    glue: &Glue,
    suite: &Suite,
) -> Result<Recording, TesterError> {
    let mut recording = Recording {
        calls: glue.text.clone(),
        names: Vec::new(),
        tests: Vec::new(),
        timed: Vec::new(),
        program: match &suite.program {
            Some(expected) => recorded_program(bench, expected)?,
            None => None,
        },
    };
    let fast = large::fast_original(bench, toolchain)?;
    for callee in &glue.callees {
        let passed: Vec<&PassedTest> = suite
            .tests
            .iter()
            .map(|test| &**test)
            .filter(|test| test.callee == callee.number)
            .collect();
        if passed.is_empty() {
            continue;
        }
        let names = (&callee.name, &callee.parameter_names, &callee.global_names);
        recording
            .names
            .push((names.0.clone(), names.1.clone(), names.2.clone()));
        for (number, test) in chosen(&passed).into_iter().enumerate() {
            let recorded = recorded_test(bench, callee, test, number)?;
            recording.tests.push(recorded);
        }
        let timed = match &fast {
            Some(fast) => large::timed_call(bench, callee, &passed, fast)?,
            None => None,
        };
        recording.timed.extend(timed);
    }
    choose_small(&mut recording.tests);
    alone::find(bench, toolchain, &mut recording)?;
    Ok(recording)
}

/// Chooses tests whose results take no more than there is room for: those that launch kernels first.
fn chosen<'a>(passed: &[&'a PassedTest]) -> Vec<&'a PassedTest> {
    let mut order: Vec<&PassedTest> = passed.to_vec();
    order.sort_by_key(|test| test.launches == 0);
    let (mut chosen, mut left) = (Vec::new(), MOST_BYTES);
    for test in order {
        let bytes = bytes_of(&test.expected.results);
        if chosen.len() < MOST_TESTS && bytes <= left {
            left -= bytes;
            chosen.push(test);
        }
    }
    chosen
}

fn bytes_of(results: &Results) -> usize {
    results.values.iter().map(|values| values.bytes.len()).sum()
}

fn recorded_test(
    bench: &Bench<'_>,
    callee: &Callee,
    test: &PassedTest,
    number: usize,
) -> Result<RecordedTest, TesterError> {
    let expected = &test.expected;
    let is_launching = test.launches > 0;
    Ok(RecordedTest {
        function: callee.name.clone(),
        number,
        words: expected.case.words(GuardSide::After),
        comparison: comparison(bench, callee, test)?,
        is_small: is_launching && bytes_of(&expected.results) <= SMALL_BYTES,
        is_alone: false,
        results: expected.results.clone(),
        printed: expected.stdout.clone(),
    })
}

fn comparison(
    bench: &Bench<'_>,
    callee: &Callee,
    test: &PassedTest,
) -> Result<Comparison<Bounds>, TesterError> {
    let unit: &Unit = bench.unit;
    let expected = &test.expected;
    let Some(relaxed) = unit.relaxed.as_ref() else {
        return Ok(Comparison::Exact);
    };
    // Numbers in what a function prints would need bounds of their own.
    if !expected.stdout.is_empty() {
        return Ok(Comparison::Unknown);
    }
    let inputs = bench.inputs(&expected.case)?.results;
    let mut entries = unit.entries.iter();
    let entry = entries.find(|entry| entry.function.name == callee.name);
    let bounds = entry.and_then(|entry| {
        bounds::bounds(relaxed, Freedom::Device, entry, callee, expected, &inputs)
    });
    Ok(bounds.map_or(Comparison::Unknown, Comparison::Bounded))
}

/// Leaves a few small tests of each function.
fn choose_small(tests: &mut [RecordedTest]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for test in tests.iter_mut().filter(|test| test.is_small) {
        let count = counts.entry(test.function.clone()).or_default();
        *count += 1;
        test.is_small = *count <= MOST_SMALL;
    }
}

/// Returns the run of the whole program; `None` where it is ended by a signal, which another machine may send otherwise,
/// or with any status it likes, or where clocks decide what it does.
fn recorded_program(
    bench: &Bench<'_>,
    expected: &program::Expected,
) -> Result<Option<RecordedProgram>, TesterError> {
    if bench.unit.has_open_status {
        return Ok(None);
    }
    let exit_code = match expected.ending {
        Ending::Exit(code) => code,
        Ending::Signal(_) | Ending::TimedOut | Ending::OutOfMemory => return Ok(None),
    };
    let stdin = &bench.scratch.join("stdin");
    let Some(masked) = (program::Runner { bench, stdin }).masked_by_clock(expected)? else {
        return Ok(None);
    };
    let arguments = bench.options.test_argv.clone();
    let mut streams = vec![(Stream::Output, expected.stdout.clone())];
    let files = expected.files.iter();
    streams.extend(files.map(|(name, text)| (Stream::File(name.clone()), text.clone())));
    let comparison = match &bench.unit.relaxed {
        None => Comparison::Exact,
        Some(relaxed) => {
            let printed = bounds::program(relaxed, Freedom::Device, &arguments);
            // What the interpreter prints must be what the original prints, or its marks are about something else.
            let is_same = |printed: &BTreeMap<Stream, mupac_ir::interpret::Printed>| {
                streams.iter().all(|(stream, text)| {
                    let bytes = printed.get(stream).map(|printed| &printed.bytes);
                    bytes.map_or(text.is_empty(), |bytes| bytes == text)
                })
            };
            printed
                .filter(is_same)
                .map_or(Comparison::Unknown, Comparison::Bounded)
        }
    };
    Ok(Some(RecordedProgram {
        arguments,
        stdin: bench.options.test_stdin.clone(),
        exit_code,
        masked: masked.lines().iter().copied().collect(),
        open: masked.ranges(&expected.stdout),
        streams,
        comparison,
    }))
}
