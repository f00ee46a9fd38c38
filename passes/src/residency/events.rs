//! What a function does, in order, as far as it matters to copies on the device, and where the text can prepare for it.

use std::collections::BTreeSet;
use std::rc::Rc;

use mupac_ir::{
    Function, Handle, Module, Place, RegionPlan, Span, Stmt, Storage, Stretch, TextBlock,
    TextStatement, Touched, Type, Var, Watch, structure,
};

use super::conduct::Conducts;
use super::directives;
use super::effect::Effect;
use super::reader;
use super::stretches;
use crate::analyse::names::leaves_variable;
use crate::region;

/// What a call does, as far as it matters more than that it touches memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CallKind {
    /// Anything, or it is none.
    #[default]
    Any,
    /// It moves bytes, and nothing else.
    Moves,
    /// It ends memory, and touches none besides of which there may be a copy.
    Frees,
}

/// One thing that a function does.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    /// The statement, or what of it is evaluated first.
    pub(super) span: Span,
    /// What it does outside the regions.
    pub(super) effect: Effect,
    /// The region that it is, by position in the plan.
    pub(super) region: Option<usize>,
    /// Whether that region neither finds copies nor leaves any.
    pub(super) is_apart: bool,
    /// The function that it calls, where the text inside that prepares for what it does.
    pub(super) callee: Option<Handle<Function>>,
    /// What that function does, where it comes to no regions.
    pub(super) prepared: Option<Effect>,
    /// The arrays that its region copies, by name; of a call they are not known.
    pub(super) arrays: BTreeSet<Handle<Var>>,
    /// The loops that repeat it.
    pub(super) loops: Vec<usize>,
    /// What is known of it as a call.
    pub(super) call: CallKind,
    /// The variable that it declares, of which copies may be made and have to go when its block is left.
    pub(super) begins: Option<Handle<Var>>,
    /// All that it touches of memory outside the regions, where that is known.
    pub(super) touched: Option<Touched>,
    /// Whether the tree says all that it does.
    pub(super) is_told: bool,
    /// The loop without regions that it stands in, if the text names what all of that touches, and what that is.
    pub(super) looped: Option<Rc<(Span, Touched)>>,
}

impl Event {
    /// Returns whether arrays on the device serve it.
    pub(super) fn is_use(&self) -> bool {
        self.region.is_some() || (self.callee.is_some() && self.prepared.is_none())
    }

    /// Returns whether it ends memory, and writes none: where it lies is soon found, by the few copies that there are.
    pub(super) fn frees(&self) -> bool {
        let is_end = |each: &Stretch| matches!(each, Stretch::Freed(_));
        let written = self.touched.as_ref().map(|touched| &touched.written);
        written.is_some_and(|written| !written.is_empty() && written.iter().all(is_end))
    }

    /// Returns whether no copy could tell that it ran: it reads none of what one may hold, and what it changes ends.
    pub(super) fn looks_at_nothing(&self) -> bool {
        let reads_none = |touched: &Touched| touched.read.is_empty();
        let frees = self.frees() && self.touched.as_ref().is_some_and(reads_none);
        let does = self.effect.max(self.prepared.unwrap_or_default());
        !self.is_use() && (does == Effect::None || self.call == CallKind::Frees || frees)
    }

    /// Returns whether it is certain that copies do not outlive it: what it writes is not known.
    fn forgets(&self) -> bool {
        let is_known = self.touched.is_some() || self.looped.is_some();
        self.is_apart || (self.effect >= Effect::Changes && !is_known)
    }

    /// Returns whether a copy of the other's may serve it.
    fn may_share(&self, other: &Self) -> bool {
        let is_known = self.region.is_some() && other.region.is_some();
        !is_known || !self.arrays.is_disjoint(&other.arrays)
    }
}

/// The innermost statement that holds an event.
#[derive(Clone, Copy, Debug)]
struct Holder {
    /// The block that the statement stands in, by position.
    block: usize,
    statement: TextStatement,
    /// Whether it is late to prepare before the statement: something in it leaves copies on the device before the event comes,
    /// or comes again.
    is_late: bool,
}

