//! The moves that a failure needs: a plan that failed its check is tried without some of its moves, as long as what is
//! left is still a plan and still fails alike.
//!
//! **Source**: Zeller, Hildebrandt, “Simplifying and Isolating Failure-Inducing Input”, IEEE Transactions on Software
//! Engineering 28(2), 2002: the minimising algorithm, on a sequence; its prefixes come first, since a later move needs
//! those before it more often than the other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Move, Plan, Refusal, RegionPlan, Trajectory};
use mupac_passes::{Choice, State, Workload};
use mupac_tester::{CheckOptions, Failure, FailureKind, Outcome, TesterError, Verdicts};

use crate::candidates::Target;
use crate::failing::{is_bug, only_region};
use crate::stand_in::{Planned, StandIns};

/// Most checks for one region; each costs as much as the one that failed, without its mutants and its smallest test.
const MOST_CHECKS: usize = 24;

/// The moves of a region that a failure needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// The region.
    pub region: String,
    /// A plan that fails in the same way, without moves that it could do without.
    pub smallest: Trajectory,
    /// Those of them without which the rest, of these or of all moves, is a plan that passes; none where no plan does.
    pub moves: Vec<Move>,
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |moves: &[Move], joint: &str| {
            let words: Vec<String> = moves.iter().map(|each| format!("`{each}`")).collect();
            words.join(joint)
        };
        let smallest = listed(&self.smallest.moves, ", ");
        write!(f, "{} still fails with {smallest} alone", self.region)?;
        if self.moves.is_empty() {
            return Ok(());
        }
        write!(
            f,
            "; it passes without {}",
            listed(&self.moves, " or without ")
        )
    }
}

/// What a check needs besides the moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) workload: &'a Arc<Workload>,
    /// The choice for each region, as it failed.
    pub(crate) choices: &'a [Choice],
    pub(crate) target: &'a Target,
    pub(crate) check: &'a CheckOptions,
    /// What checks of the translation found out about functions.
    pub(crate) verdicts: &'a Verdicts,
    /// Makes what is tested in the place of what takes too long.
    pub(crate) stand_ins: &'a StandIns<'a>,
    /// As on a command line.
    pub(crate) options: &'a [String],
}

impl Setting<'_> {
    /// Returns the culprits of a plan, for each region that alone can be the cause of a failure.
    pub(crate) fn culprits(
        self,
        plan: &Plan,
        failures: &[Failure],
    ) -> Result<Vec<Culprit>, TesterError> {
        let mut found: Vec<Culprit> = Vec::new();
        for failure in failures.iter().filter(|failure| is_bug(failure, plan)) {
            let Some(name) = only_region(failure, plan) else {
                continue;
            };
            if found.iter().any(|each| each.region == name) {
                continue;
            }
            let mut regions = self.workload.regions.iter();
            let region = regions.position(|region| region.name == name);
            let start = region.and_then(|region| State::new(Arc::clone(self.workload), region));
            if let Some((start, region)) = start.zip(region) {
                let trial = Trial {
                    setting: self,
                    start,
                    region,
                    kind: failure.kind,
                    known: BTreeMap::new(),
                    checks: 0,
                };
                found.extend(trial.culprit()?);
            }
        }
        Ok(found)
    }
}

/// What becomes of a region with some of its moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// They lead to no plan, or it was not tried.
    NoPlan,
    Passes,
    Fails,
}

/// The search in one region.
struct Trial<'a> {
    setting: Setting<'a>,
    start: State,
    /// Its number.
    region: usize,
    kind: FailureKind,
    known: BTreeMap<Vec<Move>, Verdict>,
    checks: usize,
}

