//! The only loop between the stages: choose a candidate per region, plan, emit, check; a failed check moves only the
//! regions it names to their next candidate, the last being the original text.
//!
//! What is written is whatever the tester lets through; this module never decides that a text is right.

use std::collections::BTreeSet;
use std::sync::Arc;

use mupac_backend_cuda as backend;
use mupac_ir::{Memory, Module, Plan, Reason, RegionPlan, parallel};
use mupac_model::account::Times;
use mupac_model::analytic::{ArrayCopy, Copies, Run};
use mupac_model::greedy::ChoiceError;
use mupac_passes::{Choice, Device, State, Workload};
use mupac_tester::{CheckOptions, Outcome, TesterError, Unchecked, Unlaunched, Verdicts};

use crate::candidates::{Candidates, Effort, Origin, Target, Way};
use crate::culprit::Setting;
use crate::failing::{Case, Dropped, demote, is_bug, suspected};
use crate::plan_file::{PlanFile, PlanFileError};
use crate::report;
use crate::seen_through;
use crate::shared_copies::copies;
use crate::stand_in::{NoStandIn, Planned, StandIns};
use crate::writer::{Checked, OriginalText};

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// How mappings are chosen.
    pub selection: Selection,
    /// What every choice needs to know.
    pub target: Target,
    /// How the text is checked; `None`: not at all.
    pub check: Option<CheckOptions>,
    /// Whether a failed check ends the translation.
    pub is_strict: bool,
    /// The options that decide what is emitted and how it is checked, apart from files, as on a command line.
    pub options: Vec<String>,
    /// Whether the file was read so that kept text names its lines at every statement.
    pub names_lines: bool,
}

impl Request {
    /// Returns what makes the programs that are tested in the place of those that take too long.
    fn stand_ins(&self) -> StandIns<'_> {
        let arguments = self.check.as_ref();
        let arguments = arguments.map_or(&[][..], |check| &check.compile_arguments);
        StandIns::new(&self.target, arguments, self.names_lines)
    }
}

/// How mappings are chosen.
#[derive(Clone, Debug)]
pub enum Selection {
    /// By the default bindings.
    Naive,
    /// Greedily, by the analytic estimate; then by the default bindings.
    Greedy,
    /// By a search; then greedily, then by the default bindings.
    Search(Effort),
    /// By a file; regions that it does not name keep their text.
    Replay(PlanFile),
    /// Not at all: every loop stays on the host.
    Host,
}

impl Selection {
    /// Returns the ways to choose a mapping for a region of this name, by rank; none: it stays as it is.
    pub fn ways(&self, region: &str) -> Vec<Way> {
        match self {
            Self::Host => Vec::new(),
            Self::Naive => vec![Way::Naive],
            Self::Greedy => vec![Way::Greedy, Way::Naive],
            Self::Search(effort) => vec![Way::Search(effort.clone()), Way::Greedy, Way::Naive],
            Self::Replay(file) => {
                let replay = file.trajectory(region).cloned().map(Way::Replay);
                let naive = replay.as_ref().map(|_| Way::Naive);
                replay.into_iter().chain(naive).collect()
            }
        }
    }

    /// Returns the option that a region is as it was by.
    fn option(&self) -> &'static str {
        match self {
            Self::Host => "--no-parallel",
            Self::Naive => "-O0",
            Self::Greedy => "-O2",
            Self::Search(_) => "-O3",
            Self::Replay(_) => "--plan",
        }
    }
}

/// What came of a translation.
#[derive(Debug)]
pub struct Translation {
    /// The last plan.
    pub plan: Plan,
    /// What the checks saw on the way to it.
    pub dropped: Vec<Dropped>,
    /// How it ended.
    pub ending: Ending,
    /// How each region came to its plan.
    candidates: Vec<Candidates>,
    target: Target,
}

impl Translation {
    /// Returns the GPU that mappings were chosen for.
    pub fn device(&self) -> &Device {
        &self.target.device
    }

    /// Returns whether kernels work on copies of the host's memory.
    pub(crate) fn copies_memory(&self) -> bool {
        self.target.settings.memory == Memory::Explicit && !self.plan.regions.is_empty()
    }

    /// Returns what a run of a region takes, with the copies that it has alone.
    pub fn times(&self, number: usize, run: Run) -> Option<Times> {
        let region = self.plan.regions.get(number)?;
        let copies = copies(&self.plan, number).without_pieces();
        self.candidates_of(region)?
            .times(region, copies, run, &self.target)
    }

    /// Returns whether the user said from how many iterations on kernels run, whatever that is worth.
    pub fn launches_always(&self) -> bool {
        self.target.settings.cpu_threshold.is_some()
    }

    /// Returns what is to be said of the moves of a region's plan.
    pub fn account(&self, region: &RegionPlan) -> report::Trajectory {
        self.candidates_of(region)
            .map_or_else(report::Trajectory::default, |each| {
                each.account(&region.trajectory, &self.target.device)
            })
    }

