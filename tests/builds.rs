//! Build systems: `examples/build`, configured, built, run, changed, and built again; ignored by name where one is missing.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files or its tools fail"
)]

#[path = "driver/project.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod project;

use std::path::Path;
use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use mupac_tester::tools;

use project::{Project, Said, UNCHECKED};

/// How a build system is used.
struct System {
    name: &'static str,
    /// What has to be there.
    tools: &'static [&'static str],
    configure: &'static str,
    build: &'static str,
    program: &'static str,
    /// What the build says where nothing is left to do.
    rest: &'static str,
}

const SYSTEMS: [System; 3] = [
    System {
        name: "make",
        tools: &["make"],
        configure: "true",
        build: "make CC=\"$MUPAC_BINARY cc\" heat",
        program: "heat",
        rest: "is up to date",
    },
    System {
        name: "cmake",
        tools: &["cmake", "make"],
        configure: "make -s -C \"$MUPAC_ROOT\" install MUPAC=\"$MUPAC_BINARY\" PREFIX=\"$PWD/prefix\" \
            && cmake -B build -DCMAKE_PREFIX_PATH=\"$PWD/prefix\"",
        build: "cmake --build build",
        program: "build/heat",
        rest: "Built target heat",
    },
    System {
        name: "meson",
        tools: &["meson", "ninja"],
        configure: "CC=\"$MUPAC_BINARY cc\" meson setup build",
        build: "ninja -C build",
        program: "build/heat",
        rest: "no work to do",
    },
];

fn main() {
    let trials = SYSTEMS.iter().map(|system| {
        let is_complete = system
            .tools
            .iter()
            .all(|tool| tools::find(Path::new(tool)).is_some());
        let trial = Trial::test(system.name, || {
            check(system);
            Ok(())
        });
        trial.with_ignored_flag(!is_complete)
    });
    let has_nvcc = tools::nvcc().is_some();
    let gpu = Trial::test("gpu", || {
        for_a_gpu();
        Ok(())
    });
    let trials = trials.chain([gpu.with_ignored_flag(!has_nvcc)]);
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// Objects for a GPU, their library, and programs that are linked with it, whose loops run on the host where there is none.
fn for_a_gpu() {
    let project = example().flags("--device=gpu --check=off --cpu-threshold=0");
    let expected = expected(&project);
    project.cc("-O2 -fPIC -c heat.c");
    project.tool("ar", "rcs libheat.a heat.o");
    project.cc("-O2 main.c -L. -lheat -o program");
    project.cc("-O2 -g main.c heat.c -o at_once");
    for program in ["program", "at_once"] {
        let fatbinary = project.tool("nm", program).stdout;
        assert!(fatbinary.contains("__cudaRegisterFatBinary"), "{program}");
        let symbols = project
            .tool("nm", &format!("-g --defined-only {program}"))
            .stdout;
        assert!(!symbols.contains("mupac_"), "{symbols}");
        assert_eq!(project.run(program).stdout, expected);
    }
    let run = |offload| project.shell("./program", &[("MUPAC_OFFLOAD", offload)]);
    assert_eq!(run("disabled").stdout, expected);
    let mandatory = run("mandatory");
    if Path::new("/dev/nvidiactl").exists() {
        assert_eq!(mandatory.stdout, expected);
    } else {
        assert_eq!(mandatory.code, Some(1));
        let said = &mandatory.stderr;
        assert!(said.contains(".c:") && said.contains("mandatory"), "{said}");
    }
}

/// A copy of the example, and what its program prints as the C compiler makes it.
fn example() -> Project {
    Project::copy_of("examples/build").flags(UNCHECKED)
}

fn expected(project: &Project) -> String {
    project.gcc_program("-O2 main.c heat.c")
}

#[track_caller]
fn shell(project: &Project, script: &str) -> Said {
    let said = project.shell(script, &[("MUPAC_ROOT", env!("CARGO_MANIFEST_DIR"))]);
    assert_eq!(
        said.code,
        Some(0),
        "{script}: {}{}",
        said.stdout,
        said.stderr
    );
    said
}

fn check(system: &System) {
    let project = example();
    shell(&project, system.configure);
    shell(&project, system.build);
    let ran = project.run(system.program);
    assert_eq!(ran.stdout, expected(&project));
    assert!(
        ran.stderr.contains("launched heat_step_l"),
        "{}",
        ran.stderr
    );
    let again = shell(&project, system.build);
    assert!(again.stdout.contains(system.rest), "{}", again.stdout);
    assert!(!again.stdout.contains("heat.c"), "{}", again.stdout);
    // A header is changed, on which one file depends.
    thread::sleep(Duration::from_millis(1100));
    std::fs::write(project.path().join("rate.h"), "#define RATE 0.125\n").unwrap();
    shell(&project, system.build);
    let changed = project.run(system.program).stdout;
    assert_ne!(changed, ran.stdout);
    assert_eq!(changed, expected(&project));
}
