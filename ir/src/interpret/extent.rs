//! Ranges of the bytes of an object.

use super::value::Pointer;

/// Bytes of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bytes {
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Bytes {
    /// Returns the bytes from where a pointer leads.
    pub(super) fn of(pointer: Pointer, size_bytes: u64) -> Self {
        Self {
            first: pointer.offset,
            last: pointer.offset.saturating_add_unsigned(size_bytes),
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.first >= self.last
    }

    pub(super) fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.first < other.last && other.first < self.last
    }

    pub(super) fn common(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        }
    }

    /// Returns what is left of the bytes without others.
    pub(super) fn without(self, others: &[Self]) -> Vec<Self> {
        let mut left = vec![self];
        for other in others {
            let parts = left.into_iter().flat_map(|part| {
                let before = Self {
                    last: part.last.min(other.first),
                    ..part
                };
                let behind = Self {
                    first: part.first.max(other.last),
                    ..part
                };
                [before, behind]
            });
            left = parts.filter(|part| !part.is_empty()).collect();
        }
        left.retain(|part| !part.is_empty());
        left
    }
}
