//! Which copy a read of a shared array sees.
//!
//! Copies to one element are ordered among themselves, and each is ordered against each read of it.
//! So one copy before a read is the last; it holds what is wanted if every copy before the read that holds something
//! else is followed by another one before the read.

use super::replaced::Staged;
use super::staging::Staging;
use crate::isl;

impl Staging<'_> {
    /// Copies to one element, by any threads of a block, come one after another.
    pub(super) fn copies_once(&self) -> Result<Option<String>, isl::Error> {
        for (at, one) in self.copies.iter().enumerate() {
            for other in &self.copies[at..] {
                let mut pairs = self.meeting(*one, *other)?;
                if one.0 == other.0 {
                    let points = self.barriers.points(one.0)?;
                    pairs = pairs.subtract(&points.identity()?)?;
                }
                let unordered = pairs
                    .subtract(&self.barriers.before(one.0, other.0)?)?
                    .subtract(&self.barriers.before(other.0, one.0)?.reverse()?)?;
                if !unordered.is_empty()? {
                    let elements = unordered.domain()?.apply(&self.elements(*one)?)?;
                    return Ok(Some(format!(
                        "nothing orders two copies to {}, one of {}",
                        self.name(),
                        self.element(&elements)?
                    )));
                }
            }
        }
        Ok(None)
    }

    pub(super) fn sees_its_value(
        &self,
        read: (usize, &Staged),
    ) -> Result<Option<String>, isl::Error> {
        let elements = self.elements(read)?;
        let mut earlier = Vec::new();
        let mut seen: Option<isl::Set> = None;
        for copy in &self.copies {
            let pairs = self.meeting(read, *copy)?;
            let before = pairs.intersect(&self.barriers.before(copy.0, read.0)?.reverse()?)?;
            let after = pairs.intersect(&self.barriers.before(read.0, copy.0)?)?;
            let unordered = pairs.subtract(&before)?.subtract(&after)?;
            if !unordered.is_empty()? {
                let element = self.element(&unordered.domain()?.apply(&elements)?)?;
                return Ok(Some(format!(
                    "nothing orders a copy to {} and the read of {element}",
                    self.name()
                )));
            }
            let reached = before.domain()?;
            seen = Some(match seen {
                Some(seen) => seen.union(&reached)?,
                None => reached,
            });
            earlier.push((*copy, before));
        }
        let points = self.barriers.points(read.0)?;
        let unseen = match seen {
            Some(seen) => points.subtract(&seen)?,
            None => points,
        };
        if !unseen.is_empty()? {
            let element = self.element(&unseen.apply(&elements)?)?;
            return Ok(Some(format!(
                "{} does not hold {element} where it is read",
                self.name()
            )));
        }
        for (copy, before) in &earlier {
            let right = elements.apply_range(&self.elements(*copy)?.reverse()?)?;
            let mut wrong = before.subtract(&right)?;
            for (next, later) in &earlier {
                if wrong.is_empty()? {
                    break;
                }
                let over = self
                    .meeting(*copy, *next)?
                    .intersect(&self.barriers.before(copy.0, next.0)?)?;
                wrong = wrong.subtract(&later.apply_range(&over.reverse()?)?)?;
            }
            if !wrong.is_empty()? {
                let element = self.element(&wrong.domain()?.apply(&elements)?)?;
                return Ok(Some(format!(
                    "{} holds something else than {element} where that is read",
                    self.name()
                )));
            }
        }
        Ok(None)
    }
}
