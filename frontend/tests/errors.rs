//! What is said about input that is no C, and about the edges of what is accepted.

use mupac_frontend::{FrontendError, Input, Options, Parsed, Severity, libclang_version, parse};
use mupac_ir::Stmt;

fn parse_with(text: impl Into<Vec<u8>>, arguments: &[&str]) -> Result<Parsed, FrontendError> {
    let input = Input {
        name: "input.c".to_owned(),
        text: text.into(),
        parts: Vec::new(),
    };
    let arguments = arguments.iter().map(|each| (*each).to_owned()).collect();
    parse(
        &input,
        &Options {
            arguments,
            ..Options::default()
        },
    )
}

#[test]
fn an_error_of_c_names_its_place_and_related_places() {
    let Err(FrontendError::Rejected(diagnostics)) =
        parse_with("int x;\nint f(void) { return y; }\nfloat x;\n", &[])
    else {
        panic!("the file is accepted");
    };
    let errors: Vec<_> = diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error)
        .collect();
    let [undeclared, redefined] = errors.as_slice() else {
        panic!("{diagnostics:?}");
    };
    assert_eq!(
        (undeclared.file.as_str(), undeclared.line, undeclared.column),
        ("input.c", 2, 22)
    );
    assert_eq!(undeclared.span.unwrap().start, 28);
    assert_eq!(redefined.notes.len(), 1);
    assert_eq!(redefined.notes[0].line, 1);
}

#[test]
fn a_warning_is_handed_on() {
    let parsed = parse_with("int f(void) { return 1 << 40; }\n", &[]).unwrap();
    assert_eq!(parsed.warnings.len(), 1);
    assert!(parsed.warnings[0].message.contains("shift"));
}

#[test]
fn binary_input_is_refused_with_its_line() {
    assert!(matches!(
        parse_with(*b"int x;\n\0", &[]),
        Err(FrontendError::NotText { line: 2, .. })
    ));
}

#[test]
fn bytes_that_are_not_utf_8_may_stand_in_comments_alone() {
    let parsed = parse_with(*b"int x; /* Universit\xe4t */ // \xfc\xfc \xc3\xa4\n", &[]).unwrap();
    let text = parsed.module.source.text();
    assert_eq!(text, "int x; /* Universit_t */ // __ \u{e4}\n");
    assert_eq!(parsed.warnings.len(), 1);
    assert_eq!(parsed.warnings[0].line, 1);
    for outside in [
        &b"char *a = 0; // \xe4\nchar *x = \"\xe4\";\n"[..],
        b"int x;\nint \xe4;\n",
        b"#if 0\n  \xe4\n#endif\n",
    ] {
        assert!(matches!(
            parse_with(outside, &[]),
            Err(FrontendError::NotText { line: 2, .. })
        ));
    }
}

#[test]
fn headers_of_gcc_are_found() {
    let text = "#include <omp.h>\ndouble f(void) { return omp_get_wtime(); }\n";
    assert!(parse_with(text, &[]).is_ok());
    assert!(parse_with(text, &["-nostdinc"]).is_err());
}

#[test]
fn options_reach_the_compiler() {
    assert!(parse_with("int f(void) { return SIZE; }\n", &["-DSIZE=3"]).is_ok());
    assert!(parse_with("bool truth = true;\n", &[]).is_err());
    assert!(parse_with("bool truth = true;\n", &["-std=c2x"]).is_ok());
    assert_eq!(
        parse_with("int x;\n", &["-m32"]).unwrap_err(),
        FrontendError::Target { bits: 32 }
    );
    assert!(parse_with("int x;\n", &["-D\0"]).is_err());
    assert!(parse_with("int x;\n", &["--no-such-option-at-all"]).is_err());
}

#[test]
fn a_missing_include_is_an_error() {
    assert!(matches!(
        parse_with("#include \"no-such-file.h\"\n", &[]),
        Err(FrontendError::Rejected(_))
    ));
}

#[test]
fn an_empty_file_is_an_empty_module() {
    let parsed = parse_with("", &[]).unwrap();
    assert!(parsed.module.items.is_empty());
}

