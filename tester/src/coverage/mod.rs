//! How much of the original the tests reach: every loop with no, one and several iterations, every branch both ways.
//!
//! Probes are calls around the conditions of `for`, `while` and `if`, put into a copy of the original's text; what they
//! see comes back with the results of a run.
//! A condition that no probe fits, for instance because a macro brings it, is not counted.

mod feasible;
mod header;
mod probes;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use probes::probed;

/// Below this share of outcomes, or of lines, tests say too little.
const LEAST_OUTCOMES: f64 = 0.8;
const LEAST_LINES: f64 = 0.9;
/// Most outcomes that are named one by one.
const MOST_NAMED: usize = 8;

/// What the tests of a text reached of the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Outcomes of conditions: no, one and several iterations of each loop, both ways of each branch.
    pub outcomes: usize,
    /// How many of them a test reached.
    pub outcomes_reached: usize,
    /// Lines with statements.
    pub lines: usize,
    /// How many of them a test reached.
    pub lines_reached: usize,
    /// What no test reached, in words.
    pub missed: Vec<String>,
}

impl Coverage {
    /// Returns the share of outcomes that a test reached.
    pub fn outcome_share(&self) -> f64 {
        share(self.outcomes_reached, self.outcomes)
    }

    /// Returns the share of lines that a test reached.
    pub fn line_share(&self) -> f64 {
        share(self.lines_reached, self.lines)
    }

    /// Adds what tests of other functions reached.
    pub(crate) fn join(&mut self, other: Self) {
        self.outcomes += other.outcomes;
        self.outcomes_reached += other.outcomes_reached;
        self.lines += other.lines;
        self.lines_reached += other.lines_reached;
        self.missed.extend(other.missed);
    }

    /// Returns whether the tests reached too little to be trusted.
    pub fn is_low(&self) -> bool {
        self.outcome_share() < LEAST_OUTCOMES || self.line_share() < LEAST_LINES
    }
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 {
        1.0
    } else {
        part as f64 / all as f64
    }
}

/// What probes saw: for each, a bit for each outcome.
pub(crate) type Reached = BTreeMap<usize, u8>;

/// Adds what the probes of one run saw.
pub(crate) fn add(reached: &mut Reached, more: &Reached) {
    for (probe, seen) in more {
        *reached.entry(*probe).or_default() |= seen;
    }
}

/// Returns whether a run saw something that is not known yet.
pub(crate) fn is_new(more: &Reached, reached: &Reached) -> bool {
    let known = |probe: &usize| reached.get(probe).copied().unwrap_or(0);
    more.iter().any(|(probe, seen)| seen & !known(probe) != 0)
}

/// The original with probes.
#[derive(Debug, Default)]
pub(crate) struct Probed {
    /// The text; `None` where there is nothing to probe.
    pub(crate) text: Option<String>,
    probes: Vec<Probe>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Probe {
    /// Name of the function.
    function: String,
    /// Where its statement starts in the original.
    at: u32,
    /// Its line, in words.
    place: String,
    is_loop: bool,
    /// The outcomes that some input may have.
    feasible: u8,
}

/// A line of statements and what has to happen for it to run.
#[derive(Debug)]
struct Line {
    /// Which one, in words.
    place: String,
    /// Each with the outcomes of which one is needed.
    needs: Vec<(usize, u8)>,
}

/// Outcomes of a loop.
const NO_TRIP: u8 = 1;
const ONE_TRIP: u8 = 2;
const TRIPS: u8 = 4;
/// Outcomes of a branch.
const NOT_TAKEN: u8 = 1;
const TAKEN: u8 = 2;

impl Probed {
    /// Returns what was seen by where probes stand instead of by their numbers.
    pub(crate) fn placed(&self, reached: &Reached) -> Reached {
        let place = |number: &usize| self.probes.get(*number).map(|probe| probe.at as usize);
        let seen = reached.iter();
        seen.filter_map(|(number, seen)| Some((place(number)?, *seen)))
            .collect()
    }

    /// Returns what was seen by the numbers of the probes that stand at these places.
    pub(crate) fn numbered(&self, placed: &Reached) -> Reached {
        let probes = self.probes.iter().enumerate();
        let seen = |probe: &Probe| placed.get(&(probe.at as usize)).copied();
        probes
            .filter_map(|(number, probe)| Some((number, seen(probe)?)))
            .collect()
    }

    /// Returns whether an outcome of a function's conditions is missing.
    pub(crate) fn is_missing(&self, function: &str, reached: &Reached) -> bool {
        let mut probes = self.probes.iter().enumerate();
        probes.any(|(number, probe)| {
            let seen = reached.get(&number).copied().unwrap_or(0);
            probe.function == function && probe.feasible & !seen != 0
        })
    }

