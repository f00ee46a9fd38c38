//! The candidates of one region, best first by the estimate; the last is always the original text.
//!
//! A higher level has the plans of the lower ones among its candidates, so by the estimate it never does worse: the greedy
//! choice begins with the default bindings, and what a search finds has to be at least as fast as what is chosen without.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use mupac_backend_cuda as backend;
use mupac_ir::{Module, Move, Plan, Reason, Refusal, RegionPlan, Residency, Span, Trajectory};
use mupac_model::analytic::{ArrayCopy, Copies, Run};
use mupac_model::greedy::ChoiceError;
use mupac_model::proposals::{Proposer, Proposing};
use mupac_model::signature::Level;
use mupac_model::trajectories::{Retrieval, Statistics};
use mupac_model::{
    Analytic, Budget, Even, Guide, Hardware, Learned, Naive, Network, Oracle, OracleError, Ranking,
    TrajectoryGraph, account, greedy, search,
};
use mupac_passes::{Choice, Device, Draft, Settings, State, Workload, analyse_in, steps};

use crate::report;
use crate::summary::is_of_check;

/// How a region's mapping is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By these moves.
    Replay(Trajectory),
    /// By the next best plan of a search.
    Search(Effort),
    /// Greedily, by the analytic estimate.
    Greedy,
    /// By the default bindings.
    Naive,
}

impl Way {
    /// Returns what is said of plans that come of it.
    fn origin(&self) -> Origin {
        match self {
            Self::Replay(_) => Origin::Replay,
            Self::Search(_) => Origin::Search,
            Self::Greedy => Origin::Greedy,
            Self::Naive => Origin::Default,
        }
    }
}

/// What a plan came of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A plan file.
    Replay,
    /// A search.
    Search,
    /// The greedy choice.
    Greedy,
    /// The default bindings.
    Default,
}

impl Origin {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Search => "search",
            Self::Greedy => "greedy",
            Self::Default => "default",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A plan that waits for its turn.
#[derive(Clone, Debug)]
struct Waiting {
    plan: RegionPlan,
    origin: Origin,
    /// By the estimate.
    log2_seconds: f64,
}

/// How a search goes about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How long.
    pub budget: Budget,
    /// What it knows of other programs; `None`: nothing.
    pub graph: Option<Arc<TrajectoryGraph>>,
    /// What was learnt from other programs; `None`: nothing.
    pub network: Option<Arc<Network>>,
    /// What writes plans to begin with; `None`: nothing.
    pub proposer: Option<Arc<Proposer>>,
}

impl Effort {
    /// Returns what says where a search looks first.
    fn guide(&self, device: &Device) -> Box<dyn Guide + '_> {
        let prior: Box<dyn Guide + '_> = match &self.network {
            Some(network) => Box::new(Learned::new(network, device)),
            None => Box::new(Even),
        };
        let guide = match &self.graph {
            Some(graph) => Box::new(Retrieval::over(graph, prior)),
            None => prior,
        };
        match &self.proposer {
            Some(proposer) => Box::new(Proposing::over(proposer, device, guide)),
            None => guide,
        }
    }
}

/// How many plans of a search are tried before the naive one.
const MOST_SEARCHED: usize = 8;

/// Returns what is said of a refusal: of a plan that nobody wrote, what its steps lack means nothing to the user.
fn said_of(way: &Way, refused: Refusal) -> Refusal {
    let is_own = !matches!(way, Way::Replay(_));
    if is_own && matches!(refused.reason, Reason::IllegalStep { .. }) {
        let construct = "the way in which its loops and statements lie in one another".to_owned();
        return Refusal::new(Reason::Unsupported { construct }, refused.at);
    }
    refused
}

/// What every choice needs to know.
#[derive(Clone, Debug)]
pub struct Target {
    /// What the user set.
    pub settings: Settings,
    /// What the GPU allows.
    pub device: Device,
    /// The name of the files, without an ending, of which one stays C; `None`: all becomes one file.
    pub split: Option<String>,
}

impl Target {
    /// Returns an analysed file.
    pub(crate) fn analysed(&self, module: Module) -> Arc<Workload> {
        let workload = analyse_in(module, self.settings.float_order);
        Arc::new(workload.with_coherence(self.settings.coherence))
    }

