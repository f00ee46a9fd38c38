//! Reads what a test program leaves behind: every buffer, global and return value (`simt/harness.c`).

use std::collections::BTreeMap;

use mupac_ir::Scalar;

use crate::coverage::Reached;
use crate::profile::Spent;

/// The kind of a record about a buffer that is too small.
const MISSED: u8 = 7;
/// The kind of a record about how much an original did.
const WORK: u8 = 8;
/// The kinds of records about where memory lies.
const PLACE: u8 = 9;
const GLOBAL_PLACE: u8 = 10;
const LINK: u8 = 11;
/// The kind of records about what a stretch of the original took.
const STRETCH: u8 = 12;
/// Bytes of a record's head.
const HEADER_BYTES: usize = 32;

/// What a call left behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Results {
    pub(crate) values: Vec<Values>,
    /// The elements that a traced original touches of each buffer: its number, the first, and one past the last.
    pub(crate) touched: Vec<(usize, i64, i64)>,
    /// The elements that a buffer should have for an access that missed it: its number, the first, and one past the last.
    pub(crate) missed: Option<(usize, i64, i64)>,
    /// Where memory lies that a function would find, and the pointers in it.
    pub(crate) places: Vec<Place>,
    pub(crate) links: Vec<Link>,
    /// What the probes of an original saw.
    pub(crate) reached: Reached,
    /// What stretches of the original took, by number.
    pub(crate) spent: BTreeMap<usize, Spent>,
    /// How many accesses a traced original made.
    pub(crate) work: u64,
    /// The place that wrote the watched element last, an address of the original.
    pub(crate) writer: Option<u64>,
    /// Whether the call returned and everything was written.
    pub(crate) is_complete: bool,
}

/// A column of scalars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) of: Holder,
    /// Which field of a record, 0 where there is but one.
    pub(crate) leaf: u32,
    pub(crate) scalar: Scalar,
    /// Position of the first value.
    pub(crate) first: i64,
    pub(crate) bytes: Vec<u8>,
}

/// Where a buffer, one of its rows, or a global lies in a program's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) of: Holder,
    /// Which row of a buffer; 0 where it has none.
    pub(crate) row: u32,
    /// The address of its first value.
    pub(crate) start: u64,
    pub(crate) bytes: u64,
}

/// A pointer that is passed to a function, or lies in memory and leads to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The buffer that it leads to, and which row of it.
    pub(crate) of: Holder,
    pub(crate) row: u32,
    /// The address of the pointer; `None` where it is passed.
    pub(crate) at: Option<u64>,
    /// The address that it holds: of element 0.
    pub(crate) to: u64,
}

/// One value of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) of: Holder,
    pub(crate) leaf: u32,
    /// Among those that were written, from 0.
    pub(crate) index: usize,
}

impl Element {
    /// Returns the words by which `simt/harness.c` finds it, `None` for what has no memory of its own.
    pub(crate) fn words(self) -> Option<String> {
        let Self { of, leaf, index } = self;
        match of {
            Holder::Buffer(number) => Some(format!("b{number}.{leaf}:{index}")),
            Holder::Global(number) => Some(format!("g{number}.{leaf}:{index}")),
            Holder::Result => None,
        }
    }
}

/// What holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// The buffer behind this parameter.
    Buffer(usize),
    /// This global of the entry.
    Global(usize),
    /// The returned value.
    Result,
}

