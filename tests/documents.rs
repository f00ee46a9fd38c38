//! README and the book below `docs`: what they quote is what mupac prints today, the commands that they show run, and their
//! links lead somewhere.
//!
//! - `<!-- generated: KIND FILE -->` stands before a fenced block or a sentence that is made anew ([`blocks`]), and
//!   `<!-- generated: KIND -->` before a stretch of a reference, up to `<!-- end of generated text -->` ([`reference`]).
//! - A block of kind `console` is run ([`console`]): lines that begin with `$ ` are commands, the others what these print.
//!   `<!-- not run: WHY -->` before it leaves it out.
//! - `<!-- file: NAME -->` stands before a block that a reader saves under that name before the next command.
//!
//! `MUPAC_BLESS=1` rewrites what is not as it should be.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its files has failed"
)]

#[path = "documents/blocks.rs"]
mod blocks;
#[path = "documents/console.rs"]
mod console;
#[path = "documents/links.rs"]
mod links;
#[path = "documents/options.rs"]
mod options;
#[path = "documents/page.rs"]
mod page;
#[path = "documents/reference.rs"]
mod reference;
#[path = "documents/sentences.rs"]
mod sentences;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let documents = documents();
    let pages = documents.iter().cloned().map(|document| {
        let name = document.file_stem().unwrap().to_string_lossy();
        Trial::test(format!("{}::is_true", name.to_lowercase()), move || {
            page::check(&document)
        })
    });
    let all = documents.clone();
    let links = Trial::test("links", move || links::check(&all));
    let contents = Trial::test("contents", || links::every_chapter_is_listed(&chapters()));
    let sources = Trial::test("sources", reference::titles_stand_in_the_code);
    let variables = Trial::test("variables", reference::variables_are_read);
    let rules = Trial::test("console::rules", console::rules);
    let trials = pages
        .chain([links, contents, sources, variables, rules])
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

/// Returns the root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a file of the repository.
fn read(name: impl AsRef<Path>) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Returns README and all of the book, relative to the root.
fn documents() -> Vec<PathBuf> {
    let mut all = vec![PathBuf::from("README.md")];
    all.extend(chapters());
    all
}

/// Returns the files of the book, by name.
fn chapters() -> Vec<PathBuf> {
    let folder = Path::new("docs/src");
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| folder.join(entry.unwrap().file_name()));
    let mut found: Vec<PathBuf> = names
        .filter(|name| name.extension().is_some_and(|ending| ending == "md"))
        .collect();
    found.sort();
    found
}
