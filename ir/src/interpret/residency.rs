//! What the text between the regions does while arrays stay on the device.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::expr::{Expr, Place};
use crate::function::{Function, Var};
use crate::plan::RegionPlan;
use crate::residency::{
    HostReads, Meeting, Residency, ResidencyFlaw, Stretch, Touched, Turn, Watch,
};
use crate::span::Span;
use crate::stmt::Stmt;

use super::activation::Activation;
use super::execute::Flow;
use super::fault::{FaultClass, Outcome, malformed};
use super::place::{Location, Purpose};
use super::value::{Pointer, Value};

/// What is put around statements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bracket<'m> {
    /// A stay, and when it ends.
    Stay(End),
    /// A turn of the host, with or without its mistake, and all that it touches where that is known.
    Turn(Turn, Option<&'m Touched>),
    /// A turn that moves bytes.
    Move(&'m Touched),
    /// Places that the host may read at any time.
    Watch(&'m Watch),
}

/// When a stay ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the last of its statements.
    Here,
    /// Mistakenly, with their block.
    WithBlock,
    /// With the last of its statements, and with the program: nothing goes home, so that whoever looks at it is at fault.
    Discards,
}

/// Where a plan puts what, and the mistake it makes there.
#[derive(Clone, Debug)]
pub(super) struct Brackets<'m> {
    residency: &'m Residency,
    flaw: Option<ResidencyFlaw>,
    /// Stays, turns and watches, where they stand around regions, outer before inner.
    all: Vec<(Span, Vec<Bracket<'m>>)>,
}

impl<'m> Brackets<'m> {
    pub(super) fn new(
        residency: &'m Residency,
        replaced: &[Span],
        flaw: Option<ResidencyFlaw>,
    ) -> Self {
        let mut all = Vec::new();
        let replaced = &Residency::in_order(replaced);
        for (number, stay) in residency.stays.iter().enumerate() {
            let end = if stay.is_last {
                End::Discards
            } else if flaw == Some(ResidencyFlaw::EndDropped(number)) {
                End::WithBlock
            } else {
                End::Here
            };
            let at = Residency::placed(stay.within, replaced);
            all.push((at, Bracket::Stay(end)));
        }
        for (statement, host) in &residency.turns {
            let bracket = match flaw {
                Some(ResidencyFlaw::TurnDropped(at)) if at == *statement => None,
                Some(ResidencyFlaw::CopiesKept(at)) if at == *statement => {
                    Some(Bracket::Turn(Turn::Reads, None))
                }
                Some(
                    ResidencyFlaw::TurnDropped(_)
                    | ResidencyFlaw::CopiesKept(_)
                    | ResidencyFlaw::EndDropped(_)
                    | ResidencyFlaw::ArrivalDropped(_)
                    | ResidencyFlaw::WatchDropped(_)
                    | ResidencyFlaw::LifetimeDropped(_)
                    | ResidencyFlaw::FallbackShares(_),
                )
                | None => Some(match &host.touched {
                    Some(touched) if host.is_move => Bracket::Move(touched),
                    touched => Bracket::Turn(host.turn, touched.as_ref()),
                }),
            };
            let at = Residency::placed(*statement, replaced);
            all.extend(bracket.map(|bracket| (at, bracket)));
        }
        for (statement, watch) in &residency.watches {
            if flaw != Some(ResidencyFlaw::WatchDropped(*statement)) {
                let at = Residency::placed(*statement, replaced);
                all.push((at, Bracket::Watch(watch)));
            }
        }
        // Stays before turns, then what holds more; the order is stable.
        all.sort_by_key(|(span, bracket)| {
            let is_turn = !matches!(bracket, Bracket::Stay(_));
            (is_turn, std::cmp::Reverse(span.end - span.start))
        });
        let mut grouped: Vec<(Span, Vec<Bracket<'m>>)> = Vec::new();
        for (span, bracket) in all {
            match grouped.iter_mut().find(|(known, _)| *known == span) {
                Some((_, brackets)) => brackets.push(bracket),
                None => grouped.push((span, vec![bracket])),
            }
        }
        Self {
            residency,
            flaw,
            all: grouped,
        }
    }

    /// Returns whether the copies of a variable go when its block is left.
    pub(super) fn ends(&self, function: Handle<Function>, var: Handle<Var>) -> bool {
        let mut all = self.residency.locals.iter();
        all.any(|(statement, locals)| {
            let is_dropped = self.flaw == Some(ResidencyFlaw::LifetimeDropped(*statement));
            !is_dropped && locals.function == function && locals.vars.contains(&var)
        })
    }

    /// Returns how a region deals with copies that outlive others.
    pub(super) fn meeting(&self, region: usize) -> Option<Meeting> {
        self.residency.meetings.get(&region).copied()
    }

    /// Returns what is put around the original text of a region.
    pub(super) fn fallback(&self, region: usize) -> Option<Bracket<'m>> {
        let is_bare = self.flaw == Some(ResidencyFlaw::FallbackShares(region));
        let shares = is_bare || self.meeting(region).is_none();
        (!shares).then_some(Bracket::Turn(Turn::Alone, None))
    }

    /// Returns the buffers of a region of which it fetches what only the device has.
    pub(super) fn fetched(&self, number: usize, region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
        let is_dropped = self.flaw == Some(ResidencyFlaw::ArrivalDropped(number));
        let meeting = self.meeting(number).filter(|_| !is_dropped);
        meeting.map_or_else(BTreeSet::new, |meeting| meeting.fetched(region))
    }

    /// Returns what the host reads for a region, which goes home first.
    pub(super) fn reads(&self, region: usize) -> Option<&'m HostReads> {
        let is_dropped = self.flaw == Some(ResidencyFlaw::ArrivalDropped(region));
        self.residency.reads.get(&region).filter(|_| !is_dropped)
    }

    /// Returns what a region does about copies of others before all else.
    pub(super) fn arrival(&self, region: usize) -> Option<Turn> {
        if self.flaw == Some(ResidencyFlaw::ArrivalDropped(region)) {
            return None;
        }
        match self.meeting(region)? {
            Meeting::Shares => None,
            Meeting::SharesAfterReading => Some(Turn::Reads),
            Meeting::Apart => Some(Turn::Changes),
        }
    }
}

