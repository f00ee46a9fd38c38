//! Run-time support in a header of its own: what lies in it, what the output asks for, and what is refused.

use super::{Folder, SAXPY, rejected};

fn folder() -> Folder {
    Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("b.c", SAXPY.replace("saxpy", "other").as_bytes()),
        ("c.mupac.cuh", b"// notes of mine\n"),
    ])
}

/// Returns a text without the lines that say what it is.
fn code(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.skip_while(|line| line.starts_with("// ")).collect()
}

#[test]
fn misuse_is_refused_before_anything_is_written() {
    rejected(
        "support",
        &folder(),
        &[
            &["a.c", "--support=header", "-o", "-"],
            &["-", "--support=header"],
            &["a.c", "--support=header", "--emit=plan"],
            &["a.c", "--support=header", "-o", "c.cu"],
            &["a.c", "--support=nowhere"],
            &["bundle", "a.c", "--support=header", "-o", "out"],
        ],
    );
}

/// What was checked is the text as one file, so that it must be what compilers see of the two.
#[test]
fn the_header_holds_what_the_output_lacks() {
    let folder = folder();
    let one = ["a.c", "--check=off", "-q", "-o"];
    folder.run(&[&one[..], &["inline.cu"]].concat());
    folder.run(&[&one[..], &["out.cu", "--support=header"]].concat());
    let (inline, output) = (
        code(&folder.read("inline.cu")),
        code(&folder.read("out.cu")),
    );
    let header = code(&folder.read("out.mupac.cuh"));
    let support = header.strip_prefix("#pragma once\n").unwrap();
    let (support, number) = support.split_at(support.rfind("namespace mupac").unwrap());
    let number = number.split("= ").nth(1).unwrap();
    let number = number.split(';').next().unwrap();
    let lines: String = output.split_inclusive('\n').take(2).collect();
    assert_eq!(
        lines,
        format!(
            "#include \"out.mupac.cuh\"  // run-time support\n\
             static_assert(mupac::translation == {number}, \"out.mupac.cuh is of another translation; translate again\");\n"
        )
    );
    assert_eq!(inline.replacen(support, &lines, 1), output);
}

#[test]
fn every_output_has_its_own_header_by_its_own_number() {
    let folder = folder();
    let said = folder.run(&["a.c", "b.c", "--check=off", "--support=header"]);
    assert!(said.contains("wrote a.cu, a.mupac.cuh"), "{said}");
    let numbers = ["a.mupac.cuh", "b.mupac.cuh"].map(|name| {
        let text = folder.read(name);
        assert!(text.starts_with(&format!("// {}.c translated by mupac ", &name[..1])));
        text.lines().last().unwrap().to_owned()
    });
    // Messages name the files.
    assert_ne!(numbers[0], numbers[1]);
    let said = folder.run(&["a.c", "--check=off", "--support=header", "-q"]);
    assert!(said.contains("exit code 0"), "{said}");
    let said = folder.run(&[
        "a.c",
        "--split",
        "-o",
        "out",
        "--support=header",
        "--check=off",
    ]);
    assert!(said.contains("out/a.mupac.h, out/a.mupac.cuh"), "{said}");
    assert!(folder.read("out/a.cu").contains("#include \"a.mupac.cuh\""));
}
