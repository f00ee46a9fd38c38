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

    fn length(self) -> u64 {
        u64::try_from(self.last.saturating_sub(self.first)).unwrap_or(0)
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

/// How rows lie in a range, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spacing {
    /// How far each row lies behind the one before.
    pub(super) pitch: u64,
    /// How long each is.
    pub(super) width: u64,
    /// How far each plane lies behind the one before, and how many rows it has; `None`: there is one plane.
    pub(super) planes: Option<(u64, u64)>,
}

impl Spacing {
    /// Returns where rows start in a range of so many bytes.
    pub(super) fn starts(self, size_bytes: u64) -> impl Iterator<Item = u64> {
        let every = |pitch: u64| usize::try_from(pitch).unwrap_or(usize::MAX).max(1);
        let (pitch, count) = self.planes.unwrap_or((size_bytes, u64::MAX));
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let used = self.planes.map_or(size_bytes, |(_, rows)| {
            let before = rows.saturating_sub(1).saturating_mul(self.pitch);
            before.saturating_add(self.width)
        });
        let last = size_bytes.saturating_sub(used);
        let planes = (0..size_bytes.min(last.saturating_add(1))).step_by(every(pitch));
        planes.flat_map(move |plane| (plane..size_bytes).step_by(every(self.pitch)).take(count))
    }
}

/// Bytes of one object, or equally long rows among them, which begin with the first and end with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) bytes: Bytes,
    /// `None`: all of the bytes.
    rows: Option<Spacing>,
}

impl Shape {
    /// Returns all of some bytes, or rows of them.
    pub(super) fn of(bytes: Bytes, rows: Option<Spacing>) -> Self {
        let length = bytes.length();
        let is_part = |rows: &Spacing| {
            0 < rows.width
                && rows.width < length
                && (rows.width < rows.pitch || rows.planes.is_some())
        };
        Self {
            bytes,
            rows: rows.filter(is_part),
        }
    }

    /// Returns what it has of some bytes.
    pub(super) fn parts(self, within: Bytes) -> Vec<Bytes> {
        let within = within.common(self.bytes);
        let length = self.bytes.length();
        let rows = self.rows.unwrap_or(Spacing {
            pitch: length,
            width: length,
            planes: None,
        });
        let parts = rows.starts(length).map(|at| {
            let first = self.bytes.first.saturating_add_unsigned(at);
            let last = first.saturating_add_unsigned(rows.width);
            Bytes { first, last }.common(within)
        });
        parts.filter(|part| !part.is_empty()).collect()
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