/// Returns how many statements of a block, from the first, stand inside a span, with those between that have no place.
pub(super) fn length_inside(block: &[Stmt], span: Span) -> usize {
    let mut stretch = block.iter().take_while(|stmt| {
        let is_placeless = stmt.span().is_unknown();
        is_placeless || is_inside(Some(stmt), span)
    });
    let mut length = 0;
    for (before, stmt) in stretch.by_ref().enumerate() {
        if is_inside(Some(stmt), span) {
            length = before + 1;
        }
    }
    length
}

/// Returns whether a statement stands inside a span.
pub(super) fn is_inside(stmt: Option<&Stmt>, all: Span) -> bool {
    stmt.is_some_and(|stmt| {
        let span = stmt.span();
        !span.is_unknown() && all.start <= span.start && span.end <= all.end
    })
}

impl<'m> Activation<'_, 'm> {
    /// Runs the statements that a stay or a turn is put around, if one begins here; returns the position after them.
    pub(super) fn bracket_at(
        &mut self,
        block: &'m [Stmt],
        position: usize,
    ) -> Outcome<Option<(Flow, usize)>> {
        let (Some(brackets), Some(_)) = (&self.machine.brackets, self.context.handle) else {
            return Ok(None);
        };
        let mut all = brackets.all.iter();
        let found = all
            .find(|(span, _)| is_inside(block.get(position), *span) && !self.inside.contains(span));
        let Some((span, brackets)) = found else {
            return Ok(None);
        };
        let (span, brackets) = (*span, brackets.clone());
        let rest = block.get(position..).unwrap_or_default();
        let length = length_inside(rest, span);
        let statements = rest.get(..length).unwrap_or_default();
        let flow = self.bracketed(statements, span, &brackets)?;
        Ok(Some((flow, position + length)))
    }

    /// Runs statements inside of brackets that stand at one place.
    pub(super) fn bracketed(
        &mut self,
        statements: &'m [Stmt],
        span: Span,
        brackets: &[Bracket<'m>],
    ) -> Outcome<Flow> {
        let Some((bracket, rest)) = brackets.split_first() else {
            self.inside.push(span);
            let flow = self.statements(statements)?;
            self.inside.pop();
            return Ok(flow);
        };
        let outside = self.machine.memory.kept.stays;
        let watched = self.machine.memory.kept.watched.len();
        match *bracket {
            Bracket::Stay(_) => self.machine.memory.kept.stays += 1,
            Bracket::Turn(Turn::Reads | Turn::Changes, Some(touched)) => {
                self.prepare_for(touched)?;
            }
            Bracket::Turn(turn, _) => self.prepare(turn)?,
            Bracket::Move(touched) => {
                if self.moved(touched)? {
                    return Ok(Flow::Next);
                }
                self.prepare_for(touched)?;
            }
            Bracket::Watch(watch) => self.watch(watch)?,
        }
        let flow = self.bracketed(statements, span, rest)?;
        match bracket {
            Bracket::Stay(End::Here) => self.end_stays(1)?,
            Bracket::Stay(End::WithBlock) => self.open_stays += 1,
            Bracket::Stay(End::Discards) => {
                self.machine.memory.discard();
                self.end_stays(1)?;
            }
            Bracket::Turn(Turn::Alone, _) => {
                self.machine.memory.release()?;
                self.machine.memory.kept.stays = outside;
            }
            Bracket::Watch(_) => self.machine.memory.kept.watched.truncate(watched),
            Bracket::Turn(Turn::Reads | Turn::Changes, _) | Bracket::Move(_) => {}
        }
        Ok(flow)
    }

    /// Brings places home and, while it lasts, whatever a region leaves there.
    fn watch(&mut self, watch: &'m Watch) -> Outcome<()> {
        self.fetch_places(&watch.places)?;
        for place in &watch.places {
            let found = self.place_in_memory(place)?;
            self.machine.memory.kept.watched.extend(found);
        }
        Ok(())
    }

    /// Does what comes before statements of the host that touch some memory alone.
    fn prepare_for(&mut self, touched: &'m Touched) -> Outcome<()> {
        for (turn, stretch) in touched.stretches() {
            if *stretch == Stretch::All {
                self.prepare(turn)?;
            } else if let Stretch::Freed(object) = stretch {
                if let Some(pointer) = self.pointer(*object)? {
                    self.machine.memory.forget(pointer.object);
                }
            } else if let Some((pointer, size_bytes)) = self.stretch(stretch)? {
                let memory = &mut self.machine.memory;
                match turn {
                    Turn::Reads => memory.fetch_range(pointer, size_bytes)?,
                    Turn::Changes | Turn::Alone => memory.release_range(pointer, size_bytes)?,
                }
            }
        }
        Ok(())
    }

    /// Moves bytes on the device, and returns whether it has both copies.
    fn moved(&mut self, touched: &'m Touched) -> Outcome<bool> {
        let Some((from, to, count)) = touched.moved() else {
            return malformed("a move that is not from one stretch to another");
        };
        for stretch in &touched.read[..touched.read.len() - 1] {
            if let Some((pointer, size_bytes)) = self.stretch(stretch)? {
                self.machine.memory.fetch_range(pointer, size_bytes)?;
            }
        }
        let (from, to) = (self.pointer(from)?, self.pointer(to)?);
        let size_bytes = u64::try_from(self.integer(count)?).unwrap_or(0);
        match (from, to) {
            (Some(from), Some(to)) => self.machine.memory.move_range(from, to, size_bytes),
            (None, _) | (_, None) => Ok(false),
        }
    }

    /// Brings objects home that the host is about to read.
    pub(super) fn fetch_places(&mut self, places: &'m [Place]) -> Outcome<()> {
        for place in places {
            if let Some((pointer, size_bytes)) = self.place_in_memory(place)? {
                self.machine.memory.fetch_range(pointer, size_bytes)?;
            }
        }
        Ok(())
    }

    fn place_in_memory(&mut self, place: &'m Place) -> Outcome<Option<(Pointer, u64)>> {
        match self.locate(place, Purpose::Access)? {
            Location::Memory(Some(pointer), ty) => Ok(Some((pointer, self.size(ty)?))),
            Location::Memory(None, _) | Location::Slot(..) => Ok(None),
        }
    }

    /// Returns where the memory from one place to another begins and how long it is; `None` where there is none: that one has no
    /// address says that the loop it is named for does not come to it.
    fn between(&mut self, first: &'m Place, last: &'m Place) -> Outcome<Option<(Pointer, u64)>> {
        let mut end = |place| match self.locate(place, Purpose::End) {
            Err(fault) if fault.kind.class() == FaultClass::Undefined => Ok(None),
            Err(fault) => Err(fault),
            Ok(Location::Memory(pointer, ty)) => Ok(pointer.map(|pointer| (pointer, ty))),
            Ok(Location::Slot(..)) => Ok(None),
        };
        let (Some((begin, _)), Some((end, ty))) = (end(first)?, end(last)?) else {
            return Ok(None);
        };
        let distance = u64::try_from(end.offset - begin.offset).ok();
        let size = self.size(ty)?;
        let is_one = begin.object == end.object;
        Ok(distance
            .filter(|_| is_one)
            .map(|distance| (begin, distance + size)))
    }

    /// Returns where a stretch of memory begins and how long it is; `None` where there is none.
    fn stretch(&mut self, stretch: &'m Stretch) -> Outcome<Option<(Pointer, u64)>> {
        match stretch {
            Stretch::Place(place) => self.place_in_memory(place),
            Stretch::Between { first, last } => self.between(first, last),
            Stretch::All | Stretch::Freed(_) => {
                malformed("all that copies hold, or what ends, as one stretch of memory")
            }
            Stretch::Object(from) => {
                let node = self.function.exprs.get(*from);
                let Some(element) = node.and_then(|node| node.ty.element()) else {
                    return malformed("an object behind something that is no pointer");
                };
                let size_bytes = self.size(element)?;
                Ok(self.pointer(*from)?.map(|pointer| (pointer, size_bytes)))
            }
            Stretch::Where {
                condition,
                holds,
                stretch,
            } => {
                if self.holds(*condition)? == *holds {
                    self.stretch(stretch)
                } else {
                    Ok(None)
                }
            }
            Stretch::Bytes { from, count } => {
                let size_bytes = u64::try_from(self.integer(*count)?).unwrap_or(0);
                Ok(self.pointer(*from)?.map(|pointer| (pointer, size_bytes)))
            }
        }
    }

    fn pointer(&mut self, expr: Handle<Expr>) -> Outcome<Option<Pointer>> {
        match self.evaluate(expr)? {
            Value::Pointer(pointer) => Ok(pointer),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                malformed("a stretch of memory behind something that is no pointer")
            }
        }
    }

    /// Does what comes before statements of the host, or before a region.
    pub(super) fn prepare(&mut self, turn: Turn) -> Outcome<()> {
        let memory = &mut self.machine.memory;
        match turn {
            Turn::Reads => memory.fetch_all(),
            Turn::Changes => memory.release(),
            Turn::Alone => {
                memory.release()?;
                memory.kept.stays = 0;
                Ok(())
            }
        }
    }

    /// Ends stays; with the last of them all copies go home.
    pub(super) fn end_stays(&mut self, count: u32) -> Outcome<()> {
        let memory = &mut self.machine.memory;
        memory.kept.stays = memory.kept.stays.saturating_sub(count);
        if count > 0 && memory.kept.stays == 0 {
            memory.release()?;
        }
        Ok(())
    }
}
