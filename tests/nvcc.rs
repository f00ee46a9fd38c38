//! What the real compiler says of emitted files: no warning, and how many registers, spills and how much shared memory
//! each kernel takes.
//!
//! `tools/nvcc.sh` finds the compiler; where there is none the tests are ignored and say so by name.
//! The figures are snapshots under `tests/nvcc`; other versions allocate registers otherwise, so that only
//! [`VERSION`] is held to them.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files cannot be read"
)]

#[path = "files/directives.rs"]
mod directives;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};

use directives::Directives;

/// The version that the snapshots are of.
const VERSION: &str = "V13.0.88";

/// What decides the figures.
const FLAGS: [&str; 6] = [
    "-cubin",
    "-arch=sm_90",
    "-Xptxas",
    "-v",
    "--Werror",
    "all-warnings",
];

fn main() {
    let arguments = Arguments::from_args();
    let compiler = compiler();
    let is_exact = compiler.as_deref().is_some_and(is_of_version);
    let trials = ["examples", "tests/gpu", "tests/corpus", "tests/split"]
        .into_iter()
        .flat_map(|folder| files(folder).into_iter().map(move |path| (folder, path)))
        .map(|(folder, path)| {
            let kind = folder.rsplit('/').next().unwrap_or(folder);
            let name = format!("{kind}::{}", path.file_stem().unwrap().to_string_lossy());
            match compiler.clone() {
                Some(compiler) => {
                    let snapshot = name.replace("::", "_");
                    Trial::test(name, move || {
                        check(&compiler, &path, is_exact.then_some(&snapshot))
                    })
                }
                None => Trial::test(name, || Ok(()))
                    .with_ignored_flag(true)
                    .with_kind("nvcc is missing: sh tools/nvcc.sh --install"),
            }
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn compiler() -> Option<PathBuf> {
    let found = Command::new("sh")
        .arg(root().join("tools/nvcc.sh"))
        .output()
        .ok()?;
    let path = String::from_utf8(found.stdout).ok()?;
    (found.status.success() && !path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
}

fn is_of_version(compiler: &Path) -> bool {
    let said = Command::new(compiler).arg("--version").output();
    said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(VERSION))
}

/// Returns the C files of a folder, by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no C file");
    found
}

/// Emits a file and compiles it; with a snapshot's name the figures must be those of the snapshot.
///
/// What the checks let through is the text that is emitted without them, so that they need not run here again.
fn check(compiler: &Path, path: &Path, snapshot: Option<&String>) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let output = temporary.path().join("out.cu");
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let output = output.to_string_lossy();
    let mut options = vec!["--check=off", "-q", "--support=header", "-o", &output];
    // Of parts, the one in CUDA C++ is compiled.
    let folder = temporary.path().join("parts");
    let (folder, mut source) = (folder.to_string_lossy(), output.to_string());
    if path.starts_with(root().join("tests/split")) {
        options = vec!["--check=off", "-q", "--split", "-o", &folder];
        let stem = path.file_stem().unwrap().to_string_lossy();
        source = format!("{folder}/{stem}.cu");
    }
    // Files of the corpus say themselves how they are translated.
    if !path.starts_with(root().join("tests/corpus")) {
        options.extend(["--cpu-threshold", "0"]);
    }
    let ran = directives.run(path, &temporary, &options);
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let ended = Command::new(compiler)
        .args(FLAGS)
        .arg("-o")
        .arg(temporary.path().join("out.cubin"))
        .arg(&source)
        .output()?;
    let said = String::from_utf8_lossy(&ended.stderr) + String::from_utf8_lossy(&ended.stdout);
    if !ended.status.success() {
        return Err(said.into_owned().into());
    }
    let Some(name) = snapshot else {
        return Ok(());
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/nvcc"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.clone(), figures(&said)));
    Ok(())
}

/// Returns a line for each kernel, by name, of what the assembler says.
fn figures(said: &str) -> String {
    let mut kernels = Vec::new();
    let mut name = "";
    let mut spills = "";
    for line in said.lines() {
        if let Some((_, rest)) = line.split_once("Compiling entry function '") {
            name = rest.split('\'').next().unwrap_or_default();
        } else if line.contains("bytes stack frame") {
            spills = line.trim();
        } else if let Some((_, used)) = line.split_once("Used ") {
            kernels.push(format!("{}: {used}; {spills}", plain_name(name)));
        }
    }
    kernels.sort();
    let mut text = String::new();
    for kernel in kernels {
        let _ = writeln!(text, "{kernel}");
    }
    if text.is_empty() {
        text.push_str("no kernel\n");
    }
    text
}

/// Returns the name of a function at file scope, without the types of its parameters.
///
/// **Source**: Itanium C++ ABI, §5.1 (mangling): `_Z`, the length of the name, the name.
fn plain_name(mangled: &str) -> &str {
    let Some(rest) = mangled.strip_prefix("_Z") else {
        return mangled;
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let length: usize = rest[..digits].parse().unwrap_or(0);
    rest.get(digits..digits + length).unwrap_or(mangled)
}
