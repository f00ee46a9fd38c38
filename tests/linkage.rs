//! Translated files link with the C files beside them, both ways, and with other translated files; whatever C shares.
//! All files of a program translated as one do what the program does.
//!
//! A file of `tests/linkage` is a program: each part follows a line `//// NAME`, and `cu` behind the name says that mupac
//! translates it. `//// flags …` holds compiler options, and `//// apart …` says why the files do not make one.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where the tool chain fails"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};

/// One file of a program.
struct File {
    name: String,
    is_translated: bool,
    text: String,
}

/// A program of several files.
#[derive(Default)]
struct Program {
    flags: Vec<String>,
    files: Vec<File>,
    /// What mupac says instead of making one file of them.
    apart: Option<String>,
}

impl Program {
    fn of(text: &str) -> Self {
        let mut program = Self::default();
        for part in text.split("//// ").skip(1) {
            let (head, text) = part.split_once('\n').unwrap();
            let mut words = head.split_whitespace().map(str::to_owned);
            match words.next().unwrap() {
                flags if flags == "flags" => program.flags.extend(words),
                apart if apart == "apart" => {
                    program.apart = Some(words.collect::<Vec<_>>().join(" "));
                }
                name => program.files.push(File {
                    name,
                    is_translated: words.next().is_some(),
                    text: text.to_owned(),
                }),
            }
        }
        program
    }

    fn sources(&self) -> impl Iterator<Item = &File> {
        let is_source = |file: &&File| {
            Path::new(&file.name)
                .extension()
                .is_some_and(|it| it == "c")
        };
        self.files.iter().filter(is_source)
    }

