//! The form for programs: one JSON object a line, told apart by `type`.

use mupac_ir::Source;
use serde_json::{Value, json};

use super::Message;

/// Returns the object of a message.
pub(super) fn message(message: &Message, source: Option<&Source>) -> Value {
    let related: Vec<Value> = message
        .labels
        .iter()
        .filter(|label| !label.span.is_unknown())
        .filter_map(|label| {
            let (line, column) = source?.line_column(label.span.start);
            Some(json!({"line": line, "column": column, "message": label.words}))
        })
        .collect();
    json!({
        "type": "message",
        "severity": message.severity.name(),
        "code": message.code,
        "message": message.title,
        "file": message.place.as_ref().map(|place| &place.file),
        "line": message.place.as_ref().map(|place| place.line),
        "column": message.place.as_ref().map(|place| place.column),
        "labels": related,
        "notes": message.notes,
    })
}

/// Returns the object of a line of progress.
pub(super) fn progress(text: &str) -> Value {
    json!({"type": "progress", "message": text})
}
