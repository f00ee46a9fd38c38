//! Plans: guards, device memory, copies and launches, as the emitted host code performs them.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::buffer::{Buffer, Rows};
use crate::expr::{Expr, ExprKind};
use crate::function::Var;
use crate::guard::{Guard, Read, Separation};
use crate::plan::{Fetched, HostOp, RegionPlan};
use crate::residency::{HostReads, Meeting};
use crate::stmt::Stmt;
use crate::types::Type;

use super::activation::Activation;
use super::execute::Flow;
use super::extent::Spacing;
use super::fault::{FaultKind, Outcome, malformed};
use super::kept::Mirror;
use super::memory::{Agent, Origin};
use super::place::{Location, Purpose};
use super::residency::{is_inside, length_inside};
use super::scope::Slot;
use super::value::{Pointer, Value};

/// A buffer with its place in host memory and, once reserved, on the device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copied {
    pub(super) host: Option<Pointer>,
    pub(super) size_bytes: u64,
    pub(super) element_bytes: u64,
    pub(super) first: i128,
    pub(super) device: Option<Pointer>,
    /// Whether it is a part of a copy that outlives regions.
    mirror: Option<Mirror>,
    /// The rows that are meant.
    rows: Option<Spacing>,
    /// A copy that kernels read while they write the one that outlives the region.
    snapshot: Option<Pointer>,
}

impl Copied {
    /// Returns the stretches of the host's memory that are meant, with their sizes.
    fn parts(&self) -> impl Iterator<Item = (Option<Pointer>, u64)> + '_ {
        let whole = Spacing {
            pitch: self.size_bytes.max(1),
            width: self.size_bytes,
            planes: None,
        };
        let rows = self.rows.unwrap_or(whole);
        let starts = rows.starts(self.size_bytes);
        starts.map(move |at| (self.host.map(|host| host.behind(at)), rows.width))
    }

    /// Returns whether it holds no element but the first `length` of its array.
    pub(super) fn is_below(&self, length: u64) -> bool {
        let count = self.size_bytes / self.element_bytes.max(1);
        count == 0 || self.first >= 0 && self.first + i128::from(count) <= i128::from(length)
    }
}

