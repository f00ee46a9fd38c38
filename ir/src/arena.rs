//! Typed arenas: values that refer to one another by index instead of by pointer.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Index of a `T` in the [`Arena`] that made it.
///
/// Handles are ordered by creation, so maps keyed by them iterate in program order.
pub struct Handle<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    /// Returns the position in the arena, counted from 0.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Handle<T> {}
impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Handle<T> {}
impl<T> PartialOrd for Handle<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Handle<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// A growing list of `T` that only ever appends, so that handles stay valid.
///
/// Rewrites clone functions by the hundred; what was there before [`Arena::share`] is then held once.
#[derive(Clone)]
pub struct Arena<T> {
    /// The first values, common to clones.
    shared: Arc<Vec<T>>,
    /// Those behind them.
    own: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self {
            shared: Arc::default(),
            own: Vec::new(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Arena<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

impl<T: PartialEq> PartialEq for Arena<T> {
    fn eq(&self, other: &Self) -> bool {
        let common = self.common(other);
        self.len() == other.len() && self.values().skip(common).eq(other.values().skip(common))
    }
}

impl<T: Eq> Eq for Arena<T> {}

impl<T> Arena<T> {
    /// Appends `value` and returns its handle.
    pub fn push(&mut self, value: T) -> Handle<T> {
        let handle = handle_at(self.len());
        self.own.push(value);
        handle
    }

    /// Returns the value behind `handle`, or `None` if the handle comes from a longer arena.
    pub fn get(&self, handle: Handle<T>) -> Option<&T> {
        match handle.index().checked_sub(self.shared.len()) {
            Some(index) => self.own.get(index),
            None => self.shared.get(handle.index()),
        }
    }

    /// Iterates over handles and values in order of creation.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Handle<T>, &T)> {
        let first = self.shared.len();
        let own = self.own.iter().enumerate();
        let own = own.map(move |(index, value)| (handle_at(first + index), value));
        let shared = self.shared.iter().enumerate();
        let shared = shared.map(|(index, value)| (handle_at(index), value));
        shared.chain(own)
    }

    fn values(&self) -> impl Iterator<Item = &T> {
        self.shared.iter().chain(&self.own)
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.shared.len() + self.own.len()
    }

    /// Returns whether nothing was pushed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many of the first values both hold in common, and so certainly the same.
    pub fn common(&self, other: &Self) -> usize {
        if Arc::ptr_eq(&self.shared, &other.shared) {
            self.shared.len()
        } else {
            0
        }
    }
}

impl<T: Clone> Arena<T> {
    /// Returns a copy with room for so many more values, which the first of them need not make.
    #[must_use]
    pub fn with_room(&self, more: usize) -> Self {
        let mut own = Vec::with_capacity(self.own.len() + more);
        own.extend_from_slice(&self.own);
        Self {
            shared: Arc::clone(&self.shared),
            own,
        }
    }

    /// Lets later clones hold the values so far in common.
    pub fn share(&mut self) {
        if !self.own.is_empty() {
            Arc::make_mut(&mut self.shared).append(&mut self.own);
        }
    }
}

fn handle_at<T>(index: usize) -> Handle<T> {
    Handle {
        index: index as u32,
        of: PhantomData,
    }
}

impl<T> Index<Handle<T>> for Arena<T> {
    type Output = T;
    fn index(&self, handle: Handle<T>) -> &T {
        match handle.index().checked_sub(self.shared.len()) {
            Some(index) => &self.own[index],
            None => &self.shared[handle.index()],
        }
    }
}

/// Changing a value that is held in common makes this arena's own copy of all of them.
impl<T: Clone> IndexMut<Handle<T>> for Arena<T> {
    fn index_mut(&mut self, handle: Handle<T>) -> &mut T {
        match handle.index().checked_sub(self.shared.len()) {
            Some(index) => &mut self.own[index],
            None => &mut Arc::make_mut(&mut self.shared)[handle.index()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_hold_what_was_shared_in_common_until_they_change_it() {
        let mut arena = Arena::default();
        let first = arena.push(1);
        arena.share();
        let mut other = arena.clone();
        assert_eq!(arena.common(&other), 1);
        let second = other.push(2);
        assert_eq!((other[first], other[second], other.len()), (1, 2, 2));
        assert_eq!(other.get(second), Some(&2));
        assert_eq!(arena.get(second), None);
        other[first] = 3;
        assert_eq!((arena[first], other[first]), (1, 3));
        assert_eq!(arena.common(&other), 0);
        other.share();
        assert_eq!(
            other.iter().map(|(_, value)| *value).collect::<Vec<_>>(),
            [3, 2]
        );
    }
}
