//! The options of `mupac report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The options of `mupac report`.
#[derive(Clone, Debug, Args)]
pub struct ShownReport {
    /// The file that --report wrote
    #[arg(value_name = "REPORT.json")]
    pub report: PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value_t = ReportForm::Html, value_name = "FORM")]
    pub form: ReportForm,
    /// Where to write it; `-` is standard output [default: REPORT.html, REPORT.sarif, and standard output for text]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over a file even if mupac did not write it
    #[arg(short, long)]
    pub force: bool,
}

/// The form of a report that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// A page that needs nothing but a browser
    Html,
    /// SARIF 2.1.0: the loops that stay on the host
    Sarif,
    /// What `mupac explain -v` says of it
    Text,
}
