//! What stands in for sizes that are not known.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::{each, expressions, extents, indices, variables, visit};
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Loop, Place, Stmt, UnaryOp, Var};
use mupac_passes::Draft;

use super::increments::increments;
use super::limits::of_arrays;

/// The extent of a typical loop of several within one another, and the least that stands in for an unknown size.
///
/// A size that decides nothing is no good: below this, a launch takes longer than what it does, whatever the mapping.
pub const TYPICAL_EXTENT: i64 = 1 << 10;

/// The most that stands in for an unknown size.
pub const TYPICAL_ITERATIONS: i64 = 1 << 20;

/// A nest whose sizes are not known runs no more often.
///
/// **Source**: assumed; a minute of one core, so that loops over batches, channels and windows are shorter than those of a
/// nest of two or three.
const MOST_OF_NEST: f64 = (1_u64 << 36) as f64;

/// How often a loop runs inside others that reads its bounds from memory: over the row of a sparse matrix, or a list of
/// neighbours.
///
/// **Source**: assumed; meshes and stencils have 5 to 30 elements a row, graphs of networks about as many edges a node.
pub(super) const TYPICAL_LISTED: i64 = 32;

/// What a counter is stepped by where that is a variable: the length of a block of iterations, a distance of elements.
///
/// **Source**: assumed; blocks are made for caches, of 16 to 128 iterations.
const TYPICAL_STEP: i64 = 32;

/// Most variables of one kind that are no sizes.
const MOST: usize = 4;

/// Most sizes that are limited.
const MOST_LIMITS: usize = 6;

/// The values of integers that are not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typical {
    /// That of most of them, the sizes.
    pub(super) size: i64,
    /// How often loops run inside others that read their bounds from memory.
    pub(super) listed: i64,
    /// Those that are zero: loops start from them, or end so much earlier, and none ends there.
    starts: [Option<Handle<Var>>; MOST],
    /// Those that are half a size: loops end there, and others start there or end so much earlier.
    middles: [Option<Handle<Var>>; MOST],
    /// Those that are one: distances from element to element.
    increments: [Option<Handle<Var>>; MOST],
    /// Those that are no greater than this, whatever the size.
    limits: [Option<(Handle<Var>, i64)>; MOST_LIMITS],
}

impl Typical {
    /// Returns the values in drafts of a region; they are those of the region as written, so that splitting a loop does not
    /// change what is typical.
    pub(super) fn of(draft: &Draft) -> Self {
        let original = draft.original();
        let (function, statements) = (original.function, original.statements);
        let ends = ends(function, statements);
        let middles = ends.others.intersection(&ends.highs);
        Self {
            size: typical_size(function, statements),
            listed: TYPICAL_LISTED,
            starts: first(ends.lows.difference(&ends.highs).copied()),
            middles: first(middles.copied().filter(|var| !ends.iterators.contains(var))),
            increments: first(increments(function, statements)),
            limits: first(
                of_arrays(function, statements)
                    .into_iter()
                    .chain(steps(function, statements)),
            ),
        }
    }

    /// Returns values that are all of one size.
    pub(super) fn of_size(size: i64) -> Self {
        Self {
            size,
            listed: TYPICAL_LISTED,
            starts: [None; MOST],
            middles: [None; MOST],
            increments: [None; MOST],
            limits: [None; MOST_LIMITS],
        }
    }

    /// Returns the same of other sizes.
    pub(super) fn with_size(self, size: i64) -> Self {
        Self { size, ..self }
    }

    /// Returns the same where loops inside others that read their bounds from memory run so often.
    pub(super) fn with_listed(self, listed: i64) -> Self {
        Self { listed, ..self }
    }

    /// Returns the same where some values are limited; half a size is half of what the ends behind it are limited to.
    pub(super) fn within(self, mut limits: BTreeMap<Handle<Var>, i64>) -> Self {
        if let Some(least) = limits.values().min().copied() {
            for middle in self.middles.into_iter().flatten() {
                limits.entry(middle).or_insert(least);
            }
        }
        let known = self.limits.into_iter().flatten();
        Self {
            limits: first(limits.into_iter().chain(known)),
            ..self
        }
    }

