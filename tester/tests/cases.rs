//! Hand-made translations, good and bad: every bad one is found out, with the right kind, and no good one is.
//!
//! A case is a `.cu` file whose first lines name its original, the function to call, its kernels and what the check
//! must say, and perhaps a part of the smallest failing call; several kinds are listed where the first to show depends
//! on the input.

mod case;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use case::Case;

#[test]
fn every_case_is_judged_rightly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<Case> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| Case::read(&entry.unwrap().path()))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    let wanted = std::env::var("MUPAC_CASE").unwrap_or_default();
    cases.retain(|case| case.name.contains(&wanted));
    assert!(!cases.is_empty(), "no case is named like {wanted}");
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    wrong.lock().unwrap().extend(case.complaint());
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
