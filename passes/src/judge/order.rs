//! Every dependence runs from an earlier to a later point of the rewritten tree.

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, LoopName, Mapping, Reason, Refusal, Span, Var, Witness};

use super::slices::Sliced;
use super::time::{Copy, Key, Times};
use super::walk::Dimension;
use super::{illegal, names, unsolved};
use crate::facts::{Dependence, Event, Facts};
use crate::isl;

/// Checks every dependence, apart from those inside a reduction or between updates, against every pair of copies of its statements.
///
/// **Errors**: `carried-dependence` with two instances whose order is lost.
pub(crate) fn check(
    facts: &Facts,
    function: &Function,
    times: &Times<'_>,
    (sliced, scanned): (&Sliced, &BTreeSet<usize>),
) -> Result<(), Refusal> {
    let mut unordered = Unordered::default();
    let mut ordered = BTreeSet::new();
    let kept = facts.dependences.iter();
    // Contributions to a reduction and updates run in any order; coverage says that each runs once.
    let is_joined = |each: &Dependence| {
        let reduction = each
            .reduction
            .and_then(|number| facts.reductions.get(number));
        reduction.is_some_and(|reduction| reduction.scan.is_none())
    };
    for dependence in kept.filter(|each| !is_joined(each) && !each.is_update) {
        let is_scanned = dependence
            .reduction
            .is_some_and(|number| scanned.contains(&number));
        let source = End::new(facts, times, dependence.source, dependence.source_span)?;
        let sink = End::new(facts, times, dependence.sink, dependence.sink_span)?;
        for earlier in source.copies(times) {
            for later in sink.copies(times) {
                if keeps_order(times, (&source, earlier), (&sink, later)) {
                    continue;
                }
                let loops = sliced.get(&dependence.array);
                let apart = loops.and_then(|loops| with_slices(loops, earlier, later));
                let exempt = Exempt { apart, is_scanned };
                let question =
                    Question::new(dependence, (&source, earlier), (&sink, later), exempt);
                if ordered.contains(&question) {
                    continue;
                }
                let lost = unordered
                    .instances(times, (&source, earlier), (&sink, later), exempt)
                    .and_then(|pairs| pairs.intersect(&dependence.relation)?.sample())
                    .map_err(|error| unsolved(&error, dependence.sink_span))?;
                if let Some(pair) = lost {
                    let common = common_iterators(&source.iterators, &sink.iterators);
                    return Err(refusal(function, dependence, &common, &pair));
                }
                ordered.insert(question);
            }
        }
    }
    Ok(())
}

/// What the answer depends on, whether every pair of a dependence runs in order: the relation, and the times of two
/// copies; statements have no say in it but by these.
///
/// A body of many statements of the same form so asks the solver a few questions, not one for each pair.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    relation: usize,
    /// Numbers of iterators.
    arity: (usize, usize),
    /// See [`Copy::form`].
    forms: (usize, usize),
    /// How the two follow one another in the text.
    order: Ordering,
    exempt: Exempt,
}

/// What a dependence does not ask of the loops that two copies share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Exempt {
    /// See [`with_slices`].
    apart: Option<usize>,
    /// Whether a scan stands for the order of all of them.
    is_scanned: bool,
}

impl Question {
    fn new(
        dependence: &Dependence,
        (source, earlier): (&End, &Copy),
        (sink, later): (&End, &Copy),
        exempt: Exempt,
    ) -> Self {
        Self {
            relation: dependence.form,
            arity: (source.iterators.len(), sink.iterators.len()),
            forms: (earlier.form, later.form),
            order: earlier.position.cmp(&later.position),
            exempt,
        }
    }
}

/// Returns which of the loops that two copies share, counted from the outside, has a slice of the array they meet in for each
/// of its iterations; instances in different ones then share no number.
fn with_slices(loops: &BTreeSet<LoopName>, earlier: &Copy, later: &Copy) -> Option<usize> {
    let shared = shared(&earlier.dimensions, &later.dimensions);
    let mut common = earlier.dimensions[..shared].iter();
    common.position(|each| loops.contains(&each.name))
}

/// One side of a dependence.
struct End {
    tuple: String,
    iterators: Vec<Handle<Var>>,
    key: Key,
}

