//! Copies on the device that outlive a region: the table that the emitted text has at run time.
//!
//! The host's bytes and the device's are two values, and which of them is newer is written down, so that looking at the
//! older one is a fault: the host reads what has not come home, writes or frees what a later region still takes for a
//! copy.

use super::extent::{Bytes, Shape, Spacing};
use super::fault::{FaultKind, Outcome};
use super::memory::{Agent, Memory, Origin};
use super::race::Touch;
use super::value::{ObjectId, Pointer};

/// A copy of host memory on the device.
#[derive(Clone, Debug)]
struct Copy {
    object: ObjectId,
    bytes: Bytes,
    /// What of these regions use: nothing else is copied to the device.
    meant: Shape,
    /// What of these kernels write: nothing else is copied to the host.
    written: Vec<Shape>,
    /// Where the device has values that the host lacks.
    newer: Bytes,
    /// Of that, what has come home since kernels last wrote.
    fetched: Vec<Bytes>,
    /// Where the host may have changed its values since; in these the device has nothing newer.
    lent: Vec<Bytes>,
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

    /// Returns which of some bytes come home.
    fn coming(&self, bytes: Bytes) -> Vec<Bytes> {
        let mut found: Vec<Bytes> = Vec::new();
        for part in self.written.iter().flat_map(|shape| shape.parts(bytes)) {
            let new = part.without(&found);
            found.extend(new);
        }
        found
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
    shape: Shape,
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
    /// What only the device had when nobody was to look any more.
    lost: Vec<(ObjectId, Bytes)>,
}

impl Kept {
    /// Returns whether the host may not touch a range.
    pub(super) fn forbids(&self, pointer: Pointer, size_bytes: u64, touch: Touch) -> bool {
        let touched = Bytes::of(pointer, size_bytes);
        let mut lost = self.lost.iter();
        if lost.any(|(object, bytes)| *object == pointer.object && bytes.meets(touched)) {
            return true;
        }
        let mut copies = self.copies.iter().flatten();
        copies.any(|copy| {
            if copy.object != pointer.object || !copy.bytes.meets(touched) {
                return false;
            }
            let others = copy.coming(copy.newer.common(touched)).into_iter();
            let mut others = others.flat_map(|part| part.without(&copy.lent));
            let is_stale = others.any(|part| !part.without(&copy.fetched).is_empty());
            let is_kept = touch != Touch::Read && copy.is_filled;
            let mut meant = copy.meant.parts(touched).into_iter();
            let mut gets_stale = || meant.any(|part| !part.without(&copy.lent).is_empty());
            is_stale || (is_kept && gets_stale())
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

    /// Returns what a copy that has some of these bytes has, counted from the first of them.
    fn some(&self, host: Pointer, size_bytes: u64) -> Option<Bytes> {
        let number = self.holding(host, size_bytes).into_iter().next()?;
        let copy = self.copies.get(number).and_then(Option::as_ref)?;
        Some(Bytes {
            first: copy.bytes.first - host.offset,
            last: copy.bytes.last - host.offset,
        })
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
        rows: Option<Spacing>,
    ) -> Outcome<Mirror> {
        let host = host.ok_or(FaultKind::NullPointer)?;
        let bytes = Bytes::of(host, size_bytes);
        let shape = Shape::of(bytes, rows);
        let listed = self.kept.listed();
        for &number in &listed {
            self.settle(number)?;
        }
        for &number in &listed {
            if let Some(Some(copy)) = self.kept.copies.get_mut(number)
                && copy.object == host.object
                && copy.bytes.holds(bytes)
                && copy.meant.holds(shape)
            {
                copy.users += 1;
                let device = copy.at(bytes.first);
                return Ok(Mirror {
                    copy: number,
                    shape,
                    device,
                });
            }
        }
        let device = self.allocate(name, Origin::Device, size_bytes)?;
        let mut fresh = Copy {
            object: host.object,
            bytes,
            meant: shape,
            written: Vec::new(),
            newer: Bytes {
                first: bytes.first,
                last: bytes.first,
            },
            fetched: Vec::new(),
            lent: Vec::new(),
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
            shape,
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
        let is_whole = |shape: Shape| shape.parts(newer) == [newer];
        if !is_whole(copy.meant) || !is_whole(fresh.meant) {
            return Ok(());
        }
        let from = copy.at(newer.first);
        copy.newer.last = copy.newer.first;
        fresh.written.append(&mut copy.written);
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
        let Some(Some(copy)) = self.kept.copies.get(number) else {
            return Ok(());
        };
        self.fetch_part(number, copy.newer)
    }

    /// Copies home what only the device has of some bytes.
    fn fetch_part(&mut self, number: usize, bytes: Bytes) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get_mut(number) else {
            return Ok(());
        };
        let part = bytes.common(copy.newer);
        if part.is_empty() {
            return Ok(());
        }
        if part == copy.newer {
            copy.newer.last = copy.newer.first;
        }
        copy.fetched.push(part);
        let copy = copy.clone();
        let coming = copy.coming(part).into_iter();
        for part in coming.flat_map(|part| part.without(&copy.lent)) {
            self.transfer(copy.at(part.first), copy.host(part.first), part)?;
        }
        Ok(())
    }

    /// Gives the device what the host may have changed.
    fn settle(&mut self, number: usize) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get_mut(number) else {
            return Ok(());
        };
        let lent = std::mem::take(&mut copy.lent);
        let copy = copy.clone();
        for part in lent.into_iter().flat_map(|part| copy.meant.parts(part)) {
            self.transfer(copy.host(part.first), copy.at(part.first), part)?;
        }
        Ok(())
    }

    fn drop_copy(&mut self, number: usize) -> Outcome<()> {
        self.fetch(number)?;
        if let Some(copy) = self.kept.copies.get_mut(number).and_then(Option::take) {
            self.kill(copy.device.object);
        }
        Ok(())
    }

    /// Drops the copies of an object that ends.
    pub(super) fn forget(&mut self, object: ObjectId) {
        let copies = self.kept.copies.iter_mut();
        let gone = copies.filter_map(|copy| copy.take_if(|copy| copy.object == object));
        for copy in gone.collect::<Vec<_>>() {
            self.kill(copy.device.object);
        }
    }

    /// Drops all copies, since nobody is to look at what they hold.
    pub(super) fn discard(&mut self) {
        for number in self.kept.listed() {
            if let Some(copy) = self.kept.copies.get_mut(number).and_then(Option::take) {
                let newer = copy.coming(copy.newer).into_iter();
                self.kept.lost.extend(newer.map(|part| (copy.object, part)));
                self.kill(copy.device.object);
            }
        }
    }

    /// Brings the host up to date in these bytes.
    pub(super) fn fetch_range(&mut self, host: Pointer, size_bytes: u64) -> Outcome<()> {
        for number in self.kept.holding(host, size_bytes) {
            self.fetch_part(number, Bytes::of(host, size_bytes))?;
        }
        Ok(())
    }

    /// Brings the host up to date in these bytes, which it may write until the next region begins.
    pub(super) fn release_range(&mut self, host: Pointer, size_bytes: u64) -> Outcome<()> {
        let bytes = Bytes::of(host, size_bytes);
        for number in self.kept.holding(host, size_bytes) {
            self.fetch_part(number, bytes)?;
            if let Some(Some(copy)) = self.kept.copies.get_mut(number) {
                copy.lent.push(bytes.common(copy.bytes));
            }
        }
        Ok(())
    }

    /// Moves bytes, on the device those that copies have on both sides; returns whether there are some, else nothing is moved.
    pub(super) fn move_range(
        &mut self,
        from: Pointer,
        to: Pointer,
        size_bytes: u64,
    ) -> Outcome<bool> {
        let (source, target) = (Bytes::of(from, size_bytes), Bytes::of(to, size_bytes));
        let are_apart = from.object != to.object || !source.meets(target);
        let has = |at: Pointer| self.kept.some(at, size_bytes);
        let both = Bytes::of(Pointer { offset: 0, ..from }, size_bytes);
        let both = match (has(from), has(to)) {
            (Some(read), Some(written)) if are_apart => both.common(read).common(written),
            (_, _) => return Ok(false),
        };
        if both.is_empty() {
            return Ok(false);
        }
        let behind = |at: Pointer, offset: i64| Pointer {
            offset: at.offset + offset,
            ..at
        };
        let all = Bytes::of(Pointer { offset: 0, ..from }, size_bytes);
        for rest in all.without(&[both]) {
            let length = rest.first.abs_diff(rest.last);
            let (from, to) = (behind(from, rest.first), behind(to, rest.first));
            self.fetch_range(from, length)?;
            self.release_range(to, length)?;
            let values = self.load_raw(Agent::Host, Some(from), length, 1)?;
            self.store_raw(Agent::Host, Some(to), &values, 1)?;
        }
        let length = both.first.abs_diff(both.last);
        let mut hold = |at| self.hold(String::new(), Some(behind(at, both.first)), length, None);
        let (read, written) = (hold(from)?, hold(to)?);
        self.mirror_in(read)?;
        self.mirror_in(written)?;
        self.transfer(read.device, written.device, both)?;
        self.mirror_out(written)?;
        self.leave_mirror(written)?;
        self.leave_mirror(read)?;
        Ok(true)
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
        let parts = parts.map(|(first, last)| copy.meant.parts(Bytes { first, last }));
        for part in parts.into_iter().flatten() {
            self.transfer(copy.host(part.first), copy.at(part.first), part)?;
        }
        Ok(())
    }

    /// Notes that the device has new values of a buffer.
    pub(super) fn mirror_out(&mut self, mirror: Mirror) -> Outcome<()> {
        let Some(Some(copy)) = self.kept.copies.get(mirror.copy) else {
            return Ok(());
        };
        let Bytes { first, last } = mirror.shape.bytes;
        let is_apart = last < copy.newer.first || copy.newer.last < first;
        if is_apart {
            self.fetch(mirror.copy)?;
        }
        if let Some(Some(copy)) = self.kept.copies.get_mut(mirror.copy) {
            if copy.newer.is_empty() {
                copy.written.clear();
            }
            if !copy.written.iter().any(|known| known.holds(mirror.shape)) {
                copy.written.push(mirror.shape);
            }
            copy.newer = if copy.newer.is_empty() {
                mirror.shape.bytes
            } else {
                Bytes {
                    first: first.min(copy.newer.first),
                    last: last.max(copy.newer.last),
                }
            };
            copy.is_filled = true;
            copy.fetched.clear();
            let copy = copy.clone();
            if !copy.is_listed {
                self.pass_on(&copy, mirror.shape)?;
            }
            for (pointer, size_bytes) in self.kept.watched.clone() {
                let watched = Bytes::of(pointer, size_bytes);
                if copy.object == pointer.object && watched.meets(mirror.shape.bytes) {
                    self.fetch_part(mirror.copy, watched)?;
                }
            }
        }
        Ok(())
    }

    /// Gives the copies that may stay what one that will not has newer.
    fn pass_on(&mut self, from: &Copy, shape: Shape) -> Outcome<()> {
        for number in self.kept.listed() {
            let Some(Some(copy)) = self.kept.copies.get(number) else {
                continue;
            };
            if copy.object != from.object {
                continue;
            }
            let copy = copy.clone();
            for both in shape.parts(copy.bytes) {
                self.transfer(from.at(both.first), copy.at(both.first), both)?;
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
