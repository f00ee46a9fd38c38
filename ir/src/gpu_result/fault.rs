//! What a well-formed line of results must hold besides its form.

use super::{GpuResult, GpuVerdict, LEAST_REPETITIONS, SCHEMA, Stage, Timing, Timings};

impl GpuResult {
    /// Returns what a line of the right form says that cannot be, in a sentence without a full stop.
    pub fn fault(&self) -> Option<String> {
        if self.schema != SCHEMA {
            let schema = self.schema;
            return Some(format!(
                "schema {schema} is not the one read here, {SCHEMA}"
            ));
        }
        if !is_hash(&self.text) {
            return Some(format!("`{}` is no hash of a text", self.text));
        }
        if !is_date(&self.date) {
            return Some(format!("`{}` is no date in UTC", self.date));
        }
        let ran = self.verdict != GpuVerdict::NotRun;
        if ran && self.stage.needs_device() && self.device.is_none() {
            return Some("it ran, but on no GPU".to_owned());
        }
        if (self.verdict == GpuVerdict::Fail) != self.kind.is_some() {
            return Some("failures have a kind, and nothing else has one".to_owned());
        }
        if self.verdict == GpuVerdict::NotRun && self.message.is_none() {
            return Some("it did not run, and nothing says why".to_owned());
        }
        let is_measured = self.stage == Stage::Timing && self.verdict == GpuVerdict::Pass;
        match &self.timings {
            None if is_measured => Some("it was measured, but there are no times".to_owned()),
            Some(_) if !is_measured => Some("it was not measured, but there are times".to_owned()),
            Some(_) if self.function.is_none() => Some("the times are of no function".to_owned()),
            Some(timings) => timings.fault(),
            None => None,
        }
    }
}

impl Timings {
    fn fault(&self) -> Option<String> {
        let named = [
            ("kernel", self.kernel),
            ("end_to_end", self.end_to_end),
            ("cpu", self.cpu),
        ];
        named
            .into_iter()
            .find_map(|(name, timing)| Some(format!("{name}: {}", timing.fault()?)))
    }
}

impl Timing {
    fn fault(self) -> Option<&'static str> {
        if self.repetitions < LEAST_REPETITIONS {
            return Some("too few repetitions for a median");
        }
        let is_time = self.median_us.is_finite() && self.median_us > 0.0;
        if !is_time {
            return Some("the median is no time");
        }
        let is_range = self.iqr_us.is_finite() && self.iqr_us >= 0.0;
        (!is_range).then_some("the range of the quartiles is no time")
    }
}

fn is_hash(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 16 && text.bytes().all(is_digit)
}

/// Returns whether a text is a date and time in UTC, to the second.
///
/// **Source**: RFC 3339, §5.6.
fn is_date(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    text.len() == form.len() && text.bytes().zip(*form).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu_result::GpuDevice;

    fn timing(median_us: f64) -> Timing {
        Timing {
            repetitions: 15,
            median_us,
            iqr_us: 0.5,
        }
    }

    fn result() -> GpuResult {
        GpuResult {
            schema: SCHEMA,
            tool: "0.1.0".to_owned(),
            file: "saxpy".to_owned(),
            text: "af63dc4c8601ec8c".to_owned(),
            function: Some("saxpy".to_owned()),
            stage: Stage::Timing,
            test: "saxpy:large".to_owned(),
            verdict: GpuVerdict::Pass,
            kind: None,
            message: None,
            launches: Some(1),
            compiler: "release 13.0".to_owned(),
            flags: "-O3".to_owned(),
            device: Some(GpuDevice {
                name: "a GPU".to_owned(),
                compute_capability: "9.0".to_owned(),
                driver: "580.1".to_owned(),
                cuda: "13.0".to_owned(),
            }),
            date: "2026-01-31T12:00:00Z".to_owned(),
            sizes: Vec::new(),
            timings: Some(Timings {
                kernel: timing(3.0),
                end_to_end: timing(30.0),
                cpu: timing(100.0),
            }),
        }
    }

    #[test]
    fn a_measured_result_is_sound() {
        assert_eq!(result().fault(), None);
    }

    #[test]
    fn impossible_results_are_named() {
        type Change = fn(&mut GpuResult);
        let changes: [(&str, Change); 9] = [
            ("schema 2", |each| each.schema = 2),
            ("no hash", |each| each.text = "AF63dc4c8601ec8c".to_owned()),
            ("no date", |each| each.date = "yesterday".to_owned()),
            ("on no GPU", |each| each.device = None),
            ("have a kind", |each| each.kind = Some("value".to_owned())),
            ("have a kind", |each| each.verdict = GpuVerdict::Fail),
            ("no times", |each| each.timings = None),
            ("not measured", |each| each.stage = Stage::Correctness),
            ("no function", |each| each.function = None),
        ];
        for (words, change) in changes {
            let mut broken = result();
            change(&mut broken);
            let fault = broken.fault().unwrap_or_default();
            assert!(fault.contains(words), "{words}: {fault}");
        }
    }

    #[test]
    fn times_are_positive_and_repeated() {
        let bad = [
            Timing {
                repetitions: 14,
                ..timing(3.0)
            },
            timing(0.0),
            timing(f64::NAN),
            Timing {
                iqr_us: -1.0,
                ..timing(3.0)
            },
        ];
        for kernel in bad {
            let mut changed = result();
            changed.timings = Some(Timings {
                kernel,
                end_to_end: timing(1.0),
                cpu: timing(1.0),
            });
            let fault = changed.fault().unwrap_or_default();
            assert!(fault.starts_with("kernel: "), "{fault}");
        }
    }
}