impl End {
    fn new(facts: &Facts, times: &Times<'_>, event: Event, at: Span) -> Result<Self, Refusal> {
        let known = facts.events.get(&event);
        let (Some(known), Some(key)) = (known, times.owner(event)) else {
            return Err(illegal("a dependence of a statement that is not there", at));
        };
        let around = times.units.get(&key).map(|unit| unit.iterators.as_slice());
        if around.is_none_or(|around| !known.iterators.starts_with(around)) {
            return Err(illegal(
                "a statement whose iterators are not its loops'",
                at,
            ));
        }
        Ok(Self {
            tuple: event.to_string(),
            iterators: known.iterators.clone(),
            key,
        })
    }

    fn copies<'a>(&self, times: &'a Times<'_>) -> &'a [Copy] {
        times.units.get(&self.key).map_or(&[], |unit| &unit.copies)
    }
}

/// Returns whether two copies plainly run in the order in which the original ran their statements: the loops that the
/// two share are those that they shared, as they were, and so is their order in the text.
///
/// This spares the solver what a rewrite of one nest means for the others, which is nothing.
fn keeps_order(
    times: &Times<'_>,
    (source, earlier): (&End, &Copy),
    (sink, later): (&End, &Copy),
) -> bool {
    let (Some(a), Some(b)) = (times.units.get(&source.key), times.units.get(&sink.key)) else {
        return false;
    };
    let common = shared(&a.dimensions, &b.dimensions);
    common == shared(&earlier.dimensions, &later.dimensions)
        && common <= earlier.kept.min(later.kept)
        && a.position.cmp(&b.position) == earlier.position.cmp(&later.position)
        && (source.key != sink.key || earlier.is_unchanged && later.is_unchanged)
        && earlier.dimensions[..common]
            .iter()
            .all(|each| !each.mapping.is_parallel())
}

/// Returns how many loops of a tree two statements share.
fn shared(a: &[Dimension], b: &[Dimension]) -> usize {
    a.iter()
        .zip(b)
        .take_while(|(a, b)| a.node == b.node)
        .count()
}

/// For two statements and a copy of each: the pairs of instances of which the first does not certainly run first.
///
/// Many dependences join the same two statements, and this does not depend on which of them is asked about.
#[derive(Default)]
struct Unordered {
    known: BTreeMap<(String, usize, String, usize, Exempt), isl::Map>,
}

impl Unordered {
    fn instances(
        &mut self,
        times: &Times<'_>,
        (source, earlier): (&End, &Copy),
        (sink, later): (&End, &Copy),
        exempt: Exempt,
    ) -> Result<&isl::Map, isl::Error> {
        let key = (
            source.tuple.clone(),
            earlier.position,
            sink.tuple.clone(),
            later.position,
            exempt,
        );
        match self.known.entry(key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let pairs = instances(times, (source, earlier), (sink, later), exempt)?;
                Ok(unknown.insert(pairs))
            }
        }
    }
}

fn instances(
    times: &Times<'_>,
    (source, earlier): (&End, &Copy),
    (sink, later): (&End, &Copy),
    exempt: Exempt,
) -> Result<isl::Map, isl::Error> {
    let shared = shared(&earlier.dimensions, &later.dimensions);
    let unordered = unordered(earlier, later, shared, exempt);
    let from = times.map(&source.tuple, source.iterators.len(), earlier, shared)?;
    let to = times.map(&sink.tuple, sink.iterators.len(), later, shared)?;
    let unordered = isl::Map::parse(times.assumed.context(), &unordered)?;
    from.apply_range(&unordered)?.apply_range(&to.reverse()?)
}

