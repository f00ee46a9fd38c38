//! Files that mupac wrote, told by what they hold.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use mupac_ir::plan_text;
use mupac_model::TrajectoryGraph;
use serde::Deserialize;

/// What stands in the first line of CUDA text between the input's name and the version.
pub(crate) const TRANSLATED: &str = " translated by mupac ";

/// What stands in the head of every page.
pub(crate) const PAGE: &str = "<meta name=\"generator\" content=\"mupac ";

/// The name of the tool in SARIF.
pub(crate) const TOOL: &str = "mupac";

/// Longer files are looked at as far as this; what mupac writes in other forms than CUDA is shorter.
///
/// **Units**: bytes.
const LONGEST: u64 = 1 << 26;

/// What every report has.
#[derive(Deserialize)]
struct AnyReport {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "tool")]
    _tool: String,
    #[serde(rename = "loops")]
    _loops: Vec<serde_json::Value>,
}

/// What SARIF says of who wrote it.
#[derive(Deserialize)]
struct AnySarif {
    runs: Vec<AnyRun>,
}

#[derive(Deserialize)]
struct AnyRun {
    tool: AnyTool,
}

#[derive(Deserialize)]
struct AnyTool {
    driver: AnyDriver,
}

#[derive(Deserialize)]
struct AnyDriver {
    name: String,
}

impl AnySarif {
    fn is_ours(&self) -> bool {
        let mut tools = self.runs.iter().map(|run| &run.tool.driver.name);
        !self.runs.is_empty() && tools.all(|name| name == TOOL)
    }
}

/// Returns whether a file is one that mupac may replace: something that it writes, or nothing at all.
///
/// One that cannot be read is left to the writer, which says why it cannot be written either.
pub(crate) fn is_one(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes));
    if read.is_err() || bytes.is_empty() {
        return true;
    }
    std::str::from_utf8(&bytes).is_ok_and(is_text_of_one)
}

fn is_text_of_one(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let is_comment = first.starts_with("// ") || first.starts_with("/* ");
    let is_cuda = is_comment && first.contains(TRANSLATED);
    let is_page =
        first == "<!DOCTYPE html>" && text.lines().take(8).any(|line| line.starts_with(PAGE));
    is_cuda
        || is_page
        || serde_json::from_str::<AnySarif>(text).is_ok_and(|sarif| sarif.is_ours())
        || plan_text::parse(text).is_ok()
        || serde_json::from_str::<AnyReport>(text).is_ok()
        || TrajectoryGraph::read(text).is_ok()
        || mupac_ir::parse::module(text).is_ok_and(|module| !module.functions.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{PAGE, is_text_of_one};

    #[test]
    fn what_mupac_writes_is_known() {
        assert!(is_text_of_one(
            "// a.c translated by mupac 0.1.0: no loop runs on the GPU.\n"
        ));
        assert!(is_text_of_one(
            "/* a.c translated by mupac 0.1.0: no loop runs on the GPU. */\n"
        ));
        assert!(is_text_of_one("mupac-plan 1\nregion f:2\n"));
        assert!(is_text_of_one(
            "{\"version\": 1, \"tool\": \"0.1.0\", \"loops\": []}"
        ));
        assert!(is_text_of_one("fn f(n: i32) {\n}\n"));
        assert!(is_text_of_one(&format!(
            "<!DOCTYPE html>\n<html>\n{PAGE}0.1.0\">\n"
        )));
        assert!(is_text_of_one(
            "{\"runs\": [{\"tool\": {\"driver\": {\"name\": \"mupac\"}}}]}"
        ));
    }

    #[test]
    fn what_others_write_is_none_of_ours() {
        assert!(!is_text_of_one("__global__ void k() {}\n"));
        assert!(!is_text_of_one("// my own kernels, which a.c calls\n"));
        assert!(!is_text_of_one("{\"version\": 1}"));
        assert!(!is_text_of_one("notes\n"));
        assert!(!is_text_of_one("<!DOCTYPE html>\n<title>mine</title>\n"));
        assert!(!is_text_of_one(
            "{\"runs\": [{\"tool\": {\"driver\": {\"name\": \"other\"}}}]}"
        ));
    }
}
