//! One line on a terminal that says what a check does while it takes longer than one likes to wait.

use std::io::{IsTerminal, Write, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mupac_ir::Module;
use mupac_tester::Progress;

use crate::cli::MessageFormat;
use crate::diagnostics::{self, Reporter};
use crate::translate::{self, Request, TranslateError, Translation};

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_millis(1500);
/// A line stands at least so long, so that it can be read.
const LEAST: Duration = Duration::from_millis(100);
/// Longer lines could wrap, and would then stay.
const MOST_CHARACTERS: usize = 78;
/// Goes to the start of the line and empties it.
///
/// **Source**: ECMA-48, 5th edition, 8.3.41 (`EL`).
const EMPTY_LINE: &str = "\r\x1b[K";

/// Translates a module; people who wait for its checks are shown how far these have come.
///
/// **Errors**: those of [`translate::translate`].
pub(crate) fn translate(
    module: Module,
    request: &mut Request,
    reporter: Reporter,
) -> Result<Translation, TranslateError> {
    let line = Line::new();
    let is_read = stderr().is_terminal() && reporter.format != MessageFormat::Json;
    if let Some(check) = request
        .check
        .as_mut()
        .filter(|_| is_read && !reporter.is_quiet)
    {
        check.progress = line.progress(&module.source.name);
    }
    translate::translate(module, request)
}

/// The line; it is gone when this is dropped.
struct Line(Arc<Mutex<State>>);

struct State {
    started: Instant,
    shown: Option<Instant>,
    is_over: bool,
}

impl Line {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            started: Instant::now(),
            shown: None,
            is_over: false,
        })))
    }

    /// Returns what is to be told.
    fn progress(&self, file: &str) -> Progress {
        let (state, file) = (Arc::clone(&self.0), file.to_owned());
        Progress::new(move |words| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.is_due(Instant::now()) {
                write(&line(&file, words));
            }
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        if state.shown.is_some() {
            write(EMPTY_LINE);
        }
    }
}

impl State {
    /// Returns whether a line is to be shown now, and notes that it is.
    fn is_due(&mut self, now: Instant) -> bool {
        let waited = now.saturating_duration_since(self.started);
        let stands = self.shown.map(|shown| now.saturating_duration_since(shown));
        let is_due =
            !self.is_over && waited >= PATIENCE && stands.is_none_or(|stands| stands >= LEAST);
        if is_due {
            self.shown = Some(now);
        }
        is_due
    }
}

fn line(file: &str, words: &str) -> String {
    let whole = format!("checking {file}: {words}");
    let shown: String = diagnostics::line(&whole)
        .chars()
        .take(MOST_CHARACTERS)
        .collect();
    format!("{EMPTY_LINE}{shown}")
}

/// Nobody is left to tell where standard error is closed.
fn write(text: &str) {
    let mut stream = stderr();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_late_and_not_too_often() {
        let started = Instant::now();
        let mut state = State {
            started,
            shown: None,
            is_over: false,
        };
        let mut is_due = |milliseconds| state.is_due(started + Duration::from_millis(milliseconds));
        let due = [100, 1499, 1500, 1550, 1600, 1650, 1700].map(&mut is_due);
        assert_eq!(due, [false, false, true, false, true, false, true]);
        state.is_over = true;
        assert!(!state.is_due(started + Duration::from_secs(9)));
    }

    #[test]
    fn a_line_fits_its_terminal() {
        let shown = line("a.c", &"many words ".repeat(20));
        assert_eq!(shown.chars().count(), MOST_CHARACTERS + EMPTY_LINE.len());
        assert!(shown.starts_with("\r\x1b[Kchecking a.c: many words"));
        assert!(line("a\x1b[2J.c", "").starts_with("\r\x1b[Kchecking a\\u{1b}[2J.c: "));
    }
}