    /// Returns the value of a variable.
    pub(super) fn value(&self, var: Handle<Var>) -> i64 {
        if self.starts.contains(&Some(var)) {
            0
        } else if self.increments.contains(&Some(var)) {
            1
        } else {
            let mut limits = self.limits.iter().flatten();
            let limit = limits.find(|(limited, _)| *limited == var);
            let most = limit.map_or(self.size, |(_, most)| self.size.min(*most));
            let is_middle = self.middles.contains(&Some(var));
            if is_middle { most / 2 } else { most }
        }
    }
}

/// Returns as many of some variables, or of what is known of them, as there is room for.
fn first<T, const ROOM: usize>(all: impl IntoIterator<Item = T>) -> [Option<T>; ROOM] {
    let mut all = all.into_iter();
    std::array::from_fn(|_| all.next())
}

/// Returns the variables that loops start from, or end so many iterations earlier by (`first` of `last - first + 1`, the
/// margin of `n - margin`), and those at which they end.
fn ends(function: &Function, statements: &[Stmt]) -> Ends {
    let mut ends = Ends::default();
    each(statements, &mut |statement| {
        let Stmt::For(each) = statement else { return };
        let (low, high) = match each.step {
            ..0 => (each.end, each.start),
            _ => (each.start, each.end),
        };
        let mut own = Ends::default();
        own.add(function, low, Side::Low);
        own.add(function, high, Side::High);
        ends.others.extend(own.lows.difference(&own.highs));
        ends.lows.extend(own.lows);
        ends.highs.extend(own.highs);
        ends.highs.insert(each.iterator);
        ends.iterators.insert(each.iterator);
    });
    ends
}

/// Returns the variables that counters are stepped by, each with what it is then: loops over blocks run so many times less.
fn steps(function: &Function, statements: &[Stmt]) -> BTreeMap<Handle<Var>, i64> {
    let mut found = BTreeMap::new();
    each(statements, &mut |statement| {
        if let Stmt::For(each) = statement
            && let ExprKind::Binary(BinaryOp::CeilDivide, _, by) = function.exprs[each.end].kind
        {
            let by = variables(function, by).into_iter();
            found.extend(by.map(|var| (var, TYPICAL_STEP)));
        }
    });
    found
}

/// On which side of an interval a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// The variables in the bounds of loops: those with which fewer iterations run, and those with which more do.
#[derive(Default)]
struct Ends {
    lows: BTreeSet<Handle<Var>>,
    highs: BTreeSet<Handle<Var>>,
    /// Those of `lows` at which the same loop does not end.
    others: BTreeSet<Handle<Var>>,
    iterators: BTreeSet<Handle<Var>>,
}

impl Ends {
    fn add(&mut self, function: &Function, bound: Handle<Expr>, side: Side) {
        match &function.exprs[bound].kind {
            ExprKind::Binary(BinaryOp::Subtract | BinaryOp::Difference, left, right) => {
                self.add(function, *left, side);
                self.add(function, *right, side.other());
            }
            ExprKind::Binary(BinaryOp::Add, left, right) => {
                self.add(function, *left, side);
                self.add(function, *right, side);
            }
            ExprKind::Unary(UnaryOp::Negate, inner) => self.add(function, *inner, side.other()),
            ExprKind::Cast(inner) => self.add(function, *inner, side),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {
                let of = match side {
                    Side::Low => &mut self.lows,
                    Side::High => &mut self.highs,
                };
                of.extend(variables(function, bound));
            }
        }
    }
}

/// Returns what stands in for every size that is not known: what makes the deepest nest run as often as one of typical
/// extents, a single loop as often as two, unless it runs over a row or a column, whose length is one extent.
/// Of deep nests the extents are smaller.
fn typical_size(function: &Function, statements: &[Stmt]) -> i64 {
    let nest = deepest(function, statements, false);
    let wanted = (TYPICAL_EXTENT as f64).powi(nest.depth.max(2));
    let runs_over_row = nest.depth == 1 && has_rows(function, statements);
    let least = if runs_over_row { 2 } else { 1 };
    let each = (wanted / nest.known).powf(1.0 / f64::from(nest.unknown.max(least)));
    let most = MOST_OF_NEST.powf(1.0 / f64::from(nest.unknown.max(1)));
    let least = TYPICAL_EXTENT.min(most as i64);
    (each.min(most).round() as i64).clamp(least, TYPICAL_ITERATIONS)
}

