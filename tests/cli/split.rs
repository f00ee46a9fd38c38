//! Translations whose C part stays C: where the parts go, and what is refused before anything is written.

use super::{Folder, SAXPY, rejected};

/// A loop beside something that C++ has no words for.
const COMPLEX: &str = "#include <complex.h>\n\
                       double complex twice(double complex z) { return 2 * z; }\n\
                       static void saxpy(int n, float a, const float *x, float *y) {\n    \
                       for (int i = 0; i < n; i++)\n        y[i] = a * x[i] + y[i];\n}\n\
                       void run(int n, float *x, float *y) { saxpy(n, 3, x, y); }\n";

fn folder() -> Folder {
    Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("b.c", COMPLEX.as_bytes()),
        ("c.c", COMPLEX.as_bytes()),
        ("notes", b"notes\n"),
    ])
}

#[test]
fn misuse_is_refused_before_anything_is_written() {
    rejected(
        "split",
        &folder(),
        &[
            &["a.c", "--split"],
            &["a.c", "--split=maybe", "-o", "out"],
            &["a.c", "--split", "-o", "-"],
            &["-", "--split", "-o", "out"],
            &["a.c", "--split", "-o", "notes"],
            &["a.c", "--split", "-o", "."],
            &["a.c", "--split", "-o", "out", "--emit=plan"],
            &["a.c", "--split", "-o", "out", "--memory=device"],
            &["a.c", "--split", "-o", "out", "--check=gpu"],
            &["b.c", "--split=auto", "-q"],
            &["b.c", "-o", "out.cu"],
            &["bundle", "a.c", "--split", "-o", "out"],
        ],
    );
}

#[test]
fn the_parts_lie_in_the_folder() {
    let folder = folder();
    let said = folder.run(&["a.c", "b.c", "c.c", "--split", "-o", "out"]);
    assert!(said.contains("exit code 0"), "{said}");
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let all = ["a", "b", "c"].map(|stem| ["c", "cu", "mupac.h"].map(|end| format!("{stem}.{end}")));
    assert_eq!(names, all.concat());
    assert!(
        folder
            .read("out/a.c")
            .contains("if (!mupac_saxpy_l2(n, a, x, y))")
    );
    // What is the file's own alone has a name of its own in every file.
    assert!(
        folder
            .read("out/b.mupac.h")
            .contains("int mupac_b_saxpy_l4(")
    );
    assert!(
        folder
            .read("out/c.mupac.h")
            .contains("int mupac_c_saxpy_l4(")
    );
    // What mupac wrote it may write over.
    let said = folder.run(&["a.c", "--split", "-o", "out", "-q"]);
    assert!(said.contains("exit code 0"), "{said}");
}

#[test]
fn auto_splits_where_cpp_does_not_take_the_file() {
    let folder = folder();
    let said = folder.run(&["a.c", "--split=auto", "-o", "one.cu", "-q"]);
    assert!(said.contains("exit code 0"), "{said}");
    let said = folder.run(&[
        "b.c",
        "--split=auto",
        "-o",
        "two.cu",
        "-q",
        "--report",
        "r.json",
    ]);
    assert!(said.contains("exit code 0"), "{said}");
    assert_eq!(
        folder.names(),
        [
            "a.c",
            "b.c",
            "c.c",
            "notes",
            "one.cu",
            "r.json",
            "two.c",
            "two.cu",
            "two.mupac.h"
        ]
    );
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["parts"], serde_json::json!(["two.c", "two.mupac.h"]));
}

#[test]
fn all_parts_are_written_or_none() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    std::fs::write(folder.path().join("out/a.mupac.h"), "#define MINE 1\n").unwrap();
    let before = || {
        std::fs::read_dir(folder.path().join("out"))
            .unwrap()
            .count()
    };
    let said = folder.run(&["a.c", "--split", "-o", "out"]);
    assert!(
        said.contains("exit code 1") && said.contains("mupac did not write it"),
        "{said}"
    );
    assert_eq!(before(), 1);
    std::fs::remove_file(folder.path().join("out/a.mupac.h")).unwrap();
    std::fs::create_dir(folder.path().join("out/a.mupac.h")).unwrap();
    let said = folder.run(&["a.c", "--split", "-o", "out"]);
    assert!(
        said.contains("exit code 1") && said.contains("it is a folder"),
        "{said}"
    );
    assert_eq!(before(), 1);
}