impl Results {
    /// Reads the records up to the end mark; damaged ones end the reading, and the results are then incomplete.
    pub(crate) fn parse(mut bytes: &[u8]) -> Self {
        let mut results = Self::default();
        while let Some((header, rest)) = bytes.split_at_checked(HEADER_BYTES) {
            let Some(head) = Header::parse(header) else {
                break;
            };
            if head.kind == 3 {
                results.is_complete = rest.is_empty();
                break;
            }
            if head.kind == 4 {
                let count = i64::try_from(head.count).unwrap_or(i64::MAX);
                let end = head.first.saturating_add(count);
                results.touched.push((head.number.into(), head.first, end));
                bytes = rest;
                continue;
            }
            if head.kind == MISSED {
                let count = i64::try_from(head.count).unwrap_or(i64::MAX);
                let end = head.first.saturating_add(count);
                results.missed = Some((head.number.into(), head.first, end));
                bytes = rest;
                continue;
            }
            if let Some(of) = head.place() {
                results.places.push(Place {
                    of,
                    row: head.leaf,
                    start: head.first as u64,
                    bytes: head.count,
                });
                bytes = rest;
                continue;
            }
            if head.kind == LINK {
                results.links.push(Link {
                    of: Holder::Buffer(head.number.into()),
                    row: head.leaf,
                    at: (head.first != 0).then_some(head.first as u64),
                    to: head.count,
                });
                bytes = rest;
                continue;
            }
            if head.kind == 5 {
                let seen = u8::try_from(head.first).unwrap_or(0);
                results.reached.insert(head.number.into(), seen);
                bytes = rest;
                continue;
            }
            if head.kind == WORK {
                results.work = u64::try_from(head.first).unwrap_or(0);
                bytes = rest;
                continue;
            }
            if head.kind == STRETCH {
                head.add_to(results.spent.entry(head.number.into()).or_default());
                bytes = rest;
                continue;
            }
            if head.kind == 6 {
                results.writer = u64::try_from(head.first).ok();
                bytes = rest;
                continue;
            }
            let (Some(of), Some(&scalar)) =
                (head.holder(), Scalar::ALL.get(usize::from(head.scalar)))
            else {
                break;
            };
            let wanted = head
                .count
                .checked_mul(scalar.size_bytes())
                .and_then(|length| usize::try_from(length).ok());
            let Some((data, rest)) = wanted.and_then(|length| rest.split_at_checked(length)) else {
                break;
            };
            results.values.push(Values {
                of,
                leaf: head.leaf,
                scalar,
                first: head.first,
                bytes: data.to_vec(),
            });
            bytes = rest;
        }
        results
    }
}

struct Header {
    kind: u8,
    scalar: u8,
    number: u16,
    leaf: u32,
    first: i64,
    count: u64,
}

impl Header {
    fn parse(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"MUPA") {
            return None;
        }
        Some(Self {
            kind: *bytes.get(4)?,
            scalar: *bytes.get(5)?,
            number: u16::from_le_bytes(bytes.get(6..8)?.try_into().ok()?),
            leaf: u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?),
            first: i64::from_le_bytes(bytes.get(16..24)?.try_into().ok()?),
            count: u64::from_le_bytes(bytes.get(24..32)?.try_into().ok()?),
        })
    }

    /// Adds what a record says of a stretch.
    fn add_to(&self, spent: &mut Spent) {
        let count = u64::try_from(self.first).unwrap_or(0);
        let seconds = self.count as f64 * 1e-9;
        match self.leaf {
            0 => (spent.runs, spent.seconds) = (count, seconds),
            1 => (spent.launching_runs, spent.launching_seconds) = (count, seconds),
            _ => spent.amount = f64::from_bits(self.count),
        }
    }

    /// Returns whose place the record is about, if it is about one.
    fn place(&self) -> Option<Holder> {
        match self.kind {
            PLACE => Some(Holder::Buffer(self.number.into())),
            GLOBAL_PLACE => Some(Holder::Global(self.number.into())),
            _ => None,
        }
    }

    fn holder(&self) -> Option<Holder> {
        match self.kind {
            0 => Some(Holder::Buffer(self.number.into())),
            1 => Some(Holder::Global(self.number.into())),
            2 => Some(Holder::Result),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, scalar: u8, count: u64, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"MUPA".to_vec();
        bytes.extend([kind, scalar, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(0_i64.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn values_and_end_mark() {
        let mut bytes = record(0, 3, 2, &[1, 0, 2, 0]);
        bytes.extend(record(3, 0, 0, &[]));
        let results = Results::parse(&bytes);
        assert!(results.is_complete);
        assert_eq!(results.values.len(), 1);
        assert_eq!(results.values[0].of, Holder::Buffer(1));
        assert_eq!(results.values[0].scalar, Scalar::I16);
        assert_eq!(results.values[0].bytes, [1, 0, 2, 0]);
    }

    #[test]
    fn cut_or_damaged_records_are_incomplete() {
        let whole = [record(0, 3, 2, &[1, 0, 2, 0]), record(3, 0, 0, &[])].concat();
        for length in 0..whole.len() {
            assert!(
                !Results::parse(&whole[..length]).is_complete,
                "{length} bytes"
            );
        }
        assert!(!Results::parse(&record(0, 77, 1, &[])).is_complete);
        assert!(!Results::parse(&record(0, 3, u64::MAX, &[])).is_complete);
    }
}
