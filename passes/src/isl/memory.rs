//! Texts that a context has read, so that it reads each only once.
//!
//! The judge writes the same relations for state after state, and reading them is most of what they cost.

use std::collections::BTreeMap;
use std::fmt;
use std::ptr::NonNull;

use super::owned::Raw;

/// Most texts that are kept; a region that writes more starts over.
const MOST: usize = 1 << 13;

/// What texts mean; each entry holds a reference of its own.
///
/// The context owns the memory, so entries cannot hold the context as other references do: it forgets them before it
/// goes.
pub(super) struct Memory<T: Raw> {
    known: BTreeMap<String, NonNull<T>>,
}

impl<T: Raw> fmt::Debug for Memory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} texts", self.known.len())
    }
}

impl<T: Raw> Default for Memory<T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::default(),
        }
    }
}

impl<T: Raw> Memory<T> {
    /// Returns a new reference to what a text means; null where it means nothing.
    ///
    /// # Safety
    /// `read` gives its result; the memory is that of a context which is alive and which nobody else uses meanwhile.
    pub(super) unsafe fn read(&mut self, text: &str, read: impl FnOnce(&str) -> *mut T) -> *mut T {
        if let Some(known) = self.known.get(text) {
            // SAFETY: the entry's own reference keeps the object alive; `copy` returns the same pointer.
            return unsafe { T::COPY(known.as_ptr()) };
        }
        let meant = read(text);
        if let Some(raw) = NonNull::new(meant) {
            if self.known.len() >= MOST {
                self.forget();
            }
            // SAFETY: the object is alive; the entry keeps the new reference.
            unsafe { T::COPY(raw.as_ptr()) };
            self.known.insert(text.to_owned(), raw);
        }
        meant
    }

    /// Gives all references back.
    pub(super) fn forget(&mut self) {
        for raw in std::mem::take(&mut self.known).into_values() {
            // SAFETY: the reference was the entry's.
            unsafe { T::FREE(raw.as_ptr()) };
        }
    }
}
