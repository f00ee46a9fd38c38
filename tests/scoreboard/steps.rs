//! Which steps the choice takes, and how often: a step that it never takes is said so.
//!
//! The files are this project's examples and corpus, translated by the tool's own choice without a check.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mupac_passes::steps::ALL;
use serde_json::{Value, json};

use crate::{Request, tool};

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let mut taken: BTreeMap<&str, Vec<String>> =
        ALL.iter().map(|step| (step.name(), Vec::new())).collect();
    let (mut regions, mut refused) = (0, 0);
    for path in files(folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !request.wants(&name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        match tool::translate(&text, &["--check=off".to_owned()]) {
            Err(_) => refused += 1,
            Ok(translated) => {
                for region in translated.report["regions"].as_array().unwrap() {
                    regions += 1;
                    for step in steps(region) {
                        taken.entry(step).or_default().push(name.clone());
                    }
                }
            }
        }
    }
    println!("{regions} mapped regions, {refused} files refused");
    for (step, names) in &taken {
        let mut first = names.clone();
        first.dedup();
        first.truncate(3);
        println!(
            "{step:<12} {:>4} regions  {}",
            names.len(),
            first.join(", ")
        );
    }
    let never = taken.iter().filter(|(_, names)| names.is_empty());
    let never: Vec<_> = never.map(|(step, _)| *step).collect();
    println!("never taken: {}", never.join(", "));
    json!(taken)
}

/// Returns the C files of the examples and the corpus.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let folders = [folder.join("examples"), folder.join("tests/corpus")];
    let entries = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
        .collect();
    files.sort();
    files
}

/// Returns the steps that led to the mapping of a region.
fn steps(region: &Value) -> BTreeSet<&'static str> {
    let moves = region["trajectory"].as_array().unwrap();
    let names = moves
        .iter()
        .filter_map(|each| each["move"].as_str()?.split(' ').next());
    let names: BTreeSet<_> = names.collect();
    let all = ALL.iter().map(|step| step.name());
    all.filter(|step| names.contains(step)).collect()
}
