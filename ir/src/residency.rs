//! Where arrays stay on the device from one region to the next, and what the host does before it looks at them itself.
//!
//! Between the start and the end of a [`Stay`], the copies that regions make on the device outlive the regions, also
//! those in functions that are called meanwhile.
//! A region then finds the copies of the ones before it; what it changes goes home when the host comes to look at
//! memory ([`Turn`]), and when the stay ends.
//! Outside of every stay each region copies for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::expr::{Expr, Place};
use crate::function::{Function, Var};
use crate::inspection::Inspection;
use crate::module::Module;
use crate::plan::{HostOp, RegionPlan};
use crate::span::Span;
use crate::stmt::Stmt;
use crate::structure::{each, variables};

/// Where arrays stay on the device, and what that asks of the text between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Residency {
    /// In source order, without overlap.
    pub stays: Vec<Stay>,
    /// What the host does to memory outside the regions, by the statement that does it, wherever a stay may come.
    pub turns: BTreeMap<Span, HostTurn>,
    /// What a statement reads again and again while it runs, as loops do in their conditions, by the statement.
    pub watches: BTreeMap<Span, Watch>,
    /// Variables that end with their block while copies of them may be there, by the statement that declares them.
    pub locals: BTreeMap<Span, Locals>,
    /// How each region deals with copies that outlive others, by its position in the plan; a region that no stay comes
    /// to has none.
    pub meetings: BTreeMap<usize, Meeting>,
    /// What the host reads before the first launch of a region that shares copies, where it reads any.
    pub reads: BTreeMap<usize, HostReads>,
    /// The buffers whose copies are brought up to date instead of made when their region runs again outside of every stay, by
    /// its position in the plan: none unless [`Coherence::Pages`] was asked for.
    pub kept: BTreeMap<usize, BTreeSet<Handle<Buffer>>>,
}

/// How it is known that a copy on the device is what the host has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coherence {
    /// By proof: copies outlive a region in a [`Stay`].
    #[default]
    Proof,
    /// By proof in a stay, and outside by the system, which tells at run time what pages the host wrote.
    Pages,
    /// Each region copies for itself.
    Copy,
}

impl Residency {
    /// The words of the text that stands between the user's statements while a stay lasts. Where a macro of the file is
    /// named like one of them there is no stay.
    pub const WORDS: [&str; 15] = [
        "Apart",
        "Lifetime",
        "Residence",
        "Watch",
        "discard",
        "end",
        "fetch",
        "fetch_between",
        "freed",
        "held",
        "moved",
        "mupac",
        "release",
        "release_between",
        "synchronize",
    ];

    /// Returns the arrays, by their names in a region's function, that its inspections read and that regions of one stay with it
    /// change between two of its runs: they come home for every run.
    pub fn looked_at_again<'a>(
        &self,
        module: &Module,
        regions: &'a [RegionPlan],
        number: usize,
    ) -> BTreeSet<&'a str> {
        let Some((region, reads)) = regions.get(number).zip(self.reads.get(&number)) else {
            return BTreeSet::new();
        };
        let inspected = |buffer| {
            let mut all = reads.inspected.values();
            all.any(|each| each.buffers.contains(&buffer))
        };
        let mut read: BTreeSet<&str> = region.names(inspected).collect();
        if read.is_empty() {
            return read;
        }
        let repeating = Repeating::all(module, region);
        let beside = self.stays.iter();
        let beside = beside.filter(|stay| stay.regions.contains(&number));
        let beside: BTreeSet<usize> = beside.flat_map(|stay| stay.regions.clone()).collect();
        let written: BTreeSet<&str> = regions
            .iter()
            .enumerate()
            .filter(|(other, _)| beside.contains(other))
            .filter(|(_, other)| comes_between(&repeating, other))
            .flat_map(|(_, region)| region.names(|buffer| region.goes_home(buffer)))
            .collect();
        read.retain(|name| written.contains(name));
        read
    }

    /// Returns the places of regions in order.
    pub fn in_order(replaced: &[Span]) -> Vec<Span> {
        let mut replaced = replaced.to_vec();
        replaced.sort_unstable();
        replaced
    }

    /// Returns what is prepared for before a statement stands where the statement does, or where the region begins that
    /// it stands in: nothing is put inside the text of a region.
    ///
    /// **Shape**: the places of regions, which do not overlap, in order.
    pub fn placed(statement: Span, replaced: &[Span]) -> Span {
        let Span { start, end } = statement;
        let first = replaced.get(replaced.partition_point(|each| each.end <= start));
        let last = replaced.get(replaced.partition_point(|each| each.end < end));
        Span {
            start: first.map_or(start, |each| each.start.min(start)),
            end: last
                .filter(|each| each.start < end)
                .map_or(end, |each| each.end),
        }
    }
}

/// A loop of the program, and what it runs.
struct Repeating<'a> {
    of: Handle<Function>,
    within: Span,
    /// The functions that it calls, also by way of others.
    called: BTreeSet<&'a str>,
}

