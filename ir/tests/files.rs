//! The `.mir` files of `tests/ir`: what is accepted and how it prints, and what is refused and why.
//!
//! A file is checked as read from C unless its first line is `// verify: mapped` or `// verify: kernel`.
//! It prints as it stands, without its leading comment lines; or, after the line `// prints as`, as the lines there.
//! A file that ends in `.bad.mir` is refused: by the parser or the verifier, with the messages after `//~`.
//! `MUPAC_BLESS=1` writes what is seen into the files.

use std::path::{Path, PathBuf};
use std::{fs, io};

use mupac_ir::{Module, parse, print, verify};

const MARK: &str = "// prints as\n";

/// Returns what a file should contain, given what it contains.
fn expected(path: &Path, text: &str) -> Result<String, Vec<String>> {
    if path.to_string_lossy().ends_with(".bad.mir") {
        return Ok(refused(text));
    }
    let (given, is_marked) = match text.split_once(MARK) {
        Some((given, _)) => (given, true),
        None => (text, false),
    };
    let module = outcome(given)?;
    if is_marked {
        Ok(format!("{given}{MARK}{}", again(&module)))
    } else {
        let comments = given
            .split_inclusive('\n')
            .take_while(|line| line.starts_with("//"));
        Ok(comments.collect::<String>() + &again(&module))
    }
}

/// Returns the text of a module, after checking that it reads back as itself.
fn again(module: &Module) -> String {
    let printed = print::module(module);
    match parse::module(&printed) {
        Ok(read) if print::module(&read) == printed => printed,
        Ok(read) => format!(
            "{printed}\nprints differently when read: {}",
            print::module(&read)
        ),
        Err(error) => format!("{printed}\nis not read back: {error}"),
    }
}

/// Returns a refused file with the messages that it gets.
fn refused(text: &str) -> String {
    let given: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("//~"))
        .collect();
    let messages = match outcome(&given) {
        Ok(_) => vec!["accepted".to_owned()],
        Err(messages) => messages,
    };
    let lines = messages.iter().map(|message| format!("//~ {message}\n"));
    given.clone() + &lines.collect::<String>()
}

/// Parses and verifies a text.
fn outcome(text: &str) -> Result<Module, Vec<String>> {
    let module = parse::module(text).map_err(|error| vec![error.to_string()])?;
    let found = match text.lines().next() {
        Some("// verify: mapped") => each(&module, |function| verify::mapped(&module, function)),
        Some("// verify: kernel") => each(&module, |function| {
            verify::kernel(&module, function, &function.body)
        }),
        _ => verify::module(&module),
    };
    match found {
        Ok(()) => Ok(module),
        Err(violations) => Err(violations.iter().map(ToString::to_string).collect()),
    }
}

fn each(
    module: &Module,
    check: impl Fn(&mupac_ir::Function) -> Result<(), Vec<verify::Violation>>,
) -> Result<(), Vec<verify::Violation>> {
    module
        .functions
        .iter()
        .try_for_each(|(_, function)| check(function))
}

/// Returns the files, sorted by name.
fn paths() -> io::Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ir");
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "mir") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[test]
fn files_are_read_and_refused_as_they_say() {
    let bless = std::env::var_os("MUPAC_BLESS").is_some();
    let mut wrong = Vec::new();
    let paths = paths().unwrap();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        match expected(path, &text) {
            Ok(expected) if expected == text => {}
            Ok(expected) if bless => fs::write(path, expected).unwrap(),
            Ok(expected) => wrong.push(format!("{}:\n{expected}", path.display())),
            Err(messages) => wrong.push(format!("{}: {}", path.display(), messages.join("\n"))),
        }
    }
    assert!(!paths.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn refused_files_are_refused() {
    for path in paths().unwrap() {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split(MARK).next().unwrap();
        let is_bad = path.to_string_lossy().ends_with(".bad.mir");
        assert_eq!(outcome(text).is_err(), is_bad, "{}", path.display());
    }
}
