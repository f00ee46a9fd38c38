//! The files of a bundle: what another machine needs to compile, check and measure a text.
//!
//! The same harness places the memory of tests there as here (`simt/harness_memory.h`); what differs is that one process
//! runs one test after another and compares what they leave behind by itself (`bundle/harness.cpp`).
//! Who writes the files, and where, is left to the caller.

use std::collections::BTreeMap;
use std::fmt::Write;

use mupac_ir::Unit;
use mupac_ir::interpret::{Mark, Printed, Stream};

use crate::recording::{Comparison, RecordedProgram, RecordedTest, Recording, TimedCall};
use crate::results::Holder;

/// A file: its name in the folder, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// Its name, with the folders that it lies in.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// What stands behind an original, which the callers of a library need.
pub(crate) const ORIGINAL_HEADER: &str = "original.h";
/// Its text.
pub(crate) const ORIGINAL_HEADER_TEXT: &str = include_str!("../bundle/original.h");

/// The files that all texts of a bundle share, below its folder `support`.
const SUPPORT: [(&str, &str); 18] = [
    ("compare.h", include_str!("../bundle/compare.h")),
    ("device.cu", include_str!("../bundle/device.cu")),
    ("harness.cpp", include_str!("../bundle/harness.cpp")),
    ("harness.h", include_str!("../simt/harness.h")),
    (
        "harness_confinement.h",
        include_str!("../simt/harness_confinement.h"),
    ),
    ("harness_memory.h", include_str!("../simt/harness_memory.h")),
    ("harness_values.h", include_str!("../simt/harness_values.h")),
    ("library.h", include_str!("../simt/library.h")),
    ("memory.h", include_str!("../bundle/memory.h")),
    (ORIGINAL_HEADER, ORIGINAL_HEADER_TEXT),
    (
        "planted/initcheck.cu",
        include_str!("../bundle/planted/initcheck.cu"),
    ),
    (
        "planted/memcheck.cu",
        include_str!("../bundle/planted/memcheck.cu"),
    ),
    (
        "planted/racecheck.cu",
        include_str!("../bundle/planted/racecheck.cu"),
    ),
    (
        "planted/synccheck.cu",
        include_str!("../bundle/planted/synccheck.cu"),
    ),
    ("query.cu", include_str!("../bundle/query.cu")),
    ("report.h", include_str!("../bundle/report.h")),
    ("tests.md", include_str!("../bundle/tests.md")),
    ("tools.cpp", include_str!("../bundle/tools.cpp")),
];

/// The script that runs a bundle, and what it says of itself: names and texts.
pub const TOP_FILES: [(&str, &str); 2] = [
    ("README.md", include_str!("../bundle/README.md")),
    ("run.sh", include_str!("../bundle/run.sh")),
];

/// Returns the files that all texts of a bundle share, by their names below the folder `support`.
pub fn support_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUPPORT.into_iter()
}

/// Returns the files of one text, for a folder two below that of the bundle.
///
/// `compile_arguments` and `link_arguments` are options as the user gave them, without folders that lie elsewhere.
pub fn bundle_files(
    unit: &Unit,
    recording: &Recording,
    compile_arguments: &[String],
    link_arguments: &[String],
) -> Vec<BundleFile> {
    let file = |name: &str, content: Vec<u8>| BundleFile {
        name: name.to_owned(),
        content,
    };
    let text = |name: &str, text: &str| file(name, text.as_bytes().to_vec());
    let mut files = vec![
        text("out.cu", &unit.cuda),
        text("original.c", unit.source.text()),
        text("flags.c", &lines(compile_arguments)),
        text("flags.nvcc", &lines(&nvcc_arguments(compile_arguments))),
        text("link.c", &lines(link_arguments)),
        text("link.nvcc", &lines(&nvcc_link_arguments(link_arguments))),
    ];
    if !recording.tests.is_empty() {
        let expected = expected(&recording.tests);
        files.push(text("calls.h", &recording.calls));
        files.push(text(
            "case.cu",
            "#include \"out.cu\"\n#include \"calls.h\"\n",
        ));
        files.push(text(
            "original_case.c",
            "#include \"original.c\"\n#include \"calls.h\"\n#include \"../../support/original.h\"\n",
        ));
        files.push(text("tests.txt", &tests(recording, &expected.offsets)));
        files.push(file("expected.bin", expected.bytes));
    }
    files.extend(recording.program.iter().flat_map(program));
    files
}