/// What a function does, in order.
#[derive(Debug)]
pub(super) struct Events<'a> {
    pub(super) function: &'a Function,
    pub(super) of: Handle<Function>,
    pub(super) all: Vec<Event>,
    /// Every loop.
    loops: Vec<Span>,
    /// The blocks of the function, outer before inner; the statements of one region count as one.
    pub(super) blocks: Vec<TextBlock>,
    module: &'a Module,
    /// Where each event happens.
    holders: Vec<Option<Holder>>,
    /// The statements that run outside of any stay.
    alone: Vec<Span>,
    /// The statements of the tree that are no declarations.
    pub(super) statements: Vec<&'a Stmt>,
}

impl<'a> Events<'a> {
    /// Reads a function.
    pub(super) fn of(
        module: &'a Module,
        function: Handle<Function>,
        regions: &[RegionPlan],
        conducts: &mut Conducts<'a>,
    ) -> Self {
        let body = &module.functions[function];
        let (all, loops) = reader::read(module, function, regions, conducts);
        let blocks = module.blocks.iter();
        let mut events = Self {
            blocks: blocks
                .filter(|block| contains(body.body_span, block.span))
                .map(|block| joined(&with_pragmas(block, module.source.text()), &all))
                .collect(),
            module,
            statements: statements(&body.body),
            all,
            loops,
            function: body,
            of: function,
            holders: Vec::new(),
            alone: Vec::new(),
        };
        events.prepare_outside_of_loops();
        events.name_loops(conducts);
        let all = 0..events.all.len();
        events.holders = all.map(|index| events.holder(index)).collect();
        let alone =
            (0..events.all.len()).filter(|index| events.all[*index].effect == Effect::Alone);
        events.alone = alone
            .filter_map(|index| Some(events.place(index)?.1.span))
            .collect();
        events
    }

    /// Returns the events inside a stretch of text.
    pub(super) fn within(&self, span: Span) -> Vec<usize> {
        let all = 0..self.all.len();
        all.filter(|index| contains(span, self.all[*index].span))
            .collect()
    }

    /// Returns whether an event runs outside of any stay.
    pub(super) fn is_alone(&self, index: usize) -> bool {
        let mut alone = self.alone.iter();
        alone.any(|statement| contains(*statement, self.all[index].span))
    }

    /// Returns whether an event runs outside of any stay although copies could serve it.
    pub(super) fn is_lonely_use(&self, index: usize) -> bool {
        self.all[index].is_use() && self.is_alone(index)
    }

    /// Returns whether an event can run while a stay lasts.
    pub(super) fn is_possible(&self, index: usize) -> bool {
        let event = &self.all[index];
        match event.effect {
            Effect::None => true,
            Effect::Blocked => self.is_alone(index),
            Effect::Reads | Effect::Changes | Effect::Alone => {
                self.place(index).is_some() || self.watched(index).is_some()
            }
        }
    }

    /// Returns the statement before which the text prepares for an event: the innermost that holds it, such that nothing
    /// in it leaves copies on the device before the event comes, or comes again; `None` where there is none.
    pub(super) fn place(&self, index: usize) -> Option<(&TextBlock, TextStatement)> {
        let holder = self.holders[index].filter(|holder| !holder.is_late)?;
        Some((&self.blocks[holder.block], holder.statement))
    }

    /// Returns the outermost loop around an event that comes to no regions and in which no condition decides about the event;
    /// the event itself where there is none, or memory ends.
    fn hoisted(&self, event: &Event) -> Span {
        if event.frees() {
            return event.span;
        }
        if let Some(looped) = &event.looped {
            return looped.0;
        }
        let decides = |around: Span| {
            let mut all = self.statements.iter();
            all.any(|stmt| {
                let span = stmt.span();
                let is_between = contains(around, span) && contains(span, event.span);
                matches!(stmt, Stmt::If(_)) && is_between && span != event.span
            })
        };
        let loops = event
            .loops
            .iter()
            .filter(|around| !self.is_used_in(**around));
        let mut loops = loops.map(|around| self.loops[*around]);
        loops.find(|around| !decides(*around)).unwrap_or(event.span)
    }

