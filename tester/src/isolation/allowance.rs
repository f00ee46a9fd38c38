//! How much all processes of a check may use together, and what each of them may hold.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::memory;

/// Time on processors that processes share, and the memory that each may hold; a copy is the same allowance.
#[derive(Clone)]
pub struct Allowance {
    limit: Duration,
    most_bytes: u64,
    used_milliseconds: Arc<AtomicU64>,
}

/// All of an allowance was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the check has used its {} s of processor time", .limit.as_secs())]
pub(crate) struct Exhausted {
    pub(crate) limit: Duration,
}

impl Allowance {
    /// Allows so much time for all, and as much memory for each as suits this machine.
    pub fn of(limit: Duration) -> Self {
        Self {
            limit,
            most_bytes: memory::most_bytes(),
            used_milliseconds: Arc::default(),
        }
    }

    /// Allows each process so much memory, its children's included.
    #[must_use]
    pub fn with_memory(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
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
        let used = Duration::from_millis(self.used_milliseconds.load(Ordering::Relaxed));
        let left = self.limit.saturating_sub(used);
        if !left.is_zero() {
            return Ok(left);
        }
        Err(io::Error::other(Exhausted { limit: self.limit }))
    }

    pub(super) fn spend(&self, used: Duration) {
        let milliseconds = u64::try_from(used.as_millis()).unwrap_or(u64::MAX);
        self.used_milliseconds
            .fetch_add(milliseconds, Ordering::Relaxed);
    }
}

impl fmt::Debug for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Allowance").field(&self.limit).finish()
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
        let words = "the check has used its 2 s of processor time";
        assert_eq!(refused.to_string(), words);
    }
}
