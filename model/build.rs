//! Turns the hardware files into constants: a mistake in one stops the build, and nothing is read at run time.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What a constant may rest on.
const KINDS: [&str; 6] = [
    "assumed",
    "datasheet",
    "fitted",
    "guide",
    "literature",
    "measured",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=hardware");
    let entries = std::fs::read_dir("hardware")?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    let (mut text, mut names) = (String::new(), Vec::new());
    for path in &paths {
        let name = path.file_stem().ok_or("a file without a name")?;
        let name = name.to_string_lossy().to_uppercase();
        let gpu = gpu(path).map_err(|why| format!("{}: {why}", path.display()))?;
        writeln!(text, "pub(super) static {name}: Hardware = {gpu};")?;
        names.push(format!("&{name}"));
    }
    let (count, names) = (names.len(), names.join(", "));
    writeln!(
        text,
        "pub(super) static KNOWN: [&Hardware; {count}] = [{names}];"
    )?;
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("hardware.rs"), text)?;
    Ok(())
}

/// Returns the expression for a file; the compiler sees to it that no field is missing.
fn gpu(path: &Path) -> Result<String, Box<dyn Error>> {
    let file: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let name = file["name"].as_str().ok_or("no name")?;
    let capability = file["compute_capability"].as_u64().ok_or("no capability")?;
    let measured = file["measured"].as_bool().ok_or("measured or not?")?;
    let mut text = format!(
        "Hardware {{ name: {name:?}, compute_capability: {capability}, is_measured: {measured}"
    );
    let constants = file["constants"].as_object().ok_or("no constants")?;
    for (key, constant) in constants {
        let value = constant["value"].as_f64().ok_or("a value is no number")?;
        let kind = constant["kind"].as_str().unwrap_or_default();
        let has = |what: &str| constant[what].as_str().is_some_and(|text| !text.is_empty());
        if !KINDS.contains(&kind) || !has("source") || !has("date") {
            return Err(format!("{key} lacks its kind, source or date").into());
        }
        write!(text, ", {key}: {value:?}")?;
    }
    text.push_str(" }");
    Ok(text)
}