    /// Finds the innermost statement that holds an event; none is told where a directive may leave it out.
    fn holder(&self, index: usize) -> Option<Holder> {
        let event = &self.all[index];
        let statements = self.blocks.iter().enumerate().flat_map(|(block, each)| {
            let all = each.statements.iter();
            all.map(move |statement| (block, *statement))
        });
        let all = self.hoisted(event);
        let holds = statements.filter(|(_, statement)| contains(statement.span, all));
        let length = |span: Span| span.end - span.start;
        let (block, statement) = holds.min_by_key(|(_, statement)| length(statement.span))?;
        let is_repeated = event.loops.iter().any(|around| {
            contains(statement.span, self.loops[*around]) && self.is_used_in(*around)
        });
        let follows_use = self.all[..index]
            .iter()
            .any(|other| other.is_use() && contains(statement.span, other.span));
        let is_late = match event.effect {
            // All of the statement runs alone.
            Effect::Alone => statement.is_declaration,
            Effect::None | Effect::Reads | Effect::Changes | Effect::Blocked => {
                is_repeated || follows_use
            }
        };
        let is_there = !self.may_be_left_out(statement.span);
        is_there.then_some(Holder {
            block,
            statement,
            is_late,
        })
    }

    /// Returns what the host may read at any time while a statement runs, where that is all of an event that comes late, no
    /// statement inside changes where it lies, and the statement may stand in braces.
    pub(super) fn watched(&self, index: usize) -> Option<(TextStatement, Watch)> {
        let event = &self.all[index];
        let Holder {
            statement, is_late, ..
        } = self.holders[index]?;
        let touched = event.touched.as_ref()?;
        let places = touched.read.iter().map(|stretch| match stretch {
            Stretch::Place(place) => Some(place.clone()),
            Stretch::Between { .. }
            | Stretch::All
            | Stretch::Object(_)
            | Stretch::Freed(_)
            | Stretch::Bytes { .. }
            | Stretch::Where { .. } => None,
        });
        let places: Vec<Place> = places.collect::<Option<_>>()?;
        let keeps = |var: Handle<Var>| !self.is_assigned(var, statement.span);
        let is_fixed = |place: &Place| {
            let indices = structure::indices(place);
            let mut named = indices.flat_map(|index| structure::variables(self.function, index));
            let is_pointer = matches!(self.function.vars[place.var].ty, Type::Pointer { .. });
            let is_found = stretches::is_by_variables(self.module, self.function, place);
            is_found && (!is_pointer || keeps(place.var)) && named.all(keeps)
        };
        let is_read = event.effect == Effect::Reads && touched.written.is_empty();
        let are_few = places.len() <= stretches::MOST;
        let holds = is_late
            && is_read
            && are_few
            && !statement.is_declaration
            && places.iter().all(is_fixed);
        holds.then_some((
            statement,
            Watch {
                function: touched.function,
                places,
            },
        ))
    }