#[test]
fn deep_nesting_is_kept_and_does_not_exhaust_the_stack() {
    let blocks = format!(
        "int f(int x) {{ {} x++; {} return x; }}\n",
        "if (x) {".repeat(240),
        "}".repeat(240)
    );
    let loops = format!(
        "void g(int n) {{ {} n--; }}\n",
        "for (int i = f(0); i < n; i++)".repeat(200)
    );
    let sums = format!("int h(int x) {{ return {}x; }}\n", "x + ".repeat(3000));
    let parsed = parse_with(format!("{blocks}{loops}{sums}"), &[]).unwrap();
    assert_eq!(parsed.module.functions.len(), 3);
}

#[test]
fn a_chain_of_else_if_is_no_nesting() {
    let links = (0..2000).map(|at| format!("if (g(x) == {at}) return {at}; else "));
    let links = links.collect::<Vec<_>>().concat();
    let text = format!("int g(int x);\nint f(int x) {{ {links} x++; return x; }}\n");
    let parsed = parse_with(text, &[]).unwrap();
    let (_, function) = parsed.module.function("f").unwrap();
    let (mut returned, mut kept) = (0, 0);
    mupac_ir::structure::each(&function.body, &mut |stmt| {
        returned += usize::from(matches!(stmt, Stmt::Return(..)));
        kept += usize::from(matches!(stmt, Stmt::Verbatim(..)));
    });
    assert_eq!((returned, kept), (2001, 0));
}

#[test]
fn what_a_header_of_the_system_declares_is_the_same_wherever_it_is_included() {
    let function = "int f(int x) { return optind + x; }\n";
    let trees = [
        "#include <unistd.h>\nint g(void);",
        "int g(void);\n#include <unistd.h>",
    ]
    .map(|first| {
        let parsed = parse_with(format!("{first}\n{function}"), &[]).unwrap();
        let (_, function) = parsed.module.function("f").unwrap();
        mupac_ir::print::function(&parsed.module, function)
    });
    assert_eq!(trees[0], trees[1]);
}

#[test]
fn every_prefix_of_a_file_is_refused_or_understood() {
    let text = include_str!("c/effects.c");
    let starts = text.char_indices().map(|(index, _)| index).step_by(23);
    for end in starts {
        // Whatever comes back, nothing panics and no rule of the IR is broken.
        let result = parse_with(&text[..end], &[]);
        assert!(
            !matches!(result, Err(FrontendError::Internal { .. })),
            "{result:?}"
        );
    }
}

#[test]
fn a_malformed_pragma_is_an_error_with_its_place() {
    let cases = [
        ("#pragma mupac\nint x;\n", 1, 1, "no clause"),
        (
            "#pragma mupac unroll(2)\nint x;\n",
            1,
            15,
            "no clause `unroll`",
        ),
        ("#pragma mupac extent\nint x;\n", 1, 15, "parentheses"),
        ("#pragma mupac extent(p)\nint x;\n", 1, 1, "`p: n`"),
        (
            "#pragma mupac extent(p: 2 +)\nint x;\n",
            1,
            22,
            "`2 +` is no expression",
        ),
        (
            "#pragma mupac extent(p: f(1))\nint x;\n",
            1,
            22,
            "more than sums",
        ),
        (
            "#pragma mupac extent(p: 2)\nint x;\n",
            1,
            1,
            "before no loop",
        ),
        ("#pragma mupac extent(p: 2)\n", 1, 1, "before no loop"),
        (
            "#pragma mupac extent(p: n)\nvoid f(int *p) { *p = 0; }\n",
            1,
            22,
            "no variable `n`",
        ),
        (
            "#pragma mupac extent(n: 2)\nvoid f(int n) { n = 0; }\n",
            1,
            22,
            "no pointer",
        ),
        (
            "#pragma mupac extent(p: x)\nvoid f(int *p, float x) { *p = x; }\n",
            1,
            22,
            "no integer",
        ),
        (
            "void f(int *p, int n) {\n#pragma mupac extent(p: k)\nfor (int k = 0; k < n; k++) p[k] = 0; }\n",
            2,
            22,
            "no variable `k`",
        ),
    ];
    for (text, line, column, words) in cases {
        let Err(FrontendError::Rejected(diagnostics)) = parse_with(text, &[]) else {
            panic!("{text} is accepted");
        };
        let [error] = diagnostics.as_slice() else {
            panic!("{diagnostics:?}");
        };
        assert_eq!((error.line, error.column), (line, column), "{text}");
        assert!(error.message.contains(words), "{}", error.message);
    }
}

#[test]
fn the_library_names_its_version() {
    assert!(libclang_version().unwrap().contains("clang version"));
}
