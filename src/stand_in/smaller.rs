//! Smaller files: which are tried, in which order, and how they are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mupac_frontend::{Input, Options};
use mupac_ir::{Module, RegionPlan, Scaling, Source, Trajectory, Unit, parallel};
use mupac_passes::Workload;
use mupac_tester::{
    Allowance, CheckOptions, Pace, Remainders, Repeats, Scaled, Shrinks, common_multiple, costs,
    program_is_still_too_large, rewritten, scaled, still_too_large, testable, tested,
};

use super::{MAIN, Planned, StandIns};
use crate::candidates::Target;

/// Sizes keep their remainder by the least common multiple of what loops are cut by. Where that leads to another text, or to
/// a program that takes too long as well or that is undefined, by so many times that in turn: of each, the numerator and the
/// denominator.
const TIMES: [(u64, u64); 12] = [
    (1, 1),
    (2, 1),
    (4, 1),
    (1, 2),
    (1, 4),
    (1, 8),
    (1, 16),
    (1, 32),
    (1, 64),
    (1, 128),
    (8, 1),
    (16, 1),
];
/// What keeps fewer remainders apart is no smaller program of the same form.
const LEAST_MODULUS: u64 = 4;

/// The constants that are smaller, each with its new value.
pub(super) type Constants = BTreeMap<u64, u64>;

/// The plan of a region, or why there is none.
pub(super) type Again = Result<RegionPlan, String>;

/// A smaller file.
#[derive(Debug)]
pub(super) struct Smaller {
    pub(super) module: Module,
    /// All files of the program with smaller constants, where these are looked at.
    whole: Option<Module>,
    /// What its analysis found, once it is asked for.
    workload: OnceLock<Arc<Workload>>,
    /// What a run of it comes to, once that is asked.
    pace: OnceLock<Pace>,
    /// The last plan that was made of each region again, by its name, with the moves that led to it.
    pub(super) again: Mutex<BTreeMap<String, (Trajectory, Again)>>,
}

impl Smaller {
    /// Returns what its analysis finds.
    pub(super) fn workload(&self, target: &Target) -> &Arc<Workload> {
        self.workload
            .get_or_init(|| target.analysed(self.module.clone()))
    }
}

/// A smaller program that is tried.
pub(super) struct Tried {
    pub(super) scaled: Scaled,
    pub(super) read: Arc<Smaller>,
    /// The functions that are too large in it as well.
    pub(super) left: BTreeSet<String>,
    /// What tests of each function take.
    costs: BTreeMap<String, f64>,
}

impl Tried {
    /// Returns how many functions there is time to test without some; the program counts twice where there is time for all
    /// of them, since it launches all kernels.
    pub(super) fn testable_without(
        &self,
        is_left: impl Fn(&str) -> bool,
        check: &CheckOptions,
    ) -> usize {
        let check_time = check.allowance.as_ref().and_then(Allowance::budget);
        let functions = || self.costs.iter().filter(|(name, _)| !is_left(name));
        let fit = testable(functions().map(|(_, cost)| *cost), check_time);
        let is_whole =
            !is_left(MAIN) && self.costs.contains_key(MAIN) && fit == functions().count();
        fit + usize::from(is_whole)
    }

    /// Returns what tests of some functions take together.
    pub(super) fn cost(&self, is_left: impl Fn(&str) -> bool) -> f64 {
        let costs = self.costs.iter().filter(|(name, _)| !is_left(name));
        costs.map(|(_, cost)| *cost).sum()
    }

    /// Returns whether tests run the program, and not only its functions.
    pub(super) fn runs_program(&self, unit: &Unit) -> bool {
        (unit.has_main || self.read.whole.is_some()) && !self.left.contains(MAIN)
    }

    /// Returns whether one core runs the program quickly enough for tests, and as C defines it, which its text need not show:
    /// rows of a sparse matrix, files, convergence.
    pub(super) fn pace(&self, unit: &Unit, check: &CheckOptions) -> Pace {
        let (read, scaling) = (&self.read, &self.scaled.scaling);
        let ask = || Pace::of((&read.module.source, unit.has_main), scaling, check);
        *read.pace.get_or_init(ask)
    }

    /// Returns how many times smaller its constants are, together.
    pub(super) fn times_smaller(&self) -> u64 {
        let constants = self.scaled.scaling.constants.iter();
        let times = constants.map(|(old, new)| old / (*new).max(1));
        times.fold(1, u64::saturating_mul)
    }

    /// Returns whether no constant is smaller than another one's.
    pub(super) fn is_larger(&self, than: &Self) -> bool {
        let than = &than.scaled.scaling.constants;
        let mut constants = self.scaled.scaling.constants.iter();
        constants.all(|(constant, value)| value >= than.get(constant).unwrap_or(constant))
    }
}

