//! How far a process has come: a program is too slow by the processor's clock, not by the wall's, on which other work of
//! the machine counts as well.

use std::time::{Duration, Instant};

use crate::isolation::Account;

/// A process that is ready to run and hardly ever gets to may take so many times its limit.
const MOST: u32 = 60;

/// A process that waits has come no further where it used less than this part of an interval.
const IDLE: u32 = 50;

/// The longest that a process is over its limit before that is noticed; shorter than the slack of the limit that the
/// system keeps.
const OVERTIME: Duration = Duration::from_millis(500);

/// Decides how much longer to wait for a process.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    started: Instant,
    /// When the process was looked at last, what it had used then, and how long it is waited for since.
    asked: Instant,
    used: Duration,
    interval: Duration,
}

impl Patience {
    /// Waits at first for all of the limit.
    pub(crate) fn new(limit: Duration) -> Self {
        let now = Instant::now();
        Self {
            limit,
            started: now,
            asked: now,
            used: Duration::ZERO,
            interval: limit,
        }
    }

    /// Returns how long to wait before asking again.
    pub(crate) fn left(&self) -> Duration {
        self.interval.saturating_sub(self.asked.elapsed())
    }

    /// Returns whether a process that has not ended may go on: it has used less than its limit and would rather run than
    /// wait.
    pub(crate) fn goes_on(&mut self, account: Option<Account>) -> bool {
        self.asked = Instant::now();
        account.is_some_and(|account| self.goes_on_after(account))
    }

    fn goes_on_after(&mut self, progress: Account) -> bool {
        let gained = progress.used.saturating_sub(self.used);
        let is_idle = progress.waits && gained < self.interval / IDLE;
        let is_over = progress.used >= self.limit || self.started.elapsed() >= self.limit * MOST;
        self.used = progress.used;
        let left = self.limit.saturating_sub(self.used);
        self.interval = left.max(OVERTIME.min(self.limit));
        !is_idle && !is_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_given_up_and_who_runs_is_not() {
        let limit = Duration::from_secs(5);
        let progress = |milliseconds, waits| Account {
            used: Duration::from_millis(milliseconds),
            waits,
            resident_bytes: 0,
        };
        let fate = |progress| Patience::new(limit).goes_on_after(progress);
        // On a machine that is busy with other things, five seconds are a tenth of one.
        assert!(fate(progress(100, false)));
        assert!(fate(progress(900, true)));
        assert!(!fate(progress(20, true)));
        assert!(!fate(progress(5000, false)));
        let mut patience = Patience::new(limit);
        assert!(patience.goes_on_after(progress(4000, false)));
        assert_eq!(patience.interval, Duration::from_secs(1));
        assert!(!patience.goes_on_after(progress(4010, true)));
    }
}