impl<'a> Repeating<'a> {
    /// Returns the loops that repeat a region.
    fn all(module: &'a Module, region: &RegionPlan) -> Vec<Self> {
        let mut found = Vec::new();
        for (of, function) in module.functions.iter() {
            each(&function.body, &mut |stmt| {
                if matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
                    let mut called = BTreeSet::new();
                    note_called(module, slice::from_ref(stmt), &mut called);
                    let within = stmt.span();
                    found.push(Self { of, within, called });
                }
            });
        }
        found.retain(|each| each.runs(region) && each.within != region.replaces);
        found
    }

    fn runs(&self, region: &RegionPlan) -> bool {
        let (all, own) = (self.within, region.replaces);
        let is_inside = self.of == region.of && all.start <= own.start && own.end <= all.end;
        is_inside || self.called.contains(region.function.name.as_str())
    }
}

/// Notes the functions that statements call, also by way of others.
fn note_called<'a>(module: &'a Module, block: &'a [Stmt], called: &mut BTreeSet<&'a str>) {
    each(block, &mut |stmt| {
        if let Stmt::Call(call) = stmt
            && called.insert(&call.callee)
            && let Some((_, callee)) = module.function(&call.callee)
        {
            note_called(module, &callee.body, called);
        }
    });
}

/// Returns whether a region may run between two runs of one that some loops repeat: not where these run the other in none of
/// their iterations.
fn comes_between(repeating: &[Repeating<'_>], other: &RegionPlan) -> bool {
    repeating.is_empty() || repeating.iter().any(|each| each.runs(other))
}

/// A stretch of statements of one block, while which arrays stay on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The function it stands in.
    pub function: Handle<Function>,
    /// From its first statement to its last.
    pub within: Span,
    /// The positions in the plan of the regions that it comes to, those in called functions included.
    pub regions: BTreeSet<usize>,
    /// Whether nobody looks at memory after it, since the program ends: what is newer on the device need not go home.
    pub is_last: bool,
}

/// A statement outside the regions that touches memory.
#[derive(Clone, Debug, PartialEq)]
pub struct HostTurn {
    /// What it does.
    pub turn: Turn,
    /// The places in memory that it touches, where these can be told before it runs: what holds none of them is left alone.
    pub touched: Option<Touched>,
    /// Whether it does nothing but move bytes ([`Touched::moved`]): where copies have both stretches, the device does it instead.
    pub is_move: bool,
    /// Whether it stands alone below an `if` or a loop.
    pub needs_braces: bool,
}

/// Places that the host may read at any time while a statement runs: what kernels write there goes home at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The function that owns the subscripts.
    pub function: Handle<Function>,
    /// They name nothing that the statement changes, and nothing else in memory.
    pub places: Vec<Place>,
}

/// Variables of which no copy may be left when their block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locals {
    /// The function that declares them.
    pub function: Handle<Function>,
    /// In the order of their declarators.
    pub vars: Vec<Handle<Var>>,
}

/// All that a statement touches of memory, as far as copies on the device may hold it; what finds it names nothing that the
/// statement changes before it gets there, and of memory only what is read before: in this order all is prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// The function that owns the subscripts.
    pub function: Handle<Function>,
    /// What is read; what is written need not be named here as well.
    pub read: Vec<Stretch>,
    /// What is written.
    pub written: Vec<Stretch>,
}

impl Touched {
    /// Returns each stretch with what is done to it.
    pub fn stretches(&self) -> impl Iterator<Item = (Turn, &Stretch)> {
        let read = self.read.iter().map(|stretch| (Turn::Reads, stretch));
        let written = self.written.iter().map(|stretch| (Turn::Changes, stretch));
        read.chain(written)
    }

    /// Returns where a statement that moves bytes has them from and where to, each a pointer, and how many; `None` where it
    /// does something else, but for reading what leads there.
    pub fn moved(&self) -> Option<(Handle<Expr>, Handle<Expr>, Handle<Expr>)> {
        let ([.., Stretch::Bytes { from, count }], [Stretch::Bytes { from: to, .. }]) =
            (self.read.as_slice(), self.written.as_slice())
        else {
            return None;
        };
        let leads = |stretch: &Stretch| matches!(stretch, Stretch::Place(_));
        let is_one = self.read[..self.read.len() - 1].iter().all(leads);
        is_one.then_some((*from, *to, *count))
    }
}

/// A stretch of memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Stretch {
    /// What has a place.
    Place(Place),
    /// From one place to another, both included, which differ in subscripts only; nothing where the last comes before the first.
    /// Neither need be there: the loop that they are named for may not run.
    Between {
        /// The place of least address.
        first: Place,
        /// The place of greatest address.
        last: Place,
    },
    /// All that copies hold.
    All,
    /// The object that a pointer leads to.
    Object(Handle<Expr>),
    /// All that the allocator gave for the object that a pointer leads to, which ends: nothing of it has to go home.
    Freed(Handle<Expr>),
    /// So many bytes from where a pointer leads.
    Bytes {
        /// The pointer.
        from: Handle<Expr>,
        /// An integer.
        count: Handle<Expr>,
    },
    /// Another stretch, if a condition is as given; else nothing.
    Where {
        /// It calls nothing, and reads only memory that is prepared for before.
        condition: Handle<Expr>,
        /// Whether it has to hold, or may not.
        holds: bool,
        /// The stretch.
        stretch: Box<Stretch>,
    },
}

