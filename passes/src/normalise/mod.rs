//! Writes the statements of a region so that their order is theirs alone and not that of how C was typed.
//!
//! A rewrite here keeps every value the program computes; it takes away what only looks like a dependence:
//! `continue` becomes a condition ([`exits`]), `break` of an inner loop a value ([`mod@leave`]), a running index becomes what it is in each iteration ([`induction`]), and
//! a variable whose last value is read later is split into one that iterations use and that value, which the host
//! assigns after the region ([`own`]); one that nobody reads later is declared in the loops that use it ([`mod@declare`]), one for each purpose ([`webs`]);
//! a variable that is only set, to one value, is a reduction behind which the host sets it ([`flags`]); blocks of braces alone are opened ([`mod@open`]), structures that are summed up as a whole are assigned member by member ([`members`]) and worked on without a copy ([`put_back`]), conditions that end in a least or greatest value nested ([`nested`]), loops that start at a product count from 0 ([`mod@origin`]), a value between two loops is computed in the inner one ([`mod@sink`]), and one that an array keeps for the next loop where it is read ([`mod@recompute`]); elements collect what iterations add to one of them ([`mod@bins`]); blocks that iterations allocate and free are arrays that they declare ([`blocks`]), and so are those that they fill one after the other ([`mod@own_arrays`]), of settled lengths ([`lengths`]).
//! Whether a region is analysed as written or as normalised is for [`crate::analyse`] to say; the judge compares
//! rewritten trees with the form that was analysed.

mod back;
mod bins;
mod blocks;
mod declare;
mod exits;
mod extreme;
mod flags;
mod induction;
mod leave;
mod lengths;
mod members;
mod nested;
mod open;
mod origin;
mod own;
mod own_arrays;
mod packed;
mod point;
mod put_back;
mod recompute;
mod rectangle;
mod recurrence;
mod resumed;
mod running;
mod sink;
mod substitute;
mod unread;
mod untile;
mod values;
mod webs;

pub(crate) use back::{leave_early, left_by};
pub(crate) use bins::binned;
pub(crate) use blocks::declare_all;
pub(crate) use exits::{continues, jumps, without_continue};
pub(crate) use extreme::{Split, split_extremes};
pub(crate) use flags::split_flags;
pub(crate) use induction::see_through_copies;
pub(crate) use leave::flag;
pub(crate) use open::open_block;
pub(crate) use own::fresh;
pub(crate) use own_arrays::own_arrays;
pub(crate) use packed::packed;
pub(crate) use recompute::recompute;
pub(crate) use rectangle::rectangular;
pub(crate) use resumed::resume;
pub(crate) use running::running;
pub(crate) use sink::sink;
pub(crate) use substitute::{Read, in_statement, reads, rename};
pub(crate) use unread::drop_unread_in_kernel;
pub(crate) use untile::untile;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    Block, Compute, Contraction, Expr, Function, Handle, LoopName, Module, Place, Span, Stmt, Var,
};

use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{isl, region};

/// A region's function, as written or as normalised.
#[derive(Clone, Debug)]
pub(crate) struct Normal {
    /// The function; blocks outside the region are as they were, and the region begins and ends at the same positions.
    pub(crate) function: Arc<Function>,
    /// What the host assigns after the region, in order.
    pub(crate) last_values: Vec<Compute>,
    /// What analysis may take for granted of expressions made here.
    pub(crate) made: Made,
    /// Variables that iterations got for themselves; only kernels may assign them.
    pub(crate) own: BTreeSet<Handle<Var>>,
}

/// Expressions made by normalising.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// Conversions that keep the value of their operand wherever the program computes it.
    pub(crate) exact: BTreeSet<Handle<Expr>>,
    /// Sums of unchanging values that are one number each: what an iteration adds to an index, which is a stride.
    pub(crate) strides: BTreeSet<Handle<Expr>>,
    /// Loops of the program that may be left early, and what says of each that it was.
    pub(crate) left: BTreeMap<LoopName, Handle<Var>>,
    /// Trip counts that closed forms multiply by, and distances, that must not be negative: conditions of the region.
    pub(crate) counts: Vec<Handle<Expr>>,
    /// Loops that are gone, and those that do their work: over blocks the loops in these, and those that read what they kept.
    pub(crate) blocks: BTreeMap<LoopName, LoopName>,
    /// What statements set where an assertion fails.
    pub(crate) flags: BTreeSet<Handle<Var>>,
    /// Values to which each execution of a loop of the region contributes anew, and which nobody looks at behind it, each with that
    /// loop: nothing but a scan of it gives them what they start with.
    pub(crate) running: BTreeMap<Handle<Var>, LoopName>,
    /// Reads of values that count, with what they are below there.
    pub(crate) below: BTreeMap<Handle<Expr>, Handle<Expr>>,
    /// Arrays of which iterations touch nothing but elements that they number by such a value, each its own.
    pub(crate) packed: BTreeMap<Handle<Var>, Handle<Var>>,
    /// Whether products may be contracted.
    pub(crate) contraction: Contraction,
    /// Conditions on parameters under which assertions hold that are gone, by kind.
    pub(crate) asserted: Vec<(&'static str, isl::Set)>,
}