fn lines(words: &[String]) -> String {
    words
        .iter()
        .fold(String::new(), |text, word| text + word + "\n")
}

/// Returns options as nvcc takes them: what it does not know itself goes to the compiler of the host.
///
/// **Source**: NVIDIA CUDA Compiler Driver 13.0, “Command Option Description”.
fn nvcc_arguments(arguments: &[String]) -> Vec<String> {
    let mut passed = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let has_value = ["-I", "-D", "-U", "-include", "-isystem"].contains(&argument.as_str());
        let is_known = ["-I", "-D", "-U", "-include", "-isystem"]
            .iter()
            .any(|known| argument.starts_with(known));
        if argument == "-x" {
            rest.next();
        } else if has_value {
            passed.push(argument.clone());
            passed.extend(rest.next().cloned());
        } else if is_known {
            passed.push(argument.clone());
        } else if !argument.starts_with("-std=") && argument != "-ansi" {
            // C's own version says nothing about C++.
            passed.extend(["-Xcompiler".to_owned(), argument.clone()]);
        }
    }
    passed
}

/// Returns options for the linker as nvcc takes them; it splits what it passes on at commas itself.
///
/// **Source**: NVIDIA CUDA Compiler Driver 13.0, “Command Option Description”.
fn nvcc_link_arguments(arguments: &[String]) -> Vec<String> {
    let passed = arguments.iter().flat_map(|argument| {
        let is_known = argument.starts_with("-l") || argument.starts_with("-L");
        match argument.strip_prefix("-Wl,") {
            Some(words) => vec!["-Xlinker".to_owned(), words.to_owned()],
            None if is_known => vec![argument.clone()],
            None => vec!["-Xcompiler".to_owned(), argument.clone()],
        }
    });
    passed.collect()
}

/// Returns the list of tests; what a line means stands in `bundle/tests.md`.
fn tests(recording: &Recording, offsets: &[usize]) -> String {
    let mut text = String::new();
    for (function, parameters, globals) in &recording.names {
        // Writing to a string does not fail, here and below.
        let _ = writeln!(
            text,
            "names\t{function}\t{}\t{}",
            listed(parameters),
            listed(globals)
        );
    }
    for (test, offset) in recording.tests.iter().zip(offsets) {
        let mode = mode(&test.comparison);
        let flags = match (test.is_small, test.is_alone) {
            (true, _) => "s",
            (false, true) => "a",
            (false, false) => "-",
        };
        let RecordedTest {
            function,
            number,
            words,
            ..
        } = test;
        let _ = writeln!(
            text,
            "test\t{function}\t{number}\t{mode}\t{flags}\t{offset}\t{words}"
        );
    }
    for TimedCall {
        function,
        sizes,
        words,
        is_exact,
    } in &recording.timed
    {
        let sizes: Vec<String> = sizes
            .iter()
            .map(|size| format!("{}={}", size.name, size.value))
            .collect();
        let mode = if *is_exact { "exact" } else { "unknown" };
        let _ = writeln!(
            text,
            "time\t{function}\tlarge\t{mode}\t{}\t{words}",
            listed(&sizes)
        );
    }
    text
}

fn listed(items: &[String]) -> String {
    if items.is_empty() {
        "-".to_owned()
    } else {
        items.join(",")
    }
}

fn mode<B>(comparison: &Comparison<B>) -> &'static str {
    match comparison {
        Comparison::Exact => "exact",
        Comparison::Bounded(_) => "bounded",
        Comparison::Unknown => "unknown",
    }
}

