//! The choice of smaller programs by which the functions of a plan can be tested.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use mupac_ir::{StandIn, Unit};
use mupac_tester::Pace;

use super::again::owners;
use super::made::Made;
use super::smaller::Tried;
use super::{MAIN, NoStandIn, Planned, StandIns};

/// So many smaller programs are tested in the place of one at most, each built and run by itself.
const MOST: usize = 3;

/// So many are translated at most in the search for one of them.
const MOST_MADE: usize = 8;

/// Larger ones than one that is undefined may be defined, as where numbers choose elements; of so many none was.
const MOST_UNDEFINED: usize = 3;

/// How many functions a program may test, what that takes, and its position.
type Ranked = (usize, f64, usize);

/// Why there is none at all.
const NO_SIZE: &str = "none of its constants is a size that can be smaller";

/// The search for one plan.
pub(super) struct Search<'s, 'a> {
    stand_ins: &'s StandIns<'a>,
    planned: Planned<'s>,
    unit: &'s Unit,
    /// The functions that are to be tested.
    wanted: BTreeSet<String>,
    /// Those that were not looked at, in order.
    tried: Vec<Tried>,
    /// Those of which a run takes too long.
    slow: Vec<Tried>,
    made: Vec<Made>,
    /// What is in the way of the first that stands for nothing.
    why: Option<String>,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(stand_ins: &'s StandIns<'a>, planned: Planned<'s>, unit: &'s Unit) -> Self {
        let mut wanted = mupac_tester::tested(unit);
        let owners = owners(planned.plan);
        wanted.extend(owners.values().map(|owner| (*owner).to_owned()));
        Self {
            stand_ins,
            planned,
            unit,
            wanted,
            tried: stand_ins.all_smaller(planned, unit),
            slow: Vec::new(),
            made: Vec::new(),
            why: None,
        }
    }

    /// Returns stand-ins by which as many functions can be tested as possible, and which are left.
    ///
    /// **Errors**: why there is none.
    pub(super) fn found(mut self) -> Result<(Vec<StandIn>, Option<NoStandIn>), String> {
        let (mut found, mut missing) = (Vec::new(), None);
        let mut tested = BTreeSet::new();
        while found.len() < MOST {
            let Some(best) = self.next(&tested) else {
                break;
            };
            let made = &self.made[best];
            found.push(made.stand_in(self.planned, &tested));
            let stands_for = |name: &&String| !made.left.contains_key(*name);
            tested.extend(self.wanted.iter().filter(stands_for).cloned());
            let functions = &self.wanted - &tested;
            let reason = functions.first().and_then(|name| made.left.get(name));
            missing = reason.map(|why| NoStandIn {
                why: made.tried.without(why),
                functions,
            });
            if missing.is_none() {
                break;
            }
        }
        if found.is_empty() {
            return Err(self.why.unwrap_or_else(|| NO_SIZE.to_owned()));
        }
        Ok((found, missing))
    }

    /// Returns the program by which most functions can be tested that are not yet, by its position; of those that take too long,
    /// the first in the order of their sizes.
    fn next(&mut self, tested: &BTreeSet<String>) -> Option<usize> {
        let mut count = 0;
        loop {
            let best = self.best(tested);
            let least = best.map_or(0, |(number, _)| number);
            let promising = self.promising(tested).filter(|(most, _)| *most > least);
            let Some((_, at)) = promising.filter(|_| count < MOST_MADE) else {
                return best.map(|(_, at)| at).or_else(|| self.slow(tested));
            };
            count += 1;
            let tried = self.tried.remove(at);
            self.look_at(tried);
        }
    }

    /// Returns which program may be the best of those that were not looked at, as far as sizes say, by its position, and by how
    /// many functions. Of equals it is the first, whose sizes are largest; where others are tested already, that which takes
    /// least.
    fn promising(&self, tested: &BTreeSet<String>) -> Option<(usize, usize)> {
        let numbers = self.tried.iter().enumerate().map(|(at, tried)| {
            let is_left = |name: &str| tried.left.contains(name) || tested.contains(name);
            let most = tried.testable_without(is_left, self.planned.check);
            let cost = if tested.is_empty() {
                0.0
            } else {
                tried.cost(is_left)
            };
            (most, cost, at)
        });
        let better = |(most, cost, _): &Ranked, (other, others, _): &Ranked| {
            most.cmp(other).then(others.total_cmp(cost))
        };
        let best = numbers.rev().max_by(better);
        best.map(|(most, _, at)| (most, at))
    }

    /// Returns the best of those that were translated, by its position, and how many functions can be tested by it that are not
    /// yet.
    fn best(&self, tested: &BTreeSet<String>) -> Option<(usize, usize)> {
        let all = self.made.iter().enumerate();
        let more = all.filter(|(_, made)| self.stands_for_more(made, tested));
        let numbers = more.map(|(at, made)| {
            // What is undefined tests functions, but not the program.
            let is_undefined = made.pace == Pace::Undefined;
            let is_left = |name: &str| {
                made.left.contains_key(name)
                    || tested.contains(name)
                    || name == MAIN && is_undefined
            };
            let number = made.tried.testable_without(is_left, self.planned.check);
            (number, at)
        });
        numbers.max_by_key(|(number, at)| (*number, Reverse(*at)))
    }

    /// Returns whether a program stands for a function that is not tested yet.
    fn stands_for_more(&self, made: &Made, tested: &BTreeSet<String>) -> bool {
        let mut wanted = self.wanted.iter();
        wanted.any(|name| !made.left.contains_key(name) && !tested.contains(name))
    }

    /// Translates a program, unless one core takes too long for it.
    fn look_at(&mut self, tried: Tried) {
        let is_slower = self.slow.iter().any(|slow| tried.is_larger(slow));
        let undefined = self.made.iter().filter(|made| made.pace == Pace::Undefined);
        let is_no_larger = |made: &Made| !tried.is_larger(&made.tried);
        let is_undefined =
            undefined.clone().count() >= MOST_UNDEFINED || undefined.clone().any(is_no_larger);
        let pace = match tried.runs_program(self.unit) {
            false => Pace::Quick,
            true if is_slower => Pace::Slow,
            true if is_undefined => Pace::Undefined,
            true => tried.pace(self.unit, self.planned.check),
        };
        if pace == Pace::Slow {
            self.slow.push(tried);
        } else {
            self.make(tried, pace);
        }
    }

    fn make(&mut self, tried: Tried, pace: Pace) {
        match Made::of(self.stand_ins, (self.planned, self.unit), (tried, pace)) {
            Ok(made) => self.made.push(made),
            Err(why) => self.why = self.why.take().or(Some(why)),
        }
    }

    /// Translates those that take too long, the smallest first, until one stands for a function that is not tested yet.
    fn slow(&mut self, tested: &BTreeSet<String>) -> Option<usize> {
        self.slow.sort_by_key(Tried::times_smaller);
        while let Some(tried) = self.slow.pop() {
            let before = self.made.len();
            self.make(tried, Pace::Slow);
            let made = self.made.get(before);
            if made.is_some_and(|made| self.stands_for_more(made, tested)) {
                return Some(before);
            }
        }
        None
    }
}
