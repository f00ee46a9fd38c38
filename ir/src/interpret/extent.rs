//! Ranges of the bytes of an object, and rows in them.

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

/// Bytes of one object, or equally long rows among them, which begin with the first and end with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) bytes: Bytes,
    /// How far each row lies behind the one before.
    pitch: i64,
    /// How long each is, at most as long as that.
    width: i64,
}

impl Shape {
    /// Returns all of some bytes, or rows by their pitch and width.
    pub(super) fn of(bytes: Bytes, rows: Option<(u64, u64)>) -> Self {
        let length = bytes.last.saturating_sub(bytes.first).max(1);
        let number = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
        let rows = rows.map(|(pitch, width)| (number(pitch), number(width)));
        let (pitch, width) = rows
            .filter(|(pitch, width)| 0 < *width && width < pitch && *width < length)
            .unwrap_or((length, length));
        Self {
            bytes,
            pitch,
            width,
        }
    }

    /// Returns what it has of some bytes.
    pub(super) fn parts(self, within: Bytes) -> Vec<Bytes> {
        let within = within.common(self.bytes);
        let mut parts = Vec::new();
        let row = (within.first - self.bytes.first).max(0) / self.pitch;
        let mut first = self.bytes.first.saturating_add(row * self.pitch);
        while first < within.last {
            let last = first.saturating_add(self.width);
            let part = Bytes { first, last }.common(within);
            if !part.is_empty() {
                parts.push(part);
            }
            first = first.saturating_add(self.pitch);
        }
        parts
    }

    /// Returns whether it has all of another one.
    pub(super) fn holds(self, other: Self) -> bool {
        let mut parts = other.parts(other.bytes).into_iter();
        self == other
            || parts.all(|part| {
                let is_there = |own: &Bytes| own.holds(part);
                self.parts(part).iter().any(is_there)
            })
    }
}