    /// Returns the plan of a file, in the form in which it is to be written.
    pub(crate) fn plan(&self, workload: &Workload, choices: &[Choice]) -> Plan {
        let mut plan = mupac_passes::plan(workload, choices);
        plan.split.clone_from(&self.split);
        if plan.split.is_some() && !backend::can_stay(&plan) {
            plan.residency = Residency::default();
        }
        plan
    }
}

/// The candidates of one region.
#[derive(Clone, Debug)]
pub struct Candidates {
    start: State,
    span: Span,
    name: String,
    /// The ways that have plans left.
    left: VecDeque<Way>,
    /// The next plan of each way that was asked.
    waiting: Vec<Waiting>,
    tried: Vec<Trajectory>,
    /// What the candidate at hand came of.
    origin: Option<Origin>,
    /// What a search found and was not tried yet.
    ranking: Option<Ranking>,
    /// The graph that guided the search.
    graph: Option<Arc<TrajectoryGraph>>,
    choice: Choice,
}

impl Candidates {
    /// Returns the candidates of a region, given as written, in the order of `ways`, at the first one that is legal.
    ///
    /// Without `ways` the region stays as it is, at the user's choice by `option`.
    ///
    /// **Errors**: the oracle has no opinion.
    pub fn new(
        start: State,
        ways: impl IntoIterator<Item = Way>,
        option: &str,
        target: &Target,
    ) -> Result<Self, ChoiceError> {
        let (span, name) = (start.region().span, start.region().name.clone());
        let kept = Refusal::new(
            Reason::UserChoice {
                option: option.to_owned(),
            },
            span,
        );
        let mut candidates = Self {
            start,
            span,
            name,
            left: ways.into_iter().collect(),
            waiting: Vec::new(),
            tried: Vec::new(),
            origin: None,
            ranking: None,
            graph: None,
            choice: Choice::Original(kept.clone()),
        };
        if !candidates.left.is_empty() {
            candidates.advance(None, target)?;
        }
        Ok(candidates)
    }

    /// Returns the candidate at hand.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Returns the name of the region.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what the candidate at hand came of; `None` where it is the original text.
    pub fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// Returns whether checks took from the region the kernels that it had.
    pub fn is_dropped(&self) -> bool {
        match &self.choice {
            Choice::Kernel(_) => false,
            Choice::Original(refusal) => is_of_check(&refusal.reason),
        }
    }

    /// Returns whether the candidate at hand has kernels.
    pub fn has_kernels(&self) -> bool {
        matches!(self.choice, Choice::Kernel(_))
    }

    /// Moves on to the next legal candidate that is not one of those before.
    ///
    /// When none is left the original text remains, for `reason`, or because the last candidate was refused.
    ///
    /// **Errors**: the oracle has no opinion.
    pub fn advance(&mut self, reason: Option<Reason>, target: &Target) -> Result<(), ChoiceError> {
        let mut refusal = reason.map(|reason| Refusal::new(reason, self.span));
        self.ask(&mut refusal, target)?;
        let times = self.waiting.iter().map(|each| each.log2_seconds);
        // Of equals the first, which is that of the way that looks furthest.
        let best = times.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
        if let Some((best, _)) = best {
            let Waiting { plan, origin, .. } = self.waiting.remove(best);
            self.tried.push(plan.trajectory.clone());
            self.origin = Some(origin);
            self.choice = Choice::Kernel(Box::new(plan));
        } else if let Some(refusal) = refusal {
            self.origin = None;
            self.choice = Choice::Original(refusal);
        }
        Ok(())
    }

    /// Asks ways for plans that were not tried, until one waits that no later way can be better than.
    fn ask(&mut self, refusal: &mut Option<Refusal>, target: &Target) -> Result<(), ChoiceError> {
        let tried = &self.tried;
        let is_new = |plan: &RegionPlan| !tried.contains(&plan.trajectory);
        self.waiting.retain(|each| is_new(&each.plan));
        let mut at = 0;
        while let Some(way) = self.left.get(at).cloned() {
            let is_search = matches!(way, Way::Search(_));
            if !self.waiting.is_empty() {
                let mut waiting = self.waiting.iter();
                if !waiting.all(|each| each.origin == Origin::Search) {
                    break;
                }
                if is_search {
                    at += 1;
                    continue;
                }
            }
            let found = self.plan_by(&way, target)?;
            if is_search && matches!(found, Some(Ok(_))) {
                at += 1;
            } else {
                self.left.remove(at);
            }
            match found {
                Some(Ok(next)) if !self.tried.contains(&next.plan.trajectory) => {
                    self.waiting.push(next);
                }
                Some(Ok(_)) | None => {}
                Some(Err(refused)) => {
                    refusal.get_or_insert_with(|| said_of(&way, refused));
                }
            }
        }
        Ok(())
    }

