//! A stand-in for nvcc: compiles CUDA C++ against the runtime that executes it on the CPU.
//!
//! It knows the options that the script of a bundle gives. Every CUDA text beside an input is rewritten as the tester
//! does, since one includes the other.

use std::path::{Path, PathBuf};
use std::process::Command;

use mupac_tester::execute::rewritten;

/// The word by which this program is told to be a compiler, before the folder with the runtime.
pub(crate) const WORD: &str = "--as-nvcc";

/// What `--version` answers.
pub(crate) const RELEASE: &str = "stand-in compilation tools, release 0.0";

/// Where the runtime's text lies.
fn simt() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tester/simt")
}

/// Writes `nvcc`, and `compute-sanitizer` which runs a program and knows what the runtime says of it, into a folder.
pub(crate) fn install(folder: &Path) -> PathBuf {
    let runtime = folder.join("runtime.o");
    let built = Command::new("c++")
        .args([
            "-std=c++17",
            "-O1",
            "-fno-exceptions",
            "-fno-rtti",
            "-fno-pie",
            "-w",
            "-c",
        ])
        .arg(simt().join("runtime.cpp"))
        .arg("-o")
        .arg(&runtime)
        .status()
        .unwrap();
    assert!(built.success());
    let own = std::env::current_exe().unwrap();
    let nvcc = folder.join("nvcc");
    let script = format!(
        "#!/bin/sh\nexec '{}' {WORD} '{}' \"$@\"\n",
        own.display(),
        runtime.display()
    );
    executable(&nvcc, &script);
    // The runtime ends a program with 97 where it sees a fault.
    let sanitizer = "#!/bin/sh\ncode=$4\nshift 4\n\"$@\"\nended=$?\n[ $ended -eq 97 ] && exit \"$code\"\nexit $ended\n";
    executable(&folder.join("compute-sanitizer"), sanitizer);
    nvcc
}

/// Writes a script.
pub(crate) fn executable(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, script).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Compiles or links, and returns the exit code.
pub(crate) fn compile(runtime: &str, arguments: &[String]) -> i32 {
    if arguments.iter().any(|word| word == "--version") {
        println!("{RELEASE}");
        return 0;
    }
    let mut command = Command::new("c++");
    command.args(["-std=c++17", "-g1", "-w", "-no-pie", "-fno-pie"]);
    let temporary = tempfile::tempdir().unwrap();
    let (mut is_linking, mut words) = (true, arguments.iter());
    while let Some(word) = words.next() {
        match word.as_str() {
            "-Xlinker" => drop(command.arg(format!("-Wl,{}", words.next().unwrap()))),
            "-Xcompiler" => drop(command.arg(words.next().unwrap())),
            "-c" => {
                is_linking = false;
                command.arg("-c");
            }
            "-O3" | "-lineinfo" => {}
            _ if word.starts_with("-arch=") => {}
            _ if Path::new(word)
                .extension()
                .is_some_and(|ending| ending == "cu") =>
            {
                let path = Path::new(word);
                command
                    .args([
                        "-fno-exceptions",
                        "-fsanitize=thread",
                        "-O1",
                        "-ffp-contract=off",
                    ])
                    .args([
                        "--param=tsan-distinguish-volatile=1",
                        "-ftrivial-auto-var-init=zero",
                    ])
                    .args(["-include", "cuda_runtime.h", "-x", "c++"])
                    .arg(format!("-I{}", simt().display()))
                    .arg(format!("-I{}", path.parent().unwrap().display()))
                    .arg(rewrite_beside(path, temporary.path()))
                    .args(["-x", "none"]);
            }
            _ => drop(command.arg(word)),
        }
    }
    if is_linking {
        // Linked without the sanitizer's library, in whose place the runtime stands.
        let compiled: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let kept = compiled.iter().filter(|word| *word != "-fsanitize=thread");
        if compiled.iter().any(|word| word == "-fsanitize=thread") {
            return link_in_two_steps(&compiled, runtime);
        }
        command = Command::new("c++");
        command.args(kept).arg(runtime).arg("-lm");
    }
    command.status().unwrap().code().unwrap_or(1)
}

/// Compiles a program of one text: first an object, then the program.
fn link_in_two_steps(words: &[std::ffi::OsString], runtime: &str) -> i32 {
    let temporary = tempfile::tempdir().unwrap();
    let object = temporary.path().join("program.o");
    let output = words.iter().position(|word| word == "-o").unwrap();
    let mut compiling = words.to_vec();
    compiling[output + 1] = object.clone().into_os_string();
    let is_of_linker = |word: &std::ffi::OsString| {
        let word = word.to_string_lossy();
        word.starts_with("-L") || word.starts_with("-l")
    };
    let compiled = Command::new("c++")
        .arg("-c")
        .args(compiling.iter().filter(|word| !is_of_linker(word)))
        .status()
        .unwrap();
    if !compiled.success() {
        return 1;
    }
    let linked = Command::new("c++")
        .args(["-no-pie", "-o"])
        .arg(&words[output + 1])
        .args([object.as_os_str(), runtime.as_ref()])
        .args(words.iter().filter(|word| is_of_linker(word)))
        .arg("-lm")
        .status()
        .unwrap();
    linked.code().unwrap_or(1)
}

/// Writes every CUDA text of a folder in the form that a C++ compiler reads, and returns where the one named is.
fn rewrite_beside(path: &Path, temporary: &Path) -> PathBuf {
    let folder = path.parent().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "cu") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = rewritten(&text).unwrap();
            std::fs::write(temporary.join(path.file_name().unwrap()), text).unwrap();
        }
    }
    temporary.join(path.file_name().unwrap())
}
