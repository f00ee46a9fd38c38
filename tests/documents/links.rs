//! Links: they lead to files that exist, to headings that exist, and from the book only to pages of the book.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use libtest_mimic::Failed;

use crate::{read, root};

/// Fails where a link of a document leads nowhere.
pub(crate) fn check(documents: &[PathBuf]) -> Result<(), Failed> {
    let mut wrong = String::new();
    for document in documents {
        let text = read(document);
        for target in links(&text) {
            if let Err(why) = leads_somewhere(document, target) {
                writeln!(wrong, "{}: {target}: {why}", document.display()).unwrap();
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}

/// Fails where a chapter stands in no table of contents.
pub(crate) fn every_chapter_is_listed(chapters: &[PathBuf]) -> Result<(), Failed> {
    let contents = read("docs/src/SUMMARY.md");
    let listed: Vec<&str> = links(&contents).collect();
    let missing = chapters.iter().find(|chapter| {
        let name = chapter.file_name().unwrap().to_string_lossy();
        name != "SUMMARY.md" && !listed.contains(&name.as_ref())
    });
    match missing {
        None => Ok(()),
        Some(name) => Err(format!("SUMMARY.md does not list {}", name.display()).into()),
    }
}

/// Returns where the links of a text lead, but for those in code and to other machines.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    let lines = text.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    let targets = lines.flat_map(|line| {
        let plain = line.split('`').step_by(2);
        plain.flat_map(|part| part.split("](").skip(1))
    });
    targets
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://"))
}

fn leads_somewhere(document: &Path, target: &str) -> Result<(), String> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => document.to_owned(),
        _ => normal(&document.parent().unwrap_or(Path::new("")).join(file)),
    };
    if !root().join(&path).exists() {
        return Err("there is no such file".to_owned());
    }
    if document.starts_with("docs/src") && !path.starts_with("docs/src") {
        return Err("it leads out of the book, which is also published alone".to_owned());
    }
    if !anchor.is_empty() && !headings(&read(&path)).any(|heading| heading == anchor) {
        return Err("there is no such heading".to_owned());
    }
    Ok(())
}

/// Returns a path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            result.pop();
        } else {
            result.push(part);
        }
    }
    result
}

/// Returns the names by which headings of a page are linked to.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut is_code = false;
    let lines = text.lines().filter(move |line| {
        is_code ^= line.starts_with("```");
        !is_code
    });
    let titles = lines.filter_map(|line| {
        let title = line.trim_start_matches('#');
        (title.len() < line.len() && title.starts_with(' ')).then_some(title)
    });
    titles.map(|title| {
        let letters = title.trim().to_lowercase();
        let kept = letters
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        kept.map(|letter| if letter == ' ' { '-' } else { letter })
            .collect()
    })
}
