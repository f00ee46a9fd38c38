//! Compiles the texts of a bundle where it was made, so that the machine with the GPU only links them.

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use mupac_ir::parallel;

use crate::isolation::Process;
use crate::outcome::TesterError;
use crate::tools::Tool;

/// The longest that one text may take.
const LIMIT: Duration = Duration::from_mins(10);
/// What the script of a bundle compiles with where it finds an H100 or H200.
const FLAGS: [&str; 4] = [
    "-std=c++17",
    "-O3",
    "-arch=sm_90",
    "-DMUPAC_CPU_THRESHOLD=0",
];

/// Compiles the cases of these files of a bundle for `sm_90`, and notes with which compiler.
///
/// A text that the compiler refuses is left for the script to say.
///
/// **Errors**: nvcc does not start.
pub fn prebuild(bundle: &Path, names: &[String], nvcc: &Tool) -> Result<(), TesterError> {
    let cases = names.iter().map(|name| format!("files/{name}/case.cu"));
    let cases: Vec<String> = cases.filter(|case| bundle.join(case).is_file()).collect();
    let built = parallel::map(&cases, |case| compile(bundle, &nvcc.path, case));
    for each in built {
        each?;
    }
    fs::write(bundle.join("support/prebuilt"), &nvcc.version)
        .map_err(TesterError::io("write which compiler built what"))
}

fn compile(bundle: &Path, nvcc: &Path, case: &str) -> Result<(), TesterError> {
    let folder = bundle.join(case);
    let folder = folder.parent().unwrap_or(bundle);
    let flags = fs::read_to_string(folder.join("flags.nvcc"))
        .map_err(TesterError::io("read the options of a file"))?;
    let mut arguments = FLAGS.map(str::to_owned).to_vec();
    arguments.extend(flags.lines().map(str::to_owned));
    let object = case.replace("case.cu", "case.o");
    arguments.extend(["-c", case, "-o", &object].map(str::to_owned));
    Process {
        program: nvcc,
        called: &nvcc.to_string_lossy(),
        arguments,
        environment: vec![("PATH".to_owned(), env::var("PATH").unwrap_or_default())],
        folder: bundle,
        stdin: None,
        descriptors: &[],
        limit: LIMIT,
        allowance: None,
    }
    .run()
    .map_err(TesterError::io(format!("start {}", nvcc.display())))?;
    Ok(())
}