    fn write(&self, folder: &Path) {
        for file in &self.files {
            let path = folder.join(&file.name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(folder.join(&file.name), &file.text).unwrap();
        }
    }

    /// Returns what the C compiler's program prints.
    fn original(&self, folder: &Path) -> Result<String, Failed> {
        let mut compiler = Command::new("gcc");
        compiler
            .args(["-w", "-O1", "-o", "original"])
            .args(&self.flags);
        compiler
            .args(self.sources().map(|file| &file.name))
            .arg("-lm");
        run(compiler.current_dir(folder))?;
        run(&mut Command::new(folder.join("original")))
    }

    /// Returns what the program does whose files mupac translates as one, or what it says instead.
    fn as_one(&self, folder: &Path) -> Result<Result<Execution, String>, Failed> {
        let output = folder.join("one.cu");
        let mut mupac = Command::new(env!("CARGO_BIN_EXE_mupac"));
        mupac.args(self.sources().map(|file| &file.name));
        mupac.args(["--check=off", "--cpu-threshold", "0", "-f", "-o"]);
        mupac.arg(&output).args(&self.flags).current_dir(folder);
        let ran = mupac.output()?;
        if !ran.status.success() {
            let said = String::from_utf8(ran.stderr)?;
            assert!(!output.exists(), "a partial output was left");
            return Ok(Err(said));
        }
        let include = format!("-I{}", folder.display());
        let text = std::fs::read_to_string(&output)?;
        Ok(Ok(execute(&[Part {
            language: Language::Cuda,
            text: &text,
            flags: &[include.as_str(), "-w"],
        }])?))
    }

    /// Returns what the program does whose files mupac translates where they ask for it.
    fn translated(&self, folder: &Path) -> Result<Execution, Failed> {
        let folders = self.sources().map(|file| {
            let path = folder.join(&file.name);
            format!("-I{}", path.parent().unwrap().display())
        });
        let includes: Vec<String> = folders.collect();
        let mut texts = Vec::new();
        for file in self.sources() {
            if !file.is_translated {
                texts.push((Language::C, file.text.clone()));
                continue;
            }
            let output = folder.join(&file.name).with_extension("cu");
            let mut mupac = Command::new(env!("CARGO_BIN_EXE_mupac"));
            mupac.args([&file.name, "--check=off", "--cpu-threshold", "0", "-o"]);
            mupac.arg(&output).args(&self.flags).current_dir(folder);
            run(&mut mupac)?;
            texts.push((Language::Cuda, std::fs::read_to_string(&output)?));
        }
        let mut flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        flags.extend(includes.iter().map(String::as_str));
        flags.push("-w");
        let parts = texts.iter().map(|(language, text)| Part {
            language: *language,
            text,
            flags: match language {
                Language::C => &flags,
                Language::Cxx | Language::Cuda => &flags[self.flags.len()..],
            },
        });
        execute(&parts.collect::<Vec<_>>())
    }
}

/// Returns what a program does that is linked of these texts.
fn execute(parts: &[Part<'_>]) -> Result<Execution, Failed> {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let built = executor.build(parts).unwrap();
    let invocation = Invocation {
        stdin: b"",
        order: Order::Ascending,
        limit: Duration::from_secs(30),
    };
    Ok(executor.run(&built?, invocation).unwrap())
}

/// Runs a command, which must succeed, and returns what it prints.
fn run(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{command:?}: {said}").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The translated program prints what the original prints.
fn links(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let program = Program::of(&std::fs::read_to_string(path)?);
    program.write(folder.path());
    let expected = program.original(folder.path())?;
    prints(program.translated(folder.path())?, &expected)
}

fn prints(ran: Execution, expected: &str) -> Result<(), Failed> {
    if let Some(trouble) = ran.trouble {
        return Err(format!("{trouble}: {}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    assert_eq!(String::from_utf8(ran.stdout)?, expected);
    Ok(())
}

/// All files translated as one print what the original prints, or the reason why they stay apart is the expected one.
fn links_as_one(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let program = Program::of(&std::fs::read_to_string(path)?);
    program.write(folder.path());
    let expected = program.original(folder.path())?;
    match (program.as_one(folder.path())?, &program.apart) {
        (Ok(ran), None) => prints(ran, &expected),
        (Ok(_), Some(words)) => Err(format!("they became one: {words}").into()),
        (Err(said), Some(words)) if said.contains(words) => Ok(()),
        (Err(said), _) => Err(said.into()),
    }
}

const LARGE: &str = "#include <stdlib.h>\n#include <string.h>\n\
     void one(long n, float *a); float two(long n, const float *a);\n\
     int main(void) { static float a[1]; long n = 1L << 38; WHICH; return 0; }\n";

/// Of two files that both run out of memory of the device, each is named in its own message.
fn messages_name_the_right_file() -> Result<(), Failed> {
    for (call, name) in [("one(n, a)", "first.c:1:"), ("two(n, a)", "second.c:3:")] {
        let main = LARGE.replace("WHICH", call);
        let text = format!(
            "//// first.c cu\nvoid one(long n, float *a) {{ for (long i = 0; i < n; i++) a[i] = 2 * a[i]; }}\n\
             //// second.c cu\nfloat two(long n, const float *a) {{\n    float s = 0;\n\
             for (long i = 0; i < n; i++) s += a[i];\n    return s;\n}}\n//// main.c\n{main}"
        );
        let folder = tempfile::tempdir()?;
        let program = Program::of(&text);
        program.write(folder.path());
        let ran = program.translated(folder.path())?;
        let said = String::from_utf8(ran.stderr)?;
        assert!(said.contains(name), "{name}: {said}");
    }
    Ok(())
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/linkage");
    let files = std::fs::read_dir(folder).unwrap();
    let mut trials: Vec<Trial> = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|each| each == "program"))
        .flat_map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let whole = path.clone();
            [
                Trial::test(format!("{name}_as_one"), move || links_as_one(&whole)),
                Trial::test(name, move || links(&path)),
            ]
        })
        .collect();
    trials.push(Trial::test(
        "messages_name_the_right_file",
        messages_name_the_right_file,
    ));
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&arguments, trials).exit();
}