/// Returns the pairs of points, in the loops that both share, of which the first does not certainly run before the
/// second.
///
/// A sequential loop that no mapped loop surrounds is the host's: where it holds mapped loops, its iterations are
/// launches, and a launch boundary orders everything before it against everything after it.
/// Iterations of a loop with slices, or with joined values of lanes, need no order; where a scan stands for the order of all loops,
/// they run as if one thread ran them. Lanes that share out a loop wait for one
/// another before it and behind it, so it is ordered against the rest like any other loop of a thread.
fn unordered(earlier: &Copy, later: &Copy, shared: usize, exempt: Exempt) -> String {
    let has_parallel = |copy: &Copy, range: std::ops::Range<usize>| {
        let dimensions = copy.dimensions.get(range).unwrap_or_default();
        let mut loops = dimensions.iter();
        !exempt.is_scanned && loops.any(|each| each.mapping.is_parallel())
    };
    let is_of_host = |upto: usize| !has_parallel(earlier, 0..upto);
    let is_one_thread_below = |from: usize| {
        [earlier, later]
            .iter()
            .all(|copy| !has_parallel(copy, from..copy.dimensions.len()))
    };
    let mut cases = Vec::new();
    let mut equal = Vec::new();
    for (at, dimension) in earlier.dimensions.iter().take(shared).enumerate() {
        let is_shared_out = match dimension.mapping {
            Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes => true,
            Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector => false,
        };
        let is_ordered = is_of_host(at + 1) || !is_shared_out && is_one_thread_below(at + 1);
        let sign = match is_ordered {
            false => "!=",
            true if dimension.descends => "<",
            true => ">",
        };
        if exempt.apart != Some(at) {
            let mut case = equal.clone();
            case.push(format!("t{at} {sign} u{at}"));
            cases.push(case.join(" and "));
        }
        equal.push(format!("t{at} = u{at}"));
    }
    let is_same_unit = earlier.position == later.position;
    let is_before =
        earlier.position < later.position && (is_of_host(shared) || is_one_thread_below(shared));
    if !(is_same_unit || is_before) {
        cases.push(if equal.is_empty() {
            "1 = 1".to_owned()
        } else {
            equal.join(" and ")
        });
    }
    if cases.is_empty() {
        cases.push("1 = 0".to_owned());
    }
    let tuple = |name: &str| {
        let parts: Vec<_> = (0..shared).map(|at| format!("{name}{at}")).collect();
        parts.join(", ")
    };
    let cases: Vec<_> = cases.iter().map(|case| format!("({case})")).collect();
    format!(
        "{{ [{}] -> [{}] : {} }}",
        tuple("t"),
        tuple("u"),
        cases.join(" or ")
    )
}

fn common_iterators(source: &[Handle<Var>], sink: &[Handle<Var>]) -> Vec<Handle<Var>> {
    source
        .iter()
        .zip(sink)
        .take_while(|(a, b)| a == b)
        .map(|(iterator, _)| *iterator)
        .collect()
}

fn refusal(
    function: &Function,
    dependence: &Dependence,
    common: &[Handle<Var>],
    pair: &isl::Pair,
) -> Refusal {
    let (array, iterators) = (dependence.array, names(function, common));
    let element = element(dependence, pair).unwrap_or_default();
    let prefix = |values: &[i64]| values.iter().copied().take(common.len()).collect();
    let reason = Reason::CarriedDependence {
        array: names(function, &[array]).concat(),
        kind: dependence.kind,
        witness: (!iterators.is_empty()).then(|| Witness {
            source: prefix(&pair.source),
            sink: prefix(&pair.sink),
            element,
        }),
        iterators,
    };
    Refusal::new(reason, dependence.sink_span).with(dependence.source_span, "the other access")
}

/// Returns the subscripts of the element that the source instance touches.
fn element(dependence: &Dependence, pair: &isl::Pair) -> Option<Vec<i64>> {
    let values = |values: &[i64]| {
        let parts: Vec<_> = values.iter().map(i64::to_string).collect();
        parts.join(", ")
    };
    let parameters: Vec<_> = pair.parameters.keys().cloned().collect();
    let fixed: Vec<_> = pair
        .parameters
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    let fixed = if fixed.is_empty() {
        String::new()
    } else {
        format!(": {}", fixed.join(" and "))
    };
    let text = format!(
        "[{}] -> {{ {}[{}] {fixed} }}",
        parameters.join(", "),
        dependence.source,
        values(&pair.source),
    );
    let instance = isl::Set::parse(dependence.element.context(), &text).ok()?;
    let touched = instance.apply(&dependence.element).ok()?.sample().ok()??;
    Some(touched.tuple)
}
