//! What a run of the translation copies between host and device: it runs as the user would run it, with the GPU's part on the
//! CPU and nothing watched but copies.

use mupac_ir::Unit;

use crate::glue;
use crate::isolation::{Ending, Scratch};
use crate::launches;
use crate::observation::{Clock, Part};
use crate::options::CheckOptions;
use crate::outcome::TesterError;
use crate::profile;
use crate::report::Copies;
use crate::sources::{source_folder, write_candidate};
use crate::toolchain::{Original, Toolchain};

/// Nobody has to see an access, and the time of the run is of no use to anybody.
const UNWATCHED: &[&str] = &["-fno-sanitize=all", "-O2"];

/// How much longer than the original the translation may take on the CPU; most take two to five times as long.
const SLOWDOWN: u32 = 3;

/// Returns what the program of a translation copies in a run with the arguments and the standard input of `options`; `None`
/// where it cannot be built, or does not come to its end in time.
///
/// **Errors**: the machine is at fault (a compiler is missing, a folder cannot be made).
pub fn copied(unit: &Unit, options: &CheckOptions) -> Result<Option<Copies>, TesterError> {
    let Ok(text) = launches::rewrite(&unit.cuda) else {
        return Ok(None);
    };
    let scratch = Scratch::new("mupac-copied-", options.keep_temporaries)
        .map_err(TesterError::io("make a temporary folder"))?;
    let folder = scratch.path();
    let mut toolchain = Toolchain::prepare(options, source_folder(unit), folder)?;
    if let Some(accompanied) = toolchain.accompanied(&options.companions, &[Original::Plain])? {
        toolchain = accompanied;
    }
    options
        .progress
        .say(|| "counting what the translation copies".to_owned());
    let parts = (text.as_str(), unit.c_part.as_ref());
    let source = write_candidate(folder, "translated", parts, ("", &glue::no_callers()))?;
    let program = folder.join("translated");
    if toolchain
        .build_candidate(&source, &program, UNWATCHED)?
        .is_err()
    {
        return Ok(None);
    }
    let limit = options.program_limit * SLOWDOWN;
    let how = (Part::Copies, Clock::System);
    let run = profile::run(options, (&program, folder), how, limit)?;
    let report = &run.report;
    let is_whole = matches!(run.finished.ending, Ending::Exit(_)) && report.is_complete;
    let is_fine = report.fault.is_none() && report.errors.is_empty();
    Ok((is_whole && is_fine).then_some(report.copies))
}
