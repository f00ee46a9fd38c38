//! Memory: objects of bytes, each byte with or without a value.
//!
//! This module decides which accesses are in bounds, aligned, alive and on the right side of the bus.
//! It knows nothing of types beyond size and alignment, and does not enforce the effective-type rules of C17 6.5 §7:
//! programs are compared under `-fno-strict-aliasing`.

use super::fault::{FaultKind, Outcome};
use super::kept::Kept;
use super::race::{Shadow, Stretch, Touch};
use super::value::{Bytes, ObjectId, Pointer};

/// Where an object's storage comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The host of the interpreter, a global or a static.
    Program,
    /// A local of host code; dies with its scope.
    Automatic,
    /// A local of one thread of a kernel; dies with its scope.
    Private,
    /// `malloc`; dies by `free`.
    Heap,
    /// A string literal.
    Literal,
    /// Device memory of a region.
    Device,
    /// An array that the threads of one block share; dies with the block.
    Shared,
}

/// A piece of memory.
#[derive(Clone, Debug)]
struct Object {
    name: String,
    origin: Origin,
    is_alive: bool,
    bytes: Bytes,
    shadow: Shadow,
}

/// Who accesses memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agent {
    /// Host code.
    Host,
    /// The copies between host and device, which see both.
    Driver,
    /// A thread of a kernel.
    Thread {
        /// When it runs.
        stretch: Stretch,
        /// Number of the thread in the order of block and thread index.
        number: u64,
        /// Whether it is a thread of a mapped tree, which has the host's memory for its own.
        sees_host: bool,
    },
}

/// All objects of a machine.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    objects: Vec<Object>,
    alive_bytes: u64,
    limit_bytes: u64,
    /// Copies on the device that outlive a region.
    pub(super) kept: Kept,
}

impl Memory {
    pub(super) fn new(limit_bytes: u64) -> Self {
        Self {
            objects: Vec::new(),
            alive_bytes: 0,
            // Offsets must stay within the 32 bits that an encoded address leaves for them.
            limit_bytes: limit_bytes.min(u64::from(u32::MAX / 2)),
            kept: Kept::default(),
        }
    }

    /// Makes an object without values.
    pub(super) fn allocate(
        &mut self,
        name: impl Into<String>,
        origin: Origin,
        size_bytes: u64,
    ) -> Outcome<Pointer> {
        let is_room = self.alive_bytes.saturating_add(size_bytes) <= self.limit_bytes
            && self.objects.len() < u32::MAX as usize / 2;
        if !is_room {
            return Err(FaultKind::MemoryLimit(self.limit_bytes).into());
        }
        self.alive_bytes += size_bytes;
        let object = ObjectId(self.objects.len() as u32);
        self.objects.push(Object {
            name: name.into(),
            origin,
            is_alive: true,
            bytes: Bytes {
                data: vec![0; size_bytes as usize],
                is_set: vec![false; size_bytes as usize],
            },
            shadow: Shadow::default(),
        });
        Ok(Pointer { object, offset: 0 })
    }

    /// Makes an object that holds a string literal, which nothing may write.
    pub(super) fn literal(&mut self, bytes: &[u8]) -> Outcome<Pointer> {
        let pointer = self.allocate("string literal", Origin::Literal, bytes.len() as u64)?;
        let object = &mut self.objects[pointer.object.0 as usize].bytes;
        object.data.copy_from_slice(bytes);
        object.is_set.fill(true);
        Ok(pointer)
    }

    /// Ends the lifetime of an object and releases its bytes.
    pub(super) fn kill(&mut self, object: ObjectId) {
        if let Some(object) = self.objects.get_mut(object.0 as usize)
            && object.is_alive
        {
            object.is_alive = false;
            self.alive_bytes -= object.bytes.data.len() as u64;
            object.bytes = Bytes::default();
        }
    }

