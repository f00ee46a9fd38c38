//! What the host tests before the first launch.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Buffer, Counts, Expr, ExprKind, Extent, Function, Guard, Handle, Inspection, Mapping,
    Memory, Refusal, Scalar, Separation, Var,
};

use super::launches::Launches;
use super::memory::Buffers;
use super::{Judged, Shared, Work};
use crate::affine::WIDE;
use crate::analyse::{ACCESSIBLE, DIVISOR, LOOP_RUNS, SHAPE};
use crate::facts::Facts;
use crate::judge::{illegal, place, unsolved, within_wide};
use crate::state::Settings;
use crate::symbol::Symbol;
use crate::{build, express, isl, trip};

/// The kind of the conditions that keep values of 64 bits small enough to compute with.
const WIDE_VALUE: &str = "wide-value";

/// A condition on the parameters, by the kind that reports call it.
type Wanted = (&'static str, isl::Set);

/// Returns the guards in the order in which they are tested, a later one may rely on the earlier ones, and where those on
/// parameters hold.
pub(crate) fn guards(
    region: &Judged<'_>,
    nests: &[Launches<'_>],
    function: &mut Function,
    memory: &Buffers,
    work: &Work,
    settings: &Settings,
) -> Result<(Vec<Guard>, isl::Set), Refusal> {
    let at = place(region.state.statements());
    let mut grids = Vec::new();
    for nest in nests {
        grids.extend(self::grids(nest, function)?);
    }
    let conditions = conditions(region, nests, function, grids);
    let (mut guards, known) = conditions.map_err(|error| unsolved(&error, at))?;
    if known.is_empty().map_err(|error| unsolved(&error, at))? {
        return Err(illegal(
            "its guard holds for no values of its variables",
            at,
        ));
    }
    guards.extend(memory.fits.iter().map(|condition| Guard::Holds {
        condition: *condition,
        kind: "extent-limit",
    }));
    guards.extend(worthwhile(work, settings));
    guards.extend(of_memory(region.facts, function, memory, settings));
    Ok((guards, known))
}

/// Returns the guards that ask whether there is enough to do: the user's number is one of parallel iterations, while an
/// estimate may ask for a number of each.
fn worthwhile(work: &Work, settings: &Settings) -> Vec<Guard> {
    let guard = |work, counts| Guard::Worthwhile {
        work,
        counts,
        threshold: settings.cpu_threshold.unwrap_or(0),
    };
    let all = work.all.filter(|_| settings.cpu_threshold.is_none());
    let all = all.map(|all| guard(all, Counts::All));
    let is_asked = work.constant.is_none() && settings.cpu_threshold != Some(0);
    let parallel = is_asked.then(|| guard(work.parallel, Counts::Parallel));
    all.into_iter().chain(parallel).collect()
}

/// Returns the guards about ranges of memory, each inspection before the guards that need the range it finds.
fn of_memory(
    facts: &Facts,
    function: &mut Function,
    memory: &Buffers,
    settings: &Settings,
) -> Vec<Guard> {
    let mut guards = Vec::new();
    let late = facts.inspections.iter().filter(|each| each.decides_range);
    let mut unknown: BTreeSet<Handle<Var>> = late.map(|each| each.noted.array).collect();
    let mut newly: Vec<Handle<Var>> = facts
        .footprints
        .iter()
        .map(|footprint| footprint.array)
        .filter(|array| !unknown.contains(array))
        .collect();
    let of = (facts, settings);
    guards.extend(ranges(of, function, memory, &newly, &unknown));
    for (each, handle) in facts.inspections.iter().zip(&memory.inspected) {
        let guard = Guard::Inspected {
            inspection: *handle,
            kind: memory.inspections[*handle].kind(),
        };
        if !guards.contains(&guard) {
            guards.push(guard);
        }
        let inspection = &memory.inspections[*handle];
        let below = each.below;
        let below = below.and_then(|length| stays_below(function, inspection, length));
        guards.extend(below.map(|condition| Guard::Holds {
            condition,
            kind: SHAPE,
        }));
        if each.decides_range && unknown.remove(&each.noted.array) {
            if each.is_read_early
                && let Some(buffer) = memory.by_array.get(&each.noted.array)
            {
                guards.push(Guard::Accessible { buffer: *buffer });
            }
            newly = vec![each.noted.array];
            guards.extend(ranges(of, function, memory, &newly, &unknown));
        }
    }
    guards
}

/// Returns what guards must show of arrays whose ranges have just become known, while those of others are not.
fn ranges(
    (facts, settings): (&Facts, &Settings),
    function: &Function,
    memory: &Buffers,
    newly: &[Handle<Var>],
    unknown: &BTreeSet<Handle<Var>>,
) -> Vec<Guard> {
    let buffer = |array: &Handle<Var>| memory.by_array.get(array).copied();
    let is_new = |array: &Handle<Var>| newly.contains(array);
    let mut guards = Vec::new();
    for footprint in facts.footprints.iter().filter(|each| is_new(&each.array)) {
        if let Some(buffer) = buffer(&footprint.array)
            && !footprint.is_inside
        {
            guards.push(Guard::Accessible { buffer });
        }
    }
    for (a, b) in &facts.may_alias {
        let is_due = (is_new(a) || is_new(b)) && !unknown.contains(a) && !unknown.contains(b);
        if let Some((a, b)) = buffer(a).zip(buffer(b)).filter(|_| is_due) {
            let how = separation((facts, settings), function, memory, [a, b]);
            guards.push(Guard::NoOverlap { a, b, how });
        }
    }
    for (array, read) in facts.may_contain.iter().filter(|(array, _)| is_new(array)) {
        if let Some(buffer) = buffer(array) {
            let read = read.clone();
            guards.push(Guard::Apart { buffer, read });
        }
    }
    guards
}

/// Returns what of two buffers must be apart.
fn separation(
    (facts, settings): (&Facts, &Settings),
    function: &Function,
    memory: &Buffers,
    pair: [Handle<Buffer>; 2],
) -> Separation {
    let [a, b] = pair.map(|each| &memory.all[each]);
    let begins = [a, b].map(|each| build::constant(function, each.first));
    // Else kernels get the program's own memory.
    let copies = matches!(settings.memory, Memory::Explicit | Memory::Managed);
    let are_all_rows = [a, b]
        .iter()
        .all(|each| each.rows.is_some_and(|rows| rows.planes.is_none()));
    if are_all_rows {
        Separation::ByRows
    } else if a.rows.is_some() || b.rows.is_some() {
        Separation::Whole
    } else if copies
        && facts.may_be_same.contains(&(a.array, b.array))
        && (is_same_expr(function, a.first, function, b.first)
            || begins[0].is_some() && begins[0] == begins[1])
    {
        Separation::OrSame
    } else {
        Separation::Whole
    }
}

/// Appends that all subscripts that an inspection has noted lie in a dimension of so many elements; `None` where it has no
/// number.
fn stays_below(
    function: &mut Function,
    inspection: &Inspection,
    length: Extent,
) -> Option<Handle<Expr>> {
    let length = match length {
        Extent::Fixed(length) => build::int(function, i128::from(length), Scalar::I64),
        Extent::Variable(length) => build::convert(function, length, Scalar::I64),
        Extent::Unknown => return None,
    };
    let zero = build::int(function, 0, Scalar::I64);
    let (first, last) = (
        function.load(inspection.first),
        function.load(inspection.last),
    );
    let mut compare = |op, a, b| function.expr(ExprKind::Binary(op, a, b), Scalar::I32);
    let below = compare(BinaryOp::GreaterEqual, first, zero);
    let above = compare(BinaryOp::Less, last, length);
    Some(build::both(function, below, above))
}

/// Returns what the facts rely on, what the launch needs, and what the judge asks for; each only where the earlier
/// ones and the types do not already show it; and where all that the solver knows of them holds.
fn conditions(
    region: &Judged<'_>,
    nests: &[Launches<'_>],
    function: &mut Function,
    grids: Vec<Grid<'_>>,
) -> Result<(Vec<Guard>, isl::Set), isl::Error> {
    let facts = region.facts;
    let mut wanted: Vec<Wanted> = Vec::new();
    for condition in &facts.conditions {
        wanted.push((condition.kind, condition.holds.clone()));
    }
    for symbol in &region.conditions.bounded {
        let holds = within_wide(facts.context.context(), symbol)?;
        wanted.push((WIDE_VALUE, holds));
    }
    let mut guards = Vec::new();
    for nest in nests {
        for shared in nest.context.deciding() {
            match runs(nest, function, shared)? {
                Runs::Known(wants) => wanted.extend(wants),
                Runs::Tested(guard) => guards.push(guard),
            }
        }
    }
    for grid in grids {
        let mut scope = grid.nest.scope(function);
        if let Some(value) = scope.value(grid.value) {
            let exceeded = format!("{value} > {}", grid.most);
            wanted.push(("grid-limit", grid.nest.never(&scope, &exceeded)?));
        } else {
            drop(scope);
            guards.push(grid.guard(function));
        }
    }
    for holds in &region.conditions.fits {
        wanted.push(("no-wrap", holds.clone()));
    }
    // Most other conditions are said shorter where it is known that loops run.
    wanted.sort_by_key(|(kind, _)| match *kind {
        kind if enables(kind) => 0,
        LOOP_RUNS => 1,
        _ => 2,
    });
    let mut known = facts.ranges.clone();
    let mut tested = Vec::new();
    let enables = |kind: &str| enables(kind) || (kind == LOOP_RUNS && !facts.late.is_empty());
    for (kind, holds) in needed(wanted, &known, &enables)? {
        let expression = holds.gist(&known)?.condition(&known)?;
        let condition = if kind == WIDE_VALUE {
            within_wide_value(function, &expression)
        } else {
            express::condition(function, &expression)
        };
        let condition =
            condition.ok_or_else(|| isl::Error::Failed("a guard over no variable".to_owned()))?;
        tested.push(Guard::Holds { condition, kind });
        known = known.intersect(&holds)?;
    }
    tested.extend(facts.tests.iter().map(|test| Guard::Holds {
        condition: test.condition,
        kind: test.kind,
    }));
    tested.append(&mut guards);
    Ok((in_order(function, tested, &facts.late), known))
}

/// Puts conditions on values that the host can read only where loops run behind those that say that they do, and of both those
/// that divide behind those that may say that the divisor is not 0.
fn in_order(
    function: &Function,
    guards: Vec<Guard>,
    late: &BTreeMap<Handle<Var>, usize>,
) -> Vec<Guard> {
    let divides = |condition| build::divides(function, condition);
    let may_trap =
        |guard: &Guard| matches!(guard, Guard::Holds { condition, .. } if divides(*condition));
    if late.is_empty() && !guards.iter().any(may_trap) {
        return guards;
    }
    let order = |condition: Handle<Expr>| {
        let variables = build::variables(function, condition).into_iter();
        let loops = variables.filter_map(|var| late.get(&var).copied());
        (loops.max().unwrap_or(0), divides(condition))
    };
    let mut parts = Vec::new();
    for guard in guards {
        if let Guard::Holds { condition, kind } = guard {
            let all = build::conjuncts(function, condition).into_iter();
            parts.extend(all.map(|condition| (order(condition), Guard::Holds { condition, kind })));
        } else {
            parts.push(((usize::MAX, false), guard));
        }
    }
    parts.sort_by_key(|(order, _)| *order);
    parts.into_iter().map(|(_, guard)| guard).collect()
}

/// Appends that every variable a condition names lies within plus and minus [`WIDE`], each compared in its own type:
/// other conditions are computed in `i64`, which holds an unsigned value of 64 bits only once this one is tested.
fn within_wide_value(
    function: &mut Function,
    expression: &isl::Expression,
) -> Option<Handle<Expr>> {
    let mut parts = Vec::new();
    for name in &expression.names() {
        let symbol = Symbol::named(function, name)?;
        let (low, _) = symbol.working_range(function)?;
        let mut compare = |op, limit: i128| {
            // A product is compared as an `f64`, which holds the limits exactly and rounds no greater value below.
            let (value, limit) = if let Some(var) = symbol.as_var() {
                let ty = function.vars[var].ty.scalar()?;
                (function.load(var), build::int(function, limit, ty))
            } else {
                let limit = function.expr(ExprKind::Float(limit as f64), Scalar::F64);
                (symbol.build_float(function), limit)
            };
            parts.push(function.expr(ExprKind::Binary(op, value, limit), Scalar::I32));
            Some(())
        };
        if low < 0 {
            compare(BinaryOp::GreaterEqual, -WIDE)?;
        }
        compare(BinaryOp::LessEqual, WIDE)?;
    }
    build::all_of(function, parts)
}

/// Returns whether later conditions can only be evaluated where those of a kind hold.
fn enables(kind: &str) -> bool {
    [WIDE_VALUE, DIVISOR, ACCESSIBLE].contains(&kind)
}

/// Drops the conditions that follow from the types and the other conditions.
///
/// Those that enable others stay, because the others are evaluated only where they hold.
fn needed(
    mut wanted: Vec<Wanted>,
    ranges: &isl::Set,
    enables: &dyn Fn(&str) -> bool,
) -> Result<Vec<Wanted>, isl::Error> {
    let mut at = 0;
    while let Some((kind, holds)) = wanted.get(at) {
        let mut rest = ranges.clone();
        for (other, (_, also)) in wanted.iter().enumerate() {
            if other < at || (other > at && !enables(kind)) {
                rest = rest.intersect(also)?;
            }
        }
        if rest.is_subset(holds)? {
            wanted.remove(at);
        } else {
            at += 1;
        }
    }
    Ok(wanted)
}

/// Returns that a mapped loop runs in every launch: a launch needs at least one block, and where a thread runs several
/// neighbouring iterations, more than one thread must have work. What depends on the host's iterators is tested at
/// each launch instead, and how often a loop runs in a thread that counts it by iterators of its own is no matter of the
/// host's.
fn runs(
    nest: &Launches<'_>,
    function: &mut Function,
    Shared { each, chunk }: Shared<'_>,
) -> Result<Runs, isl::Error> {
    if nest.depends(function, each) || !nest.is_counted_early(function, each) {
        return Ok(Runs::Known(None));
    }
    let skipped = if chunk > 1 { chunk } else { 0 };
    if let Some((scope, empty)) = nest.empty(function, each, skipped) {
        return Ok(Runs::Known(Some((LOOP_RUNS, nest.never(&scope, &empty)?))));
    }
    let condition = if skipped == 0 {
        trip::runs(function, each)
    } else {
        let skipped = build::int(function, skipped.cast_signed(), Scalar::I64);
        let count = trip::count(function, each);
        count.map(|count| build::binary(function, BinaryOp::Greater, count, skipped))
    };
    let unknown = || isl::Error::Failed("a loop that does not count integers".to_owned());
    let guard = Guard::Holds {
        condition: condition.ok_or_else(unknown)?,
        kind: LOOP_RUNS,
    };
    Ok(Runs::Tested(guard))
}

/// Where a loop runs.
enum Runs {
    /// Where parameters meet a condition, if not everywhere.
    Known(Option<Wanted>),
    /// Where a test says so, whose values the solver does not know.
    Tested(Guard),
}

/// A limit on the number of blocks.
struct Grid<'a> {
    nest: &'a Launches<'a>,
    value: Handle<Expr>,
    most: i128,
}

impl Grid<'_> {
    fn guard(&self, function: &mut Function) -> Guard {
        let limit = build::int(function, self.most, Scalar::I64);
        let condition = ExprKind::Binary(BinaryOp::LessEqual, self.value, limit);
        Guard::Holds {
            condition: function.expr(condition, Scalar::I32),
            kind: "grid-limit",
        }
    }
}

/// Returns a limit for every axis of the grid that might need more blocks than the device allows.
///
/// **Errors**: `illegal-step` where the number of blocks is a constant and too great, or cannot be known before the
/// region starts.
fn grids<'a>(nest: &'a Launches<'a>, function: &mut Function) -> Result<Vec<Grid<'a>>, Refusal> {
    let mut limits = Vec::new();
    for each in nest.context.nest.chain.loops() {
        let Mapping::Block(axis) = each.mapping else {
            continue;
        };
        let most = i128::from(nest.context.region.device.max_grid[axis as usize]);
        let too_many = || {
            let why = format!("{} would need more than {most} blocks", each.name);
            illegal(why, each.header_span)
        };
        let blocks = trip::count(function, each).ok_or_else(too_many)?;
        if let Some(count) = build::constant(function, blocks) {
            if count > most {
                return Err(too_many());
            }
            continue;
        }
        let limit = limit(nest, function, blocks, most);
        let is_affine = nest.scope(function).value(limit.value).is_some();
        if !is_affine && nest.varies(function, limit.value) {
            let why = format!(
                "how many blocks {} needs is not known early enough",
                each.name
            );
            return Err(illegal(why, each.header_span));
        }
        limits.push(limit);
    }
    Ok(limits)
}

/// Says `blocks <= most`, of `ceil(x, c) <= most` that `x <= c * most`.
fn limit<'a>(
    nest: &'a Launches<'a>,
    function: &Function,
    blocks: Handle<Expr>,
    most: i128,
) -> Grid<'a> {
    let whole = Grid {
        nest,
        value: blocks,
        most,
    };
    let ExprKind::Binary(BinaryOp::CeilDivide, value, divisor) = function.exprs[blocks].kind else {
        return whole;
    };
    match build::constant(function, divisor) {
        Some(factor) if factor < 1 << 31 => Grid {
            nest,
            value,
            most: factor * most,
        },
        Some(_) | None => whole,
    }
}
