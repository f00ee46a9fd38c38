//! What programs copy whose regions leave copies on the device, where the system tells which pages the host wrote.
//!
//! Ignored by name where it does not.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where the tool chain fails"
)]

#[path = "../../backend-cuda/tests/pieces/mod.rs"]
mod pieces;
mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};

/// Runs a command, which must succeed, and returns what it prints.
fn run(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {said}{error}").into());
    }
    Ok(said)
}

/// Returns the text that mupac makes of a file.
fn translated(source: &Path, folder: &Path, coherence: &str) -> Result<String, Failed> {
    let output = folder.join("translated.cu");
    let mut mupac = Command::new(env!("CARGO_BIN_EXE_mupac"));
    mupac.args(["--check=off", "--cpu-threshold=0", "--force", "--coherence"]);
    run(mupac.arg(coherence).arg(source).arg("-o").arg(&output))?;
    Ok(std::fs::read_to_string(output)?)
}

/// A program whose library is translated and whose `main` is not, as a library's users write it.
struct Program {
    name: &'static str,
    library: &'static str,
    main: &'static str,
    /// The bytes that are copied to the device, with `--coherence=pages`.
    bytes_in: std::ops::RangeInclusive<u64>,
}

const PAGE: u64 = 4096;

const PROGRAMS: [Program; 2] = [
    Program {
        name: "weights-go-once",
        library: "void layer(int n, int m, const float *w, const float *x, float *y) {
            for (int i = 0; i < n; i++) {
                float sum = 0;
                for (int j = 0; j < m; j++) sum += w[i * m + j] * x[j];
                y[i] = sum;
            }
        }",
        main: "#include <stdio.h>
        void layer(int n, int m, const float *w, const float *x, float *y);
        static float w[2][256 * 256], x[256], y[256];
        int main(void) {
            for (int i = 0; i < 256 * 256; i++) w[0][i] = i % 7, w[1][i] = i % 5;
            for (int t = 0; t < 20; t++) {
                for (int i = 0; i < 256; i++) x[i] = (i + t) % 3;
                layer(256, 256, w[0], x, y);
                layer(256, 256, w[1], y, x);
                printf(\"%g %g\\n\", x[0], x[255]);
                if (t == 10) w[1][100] = 100;
            }
        }",
        // Two matrices, of which one page or what lies beside it goes again, parts of pages, and two vectors a call.
        bytes_in: 2 * 64 * PAGE..=2 * 64 * PAGE + 40 * 2 * PAGE + 40 * 1024 + PAGE,
    },
    Program {
        name: "memory-comes-and-goes",
        library: "void scale(int n, double *x) { for (int i = 0; i < n; i++) x[i] *= 2; }",
        main: "#include <stdio.h>
        #include <stdlib.h>
        void scale(int n, double *x);
        int main(void) {
            for (int t = 1; t < 20; t++) {
                int n = 30000 + 1000 * (t % 3);
                double *x = malloc(n * sizeof *x), sum = 0;
                for (int i = 0; i < n; i++) x[i] = i % t;
                scale(n, x);
                scale(n / 2, x);
                for (int i = 0; i < n; i++) sum += x[i];
                printf(\"%g\\n\", sum);
                free(x);
            }
        }",
        bytes_in: 0..=19 * (32 + 32) * 8000,
    },
];

fn copies(program: &Program, coherence: &str) -> Result<Execution, Failed> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("library.c");
    std::fs::write(&source, program.library)?;
    let library = translated(&source, folder.path(), coherence)?;
    let parts = [(Language::Cuda, &*library), (Language::C, program.main)];
    let parts = parts.map(|(language, text)| Part {
        language,
        text,
        flags: &["-w"],
    });
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let built = executor.build(&parts).unwrap()?;
    let invocation = Invocation {
        stdin: b"",
        order: Order::Ascending,
        limit: Duration::from_mins(1),
    };
    let ran = executor.run(&built, invocation).unwrap();
    match ran.trouble {
        Some(trouble) => Err(format!("{trouble}: {}", String::from_utf8_lossy(&ran.stderr)).into()),
        None => Ok(ran),
    }
}

fn copies_little(program: &Program) -> Result<(), Failed> {
    let [proof, pages, copy] = ["proof", "pages", "copy"].map(|how| copies(program, how));
    let (proof, pages, copy) = (proof?, pages?, copy?);
    assert_eq!(pages.stdout, proof.stdout);
    assert_eq!(copy.stdout, proof.stdout);
    let (found, today) = (pages.copies.bytes_in, proof.copies.bytes_in);
    assert!(
        program.bytes_in.contains(&found),
        "{found} bytes, {today} without"
    );
    assert!(found <= today && copy.copies.bytes_in >= today);
    Ok(())
}

fn main() {
    let arguments = Arguments::from_args();
    let support = [
        Trial::test("support-holds", support::holds),
        Trial::test("mistakes-in-the-support-show", support::shows_mistakes),
    ];
    let programs = PROGRAMS
        .iter()
        .map(|program| Trial::test(program.name, || copies_little(program)));
    let all = support.into_iter().chain(programs);
    let all = all.map(|trial| trial.with_ignored_flag(!support::is_told()));
    libtest_mimic::run(&arguments, all.collect()).exit();
}