impl Trial<'_> {
    fn culprit(mut self) -> Result<Option<Culprit>, TesterError> {
        let Some(Choice::Kernel(failed)) = self.setting.choices.get(self.region) else {
            return Ok(None);
        };
        let all = failed.trajectory.moves.clone();
        self.known.insert(all.clone(), Verdict::Fails);
        let smallest = smallest(all.clone(), &mut |moves| {
            Ok::<_, TesterError>(self.verdict(moves)? == Verdict::Fails)
        })?;
        let mut moves = Vec::new();
        for each in &smallest {
            if self.passes_without(each, &smallest)? || self.passes_without(each, &all)? {
                moves.push(each.clone());
            }
        }
        Ok(Some(Culprit {
            region: self.start.region().name.clone(),
            smallest: Trajectory { moves: smallest },
            moves,
        }))
    }

    fn passes_without(&mut self, culprit: &Move, moves: &[Move]) -> Result<bool, TesterError> {
        let rest = moves.iter().filter(|each| *each != culprit);
        let rest: Vec<Move> = rest.cloned().collect();
        Ok(self.verdict(&rest)? == Verdict::Passes)
    }

    fn verdict(&mut self, moves: &[Move]) -> Result<Verdict, TesterError> {
        if let Some(known) = self.known.get(moves) {
            return Ok(*known);
        }
        let verdict = match self.plan(moves) {
            Ok(plan) if self.checks < MOST_CHECKS && !self.setting.check.is_spent() => {
                self.checks += 1;
                self.check(plan)?
            }
            Ok(_) | Err(_) => Verdict::NoPlan,
        };
        self.known.insert(moves.to_vec(), verdict);
        Ok(verdict)
    }

    fn plan(&self, moves: &[Move]) -> Result<RegionPlan, Refusal> {
        let Target {
            settings, device, ..
        } = self.setting.target;
        let trajectory = Trajectory {
            moves: moves.to_vec(),
        };
        let state = self.start.replay(&trajectory, device)?;
        state.finish(settings, device)
    }

    fn check(&self, region: RegionPlan) -> Result<Verdict, TesterError> {
        let name = region.name.clone();
        let mut choices = self.setting.choices.to_vec();
        if let Some(choice) = choices.get_mut(self.region) {
            *choice = Choice::Kernel(Box::new(region));
        }
        let plan = self.setting.target.plan(self.setting.workload, &choices);
        let options = CheckOptions {
            mutants: 0,
            shrinks: false,
            keep_temporaries: false,
            ..self.setting.check.clone()
        };
        let (unit, _) = self.setting.stand_ins.unit(Planned {
            workload: self.setting.workload,
            choices: &choices,
            plan: &plan,
            suspects: &BTreeSet::new(),
            check: &options,
        });
        let outcome = mupac_tester::check(&unit, &options, self.setting.verdicts)?;
        Ok(match outcome {
            Outcome::Verified(_) => Verdict::Passes,
            Outcome::Failed(failures) => {
                let is_alike = |failure: &Failure| {
                    failure.kind == self.kind && only_region(failure, &plan) == Some(name.as_str())
                };
                if failures.iter().any(is_alike) {
                    Verdict::Fails
                } else {
                    Verdict::NoPlan
                }
            }
            Outcome::NotTested(_) => Verdict::NoPlan,
        })
    }
}

/// Returns moves that still fail and of which none can be left out alone.
fn smallest<E>(
    mut moves: Vec<Move>,
    fails: &mut dyn FnMut(&[Move]) -> Result<bool, E>,
) -> Result<Vec<Move>, E> {
    for length in 1..moves.len() {
        if fails(&moves[..length])? {
            moves.truncate(length);
            break;
        }
    }
    let mut pieces = 2;
    while moves.len() >= 2 {
        let size = moves.len().div_ceil(pieces);
        let mut shorter = None;
        for from in (0..moves.len()).step_by(size) {
            let rest = without(&moves, from..(from + size).min(moves.len()));
            if !rest.is_empty() && fails(&rest)? {
                shorter = Some(rest);
                break;
            }
        }
        match shorter {
            Some(rest) => {
                moves = rest;
                pieces = (pieces - 1).max(2);
            }
            None if size == 1 => break,
            None => pieces = (2 * pieces).min(moves.len()),
        }
    }
    Ok(moves)
}

fn without(moves: &[Move], range: Range<usize>) -> Vec<Move> {
    let (before, rest) = moves.split_at(range.start);
    let after = rest.iter().skip(range.len());
    before.iter().chain(after).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves(words: &str) -> Vec<Move> {
        let each = words.split_whitespace();
        each.map(|word| format!("{word} i").parse().unwrap())
            .collect()
    }

    fn smallest_with(all: &str, needed: &[&str]) -> (String, usize) {
        let mut tries = 0;
        let found = smallest(moves(all), &mut |some| {
            tries += 1;
            let is_there = |name: &&str| some.iter().any(|each| each.step == *name);
            Ok::<_, ()>(needed.iter().all(is_there))
        });
        let names: Vec<String> = found.unwrap().into_iter().map(|each| each.step).collect();
        (names.join(" "), tries)
    }

    #[test]
    fn what_is_left_fails_and_has_no_move_to_spare() {
        for needed in [&["c"][..], &["a", "h"], &["b", "c", "g"], &["h"]] {
            let (left, tries) = smallest_with("a b c d e f g h", needed);
            assert_eq!(left, needed.join(" "));
            assert!(tries < 60, "{tries}");
        }
    }

    #[test]
    fn a_plan_that_needs_all_its_moves_keeps_them() {
        assert_eq!(smallest_with("a b c", &["a", "b", "c"]).0, "a b c");
        assert_eq!(smallest_with("a", &["a"]).0, "a");
    }
}