    /// Returns what a region's plan came of.
    pub fn origin(&self, region: &RegionPlan) -> Option<Origin> {
        self.candidates_of(region)?.origin()
    }

    /// Returns what copies of a region's arrays take which has so many iterations; `None`: at typical sizes.
    pub fn copies(&self, number: usize, iterations: Option<f64>) -> Vec<ArrayCopy> {
        let region = self.plan.regions.get(number);
        let own = region.and_then(|region| Some((region, self.candidates_of(region)?)));
        own.map_or_else(Vec::new, |(region, own)| {
            own.copies(region, iterations, &self.target)
        })
    }

    fn candidates_of(&self, region: &RegionPlan) -> Option<&Candidates> {
        let mut candidates = self.candidates.iter();
        candidates.find(|each| each.name() == region.name)
    }
}

/// How a translation ended.
#[derive(Debug)]
pub enum Ending {
    /// There is a text to write.
    Done(Box<Checked>),
    /// A check failed and the user wants to know rather than to have the next candidate.
    StrictFailure,
    /// The text without any kernel does not do what the original does.
    OriginalDiffers,
}

/// Why a translation did not come to an end.
#[derive(Debug, thiserror::Error)]
pub enum TranslateError {
    /// The plan file does not fit the input.
    #[error(transparent)]
    Plan(#[from] PlanFileError),
    /// No mapping could be chosen.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// The check could not run.
    #[error(transparent)]
    Tester(#[from] TesterError),
    /// The stages disagree, which is a bug of mupac.
    #[error("{what}; this is a bug of mupac, please report it with the file")]
    Inconsistent {
        /// About what.
        what: &'static str,
    },
}

/// Why there is nothing to test in a file whose kernels were dropped: functions without kernels are the user's text, but for
/// what C++ wants otherwise.
const LEFT_ALONE: &str = "every kernel was dropped, and what is left is the original's text";

/// Translates a module.
///
/// **Errors**: the plan file does not fit, or a tool of the check is missing.
pub fn translate(module: Module, request: &Request) -> Result<Translation, TranslateError> {
    let workload = request.target.analysed(module);
    let mut candidates = candidates(&workload, request)?;
    let mut dropped = Vec::new();
    let mut suspects = BTreeSet::new();
    let verdicts = Verdicts::default();
    let stand_ins = request.stand_ins();
    let (mut plan, ending) = loop {
        let Some((choices, plan)) = planned(&workload, &mut candidates, request) else {
            continue;
        };
        let Some(check) = &request.check else {
            let unit = backend::emit(&plan, Vec::new(), Vec::new());
            break (plan, done(Checked::Unchecked(Unchecked::new(unit))));
        };
        let (unit, missing) = stand_ins.unit(Planned {
            workload: &workload,
            choices: &choices,
            plan: &plan,
            suspects: &suspects,
            check,
        });
        if missing.is_some_and(|missing| retire_untestable(&missing, &plan, &mut candidates)) {
            continue;
        }
        match mupac_tester::check(&unit, check, &verdicts)? {
            Outcome::Verified(verified) => {
                break (plan, done(Checked::Verified(verified)));
            }
            Outcome::Failed(failures) => {
                let is_original = plan.regions.is_empty();
                let setting = Setting {
                    workload: &workload,
                    choices: &choices,
                    target: &request.target,
                    check,
                    stand_ins: &stand_ins,
                    verdicts: &verdicts,
                    options: &request.options,
                };
                let failures = setting.blamed(failures, &plan)?;
                let bugs = failures.iter().any(|failure| is_bug(failure, &plan));
                let case = if bugs {
                    Case::of(&unit, &failures, &plan, setting)?
                } else {
                    Case::default()
                };
                if is_original || (request.is_strict && bugs) {
                    let failures = failures.into_iter();
                    dropped.extend(failures.map(|each| Dropped::without_regions(each, &plan)));
                    case.add_to(&mut dropped, &plan);
                    let ending = if is_original {
                        Ending::OriginalDiffers
                    } else {
                        Ending::StrictFailure
                    };
                    break (plan, ending);
                }
                let mut demoted = demote(&mut candidates, &plan, failures, &request.target)?;
                suspects.extend(suspected(&plan, &demoted));
                case.add_to(&mut demoted, &plan);
                dropped.extend(demoted);
            }
            Outcome::NotTested(why) if plan.regions.is_empty() => {
                let is_left_alone = !unit.has_main && candidates.iter().any(Candidates::is_dropped);
                let why = if is_left_alone {
                    LEFT_ALONE.to_owned()
                } else {
                    why
                };
                let original =
                    OriginalText::new(unit, why).ok_or(TranslateError::Inconsistent {
                        what: "the emitted text holds kernels that no plan asked for",
                    })?;
                break (plan, done(Checked::Original(original)));
            }
            Outcome::NotTested(why) if check.unlaunched == Unlaunched::Stays => {
                let text = Unchecked::untestable(unit, why);
                break (plan, done(Checked::Unchecked(text)));
            }
            Outcome::NotTested(why) => {
                for each in candidates.iter_mut().filter(|each| each.has_kernels()) {
                    each.retire(Reason::NotTested { why: why.clone() });
                }
            }
        }
    };
    seen_through::tell(&mut plan, &workload);
    Ok(Translation {
        plan,
        dropped,
        ending,
        candidates,
        target: request.target.clone(),
    })
}

/// Returns the plan of the candidates at hand, with what is chosen for each region; `None` where some were given up on.
fn planned(
    workload: &Arc<Workload>,
    candidates: &mut [Candidates],
    request: &Request,
) -> Option<(Vec<Choice>, Plan)> {
    let choices = candidates.iter().map(|each| each.choice().clone());
    let choices: Vec<Choice> = choices.collect();
    let mut plan = request.target.plan(workload, &choices);
    if retire_unsplit(&plan, candidates) || !settle(&mut plan, candidates, request) {
        return None;
    }
    let uncalled = seen_through::functions(&plan);
    let Some(fewer) = seen_through::without_kernels(&plan, &choices, &uncalled) else {
        return Some((choices, plan));
    };
    let mut without = request.target.plan(workload, &fewer);
    if !settle(&mut without, candidates, request) {
        return None;
    }
    // What a region asks for before it launches depends on the others, and where it may not launch there are calls.
    let are_still = seen_through::functions(&without).is_superset(&uncalled);
    Some(if are_still {
        (fewer, without)
    } else {
        (choices, plan)
    })
}

/// Gives up on the kernels of functions that take too long to be tested, and returns whether there were any; a program that
/// takes too long is tried.
fn retire_untestable(missing: &NoStandIn, plan: &Plan, candidates: &mut [Candidates]) -> bool {
    let regions = plan.regions.iter();
    let named = regions.filter(|region| missing.functions.contains(&region.function.name));
    let named: BTreeSet<&str> = named.map(|region| region.name.as_str()).collect();
    let why = format!(
        "one call takes too long for a test, and no smaller program of its form was found: {}",
        missing.why
    );
    let mut is_any = false;
    for each in candidates.iter_mut().filter(|each| each.has_kernels()) {
        if named.contains(each.name()) {
            each.retire(Reason::NotTested { why: why.clone() });
            is_any = true;
        }
    }
    is_any
}

/// Gives up on the kernels that the C part cannot call, and returns whether there were any.
fn retire_unsplit(plan: &Plan, candidates: &mut [Candidates]) -> bool {
    if plan.split.is_none() {
        return false;
    }
    let refusals = backend::refusals(plan);
    for (number, why) in &refusals {
        let name = &plan.regions[*number].name;
        let own = candidates.iter_mut().filter(|each| each.name() == name);
        own.for_each(|each| each.retire(Reason::NotSplit { why: why.clone() }));
    }
    !refusals.is_empty()
}

fn done(checked: Checked) -> Ending {
    Ending::Done(Box::new(checked))
}

/// Sets from how many iterations on the regions of a plan launch, unless the user did, and returns whether all of them keep their kernels:
/// those that are predicted to lose go back to their text, unless a plan file asks for them.
fn settle(plan: &mut Plan, candidates: &mut [Candidates], request: &Request) -> bool {
    if request.target.settings.cpu_threshold.is_some() {
        return true;
    }
    let is_asked = matches!(request.selection, Selection::Replay(_));
    let mut are_kept = true;
    let copies: Vec<Copies> = (0..plan.regions.len())
        .map(|number| copies(plan, number))
        .collect();
    for (region, copies) in plan.regions.iter_mut().zip(copies) {
        let is_of = |each: &&mut Candidates| each.name() == region.name;
        let Some(own) = candidates.iter_mut().find(is_of) else {
            continue;
        };
        // What lies on the device stays there.
        if region.buffers.iter().any(|(_, buffer)| buffer.is_resident) {
            continue;
        }
        if let Err(reason) = own.settle(region, copies, &request.target)
            && !is_asked
        {
            own.retire(reason);
            are_kept = false;
        }
    }
    are_kept
}

fn candidates(
    workload: &Arc<Workload>,
    request: &Request,
) -> Result<Vec<Candidates>, TranslateError> {
    if let Selection::Replay(file) = &request.selection {
        file.fits(workload, &request.target.device)?;
    }
    let found = parallel::map(&workload.groups, |group| {
        let of_region = |number: &usize| (*number, first_candidate(workload, *number, request));
        group.iter().map(of_region).collect::<Vec<_>>()
    });
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(|(number, _)| *number);
    found
        .into_iter()
        .map(|(_, candidates)| candidates)
        .collect()
}

/// Returns the candidates of a region, at the first.
fn first_candidate(
    workload: &Arc<Workload>,
    number: usize,
    request: &Request,
) -> Result<Candidates, TranslateError> {
    let start = State::new(Arc::clone(workload), number).ok_or(TranslateError::Inconsistent {
        what: "a region stands in no function",
    })?;
    let ways = request.selection.ways(&start.region().name);
    let option = request.selection.option();
    Ok(Candidates::new(start, ways, option, &request.target)?)
}
