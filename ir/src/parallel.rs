//! Independent work on all cores, with results in order.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Room for the recursion over deep trees, as much as the thread has that runs `main`.
const STACK_BYTES: usize = 8 << 20;

/// Returns how many threads are worth starting.
fn width() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Runs two pieces of work at once and returns both results; the second runs in this thread.
pub fn both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        // Where the system has no further thread, this one does both.
        let thread = match width() {
            1 => None,
            _ => thread.spawn_scoped(scope, &first).ok(),
        };
        let b = second();
        let a = match thread.map(thread::ScopedJoinHandle::join) {
            Some(Ok(a)) => a,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => first(),
        };
        (a, b)
    })
}

/// Applies `work` to every item and returns the results in the items' order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some((index, item)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, item))
        } {
            let result = work(item);
            results
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..width().min(items.len()) {
            let thread = thread::Builder::new().stack_size(STACK_BYTES);
            // Where the system has no further thread, the others do the work.
            let _ = thread.spawn_scoped(scope, worker);
        }
        worker();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