    /// Returns whether a variable itself may be assigned or declared while a stretch of text runs; one that outlives the
    /// function may be by any that is called.
    fn is_assigned(&self, var: Handle<Var>, within: Span) -> bool {
        let own = &self.function.vars[var];
        let mut found = !own.texts.is_empty()
            || match own.storage {
                Storage::Parameter | Storage::Local | Storage::Function => false,
                Storage::Static | Storage::Global => !own.is_const,
            };
        structure::each(&self.function.body, &mut |stmt| {
            let is_target =
                region::target(stmt).is_some_and(|place| place.var == var && place.path.is_empty());
            let is_own = match stmt {
                Stmt::For(each) => each.iterator == var,
                Stmt::Declare(own, _) | Stmt::Let(own, _) => *own == var,
                Stmt::Call(call) => stretches::may_assign(self.function, call, var),
                Stmt::Compute(_)
                | Stmt::While(_)
                | Stmt::If(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => false,
            };
            let span = stmt.span();
            let is_inside = span.is_unknown() || contains(within, span);
            found |= (is_target || is_own) && is_inside;
        });
        found
    }

    /// Returns what the events of a statement touch, if it is one assignment or call or a row of assignments, and every loop
    /// around it comes to regions, unless memory ends: in others it would be asked at every iteration which copies hold an
    /// element, and once all have gone home is soon done.
    pub(super) fn touched(&self, statement: Span) -> Option<Touched> {
        let acts = |index: &usize| {
            let place = self.place(*index).map(|(_, place)| place.span);
            self.all[*index].effect != Effect::None && place == Some(statement)
        };
        let acting = self.within(statement).into_iter().filter(acts);
        let acting: Vec<&Event> = acting.map(|index| &self.all[index]).collect();
        let first = acting.first()?;
        if let Some(touched) = self.touched_by_loop(statement, &acting) {
            return Some(touched);
        }
        let mut inside = self.overlapping(statement);
        // A condition that is evaluated before all else; what is in the branches has a place there.
        let mut same = inside.iter().filter(|stmt| stmt.span() == first.span);
        if let (Some(Stmt::If(branch)), 1) = (inside.first(), same.by_ref().count())
            && branch.span == first.span
        {
            inside.truncate(1);
        }
        let is_whole = |event: &&&Event| inside.iter().any(|stmt| stmt.span() == event.span);
        if !acting
            .iter()
            .all(|event| is_whole(&event) && (event.frees() || self.is_between(event)))
        {
            return None;
        }
        let parts = acting.iter().map(|event| event.touched.as_ref());
        let parts: Vec<&Touched> = parts.collect::<Option<_>>()?;
        let mut touched = stretches::together(self.module, self.function, &inside, &parts)?;
        // No copy holds an object that begins here, and before the statement nobody can name it.
        let is_declared = |stretch: &Stretch| match stretch {
            Stretch::Place(place) => {
                !leaves_variable(self.function, place)
                    && contains(statement, self.function.vars[place.var].span)
            }
            Stretch::Between { .. }
            | Stretch::All
            | Stretch::Object(_)
            | Stretch::Freed(_)
            | Stretch::Bytes { .. }
            | Stretch::Where { .. } => false,
        };
        touched.read.retain(|stretch| !is_declared(stretch));
        touched.written.retain(|stretch| !is_declared(stretch));
        Some(touched)
    }

    /// Returns what a statement touches that is a loop of which that is known.
    fn touched_by_loop(&self, statement: Span, acting: &[&Event]) -> Option<Touched> {
        let (at, touched) = acting.first()?.looped.as_deref()?;
        let mut loops = self.overlapping(statement).into_iter();
        let is_all = loops.all(|stmt| contains(*at, stmt.span()));
        (is_all && contains(statement, *at)).then(|| touched.clone())
    }

    /// Returns whether an event moves bytes from one stretch to another, and is all that happens in a statement.
    pub(super) fn is_move(&self, index: usize, statement: Span) -> bool {
        let event = &self.all[index];
        let is_all = self.overlapping(statement).len() == 1;
        let bytes = event.touched.as_ref().and_then(Touched::moved);
        event.call == CallKind::Moves && is_all && bytes.is_some()
    }

    /// Returns the statements of the tree that stand in one of the text, or in part, but not around it.
    fn overlapping(&self, statement: Span) -> Vec<&'a Stmt> {
        let is_apart = |each: Span| each.end <= statement.start || statement.end <= each.start;
        let is_around = |each: Span| contains(each, statement) && each != statement;
        let all = self.statements.iter().copied();
        all.filter(|stmt| !is_apart(stmt.span()) && !is_around(stmt.span()))
            .collect()
    }

    /// Returns whether every loop around an event comes to regions.
    pub(super) fn is_between(&self, event: &Event) -> bool {
        event.loops.iter().all(|around| self.is_used_in(*around))
    }

    /// Returns every loop.
    pub(super) fn loops(&self) -> &[Span] {
        &self.loops
    }

