//! What is kept between calls changes no result.
#![expect(clippy::unwrap_used, reason = "tests stop where a file cannot be read")]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use mupac_frontend::{Input, Options, Parsed, parse};

/// What C++ alone refuses to read.
const REFUSED: &str = "#ifdef __cplusplus\n#error \"this header is for C alone\"\n#endif\n";

const PROGRAM: &str = "#include <math.h>\nvoid f(int n, double *a) { for (int i = 0; i < n; i++) a[i] = fabs(a[i]); }\n";

fn parsed(name: &str, text: &str, arguments: &[String], cache: Option<&Path>) -> Parsed {
    let input = Input {
        name: name.to_owned(),
        text: text.as_bytes().to_vec(),
        parts: Vec::new(),
    };
    let options = Options {
        arguments: arguments.to_vec(),
        cache: cache.map(Path::to_owned),
        ..Options::default()
    };
    parse(&input, &options).unwrap()
}

/// Writes a header that no longer counts as new.
fn write_header(path: &Path, text: &str, age_seconds: u64) {
    fs::write(path, text).unwrap();
    let changed = SystemTime::now() - Duration::from_secs(age_seconds);
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(changed).unwrap();
}

/// Returns the precompiled forms in a cache.
fn forms(cache: &Path) -> usize {
    fs::read_dir(cache).map_or(0, Iterator::count)
}

#[test]
fn files_mean_the_same_with_and_without() {
    let cache = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let check = || {
        for path in &files {
            let name = path.file_name().unwrap().to_string_lossy();
            let text = fs::read_to_string(path).unwrap();
            let without = parsed(&name, &text, &[], None);
            let with = parsed(&name, &text, &[], Some(cache.path()));
            assert_eq!(with, without, "{name}");
        }
        forms(cache.path())
    };
    let made = check();
    assert!(made > 1, "one for C++, and one for each set of headers");
    assert_eq!(check(), made);
}

#[test]
fn a_header_that_comes_to_hide_one_is_seen() {
    let cache = tempfile::tempdir().unwrap();
    let headers = tempfile::tempdir().unwrap();
    let options = [format!("-I{}", headers.path().display())];
    let needs_c = || {
        !parsed("f.c", PROGRAM, &options, Some(cache.path()))
            .needs_c
            .is_empty()
    };
    assert!(!needs_c() && forms(cache.path()) == 2);
    fs::write(headers.path().join("time.h"), REFUSED).unwrap();
    assert!(needs_c());
    fs::remove_file(headers.path().join("time.h")).unwrap();
    assert!(!needs_c());
}

#[test]
fn a_header_that_changes_is_read_again() {
    let cache = tempfile::tempdir().unwrap();
    let headers = tempfile::tempdir().unwrap();
    let header = headers.path().join("time.h");
    let options = [format!("-I{}", headers.path().display())];
    let needs_c = || {
        !parsed("f.c", PROGRAM, &options, Some(cache.path()))
            .needs_c
            .is_empty()
    };
    write_header(&header, "#include_next <time.h>\n", 100);
    assert!(!needs_c());
    write_header(&header, REFUSED, 50);
    assert!(needs_c());
}

#[test]
fn a_broken_form_is_not_used_and_made_again() {
    let cache = tempfile::tempdir().unwrap();
    let without = parsed("f.c", PROGRAM, &[], None);
    let with = || parsed("f.c", PROGRAM, &[], Some(cache.path()));
    assert_eq!(with(), without);
    let files = || {
        let folders = fs::read_dir(cache.path()).unwrap();
        let folders = folders.map(|entry| entry.unwrap().path());
        let names = ["headers.pch", "macros", "sources", "contents"];
        let paths = folders.flat_map(|folder| names.map(|name| folder.join(name)));
        let mut paths: Vec<_> = paths.filter(|path| path.exists()).collect();
        paths.sort();
        paths
    };
    let made = files();
    assert!(made.len() >= 7);
    for damage in ["", "nothing"] {
        for path in &made {
            fs::write(path, damage).unwrap();
            assert_eq!(with(), without);
            assert_ne!(
                fs::read(path).unwrap(),
                damage.as_bytes(),
                "{}",
                path.display()
            );
        }
    }
    assert_eq!(files(), made);
}

#[test]
fn what_a_process_that_is_gone_was_making_is_removed() {
    let cache = tempfile::tempdir().unwrap();
    let left = cache.path().join("headers-new-1-0");
    fs::create_dir(&left).unwrap();
    parsed("f.c", PROGRAM, &[], Some(cache.path()));
    assert!(!left.exists());
}

#[test]
fn options_that_may_mean_anything_keep_nothing() {
    let cache = tempfile::tempdir().unwrap();
    let headers = tempfile::tempdir().unwrap();
    let header = headers.path().join("first.h");
    fs::write(&header, "#define FIRST 1\n").unwrap();
    let options = ["-include".to_owned(), header.display().to_string()];
    let without = parsed("f.c", PROGRAM, &options, None);
    assert_eq!(
        parsed("f.c", PROGRAM, &options, Some(cache.path())),
        without
    );
    assert_eq!(forms(cache.path()), 0);
}
