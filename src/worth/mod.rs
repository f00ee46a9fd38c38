//! What a translation is worth: predicted times of kernels and copies against one core, and what holds it back most.
//!
//! Without a profile the regions are taken to run once each, at typical sizes. A profile of the program's own run says how
//! long each stretch takes on one core of this machine, in how many runs kernels would be launched, and for how many
//! iterations; then the time of a launch is predicted for their mean. A run of the translation, whose kernels the CPU executes,
//! counts what is copied; where that takes too long, copies are estimated, without those that the host asks for in between.

mod parts;
mod said;
mod stays;
mod stretches;

use std::collections::BTreeMap;

use mupac_ir::Unit;
use mupac_model::Hardware;
use mupac_model::account::Times;
use mupac_model::analytic::Run;
use mupac_tester::{CheckOptions, Copies, Profile, Stretch, TesterError, Timed};
use serde::{Deserialize, Serialize};

use crate::diagnostics::{Message, Reporter};
use crate::output::evidence_of;
use crate::translate::{Ending, Translation};

use parts::Parts;
use stretches::Subject;

pub(crate) use said::{figures, held_back, in_bytes, message, prediction, spelled};

/// Predictions are taken to be right to this factor.
const DOUBT: f64 = 2.0;

/// What a translation is worth.
///
/// **Units**: seconds, rounded to two digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Worth {
    /// Whether the times of the host were measured, by a run of the program; else the regions run once each, at typical
    /// sizes.
    pub is_measured: bool,
    /// Whether the run came to its end; one that takes too long is ended.
    pub is_whole: bool,
    /// The GPU that times are predicted for.
    pub gpu: String,
    /// One core of the host, without kernels.
    pub host: f64,
    /// The share of that in stretches that kernels take the place of.
    pub share: f64,
    /// The kernels, with their launches.
    pub kernels: f64,
    /// Copies and device memory.
    pub copies: f64,
    /// What it takes to start using the device, once for a run of the program; none where only kernels are looked at.
    #[serde(default)]
    pub start: f64,
    /// Bytes copied to the device and back, where a run at full size counted them; else copies may take longer than said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<[u64; 2]>,
    /// How many launches of kernels that run counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launches: Option<u64>,
    /// How many loops that stay on the host the times leave out: without a run nothing tells how long they take.
    #[serde(default, skip_serializing_if = "crate::report::is_zero")]
    pub left_out: usize,
    /// What most of the predicted time is spent on besides kernels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hindrance: Option<Hindrance>,
}

/// What holds a translation back most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Hindrance {
    /// In words.
    pub what: String,
    /// What it takes.
    pub seconds: f64,
    /// What would help.
    pub help: String,
}

impl Worth {
    /// Returns the whole time that is predicted.
    ///
    /// **Units**: seconds.
    pub fn predicted(&self) -> f64 {
        self.on_host() + self.start + self.on_device()
    }

    /// Returns the time of what stays on the host.
    pub(crate) fn on_host(&self) -> f64 {
        self.host * (1.0 - self.share)
    }

    fn on_device(&self) -> f64 {
        self.kernels + self.copies
    }

    /// Returns how many times as fast the translation is predicted to be: at worst, most likely, at best.
    pub fn gains(&self) -> [f64; 3] {
        [DOUBT, 1.0, 1.0 / DOUBT].map(|factor| {
            let predicted = self.on_host() + self.start + self.on_device() * factor;
            self.host / predicted.max(f64::MIN_POSITIVE)
        })
    }
}

/// What is known of the worth of a translation.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// What it is worth; `None` where nothing is predicted.
    pub(crate) worth: Option<Worth>,
    /// Why a profile that was asked for tells nothing.
    trouble: Option<String>,
    /// Whether the file is a program, whose run could be timed.
    has_main: bool,
}

impl Finding {
    /// Says it.
    pub(crate) fn tell(&self, reporter: Reporter) {
        if let Some(why) = &self.trouble {
            reporter.say(
                &Message::warning(format!("--profile tells nothing: {why}")),
                None,
            );
        }
        if let Some(worth) = &self.worth {
            reporter.say(&message(worth, self.has_main), None);
        }
    }
}

/// Finds out what a finished translation is worth, by a run of the program if that was asked for.
///
/// **Errors**: a tool is missing.
pub(crate) fn of(
    translation: &Translation,
    check: Option<&CheckOptions>,
    profile: Option<&CheckOptions>,
) -> Result<Finding, TesterError> {
    let Ending::Done(checked) = &translation.ending else {
        return Ok(Finding::default());
    };
    let has_main = checked.unit().has_main;
    let trouble = match profile {
        None => None,
        Some(options) => match timed(translation, checked.unit(), options, check)? {
            Ok(worth) => {
                return Ok(Finding {
                    worth: Some(worth),
                    trouble: None,
                    has_main,
                });
            }
            Err(why) => Some(why),
        },
    };
    Ok(Finding {
        worth: estimated(translation),
        trouble,
        has_main,
    })
}

