//! Texts that a context has read, so that it reads each only once.
//!
//! The judge writes the same relations for state after state, and reading them is most of what they cost.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{CString, c_char};
use std::fmt;
use std::ptr::NonNull;

use super::context::{Context, Error, c_string};
use super::ffi;
use super::owned::{Owned, Raw};

/// Most texts that are kept; a region that writes more starts over.
const MOST: usize = 1 << 13;

/// What texts mean; each entry holds a reference of its own.
///
/// The context owns the memory, so entries cannot hold the context as other references do: it forgets them before it
/// goes.
pub(super) struct Memory<T: Raw> {
    known: RefCell<BTreeMap<CString, NonNull<T>>>,
}

impl<T: Raw> fmt::Debug for Memory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} texts", self.known.borrow().len())
    }
}

impl<T: Raw> Default for Memory<T> {
    fn default() -> Self {
        Self {
            known: RefCell::default(),
        }
    }
}

impl<T: Raw> Memory<T> {
    /// Returns what a text means.
    ///
    /// # Safety
    /// `read` keeps its arguments and gives its result; the memory is that of `context`.
    pub(super) unsafe fn read(
        &self,
        context: &Context,
        text: &str,
        read: unsafe extern "C" fn(*mut ffi::isl_ctx, *const c_char) -> *mut T,
    ) -> Result<Owned<T>, Error> {
        let text = c_string(text)?;
        if let Some(known) = self.known.borrow().get(&text) {
            // SAFETY: the entry's own reference keeps the object alive; `copy` returns the same pointer.
            unsafe { T::COPY(known.as_ptr()) };
            return Ok(Owned::new(context.clone(), *known));
        }
        // SAFETY: the context is alive and the text ends in a zero byte.
        let meant = context.give(|| unsafe { read(context.raw(), text.as_ptr()) })?;
        if self.known.borrow().len() >= MOST {
            self.forget();
        }
        if let Some(raw) = NonNull::new(meant.share()) {
            self.known.borrow_mut().insert(text, raw);
        }
        Ok(meant)
    }

    /// Gives all references back.
    pub(super) fn forget(&self) {
        for raw in std::mem::take(&mut *self.known.borrow_mut()).into_values() {
            // SAFETY: the reference was the entry's.
            unsafe { T::FREE(raw.as_ptr()) };
        }
    }
}
