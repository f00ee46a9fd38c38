//! Tests that are files: every example, every file of the corpus, and every file that shows a refusal.
//!
//! - `examples/*.c` translate under `--strict-check`, their kernels launched whatever their size.
//! - `tests/corpus/*.c` have their IR, report and output as snapshots beside them; every output passes its check.
//! - of all these, the macros that kernels were made for cannot be changed in the output without an error.
//! - `tests/refuse/*.c` say at each loop why it is not parallel: `//~ carried-dependence: i = 2 reads a[1]`.
//!   With `MUPAC_BLESS=1` these comments are rewritten.
//! - `tests/refuse/hints/*.c` hold a refused program, and behind `//// as the hint says` the same one with a kernel.
//! - `levels::…`: examples and corpus translate at every level, and no level does worse than a lower one.
//! - `tests/seams/*.c` mean the same once they are C++, or say where they do not; with the table of these in `docs`.
//!
//! A comment `// mupac: …` gives options for its file; `// mupac: region …` and `// mupac: step …` pin a plan.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files cannot be read"
)]

#[path = "files/constants.rs"]
mod constants;
#[path = "files/corpus.rs"]
mod corpus;
#[path = "files/directives.rs"]
mod directives;
#[path = "files/examples.rs"]
mod examples;
#[path = "files/hints.rs"]
mod hints;
#[path = "files/levels.rs"]
mod levels;
#[path = "files/refuse.rs"]
mod refuse;
#[path = "files/sample.rs"]
mod sample;
#[path = "files/seams.rs"]
mod seams;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};

/// What is done with a file.
type Check = fn(&Path) -> Result<(), Failed>;

fn main() {
    let arguments = Arguments::from_args();
    let kinds: [(&str, &str, Check); 9] = [
        ("examples", "examples", examples::check),
        ("corpus", "tests/corpus", corpus::check),
        ("constants::examples", "examples", constants::check),
        ("constants::corpus", "tests/corpus", constants::check),
        ("refuse", "tests/refuse", refuse::check),
        ("hints", "tests/refuse/hints", hints::check),
        ("levels", "examples", levels::check),
        ("levels", "tests/corpus", levels::check),
        ("seams", "tests/seams", seams::check),
    ];
    let trials = kinds.into_iter().flat_map(|(kind, folder, check)| {
        files(folder).into_iter().map(move |path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            Trial::test(format!("{kind}::{name}"), move || check(&path))
        })
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seams");
    let table = Trial::test("seams::table", move || seams::table(&folder));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refuse/hints");
    let complete = Trial::test("hints::complete", move || hints::complete(&folder));
    libtest_mimic::run(&arguments, trials.chain([table, complete]).collect()).exit();
}

/// Returns the C files of a folder, by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} holds no C file", folder.display());
    found
}