/// Runs the program, and returns what its translation is worth to that run; in words why that cannot be told.
fn timed(
    translation: &Translation,
    unit: &Unit,
    options: &CheckOptions,
    checked: Option<&CheckOptions>,
) -> Result<Result<Worth, String>, TesterError> {
    let plan = &translation.plan;
    let (subjects, texts): (Vec<Subject>, Vec<Stretch>) = stretches::of(plan).into_iter().unzip();
    let timed = Timed {
        source: &plan.module.source,
        headers: &BTreeMap::new(),
        has_main: unit.has_main,
    };
    let profile = match mupac_tester::profile(timed, &texts, options) {
        Ok(Ok(profile)) => profile,
        Ok(Err(why)) | Err(TesterError::Exhausted { what: why }) => return Ok(Err(why)),
        Err(error) => return Err(error),
    };
    let is_same = |checked: &CheckOptions| checked.test_argv == options.test_argv;
    let seen = copies_of_run(translation).filter(|_| checked.is_some_and(is_same));
    let copied = match seen {
        None if profile.is_whole && translation.copies_memory() => {
            match mupac_tester::copied(unit, options) {
                // What is not counted is estimated.
                Err(TesterError::Exhausted { .. }) => None,
                copied => copied?,
            }
        }
        seen => seen,
    };
    Ok(Ok(measured(translation, &subjects, &profile, copied)))
}

/// Returns what a translation is worth where its regions run once each, at typical sizes; `None` where it has none.
fn estimated(translation: &Translation) -> Option<Worth> {
    let plan = &translation.plan;
    let regions = 0..plan.regions.len();
    let times: Vec<_> = regions
        .filter_map(|number| Some((number, translation.times(number, Run::default())?)))
        .collect();
    let host: f64 = times.iter().map(|(_, each)| each.host).sum();
    if host <= 0.0 {
        return None;
    }
    // Elsewhere the guard keeps the loops on the host.
    let launches = |each: &Times| translation.launches_always() || each.is_worthwhile();
    let times: Vec<_> = (times.into_iter().filter(|(_, each)| launches(each))).collect();
    // The sum of nothing is -0.
    let sum = |part: fn(&Times) -> f64| 0.0 + times.iter().map(|(_, each)| part(each)).sum::<f64>();
    let runs = |number| f64::from(u8::from(times.iter().any(|(each, _)| *each == number)));
    let (kernels, copies) = (
        sum(Times::on_device),
        sum(|each| each.copies)
            + stays::copies(translation, &|number| (runs(number), None), &|_| None),
    );
    let dearest = times
        .iter()
        .max_by(|(_, a), (_, b)| a.copies.total_cmp(&b.copies));
    let hindrance = dearest
        .filter(|(_, each)| each.copies > kernels)
        .map(|(number, each)| Hindrance {
            what: format!(
                "the copies of {} each time it runs",
                plan.regions[*number].name
            ),
            seconds: rounded(each.copies),
            help: COPIES_HELP.to_owned(),
        });
    Some(Worth {
        is_measured: false,
        is_whole: true,
        gpu: gpu(translation),
        host: rounded(host),
        share: sum(|each| each.host) / host,
        kernels: rounded(kernels),
        copies: rounded(copies),
        start: 0.0,
        bytes: None,
        launches: None,
        left_out: stretches::on_host(plan),
        hindrance,
    })
}

/// What keeps arrays on the device.
const COPIES_HELP: &str = "arrays stay on the device where one function calls one region after the other, and with --coherence=pages from call to call; --memory=device takes memory that the caller has there; `mupac explain REPORT.json` says where copies go home";

/// Returns what a translation is worth to a run of the program.
fn measured(
    translation: &Translation,
    subjects: &[Subject],
    profile: &Profile,
    moved: Option<Copies>,
) -> Worth {
    let parts = Parts {
        translation,
        spent: subjects.iter().copied().zip(&profile.stretches).collect(),
    };
    let moved = moved.filter(|_| profile.is_whole);
    let launching: f64 = parts
        .spent
        .iter()
        .map(|(_, each)| each.launching_seconds)
        .sum();
    let (kernels, mut copies) = parts.predicted();
    if let Some(moved) = &moved {
        let hardware = Hardware::of(translation.device());
        let bytes = (moved.bytes_in + moved.bytes_out) as f64;
        let count = (moved.copies_in + moved.copies_out) as f64;
        copies = count * hardware.copy_seconds + bytes / hardware.copy_bytes_per_second;
    }
    let start = if launching > 0.0 {
        Hardware::of(translation.device()).start_seconds
    } else {
        0.0
    };
    Worth {
        is_measured: true,
        is_whole: profile.is_whole,
        gpu: gpu(translation),
        host: rounded(profile.seconds),
        share: rounded(launching / profile.seconds),
        kernels: rounded(kernels),
        copies: rounded(copies),
        start,
        bytes: moved.map(|moved| [moved.bytes_in, moved.bytes_out]),
        launches: moved.map(|moved| moved.launches),
        left_out: 0,
        hindrance: parts.hindrance(profile.seconds, [kernels, copies, start]),
    }
}

/// Returns what the program copies at its own sizes, where the check ran it.
fn copies_of_run(translation: &Translation) -> Option<Copies> {
    let evidence = evidence_of(&translation.ending)?;
    let is_full_size = evidence.smaller.is_empty();
    evidence.usual_copies.filter(|_| is_full_size)
}

fn gpu(translation: &Translation) -> String {
    Hardware::of(translation.device()).name.to_owned()
}

/// Rounds to two digits, which is more than a prediction knows.
pub(crate) fn rounded(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}
