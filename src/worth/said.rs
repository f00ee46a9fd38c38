//! The words about what a translation is worth.

use mupac_ir::reason::time;

use crate::diagnostics::{Message, Severity};

use super::{Hindrance, Worth, rounded};

/// Returns what is said of it.
pub(crate) fn message(worth: &Worth, has_main: bool) -> Message {
    let is_loss = worth.is_measured && worth.gains().iter().all(|gain| *gain < 1.0);
    let severity = if is_loss {
        Severity::Warning
    } else {
        Severity::Note
    };
    let mut message = Message::new(severity, prediction(worth));
    message.notes = figures(worth);
    if let Some(hindrance) = &worth.hindrance {
        message.notes.push(held_back(hindrance));
        message = message.help(hindrance.help.clone());
    }
    if is_loss {
        message = message.help(
            "the original is faster at these sizes: give the run larger ones by --profile-argv, or keep the original",
        );
    }
    if !worth.is_measured && has_main {
        message
            .notes
            .push("--profile tells it for the program's own run".to_owned());
    }
    message
}

/// Returns how many times as fast a translation is predicted to be, and when.
pub(crate) fn prediction(worth: &Worth) -> String {
    let [low, likely, high] = worth.gains().map(times_as_fast);
    let run = match (worth.is_measured, worth.is_whole) {
        (true, true) => "the test run",
        (true, false) => "the first part of the test run",
        (false, _) => "every kernel once, at typical sizes",
    };
    format!(
        "{run}: predicted {likely} times as fast on {} as on one core ({low} to {high})",
        worth.gpu
    )
}

/// Returns what holds a translation back most.
pub(crate) fn held_back(hindrance: &Hindrance) -> String {
    let Hindrance { what, seconds, .. } = hindrance;
    format!("held back most by {what}: {}", spelled(*seconds))
}

/// Returns the times that a prediction consists of, and what they leave out.
pub(crate) fn figures(worth: &Worth) -> Vec<String> {
    let mut notes = Vec::new();
    let copied = match worth.bytes {
        Some([to, from]) => format!(" ({} to the device, {} back)", in_bytes(to), in_bytes(from)),
        None if worth.is_measured && worth.kernels > 0.0 => {
            " or more (not counted, since the translation takes too long on the CPU)".to_owned()
        }
        None => String::new(),
    };
    let start = (worth.start > 0.0).then(|| format!(", the start {}", spelled(worth.start)));
    let spent = format!(
        "{} instead of {}: kernels {}, copies {}{}{}",
        spelled(worth.predicted()),
        spelled(worth.host),
        spelled(worth.kernels),
        spelled(worth.copies),
        copied,
        start.unwrap_or_default()
    );
    notes.push(spent);
    if worth.is_measured {
        notes.push(format!(
            "{:.0} % of the time on one core is in loops that run in kernels",
            worth.share * 100.0
        ));
    } else if worth.share < 0.995 {
        notes.push(format!(
            "{:.0} % of that is in loops that launch kernels at these sizes; the others do from the sizes in their conditions on",
            worth.share * 100.0
        ));
    }
    match worth.left_out {
        0 => {}
        1 => notes.push("these times leave out a loop that stays on the host".to_owned()),
        count => notes.push(format!(
            "these times leave out {count} loops that stay on the host"
        )),
    }
    notes
}

/// Spells a time.
pub(crate) fn spelled(seconds: f64) -> String {
    time((seconds * 1e9).round() as u64)
}

/// Spells a ratio to two digits.
fn times_as_fast(gain: f64) -> String {
    let gain = rounded(gain);
    if gain < 10.0 {
        format!("{gain:.1}")
    } else {
        format!("{gain:.0}")
    }
}

/// Spells a number of bytes to two digits or so.
pub(crate) fn in_bytes(count: u64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let count = count as f64;
    let unit = units.into_iter().find(|(size, _)| count >= *size);
    let (size, name) = unit.unwrap_or((1.0, "bytes"));
    let value = count / size;
    if size > 1.0 && value < 10.0 {
        format!("{value:.1} {name}")
    } else {
        format!("{value:.0} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(copies: f64) -> Worth {
        Worth {
            is_measured: true,
            is_whole: true,
            gpu: "H200".to_owned(),
            host: 0.1,
            share: 1.0,
            kernels: 0.001,
            copies,
            start: 0.0,
            bytes: None,
            launches: None,
            left_out: 0,
            hindrance: None,
        }
    }

    #[test]
    fn what_is_not_timed_is_said() {
        let mut worth = Worth {
            is_measured: false,
            ..measured(0.0)
        };
        let is_said = |worth: &Worth| {
            let said = message(worth, true);
            said.notes
                .iter()
                .any(|note| note.contains("leave out 2 loops"))
        };
        assert!(!is_said(&worth));
        worth.left_out = 2;
        assert!(is_said(&worth));
    }

    #[test]
    fn a_certain_loss_is_a_warning() {
        let said = message(&measured(1.0), true);
        assert_eq!(said.severity, Severity::Warning);
        let hint = "help: the original is faster at these sizes";
        assert!(said.notes.iter().any(|note| note.starts_with(hint)));
        assert_eq!(message(&measured(0.1), true).severity, Severity::Note);
        assert_eq!(message(&measured(0.001), true).severity, Severity::Note);
    }

    #[test]
    fn copies_that_nobody_counted_are_said_to_be_estimated() {
        let mut worth = measured(0.02);
        let is_estimated =
            |worth: &Worth| message(worth, true).notes[0].contains("or more (not counted");
        assert!(is_estimated(&worth));
        worth.bytes = Some([80_000, 8]);
        assert!(!is_estimated(&worth));
    }
}
