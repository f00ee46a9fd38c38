//! What a well-formed line of results must hold besides its form, and a kept trajectory with it.

use super::{
    GpuDevice, GpuResult, GpuVerdict, LEAST_REPETITIONS, Measured, SCHEMA, Stage, Timing, Timings,
};

/// The longest that the script of a bundle waits for all times of one function.
///
/// **Units**: microseconds.
///
/// **Source**: `measuring_limit_seconds` in `tester/bundle/harness.cpp`.
const LONGEST_US: f64 = 900e6;

/// How much longer a launch may take by the events around it than as part of a call, where launches overlap with the
/// host's work between them.
///
/// **Units**: microseconds.
const LAUNCH_US: f64 = 10.0;

impl GpuResult {
    /// Returns what a line of the right form says that cannot be, in a sentence without a full stop.
    pub fn fault(&self) -> Option<String> {
        let common = fault(self.schema, &self.text, &self.date, self.device.as_ref());
        if common.is_some() {
            return common;
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
            Some(timings) => timings.fault().or_else(|| self.fault_of_launches(timings)),
            None => None,
        }
    }

    /// Returns why so many launches cannot have taken these times.
    fn fault_of_launches(&self, timings: &Timings) -> Option<String> {
        let Some(launches) = self.launches.filter(|count| *count > 0) else {
            return Some("it was measured, but no kernel was launched".to_owned());
        };
        let Timings {
            kernel, end_to_end, ..
        } = timings;
        let call_us = end_to_end.median_us + end_to_end.iqr_us;
        let most_us = call_us + kernel.iqr_us + LAUNCH_US * launches as f64;
        (kernel.median_us > most_us)
            .then(|| "kernel: it is longer than the call that it is part of".to_owned())
    }
}

impl Measured {
    /// Returns what a line of the right form says that cannot be, in a sentence without a full stop.
    ///
    /// Whether its moves exist is for those to say who know the steps.
    pub fn fault(&self) -> Option<String> {
        fault(self.schema, &self.text, &self.date, Some(&self.device))
            .or_else(|| self.timings.fault())
    }
}

/// Returns what cannot be in what results and kept trajectories have in common.
fn fault(schema: u32, text: &str, date: &str, device: Option<&GpuDevice>) -> Option<String> {
    if schema != SCHEMA {
        return Some(format!(
            "schema {schema} is not the one read here, {SCHEMA}"
        ));
    }
    if !is_hash(text) {
        return Some(format!("`{text}` is no hash of a text"));
    }
    if !is_date(date) {
        return Some(format!("`{date}` is no date in UTC"));
    }
    device.and_then(GpuDevice::fault)
}

impl GpuDevice {
    fn fault(&self) -> Option<String> {
        let Self {
            name,
            compute_capability,
            driver,
            cuda,
        } = self;
        if !is_version(compute_capability) {
            return Some(format!(
                "`{compute_capability}` is no compute capability such as 9.0"
            ));
        }
        if !is_version(cuda) {
            return Some(format!("`{cuda}` is no version of CUDA such as 13.0"));
        }
        let is_name = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        if !is_name(name) {
            return Some("the GPU has no name that can be read".to_owned());
        }
        (!is_name(driver)).then(|| "the driver has no version that can be read".to_owned())
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
        if !is_range {
            return Some("the range of the quartiles is no time");
        }
        (self.median_us.max(self.iqr_us) > LONGEST_US)
            .then_some("it is longer than the script of a bundle waits")
    }
}

fn is_hash(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 16 && text.bytes().all(is_digit)
}

/// Returns whether a text is two small numbers with a dot between.
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.split_once('.')
        .is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

/// Returns whether a text is a date and time in UTC, to the second.
///
/// **Source**: RFC 3339, §5.6 and §5.7.
fn is_date(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    if text.len() != form.len() || !text.bytes().zip(*form).all(fits) {
        return false;
    }
    let number = |from: usize, length: usize| text[from..from + length].parse().unwrap_or(u32::MAX);
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
    let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    // A minute may end with a leap second.
    (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60
}

#[cfg(test)]
mod tests {
    use super::*;

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
        fn device(result: &mut GpuResult) -> &mut GpuDevice {
            result.device.as_mut().unwrap()
        }
        fn times(result: &mut GpuResult) -> &mut Timings {
            result.timings.as_mut().unwrap()
        }
        let changes: [(&str, Change); 19] = [
            ("schema 2", |each| each.schema = 2),
            ("no date", |each| {
                each.date = "2026-02-31T12:00:00Z".to_owned();
            }),
            ("no date", |each| {
                each.date = "2026-01-31T24:00:00Z".to_owned();
            }),
            ("no compute capability", |each| {
                device(each).compute_capability = "x".to_owned();
            }),
            ("no version of CUDA", |each| {
                device(each).cuda = "thirteen".to_owned();
            }),
            ("no name that can be read", |each| {
                device(each).name = "H\u{1b}[2J".to_owned();
            }),
            ("no version that can be read", |each| {
                device(each).driver = String::new();
            }),
            ("no kernel was launched", |each| each.launches = Some(0)),
            ("no kernel was launched", |each| each.launches = None),
            ("longer than the call", |each| {
                times(each).kernel = timing(100.0);
            }),
            ("longer than the script", |each| {
                times(each).end_to_end = timing(1e300);
            }),
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
    fn days_are_those_of_the_calendar() {
        let is_day = |day: &str| is_date(&format!("{day}T12:00:00Z"));
        for day in ["2024-02-29", "2000-02-29", "2026-12-31", "2026-04-30"] {
            assert!(is_day(day), "{day}");
        }
        for day in [
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
        ] {
            assert!(!is_day(day), "{day}");
        }
    }

    #[test]
    fn what_is_kept_is_as_sound_as_what_is_read() {
        let GpuResult {
            tool,
            file,
            text,
            device,
            compiler,
            flags,
            date,
            sizes,
            timings,
            ..
        } = result();
        let mut kept = Measured {
            schema: SCHEMA,
            tool,
            file,
            text,
            function: "saxpy".to_owned(),
            regions: Vec::new(),
            device: device.unwrap(),
            compiler,
            flags,
            date,
            sizes,
            timings: timings.unwrap(),
        };
        assert_eq!(kept.fault(), None);
        kept.timings.cpu.median_us = 1e300;
        assert!(kept.fault().unwrap().starts_with("cpu: "));
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