impl Stretch {
    /// Returns the variable whose memory it is, or that leads there, in the function that owns its subscripts; `None`: any.
    pub fn var(&self, function: &Function) -> Option<Handle<Var>> {
        match self {
            Self::Place(place) | Self::Between { first: place, .. } => Some(place.var),
            Self::Object(from) | Self::Freed(from) | Self::Bytes { from, .. } => {
                variables(function, *from).first().copied()
            }
            Self::Where { stretch, .. } => stretch.var(function),
            Self::All => None,
        }
    }
}

/// What a statement outside the regions does to memory that may have a copy on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// It reads: what only the device has goes home first.
    Reads,
    /// It reads, writes or frees: what only the device has goes home first, and no copy is kept; where it is known to write only
    /// some bytes of a copy, these go home, and to the device again before the next region.
    Changes,
    /// Nobody knows what it does, or what it calls: besides, no copy outlives a region until it is over.
    Alone,
}

impl Turn {
    /// Returns the word of reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Changes => "changes",
            Self::Alone => "alone",
        }
    }
}

/// What the host reads of memory for a region that shares copies, before its first launch: that goes home first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostReads {
    /// Places, before all else.
    pub first: Vec<Place>,
    /// What each inspection reads, before it.
    pub inspected: BTreeMap<Handle<Inspection>, InspectedReads>,
}

impl HostReads {
    /// Returns whether it reads nothing.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty() && self.inspected.is_empty()
    }
}

/// What an inspection reads of memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InspectedReads {
    /// Objects as a whole.
    pub places: Vec<Place>,
    /// The ranges of these buffers, which are known by then.
    pub buffers: BTreeSet<Handle<Buffer>>,
}

/// A mistake in what keeps arrays on the device; only a [`Mutant`](crate::Mutant) has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResidencyFlaw {
    /// Nothing is prepared before a statement of [`Residency::turns`].
    TurnDropped(Span),
    /// What only the device has goes home before a statement that writes or frees, but the copies stay.
    CopiesKept(Span),
    /// A stay, by position, lasts until its block is left.
    EndDropped(usize),
    /// A region, by position in the plan, neither fetches nor releases before all else.
    ArrivalDropped(usize),
    /// What a statement of [`Residency::watches`] reads does not go home for it.
    WatchDropped(Span),
    /// Copies of what a statement of [`Residency::locals`] declares are left when its block is.
    LifetimeDropped(Span),
    /// The original text of a region, by position in the plan, runs while copies stay.
    FallbackShares(usize),
}

/// How a region deals with copies that outlive others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meeting {
    /// It uses them, and leaves its own; what only the device has of arrays that kernels are passed by value goes home first.
    Shares,
    /// It does so too, but its host part reads memory: what only the device has goes home first.
    SharesAfterReading,
    /// It wants none: its host part writes memory, or it copies more than the program touches.
    Apart,
}

impl Meeting {
    /// Returns the buffers of a region, passed by value, of which the device may have newer elements when it is run: those that
    /// a region which shares fetches for itself.
    pub fn fetched(self, region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
        match self {
            Self::Shares => region.fetched_by_value(),
            Self::SharesAfterReading | Self::Apart => BTreeSet::new(),
        }
    }

    /// Returns the buffers of a region whose copies may outlive it, or come from others.
    pub fn mirrors(self, region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
        let shares = match self {
            Self::Shares | Self::SharesAfterReading => true,
            Self::Apart => false,
        };
        let is_copied = |buffer: &Handle<Buffer>| {
            HostOp::does(&region.host, &HostOp::CopyIn(*buffer))
                || HostOp::does(&region.host, &HostOp::CopyOut(*buffer))
        };
        let buffers = region.buffers.iter().filter(|_| shares);
        buffers
            .map(|(buffer, _)| buffer)
            .filter(is_copied)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_region_is_placed_around_it() {
        let replaced = Residency::in_order(&[Span::new(30, 40), Span::new(10, 20)]);
        let placed = |start, end| Residency::placed(Span::new(start, end), &replaced);
        assert_eq!(placed(12, 18), Span::new(10, 20));
        assert_eq!(placed(5, 15), Span::new(5, 20));
        assert_eq!(placed(15, 35), Span::new(10, 40));
        assert_eq!(placed(20, 30), Span::new(20, 30));
        assert_eq!(placed(0, 50), Span::new(0, 50));
        assert_eq!(placed(41, 50), Span::new(41, 50));
    }
}
