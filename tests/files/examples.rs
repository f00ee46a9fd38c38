//! Every example is translated and passes its check, with kernels that really launch.

use std::path::Path;

use libtest_mimic::Failed;

use crate::directives::Directives;

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let output = temporary.path().join("out.cu");
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let output = output.to_string_lossy();
    let ran = directives.run(
        path,
        &temporary,
        &["--strict-check", "--cpu-threshold", "0", "-o", &output],
    );
    if ran.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&ran.stderr).into_owned().into())
    }
}