    /// Returns whether a range lies inside one living object.
    pub(super) fn holds(&self, pointer: Pointer, size_bytes: u64) -> bool {
        self.objects
            .get(pointer.object.0 as usize)
            .is_some_and(|object| {
                let end = i128::from(pointer.offset) + i128::from(size_bytes);
                object.is_alive && pointer.offset >= 0 && end <= object.bytes.data.len() as i128
            })
    }

    /// Ends the lifetime of what `malloc` returned.
    pub(super) fn free(&mut self, pointer: Option<Pointer>) -> Outcome<()> {
        let Some(pointer) = pointer else {
            return Ok(());
        };
        let object = self.object(pointer)?;
        if object.origin != Origin::Heap || pointer.offset != 0 || !object.is_alive {
            return Err(FaultKind::BadFree(object.name.clone()).into());
        }
        if self.kept.has(pointer.object) {
            return Err(FaultKind::Stale(object.name.clone()).into());
        }
        self.kill(pointer.object);
        Ok(())
    }

    /// Returns the name of an object.
    pub(super) fn name(&self, pointer: Pointer) -> String {
        self.object(pointer)
            .map(|object| object.name.clone())
            .unwrap_or_default()
    }

    /// Returns all bytes of an object.
    pub(super) fn bytes(&self, pointer: Pointer) -> Outcome<&Bytes> {
        self.object(pointer).map(|object| &object.bytes)
    }

    /// Checks that a pointer is into its living object or one past its end.
    pub(super) fn check_range(&self, pointer: Pointer) -> Outcome<Pointer> {
        let object = self.living(pointer)?;
        let size_bytes = object.bytes.data.len() as u64;
        if pointer.offset < 0 || pointer.offset as u64 > size_bytes {
            return Err(FaultKind::PointerOutOfRange {
                object: object.name.clone(),
                offset: i128::from(pointer.offset),
                size_bytes,
            }
            .into());
        }
        Ok(pointer)
    }

    /// Returns bytes that all have a value.
    pub(super) fn load(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        size_bytes: u64,
        alignment: u64,
    ) -> Outcome<&[u8]> {
        self.take(agent, pointer, size_bytes, alignment, Touch::Read)
    }

    /// Gives bytes a value.
    pub(super) fn store(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        bytes: &[u8],
        alignment: u64,
    ) -> Outcome<()> {
        self.put(agent, pointer, bytes, alignment, Touch::Write)
    }

    /// Returns the value that an indivisible action changes.
    pub(super) fn load_atomic(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        size_bytes: u64,
    ) -> Outcome<&[u8]> {
        self.take(agent, pointer, size_bytes, size_bytes, Touch::Atomic)
    }

    /// Gives bytes the value that an indivisible action leaves.
    pub(super) fn store_atomic(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        bytes: &[u8],
    ) -> Outcome<()> {
        self.put(agent, pointer, bytes, bytes.len() as u64, Touch::Atomic)
    }

    fn take(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        size_bytes: u64,
        alignment: u64,
        touch: Touch,
    ) -> Outcome<&[u8]> {
        let (object, range) = self.access(agent, pointer, size_bytes, alignment, touch)?;
        if !object.bytes.is_set[range.clone()].iter().all(|set| *set) {
            return Err(FaultKind::Uninitialised(object.name.clone()).into());
        }
        Ok(&object.bytes.data[range])
    }

    fn put(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        bytes: &[u8],
        alignment: u64,
        touch: Touch,
    ) -> Outcome<()> {
        let (object, range) = self.access(agent, pointer, bytes.len() as u64, alignment, touch)?;
        object.bytes.data[range.clone()].copy_from_slice(bytes);
        object.bytes.is_set[range].fill(true);
        Ok(())
    }

    /// Returns a copy of bytes, with or without values.
    pub(super) fn load_raw(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        size_bytes: u64,
        alignment: u64,
    ) -> Outcome<Bytes> {
        let (object, range) = self.access(agent, pointer, size_bytes, alignment, Touch::Read)?;
        Ok(Bytes {
            data: object.bytes.data[range.clone()].to_vec(),
            is_set: object.bytes.is_set[range].to_vec(),
        })
    }

