//! Inspections: the host runs the part of a region that subscripts depend on, and looks at what it notes.

use std::collections::{BTreeMap, BTreeSet};

use crate::inspection::{Apart, FARTHEST, Inspection};
use crate::plan::RegionPlan;

use super::activation::{Activation, Context};
use super::execute::Flow;
use super::fault::{Outcome, malformed};
use super::scope::Slot;
use super::value::Value;

impl<'m> Activation<'_, 'm> {
    /// Runs an inspection and returns whether it holds; it leaves least and greatest subscript where it does.
    pub(super) fn inspect(
        &mut self,
        region: &'m RegionPlan,
        inspection: &'m Inspection,
    ) -> Outcome<bool> {
        // The statements stand where the region stands; without a function they are nobody's region.
        let context = Context {
            handle: None,
            ..self.context
        };
        let before = self.machine.noted.replace(Vec::new());
        let slots = self.slots.clone();
        let mut inspector = Activation::new(self.machine, &region.function, context);
        inspector.slots = slots;
        let flow = inspector.block(&inspection.body)?;
        let noted = std::mem::replace(&mut self.machine.noted, before).unwrap_or_default();
        if flow != Flow::Next {
            return malformed("a jump out of an inspection");
        }
        let distinct: BTreeSet<i128> = noted.iter().map(|(subscript, _)| *subscript).collect();
        let (Some(first), Some(last)) = (distinct.first(), distinct.last()) else {
            return Ok(false);
        };
        if *first < -FARTHEST || *last > FARTHEST {
            return Ok(false);
        }
        let count = last - first + 1;
        let found = inspection.found().into_iter();
        for (var, value) in found.zip([*first, *last, count]) {
            self.set_slot(var, Slot::Value(Some(Value::Integer(value))));
        }
        Ok(match inspection.apart {
            Apart::Unasked => true,
            Apart::Each => distinct.len() == noted.len(),
            Apart::Iterations => are_apart(&noted),
        })
    }
}

/// Returns whether none of some subscripts lies between those of another iteration.
fn are_apart(noted: &[(i128, Option<i128>)]) -> bool {
    let mut ranges = BTreeMap::<Option<i128>, (i128, i128)>::new();
    for (at, iteration) in noted {
        let range = ranges.entry(*iteration).or_insert((*at, *at));
        *range = (range.0.min(*at), range.1.max(*at));
    }
    let mut ranges: Vec<_> = ranges.into_values().collect();
    ranges.sort_unstable();
    ranges.windows(2).all(|pair| pair[0].1 < pair[1].0)
}
