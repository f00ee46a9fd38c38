//! Ownership of isl's reference-counted objects.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::NonNull;

use super::answers::Question;
use super::context::{Context, Error};
use super::ffi;

/// An object type of isl.
///
/// # Safety
/// `copy` returns a new reference to the same object, `free` gives one back.
pub(super) unsafe trait Raw: Sized {
    /// isl's `…_copy`.
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self;
    /// isl's `…_free`.
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self;
}

// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_set {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_set_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_set_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_map {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_map_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_map_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_pw_aff {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_pw_aff_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_pw_aff_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_point {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_point_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_point_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_val {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_val_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_val_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_id {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_id_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_id_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_ast_build {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_ast_build_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_ast_build_free;
}
// SAFETY: the functions are the type's own.
unsafe impl Raw for ffi::isl_ast_expr {
    const COPY: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_ast_expr_copy;
    const FREE: unsafe extern "C" fn(*mut Self) -> *mut Self = ffi::isl_ast_expr_free;
}

/// One reference to an isl object, given back on drop.
pub(super) struct Owned<T: Raw> {
    context: Context,
    raw: NonNull<T>,
}

// SAFETY: whatever is done with the pointer is done under the lock of the context; see `keep` and `share`.
unsafe impl<T: Raw> Send for Owned<T> {}
// SAFETY: as above.
unsafe impl<T: Raw> Sync for Owned<T> {}

impl<T: Raw> Drop for Owned<T> {
    fn drop(&mut self) {
        self.context.locked(|| {
            // SAFETY: this reference is ours, and the context outlives it by the field.
            unsafe { T::FREE(self.raw.as_ptr()) };
        });
    }
}

impl<T: Raw> Clone for Owned<T> {
    fn clone(&self) -> Self {
        self.context.locked(|| {
            // SAFETY: `copy` of a live object adds a reference and returns the same pointer.
            unsafe { T::COPY(self.raw.as_ptr()) };
        });
        Self {
            context: self.context.clone(),
            raw: self.raw,
        }
    }
}

impl<T: Raw> Owned<T> {
    /// Takes over a reference.
    pub(super) fn new(context: Context, raw: NonNull<T>) -> Self {
        Self { context, raw }
    }

    /// Returns the context.
    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// Returns the pointer for functions that keep their argument, to be called in a query of the context.
    pub(super) fn keep(&self) -> *mut T {
        self.raw.as_ptr()
    }

    /// Returns a further reference for functions that take their argument, in a query of the context.
    pub(super) fn share(&self) -> *mut T {
        // SAFETY: the object is alive.
        unsafe { T::COPY(self.raw.as_ptr()) }
    }

    /// Calls a function that takes one object and gives another.
    ///
    /// # Safety
    /// `function` takes its argument and gives its result.
    pub(super) unsafe fn unary<R: Raw>(
        &self,
        function: unsafe extern "C" fn(*mut T) -> *mut R,
    ) -> Result<Owned<R>, Error> {
        let question = Question::of(function as *const (), self.raw);
        // SAFETY: the caller's promise; the argument is a fresh reference.
        unsafe { self.context.give_once(question, || function(self.share())) }
    }

    /// Calls a function that takes one object and numbers and gives another object.
    ///
    /// # Safety
    /// `query` calls the function of this address with its argument, which it takes, and the numbers.
    pub(super) unsafe fn numbered<R: Raw>(
        &self,
        function: *const (),
        numbers: [i64; 3],
        query: impl FnOnce(*mut T) -> *mut R,
    ) -> Result<Owned<R>, Error> {
        let question = Question::of(function, self.raw).at(numbers);
        // SAFETY: the caller's promise; the argument is a fresh reference.
        unsafe { self.context.give_once(question, || query(self.share())) }
    }

    /// Calls a function that gives the same object with a name for the tuple of a kind.
    ///
    /// # Safety
    /// `query` calls the function of this address with its argument, which it takes, the kind and the name.
    pub(super) unsafe fn named(
        &self,
        function: *const (),
        kind: c_int,
        name: &CStr,
        query: impl FnOnce(*mut T, *const c_char) -> *mut T,
    ) -> Result<Self, Error> {
        let question = Question::of(function, self.raw).at([kind.into(), 0, 0]);
        let question = question.named(name.to_owned());
        // SAFETY: the caller's promise; the argument is a fresh reference.
        unsafe {
            self.context
                .give_once(question, || query(self.share(), name.as_ptr()))
        }
    }

    /// Calls a function that takes two objects and gives one.
    ///
    /// # Safety
    /// `function` takes both arguments and gives its result.
    pub(super) unsafe fn binary<U: Raw, R: Raw>(
        &self,
        other: &Owned<U>,
        function: unsafe extern "C" fn(*mut T, *mut U) -> *mut R,
    ) -> Result<Owned<R>, Error> {
        self.meets(other)?;
        let question = Question::of(function as *const (), self.raw).and(other.raw);
        // SAFETY: the caller's promise; the arguments are fresh references of one context.
        unsafe {
            self.context
                .give_once(question, || function(self.share(), other.share()))
        }
    }

    /// Calls a function that keeps this object, takes another and gives a third.
    ///
    /// # Safety
    /// `function` keeps its first argument, takes its second and gives its result, which depends on nothing else.
    pub(super) unsafe fn of<U: Raw, R: Raw>(
        &self,
        other: &Owned<U>,
        function: unsafe extern "C" fn(*mut T, *mut U) -> *mut R,
    ) -> Result<Owned<R>, Error> {
        self.meets(other)?;
        let question = Question::of(function as *const (), self.raw).and(other.raw);
        // SAFETY: the caller's promise; the second argument is a fresh reference of the same context.
        unsafe {
            self.context
                .give_once(question, || function(self.keep(), other.share()))
        }
    }

    /// Asks a question about one object.
    ///
    /// # Safety
    /// `function` keeps its argument and returns an `isl_bool`.
    pub(super) unsafe fn test(
        &self,
        function: unsafe extern "C" fn(*mut T) -> c_int,
    ) -> Result<bool, Error> {
        let question = Question::of(function as *const (), self.raw);
        // SAFETY: the caller's promise.
        unsafe { self.context.ask_once(question, || function(self.keep())) }
    }

    /// Asks a question about two objects.
    ///
    /// # Safety
    /// `function` keeps both arguments and returns an `isl_bool`.
    pub(super) unsafe fn compare(
        &self,
        other: &Self,
        function: unsafe extern "C" fn(*mut T, *mut T) -> c_int,
    ) -> Result<bool, Error> {
        self.meets(other)?;
        let question = Question::of(function as *const (), self.raw).and(other.raw);
        // SAFETY: the caller's promise.
        unsafe {
            self.context
                .ask_once(question, || function(self.keep(), other.keep()))
        }
    }

    /// Returns the object's text.
    ///
    /// # Safety
    /// `function` keeps its argument and gives a string allocated by `malloc`.
    pub(super) unsafe fn text(
        &self,
        function: unsafe extern "C" fn(*mut T) -> *mut c_char,
    ) -> String {
        // SAFETY: the caller's promise; the string is copied before it is freed.
        self.context.locked(|| unsafe {
            let raw = function(self.keep());
            if raw.is_null() {
                return "(no text)".to_owned();
            }
            let text = CStr::from_ptr(raw).to_string_lossy().into_owned();
            ffi::free(raw);
            text
        })
    }

    fn meets<U: Raw>(&self, other: &Owned<U>) -> Result<(), Error> {
        if self.context.is_same(&other.context) {
            return Ok(());
        }
        Err(Error::ForeignContext)
    }
}