impl Made {
    pub(crate) fn extend(&mut self, other: Self) {
        self.exact.extend(other.exact);
        self.strides.extend(other.strides);
        self.left.extend(other.left);
        let known = self.counts.clone();
        let new = other.counts.into_iter();
        self.counts
            .extend(new.filter(|count| !known.contains(count)));
        self.blocks.extend(other.blocks);
        self.flags.extend(other.flags);
        self.running.extend(other.running);
        self.below.extend(other.below);
        self.packed.extend(other.packed);
        self.contraction = self.contraction.max(other.contraction);
        self.asserted.extend(other.asserted);
    }
}

impl Normal {
    /// Returns a function as written.
    pub(crate) fn written(function: &Arc<Function>) -> Self {
        Self {
            function: Arc::clone(function),
            last_values: Vec::new(),
            made: Made::default(),
            own: BTreeSet::new(),
        }
    }
}

/// Returns the function with a stretch of statements in the shape that analysis looks for, whatever it finds.
pub(crate) fn shaped(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let function = blocks::declare(module, function, path, range);
    let function = lengths::settle(&function, path, range);
    let function = open::open(&function, path, range);
    let function = put_back::work_on_itself(&function, path, range);
    let function = members::assign_each(&function, path, range);
    let function = nested::nest(&function, path, range);
    let function = origin::count_from_zero(&function, path, range);
    let function = webs::split(module, &function, path, range);
    let function = declare::declare(module, &function, path, range);
    unread::drop_unread(&function, path, range)
}

/// Returns the function with a stretch of statements normalised; `None` where nothing changes.
///
/// Statements with calls that are not modelled or other text keep their form: any of their variables may be meant.
pub(crate) fn normalise(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Normal> {
    let statements = region::statements(function, path, range);
    if !is_modelled(statements) {
        return None;
    }
    let mut work = Work {
        function: (**function).clone(),
        path,
        range: range.clone(),
        last_values: Vec::new(),
        made: Made::default(),
        own: BTreeSet::new(),
        numbering: Numbering::after(&[&function.body]),
    };
    let mut is_changed = leave::leave(&mut work);
    is_changed |= exits::structure(&mut work);
    is_changed |= induction::close(&mut work);
    is_changed |= recurrence::advance(&mut work);
    is_changed |= own::split(&mut work);
    is_changed.then(|| Normal {
        function: Arc::new(work.function),
        last_values: work.last_values,
        made: work.made,
        own: work.own,
    })
}

/// Returns whether statements hold no calls, returns or text whose effects are unknown.
pub(crate) fn is_modelled(statements: &[Stmt]) -> bool {
    let mut is_modelled = true;
    region::each(statements, &mut |stmt| {
        is_modelled &= !matches!(
            stmt,
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Verbatim(..) | Stmt::Barrier
        );
    });
    is_modelled
}

/// A function whose region is being rewritten.
struct Work<'a> {
    function: Function,
    path: &'a [BlockStep],
    range: Range<usize>,
    last_values: Vec<Compute>,
    made: Made,
    own: BTreeSet<Handle<Var>>,
    numbering: Numbering,
}

impl Work<'_> {
    /// Returns the statements of the region.
    fn statements(&self) -> &[Stmt] {
        region::statements(&self.function, self.path, &self.range)
    }

    /// Takes the statements of the region out; [`Work::put`] brings them back.
    fn take(&mut self) -> Block {
        region::take(&mut self.function, self.path, &self.range)
    }

    fn put(&mut self, statements: Block) {
        region::put(&mut self.function, self.path, self.range.start, statements);
    }

    /// Returns an assignment to a whole variable with a number of its own.
    fn assignment(&mut self, var: Handle<Var>, value: Handle<Expr>, span: Span) -> Compute {
        self.numbering.assignment(Place::var(var), value, span)
    }
}

/// Returns the variables that statements assign, count with or declare.
pub(crate) fn modified(statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        found.extend(region::target(stmt).map(|place| place.var));
        match stmt {
            Stmt::For(each) => {
                found.insert(each.iterator);
            }
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                found.insert(*var);
            }
            Stmt::Compute(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    });
    found
}
