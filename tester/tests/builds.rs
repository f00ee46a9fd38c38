//! The runtime in other builds: under address and undefined-behaviour sanitizers, with the portable switch of fibers,
//! and for aarch64 under emulation. A sample of the hand-made kernels must be judged as ever.
//!
//! With `MUPAC_ALL_KERNELS=1` every hand-made kernel is run.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files has failed"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use mupac_tester::execute::rewritten;

/// Kernels that use every part of the runtime between them.
const SAMPLE: [&str; 15] = [
    "bad/deadlock/lock_kept",
    "bad/divergent-barrier/half_warp_full_mask",
    "bad/out-of-bounds/guard_one_too_far",
    "bad/race/host_reads_too_early",
    "bad/race/last_block_without_fence",
    "bad/uninitialised/shared_never_written",
    "bad/use-after-free/async_in_stream",
    "good/grid_sync",
    "good/half_warps",
    "good/hand_made_grid_barrier",
    "good/last_block",
    "good/lookback",
    "good/managed",
    "good/streams",
    "good/warp_functions",
];

/// A way to build and run.
#[derive(Clone, Copy)]
struct Build {
    name: &'static str,
    compiler: &'static str,
    /// For the runtime and the link.
    flags: &'static [&'static str],
    /// What starts the program.
    runner: &'static [&'static str],
}

const BUILDS: [Build; 3] = [
    Build {
        name: "sanitized",
        compiler: "c++",
        flags: &[
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "-fno-omit-frame-pointer",
        ],
        runner: &[],
    },
    Build {
        name: "portable",
        compiler: "c++",
        flags: &["-DMUPAC_SIMT_PORTABLE"],
        runner: &[],
    },
    Build {
        name: "aarch64",
        compiler: "aarch64-linux-gnu-g++",
        flags: &["-DMUPAC_SIMT_ARENA_BYTES=((size_t)1<<32)"],
        runner: &["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
    },
];

fn main() {
    let arguments = Arguments::from_args();
    let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernels");
    let folder = tempfile::tempdir().unwrap();
    let mut trials = Vec::new();
    for build in BUILDS {
        let missing = [Some(&build.compiler), build.runner.first()]
            .into_iter()
            .flatten()
            .find(|tool| !is_installed(tool));
        let place = folder.path().join(build.name);
        std::fs::create_dir(&place).unwrap();
        for name in names(&kernels) {
            let (place, source) = (place.clone(), kernels.join(&name).with_extension("cu"));
            let title = format!("{}/{name}", build.name);
            let trial = Trial::test(title, move || judge(build, &place, &source));
            let kind = missing.map_or(String::new(), |tool| format!("needs {tool}"));
            trials.push(trial.with_kind(kind).with_ignored_flag(missing.is_some()));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(folder);
    conclusion.exit();
}

fn is_installed(tool: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

fn names(kernels: &Path) -> Vec<String> {
    if env::var_os("MUPAC_ALL_KERNELS").is_none() {
        return SAMPLE.iter().map(|&name| name.to_owned()).collect();
    }
    let mut found = Vec::new();
    let mut left = vec![kernels.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "cu") {
                let name = path.strip_prefix(kernels).unwrap().with_extension("");
                found.push(name.display().to_string());
            }
        }
    }
    // A test that must time out says nothing about how the runtime was built.
    found.retain(|name| !name.starts_with("bad/timeout"));
    found.sort();
    found
}

fn judge(build: Build, place: &Path, source: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(source)?;
    let first = text.lines().next().unwrap_or_default();
    let expected = first.strip_prefix("// expect: ").unwrap_or_default();
    let stem = source.file_stem().unwrap_or_default();
    let rewritten_source = place.join(stem).with_extension("cc");
    std::fs::write(&rewritten_source, rewritten(&text)?)?;
    let simt = Path::new(env!("CARGO_MANIFEST_DIR")).join("simt");
    let include = format!("-I{}", simt.display());
    let object = rewritten_source.with_extension("o");
    compile(
        build.compiler,
        &[
            "-std=c++17",
            "-O1",
            "-w",
            "-fno-pie",
            "-fno-exceptions",
            "-ffp-contract=off",
            "-fsanitize=thread",
            "--param=tsan-distinguish-volatile=1",
            "-include",
            "cuda_runtime.h",
            &include,
            "-c",
        ],
        &[&rewritten_source],
        &object,
    )?;
    let runtime = runtime(build, place, &simt)?;
    let program = rewritten_source.with_extension("");
    let flags = [build.flags, &["-no-pie", "-lm"]].concat();
    compile(build.compiler, &flags, &[&object, &runtime], &program)?;
    // As in `kernels.rs`: some order must show what is wrong with a bad kernel, and none anything else.
    let mut verdicts = Vec::new();
    for order in ["ascending", "descending", "shuffled:1"] {
        verdicts.push(run(build, &program, order)?);
    }
    let is_expected = |verdict: &String| expected.split(" or ").any(|kind| kind == verdict);
    let is_right = |verdict: &String| is_expected(verdict) || verdict == "pass";
    // A result that depends on the order is seen by comparing runs, which is not the runtime's business.
    let is_shown = expected == "nondeterministic" || verdicts.iter().any(is_expected);
    if is_shown && verdicts.iter().all(is_right) {
        Ok(())
    } else {
        Err(format!("{} instead of {expected}", verdicts.join(", ")).into())
    }
}

/// Compiles the runtime, once for each build.
fn runtime(build: Build, place: &Path, simt: &Path) -> Result<PathBuf, Failed> {
    use std::sync::Mutex;
    static BUSY: Mutex<()> = Mutex::new(());
    let object = place.join("runtime.object");
    let _one_at_a_time = BUSY.lock();
    if !object.is_file() {
        let common = [
            "-std=c++17",
            "-O2",
            "-fno-exceptions",
            "-fno-rtti",
            "-fno-pie",
            "-w",
            "-c",
        ];
        let flags = [&common, build.flags].concat();
        compile(
            build.compiler,
            &flags,
            &[&simt.join("runtime.cpp")],
            &object,
        )?;
    }
    Ok(object)
}

fn compile(compiler: &str, flags: &[&str], inputs: &[&Path], output: &Path) -> Result<(), Failed> {
    // Libraries come last.
    let (libraries, flags): (Vec<&str>, Vec<&str>) =
        flags.iter().partition(|flag| flag.starts_with("-l"));
    let done = Command::new(compiler)
        .args(flags)
        .args(inputs)
        .args(libraries)
        .arg("-o")
        .arg(output)
        .output()?;
    if done.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned().into())
    }
}

