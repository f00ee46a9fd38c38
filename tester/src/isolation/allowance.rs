//! How much all processes of a check may use together, and what each of them may hold.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::memory;

/// Compilers, and what was asked for besides, may take so many times what tests may.
const LAVISH: u32 = 20;

/// Time on processors that processes share, and the memory that each may hold; a copy is the same allowance.
#[derive(Clone)]
pub struct Allowance {
    /// What tests may take together.
    budget: Duration,
    /// When no process starts any more.
    limit: Duration,
    most_bytes: u64,
    used_microseconds: Arc<AtomicU64>,
}

/// All of an allowance was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {} s of processor time that --check-time allows are spent", .budget.as_secs())]
pub(crate) struct Exhausted {
    pub(crate) budget: Duration,
}

impl Allowance {
    /// Allows so much time for all, and as much memory for each as suits this machine.
    pub fn of(budget: Duration) -> Self {
        Self {
            budget,
            limit: budget,
            most_bytes: memory::most_bytes(),
            used_microseconds: Arc::default(),
        }
    }

    /// Returns what tests may take together; `None`: as much as they like.
    pub fn budget(&self) -> Option<Duration> {
        (self.budget != Duration::MAX).then_some(self.budget)
    }

    /// Allows as much time as there is.
    pub fn unlimited() -> Self {
        Self::of(Duration::MAX)
    }

    /// Returns the same for what has to be done whatever tests take.
    pub(crate) fn lavish(&self) -> Self {
        Self {
            limit: self.budget.saturating_mul(LAVISH),
            ..self.clone()
        }
    }

    /// Returns one of so many parts, counted from 0; each may use what those before it left.
    pub(crate) fn part(&self, (number, of): (u32, u32)) -> Self {
        let limit = match number + 1 {
            last if last == of => self.limit,
            next => self.limit / of * next,
        };
        Self {
            limit,
            ..self.clone()
        }
    }

    /// Returns the same with half of the budget still to spend, whatever was spent.
    pub(crate) fn with_half(&self) -> Self {
        let limit = self.used().saturating_add(self.budget / 2);
        Self {
            limit: limit.max(self.limit).min(self.lavish().limit),
            ..self.clone()
        }
    }

    /// Allows each process so much memory, its children's included.
    #[must_use]
    pub fn with_memory(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// Returns the same of which nothing was used.
    pub(crate) fn renewed(&self) -> Self {
        Self {
            used_microseconds: Arc::default(),
            ..self.clone()
        }
    }

    /// Returns the most memory that a process may hold.
    ///
    /// **Units**: bytes.
    pub(crate) fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// Returns how much is left; refuses another process where that is nothing.
    ///
    /// **Errors**: [`Exhausted`], as the cause.
    pub(super) fn left(&self) -> io::Result<Duration> {
        let left = self.limit.saturating_sub(self.used());
        if !left.is_zero() {
            return Ok(left);
        }
        Err(self.exhausted())
    }

    /// Returns why no process goes on.
    pub(super) fn exhausted(&self) -> io::Error {
        let budget = self.budget;
        io::Error::other(Exhausted { budget })
    }

    /// Returns how much one of so many runs may take if all of them are to be made.
    pub(crate) fn share(&self, runs: u32) -> Duration {
        self.budget / runs
    }

    /// Returns whether nothing is left.
    pub(crate) fn is_spent(&self) -> bool {
        self.used() >= self.limit
    }

    fn used(&self) -> Duration {
        Duration::from_micros(self.used_microseconds.load(Ordering::Relaxed))
    }

    pub(super) fn spend(&self, used: Duration) {
        let microseconds = u64::try_from(used.as_micros()).unwrap_or(u64::MAX);
        self.used_microseconds
            .fetch_add(microseconds, Ordering::Relaxed);
    }
}

impl fmt::Debug for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Allowance").field(&self.budget).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_anywhere_counts() {
        let allowance = Allowance::of(Duration::from_secs(2));
        let copy = allowance.clone();
        copy.spend(Duration::from_millis(1999));
        assert_eq!(allowance.left().unwrap(), Duration::from_millis(1));
        copy.spend(Duration::from_millis(1));
        let refused = allowance.left().unwrap_err();
        assert!(refused.get_ref().unwrap().is::<Exhausted>());
        let words = "the 2 s of processor time that --check-time allows are spent";
        assert_eq!(refused.to_string(), words);
        assert!(allowance.is_spent());
        assert_eq!(
            allowance.with_half().left().unwrap(),
            Duration::from_secs(1)
        );
        assert_eq!(allowance.lavish().left().unwrap(), Duration::from_secs(38));
    }

    #[test]
    fn parts_leave_time_to_those_behind_them() {
        let allowance = Allowance::of(Duration::from_secs(12));
        let [first, last] = [0, 1].map(|number| allowance.part((number, 2)));
        first.spend(Duration::from_secs(6));
        assert!(first.is_spent());
        assert_eq!(first.with_half().left().unwrap(), Duration::from_secs(6));
        assert_eq!(last.left().unwrap(), Duration::from_secs(6));
        let all = Allowance::unlimited().part((0, 3));
        all.spend(Duration::from_secs(1));
        assert!(!all.is_spent());
    }
}
