//! How far a process has come: a program is too slow by the processor's clock, not by the wall's, on which other work of
//! the machine counts as well.

use std::time::{Duration, Instant};

use rustix::process::Pid;

/// A process that is ready to run and hardly ever gets to may take so many times its limit.
const MOST: u32 = 60;

/// A process that waits has come no further where it used less than this part of an interval.
const IDLE: u32 = 50;

/// The longest that a process is over its limit before that is noticed; shorter than the slack of the limit that the
/// system keeps.
const OVERTIME: Duration = Duration::from_millis(500);

/// The clock of the system's accounts of processes.
///
/// **Source**: Linux, proc(5), `/proc/pid/stat`: times are in units of `sysconf(_SC_CLK_TCK)`, which is 100 on every
/// architecture that Linux reports it for.
const TICKS_PER_SECOND: u32 = 100;

/// Decides how much longer to wait for a process.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    started: Instant,
    /// What the process had used when it was looked at last, and how long it was waited for since.
    used: Duration,
    interval: Duration,
}

impl Patience {
    /// Waits at first for all of the limit.
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            started: Instant::now(),
            used: Duration::ZERO,
            interval: limit,
        }
    }

    /// Returns how long to wait before asking again.
    pub(crate) fn interval(&self) -> Duration {
        self.interval
    }

    /// Returns whether a process that has not ended may go on: it has used less than its limit and would rather run than
    /// wait.
    pub(crate) fn goes_on(&mut self, pid: Pid) -> bool {
        Progress::of(pid).is_some_and(|progress| self.goes_on_after(progress))
    }

    fn goes_on_after(&mut self, progress: Progress) -> bool {
        let gained = progress.used.saturating_sub(self.used);
        let is_idle = progress.waits && gained < self.interval / IDLE;
        let is_over = progress.used >= self.limit || self.started.elapsed() >= self.limit * MOST;
        self.used = progress.used;
        let left = self.limit.saturating_sub(self.used);
        self.interval = left.max(OVERTIME.min(self.limit));
        !is_idle && !is_over
    }
}

/// What the system knows of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// Time on a processor.
    used: Duration,
    /// Whether it waits for something other than a processor or a disk.
    waits: bool,
}

impl Progress {
    /// Returns `None` where the system keeps no such accounts.
    fn of(pid: Pid) -> Option<Self> {
        let path = format!("/proc/{}/stat", pid.as_raw_nonzero());
        Self::read(&std::fs::read_to_string(path).ok()?)
    }

    fn read(stat: &str) -> Option<Self> {
        // The name stands in parentheses and may hold any character.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace();
        let state = fields.next()?;
        let mut times = fields.skip(10).map(str::parse::<u32>);
        let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
        Some(Self {
            used: Duration::from_secs(1) * user.saturating_add(system) / TICKS_PER_SECOND,
            waits: !matches!(state, "R" | "D"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_behind_any_name() {
        let stat = "77 (a) b) R 1 77 77 0 -1 4194304 9 0 0 0 150 25 0 0 20 0 1 0 9 9 9";
        let progress = Progress {
            used: Duration::from_millis(1750),
            waits: false,
        };
        assert_eq!(Progress::read(stat), Some(progress));
        assert_eq!(Progress::read("77 (a) S 1"), None);
    }

    #[test]
    fn who_waits_is_given_up_and_who_runs_is_not() {
        let limit = Duration::from_secs(5);
        let progress = |milliseconds, waits| Progress {
            used: Duration::from_millis(milliseconds),
            waits,
        };
        let fate = |progress| Patience::new(limit).goes_on_after(progress);
        // On a machine that is busy with other things, five seconds are a tenth of one.
        assert!(fate(progress(100, false)));
        assert!(fate(progress(900, true)));
        assert!(!fate(progress(20, true)));
        assert!(!fate(progress(5000, false)));
        let mut patience = Patience::new(limit);
        assert!(patience.goes_on_after(progress(4000, false)));
        assert_eq!(patience.interval(), Duration::from_secs(1));
        assert!(!patience.goes_on_after(progress(4010, true)));
    }
}
