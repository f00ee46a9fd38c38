//! What a run of the original spends its time on: the whole program runs as fast as one core of this machine runs it, and
//! stretches of its text are counted and timed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use mupac_ir::c_text::helper_definitions;
use mupac_ir::{Source, Span};

use crate::companions::Companions;
use crate::glue;
use crate::isolation::{Ending, Scratch};
use crate::observation::{Clock, Digits, Observation, Order, Part, Run, Trace};
use crate::options::CheckOptions;
use crate::outcome::TesterError;
use crate::sources::{folder_of, write_headers, write_source};
use crate::toolchain::{Original, Refused, Toolchain};

/// The most stretches that are looked at, as many as `simt/harness_profile.h` has room for.
const MOST_STRETCHES: usize = 4096;
/// What the start and the end of a run may take besides.
const SLACK: Duration = Duration::from_secs(5);
/// What a text with stretches calls.
const CALLS: &str =
    "int mupac_test_stretch(int, int, double); void mupac_test_stretch_end(const int *);\n";

/// A program whose time is taken.
#[derive(Clone, Copy, Debug)]
pub struct Timed<'a> {
    /// The text.
    pub source: &'a Source,
    /// The user's headers that read otherwise than on disk, by their paths from its folder.
    pub headers: &'a BTreeMap<String, String>,
    /// Whether the text has a `main`.
    pub has_main: bool,
}

/// A stretch of the original's text: a statement, or several in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The text.
    pub span: Span,
    /// How it is looked at.
    pub look: Look,
    /// Whether a translation launches kernels for it, and how much there is to do.
    pub launch: Option<Launch>,
}

/// How a stretch is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is one statement, which jumps may leave, and is timed.
    Statement,
    /// It is timed, and no jump leaves it.
    Statements,
}

/// What a run of a stretch means for its translation, in C where the stretch begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Whether kernels are launched.
    pub condition: String,
    /// How many iterations they have.
    pub amount: String,
}

/// What a program's run was spent on.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The whole run.
    ///
    /// **Units**: seconds.
    pub seconds: f64,
    /// Whether the program came to its end, and was not ended since it takes longer than a run may.
    pub is_whole: bool,
    /// By stretch.
    pub stretches: Vec<Spent>,
}

/// What the runs of one stretch took, without the stretches within.
///
/// **Units**: seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// How often it ran.
    pub runs: u64,
    /// All of its runs.
    pub seconds: f64,
    /// How many of the runs would launch kernels.
    pub launching_runs: u64,
    /// Those runs.
    pub launching_seconds: f64,
    /// How many iterations these have together.
    pub amount: f64,
}

/// Runs a program and tells the time of stretches of its text; in words why that cannot be told. Where the text has no
/// `main`, or misses something, the other files of the command line have it.
///
/// **Errors**: the machine is at fault (a compiler is missing, a folder cannot be made).
pub fn profile(
    timed: Timed<'_>,
    stretches: &[Stretch],
    options: &CheckOptions,
) -> Result<Result<Profile, String>, TesterError> {
    let stretches = stretches.get(..MOST_STRETCHES).unwrap_or(stretches);
    let scratch = match built(timed, stretches, Original::Fast, options)? {
        Ok(scratch) => scratch,
        Err(why) => return Ok(Err(why)),
    };
    let observed = timed_run(options, &scratch, (SLACK, Clock::System))?;
    Ok(read(stretches.len(), &observed, options.program_limit))
}

/// Returns what a run of a program, compiled in some way, comes to within its limit; `None` where none can be built. It waits
/// for no time to pass, as no run of a check does.
///
/// **Errors**: as [`profile`].
pub(crate) fn observed(
    timed: Timed<'_>,
    how: Original,
    options: &CheckOptions,
) -> Result<Option<Observation>, TesterError> {
    let Ok(scratch) = built(timed, &[], how, options)? else {
        return Ok(None);
    };
    timed_run(options, &scratch, (Duration::ZERO, Clock::Counted)).map(Some)
}

/// Builds the program in a folder of its own; in words why there is none.
fn built(
    timed: Timed<'_>,
    stretches: &[Stretch],
    how: Original,
    options: &CheckOptions,
) -> Result<Result<Scratch, String>, TesterError> {
    let scratch = Scratch::new("mupac-profile-", options.keep_temporaries)
        .map_err(TesterError::io("make a temporary folder"))?;
    let toolchain = Toolchain::prepare(options, folder_of(&timed.source.name), scratch.path())?;
    write_headers(scratch.path(), timed.headers)?;
    options
        .progress
        .say(|| "taking the time of the original".to_owned());
    let mut refusal = String::new();
    // Conditions are evaluated in places where a name may be hidden; where one does not fit, none is asked.
    for with_conditions in [true, false] {
        match build(
            timed,
            (stretches, with_conditions),
            how,
            &options.companions,
            (&toolchain, scratch.path()),
        )? {
            Ok(false) => return Ok(Err("no file of the command line has a main".to_owned())),
            Ok(true) => return Ok(Ok(scratch)),
            Err(Refused(message)) => refusal = message,
        }
    }
    Ok(Err(format!(
        "the C compiler refuses the text in which stretches are timed: {refusal}"
    )))
}

