//! What the host finds out about subscripts that depend on data before anything is copied or launched.
//!
//! **Source**: Saltz, Mirchandaney, Crowley, “Run-time parallelization and scheduling of loops”, IEEE Transactions on
//! Computers 40(5), 1991: an *inspector* computes the subscripts of a loop, an *executor* then runs it.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::function::{Function, Var};
use crate::stmt::Block;
use crate::structure;

/// Name of the call by which the body of an [`Inspection`] notes a subscript, its first argument, and with
/// [`Apart::Iterations`] the number of the iteration that uses it; no function of the program is called there.
pub const NOTE: &str = "note";

/// Where a noted subscript is farther from 0, the inspection does not hold; sums of a few such subscripts fit 64 bits.
///
/// No object has more elements: programs have half of the addresses of 48 bits.
///
/// **Source**: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, 3.3.7.1 (canonical addresses).
pub const FARTHEST: i128 = 1 << 47;

/// A pass of the host over the iterations of a region that notes every subscript they will use of one array.
///
/// The body is the part of the region that the subscripts depend on: it reads what the region reads, under the same
/// conditions, and changes nothing that outlives it.
/// It holds where some subscript was noted, none beyond [`FARTHEST`], and where iterations are as far apart as they have to be;
/// then `first` and `last` are the least and the greatest, and `count` is their distance plus 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Whose outermost subscripts are noted; other arrays may be used by the same ones.
    pub array: Handle<Var>,
    /// Where the least subscript is left: an `i64` that no statement of the program names.
    pub first: Handle<Var>,
    /// Where the greatest is left; like `first`.
    pub last: Handle<Var>,
    /// Where the number of elements from the least to the greatest is left; like `first`.
    pub count: Handle<Var>,
    /// Whether iterations must not meet.
    pub apart: Apart,
    /// What runs on the host; [`NOTE`] is called with each subscript.
    pub body: Block,
}

/// What an inspection asks of the subscripts that iterations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Apart {
    /// Nothing.
    Unasked,
    /// No subscript is noted twice.
    Each,
    /// Between the least and the greatest one that an iteration of the outermost loop notes lies none that another one notes.
    Iterations,
}

impl Inspection {
    /// Returns the variables in which it leaves what it finds.
    pub fn found(&self) -> [Handle<Var>; 3] {
        [self.first, self.last, self.count]
    }

    /// Returns whether iterations must not meet.
    pub fn must_differ(&self) -> bool {
        self.apart != Apart::Unasked
    }

    /// Returns the word of reports for what the inspection decides.
    pub fn kind(&self) -> &'static str {
        if self.must_differ() {
            "distinct"
        } else {
            "inspected"
        }
    }

    /// Returns the integers that the pass reads beside elements of arrays, where it reads nothing else: what it finds depends
    /// on no more.
    pub fn integers_beside(
        &self,
        function: &Function,
        arrays: &BTreeSet<Handle<Var>>,
    ) -> Option<Vec<Handle<Var>>> {
        let inputs = self.inputs(function);
        let others: Vec<Handle<Var>> = inputs.difference(arrays).copied().collect();
        let is_integer = |var: &Handle<Var>| {
            let ty = function.vars[*var].ty.scalar();
            ty.is_some_and(|ty| !ty.is_float())
        };
        others.iter().all(is_integer).then_some(others)
    }

    /// Returns the variables that the pass reads and does not declare: what it finds depends on nothing else.
    pub fn inputs(&self, function: &Function) -> BTreeSet<Handle<Var>> {
        let mut inputs = BTreeSet::new();
        structure::each(&self.body, &mut |stmt| {
            for expr in structure::expressions(stmt) {
                inputs.extend(structure::variables(function, expr));
            }
        });
        for own in structure::declarations(&self.body) {
            inputs.remove(&own);
        }
        inputs
    }
}