    /// Returns where a loop stands.
    pub(super) fn loop_at(&self, around: usize) -> Span {
        self.loops[around]
    }

    pub(super) fn is_used_in(&self, around: usize) -> bool {
        let mut all = self.all.iter();
        all.any(|event| event.is_use() && event.loops.contains(&around))
    }

    /// Returns whether a directive may decide whether a statement is there.
    pub(super) fn may_be_left_out(&self, statement: Span) -> bool {
        directives::may_decide(self.module.source.text(), statement.start as usize)
    }

    /// Returns whether some copy may serve twice while a stretch of text runs.
    pub(super) fn pays(&self, span: Span) -> bool {
        let once = self.within(span);
        let loops = (0..self.loops.len()).filter(|around| contains(span, self.loops[*around]));
        let mut twice = loops.map(|around| {
            let is_inside = |index: &usize| self.all[*index].loops.contains(&around);
            let inside: Vec<usize> = once.iter().copied().filter(is_inside).collect();
            [inside.clone(), inside].concat()
        });
        self.serves_twice(&once) || twice.any(|order| self.serves_twice(&order))
    }

    /// Returns whether some copy may serve two of the events, in this order.
    fn serves_twice(&self, order: &[usize]) -> bool {
        let mut kept: Vec<&Event> = Vec::new();
        for &index in order {
            let event = &self.all[index];
            kept.retain(|_| !self.is_alone(index) && !event.forgets());
            if self.is_served(index) {
                if kept.iter().any(|other| other.may_share(event)) {
                    return true;
                }
                kept.push(event);
            }
        }
        false
    }

    /// Returns whether the statements of a block hold all that happens in it.
    pub(super) fn is_complete(&self, block: &TextBlock) -> bool {
        self.all.iter().all(|event| {
            let mut statements = block.statements.iter();
            let is_elsewhere = event.span.end <= block.span.start
                || block.span.end <= event.span.start
                || contains(event.span, block.span);
            !event.span.is_unknown()
                && (is_elsewhere || statements.any(|each| contains(each.span, event.span)))
        })
    }

    /// Returns whether copies on the device serve an event of the stay.
    pub(super) fn is_served(&self, index: usize) -> bool {
        let event = &self.all[index];
        event.is_use() && !event.is_apart && !self.is_alone(index)
    }
}

/// Returns the statements of a block but for declarations, those inside of others included.
fn statements(block: &[Stmt]) -> Vec<&Stmt> {
    let mut found = Vec::new();
    structure::each(block, &mut |stmt| {
        if !matches!(stmt, Stmt::Declare(..)) {
            found.push(stmt);
        }
    });
    found
}

/// Returns a block whose statements begin with the pragmas before them.
fn with_pragmas(block: &TextBlock, text: &str) -> TextBlock {
    let mut block = block.clone();
    for statement in &mut block.statements {
        let start = statement.span.start as usize;
        let start = directives::before_pragmas(text, start);
        statement.span = Span::new(start, statement.span.end as usize);
    }
    block
}

/// Returns a block in which statements that share an event are one.
fn joined(block: &TextBlock, events: &[Event]) -> TextBlock {
    let mut statements: Vec<TextStatement> = Vec::new();
    let inside = events.iter().map(|event| event.span);
    let inside: Vec<Span> = inside.filter(|span| contains(block.span, *span)).collect();
    for next in &block.statements {
        let are_one = |last: &TextStatement| {
            let mut spans = inside.iter();
            spans.any(|span| span.start < last.span.end && next.span.start < span.end)
        };
        match statements.last_mut().filter(|last| are_one(last)) {
            Some(last) => {
                last.span = last.span.join(next.span);
                last.is_declaration |= next.is_declaration;
            }
            None => statements.push(*next),
        }
    }
    TextBlock {
        statements,
        ..block.clone()
    }
}

/// Returns whether one span holds all of another.
pub(super) fn contains(outer: Span, inner: Span) -> bool {
    outer.contains(inner)
}
