//! Decides whether a rewritten region computes what the region as written computes.
//!
//! The judge looks at the two trees and at the dependences of the original, never at the steps between.
//! It accepts a tree in which
//! 1. every instance of every statement runs exactly once, with the values its iterators originally had;
//! 2. every dependence runs from an earlier to a later point: the two instances are ordered by a sequential loop
//!    or by the text of one thread, or on the host, outside every mapped loop, by a loop or by the text: there each
//!    nest of mapped loops is a launch of its own. Nothing orders two iterations of a parallel loop, and nothing orders
//!    what different parallel loops of one launch run;
//! 3. every read of an array that a block shares sees the value that the program reads in its place, all threads of a
//!    block come to each barrier, and barriers order what fills such an array and what reads it;
//! 4. where a thread, or the device from one launch to the next, keeps several instances of a variable in an array, each has
//!    an element of its own;
//! 5. where a block has a part of an array, a launch only joins to that array, within the part; where blocks add to slices
//!    of an array, a launch only adds to it, and terms in different slices need no order; what a launch is passed by value,
//!    the region does not write;
//! 6. where iterations look at what those before them have contributed, what touches that value keeps its order, for which a scan may
//!    stand in a launch whose outermost two loops alone are shared out;
//! 7. where the lanes of a warp share out a loop, its iterations join values or depend on nothing of one another, and what
//!    stands around the loop every lane can run alike.
//!
//! Values that passes compute must equal the mathematical integers that the proof reads into them; where types alone
//! do not show it, the answer carries [`Conditions`] for the host to test.
//! Whether a mapped tree can be cut into a kernel is for lowering to say.

mod barrier;
mod constant;
mod copies;
mod cover;
mod coverage;
mod elsewhere;
mod expansion;
mod flat;
mod lanes;
mod left;
mod lifetimes;
mod linear;
mod order;
mod partial;
mod prefix;
mod replaced;
mod scope;
mod seen;
mod slices;
mod staging;
mod time;
mod walk;

use std::collections::BTreeSet;

use mupac_ir::{Expr, ExprKind, Function, Handle, Reason, Refusal, Span, Stmt, Var};

use crate::affine::WIDE;
use crate::facts::Facts;
use crate::symbol::Symbol;
use crate::{isl, region};

pub(crate) use constant::{constant_type, constants};
pub(crate) use cover::{Covering, covers};
pub(crate) use flat::Shapes;
pub(crate) use lanes::{by_lanes, is_memory, joins};
pub(crate) use linear::{Interval, Linear};
pub(crate) use partial::{code, launches, partial, parts, updated, whole_of};
pub(crate) use prefix::is_scannable;
pub(crate) use replaced::{is_expanded, is_of_device, is_shared};
pub(crate) use scope::Scope;
pub(crate) use slices::{slices, sums};

use time::Times;
use walk::{Program, Schedule};

/// Statements with the function that owns their expressions.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// The owner.
    pub function: &'a Function,
    /// The statements of the region.
    pub statements: &'a [Stmt],
}

/// What must hold for a rewritten tree to be right, beyond what the facts assume.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Parameters of 64 bits, and products, that must lie within plus and minus [`WIDE`], and that the facts do not bound.
    pub bounded: Vec<Symbol>,
    /// Sets of parameter values, each of which must hold, so that every computed iterator fits its type.
    pub fits: Vec<isl::Set>,
    /// What may be taken to hold of the parameters once the conditions are tested.
    pub assumed: isl::Set,
    /// Conditions made by passes that hold wherever they are tested.
    pub always: BTreeSet<Handle<Expr>>,
    /// Expressions of the rewritten tree from this index on were made by passes.
    pub generated_from: usize,
}

