//! One trajectory as a line of JSON.

use mupac_ir::Move;
use mupac_passes::steps;
use serde::{Deserialize, Serialize};

use crate::signature::Signature;

/// The version of this form, raised where a reader of the old one would misunderstand.
pub const SCHEMA: u32 = 1;

/// More than any plan gains on another: no GPU does 2⁶⁴ times as much at once as one thread of it.
///
/// **Units**: binary logarithm of a factor.
pub(super) const MOST: f64 = 64.0;

/// What was done to a region, and how fast it became.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The file, as it was named.
    pub program: String,
    /// Hash of the file's text ([`mupac_ir::hash::text_hash`]).
    pub text: String,
    /// The region: `saxpy:3`.
    pub region: String,
    /// The GPU whose time it is.
    pub hardware: String,
    /// Where the times come from.
    pub source: Source,
    /// How much faster than by the default bindings.
    ///
    /// **Units**: binary logarithm of the factor, larger is faster.
    pub gain: f64,
    /// How much slower than the best trajectory known of the region, so not above 0.
    ///
    /// **Units**: as for `gain`.
    pub regret: f64,
    /// What the check saw where it failed (`value`, `race`, …), by whose fault: the number of the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The moves, in order.
    pub moves: Vec<Made>,
}

/// Where times come from; what is estimated never counts as measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// From the cost model.
    Estimated,
    /// From a GPU.
    Measured,
}

/// A move that made a wrong text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Which move, counted from 0.
    pub at: usize,
    /// What was seen.
    pub kind: String,
}

/// A move, and the nest that it was made in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// As a plan file has it.
    #[serde(rename = "move")]
    pub text: String,
    /// As any nest of the same signature has it.
    pub role: String,
    /// The nest before the move.
    pub nest: Signature,
    /// Which of the region's nests, counted from 0.
    pub number: usize,
}

impl Record {
    /// Returns what a line of the right form says that cannot be, in a sentence without a full stop.
    pub fn fault(&self) -> Option<String> {
        if !(-MOST..=MOST).contains(&self.gain) {
            return Some(format!("2^{} is no factor of speed", self.gain));
        }
        if !(-MOST..=0.0).contains(&self.regret) {
            return Some(format!(
                "2^{} is not what the best is ahead by",
                self.regret
            ));
        }
        let count = self.moves.len();
        if self
            .failure
            .as_ref()
            .is_some_and(|failure| failure.at >= count)
        {
            return Some(format!("it fails by a move that is none of its {count}"));
        }
        self.moves.iter().find_map(Made::fault)
    }
}

impl Made {
    fn fault(&self) -> Option<String> {
        let step = match self.text.parse::<Move>() {
            Ok(step) => step,
            Err(error) => return Some(error.to_string()),
        };
        if let Err(refusal) = steps::step(&step) {
            return Some(refusal.reason.to_string());
        }
        let is_of_step = self.role.split(' ').next() == Some(step.step.as_str());
        (!is_of_step).then(|| format!("`{}` is not the role of `{}`", self.role, self.text))
    }
}
