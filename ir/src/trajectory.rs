//! Optimisation trajectories: what was done to a region, as text that replays.

use std::fmt;
use std::str::FromStr;

use crate::stmt::LoopName;

/// One rewrite: a step's name, the loop it starts from, and its arguments.
///
/// Text: `split i 256 -> i.o i.i` is step `split`, target `i`, arguments `256`, `->`, `i.o`, `i.i`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Move {
    /// Name of the step.
    pub step: String,
    /// The loop it applies to.
    pub target: LoopName,
    /// What else the step needs, word by word.
    pub arguments: Vec<String>,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.step, self.target)?;
        self.arguments
            .iter()
            .try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// A line that is not a move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a move is `step loop arguments…`, but this line is `{0}`")]
pub struct MoveError(pub String);

impl FromStr for Move {
    type Err = MoveError;

    fn from_str(line: &str) -> Result<Self, MoveError> {
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(step), Some(target)) = (words.next(), words.next()) else {
            return Err(MoveError(line.to_owned()));
        };
        Ok(Self {
            step,
            target: LoopName(target),
            arguments: words.collect(),
        })
    }
}

/// The moves from the region as written to its plan, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trajectory {
    /// Empty: as written.
    pub moves: Vec<Move>,
}

impl fmt::Display for Trajectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.moves.iter().try_for_each(|each| writeln!(f, "{each}"))
    }
}