/// Builds the program, and returns whether it has a `main`.
fn build(
    timed: Timed<'_>,
    (stretches, with_conditions): (&[Stretch], bool),
    how: Original,
    companions: &Companions,
    (toolchain, scratch): (&Toolchain, &Path),
) -> Result<Result<bool, Refused>, TesterError> {
    let Timed {
        source, has_main, ..
    } = timed;
    let text = marked(source.text(), stretches, with_conditions);
    let before = CALLS.to_owned() + &helper_definitions(&text, "static inline");
    let shown = (before.as_str(), source.name.as_str(), text.as_str());
    let written = write_source(scratch, "profiled.c", shown, ("", &glue::no_callers()))?;
    let program = scratch.join("profiled");
    let missing = match toolchain.build_original(&written, &program, how)? {
        Ok(missing) => missing,
        Err(refused) => return Ok(Err(refused)),
    };
    if has_main && missing.is_empty() {
        return Ok(Ok(true));
    }
    // Another file of the command line may have it; what none has may never be called.
    let Some(accompanied) = toolchain.accompanied(companions, &[how])? else {
        return Ok(Ok(has_main));
    };
    let linked = accompanied.link_original(&program, how)?;
    Ok(linked.map(|missing| !missing.contains("main")))
}

/// Runs what was built; nothing but a stretch ends it at its limit.
fn timed_run(
    options: &CheckOptions,
    scratch: &Scratch,
    (slack, clock): (Duration, Clock),
) -> Result<Observation, TesterError> {
    let limit = options.program_limit;
    let program = scratch.path().join("profiled");
    run(
        options,
        (&program, scratch.path()),
        (Part::Stretches(limit), clock),
        limit + slack,
    )
}

/// Runs a program as the user would, with the arguments and the standard input of `options`, for a part of what it does.
pub(crate) fn run(
    options: &CheckOptions,
    (program, scratch): (&Path, &Path),
    (part, clock): (Part<'_>, Clock),
    limit: Duration,
) -> Result<Observation, TesterError> {
    let stdin = scratch.join("stdin");
    fs::write(&stdin, &options.test_stdin).map_err(TesterError::io("write the standard input"))?;
    Run {
        program,
        test: None,
        order: Order::Ascending,
        arguments: &options.test_argv,
        stdin: Some(&stdin),
        limit,
        allowance: options.allowance.as_ref(),
        scratch,
        is_kept: options.keep_temporaries,
        mutant: 0,
        is_default: true,
        is_dry: false,
        trace: Trace::Off,
        part: Some(part),
        clock,
        digits: Digits::AsWritten,
    }
    .observe()
}

fn read(count: usize, observed: &Observation, limit: Duration) -> Result<Profile, String> {
    match observed.finished.ending {
        Ending::Exit(_) => {}
        Ending::TimedOut => return Err("the original takes too long".to_owned()),
        Ending::Signal(_) | Ending::OutOfMemory => {
            return Err("the original does not come to its end".to_owned());
        }
    }
    let spent = &observed.results.spent;
    let of = |number: usize| spent.get(&number).copied().unwrap_or_default();
    let whole = of(MOST_STRETCHES);
    if whole.runs == 0 {
        return Err("the original ends without saying what it did".to_owned());
    }
    Ok(Profile {
        seconds: whole.seconds,
        is_whole: whole.seconds < limit.as_secs_f64(),
        stretches: (0..count).map(of).collect(),
    })
}

/// Returns the text with calls around stretches.
fn marked(text: &str, stretches: &[Stretch], with_conditions: bool) -> String {
    let mut insertions = Vec::new();
    for (number, stretch) in stretches.iter().enumerate() {
        let launch = stretch.launch.as_ref();
        let (condition, amount) = match launch.filter(|_| with_conditions) {
            Some(launch) => (launch.condition.as_str(), launch.amount.as_str()),
            None if launch.is_some() => ("1", "0"),
            None => ("0", "0"),
        };
        let begins = format!("mupac_test_stretch({number}, {condition}, {amount})");
        let range = stretch.span.range();
        let (before, behind) = match stretch.look {
            Look::Statement => {
                let variable =
                    "int mupac_test_depth __attribute__((__cleanup__(mupac_test_stretch_end)))";
                (format!("{{ {variable} = {begins}; "), " }".to_owned())
            }
            Look::Statements => {
                let name = format!("mupac_test_depth_{number}");
                // A label may stand before an empty statement, but not before a declaration.
                let before = format!("; int {name} = {begins}; ");
                (before, format!(" mupac_test_stretch_end(&{name});"))
            }
        };
        // What ends somewhere ends before what starts there, and of two that start together the longer starts first.
        insertions.push((range.start, 1, usize::MAX - range.end, before));
        insertions.push((range.end, 0, usize::MAX - range.start, behind));
    }
    insertions.sort_by_key(|(at, order, length, _)| (*at, *order, *length));
    let mut marked = String::new();
    let mut from = 0;
    for (at, _, _, piece) in insertions {
        marked.push_str(text.get(from..at).unwrap_or_default());
        marked.push_str(&piece);
        from = at;
    }
    marked.push_str(text.get(from..).unwrap_or_default());
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(start: u32, end: u32, launch: Option<(&str, &str)>) -> Stretch {
        Stretch {
            span: Span { start, end },
            look: Look::Statement,
            launch: launch.map(|(condition, amount)| Launch {
                condition: condition.to_owned(),
                amount: amount.to_owned(),
            }),
        }
    }

    #[test]
    fn calls_nest_as_stretches_do() {
        let text = "for (;;) for (;;) ;";
        let both = [stretch(0, 19, None), stretch(9, 19, Some(("n >= 9", "n")))];
        let declared = "int mupac_test_depth __attribute__((__cleanup__(mupac_test_stretch_end)))";
        let expected = format!(
            "{{ {declared} = mupac_test_stretch(0, 0, 0); for (;;) \
             {{ {declared} = mupac_test_stretch(1, n >= 9, n); for (;;) ; }} }}"
        );
        assert_eq!(marked(text, &both, true), expected);
        assert!(marked(text, &both, false).contains("mupac_test_stretch(1, 1, 0)"));
    }
}