    /// Returns the functions of which tests that saw this reached nothing.
    pub(crate) fn untouched(&self, reached: &Reached) -> BTreeSet<&str> {
        let (mut touched, mut all) = (BTreeSet::new(), BTreeSet::new());
        for (number, probe) in self.probes.iter().enumerate() {
            all.insert(probe.function.as_str());
            if reached.get(&number).is_some_and(|seen| *seen != 0) {
                touched.insert(probe.function.as_str());
            }
        }
        &all - &touched
    }

    /// Returns what tests that saw this reached, but of some functions.
    pub(crate) fn coverage(&self, reached: &Reached, apart: &BTreeSet<&str>) -> Coverage {
        let counts = |probe: &Probe| !apart.contains(probe.function.as_str());
        let seen = |probe: usize| reached.get(&probe).copied().unwrap_or(0);
        let mut coverage = Coverage::default();
        let probes = self.probes.iter().enumerate();
        for (number, probe) in probes.filter(|(_, probe)| counts(probe)) {
            let missed = probe.feasible & !seen(number);
            coverage.outcomes += probe.feasible.count_ones() as usize;
            coverage.outcomes_reached += (probe.feasible & !missed).count_ones() as usize;
            coverage.missed.extend(words(probe, missed));
        }
        let more = coverage.missed.len().saturating_sub(MOST_NAMED);
        coverage.missed.truncate(MOST_NAMED);
        if more > 0 {
            coverage.missed.push(format!("and {more} more"));
        }
        let runs = |line: &&Line| {
            let mut needs = line.needs.iter();
            needs.all(|(probe, outcomes)| seen(*probe) & outcomes != 0)
        };
        let count = |lines: &[&Line]| -> usize {
            let places: BTreeSet<&str> = lines.iter().map(|line| line.place.as_str()).collect();
            places.len()
        };
        let is_counted = |line: &&Line| {
            let mut probes = line.needs.iter().map(|(probe, _)| self.probes.get(*probe));
            probes.all(|probe| probe.is_none_or(counts))
        };
        let all: Vec<&Line> = self.lines.iter().filter(is_counted).collect();
        let ran: Vec<&Line> = all.iter().copied().filter(runs).collect();
        coverage.lines = count(&all);
        coverage.lines_reached = count(&ran);
        coverage
    }
}

/// Says which outcomes of a condition are missing.
fn words(probe: &Probe, missed: u8) -> Vec<String> {
    let names: &[(u8, &str)] = if probe.is_loop {
        &[
            (NO_TRIP, "no iteration"),
            (ONE_TRIP, "one iteration"),
            (TRIPS, "several iterations"),
        ]
    } else {
        &[(NOT_TAKEN, "false"), (TAKEN, "true")]
    };
    let what = if probe.is_loop { "loop" } else { "condition" };
    names
        .iter()
        .filter(|(bit, _)| missed & bit != 0)
        .map(|(_, name)| format!("{what} of {} with {name}", probe.place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(line: usize, is_loop: bool, feasible: u8) -> Probe {
        Probe {
            function: "f".to_owned(),
            at: line as u32,
            place: format!("line {line}"),
            is_loop,
            feasible,
        }
    }

    #[test]
    fn outcomes_and_lines_are_counted_and_missed_ones_named() {
        let probed = Probed {
            text: None,
            probes: vec![
                probe(2, true, NO_TRIP | ONE_TRIP | TRIPS),
                probe(3, false, NOT_TAKEN | TAKEN),
                probe(5, true, TRIPS),
            ],
            lines: vec![
                Line {
                    place: "line 3".to_owned(),
                    needs: vec![(0, ONE_TRIP | TRIPS)],
                },
                Line {
                    place: "line 4".to_owned(),
                    needs: vec![(0, ONE_TRIP | TRIPS), (1, TAKEN)],
                },
            ],
        };
        let reached = Reached::from([(0, ONE_TRIP | TRIPS), (1, NOT_TAKEN), (2, TRIPS)]);
        let coverage = probed.coverage(&reached, &BTreeSet::new());
        assert_eq!((coverage.outcomes, coverage.outcomes_reached), (6, 4));
        assert_eq!((coverage.lines, coverage.lines_reached), (2, 1));
        assert_eq!(
            coverage.missed,
            [
                "loop of line 2 with no iteration",
                "condition of line 3 with true"
            ]
        );
        assert!(coverage.is_low() && probed.is_missing("f", &reached));
        assert!(!probed.is_missing("g", &reached));
        let placed = probed.placed(&reached);
        assert_eq!(placed.keys().copied().collect::<Vec<_>>(), [2, 3, 5]);
        assert_eq!(probed.numbered(&placed), reached);
        let all = Reached::from([(0, 7), (1, 3), (2, TRIPS)]);
        assert!(!probed.coverage(&all, &BTreeSet::new()).is_low() && !probed.is_missing("f", &all));
    }
}
