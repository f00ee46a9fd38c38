//! The plan file: for each region the moves that lead to its kernels, as text that replays.
//!
//! ```text
//! mupac-plan 1
//! region saxpy:3
//! split i 256 -> i.o i.i
//! bind i.o block.x
//! bind i.i thread.x
//! ```
//! Empty lines and lines that start with `#` mean nothing.
//! Whether a region exists and a move is legal is for the replay to say; the lines are kept so that it can name them.

use std::fmt::Write;

use crate::trajectory::{Move, Trajectory};

const HEADER: &str = "mupac-plan 1";

/// The moves of one region of a plan file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionMoves {
    /// Function and line of the region's first loop: `saxpy:3`.
    pub name: String,
    /// The line of the file that names it, counted from 1.
    pub line: usize,
    /// The moves.
    pub trajectory: Trajectory,
    /// The line of each move, counted from 1.
    pub move_lines: Vec<usize>,
}

/// What is wrong with a plan file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct PlanTextError {
    /// Where, counted from 1.
    pub line: usize,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
}

/// Returns the text of a plan file for regions given by name.
pub fn print<'a>(regions: impl IntoIterator<Item = (&'a str, &'a Trajectory)>) -> String {
    let mut text = format!("{HEADER}\n");
    for (name, trajectory) in regions {
        // Writing to a string does not fail.
        let _ = write!(text, "region {name}\n{trajectory}");
    }
    text
}

/// Reads a plan file.
///
/// **Errors**: a missing or newer header, a move before any region, a region without a name or named twice, and a line
/// that is not a move.
pub fn parse(text: &str) -> Result<Vec<RegionMoves>, PlanTextError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    match lines.next() {
        Some((_, HEADER)) => {}
        Some((line, other)) if other.split_whitespace().next() == Some("mupac-plan") => {
            return Err(error(
                line,
                format!("this version reads `{HEADER}`, not `{other}`"),
            ));
        }
        Some((line, other)) => {
            return Err(error(
                line,
                format!("a plan file begins with `{HEADER}`, not with `{other}`"),
            ));
        }
        None => {
            return Err(error(
                1,
                format!("a plan file begins with `{HEADER}`; this one is empty"),
            ));
        }
    }
    let mut regions: Vec<RegionMoves> = Vec::new();
    for (line, text) in lines {
        let mut words = text.split_whitespace();
        if words.next() == Some("region") {
            let name = region_name(line, words)?;
            if let Some(first) = regions.iter().find(|region| region.name == name) {
                let what = format!("region {name} was named before, on line {}", first.line);
                return Err(error(line, what));
            }
            regions.push(RegionMoves {
                name,
                line,
                trajectory: Trajectory::default(),
                move_lines: Vec::new(),
            });
            continue;
        }
        let Some(region) = regions.last_mut() else {
            let what = format!("`{text}` stands before the first `region function:line`");
            return Err(error(line, what));
        };
        let each: Move = text
            .parse()
            .map_err(|wrong| error(line, format!("{wrong}")))?;
        region.trajectory.moves.push(each);
        region.move_lines.push(line);
    }
    Ok(regions)
}

/// Returns the name behind the word `region`: `function:line`.
fn region_name<'a>(
    line: usize,
    mut words: impl Iterator<Item = &'a str>,
) -> Result<String, PlanTextError> {
    let (Some(name), None) = (words.next(), words.next()) else {
        let what = "a region is named by one word, `region function:line`".to_owned();
        return Err(error(line, what));
    };
    Ok(name.to_owned())
}

fn error(line: usize, what: String) -> PlanTextError {
    PlanTextError { line, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "mupac-plan 1\nregion saxpy:3\nsplit i 256 -> i.o i.i\nbind i.o block.x\nregion f:9\n";

    #[test]
    fn a_plan_file_reads_back_as_it_was_written() {
        let regions = parse(FILE).unwrap();
        let names: Vec<_> = regions.iter().map(|region| region.name.as_str()).collect();
        assert_eq!(names, ["saxpy:3", "f:9"]);
        assert_eq!(regions[0].move_lines, [3, 4]);
        let pairs = regions
            .iter()
            .map(|region| (region.name.as_str(), &region.trajectory));
        assert_eq!(print(pairs), FILE);
    }

    #[test]
    fn comments_and_blank_lines_mean_nothing_but_count() {
        let regions =
            parse("\n# by hand\nmupac-plan 1\r\n\n  region a:1\r\n  bind i block.x  \n").unwrap();
        assert_eq!(regions[0].line, 5);
        assert_eq!(regions[0].move_lines, [6]);
        assert_eq!(regions[0].trajectory.moves[0].arguments, ["block.x"]);
    }

    #[test]
    fn errors_name_their_line() {
        let wrong = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            wrong(""),
            "line 1: a plan file begins with `mupac-plan 1`; this one is empty"
        );
        assert_eq!(
            wrong("\nregion a:1"),
            "line 2: a plan file begins with `mupac-plan 1`, not with `region a:1`"
        );
        assert_eq!(
            wrong("mupac-plan 2"),
            "line 1: this version reads `mupac-plan 1`, not `mupac-plan 2`"
        );
        assert_eq!(
            wrong("mupac-plan 1\nsplit i 2"),
            "line 2: `split i 2` stands before the first `region function:line`"
        );
        assert_eq!(
            wrong("mupac-plan 1\nregion"),
            "line 2: a region is named by one word, `region function:line`"
        );
        assert_eq!(
            wrong("mupac-plan 1\nregion a:1\n\nregion a:1"),
            "line 4: region a:1 was named before, on line 2"
        );
        assert_eq!(
            wrong("mupac-plan 1\nregion a:1\nsplit"),
            "line 3: a move is `step loop arguments…`, but this line is `split`"
        );
    }
}