/// Judges a rewritten region.
///
/// **Errors**: `carried-dependence` with a witness where the order of two instances is lost; `illegal-step` where an
/// instance is lost, repeated or changed; `solver-limit` where the question could not be decided.
pub fn judge(facts: &Facts, before: Tree<'_>, after: Tree<'_>) -> Result<Conditions, Refusal> {
    let at = place(before.statements);
    keeps_arenas(before.function, after.function).map_err(|why| illegal(why, at))?;
    keeps_last_values(before, after).map_err(|why| illegal(why, at))?;
    left::check(facts, before, after).map_err(|why| illegal(why, at))?;
    partial::check(facts, after)?;
    constant::check(facts, after)?;
    let mut apart = slices::check(facts, after)?;
    lanes::check(facts, before, after, &mut apart)?;
    let scanned = prefix::in_order(facts, after);
    let in_order = lanes::in_order(facts, after);
    let after = Tree {
        statements: in_order.as_deref().unwrap_or(after.statements),
        ..after
    };
    let parameters = facts.unchanged();
    let generated_from = before.function.exprs.len();
    let original = walk::read(
        before.function,
        before.statements,
        generated_from,
        &parameters,
        &facts.context,
        None,
    )?;
    let program = Program {
        computes: original.computes(),
        shapes: Shapes::of(facts),
    };
    let rewritten = walk::read(
        after.function,
        after.statements,
        generated_from,
        &parameters,
        &facts.context,
        Some(&program),
    )?;
    // Its arenas begin with those of the program, and symbols of the rewritten tree may stand for values that passes made.
    let (assumed, bounded) = assumptions(facts, after.function, &original, &rewritten)
        .map_err(|error| unsolved(&error, at))?;
    if original
        .leaves
        .iter()
        .any(|leaf| leaf.values.len() != leaf.iterators.len())
    {
        return Err(illegal(
            "the region as written already holds names made by passes",
            at,
        ));
    }
    let times = Times::new(before.function, &original, &rewritten, &assumed, at)?;
    let expanded = expansion::check(facts, after.function, &rewritten, &times, at)?;
    coverage::check(before.function, &times, &expanded)?;
    lifetimes::check(facts, before.function, &times, &expanded)?;
    copies::check(facts, before.function, &times, &expanded, at)?;
    order::check(facts, before.function, &times, (&apart, &scanned))?;
    staging::check(facts, after.function, &rewritten, &times, at)?;
    Ok(Conditions {
        bounded,
        fits: fits(&rewritten, &times).map_err(|error| unsolved(&error, at))?,
        always: always(&rewritten, &times).map_err(|error| unsolved(&error, at))?,
        assumed,
        generated_from,
    })
}

/// Returns where a region stands in the source.
pub(crate) fn place(statements: &[Stmt]) -> Span {
    match statements.first() {
        Some(Stmt::For(each)) => each.header_span,
        Some(stmt) => stmt.span(),
        None => Span::default(),
    }
}

/// Returns the refusal of a rewrite that changes what is computed.
pub(crate) fn illegal(why: impl Into<String>, at: Span) -> Refusal {
    Refusal::new(Reason::IllegalStep { why: why.into() }, at)
}

/// Returns the refusal where isl gave no answer.
pub(crate) fn unsolved(error: &isl::Error, at: Span) -> Refusal {
    match error {
        isl::Error::SolverLimit => Refusal::new(Reason::SolverLimit, at),
        isl::Error::ForeignContext | isl::Error::Failed(_) => {
            illegal(format!("the solver failed: {error}"), at)
        }
    }
}

/// Passes append to arenas; a handle of the original must mean afterwards what it meant before.
fn keeps_arenas(before: &Function, after: &Function) -> Result<(), String> {
    let same_expr = |(a, b): (&Expr, &Expr)| match (&a.kind, &b.kind) {
        (ExprKind::Float(x), ExprKind::Float(y)) => x.to_bits() == y.to_bits() && a.ty == b.ty,
        _ => a == b,
    };
    // What both hold in common needs no comparison.
    let exprs = before.exprs.iter().zip(after.exprs.iter());
    let exprs = exprs.skip(before.exprs.common(&after.exprs));
    let vars = before.vars.iter().zip(after.vars.iter());
    let vars = vars.skip(before.vars.common(&after.vars));
    let is_kept = before.exprs.len() <= after.exprs.len()
        && before.vars.len() <= after.vars.len()
        && exprs.map(|((_, a), (_, b))| (a, b)).all(same_expr)
        && vars.map(|((_, a), (_, b))| (a, b)).all(|(a, b)| a == b);
    is_kept
        .then_some(())
        .ok_or_else(|| "the rewrite changed an expression of the program".to_owned())
}

/// The value that an iterator keeps after its loop must survive where the region reads it; that nothing after the
/// region does is a fact.
fn keeps_last_values(before: Tree<'_>, after: Tree<'_>) -> Result<(), String> {
    for each in region::loops(before.statements) {
        let is_seen = !each.declares_iterator
            && region::is_named_outside_its_loops(
                before.function,
                before.statements,
                each.iterator,
            );
        if is_seen && region::find(after.statements, &each.name) != Some(each) {
            let name = &before.function.vars[each.iterator].name;
            return Err(format!("the value of {name} after its loop would be lost"));
        }
    }
    Ok(())
}

/// Returns what holds of the parameters, and which of them that takes for granted.
fn assumptions(
    facts: &Facts,
    function: &Function,
    original: &Schedule<'_>,
    rewritten: &Schedule<'_>,
) -> Result<(isl::Set, Vec<Symbol>), isl::Error> {
    let used: BTreeSet<_> = original.used.union(&rewritten.used).cloned().collect();
    let names: Vec<_> = used.iter().map(Symbol::name).collect();
    let bounds: Vec<_> = used
        .iter()
        .filter_map(|symbol| {
            let (low, high) = symbol.working_range(function)?;
            Some(format!("{low} <= {} <= {high}", symbol.name()))
        })
        .collect();
    let text = format!("[{}] -> {{ : {} }}", names.join(", "), bounds.join(" and "));
    let within = isl::Set::parse(facts.context.context(), &text)?;
    let mut bounded = Vec::new();
    for symbol in used {
        let is_wide = symbol.working_range(function) != symbol.type_range(function);
        if is_wide && !is_bounded(facts, &symbol)? {
            bounded.push(symbol);
        }
    }
    Ok((facts.context.intersect(&within)?, bounded))
}