/// The expected results of all tests, and where those of each begin.
struct Expected {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

/// Kinds of records that only a bundle has, besides those of [`crate::results`].
const END: u8 = 3;
const BOUNDS: u8 = 16;
const PRINTED: u8 = 17;

fn expected(tests: &[RecordedTest]) -> Expected {
    let mut expected = Expected {
        bytes: Vec::new(),
        offsets: Vec::new(),
    };
    for test in tests {
        expected.offsets.push(expected.bytes.len());
        for values in &test.results.values {
            let (kind, number) = match values.of {
                Holder::Buffer(number) => (0, number),
                Holder::Global(number) => (1, number),
                Holder::Result => (2, 0),
            };
            let size = values.scalar.size_bytes() as usize;
            let count = values.bytes.len() / size;
            let scalar = mupac_ir::Scalar::ALL
                .iter()
                .position(|each| *each == values.scalar);
            let head = Head {
                kind,
                scalar: scalar.unwrap_or(0) as u8,
                number: number as u16,
                leaf: values.leaf,
                first: values.first,
                count,
            };
            head.write(&mut expected.bytes);
            expected.bytes.extend(&values.bytes);
            if let Comparison::Bounded(bounds) = &test.comparison {
                let bound = |index| bounds.of(values.of, values.leaf, index);
                let known: Vec<Option<f64>> = (0..count).map(bound).collect();
                if known.iter().any(Option::is_some) {
                    Head {
                        kind: BOUNDS,
                        ..head
                    }
                    .write(&mut expected.bytes);
                    let bytes = known.iter().map(|bound| bound.unwrap_or(f64::NAN));
                    expected.bytes.extend(bytes.flat_map(f64::to_le_bytes));
                }
            }
        }
        if !test.printed.is_empty() {
            let count = test.printed.len();
            Head::of(PRINTED, count).write(&mut expected.bytes);
            expected.bytes.extend(&test.printed);
        }
        Head::of(END, 0).write(&mut expected.bytes);
    }
    expected
}

/// The head of a record, as `simt/harness_results.h` writes it.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: u8,
    scalar: u8,
    number: u16,
    leaf: u32,
    first: i64,
    count: usize,
}

impl Head {
    fn of(kind: u8, count: usize) -> Self {
        Self {
            kind,
            scalar: 0,
            number: 0,
            leaf: 0,
            first: 0,
            count,
        }
    }

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(b"MUPA");
        bytes.extend([self.kind, self.scalar]);
        bytes.extend(self.number.to_le_bytes());
        bytes.extend(self.leaf.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(self.first.to_le_bytes());
        bytes.extend((self.count as u64).to_le_bytes());
    }
}

/// Returns the files of a whole program's run.
fn program(program: &RecordedProgram) -> Vec<BundleFile> {
    let file = |name: String, content: Vec<u8>| BundleFile { name, content };
    let mut text = format!(
        "exit {}\nmode {}\n",
        program.exit_code,
        mode(&program.comparison)
    );
    for argument in &program.arguments {
        let _ = writeln!(text, "argument {argument}");
    }
    let mut files = vec![file("program.stdin".to_owned(), program.stdin.clone())];
    for (number, (stream, content)) in program.streams.iter().enumerate() {
        let (name, masked, open) = match stream {
            Stream::Output => ("standard output", &*program.masked, &*program.open),
            Stream::Error => ("standard error", &[][..], &[][..]),
            Stream::File(name) => (name.as_str(), &[][..], &[][..]),
        };
        let stored = format!("program.{number}");
        let _ = writeln!(text, "stream {stored} {name}");
        for line in masked {
            let _ = writeln!(text, "masked {line}");
        }
        for mark in marks(&program.comparison, stream, open) {
            let _ = writeln!(text, "mark {} {} {:e}", mark.start, mark.end, mark.bound);
        }
        files.push(file(stored, content.clone()));
    }
    files.push(file("program.txt".to_owned(), text.into_bytes()));
    files
}

/// Returns the numbers of a stream that may be off, in order; `open` ones may be any.
fn marks(
    comparison: &Comparison<BTreeMap<Stream, Printed>>,
    stream: &Stream,
    open: &[(usize, usize)],
) -> Vec<Mark> {
    let mut all: Vec<Mark> = open
        .iter()
        .map(|(start, end)| Mark {
            start: *start,
            end: *end,
            bound: f64::INFINITY,
        })
        .collect();
    if let Comparison::Bounded(printed) = comparison {
        let bounded = printed.get(stream).map_or(&[][..], |each| &each.marks);
        let is_apart = |mark: &&Mark| {
            open.iter()
                .all(|(start, end)| *end <= mark.start || mark.end <= *start)
        };
        all.extend(bounded.iter().filter(is_apart));
    }
    all.sort_by_key(|mark| mark.start);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nvcc_gets_options_of_the_linker_in_its_own_form() {
        let words = ["-Llib", "-lgsl", "-Wl,-z,now", "-fopenmp"].map(str::to_owned);
        let passed = nvcc_link_arguments(&words).join(" ");
        assert_eq!(passed, "-Llib -lgsl -Xlinker -z,now -Xcompiler -fopenmp");
    }
}
