//! Bad and strange input: whatever a file holds, mupac ends with a file or with a message, never with half of either.
//!
//! The files of `tests/nasty` are texts that trip tools which read C; what is no text is made here, and so are damaged
//! copies of good files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail like the test"
)]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use mupac::candidates::Target;
use mupac::translate::{self, Ending, Request, Selection};
use mupac_frontend::{FrontendError, Input, Options};
use mupac_ir::random::Random;
use mupac_passes::{Device, Settings};

const LOOP: &str = "void f(int n, int *a) { for (int i = 0; i < n; i++) a[i] = 1; }";

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Runs mupac on a content; returns whether it wrote a file.
#[track_caller]
fn ends_well(name: &str, content: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.c"), content).unwrap();
    let output = Command::cargo_bin("mupac")
        .unwrap()
        .current_dir(folder.path())
        .args([
            "in.c",
            "--check=off",
            "--cpu-threshold",
            "0",
            "-o",
            "out.cu",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    for word in ["panicked", "bug in mupac", "bug of mupac", "stack overflow"] {
        assert!(!said.contains(word), "{name}: {said}");
    }
    let mut left: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    match output.status.code() {
        Some(0) => {
            assert_eq!(left, ["in.c", "out.cu"], "{name}");
            let text = std::fs::read_to_string(folder.path().join("out.cu")).unwrap();
            assert!(text.starts_with("// in.c translated by mupac"), "{name}");
            true
        }
        Some(1) => {
            assert_eq!(left, ["in.c"], "{name}");
            assert!(
                said.contains("error"),
                "{name} fails without a word: {said}"
            );
            false
        }
        code => panic!("{name} ends with {code:?}: {said}"),
    }
}

#[test]
fn nasty_files_end_with_a_file_or_a_message() {
    let mut written = 0;
    let files = files("tests/nasty");
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy();
        written += usize::from(ends_well(&name, &std::fs::read(path).unwrap()));
    }
    // Both ends must be seen, or the files show nothing.
    assert!(written >= 5 && files.len() - written >= 5, "{written}");
}

#[test]
fn what_is_no_text_is_refused() {
    let mut random = Random::new(1);
    let noise: Vec<u8> = (0..4096).map(|_| random.bits() as u8).collect();
    let elf = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let wide: Vec<u8> = LOOP.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cut = "char *a = \"caf\u{e9}".as_bytes();
    for (name, content) in [
        ("noise", noise.as_slice()),
        ("a program", &elf[..1 << 16]),
        ("UTF-16", &[b"\xff\xfe", wide.as_slice()].concat()),
        ("a cut letter", &[&cut[..cut.len() - 1], b"\";"].concat()),
        ("a zero byte at the end", &[LOOP.as_bytes(), b"\0"].concat()),
    ] {
        assert!(!ends_well(name, content), "{name} was translated");
    }
}

#[test]
fn line_ends_and_marks_of_other_systems_are_text() {
    for (name, content) in [
        ("CRLF", LOOP.replace(' ', "\r\n")),
        ("CR", format!("// one line\r{LOOP}\r")),
        ("form feeds", LOOP.replace(' ', " \u{c}\u{b}\t")),
        ("a byte order mark", format!("\u{feff}{LOOP}")),
        ("no line end", LOOP.to_owned()),
        (
            "one long line",
            format!("{LOOP} /*{}*/", " ".repeat(1 << 20)),
        ),
        ("letters of other scripts", LOOP.replace("f(", "größe(")),
    ] {
        assert!(ends_well(name, content.as_bytes()), "{name} was refused");
    }
    let comment = [LOOP.as_bytes(), b"// caf\xe9"].concat();
    assert!(
        ends_well("a comment in Latin-1", &comment),
        "it was refused"
    );
}

#[test]
fn depth_is_no_danger() {
    let sum = vec!["i"; 3000].join(" + ");
    let chain = "if (a == 1) return 1; else ".repeat(500);
    for (name, content) in [
        ("a long sum", LOOP.replace("= 1", &format!("= {sum}"))),
        (
            "a chain of else",
            format!("int g(int a) {{ {chain} return 0; }}"),
        ),
        (
            "parentheses",
            format!(
                "int g(int a) {{ return {}a{}; }}",
                "(".repeat(200),
                ")".repeat(200)
            ),
        ),
    ] {
        assert!(ends_well(name, content.as_bytes()), "{name} was refused");
    }
    for (open, close) in [("(", ")"), ("{", "}"), ("[", "]")] {
        let text = format!(
            "int g(int a) {{ {}{} }}",
            open.repeat(50_000),
            close.repeat(50_000)
        );
        assert!(!ends_well(open, text.as_bytes()));
        // Where nothing else bounds libclang's recursion.
        let deep = open.repeat(5000);
        for text in [
            format!("#if {deep}\n#endif\n"),
            format!("#define N{deep} N\nint N;\n"),
        ] {
            assert!(!ends_well(open, text.as_bytes()));
        }
    }
    let prefixes = LOOP.replace("= 1", &format!("= {}1", "- ".repeat(50_000)));
    assert!(!ends_well("operators in a row", prefixes.as_bytes()));
}

#[test]
fn a_full_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.c"), LOOP).unwrap();
    let output = Command::cargo_bin("mupac")
        .unwrap()
        .current_dir(folder.path())
        .args(["in.c", "--check=off", "-o", "/dev/full"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("/dev/full"), "{said}");
}

/// How many damaged copies are made of each good file.
const COPIES: u64 = 3;

#[test]
fn damaged_files_are_refused_or_translated() {
    let mut outcomes = [0, 0];
    for path in files("examples").iter().chain(&files("tests/corpus")) {
        let good = std::fs::read(path).unwrap();
        for seed in 0..COPIES {
            let content = damaged(&good, &mut Random::new(seed));
            let text = String::from_utf8_lossy(&content).into_owned();
            let translated = std::panic::catch_unwind(|| translated(&content));
            let told = match translated {
                Ok(Ok(is_written)) => {
                    outcomes[usize::from(is_written)] += 1;
                    continue;
                }
                Ok(Err(what)) => what,
                Err(panic) => format!("{:?}", panic.downcast_ref::<String>()),
            };
            panic!("{}, seed {seed}: {told}\n{text}", path.display());
        }
    }
    assert!(outcomes.iter().all(|count| *count >= 5), "{outcomes:?}");
}

/// Returns the bytes with a piece lost or doubled, or a byte exchanged.
fn damaged(good: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let start = random.below(good.len() as u64 - 16) as usize;
    let end = start + 1 + random.below(4) as usize;
    match random.below(3) {
        0 => drop(bytes.drain(start..end)),
        1 => {
            let piece = bytes[start..end].to_vec();
            bytes.splice(start..start, piece);
        }
        _ => bytes[start] = good[random.below(good.len() as u64) as usize],
    }
    bytes
}

/// Translates without a check; returns whether there is a text to write, or what is wrong with mupac.
fn translated(content: &[u8]) -> Result<bool, String> {
    let input = Input {
        name: "damaged.c".to_owned(),
        text: content.to_vec(),
        parts: Vec::new(),
    };
    let module = match mupac_frontend::parse(&input, &Options::default()) {
        Ok(parsed) => parsed.module,
        Err(error @ (FrontendError::Internal { .. } | FrontendError::NoResult { .. })) => {
            return Err(error.to_string());
        }
        Err(_) => return Ok(false),
    };
    let request = Request {
        selection: Selection::Naive,
        target: Target {
            settings: Settings {
                cpu_threshold: Some(0),
                ..Settings::default()
            },
            device: Device::default(),
            split: None,
        },
        check: None,
        is_strict: true,
        options: Vec::new(),
        names_lines: false,
    };
    match translate::translate(module, &request) {
        Ok(translation) => Ok(matches!(translation.ending, Ending::Done(_))),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn a_file_is_translated_and_checked_whatever_it_is_named() {
    for name in ["new\nline.c", "back\\slash\\n.c", "\"quoted\".c", "%s %d.c"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), LOOP).unwrap();
        let output = Command::cargo_bin("mupac")
            .unwrap()
            .current_dir(folder.path())
            .args([name, "--cpu-threshold=0", "-o", "out.cu"])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let is_checked = said.contains("wrote out.cu: 1 kernel") && said.contains("checked on");
        assert!(output.status.success() && is_checked, "{name}: {said}");
    }
}
