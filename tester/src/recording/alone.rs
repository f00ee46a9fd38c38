//! Finds the tests that need a process of their own: a variable that no test sets, `static` in a function or written by
//! what it calls, keeps its value from one call to the next.
//!
//! The recorded tests run on the original, one after another in one process, as they will on the text; what then comes
//! out otherwise needs a process of its own.

use std::env;
use std::fs;

use crate::bench::Bench;
use crate::bundle;
use crate::isolation::Process;
use crate::outcome::TesterError;
use crate::toolchain::Toolchain;

use super::Recording;

/// Marks the tests that need a process of their own: all, where they cannot run in one.
pub(super) fn find(
    bench: &Bench<'_>,
    toolchain: &Toolchain,
    recording: &mut Recording,
) -> Result<(), TesterError> {
    if recording.tests.is_empty() {
        return Ok(());
    }
    let failing = failing(bench, toolchain, recording)?;
    for test in &mut recording.tests {
        let name = format!("{}:{}", test.function, test.number);
        test.is_alone = failing
            .as_ref()
            .is_none_or(|failing| failing.contains(&name));
        // The process for small tests is one for all of them.
        test.is_small &= !test.is_alone;
    }
    Ok(())
}

/// Returns the names of the tests that come out otherwise; `None` where they do not come to an end.
fn failing(
    bench: &Bench<'_>,
    toolchain: &Toolchain,
    recording: &Recording,
) -> Result<Option<Vec<String>>, TesterError> {
    let folder = bench.scratch.join("recorded");
    fs::create_dir_all(&folder).map_err(TesterError::io("make a temporary folder"))?;
    for file in bundle::bundle_files(bench.unit, recording, &[], &[]) {
        let path = folder.join(&file.name);
        fs::write(path, &file.content).map_err(TesterError::io(format!("write {}", file.name)))?;
    }
    let original_header = folder.join(bundle::ORIGINAL_HEADER);
    fs::write(original_header, bundle::ORIGINAL_HEADER_TEXT)
        .map_err(TesterError::io("write a header"))?;
    let library = folder.join("original.so");
    let source = folder.join("recorded_original.c");
    let text = format!(
        "#include \"original.c\"\n#include \"calls.h\"\n#include \"{}\"\n",
        bundle::ORIGINAL_HEADER
    );
    fs::write(&source, text).map_err(TesterError::io("write a text to build"))?;
    if toolchain.build_library(&source, &library)?.is_err() {
        return Ok(None);
    }
    let runner = toolchain.recorded_tests_runner()?;
    let finished = Process {
        program: &runner,
        called: "program",
        arguments: ["original", ".", "./original.so"]
            .map(str::to_owned)
            .to_vec(),
        environment: vec![
            ("PATH".to_owned(), env::var("PATH").unwrap_or_default()),
            ("LC_ALL".to_owned(), "C".to_owned()),
        ],
        folder: &folder,
        stdin: None,
        descriptors: &[],
        limit: bench.options.program_limit,
        allowance: bench.options.allowance.as_ref(),
    }
    .run()
    .map_err(TesterError::io("run the recorded tests"))?;
    let said = String::from_utf8_lossy(&finished.stdout).into_owned();
    let mut names: Vec<String> = said.lines().map(str::to_owned).collect();
    let is_done = names.pop().is_some_and(|last| last == "done");
    Ok((finished.is_success() && is_done).then_some(names))
}
