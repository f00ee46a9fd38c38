//! The rules of the house that no compiler checks: file length, crate dependencies, where `unsafe` may stand.
//!
//! Function length is clippy's `too_many_lines`, which `make test` turns into an error.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files has failed"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate of the workspace may use of the others; data flows one way.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("mupac-ir", &[]),
    ("mupac-frontend", &["mupac-ir"]),
    ("mupac-passes", &["mupac-ir"]),
    ("mupac-model", &["mupac-ir", "mupac-passes"]),
    ("mupac-backend-cuda", &["mupac-ir"]),
    ("mupac-tester", &["mupac-ir"]),
    (
        "mupac",
        &[
            "mupac-ir",
            "mupac-frontend",
            "mupac-passes",
            "mupac-model",
            "mupac-backend-cuda",
            "mupac-tester",
        ],
    ),
];

/// The foreign-function modules: the only Rust files that may say `unsafe`.
const MAY_BE_UNSAFE: [&str; 4] = [
    "backend-cuda/src/device.rs",
    "frontend/src/clang/",
    "passes/src/isl/",
    "tester/src/isolation",
];

const LONGEST_FILE: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every tracked or new Rust file, relative to the root.
fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [
        "src",
        "ir",
        "frontend",
        "passes",
        "model",
        "backend-cuda",
        "tester",
        "tests",
        "benches",
    ] {
        collect(&root().join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() > 30, "the walk found only {}", found.len());
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path.strip_prefix(root()).unwrap().to_owned());
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn files_are_short() {
    let long: Vec<String> = rust_files()
        .iter()
        .map(|path| (path, read(path).lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE}: {long:#?}");
}

#[test]
fn unsafe_stands_only_in_foreign_function_modules() {
    let outside: Vec<String> = rust_files()
        .iter()
        .filter(|path| !path.ends_with("tidy.rs"))
        .filter(|path| {
            let name = path.to_string_lossy();
            !MAY_BE_UNSAFE
                .iter()
                .any(|allowed| name.starts_with(allowed))
        })
        .flat_map(|path| {
            read(path)
                .lines()
                .enumerate()
                .filter(|(_, line)| is_unsafe_code(line))
                .map(|(index, line)| format!("{}:{}: {line}", path.display(), index + 1))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(outside.is_empty(), "{outside:#?}");
}

fn is_unsafe_code(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    [
        "unsafe {",
        "unsafe fn",
        "unsafe impl",
        "unsafe extern",
        "unsafe trait",
    ]
    .iter()
    .any(|form| code.contains(form))
}

#[test]
fn crates_use_only_earlier_stages() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let packages = metadata["packages"].as_array().unwrap();
    assert_eq!(packages.len(), allowed.len());
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let is_ours = used.starts_with("mupac") && dependency["kind"].is_null();
            assert!(
                !is_ours || allowed[name].contains(&used),
                "{name} must not use {used}"
            );
        }
    }
}

#[test]
fn every_reason_has_its_refuse_file() {
    for row in mupac_ir::Reason::ALL {
        let path = format!("tests/refuse/{}.c", row.name);
        let text = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
        assert!(
            text.contains(&format!("//~ {}", row.name)),
            "{path} with `//~ {}` is missing",
            row.name
        );
    }
}

/// Says without an nvcc what `--test nvcc` would say with one: it compares registers with those on record.
#[test]
fn every_program_has_its_registers() {
    for folder in ["examples", "tests/gpu", "tests/corpus", "tests/split"] {
        let kind = folder.rsplit('/').next().unwrap_or(folder);
        for entry in std::fs::read_dir(root().join(folder)).unwrap().flatten() {
            let path = entry.path();
            let (Some(stem), Some("c")) = (
                path.file_stem().and_then(|stem| stem.to_str()),
                path.extension().and_then(|ending| ending.to_str()),
            ) else {
                continue;
            };
            let snapshot = format!("tests/nvcc/{kind}_{stem}.snap");
            assert!(
                root().join(&snapshot).exists(),
                "{snapshot} is missing: sh tools/nvcc.sh --install; INSTA_UPDATE=always cargo test --test nvcc {kind}::{stem}"
            );
        }
    }
}

#[test]
fn markdown_names_files_that_exist() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(Path::new(document));
        for target in links(&text) {
            assert!(
                root().join(&target).exists(),
                "{document} links to {target}, which does not exist"
            );
        }
    }
}

/// Returns the targets of markdown links that are not web addresses or anchors.
fn links(text: &str) -> Vec<String> {
    text.match_indices("](")
        .filter_map(|(at, _)| text[at + 2..].split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default().to_owned())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn build_output_is_not_tracked() {
    let tracked = Command::new("git")
        .args(["ls-files"])
        .current_dir(root())
        .output()
        .unwrap();
    let tracked = String::from_utf8(tracked.stdout).unwrap();
    let mut output = tracked.lines().filter(|path| {
        let mut folders = Path::new(path).parent().into_iter().flatten();
        folders.any(|folder| folder == "target")
    });
    assert_eq!(output.next(), None);
}
