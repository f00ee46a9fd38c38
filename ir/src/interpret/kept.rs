//! Copies on the device that outlive a region: the table that the emitted text has at run time.
//!
//! The host's bytes and the device's are two values, and which of them is newer is written down, so that looking at the
//! older one is a fault: the host reads what has not come home, writes or frees what a later region still takes for a
//! copy.

use super::fault::{FaultKind, Outcome};
use super::memory::{Agent, Memory, Origin};
use super::race::Touch;
use super::value::{ObjectId, Pointer};

/// Bytes of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes {
    first: i64,
    last: i64,
}

impl Bytes {
    /// Returns the bytes from where a pointer leads.
    fn of(pointer: Pointer, size_bytes: u64) -> Self {
        Self {
            first: pointer.offset,
            last: pointer.offset.saturating_add_unsigned(size_bytes),
        }
    }

    fn is_empty(self) -> bool {
        self.first >= self.last
    }

    fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    fn meets(self, other: Self) -> bool {
        self.first < other.last && other.first < self.last
    }
}

/// A copy of host memory on the device.
#[derive(Clone, Debug)]
struct Copy {
    object: ObjectId,
    bytes: Bytes,
    /// Where the device has values that the host lacks.
    newer: Bytes,
    device: Pointer,
    /// How many buffers of the running region it serves.
    users: u32,
    is_filled: bool,
    /// Whether later regions find it.
    is_listed: bool,
}

impl Copy {
    /// Returns where the device has a byte of the host.
    fn at(&self, byte: i64) -> Pointer {
        Pointer {
            offset: self.device.offset + (byte - self.bytes.first),
            ..self.device
        }
    }

    fn host(&self, byte: i64) -> Pointer {
        Pointer {
            object: self.object,
            offset: byte,
        }
    }
}

/// One buffer's part of a copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mirror {
    copy: usize,
    bytes: Bytes,
    /// Where its first byte is on the device.
    pub(super) device: Pointer,
}

/// All copies that outlive a region, or could.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// By number; `None` once dropped.
    copies: Vec<Option<Copy>>,
    /// How many stays last.
    pub(super) stays: u32,
    /// What the host may read at any time.
    pub(super) watched: Vec<(Pointer, u64)>,
}

impl Kept {
    /// Returns whether the host may not touch a range.
    pub(super) fn forbids(&self, pointer: Pointer, size_bytes: u64, touch: Touch) -> bool {
        let touched = Bytes::of(pointer, size_bytes);
        let mut copies = self.copies.iter().flatten();
        copies.any(|copy| {
            let is_stale = copy.newer.meets(touched);
            let gets_stale = touch != Touch::Read && copy.is_filled && copy.bytes.meets(touched);
            copy.object == pointer.object && (is_stale || gets_stale)
        })
    }

    /// Returns whether some bytes of an object have a copy that a later region takes for its memory.
    pub(super) fn has(&self, object: ObjectId) -> bool {
        let mut copies = self.copies.iter().flatten();
        copies.any(|copy| copy.object == object)
    }

    /// Returns the listed copies that have some of these bytes.
    fn holding(&self, host: Pointer, size_bytes: u64) -> Vec<usize> {
        let bytes = Bytes::of(host, size_bytes);
        let mut found = self.listed();
        found.retain(|number| {
            let copy = self.copies.get(*number).and_then(Option::as_ref);
            copy.is_some_and(|copy| copy.object == host.object && copy.bytes.meets(bytes))
        });
        found
    }

    fn listed(&self) -> Vec<usize> {
        let all = self.copies.iter().enumerate();
        let listed = all.filter(|(_, copy)| copy.as_ref().is_some_and(|copy| copy.is_listed));
        listed.map(|(number, _)| number).collect()
    }
}

impl Memory {
    /// Returns the copy that a buffer has, or makes it.
    pub(super) fn hold(
        &mut self,
        name: String,
        host: Option<Pointer>,
        size_bytes: u64,
    ) -> Outcome<Mirror> {
        let host = host.ok_or(FaultKind::NullPointer)?;
        let bytes = Bytes::of(host, size_bytes);
        let listed = self.kept.listed();
        for &number in &listed {
            if let Some(Some(copy)) = self.kept.copies.get_mut(number)
                && copy.object == host.object
                && copy.bytes.holds(bytes)
            {
                copy.users += 1;
                let device = copy.at(bytes.first);
                return Ok(Mirror {
                    copy: number,
                    bytes,
                    device,
                });
            }
        }
        let device = self.allocate(name, Origin::Device, size_bytes)?;
        let mut fresh = Copy {
            object: host.object,
            bytes,
            newer: Bytes {
                first: bytes.first,
                last: bytes.first,
            },
            device,
            users: 1,
            is_filled: false,
            is_listed: true,
        };
        let meets = |copy: &&Copy| copy.object == host.object && copy.bytes.meets(bytes);
        let users = |kept: &Kept, number: usize| {
            let copy = kept.copies.get(number).and_then(Option::as_ref);
            copy.filter(meets).map(|copy| copy.users)
        };
        for &number in &listed {
            if users(&self.kept, number).is_some_and(|users| users > 0) {
                fresh.is_listed = false;
                self.fetch(number)?;
            }
        }
        for number in listed {
            if users(&self.kept, number) == Some(0) {
                // Nobody finds what is not listed.
                if fresh.is_listed {
                    self.take_newer(&mut fresh, number)?;
                }
                self.drop_copy(number)?;
            }
        }
        self.kept.copies.push(Some(fresh));
        Ok(Mirror {
            copy: self.kept.copies.len() - 1,
            bytes,
            device,
        })
    }