impl StandIns<'_> {
    /// Returns the smaller files that are tried, in order.
    pub(super) fn all_smaller(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Tried> {
        let mut seen = BTreeSet::new();
        let mut texts = self.texts(planned, unit);
        texts.retain(|scaled| seen.insert(scaled.scaling.constants.clone()));
        let read = parallel::map(&texts, |scaled| self.read(planned, scaled));
        let all = texts.into_iter().zip(read);
        let all = all.filter_map(|(scaled, read)| {
            let read = read?;
            let mut left = still_too_large(&read.module, unit);
            if read.whole.as_ref().is_some_and(program_is_still_too_large) {
                left.insert(MAIN.to_owned());
            }
            let mut functions = tested(unit);
            functions.extend(read.whole.as_ref().map(|_| MAIN.to_owned()));
            Some(Tried {
                costs: costs((&read.module, read.whole.as_ref()), functions),
                left,
                scaled,
                read,
            })
        });
        all.collect()
    }

    /// Returns the texts of those that are tried, in order.
    fn texts(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Scaled> {
        let module = &planned.plan.module;
        let whole = self.whole(planned);
        let ways = Shrinks::of(whole.unwrap_or(module))
            .iter()
            .flat_map(|shrinks| {
                let repeats = [Repeats::Divided, Repeats::Few].into_iter();
                repeats.map(|repeats| (*shrinks, repeats))
            });
        let remainders = remainders(unit);
        let all = ways.flat_map(|ways| remainders.iter().map(move |each| (ways, *each)));
        let all = all.filter_map(|(ways, remainders)| {
            scaled((module, whole), &self.options.arguments, remainders, ways)
        });
        all.collect()
    }

    /// Reads a smaller file once, and all files of its program with it where that is what takes too long; `None` where one of
    /// them is none that is translated.
    fn read(&self, planned: Planned<'_>, scaled: &Scaled) -> Option<Arc<Smaller>> {
        let known = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let constants = &scaled.scaling.constants;
        if let Some(known) = known().get(constants) {
            return known.clone();
        }
        let smaller = self.read_now(planned, scaled).map(Arc::new);
        known().insert(constants.clone(), smaller.clone());
        smaller
    }

    fn read_now(&self, planned: Planned<'_>, scaled: &Scaled) -> Option<Smaller> {
        let scaling = &scaled.scaling;
        let (module, is_cxx) = self.parsed(&planned.plan.module.source, &scaled.text, scaling)?;
        if !is_cxx && self.target.split.is_none() {
            return None;
        }
        let whole = match self.whole(planned) {
            Some(whole) => {
                let text = rewritten(whole.source.text(), &scaling.constants)?;
                Some(self.parsed(&whole.source, &text, scaling)?.0)
            }
            None => None,
        };
        Some(Smaller {
            module,
            whole,
            workload: OnceLock::new(),
            pace: OnceLock::new(),
            again: Mutex::default(),
        })
    }

    /// Reads a smaller text under the name of a file, and says whether C++ takes it.
    fn parsed(&self, source: &Source, text: &str, scaling: &Scaling) -> Option<(Module, bool)> {
        let own = tempfile::tempdir().ok()?;
        let mut path = PathBuf::from(&source.name);
        if !scaling.headers.is_empty() {
            path = own.path().join(path.file_name()?);
        }
        for (name, text) in &scaling.headers {
            let header = own.path().join(name);
            fs::create_dir_all(header.parent()?).ok()?;
            fs::write(header, text).ok()?;
        }
        let input = Input {
            name: path.to_str()?.to_owned(),
            text: text.as_bytes().to_vec(),
            parts: source.parts_in(text),
        };
        let options = Options {
            arguments: scaling.arguments.clone(),
            ..self.options.clone()
        };
        let parsed = mupac_frontend::parse(&input, &options).ok()?;
        let mut module = parsed.module;
        module.source.name.clone_from(&source.name);
        Some((module, parsed.needs_c.is_empty()))
    }
}

/// Returns what sizes may keep their remainders by, in the order in which it is tried: the least common multiple of what all
/// loops are cut by, and that of what the loops of most functions are.
fn remainders(unit: &Unit) -> Vec<Remainders> {
    let each = unit.entries.iter().map(|entry| {
        let extents = entry.extents.iter().map(|extent| u64::from(*extent));
        extents.fold(1, common_multiple)
    });
    let each: Vec<u64> = each.collect();
    let all = each.iter().copied().fold(1, common_multiple);
    let bases = BTreeSet::from([all, usual(&each).unwrap_or(all)]);
    let by = |base: &u64| {
        let (base, least) = (*base, LEAST_MODULUS.min(*base));
        let moduli = TIMES.map(|(times, part)| base * times / part).into_iter();
        let moduli = moduli.filter(move |modulus| *modulus >= least);
        moduli.map(Remainders::By)
    };
    let same = bases.iter().rev().flat_map(by);
    let parts = bases.iter().copied().map(Remainders::ByParts);
    same.chain(parts).collect()
}

/// Returns the most frequent of some numbers, of equals the greatest.
fn usual(numbers: &[u64]) -> Option<u64> {
    let mut counts = BTreeMap::<u64, usize>::new();
    for number in numbers {
        *counts.entry(*number).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(number, _)| number)
}