    /// Sets how many iterations a plan of this region asks for before it launches.
    ///
    /// **Errors**: one core is predicted to be faster whatever their number.
    pub fn settle(
        &self,
        plan: &mut RegionPlan,
        copies: Copies,
        target: &Target,
    ) -> Result<(), Reason> {
        // What has no estimate is taken as it is.
        let Some(draft) = self.draft(plan, target) else {
            return Ok(());
        };
        let nanoseconds = |seconds: f64| (seconds * 1e9).round() as u64;
        let settled = oracle(target).settle(&draft, plan, copies);
        settled.map_err(|times| Reason::Unprofitable {
            kernels: nanoseconds(times.kernels),
            inspections: nanoseconds(times.inspections),
            copies: nanoseconds(times.copies),
            host: nanoseconds(times.host),
        })
    }

    /// Returns what a run of the region takes by a plan of it.
    pub fn times(
        &self,
        plan: &RegionPlan,
        copies: Copies,
        run: Run,
        target: &Target,
    ) -> Option<account::Times> {
        let draft = self.draft(plan, target)?;
        Some(oracle(target).times_of(&draft, plan, copies, run))
    }

    /// Returns what copies of the region's arrays take by a plan of it, which has so many iterations; `None`: at typical sizes.
    pub fn copies(
        &self,
        plan: &RegionPlan,
        iterations: Option<f64>,
        target: &Target,
    ) -> Vec<ArrayCopy> {
        let draft = self.draft(plan, target);
        draft.map_or_else(Vec::new, |draft| {
            oracle(target).copies_of(&draft, plan, iterations)
        })
    }

    /// Returns the draft that the moves of a plan of the region lead to.
    fn draft(&self, plan: &RegionPlan, target: &Target) -> Option<Draft> {
        let moves = &plan.trajectory.moves;
        let start = Draft::clone(&self.start);
        let after = |draft: Draft, each| draft.after(each, &target.device);
        moves.iter().try_fold(start, after).ok()
    }

    /// Gives up on kernels for this region.
    pub fn retire(&mut self, reason: Reason) {
        self.left.clear();
        self.waiting.clear();
        self.origin = None;
        let mut refusal = Refusal::new(reason, self.span);
        if let Choice::Kernel(plan) = &self.choice
            && plan.needs_different_sums()
        {
            let help = "it runs only where iterations add to different elements; --fp=atomic lets them add to one in any order";
            refusal.help = Some(help.to_owned());
        }
        self.choice = Choice::Original(refusal);
    }

    /// Returns what is to be said of the moves from the region as written to a plan.
    pub fn account(&self, trajectory: &Trajectory, device: &Device) -> report::Trajectory {
        let analytic = Analytic::new(Hardware::of(device));
        let effects = account::effects(&self.start, trajectory, &analytic, device);
        let mut state = Some(self.start.clone());
        let entry = |(each, effect): (&Move, &Option<account::Effect>)| {
            let before = state.take()?;
            let words = steps::account(&before, each).ok()?;
            let graph = self.graph.as_deref();
            let known = graph.and_then(|graph| graph.evidence(&before, each));
            state = before.after(each, device).ok();
            Some(report::MoveEntry {
                text: each.to_string(),
                did: words.did,
                legal_because: words.legal_because,
                estimate: effect.map(estimate),
                evidence: known.map(evidence),
            })
        };
        let moves = trajectory.moves.iter().zip(&effects.moves);
        report::Trajectory {
            moves: moves.map_while(entry).collect(),
            estimate: effects.whole.map(estimate),
            times: effects.times.map(microseconds),
        }
    }