    /// Writes bytes, with or without values.
    pub(super) fn store_raw(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        bytes: &Bytes,
        alignment: u64,
    ) -> Outcome<()> {
        let size_bytes = bytes.data.len() as u64;
        let (object, range) = self.access(agent, pointer, size_bytes, alignment, Touch::Write)?;
        object.bytes.data[range.clone()].copy_from_slice(&bytes.data);
        object.bytes.is_set[range].copy_from_slice(&bytes.is_set);
        Ok(())
    }

    fn object(&self, pointer: Pointer) -> Outcome<&Object> {
        self.objects
            .get(pointer.object.0 as usize)
            .ok_or_else(|| FaultKind::InvalidPointer(Pointer::encode(Some(pointer))).into())
    }

    fn living(&self, pointer: Pointer) -> Outcome<&Object> {
        let object = self.object(pointer)?;
        if object.is_alive {
            Ok(object)
        } else {
            Err(FaultKind::DeadObject(object.name.clone()).into())
        }
    }

    /// Checks an access and returns the object and the range of its bytes.
    fn access(
        &mut self,
        agent: Agent,
        pointer: Option<Pointer>,
        size_bytes: u64,
        alignment: u64,
        touch: Touch,
    ) -> Outcome<(&mut Object, std::ops::Range<usize>)> {
        let pointer = pointer.ok_or(FaultKind::NullPointer)?;
        self.living(pointer)?;
        let is_stale = agent == Agent::Host && self.kept.forbids(pointer, size_bytes, touch);
        let object = &mut self.objects[pointer.object.0 as usize];
        let (offset, size) = (i128::from(pointer.offset), object.bytes.data.len() as u64);
        let end = offset + i128::from(size_bytes);
        if offset < 0 || end > i128::from(size) {
            return Err(FaultKind::OutOfBounds {
                object: object.name.clone(),
                offset,
                end,
                size_bytes: size,
            }
            .into());
        }
        if alignment > 1 && offset % i128::from(alignment) != 0 {
            return Err(FaultKind::Misaligned {
                object: object.name.clone(),
                offset,
                alignment,
            }
            .into());
        }
        if touch != Touch::Read && object.origin == Origin::Literal {
            return Err(FaultKind::ReadOnly.into());
        }
        if is_stale {
            return Err(FaultKind::Stale(object.name.clone()).into());
        }
        let range = pointer.offset as usize..pointer.offset as usize + size_bytes as usize;
        object.check_side(agent)?;
        object.check_race(agent, &range, touch)?;
        Ok((object, range))
    }
}

impl Object {
    fn check_side(&self, agent: Agent) -> Outcome<()> {
        let is_right = match (agent, self.origin) {
            (Agent::Driver, _) => true,
            (Agent::Host, origin) => !matches!(origin, Origin::Device | Origin::Shared),
            (Agent::Thread { sees_host, .. }, origin) => {
                let is_of_device = matches!(
                    origin,
                    Origin::Device | Origin::Shared | Origin::Private | Origin::Literal
                );
                sees_host || is_of_device
            }
        };
        if is_right {
            Ok(())
        } else {
            Err(FaultKind::WrongSide(self.name.clone()).into())
        }
    }

    fn check_race(
        &mut self,
        agent: Agent,
        range: &std::ops::Range<usize>,
        touch: Touch,
    ) -> Outcome<()> {
        let Agent::Thread {
            stretch, number, ..
        } = agent
        else {
            return Ok(());
        };
        if matches!(self.origin, Origin::Private | Origin::Literal) {
            return Ok(());
        }
        match self.shadow.touch(range, stretch, number, touch) {
            None => Ok(()),
            Some((offset, first)) => Err(FaultKind::Race {
                object: self.name.clone(),
                offset,
                first,
                second: number,
            }
            .into()),
        }
    }
}
