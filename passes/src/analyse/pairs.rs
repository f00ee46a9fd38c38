//! Which pairs of instances that touch one element a dependence is about.

use crate::isl::{self, Map};

/// Which pairs of instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All that touch one element.
    Whole,
    /// Of them those that agree on so many of the outermost iterators.
    Inside(usize),
    /// Of them those that do not.
    Outside(usize),
    /// Of all those that agree on so many of the outermost iterators, and not on the next.
    Between(usize),
    /// Of all those of which that does not hold.
    NotBetween(usize),
}

impl Part {
    /// Returns this part of pairs, where `together` holds of those that agree on so many of the outermost iterators.
    pub(super) fn of(
        self,
        whole: Map,
        together: &dyn Fn(usize) -> Result<Map, isl::Error>,
    ) -> Result<Map, isl::Error> {
        match self {
            Self::Whole => Ok(whole),
            Self::Inside(depth) => whole.intersect(&together(depth)?),
            Self::Outside(depth) => whole.subtract(&together(depth)?),
            Self::Between(depth) => {
                let inside = whole.intersect(&together(depth)?)?;
                inside.subtract(&together(depth + 1)?)
            }
            Self::NotBetween(depth) => {
                let outside = whole.subtract(&together(depth)?)?;
                outside.union(&whole.intersect(&together(depth + 1)?)?)
            }
        }
    }
}
