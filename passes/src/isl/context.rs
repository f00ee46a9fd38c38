//! The library's context: one for all sets of a translation, and the budget of every query.

use std::ffi::{CStr, CString};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answers::{Answers, Question};
use super::memory::Memory;
use super::owned::{Owned, Raw};
use super::{build, ffi};

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
///
/// isl counts references without regard to threads, so every call into it that concerns a context holds the context's
/// lock: objects may go from thread to thread, and threads that share a context take turns.
#[derive(Clone, Debug)]
pub struct Context(Arc<Owner>);

#[derive(Debug)]
struct Owner(Mutex<Library>);

/// What the lock protects.
#[derive(Debug)]
struct Library {
    raw: NonNull<ffi::isl_ctx>,
    sets: Memory<ffi::isl_set>,
    maps: Memory<ffi::isl_map>,
    answers: Answers,
}

// SAFETY: isl keeps all state of a context behind its pointer and none by thread.
unsafe impl Send for Library {}

impl Drop for Library {
    fn drop(&mut self) {
        self.sets.forget();
        self.maps.forget();
        self.answers.forget();
        // SAFETY: every other object holds a clone of the `Arc`, so this is the last use of the context.
        unsafe { ffi::isl_ctx_free(self.raw.as_ptr()) };
    }
}

impl Library {
    /// Starts a query: a fresh budget, no error.
    fn begin(&self) {
        // SAFETY: the context is alive.
        unsafe {
            ffi::isl_ctx_reset_error(self.raw.as_ptr());
            ffi::isl_ctx_reset_operations(self.raw.as_ptr());
        }
    }

    /// Returns the last error if one is pending.
    fn check(&self) -> Result<(), Error> {
        // SAFETY: the context is alive.
        if unsafe { ffi::isl_ctx_last_error(self.raw.as_ptr()) } == ffi::ERROR_NONE {
            return Ok(());
        }
        Err(self.error())
    }

    fn error(&self) -> Error {
        // SAFETY: the context is alive; the message, if any, is a string that it owns.
        unsafe {
            if ffi::isl_ctx_last_error(self.raw.as_ptr()) == ffi::ERROR_QUOTA {
                return Error::SolverLimit;
            }
            let message = ffi::isl_ctx_last_error_msg(self.raw.as_ptr());
            if message.is_null() {
                return Error::Failed("no answer".to_owned());
            }
            Error::Failed(CStr::from_ptr(message).to_string_lossy().into_owned())
        }
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
        // SAFETY: the context is alive.
        unsafe { ffi::isl_options_set_on_error(raw.as_ptr(), ffi::ON_ERROR_CONTINUE) };
        let context = Self(Arc::new(Owner(Mutex::new(Library {
            raw,
            sets: Memory::default(),
            maps: Memory::default(),
            answers: Answers::default(),
        }))));
        context.limit_operations(Self::OPERATIONS);
        Ok(context)
    }

    /// Sets how many operations each later query may spend; 0 lifts the limit.
    pub fn limit_operations(&self, operations: u64) {
        let library = self.lock();
        // SAFETY: the context is alive.
        unsafe { ffi::isl_ctx_set_max_operations(library.raw.as_ptr(), operations) };
    }

    /// Runs queries under a budget of their own.
    pub(crate) fn within<R>(&self, operations: u64, queries: impl FnOnce() -> R) -> R {
        // SAFETY: the context is alive.
        let usual = unsafe { ffi::isl_ctx_get_max_operations(self.lock().raw.as_ptr()) };
        self.limit_operations(operations);
        let result = queries();
        self.limit_operations(usual);
        result
    }

    /// Returns whether both are one context.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns the set that a text describes.
    pub(super) fn read_set(&self, text: &str) -> Result<Owned<ffi::isl_set>, Error> {
        let mut library = self.lock();
        library.begin();
        let raw = library.raw.as_ptr();
        // SAFETY: gives a set; the memory is this context's, which is alive, and the lock is held.
        let set = unsafe {
            let read = |text: &str| build::described(raw, text);
            library.sets.read(text, read)
        };
        self.given(&library, set)
    }

    /// Returns the map that a text describes.
    pub(super) fn read_map(&self, text: &str) -> Result<Owned<ffi::isl_map>, Error> {
        let mut library = self.lock();
        library.begin();
        let raw = library.raw.as_ptr();
        // SAFETY: gives a map; the memory is this context's, which is alive, and the lock is held.
        let map = unsafe {
            let read = |text: &str| build::described(raw, text);
            library.maps.read(text, read)
        };
        self.given(&library, map)
    }

    /// Calls functions of isl that are no queries. They must not come back here: the lock is held.
    pub(super) fn locked<R>(&self, calls: impl FnOnce() -> R) -> R {
        let library = self.lock();
        library.begin();
        calls()
    }

    /// Runs a query that gives an object.
    pub(super) fn give<T: Raw>(&self, query: impl FnOnce() -> *mut T) -> Result<Owned<T>, Error> {
        let library = self.lock();
        library.begin();
        self.given(&library, query())
    }

    /// Runs a query that gives an object, unless the question was answered before.
    ///
    /// # Safety
    /// The question is about live objects of this context, and tells the query apart from all whose result differs.
    pub(super) unsafe fn give_once<T: Raw>(
        &self,
        question: Question,
        query: impl FnOnce() -> *mut T,
    ) -> Result<Owned<T>, Error> {
        let mut library = self.lock();
        // SAFETY: equal questions have answers of one type; the context is locked.
        if let Some(known) = unsafe { library.answers.object(&question) } {
            return Ok(Owned::new(self.clone(), known));
        }
        library.begin();
        let found = query();
        if let Some(found) = NonNull::new(found) {
            // SAFETY: the caller's promise; the object is new, and the context locked.
            unsafe { library.answers.keep_object(question, found) };
        }
        self.given(&library, found)
    }

    /// Runs a query that answers by an `isl_bool`, unless the question was answered before.
    ///
    /// # Safety
    /// As for [`give_once`](Self::give_once).
    pub(super) unsafe fn ask_once(
        &self,
        question: Question,
        query: impl FnOnce() -> std::ffi::c_int,
    ) -> Result<bool, Error> {
        let mut library = self.lock();
        if let Some(known) = library.answers.truth(&question) {
            return Ok(known);
        }
        library.begin();
        let found = match query() {
            0 => false,
            1 => true,
            _ => return Err(library.error()),
        };
        // SAFETY: the caller's promise; the context is locked.
        unsafe { library.answers.keep_truth(question, found) };
        Ok(found)
    }

    /// Runs a query that answers by an `isl_size`.
    pub(super) fn count(&self, query: impl FnOnce() -> std::ffi::c_int) -> Result<usize, Error> {
        let library = self.lock();
        library.begin();
        usize::try_from(query()).map_err(|_| library.error())
    }

    /// Runs a query that answers by a number, of which none means an error.
    pub(super) fn number(&self, query: impl FnOnce() -> std::ffi::c_long) -> Result<i64, Error> {
        let library = self.lock();
        library.begin();
        let number = query();
        library.check().map(|()| number)
    }

    fn given<T: Raw>(&self, library: &Library, raw: *mut T) -> Result<Owned<T>, Error> {
        match NonNull::new(raw) {
            Some(raw) => Ok(Owned::new(self.clone(), raw)),
            None => Err(library.error()),
        }
    }

    /// A panic cannot leave the context between two states: each call into isl runs to its end.
    fn lock(&self) -> MutexGuard<'_, Library> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
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
