//! `mupac explain CODE | REPORT.json`: the row of the table of reasons, in full; or the account of a translation.

pub mod report;

use mupac_ir::Reason;

/// Returns the text for a code or a name, in any letter case, or `None` where there is none such.
pub fn explain(code: &str) -> Option<String> {
    Reason::ALL
        .iter()
        .find(|row| row.code.eq_ignore_ascii_case(code) || row.name.eq_ignore_ascii_case(code))
        .map(|row| format!("{} {}\n\n{}\n", row.code, row.name, row.explanation))
}

/// Returns every code with its name, a line each, without a line end after the last.
pub fn codes() -> String {
    let lines: Vec<String> = Reason::ALL
        .iter()
        .map(|row| format!("{} {}", row.code, row.name))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_found() {
        assert_eq!(explain("MUPA101"), explain("carried-dependence"));
        assert!(
            explain("mupa101")
                .unwrap()
                .starts_with("MUPA101 carried-dependence\n\n")
        );
        assert_eq!(explain("MUPA999"), None);
    }

    #[test]
    fn every_row_explains_itself() {
        for row in Reason::ALL {
            assert!(
                explain(row.code).is_some_and(|text| text.len() > 60),
                "{}",
                row.code
            );
        }
    }
}
