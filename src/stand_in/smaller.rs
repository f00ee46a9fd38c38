//! Smaller files: which are tried, in which order, and how they are read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError};

use mupac_frontend::{Input, Options};
use mupac_ir::{Module, Scaling, Source, Unit};
use mupac_passes::Workload;
use mupac_tester::{
    Allowance, CheckOptions, Pace, Repeats, Scaled, Shrinks, common_multiple,
    program_is_still_too_large, rewritten, scaled, still_too_large, testable, tested,
};

use super::{MAIN, Planned, StandIns};

/// Sizes keep their remainder by the least common multiple of what loops are cut by. Where that leads to another text, or to
/// a program that takes too long as well, by so many times that in turn: of each, the numerator and the denominator.
const TIMES: [(u64, u64); 10] = [
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
];
/// What keeps fewer remainders apart is no smaller program of the same form.
const LEAST_MODULUS: u64 = 4;

/// The constants that are smaller, each with its new value.
pub(super) type Constants = BTreeMap<u64, u64>;

/// A smaller file.
#[derive(Debug)]
pub(super) struct Smaller {
    pub(super) module: Module,
    /// All files of the program with smaller constants, where these are looked at.
    whole: Option<Module>,
    /// What its analysis found, once it is asked for.
    pub(super) workload: OnceLock<Arc<Workload>>,
    /// What a run of it comes to, once that is asked.
    pace: OnceLock<Pace>,
}

/// A smaller program that is tried.
pub(super) struct Tried {
    pub(super) scaled: Scaled,
    pub(super) read: Arc<Smaller>,
    /// The functions that are too large in it as well.
    pub(super) left: BTreeSet<String>,
    /// How many of the others there is time to test, as [`Self::testable_without`] counts.
    pub(super) testable: usize,
}

impl Tried {
    /// Returns how many functions there is time to test without some; the program counts twice where there is time for all
    /// of them, since it launches all kernels.
    pub(super) fn testable_without(
        &self,
        left: &BTreeSet<String>,
        unit: &Unit,
        check: &CheckOptions,
    ) -> usize {
        let check_time = check.allowance.as_ref().and_then(Allowance::budget);
        let mut functions = tested(unit);
        functions.extend(self.read.whole.as_ref().map(|_| MAIN.to_owned()));
        let functions = &functions - left;
        let smaller = (&self.read.module, self.read.whole.as_ref());
        let fit = testable(smaller, &functions, check_time);
        let is_whole = functions.contains(MAIN) && fit == functions.len();
        fit + usize::from(is_whole)
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
    /// Returns the smaller files by which some functions can be tested, as far as their sizes say: most first, and of equals
    /// in the order in which they are tried.
    pub(super) fn promising(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Tried> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for scaled in self.smaller(planned, unit) {
            if !seen.insert(scaled.scaling.constants.clone()) {
                continue;
            }
            let Some(read) = self.read(planned, &scaled) else {
                continue;
            };
            let mut left = still_too_large(&read.module, unit);
            if read.whole.as_ref().is_some_and(program_is_still_too_large) {
                left.insert(MAIN.to_owned());
            }
            let mut tried = Tried {
                left,
                scaled,
                read,
                testable: 0,
            };
            tried.testable = tried.testable_without(&tried.left, unit, planned.check);
            all.push(tried);
        }
        all.sort_by_key(|tried| Reverse(tried.testable));
        all
    }

    /// Returns the smaller files that are tried, in order.
    fn smaller(&self, planned: Planned<'_>, unit: &Unit) -> Vec<Scaled> {
        let extents = unit.entries.iter().flat_map(|entry| &entry.extents);
        let modulus = extents.fold(1, |all, extent| common_multiple(all, u64::from(*extent)));
        let module = &planned.plan.module;
        let whole = self.whole(planned);
        let ways = Shrinks::of(whole.unwrap_or(module))
            .iter()
            .flat_map(|shrinks| {
                let repeats = [Repeats::Divided, Repeats::Few].into_iter();
                repeats.map(|repeats| (*shrinks, repeats))
            });
        let tried = TIMES.map(|(times, part)| modulus * times / part);
        let large = tried
            .iter()
            .filter(|each| **each >= LEAST_MODULUS.min(modulus));
        let all = ways.flat_map(|ways| large.clone().map(move |modulus| (ways, *modulus)));
        let all = all.filter_map(|(ways, modulus)| {
            scaled((module, whole), &self.options.arguments, modulus, ways)
        });
        all.collect()
    }

    /// Reads a smaller file once, and all files of its program with it where that is what takes too long; `None` where one of
    /// them is none that is translated.
    fn read(&self, planned: Planned<'_>, scaled: &Scaled) -> Option<Arc<Smaller>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(&scaled.scaling.constants) {
            return known.clone();
        }
        let smaller = self.read_now(planned, scaled).map(Arc::new);
        read.insert(scaled.scaling.constants.clone(), smaller.clone());
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
