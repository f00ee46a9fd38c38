//! A translated file links with the C files beside it, both ways, through a header written for C alone.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where the tool chain fails"
)]

use std::path::Path;
use std::process::Command;

const FILES: [(&str, &str); 4] = [
    (
        "shared.h",
        "#include <stdio.h>\nextern int other(int class);\nvoid called(int n);\nextern const int limits[2];\n",
    ),
    ("plain.h", "void called(int n);\n"),
    (
        "main.c",
        "#include \"plain.h\"\nint behind(void) { return 0; }\n#include \"shared.h\"\nconst int limits[2] = {3, 4};\nconst int scale = 10;\n\
         void called(int n) { printf(\"called %d\\n\", n); }\n\
         int main(void) { printf(\"other %d\\n\", other(5)); return behind(); }\n",
    ),
    (
        "other.c",
        "#include \"shared.h\"\nextern const int scale;\n\
         int other(int class) { called(class); return class * scale + limits[1]; }\n",
    ),
];

fn run(folder: &Path, command: &[&str]) -> String {
    let mut words = command.iter();
    let output = Command::new(words.next().unwrap())
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn files_of_one_program_still_link() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let run = |command: &[&str]| run(folder.path(), command);
    run(&["gcc", "main.c", "other.c", "-o", "original"]);
    let mupac = env!("CARGO_BIN_EXE_mupac");
    run(&[mupac, "main.c", "-o", "main.cu", "--check=off"]);
    run(&["gcc", "-c", "other.c", "-o", "other.o"]);
    // Without kernels a `.cu` is C++ and nothing else.
    run(&["g++", "-x", "c++", "-c", "main.cu", "-o", "main.o"]);
    run(&["g++", "main.o", "other.o", "-o", "translated"]);
    assert_eq!(run(&["./translated"]), run(&["./original"]));
    assert_eq!(run(&["./original"]), "called 5\nother 54\n");
}
