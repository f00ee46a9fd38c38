//! Reads a file of results: lines of results, and a last one that says how many they are.

use std::path::Path;

use mupac_ir::GpuResult;
use mupac_ir::gpu_result::{EndMark, SCHEMA};

use crate::diagnostics::Message;
use crate::input;

/// A result and the line that it stands in, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) result: GpuResult,
}

/// Reads a whole file.
///
/// **Errors**: a line that is no result, or an end that is missing or counts otherwise, each with its place.
pub(super) fn read(path: &Path) -> Result<Vec<Line>, Message> {
    let text = input::read_bytes(path)?;
    let text = String::from_utf8_lossy(&text);
    let name = path.display().to_string();
    let wrong = |number: usize, what: String| Err(Message::error(what).at(&name, number, 0));
    let all: Vec<&str> = text.lines().collect();
    let Some((last, rest)) = all.split_last() else {
        return wrong(1, "it is empty".to_owned());
    };
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(rest) {
        match serde_json::from_str(line) {
            Ok(result) => lines.push(Line { number, result }),
            Err(cause) => return wrong(number, format!("this is no result: {cause}")),
        }
    }
    let number = all.len();
    let Ok(end) = serde_json::from_str::<EndMark>(last) else {
        return wrong(
            number,
            "the file is cut off: its last line does not say how many there are".to_owned(),
        );
    };
    if !text.ends_with('\n') || end.schema != SCHEMA || end.end != rest.len() {
        return wrong(
            number,
            format!(
                "the file is damaged: it ends after {} results, and its last line says {}",
                rest.len(),
                end.end
            ),
        );
    }
    Ok(lines)
}
