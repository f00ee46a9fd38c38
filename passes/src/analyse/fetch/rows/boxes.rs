//! Whether a region certainly reaches all rows between the least and the greatest, of all planes between them.

use std::collections::BTreeSet;

use mupac_ir::Function;

use super::ends::Level;
use crate::sum::Sum;

/// Rows of planes that a region certainly reaches: the same ones of each plane.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    all: Vec<[(Sum, Sum); 2]>,
}

impl Boxes {
    /// Notes the first plane and row of one use and the ends, where they do not depend on one another.
    pub(super) fn add(&mut self, ends: &[(Sum, Sum)], is_box: bool) {
        if let ([planes, rows], true) = (ends, is_box) {
            self.all.push([*planes, *rows]);
        }
    }

    /// Returns whether some planes that follow one another have all rows of all planes.
    pub(super) fn fill(&self, function: &Function, levels: &[Level]) -> bool {
        let only = |level: &Level| Some((level.first.only()?, level.end.only()?));
        let all: Option<Vec<(Sum, Sum)>> = levels.iter().map(only).collect();
        let Some([planes, rows]) = all.as_deref() else {
            return false;
        };
        let is_same = |a: Sum, b: Sum| a.offset == b.offset && a.has_base_of(b, function);
        // How many planes lie before those of a use, and how many behind them.
        let beside = |own: &(Sum, Sum)| {
            let are_near =
                own.0.has_base_of(planes.0, function) && own.1.has_base_of(planes.1, function);
            are_near.then_some((
                own.0.offset - planes.0.offset,
                planes.1.offset - own.1.offset,
            ))
        };
        let mut found = BTreeSet::new();
        for [own, _] in &self.all {
            let place = beside(own);
            let alike = self.all.iter().filter(|[other, _]| beside(other) == place);
            let has_first = alike.clone().any(|[_, own]| is_same(own.0, rows.0));
            let has_last = alike.clone().any(|[_, own]| is_same(own.1, rows.1));
            found.extend(place.filter(|_| has_first && has_last));
        }
        let found: Vec<(i128, i128)> = found.into_iter().collect();
        let are_next = found.windows(2).all(|pair| pair[1].0 - pair[0].0 <= 1);
        are_next
            && found.iter().any(|(before, _)| *before == 0)
            && found.iter().any(|(_, behind)| *behind == 0)
    }
}
