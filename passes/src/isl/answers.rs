//! Questions that a context has answered, so that it answers each only once.
//!
//! Arrays of one nest are touched alike, nests of one file count alike, and the states of a region differ in a loop or
//! two: most of what isl is asked it was asked before.
//! Sets are made from texts, which `memory` reads once, by functions that remember here; so what was computed alike is
//! the same object, and a question is known by the addresses of what it is about.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fmt;
use std::ptr::NonNull;

use super::owned::Raw;

/// So many answers at least are kept, the last that were given, and at most twice as many.
///
/// Each takes some kilobytes.
const LAST: usize = 1 << 11;

/// What isl was asked: a function of its own and what it was called with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    function: *const (),
    objects: [Option<Reference>; 2],
    numbers: [i64; 3],
    name: Option<CString>,
}

impl Question {
    /// Returns the question that a function answers of one object.
    pub(super) fn of<T: Raw>(function: *const (), object: NonNull<T>) -> Self {
        Self {
            function,
            objects: [Some(Reference::new(object)), None],
            numbers: [0; 3],
            name: None,
        }
    }

    /// Returns the same question with a second object.
    pub(super) fn and<T: Raw>(mut self, object: NonNull<T>) -> Self {
        self.objects[1] = Some(Reference::new(object));
        self
    }

    /// Returns the same question with numbers.
    pub(super) fn at(mut self, numbers: [i64; 3]) -> Self {
        self.numbers = numbers;
        self
    }

    /// Returns the same question with a name.
    pub(super) fn named(mut self, name: CString) -> Self {
        self.name = Some(name);
        self
    }
}

/// A pointer to an object of any type, and how references to that type are made and given back.
#[derive(Clone, Copy)]
struct Reference {
    raw: NonNull<()>,
    copy: unsafe fn(NonNull<()>),
    free: unsafe fn(NonNull<()>),
}

impl Reference {
    fn new<T: Raw>(raw: NonNull<T>) -> Self {
        Self {
            raw: raw.cast(),
            copy: copy::<T>,
            free: free::<T>,
        }
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.raw, f)
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl Eq for Reference {}
impl PartialOrd for Reference {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Reference {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}

/// Adds a reference.
///
/// # Safety
/// The pointer is that of a live `T`.
unsafe fn copy<T: Raw>(raw: NonNull<()>) {
    // SAFETY: the caller's promise; `copy` returns the same pointer.
    unsafe { T::COPY(raw.cast::<T>().as_ptr()) };
}

/// Gives a reference back.
///
/// # Safety
/// The pointer is that of a live `T`, and the reference is the caller's.
unsafe fn free<T: Raw>(raw: NonNull<()>) {
    // SAFETY: the caller's promise.
    unsafe { T::FREE(raw.cast::<T>().as_ptr()) };
}

/// What came of a question.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Object(Reference),
    Truth(bool),
}

/// What a context has answered; each entry holds references of its own to what it is about and to its answer, so that
/// no other object can have their addresses.
///
/// The context owns the memory, so entries cannot hold the context as other references do: it forgets them before it
/// goes.
#[derive(Debug, Default)]
pub(super) struct Answers {
    recent: BTreeMap<Question, Answer>,
    /// What was given before those; what is asked for again is recent.
    earlier: BTreeMap<Question, Answer>,
}

impl Answers {
    /// Returns a new reference to the object that answers a question, if it was asked before.
    ///
    /// # Safety
    /// The question's function gives an `R`; the memory is that of a context which is alive and locked.
    pub(super) unsafe fn object<R: Raw>(&mut self, question: &Question) -> Option<NonNull<R>> {
        match self.known(question) {
            // SAFETY: the entry's own reference keeps the object alive.
            Some(Answer::Object(known)) => unsafe {
                (known.copy)(known.raw);
                Some(known.raw.cast())
            },
            Some(Answer::Truth(_)) | None => None,
        }
    }

    /// Returns the truth that answers a question, if it was asked before.
    pub(super) fn truth(&mut self, question: &Question) -> Option<bool> {
        match self.known(question) {
            Some(Answer::Truth(known)) => Some(known),
            Some(Answer::Object(_)) | None => None,
        }
    }

    fn known(&mut self, question: &Question) -> Option<Answer> {
        if let Some(known) = self.recent.get(question) {
            return Some(*known);
        }
        let (question, known) = self.earlier.remove_entry(question)?;
        self.recent.insert(question, known);
        Some(known)
    }

    /// Remembers an object that answers a question.
    ///
    /// # Safety
    /// All objects are alive; the memory is that of their context, which is locked.
    pub(super) unsafe fn keep_object<R: Raw>(&mut self, question: Question, found: NonNull<R>) {
        let found = Reference::new(found);
        // SAFETY: the caller's promise.
        unsafe {
            (found.copy)(found.raw);
            self.keep(question, Answer::Object(found));
        }
    }

    /// Remembers a truth that answers a question.
    ///
    /// # Safety
    /// As for [`keep_object`](Self::keep_object).
    pub(super) unsafe fn keep_truth(&mut self, question: Question, found: bool) {
        // SAFETY: the caller's promise.
        unsafe { self.keep(question, Answer::Truth(found)) };
    }

    /// # Safety
    /// As for [`keep_object`](Self::keep_object); the question is a new one, and the answer's reference is the entry's.
    unsafe fn keep(&mut self, question: Question, answer: Answer) {
        if self.recent.len() >= LAST {
            let recent = std::mem::take(&mut self.recent);
            give_back(std::mem::replace(&mut self.earlier, recent));
        }
        for object in question.objects.into_iter().flatten() {
            // SAFETY: the caller's promise.
            unsafe { (object.copy)(object.raw) };
        }
        self.recent.insert(question, answer);
    }

    /// Gives all references back.
    pub(super) fn forget(&mut self) {
        for known in [&mut self.recent, &mut self.earlier] {
            give_back(std::mem::take(known));
        }
    }
}

/// Gives the references of entries back.
fn give_back(entries: BTreeMap<Question, Answer>) {
    for (question, answer) in entries {
        let own = match answer {
            Answer::Object(object) => Some(object),
            Answer::Truth(_) => None,
        };
        for object in question.objects.into_iter().flatten().chain(own) {
            // SAFETY: the reference was the entry's.
            unsafe { (object.free)(object.raw) };
        }
    }
}
