//! What becomes of a run where the machine lacks something, or a signal ends it.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;

use assert_cmd::Command;

use super::{Folder, SAXPY};

#[test]
fn a_missing_tool_is_exit_code_4() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    let output = folder
        .command(&["a.c"])
        .env("PATH", folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("apt-get install"), "{said}");
    assert_eq!(folder.names(), ["a.c"]);
}

#[test]
fn a_full_disk_is_exit_code_4() {
    let compiler = b"#!/bin/sh\necho 'x.o: No space left on device' >&2\nexit 1\n";
    let folder = Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("cc", compiler),
        ("c++", compiler),
    ]);
    for name in ["cc", "c++"] {
        let path = folder.path().join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = folder
        .command(&["a.c"])
        .env("PATH", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("no storage space"), "{said}");
    assert_eq!(folder.names(), ["a.c", "c++", "cc"]);
}

/// Signals come at any time: while compilers run, while tests do, and between.
#[test]
fn a_check_that_is_terminated_leaves_nothing_behind() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    let temporary = tempfile::tempdir().unwrap();
    let count = || std::fs::read_dir(temporary.path()).unwrap().count();
    for milliseconds in [0, 30, 90, 200, 400, 800] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mupac"));
        command.args(["a.c", "-q", "--check-level=thorough"]);
        command.current_dir(folder.path());
        command.env("TMPDIR", temporary.path());
        let mut running = command.spawn().unwrap();
        while count() == 0 && running.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        let pid = running.id().to_string();
        Command::new("kill")
            .args(["-TERM", &pid])
            .assert()
            .success();
        assert_eq!(running.wait().unwrap().signal(), Some(15));
        assert_eq!(count(), 0, "after {milliseconds} ms");
    }
    assert_eq!(folder.names(), ["a.c"]);
}

#[test]
fn an_interrupted_check_leaves_nothing_behind() {
    let endless = "int main(void) {\n    volatile int turn = 0;\n    for (;;) turn++;\n}\n";
    let folder = Folder::with(&[("a.c", endless.as_bytes())]);
    let temporary = tempfile::tempdir().unwrap();
    let count = || std::fs::read_dir(temporary.path()).unwrap().count();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mupac"));
    command.args(["a.c", "--report", "r.json"]);
    command.current_dir(folder.path());
    command.env("TMPDIR", temporary.path());
    let mut running = command.spawn().unwrap();
    while count() == 0 {
        assert!(running.try_wait().unwrap().is_none(), "no check was made");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let pid = running.id().to_string();
    Command::new("kill").args(["-INT", &pid]).assert().success();
    assert_eq!(running.wait().unwrap().signal(), Some(2));
    assert_eq!(count(), 0);
    assert_eq!(folder.names(), ["a.c"]);
}
