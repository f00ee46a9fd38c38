//! Reads reports again.

use std::path::Path;

use serde::Deserialize;

use super::Report;
use crate::diagnostics::Message;
use crate::input;

/// The version of the form that is written and read.
pub const VERSION: u32 = 1;

/// What every version of the form has.
#[derive(Clone, Debug, Deserialize)]
struct Version {
    version: u32,
}

/// Reads a report.
///
/// **Errors**: a message that names the file, and the line where it is no report of this version.
pub fn read(path: &Path) -> Result<Report, Message> {
    let bytes = input::read_bytes(path)?;
    let name = path.display().to_string();
    let malformed = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        Message::error(format!("this is no report of mupac: {error}"))
            .help("`mupac FILE.c --report REPORT.json` writes one")
            .at(&name, line, column)
    };
    let Version { version } = serde_json::from_slice(&bytes).map_err(malformed)?;
    if version == VERSION {
        return serde_json::from_slice(&bytes).map_err(malformed);
    }
    let words = format!("this report has version {version}, and mupac reads version {VERSION}");
    Err(Message::error(words)
        .help("write the report again")
        .at(&name, 0, 0))
}
