//! Every file of corpus and examples at every level: the outputs pass their checks, by the estimate no level does worse than
//! a lower one, and the first lines name what chose the plans.
//!
//! What `-O2` writes the other tests check; another level's output is checked here where it is another text, for a sample
//! of the files, and for all of them where `MUPAC_CHECKS` is `all`. `cargo mupac-fuzz --level` checks many more.

use std::collections::BTreeMap;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;
use tempfile::TempDir;

use crate::directives::Directives;
use crate::sample::is_sampled;

/// The levels, lowest first, with what their plans may come of.
const LEVELS: [(&str, &[&str]); 3] = [
    ("-O0", &["default"]),
    ("-O2", &["greedy", "default"]),
    ("-O3", &["search", "greedy", "default"]),
];

/// What else the search needs to be as short as a test: few states.
const BUDGET: &str = "--search-budget=48";

/// What one level makes of a file.
struct Made {
    /// The output behind its first lines, which name the level's way to choose.
    text: String,
    /// Of each region, how much faster it is than by the default bindings, by the estimate.
    ///
    /// **Units**: binary logarithm, in thousandths.
    gains: BTreeMap<String, f64>,
}

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let mut directives = Directives::of(&std::fs::read_to_string(path)?);
    // The tool chooses the mappings, and every level is checked alike.
    directives.plan.clear();
    let is_level = |option: &String| option.starts_with("--check-level");
    directives.options.retain(|option| !is_level(option));
    let mut all: Vec<Made> = Vec::new();
    for (level, ways) in LEVELS {
        let made = made(&directives, path, &temporary, level, ways)?;
        if let Some(lower) = all.last() {
            is_no_worse(&made, lower).map_err(|what| format!("{level}: {what}"))?;
        }
        all.push(made);
    }
    if !is_sampled(path) {
        return Ok(());
    }
    let checked = &all[1].text;
    for ((level, _), made) in LEVELS.iter().zip(&all) {
        if made.text != *checked {
            let has_kernels = !made.gains.is_empty();
            passes(&directives, path, &temporary, level, has_kernels)?;
        }
    }
    passes(&directives, path, &temporary, "--no-parallel", false)
}

/// Translates a file without a check.
fn made(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
    level: &str,
    ways: &[&str],
) -> Result<Made, Failed> {
    let report = temporary.path().join("report.json");
    let option = format!("--report={}", report.display());
    let text = written(
        directives,
        path,
        temporary,
        level,
        &["--check=off", &option],
    )?;
    let report: Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    let mut gains = BTreeMap::new();
    for region in report["regions"].as_array().into_iter().flatten() {
        let name = region["name"].as_str().unwrap_or_default();
        let way = region["chosen_by"].as_str().unwrap_or_default();
        if !ways.contains(&way) {
            return Err(format!("{level}: {name} is chosen by `{way}`").into());
        }
        if !header(&text).contains(words(way)) {
            return Err(format!("{level}: no `{}` in {}", words(way), header(&text)).into());
        }
        let gain = &region["estimate"]["gain_log2"];
        let gain = gain
            .as_f64()
            .ok_or_else(|| format!("{name} has no estimate"))?;
        gains.insert(name.to_owned(), gain);
    }
    let text = code(&text);
    Ok(Made { text, gains })
}

/// Returns how the first lines name a way to choose.
fn words(way: &str) -> &'static str {
    match way {
        "search" => "graph search",
        "greedy" => "greedy choice",
        _ => "the default bindings",
    }
}

/// Checks that every region of a lower level has kernels, which are at least as fast by the estimate.
fn is_no_worse(made: &Made, lower: &Made) -> Result<(), String> {
    for (name, least) in &lower.gains {
        match made.gains.get(name) {
            Some(gain) if gain >= least => {}
            Some(gain) => return Err(format!("{name} gains {gain}, {least} at a lower level")),
            None => return Err(format!("{name} has kernels at a lower level only")),
        }
    }
    Ok(())
}

/// Translates a file with a short check, whose failure is an error.
fn passes(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
    level: &str,
    has_kernels: bool,
) -> Result<(), Failed> {
    let more = ["--check-level=quick", "--strict-check"];
    let text = written(directives, path, temporary, level, &more)?;
    // Nothing that could be called is left of many files without kernels.
    let is_checked = header(&text).contains("Checked on the CPU");
    if is_checked || !has_kernels && header(&text).contains("Not tested: there is neither main") {
        Ok(())
    } else {
        Err(format!("{level}: {}", header(&text)).into())
    }
}

/// Runs mupac and returns what it wrote.
fn written(
    directives: &Directives,
    path: &Path,
    temporary: &TempDir,
    level: &str,
    more: &[&str],
) -> Result<String, Failed> {
    let output = temporary.path().join("out.cu");
    let mut options = vec![level, "-o", output.to_str().unwrap()];
    options.extend(more);
    if level == "-O3" {
        options.push(BUDGET);
    }
    let ran = directives.run(path, temporary, &options);
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        return Err(format!("{level}: {said}").into());
    }
    Ok(std::fs::read_to_string(&output)?)
}

/// Returns the comment lines that mupac puts first.
fn header(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with("// "));
    lines.take(4).collect::<Vec<_>>().join("\n")
}

/// Returns what stands behind them.
fn code(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.starts_with("// "));
    lines.collect::<Vec<_>>().join("\n")
}
