//! Before a text is blamed for what does not build or run, programs without it must.
//!
//! Compilers may be half installed, limits of the machine too tight for sanitizers, libraries missing; each looks like a
//! fault of the text, whose kernels would be lost.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};

use crate::bench::Variant;
use crate::isolation::Ending;
use crate::observation::{Clock, Digits, Run, Trace};
use crate::outcome::TesterError;
use crate::sources::Candidate;
use crate::toolchain::{Original, Refused, Toolchain};

/// A program in C and C++ that does nothing.
const NOTHING: &str = "int main(void) { return 0; }\n";

/// The longest that doing nothing may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Says whether the tools of a check build and run programs that do nothing.
///
/// **Errors**: they do not, or only without the user's options for the linker.
pub(crate) fn vouch(toolchain: &Toolchain, scratch: &Path) -> Result<(), TesterError> {
    let folder = scratch.join("nothing");
    fs::create_dir_all(&folder).map_err(TesterError::io("make a temporary folder"))?;
    let Some(what) = trouble(&toolchain.plain(true), &folder)? else {
        return Ok(());
    };
    if toolchain.has_link_arguments() && trouble(&toolchain.plain(false), &folder)?.is_none() {
        let output = format!("with them a program that does nothing fails: {what}");
        return Err(TesterError::Link { output });
    }
    let what = format!(
        "not even a program that does nothing passes: {what}{}",
        limits()
    );
    Err(TesterError::Tools { what })
}

/// Returns what is wrong with programs that do nothing.
fn trouble(toolchain: &Toolchain, folder: &Path) -> Result<Option<String>, TesterError> {
    let source = folder.join("nothing.c");
    fs::write(&source, NOTHING).map_err(TesterError::io("write a text to build"))?;
    let originals = [
        ("plain", Original::Plain),
        ("sanitized", Original::Sanitized),
    ];
    for (name, how) in originals {
        let program = folder.join(name);
        let built = toolchain.build_original(&source, &program, how)?;
        if let Some(what) = end(built.map(drop), &program, folder)? {
            return Ok(Some(what));
        }
    }
    let program = folder.join("candidate");
    let candidate = Candidate {
        cuda: source,
        c_part: None,
    };
    let built = toolchain.build_candidate(&candidate, &program, &[])?;
    end(built, &program, folder)
}

/// Returns why a program that was built or refused does not come to its end.
fn end(
    built: Result<(), Refused>,
    program: &Path,
    folder: &Path,
) -> Result<Option<String>, TesterError> {
    if let Err(Refused(what)) = built {
        return Ok(Some(what));
    }
    let Variant { order, .. } = Variant::plain(program);
    let observed = Run {
        program,
        test: None,
        order,
        arguments: &[],
        stdin: None,
        limit: LIMIT,
        scratch: folder,
        is_kept: false,
        mutant: 0,
        is_default: false,
        is_dry: false,
        trace: Trace::Off,
        part: None,
        clock: Clock::Counted,
        digits: Digits::AsWritten,
        allowance: None,
    }
    .observe()?;
    let finished = observed.finished;
    if finished.ending == Ending::Exit(0) {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&finished.stderr);
    let said = said.lines().find(|line| !line.trim_matches('=').is_empty());
    let ending = format!("it ends with {:?}", finished.ending);
    Ok(Some(said.map_or(ending, str::to_owned)))
}

/// Returns which limits the user's shell has set that stand in the way of sanitizers, as the end of a sentence.
///
/// **Source**: Linux man-pages getrlimit(2).
fn limits() -> String {
    let named = [
        (Resource::As, "address space (ulimit -v)"),
        (Resource::Data, "data (ulimit -d)"),
    ];
    let set = named.into_iter().filter_map(|(resource, words)| {
        let bytes = getrlimit(resource).current?;
        Some(format!("{words} to {} KiB", bytes >> 10))
    });
    let set: Vec<String> = set.collect();
    if set.is_empty() {
        return String::new();
    }
    format!(
        "; a limit is set on {}, and a check needs more",
        set.join(" and on ")
    )
}
