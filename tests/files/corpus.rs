//! Every file of the corpus: IR, report and output are snapshots, and the output's check passed.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;
use tempfile::TempDir;

use crate::directives::Directives;

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let ir = written(&directives, path, &temporary, &["--emit=ir"])?;
    let report_path = temporary.path().join("report.json");
    let report_option = format!("--report={}", report_path.display());
    let cuda = written(
        &directives,
        path,
        &temporary,
        &["--strict-check", &report_option],
    )?;
    let cuda = cuda.replace(&*temporary.path().to_string_lossy(), "FOLDER");
    let mut report: Value = serde_json::from_slice(&std::fs::read(&report_path)?)?;
    let status = report["check"]["status"].clone();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        normalise(&mut report);
        insta::assert_snapshot!(format!("{name}.mir"), ir);
        insta::assert_snapshot!(format!("{name}.cu"), cuda);
        insta::assert_json_snapshot!(format!("{name}.report"), report);
    });
    if status == "pass" || status == "pass-low-coverage" {
        Ok(())
    } else {
        Err(format!("the check of {name} says {status}").into())
    }
}

/// Runs mupac and returns what it wrote.
fn written(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
    more: &[&str],
) -> Result<String, Failed> {
    let output = temporary.path().join("out");
    let mut options = vec!["-o", output.to_str().unwrap()];
    options.extend(more);
    let ran = directives.run(path, temporary, &options);
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    Ok(std::fs::read_to_string(&output)?)
}

/// Takes out what differs between runs and versions.
fn normalise(report: &mut Value) {
    report["output"] = "out".into();
    report["tool"] = "version".into();
    // What tests reach is the check's affair, not the translation's.
    let check = report["check"].as_object_mut().unwrap();
    for figure in [
        "dropped",
        "line_coverage",
        "branch_coverage",
        "missed",
        "mutants",
        "undecided",
        "untested",
    ] {
        check.remove(figure);
    }
    // What the model thinks of a plan, and why, is for its own tests; a better estimate changes no snapshot here.
    report.as_object_mut().unwrap().remove("worth");
    report["search"] = serde_json::json!({"oracle": report["search"]["oracle"]});
    for region in report["regions"].as_array_mut().unwrap() {
        region.as_object_mut().unwrap().remove("estimate");
        region
            .as_object_mut()
            .unwrap()
            .remove("estimated_microseconds");
        region.as_object_mut().unwrap().remove("chosen_by");
        for each in region["trajectory"].as_array_mut().unwrap() {
            *each = serde_json::json!({"move": each["move"]});
        }
    }
    if !report["options"]["plan"].is_null() {
        report["options"]["plan"] = "pinned.plan".into();
    }
}