impl<'m> Activation<'_, 'm> {
    /// Runs the plan, if one starts at this statement, or what it replaces where a guard fails; returns the position after
    /// it.
    pub(super) fn region_at(
        &mut self,
        block: &'m [Stmt],
        position: usize,
    ) -> Outcome<Option<(Flow, usize)>> {
        let regions = self.machine.regions;
        let mut all = regions.iter().enumerate();
        let Some((number, region)) = all.find(|(_, region)| {
            self.context.handle == Some(region.of)
                && is_inside(block.get(position), region.replaces)
                && !self.inside.contains(&region.replaces)
        }) else {
            return Ok(None);
        };
        let rest = block.get(position..).unwrap_or_default();
        let length = length_inside(rest, region.replaces);
        let has_run = self
            .region(number, region)
            .map_err(|fault| fault.at(region.replaces))?;
        let flow = if has_run {
            Flow::Next
        } else {
            let brackets = self.machine.brackets.as_ref();
            let bracket = brackets.and_then(|all| all.fallback(number));
            let statements = rest.get(..length).unwrap_or_default();
            self.bracketed(statements, region.replaces, bracket.as_slice())?
        };
        Ok(Some((flow, position + length)))
    }

    /// Runs a plan by its number; returns false, with nothing changed, where a guard fails.
    fn region(&mut self, number: usize, region: &'m RegionPlan) -> Outcome<bool> {
        let brackets = self.machine.brackets.as_ref();
        let meeting = brackets.and_then(|all| all.meeting(number));
        let fetched = brackets.map_or_else(BTreeSet::new, |all| all.fetched(number, region));
        let reads = brackets.and_then(|all| all.reads(number));
        if let Some(turn) = brackets.and_then(|all| all.arrival(number)) {
            self.prepare(turn)?;
        }
        let mut variables = self.function.vars.iter().zip(region.function.vars.iter());
        if region.function.vars.len() < self.function.vars.len()
            || variables.any(|((_, mine), (_, theirs))| mine.name != theirs.name)
        {
            return malformed("a plan whose function has other variables than the module's");
        }
        let mut slots = self.slots.clone();
        slots.resize(region.function.vars.len(), Slot::Absent);
        let context = self.context;
        let mut host = Activation::new(self.machine, &region.function, context);
        host.slots = slots;
        host.inside.clone_from(&self.inside);
        host.inside.push(region.replaces);
        // The copied slots name the caller's objects; nothing here ends their lifetimes.
        let launches = host.machine.launches;
        let holds = host.guarded(region, meeting, (reads, &fetched))?;
        if holds && host.machine.launches > launches {
            host.machine.launched.insert(number);
        }
        let has_run = holds || !region.otherwise.is_empty();
        if !holds {
            host.stand_in(region)?;
        }
        // What the plan's host assigned, the caller goes on with.
        let mut slots = std::mem::take(&mut host.slots);
        slots.truncate(self.slots.len());
        self.slots = slots;
        Ok(has_run)
    }

    /// Runs a plan where its guards hold; returns whether they do.
    fn guarded(
        &mut self,
        region: &'m RegionPlan,
        meeting: Option<Meeting>,
        (reads, fetched): (Option<&'m HostReads>, &BTreeSet<Handle<Buffer>>),
    ) -> Outcome<bool> {
        if let Some(reads) = reads {
            self.fetch_places(&reads.first)?;
        }
        for each in &region.fetched {
            let slot = self.fetched(each)?;
            self.set_slot(each.variable, slot);
        }
        for guard in &region.guards {
            if let (Some(reads), Guard::Inspected { inspection, .. }) = (reads, guard)
                && let Some(reads) = reads.inspected.get(inspection)
            {
                self.fetch_places(&reads.places)?;
                self.fetch_buffers(region, &reads.buffers)?;
            }
            let holds = self.guard(region, guard)?;
            let outcomes = self.machine.guards.entry(guard.kind()).or_default();
            if !holds {
                outcomes.failed += 1;
                return Ok(false);
            }
            outcomes.held += 1;
        }
        self.fetch_buffers(region, fetched)?;
        let mirrors = meeting.map_or_else(BTreeSet::new, |meeting| meeting.mirrors(region));
        self.performed(region, &mirrors, &region.host)?;
        Ok(true)
    }

    /// Brings the ranges of buffers home.
    fn fetch_buffers(
        &mut self,
        region: &'m RegionPlan,
        buffers: &BTreeSet<Handle<Buffer>>,
    ) -> Outcome<()> {
        for buffer in buffers {
            let copied = self.copied(region, *buffer)?;
            if let Some(host) = copied.host {
                self.machine.memory.fetch_range(host, copied.size_bytes)?;
            }
        }
        Ok(())
    }

    /// Performs all actions of one way through a plan, on memory of the device that lasts as long.
    pub(super) fn performed(
        &mut self,
        region: &'m RegionPlan,
        mirrors: &BTreeSet<Handle<Buffer>>,
        actions: &'m [HostOp],
    ) -> Outcome<()> {
        let mut reserved = vec![None; region.buffers.len()];
        self.actions((region, mirrors), actions, &mut reserved)?;
        for copied in reserved.iter().flatten() {
            self.leave_buffer(copied)?;
        }
        Ok(())
    }

    /// Returns what the variable of a value is: where the value lies in memory, that place by another name, which is read
    /// where the plan reads it, and not before.
    fn fetched(&mut self, each: &'m Fetched) -> Outcome<Slot> {
        let node = self.function.exprs.get(each.value);
        if let Some(ExprKind::Load(place)) = node.map(|node| &node.kind) {
            match self.locate(place, Purpose::Access) {
                Ok(Location::Memory(Some(pointer), _)) => return Ok(Slot::Borrowed(pointer)),
                // A guard asks whether the structures on the way are there before anything reads it.
                Err(fault) if fault.kind == FaultKind::NullPointer => return Ok(Slot::Value(None)),
                Ok(_) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Slot::Value(Some(self.evaluate(each.value)?)))
    }

    fn actions(
        &mut self,
        (region, mirrors): (&'m RegionPlan, &BTreeSet<Handle<Buffer>>),
        actions: &'m [HostOp],
        reserved: &mut Vec<Option<Copied>>,
    ) -> Outcome<()> {
        for action in actions {
            match action {
                HostOp::Allocate(buffer) => {
                    self.reserve(region, *buffer, mirrors.contains(buffer), reserved)?;
                }
                HostOp::CopyIn(buffer) => {
                    self.transfer(reserved, *buffer, true)?;
                    self.take_snapshot(region, *buffer, reserved)?;
                }
                HostOp::CopyOut(buffer) => self.transfer(reserved, *buffer, false)?,
                HostOp::Launch(kernel) => match region.kernels.get(*kernel) {
                    Some(kernel) => self.launch(region, kernel, reserved)?,
                    None => return malformed("a kernel of another plan"),
                },
                HostOp::Join(reduction) => match region.reductions.get(*reduction) {
                    Some(reduction) => self.join_partials(region, reduction, reserved)?,
                    None => return malformed("a reduction of another plan"),
                },
                HostOp::Declare(var, _) => self.declare(*var)?,
                HostOp::Compute(compute) => self.compute(compute)?,
                HostOp::Loop(each) => {
                    let run = &mut |this: &mut Self| {
                        this.actions((region, mirrors), &each.body, reserved)
                            .map(|()| Flow::Next)
                    };
                    self.counting(&each.header, run)?;
                }
                HostOp::If(branch) => {
                    if self.holds(branch.condition)? {
                        self.actions((region, mirrors), &branch.then, reserved)?;
                    }
                }
            }
        }
        for action in actions {
            if let HostOp::Declare(var, _) = action {
                self.end(*var);
            }
        }
        Ok(())
    }

    pub(super) fn reserve(
        &mut self,
        region: &'m RegionPlan,
        buffer: Handle<Buffer>,
        is_mirror: bool,
        reserved: &mut [Option<Copied>],
    ) -> Outcome<()> {
        let mut copied = self.copied(region, buffer)?;
        let name = self.buffer_name(region, buffer)?;
        let memory = &mut self.machine.memory;
        if let Some(host) = copied.host.filter(|_| region.is_look(buffer) && is_mirror) {
            memory.fetch_range(host, copied.size_bytes)?;
        }
        if is_mirror && !region.is_look(buffer) {
            let mirror = memory.hold(name, copied.host, copied.size_bytes, copied.rows)?;
            copied.device = Some(mirror.device);
            copied.mirror = Some(mirror);
        } else {
            copied.device = Some(memory.allocate(name, Origin::Device, copied.size_bytes)?);
        }
        let Some(place) = reserved.get_mut(buffer.index()) else {
            return malformed("a buffer of another plan");
        };
        // What a loop of the host reserves lasts for an iteration.
        let before = place.replace(copied);
        before.map_or(Ok(()), |before| self.leave_buffer(&before))
    }

    /// Ends a region's use of device memory.
    pub(super) fn leave_buffer(&mut self, copied: &Copied) -> Outcome<()> {
        let memory = &mut self.machine.memory;
        if let Some(snapshot) = copied.snapshot {
            memory.kill(snapshot.object);
        }
        match (copied.mirror, copied.device) {
            (Some(mirror), _) => memory.leave_mirror(mirror),
            (None, Some(device)) => {
                memory.kill(device.object);
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    /// Gives a buffer that kernels only read a copy of its own, where it is the same as one that they write.
    fn take_snapshot(
        &mut self,
        region: &'m RegionPlan,
        buffer: Handle<Buffer>,
        reserved: &mut [Option<Copied>],
    ) -> Outcome<()> {
        let partners = region.written_partners(buffer);
        let Some(mut copied) = reserved.get(buffer.index()).copied().flatten() else {
            return Ok(());
        };
        let Some(mirror) = copied.mirror.filter(|_| !partners.is_empty()) else {
            return Ok(());
        };
        let mut is_same = false;
        for partner in partners {
            is_same |= self.copied(region, partner)?.host == copied.host;
        }
        if !is_same {
            return Ok(());
        }
        let name = self.buffer_name(region, buffer)?;
        let memory = &mut self.machine.memory;
        let snapshot = match copied.snapshot {
            Some(snapshot) => snapshot,
            None => memory.allocate(name, Origin::Device, copied.size_bytes)?,
        };
        let bytes = memory.load_raw(Agent::Driver, Some(mirror.device), copied.size_bytes, 1)?;
        memory.store_raw(Agent::Driver, Some(snapshot), &bytes, 1)?;
        (copied.snapshot, copied.device) = (Some(snapshot), Some(snapshot));
        if let Some(place) = reserved.get_mut(buffer.index()) {
            *place = Some(copied);
        }
        Ok(())
    }

    fn guard(&mut self, region: &'m RegionPlan, guard: &'m Guard) -> Outcome<bool> {
        match guard {
            Guard::Holds { condition, .. } => self.holds(*condition),
            Guard::NoOverlap { a, b, how } => {
                let (a, b) = (self.copied(region, *a)?, self.copied(region, *b)?);
                if *how == Separation::OrSame && a.host == b.host {
                    return Ok(true);
                }
                let mut parts = a.parts().flat_map(|a| b.parts().map(move |b| (a, b)));
                Ok(parts.all(|(a, b)| are_apart(a, b)))
            }
            Guard::Apart { buffer, read } => {
                let has_planes = (region.buffers.get(*buffer))
                    .and_then(|buffer| buffer.rows)
                    .is_some_and(|rows| rows.planes.is_some());
                let buffer = self.copied(region, *buffer)?;
                let parts: Vec<_> = if has_planes {
                    buffer.parts().collect()
                } else {
                    vec![(buffer.host, buffer.size_bytes)]
                };
                let read = self.places_read(read)?;
                let mut pairs = parts
                    .iter()
                    .flat_map(|part| read.iter().map(move |read| (*part, *read)));
                Ok(pairs.all(|(part, read)| are_apart(part, read)))
            }
            Guard::Accessible { buffer } => {
                let copied = self.copied(region, *buffer)?;
                let memory = &self.machine.memory;
                let is_held = |host| memory.holds(host, copied.size_bytes);
                Ok(copied.size_bytes == 0 || copied.host.is_some_and(is_held))
            }
            Guard::Inspected { inspection, .. } => match region.inspections.get(*inspection) {
                Some(inspection) => self.inspect(region, inspection),
                None => malformed("an inspection of another plan"),
            },
            Guard::Worthwhile {
                work, threshold, ..
            } => match self.evaluate(*work)? {
                Value::F64(work) => Ok(self.machine.skips_threshold || work >= *threshold as f64),
                Value::Integer(_) | Value::F32(_) | Value::Pointer(_) | Value::Structure(_) => {
                    malformed("an amount of work that is no double")
                }
            },
        }
    }

    /// Returns the stretches of memory that the host reads, with their sizes; none of a variable that has no address.
    fn places_read(&mut self, read: &'m Read) -> Outcome<Vec<(Option<Pointer>, u64)>> {
        let count = match read.count {
            Some(count) => u64::try_from(self.integer(count)?).unwrap_or(0),
            None => 1,
        };
        if let Some(planes) = read.planes {
            return self.tables(&read.place, planes, count);
        }
        Ok(match self.locate(&read.place, Purpose::Access)? {
            Location::Memory(pointer, ty) => {
                vec![(pointer, self.size(ty)?.saturating_mul(count))]
            }
            Location::Slot(..) => Vec::new(),
        })
    }

    /// Returns how rows of elements of so many bytes lie.
    fn spacing(&mut self, rows: Rows, element_bytes: u64) -> Outcome<Spacing> {
        let mut number = |expr: Handle<Expr>| {
            let number = self.integer(expr)?.max(0);
            Outcome::Ok(u64::try_from(number).unwrap_or(u64::MAX))
        };
        let bytes = |elements: u64| elements.saturating_mul(element_bytes).max(1);
        let planes = match rows.planes {
            Some(planes) => Some((bytes(number(planes.pitch)?), number(planes.rows)?)),
            None => None,
        };
        Ok(Spacing {
            pitch: bytes(number(rows.pitch)?),
            width: bytes(number(rows.width)?),
            planes,
        })
    }

    /// Returns where a buffer is in host memory.
    fn copied(&mut self, region: &'m RegionPlan, handle: Handle<Buffer>) -> Outcome<Copied> {
        let Some(buffer) = region.buffers.get(handle) else {
            return malformed("a buffer of another plan");
        };
        let first = self.integer(buffer.first)?;
        let count = self.integer(buffer.count)?.max(0);
        let element_bytes = self.size(&buffer.element)?;
        let size = i128::from(element_bytes);
        let size_bytes = u64::try_from(count.saturating_mul(size)).unwrap_or(u64::MAX);
        if region.is_scratch(handle) {
            return Ok(Copied {
                host: None,
                size_bytes,
                element_bytes,
                first,
                device: None,
                mirror: None,
                rows: None,
                snapshot: None,
            });
        }
        let rows = match buffer.rows {
            Some(rows) => Some(self.spacing(rows, element_bytes)?),
            None => None,
        };
        let host = match self.base(buffer.array)? {
            Some(base) => Some(base.moved(first.saturating_mul(size))?),
            None => None,
        };
        Ok(Copied {
            host,
            size_bytes,
            element_bytes,
            first,
            device: None,
            mirror: None,
            rows,
            snapshot: None,
        })
    }

    /// Returns where an array starts, or where a pointer leads.
    pub(super) fn base(&mut self, array: Handle<Var>) -> Outcome<Option<Pointer>> {
        match *self.slot(array)? {
            Slot::Value(Some(Value::Pointer(pointer))) => Ok(pointer),
            Slot::Memory(pointer) | Slot::Borrowed(pointer) => {
                let var = self.var(array)?;
                match &var.ty {
                    Type::Pointer { .. } => match self.load(Some(pointer), &var.ty)? {
                        Value::Pointer(pointer) => Ok(pointer),
                        Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                            malformed("a buffer that is no array")
                        }
                    },
                    Type::Void
                    | Type::Scalar(_)
                    | Type::Array { .. }
                    | Type::Record(_)
                    | Type::Opaque(_) => Ok(Some(pointer)),
                }
            }
            Slot::Value(_) | Slot::Absent => {
                let name = self.var(array)?.name.clone();
                Err(FaultKind::Uninitialised(name).into())
            }
        }
    }

    fn buffer_name(&self, region: &'m RegionPlan, handle: Handle<Buffer>) -> Outcome<String> {
        let Some(buffer) = region.buffers.get(handle) else {
            return malformed("a buffer of another plan");
        };
        Ok(format!("{} on the device", self.var(buffer.array)?.name))
    }

    fn transfer(
        &mut self,
        reserved: &[Option<Copied>],
        buffer: Handle<Buffer>,
        is_to_device: bool,
    ) -> Outcome<()> {
        let Some(Some(copied)) = reserved.get(buffer.index()) else {
            return malformed("a copy of a buffer that is not allocated");
        };
        if copied.size_bytes == 0 {
            return Ok(());
        }
        let memory = &mut self.machine.memory;
        if let Some(mirror) = copied.mirror {
            return if is_to_device {
                memory.mirror_in(mirror)
            } else {
                memory.mirror_out(mirror)
            };
        }
        // The host's side is the host's memory: no copy leads from the device to the device.
        let (from, to) = if is_to_device {
            ((Agent::Host, copied.host), (Agent::Driver, copied.device))
        } else {
            ((Agent::Driver, copied.device), (Agent::Host, copied.host))
        };
        for (part, size) in copied.parts() {
            let Some((start, part)) = copied.host.zip(part) else {
                return malformed("a copy of no memory");
            };
            let at = part.offset.abs_diff(start.offset);
            let [from_at, to_at] = [from.1, to.1].map(|end| end.map(|end| end.behind(at)));
            let bytes = memory.load_raw(from.0, from_at, size, 1)?;
            memory.store_raw(to.0, to_at, &bytes, 1)?;
        }
        Ok(())
    }
}

/// Returns whether two ranges share no byte.
fn are_apart(a: (Option<Pointer>, u64), b: (Option<Pointer>, u64)) -> bool {
    let (Some(first), Some(second)) = (a.0, b.0) else {
        return true;
    };
    let end = |pointer: Pointer, size: u64| i128::from(pointer.offset) + i128::from(size);
    first.object != second.object
        || end(first, a.1) <= i128::from(second.offset)
        || end(second, b.1) <= i128::from(first.offset)
}
