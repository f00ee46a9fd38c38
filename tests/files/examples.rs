//! Every example is translated and passes its check, with kernels that really launch, and tests that notice mistakes.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::directives::Directives;

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let output = temporary.path().join("out.cu");
    let report = temporary.path().join("report.json");
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let output = output.to_string_lossy();
    let report_option = format!("--report={}", report.display());
    let ran = directives.run(
        path,
        &temporary,
        &[
            "--strict-check",
            "--cpu-threshold",
            "0",
            &report_option,
            "-o",
            &output,
        ],
    );
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let report: Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    let mutants = &report["check"]["mutants"];
    // A text with mistakes that does not compile is left out of the check without a word.
    if mutants["killed"].as_u64() > Some(0) {
        Ok(())
    } else {
        Err(format!("no mistake was put to the tests: {mutants}").into())
    }
}
