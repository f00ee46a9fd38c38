//! Trajectories made again on their programs, so that a graph holds what this mupac sees in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use mupac_ir::hash::text_hash;
use mupac_ir::{Move, Trajectory};
use mupac_model::trajectories::{Made, Record, trace};
use mupac_passes::{Device, State, Workload};

use crate::diagnostics::{Message, Reporter};
use crate::run;

/// Makes trajectories again, and counts those that cannot be.
pub(super) struct Replay<'a> {
    compiler: &'a [String],
    reporter: Reporter,
    /// The programs by name; `None` where one is missing or refused.
    programs: BTreeMap<String, Option<Arc<Workload>>>,
    /// How many trajectories stand as they were recorded, by program.
    kept: BTreeMap<String, usize>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(compiler: &'a [String], reporter: Reporter) -> Self {
        Self {
            compiler,
            reporter,
            programs: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// Returns a trajectory with the nests that its moves are made in today; as it was recorded where its program is not
    /// at hand, has changed, or does not take all of its moves.
    pub(super) fn again(&mut self, record: Record) -> Record {
        if let Some(moves) = self.traced(&record) {
            return Record { moves, ..record };
        }
        *self.kept.entry(record.program.clone()).or_default() += 1;
        record
    }

    fn traced(&mut self, record: &Record) -> Option<Vec<Made>> {
        let workload = self.program(&record.program)?;
        if text_hash(workload.module.source.text()) != record.text {
            return None;
        }
        let mut regions = workload.regions.iter();
        let number = regions.position(|region| region.name == record.region)?;
        let start = State::new(workload, number)?;
        let moves = record.moves.iter().map(|made| made.text.parse());
        let moves: Vec<Move> = moves.collect::<Result<_, _>>().ok()?;
        let made = trace(&start, &Trajectory { moves }, &Device::default()).ok()?;
        (made.len() == record.moves.len()).then_some(made)
    }

    fn program(&mut self, name: &str) -> Option<Arc<Workload>> {
        if let Some(known) = self.programs.get(name) {
            return known.clone();
        }
        let path = Path::new(name);
        let module = path
            .is_file()
            .then(|| run::module(path, self.compiler, self.reporter).ok());
        let workload = module
            .flatten()
            .map(|module| Arc::new(mupac_passes::analyse(module)));
        self.programs.insert(name.to_owned(), workload.clone());
        workload
    }

    /// Says which trajectories were not made again.
    pub(super) fn tell(&self) {
        let count: usize = self.kept.values().sum();
        let Some((first, _)) = self.kept.first_key_value() else {
            return;
        };
        let programs = match self.kept.len() {
            1 => first.clone(),
            several => format!("{first} and {} other programs", several - 1),
        };
        let words = format!("{count} trajectories of {programs} stand as they were recorded");
        let help = "they are made again where the programs lie at the same paths, unchanged";
        self.reporter.say(&Message::warning(words).help(help), None);
    }
}
