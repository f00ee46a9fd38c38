//! Estimates of launches that an oracle saw before: they are those of one that has seen nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use mupac_ir::{Handle, Var};
use mupac_model::oracle::OracleError;
use mupac_model::{Analytic, Budget, Evaluation, Even, Oracle, greedy, search};
use mupac_passes::{Device, Draft, State};

/// One oracle for all drafts, each of which it must see as one that sees nothing else does.
#[derive(Default)]
struct Compared {
    one: Analytic,
    compared: usize,
}

impl Oracle for Compared {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        let found = self.one.evaluate(drafts)?;
        for (draft, evaluation) in drafts.iter().zip(&found) {
            let alone = Analytic::default().evaluate(&[draft])?;
            assert_eq!(*evaluation, alone[0], "{}", draft.text());
        }
        self.compared += drafts.len();
        Ok(found)
    }

    fn bound(&mut self, draft: &Draft, array: Handle<Var>) -> Result<f64, OracleError> {
        let bound = self.one.bound(draft, array)?;
        let alone = Analytic::default().bound(draft, array)?;
        assert_eq!(bound.to_bits(), alone.to_bits(), "{}", draft.text());
        Ok(bound)
    }
}

/// The programs of the corpus, as the front end reads them.
const CORPUS: &str = "../tests/corpus";

/// Both ways of choosing go through all regions of several nests with one oracle.
#[test]
fn what_was_seen_before_changes_no_estimate() {
    let files = std::fs::read_dir(CORPUS).unwrap();
    let paths: BTreeSet<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    let is_program = |path: &&PathBuf| path.to_string_lossy().ends_with(".mir.snap");
    let (mut oracle, device) = (Compared::default(), Device::default());
    for path in paths.iter().filter(is_program) {
        let text = std::fs::read_to_string(path).unwrap();
        let (_, text) = text.split_once("\n---\n").unwrap();
        let module = mupac_ir::parse::module(text).unwrap();
        let workload = Arc::new(mupac_passes::analyse(module));
        for region in 0..workload.regions.len() {
            let start = State::new(Arc::clone(&workload), region).unwrap();
            if start.nests().len() > 1 && greedy(&start, &mut oracle, &device).is_ok() {
                search(&start, &mut oracle, &mut Even, &device, Budget::of(24)).unwrap();
            }
        }
    }
    assert!(oracle.compared >= 500, "only {} drafts", oracle.compared);
}
