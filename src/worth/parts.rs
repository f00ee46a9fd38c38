//! What a run of the program was spent on, stretch by stretch.

use std::borrow::Cow;

use mupac_ir::{HostOp, LoopOutcome, Plan, Refusal, Stay};
use mupac_model::analytic::Run;
use mupac_tester::Spent;

use crate::summary;
use crate::translate::Translation;

use super::stays;
use super::stretches::Subject;
use super::{COPIES_HELP, Hindrance, rounded};

/// A part of the time that is not worth a word.
const LITTLE: f64 = 0.01;

/// Unless a run would be so many times as fast without the start of the GPU, that does not hold it back.
const GAIN: f64 = 1.5;

/// What a run was spent on, and what is predicted of it.
pub(super) struct Parts<'a> {
    pub(super) translation: &'a Translation,
    pub(super) spent: Vec<(Subject, &'a Spent)>,
}

impl Parts<'_> {
    fn plan(&self) -> &Plan {
        &self.translation.plan
    }

    /// Returns the time of all kernels, and of their copies.
    pub(super) fn predicted(&self) -> (f64, f64) {
        let (mut kernels, mut copies) = (0.0, 0.0);
        for (subject, spent) in &self.spent {
            let Subject::Region(number) = subject else {
                continue;
            };
            if spent.launching_runs == 0 {
                continue;
            }
            let (runs, iterations) = launches(spent);
            // How often a loop of the host runs within a region is not known, but both sides are predicted for as often.
            let actions = &self.plan().regions[*number].host;
            let has_loop = actions.iter().any(|each| matches!(each, HostOp::Loop(_)));
            let seconds = (!has_loop).then_some(spent.launching_seconds / runs);
            let run = Run {
                iterations,
                seconds,
            };
            let Some(times) = self.translation.times(*number, run) else {
                continue;
            };
            let alike = if has_loop && times.host > 0.0 {
                spent.launching_seconds / times.host
            } else {
                runs
            };
            kernels += alike * times.on_device() + times.first_inspections;
            copies += runs * times.copies;
        }
        let runs = |number: usize| {
            let own = self.spent_on(Subject::Region(number));
            own.map_or((0.0, None), launches)
        };
        let entries = |stay: &Stay| self.entries(stay);
        copies += stays::copies(self.translation, &runs, &entries);
        (kernels, copies)
    }

    fn spent_on(&self, wanted: Subject) -> Option<&Spent> {
        let own = self.spent.iter().find(|(subject, _)| *subject == wanted);
        own.map(|(_, spent)| *spent)
    }

    /// Returns how often a stay was come to: as often as the loop directly in it that ran least.
    fn entries(&self, stay: &Stay) -> Option<f64> {
        let plan = self.plan();
        let is_inside = |subject: &Subject| {
            let span = match subject {
                Subject::Region(number) => plan.regions[*number].replaces,
                Subject::Loop(number) => plan.loops[*number].span,
            };
            stay.within.contains(span)
        };
        let inside = self.spent.iter().filter(|(subject, _)| is_inside(subject));
        let runs = inside.map(|(_, spent)| spent.runs).filter(|runs| *runs > 0);
        runs.min().map(|runs| runs as f64)
    }

    /// Returns what takes most of the predicted time, if that is not the kernels.
    pub(super) fn hindrance(
        &self,
        whole: f64,
        [kernels, copies, start]: [f64; 3],
    ) -> Option<Hindrance> {
        let stretches = self.spent.iter();
        let on_host = stretches.map(|(subject, spent)| {
            let seconds = spent.seconds - spent.launching_seconds;
            let (what, help) = match subject {
                Subject::Region(number) => self.unlaunched(*number, spent),
                Subject::Loop(number) => self.kept(&self.plan().loops[*number]),
            };
            Hindrance {
                what,
                seconds,
                help,
            }
        });
        let mut all: Vec<Hindrance> = on_host.collect();
        let sum =
            |part: fn(&Spent) -> f64| self.spent.iter().map(|(_, each)| part(each)).sum::<f64>();
        let timed = sum(|each| each.seconds);
        all.push(Hindrance {
            what: "what runs outside of the loops of this file".to_owned(),
            seconds: whole - timed,
            help: "translate the other files as well, and look for loops in what macros and libraries do".to_owned(),
        });
        all.push(Hindrance {
            what: "copies between host and device".to_owned(),
            seconds: copies,
            help: COPIES_HELP.to_owned(),
        });
        let without_start = whole - sum(|each| each.launching_seconds) + kernels + copies;
        // Otherwise a longer run would gain little, too.
        let is_held_back = GAIN * without_start < whole;
        all.extend(is_held_back.then(|| Hindrance {
            what: "what it takes to start using the GPU, once a run".to_owned(),
            seconds: start,
            help:
                "give a run more to do: larger sizes, or several inputs to one process".to_owned(),
        }));
        let most = all
            .into_iter()
            .max_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
        let is_worth_saying = most.seconds > kernels && most.seconds > LITTLE * whole;
        is_worth_saying.then(|| Hindrance {
            seconds: rounded(most.seconds),
            ..most
        })
    }

    /// Says why a region does not launch.
    fn unlaunched(&self, number: usize, spent: &Spent) -> (String, String) {
        let region = &self.plan().regions[number];
        let runs = spent.runs - spent.launching_runs;
        let what = format!(
            "{}, of which {runs} of {} runs are too small for the GPU",
            region.name, spent.runs
        );
        let help =
            "larger sizes; --cpu-threshold says from how many parallel iterations on kernels run"
                .to_owned();
        (what, help)
    }

    /// Says why a loop stays on the host.
    fn kept(&self, outcome: &LoopOutcome) -> (String, String) {
        let source = &self.plan().module.source;
        let place = source.place(outcome.header_span);
        let remark = summary::remark(self.plan(), outcome);
        let what = format!("the loop of {place}, {remark}");
        let first = outcome.reasons.first();
        let hint = first.and_then(Refusal::hint);
        (
            what,
            hint.map_or_else(|| "-v says more".to_owned(), Cow::into_owned),
        )
    }
}

/// Returns how often a region launches, and with how many iterations in the mean, where that is known.
fn launches(spent: &Spent) -> (f64, Option<f64>) {
    let runs = spent.launching_runs as f64;
    (runs, (spent.amount > 0.0).then_some(spent.amount / runs))
}
