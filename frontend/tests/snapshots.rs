//! What each file under `tests/c` becomes: the text form of its module, its refusals and its edits.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use mupac_frontend::{Input, Options, Parsed, parse};
use mupac_ir::{Module, Span, Stmt};

/// Parses a file, says what became of it, and checks what holds for every module.
fn describe(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let input = Input {
        name,
        text: std::fs::read(path).unwrap(),
        parts: Vec::new(),
    };
    let parsed = parse(&input, &Options::default())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if let Err(violations) = mupac_ir::verify::module(&parsed.module) {
        let words: Vec<String> = violations.iter().map(ToString::to_string).collect();
        panic!(
            "{}\n{}",
            words.join("\n"),
            mupac_ir::print::module(&parsed.module)
        );
    }
    check_items(&parsed.module);
    let mut text = mupac_ir::print::module(&parsed.module);
    for (_, function) in parsed.module.functions.iter() {
        list_spellings(&mut text, function);
        list_refusals(&mut text, &parsed.module, &function.body);
    }
    list_rest(&mut text, &parsed);
    text
}

/// Checks that the items are the whole file, in order.
fn check_items(module: &Module) {
    let mut end = 0;
    for item in &module.items {
        let span = match item {
            mupac_ir::Item::Function(function) => module.functions[*function].span,
            mupac_ir::Item::Verbatim(span) => *span,
        };
        assert_eq!(span.start, end, "items leave a gap or overlap");
        end = span.end;
    }
    assert_eq!(
        end as usize,
        module.source.text().len(),
        "items do not reach the end"
    );
}

/// Lists names that constants keep; literals are their own text.
fn list_spellings(text: &mut String, function: &mupac_ir::Function) {
    let spelled: BTreeSet<String> = function
        .exprs
        .iter()
        .filter_map(|(_, expr)| {
            let spelling = expr.spelling.as_ref()?;
            let is_name = spelling.starts_with(|first: char| first.is_alphabetic() || first == '_');
            is_name.then(|| format!("{spelling} is {:?}", expr.kind))
        })
        .collect();
    for each in spelled {
        writeln!(text, "// in {}: {each}", function.name).unwrap();
    }
}

fn list_refusals(text: &mut String, module: &Module, block: &[Stmt]) {
    for statement in block {
        match statement {
            Stmt::Verbatim(span, refusal) => {
                writeln!(
                    text,
                    "// kept: {} because {}",
                    quote(module, *span),
                    refusal.reason
                )
                .unwrap();
            }
            Stmt::For(each) => list_refusals(text, module, &each.body),
            Stmt::If(branch) => {
                list_refusals(text, module, &branch.then);
                list_refusals(text, module, &branch.otherwise);
            }
            Stmt::While(each) => {
                if let Some(refusal) = &each.not_counted {
                    writeln!(
                        text,
                        "// not counted: {} because {}",
                        quote(module, each.header_span),
                        refusal.reason
                    )
                    .unwrap();
                }
                list_refusals(text, module, &each.body);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {}
        }
    }
}

fn list_rest(text: &mut String, parsed: &Parsed) {
    for edit in &parsed.module.edits {
        let (line, column) = parsed.module.source.line_column(edit.at.start);
        writeln!(
            text,
            "// edit {line}:{column} {}: {} -> `{}`",
            edit.rule,
            quote(&parsed.module, edit.at),
            edit.text
        )
        .unwrap();
    }
    for refusal in &parsed.unmodelled_loops {
        writeln!(
            text,
            "// unmodelled loop: {}: {}",
            quote(&parsed.module, refusal.at),
            refusal.reason
        )
        .unwrap();
    }
    for refusal in &parsed.needs_c {
        writeln!(
            text,
            "// needs C: {}: {}",
            quote(&parsed.module, refusal.at),
            refusal.reason
        )
        .unwrap();
    }
}

fn quote(module: &Module, span: Span) -> String {
    let words: Vec<&str> = module.source.slice(span).split_whitespace().collect();
    format!("`{}`", words.join(" "))
}

#[test]
fn files_become_modules() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        insta::assert_snapshot!(name, describe(&path));
    }
}
