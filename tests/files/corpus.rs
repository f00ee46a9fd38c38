//! Every file of the corpus: IR, report and output are snapshots, and the output's check passed. What all outputs have in
//! common, the run-time support, is in a header of its own, of which they hold the number.
//!
//! An output that is another than its snapshot, and those of a sample of the files, are checked as users' are; of the
//! others the snapshot holds what the check said when it was made.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;
use tempfile::TempDir;

use crate::directives::Directives;
use crate::sample::is_sampled;

/// What a translation writes.
struct Written {
    cuda: String,
    report: Value,
}

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let ir = written(&directives, path, &temporary, &["--emit=ir"])?;
    let known = if is_sampled(path) {
        None
    } else {
        known(&directives, path, &temporary)?
    };
    let Written { cuda, mut report } = match known {
        Some(known) => known,
        None => translated(&directives, path, &temporary, "--strict-check")?,
    };
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

/// Translates a file; `how` says what is done about its check.
fn translated(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
    how: &str,
) -> Result<Written, Failed> {
    let report = temporary.path().join("report.json");
    let option = format!("--report={}", report.display());
    let options = [how, "--support=header", &option];
    let cuda = written(directives, path, temporary, &options)?;
    let cuda = cuda.replace(&*temporary.path().to_string_lossy(), "FOLDER");
    Ok(Written {
        cuda: with_verdict(&cuda, &without_figures),
        report: serde_json::from_slice(&std::fs::read(&report)?)?,
    })
}

/// Returns what a translation without a check writes, with what the snapshots say of the check; `None`: it is not what
/// was checked for them.
fn known(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
) -> Result<Option<Written>, Failed> {
    let snapshot = |ending| {
        let text = std::fs::read_to_string(path.with_extension(ending)).unwrap_or_default();
        let text = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        text.trim_end().to_owned()
    };
    let (cuda, report) = (snapshot("cu.snap"), snapshot("report.snap"));
    let Some(verdict) = cuda.lines().find(|line| is_verdict(line)) else {
        return Ok(None);
    };
    let Ok(report) = serde_json::from_str::<Value>(&report) else {
        return Ok(None);
    };
    let mut now = translated(directives, path, temporary, "--check=off")?;
    now.cuda = with_verdict(&now.cuda, &|_| verdict.to_owned());
    now.report["check"] = report["check"].clone();
    now.report["options"]["check"] = report["options"]["check"].clone();
    Ok((now.cuda.trim_end() == cuda).then_some(now))
}

/// Returns whether a line says how far the text was checked.
fn is_verdict(line: &str) -> bool {
    let words = ["// Checked on the CPU", "// Not checked", "// Not tested"];
    words.iter().any(|words| line.starts_with(words))
}

/// Writes the line that says how far the text was checked in another way.
fn with_verdict(cuda: &str, other: &dyn Fn(&str) -> String) -> String {
    let mut lines: Vec<String> = cuda.lines().map(str::to_owned).collect();
    if let Some(verdict) = lines.iter_mut().find(|line| is_verdict(line)) {
        *verdict = other(verdict);
    }
    lines.join("\n") + "\n"
}

/// Takes out how many tests there were and what they reached.
fn without_figures(verdict: &str) -> String {
    let verdict = verdict.replace(", low coverage", "");
    match verdict.split_once(" tests, ") {
        Some((before, behind)) => {
            let words = before.trim_end_matches(|letter: char| letter.is_ascii_digit());
            format!("{words}tests, {behind}")
        }
        None => verdict,
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
    for part in ["parts", "sources", "written"] {
        report.as_object_mut().unwrap().remove(part);
    }
    report["tool"] = "version".into();
    // What tests reach is the check's affair, not the translation's.
    if report["check"]["status"] == "pass-low-coverage" {
        report["check"]["status"] = "pass".into();
    }
    let check = report["check"].as_object_mut().unwrap();
    for figure in [
        "dropped",
        "line_coverage",
        "branch_coverage",
        "missed",
        "mutants",
        "tests",
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
