//! How long a smaller program really takes, and whether it is defined: what its text does not tell, such as how full rows of
//! a sparse matrix are, or which sizes belong together, a run does.

use std::collections::BTreeMap;
use std::time::Duration;

use mupac_ir::{Scaling, Source};

use crate::isolation::{Allowance, Ending};
use crate::options::CheckOptions;
use crate::profile::{Timed, observed};
use crate::program::is_undefined;
use crate::toolchain::Original;

/// In the runtime of the checks, in which every access is watched, a program takes so many times as long as on one core.
const SLOWDOWN: u32 = 100;
/// So many such runs a check has time for: several orders of threads, more digits where numbers differ, and the next text.
const RUNS: u32 = 12;
/// A program itself says more than a smaller one: it is the one that is tested where there is time for so many.
const FEW_RUNS: u32 = 4;

/// A shorter run tells more of starting than of the program.
const LEAST: Duration = Duration::from_millis(20);

/// What a smaller program comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// There is time to test it; also where that cannot be told.
    Quick,
    /// There is none.
    Slow,
    /// It does what C leaves undefined, as where one of two sizes that belong together is smaller.
    Undefined,
}

impl Pace {
    /// Runs a smaller program once as fast as it gets, and where there is time to test it, once under sanitizers. Where the
    /// text has no `main`, another file of the command line has it.
    pub fn of(
        (source, has_main): (&Source, bool),
        scaling: &Scaling,
        options: &CheckOptions,
    ) -> Self {
        let smaller = options.smaller(scaling, source);
        let timed = Timed {
            source,
            headers: &scaling.headers,
            has_main,
        };
        if takes_longer(timed, RUNS, &smaller) {
            return Self::Slow;
        }
        match observed(timed, Original::Sanitized, &smaller) {
            Ok(Some(run)) if is_undefined(&run) => Self::Undefined,
            Ok(_) | Err(_) => Self::Quick,
        }
    }
}

/// Returns whether a program whose text says that it is quick takes too long all the same: what tells how long its loops are
/// may stand in memory.
pub fn takes_too_long(source: &Source, options: &CheckOptions) -> bool {
    let headers = BTreeMap::new();
    let timed = Timed {
        source,
        headers: &headers,
        has_main: true,
    };
    takes_longer(timed, FEW_RUNS, options)
}

/// Returns whether there is no time for some runs of a program in the runtime of the checks, by one that is as fast as it gets.
fn takes_longer(timed: Timed<'_>, runs: u32, options: &CheckOptions) -> bool {
    let Some(budget) = options.allowance.as_ref().and_then(Allowance::budget) else {
        return false;
    };
    let most = options.program_limit.max(LEAST);
    let limited = CheckOptions {
        program_limit: (budget / (runs * SLOWDOWN)).clamp(LEAST, most),
        ..options.clone()
    };
    let seen = observed(timed, Original::Fast, &limited);
    matches!(seen, Ok(Some(run)) if run.finished.ending == Ending::TimedOut)
}
