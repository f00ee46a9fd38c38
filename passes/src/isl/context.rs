//! The library's context: one for all sets of a translation, and the budget of every query.

use std::ffi::{CStr, CString};
use std::ptr::NonNull;
use std::rc::Rc;

use super::ffi;
use super::memory::Memory;
use super::owned::{Owned, Raw};

/// Why isl gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The query needs more operations than the budget allows.
    #[error("the query exceeds its budget of operations")]
    SolverLimit,
    /// Two objects of different contexts met.
    #[error("two sets belong to different contexts")]
    ForeignContext,
    /// Anything else; a malformed text or spaces that do not fit are bugs of the caller.
    #[error("isl: {0}")]
    Failed(String),
}

/// The owner of all sets and maps; clones are the same context.
#[derive(Clone, Debug)]
pub struct Context(Rc<Owner>);

#[derive(Debug)]
struct Owner {
    raw: NonNull<ffi::isl_ctx>,
    sets: Memory<ffi::isl_set>,
    maps: Memory<ffi::isl_map>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.sets.forget();
        self.maps.forget();
        // SAFETY: every other object holds a clone of the `Rc`, so this is the last use of the context.
        unsafe { ffi::isl_ctx_free(self.raw.as_ptr()) };
    }
}

impl Context {
    /// Operations that one query may spend: in isl's count, allocations and pivots of its simplex tableaus.
    /// Ordinary nests need hundreds; a pivot over large coefficients can take a tenth of a millisecond.
    pub const OPERATIONS: u64 = 30_000;

    /// Makes a context.
    pub fn new() -> Result<Self, Error> {
        // SAFETY: takes nothing; null is checked below.
        let raw = NonNull::new(unsafe { ffi::isl_ctx_alloc() })
            .ok_or_else(|| Error::Failed("no context".to_owned()))?;
        let context = Self(Rc::new(Owner {
            raw,
            sets: Memory::default(),
            maps: Memory::default(),
        }));
        // SAFETY: the context is alive.
        unsafe { ffi::isl_options_set_on_error(context.raw(), ffi::ON_ERROR_CONTINUE) };
        context.limit_operations(Self::OPERATIONS);
        Ok(context)
    }

    /// Sets how many operations each later query may spend; 0 lifts the limit.
    pub fn limit_operations(&self, operations: u64) {
        // SAFETY: the context is alive.
        unsafe { ffi::isl_ctx_set_max_operations(self.raw(), operations) };
    }

    /// Runs queries under a budget of their own.
    pub(super) fn within<R>(&self, operations: u64, queries: impl FnOnce() -> R) -> R {
        // SAFETY: the context is alive.
        let usual = unsafe { ffi::isl_ctx_get_max_operations(self.raw()) };
        self.limit_operations(operations);
        let result = queries();
        self.limit_operations(usual);
        result
    }

    /// Returns whether both are one context.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Returns the pointer that isl's functions want.
    pub(super) fn raw(&self) -> *mut ffi::isl_ctx {
        self.0.raw.as_ptr()
    }

    /// Reads the text form of a set.
    pub(super) fn read_set(&self, text: &str) -> Result<Owned<ffi::isl_set>, Error> {
        // SAFETY: keeps both arguments, gives a set; the memory is this context's.
        unsafe { self.0.sets.read(self, text, ffi::isl_set_read_from_str) }
    }

    /// Reads the text form of a map.
    pub(super) fn read_map(&self, text: &str) -> Result<Owned<ffi::isl_map>, Error> {
        // SAFETY: keeps both arguments, gives a map; the memory is this context's.
        unsafe { self.0.maps.read(self, text, ffi::isl_map_read_from_str) }
    }

    /// Starts a query: a fresh budget, no error.
    pub(super) fn begin(&self) {
        // SAFETY: the context is alive.
        unsafe {
            ffi::isl_ctx_reset_error(self.raw());
            ffi::isl_ctx_reset_operations(self.raw());
        }
    }

    /// Runs a query that gives an object.
    pub(super) fn give<T: Raw>(&self, query: impl FnOnce() -> *mut T) -> Result<Owned<T>, Error> {
        self.begin();
        match NonNull::new(query()) {
            Some(raw) => Ok(Owned::new(self.clone(), raw)),
            None => Err(self.error()),
        }
    }

    /// Runs a query that answers by an `isl_bool`.
    pub(super) fn ask(&self, query: impl FnOnce() -> std::ffi::c_int) -> Result<bool, Error> {
        self.begin();
        match query() {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.error()),
        }
    }

    /// Runs a query that answers by an `isl_size`.
    pub(super) fn count(&self, query: impl FnOnce() -> std::ffi::c_int) -> Result<usize, Error> {
        self.begin();
        usize::try_from(query()).map_err(|_| self.error())
    }

    /// Returns the last error if one is pending.
    pub(super) fn check(&self) -> Result<(), Error> {
        // SAFETY: the context is alive.
        if unsafe { ffi::isl_ctx_last_error(self.raw()) } == ffi::ERROR_NONE {
            return Ok(());
        }
        Err(self.error())
    }

    fn error(&self) -> Error {
        // SAFETY: the context is alive; the message, if any, is a string that it owns.
        unsafe {
            if ffi::isl_ctx_last_error(self.raw()) == ffi::ERROR_QUOTA {
                return Error::SolverLimit;
            }
            let message = ffi::isl_ctx_last_error_msg(self.raw());
            if message.is_null() {
                return Error::Failed("no answer".to_owned());
            }
            Error::Failed(CStr::from_ptr(message).to_string_lossy().into_owned())
        }
    }
}

/// Turns text into what isl's functions want.
pub(super) fn c_string(text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::Failed("a zero byte in the text".to_owned()))
}

/// Returns the version of the isl that this program is linked with, as it names itself.
pub fn version() -> String {
    // SAFETY: takes no arguments; the text is constant.
    let text = unsafe { CStr::from_ptr(ffi::isl_version()) };
    text.to_string_lossy().trim().to_owned()
}
