//! `mupac report`, and the forms of a report that a translation writes.

use super::{Folder, SAXPY, rejected};

#[test]
fn what_cannot_be_shown_is_named() {
    let folder = Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("b.c", SAXPY.as_bytes()),
        ("broken.json", b"{\n  \"version\": 1,\n"),
        ("later.json", b"{\"version\": 2}"),
        ("mine.html", b"<!DOCTYPE html>\n<title>mine</title>\n"),
    ]);
    rejected(
        "shown",
        &folder,
        &[
            &["report"],
            &["report", "missing.json"],
            &["report", "broken.json"],
            &["report", "later.json"],
            &["report", "later.json", "--form=pdf"],
            &["report", "later.json", "-o", "./later.json"],
            &["report", "broken.json", "-o", "mine.html"],
            &["a.c", "b.c", "--html", "out.html"],
            &["a.c", "b.c", "--sarif", "out.sarif"],
            &["a.c", "--check=off", "--html", "mine.html"],
            &["a.c", "--check=off", "--html", "x", "--sarif", "./x"],
            &["a.c", "--check=off", "--html", "a.c"],
            &["a.c", "--emit=ir", "--html", "x"],
        ],
    );
}

#[test]
fn a_report_has_every_loop() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    folder.run(&["a.c", "--check=off", "--report", "a.json"]);
    let report: serde_json::Value = serde_json::from_str(&folder.read("a.json")).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["check"]["status"], "off");
    assert_eq!(report["loops"][0]["verdict"], "parallel");
    assert_eq!(report["loops"][0]["line"], 2);
    assert_eq!(
        report["loops"][0]["kernel"],
        report["regions"][0]["kernels"][0]["name"]
    );
}

#[test]
fn a_report_is_shown_in_the_form_that_is_asked_for() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    folder.run(&["a.c", "--check=off", "--report", "a.json"]);
    for arguments in [
        &["report", "a.json"][..],
        &["report", "a.json", "--form=sarif"],
        // What mupac wrote it may write over.
        &["report", "a.json"],
    ] {
        let said = folder.run(arguments);
        assert!(said.contains("exit code 0\n"), "{said}");
    }
    assert_eq!(
        folder.names(),
        ["a.c", "a.cu", "a.html", "a.json", "a.sarif"]
    );
    let page = folder.run(&["report", "a.json", "-o", "-"]);
    assert!(page.contains(&folder.read("a.html")), "{page}");
    let said = |words: &[&str]| {
        let said = folder.run(words);
        said.split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(
        said(&["report", "a.json", "--form=text"]),
        said(&["explain", "-v", "a.json"])
    );
}

#[test]
fn what_comes_from_standard_input_is_not_asked_for_again() {
    let folder = Folder::with(&[]);
    let said = folder.run_with(&["-", "--check=off", "-q", "--html", "a.html"], SAXPY);
    assert!(said.contains("exit code 0\n"), "{said}");
    let page = folder.read("a.html");
    for stream in ["&lt;stdin&gt;", "&lt;stdout&gt;"] {
        let words = format!("<strong>{stream}</strong> is no file, so it is not shown.");
        assert!(page.contains(&words), "{page}");
    }
    assert!(page.contains("Line 2"), "{page}");
}