/// Returns whether a size at which a loop ends is the length of the rows of an array that is touched: `a[i * n + k]`, or
/// `a[i][k]` of rows of `n` elements.
fn has_rows(function: &Function, statements: &[Stmt]) -> bool {
    let (mut ends, mut lengths) = (BTreeSet::new(), BTreeSet::new());
    each(statements, &mut |statement| {
        if let Stmt::For(each) = statement {
            ends.extend(
                [each.start, each.end]
                    .map(|end| variables(function, end))
                    .concat(),
            );
        }
        for place in places(function, statement) {
            lengths.extend(row_lengths(function, &place));
        }
    });
    !ends.is_disjoint(&lengths)
}

/// Returns the places that a statement itself reads and writes.
pub(super) fn places(function: &Function, statement: &Stmt) -> Vec<Place> {
    let mut found = Vec::new();
    if let Stmt::Compute(compute) = statement {
        found.push(compute.target.clone());
    }
    for expr in expressions(statement) {
        visit(function, expr, &mut |_, node| {
            if let ExprKind::Load(place) = &node.kind {
                found.push(place.clone());
            }
        });
    }
    found
}

/// Returns the variables that say how long the rows are that a place lies in.
fn row_lengths(function: &Function, place: &Place) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    let row = function.vars[place.var].ty.element();
    let of_type = row.into_iter().flat_map(extents);
    found.extend(of_type.flat_map(|length| variables(function, length)));
    for index in indices(place) {
        visit(function, index, &mut |_, node| {
            if let ExprKind::Binary(BinaryOp::Multiply, left, right) = node.kind {
                found.extend(
                    [left, right]
                        .map(|factor| variables(function, factor))
                        .concat(),
                );
            }
        });
    }
    found
}

/// Loops within one another.
#[derive(Clone, Copy, Debug)]
struct Nest {
    depth: i32,
    /// How many sizes that are not known multiply to how often the others run: those of `i < n * m` are two.
    unknown: i32,
    /// How often those run of which it is known.
    known: f64,
}

/// Returns the deepest nest, the first of several, of statements that stand inside a loop or not.
fn deepest(function: &Function, statements: &[Stmt], is_inside: bool) -> Nest {
    let mut found = Nest {
        depth: 0,
        unknown: 0,
        known: 1.0,
    };
    for statement in statements {
        let blocks = mupac_ir::structure::blocks(statement);
        for block in blocks {
            let is_loop = matches!(statement, Stmt::For(_));
            let mut inside = deepest(function, block, is_inside || is_loop);
            if let Stmt::For(each) = statement {
                let bounds = [each.start, each.end].map(|bound| &function.exprs[bound].kind);
                inside.depth += 1;
                if is_inside && reads_elements(function, each) {
                    inside.known *= TYPICAL_LISTED as f64;
                } else if let [ExprKind::Int(start), ExprKind::Int(end)] = bounds {
                    let trips = end.abs_diff(*start) as f64 / each.step.abs().max(1) as f64;
                    inside.known *= trips.max(1.0);
                } else {
                    let degrees = [each.start, each.end].map(|bound| degree(function, bound));
                    inside.unknown += degrees[0].max(degrees[1]).max(1);
                }
            }
            if inside.depth > found.depth {
                found = inside;
            }
        }
    }
    found
}

/// Returns whether a bound of a loop is an element in memory.
pub(super) fn reads_elements(function: &Function, each: &Loop) -> bool {
    let mut reads = false;
    for bound in [each.start, each.end] {
        visit(function, bound, &mut |_, expr| {
            reads |= matches!(&expr.kind, ExprKind::Load(place) if !place.path.is_empty());
        });
    }
    reads
}

/// Returns how many sizes are multiplied in a bound.
fn degree(function: &Function, bound: Handle<Expr>) -> i32 {
    match &function.exprs[bound].kind {
        ExprKind::Binary(BinaryOp::Multiply, left, right) => {
            degree(function, *left) + degree(function, *right)
        }
        ExprKind::Binary(BinaryOp::Divide, left, right) => {
            (degree(function, *left) - degree(function, *right)).max(0)
        }
        ExprKind::Binary(_, left, right) => degree(function, *left).max(degree(function, *right)),
        ExprKind::Select {
            then, otherwise, ..
        } => degree(function, *then).max(degree(function, *otherwise)),
        ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => degree(function, *inner),
        ExprKind::Load(_) | ExprKind::Call(..) => 1,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => 0,
    }
}
