//! Files that are damaged, no files at all, named to mislead, or in use: each is told for what it is, and no kernel is lost.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use assert_cmd::Command;

use super::{Folder, SAXPY};

fn saxpy() -> Folder {
    Folder::with(&[("a.c", SAXPY.as_bytes())])
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap() {
        let path = path.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_damaged_cache_is_made_again() {
    let (folder, cache) = (saxpy(), tempfile::tempdir().unwrap());
    let translate = || {
        let mut command = folder.command(&["a.c", "--check-level=quick"]);
        let output = command
            .env("MUPAC_CACHE_DIR", cache.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains("1 kernel"), "{}", said(&output));
    };
    translate();
    let made = files_below(cache.path());
    assert!(made.iter().any(|path| path.ends_with("harness.o")));
    for path in &made {
        std::fs::write(path, "").unwrap();
    }
    translate();
    for path in &made {
        assert_ne!(std::fs::read(path).unwrap(), b"", "{}", path.display());
    }
    assert_eq!(files_below(cache.path()).len(), made.len());
}

/// Writes compilers that do what those of the machine do, but fail with these words where an argument is `when`.
fn broken_compilers(folder: &Folder, when: &str, words: &str) {
    for name in ["cc", "c++"] {
        let script = format!(
            "#!/bin/sh\nfor word; do\n    if [ \"$word\" = '{when}' ]; then echo '{words}' >&2; exit 1; fi\ndone\nexec /usr/bin/{name} \"$@\"\n"
        );
        let path = folder.path().join(name);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_compiler_that_compiles_nothing_is_no_fault_of_the_text() {
    let cases = [
        (
            "-fsanitize=address,undefined",
            "ld: cannot find libasan",
            "does nothing",
        ),
        (
            "-fno-tree-dce",
            "cc: fatal error: cannot execute cc1",
            "does nothing",
        ),
        (
            "-fno-inline-functions-called-once",
            "c++: error: no cc1plus",
            "does nothing",
        ),
        (
            "-fno-inline-functions-called-once",
            "cc1plus: out of memory allocating 65536 bytes",
            "too little memory",
        ),
    ];
    for (when, words, told) in cases {
        let folder = saxpy();
        broken_compilers(&folder, when, words);
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let output = folder
            .command(&["a.c", "--check-level=quick"])
            .env("PATH", path)
            .output()
            .unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(4), "{when}: {said}");
        assert!(
            said.contains(words) && said.contains(told),
            "{when}: {said}"
        );
        assert_eq!(folder.names(), ["a.c", "c++", "cc"]);
    }
}

#[test]
fn a_limit_on_addresses_is_no_fault_of_the_program() {
    let program = format!("{SAXPY}int main(void) {{ return 0; }}\n");
    for text in [SAXPY, &program] {
        let folder = Folder::with(&[("a.c", text.as_bytes())]);
        let mupac = assert_cmd::cargo::cargo_bin("mupac");
        let script = format!("ulimit -v 12000000; exec '{}' a.c", mupac.display());
        let output = std::process::Command::new("sh")
            .current_dir(folder.path())
            .args(["-c", &script])
            .output()
            .unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(
            said.contains("ulimit -v") && !said.contains("undefined behaviour"),
            "{said}"
        );
        assert_eq!(folder.names(), ["a.c"]);
    }
}

#[test]
fn the_linker_writes_nothing_but_programs_of_the_check() {
    let folder = saxpy();
    for options in [
        &["-Wl,-o,x"][..],
        &["-Wl,--output=x"],
        &["--link=-ox"],
        &["-Wl,-r"],
        &["-Wl,--version"],
        &["-Wl,-shared"],
    ] {
        let said = folder.run(&[&["a.c"], options].concat());
        assert!(said.contains("exit code 1\n"), "{said}");
        assert_eq!(folder.names(), ["a.c"], "{said}");
    }
}

#[test]
fn a_header_of_the_input_is_not_overwritten() {
    let header = b"#define N 100000\n";
    let text = b"#include \"sub/size.h\"\nvoid f(float *a) {\n    for (int i = 0; i < N; i++)\n        a[i] = i;\n}\n";
    let folder = Folder::with(&[("a.c", text), ("b.h", header)]);
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    std::fs::write(folder.path().join("sub/size.h"), "#include \"../b.h\"\n").unwrap();
    symlink("b.h", folder.path().join("link.h")).unwrap();
    let before = folder.names();
    for output in ["b.h", "sub/size.h", "link.h", "./sub/../b.h"] {
        for arguments in [
            &["-o", output][..],
            &["--report", output],
            &["--emit=ir", "-o", output],
        ] {
            let said = folder.run(&[&["a.c", "--check=off", "--force"], arguments].concat());
            assert!(said.contains("exit code 1\n"), "{said}");
            assert!(said.contains("the input includes"), "{said}");
        }
    }
    assert_eq!(folder.read("b.h").as_bytes(), header);
    assert_eq!(folder.names(), before);
}

#[test]
fn a_link_leads_to_what_is_written() {
    let folder = saxpy();
    symlink("made.cu", folder.path().join("link.cu")).unwrap();
    let said = folder.run(&["a.c", "--check=off", "-o", "link.cu"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    assert_eq!(folder.names(), ["a.c", "link.cu", "made.cu"]);
    assert!(
        folder.path().join("link.cu").is_symlink() && !folder.path().join("made.cu").is_symlink()
    );
}

#[test]
fn names_do_not_reach_the_terminal_as_commands() {
    let name = "a\u{1b}[2J\u{9b}31m\u{202e}.c";
    let bad = format!("{SAXPY}int f(void) {{ return un\u{1b}[1mknown; }}\n#error \u{1b}[5m\n");
    let folder = Folder::with(&[
        (name, SAXPY.as_bytes()),
        ("bad.c", bad.as_bytes()),
        ("t\u{1b}[2J.jsonl", b"{}"),
    ]);
    let command_lines: [&[&str]; 10] = [
        &[name, "--check=off", "--report", "r.json"],
        &["explain", "r.json"],
        &[name, "--check=off", "--message-format=short", "-v"],
        &[name, "--check=off", "--message-format=json"],
        &["bad.c"],
        &["bad.c", "--message-format=short"],
        &["missing\u{1b}[2J.c"],
        &["--option\u{1b}[2J", "a.c"],
        &["graph", "show", "t\u{1b}[2J.jsonl"],
        &["explain", "\u{1b}[2J"],
    ];
    for arguments in command_lines {
        let output = folder.command(arguments).output().unwrap();
        for stream in [output.stdout, output.stderr] {
            let text = String::from_utf8(stream).unwrap();
            let hidden = text.find(['\u{1b}', '\u{9b}', '\u{202e}']);
            assert_eq!(hidden, None, "{arguments:?}: {text}");
        }
    }
}

#[test]
fn only_files_are_read() {
    let folder = saxpy();
    let made = std::process::Command::new("mkfifo")
        .current_dir(folder.path())
        .args(["pipe.c", "pipe.json"])
        .status();
    assert!(made.unwrap().success());
    let command_lines: [&[&str]; 11] = [
        &["pipe.c"],
        &["/dev/zero"],
        &["a.c", "--plan", "pipe.json"],
        &["a.c", "--plan", "/dev/zero"],
        &["a.c", "-O3", "--graph", "pipe.json"],
        &["a.c", "-O3", "--model", "/dev/zero"],
        &["a.c", "--test-stdin", "pipe.json"],
        &["explain", "./pipe.json"],
        &["graph", "show", "pipe.json"],
        &["graph", "update", "a.c", "--into", "pipe.json"],
        &["import", "pipe.json"],
    ];
    let before = folder.names();
    for arguments in command_lines {
        let mut command = folder.command(arguments);
        let output = command.timeout(Duration::from_mins(1)).output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("it is a pipe") || said.contains("it is a device"),
            "{said}"
        );
        assert_eq!(folder.names(), before, "{arguments:?}");
    }
    let said = folder.run(&["/dev/null", "--check=off", "-o", "-"]);
    assert!(said.contains("exit code 0\n"), "{said}");
}

/// Starts mupac with an empty cache, and sends it a signal once it keeps something there.
fn interrupted(folder: &Folder, cache: &Path, signal: &str) -> std::process::ExitStatus {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mupac"));
    command.args(["a.c", "-q"]).current_dir(folder.path());
    command.env("MUPAC_CACHE_DIR", cache);
    command.env("TMPDIR", temporary.path());
    let mut running = command.spawn().unwrap();
    while !unfinished(cache)
        .iter()
        .any(|name| name.starts_with("simt"))
    {
        assert!(running.try_wait().unwrap().is_none(), "nothing was made");
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = running.id().to_string();
    Command::new("kill").args([signal, &pid]).assert().success();
    running.wait().unwrap()
}

fn unfinished(cache: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(cache).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("-new-")).collect()
}

/// Returns whether a process runs that was told of a folder.
fn is_used(folder: &Path) -> bool {
    let folder = folder.to_string_lossy();
    let processes = std::fs::read_dir("/proc").unwrap();
    let mut told =
        processes.filter_map(|entry| std::fs::read(entry.unwrap().path().join("cmdline")).ok());
    told.any(|words| String::from_utf8_lossy(&words).contains(&*folder))
}

#[test]
fn an_interrupted_build_leaves_nothing_behind() {
    let folder = saxpy();
    for (signal, number) in [("-TERM", 15), ("-HUP", 1), ("-QUIT", 3)] {
        let cache = tempfile::tempdir().unwrap();
        let status = interrupted(&folder, cache.path(), signal);
        assert_eq!(status.signal(), Some(number));
        assert_eq!(unfinished(cache.path()), [""; 0]);
        // Who was killed is gone a little later, long before a compiler would be done.
        let deadline = Instant::now() + Duration::from_secs(1);
        while is_used(cache.path()) {
            assert!(Instant::now() < deadline, "a compiler goes on");
        }
        // The system may leave an image of a process that quits.
        assert!(number == 3 || folder.names() == ["a.c"]);
    }
}

#[test]
fn what_a_killed_process_left_is_removed_by_the_next() {
    let (folder, cache) = (saxpy(), tempfile::tempdir().unwrap());
    interrupted(&folder, cache.path(), "-KILL");
    assert_ne!(unfinished(cache.path()), [""; 0]);
    let mut next = folder.command(&["a.c", "--check-level=quick"]);
    next.env("MUPAC_CACHE_DIR", cache.path()).assert().success();
    assert_eq!(unfinished(cache.path()), [""; 0]);
}

#[test]
fn a_loop_may_be_cut_again_and_again() {
    use std::fmt::Write;

    let (mut name, mut plan) = ("i".to_owned(), "mupac-plan 1\nregion saxpy:2\n".to_owned());
    for _ in 0..33 {
        writeln!(plan, "split {name} 2 -> {name}o {name}i").unwrap();
        name.push('o');
    }
    writeln!(plan, "bind {name} block.x").unwrap();
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes()), ("a.plan", plan.as_bytes())]);
    let mut command = folder.command(&["a.c", "--check=off", "--plan", "a.plan"]);
    // What grows with a power of their number alone is done by then.
    let output = command.timeout(Duration::from_mins(5)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn headers_are_found_where_the_environment_says() {
    let text = format!(
        "#include <scale.h>\n{}",
        SAXPY.replace("a * ", "SCALE * a * ")
    );
    let folder = Folder::with(&[("a.c", text.as_bytes())]);
    std::fs::create_dir(folder.path().join("of-c")).unwrap();
    std::fs::write(folder.path().join("of-c/scale.h"), "#define SCALE 2\n").unwrap();
    for variable in ["C_INCLUDE_PATH", "CPATH"] {
        let mut command = folder.command(&["a.c", "--check-level=quick", "--strict-check", "-f"]);
        let output = command.env(variable, "of-c").output().unwrap();
        assert!(output.status.success(), "{variable}: {}", said(&output));
    }
}
