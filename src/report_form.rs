//! The forms in which a report is written.

use std::path::Path;

use crate::diagnostics::{Message, plain};
use crate::explain::report::Account;
use crate::report::{Report, Texts};
use crate::report_page;
use crate::sarif;

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON, of which the others are made.
    Json,
    /// A page for people.
    Page,
    /// The loops that stay, for code hosts.
    Sarif,
    /// Text for a terminal.
    Text,
}

impl Form {
    /// Returns a report in this form, with the texts that it tells of as they are now; `beside` is its file, where it has one.
    ///
    /// **Errors**: it has a number that JSON cannot say.
    pub(crate) fn text(self, report: &Report, beside: Option<&Path>) -> Result<String, Message> {
        let texts = || Texts::read(report, beside);
        let unsaid =
            |cause: serde_json::Error| Message::error(format!("cannot tell of it: {cause}"));
        match self {
            Self::Json => serde_json::to_string_pretty(report)
                .map(|text| text + "\n")
                .map_err(unsaid),
            Self::Page => Ok(report_page::page(report, &texts())),
            Self::Sarif => sarif::text(report, &texts()).map_err(unsaid),
            Self::Text => {
                let account = Account {
                    told: report.clone(),
                    is_detailed: true,
                };
                Ok(plain(&account.to_string()).into_owned())
            }
        }
    }

    /// Returns how the names of its files end; `None` where it is shown rather than kept.
    pub(crate) fn ending(self) -> Option<&'static str> {
        match self {
            Self::Json => Some("json"),
            Self::Page => Some("html"),
            Self::Sarif => Some("sarif"),
            Self::Text => None,
        }
    }

    /// Returns what helps where its file is taken.
    pub(crate) fn names_another(self) -> &'static str {
        match self {
            Self::Json => "--report names another file",
            Self::Page => "--html names another file",
            Self::Sarif => "--sarif names another file",
            Self::Text => "-o names another file",
        }
    }
}
