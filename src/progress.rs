//! One line on a terminal that says what a translation does while it takes longer than one likes to wait.

use std::io::{IsTerminal, Write, stderr};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mupac_ir::Module;
use mupac_tester::Progress;

use crate::cli::MessageFormat;
use crate::diagnostics::{self, Reporter};
use crate::translate::{self, Request, TranslateError, Translation};

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_secs(1);
/// A line stands at least so long, so that it can be read.
const LEAST: Duration = Duration::from_millis(100);
/// Longer lines could wrap, and would then stay.
const MOST_CHARACTERS: usize = 78;
/// Goes to the start of the line and empties it.
///
/// **Source**: ECMA-48, 5th edition, 8.3.41 (`EL`).
const EMPTY_LINE: &str = "\r\x1b[K";

/// Translates a module; people who wait for it are shown how far it has come.
///
/// **Errors**: those of [`translate::translate`].
pub(crate) fn translate(
    module: Module,
    request: &mut Request,
    reporter: Reporter,
) -> Result<Translation, TranslateError> {
    let is_read = stderr().is_terminal() && reporter.format != MessageFormat::Json;
    let line = (is_read && !reporter.is_quiet).then(|| Line::new(&module.source.name));
    if let (Some(check), Some(line)) = (&mut request.check, &line) {
        check.progress = line.progress();
    }
    translate::translate(module, request)
}

/// The line, which a thread of its own shows; it is gone when this is dropped.
struct Line {
    state: Arc<(Mutex<State>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    started: Instant,
    /// What is to be shown.
    words: String,
    /// What is shown, and since when.
    shown: Option<(String, Instant)>,
    is_over: bool,
}

impl Line {
    fn new(file: &str) -> Self {
        let state = Arc::new((Mutex::new(State::new(Instant::now())), Condvar::new()));
        let (shared, file) = (Arc::clone(&state), file.to_owned());
        // Without a thread there is no line.
        let thread = thread::Builder::new().spawn(move || show(&shared, &file));
        Self {
            state,
            thread: thread.ok(),
        }
    }

    /// Returns what is to be told.
    fn progress(&self) -> Progress {
        let shared = Arc::clone(&self.state);
        Progress::new(move |words| {
            let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
            words.clone_into(&mut state.words);
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let (state, ended) = &*self.state;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        let is_shown = state.shown.is_some();
        drop(state);
        ended.notify_all();
        // A thread that panicked shows nothing more either.
        let _ = self.thread.take().map(JoinHandle::join);
        if is_shown {
            write(EMPTY_LINE);
        }
    }
}

/// Shows the line until it is over.
fn show((state, ended): &(Mutex<State>, Condvar), file: &str) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    while !state.is_over {
        if let Some(words) = state.due(Instant::now()) {
            write(&line(file, &words));
        }
        let waited = ended.wait_timeout(state, LEAST);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}

impl State {
    fn new(started: Instant) -> Self {
        Self {
            started,
            words: "translating".to_owned(),
            shown: None,
            is_over: false,
        }
    }

    /// Returns the words that are to be shown now, and notes that they are.
    fn due(&mut self, now: Instant) -> Option<String> {
        let waited = now.saturating_duration_since(self.started);
        let is_new = self.shown.as_ref().is_none_or(|(words, since)| {
            *words != self.words && now.saturating_duration_since(*since) >= LEAST
        });
        if self.is_over || waited < PATIENCE || !is_new {
            return None;
        }
        self.shown = Some((self.words.clone(), now));
        Some(self.words.clone())
    }
}

fn line(file: &str, words: &str) -> String {
    let whole = format!("{file}: {words}");
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
        let mut state = State::new(started);
        let mut due = |milliseconds, words: &str| {
            words.clone_into(&mut state.words);
            let now = started + Duration::from_millis(milliseconds);
            state.due(now).is_some()
        };
        assert!(!due(100, "a") && !due(999, "b"));
        assert!(due(1000, "b"));
        assert!(!due(1200, "b") && due(1300, "c"));
        assert!(!due(1350, "d") && due(1400, "d"));
        state.is_over = true;
        "e".clone_into(&mut state.words);
        assert_eq!(state.due(started + Duration::from_secs(9)), None);
    }

    #[test]
    fn a_line_fits_its_terminal() {
        let shown = line("a.c", &"many words ".repeat(20));
        assert_eq!(shown.chars().count(), MOST_CHARACTERS + EMPTY_LINE.len());
        assert!(shown.starts_with("\r\x1b[Ka.c: many words"));
        assert!(line("a\x1b[2J.c", "").starts_with("\r\x1b[Ka\\u{1b}[2J.c: "));
    }
}