/// Returns whether the facts already confine a parameter.
fn is_bounded(facts: &Facts, symbol: &Symbol) -> Result<bool, isl::Error> {
    facts
        .context
        .is_subset(&within_wide(facts.context.context(), symbol)?)
}

/// Returns the parameter values for which a parameter lies within plus and minus [`WIDE`].
pub(crate) fn within_wide(context: &isl::Context, symbol: &Symbol) -> Result<isl::Set, isl::Error> {
    let name = symbol.name();
    let text = format!("[{name}] -> {{ : -{WIDE} <= {name} <= {WIDE} }}");
    isl::Set::parse(context, &text)
}

/// Returns the conditions under which every generated value fits its type.
fn fits(rewritten: &Schedule<'_>, times: &Times<'_>) -> Result<Vec<isl::Set>, isl::Error> {
    let mut conditions: Vec<isl::Set> = Vec::new();
    for obligation in &rewritten.obligations {
        let (low, high) = obligation.range;
        let outside = format!(
            "({value} < {low} or {value} > {high})",
            value = obligation.value
        );
        let broken = times
            .points(
                obligation.dimensions,
                &obligation.constraints,
                Some(&outside),
            )?
            .params()?;
        if broken.is_empty()? {
            continue;
        }
        let exact = times.assumed.subtract(&broken)?;
        let condition = match simpler(&exact, rewritten, times, obligation.range)? {
            Some(condition) => condition,
            None => exact.gist(times.assumed)?,
        };
        let mut is_known = false;
        for known in &conditions {
            is_known |= known.is_equal(&condition)?;
        }
        if !is_known {
            conditions.push(condition);
        }
    }
    Ok(conditions)
}

/// Returns a bound on one parameter that implies a condition on several, if one with little to spare does.
///
/// `for (i = k; i < n; i++)` in chunks of 256 overshoots by less than 256, whatever `k` is; the exact condition counts
/// chunks, which no reader wants to see.
fn simpler(
    exact: &isl::Set,
    rewritten: &Schedule<'_>,
    times: &Times<'_>,
    (low, high): (i128, i128),
) -> Result<Option<isl::Set>, isl::Error> {
    if rewritten.used.len() < 2 {
        return Ok(None);
    }
    let spares = [256_i128, 1024, 1 << 14, 1 << 20];
    let bounds = |name: &str, spare: i128| {
        [
            format!("{name} <= {}", high.saturating_sub(spare)),
            format!("{name} >= {}", low.saturating_add(spare)),
        ]
    };
    for spare in spares {
        for symbol in &rewritten.used {
            let name = symbol.name();
            for bound in bounds(&name, spare) {
                let text = format!("[{name}] -> {{ : {bound} }}");
                let bounded = isl::Set::parse(exact.context(), &text)?;
                let is_enough = times.assumed.intersect(&bounded)?.is_subset(exact)?;
                if is_enough {
                    return Ok(Some(bounded));
                }
            }
        }
    }
    Ok(None)
}

/// Returns the generated conditions that cannot fail.
fn always(
    rewritten: &Schedule<'_>,
    times: &Times<'_>,
) -> Result<BTreeSet<Handle<Expr>>, isl::Error> {
    let (mut always, mut sometimes) = (BTreeSet::new(), BTreeSet::new());
    for test in &rewritten.tests {
        let failing = times.points(test.dimensions, &test.constraints, Some(&test.fails))?;
        if failing.is_empty()? {
            always.insert(test.condition);
        } else {
            sometimes.insert(test.condition);
        }
    }
    // A condition may stand in several places, and fail in some of them.
    Ok(always.difference(&sometimes).copied().collect())
}

/// Returns the names of the variables for messages.
fn names(function: &Function, vars: &[Handle<Var>]) -> Vec<String> {
    vars.iter()
        .map(|var| {
            let var = &function.vars[*var];
            if var.spelling.is_empty() {
                var.name.clone()
            } else {
                var.spelling.clone()
            }
        })
        .collect()
}

/// Says an instance in words: `i = 3, j = 0`.
fn instance(function: &Function, iterators: &[Handle<Var>], values: &[i64]) -> String {
    let parts: Vec<_> = names(function, iterators)
        .iter()
        .zip(values)
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    if parts.is_empty() {
        "a statement".to_owned()
    } else {
        parts.join(", ")
    }
}
