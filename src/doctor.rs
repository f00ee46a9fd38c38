//! `mupac doctor`: which tools this machine has, what is missing, and how to get it.

use std::fmt;

use mupac_backend_cuda::device;
use mupac_passes::isl;
use mupac_tester::{CheckOptions, tools, tools::Tool};

/// Room for the longest name.
const NAME_WIDTH: usize = 12;

/// What a machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    rows: Vec<Row>,
}

/// A tool, or a place where one was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    name: &'static str,
    need: Need,
    finding: Finding,
}

/// Who misses a tool that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Translating, or the check that comes with it.
    Required,
    /// Only who compiles and runs the written file on this machine.
    Optional,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Finding {
    /// The tool, in its own words.
    Found(String),
    /// Why it is not there, and what helps.
    Missing {
        why: String,
        help: Option<&'static str>,
    },
}

impl Diagnosis {
    /// Returns whether translating and checking can work.
    pub fn is_ready(&self) -> bool {
        !self
            .rows
            .iter()
            .any(|row| row.need == Need::Required && matches!(row.finding, Finding::Missing { .. }))
    }
}

/// Looks for every tool that mupac or the reader of its output uses.
pub fn diagnosis() -> Diagnosis {
    let options = CheckOptions::default();
    let row = |name, need, finding| Row {
        name,
        need,
        finding,
    };
    Diagnosis {
        rows: vec![
            row("libclang", Need::Required, libclang()),
            row(
                "isl",
                Need::Required,
                Finding::Found(format!("{}, linked in", isl::version())),
            ),
            row(
                "C compiler",
                Need::Required,
                tool(
                    tools::c_compiler(&options),
                    "no `cc` on PATH",
                    "on Debian: apt-get install gcc libc6-dev",
                ),
            ),
            row(
                "C++ compiler",
                Need::Required,
                tool(
                    tools::cxx_compiler(&options),
                    "no `c++` on PATH",
                    "on Debian: apt-get install g++",
                ),
            ),
            row("cache", Need::Optional, cache()),
            row(
                "nvcc",
                Need::Optional,
                tool(
                    tools::nvcc(),
                    "not on PATH, in /usr/local/cuda/bin or named by MUPAC_NVCC",
                    "the CUDA Toolkit brings it; version 12 or newer compiles what mupac writes",
                ),
            ),
            row("GPU", Need::Optional, gpu()),
        ],
    }
}

fn libclang() -> Finding {
    match mupac_frontend::libclang_version() {
        Ok(version) => Finding::Found(version),
        Err(error) => Finding::Missing {
            why: error.to_string(),
            // Its message says what to install.
            help: None,
        },
    }
}

fn tool(found: Option<Tool>, why: &str, help: &'static str) -> Finding {
    match found {
        Some(tool) => Finding::Found(format!("{} ({})", tool.version, tool.path.display())),
        None => Finding::Missing {
            why: why.to_owned(),
            help: Some(help),
        },
    }
}

fn cache() -> Finding {
    match tools::cache_folder() {
        Some(folder) => Finding::Found(folder.display().to_string()),
        None => Finding::Missing {
            why: "neither MUPAC_CACHE_DIR nor XDG_CACHE_HOME nor HOME is set".to_owned(),
            help: Some("set one of them, or every check compiles the runtime again"),
        },
    }
}

fn gpu() -> Finding {
    match device::gpus() {
        Ok(gpus) => {
            let each = gpus.iter().map(|gpu| {
                let gibibytes = gpu.memory_bytes >> 30;
                format!("{} ({}, {gibibytes} GiB)", gpu.name, gpu.arch)
            });
            Finding::Found(each.collect::<Vec<_>>().join(", "))
        }
        Err(error) => Finding::Missing {
            why: error.to_string(),
            help: Some("translating and checking need none"),
        },
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Row {
            name,
            need,
            finding,
        } in &self.rows
        {
            let (state, words) = match (finding, need) {
                (Finding::Found(what), _) => ("found", what.clone()),
                (Finding::Missing { why, help }, need) => {
                    let state = match need {
                        Need::Required => "MISSING",
                        Need::Optional => "absent",
                    };
                    let help = help.map(|help| format!("; {help}")).unwrap_or_default();
                    (state, format!("{why}{help}"))
                }
            };
            writeln!(out, "{name:NAME_WIDTH$}  {state:7}  {words}")?;
        }
        writeln!(
            out,
            "{}",
            if self.is_ready() {
                "Translating and checking have all they need."
            } else {
                "What is MISSING is needed for translating or checking."
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(need: Need, finding: Finding) -> Row {
        Row {
            name: "tool",
            need,
            finding,
        }
    }

    fn missing() -> Finding {
        Finding::Missing {
            why: "not there".to_owned(),
            help: Some("get it"),
        }
    }

    #[test]
    fn only_a_required_tool_is_missed() {
        let optional = Diagnosis {
            rows: vec![row(Need::Optional, missing())],
        };
        assert!(optional.is_ready());
        assert!(
            optional
                .to_string()
                .starts_with("tool          absent   not there; get it\n")
        );
        let required = Diagnosis {
            rows: vec![row(Need::Required, missing())],
        };
        assert!(!required.is_ready());
        assert!(
            required
                .to_string()
                .starts_with("tool          MISSING  not there; get it\n")
        );
    }

    #[test]
    fn this_machine_can_run_the_suite() {
        let diagnosis = diagnosis();
        assert!(diagnosis.is_ready(), "{diagnosis}");
    }
}
