//! The loops that stay on the host as SARIF, which code hosts and editors show beside their lines.
//!
//! **Source**: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, section 3; numbers in comments are its.

use std::fmt::Write;
use std::path::Path;

use mupac_ir::Reason;
use mupac_ir::reason::ReasonRow;
use serde::Serialize;

use crate::outputs::TOOL;
use crate::report::{Loop, ReasonEntry, Report, Texts};

/// The schema that the standard is published with.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// So many reasons beside the first one are said.
const MOST_OTHERS: usize = 3;

/// 3.13.
#[derive(Debug, Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

/// 3.14.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    /// Columns are counted in these.
    column_kind: &'static str,
    results: Vec<SarifResult<'r>>,
}

/// 3.18.
#[derive(Debug, Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

/// 3.19.
#[derive(Debug, Serialize)]
struct Driver<'r> {
    name: &'static str,
    version: &'r str,
    rules: Vec<Rule<'r>>,
}

/// 3.49.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'r> {
    id: &'r str,
    name: &'r str,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

/// 3.50.
#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

/// 3.11 and 3.12.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Text {
    text: String,
}

/// 3.27.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'r> {
    rule_id: &'r str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'r>>,
}

/// 3.28.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'r> {
    #[serde(rename = "physicalLocation")]
    physical: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

/// 3.29.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

/// 3.4.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// 3.30; a column is left out where the text is not at hand that it is counted in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
}

/// 3.33.
#[derive(Debug, Serialize)]
struct LogicalLocation<'r> {
    name: &'r str,
    kind: &'static str,
}

/// Returns the loops of a report that no kernel runs.
///
/// **Errors**: none that such text can have; they are those of the serializer.
pub(crate) fn text(report: &Report, texts: &Texts) -> serde_json::Result<String> {
    let staying = report.loops.iter().filter(|told| told.kernel.is_none());
    let staying: Vec<(&Loop, &ReasonEntry)> = staying
        .filter_map(|told| Some((told, told.reasons.first()?)))
        .collect();
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for (told, first) in staying {
        let known = rules.iter().position(|rule| rule.id == first.code);
        let rule_index = known.unwrap_or_else(|| {
            rules.push(rule(first));
            rules.len() - 1
        });
        results.push(result(texts, rule_index, told, first));
    }
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: TOOL,
                    version: &report.tool,
                    rules,
                },
            },
            column_kind: "utf16CodeUnits",
            results,
        }],
    };
    serde_json::to_string_pretty(&log).map(|text| text + "\n")
}

fn rule(reason: &ReasonEntry) -> Rule<'_> {
    let row = Reason::ALL.iter().find(|row| row.code == reason.code);
    let explanation = row.map_or(&*reason.message, |row| row.explanation);
    let help = row.and_then(ReasonRow::hint).unwrap_or(explanation);
    // One sentence, 3.49.9.
    let short = explanation.lines().next().unwrap_or(explanation);
    let text = |text: &str| Text {
        text: text.trim_end().to_owned(),
    };
    Rule {
        id: &reason.code,
        name: &reason.name,
        short_description: text(short),
        full_description: text(explanation),
        help: text(help),
        default_configuration: Configuration { level: "note" },
    }
}

fn result<'r>(
    texts: &Texts,
    rule_index: usize,
    told: &'r Loop,
    first: &'r ReasonEntry,
) -> SarifResult<'r> {
    let others = told.reasons.iter().skip(1).take(MOST_OTHERS);
    let others = others.map(|other| format!(" Also: {}.", other.message));
    let mut message = format!("This loop stays on the host: {}.", first.message);
    message.extend(others);
    if let Some(hint) = &first.hint {
        message = format!("{message} What helps: {hint}.");
    }
    // Of several files the report does not say in which one a reason stands.
    let is_one_file = texts.sources.len() == 1;
    let is_elsewhere = is_one_file && (first.line, first.column) != (told.line, told.column);
    let related = is_elsewhere.then(|| Location {
        physical: physical(texts, &told.file, (first.line, first.column)),
        logical_locations: Vec::new(),
        message: Some(Text {
            text: "because of this".to_owned(),
        }),
    });
    let function = (!told.function.is_empty()).then_some(LogicalLocation {
        name: &told.function,
        kind: "function",
    });
    SarifResult {
        rule_id: &first.code,
        rule_index,
        level: "note",
        message: Text { text: message },
        locations: [Location {
            physical: physical(texts, &told.file, (told.line, told.column)),
            logical_locations: function.into_iter().collect(),
            message: None,
        }],
        related_locations: related.into_iter().collect(),
    }
}

fn physical(texts: &Texts, file: &str, (line, column): (usize, usize)) -> PhysicalLocation {
    let text = texts.source(file).and_then(|found| found.text());
    let text = text.and_then(|text| text.lines().nth(line.checked_sub(1)?));
    PhysicalLocation {
        artifact_location: artifact(file),
        region: Region {
            start_line: line.max(1),
            start_column: text.and_then(|text| in_code_units(text, column)),
        },
    }
}

/// Returns a column, counted from 1 in bytes, in code units of UTF-16.
fn in_code_units(line: &str, column: usize) -> Option<usize> {
    let before = line.get(..column.checked_sub(1)?)?;
    Some(before.encode_utf16().count() + 1)
}

/// Returns where a file is: below the root of the source, unless its name says it all.
fn artifact(file: &str) -> ArtifactLocation {
    let is_absolute = Path::new(file).is_absolute();
    let path = encoded(file.strip_prefix("./").unwrap_or(file));
    ArtifactLocation {
        uri: if is_absolute {
            format!("file://{path}")
        } else {
            path
        },
        uri_base_id: (!is_absolute).then_some("%SRCROOT%"),
    }
}

/// Returns a path as a part of a URI.
///
/// **Source**: RFC 3986, 2.1 and 2.3.
fn encoded(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_standard_says() {
        assert_eq!(in_code_units("/* 😀ß */ for", 12), Some(9));
        assert_eq!(in_code_units("for", 1), Some(1));
        assert_eq!(in_code_units("for", 9), None);
        assert_eq!(in_code_units("ß", 2), None);
    }

    #[test]
    fn names_become_addresses() {
        let relative = artifact("./a b/ß#1.c");
        assert_eq!(relative.uri, "a%20b/%C3%9F%231.c");
        assert_eq!(relative.uri_base_id, Some("%SRCROOT%"));
        let absolute = artifact("/x/a.c");
        assert_eq!(absolute.uri, "file:///x/a.c");
        assert_eq!(absolute.uri_base_id, None);
    }
}