    /// Returns the next plan of a way with its estimate; `None` where a search has no more.
    fn plan_by(
        &mut self,
        way: &Way,
        target: &Target,
    ) -> Result<Option<Result<Waiting, Refusal>>, ChoiceError> {
        let device = &target.device;
        let state = match way {
            Way::Replay(trajectory) => self.start.replay(trajectory, device),
            Way::Search(effort) => {
                let next = self.next_searched(effort, target)?;
                return Ok(next.map(Ok));
            }
            Way::Naive => chosen(greedy(&self.start, &mut Naive, device))?,
            Way::Greedy => {
                let mut oracle = oracle(target);
                let oracle = &mut oracle as &mut dyn Oracle;
                chosen(greedy(&self.start, oracle, device))?
            }
        };
        let next = state.and_then(|state| waiting(&state, way.origin(), target));
        Ok(Some(next))
    }
}

impl Candidates {
    fn searched(&self, effort: &Effort, target: &Target) -> Result<Ranking, OracleError> {
        let mut oracle = oracle(target);
        search(
            &self.start,
            &mut oracle,
            effort.guide(&target.device).as_mut(),
            &target.device,
            effort.budget,
        )
    }

    /// Returns the next best plan of a search that the judge accepts and that makes kernels; the search runs when the first
    /// is asked for.
    fn next_searched(
        &mut self,
        effort: &Effort,
        target: &Target,
    ) -> Result<Option<Waiting>, ChoiceError> {
        self.graph.clone_from(&effort.graph);
        let known = self.ranking.take();
        let mut ranking = known.map_or_else(|| self.searched(effort, target), Ok)?;
        let mut found = None;
        while self.tried.len() < MOST_SEARCHED
            && found.is_none()
            && let Some(state) = ranking.next_legal(&self.start, &target.device)
        {
            let next = waiting(&state, Origin::Search, target).ok();
            found = next.filter(|next| !self.tried.contains(&next.plan.trajectory));
        }
        self.ranking = Some(ranking);
        Ok(found)
    }
}

/// Returns what a state is carried out as, with its estimate.
fn waiting(state: &State, origin: Origin, target: &Target) -> Result<Waiting, Refusal> {
    let plan = state.finish(&target.settings, &target.device)?;
    let evaluations = oracle(target).evaluate(&[&**state]);
    // What has no estimate has its turn behind what has one.
    let first = evaluations.ok().and_then(|all| all.first().copied());
    Ok(Waiting {
        plan,
        origin,
        log2_seconds: first.map_or(f64::INFINITY, |first| first.log2_seconds),
    })
}

/// Returns the estimate that mappings are chosen by.
fn oracle(target: &Target) -> Analytic {
    let analytic = Analytic::new(Hardware::of(&target.device));
    analytic.with_settings(target.settings.clone())
}

/// Tells a region without mapping, which is an answer, from an oracle that fails.
fn chosen(choice: Result<State, ChoiceError>) -> Result<Result<State, Refusal>, ChoiceError> {
    match choice {
        Ok(state) => Ok(Ok(state)),
        Err(ChoiceError::NoMapping(refusal)) => Ok(Err(*refusal)),
        Err(error @ ChoiceError::Oracle(_)) => Err(error),
    }
}

/// Rounds to a thousandth, so that reports do not depend on the last digits of the mathematical library.
fn estimate(effect: account::Effect) -> report::Estimate {
    report::Estimate {
        gain_log2: (effect.log2_gain * 1000.0).round() / 1000.0,
        bottleneck: effect.bottleneck.name().into(),
    }
}

fn evidence((level, statistics): (Level, &Statistics)) -> report::Evidence {
    report::Evidence {
        level,
        estimated: statistics.estimated.count,
        measured: statistics.measured.count,
        behind_log2: (statistics.expected() * -1000.0).round() / 1000.0,
        examples: statistics.examples.iter().cloned().collect(),
    }
}

/// Rounds to a tenth, for the same reason.
fn microseconds(times: account::Times) -> report::Times {
    let rounded = |seconds: f64| (seconds * 1e7).round() / 10.0;
    report::Times {
        kernels: rounded(times.kernels),
        inspections: Some(rounded(times.inspections)).filter(|each| *each > 0.0),
        copies: rounded(times.copies),
        host: rounded(times.host),
    }
}
