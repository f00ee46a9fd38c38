//! Values that are found when they are first asked for, by threads that may ask at once.

use std::sync::{Mutex, OnceLock, PoisonError};

/// A value that is found at most once, however many threads ask for it: finding it builds programs, and two builds of one
/// name disturb each other.
#[derive(Debug)]
pub(crate) struct Once<T> {
    value: OnceLock<T>,
    finding: Mutex<()>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self {
            value: OnceLock::new(),
            finding: Mutex::new(()),
        }
    }
}

impl<T> Once<T> {
    /// Returns the value, which `find` finds where nobody did; an error is nothing that is kept.
    ///
    /// **Errors**: those of `find`.
    pub(crate) fn get_or_try<E>(&self, find: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let _alone = self.finding.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have found it meanwhile.
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let value = find()?;
        Ok(self.value.get_or_init(|| value))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::Once;

    #[test]
    fn threads_that_ask_at_once_wait_for_one_to_find() {
        let (once, found) = (Once::default(), AtomicUsize::new(0));
        let together = Barrier::new(8);
        let ask = || {
            together.wait();
            once.get_or_try(|| {
                thread::sleep(Duration::from_millis(20));
                Ok::<_, ()>(found.fetch_add(1, Ordering::Relaxed))
            })
            .copied()
        };
        let values: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            let values = threads.into_iter().map(|each| each.join().unwrap());
            values.collect()
        });
        assert_eq!(values, [Ok(0); 8]);
        assert_eq!(found.into_inner(), 1);
    }

    #[test]
    fn an_error_is_not_kept() {
        let once = Once::default();
        assert_eq!(once.get_or_try(|| Err("none")), Err("none"));
        assert_eq!(once.get_or_try(|| Ok::<_, &str>(3)), Ok(&3));
        assert_eq!(once.get_or_try(|| Err("none")), Ok(&3));
    }
}
