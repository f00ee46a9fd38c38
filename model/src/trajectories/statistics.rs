//! What is known of a move in nests of one kind.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Node;
use super::record::{MOST, Record, Source};

/// How many estimated observations one measured one outweighs at first.
const MEASURED_WEIGHT: f64 = 4.0;

/// How many programs are named as examples.
const MOST_EXAMPLES: usize = 8;

/// Mean and spread of a number that is seen again and again.
///
/// Sums of whole thousandths are exact, so the order in which trajectories are added does not matter, and a file of them
/// reads as it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    /// How often it was seen.
    #[serde(rename = "n")]
    pub count: u32,
    /// **Units**: thousandths.
    sum: i64,
    /// The sum of the squares. **Units**: millionths.
    squares: i64,
}

impl Moments {
    /// Adds an observation, rounded to a thousandth.
    pub fn add(&mut self, value: f64) {
        let thousandths = (value * 1000.0).round() as i64;
        self.count += 1;
        self.sum = self.sum.saturating_add(thousandths);
        self.squares = self
            .squares
            .saturating_add(thousandths.saturating_mul(thousandths));
    }

    /// Returns whether observations within [`MOST`] can have these sums.
    ///
    /// **Source**: the inequality of Cauchy and Schwarz.
    fn are_possible(&self) -> bool {
        let (count, sum) = (i128::from(self.count), i128::from(self.sum));
        let (squares, most) = (i128::from(self.squares), (MOST * 1000.0) as i128);
        sum.abs() <= count * most
            && (0..=count * most * most).contains(&squares)
            && sum * sum <= count * squares
    }

    /// Returns the mean, 0 for no observation.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / 1000.0 / f64::from(self.count.max(1))
    }

    /// Returns the variance of the observations, 0 for fewer than two.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        let sum = self.sum as f64 / 1000.0;
        let squares = self.squares as f64 / 1e6;
        (squares - sum * sum / f64::from(self.count)) / f64::from(self.count - 1)
    }
}

/// What is known of a move in nests of one kind; estimates and measurements never share a counter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// How far trajectories with this move stay behind the best of their region, by the cost model.
    pub estimated: Moments,
    /// The same, on GPUs.
    #[serde(default, skip_serializing_if = "is_unseen")]
    pub measured: Moments,
    /// How much faster than the default bindings such trajectories are, by the cost model.
    pub gain: Moments,
    /// How often a check found the text wrong by the fault of this move, by what it saw.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failures: BTreeMap<String, u32>,
    /// Some of the regions where it was made: `a.c saxpy:3`.
    pub examples: BTreeSet<String>,
    /// What the nest is after the move, where it was seen; of nests told apart by everything alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
}

fn is_unseen(moments: &Moments) -> bool {
    moments.count == 0
}

impl Statistics {
    /// Counts the move at `position` of a trajectory.
    pub fn add(&mut self, record: &Record, position: usize) {
        if let Some(failure) = &record.failure {
            if failure.at == position {
                *self.failures.entry(failure.kind.clone()).or_default() += 1;
            }
            return;
        }
        match record.source {
            Source::Estimated => {
                self.estimated.add(record.regret);
                self.gain.add(record.gain);
            }
            Source::Measured => self.measured.add(record.regret),
        }
        let example = format!("{} {}", record.program, record.region);
        if self.examples.len() < MOST_EXAMPLES || self.examples.contains(&example) {
            self.examples.insert(example);
        }
    }

    /// Returns what a file says that cannot be, in a sentence without a full stop.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let all = [self.estimated, self.measured, self.gain];
        (!all.iter().all(Moments::are_possible))
            .then_some("no observations of factors have these sums")
    }

    /// Returns how often the move was made.
    pub fn visits(&self) -> u32 {
        self.estimated.count.saturating_add(self.measured.count)
    }

    /// Returns how far behind the best this move is expected to stay: the measured mean, with the estimated one as if
    /// it had been measured `MEASURED_WEIGHT` times.
    pub fn expected(&self) -> f64 {
        let measured = f64::from(self.measured.count);
        (measured * self.measured.mean() + MEASURED_WEIGHT * self.estimated.mean())
            / (measured + MEASURED_WEIGHT)
    }

    /// Returns how likely a text with this move passes its check: the mean of a beta distribution that starts even.
    pub fn success(&self) -> f64 {
        let failures: f64 = self.failures.values().copied().map(f64::from).sum();
        let visits = f64::from(self.visits());
        (1.0 + visits) / (2.0 + visits + failures)
    }
}

/// Returns how often moves were made in nests of one kind.
pub(super) fn visits(node: &Node) -> u32 {
    let visits = node.values().map(Statistics::visits);
    visits.fold(0, u32::saturating_add)
}
