//! How long a smaller program really takes: what its text does not tell, such as how full rows of a sparse matrix are, a run
//! does.

use std::time::Duration;

use mupac_ir::{Scaling, Source};

use crate::isolation::Allowance;
use crate::options::CheckOptions;
use crate::profile::{Timed, ends_in_time};

/// In the runtime of the checks, in which every access is watched, a program takes so many times as long as on one core.
const SLOWDOWN: u32 = 100;
/// So many such runs a check has time for: several orders of threads, more digits where numbers differ, and the next text.
const RUNS: u32 = 12;

/// A shorter run tells more of starting than of the program.
const LEAST: Duration = Duration::from_millis(20);

/// Returns whether there is time to test a smaller program; also where that cannot be told.
pub fn is_quick(source: &Source, scaling: &Scaling, options: &CheckOptions) -> bool {
    let Some(budget) = options.allowance.as_ref().and_then(Allowance::budget) else {
        return true;
    };
    let smaller = CheckOptions {
        program_limit: (budget / (RUNS * SLOWDOWN)).clamp(LEAST, options.program_limit.max(LEAST)),
        ..options.smaller(scaling, &source.name)
    };
    let timed = Timed {
        source,
        headers: &scaling.headers,
        has_main: true,
    };
    !matches!(ends_in_time(timed, &smaller), Ok(Some(false)))
}