/// Runs a program; its verdict is `pass`, a kind of failure, or what else came of it.
fn run(build: Build, program: &Path, order: &str) -> Result<String, Failed> {
    let report = program.with_extension("report");
    let words = build
        .runner
        .iter()
        .copied()
        .chain([program.to_str().unwrap()]);
    let command = words.collect::<Vec<_>>().join(" ");
    // The runtime reports on descriptor 199, which POSIX shells cannot name; bash can.
    let done = Command::new("bash")
        .args([
            "-c",
            &format!("exec timeout -s KILL 60 {command} 199>{}", report.display()),
        ])
        .env("MUPAC_SIMT_ORDER", order)
        .env(
            "ASAN_OPTIONS",
            "detect_leaks=0:detect_stack_use_after_return=0",
        )
        .output()?;
    let said = std::fs::read_to_string(&report)?;
    let failure = said
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("failure\t"));
    if let Some(failure) = failure {
        return Ok(failure.split('\t').next().unwrap_or_default().to_owned());
    }
    if said.lines().any(|line| line.starts_with("error\t")) {
        return Ok("cuda-error".to_owned());
    }
    if done.status.success() && said.ends_with("end\n") {
        return Ok("pass".to_owned());
    }
    let complaint = String::from_utf8_lossy(&done.stderr);
    Ok(format!("{}: {}", done.status, complaint.trim()))
}