    /// Moves what a smaller copy has newer than the host to one that holds it.
    fn take_newer(&mut self, fresh: &mut Copy, number: usize) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get_mut(number) else {
            return Ok(());
        };
        if !fresh.newer.is_empty() || copy.newer.is_empty() || !fresh.bytes.holds(copy.newer) {
            return Ok(());
        }
        let newer = copy.newer;
        let from = copy.at(newer.first);
        copy.newer.last = copy.newer.first;
        fresh.newer = newer;
        self.transfer(from, fresh.at(newer.first), newer)
    }

    fn transfer(&mut self, from: Pointer, to: Pointer, bytes: Bytes) -> Outcome<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let size_bytes = bytes.first.abs_diff(bytes.last);
        let values = self.load_raw(Agent::Driver, Some(from), size_bytes, 1)?;
        self.store_raw(Agent::Driver, Some(to), &values, 1)
    }

    /// Copies home what only the device has.
    fn fetch(&mut self, number: usize) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get_mut(number) else {
            return Ok(());
        };
        let newer = copy.newer;
        copy.newer.last = copy.newer.first;
        let (from, to) = (copy.at(newer.first), copy.host(newer.first));
        self.transfer(from, to, newer)
    }

    fn drop_copy(&mut self, number: usize) -> Outcome<()> {
        self.fetch(number)?;
        if let Some(copy) = self.kept.copies.get_mut(number).and_then(Option::take) {
            self.kill(copy.device.object);
        }
        Ok(())
    }

    /// Brings the host up to date where a copy has some of these bytes.
    pub(super) fn fetch_range(&mut self, host: Pointer, size_bytes: u64) -> Outcome<()> {
        for number in self.kept.holding(host, size_bytes) {
            self.fetch(number)?;
        }
        Ok(())
    }

    /// Brings the host up to date where a copy has some of these bytes, and keeps no such copy.
    pub(super) fn release_range(&mut self, host: Pointer, size_bytes: u64) -> Outcome<()> {
        for number in self.kept.holding(host, size_bytes) {
            self.drop_copy(number)?;
        }
        Ok(())
    }

    /// Brings the host up to date.
    pub(super) fn fetch_all(&mut self) -> Outcome<()> {
        for number in self.kept.listed() {
            self.fetch(number)?;
        }
        Ok(())
    }

    /// Brings the host up to date and keeps no copy.
    pub(super) fn release(&mut self) -> Outcome<()> {
        for number in self.kept.listed() {
            self.drop_copy(number)?;
        }
        Ok(())
    }

    /// Gives the device the values of a buffer, unless it has them.
    pub(super) fn mirror_in(&mut self, mirror: Mirror) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get_mut(mirror.copy) else {
            return Ok(());
        };
        if std::mem::replace(&mut copy.is_filled, true) {
            return Ok(());
        }
        let copy = copy.clone();
        let Bytes { first, last } = copy.bytes;
        let parts = [
            (first, copy.newer.first),
            (copy.newer.last.max(copy.newer.first), last),
        ];
        for (first, last) in parts {
            self.transfer(copy.host(first), copy.at(first), Bytes { first, last })?;
        }
        Ok(())
    }

    /// Notes that the device has new values of a buffer.
    pub(super) fn mirror_out(&mut self, mirror: Mirror) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get(mirror.copy) else {
            return Ok(());
        };
        let Bytes { first, last } = mirror.bytes;
        let is_apart = last < copy.newer.first || copy.newer.last < first;
        if is_apart {
            self.fetch(mirror.copy)?;
        }
        if let Some(Some(copy)) = self.kept.copies.get_mut(mirror.copy) {
            copy.newer = if copy.newer.is_empty() {
                mirror.bytes
            } else {
                Bytes {
                    first: first.min(copy.newer.first),
                    last: last.max(copy.newer.last),
                }
            };
            copy.is_filled = true;
            let copy = copy.clone();
            if !copy.is_listed {
                self.pass_on(&copy, mirror.bytes)?;
            }
            let mut watched = self.kept.watched.iter();
            let is_watched = watched.any(|(pointer, size_bytes)| {
                copy.object == pointer.object
                    && Bytes::of(*pointer, *size_bytes).meets(mirror.bytes)
            });
            if is_watched {
                return self.fetch(mirror.copy);
            }
        }
        Ok(())
    }

    /// Gives the copies that may stay what one that will not has newer.
    fn pass_on(&mut self, from: &Copy, bytes: Bytes) -> Outcome<()> {
        for number in self.kept.listed() {
            let Some(Some(copy)) = self.kept.copies.get(number) else {
                continue;
            };
            let both = Bytes {
                first: bytes.first.max(copy.bytes.first),
                last: bytes.last.min(copy.bytes.last),
            };
            if copy.object == from.object && !both.is_empty() {
                let to = copy.at(both.first);
                self.transfer(from.at(both.first), to, both)?;
            }
        }
        Ok(())
    }

    /// Ends a buffer's use of its copy, which lasts longer where a stay does.
    pub(super) fn leave_mirror(&mut self, mirror: Mirror) -> Outcome<()> {
        let stays = self.kept.stays;
        let Some(Some(copy)) = self.kept.copies.get_mut(mirror.copy) else {
            return Ok(());
        };
        copy.users = copy.users.saturating_sub(1);
        if copy.users == 0 && !(stays > 0 && copy.is_listed) {
            return self.drop_copy(mirror.copy);
        }
        Ok(())
    }
}
