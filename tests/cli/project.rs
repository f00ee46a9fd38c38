//! `mupac project`: what a translation is worth for all files of a project.

use super::{Folder, SAXPY, rejected};

const ROWS: &str = "static double a[64][64];\nint rows(int n) {\n    int sum = 0;\n    \
                    for (int i = 1; i < n; i++)\n        a[0][i] = a[0][i - 1] / i;\n    \
                    for (int i = 0; i < 64; i++)\n        for (int j = 0; j < 64; j++)\n            a[i][j] = i * j;\n    \
                    return sum;\n}\n";

/// Returns a folder with a project of three files, of which one is no C.
fn folder() -> Folder {
    let folder = Folder::with(&[("none.json", b"[]"), ("broken.json", b"[{")]);
    let root = folder.path().display().to_string();
    std::fs::create_dir_all(folder.path().join("src/deep")).unwrap();
    std::fs::create_dir_all(folder.path().join("build")).unwrap();
    for (name, text) in [
        ("src/saxpy.c", SAXPY),
        ("src/deep/rows.c", ROWS),
        ("src/wrong.c", "int f(void) { return NUMBER; }\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let entries = ["saxpy.c", "deep/rows.c", "wrong.c", "gone.c"].map(|file| {
        format!("{{\"directory\": \"{root}/src\", \"file\": \"{file}\", \"command\": \"cc -DSIZE=3 -c {file}\"}}")
    });
    let database = format!("[{}]", entries.join(",\n"));
    std::fs::write(folder.path().join("build/compile_commands.json"), database).unwrap();
    folder
}

#[test]
fn files_of_a_program_are_seen_together() {
    let factor = "double factor(int k) { return k % 3 + 0.5; }\n";
    let scale = "double factor(int k);\nvoid scale(int n, double *u) {\n    for (int i = 0; i < n; i++)\n        u[i] *= factor(i);\n}\n";
    let main = |n: u32| {
        format!(
            "void scale(int n, double *u);\nstatic double u[{n}];\nint main(void) {{ scale({n}, u); return 0; }}\n"
        )
    };
    let files = [
        ("a.c", main(100)),
        ("b.c", main(200)),
        ("scale.c", scale.to_owned()),
        ("factor.c", factor.to_owned()),
    ];
    let files = files
        .each_ref()
        .map(|(name, text)| (*name, text.as_bytes()));
    let folder = Folder::with(&files);
    let root = folder.path().display().to_string();
    let entry = |(file, _): (&str, _)| {
        format!(
            "{{\"directory\": \"{root}\", \"file\": \"{file}\", \"command\": \"cc -c {file}\"}}"
        )
    };
    let database = format!("[{}]", files.map(entry).join(",\n"));
    std::fs::write(folder.path().join("compile_commands.json"), database).unwrap();
    let project = ["project", ".", "-o", "out", "--check=off"];
    insta::assert_snapshot!("project_alone", folder.run(&project));
    let whole = [&project[..], &["--whole-program"]].concat();
    insta::assert_snapshot!("project_whole", folder.run(&whole));
}

#[test]
fn a_project_is_told_of_file_by_file() {
    let folder = folder();
    let said = folder.run(&["project", "build", "--check=off"]);
    insta::assert_snapshot!("project", said);
    let written = |name: &str| folder.path().join("build/mupac").join(name).is_file();
    for name in [
        "saxpy.cu",
        "saxpy.html",
        "saxpy.json",
        "deep/rows.cu",
        "deep/rows.html",
    ] {
        assert!(written(name), "{name}");
    }
    assert!(!written("wrong.cu") && !written("wrong.html"));
    // What mupac wrote it may write over.
    let again = folder.run(&["project", "build", "--check=off"]);
    assert_eq!(again, said);
}

#[test]
fn a_database_that_names_nothing_is_refused() {
    rejected(
        "project_refused",
        &folder(),
        &[
            &["project"],
            &["project", "nowhere"],
            &["project", "none.json"],
            &["project", "broken.json"],
            &["project", "build", "src"],
            &["project", "build", "--html", "x.html"],
            &["project", "build", "--plan", "x.plan"],
            &["project", "build", "-p", "build"],
        ],
    );
}
